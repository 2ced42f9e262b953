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
    /// <summary>Takes the snapshot of a run.</summary>
    [Function("TakeSnapshot")]
    public async Task<TakenSnapshot> TakeSnapshot(
        [ActivityTrigger] BackupRunRef run, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunAsync(invocation, () => backups.TakeSnapshotAsync(run, cancellation), cancellation);
    }

    /// <summary>Restores a snapshot into a scratch folder and compares.</summary>
    [Function("ProveSnapshot")]
    public async Task<IReadOnlyList<string>> ProveSnapshot(
        [ActivityTrigger] BackupRunRef run, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunAsync(invocation, () => backups.ProveSnapshotAsync(run, cancellation), cancellation);
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

    /// <summary>Restores a snapshot.</summary>
    [Function("RestoreSnapshot")]
    public async Task<RestoreReport> RestoreSnapshot(
        [ActivityTrigger] RestoreSnapshotRequest request, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunAsync(invocation, () => backups.RestoreSnapshotAsync(request, cancellation), cancellation);
    }
}
