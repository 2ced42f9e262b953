using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

/// <summary>A workflow told event by event, without an engine: each event is one minute after the one before, and runs an episode.</summary>
internal sealed class Story
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    private readonly WorkflowCode _code;
    private readonly List<WorkflowEvent> _history = [];
    private int _minute;

    private Story(WorkflowCode code, string input)
    {
        _code = code;
        Happen(now => new WorkflowStarted(now, code.Name, input));
    }

    public const string InstanceId = "plan-1";

    public IReadOnlyList<WorkflowEvent> History => _history;

    public EpisodeResult Result { get; private set; } = null!;

    public string? Output => (Result.Outcome as WorkflowCompleted)?.Output;

    public string? Error => (Result.Outcome as WorkflowFailed)?.Error;

    public static Story Of<TInput, TOutput>(TInput input, Func<IWorkflowContext, TInput, Task<TOutput>> run) =>
        new(WorkflowCode.Of(new Workflow<TInput, TOutput>("Story", run)), MaintenanceJson.Write(input));

    /// <summary>Without an input.</summary>
    public static Story Of<TOutput>(Func<IWorkflowContext, Task<TOutput>> run) => Of(0, (context, _) => run(context));

    public Story Complete<T>(int step, T output) => Happen(now => new ActivityCompleted(now, step, MaintenanceJson.Write(output)));

    public Story Fail(int step, string error) => Happen(now => new ActivityFailed(now, step, error));

    public Story Raise(string name) => Happen(now => new EventRaised(now, name));

    public Story Reach(int step) => Happen(now => new DeadlineReached(now, step));

    /// <summary>The same history under other code.</summary>
    public EpisodeResult Under<TOutput>(Func<IWorkflowContext, Task<TOutput>> run) =>
        WorkflowEpisode.Run(WorkflowCode.Of(new Workflow<int, TOutput>("Story", (context, _) => run(context))), InstanceId, _history);

    public Story Happen(Func<DateTimeOffset, WorkflowEvent> what)
    {
        _history.Add(what(Start.AddMinutes(_minute++)));
        Result = WorkflowEpisode.Run(_code, InstanceId, _history);
        _history.AddRange(Result.NewEvents);
        return this;
    }
}
