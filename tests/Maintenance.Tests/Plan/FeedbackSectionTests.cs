using Maintenance.Feedback;
using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>Feedback, as the plan says it.</summary>
public sealed class FeedbackSectionTests
{
    private const string Zone = "timeZone: Africa/Nairobi";
    private const string Intro = "introduction: Tell us.";
    private const string Broken = "label: Something is broken";

    [Fact]
    public void What_is_left_out_has_its_usual_value()
    {
        var support = SmallPlan.Load(SmallPlan.Yaml).Plan!.Support;
        Assert.Equal((null, TimeSpan.FromHours(24), TimeSpan.FromDays(180), null), (support.Feedback.Limit, support.Feedback.GroupWithin, support.Feedback.Retention, support.Survey));
        Assert.Empty(support.Feedback.Translations);
    }

    [Fact]
    public void What_is_said_holds()
    {
        var yaml = SmallPlan.With(Zone, Zone + "\n  languages: [en, fr]");
        yaml = SmallPlan.Replace(yaml, Broken, Broken + ", translations: { fr: En panne }");
        yaml = SmallPlan.Replace(
            yaml, Intro, Intro + "\n    translations: { fr: { introduction: Dites-le-nous. } }\n    limit: { submissions: 5, window: 10m }\n    groupWithin: 12h\n    retention: 90d");
        yaml = SmallPlan.Replace(yaml, "  feedback:\n", "  survey: { schedule: 0 0 9 1 1 *, period: 30d, sample: 50 }\n  feedback:\n");
        var load = SmallPlan.Load(yaml);
        Assert.Empty(load.Problems);
        var support = load.Plan!.Support;
        Assert.Equal((new SubmissionLimit(5, TimeSpan.FromMinutes(10)), TimeSpan.FromHours(12), TimeSpan.FromDays(90)), (support.Feedback.Limit, support.Feedback.GroupWithin, support.Feedback.Retention));
        Assert.Equal(("Tell us.", "Dites-le-nous."), (support.Feedback.IntroductionIn(Language.En), support.Feedback.IntroductionIn(Language.Fr)));
        Assert.Equal(("Something is broken", "En panne"), (support.Feedback.Kinds[0].LabelIn(Language.En), support.Feedback.Kinds[0].LabelIn(Language.Fr)));
        Assert.Equal(("0 0 9 1 1 *", TimeSpan.FromDays(30), 50), (support.Survey!.Schedule.Text, support.Survey.Period, support.Survey.Sample));
    }

    [Fact]
    public void A_language_without_its_translation_is_named_and_people_read_the_first()
    {
        var load = SmallPlan.Load(SmallPlan.With(Zone, Zone + "\n  languages: [en, fr]"));
        Assert.Equal(
            [
                ("support.feedback.translations", "the introduction is not translated into French, one of system.languages."),
                ("support.feedback.kinds[0].translations", "the label is not translated into French, one of system.languages."),
            ],
            load.Problems.Select(static problem => (problem.Path, problem.Message)));
        Assert.All(load.Problems, static problem => Assert.Equal(PlanProblemSeverity.Warning, problem.Severity));
        Assert.Equal("Tell us.", load.Plan!.Support.Feedback.IntroductionIn(Language.Fr));
    }

    [Fact]
    public void A_translation_that_nobody_reads_is_named()
    {
        var yaml = SmallPlan.With(Broken, Broken + ", translations: { fr: En panne, en: Broken }");
        Assert.Equal(
            [("support.feedback.kinds[0].translations.fr", "French is not one of system.languages: nobody reads it."), ("support.feedback.kinds[0].translations.en", "English is the language of the label itself.")],
            SmallPlan.Load(yaml).Problems.OrderBy(static problem => problem.Column).Select(static problem => (problem.Path, problem.Message)));
    }

    [Fact]
    public void A_language_that_the_system_does_not_know_is_an_error() =>
        new Fault(Broken, Broken + ", translations: { de: Kaputt }", "translations: { |de", "support.feedback.kinds[0].translations.de", "the key 'de' is not known here.", "Known here: en, fr.").AssertReported(PlanProblemSeverity.Error);

    [Fact]
    public void A_window_beyond_a_day_is_an_error() =>
        new Fault(Intro, Intro + "\n    limit: { submissions: 5, window: 25h }", "window: |25h", "support.feedback.limit.window", "1d 1h is too long.", "Write at most 1d.").AssertReported(PlanProblemSeverity.Error);

    [Fact]
    public void A_survey_that_reaches_back_further_than_contacts_are_kept_is_doubtful() =>
        new Fault(
            "  feedback:\n", "  survey: { schedule: 0 0 9 1 1 *, period: 200d }\n  feedback:\n", "period: |200d", "support.survey.period",
            "it reaches further back than contacts are sure to be kept (support.feedback.retention, 180d).", "Who is erased by then is not asked.").AssertReported(PlanProblemSeverity.Warning);
}
