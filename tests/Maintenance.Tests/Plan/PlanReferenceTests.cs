using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>Faults of ids and of what refers to them: one dangling reference for each kind of entity, duplicates, and holes in the matrix.</summary>
public sealed class PlanReferenceTests
{
    public static TheoryData<Fault> Dangling => new(
        new("  owner: ann\n  timeZone", "  owner: anne\n  timeZone", "  owner: |anne", "system.owner", "there is no person 'anne'.", "Did you mean 'ann'?"),
        new("hours: office\ncalendars", "hours: nights\ncalendars", "hours: |nights", "people[1].hours", "there is no calendar 'nights'.", "There is: office."),
        new("dependsOn: [register]", "dependsOn: [registre]", "[|registre]", "services[1].dependsOn[0]", "there is no service 'registre'.", "Did you mean 'register'?"),
        new("service: register", "service: archive", "service: |archive", "backups[0].service", "there is no service 'archive'.", "There are: register, printing."),
        new("notify: [dba]", "notify: [dab]", "[|dab]", "backups[0].notify[0]", "there is no person or role 'dab'.", "Did you mean 'dba'?"),
        new("copies: [away]", "copies: [awry, away]", "copies: [|awry", "backups[0].copies[0]", "there is no copy 'awry'.", "Did you mean 'away'?"),
        new("notify: [ann]", "notify: [nobody]", "[|nobody]", "serviceLevels.escalations[0].levels[1].notify[0]", "there is no person or role 'nobody'.", "There are: ann, ben, administrator, dba, support."),
        new("all: { now: p1, later: p2 }", "all: { now: p9, later: p2 }", "now: |p9", "priorities.matrix.all.now", "there is no priority 'p9'.", "Did you mean 'p1'?"),
        new("- { priority: p1,", "- { priority: urgent,", "priority: |urgent", "serviceLevels.targets[0].priority", "there is no priority 'urgent'.", "There are: p1, p2."),
        new("resolution: 4h, escalation: chain", "resolution: 4h, escalation: ladder", "escalation: |ladder", "serviceLevels.targets[0].escalation", "there is no escalation chain 'ladder'.", "There is: chain."),
        new("channels: [room]", "channels: [roam]", "[|roam]", "serviceLevels.escalations[0].levels[0].channels[0]", "there is no notification channel 'roam'.", "Did you mean 'room'?"),
        new("notifications:\n  mail: { host: smtp.registry.example, from: plan@registry.example, user: plan, passwordSetting: MAIL_PASSWORD }\n  channels:\n    - { id: room, kind: generic, urlSetting: ROOM }\n", "", "[|room]", "serviceLevels.escalations[0].levels[0].channels[0]", "there is no notification channel 'room'.", "The plan defines none."),
        new("approvers: [dba], quorum: 1, expiresAfter: 4h", "approvers: [boss], quorum: 1, expiresAfter: 4h", "[|boss]", "patching.rules[0].approvers[0]", "there is no role 'boss'.", "There are: administrator, dba, support."),
        new("impact: one, urgency: now", "impact: two, urgency: now", "impact: |two", "support.feedback.kinds[0].impact", "there is no impact 'two'.", "There are: all, one."),
        new("impact: one, urgency: now", "impact: one, urgency: nwo", "urgency: |nwo", "support.feedback.kinds[0].urgency", "there is no urgency 'nwo'.", "Did you mean 'now'?"),
        new("approvers: [dba], quorum: 1, expiresAfter: 16h", "approvers: [ann], quorum: 1, expiresAfter: 16h", "approvers: [|ann]", "patching.rules[1].approvers[0]", "there is no role 'ann'.", "There are: administrator, dba, support."));

    public static TheoryData<Fault> Duplicates => new(
        new("- id: ben", "- id: ann", "- id: |ann\n    name: Ben", "people[1].id", "the id 'ann' is taken by the person in line 7.", "Give this one another id."),
        new("id: printing", "id: register", "- id: |register\n    name: Printing", "services[1].id", "the id 'register' is taken by the service in line 23.", "Give this one another id."),
        new("- { id: away, folder: away,", "- { id: away, folder: third, offSite: true }\n    - { id: away, folder: away,", "- { id: |away, folder: away", "repository.copies[1].id", "the id 'away' is taken by the copy in line 57.", "Give this one another id."),
        new("{ id: p2, name: Low }", "{ id: p1, name: Low }", "High }, { id: |p1", "priorities.levels[1].id", "the id 'p1' is taken by the priority in line 59.", "Give this one another id."));

    public static TheoryData<Fault> Matrix => new(
        new("    one: { now: p2, later: p2 }\n", "", "    |all: {", "priorities.matrix", "there is no line for 'one'.", "Every pair needs a value."),
        new("one: { now: p2, later: p2 }", "one: { now: p2 }", "one: |{ now", "priorities.matrix.one", "there is no line for 'later'.", "Every pair needs a value."),
        new("    one: { now", "    onn: { now", "    |onn: { now", "priorities.matrix.onn", "there is no impact 'onn'.", "Did you mean 'one'?"),
        new("    one: { now: p2, later", "    one: { now: p2, latre", "p2, |latre", "priorities.matrix.one.latre", "there is no urgency 'latre'.", "Did you mean 'later'?"),
        new("    one: { now: p2, later: p2 }", "    one: { now: p2, later: p2 }\n    everywhere: { now: p1, later: p1 }", "    |everywhere", "priorities.matrix.everywhere", "there is no impact 'everywhere'.", "There are: all, one."));

    [Theory]
    [MemberData(nameof(Dangling))]
    public void A_reference_to_nothing_is_reported_with_what_there_is(Fault fault) => fault.AssertReported(PlanProblemSeverity.Error);

    [Theory]
    [MemberData(nameof(Matrix))]
    public void A_hole_or_a_stray_line_in_the_matrix_is_reported_once(Fault fault) => fault.AssertReported(PlanProblemSeverity.Error);

    [Theory]
    [MemberData(nameof(Duplicates))]
    public void A_second_use_of_an_id_is_reported_with_the_line_of_the_first(Fault fault)
    {
        var yaml = SmallPlan.With(fault.Passage, fault.Replacement);
        var problem = SmallPlan.Load(yaml).Problems.Single(problem => problem.Path == fault.Path);

        var (line, column) = SmallPlan.Place(yaml, fault.At);
        Assert.Equal(new PlanProblem(SmallPlan.File, line, column, fault.Path, fault.Message, fault.Hint, PlanProblemSeverity.Error), problem);
    }

    [Theory]
    [InlineData("people:\n", "peple:\n", "peple")]
    [InlineData("calendars:\n", "calenders:\n", "calenders")]
    [InlineData("services:\n", "servces:\n", "servces")]
    [InlineData("priorities:\n", "prioritys:\n", "prioritys")]
    [InlineData("serviceLevels:\n", "servicelevels:\n", "servicelevels")]
    [InlineData("repository:\n", "repositories:\n", "repositories")]
    [InlineData("notifications:\n", "notification:\n", "notification")]
    [InlineData("channels:\n    - { id: room", "chanels:\n    - { id: room", "notifications.chanels")]
    public void A_section_that_cannot_be_read_is_one_problem_and_not_one_for_every_reference_into_it(string passage, string replacement, string path)
    {
        var problem = Assert.Single(SmallPlan.Load(SmallPlan.With(passage, replacement)).Problems);

        Assert.Equal(path, problem.Path);
    }

    [Fact]
    public void A_role_exists_because_somebody_has_it()
    {
        var load = SmallPlan.Load(SmallPlan.With("roles: [support, dba]", "roles: [support, dba, night-shift]").Replace("notify: [ann]", "notify: [night-shift]", StringComparison.Ordinal));

        Assert.DoesNotContain(load.Problems, static problem => problem.Severity == PlanProblemSeverity.Error);
        Assert.Contains("none of these people has a mail address", Assert.Single(load.Problems).ToString(), StringComparison.Ordinal);
        Assert.Equal(["ben"], load.Plan!.Resolve(["night-shift"]).Select(static person => person.Id));
    }
}
