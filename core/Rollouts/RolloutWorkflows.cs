using Maintenance.Workflows;

namespace Maintenance.Rollouts;

/// <summary>A rollout, by reference.</summary>
/// <param name="Patch">The id of the request.</param>
public sealed record RolloutRef(string Patch);

/// <summary>Work at a ring, by reference.</summary>
public sealed record RolloutWorkRef(string Patch, string Ring, RolloutWork Work);

/// <summary>Work that failed as often as it is tried.</summary>
public sealed record RolloutFailure(RolloutWorkRef Work, string Reason);

/// <summary>The workflow of rollouts: it asks what is next, does it or waits, and decides nothing. What happened is in the record.</summary>
public static class RolloutWorkflows
{
    /// <summary>Raised when a person has decided something.</summary>
    public const string Decided = "decided";

    /// <summary>What it says while it waits for a window, soak time or a person.</summary>
    public const string Waiting = "waiting";

    /// <summary>Looks what is next; tells people of what has changed.</summary>
    public static Activity<RolloutRef, RolloutTurn> TakeRollout { get; } = new("TakeRollout");

    /// <summary>Does a piece of work; done already, it does nothing.</summary>
    public static Activity<RolloutWorkRef, RolloutWorkRef> RunRollout { get; } = new("RunRollout");

    /// <summary>Notes that work failed, and tells people.</summary>
    public static Activity<RolloutFailure, RolloutRef> FailRollout { get; } = new("FailRollout");

    /// <summary>Brings an approved change to ring after ring.</summary>
    public static Workflow<RolloutRef, RolloutRef> RollOut { get; } = new("RolloutWorkflow", RunAsync);

    private static async Task<RolloutRef> RunAsync(IWorkflowContext context, RolloutRef rollout)
    {
        while (true)
        {
            var turn = await context.CallAsync(TakeRollout, rollout, RetryRule.Quick);
            if (turn is { Ring: { } ring, Work: { } work })
            {
                context.SetStatus($"{ring}: {work.ToString().ToLowerInvariant()}");
                var reference = new RolloutWorkRef(rollout.Patch, ring, work);
                try
                {
                    _ = await context.CallAsync(RunRollout, reference, RetryRule.Patient);
                }
                catch (WorkflowStepFailedException failure)
                {
                    _ = await context.CallAsync(FailRollout, new RolloutFailure(reference, failure.Reason), RetryRule.Quick);
                }
            }
            else if (turn.Until is { } until)
            {
                context.SetStatus(Waiting);
                _ = await context.WaitForEventAsync(Decided, until);
            }
            else
            {
                context.SetStatus("over");
                return rollout;
            }
        }
    }
}
