using Maintenance.Plan;
using Maintenance.Resources;
using Maintenance.ServiceLevels;
using Maintenance.Tests.Services;
using NodaTime;

namespace Maintenance.Tests.Resources;

/// <summary>What hangs on one person, always and while others are away.</summary>
public sealed class SinglePointsTests
{
    private static readonly LocalDate Today = new(2026, 11, 23);

    private static readonly IReadOnlyDictionary<string, IReadOnlySet<string>> Nobody = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);

    private static readonly OperationsPlan Plan = Load(
        """

        duties:
          - { id: alone, kind: other, name: Audit, owner: ann, deputy: ann, every: { months: 1, from: 2026-12-01 } }
          - { id: shared, kind: other, name: Review, owner: ann, deputy: cat, every: { months: 1, from: 2026-12-01 } }
        training:
          programmes:
            - { id: law, name: The law, audience: [support], valid: 365d, within: 60d, owner: ann, trainer: ann, delivery: online, gates: { services: [register] } }
        """);

    [Fact]
    public void A_skill_a_service_a_duty_and_a_level_with_one_person_are_named_with_their_reason_and_how_to_mend_them()
    {
        var plan = Plan with { People = [.. Plan.People.Select(static person => person with { Skills = person.Id == "ann" ? ["restore", "network"] : person.Id == "ben" ? ["Network"] : [] })] };
        var points = SinglePoints.Of(plan, Nobody);
        Assert.Equal(
            ["Skill restore: ann", "Service Register: ben", "Duty Audit: ann", "Escalation level 3 of chain: cat"],
            points.Select(static point => $"{point.Kind} {point.Subject}: {string.Join(',', point.People)}"));
        Assert.Equal("Only Ann knows it.", points[0].Reason);
        Assert.Equal("Only Ben works on its tickets.", points[1].Reason);
        Assert.Equal("Name a deputy who is somebody else than the owner.", points[2].Remedy);
    }

    [Fact]
    public void Votes_hang_on_each_of_those_without_whom_the_quorum_is_out_of_reach()
    {
        // Three may vote and two must: two voters would be too few to lose one, three are not.
        Assert.DoesNotContain(SinglePoints.Of(Plan, Nobody), static point => point.Kind == SinglePointKind.Approval);
        var two = Plan with { People = [.. Plan.People.Where(static person => person.Id != "cat")] };
        var point = Assert.Single(SinglePoints.Of(two, Nobody), static point => point.Kind == SinglePointKind.Approval);
        Assert.Equal("No more than Ann, Ben may vote: without one of them its quorum is out of reach.", point.Reason);
    }

    [Fact]
    public void A_gate_hangs_on_the_only_one_whose_training_is_valid()
    {
        var trained = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal) { ["law"] = new HashSet<string>(["ben", "cat"]) };
        Assert.Equal("Only Ben is trained for what it gates.", Assert.Single(SinglePoints.Of(Plan, trained), static point => point.Kind == SinglePointKind.Training).Reason);
        trained["law"] = new HashSet<string>(["ann", "ben"]);
        Assert.DoesNotContain(SinglePoints.Of(Plan, trained), static point => point.Kind == SinglePointKind.Training);
        trained["law"] = new HashSet<string>();
        Assert.Equal("Nobody is trained for what it gates.", Assert.Single(SinglePoints.Of(Plan, trained), static point => point.Kind == SinglePointKind.Training).Reason);
    }

    [Fact]
    public void While_others_are_away_for_whole_days_of_the_next_thirty_it_hangs_on_who_is_left()
    {
        var plan = With(Plan, "cat", new Absence(Today.PlusDays(2), Today.PlusDays(4), ""), new Absence(Today.PlusDays(29), Today.PlusDays(40), ""), new Absence(Today.PlusDays(7), Today.PlusDays(7), "") { Part = DayPart.Morning });
        var duty = SinglePoints.Coming(plan, Nobody, Today).Where(static one => one.Point.Subject == "Review").ToList();
        Assert.Equal([(new DateOnly(2026, 11, 25), new DateOnly(2026, 11, 27)), (new DateOnly(2026, 12, 22), new DateOnly(2026, 12, 22))], duty.Select(static one => (one.From, one.To)));
        Assert.Equal("Only Ann does it, since Cat is away.", duty[0].Point.Reason);

        // What hangs on one person always is not said again for each absence; and nobody at all is told as that.
        Assert.DoesNotContain(SinglePoints.Coming(plan, Nobody, Today), static one => one.Point.Subject == "Audit");
        var both = With(plan, "ann", new Absence(Today.PlusDays(3), Today.PlusDays(3), ""));
        Assert.Equal(
            ["Only Ann does it, since Cat is away.", "Nobody does it, since Ann, Cat are away.", "Only Ann does it, since Cat is away."],
            SinglePoints.Coming(both, Nobody, Today).Where(static one => one.Point.Subject == "Review").Select(static one => one.Point.Reason).Take(3));
    }

    [Fact]
    public void A_level_of_an_escalation_reaches_those_above_it_too_as_it_does_when_it_is_told()
    {
        // Level 1 is Ben's; while he is away Ann hears of it, and while she is as well, Cat: only when all are away it reaches nobody who is there.
        var chain = Assert.Single(Plan.ServiceLevels.Escalations);
        var plan = With(With(With(Plan, "ben", new Absence(Today.PlusDays(1), Today.PlusDays(4), "")), "ann", new Absence(Today.PlusDays(2), Today.PlusDays(3), "")), "cat", new Absence(Today.PlusDays(3), Today.PlusDays(3), ""));
        var coming = SinglePoints.Coming(plan, Nobody, Today).Where(static one => one.Point.Subject == "level 1 of chain").ToList();
        Assert.Equal(["Only Cat hears of it, since Ben, Ann are away.", "Nobody whom it would reach is there, since Ben, Ann, Cat are away."], coming.Select(static one => one.Point.Reason));
        Assert.Equal([Today.PlusDays(2).ToDateOnly(), Today.PlusDays(3).ToDateOnly()], coming.Select(static one => one.From));
        foreach (var days in Enumerable.Range(0, 6))
        {
            var date = Today.PlusDays(days);
            var told = EscalationRules.Whom(plan, chain, 1, date.At(LocalTime.Noon).InZoneLeniently(plan.System.TimeZone).ToDateTimeOffset());
            var point = coming.SingleOrDefault(one => one.From <= date.ToDateOnly() && date.ToDateOnly() <= one.To)?.Point;
            Assert.Equal(point is { People.Count: 0 }, told.Note?.Contains("nor anybody else", StringComparison.Ordinal) == true);
            Assert.True(point is null || point.People.Count == 0 || point.People.SequenceEqual(told.People));
        }
    }

    [Fact]
    public void Who_stands_in_and_is_there_does_the_duty_instead()
    {
        var (away, both) = (new Absence(Today.PlusDays(2), Today.PlusDays(4), ""), new Absence(Today.PlusDays(3), Today.PlusDays(3), ""));
        Assert.Equal(["Only Ann does it, since Cat is away."], Reasons(With(Plan, "cat", away)));
        Assert.Equal("Move an absence, or have somebody else stand in.", SinglePoints.Coming(With(Plan, "cat", away), Nobody, Today).First(static one => one.Point.Subject == "Review").Point.Remedy);
        Assert.Empty(Reasons(With(Plan, "cat", away with { Deputy = "ben" })));

        // Somebody who does it anyway is nobody more; who is away themselves does not stand in.
        Assert.Equal(["Only Ann does it, since Cat is away."], Reasons(With(Plan, "cat", away with { Deputy = "ann" })));
        Assert.Equal(["Only Ann does it, since Cat is away."], Reasons(With(With(Plan, "cat", away with { Deputy = "ben" }), "ben", away)));
        Assert.Equal(["Only Ben does it, since Ann, Cat are away; Ben stands in."], Reasons(With(With(Plan, "cat", away with { Deputy = "ben" }), "ann", both)));

        // Where one does it always, one who stands in is as many; without one, nobody does it.
        Assert.Equal(["Nobody does it, since Ann is away."], Reasons(With(Plan, "ann", away), "Audit"));
        Assert.Empty(Reasons(With(Plan, "ann", away with { Deputy = "cat" }), "Audit"));

        static IEnumerable<string> Reasons(OperationsPlan plan, string duty = "Review") => SinglePoints.Coming(plan, Nobody, Today).Where(one => one.Point.Subject == duty).Select(static one => one.Point.Reason);
    }

    [Fact]
    public void Tickets_go_to_who_stands_in_where_they_work_on_some_and_nobody_knows_for_another()
    {
        var plan = Plan with { People = [.. Plan.People.Select(static person => person.Id is "ben" or "ann" ? person with { Skills = ["restore"] } : person)] };
        var away = new Absence(Today.PlusDays(1), Today.PlusDays(1), "");
        Assert.Equal(["Nobody works on its tickets, since Ben is away."], Of(away, SinglePointKind.Service));
        Assert.Equal(["Nobody works on its tickets, since Ben is away."], Of(away with { Deputy = "cat" }, SinglePointKind.Service));
        Assert.Empty(Of(away with { Deputy = "ann" }, SinglePointKind.Service));
        Assert.Equal(["Only Ann knows it, since Ben is away."], Of(away with { Deputy = "cat" }, SinglePointKind.Skill));
        Assert.Equal("Move an absence.", SinglePoints.Coming(With(plan, "ben", away), Nobody, Today).Single(static one => one.Point.Kind == SinglePointKind.Skill).Point.Remedy);

        IEnumerable<string> Of(Absence absence, SinglePointKind kind) => SinglePoints.Coming(With(plan, "ben", absence), Nobody, Today).Where(one => one.Point.Kind == kind).Select(static one => one.Point.Reason);
    }

    [Fact]
    public void A_role_that_must_never_hang_on_one_is_looked_at_as_a_skill_is()
    {
        var plan = Plan with
        {
            People = [.. Plan.People.Select(static person => person.Id is "ann" or "cat" ? person with { Roles = [.. person.Roles, "dba"] } : person)],
            Resources = ResourcePolicy.None with { NeverAlone = new NeverAlone([], ["dba"]) },
        };
        Assert.DoesNotContain(SinglePoints.Of(plan, Nobody), static point => point.Kind == SinglePointKind.Role);
        var away = new Absence(Today.PlusDays(1), Today.PlusDays(1), "");
        Assert.Equal("Only Cat has the role, since Ann is away.", Coming(With(plan, "ann", away)));
        Assert.Equal("Nobody has the role, since Ann, Cat are away.", Coming(With(With(plan, "ann", away), "cat", away)));
        var one = plan with { People = [.. plan.People.Where(static person => person.Id != "cat")] };
        Assert.Equal(("dba", "Only Ann has the role."), Assert.Single(SinglePoints.Of(one, Nobody), static point => point.Kind == SinglePointKind.Role) is var point ? (point.Subject, point.Reason) : default);

        static string Coming(OperationsPlan plan) => Assert.Single(SinglePoints.Coming(plan, Nobody, Today), static one => one.Point.Kind == SinglePointKind.Role).Point.Reason;
    }

    [Fact]
    public void Nothing_hangs_on_anybody_where_nobody_is_away() => Assert.Empty(SinglePoints.Coming(Plan, Nobody, Today));

    private static OperationsPlan With(OperationsPlan plan, string person, params Absence[] absences) =>
        plan with { People = [.. plan.People.Select(one => one.Id == person ? one with { Absences = absences } : one)] };

    private static OperationsPlan Load(string section) => PlanFile.Load("plan.yaml", Office.QuickPlan + section, Path.GetTempPath()) is { Plan: { } plan } ? plan : throw new InvalidOperationException("The plan is not good.");
}
