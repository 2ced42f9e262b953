using Maintenance.Tickets;

namespace Maintenance.Knowledge;

/// <summary>Hears which articles tickets are linked to and that they were solved.</summary>
public sealed class KnowledgeFollower(KnowledgeBook book) : ITicketFollower
{
    /// <inheritdoc/>
    public Task HearAsync(Ticket ticket, TicketEvent entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Kind is not (TicketEventKind.Resolved or TicketEventKind.Reopened or TicketEventKind.Edited or TicketEventKind.Triaged or TicketEventKind.Closed))
        {
            return Task.CompletedTask;
        }

        var solved = ticket is { IsOpen: false, Resolution: TicketResolution.Solved } ? ticket.ResolvedAt : null;

        // The ticket is as its newest event left it, whichever of them is heard of.
        var newest = ticket.History?.LastOrDefault() ?? entry;
        return book.NoteTicketAsync(new TicketArticles(ticket.Id, ticket.Title, ticket.Service, ticket.Articles, solved, newest.At) { Number = newest.Number }, cancellation);
    }
}
