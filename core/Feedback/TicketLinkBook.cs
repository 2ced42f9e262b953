using Maintenance.Storage;
using Maintenance.Tickets;

namespace Maintenance.Feedback;

/// <summary>
/// Which tickets lead to which: a ticket to the problem that caused it, the problem to the change that it waits for, a ticket to the one of which it is a duplicate.
/// Tickets know where they lead; the book knows from where. A row that is no longer so is seen to be, and passed over.
/// </summary>
public sealed class TicketLinkBook(IRecordStore records, TicketService tickets)
{
    /// <summary>So many tickets are followed from one.</summary>
    public const int Most = 1000;

    /// <summary>Notes where a ticket leads.</summary>
    public async Task NoteAsync(Ticket ticket, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        foreach (var target in ticket.Links.Select(static link => link.Ticket).Distinct(StringComparer.Ordinal))
        {
            await records.WriteAsync(Tables.FeedbackIndex, To(target), RecordWrite.Put(ticket.Id, MaintenanceJson.Write(new LinkRow(ticket.Id))), cancellation);
        }
    }

    /// <summary>The tickets that lead to one, over however many others; the nearest first, without itself, and at most <see cref="Most"/>.</summary>
    public Task<IReadOnlyList<Ticket>> LeadingToAsync(string id, CancellationToken cancellation) => WalkAsync(
        id,
        async (target, found) =>
        {
            await foreach (var row in records.ListAsync<LinkRow>(Tables.FeedbackIndex, To(target.Id), RowRange.All, cancellation))
            {
                if (await tickets.FindAsync(row.Value.From, cancellation) is { Value: var source } && source.Links.Any(link => link.Ticket == target.Id) && !found(source))
                {
                    return;
                }
            }
        },
        cancellation);

    /// <summary>The tickets to which one leads, the same way.</summary>
    public Task<IReadOnlyList<Ticket>> LedToAsync(string id, CancellationToken cancellation) => WalkAsync(
        id,
        async (source, found) =>
        {
            foreach (var link in source.Links)
            {
                if (await tickets.FindAsync(link.Ticket, cancellation) is { Value: var target } && !found(target))
                {
                    return;
                }
            }
        },
        cancellation);

    private async Task<IReadOnlyList<Ticket>> WalkAsync(string id, Func<Ticket, Func<Ticket, bool>, Task> next, CancellationToken cancellation)
    {
        if (await tickets.FindAsync(id, cancellation) is not { Value: var start })
        {
            return [];
        }

        // Each once: links may well run in a circle.
        var seen = new HashSet<string>(StringComparer.Ordinal) { id };
        var walked = new List<Ticket> { start };
        for (var i = 0; i < walked.Count && walked.Count <= Most; i++)
        {
            await next(walked[i], found =>
            {
                if (seen.Add(found.Id))
                {
                    walked.Add(found);
                }

                return walked.Count <= Most;
            });
        }

        return [.. walked.Skip(1).Take(Most)];
    }

    private static string To(string ticket) => "links_" + ticket;

    private sealed record LinkRow(string From);
}
