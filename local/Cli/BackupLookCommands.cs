using System.CommandLine;
using System.Text.Json;
using Maintenance.Backups;
using Maintenance.Web.Pages;

namespace Maintenance.Local.Cli;

/// <summary><c>backup calendar|versions|cat</c>: what became of a policy day by day, the versions of a file, and its contents.</summary>
internal static class BackupLookCommands
{
    public static IEnumerable<Command> All(CommonOptions common) => [Calendar(common), Versions(common), Cat(common)];

    private static Command Calendar(CommonOptions common)
    {
        var policy = new Argument<string>("policy") { Description = "The policy's id." };
        var days = new Option<int>("--days") { Description = "How many days, today among them, at most 366.", DefaultValueFactory = static _ => 56 };
        return ApiCommand.Make(
            "calendar",
            "Show what became of a policy's backups day by day.",
            common,
            [policy, days],
            (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/backups/{parsed.GetRequiredValue(policy)}/calendar?days={parsed.GetValue(days)}"), cancellation),
            static shown =>
            {
                var calendar = shown.Deserialize<BackupCalendar>(MaintenanceJson.Options)!;
                foreach (var week in calendar.Days.Chunk(7))
                {
                    Console.WriteLine($"{week[0].Date:yyyy-MM-dd}  {string.Join(' ', week.Select(static day => LetterOf(day.State)))}");
                }

                Console.WriteLine(string.Join(", ", BackupDays.Key.Select(static state => $"{LetterOf(state)} {BackupDays.NameOf(state)}")));
                foreach (var day in calendar.Days.Where(static day => day.State is not (BackupDayState.Proven or BackupDayState.NothingDue)))
                {
                    Console.WriteLine("  " + BackupDays.Say(day));
                }
            });
    }

    private static Command Versions(CommonOptions common)
    {
        var (snapshot, path) = Named();
        return ApiCommand.Make(
            "versions",
            "Show the versions of a file in the policy's snapshots, newest first.",
            common,
            [snapshot, path],
            async (api, parsed, cancellation) =>
            {
                var id = await LongWork.SnapshotAsync(api, parsed.GetRequiredValue(snapshot), cancellation);
                var all = new List<JsonElement>();
                for (string? from = ""; from is not null;)
                {
                    var page = await api.GetAsync(ApiCommand.Path($"/api/snapshots/{id}/versions?path={parsed.GetRequiredValue(path)}&from={from}"), cancellation);
                    all.AddRange(page.Items("versions"));
                    from = page.TryGetProperty("next", out var next) ? next.GetString() : null;
                }

                return JsonSerializer.SerializeToElement(new { path = parsed.GetRequiredValue(path), versions = all });
            },
            static shown => Output.Table(
                ["NEWEST SNAPSHOT", "SNAPSHOTS", "BACK TO", "BYTES", "MODIFIED"],
                shown.Items("versions").Select(static version =>
                {
                    var entry = version.TryGetProperty("entry", out var there) ? there : default;
                    return (IReadOnlyList<string>)[version.Text("newest"), version.Text("snapshots"), version.Text("oldest"), there.ValueKind == JsonValueKind.Object ? entry.Text("bytes") : "not there", there.ValueKind == JsonValueKind.Object ? entry.Instant("modified") : "-"];
                })));
    }

    private static Command Cat(CommonOptions common)
    {
        var (snapshot, path) = Named();
        var to = new Option<string?>("--to") { Description = "The file to write to instead of the standard output. What is there is not overwritten." };
        var command = new Command("cat", "Write one file of a snapshot to the standard output or a file, every piece checked; 1 where it is damaged, and then no file is left.") { snapshot, path, to };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var api = await ApiSession.OpenAsync(parsed, common, cancellation);
            var id = await LongWork.SnapshotAsync(api, parsed.GetRequiredValue(snapshot), cancellation);
            var address = ApiCommand.Path($"/api/snapshots/{id}/content?path={parsed.GetRequiredValue(path)}");
            if (parsed.GetValue(to) is not { } file)
            {
                await using var output = Console.OpenStandardOutput();
                await DownloadAsync(api, address, output, cancellation);
                return ExitCode.Done;
            }

            long bytes;
            await using (var stream = new FileStream(file, FileMode.CreateNew))
            {
                try
                {
                    await DownloadAsync(api, address, stream, cancellation);
                    bytes = stream.Length;
                }
                catch
                {
                    // Half a file must not be taken for it.
                    File.Delete(file);
                    throw;
                }
            }

            var report = JsonSerializer.SerializeToElement(new { snapshot = id, path = parsed.GetRequiredValue(path), saved = Path.GetFullPath(file), bytes });
            if (parsed.GetValue(common.Json))
            {
                Output.Json(report);
            }
            else
            {
                Console.WriteLine($"Saved {report.Text("bytes")} bytes as {report.Text("saved")}.");
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Damage ends a download before its length is reached: that is no fault of the one who asked.</summary>
    private static async Task DownloadAsync(ApiSession api, string address, Stream to, CancellationToken cancellation)
    {
        try
        {
            await api.DownloadAsync(address, to, cancellation);
        }
        catch (Exception error) when (error is HttpRequestException or HttpIOException)
        {
            throw new ApiException(500, $"The file did not come whole: it is damaged in the repository, or the connection was lost. {error.Message}");
        }
    }

    private static (Argument<string> Snapshot, Argument<string> Path) Named() => (
        new("snapshot") { Description = "The snapshot's id, or a policy's id for its newest proven one." },
        new("path") { Description = "The file's path in the snapshot." });

    private static char LetterOf(BackupDayState state) => state switch
    {
        BackupDayState.Proven => 'P',
        BackupDayState.Gaps => 'p',
        BackupDayState.Unproven => 'U',
        BackupDayState.Failed => 'F',
        BackupDayState.Missed => 'M',
        BackupDayState.Running => 'r',
        BackupDayState.NothingDue => '.',
        _ => '?',
    };
}
