using Maintenance.Feedback;
using Maintenance.Tickets;
using Maintenance.Time;

namespace Maintenance.Plan;

/// <summary>The public form, and what becomes of what is sent by it.</summary>
/// <param name="Introduction">The text above the form, in the system's first language.</param>
/// <param name="Kinds">What a sender may choose, in this order.</param>
public sealed record FeedbackForm(string Introduction, IReadOnlyList<FeedbackKind> Kinds)
{
    /// <summary>The longest window of a limit.</summary>
    public static TimeSpan MostWindow { get; } = TimeSpan.FromDays(1);

    /// <summary>Repeats are grouped for this long after the first, where the plan says nothing.</summary>
    public static TimeSpan UsualGrouping { get; } = TimeSpan.FromHours(24);

    /// <summary>Contact data is kept for this long after the ticket was closed, where the plan says nothing.</summary>
    public static TimeSpan UsualRetention { get; } = TimeSpan.FromDays(180);

    /// <summary>The introduction in other languages.</summary>
    public IReadOnlyDictionary<Language, string> Translations { get; init; } = new Dictionary<Language, string>();

    /// <summary>How much one sender may send; null for no limit but the host's own.</summary>
    public SubmissionLimit? Limit { get; init; }

    /// <summary>What says the same words about the same service so long after the first is one ticket with it.</summary>
    public TimeSpan GroupWithin { get; init; } = UsualGrouping;

    /// <summary>Names and contacts are erased so long after their ticket was closed.</summary>
    public TimeSpan Retention { get; init; } = UsualRetention;

    /// <summary>The sites that may show the public pages inside their own: schemes with hosts, such as <c>https://www.registry.example</c>.</summary>
    public IReadOnlyList<string> EmbeddedBy { get; init; } = [];

    /// <summary>The kind of an id, or null.</summary>
    public FeedbackKind? Find(string id) => Kinds.FirstOrDefault(kind => kind.Id == id);

    /// <summary>The introduction in a language; as the plan has it first where there is no translation.</summary>
    public string IntroductionIn(Language language) => Translations.GetValueOrDefault(language, Introduction);
}

/// <summary>A choice of the form, and what it becomes.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Label">What the sender reads, in the system's first language.</param>
/// <param name="Type">The type of ticket it becomes.</param>
/// <param name="Impact">The impact it is taken to have until support triages it.</param>
/// <param name="Urgency">The urgency it is taken to have until support triages it.</param>
public sealed record FeedbackKind(string Id, string Label, TicketType Type, string Impact, string Urgency)
{
    /// <summary>The label in other languages.</summary>
    public IReadOnlyDictionary<Language, string> Translations { get; init; } = new Dictionary<Language, string>();

    /// <summary>The label in a language; as the plan has it first where there is no translation.</summary>
    public string LabelIn(Language language) => Translations.GetValueOrDefault(language, Label);
}

/// <summary>A survey that people who sent feedback, and gave an address, are asked to answer.</summary>
/// <param name="Schedule">When it is sent, in the plan's zone.</param>
/// <param name="Period">Asked is who sent feedback in this time before it.</param>
/// <param name="Sample">Of more than so many people, so many are asked.</param>
public sealed record SurveyPolicy(Schedule Schedule, TimeSpan Period, int Sample)
{
    /// <summary>The period where the plan says none.</summary>
    public static TimeSpan UsualPeriod { get; } = TimeSpan.FromDays(90);

    /// <summary>The sample where the plan says none.</summary>
    public const int UsualSample = 200;
}
