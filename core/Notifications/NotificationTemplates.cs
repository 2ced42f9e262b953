using System.Text;
using System.Text.RegularExpressions;
using Maintenance.Plan;

namespace Maintenance.Notifications;

/// <summary>The words of a kind of notification in one language.</summary>
/// <param name="Id">One of <see cref="NotificationTemplates.Ids"/>.</param>
/// <param name="Language">The language.</param>
/// <param name="Subject">One line, with placeholders.</param>
/// <param name="Text">Plain text, with placeholders.</param>
public sealed record NotificationTemplate(string Id, Language Language, string Subject, string Text);

/// <summary>Who reads, as far as words depend on it.</summary>
/// <param name="Name">The reader's name; empty where it is not known.</param>
/// <param name="Language">The reader's language.</param>
/// <param name="Zone">The reader's zone.</param>
public sealed record ReaderWords(string Name, Language Language, NodaTime.DateTimeZone Zone);

/// <summary>
/// The templates: which there are, what they may say, and how one is filled in. A line whose last placeholder stands for nothing is left out; so a template may name
/// what only some of its notifications have.
/// </summary>
public static partial class NotificationTemplates
{
    /// <summary>A level of an escalation chain is reached.</summary>
    public const string Escalation = "escalation";

    /// <summary>A target will be missed soon.</summary>
    public const string Warning = "warning";

    /// <summary>A ticket was given to somebody.</summary>
    public const string TicketAssigned = "ticket-assigned";

    /// <summary>Somebody wrote on a ticket.</summary>
    public const string TicketComment = "ticket-comment";

    /// <summary>For the requester: it is solved.</summary>
    public const string TicketResolved = "ticket-resolved";

    /// <summary>For the requester: how was it?</summary>
    public const string RatingRequest = "rating-request";

    /// <summary>For the requester: it has arrived.</summary>
    public const string FeedbackReceived = "feedback-received";

    /// <summary>The periodic question whether people would recommend the service.</summary>
    public const string Survey = "survey";

    /// <summary>A change waits for votes.</summary>
    public const string ApprovalNeeded = "approval-needed";

    /// <summary>Something is wrong with a backup.</summary>
    public const string BackupAlarm = "backup-alarm";

    /// <summary>The watchdog found that something has stopped or failed.</summary>
    public const string OperationsAlarm = "operations-alarm";

    /// <summary>A document is to be acknowledged or reviewed, or was not.</summary>
    public const string Document = "document";

    /// <summary>A chain ended, and nobody took it.</summary>
    public const string ChainUnacknowledged = "chain-unacknowledged";

    /// <summary>A duty is to be done.</summary>
    public const string DutyDue = "duty-due";

    /// <summary>A duty was not done in time.</summary>
    public const string DutyOverdue = "duty-overdue";

    /// <summary>Several notifications in one.</summary>
    public const string Digest = "digest";

    /// <summary>The link that somebody asked for to sign in with.</summary>
    public const string SignIn = "sign-in";

    /// <summary>To try out a relay or a webhook.</summary>
    public const string Test = "test";

    private const int MostSubject = 200;

    /// <summary>All ids.</summary>
    public static IReadOnlyList<string> Ids { get; } =
        [Escalation, Warning, TicketAssigned, TicketComment, TicketResolved, RatingRequest, FeedbackReceived, Survey, ApprovalNeeded, BackupAlarm, OperationsAlarm, ChainUnacknowledged, DutyDue, DutyOverdue, Document, Digest, SignIn, Test];

    /// <summary>
    /// What every template may name. <c>name</c> (the reader), <c>system</c>, <c>organisation</c> and <c>link</c> are always there; <c>count</c> and <c>list</c> are the
    /// digest's; the others are what the notification was given.
    /// </summary>
    public static IReadOnlyList<string> Placeholders { get; } =
        ["ticket", "title", "service", "priority", "target", "due", "level", "action", "text", "by", "link", "reference", "code", "team", "policy", "at", "count", "list", "name", "system", "organisation"];

    /// <summary>The placeholders that a text names, in order.</summary>
    public static IEnumerable<string> PlaceholdersOf(string text) => Placeholder().Matches(text).Select(static match => match.Groups["name"].Value);

    /// <summary>The template for a reader: the plan's where it has one in the language, else the built-in one.</summary>
    /// <exception cref="ArgumentException">There is none of this id.</exception>
    public static NotificationTemplate Find(OperationsPlan plan, string id, Language language)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Notifications.Templates.FirstOrDefault(template => template.Id == id && template.Language == language)
            ?? BuiltInTemplates.All.FirstOrDefault(template => template.Id == id && template.Language == language)
            ?? throw new ArgumentException($"There is no template '{id}'.", nameof(id));
    }

    /// <summary>The notification as its reader gets it: subject and text filled in, and no mark of links but its own.</summary>
    /// <param name="plan">For its templates and names.</param>
    /// <param name="notification">What is told.</param>
    /// <param name="reader">In whose words.</param>
    /// <param name="list">What a digest lists, as it is.</param>
    public static Notification Render(OperationsPlan plan, Notification notification, ReaderWords reader, string list = "")
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(notification);
        ArgumentNullException.ThrowIfNull(reader);
        if (notification.Template is not { } id)
        {
            return notification with { Subject = Cut(Notification.Unmarked(notification.Subject)), Text = Notification.Unmarked(notification.Text) };
        }

        var template = Find(plan, id, reader.Language);
        var values = notification.Values.ToDictionary(static value => value.Key, value => Say(value.Key, value.Value, reader), StringComparer.Ordinal);
        values["name"] = reader.Name;
        values["system"] = plan.System.Name;
        values["organisation"] = plan.System.Organisation;
        values["link"] = Notification.LinkMark + notification.Path;
        values["list"] = list;
        return notification with { Subject = Cut(Subject(template.Subject, values)), Text = Text(template.Text, values), Template = null, Values = [] };
    }

    private static string Say(string name, TemplateValue value, ReaderWords reader) =>
        value.At is { } at ? ReaderTime.Format(at, reader.Zone, reader.Language)
            : Notification.Unmarked((reader.Language == Language.Fr ? value.French ?? French(name, value.Text) : value.Text) ?? "").Trim();

    /// <summary>Words that callers give in English, since they are ids elsewhere.</summary>
    private static string? French(string name, string? text) => (name, text) switch
    {
        ("target", "response") => "prise en charge",
        ("target", "resolution") => "résolution",
        _ => text,
    };

    private static string Subject(string template, Dictionary<string, string> values)
    {
        var line = Fill(template, values).ReplaceLineEndings(" ").Replace("[]", "", StringComparison.Ordinal).Replace("()", "", StringComparison.Ordinal);
        return Spaces().Replace(line, " ").Trim();
    }

    private static string Text(string template, Dictionary<string, string> values)
    {
        var text = new StringBuilder();
        foreach (var line in template.ReplaceLineEndings("\n").Split('\n'))
        {
            if (!IsEmpty(line, values))
            {
                text.Append(Fill(line, values).TrimEnd()).Append('\n');
            }
        }

        return Gaps().Replace(text.ToString(), "\n\n").Trim();
    }

    private static bool IsEmpty(string line, Dictionary<string, string> values) =>
        LastPlaceholder().Match(line) is { Success: true } last && values.GetValueOrDefault(last.Groups["name"].Value, "").Length == 0;

    private static string Fill(string text, Dictionary<string, string> values) => Placeholder().Replace(text, match => values.GetValueOrDefault(match.Groups["name"].Value, ""));

    private static string Cut(string subject) =>
        subject.Length <= MostSubject ? subject : subject[..(char.IsHighSurrogate(subject[MostSubject - 2]) ? MostSubject - 2 : MostSubject - 1)] + "…";

    [GeneratedRegex(@"\{(?<name>[A-Za-z]+)\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();

    /// <summary>A placeholder with nothing but punctuation after it.</summary>
    [GeneratedRegex(@"\{(?<name>[A-Za-z]+)\}[\s.,;:!?)»""']*$", RegexOptions.ExplicitCapture)]
    private static partial Regex LastPlaceholder();

    [GeneratedRegex(" {2,}", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\n{3,}", RegexOptions.NonBacktracking)]
    private static partial Regex Gaps();
}
