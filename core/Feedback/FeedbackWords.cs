using Maintenance.Plan;

namespace Maintenance.Feedback;

/// <summary>What the core says to the public, in each language: what is wrong with a submission, and what cannot be done.</summary>
public abstract record FeedbackWords
{
    private FeedbackWords()
    {
    }

    /// <summary>The words of a language.</summary>
    public static FeedbackWords Of(Language language) => language == Language.Fr ? French.Words : English.Words;

    /// <summary>No kind, or none of the form's.</summary>
    public abstract string ChooseOneOf(IEnumerable<string> choices);

    /// <summary>There is no message.</summary>
    public abstract string NoMessage { get; }

    /// <summary>Nothing was written where something must be.</summary>
    public abstract string NoText { get; }

    /// <summary>A text is too long.</summary>
    public abstract string TooLong(int most, int has);

    /// <summary>There is no such service.</summary>
    public abstract string NoService(string service, IEnumerable<string> choices);

    /// <summary>A number is none of those that may be chosen.</summary>
    public abstract string NumberFrom(int least, int most);

    /// <summary>Something cannot be done.</summary>
    public abstract string Refusal(FeedbackRefusal refusal);

    /// <summary>Too much came from a network at once.</summary>
    public abstract string TooMany(int seconds);

    private sealed record English : FeedbackWords
    {
        public static English Words { get; } = new();

        public override string NoMessage => "Tell us what it is about.";

        public override string NoText => "Write something.";

        public override string ChooseOneOf(IEnumerable<string> choices) => $"Choose one of: {string.Join(", ", choices)}.";

        public override string TooLong(int most, int has) => $"At most {most} characters, please; this has {has}.";

        public override string NoService(string service, IEnumerable<string> choices) => $"There is no service '{service}'. Choose one of: {string.Join(", ", choices)}, or leave it out.";

        public override string NumberFrom(int least, int most) => $"Choose a number from {least} to {most}.";

        public override string TooMany(int seconds) => $"More feedback came from your network than we take at once. Please send it again in {Wait(seconds, "second", "minute")}.";

        public override string Refusal(FeedbackRefusal refusal) => refusal switch
        {
            FeedbackRefusal.TooEarly => "Nobody has looked at it yet; try again in a minute.",
            FeedbackRefusal.Closed => "It is closed; please send new feedback.",
            FeedbackRefusal.NotResolved => "It is not solved yet.",
            FeedbackRefusal.TooMuch => "You have added as much as one feedback can hold; please send new feedback.",
            _ => "You were not asked to answer a survey.",
        };
    }

    private sealed record French : FeedbackWords
    {
        public static French Words { get; } = new();

        public override string NoMessage => "Dites-nous de quoi il s’agit.";

        public override string NoText => "Écrivez quelque chose.";

        public override string ChooseOneOf(IEnumerable<string> choices) => $"Choisissez l’un de ces motifs\u00a0: {string.Join(", ", choices)}.";

        public override string TooLong(int most, int has) => $"{most} caractères au plus, s’il vous plaît\u00a0; ce texte en compte {has}.";

        public override string NoService(string service, IEnumerable<string> choices) =>
            $"Il n’y a pas de service «\u00a0{service}\u00a0». Choisissez parmi\u00a0: {string.Join(", ", choices)}, ou n’indiquez rien.";

        public override string NumberFrom(int least, int most) => $"Choisissez un nombre de {least} à {most}.";

        public override string TooMany(int seconds) => $"Votre réseau a envoyé plus de messages que nous n’en acceptons à la fois. Veuillez renvoyer le vôtre dans {Wait(seconds, "seconde", "minute")}.";

        public override string Refusal(FeedbackRefusal refusal) => refusal switch
        {
            FeedbackRefusal.TooEarly => "Personne ne l’a encore examiné\u00a0; réessayez dans une minute.",
            FeedbackRefusal.Closed => "Ce dossier est clos\u00a0; veuillez envoyer un nouveau message.",
            FeedbackRefusal.NotResolved => "Ce n’est pas encore résolu.",
            FeedbackRefusal.TooMuch => "Vous avez ajouté tout ce qu’un dossier peut contenir\u00a0; veuillez envoyer un nouveau message.",
            _ => "Aucune enquête ne vous a été adressée.",
        };
    }

    private static string Wait(int seconds, string second, string minute)
    {
        var (count, unit) = seconds < 120 ? (seconds, second) : ((seconds + 59) / 60, minute);
        return $"{count} {unit}{(count > 1 ? "s" : "")}";
    }
}
