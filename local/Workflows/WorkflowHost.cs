namespace Maintenance.Local.Workflows;

/// <summary>What the engine lends to each of its running instances.</summary>
/// <param name="Journal">Where the histories are.</param>
/// <param name="Workflows">The known workflows.</param>
/// <param name="Activities">The known activities.</param>
/// <param name="Clock">The clock; instants are UTC.</param>
/// <param name="Log">The log.</param>
/// <param name="Slots">One for each activity that may run at once.</param>
/// <param name="Work">Where work is started.</param>
/// <param name="WakeUps">Where an instance says when it is to be woken.</param>
/// <param name="Closed">Called with an instance's id when it is no longer run, because it has ended or cannot be run here.</param>
/// <param name="Stopping">Cancelled when no new attempt may begin and the running ones should end.</param>
/// <param name="Abandoned">Cancelled when nothing more may be written.</param>
internal sealed record WorkflowHost(
    IWorkflowJournal Journal,
    WorkflowRegistry Workflows,
    ActivityRegistry Activities,
    TimeProvider Clock,
    ILogger Log,
    SemaphoreSlim Slots,
    WorkInHand Work,
    WakeUps WakeUps,
    Action<string> Closed,
    CancellationToken Stopping,
    CancellationToken Abandoned);
