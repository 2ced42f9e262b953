namespace Maintenance.Tickets;

/// <summary>What a rule makes of a ticket.</summary>
/// <param name="Ticket">The ticket afterwards.</param>
/// <param name="Events">What happened, to be stored with it; none where nothing changed.</param>
public sealed record TicketChange(Ticket Ticket, IReadOnlyList<TicketEvent> Events)
{
    /// <summary>Nothing has changed.</summary>
    public static TicketChange None(Ticket ticket) => new(ticket, []);
}
