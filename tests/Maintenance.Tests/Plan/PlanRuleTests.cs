using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>Faults that no single field has: what sections mean together.</summary>
public sealed class PlanRuleTests
{
    public static TheoryData<Fault> Errors => new(
        new("roles: [administrator, dba]", "roles: [admin, dba]", "  |- id: ann", "people", "nobody has the role 'administrator'.", "Give it to at least one person, or nobody can sign in to run the system."),
        new("mtd: 2d\n", "mtd: 2d\n    dependsOn: [printing]\n", "dependsOn: |[printing]", "services[0].dependsOn", "the services depend on one another in a circle: register → printing → register.", "Remove one of these dependencies: in a circle nothing can be started first."),
        new("dependsOn: [register]", "dependsOn: [printing]", "dependsOn: |[printing]", "services[1].dependsOn", "the services depend on one another in a circle: printing → printing.", "Remove one of these dependencies: in a circle nothing can be started first."),
        new("rto: 8h", "rto: 73h", "rto: |73h", "services[1].rto", "the RTO is longer than the tolerable downtime of 3d.", "An outage must end before the damage is lasting: lower rto or raise mtd."),
        new("schedule: 0 0 2 * * *", "schedule: 0 0 2 31 2 *", "schedule: |0 0 2 31", "backups[0].schedule", "'0 0 2 31 2 *' never occurs.", "Look at the day and the month: 31 and 2 never meet."),
        new("    - { priority: p2, calendar: office, response: 4h, resolution: 40h, escalation: chain }\n", "", "    |- { priority: p1", "serviceLevels.targets", "there is no target for the priority 'p2'.", "Every priority needs one."),
        new("  escalations:", "    - { priority: p2, calendar: office, response: 1h, resolution: 2h, escalation: chain }\n  escalations:", "priority: |p2, calendar: office, response: 1h, resolution: 2h", "serviceLevels.targets[2].priority", "the priority 'p2' has a target already.", "Keep one of them."),
        new("  escalations:", "    - { priority: p2, calendar: office, response: 4h, resolution: 40h, escalation: chain } # the same\n  escalations:", "priority: |p2, calendar: office, response: 4h, resolution: 40h, escalation: chain } # the same", "serviceLevels.targets[2].priority", "the priority 'p2' has a target already.", "Keep one of them."),
        new("response: 1h, resolution: 4h", "response: 5h, resolution: 4h", "response: |5h", "serviceLevels.targets[0].response", "the response may take longer than the resolution.", "Lower response or raise resolution."),
        new("after: 2h", "after: 0m", "after: |0m, notify: [ann]", "serviceLevels.escalations[0].levels[1].after", "it is not later than the level before it (0s after).", "List the levels in the order in which they are reached."),
        new("{ id: room, kind: generic, urlSetting: ROOM }", "{ id: room, kind: generic }", "|{ id: room", "notifications.channels[0]", "it has no address.", "Write either url or urlSetting."),
        new("{ id: room, kind: generic, urlSetting: ROOM }", "{ id: room, kind: slack, url: https://hooks.example/1, urlSetting: ROOM }", "|{ id: room", "notifications.channels[0]", "it has two addresses.", "Write either url or urlSetting."),
        new(", passwordSetting: MAIL_PASSWORD", "", "user: |plan", "notifications.mail.user", "there is a user but no passwordSetting.", "Name the host's setting that holds the password."));

    public static TheoryData<Fault> Warnings => new(
        new("- { date: 2026-12-25, name: Christmas Day }", "- { date: 2026-12-25, name: Christmas Day }\n      - { date: 2026-12-25, name: Noel }", "      |- { date: 2026-12-25, name: Christmas", "calendars[0].holidays", "2026-12-25 is listed 2 times.", null),
        new("rto: 8h", "rto: 3h", "rto: |3h", "services[1].rto", "it depends on 'register', whose RTO of 4h is longer.", "It cannot be back before what it needs."),
        new("criticality: low", "criticality: high", "  - |id: printing", "services[1]", "no backup covers this service of high criticality, though it has an RPO.", "Add a policy under backups."),
        new("schedule: 0 0 2 * * *", "schedule: 0 0 2 * * 1", "schedule: |0 0 2", "backups[0].schedule", "occurrences are up to 7d apart, the RPO of 'register' is 1d.", "A backup is then due between them as well; a denser schedule says so openly."),
        new("schedule: 0 0 2 * * *", "schedule: 0 0 2 1 1 *", "schedule: |0 0 2", "backups[0].schedule", "occurrences are up to 365d apart, the RPO of 'register' is 1d.", "A backup is then due between them as well; a denser schedule says so openly."));

    [Theory]
    [MemberData(nameof(Errors))]
    public void What_contradicts_itself_is_an_error(Fault fault) => fault.AssertReported(PlanProblemSeverity.Error);

    [Theory]
    [MemberData(nameof(Warnings))]
    public void What_is_doubtful_is_a_warning_and_the_plan_is_used(Fault fault) => fault.AssertReported(PlanProblemSeverity.Warning);
}
