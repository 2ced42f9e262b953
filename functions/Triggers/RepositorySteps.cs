using Maintenance.Backups;
using Maintenance.Backups.Repository;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// The steps that look after the repository, under their activities' names. A step may be the first thing that an instance runs. Those that read much of the
/// repository may be more than a worker can bear, so their starts are counted.
/// </summary>
public sealed class RepositorySteps(RepositoryActivities repository, AttemptLedger attempts, FreshPlan plan, DurableClientScope scope)
{
    /// <summary>Checks the repository or a copy of it.</summary>
    [Function("VerifyRepository")]
    public async Task<VerifyReport> VerifyRepository(
        [ActivityTrigger] VerifyRepositoryRequest request, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunPieceAsync(invocation, 0, () => repository.VerifyRepositoryAsync(request, cancellation), cancellation);
    }

    /// <summary>Removes what no snapshot needs.</summary>
    [Function("PruneRepository")]
    public async Task<PruneReport> PruneRepository(
        [ActivityTrigger] PruneRepositoryRequest request, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunAsync(invocation, () => repository.PruneRepositoryAsync(request, cancellation), cancellation);
    }

    /// <summary>Takes what is new to a copy.</summary>
    [Function("CopyRepository")]
    public async Task<CopyReport> CopyRepository(
        [ActivityTrigger] CopyRepositoryRequest request, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunPieceAsync(invocation, 0, () => repository.CopyRepositoryAsync(request, cancellation), cancellation);
    }

    /// <summary>Drops the snapshots that a policy's rules let go.</summary>
    [Function("ApplyRetention")]
    public async Task<RetentionReport> ApplyRetention(
        [ActivityTrigger] ApplyRetentionRequest request, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunAsync(invocation, () => repository.ApplyRetentionAsync(request, cancellation), cancellation);
    }

    /// <summary>Tells people of what is wrong with the repository.</summary>
    [Function("ReportRepository")]
    public async Task<RepositoryAlert> ReportRepository([ActivityTrigger] RepositoryAlert alert, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await repository.ReportRepositoryAsync(alert, cancellation);
    }
}
