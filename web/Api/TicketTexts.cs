using System.Text.Json;
using Maintenance.Tickets;

namespace Maintenance.Web.Api;

/// <summary>An answer to the requester, or the solution.</summary>
/// <param name="Text">What the requester is told: 1 to 4,000 characters.</param>
public sealed record TicketText(string Text);

/// <summary>A ticket as it is asked for.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Title">One line of at most 200 characters.</param>
/// <param name="Description">What is the matter: at most 20,000 characters.</param>
public sealed record NewTicketText(TicketType Type, string Title, string Description)
{
    /// <summary>The id of the service, where it is known.</summary>
    public string? Service { get; init; }

    /// <summary>How many are affected; the least of the plan where left out.</summary>
    public string? Impact { get; init; }

    /// <summary>How soon it hurts; the least of the plan where left out.</summary>
    public string? Urgency { get; init; }

    /// <summary>What kind of maintenance it is, where that is known.</summary>
    public MaintenanceType? Maintenance { get; init; }

    /// <summary>Who asked, where that is not whoever opens it: the id of a person of the plan, or how somebody named themselves. Only staff asks for others.</summary>
    public string? Requester { get; init; }

    /// <summary>What whoever works on it must know.</summary>
    public IReadOnlyList<string>? Skills { get; init; }

    /// <summary>Words that people sort by.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>What it has to do with other tickets.</summary>
    public IReadOnlyList<TicketLink>? Links { get; init; }
}

/// <summary>The same act for several tickets.</summary>
/// <param name="Tickets">Their ids: 1 to 200.</param>
/// <param name="Act">What is done to each.</param>
public sealed record BulkText(IReadOnlyList<string> Tickets, JsonElement Act);

/// <summary>What became of an act for several tickets.</summary>
/// <param name="Done">So many tickets it was done to.</param>
/// <param name="Refused">So many it was not.</param>
/// <param name="Tickets">Each, in the order in which they were sent.</param>
public sealed record BulkReport(int Done, int Refused, IReadOnlyList<BulkOutcome> Tickets);

/// <summary>What became of an act for one of several tickets.</summary>
/// <param name="Ticket">Its id.</param>
/// <param name="IsDone">True where it was done, now or by an earlier request with this key.</param>
/// <param name="State">Where the ticket stands now; null where it was not done.</param>
/// <param name="Problem">Why it was not done; null where it was.</param>
/// <param name="Status">The HTTP status that the act would have had by itself.</param>
public sealed record BulkOutcome(string Ticket, bool IsDone, TicketState? State, string? Problem, int Status);

/// <summary>Where to go on with indexing anew.</summary>
/// <param name="After">The number of the last ticket that was indexed; null to begin.</param>
public sealed record ReindexText(int? After = null);
