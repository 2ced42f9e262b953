using Maintenance.Workflows;

namespace Maintenance.Recovery;

/// <summary>A recovery, by reference.</summary>
/// <param name="Recovery">Its id.</param>
/// <param name="Reminder">How often it was waited in vain for a person until now.</param>
public sealed record RecoveryRef(string Recovery, int Reminder = 0);

/// <summary>A step, by reference.</summary>
/// <param name="Recovery">The recovery's id.</param>
/// <param name="Step">The step's id.</param>
/// <param name="Reminder">How often it was waited in vain for a person until now.</param>
public sealed record RecoveryStepRef(string Recovery, string Step, int Reminder = 0);

/// <summary>A step that failed as often as it is tried.</summary>
public sealed record RecoveryStepFailure(RecoveryStepRef Step, string Reason);

/// <summary>What the workflow needs to know of a script.</summary>
/// <param name="Workers">How many steps run at the same time.</param>
/// <param name="Steps">The steps, in the order in which they are begun where several could be.</param>
/// <param name="IsFailureExpected">True for a drill with a fault: trying again would only take time.</param>
public sealed record RecoveryOrder(int Workers, IReadOnlyList<OrderedStep> Steps, bool IsFailureExpected = false);

/// <summary>A step, as the workflow orders it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="After">The ids of those that must be done before.</param>
public sealed record OrderedStep(string Id, IReadOnlyList<string> After);

/// <summary>
/// The workflow of recoveries and drills: it orders the steps, waits, and decides nothing. What happened is in the record: a workflow that is started anew over it
/// goes on where the former ended.
/// </summary>
public static class RecoveryWorkflows
{
    /// <summary>Raised when a recovery was settled.</summary>
    public const string Settled = "settled";

    /// <summary>How long a person is waited for until being reminded.</summary>
    public static TimeSpan ReminderInterval { get; } = TimeSpan.FromHours(1);

    /// <summary>Tells people that it begins; what is to be done.</summary>
    public static Activity<RecoveryRef, RecoveryOrder> BeginRecovery { get; } = new("BeginRecovery");

    /// <summary>Looks what is to be done with a step; tells people where it waits for one.</summary>
    public static Activity<RecoveryStepRef, StepTurn> TakeRecoveryStep { get; } = new("TakeRecoveryStep");

    /// <summary>Does a machine's step, once; done already, it does nothing.</summary>
    public static Activity<RecoveryStepRef, RecoveryStepRef> RunRecoveryStep { get; } = new("RunRecoveryStep");

    /// <summary>Notes that a step failed, and tells people.</summary>
    public static Activity<RecoveryStepFailure, RecoveryStepRef> FailRecoveryStep { get; } = new("FailRecoveryStep");

    /// <summary>Notes that the steps have ended; whether a person is waited for to settle it.</summary>
    public static Activity<RecoveryRef, StepTurn> SettleRecovery { get; } = new("SettleRecovery");

    /// <summary>Puts away what is no longer needed, measures, and closes.</summary>
    public static Activity<RecoveryRef, RecoveryState> CloseRecovery { get; } = new("CloseRecovery");

    /// <summary>Brings a service back, or tries how that would go.</summary>
    public static Workflow<RecoveryRef, RecoveryState> Recover { get; } = new("RecoveryWorkflow", RunAsync);

    /// <summary>The event that wakes a step's wait.</summary>
    public static string Woken(string step) => "step-" + step;

    private static async Task<RecoveryState> RunAsync(IWorkflowContext context, RecoveryRef recovery)
    {
        context.SetStatus("telling people");
        var order = await context.CallAsync(BeginRecovery, recovery, RetryRule.Patient);
        await RunStepsAsync(context, recovery, order);
        context.SetStatus("waiting for somebody to confirm that all is well");
        for (var reminder = 0; await context.CallAsync(SettleRecovery, recovery with { Reminder = reminder }, RetryRule.Quick) == StepTurn.Wait;)
        {
            reminder += await context.WaitForEventAsync(Settled, context.Now.AddDays(1)) ? 0 : 1;
        }

        context.SetStatus("putting away");
        var state = await context.CallAsync(CloseRecovery, recovery, RetryRule.Persistent);
        context.SetStatus(state.ToString().ToLowerInvariant());
        return state;
    }

    /// <summary>Whenever hands are free, the first ready step in order begins. Once one stops, nothing new does, and what runs is waited for.</summary>
    private static async Task RunStepsAsync(IWorkflowContext context, RecoveryRef recovery, RecoveryOrder order)
    {
        var waiting = order.Steps.ToList();
        var running = new List<(string Id, Task<bool> Work)>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        for (var isStopped = false; ;)
        {
            while (!isStopped && running.Count < order.Workers && waiting.Find(step => step.After.All(done.Contains)) is { } next)
            {
                _ = waiting.Remove(next);
                running.Add((next.Id, RunStepAsync(context, new RecoveryStepRef(recovery.Recovery, next.Id), order.IsFailureExpected ? RetryRule.None : RetryRule.Patient)));
            }

            if (running.Count == 0)
            {
                return;
            }

            context.SetStatus(string.Join(", ", running.Select(static step => step.Id)));
            var ended = await Task.WhenAny(running.Select(static step => step.Work));
            var at = running.FindIndex(step => step.Work == ended);
            var id = running[at].Id;
            running.RemoveAt(at);
            if (await ended)
            {
                _ = done.Add(id);
            }
            else
            {
                isStopped = true;
            }
        }
    }

    /// <returns>True where it is done or left out; false where the recovery is stopped.</returns>
    private static async Task<bool> RunStepAsync(IWorkflowContext context, RecoveryStepRef step, RetryRule retry)
    {
        for (var reminder = 0; ;)
        {
            switch (await context.CallAsync(TakeRecoveryStep, step with { Reminder = reminder }, RetryRule.Quick))
            {
                case StepTurn.Done:
                    return true;
                case StepTurn.Stop:
                    return false;
                case StepTurn.Wait:
                    reminder += await context.WaitForEventAsync(Woken(step.Step), context.Now + ReminderInterval) ? 0 : 1;
                    break;
                default:
                    try
                    {
                        _ = await context.CallAsync(RunRecoveryStep, step, retry);
                    }
                    catch (WorkflowStepFailedException failure)
                    {
                        _ = await context.CallAsync(FailRecoveryStep, new RecoveryStepFailure(step, failure.Reason), RetryRule.Quick);
                    }

                    break;
            }
        }
    }
}
