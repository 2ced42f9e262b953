using System.Text.Json;
using Maintenance.Feedback;
using Maintenance.Tickets;

using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What the parts of <c>support</c> that are about feedback look like; a part of <see cref="PlanShape"/>.</summary>
internal static class FeedbackShape
{
    /// <summary>A schedule that never comes: what stands for one that cannot be read.</summary>
    private static readonly Time.Schedule Never = Time.Schedule.Parse("0 0 0 29 2 *");

    public static FeedbackForm Form(PlanMap m) => new(
        m.Value("introduction", "The text above the form.", Text, ""),
        m.List("kinds", "What a sender may choose.", Kind, least: 1))
    {
        Translations = Introductions(m),
        Limit = m.OptionalMap("limit", "How much one sender (a network address) may send; what is refused does not count. Left out: only the host's own limit holds.", Limit),
        EmbeddedBy = m.Values("embeddedBy", "The sites that may show the form inside their own pages: https://www.registry.example.", Scalars.Origin, least: 0),
        GroupWithin = m.Optional("groupWithin", "What says the same words about the same service so long after the first, while its ticket is open, is one ticket with it; 24h where left out.", Duration, FeedbackForm.UsualGrouping),
        Retention = m.Optional("retention", "Names and contacts are erased so long after their ticket was closed; 180d where left out.", Duration, FeedbackForm.UsualRetention),
    };

    public static SurveyPolicy Survey(PlanMap m) => new(
        m.Value("schedule", "When it is sent, in the system's time zone.", Schedule, Never),
        m.Optional("period", "Asked is who sent feedback, and gave an e-mail address, in this time before it; 90d where left out.", Duration, SurveyPolicy.UsualPeriod),
        m.Optional("sample", "Of more than so many people, so many are asked; 200 where left out.", Number(1, 10_000), SurveyPolicy.UsualSample));

    private static FeedbackKind Kind(PlanMap m) => new(
        m.Value("id", "Short and stable.", Id(PlanEntity.FeedbackKind), ""),
        m.Value("label", "What the sender reads, in the first of system.languages.", Text, ""),
        m.Value("type", "The type of ticket it becomes.", Choice<TicketType>(), TicketType.Incident),
        m.Value("impact", "The impact it is taken to have until support triages it.", Reference(PlanEntity.Impact), ""),
        m.Value("urgency", "The urgency it is taken to have until support triages it.", Reference(PlanEntity.Urgency), ""))
    {
        Translations = m.OptionalMap("translations", "The label in the other languages.", Labels) ?? new Dictionary<Language, string>(),
    };

    private static SubmissionLimit Limit(PlanMap m) => new(
        m.Value("submissions", "So many submissions", Number(1, 10_000), 1),
        m.Value("window", "in every stretch of this length, at most 1d.", Duration, TimeSpan.FromMinutes(10)));

    private static IReadOnlyDictionary<Language, string> Introductions(PlanMap m) =>
        m.OptionalMap(
            "translations",
            "The introduction in the other languages.",
            static t => Each((name, language) => t.OptionalMap(name, $"In {NameOf(language)}.", static l => l.Value("introduction", "The text above the form.", Text, ""))))
        ?? new Dictionary<Language, string>();

    private static Dictionary<Language, string> Labels(PlanMap m) => Each((name, language) => m.Optional(name, $"In {NameOf(language)}.", OptionalText, null));

    private static Dictionary<Language, string> Each(Func<string, Language, string?> read)
    {
        var texts = new Dictionary<Language, string>();
        foreach (var language in Enum.GetValues<Language>())
        {
            if (read(JsonNamingPolicy.CamelCase.ConvertName(language.ToString()), language) is { } text)
            {
                texts[language] = text;
            }
        }

        return texts;
    }

    /// <summary>What people call a language, in English.</summary>
    internal static string NameOf(Language language) => language == Language.Fr ? "French" : "English";
}
