using Maintenance.Workflows;

namespace Maintenance.Backups;

/// <summary>A run, by reference.</summary>
public sealed record BackupRunRef(string Policy, string Run);

/// <summary>A taken snapshot, by reference.</summary>
/// <param name="Snapshot">Its id.</param>
/// <param name="RecoveryPoint">When reading began (UTC).</param>
/// <param name="Files">How many files.</param>
/// <param name="Bytes">How many bytes they have.</param>
/// <param name="NewBytes">How many of them are new in the store.</param>
/// <param name="Problems">The first things that could not be read as they were.</param>
public sealed record TakenSnapshot(string Snapshot, DateTimeOffset RecoveryPoint, int Files, long Bytes, long NewBytes, IReadOnlyList<string> Problems);

/// <summary>What a run came to.</summary>
public sealed record BackupResult(BackupRunRef Run, TakenSnapshot? Taken, IReadOnlyList<string>? Differences, string? Error);

/// <summary>A restore or a verification, by reference.</summary>
/// <param name="Operation">The id of its workflow instance.</param>
/// <param name="Snapshot">The snapshot's id.</param>
/// <param name="Target">The absolute folder to restore into; null to verify only.</param>
public sealed record SnapshotRequest(string Operation, string Snapshot, string? Target);

/// <summary>What a restore or verification found.</summary>
/// <param name="Snapshot">The snapshot's id.</param>
/// <param name="Target">The folder that was restored into, or null.</param>
/// <param name="Files">Files restored or read.</param>
/// <param name="Bytes">Bytes restored or read.</param>
/// <param name="Damage">What is lost or damaged, by path; empty where nothing is.</param>
public sealed record SnapshotReport(string Snapshot, string? Target, int Files, long Bytes, IReadOnlyList<string> Damage);

/// <summary>The workflows of backups: they order the steps, and decide nothing.</summary>
public static class BackupWorkflows
{
    /// <summary>Takes the snapshot of a run.</summary>
    public static Activity<BackupRunRef, TakenSnapshot> TakeSnapshot { get; } = new("TakeSnapshot");

    /// <summary>Restores a snapshot into a scratch folder and compares; the differences.</summary>
    public static Activity<BackupRunRef, IReadOnlyList<string>> ProveSnapshot { get; } = new("ProveSnapshot");

    /// <summary>Records what a run came to.</summary>
    public static Activity<BackupResult, BackupRun> RecordBackup { get; } = new("RecordBackup");

    /// <summary>Tells people of a run that did not end proven.</summary>
    public static Activity<BackupRunRef, BackupRunRef> ReportBackup { get; } = new("ReportBackup");

    /// <summary>Restores a snapshot.</summary>
    public static Activity<SnapshotRequest, SnapshotReport> RestoreSnapshot { get; } = new("RestoreSnapshot");

    /// <summary>Reads and checks every byte of a snapshot.</summary>
    public static Activity<SnapshotRequest, SnapshotReport> VerifySnapshot { get; } = new("VerifySnapshot");

    /// <summary>Takes a backup, proves it, records the proof.</summary>
    public static Workflow<BackupRunRef, BackupRun> Backup { get; } = new("BackupWorkflow", BackupAsync);

    /// <summary>Restores a snapshot on request.</summary>
    public static Workflow<SnapshotRequest, SnapshotReport> Restore { get; } = new("RestoreWorkflow", RestoreAsync);

    /// <summary>Verifies a snapshot on request.</summary>
    public static Workflow<SnapshotRequest, SnapshotReport> Verify { get; } = new("VerifyWorkflow", VerifyAsync);

    private static async Task<BackupRun> BackupAsync(IWorkflowContext context, BackupRunRef run)
    {
        TakenSnapshot? taken = null;
        IReadOnlyList<string>? differences = null;
        string? error = null;
        try
        {
            context.SetStatus("taking the snapshot");
            taken = await context.CallAsync(TakeSnapshot, run, RetryRule.Patient);
            context.SetStatus("proving that it restores");
            differences = await context.CallAsync(ProveSnapshot, run, RetryRule.Patient);
        }
        catch (WorkflowStepFailedException failure)
        {
            error = failure.Message;
        }

        context.SetStatus("recording");
        var ended = await context.CallAsync(RecordBackup, new BackupResult(run, taken, differences, error), RetryRule.Quick);
        context.SetStatus(ended.State.ToString().ToLowerInvariant());
        if (ended.State != BackupRunState.Proven)
        {
            try
            {
                _ = await context.CallAsync(ReportBackup, run, RetryRule.Persistent);
            }
            catch (WorkflowStepFailedException)
            {
                // The run is recorded and the overview shows it; whoever was within reach has been told.
            }
        }

        return ended;
    }

    private static Task<SnapshotReport> RestoreAsync(IWorkflowContext context, SnapshotRequest request)
    {
        context.SetStatus("restoring");
        return context.CallAsync(RestoreSnapshot, request, RetryRule.None);
    }

    private static Task<SnapshotReport> VerifyAsync(IWorkflowContext context, SnapshotRequest request)
    {
        context.SetStatus("verifying");
        return context.CallAsync(VerifySnapshot, request, RetryRule.Quick);
    }
}
