using System.CommandLine;
using System.Text.Json;
using Maintenance.Backups.Repository;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>backup restore</c>.</summary>
internal static class BackupRestoreCommand
{
    private static readonly string[] Places = ["container:", "table:", "postgres:"];

    public static Command Make(CommonOptions common)
    {
        var source = new Argument<string>("snapshot") { Description = "The snapshot's id, or a policy's id for its newest proven one." };
        var to = new Option<string>("--to") { Description = "The folder (empty, or not there yet, unless --existing says what becomes of its files), or postgres:SETTING.", Required = true };
        var at = new Option<string?>("--at") { Description = "Of a policy: as it was at this instant (2026-11-22T02:00:00Z), or before." };
        var paths = new Option<string[]>("--path") { Description = "Only these paths or globs, each with all that is in it." };
        var existing = new Option<ExistingFiles>("--existing") { Description = "What becomes of files that are there: refuse, keep, replace or rename.", DefaultValueFactory = static _ => ExistingFiles.Refuse };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be done, and write nothing." };
        var from = new Option<string?>("--from") { Description = "The copy of the repository to restore from." };
        return LongWork.Make(
            "restore",
            "Restore a snapshot, every byte checked; 1 where something is lost, 2 where no proven snapshot is as old as asked for.",
            common,
            [source, to, at, paths, existing, dryRun, from],
            (api, parsed, cancellation) =>
            {
                var (name, target) = (parsed.GetRequiredValue(source), parsed.GetRequiredValue(to));
                target = Array.Exists(Places, place => target.StartsWith(place, StringComparison.Ordinal)) ? target : Path.GetFullPath(target);
                var instant = LongWork.Instant(parsed.GetValue(at), "--at");
                if (!LongWork.IsSnapshot(name))
                {
                    var request = new PointRestoreRequest(instant, target, parsed.GetValue(paths), parsed.GetValue(existing), parsed.GetValue(dryRun), parsed.GetValue(from));
                    return LongWork.StartAsync(api, ApiCommand.Path($"/api/backups/{name}/restores"), request, cancellation);
                }

                return instant is not null
                    ? throw LongWork.Usage("--at goes with a policy; a snapshot has its own recovery point.")
                    : LongWork.StartAsync(
                        api,
                        ApiCommand.Path($"/api/snapshots/{name}/restores"),
                        new RestoreRequest(target, parsed.GetValue(paths), parsed.GetValue(existing), parsed.GetValue(dryRun), parsed.GetValue(from)),
                        cancellation);
            },
            Show,
            static report => report.Text("lossCount") == "0");
    }

    private static void Show(JsonElement report)
    {
        var done = report.Text("isDryRun") == bool.TrueString ? "would be restored" : "restored";
        var others = string.Concat(((string[])["kept", "replaced", "renamed"]).Where(name => report.Text(name) != "0").Select(name => $", {report.Text(name)} {name}"));
        Console.WriteLine(
            $"{report.Text("snapshot")} {done} to {report.Text("target")}: {report.Text("files")} files, {report.Text("folders")} folders, {report.Text("links")} links, {report.Bytes("bytes")}{others}; {(report.Text("lossCount") == "0" ? "nothing is lost." : $"{report.Text("lossCount")} lost:")}");
        LongWork.Lines(report, "losses");
        LongWork.Lines(report, "warnings", "note: ");
    }
}
