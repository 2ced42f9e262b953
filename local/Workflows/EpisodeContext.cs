using Maintenance.Workflows;

namespace Maintenance.Local.Workflows;

/// <summary>
/// What a workflow touches during one episode. Steps that the history knows are checked against it and not asked for again; new ones are collected.
/// </summary>
internal sealed class EpisodeContext : IWorkflowContext
{
    private readonly EpisodeScheduler _scheduler;
    private readonly Dictionary<int, StepScheduled> _recorded;
    private readonly Dictionary<int, OpenActivity> _activities = [];
    private readonly EpisodeEvents _events = new();
    private readonly List<StepScheduled> _asked = [];
    private int _steps;
    private int _guids;

    public EpisodeContext(EpisodeScheduler scheduler, string instanceId, IReadOnlyList<WorkflowEvent> history)
    {
        _scheduler = scheduler;
        InstanceId = instanceId;
        Now = history[0].At;
        _recorded = history.OfType<StepScheduled>().ToDictionary(s => s.Step);
    }

    public string InstanceId { get; }

    public DateTimeOffset Now { get; private set; }

    /// <summary>What the code last said of itself.</summary>
    public string? Status { get; private set; }

    /// <summary>How the code broke with its history; sticks, whatever the code does with the exception.</summary>
    public NonDeterministicWorkflowException? Violation { get; private set; }

    /// <summary>The steps that the history did not know.</summary>
    public IReadOnlyList<StepScheduled> Asked => _asked;

    /// <summary>The activities without a result, in order of their steps.</summary>
    public IEnumerable<ActivityScheduled> OpenActivities => _activities.Values.Where(a => !a.Output.Task.IsCompleted).Select(a => a.Scheduled);

    /// <summary>The waits that are not over.</summary>
    public IEnumerable<WaitScheduled> OpenWaits => _events.Open;

    public Guid NewGuid()
    {
        CheckThread();
        return DeterministicGuid.Of(InstanceId, Now, _guids++);
    }

    public Task<TOutput> CallAsync<TInput, TOutput>(Activity<TInput, TOutput> activity, TInput input, RetryRule retry)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(retry);
        CheckThread();
        var scheduled = Ask(new ActivityScheduled(Now, _steps + 1, activity.Name, StepJson.Write(input), retry));

        // Continuations may run inline, see EpisodeEvents.
        var open = new OpenActivity(scheduled, new TaskCompletionSource<string>());
        _activities.Add(scheduled.Step, open);
        return ResultAsync(open);

        static async Task<TOutput> ResultAsync(OpenActivity open) => StepJson.Read<TOutput>(await open.Output.Task);
    }

    public Task<bool> WaitForEventAsync(string name, DateTimeOffset deadline)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        CheckThread();
        return _events.WaitAsync(Ask(new WaitScheduled(Now, _steps + 1, name, deadline.ToUniversalTime())));
    }

    public void SetStatus(string status)
    {
        CheckThread();
        Status = status;
    }

    /// <summary>Lets the code see an event; on the episode's scheduler.</summary>
    public void Deliver(WorkflowEvent happened)
    {
        // A clock that was set back must not take the workflow's time with it.
        Now = happened.At > Now ? happened.At : Now;
        switch (happened)
        {
            case ActivityCompleted completed:
                Activity(completed.Step, completed)?.Output.SetResult(completed.Output);
                break;
            case ActivityFailed failed:
                var activity = Activity(failed.Step, failed);
                activity?.Output.SetException(new WorkflowStepFailedException(activity.Scheduled.Activity, failed.Error));
                break;
            case DeadlineReached reached when reached.Step > _steps:
                Violation = Unasked(reached.Step, reached);
                break;
            case DeadlineReached reached:
                _events.Expire(reached.Step);
                break;
            case EventRaised raised:
                _events.Raise(raised.Name);
                break;
            default:
                throw new InvalidOperationException($"{happened.Kind} is not delivered to workflows.");
        }
    }

    /// <summary>The code has come to its end: its open waits are given up. Activities that run are not; an instance ends when they have.</summary>
    public void End() => _events.Close();

    /// <summary>The first step that the history has and the code did not ask for, or null.</summary>
    public StepScheduled? FirstUnasked() => _recorded.Values.Where(s => s.Step > _steps).MinBy(s => s.Step);

    private TStep Ask<TStep>(TStep asked)
        where TStep : StepScheduled
    {
        _steps = asked.Step;
        if (!_recorded.TryGetValue(asked.Step, out var recorded))
        {
            _asked.Add(asked);
            return asked;
        }

        if (recorded is TStep same && IsSame(recorded, asked))
        {
            return same;
        }

        Violation ??= NonDeterministicWorkflowException.Differs(recorded, asked);
        throw Violation;
    }

    private static bool IsSame(StepScheduled recorded, StepScheduled asked) => (recorded, asked) switch
    {
        (ActivityScheduled was, ActivityScheduled now) => was.Activity == now.Activity,
        (WaitScheduled was, WaitScheduled now) => string.Equals(was.Event, now.Event, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private OpenActivity? Activity(int step, WorkflowEvent happened)
    {
        if (_activities.TryGetValue(step, out var activity))
        {
            return activity;
        }

        Violation = Unasked(step, happened);
        return null;
    }

    private NonDeterministicWorkflowException Unasked(int step, WorkflowEvent happened) =>
        _recorded.TryGetValue(step, out var recorded)
            ? NonDeterministicWorkflowException.Missing(recorded)
            : NonDeterministicWorkflowException.Unknown(step, happened);

    private void CheckThread()
    {
        if (!_scheduler.IsHere)
        {
            _scheduler.Leave();
            throw new InvalidOperationException("A workflow's context is used by the workflow's own code only, and not after awaiting anything but the context's tasks.");
        }
    }

    private sealed record OpenActivity(ActivityScheduled Scheduled, TaskCompletionSource<string> Output);
}
