using Maintenance.Backups;
using Maintenance.Backups.Repository;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// The steps of the backup workflows, under their activities' names. A step may be the first thing that an instance runs. Those that read or write all of a
/// backup may be more than a worker can bear, so their starts are counted.
/// </summary>
public sealed class BackupSteps(BackupActivities backups, AttemptLedger attempts, FreshPlan plan, DurableClientScope scope)
{
    /// <summary>Plans the snapshot of a run.</summary>
    [Function("PlanSnapshot")]
    public async Task<SnapshotOutline> PlanSnapshot(
        [ActivityTrigger] BackupRunRef run, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunAsync(invocation, () => backups.PlanSnapshotAsync(run, cancellation), cancellation);
    }

    /// <summary>Takes a slice of a part of the snapshot of a run.</summary>
    [Function("TakeSnapshotSlice")]
    public async Task<SliceReport> TakeSnapshotSlice(
        [ActivityTrigger] SnapshotSliceRef slice, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunPieceAsync(invocation, slice.Part, () => backups.TakeSliceAsync(slice, cancellation), cancellation);
    }

    /// <summary>Makes the snapshot of its slices.</summary>
    [Function("FinishSnapshot")]
    public async Task<TakenSnapshot> FinishSnapshot(
        [ActivityTrigger] BackupRunRef run, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunAsync(invocation, () => backups.FinishSnapshotAsync(run, cancellation), cancellation);
    }

    /// <summary>Removes what the pieces of a snapshot that was not completed left.</summary>
    [Function("AbandonSnapshot")]
    public async Task<BackupRunRef> AbandonSnapshot([ActivityTrigger] BackupRunRef run, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await backups.AbandonSnapshotAsync(run, cancellation);
    }

    /// <summary>Finds where the parts of a proof begin.</summary>
    [Function("PlanProof")]
    public async Task<IReadOnlyList<long>> PlanProof(
        [ActivityTrigger] BackupRunRef run, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunAsync(invocation, () => backups.PlanProofAsync(run, cancellation), cancellation);
    }

    /// <summary>Restores a slice of a snapshot into a scratch folder and compares.</summary>
    [Function("ProveSnapshotSlice")]
    public async Task<ProofSlice> ProveSnapshotSlice(
        [ActivityTrigger] ProofSliceRef slice, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunPieceAsync(invocation, slice.Part, () => backups.ProveSliceAsync(slice, cancellation), cancellation);
    }

    /// <summary>Records what a run came to.</summary>
    [Function("RecordBackup")]
    public async Task<BackupRun> RecordBackup([ActivityTrigger] BackupResult result, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await backups.RecordBackupAsync(result, cancellation);
    }

    /// <summary>Tells people of a run that did not end proven.</summary>
    [Function("ReportBackup")]
    public async Task<BackupRunRef> ReportBackup([ActivityTrigger] BackupRunRef run, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await backups.ReportBackupAsync(run, cancellation);
    }

    /// <summary>Records what a later proof came to.</summary>
    [Function("RecordProof")]
    public async Task<BackupRun> RecordProof([ActivityTrigger] SnapshotProof proof, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await backups.RecordProofAsync(proof, cancellation);
    }

    /// <summary>Finds the copies that a policy asks for.</summary>
    [Function("FindCopies")]
    public async Task<IReadOnlyList<string>> FindCopies([ActivityTrigger] BackupRunRef run, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await backups.FindCopiesAsync(run, cancellation);
    }

    /// <summary>Finds where the parts of a restore begin.</summary>
    [Function("PlanRestore")]
    public async Task<RestoreOutline> PlanRestore(
        [ActivityTrigger] RestoreSnapshotRequest request, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunAsync(invocation, () => backups.PlanRestoreAsync(request, cancellation), cancellation);
    }

    /// <summary>Restores a slice of a snapshot.</summary>
    [Function("RestoreSnapshotSlice")]
    public async Task<RestoredSlice> RestoreSnapshotSlice(
        [ActivityTrigger] RestoreSliceRef slice, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunPieceAsync(invocation, slice.Part, () => backups.RestoreSliceAsync(slice, cancellation), cancellation);
    }
}
