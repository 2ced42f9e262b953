using Maintenance.Plan;

namespace Maintenance.Notifications;

/// <summary>The words that the system has of its own; a plan may put others in their place, one by one.</summary>
internal static class BuiltInTemplates
{
    private static readonly (string Id, string Subject, string Text)[] English =
    [
        (NotificationTemplates.Escalation, "[{priority}] {ticket}: {target} target missed, level {level}", """
            {ticket} ({priority}): {title}

            The {target} target was missed. It was due {due}.
            Service: {service}
            What is expected of level {level}: {action}

            {text}

            {link}
            """),
        (NotificationTemplates.Warning, "[{priority}] {ticket}: {target} is due {due}", """
            {ticket} ({priority}): {title}

            The {target} target is due {due}.
            Service: {service}
            {action}

            {text}

            {link}
            """),
        (NotificationTemplates.TicketAssigned, "[{priority}] {ticket} is yours: {title}", """
            {ticket} ({priority}) was given to you: {title}

            Service: {service}
            By: {by}
            Due: {due}

            {text}

            {link}
            """),
        (NotificationTemplates.TicketComment, "{ticket}: {by} wrote: {title}", """
            {by} wrote on {ticket}, {title}:

            {text}

            {link}
            """),
        (NotificationTemplates.TicketResolved, "{system}: your message is dealt with ({reference})", """
            Good day {name},

            What you told us has been dealt with.

            {text}

            Your reference: {reference}
            Your tracking code: {code}
            If it is not solved, say so there: {link}

            {organisation}
            """),
        (NotificationTemplates.RatingRequest, "{system}: how did we do? ({reference})", """
            Good day {name},

            What you told us has been dealt with. How did we do, from 1 (badly) to 5 (very well)? We ask only once: {link}

            Your reference: {reference}
            Your tracking code: {code}

            {organisation}
            """),
        (NotificationTemplates.FeedbackReceived, "{system}: we have your message ({reference})", """
            Good day {name},

            Thank you for your message. It has arrived, and a person will read it.

            {text}

            Your reference: {reference}
            Your tracking code: {code}
            Follow it up: {link}

            {organisation}
            """),
        (NotificationTemplates.Survey, "Would you recommend {system}?", """
            Good day {name},

            How likely are you to recommend {system} to a colleague, from 0 (not at all) to 10 (certainly)? Please tell us: {link}

            {text}

            Your reference: {reference}
            Your tracking code: {code}

            {organisation}
            """),
        (NotificationTemplates.ApprovalNeeded, "Approval wanted: {ticket} {title}", """
            {by} asks for your approval of {ticket}: {title}

            Service: {service}
            It is decided by {due}.

            {text}

            {link}
            """),
        (NotificationTemplates.BackupAlarm, "Backup {policy}: {title}", """
            {title}

            {text}

            {link}
            """),
        (NotificationTemplates.OperationsAlarm, "{system}: {title}", """
            {title}

            {text}

            {link}
            """),
        (NotificationTemplates.Document, "{system}: {title}", """
            {title}

            {text}

            Due: {due}

            {link}
            """),
        (NotificationTemplates.ChainUnacknowledged, "[{priority}] {ticket}: nobody has taken it, and the chain has ended", """
            {ticket} ({priority}): {title}

            The {target} target was missed, every level of the chain was told, and nobody has taken it.
            It was due {due}.
            Service: {service}
            The last level: {level}

            {text}

            {link}
            """),
        (NotificationTemplates.DutyDue, "{title}: due {due}", """
            {title} is due {due}.

            {text}
            Procedure: {policy}

            {link}
            """),
        (NotificationTemplates.DutyOverdue, "Overdue: {title}", """
            {title} was due {due}, and has not been done.

            {text}
            Procedure: {policy}
            Ticket: {ticket}

            {link}
            """),
        (NotificationTemplates.Digest, "{system}: {count} notifications", """
            While you were not disturbed, or could not be reached, this happened:

            {list}
            """),
        (NotificationTemplates.SignIn, "{system}: your link to sign in", """
            Good day {name},

            You sign in with this link. It works once, until {due}:
            {link}

            You did not ask for it? Then somebody else typed your address. Without the link they cannot sign in, and you need do nothing.

            {organisation}
            """),
        (NotificationTemplates.Test, "{system}: a test", """
            This is a test, sent {at} on behalf of {by}. Nothing needs to be done.

            {link}
            """),
    ];

    private static readonly (string Id, string Subject, string Text)[] French =
    [
        (NotificationTemplates.Escalation, "[{priority}] {ticket} : délai de {target} dépassé, niveau {level}", """
            {ticket} ({priority}) : {title}

            Le délai de {target} est dépassé. L'échéance était {due}.
            Service : {service}
            Ce qui est attendu du niveau {level} : {action}

            {text}

            {link}
            """),
        (NotificationTemplates.Warning, "[{priority}] {ticket} : échéance de {target} {due}", """
            {ticket} ({priority}) : {title}

            L'échéance de {target} est {due}.
            Service : {service}
            {action}

            {text}

            {link}
            """),
        (NotificationTemplates.TicketAssigned, "[{priority}] {ticket} vous est confié : {title}", """
            {ticket} ({priority}) vous est confié : {title}

            Service : {service}
            Par : {by}
            Échéance : {due}

            {text}

            {link}
            """),
        (NotificationTemplates.TicketComment, "{ticket} : message de {by} : {title}", """
            {by} a écrit au sujet de {ticket}, {title} :

            {text}

            {link}
            """),
        (NotificationTemplates.TicketResolved, "{system} : votre message a été traité ({reference})", """
            Bonjour {name},

            Ce que vous nous avez signalé a été traité.

            {text}

            Votre référence : {reference}
            Votre code de suivi : {code}
            Si ce n'est pas résolu, dites-le ici : {link}

            {organisation}
            """),
        (NotificationTemplates.RatingRequest, "{system} : êtes-vous satisfait ? ({reference})", """
            Bonjour {name},

            Ce que vous nous avez signalé a été traité. Êtes-vous satisfait, de 1 (pas du tout) à 5 (tout à fait) ? Nous ne le demandons qu'une fois : {link}

            Votre référence : {reference}
            Votre code de suivi : {code}

            {organisation}
            """),
        (NotificationTemplates.FeedbackReceived, "{system} : nous avons reçu votre message ({reference})", """
            Bonjour {name},

            Merci de votre message. Il est bien arrivé, et une personne le lira.

            {text}

            Votre référence : {reference}
            Votre code de suivi : {code}
            Pour le suivre : {link}

            {organisation}
            """),
        (NotificationTemplates.Survey, "Recommanderiez-vous {system} ?", """
            Bonjour {name},

            Recommanderiez-vous {system} à un collègue, de 0 (pas du tout) à 10 (certainement) ? Merci de nous le dire : {link}

            {text}

            Votre référence : {reference}
            Votre code de suivi : {code}

            {organisation}
            """),
        (NotificationTemplates.ApprovalNeeded, "Approbation demandée : {ticket} {title}", """
            {by} demande votre approbation de {ticket} : {title}

            Service : {service}
            La décision est attendue au plus tard {due}.

            {text}

            {link}
            """),
        (NotificationTemplates.BackupAlarm, "Sauvegarde {policy} : {title}", """
            {title}

            {text}

            {link}
            """),
        (NotificationTemplates.OperationsAlarm, "{system} : {title}", """
            {title}

            {text}

            {link}
            """),
        (NotificationTemplates.Document, "{system} : {title}", """
            {title}

            {text}

            Échéance : {due}

            {link}
            """),
        (NotificationTemplates.ChainUnacknowledged, "[{priority}] {ticket} : personne ne l'a pris en charge, la chaîne est épuisée", """
            {ticket} ({priority}) : {title}

            Le délai de {target} est dépassé, tous les niveaux de la chaîne ont été prévenus, et personne ne l'a pris en charge.
            L'échéance était {due}.
            Service : {service}
            Le dernier niveau : {level}

            {text}

            {link}
            """),
        (NotificationTemplates.DutyDue, "{title} : à faire pour le {due}", """
            {title} : échéance {due}.

            {text}
            Procédure : {policy}

            {link}
            """),
        (NotificationTemplates.DutyOverdue, "En retard : {title}", """
            {title} : l'échéance était {due}, et rien n'a été fait.

            {text}
            Procédure : {policy}
            Ticket : {ticket}

            {link}
            """),
        (NotificationTemplates.Digest, "{system} : {count} notifications", """
            Voici ce qui s'est passé pendant que vous n'étiez pas dérangé ou pas joignable :

            {list}
            """),
        (NotificationTemplates.SignIn, "{system} : votre lien de connexion", """
            Bonjour {name},

            Connectez-vous avec ce lien. Il sert une seule fois, jusqu'au {due} :
            {link}

            Vous n'avez rien demandé ? Quelqu'un a saisi votre adresse. Sans le lien, il ne peut pas se connecter, et vous n'avez rien à faire.

            {organisation}
            """),
        (NotificationTemplates.Test, "{system} : un essai", """
            Ceci est un essai, envoyé {at} à la demande de {by}. Il n'y a rien à faire.

            {link}
            """),
    ];

    /// <summary>All of them, in every language.</summary>
    public static IReadOnlyList<NotificationTemplate> All { get; } =
    [
        .. English.Select(static one => new NotificationTemplate(one.Id, Language.En, one.Subject, one.Text)),
        .. French.Select(static one => new NotificationTemplate(one.Id, Language.Fr, one.Subject, one.Text)),
    ];
}
