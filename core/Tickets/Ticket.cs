using System.Text.Json.Serialization;
using Maintenance.ServiceLevels;

namespace Maintenance.Tickets;

/// <summary>A ticket as it stands. Instants are UTC. What happened to it is stored beside it, as <see cref="TicketEvent"/>s.</summary>
/// <param name="Id">Such as <c>T-1042</c>.</param>
/// <param name="Type">What it is.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Title">One line.</param>
/// <param name="Description">What was said.</param>
/// <param name="Service">The id of the service, where it is known.</param>
/// <param name="Impact">How many are affected.</param>
/// <param name="Urgency">How soon it hurts.</param>
/// <param name="Priority">From the plan's matrix.</param>
/// <param name="Requester">Who asked: the id of a person of the plan, or how they named themselves.</param>
/// <param name="CreatedAt">When support was told: the start of both clocks.</param>
/// <param name="Clock">What its clocks count from; see <see cref="ServiceLevelClock"/>.</param>
public sealed record Ticket(
    string Id,
    TicketType Type,
    TicketState State,
    string Title,
    string Description,
    string? Service,
    string Impact,
    string Urgency,
    string Priority,
    string? Requester,
    DateTimeOffset CreatedAt,
    IReadOnlyList<ClockEvent> Clock)
{
    /// <summary>What kind of maintenance it is; null until somebody has said so.</summary>
    public MaintenanceType? Maintenance { get; init; }

    /// <summary>For whom it waits, while it does.</summary>
    public WaitingFor? WaitingFor { get; init; }

    /// <summary>How it was solved; null until it is.</summary>
    public TicketResolution? Resolution { get; init; }

    /// <summary>The id of the team in whose queue it is; null where the plan has none for it.</summary>
    public string? Team { get; init; }

    /// <summary>The id of the person who has it.</summary>
    public string? Assignee { get; init; }

    /// <summary>What whoever works on it must know.</summary>
    public IReadOnlyList<string> Skills { get; init; } = [];

    /// <summary>Words that people sort by, in lower case.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The ids of people who want to hear of it.</summary>
    public IReadOnlyList<string> Watchers { get; init; } = [];

    /// <summary>What it has to do with other tickets.</summary>
    public IReadOnlyList<TicketLink> Links { get; init; } = [];

    /// <summary>The ids of the documents that helped to solve it.</summary>
    public IReadOnlyList<string> Articles { get; init; } = [];

    /// <summary>Files that belong to it.</summary>
    public IReadOnlyList<TicketAttachment> Attachments { get; init; } = [];

    /// <summary>When somebody must have answered; null where the clock stands, or the plan no longer has the priority. Follows from <see cref="Clock"/> and the plan.</summary>
    public DateTimeOffset? ResponseDue { get; init; }

    /// <summary>When it must be solved; the same.</summary>
    public DateTimeOffset? ResolutionDue { get; init; }

    /// <summary>When somebody answered first; never reset.</summary>
    public DateTimeOffset? RespondedAt { get; init; }

    /// <summary>When it was solved; null again where it is reopened.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>When it was closed; null again where it is reopened.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The reference of the feedback that it came from.</summary>
    public string? FeedbackReference { get; init; }

    /// <summary>So many people have said the same; 1 for the requester alone.</summary>
    public int Reports { get; init; } = 1;

    /// <summary>Targets that were missed.</summary>
    public IReadOnlyList<Breach> Breaches { get; init; } = [];

    /// <summary>The marks that have fired, such as <c>resolution/level-1</c>: each fires once.</summary>
    public IReadOnlyList<string> Fired { get; init; } = [];

    /// <summary>Who has said, of which target, that they see to it.</summary>
    public IReadOnlyList<Acknowledgement> Acknowledgements { get; init; } = [];

    /// <summary>So many events it has.</summary>
    public int Events { get; init; }

    /// <summary>Everything that happened, oldest first; null where only the ticket itself was read.</summary>
    public IReadOnlyList<TicketEvent>? History { get; init; }

    /// <summary>The id of the person of the plan who asked; null for somebody from outside, whatever they call themselves.</summary>
    [JsonIgnore]
    public string? RequesterId => FeedbackReference is null ? Requester : null;

    /// <summary>True until it is resolved.</summary>
    public bool IsOpen => State is not (TicketState.Resolved or TicketState.Closed);

    /// <summary>When a target is due.</summary>
    public DateTimeOffset? Due(ServiceTarget target) => target == ServiceTarget.Response ? ResponseDue : ResolutionDue;

    /// <summary>When a target was reached, or null.</summary>
    public DateTimeOffset? Reached(ServiceTarget target) => target == ServiceTarget.Response ? RespondedAt : ResolvedAt;

    /// <summary>The next target that runs, or null where none does.</summary>
    public ServiceTarget? Running => !IsOpen ? null : RespondedAt is null ? ServiceTarget.Response : ServiceTarget.Resolution;
}

/// <summary>What a ticket has to do with another one.</summary>
/// <param name="Kind">What.</param>
/// <param name="Ticket">The id of the other one.</param>
public sealed record TicketLink(TicketLinkKind Kind, string Ticket);

/// <summary>A file that belongs to a ticket.</summary>
/// <param name="Name">As whoever attached it named it.</param>
/// <param name="MediaType">Of its content, such as <c>image/png</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="StoredAs">Its name in the object store.</param>
/// <param name="By">Who attached it.</param>
/// <param name="At">When (UTC).</param>
/// <param name="IsPublic">True where the requester may see it.</param>
public sealed record TicketAttachment(string Name, string MediaType, long Bytes, string StoredAs, string By, DateTimeOffset At, bool IsPublic);

/// <summary>Somebody has said that they see to a target that is about to be missed, or was.</summary>
/// <param name="Target">Which.</param>
/// <param name="By">The id of the person.</param>
/// <param name="At">When (UTC).</param>
public sealed record Acknowledgement(ServiceTarget Target, string By, DateTimeOffset At);

/// <summary>Kinds of event.</summary>
public enum TicketEventKind
{
    /// <summary>It was opened.</summary>
    Opened,

    /// <summary>Somebody has looked at it: type, priority, service, team.</summary>
    Triaged,

    /// <summary>Somebody has it, or nobody any more.</summary>
    Assigned,

    /// <summary>Work has begun.</summary>
    Started,

    /// <summary>It waits for somebody.</summary>
    Waiting,

    /// <summary>It waits no longer.</summary>
    Resumed,

    /// <summary>The requester was answered.</summary>
    Responded,

    /// <summary>Somebody has said something.</summary>
    Commented,

    /// <summary>It was solved.</summary>
    Resolved,

    /// <summary>It was closed.</summary>
    Closed,

    /// <summary>It was not solved after all.</summary>
    Reopened,

    /// <summary>Title, description, tags, links, watchers or attachments have changed.</summary>
    Edited,

    /// <summary>More people have said the same.</summary>
    Reported,

    /// <summary>A part of a target is used up, a target was missed, or a level of the chain was told.</summary>
    Escalated,

    /// <summary>Somebody sees to it.</summary>
    Acknowledged,
}

/// <summary>Something that happened to a ticket.</summary>
/// <param name="Number">1 for the first, counting up.</param>
/// <param name="At">When (UTC).</param>
/// <param name="By">The id of a person, <c>requester</c>, or <c>system</c>.</param>
/// <param name="Kind">What kind of thing.</param>
/// <param name="What">In words.</param>
/// <param name="Said">What the requester was told or has said, where they may read it.</param>
/// <param name="Note">What only staff may read: an internal comment, or a reason.</param>
public sealed record TicketEvent(int Number, DateTimeOffset At, string By, TicketEventKind Kind, string What, string? Said = null, string? Note = null)
{
    /// <summary>The id of the person to whom the ticket was given, or who took it; null for everything else.</summary>
    public string? To { get; init; }
}
