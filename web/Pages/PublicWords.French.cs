using Maintenance.Plan;

namespace Maintenance.Web.Pages;

/// <summary>The words of French: with a no-break space where its readers expect one.</summary>
public sealed partial record PublicWords
{
    private const string Nbsp = "\u00a0";

    private static PublicWords French { get; } = new()
    {
        Language = Language.Fr,
        OwnName = "Français",
        Months = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
        DateFormat = "{0} {1} {2} à {3:00}\u00a0h\u00a0{4:00}",
        Skip = "Aller au contenu",
        Navigation = "Navigation principale",
        Languages = "Langue",
        SendTitle = "Envoyer un message",
        LookAgain = "Il manque quelque chose. Veuillez revoir les champs signalés.",
        KindQuestion = $"De quoi s’agit-il{Nbsp}?",
        ServiceQuestion = $"Quel service{Nbsp}?",
        IfYouKnow = "(si vous le savez)",
        NoService = "Je ne sais pas",
        MessageLabel = "Votre message",
        NameLabel = "Votre nom",
        IfYouLike = "(facultatif)",
        ContactLabel = "E-mail ou téléphone",
        IfYouWantAnswer = "(si vous souhaitez une réponse)",
        ContactHint = static days =>
            $"Avec une adresse e-mail, vous êtes prévenu des réponses et nous pouvons vous demander si vous êtes satisfait. Nom et coordonnées sont effacés {days} {(days > 1 ? "jours" : "jour")} après la clôture de votre dossier, ou à votre demande.",
        LeaveEmpty = "Laissez ce champ vide",
        Send = "Envoyer",
        OtherWays = "Autres moyens de nous joindre",
        Thanks = "Merci",
        Stored = "Votre message est enregistré et sera examiné.",
        WriteDown = "Notez ces deux indications. Elles vous permettent de suivre votre message\u00a0; sans le code, personne ne le peut.",
        Reference = "Référence",
        Code = "Code de suivi",
        FollowUp = "Suivre mon message",
        TrackTitle = "Où en est votre message",
        NoMatch = "Cette référence et ce code ne vont pas ensemble. Vérifiez-les tous les deux.",
        State = "État",
        StateReceived = "reçu, pas encore examiné",
        StateInProgress = static ticket => $"en cours de traitement ({ticket})",
        StateWaiting = static ticket => $"nous attendons votre réponse ({ticket})",
        StateResolved = static ticket => $"résolu ({ticket})",
        Received = "Reçu",
        ReportedBy = "Envoyé par",
        People = static count => $"{count} personnes",
        ImprovedOn = "Votre message a conduit à un changement, fait le",
        You = "Vous",
        Support = "L’assistance",
        Show = "Afficher",
        AddLabel = "Ajouter quelque chose, ou répondre",
        Add = "Ajouter",
        Added = "C’est ajouté.",
        NotSolvedLabel = $"Pas résolu{Nbsp}? Qu’est-ce qui ne va toujours pas{Nbsp}?",
        NotSolved = "Ce n’est pas résolu",
        Reopened = "Votre dossier est de nouveau en cours de traitement.",
        RateTitle = $"Êtes-vous satisfait{Nbsp}?",
        RateQuestion = $"Êtes-vous satisfait de la façon dont votre message a été traité{Nbsp}?",
        Ratings = ["pas du tout", "peu", "moyennement", "satisfait", "très satisfait"],
        Rate = "Donner mon avis",
        Rated = "Merci pour votre avis.",
        SurveyTitle = "Une question",
        SurveyQuestion = static system => $"Recommanderiez-vous {system} à quelqu’un d’autre{Nbsp}?",
        SurveyScale = $"0{Nbsp}: certainement pas{Nbsp}; 10{Nbsp}: certainement.",
        Answer = "Répondre",
        Answered = "Merci pour votre réponse.",
    };
}
