namespace Maintenance.Tickets;

/// <summary>
/// Somebody who has to hear of every event of a ticket: whoever tells people, keeps an index, or counts. Heard of at least once, after the event is durable, and in any
/// order; so a follower goes by the ticket as it is now, and does under a key made from ticket and event what must be done once.
/// </summary>
public interface ITicketFollower
{
    /// <summary>Hears of an event. An exception has it told again, to every follower.</summary>
    /// <param name="ticket">The ticket as it is now, with its whole history: later events may have happened.</param>
    /// <param name="entry">The event.</param>
    /// <param name="cancellation">Gives up; the event is told again.</param>
    Task HearAsync(Ticket ticket, TicketEvent entry, CancellationToken cancellation);
}
