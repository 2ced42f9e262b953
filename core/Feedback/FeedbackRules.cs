using Maintenance.Plan;
using Maintenance.Tickets;

namespace Maintenance.Feedback;

/// <summary>What a submission must be, and what ticket it becomes.</summary>
public static class FeedbackRules
{
    /// <summary>The most characters of a message.</summary>
    public const int MaxMessage = 4000;

    /// <summary>The most characters of a name or contact.</summary>
    public const int MaxShort = 200;

    /// <summary>What is wrong with a submission: by field, in words for its sender. Empty where it is good.</summary>
    public static IReadOnlyDictionary<string, string[]> Check(OperationsPlan plan, FeedbackSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(submission);
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (plan.Support.Feedback.Find(submission.Kind) is null)
        {
            errors["kind"] = [$"Choose one of: {string.Join(", ", plan.Support.Feedback.Kinds.Select(static kind => kind.Id))}."];
        }

        if (string.IsNullOrWhiteSpace(submission.Message))
        {
            errors["message"] = ["Tell us what it is about."];
        }
        else if (submission.Message.Length > MaxMessage)
        {
            errors["message"] = [$"At most {MaxMessage} characters, please; this has {submission.Message.Length}."];
        }

        if (submission.Service is { Length: > 0 } service && plan.FindService(service) is null)
        {
            errors["service"] = [$"There is no service '{(service.Length > 40 ? service[..40] : service)}'. Choose one of: {string.Join(", ", plan.Services.Select(static s => s.Id))}, or leave it out."];
        }

        foreach (var (field, text) in new[] { ("name", submission.Name), ("contact", submission.Contact) })
        {
            if (text?.Length > MaxShort)
            {
                errors[field] = [$"At most {MaxShort} characters, please."];
            }
        }

        return errors;
    }

    /// <summary>
    /// The ticket that a submission becomes. A kind that the plan has lost since then counts as the form's first one, so that nothing that was acknowledged is
    /// lost with it; support sees what the sender chose.
    /// </summary>
    public static NewTicket ToTicket(OperationsPlan plan, FeedbackMessage message)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(message);
        var (submission, form) = (message.Submission, plan.Support.Feedback);
        var kind = form.Find(submission.Kind);
        var description = kind is null ? $"(sent as '{submission.Kind}', which the plan no longer has)\n{submission.Message}" : submission.Message;
        kind ??= form.Kinds[0];
        var requester = string.Join(", ", new[] { submission.Name, submission.Contact }.Where(static text => !string.IsNullOrWhiteSpace(text)));
        return new NewTicket(
            kind.Type,
            Title(submission.Message),
            description,
            string.IsNullOrEmpty(submission.Service) ? null : submission.Service,
            kind.Impact,
            kind.Urgency,
            requester.Length > 0 ? requester : null,
            message.Reference,
            message.ReceivedAt);
    }

    /// <summary>The first line of a message, cut at a word after 80 characters.</summary>
    public static string Title(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var line = message.Trim().Split('\n', 2)[0].Trim();
        if (line.Length <= 80)
        {
            return line;
        }

        var cut = line.LastIndexOf(' ', 79);
        return line[..(cut > 40 ? cut : char.IsHighSurrogate(line[78]) ? 78 : 79)] + "…";
    }

    /// <summary>What the sender is shown of a ticket: the answers and the solution, nothing internal.</summary>
    public static FeedbackProgress Progress(FeedbackLink link, Ticket ticket)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(ticket);
        var answers = (ticket.History ?? []).Where(static entry => entry.Said is not null).Select(static entry => new FeedbackAnswer(entry.At, entry.Said!));
        return new FeedbackProgress(link.Reference, link.ReceivedAt, ticket.IsOpen ? FeedbackState.InProgress : FeedbackState.Resolved, ticket.Id, [.. answers]);
    }
}
