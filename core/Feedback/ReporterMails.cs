using Maintenance.Plan;
using Maintenance.Tickets;

namespace Maintenance.Feedback;

/// <summary>What people who sent feedback are written. Pure. No mail says what they sent: whoever puts somebody else's address into the form must not make them read it.</summary>
public sealed class ReporterMails(TrackingCodes codes)
{
    /// <summary>It was taken in; null where there is no address to write to.</summary>
    public ReporterMail? Received(OperationsPlan plan, FeedbackReport report) => Make(
        plan, report, ReporterMailKind.FeedbackReceived, "received", "/feedback/track", null,
        static (system, _) => ($"{system}: we have your message", "Thank you. Your message has been stored, and people will look at it. With the reference and the code below you can see what becomes of it."),
        static (system, _) => ($"{system} : nous avons reçu votre message", "Merci. Votre message est enregistré et sera examiné. La référence et le code ci-dessous vous permettent d’en suivre le traitement."));

    /// <summary>Support has said something.</summary>
    public ReporterMail? Commented(OperationsPlan plan, FeedbackReport report, TicketEvent entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Make(
            plan, report, ReporterMailKind.TicketComment, $"event-{entry.Number}", "/feedback/track", entry.Said,
            static (system, said) => ($"{system}: an answer to your message", $"There is an answer to what you sent:\n\n{said}"),
            static (system, said) => ($"{system} : une réponse à votre message", $"Voici une réponse à ce que vous avez envoyé :\n\n{said}"));
    }

    /// <summary>It was resolved.</summary>
    /// <param name="plan">For the system's name and languages.</param>
    /// <param name="report">Of whom.</param>
    /// <param name="entry">The event: each resolution is told, once.</param>
    public ReporterMail? Resolved(OperationsPlan plan, FeedbackReport report, TicketEvent entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Make(
            plan, report, ReporterMailKind.TicketResolved, $"resolved-{entry.Number}", "/feedback/track", entry.Said,
            static (system, said) => ($"{system}: your message has been dealt with", $"What you sent has been dealt with:\n\n{said}\n\nIf it is not solved, say so on the page below."),
            static (system, said) => ($"{system} : votre message a été traité", $"Ce que vous avez envoyé a été traité :\n\n{said}\n\nSi le problème n’est pas résolu, dites-le sur la page ci-dessous."));
    }

    /// <summary>How content are they? Asked once.</summary>
    public ReporterMail? RatingRequest(OperationsPlan plan, FeedbackReport report) => Make(
        plan, report, ReporterMailKind.RatingRequest, "rating", "/feedback/rating", null,
        static (system, _) => ($"{system}: how content are you?", "Your message has been dealt with. How content are you with that, from 1 to 5? With the reference and the code below you can tell us."),
        static (system, _) => ($"{system} : êtes-vous satisfait ?", "Votre message a été traité. En êtes-vous satisfait, de 1 à 5 ? La référence et le code ci-dessous vous permettent de nous le dire."));

    /// <summary>Something was changed to which their feedback led.</summary>
    /// <param name="plan">For the system's name and languages.</param>
    /// <param name="report">Of whom.</param>
    /// <param name="item">The id of the ticket of the change: each is told once.</param>
    public ReporterMail? Improved(OperationsPlan plan, FeedbackReport report, string item) => Make(
        plan, report, ReporterMailKind.Improvement, $"improved-{item}", "/feedback/track", null,
        static (system, _) => ($"{system}: your message has led to a change", "What you and others sent has led to a change, and the change has been made. Thank you."),
        static (system, _) => ($"{system} : votre message a conduit à un changement", "Ce que vous et d’autres nous avez envoyé a conduit à un changement, et ce changement est fait. Merci."));

    /// <summary>How likely would they recommend the service?</summary>
    /// <param name="plan">For the system's name and languages.</param>
    /// <param name="report">Of whom.</param>
    /// <param name="survey">Names the survey.</param>
    public ReporterMail? Survey(OperationsPlan plan, FeedbackReport report, string survey) => Make(
        plan, report, ReporterMailKind.Survey, $"survey-{survey}", "/feedback/survey", null,
        static (system, _) => ($"{system}: one question", $"You have sent us feedback lately. How likely would you recommend {system}, from 0 to 10? With the reference and the code below you can tell us."),
        static (system, _) => ($"{system} : une question", $"Vous nous avez récemment envoyé un message. Recommanderiez-vous {system}, de 0 à 10 ? La référence et le code ci-dessous vous permettent de nous le dire."));

    /// <summary>The language of somebody who sent feedback: theirs, where the system speaks it.</summary>
    public static Language LanguageOf(OperationsPlan plan, Language? wanted)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return wanted is { } language && plan.System.Languages.Contains(language) ? language : plan.System.Languages[0];
    }

    private ReporterMail? Make(
        OperationsPlan plan,
        FeedbackReport report,
        ReporterMailKind kind,
        string what,
        string path,
        string? said,
        Func<string, string?, (string Subject, string Text)> english,
        Func<string, string?, (string Subject, string Text)> french)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(report);
        if (ContactKeys.MailAddress(report.Contact) is not { } address)
        {
            return null;
        }

        var language = LanguageOf(plan, report.Language);
        var (subject, text) = (language == Language.Fr ? french : english)(plan.System.Name, said);
        var (reference, code) = (report.Reference, codes.CodeOf(report.Reference));
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["reference"] = reference, ["code"] = code, ["system"] = plan.System.Name };
        if (said is not null)
        {
            values["text"] = said;
        }

        var access = language == Language.Fr ? $"Référence : {reference}\nCode de suivi : {code}" : $"Reference: {reference}\nTracking code: {code}";
        return new ReporterMail(
            $"feedback/{reference}/{what}", kind, address, language, subject, $"{text}\n\n{access}", $"{path}?lang={language.ToString().ToLowerInvariant()}", values);
    }
}
