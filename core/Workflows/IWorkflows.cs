using Maintenance.Storage;

namespace Maintenance.Workflows;

/// <summary>A workflow's name, shape and code. The code is deterministic (see <see cref="IWorkflowContext"/>).</summary>
/// <param name="Name">Unique; letters and digits.</param>
/// <param name="RunAsync">The code.</param>
public sealed record Workflow<TInput, TOutput>(string Name, Func<IWorkflowContext, TInput, Task<TOutput>> RunAsync);

/// <summary>Starts, wakes and watches workflow instances.</summary>
public interface IWorkflows
{
    /// <summary>Starts an instance unless one of this id exists, whatever its state. Durable when the task completes.</summary>
    /// <param name="workflow">Which workflow.</param>
    /// <param name="instanceId">Made from what the instance is for; see <see cref="WorkflowIds"/>.</param>
    /// <param name="input">Small: ids and references, never payloads.</param>
    /// <param name="cancellation">Gives up waiting; the start may have happened.</param>
    /// <returns>True when this call started it.</returns>
    Task<bool> StartAsync<TInput, TOutput>(Workflow<TInput, TOutput> workflow, string instanceId, TInput input, CancellationToken cancellation);

    /// <summary>Raises an event: kept until the instance waits for it. Raising at an instance that has ended or does not exist does nothing.</summary>
    Task RaiseAsync(string instanceId, string eventName, CancellationToken cancellation);

    /// <summary>The state of an instance, or null when there is none.</summary>
    Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellation);

    /// <summary>The instances that have not ended, and those that failed at <paramref name="failedSince"/> (UTC) or later; in no promised order.</summary>
    /// <param name="failedSince">How far back failures are of interest.</param>
    /// <param name="take">The most that are returned: a host may have very many, and whoever watches must cost the same.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<WorkflowStatus>> ListAsync(DateTimeOffset failedSince, int take, CancellationToken cancellation);

    /// <summary>
    /// Ends an instance where it stands: it fails with <paramref name="error"/>, and its code runs no further. An activity that is under way is not stopped; what it
    /// comes to is dropped.
    /// </summary>
    /// <param name="instanceId">Which.</param>
    /// <param name="error">Who ended it and why; see <see cref="WorkflowTermination.Error"/>.</param>
    /// <param name="cancellation">Gives up waiting; it may be ended all the same.</param>
    Task<TerminationOutcome> TerminateAsync(string instanceId, string error, CancellationToken cancellation);
}

/// <summary>Where an instance stands.</summary>
public enum WorkflowState
{
    /// <summary>Started and not ended.</summary>
    Running,

    /// <summary>Ended with a result.</summary>
    Completed,

    /// <summary>Ended with an error.</summary>
    Failed,
}

/// <summary>What is known of an instance.</summary>
/// <param name="InstanceId">Its id.</param>
/// <param name="Workflow">Its workflow's name.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">When it was started (UTC).</param>
/// <param name="UpdatedAt">When it last moved (UTC).</param>
/// <param name="Status">What it says it is doing.</param>
/// <param name="Output">Its result as JSON, once completed.</param>
/// <param name="Error">Why it failed.</param>
public sealed record WorkflowStatus(
    string InstanceId, string Workflow, WorkflowState State, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string? Status, string? Output, string? Error);

/// <summary>Which instance ids are allowed on both hosts: 1 to 100 characters, none of <c>/ \ # ?</c>, no control character, no half of a surrogate pair, not starting with <c>@</c>.</summary>
public static class WorkflowIds
{
    /// <summary>True where an instance may have the id.</summary>
    public static bool IsAllowed(string instanceId)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        return instanceId.Length is > 0 and <= 100 && instanceId[0] != '@'
            && !instanceId.Any(static c => c is '/' or '\\' or '#' or '?' || char.IsControl(c))
            && !Enumerable.Range(0, instanceId.Length).Any(index => SurrogatePairs.IsHalf(instanceId, index));
    }

    /// <summary>Throws unless the id is allowed.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static void Check(string instanceId)
    {
        if (!IsAllowed(instanceId))
        {
            throw new ArgumentException($"'{instanceId}' is not a workflow instance id: 1 to 100 characters without / \\ # ?, not starting with @.", nameof(instanceId));
        }
    }
}
