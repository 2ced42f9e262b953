using Maintenance.Plan;
using Maintenance.Status;
using Maintenance.Web.Http;

namespace Maintenance.Tests.Plan;

/// <summary>The sample plan answers every question of the phase, and something keeps each answer true.</summary>
public sealed class PlanCoverageTests
{
    /// <summary>What an operations and maintenance phase must answer, as guides to it list it.</summary>
    private static readonly string[] Areas =
    [
        "types of maintenance", "schedule", "resources", "issue tracking", "resolution workflow", "update policy", "patch management", "vendor upgrades", "monitoring", "metrics", "backup procedures", "recovery plan",
        "business continuity policy", "business impact analysis", "preventive controls", "recovery strategies", "IT contingency plan", "tests, training, exercises", "documentation", "knowledge base", "SOPs", "training",
        "security audits", "vulnerability management", "deprecation", "upgrade path", "automation", "refactoring and technical debt", "support channels", "escalation", "service levels", "user feedback",
        "continuous improvement", "staff performance", "data curation", "supplies", "handover", "outstanding issues", "team", "scripts", "the plan itself",
    ];

    private static OperationsPlan Sample => SamplePlan.Load(SamplePlan.Yaml).Plan!;

    [Fact]
    public void Every_question_is_asked_once_and_answered_by_the_sample_plan()
    {
        var answers = PlanCoverage.Of(Sample);
        Assert.Equal(Areas, answers.Select(static one => one.Question.Area));
        Assert.Empty(answers.Where(static one => !one.IsAnswered).Select(static one => one.Question.Area));
    }

    [Fact]
    public void What_keeps_an_answer_true_is_there_a_section_of_the_sample_a_timer_a_page()
    {
        var sections = SamplePlan.Yaml.Split('\n').Where(static line => line.Length > 0 && char.IsAsciiLetter(line[0]) && line.Contains(':', StringComparison.Ordinal)).Select(static line => line[..line.IndexOf(':', StringComparison.Ordinal)]).ToHashSet(StringComparer.Ordinal);
        foreach (var question in PlanCoverage.Questions)
        {
            Assert.NotEmpty(question.Sections);
            Assert.NotEmpty(question.KeptBy);
            Assert.NotEmpty(question.Pages);
            Assert.All(question.Sections.Except(["tickets", "notifications"]), section => Assert.Contains(section, sections));
            Assert.All(question.Timers, static timer => Assert.Contains(timer, TimerService.All));
            Assert.All(question.Pages, static page => Assert.Contains(page[1..], Routes.All.Where(static route => route is { IsApi: false, Method: "GET" }).Select(static route => route.Pattern)));
        }
    }

    [Fact]
    public void A_plan_that_says_nothing_of_something_is_told_so()
    {
        var open = PlanCoverage.Of(SmallPlan.Load(SmallPlan.Yaml).Plan!).Where(static one => !one.IsAnswered).Select(static one => one.Question.Area).ToList();
        Assert.All(new[] { "training", "supplies", "handover", "outstanding issues", "security audits", "knowledge base", "SOPs", "vulnerability management", "refactoring and technical debt" }, area => Assert.Contains(area, open));
        Assert.DoesNotContain("team", open);
    }

    [Fact]
    public void The_document_is_what_the_program_writes_of_the_sample_plan() =>
        Assert.Contains(PlanCoverageText.Markdown(PlanCoverage.Of(Sample)), File.ReadAllText(Path.Join(SamplePlan.Folder, "../docs/coverage.md")), StringComparison.Ordinal);
}
