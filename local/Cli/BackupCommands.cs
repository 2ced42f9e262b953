using System.CommandLine;
using System.Text.Json;

namespace Maintenance.Local.Cli;

/// <summary><c>backup …</c>: takes, lists and shows backups; what else can be done with them is in the commands beside this.</summary>
internal static class BackupCommands
{
    public static Command Make(CommonOptions common) => ApiCommand.Group(
        "backup",
        "Take, list, compare, restore and verify backups, and look after their repository.",
        [
            Run(common), List(common), Show(common), Diff(common), BackupRestoreCommand.Make(common), BackupRetentionCommand.Make(common),
            .. BackupLookCommands.All(common), .. BackupCareCommands.All(common), BackupKeyCommands.Make(common), Stats(common), Alarms(common),
        ]);

    public static void ShowPolicies(JsonElement lines) => Output.Table(
        ["POLICY", "PROVEN POINT", "AGE", "RPO", "LAST RUN", "NEXT"],
        lines.EnumerateArray().Select(static line => (IReadOnlyList<string>)
        [
            line.Text("policy"),
            line.Instant("provenPoint"),
            line.Span("age"),
            line.Span("recoveryPointObjective"),
            line.TryGetProperty("running", out _) ? "running" : line.TryGetProperty("latest", out var latest) ? latest.Text("state") : "-",
            line.Instant("next"),
        ]));

    private static Command Run(CommonOptions common)
    {
        var policy = new Argument<string>("policy") { Description = "The policy's id." };
        return LongWork.Make(
            "run",
            "Take a backup now, prove it, and wait for the proof; 1 where it does not end proven.",
            common,
            [policy],
            async (api, parsed, cancellation) => "backup_" + (await api.PostAsync(ApiCommand.Path($"/api/backups/{parsed.GetRequiredValue(policy)}/runs"), new { }, cancellation)).Text("id"),
            static run =>
            {
                Console.WriteLine($"{run.Text("id")}: {run.Text("state")}, {run.Text("files")} files, {run.Bytes("bytes")}, {run.Bytes("newBytes")} of them new, stored in {run.Bytes("storedBytes")}.");
                LongWork.Lines(run, "problems");
                LongWork.Lines(run, "notes", "note: ");
            },
            static run => run.Text("state") == "proven");
    }

    private static Command List(CommonOptions common)
    {
        var policy = new Argument<string?>("policy") { Description = "The policy whose snapshots to list; all policies where left out.", Arity = ArgumentArity.ZeroOrOne };
        var runs = new Option<bool>("--runs") { Description = "List the policy's runs instead, also those that left no snapshot." };
        return ApiCommand.Make(
            "list",
            "List the policies, or the snapshots of one, newest first, and why each is kept.",
            common,
            [policy, runs],
            (api, parsed, cancellation) => api.GetAsync(
                parsed.GetValue(policy) is not { } id ? "/api/backups" : parsed.GetValue(runs) ? ApiCommand.Path($"/api/backups/{id}/runs") : ApiCommand.Path($"/api/backups/{id}/snapshots"),
                cancellation),
            static list =>
            {
                var first = list.EnumerateArray().FirstOrDefault();
                if (first.Text("recoveryPointObjective") != "-")
                {
                    ShowPolicies(list);
                }
                else if (first.Text("trigger") != "-")
                {
                    ShowRuns(list);
                }
                else
                {
                    ShowSnapshots(list);
                }
            });
    }

    private static void ShowRuns(JsonElement list) => Output.Table(
        ["RUN", "WHY", "STATE", "RECOVERY POINT", "FILES", "BYTES", "NEW"],
        list.EnumerateArray().Select(static run => (IReadOnlyList<string>)
            [run.Text("id"), run.Text("trigger"), run.Text("state"), run.Instant("recoveryPoint"), run.Text("files"), run.Bytes("bytes"), run.Bytes("newBytes")]));

    private static void ShowSnapshots(JsonElement list) => Output.Table(
        ["SNAPSHOT", "HEALTH", "RECOVERY POINT", "BYTES", "HELD", "KEPT"],
        list.EnumerateArray().Select(static line =>
        {
            var run = line.TryGetProperty("run", out var known) ? known : default;
            return (IReadOnlyList<string>)
            [
                line.Text("id"),
                line.Text("health"),
                run.ValueKind == JsonValueKind.Object ? run.Instant("recoveryPoint") : "-",
                run.ValueKind == JsonValueKind.Object ? run.Bytes("bytes") : "-",
                line.TryGetProperty("hold", out var hold) ? hold.Text("reason") : "-",
                string.Join("; ", line.Items("kept").Select(static reason => reason.GetString())) is { Length: > 0 } kept ? kept : "goes with the next retention",
            ];
        }));

    private static Command Show(CommonOptions common)
    {
        var snapshot = new Argument<string>("snapshot") { Description = "The snapshot's id, or a policy's id for its newest proven one." };
        var entries = new Option<bool>("--entries") { Description = "List what is in it." };
        var path = new Option<string?>("--path") { Description = "Of what is in it only this folder or file." };
        return ApiCommand.Make(
            "show",
            "Show a snapshot, or what is in it; 1 where its manifest is damaged.",
            common,
            [snapshot, entries, path],
            async (api, parsed, cancellation) =>
            {
                var id = await LongWork.SnapshotAsync(api, parsed.GetRequiredValue(snapshot), cancellation);
                return parsed.GetValue(entries) || parsed.GetValue(path) is not null
                    ? await EntriesAsync(api, id, parsed.GetValue(path) ?? "", cancellation)
                    : await api.GetAsync(ApiCommand.Path($"/api/snapshots/{id}"), cancellation);
            },
            static shown =>
            {
                if (shown.TryGetProperty("entries", out _))
                {
                    ShowEntries(shown);
                }
                else
                {
                    ShowSnapshot(shown);
                }
            },
            static shown => shown.TryGetProperty("damage", out _) ? ExitCode.Wrong : ExitCode.Done);
    }

    private static async Task<JsonElement> EntriesAsync(ApiSession api, string id, string path, CancellationToken cancellation)
    {
        var all = new List<JsonElement>();
        for (string? after = ""; after is not null;)
        {
            var page = await api.GetAsync(ApiCommand.Path($"/api/snapshots/{id}/entries?take=10000&path={path}&after={after}"), cancellation);
            all.AddRange(page.Items("entries"));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        return JsonSerializer.SerializeToElement(new { snapshot = id, entries = all });
    }

    private static void ShowEntries(JsonElement shown)
    {
        foreach (var entry in shown.Items("entries"))
        {
            Console.WriteLine(
                $"{entry.Text("kind"),-12} {entry.Text("mode"),-4} {entry.Text("owner"),-11} {entry.Text("bytes"),14} {entry.Instant("modified"),-20} {entry.Text("path")}{(entry.TryGetProperty("target", out var target) ? " -> " + target : "")}");
        }
    }

    private static void ShowSnapshot(JsonElement shown)
    {
        if (shown.TryGetProperty("damage", out var damage))
        {
            Console.WriteLine("Damaged: " + damage);
        }

        if (shown.TryGetProperty("manifest", out var manifest))
        {
            var statistics = manifest.GetProperty("statistics");
            Console.WriteLine($"{manifest.Text("id")} of {manifest.Text("source")}");
            Console.WriteLine($"  taken {manifest.Instant("takenAt")}, complete {manifest.Instant("completedAt")}, compared with {manifest.Text("parent")}");
            Console.WriteLine(
                $"  {statistics.Text("files")} files, {statistics.Text("folders")} folders, {statistics.Text("links")} links, {statistics.Bytes("bytes")}; read {statistics.Bytes("readBytes")}, new {statistics.Bytes("newBytes")}, stored {statistics.Bytes("storedBytes")}");
            LongWork.Lines(manifest, "problems");
            LongWork.Lines(manifest, "notes", "note: ");
        }

        if (shown.TryGetProperty("run", out var run))
        {
            Console.WriteLine($"  {run.Text("state")}, proven {run.Instant("provenAt")}, damaged {run.Instant("damagedAt")}, dropped {run.Instant("droppedAt")}");
        }

        if (shown.TryGetProperty("hold", out var hold))
        {
            Console.WriteLine($"  held by {hold.Text("by")} since {hold.Instant("at")} until {hold.Instant("until")}: {hold.Text("reason")}");
        }
    }

    private static Command Diff(CommonOptions common)
    {
        var older = new Argument<string>("older") { Description = "The older snapshot's id." };
        var newer = new Argument<string>("newer") { Description = "The newer snapshot's id, or a policy's id for its newest proven one." };
        var take = new Option<int>("--take") { Description = "How many differences to name, at most 10,000; all are counted.", DefaultValueFactory = static _ => 1000 };
        return ApiCommand.Make(
            "diff",
            "Say what differs between two snapshots.",
            common,
            [older, newer, take],
            async (api, parsed, cancellation) =>
            {
                var id = await LongWork.SnapshotAsync(api, parsed.GetRequiredValue(newer), cancellation);
                return await api.GetAsync(ApiCommand.Path($"/api/snapshots/{id}/differences?from={parsed.GetRequiredValue(older)}&take={parsed.GetValue(take)}"), cancellation);
            },
            static report =>
            {
                foreach (var difference in report.Items("differences"))
                {
                    var mark = difference.Text("kind") switch { "added" => "+", "removed" => "-", "changed" => "M", _ => "U" };
                    Console.WriteLine($"{mark} {difference.Text("path")}");
                }

                Console.WriteLine($"{report.Text("added")} added, {report.Text("removed")} removed, {report.Text("changed")} changed, {report.Text("metadata")} with other modes, owners or times alone; {report.Text("bytesMore")} bytes more.");
            });
    }

    private static Command Stats(CommonOptions common) => ApiCommand.Make(
        "stats",
        "Show what the repository holds and takes, its care, its copies and what they lack.",
        common,
        [],
        static (api, _, cancellation) => api.GetAsync("/api/repository", cancellation),
        static shown =>
        {
            var statistics = shown.GetProperty("statistics");
            Console.WriteLine(
                $"{statistics.Text("snapshots")} snapshots of {statistics.Bytes("snapshotBytes")}; {statistics.Text("chunks")} chunks of {statistics.Bytes("chunkBytes")} in {statistics.Text("packs")} packs of {statistics.Bytes("storedBytes")}.");
            Console.WriteLine($"{statistics.Text("unneededPacks")} packs are marked to be deleted, {statistics.Text("damagedSegments")} segments as damaged.");
            foreach (var entry in shown.Items("care"))
            {
                Console.WriteLine($"Last {entry.Text("task")}{(entry.TryGetProperty("copy", out var copy) ? $" ({copy})" : "")} {entry.Instant("at")}: {entry.Text("text")}");
                LongWork.Lines(entry, "problems");
            }

            foreach (var copy in shown.Items("copies"))
            {
                Console.WriteLine($"Copy {copy.Text("id")} at {copy.Text("location")}: {(copy.TryGetProperty("problem", out var problem) ? problem.ToString() : $"{copy.Text("snapshots")} snapshots, lacks {copy.Text("lackingCount")}")}");
                LongWork.Lines(copy, "lacking", "lacks ");
            }

            if (shown.Text("isKeyBesideData") == bool.TrueString)
            {
                Console.WriteLine("The repository's only key lies in the data folder: add a passphrase that is kept elsewhere (backup keys add).");
            }
        });

    private static Command Alarms(CommonOptions common) => ApiCommand.Make(
        "alarms",
        "Show what is wrong with backups now; 1 where anything is.",
        common,
        [],
        static (api, _, cancellation) => api.GetAsync("/api/backups/alarms", cancellation),
        static alarms =>
        {
            foreach (var alarm in alarms.EnumerateArray())
            {
                Console.WriteLine($"{alarm.Text("policy")}: {alarm.Text("text")} (since {alarm.Instant("since")})");
            }

            if (alarms.GetArrayLength() == 0)
            {
                Console.WriteLine("Nothing is wrong.");
            }
        },
        static alarms => alarms.GetArrayLength() == 0 ? ExitCode.Done : ExitCode.Wrong);
}
