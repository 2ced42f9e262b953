using Maintenance.Backups;
using Maintenance.Duties;
using Maintenance.Messaging;
using Maintenance.Patches;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;

namespace Maintenance.Status;

/// <summary>How things stand: what the dashboard shows and <c>GET /api/status</c> returns. Instants are UTC.</summary>
/// <param name="System">What the system is called.</param>
/// <param name="At">When this was read.</param>
/// <param name="Plan">Which plan runs.</param>
/// <param name="Attention">What needs a person now, the worst first.</param>
/// <param name="Backups">A line for each backup policy.</param>
/// <param name="Tickets">The open tickets whose clocks end first.</param>
/// <param name="MoreTickets">True when there are more open tickets than are listed.</param>
/// <param name="Patches">The patch requests that wait for votes.</param>
/// <param name="DeadLetters">Messages that were given up.</param>
/// <param name="Timers">Signs of life.</param>
public sealed record StatusReport(
    string System,
    DateTimeOffset At,
    PlanStatus Plan,
    IReadOnlyList<AttentionItem> Attention,
    IReadOnlyList<BackupLine> Backups,
    IReadOnlyList<TicketLine> Tickets,
    bool MoreTickets,
    IReadOnlyList<PatchLine> Patches,
    IReadOnlyList<DeadLetter> DeadLetters,
    IReadOnlyList<Heartbeat> Timers)
{
    /// <summary>The reviews that approved changes owe, those due first in front.</summary>
    public IReadOnlyList<ReviewLine> Reviews { get; init; } = [];

    /// <summary>Duties that are due or overdue, the longest due first.</summary>
    public IReadOnlyList<DutyFact> Duties { get; init; } = [];

    /// <summary>A line for each service.</summary>
    public IReadOnlyList<ServiceLine> Services { get; init; } = [];
}

/// <summary>Which plan runs.</summary>
/// <param name="Hash">SHA-256 of its text.</param>
/// <param name="Since">Since when it runs.</param>
/// <param name="IsStale">True when the current text has errors, so that an older plan goes on.</param>
/// <param name="Problems">The problems of the current text, a line each.</param>
public sealed record PlanStatus(string Hash, DateTimeOffset Since, bool IsStale, IReadOnlyList<string> Problems);

/// <summary>Something that needs a person.</summary>
/// <param name="Severity">How much.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Path">The page where to act.</param>
public sealed record AttentionItem(AttentionSeverity Severity, string Text, string Path);

/// <summary>How much something needs a person.</summary>
public enum AttentionSeverity
{
    /// <summary>Somebody is waiting.</summary>
    Action,

    /// <summary>Something will break if nobody looks.</summary>
    Warning,

    /// <summary>Something is broken.</summary>
    Alarm,
}

/// <summary>A backup policy at a glance.</summary>
/// <param name="Policy">Its id.</param>
/// <param name="Service">The name of its service.</param>
/// <param name="RecoveryPointObjective">The RPO.</param>
/// <param name="ProvenRun">The id of the newest proven run and of its snapshot, or null.</param>
/// <param name="ProvenPoint">The newest proven recovery point, or null.</param>
/// <param name="Age">How old that is.</param>
/// <param name="IsWithinObjective">True when there is one and it is not older than the RPO.</param>
/// <param name="Running">The run under way, or null.</param>
/// <param name="Latest">The newest run that has ended, or null.</param>
/// <param name="Next">The next occurrence of the schedule, or null.</param>
public sealed record BackupLine(
    string Policy, string Service, TimeSpan RecoveryPointObjective, string? ProvenRun, DateTimeOffset? ProvenPoint, TimeSpan? Age, bool IsWithinObjective,
    BackupRun? Running, BackupRun? Latest, DateTimeOffset? Next);

/// <summary>An open ticket against its clock.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Priority">Its priority.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Target">The target that runs.</param>
/// <param name="DueAt">When that is due.</param>
/// <param name="IsOverdue">True once that has passed.</param>
/// <param name="Level">The highest escalation level that was told; 0 for none.</param>
/// <param name="IsUnheard">True where its escalation has ended and nobody has acknowledged it.</param>
public sealed record TicketLine(string Id, string Title, string Priority, TicketState State, ServiceTarget Target, DateTimeOffset? DueAt, bool IsOverdue, int Level, bool IsUnheard = false);

/// <summary>A patch request that waits.</summary>
public sealed record PatchLine(string Id, string Title, PatchType Type, PatchSeverity Severity, string RequestedBy, int Approvals, int Quorum, DateTimeOffset ExpiresAt);

/// <summary>A review that an approved change owes.</summary>
/// <param name="Id">The change's id.</param>
/// <param name="Title">Its title.</param>
/// <param name="DueAt">By when.</param>
public sealed record ReviewLine(string Id, string Title, DateTimeOffset DueAt);

/// <summary>A timer's sign of life.</summary>
/// <param name="Timer">Its name.</param>
/// <param name="At">When it last ran.</param>
/// <param name="Error">Why it failed, or null.</param>
public sealed record Heartbeat(string Timer, DateTimeOffset At, string? Error);
