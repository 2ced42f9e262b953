using System.Security.Cryptography;
using System.Text;
using Maintenance.Plan;
using Maintenance.Tickets;

namespace Maintenance.Feedback;

/// <summary>What a submission must be, and what ticket it becomes.</summary>
public static class FeedbackRules
{
    /// <summary>The most characters of a message, and of what is added to it.</summary>
    public const int MaxMessage = 4000;

    /// <summary>The most characters of a name or contact.</summary>
    public const int MaxShort = 200;

    /// <summary>So many things one sender may add to their ticket.</summary>
    public const int MaxComments = 100;

    /// <summary>What stands where something was erased.</summary>
    public const string Erased = "[erased]";

    /// <summary>
    /// A submission as it is taken in: without control characters, which no page shows; names and contacts in one line, and what is blank left out. Cleaned again, it
    /// stays as it is.
    /// </summary>
    public static FeedbackSubmission Clean(FeedbackSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        return submission with { Message = Clean(submission.Message), Service = Short(submission.Service), Name = Short(submission.Name), Contact = Short(submission.Contact) };

        static string? Short(string? text) => text is null ? null : string.Join(' ', Clean(text).Split(['\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } line ? line : null;
    }

    /// <summary>A text without control characters but line feeds and tabs.</summary>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return text.AsSpan().IndexOfAnyInRange('\0', '\u009f') < 0 ? text : string.Concat(text.Where(static c => c is '\n' or '\t' || !char.IsControl(c)));
    }

    /// <summary>What is wrong with a submission: by field, in words for its sender. Empty where it is good.</summary>
    public static IReadOnlyDictionary<string, string[]> Check(OperationsPlan plan, FeedbackSubmission submission, Language language = Language.En)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(submission);
        var words = FeedbackWords.Of(language);
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (plan.Support.Feedback.Find(submission.Kind) is null)
        {
            // A program names a kind by its id; people read labels.
            var kinds = plan.Support.Feedback.Kinds;
            errors["kind"] = [words.ChooseOneOf(language == Language.En ? kinds.Select(static kind => kind.Id) : kinds.Select(kind => kind.LabelIn(language)))];
        }

        if (string.IsNullOrWhiteSpace(Clean(submission.Message)))
        {
            errors["message"] = [words.NoMessage];
        }
        else if (submission.Message.Length > MaxMessage)
        {
            errors["message"] = [words.TooLong(MaxMessage, submission.Message.Length)];
        }

        if (submission.Service is { Length: > 0 } service && plan.FindService(service) is null)
        {
            errors["service"] = [words.NoService(service.Length > 40 ? service[..40] : service, plan.Services.Select(static s => s.Id))];
        }

        foreach (var (field, text) in new[] { ("name", submission.Name), ("contact", submission.Contact) })
        {
            if (text?.Length > MaxShort)
            {
                errors[field] = [words.TooLong(MaxShort, text.Length)];
            }
        }

        return errors;
    }

    /// <summary>What is wrong with something that a sender adds; null where it is good.</summary>
    public static string? CheckComment(string text, Language language = Language.En)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.IsNullOrWhiteSpace(Clean(text)) ? FeedbackWords.Of(language).NoText
            : text.Length > MaxMessage ? FeedbackWords.Of(language).TooLong(MaxMessage, text.Length)
            : null;
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
        return new NewTicket(
            kind.Type,
            Title(submission.Message),
            description,
            string.IsNullOrEmpty(submission.Service) ? null : submission.Service,
            kind.Impact,
            kind.Urgency,
            Requester(plan, submission.Name, submission.Contact),
            message.Reference,
            message.ReceivedAt);
    }

    /// <summary>
    /// How a ticket names who sent its feedback; null where they did not say. Whoever writes the id of a person of the plan into the form is not that person, and must
    /// not be taken for them.
    /// </summary>
    public static string? Requester(OperationsPlan plan, string? name, string? contact)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var requester = string.Join(", ", new[] { name, contact }.Where(static text => !string.IsNullOrWhiteSpace(text)));
        return requester.Length == 0 ? null : plan.FindPerson(requester) is null ? requester : $"“{requester}” of the form";
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

    /// <summary>
    /// What the sender is shown of a ticket: the answers and the solution, and what they have added themselves; nothing internal, and nothing of others who have said
    /// the same.
    /// </summary>
    /// <param name="report">What they sent.</param>
    /// <param name="ticket">The ticket, with its history.</param>
    public static FeedbackProgress Progress(FeedbackReport report, Ticket ticket)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(ticket);
        var answers =
            from entry in ticket.History ?? []
            where entry.Said is not null
            let isOwn = IsOwn(report, entry)
            where isOwn || entry.By != TicketActor.Requester.Id
            select new FeedbackAnswer(entry.At, entry.Said!) { IsOwn = isOwn };
        return new FeedbackProgress(report.Reference, report.ReceivedAt, ticket.IsOpen ? FeedbackState.InProgress : FeedbackState.Resolved, ticket.Id, [.. answers])
        {
            Reports = ticket.Reports,
            WaitsForSender = ticket is { State: TicketState.Waiting, WaitingFor: WaitingFor.Requester },
            MayComment = ticket.State != TicketState.Closed,
            MayReopen = ticket.State == TicketState.Resolved,
            MayRate = MayRate(report, ticket),
            Rating = report.Rating?.Score,
        };
    }

    /// <summary>
    /// True where a sender may say how content they are: once it is resolved, for the first time also after it was closed. What they said can be changed until then, and
    /// stands from then on, so that the figures of the past do too.
    /// </summary>
    public static bool MayRate(FeedbackReport report, Ticket ticket)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(ticket);
        return ticket.State == TicketState.Resolved || (ticket.State == TicketState.Closed && report.Rating is null);
    }

    /// <summary>True for something that this sender has said.</summary>
    public static bool IsOwn(FeedbackReport report, TicketEvent entry)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(entry);
        return entry.By == TicketActor.Requester.Id && entry.Said is { } said && report.Comments.Contains(Mark(said));
    }

    /// <summary>Tells a sender's words from those of others without keeping them twice.</summary>
    public static string Mark(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
