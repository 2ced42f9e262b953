using Maintenance.Plan;
using Maintenance.Tickets;

namespace Maintenance.Feedback;

/// <summary>
/// Tells people who sent feedback what becomes of it. Every mail has an id made from what it is about and for whom, so that each goes once, however often an event is heard
/// and in whatever order.
/// </summary>
public sealed class ReporterTeller(FeedbackBook book, ReporterMails mails, IReporterMail mail, ActivePlan plan)
{
    /// <summary>More mail than this to one address in a day does not acknowledge feedback: a form must not serve to fill somebody's mailbox.</summary>
    public const int MostAcknowledged = 10;

    /// <summary>Tells a sender that their feedback was taken in.</summary>
    public async Task TellReceivedAsync(FeedbackReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (mails.Received(plan.Current, report) is { } received
            && await book.CountAsync(report.Contact!, report.ReceivedAt - TimeSpan.FromDays(1), MostAcknowledged + 1, cancellation) <= MostAcknowledged)
        {
            await mail.SendAsync(received, cancellation);
        }
    }

    /// <summary>Tells everybody who sent what became a ticket what support has said.</summary>
    public Task TellCommentAsync(Ticket ticket, TicketEvent entry, CancellationToken cancellation) =>
        TellAsync(ticket, report => mails.Commented(plan.Current, report, entry), cancellation);

    /// <summary>Tells everybody who sent what became a ticket that it is resolved, and asks each of them, once, how content they are.</summary>
    /// <param name="ticket">The ticket, with its history; where it is not resolved, nobody is told.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task TellResolvedAsync(Ticket ticket, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        if (!ticket.IsOpen && ticket.History?.LastOrDefault(static entry => entry.Kind == TicketEventKind.Resolved) is { } resolved)
        {
            await TellAsync(ticket, report => mails.Resolved(plan.Current, report, resolved), cancellation);
            await TellAsync(ticket, report => mails.RatingRequest(plan.Current, report), cancellation);
        }
    }

    /// <summary>Tells everybody who sent what became a ticket that something was changed to which it led.</summary>
    /// <param name="ticket">The ticket that they sent.</param>
    /// <param name="item">The id of the ticket of the change.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task TellImprovedAsync(Ticket ticket, string item, CancellationToken cancellation) =>
        TellAsync(ticket, report => mails.Improved(plan.Current, report, item), cancellation);

    private async Task TellAsync(Ticket ticket, Func<FeedbackReport, ReporterMail?> write, CancellationToken cancellation)
    {
        await foreach (var report in book.ListAsync(ticket.Id, ticket.FeedbackReference, cancellation))
        {
            // Whoever was erased has no address any more.
            if (write(report) is { } letter)
            {
                await mail.SendAsync(letter, cancellation);
            }
        }
    }
}
