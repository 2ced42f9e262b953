using Maintenance.Plan;

namespace Maintenance.Web.Pages;

/// <summary>What the public pages of help say, in each language.</summary>
public sealed record HelpWords
{
    private static readonly HelpWords English = new()
    {
        Title = "Help",
        Lead = "Answers to what people ask us most.",
        Search = "What are you looking for?",
        Find = "Find",
        NothingFound = "Nothing was found. Ask us: we will answer.",
        None = "There are no articles yet.",
        Ask = "Ask us",
        All = "All articles",
        WasHelpful = "Was this helpful?",
        Yes = "Yes",
        No = "No",
        Thanks = "Thank you: that helps us to improve it.",
        MayHelp = "This may help you already",
        TooMany = "Too many at once from your address. Wait a moment and try again.",
    };

    private static readonly HelpWords French = new()
    {
        Title = "Aide",
        Lead = "Les réponses aux questions les plus fréquentes.",
        Search = "Que cherchez-vous ?",
        Find = "Chercher",
        NothingFound = "Aucun résultat. Écrivez-nous : nous vous répondrons.",
        None = "Il n'y a pas encore d'articles.",
        Ask = "Nous écrire",
        All = "Tous les articles",
        WasHelpful = "Cet article vous a-t-il aidé ?",
        Yes = "Oui",
        No = "Non",
        Thanks = "Merci : cela nous aide à l'améliorer.",
        MayHelp = "Ceci peut déjà vous aider",
        TooMany = "Trop de demandes depuis votre adresse. Patientez un instant avant de réessayer.",
    };

    private HelpWords()
    {
    }

    /// <summary>The title of the page of all articles.</summary>
    public required string Title { get; init; }

    /// <summary>Below it.</summary>
    public required string Lead { get; init; }

    /// <summary>The label of the search.</summary>
    public required string Search { get; init; }

    /// <summary>Its button.</summary>
    public required string Find { get; init; }

    /// <summary>Where it found nothing.</summary>
    public required string NothingFound { get; init; }

    /// <summary>Where there are no articles.</summary>
    public required string None { get; init; }

    /// <summary>The link to the feedback form.</summary>
    public required string Ask { get; init; }

    /// <summary>The link to all articles.</summary>
    public required string All { get; init; }

    /// <summary>The question below an article.</summary>
    public required string WasHelpful { get; init; }

    /// <summary>It was.</summary>
    public required string Yes { get; init; }

    /// <summary>It was not.</summary>
    public required string No { get; init; }

    /// <summary>After the answer.</summary>
    public required string Thanks { get; init; }

    /// <summary>Above articles that are suggested.</summary>
    public required string MayHelp { get; init; }

    /// <summary>Where somebody asks too often.</summary>
    public required string TooMany { get; init; }

    /// <summary>The words of a language.</summary>
    public static HelpWords Of(Language language) => language == Language.Fr ? French : English;
}
