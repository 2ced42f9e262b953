using System.Text.Json;
using Maintenance.Messaging;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tickets;

namespace Maintenance.Feedback;

/// <summary>Takes in what the public sends, and shows the sender what became of it.</summary>
public sealed class FeedbackService(IMessageSender messages, IRecordStore records, TicketService tickets, ActivePlan plan, TrackingCodes codes, TimeProvider time)
{
    /// <summary>Puts a submission into the queue. It is durable there when the task completes; only then may the sender be told.</summary>
    /// <param name="submission">What was sent, checked by <see cref="FeedbackRules.Check"/>.</param>
    /// <param name="idempotencyKey">The same text with the same key is the same submission, sent again; null where the sender has none.</param>
    /// <param name="cancellation">Gives up waiting; the submission may have been taken in.</param>
    public async Task<FeedbackReceipt> ReceiveAsync(FeedbackSubmission submission, string? idempotencyKey, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (FeedbackRules.Check(plan.Current, submission) is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors.SelectMany(static e => e.Value)), nameof(submission));
        }

        // The form is public: who only guesses somebody's key, and not what they wrote, must not be given their reference and code.
        var reference = idempotencyKey is null ? TrackingCodes.NewReference() : codes.ReferenceOf($"{idempotencyKey}\n{MaintenanceJson.Write(submission)}");
        var body = MaintenanceJson.Write(new FeedbackMessage(reference, time.GetUtcNow(), submission));
        await messages.SendAsync(new OutgoingMessage(Queues.Feedback, reference, body), cancellation);
        return new FeedbackReceipt(reference, codes.CodeOf(reference));
    }

    /// <summary>What became of a submission; null where reference and code do not belong together.</summary>
    public async Task<FeedbackProgress?> TrackAsync(string reference, string code, CancellationToken cancellation)
    {
        if (!codes.IsValid(reference, code))
        {
            return null;
        }

        reference = TrackingCodes.CleanReference(reference);
        var link = await records.FindAsync<FeedbackLink>(Tables.Feedback, reference, "feedback", cancellation);
        return link is not null && await tickets.ReadAsync(link.Value.Ticket, cancellation) is { } ticket
            ? FeedbackRules.Progress(link.Value, ticket.Value)
            : new FeedbackProgress(reference, null, FeedbackState.Received, null, []);
    }
}

/// <summary>Makes a ticket of each submission. Handling a message again finds the ticket that it made.</summary>
public sealed class FeedbackHandler(TicketService tickets, IRecordStore records, ActivePlan plan) : IMessageHandler
{
    /// <inheritdoc/>
    public string Queue => Queues.Feedback;

    /// <inheritdoc/>
    public async Task HandleAsync(ReceivedMessage message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        FeedbackMessage feedback;
        try
        {
            feedback = MaintenanceJson.Read<FeedbackMessage>(message.Body);
        }
        catch (JsonException error)
        {
            throw new UnusableMessageException("The body is not a submission.", error);
        }

        var ticket = await tickets.OpenAsync(feedback.Reference, FeedbackRules.ToTicket(plan.Current, feedback), cancellation);
        _ = await records.TryInsertAsync(
            Tables.Feedback, feedback.Reference, "feedback", new FeedbackLink(feedback.Reference, feedback.ReceivedAt, ticket.Id), cancellation);
    }
}
