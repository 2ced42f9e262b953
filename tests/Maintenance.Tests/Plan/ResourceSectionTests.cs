using Maintenance.Plan;
using Maintenance.Resources;
using NodaTime;

namespace Maintenance.Tests.Plan;

/// <summary>Whose hours belong to what, as the plan says it.</summary>
public sealed class ResourceSectionTests
{
    private const string Section = """

        teams:
          - { id: desk, name: Desk, lead: ann, members: [ben] }
        resources:
          closesAfter: 5d
          weeks:
            - { person: ben, hours: 20 }
          neverAlone: { roles: [dba] }
          allocations:
            - { person: ben, hours: 8, service: register, kind: corrective, from: 2026-10-01, to: 2026-12-31 }
            - { team: desk, hours: 7.5, per: month, kind: training }
        """;

    [Fact]
    public void Every_field_is_read_and_most_may_be_left_out()
    {
        var resources = SmallPlan.Load(SmallPlan.Yaml + Section).Plan!.Resources;
        Assert.Equal(TimeSpan.FromDays(5), resources.ClosesAfter);
        Assert.Equal([new WorkingWeek("ben", 20)], resources.Weeks);
        Assert.Equal(["dba"], resources.NeverAlone.Roles);
        Assert.Equal(
            [
                new Allocation(8, AllocationPeriod.Week) { Person = "ben", Service = "register", Kind = WorkKind.Corrective, From = new LocalDate(2026, 10, 1), To = new LocalDate(2026, 12, 31) },
                new Allocation(7.5m, AllocationPeriod.Month) { Team = "desk", Kind = WorkKind.Training },
            ],
            resources.Allocations);
        Assert.Empty(SmallPlan.Load(SmallPlan.Yaml + Section).Problems);
        Assert.Same(ResourcePolicy.None, SmallPlan.Load(SmallPlan.Yaml).Plan!.Resources);
    }

    [Theory]
    [InlineData("person: ben, hours: 8", "person: bob, hours: 8", "resources.allocations[0].person", "there is no person 'bob'.", true)]
    [InlineData("service: register", "service: registry", "resources.allocations[0].service", "there is no service 'registry'.", true)]
    [InlineData("team: desk", "team: help", "resources.allocations[1].team", "there is no team 'help'.", true)]
    [InlineData("hours: 8, service", "hours: 0, service", "resources.allocations[0].hours", "'0' is not a number of hours.", true)]
    [InlineData("hours: 8, service", "hours: 200, service", "resources.allocations[0].hours", "a week has 168 hours.", true)]
    [InlineData("kind: corrective", "kind: corective", "resources.allocations[0].kind", "'corective' is none of the choices.", true)]
    [InlineData("to: 2026-12-31", "to: 2026-09-30", "resources.allocations[0].to", "it is before the first day (2026-10-01).", true)]
    [InlineData(", kind: training", "", "resources.allocations[1]", "it says neither a service nor a kind of work.", true)]
    [InlineData("team: desk, hours: 7.5, per: month, kind: training", "person: ben, hours: 1, service: register, kind: corrective, from: 2026-12-31", "resources.allocations[1]", "allocations[0] says how many hours these are already", true)]
    [InlineData("{ person: ben, hours: 20 }", "{ person: ben, hours: 30 }", "resources.weeks[0].hours", "the calendar 'office' has 24 hours in a week.", true)]
    [InlineData("{ person: ben, hours: 20 }", "{ person: ann, hours: 20 }", "resources.weeks[0].person", "'ann' has no calendar", true)]
    [InlineData("hours: 8, service", "hours: 19, service", "resources.allocations[1]", "'ben' has 20 hours in a week, and 20.72 are allocated from 2026-10-01 on.", false)]
    [InlineData("person: ben, hours: 8", "person: ann, hours: 8", "resources.allocations[0]", "'ann' has no calendar, so nobody can tell", false)]
    [InlineData("roles: [dba]", "roles: [support]", "resources.neverAlone.roles[0]", "only Ben Barasu has the role 'support'.", false)]
    [InlineData("roles: [dba]", "skills: [flying]", "resources.neverAlone.skills[0]", "nobody has the skill 'flying'.", false)]
    public void What_cannot_be_names_its_place(string from, string to, string path, string message, bool isError)
    {
        var problem = Assert.Single(SmallPlan.Load(SmallPlan.Yaml + SmallPlan.Replace(Section, from, to)).Problems);
        Assert.Equal((path, isError ? PlanProblemSeverity.Error : PlanProblemSeverity.Warning), (problem.Path, problem.Severity));
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
        Assert.True(problem.Line > 1);
    }

    [Theory]
    [InlineData("09:00-17:00", 40, null, null)]
    [InlineData("09:00-17:00", 41, "the calendar 'office' has 40 hours in a week.", PlanProblemSeverity.Error)]
    [InlineData("09:00-11:00", 10, null, null)]
    [InlineData("09:00-11:00", 20, "the calendar 'office' has 10 hours in a week from 2026-01-01 on.", PlanProblemSeverity.Warning)]
    [InlineData("09:00-11:00", 25, "the calendar 'office' has 24 hours in a week.", PlanProblemSeverity.Error)]
    public void A_week_is_held_against_the_hours_that_its_calendar_has_from_a_date_on_too(string spans, int hours, string? message, PlanProblemSeverity? severity)
    {
        // The calendar has 24 hours at first.
        const string Holiday = "      - { date: 2026-12-25, name: Christmas Day }\n";
        var yaml = SmallPlan.With(Holiday, $"{Holiday}    revisions: [{{ from: 2026-01-01, hours: [{{ days: [mon, tue, wed, thu, fri], spans: [{spans}] }}] }}]\n") + $$"""

            resources:
              weeks:
                - { person: ben, hours: {{hours}} }
            """;
        var problems = SmallPlan.Load(yaml).Problems;
        Assert.Equal(message is null ? [] : [("resources.weeks[0].hours", message, severity!.Value)], problems.Select(static problem => (problem.Path, problem.Message, problem.Severity)));
    }

    [Fact]
    public void Who_is_allocated_no_more_than_their_week_is_no_problem_to_the_last_hour() =>
        Assert.Empty(SmallPlan.Load(SmallPlan.Yaml + Section.Replace("hours: 8, service", "hours: 20, service", StringComparison.Ordinal).Replace("    - { team: desk, hours: 7.5, per: month, kind: training }", "", StringComparison.Ordinal)).Problems);

    [Theory]
    [InlineData("- { from: 2026-12-21, to: 2026-12-22, part: morning }", "absences[0].part", "only an absence of a single day takes half of it.")]
    [InlineData("- { from: 2026-12-21, to: 2026-12-21, deputy: ben }", "absences[0].deputy", "nobody stands in for themselves.")]
    [InlineData("- { from: 2026-12-21, to: 2026-12-21, deputy: bob }", "absences[0].deputy", "there is no person 'bob'.")]
    public void An_absence_of_the_plan_takes_half_of_one_day_and_has_another_stand_in(string absence, string path, string message)
    {
        var problem = Assert.Single(Load(absence).Problems);
        Assert.Equal("people[1]." + path, problem.Path);
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
        Assert.Empty(Load("- { from: 2026-12-21, to: 2026-12-21, part: morning, deputy: ann }\n      - { from: 2026-12-21, to: 2026-12-21, part: afternoon }").Problems);

        static PlanLoad Load(string absence) => SmallPlan.Load(SmallPlan.Replace(SmallPlan.Yaml, "    roles: [support, dba]\n", "    roles: [support, dba]\n    absences:\n      " + absence + "\n"));
    }
}
