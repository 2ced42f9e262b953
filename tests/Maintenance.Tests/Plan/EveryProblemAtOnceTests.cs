using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>One look at the problems must be enough to mend the whole file: all of them, in its order, and none that only follows from another.</summary>
public sealed class EveryProblemAtOnceTests
{
    [Fact]
    public void Twelve_faults_of_every_sort_give_twelve_problems_in_the_order_of_the_file()
    {
        var yaml = Edit(
            ("organisation:", "orgnisation:"),
            ("email: ann@registry.example", "email: ann"),
            ("hours: office\ncalendars", "hours: ofice\ncalendars"),
            ("13:00-17:00", "13:00-25:00"),
            ("criticality: high", "criticality: severe"),
            ("rto: 8h", "rto: eight hours"),
            ("schedule: 0 0 2 * * *", "schedule: 0 2 * * *"),
            ("one: { now: p2, later: p2 }", "one: { now: p2 }"),
            ("resolution: 40h", "resolution: 5d"),
            ("quorum: 1, expiresAfter: 4h", "quorum: none, expiresAfter: 4h"),
            ("type: incident", "type: accident"),
            ("kind: generic", "kind: pigeon"));

        var load = SmallPlan.Load(yaml);

        Assert.Null(load.Plan);
        Assert.Equal(
            [
                "system.orgnisation",
                "people[0].email",
                "people[1].hours",
                "calendars[0].hours[0].spans[1]",
                "services[0].criticality",
                "services[1].rto",
                "backups[0].schedule",
                "priorities.matrix.one",
                "serviceLevels.targets[1].resolution",
                "patching.rules[0].quorum",
                "support.feedback.kinds[0].type",
                "notifications.channels[0].kind",
            ],
            load.Problems.Select(static problem => problem.Path));
        Assert.All(load.Problems, static problem => Assert.Equal(PlanProblemSeverity.Error, problem.Severity));
    }

    [Fact]
    public void What_sections_contradict_is_reported_beside_what_cannot_be_read_elsewhere()
    {
        var yaml = Edit(
            ("name: Ann Adhola", "name: ''"),
            ("rto: 8h", "rto: 80h"),
            ("after: 2h", "after: 0m"),
            ("introduction: Tell us.", "introduction: []"));

        Assert.Equal(
            ["people[0].name", "services[1].rto", "serviceLevels.escalations[0].levels[1].after", "support.feedback.introduction"],
            SmallPlan.Load(yaml).Problems.Select(static problem => problem.Path));
    }

    [Theory]
    [InlineData("  - id: ann\n    name", "  - name", "people[0].id")]
    [InlineData("- id: ann\n", "- id: Ann\n", "people[0].id")]
    [InlineData("- id: ann\n    name: Ann Adhola", "- id: [ann]\n    name: Ann Adhola", "people[0].id")]
    [InlineData("roles: [support, dba]", "roles: []", "people[1].roles")]
    [InlineData("- id: office\n    hours", "- hours", "calendars[0].id")]
    [InlineData("- id: chain\n      levels", "- levels", "serviceLevels.escalations[0].id")]
    [InlineData("levels: [{ id: p1, name: High }, { id: p2, name: Low }]", "levels: p1, p2", "priorities.levels")]
    [InlineData("impact: [{ id: all, name: Everybody }, { id: one, name: One person }]", "impact: []", "priorities.impact")]
    [InlineData("- { id: away, folder", "- { id: Away, folder", "repository.copies[0].id")]
    [InlineData("copies:\n    - { id: away, folder: away, media: tape, offSite: true, verify: { percent: 20 } }", "copies: away", "repository.copies")]
    [InlineData("channels:\n    - { id: room, kind: generic, urlSetting: ROOM }", "channels: room", "notifications.channels")]
    [InlineData("notifications:\n  mail: { host: smtp.registry.example, from: plan@registry.example, user: plan, passwordSetting: MAIL_PASSWORD }\n  channels:\n    - {", "notifications:\n    - {", "notifications")]
    public void A_definition_that_cannot_be_read_is_not_reported_again_by_what_refers_to_it(string passage, string replacement, string path)
    {
        var problem = Assert.Single(SmallPlan.Load(SmallPlan.With(passage, replacement)).Problems);

        Assert.Equal(path, problem.Path);
    }

    private static string Edit(params (string Passage, string Replacement)[] edits) =>
        edits.Aggregate(SmallPlan.Yaml, static (yaml, edit) => SmallPlan.Replace(yaml, edit.Passage, edit.Replacement));
}
