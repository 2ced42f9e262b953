using Maintenance.Recovery;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// The steps of the recovery workflow, under their activities' names. A step may be the first thing that an instance runs. What restores may be more than a worker can
/// bear, so its starts are counted.
/// </summary>
public sealed class RecoverySteps(RecoveryActivities recovery, AttemptLedger attempts, FreshPlan plan, DurableClientScope scope)
{
    /// <summary>Tells people that it begins.</summary>
    [Function("BeginRecovery")]
    public async Task<RecoveryOrder> BeginRecovery([ActivityTrigger] RecoveryRef reference, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await recovery.BeginAsync(reference, cancellation);
    }

    /// <summary>Looks what is to be done with a step.</summary>
    [Function("TakeRecoveryStep")]
    public async Task<StepTurn> TakeRecoveryStep([ActivityTrigger] RecoveryStepRef step, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await recovery.TakeAsync(step, cancellation);
    }

    /// <summary>Does a machine's step.</summary>
    [Function("RunRecoveryStep")]
    public async Task<RecoveryStepRef> RunRecoveryStep(
        [ActivityTrigger] RecoveryStepRef step, FunctionContext invocation, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await attempts.RunPieceAsync(invocation, 0, () => recovery.RunAsync(step, cancellation), cancellation);
    }

    /// <summary>Notes that a step failed.</summary>
    [Function("FailRecoveryStep")]
    public async Task<RecoveryStepRef> FailRecoveryStep([ActivityTrigger] RecoveryStepFailure failure, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await recovery.FailAsync(failure, cancellation);
    }

    /// <summary>Notes that the steps have ended.</summary>
    [Function("SettleRecovery")]
    public async Task<StepTurn> SettleRecovery([ActivityTrigger] RecoveryRef reference, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await recovery.SettleAsync(reference, cancellation);
    }

    /// <summary>Puts away, measures, closes.</summary>
    [Function("CloseRecovery")]
    public async Task<RecoveryState> CloseRecovery([ActivityTrigger] RecoveryRef reference, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await recovery.CloseAsync(reference, cancellation);
    }
}
