using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Tests.Plan;

/// <summary>People's absences, quiet hours and languages, and who works together, as the plan says it.</summary>
public sealed class TeamSectionTests
{
    private const string Ben = "    hours: office\ncalendars:";
    private const string Services = "services:\n  - id: register";

    public static TheoryData<Fault> Errors => new(
        new("timeZone: Africa/Nairobi\n", "timeZone: Africa/Nairobi\n  languages: [en, en]\n", "en, |en]", "system.languages[1]", "the language is listed twice.", "Keep one of them."),
        new("timeZone: Africa/Nairobi\n", "timeZone: Africa/Nairobi\n  languages: [de]\n", "languages: [|de]", "system.languages[0]", "'de' is none of the choices.", "Write one of en, fr."),
        new(Ben, "    hours: office\n    absences: [{ from: 2026-12-07, to: 2026-12-06 }]\ncalendars:", "to: |2026-12-06", "people[1].absences[0].to", "it is before the first day (2026-12-07).", "Write the last day of the absence; for a single day that is the first one."),
        new(Ben, "    hours: office\n    quietHours: [21-7]\ncalendars:", "quietHours: [|21-7", "people[1].quietHours[0]", "'21-7' is not a span of hours.", "Write one such as 08:00-17:00, 13:30-24:00 or 22:00-06:00 (over midnight)."),
        new(Ben, "    hours: office\n    capacity: -1\ncalendars:", "capacity: |-1", "people[1].capacity", "'-1' is not a whole number from 0 to 1000.", "Write one such as 0."),
        new(Ben, "    hours: office\n    timeZone: Mars/Olympus\ncalendars:", "timeZone: |Mars", "people[1].timeZone", "'Mars/Olympus' is not a time zone.", "Write an IANA name such as Africa/Nairobi."),
        new(Services, Team("lead: bob, members: [ben]"), "lead: |bob", "teams[0].lead", "there is no person 'bob'.", "There are: ann, ben."),
        new(Services, Team("lead: ann, members: [ben, cat]"), "members: [ben, |cat]", "teams[0].members[1]", "there is no person 'cat'.", "There are: ann, ben."),
        new(Services, Team("lead: ann, members: []"), "members: |[]", "teams[0].members", "the list has 0 items; at least 1 is needed.", null),
        new(Services, Team("lead: ann, members: [ben, ann, ben]"), "ann, |ben]", "teams[0].members[2]", "'ben' is a member already.", "Keep one of them."),
        new(Services, Team("lead: ann, members: [ben], services: [registry]"), "services: [|registry]", "teams[0].services[0]", "there is no service 'registry'.", "Did you mean 'register'?"),
        new(Services, Team("lead: ann, members: [ben], services: [register, printing]", "lead: ann, members: [ann], services: [printing]"), "members: [ann], services: [|printing]", "teams[1].services[0]", "the tickets of 'printing' come to the team 't0' already.", "A service has one team: keep one of them."),
        new(Services, Team("lead: ann, members: [ben]", "lead: ann, members: [ann]"), "|{ id: t1", "teams[1]", "the team 't0' takes what no other team does already.", "Name the services of this one."));

    public static TheoryData<Fault> Warnings => new(
        new(Ben, "    hours: office\n    absences:\n      - { from: 2026-12-07, to: 2026-12-09 }\n      - { from: 2026-12-20, to: 2026-12-20 }\n      - { from: 2026-12-09, to: 2026-12-19 }\ncalendars:", "- |{ from: 2026-12-09", "people[1].absences[2]", "it overlaps the absence from 2026-12-07 to 2026-12-09.", "Join them, or shorten one."),
        new(Ben, "    hours: office\n    language: fr\ncalendars:", "language: |fr", "people[1].language", "the system does not speak this language.", "Add it to system: languages, or leave it out here."),
        new(Services, Team("lead: ann, members: [ben], services: [printing]"), "  |- { id: t0", "teams", "no team takes the tickets of 'register'.", "Add them to a team, or a team without services, which takes what no other team does."),
        new("roles: [support, dba]\n    hours: office\n", "roles: [dba]\n    hours: office\n  - id: sue\n    name: Sue\n    roles: [support]\nteams: [{ id: t, name: T, lead: ben, members: [sue, ben, ann] }]\n", "[sue, |ben, ann]", "teams[0].members[1]", "'ben' has neither the role 'support' nor 'administrator', and so cannot work on tickets.", "Add the role 'support' to the person, or take them out of the team."));

    [Theory]
    [MemberData(nameof(Errors))]
    public void What_cannot_work_is_an_error(Fault fault) => fault.AssertReported(PlanProblemSeverity.Error);

    [Theory]
    [MemberData(nameof(Warnings))]
    public void What_is_doubtful_is_a_warning_and_the_plan_is_used(Fault fault) => fault.AssertReported(PlanProblemSeverity.Warning);

    [Fact]
    public void What_is_said_of_people_and_teams_is_read()
    {
        var yaml = SmallPlan.Replace(
            SmallPlan.With(Ben, "    hours: office\n    language: fr\n    timeZone: Europe/Lisbon\n    quietHours: [20:00-07:30, 12:00-13:00]\n    capacity: 0\n    absences: [{ from: 2026-12-07, to: 2026-12-09, reason: Leave }]\ncalendars:"),
            Services,
            Team("lead: ann, members: [ann, ben], services: [register]", "lead: ben, members: [ben]"));
        yaml = SmallPlan.Replace(yaml, "timeZone: Africa/Nairobi\n", "timeZone: Africa/Nairobi\n  languages: [fr, en]\n");
        var load = SmallPlan.Load(yaml);

        Assert.DoesNotContain(load.Problems, static problem => problem.Severity == PlanProblemSeverity.Error);
        var plan = load.Plan!;
        var ben = plan.FindPerson("ben")!;
        Assert.Equal((Language.Fr, "Europe/Lisbon", 0), (ben.Language, ben.TimeZone?.Id, ben.Capacity));
        Assert.Equal([new ClockSpan(1200, 450), new ClockSpan(720, 780)], ben.QuietHours);
        Assert.Equal([false, true, true, false], new[] { 6, 7, 9, 10 }.Select(day => ben.IsAway(new LocalDate(2026, 12, day))));
        Assert.Equal([Language.Fr, Language.En], plan.System.Languages);
        Assert.Equal(["register"], plan.FindTeam("t0")?.Services);
        Assert.Empty(plan.FindTeam("t1")!.Services);
        Assert.Null(plan.FindTeam("t2"));

        var ann = plan.FindPerson("ann")!;
        Assert.Equal((null, null, Person.UsualCapacity), (ann.Language, ann.TimeZone, ann.Capacity));
        Assert.Empty(ann.QuietHours);
        Assert.Empty(ann.Absences);
        Assert.Equal([Language.En], SmallPlan.Load(SmallPlan.Yaml).Plan!.System.Languages);
    }

    private static string Team(params string[] teams) =>
        $"teams:\n{string.Concat(teams.Select(static (team, i) => $"  - {{ id: t{i}, name: Team {i}, {team} }}\n"))}{Services}";
}
