namespace Maintenance.Local.Workflows;

/// <summary>
/// Runs a workflow's code over its history: a pure function, and the reason why a workflow survives a crash. The code runs from its beginning, single-threaded;
/// the delivered events of the history complete its awaits one at a time, in their order, and between two of them the code runs until it can go no further.
/// The same history therefore leads to the same place, on any machine, as often as one likes.
/// An instance ends when its code has ended and the activities that it asked for are over, as on Durable Functions: none runs on for an instance that is no more.
/// </summary>
public static class WorkflowEpisode
{
    /// <summary>Replays the history and says what the workflow wants next.</summary>
    /// <param name="code">The workflow.</param>
    /// <param name="instanceId">The instance.</param>
    /// <param name="history">Its events so far, <see cref="WorkflowStarted"/> first. Any prefix of a history is a history.</param>
    /// <exception cref="ArgumentException">The history does not begin with <see cref="WorkflowStarted"/>.</exception>
    public static EpisodeResult Run(WorkflowCode code, string instanceId, IReadOnlyList<WorkflowEvent> history)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(history);
        if (history.Count == 0 || history[0] is not WorkflowStarted started)
        {
            throw new ArgumentException("A history begins with workflowStarted.", nameof(history));
        }

        var scheduler = new EpisodeScheduler();
        var context = new EpisodeContext(scheduler, instanceId, history);
        WorkflowEvent? outcome = null;

        scheduler.RunToRest(() => _ = RunAsync());
        foreach (var happened in history.Where(e => e.IsDelivered))
        {
            if (context.Violation is not null || scheduler.WasLeft)
            {
                break;
            }

            scheduler.RunToRest(() => context.Deliver(happened));
        }

        var open = context.OpenActivities.Any() || context.OpenWaits.Any();
        var violation = context.Violation
            ?? (scheduler.WasLeft ? NonDeterministicWorkflowException.LeftItsContext(code.Name) : null)
            ?? (context.FirstUnasked() is { } unasked ? NonDeterministicWorkflowException.Missing(unasked) : null)
            ?? (outcome is null && !open ? NonDeterministicWorkflowException.LeftItsContext(code.Name) : null);
        if (violation is not null)
        {
            return new EpisodeResult([], new WorkflowFailed(context.Now, ErrorText.Of(violation)), context.Status, [], []);
        }

        return outcome is null || open
            ? new EpisodeResult(context.Asked, null, context.Status, [.. context.OpenActivities], [.. context.OpenWaits])
            : new EpisodeResult(context.Asked, outcome, context.Status, [], []);

        async Task RunAsync()
        {
            WorkflowEvent end;
            try
            {
                var output = await code.RunAsync(context, started.Input);
                end = new WorkflowCompleted(context.Now, output);
            }
            catch (Exception error)
            {
                // Whatever the code lets out is how the workflow ends; it is recorded and shown in its status.
                end = new WorkflowFailed(context.Now, ErrorText.Of(error));
            }

            context.End();
            outcome = end;
        }
    }
}

/// <summary>Where a workflow stands at the end of its history, and what it wants.</summary>
/// <param name="Asked">The steps that the history does not have yet, in order.</param>
/// <param name="Outcome"><see cref="WorkflowCompleted"/> or <see cref="WorkflowFailed"/> when the workflow has ended, else null.</param>
/// <param name="Status">What the workflow last said of itself.</param>
/// <param name="OpenActivities">The activities it waits for, known to the history or not; none when it has ended.</param>
/// <param name="OpenWaits">The events or deadlines it waits for; none when it has ended.</param>
public sealed record EpisodeResult(
    IReadOnlyList<StepScheduled> Asked,
    WorkflowEvent? Outcome,
    string? Status,
    IReadOnlyList<ActivityScheduled> OpenActivities,
    IReadOnlyList<WaitScheduled> OpenWaits)
{
    /// <summary>What is to be added to the history, unless it ends already: the new steps, then the outcome.</summary>
    public IReadOnlyList<WorkflowEvent> NewEvents => Outcome is null ? Asked : [.. Asked, Outcome];
}
