using Maintenance.Storage;
using Maintenance.Tickets;

namespace Maintenance.Feedback;

/// <summary>
/// Hears what happens to tickets, for those who sent feedback: tells them of answers, of the solution and of what their feedback led to, and notes when their contact data
/// is to be erased.
/// </summary>
public sealed class FeedbackFollower(ReporterTeller teller, TicketLinkBook links, FeedbackExpiry expiry) : ITicketFollower
{
    /// <inheritdoc/>
    public async Task HearAsync(Ticket ticket, TicketEvent entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(entry);
        switch (entry.Kind)
        {
            case TicketEventKind.Responded or TicketEventKind.Commented when entry.Said is not null && entry.By != TicketActor.Requester.Id:
                await teller.TellCommentAsync(ticket, entry, cancellation);
                break;
            case TicketEventKind.Resolved:
                await teller.TellResolvedAsync(ticket, cancellation);
                await TellImprovedAsync(ticket, cancellation);
                break;

            // Somebody has joined; it may have been resolved in the same moment.
            case TicketEventKind.Reported:
                await teller.TellResolvedAsync(ticket, cancellation);
                break;
            case TicketEventKind.Closed when ticket.ClosedAt is { } closedAt:
                await expiry.NoteAsync(ticket.Id, closedAt, cancellation);
                break;
            case TicketEventKind.Opened or TicketEventKind.Edited when ticket.Links.Count > 0:
                await links.NoteAsync(ticket, cancellation);

                // What it leads to may have been solved before anybody knew that it leads there.
                foreach (var item in await links.LedToAsync(ticket.Id, cancellation))
                {
                    await TellImprovedAsync(item, cancellation);
                }

                break;
            default:
                break;
        }
    }

    /// <summary>Tells everybody whose feedback led to a ticket that it is solved. A way around it is no solution, and a duplicate's other one tells by itself.</summary>
    private async Task TellImprovedAsync(Ticket item, CancellationToken cancellation)
    {
        if (item is { IsOpen: false, Resolution: TicketResolution.Solved })
        {
            foreach (var source in await links.LeadingToAsync(item.Id, cancellation))
            {
                await teller.TellImprovedAsync(source, item.Id, cancellation);
            }
        }
    }
}

/// <summary>When contact data is to be erased: so long after its ticket was closed as the plan says then.</summary>
public sealed class FeedbackExpiry(IRecordStore records)
{
    private const string Partition = "expiry";

    /// <summary>Notes that a ticket was closed.</summary>
    public Task NoteAsync(string ticket, DateTimeOffset closedAt, CancellationToken cancellation) =>
        records.WriteAsync(Tables.FeedbackIndex, Partition, RecordWrite.Put(Key(ticket, closedAt), MaintenanceJson.Write(new ClosedTicket(ticket, closedAt))), cancellation);

    /// <summary>The first tickets that were closed before an instant, oldest first.</summary>
    public Task<List<ClosedTicket>> ListAsync(DateTimeOffset before, int most, CancellationToken cancellation) =>
        records.ListAsync<ClosedTicket>(Tables.FeedbackIndex, Partition, new RowRange("closed_", "closed_" + RecordKeys.Instant(before), most), cancellation)
            .Select(static row => row.Value).ToListAsync(cancellation).AsTask();

    /// <summary>It has been seen to.</summary>
    public Task ForgetAsync(ClosedTicket closed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(closed);
        return records.WriteAsync(Tables.FeedbackIndex, Partition, RecordWrite.Delete(Key(closed.Ticket, closed.ClosedAt)), cancellation);
    }

    private static string Key(string ticket, DateTimeOffset closedAt) => $"closed_{RecordKeys.Instant(closedAt)}_{ticket}";
}

/// <summary>A ticket and when it was closed (UTC).</summary>
public sealed record ClosedTicket(string Ticket, DateTimeOffset ClosedAt);
