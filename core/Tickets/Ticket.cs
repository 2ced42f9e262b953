using Maintenance.ServiceLevels;

namespace Maintenance.Tickets;

/// <summary>A ticket. Instants are UTC.</summary>
/// <param name="Id">Such as <c>T-1042</c>.</param>
/// <param name="Type">What it is.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Title">One line.</param>
/// <param name="Description">What was said.</param>
/// <param name="Service">The id of the service, where it is known.</param>
/// <param name="Impact">How many are affected.</param>
/// <param name="Urgency">How soon it hurts.</param>
/// <param name="Priority">From the plan's matrix.</param>
/// <param name="Requester">Who asked, and how to reach them, where they said so.</param>
/// <param name="CreatedAt">When support was told: the start of both clocks.</param>
/// <param name="ResponseDue">By when somebody must have answered.</param>
/// <param name="ResolutionDue">By when it must be solved.</param>
/// <param name="RespondedAt">When somebody answered first; never reset.</param>
/// <param name="ResolvedAt">When it was solved.</param>
/// <param name="FeedbackReference">The reference of the feedback that it came from.</param>
/// <param name="Breaches">Targets that were missed.</param>
/// <param name="History">Everything that happened, oldest first.</param>
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
    DateTimeOffset ResponseDue,
    DateTimeOffset ResolutionDue,
    DateTimeOffset? RespondedAt,
    DateTimeOffset? ResolvedAt,
    string? FeedbackReference,
    IReadOnlyList<Breach> Breaches,
    IReadOnlyList<TicketEvent> History)
{
    /// <summary>True until it is resolved.</summary>
    public bool IsOpen => State != TicketState.Resolved;

    /// <summary>When a target is due.</summary>
    public DateTimeOffset Due(ServiceTarget target) => target == ServiceTarget.Response ? ResponseDue : ResolutionDue;

    /// <summary>When a target was reached, or null.</summary>
    public DateTimeOffset? Reached(ServiceTarget target) => target == ServiceTarget.Response ? RespondedAt ?? ResolvedAt : ResolvedAt;

    /// <summary>The next target that runs, or null where none does.</summary>
    public ServiceTarget? Running => !IsOpen ? null : RespondedAt is null ? ServiceTarget.Response : ServiceTarget.Resolution;
}

/// <summary>Where a ticket stands.</summary>
public enum TicketState
{
    /// <summary>Nobody has answered yet.</summary>
    New,

    /// <summary>Somebody has answered and works on it.</summary>
    InProgress,

    /// <summary>Solved.</summary>
    Resolved,
}

/// <summary>Something that happened to a ticket.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="By">The id of a person, or <c>system</c>.</param>
/// <param name="What">In words.</param>
/// <param name="Said">What the requester was told with it, or null where it is internal.</param>
/// <param name="Key">The idempotency key of the request that did it, or null: the same key from the same person is the same act, sent again.</param>
public sealed record TicketEvent(DateTimeOffset At, string By, string What, string? Said = null, string? Key = null);
