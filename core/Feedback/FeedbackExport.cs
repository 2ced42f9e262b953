using Maintenance.Plan;
using Maintenance.Tickets;
using Maintenance.Time;

namespace Maintenance.Feedback;

/// <summary>What is held on a person, by a contact of theirs.</summary>
/// <param name="Contact">The contact that was asked for.</param>
/// <param name="ExportedAt">When (UTC).</param>
/// <param name="Retention">For how long after a ticket was closed it is kept, such as <c>180d</c>.</param>
/// <param name="Feedback">What they have sent, oldest first.</param>
public sealed record PersonExport(string Contact, DateTimeOffset ExportedAt, string Retention, IReadOnlyList<ExportedFeedback> Feedback);

/// <summary>A feedback as it is held.</summary>
/// <param name="Reference">Its reference.</param>
/// <param name="ReceivedAt">When it was received (UTC).</param>
/// <param name="Kind">The id of the kind that was chosen.</param>
/// <param name="Service">The id of the service, where one was named.</param>
/// <param name="Message">What was said.</param>
/// <param name="Name">Who they said they are.</param>
/// <param name="Contact">How they said that they are reached.</param>
/// <param name="Language">In which language they are answered.</param>
/// <param name="Ticket">The id of the ticket.</param>
/// <param name="Added">What they have added to it, oldest first.</param>
/// <param name="Rating">How content they said they are, 1 to 5.</param>
/// <param name="Survey">What they answered to the last survey that they were asked to answer, 0 to 10.</param>
public sealed record ExportedFeedback(
    string Reference, DateTimeOffset ReceivedAt, string? Kind, string? Service, string? Message, string? Name, string? Contact, Language? Language, string? Ticket,
    IReadOnlyList<FeedbackAnswer> Added, int? Rating, int? Survey);

/// <summary>Says what is held on a person. Reads what is held on them, and nothing else.</summary>
public sealed class FeedbackExport(FeedbackBook book, SatisfactionBook satisfaction, TicketService tickets, ActivePlan plan, TimeProvider time)
{
    /// <summary>What is held on whoever has this contact. Feedback that is still in the queue, for some seconds as a rule, is not in it.</summary>
    public async Task<PersonExport> ExportAsync(string contact, CancellationToken cancellation)
    {
        var feedback = new List<ExportedFeedback>();
        foreach (var reference in await book.FindByContactAsync(contact, cancellation))
        {
            if (await book.FindAsync(reference, cancellation) is { Value: { ErasedAt: null } report })
            {
                feedback.Add(await OfAsync(report, cancellation));
            }
        }

        return new PersonExport(contact, time.GetUtcNow(), Durations.Format(plan.Current.Support.Feedback.Retention), [.. feedback.OrderBy(static one => one.ReceivedAt)]);
    }

    private async Task<ExportedFeedback> OfAsync(FeedbackReport report, CancellationToken cancellation)
    {
        var history = report.Ticket is { } id ? (await tickets.ReadAsync(id, cancellation))?.Value.History ?? [] : [];
        var added = history.Where(entry => FeedbackRules.IsOwn(report, entry)).Select(static entry => new FeedbackAnswer(entry.At, entry.Said!) { IsOwn = true });
        var answer = report.Survey is { } survey ? await satisfaction.FindAnswerAsync(survey, report.Reference, cancellation) : null;
        return new ExportedFeedback(
            report.Reference, report.ReceivedAt, report.Kind, report.Service, report.Message, report.Name, report.Contact, report.Language, report.Ticket, [.. added], report.Rating?.Score, answer?.Score);
    }
}
