using NodaTime;

namespace Maintenance.Handover;

/// <summary>The plan's section <c>handover</c>: how the system passes to the people who run it.</summary>
/// <param name="Id">Short and stable; another handover has another one.</param>
/// <param name="Name">What is handed over, in a line.</param>
/// <param name="Manager">The person or role that sees to it.</param>
/// <param name="Team">The id of the team that takes over.</param>
/// <param name="Planned">The local date on which it is to be accepted.</param>
/// <param name="Signatories">The two people who sign: who hands over, and who takes over.</param>
/// <param name="Checklist">What must be shown before.</param>
/// <param name="Control">What changes hands: accounts, keys, domains, contracts.</param>
/// <param name="Outstanding">What is still to be done, by whom, until when, and how one sees that it is.</param>
public sealed record HandoverPlan(
    string Id, string Name, string Manager, string Team, LocalDate Planned, IReadOnlyList<string> Signatories, IReadOnlyList<HandoverCheck> Checklist, IReadOnlyList<ControlItem> Control, IReadOnlyList<OutstandingIssue> Outstanding);

/// <summary>How a line of the checklist is shown.</summary>
public enum CheckKind
{
    /// <summary>There is a proven backup that is young enough.</summary>
    Backup,

    /// <summary>Somebody of the team took part in a drill that passed, since the handover began.</summary>
    Drill,

    /// <summary>Everybody of the team is trained.</summary>
    Training,

    /// <summary>Its owner confirms it, and says what shows it.</summary>
    Manual,
}

/// <summary>A line of the acceptance checklist.</summary>
/// <param name="Id">Short; unique in the checklist.</param>
/// <param name="Name">What must be so.</param>
/// <param name="Owner">The person or role that answers for it.</param>
/// <param name="Kind">How it is shown.</param>
/// <param name="Of">The id of the backup policy, recovery strategy or training programme; for one that is confirmed, what must be shown.</param>
public sealed record HandoverCheck(string Id, string Name, string Owner, CheckKind Kind, string Of);

/// <summary>What kind of control changes hands.</summary>
public enum ControlKind
{
    /// <summary>An account with rights.</summary>
    Account,

    /// <summary>A key or certificate.</summary>
    Key,

    /// <summary>A domain or other name.</summary>
    Domain,

    /// <summary>A contract or licence.</summary>
    Contract,

    /// <summary>A place, a device, a stock.</summary>
    Asset,
}

/// <summary>Something that changes hands. It has when the one says that they gave it and the other that they took it.</summary>
/// <param name="Id">Short; unique in the list.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Which one.</param>
/// <param name="From">The person or role that gives it away.</param>
/// <param name="To">The person or role that takes it.</param>
public sealed record ControlItem(string Id, ControlKind Kind, string Name, string From, string To);

/// <summary>Something that is still to be done when the system is handed over.</summary>
/// <param name="Id">Short; unique in the list.</param>
/// <param name="Title">What, in a line.</param>
/// <param name="Criteria">How one sees that it is done.</param>
/// <param name="Owner">The person or role that does it.</param>
/// <param name="Due">The local date until which it is done.</param>
/// <param name="Impact">The id of the impact of its ticket.</param>
/// <param name="Urgency">The id of the urgency of its ticket.</param>
/// <param name="Service">The id of its service; null for none.</param>
public sealed record OutstandingIssue(string Id, string Title, string Criteria, string Owner, LocalDate Due, string Impact, string Urgency, string? Service);
