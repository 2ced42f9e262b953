namespace Maintenance.Workflows;

/// <summary>
/// All that a workflow may touch. Workflows are straight-line async code over this context and are run again from their recorded steps after a crash:
/// time, ids and every effect come from here, and nothing but the context's tasks is awaited. When the code has ended, its open waits are given up, and the
/// instance ends once the activities that it asked for are over.
/// </summary>
public interface IWorkflowContext
{
    /// <summary>The instance's id.</summary>
    string InstanceId { get; }

    /// <summary>The recorded time (UTC): the same on every replay, and moves on only when a step completes.</summary>
    DateTimeOffset Now { get; }

    /// <summary>A new id, the same on every replay.</summary>
    Guid NewGuid();

    /// <summary>Runs an activity: at least once, its result recorded exactly once.</summary>
    /// <exception cref="WorkflowStepFailedException">It failed as often as <paramref name="retry"/> allows.</exception>
    Task<TOutput> CallAsync<TInput, TOutput>(Activity<TInput, TOutput> activity, TInput input, RetryRule retry);

    /// <summary>
    /// Waits until the event is raised or the deadline (UTC) has come. Events raised before the wait are kept for it, first in first out; of several waits for
    /// one name the latest gets the event. The names compare without case.
    /// </summary>
    /// <returns>True when the event came first.</returns>
    Task<bool> WaitForEventAsync(string name, DateTimeOffset deadline);

    /// <summary>Shows what the workflow is doing to whoever asks for its status: a short text.</summary>
    void SetStatus(string status);
}

/// <summary>An activity's name and shape. Both hosts find the code by the name.</summary>
/// <param name="Name">Unique; letters and digits.</param>
#pragma warning disable S2326 // The type parameters give the shape.
public sealed record Activity<TInput, TOutput>(string Name);
#pragma warning restore S2326

/// <summary>How often and how far apart an activity is tried.</summary>
/// <param name="MaxAttempts">The first try included; at least 1.</param>
/// <param name="FirstInterval">The wait after the first failure; above zero.</param>
/// <param name="Coefficient">What each further wait is multiplied by; at least 1.</param>
public sealed record RetryRule(int MaxAttempts, TimeSpan FirstInterval, double Coefficient = 2.0)
{
    /// <summary>One try only.</summary>
    public static RetryRule None { get; } = new(1, TimeSpan.FromSeconds(1));

    /// <summary>Four tries over about seven seconds: for short steps on the store.</summary>
    public static RetryRule Quick { get; } = new(4, TimeSpan.FromSeconds(1));

    /// <summary>Three tries over about 45 seconds: for long steps that touch the outside.</summary>
    public static RetryRule Patient { get; } = new(3, TimeSpan.FromSeconds(15));

    /// <summary>Eight tries over about half an hour: for telling people through relays that may be restarting.</summary>
    public static RetryRule Persistent { get; } = new(8, TimeSpan.FromSeconds(15));

    /// <summary>The wait after failed attempt number <paramref name="attempt"/> (1 and up); null when no further one is due. At most an hour.</summary>
    public TimeSpan? WaitAfter(int attempt) =>
        attempt >= MaxAttempts
            ? null
            : TimeSpan.FromSeconds(Math.Min(3600, FirstInterval.TotalSeconds * Math.Pow(Coefficient, attempt - 1)));
}

/// <summary>An activity failed for good.</summary>
public sealed class WorkflowStepFailedException(string activity, string reason) : Exception($"The step {activity} failed: {reason}")
{
    /// <summary>The activity.</summary>
    public string Activity { get; } = activity;

    /// <summary>The last error's message.</summary>
    public string Reason { get; } = reason;
}
