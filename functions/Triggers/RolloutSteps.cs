using Maintenance.Rollouts;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// The steps of the rollout workflow, under their activities' names. A step may be the first thing that an instance runs. A rollback may be more than a worker can
/// bear, so the starts of work are counted.
/// </summary>
public sealed class RolloutSteps(RolloutActivities rollout, AttemptLedger attempts, FreshPlan plan, DurableClientScope scope)
{
    /// <summary>Looks what is next.</summary>
    [Function("TakeRollout")]
    public async Task<RolloutTurn> TakeRollout([ActivityTrigger] RolloutRef reference, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await rollout.TakeAsync(reference, cancellation);
    }

    /// <summary>Does a piece of work.</summary>
    [Function("RunRollout")]
    public async Task<RolloutWorkRef> RunRollout(
        [ActivityTrigger] RolloutWorkRef work, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunAsync(invocation, () => rollout.RunAsync(work, cancellation), cancellation);
    }

    /// <summary>Notes that work failed, and tells everybody.</summary>
    [Function("FailRollout")]
    public async Task<RolloutRef> FailRollout([ActivityTrigger] RolloutFailure failure, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await rollout.FailAsync(failure, cancellation);
    }
}
