using System.Text.Json;
using Maintenance.Messaging;
using Maintenance.Plan;
using Maintenance.Tickets;

namespace Maintenance.Feedback;

/// <summary>
/// Makes a ticket of each submission, or lets it join the one of those that say the same. Handled again, late, or by two at a time, it comes to the same: its place in a
/// group, the ticket of the group, what is kept of it and every mail have names of their own. Where an erasure meets it on its way, whichever comes second sees the
/// other: the contact is in the index before it is asked whether it was erased, and what is kept is changed under its version.
/// </summary>
public sealed class FeedbackHandler(TicketService tickets, FeedbackGroupBook groups, FeedbackBook book, FeedbackErasure erasure, ReporterTeller teller, ActivePlan plan, TimeProvider time)
    : IMessageHandler
{
    /// <inheritdoc/>
    public string Queue => Queues.Feedback;

    /// <inheritdoc/>
    public async Task HandleAsync(ReceivedMessage message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        var feedback = Parse(message);
        var (reference, at) = (feedback.Reference, feedback.ReceivedAt);
        var keys = await book.IndexContactAsync(reference, at, feedback.Submission.Contact, cancellation);
        var isErased = await book.FindAsync(reference, cancellation) is { Value.ErasedAt: not null } || await book.IsEntombedAsync(feedback.Submission.Contact, at, cancellation);
        var sender = isErased ? feedback.Submission with { Name = null, Contact = null } : feedback.Submission;

        var group = await groups.PlaceAsync(feedback, cancellation);
        var ticket = await tickets.OpenAsync(group.Key, FeedbackRules.ToTicket(plan.Current, feedback with { Reference = group.Key, ReceivedAt = group.First, Submission = sender }), cancellation);
        await book.IndexTicketAsync(reference, ticket.Id, cancellation);
        var report = (await book.ChangeAsync(reference, before => Kept(before, feedback, sender, ticket.Id, keys, isErased), cancellation))!;
        if (report.ErasedAt is not null)
        {
            // The message still knows who that was: what was written between the two is found by it.
            await erasure.EraseAsync(report with { Name = feedback.Submission.Name, Contact = feedback.Submission.Contact, Keys = keys }, cancellation);
        }

        // After what is kept: whoever hears of it finds everybody who is to be told.
        _ = await tickets.ChangeAsync(ticket.Id, null, null, known => Joined(plan.Current, known, group, time.GetUtcNow()), cancellation);
        await teller.TellReceivedAsync(report, cancellation);
        if (await tickets.FindAsync(ticket.Id, cancellation) is { Value.IsOpen: false } && await tickets.ReadAsync(ticket.Id, cancellation) is { Value: var resolved })
        {
            await teller.TellResolvedAsync(resolved, cancellation);
        }
    }

    /// <summary>
    /// What a group makes of its ticket: so many people have said the same, and the clocks run since the first of them did, also where a later one was handled first. Pure.
    /// </summary>
    public static TicketChange Joined(OperationsPlan plan, Ticket ticket, FeedbackGroup group, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(group);
        var change = TicketRules.Report(ticket, group.Count, now);
        return change.Events.Count == 0 || group.First >= ticket.CreatedAt
            ? change
            : change with
            {
                Ticket = TicketRules.Timed(plan, change.Ticket with { CreatedAt = group.First, Clock = [ticket.Clock[0] with { At = group.First }, .. ticket.Clock.Skip(1)] }),
            };
    }

    private FeedbackReport? Kept(FeedbackReport? before, FeedbackMessage feedback, FeedbackSubmission sender, string ticket, IReadOnlyList<string> keys, bool isErased)
    {
        if (before?.Ticket is not null)
        {
            return null;
        }

        // An erasure that was faster has left a row without a ticket.
        var erasedAt = before?.ErasedAt ?? (isErased ? time.GetUtcNow() : null);
        return new FeedbackReport(feedback.Reference, feedback.ReceivedAt, ticket)
        {
            Kind = sender.Kind,
            Service = sender.Service,
            Message = sender.Message,
            Name = erasedAt is null ? sender.Name : null,
            Contact = erasedAt is null ? sender.Contact : null,
            Keys = keys,
            Language = sender.Language,
            ErasedAt = erasedAt,
        };
    }

    private static FeedbackMessage Parse(ReceivedMessage message)
    {
        try
        {
            return MaintenanceJson.Read<FeedbackMessage>(message.Body);
        }
        catch (JsonException error)
        {
            // The reader's message may repeat what was sent, and the reason of a dead letter is logged.
            throw new UnusableMessageException("The body is not a submission.", error);
        }
    }
}
