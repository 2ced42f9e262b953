using Maintenance.Plan;

namespace Maintenance.Feedback;

/// <summary>Mail to people outside: those who sent feedback and gave an address.</summary>
public interface IReporterMail
{
    /// <summary>Hands a mail over: it is durable when the task completes. One whose id was handed over before is dropped.</summary>
    Task SendAsync(ReporterMail mail, CancellationToken cancellation);

    /// <summary>Forgets an address: what waits for it is not sent, and what was sent is no longer known to have gone there.</summary>
    /// <param name="address">In whatever case it was written to.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many mails were forgotten.</returns>
    Task<int> EraseAsync(string address, CancellationToken cancellation);
}

/// <summary>A mail to somebody who sent feedback.</summary>
/// <param name="Id">Names what it is about and for whom: <c>feedback/F-7K3M-9QXD-2BTV/resolved-7</c>.</param>
/// <param name="Kind">Which template it takes.</param>
/// <param name="Address">Where it goes.</param>
/// <param name="Language">In which language.</param>
/// <param name="Subject">One line, in that language: what stands where there is no template.</param>
/// <param name="Text">Plain text, the same.</param>
/// <param name="Path">The page on which to go on. It never holds the code: addresses are written into logs.</param>
/// <param name="Values">What a template may name: <c>reference</c>, <c>code</c>, <c>system</c>, and <c>text</c> where somebody has said something.</param>
public sealed record ReporterMail(
    string Id, ReporterMailKind Kind, string Address, Language Language, string Subject, string Text, string Path, IReadOnlyDictionary<string, string> Values);

/// <summary>Kinds of mail to people who sent feedback.</summary>
public enum ReporterMailKind
{
    /// <summary>It was taken in (template <c>feedback-received</c>).</summary>
    FeedbackReceived,

    /// <summary>Support has said something (<c>ticket-comment</c>).</summary>
    TicketComment,

    /// <summary>It was resolved (<c>ticket-resolved</c>).</summary>
    TicketResolved,

    /// <summary>How content are they? (<c>rating-request</c>).</summary>
    RatingRequest,

    /// <summary>Something was changed to which their feedback led (<c>ticket-resolved</c>, in other words).</summary>
    Improvement,

    /// <summary>How likely would they recommend the service? (<c>survey</c>).</summary>
    Survey,
}
