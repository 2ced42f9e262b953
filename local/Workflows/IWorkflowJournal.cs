using Maintenance.Workflows;

namespace Maintenance.Local.Workflows;

/// <summary>Where the engine keeps its instances and their histories. Every write is durable when its task completes, and takes place whole or not at all.</summary>
public interface IWorkflowJournal
{
    /// <summary>Makes an instance with its first event unless there is one of this id, whatever its state.</summary>
    /// <returns>True when this call made it.</returns>
    Task<bool> CreateAsync(string instanceId, WorkflowStarted started, CancellationToken cancellation);

    /// <summary>Adds events to a running instance's history, provided that it has exactly <paramref name="expected"/> events now.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="expected">How many events the writer knows: the number of the first new one, counting from 0.</param>
    /// <param name="events">One or more. An outcome among them ends the instance.</param>
    /// <param name="status">What the workflow says of itself.</param>
    /// <param name="at">When this is (UTC).</param>
    /// <param name="cancellation">Withdraws the write as long as it has not begun.</param>
    Task<AppendResult> AppendAsync(
        string instanceId, int expected, IReadOnlyList<WorkflowEvent> events, string? status, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Adds an event at the end of a running instance's history.</summary>
    /// <returns>False when there is no such instance or it has ended.</returns>
    Task<bool> RaiseAsync(string instanceId, EventRaised raised, CancellationToken cancellation);

    /// <summary>An instance with its history, or null.</summary>
    /// <exception cref="InvalidDataException">A newer version of the program wrote it, or it is damaged.</exception>
    Task<JournalledInstance?> LoadAsync(string instanceId, CancellationToken cancellation);

    /// <summary>The events of an instance from number <paramref name="from"/> on, counting from 0.</summary>
    Task<IReadOnlyList<WorkflowEvent>> ReadAsync(string instanceId, int from, CancellationToken cancellation);

    /// <summary>The ids of all running instances, oldest first.</summary>
    Task<IReadOnlyList<string>> RunningAsync(CancellationToken cancellation);

    /// <summary>What is known of an instance, or null.</summary>
    Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellation);

    /// <summary>The running instances and those that failed at an instant (UTC) or later, those that moved longest ago first.</summary>
    Task<IReadOnlyList<WorkflowStatus>> ListAsync(DateTimeOffset failedSince, int take, CancellationToken cancellation);

    /// <summary>Deletes the instances that ended before an instant (UTC), with their histories.</summary>
    /// <returns>How many.</returns>
    Task<int> PurgeAsync(DateTimeOffset before, CancellationToken cancellation);
}

/// <summary>What became of an append.</summary>
public enum AppendResult
{
    /// <summary>The events are in the history.</summary>
    Appended,

    /// <summary>The history has other events than the writer knows; nothing was written.</summary>
    Moved,

    /// <summary>The instance has ended or is gone; nothing was written.</summary>
    Ended,
}

/// <summary>An instance as the journal has it.</summary>
/// <param name="InstanceId">Its id.</param>
/// <param name="Workflow">Its workflow's name.</param>
/// <param name="State">Where it stands.</param>
/// <param name="History">Its events in order.</param>
public sealed record JournalledInstance(string InstanceId, string Workflow, WorkflowState State, IReadOnlyList<WorkflowEvent> History);
