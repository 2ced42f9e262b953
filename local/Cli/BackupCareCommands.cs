using System.CommandLine;
using System.Text.Json;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>backup verify|prove|prune|copy|hold|release</c>.</summary>
internal static class BackupCareCommands
{
    public static IEnumerable<Command> All(CommonOptions common) => [Verify(common), Prove(common), Prune(common), Copy(common), Hold(common), Release(common)];

    private static Command Verify(CommonOptions common)
    {
        var snapshot = new Argument<string?>("snapshot")
        {
            Description = "A snapshot's id, or a policy's id for its newest proven one: every byte of it is read. Left out: the whole repository.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var percent = new Option<int>("--percent") { Description = "Of the whole repository: how many of a hundred packs are read; 0 for its structure alone.", DefaultValueFactory = static _ => 0 };
        var readData = new Option<bool>("--read-data") { Description = "Of the whole repository: read every byte; the same as --percent 100." };
        var copy = new Option<string?>("--copy") { Description = "The copy to verify instead of the repository itself." };
        return LongWork.Make(
            "verify",
            "Check a snapshot, the repository or a copy; 1 where something is damaged.",
            common,
            [snapshot, percent, readData, copy],
            async (api, parsed, cancellation) =>
            {
                if (parsed.GetValue(snapshot) is not { } name)
                {
                    var request = new VerificationRequest(parsed.GetValue(readData) ? 100 : parsed.GetValue(percent), parsed.GetValue(copy));
                    return await LongWork.StartAsync(api, "/api/repository/verifications", request, cancellation);
                }

                if (parsed.GetValue(copy) is not null)
                {
                    throw LongWork.Usage("--copy verifies a whole copy: leave the snapshot out.");
                }

                var id = await LongWork.SnapshotAsync(api, name, cancellation);
                return await LongWork.StartAsync(api, ApiCommand.Path($"/api/snapshots/{id}/verifications"), new { }, cancellation);
            },
            static report =>
            {
                var findings = report.Items("findings").ToList();
                Console.WriteLine(
                    $"{report.Text("snapshots")} snapshots, {report.Text("packs")} packs, {report.Text("packsRead")} of them read ({report.Bytes("bytesRead")}): {(findings.Count == 0 ? "nothing is wrong." : $"{findings.Count} findings.")}");
                foreach (var finding in findings)
                {
                    var loss = finding.GetProperty("isLoss").GetBoolean() ? $"lost by it: {finding.Text("pathCount")} paths" : "nothing is lost by it";
                    Console.WriteLine($"  {finding.Text("name")}: {finding.Text("what")}; {loss}");
                    LongWork.Lines(finding, "paths", "  ");
                }

                LongWork.Lines(report, "notes", "note: ");
            },
            static report => !report.Items("findings").Any());
    }

    private static Command Prove(CommonOptions common)
    {
        var snapshot = new Argument<string>("snapshot") { Description = "The snapshot's id, or a policy's id for its newest proven one." };
        return LongWork.Make(
            "prove",
            "Restore a snapshot into a scratch folder and compare; 1 where it is not as it was.",
            common,
            [snapshot],
            async (api, parsed, cancellation) => await LongWork.StartAsync(
                api, ApiCommand.Path($"/api/snapshots/{await LongWork.SnapshotAsync(api, parsed.GetRequiredValue(snapshot), cancellation)}/proofs"), new { }, cancellation),
            static run =>
            {
                Console.WriteLine($"{run.Text("id")}: {run.Text("state")}, proven {run.Instant("provenAt")}.");
                LongWork.Lines(run, "problems");
            },
            static run => run.Text("state") == "proven");
    }

    private static Command Prune(CommonOptions common)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be done, and do nothing." };
        var copy = new Option<string?>("--copy") { Description = "The copy to prune instead of the repository itself." };
        return LongWork.Make(
            "prune",
            "Remove what no snapshot needs: what is found unneeded is marked, and goes once the plan's grace has passed.",
            common,
            [dryRun, copy],
            (api, parsed, cancellation) => LongWork.StartAsync(api, "/api/repository/prunes", new PruneRequest(parsed.GetValue(dryRun), parsed.GetValue(copy)), cancellation),
            static report =>
            {
                var would = report.GetProperty("isDryRun").GetBoolean() ? "Would mark" : "Marked";
                Console.WriteLine(
                    $"{would} {report.Text("markedPacks")} packs ({report.Bytes("markedBytes")}), delete{(would == "Marked" ? "d" : "")} {report.Text("deletedPacks")} ({report.Text("rewrittenPacks")} of them moved in part, {report.Bytes("freedBytes")} free); waiting {report.Text("waitingPacks")}, held {report.Text("heldPacks")}.");
                LongWork.Lines(report, "notes", "note: ");
            },
            static _ => true);
    }

    private static Command Copy(CommonOptions common)
    {
        var copy = new Argument<string>("copy") { Description = "The copy's id in the plan." };
        return LongWork.Make(
            "copy",
            "Take what is new to a copy of the repository; 1 where something could not be taken there.",
            common,
            [copy],
            (api, parsed, cancellation) => LongWork.StartAsync(api, "/api/repository/copies", new CopyRequest(parsed.GetRequiredValue(copy)), cancellation),
            static report =>
            {
                Console.WriteLine($"{report.Text("objects")} objects ({report.Bytes("bytes")}), {report.Text("snapshots")} snapshots among them.");
                LongWork.Lines(report, "problems");
            },
            static report => !report.Items("problems").Any());
    }

    private static Command Hold(CommonOptions common)
    {
        var snapshot = new Argument<string>("snapshot") { Description = "The snapshot's id." };
        var reason = new Option<string>("--reason") { Description = "Why.", Required = true };
        var until = new Option<string?>("--until") { Description = "Until when; left out: until it is released." };
        return ApiCommand.Make(
            "hold",
            "Hold a snapshot: no rule drops it until it is released, or the hold ends.",
            common,
            [snapshot, reason, until],
            (api, parsed, cancellation) => api.PostAsync(
                ApiCommand.Path($"/api/snapshots/{parsed.GetRequiredValue(snapshot)}/holds"),
                new HoldRequest(parsed.GetRequiredValue(reason), LongWork.Instant(parsed.GetValue(until), "--until")),
                cancellation),
            static hold => Console.WriteLine($"{hold.Text("snapshot")} is held{(hold.TryGetProperty("until", out _) ? " until " + hold.Instant("until") : "")}: {hold.Text("reason")}"));
    }

    private static Command Release(CommonOptions common)
    {
        var snapshot = new Argument<string>("snapshot") { Description = "The snapshot's id." };
        return ApiCommand.Make(
            "release",
            "Release a snapshot that is held.",
            common,
            [snapshot],
            async (api, parsed, cancellation) =>
            {
                var id = parsed.GetRequiredValue(snapshot);
                _ = await api.SendAsync(HttpMethod.Delete, ApiCommand.Path($"/api/snapshots/{id}/holds"), null, [], cancellation);
                return JsonSerializer.SerializeToElement(new { snapshot = id });
            },
            static released => Console.WriteLine($"{released.Text("snapshot")} is released."));
    }
}
