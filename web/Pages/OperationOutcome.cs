using System.Globalization;
using System.Text.Json;
using Maintenance.Backups;
using Maintenance.Backups.Repository;

namespace Maintenance.Web.Pages;

/// <summary>What long work came to, in a sentence.</summary>
/// <param name="IsGood">False where somebody should look.</param>
/// <param name="Text">The sentence.</param>
public sealed record OperationOutcome(bool IsGood, string Text)
{
    /// <summary>The outcome of a workflow; null where there is nothing to say beside its figures.</summary>
    /// <param name="workflow">Its name.</param>
    /// <param name="output">Its result.</param>
    public static OperationOutcome? Say(string workflow, JsonElement output)
    {
        try
        {
            return workflow switch
            {
                "RestoreWorkflow" => Of(Read<RestoreReport>(output)),
                "VerifyWorkflow" => Of(Read<VerifyReport>(output)),
                "BackupWorkflow" or "ProofWorkflow" => Of(Read<BackupRun>(output)),
                "PruneWorkflow" => Of(Read<PruneReport>(output)),
                "CopyWorkflow" => Of(Read<CopyReport>(output)),
                "RetentionWorkflow" => Of(Read<RetentionReport>(output)),
                _ => null,
            };
        }
        catch (JsonException)
        {
            // A result of another version: its figures are shown as they are.
            return null;
        }
    }

    private static OperationOutcome Of(RestoreReport report)
    {
        var others = string.Concat(
            new[] { (report.Kept, "left as they were"), (report.Replaced, "replaced"), (report.Renamed, "renamed") }.Where(static one => one.Item1 > 0).Select(static one => $", {N(one.Item1)} {one.Item2}"));
        var what = $"{Count(report.Files, "file")}, {Count(report.Folders, "folder")}, {Words.Bytes(report.Bytes)}{others}";
        var where = ShownAs(report.Target);
        return report.LossCount > 0
            ? new(false, $"{what} restored to {where}. {Count(report.LossCount, "entry", "entries")} could not be restored: see below.")
            : new(true, report.IsDryRun ? $"It would restore {what} to {where}. Nothing was written." : $"{what} restored to {where}, every byte checked. Nothing is lost.");
    }

    private static OperationOutcome Of(VerifyReport report) => report.IsClean
        ? new(true, $"Nothing is wrong. {Count(report.PacksRead, "pack")} read and checked, {Words.Bytes(report.BytesRead)}.")
        : new(false, $"{Count(report.Findings.Count, "finding")}. {(report.Damaged.Count == 0 ? "No snapshot loses anything by it." : $"{Count(report.Damaged.Count, "snapshot")} lost something.")}");

    private static OperationOutcome Of(BackupRun run) => run.State == BackupRunState.Proven
        ? new(true, $"Taken, restored and found equal: {Count(run.Files, "file")}, {Words.Bytes(run.Bytes)}, {Words.Bytes(run.NewBytes)} of it new.")
        : new(false, run.State == BackupRunState.Failed ? "Nothing was taken." : "It is there, but not proven.");

    private static OperationOutcome Of(PruneReport report) => new(
        true,
        report.IsDryRun
            ? $"It would delete {Count(report.DeletedPacks, "pack")} ({Words.Bytes(report.FreedBytes)}) and mark {Count(report.MarkedPacks, "pack")} to go after the grace."
            : $"{Count(report.DeletedPacks, "pack")} deleted ({Words.Bytes(report.FreedBytes)} free), {Count(report.MarkedPacks, "pack")} marked to go after the grace.");

    private static OperationOutcome Of(CopyReport report) => report.Problems.Count == 0
        ? new(true, $"{Count(report.Objects, "object")} taken there ({Words.Bytes(report.Bytes)}), {Count(report.Snapshots, "snapshot")} among them.")
        : new(false, $"{Count(report.Objects, "object")} taken there; {report.Problems.Count} could not be.");

    private static OperationOutcome Of(RetentionReport report) => new(report.Problems.Count == 0, $"{Count(report.DroppedCount, "snapshot")} let go, {N(report.Kept)} kept.");

    private static T Read<T>(JsonElement output) => output.Deserialize<T>(MaintenanceJson.Options) ?? throw new JsonException("It is null.");

    private static string ShownAs(string target) => Http.ShownName.Of(target);

    private static string Count(long count, string one, string? many = null) => $"{N(count)} {(count == 1 ? one : many ?? one + "s")}";

    private static string N(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
