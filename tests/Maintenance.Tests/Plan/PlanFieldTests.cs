using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>Faults of a single field: an unknown or missing key, or a value that is none of its kind.</summary>
public sealed class PlanFieldTests
{
    private const string NoMapping = "it is not a mapping (key: value lines).";
    private const string IndentKeys = "Indent its keys below it.";
    private const string NoList = "it is not a list.";
    private const string WriteList = "Write one item a line, each after a hyphen, or [a, b].";
    private const string DurationHint = "Write one such as 15m, 4h, 1d 12h (units w d h m s, above zero).";
    private const string ServiceTimeHint = "Write one such as 30m, 4h or 1h 30m (above zero).";
    private const string Ambiguous = "is ambiguous in service time: a day of 24 hours, or one working day?";
    private const string SpanHint = "Write one such as 08:00-17:00, 13:30-24:00 or 22:00-06:00 (over midnight).";
    private const string IdHint = "Write 1 to 40 lower-case letters, digits and hyphens, such as civil-register.";
    private const string ScheduleHint = "Write second minute hour day month weekday, such as 0 0 2 * * * for 02:00 every day.";

    public static TheoryData<Fault> Keys => new(
        new("  organisation:", "  orgnisation:", "  |orgnisation:", "system.orgnisation", "the key 'orgnisation' is not known here.", "Did you mean 'organisation'?"),
        new("backups:\n", "backup:\n", "|backup:\n", "backup", "the key 'backup' is not known here.", "Did you mean 'backups'?"),
        new("    dependsOn: [register]", "    requires: [register]", "    |requires:", "services[1].requires", "the key 'requires' is not known here.", "Known here: id, name, description, criticality, owner, rto, rpo, mtd, dependsOn."),
        new("    rpo: 1d\n    mtd: 2d", "    mtd: 2d", "  - |id: register", "services[0].rpo", "the key 'rpo' is missing.", "Recovery point objective: how much recent data may be lost."),
        new("    name: Ann Adhola\n", "", "  - |id: ann", "people[0].name", "the key 'name' is missing.", "The full name."),
        new("  - id: ann\n    name", "  - name", "  - |name: Ann", "people[0].id", "the key 'id' is missing.", "Short and stable; what votes and the audit trail say."),
        new("    roles: [support, dba]\n", "", "  - |id: ben", "people[1].roles", "the key 'roles' is missing.", "What the person may and must do: administrator and support give rights; approvals and escalations name any role."),
        new("    source: { folder: register }\n", "", "  - |id: nightly", "backups[0].source", "the key 'source' is missing.", "What is read: exactly one of folder, records, container, table, postgres, command."),
        new("  timeZone: Africa/Nairobi", "  timeZone:", "  |timeZone:", "system.timeZone", "the key 'timeZone' has no value.", "The IANA time zone in which all times of the plan are read."),
        new("    introduction: Tell us.\n", "", "    |kinds:", "support.feedback.introduction", "the key 'introduction' is missing.", "The text above the form."));

    public static TheoryData<Fault> Values => new(
        new("timeZone: Africa/Nairobi", "timeZone: Africa/Nairoby", "timeZone: |Africa", "system.timeZone", "'Africa/Nairoby' is not a time zone.", "Did you mean 'Africa/Nairobi'?"),
        new("timeZone: Africa/Nairobi", "timeZone: here", "timeZone: |here", "system.timeZone", "'here' is not a time zone.", "Write an IANA name such as Africa/Nairobi."),
        new("name: Ann Adhola", "name: \" \"", "name: |\" \"", "people[0].name", "it is empty.", "Write some text."),
        new("email: ann@registry.example", "email: ann at registry", "email: |ann at", "people[0].email", "'ann at registry' is not a mail address.", "Write one such as grace.otieno@registry.example."),
        new("email: ann@registry.example", "email: \"ann@registry.example\\n\"", "email: |\"ann", "people[0].email", "'ann@registry.example\n' is not a mail address.", "Write one such as grace.otieno@registry.example."),
        new("from: plan@registry.example", "from: plan", "from: |plan", "notifications.mail.from", "'plan' is not a mail address.", "Write one such as maintenance@registry.example."),
        new("id: printing", "id: Printing Room", "id: |Printing Room", "services[1].id", "'Printing Room' is not an id.", IdHint),
        new("- id: register", "- id: Register", "id: |Register", "services[0].id", "'Register' is not an id.", IdHint),
        new("id: printing", "id: \"printing\\n\"", "id: |\"printing", "services[1].id", "'printing\n' is not an id.", IdHint),
        new("criticality: high", "criticality: hihg", "criticality: |hihg", "services[0].criticality", "'hihg' is none of the choices.", "Did you mean 'high'?"),
        new("criticality: high", "criticality: 2", "criticality: |2", "services[0].criticality", "'2' is none of the choices.", "Write one of low, medium, high, critical."),
        new("rto: 4h", "rto: 4 hours", "rto: |4 hours", "services[0].rto", "'4 hours' is not a duration.", DurationHint),
        new("rto: 4h", "rto: 0h", "rto: |0h", "services[0].rto", "'0h' is not a duration.", DurationHint),
        new("rto: 4h", "rto: 30m 4h", "rto: |30m", "services[0].rto", "'30m 4h' is not a duration.", DurationHint),
        new("resolution: 40h", "resolution: 1d", "resolution: |1d", "serviceLevels.targets[1].resolution", $"'1d' {Ambiguous}", "Write hours and minutes, such as 40h."),
        new("expiresAfter: 16h", "expiresAfter: 1w 2h", "expiresAfter: |1w", "patching.rules[1].expiresAfter", $"'1w 2h' {Ambiguous}", "Write hours and minutes, such as 40h."),
        new("response: 1h", "response: soon", "response: |soon", "serviceLevels.targets[0].response", "'soon' is not a duration of service time.", ServiceTimeHint),
        new("response: 1h", "response: 0m", "response: |0m", "serviceLevels.targets[0].response", "'0m' is not a duration of service time.", ServiceTimeHint),
        new("after: 2h", "after: -2h", "after: |-2h", "serviceLevels.escalations[0].levels[1].after", "'-2h' is not a duration of service time.", "Write one such as 30m, 4h or 1h 30m (0m for at once)."),
        new("schedule: 0 0 2 * * *", "schedule: 0 2 * * *", "schedule: |0 2", "backups[0].schedule", "'0 2 * * *' is not a schedule: it has five fields; the first of six is the second.", "Put the second in front: 0 0 2 * * *"),
        new("schedule: 0 0 2 * * *", "schedule: 0 0 2", "schedule: |0 0 2", "backups[0].schedule", "'0 0 2' is not a schedule: it has 3 fields instead of six (second minute hour day month weekday).", ScheduleHint),
        new("quorum: 1, expiresAfter: 4h", "quorum: 21, expiresAfter: 4h", "quorum: |21", "patching.rules[0].quorum", "'21' is not a whole number from 0 to 20.", "Write one such as 0."),
        new("quorum: 1, expiresAfter: 4h", "quorum: 1.5, expiresAfter: 4h", "quorum: |1.5", "patching.rules[0].quorum", "'1.5' is not a whole number from 0 to 20.", "Write one such as 0."),
        new("passwordSetting", "port: 65536, passwordSetting", "port: |65536", "notifications.mail.port", "'65536' is not a whole number from 1 to 65535.", "Write one such as 1."),
        new("passwordSetting", "tls: yes, passwordSetting", "tls: |yes", "notifications.mail.tls", "'yes' is neither true nor false.", "Write true or false."),
        new("urlSetting: ROOM", "url: room.registry.example", "url: |room", "notifications.channels[0].url", "'room.registry.example' is not a web address.", "Write one that starts with https://."),
        new("urlSetting: ROOM", "url: file:///etc/hosts", "url: |file", "notifications.channels[0].url", "'file:///etc/hosts' is not a web address.", "Write one that starts with https://."),
        new("date: 2026-12-25", "date: 2026-02-29", "date: |2026-02-29", "calendars[0].holidays[0].date", "'2026-02-29' is not a date.", "Write one such as 2026-12-25."),
        new("date: 2026-12-25", "date: 25.12.2026", "date: |25.12.2026", "calendars[0].holidays[0].date", "'25.12.2026' is not a date.", "Write one such as 2026-12-25."),
        new("days: [mon, tue, wed]", "days: [mon, teu, wed]", "[mon, |teu", "calendars[0].hours[0].days[1]", "'teu' is none of the choices.", "Did you mean 'tue'?"),
        new("13:00-17:00", "13:00-24:01", "|13:00-24:01", "calendars[0].hours[0].spans[1]", "'13:00-24:01' is not a span of hours.", SpanHint),
        new("13:00-17:00", "13:00-13:00", "|13:00-13:00", "calendars[0].hours[0].spans[1]", "'13:00-13:00' is not a span of hours.", SpanHint),
        new("13:00-17:00", "24:00-06:00", "|24:00-06:00", "calendars[0].hours[0].spans[1]", "'24:00-06:00' is not a span of hours.", SpanHint),
        new("13:00-17:00", "1 pm to 5 pm", "|1 pm", "calendars[0].hours[0].spans[1]", "'1 pm to 5 pm' is not a span of hours.", SpanHint),
        new("folder: register", "folder: \"a\\0b\"", "folder: |\"a", "backups[0].source.folder", "it has control characters.", "Name a folder such as register; . is the plan's own."));

    public static TheoryData<Fault> Shapes => new(
        new("    hours:\n      - days: [mon, tue, wed]\n        spans: [08:00-12:00, 13:00-17:00]\n", "    hours:\n      days: [mon]\n      spans: [08:00-12:00]\n", "      |days: [mon]", "calendars[0].hours", NoList, WriteList),
        new("roles: [support, dba]", "roles: support", "roles: |support", "people[1].roles", NoList, WriteList),
        new("feedback:\n    introduction: Tell us.\n    kinds:\n      -", "feedback:\n      -", "      |- { id: broken", "support.feedback", NoMapping, IndentKeys),
        new("source: { folder: register }", "source: register", "source: |register", "backups[0].source", NoMapping, IndentKeys),
        new("  matrix:\n    all: { now: p1, later: p2 }\n    one: { now: p2, later: p2 }\n", "  matrix: [p1, p2]\n", "matrix: |[p1", "priorities.matrix", NoMapping, "Write one line for each of all, one."),
        new("all: { now: p1, later: p2 }", "all: p1", "all: |p1", "priorities.matrix.all", NoMapping, "Write one line for each of now, later."),
        new("name: Printing\n", "name: [Printing]\n", "name: |[Printing]", "services[1].name", "it is not a single value.", null),
        new("days: [mon, tue, wed]", "days: []", "days: |[]", "calendars[0].hours[0].days", "the list has 0 items; at least 1 is needed.", null),
        new("types: [emergency]", "types: []", "types: |[]", "patching.rules[0].types", "the list has 0 items; at least 1 is needed.", null));

    [Theory]
    [MemberData(nameof(Keys))]
    public void An_unknown_or_missing_key_is_reported_where_it_stands_or_should_stand(Fault fault) => fault.AssertReported(PlanProblemSeverity.Error);

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_that_is_none_of_its_kind_is_reported_with_what_would_be_right(Fault fault) => fault.AssertReported(PlanProblemSeverity.Error);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_list_a_mapping_or_a_single_value_in_the_place_of_another_is_reported_once(Fault fault) => fault.AssertReported(PlanProblemSeverity.Error);

    [Fact]
    public void A_schedule_with_a_field_out_of_range_says_which_value_is()
    {
        var problem = Assert.Single(SmallPlan.Load(SmallPlan.With("schedule: 0 0 2 * * *", "schedule: 0 0 25 * * *")).Problems);

        Assert.Equal("backups[0].schedule", problem.Path);
        Assert.StartsWith("'0 0 25 * * *' is not a schedule: ", problem.Message, StringComparison.Ordinal);
        Assert.Contains("25", problem.Message["'0 0 25 * * *'".Length..], StringComparison.Ordinal);
        Assert.Equal(ScheduleHint, problem.Hint);
    }

    [Fact]
    public void The_small_plan_itself_has_no_problem()
    {
        var load = SmallPlan.Load(SmallPlan.Yaml);

        Assert.Empty(load.Problems);
        Assert.NotNull(load.Plan);
    }

    [Fact]
    public void A_problem_reads_as_one_line_that_editors_and_terminals_link()
    {
        var problem = Assert.Single(SmallPlan.Load(SmallPlan.With("criticality: high", "criticality: hihg")).Problems);

        Assert.Equal("plan/plan.yaml:25:18: error: services[0].criticality: 'hihg' is none of the choices. Did you mean 'high'?", problem.ToString());
    }
}
