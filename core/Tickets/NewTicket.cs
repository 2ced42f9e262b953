namespace Maintenance.Tickets;

/// <summary>What a new ticket is made from.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Title">One line.</param>
/// <param name="Description">What was said.</param>
/// <param name="Service">The id of the service, where it is known.</param>
/// <param name="Impact">How many are affected.</param>
/// <param name="Urgency">How soon it hurts.</param>
/// <param name="Requester">Who asked: the id of a person of the plan, or how they named themselves.</param>
/// <param name="FeedbackReference">The reference of the feedback that it comes from.</param>
/// <param name="CreatedAt">When support was told (UTC): the start of both clocks.</param>
public sealed record NewTicket(
    TicketType Type, string Title, string Description, string? Service, string Impact, string Urgency, string? Requester, string? FeedbackReference, DateTimeOffset CreatedAt)
{
    /// <summary>What kind of maintenance it is, where that is known.</summary>
    public MaintenanceType? Maintenance { get; init; }

    /// <summary>What whoever works on it must know.</summary>
    public IReadOnlyList<string> Skills { get; init; } = [];

    /// <summary>Words that people sort by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What it has to do with other tickets.</summary>
    public IReadOnlyList<TicketLink> Links { get; init; } = [];

    /// <summary>Until when (UTC) it was agreed that it is done: both clocks stand until then. Null where nothing was agreed.</summary>
    public DateTimeOffset? AgreedUntil { get; init; }

    /// <summary>Who opened it: the id of a person, or <c>system</c>.</summary>
    public string OpenedBy { get; init; } = "system";
}
