using System.Text.Json;
using System.Text.Json.Serialization;
using Maintenance.Workflows;

namespace Maintenance.Local.Workflows;

/// <summary>
/// One line of an instance's history. The history is the instance: what happened to it in the order in which it happened, and what its code asked for.
/// Some events are <em>delivered</em> to the code on every replay, in their order; the others say what was asked for and how the attempts at it went.
/// </summary>
/// <param name="At">When it happened (UTC); for what the code asked for, the workflow's own time then.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(WorkflowStarted), "workflowStarted")]
[JsonDerivedType(typeof(ActivityScheduled), "activityScheduled")]
[JsonDerivedType(typeof(AttemptStarted), "attemptStarted")]
[JsonDerivedType(typeof(AttemptReleased), "attemptReleased")]
[JsonDerivedType(typeof(AttemptFailed), "attemptFailed")]
[JsonDerivedType(typeof(ActivityCompleted), "activityCompleted")]
[JsonDerivedType(typeof(ActivityFailed), "activityFailed")]
[JsonDerivedType(typeof(WaitScheduled), "waitScheduled")]
[JsonDerivedType(typeof(DeadlineReached), "deadlineReached")]
[JsonDerivedType(typeof(EventRaised), "eventRaised")]
[JsonDerivedType(typeof(WorkflowCompleted), "workflowCompleted")]
[JsonDerivedType(typeof(WorkflowFailed), "workflowFailed")]
public abstract record WorkflowEvent(DateTimeOffset At)
{
    /// <summary>The event's name in the journal: the text of <c>kind</c>.</summary>
    [JsonIgnore]
    public string Kind => JsonNamingPolicy.CamelCase.ConvertName(GetType().Name);

    /// <summary>Whether the workflow's code gets to see it.</summary>
    [JsonIgnore]
    public virtual bool IsDelivered => false;
}

/// <summary>The first event of every history.</summary>
/// <param name="At">When it was started (UTC).</param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Input">Its input as JSON.</param>
public sealed record WorkflowStarted(DateTimeOffset At, string Workflow, string Input) : WorkflowEvent(At);

/// <summary>The code asked for a step. Steps are numbered from 1 in the order in which the code asks for them.</summary>
/// <param name="At">The workflow's time (UTC).</param>
/// <param name="Step">The step's number.</param>
public abstract record StepScheduled(DateTimeOffset At, int Step) : WorkflowEvent(At)
{
    /// <summary>The step in words, for messages.</summary>
    [JsonIgnore]
    public abstract string Words { get; }
}

/// <summary>The code called an activity.</summary>
/// <param name="At">The workflow's time (UTC).</param>
/// <param name="Step">The step's number.</param>
/// <param name="Activity">The activity's name.</param>
/// <param name="Input">Its input as JSON.</param>
/// <param name="Retry">How often and how far apart it is tried.</param>
public sealed record ActivityScheduled(DateTimeOffset At, int Step, string Activity, string Input, RetryRule Retry) : StepScheduled(At, Step)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Words => $"the activity {Activity}";
}

/// <summary>The code began to wait for an event.</summary>
/// <param name="At">The workflow's time (UTC).</param>
/// <param name="Step">The step's number.</param>
/// <param name="Event">The event's name; names compare without case.</param>
/// <param name="Deadline">When the wait ends without the event (UTC).</param>
public sealed record WaitScheduled(DateTimeOffset At, int Step, string Event, DateTimeOffset Deadline) : StepScheduled(At, Step)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Words => $"the wait for the event '{Event}'";
}

/// <summary>An attempt at an activity is about to begin. Written before it does, so that one which kills the process is known afterwards.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Step">The step's number.</param>
/// <param name="Attempt">1 for the first.</param>
public sealed record AttemptStarted(DateTimeOffset At, int Step, int Attempt) : WorkflowEvent(At);

/// <summary>The engine stopped and gave the attempt back: it does not count, and is made again under the same number.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Step">The step's number.</param>
/// <param name="Attempt">The attempt's number.</param>
public sealed record AttemptReleased(DateTimeOffset At, int Step, int Attempt) : WorkflowEvent(At);

/// <summary>An attempt failed and another one is due.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Step">The step's number.</param>
/// <param name="Attempt">The attempt's number.</param>
/// <param name="Error">The error's message.</param>
/// <param name="RetryAt">When the next attempt is due (UTC).</param>
/// <param name="Crashed">True when the process ended while the attempt ran.</param>
public sealed record AttemptFailed(DateTimeOffset At, int Step, int Attempt, string Error, DateTimeOffset RetryAt, bool Crashed) : WorkflowEvent(At);

/// <summary>The activity has its result. It never runs again.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Step">The step's number.</param>
/// <param name="Output">The result as JSON.</param>
public sealed record ActivityCompleted(DateTimeOffset At, int Step, string Output) : WorkflowEvent(At)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsDelivered => true;
}

/// <summary>The activity failed for good.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Step">The step's number.</param>
/// <param name="Error">The last error's message.</param>
public sealed record ActivityFailed(DateTimeOffset At, int Step, string Error) : WorkflowEvent(At)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsDelivered => true;
}

/// <summary>A wait's deadline came. Without meaning when the wait is over already.</summary>
/// <param name="At">When it was seen to have come (UTC).</param>
/// <param name="Step">The wait's step number.</param>
public sealed record DeadlineReached(DateTimeOffset At, int Step) : WorkflowEvent(At)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsDelivered => true;
}

/// <summary>An event was raised at the instance.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Name">The event's name; names compare without case.</param>
public sealed record EventRaised(DateTimeOffset At, string Name) : WorkflowEvent(At)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsDelivered => true;
}

/// <summary>The workflow ended with a result: the last event of its history.</summary>
/// <param name="At">The workflow's time (UTC).</param>
/// <param name="Output">The result as JSON.</param>
public sealed record WorkflowCompleted(DateTimeOffset At, string Output) : WorkflowEvent(At);

/// <summary>The workflow ended with an error: the last event of its history.</summary>
/// <param name="At">The workflow's time (UTC).</param>
/// <param name="Error">The error's message.</param>
public sealed record WorkflowFailed(DateTimeOffset At, string Error) : WorkflowEvent(At);
