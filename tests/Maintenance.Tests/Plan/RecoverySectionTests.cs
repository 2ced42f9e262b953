using Maintenance.Actions;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Time;

namespace Maintenance.Tests.Plan;

/// <summary>How services are brought back: what the section may say, what it is where nothing is said, and its faults, each alone.</summary>
public sealed class RecoverySectionTests
{
    private const string Sum = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string DurationHint = "Write one such as 15m, 4h, 1d 12h (units w d h m s, above zero).";
    private const string IdHint = "Write 1 to 40 lower-case letters, digits and hyphens, such as restore-register.";
    private const string Kinds = "restore, command, webhook, webhookSetting, check, manual, gate";

    /// <summary>The small plan, and a strategy with a step of every kind.</summary>
    private static readonly string Yaml = SmallPlan.Yaml + $$"""
        recovery:
          tickets: { impact: one, urgency: later }
          strategies:
            - id: rebuild
              service: register
              description: All is lost.
              workers: 2
              workRecovery: 3h
              notify: [dba, ann]
              drills: { schedule: 0 0 10 1 * *, expires: 40d }
              steps:
                - { id: call, name: Call everybody, owner: ann, duration: 11m, manual: { sop: sops/call.md } }
                - { id: bring, name: Bring the files, owner: dba, duration: 31m, restore: { backup: nightly } }
                - { id: look, name: Look, owner: ben, duration: 5m, after: [bring], check: { file: births.csv, sha256: {{Sum}}, atLeastLines: 3, atLeastBytes: 10, contains: born, timeout: 12s } }
                - { id: count, name: Count, owner: ben, duration: 2m, after: [bring], check: { query: select 1, database: SCRATCH, atLeast: 1.5 } }
                - { id: index, name: Index, owner: ben, duration: 6m, after: [look, count], command: [./index.sh, "two words"], of: bring, timeout: 4m }
                - { id: decide, name: Decide, owner: ann, duration: 15m, after: [index, call], gate: { approvers: [dba], quorum: 2 } }
                - { id: open, name: Open, owner: ben, duration: 1m, after: [decide], webhookSetting: GATEWAY, drill: true }
                - { id: alive, name: It answers, owner: ben, duration: 3m, after: [open], check: { http: "https://register.example/health", status: 204 } }

        """;

    public static TheoryData<Fault> FieldFaults => new(
        new("impact: one, urgency: later }\n  strategies", "impact: three, urgency: later }\n  strategies", "tickets: { impact: |three", "recovery.tickets.impact", "there is no impact 'three'.", "There are: all, one."),
        new("service: register\n      description", "service: registre\n      description", "service: |registre", "recovery.strategies[0].service", "there is no service 'registre'.", "Did you mean 'register'?"),
        new("id: rebuild", "id: Re build", "id: |Re build", "recovery.strategies[0].id", "'Re build' is not an id.", "Write 1 to 40 lower-case letters, digits and hyphens, such as civil-register."),
        new("workers: 2", "workers: 0", "workers: |0", "recovery.strategies[0].workers", "'0' is not a whole number from 1 to 50.", "Write one such as 1."),
        new("workers: 2", "workers: 51", "workers: |51", "recovery.strategies[0].workers", "'51' is not a whole number from 1 to 50.", "Write one such as 1."),
        new("workRecovery: 3h", "workRecovery: 0h", "workRecovery: |0h", "recovery.strategies[0].workRecovery", "'0h' is not a duration.", DurationHint),
        new("notify: [dba, ann]", "notify: []", "notify: |[]\n      drills", "recovery.strategies[0].notify", "the list has 0 items; at least 1 is needed.", null),
        new("expires: 40d", "expires: soon", "expires: |soon", "recovery.strategies[0].drills.expires", "'soon' is not a duration.", DurationHint),
        new("schedule: 0 0 10 1 * *, expires: 40d", "expires: 40d", "drills: |{", "recovery.strategies[0].drills.schedule", "the key 'schedule' is missing.", "When: six NCRONTAB fields in the system's time zone."),
        new("id: look", "id: Look", "id: |Look", "recovery.strategies[0].steps[2].id", "'Look' is not an id.", IdHint),
        new("name: Look, ", "", "|{ id: look", "recovery.strategies[0].steps[2].name", "the key 'name' is missing.", "What is done, in a line."),
        new("owner: dba, duration: 31m", "owner: dbo, duration: 31m", "owner: |dbo", "recovery.strategies[0].steps[1].owner", "there is no person or role 'dbo'.", "Did you mean 'dba'?"),
        new("duration: 31m", "duration: half an hour", "duration: |half", "recovery.strategies[0].steps[1].duration", "'half an hour' is not a duration.", DurationHint),
        new("backup: nightly }", "backup: nighty }", "backup: |nighty", "recovery.strategies[0].steps[1].restore.backup", "there is no backup policy 'nighty'.", "Did you mean 'nightly'?"),
        new("backup: nightly }", "backup: nightly, live: \"https://x\" }", "live: |\"https", "recovery.strategies[0].steps[1].restore.live", "it is an address, not a folder.", "A Blob container goes under container: instead."),
        new("backup: nightly }", "backup: nightly, place: there }", "place: |there", "recovery.strategies[0].steps[1].restore.place", "it is no place that is restored to.", "Write postgres:SETTING, container:https://… or table:https://…; a folder goes under live: instead."),
        new("manual: { sop: sops/call.md }", "manual: { sop: ../call.md }", "sop: |..", "recovery.strategies[0].steps[0].manual.sop", "'../call.md' is not a path below the plan's folder.", "Write one with / between its names and none in front, such as sops/call-in.md."),
        new("manual: { sop: sops/call.md }", "manual: yes", "manual: |yes", "recovery.strategies[0].steps[0].manual", "it is not a mapping (key: value lines).", "Indent its keys below it."),
        new(", manual: { sop: sops/call.md }", "", "|{ id: call", "recovery.strategies[0].steps[0]", $"it has none of {Kinds}.", "Write exactly one of them."),
        new("webhookSetting: GATEWAY", "webhookSetting: GATEWAY, webhook: \"https://x.example/\"", "GATEWAY, |webhook", "recovery.strategies[0].steps[6].webhook", "there is 'webhookSetting' already.", $"Write exactly one of {Kinds}."),
        new("webhookSetting: GATEWAY", "webhook: mailto:x@y.example", "webhook: |mailto", "recovery.strategies[0].steps[6].webhook", "'mailto:x@y.example' is not a web address.", "Write one that starts with https://."),
        new("command: [./index.sh, \"two words\"]", "command: []", "command: |[]", "recovery.strategies[0].steps[4].command", "the list has 0 items; at least 1 is needed.", null),
        new("timeout: 4m", "timeout: 0m", "timeout: |0m", "recovery.strategies[0].steps[4].timeout", "'0m' is not a duration.", DurationHint),
        new("of: bring", "of: Bring", "of: |Bring", "recovery.strategies[0].steps[4].of", "'Bring' is not an id.", IdHint),
        new("drill: true", "drill: often", "drill: |often", "recovery.strategies[0].steps[6].drill", "'often' is neither true nor false.", "Write true or false."),
        new("approvers: [dba], quorum: 2 }", "approvers: [dbo], quorum: 2 }", "approvers: [|dbo", "recovery.strategies[0].steps[5].gate.approvers[0]", "there is no role 'dbo'.", "Did you mean 'dba'?"),
        new("approvers: [dba], quorum: 2 }", "approvers: [dba], quorum: 0 }", "quorum: |0", "recovery.strategies[0].steps[5].gate.quorum", "'0' is not a whole number from 1 to 20.", "Write one such as 1."),
        new($"sha256: {Sum}", "sha256: abc", "sha256: |abc", "recovery.strategies[0].steps[2].check.sha256", "'abc' is not a SHA-256.", "Write its 64 hexadecimal digits, as sha256sum prints them."),
        new("atLeastLines: 3", "atLeastLines: some", "atLeastLines: |some", "recovery.strategies[0].steps[2].check.atLeastLines", "'some' is not a whole number from 0 to 9007199254740992.", "Write one such as 1000."),
        new("atLeastBytes: 10", "atLeastBytes: -1", "atLeastBytes: |-1", "recovery.strategies[0].steps[2].check.atLeastBytes", "'-1' is not a whole number from 0 to 9007199254740992.", "Write one such as 1000."),
        new("file: births.csv", "file: /births.csv", "file: |/births", "recovery.strategies[0].steps[2].check.file", "'/births.csv' is not a path below what was restored.", "Write one with / between its names and none in front, such as births/2026.csv."),
        new("file: births.csv, ", "", "check: |{ sha256", "recovery.strategies[0].steps[2].check", "it has none of file, http, query.", "Write exactly one of them."),
        new("query: select 1,", "query: select 1, http: \"https://x.example/\",", "1, |http", "recovery.strategies[0].steps[3].check.http", "there is 'query' already.", "Write exactly one of file, http, query."),
        new("database: SCRATCH, atLeast: 1.5", "database: \"Host=x;Password=y\", atLeast: 1.5", "database: |\"Host", "recovery.strategies[0].steps[3].check.database", "it looks like a connection string, and a plan is no place for secrets.", "Write the name of the host's setting that holds the connection string, such as CIVREG_DATABASE."),
        new("atLeast: 1.5", "atLeast: many", "atLeast: |many", "recovery.strategies[0].steps[3].check.atLeast", "'many' is not a number from -1000000000000000 to 1000000000000000.", "Write one such as 1.5."),
        new("status: 204", "status: 99", "status: |99", "recovery.strategies[0].steps[7].check.status", "'99' is not a whole number from 100 to 599.", "Write one such as 100."),
        new("contains: born", "contains: \"\"", "contains: |\"\"", "recovery.strategies[0].steps[2].check.contains", "it is empty.", "Write some text, or leave the key out."),
        new("contains: born", "status: 200", "10, |status", "recovery.strategies[0].steps[2].check.status", "it says nothing without 'http'.", "Remove it."),
        new("contains: born", "equals: born", "10, |equals", "recovery.strategies[0].steps[2].check.equals", "it says nothing without 'query'.", "Remove it."),
        new("contains: born", "atLeast: 1", "10, |atLeast: 1,", "recovery.strategies[0].steps[2].check.atLeast", "it says nothing without 'query'.", "Remove it."),
        new("contains: born", "database: SCRATCH", "10, |database", "recovery.strategies[0].steps[2].check.database", "it says nothing without 'query'.", "Remove it."),
        new("status: 204", $"sha256: {Sum}", "health\", |sha256", "recovery.strategies[0].steps[7].check.sha256", "it says nothing without 'file'.", "Remove it."),
        new("status: 204", "atLeastLines: 1", "health\", |atLeastLines", "recovery.strategies[0].steps[7].check.atLeastLines", "it says nothing without 'file'.", "Remove it."),
        new("status: 204", "atLeastBytes: 1", "health\", |atLeastBytes", "recovery.strategies[0].steps[7].check.atLeastBytes", "it says nothing without 'file'.", "Remove it."));

    public static TheoryData<Fault> RuleFaults => new(
        new("id: alive", "id: look", "id: |look, name: It answers", "recovery.strategies[0].steps[7].id", "the id 'look' is taken by an earlier step of this strategy.", "Give this one another id."),
        new("after: [index, call]", "after: [index, cal]", "[index, |cal]", "recovery.strategies[0].steps[5].after[1]", "this strategy has no step 'cal'.", "Did you mean 'call'?"),
        new("after: [open]", "after: [alive]", "after: |[alive]", "recovery.strategies[0].steps[7].after", "the steps come after one another in a circle: alive → alive.", "Remove one of these: in a circle nothing can be done first."),
        new("after: [index, call]", "after: [index, call, alive]", "after: |[index, call", "recovery.strategies[0].steps[5].after", "the steps come after one another in a circle: decide → alive → open → decide.", "Remove one of these: in a circle nothing can be done first."),
        new("backup: nightly }", "backup: nightly, live: here, place: \"postgres:X\" }", "place: |\"postgres", "recovery.strategies[0].steps[1].restore.place", "there is 'live' already.", "A restore goes beside a live folder, or into a place: write one of the two."),
        new("source: { folder: register }\n    exclude: [\"*.tmp\"]", "source: { postgres: CIVREG }", "restore: |{", "recovery.strategies[0].steps[1].restore", "the backup policy 'nightly' backs up no folder, so it must be said what is restored to.", "Add live: (a folder) or place: (postgres:SETTING, container:URI, table:URI)."),
        new("gate: { approvers: [dba], quorum: 2 }", "manual: {}", "|{ id: bring", "recovery.strategies[0].steps[1]", "no gate comes after it, so what it restores would never take the place of the live data.", "Add a step with gate: after it."),
        new("gate: { approvers: [dba], quorum: 2 }", "gate: { approvers: [dba], quorum: 3 }", "quorum: |3", "recovery.strategies[0].steps[5].gate.quorum", "3 must approve, but only 2 people have a role that may.", "Lower the quorum, or give one of the roles to more people."),
        new("gate: { approvers: [dba], quorum: 2 }", "gate: { approvers: [support, support], quorum: 2 }", "quorum: |2 }", "recovery.strategies[0].steps[5].gate.quorum", "2 must approve, but only 1 person has a role that may.", "Lower the quorum, or give one of the roles to more people."),
        new("query: select 1, database: SCRATCH", "query: select 1", "query: |select", "recovery.strategies[0].steps[3].check.query", "it does not say which database.", "Add database: with the name of the host's setting that holds the connection string."),
        new("atLeast: 1.5", "atLeast: 1.5, contains: x", "contains: |x", "recovery.strategies[0].steps[3].check.contains", "it looks into a file or an answer, not into a query's value.", "Write equals: instead."),
        new("of: bring", "of: look", "of: |look", "recovery.strategies[0].steps[4].of", "'look' is not a restore step that comes before it.", "There are: bring."),
        new("after: [bring], check: { file", "check: { file", "file: |births", "recovery.strategies[0].steps[2].check.file", "no restore comes before it, so there is nothing to look into.", "Name a restore step under after."),
        new("workRecovery: 3h", "workRecovery: 1d 20h 1m", "workRecovery: |1d", "recovery.strategies[0].workRecovery", "with the RTO of 4h it is longer than the tolerable downtime of 'register', 2d.", "The work must be whole again before the damage is lasting: lower one of the two, or raise the mtd."),
        new("schedule: 0 0 10 1 * *, expires: 40d", "schedule: 0 0 10 31 2 *, expires: 40d", "schedule: |0 0 10 31", "recovery.strategies[0].drills.schedule", "'0 0 10 31 2 *' never occurs.", "Look at the day and the month: 31 and 2 never meet."),
        new("  tickets: { impact: one, urgency: later }\n", "", "drills: |{", "recovery.strategies[0].drills", "it is not said what the ticket of a failed drill is taken to be.", "Add recovery.tickets with impact and urgency."));

    public static TheoryData<Fault> Warnings => new(
        new("database: SCRATCH, atLeast: 1.5", "database: SCRATCH", "query: |select", "recovery.strategies[0].steps[3].check.query", "any value passes.", "Add equals: or atLeast:."),
        new("duration: 31m", "duration: 3h 31m", "steps:\n        |- {", "recovery.strategies[0].steps", "with 2 workers they take 4h 1m, the RTO of 'register' is 4h: bring → look → index → decide → open → alive.", "Its longest chain alone takes 4h 1m: shorten a step of it, or raise the rto."),
        new("expires: 40d", "expires: 30d", "expires: |30d", "recovery.strategies[0].drills.expires", "drills are up to 31d apart, and one counts for 30d: in between it is overdue.", "Give it the longest interval and a few days."));

    [Fact]
    public void The_plan_that_the_faults_are_put_into_has_none() => Assert.Empty(SmallPlan.Load(Yaml).Problems);

    [Theory]
    [MemberData(nameof(FieldFaults))]
    public void A_value_that_is_none_of_its_kind_is_reported_with_what_would_be_right(Fault fault) => AssertReported(fault, PlanProblemSeverity.Error);

    [Theory]
    [MemberData(nameof(RuleFaults))]
    public void What_does_not_go_together_is_reported_with_what_would_be_right(Fault fault) => AssertReported(fault, PlanProblemSeverity.Error);

    [Theory]
    [MemberData(nameof(Warnings))]
    public void What_is_doubtful_is_a_warning_and_the_plan_is_used(Fault fault) => AssertReported(fault, PlanProblemSeverity.Warning);

    [Fact]
    public void Strategies_that_take_too_long_say_what_sets_the_time_and_whether_more_hands_would_do()
    {
        Assert.Empty(SmallPlan.Load(SmallPlan.Replace(Yaml, "duration: 31m", "duration: 3h 30m")).Problems);
        var hands = Problem(SmallPlan.Replace(Yaml, "workers: 2", "workers: 1"), "duration: 31m", "duration: 3h 30m");
        Assert.StartsWith("with 1 worker they take 4h 13m, the RTO of 'register' is 4h: ", hands.Message, StringComparison.Ordinal);
        Assert.Equal("More workers would do it.", hands.Hint);
        Assert.Equal(PlanProblemSeverity.Warning, hands.Severity);
    }

    [Fact]
    public void A_service_whose_loss_is_bad_and_that_no_strategy_brings_back_is_doubtful_once_any_has_one()
    {
        const string Words = "no recovery strategy brings back this service of high criticality, though it has an RTO.";
        Assert.Contains(SmallPlan.Load(SmallPlan.Replace(Yaml, "criticality: low", "criticality: high")).Problems, static problem => (problem.Path, problem.Message, problem.Severity) == ("services[1]", Words, PlanProblemSeverity.Warning));
        Assert.DoesNotContain(SmallPlan.Load(SmallPlan.With("criticality: low", "criticality: high")).Problems, static problem => problem.Message == Words);
    }

    [Fact]
    public void Two_restores_that_would_replace_one_folder_or_one_inside_the_other_are_an_error()
    {
        foreach (var (live, isWrong) in new[] { ("register", true), ("register/births", true), (".", true), ("registers", false), ("elsewhere", false) })
        {
            var yaml = SmallPlan.Replace(Yaml, "        - { id: look,", $"        - {{ id: again, name: Again, owner: ben, duration: 1m, restore: {{ backup: nightly, live: {live} }} }}\n        - {{ id: look,");
            var problems = SmallPlan.Load(SmallPlan.Replace(yaml, "after: [index, call]", "after: [index, call, again]")).Problems;
            Assert.Equal(isWrong ? ["its live folder is that of the step 'bring', or one of the two is inside the other."] : [], problems.Select(static problem => problem.Message));
        }
    }

    [Fact]
    public void A_look_at_a_file_after_two_restores_says_which_and_is_an_error_where_it_does_not()
    {
        var two = SmallPlan.Replace(
            SmallPlan.Replace(Yaml, "        - { id: look,", "        - { id: other, name: Other, owner: ben, duration: 1m, restore: { backup: nightly, live: other } }\n        - { id: look,"),
            "after: [bring], check: { file", "after: [bring, other], check: { file");
        var problem = Assert.Single(SmallPlan.Load(two).Problems);
        Assert.Equal(("recovery.strategies[0].steps[3].check.file", "it could look into what bring or other restored.", "Say which with of:."), (problem.Path, problem.Message, problem.Hint));
        var load = SmallPlan.Load(SmallPlan.Replace(two, "after: [bring, other], check: { file", "of: other, after: [bring, other], check: { file"));
        Assert.Empty(load.Problems);
        Assert.Equal("other", load.Plan!.Recovery.Strategies[0].Steps[3].Of);
    }

    [Fact]
    public void A_circle_is_told_as_that_circle_and_nothing_else_is_said_of_its_steps()
    {
        var yaml = SmallPlan.Replace(SmallPlan.Replace(Yaml, "after: [bring], check: { file", "after: [bring, index], check: { file"), "quorum: 2", "quorum: 9");
        var problem = Assert.Single(SmallPlan.Load(yaml).Problems);
        Assert.Equal("the steps come after one another in a circle: look → index → look.", problem.Message);
    }

    [Fact]
    public void Two_strategies_of_one_id_are_an_error()
    {
        var second = Yaml[Yaml.IndexOf("    - id: rebuild", StringComparison.Ordinal)..];
        Assert.Contains("the id 'rebuild' is taken by the", Assert.Single(SmallPlan.Load(Yaml + second).Problems).Message, StringComparison.Ordinal);
        Assert.Empty(SmallPlan.Load(Yaml + second.Replace("id: rebuild", "id: again", StringComparison.Ordinal)).Problems);
    }

    [Fact]
    public void Every_field_is_read()
    {
        var plan = SmallPlan.Load(Yaml).Plan!;
        Assert.Equal(new DrillTicket("one", "later"), plan.Recovery.Ticket);
        var strategy = Assert.Single(plan.Recovery.Strategies);
        Assert.Same(strategy, plan.Recovery.Find("rebuild"));
        Assert.Equal(("register", "All is lost.", 2, TimeSpan.FromHours(3)), (strategy.Service, strategy.Description, strategy.Workers, strategy.WorkRecovery));
        Assert.Equal(["dba", "ann"], strategy.Notify);
        Assert.Equal(("0 0 10 1 * *", TimeSpan.FromDays(40)), (strategy.Drills!.Schedule.ToString(), strategy.Drills.Expires));
        Assert.Equal(
            ["call Manual ann 11m", "bring Restore dba 31m bring-", "look Check ben 5m", "count Check ben 2m", "index Action ben 6m", "decide Gate ann 15m", "open Action ben 1m", "alive Check ben 3m"],
            strategy.Steps.Select(static step => $"{step.Id} {step.Kind} {step.Owner} {Durations.Format(step.Duration)}{(step.Id == "bring" ? " bring-" : "")}"));
        var steps = strategy.Steps.ToDictionary(static step => step.Id);
        Assert.Equal(("sops/call.md", Path.Combine(SmallPlan.Folder, "sops/call.md")), (steps["call"].Sop, steps["call"].SopFile));
        Assert.Equal(new RestoreStep("nightly", Path.Combine(SmallPlan.Folder, "register"), null), steps["bring"].Restore);
        Assert.Equal(
            new Check(CheckKind.File, "births.csv") { Hash = Sum, AtLeastLines = 3, AtLeastBytes = 10, Contains = "born", Timeout = TimeSpan.FromSeconds(12) }, steps["look"].Check);
        Assert.Equal(new Check(CheckKind.Query, "select 1") { Database = "SCRATCH", AtLeast = 1.5 }, steps["count"].Check);
        Assert.Equal(new Check(CheckKind.Http, "https://register.example/health") { Status = 204 }, steps["alive"].Check);
        Assert.Equal(["./index.sh", "two words"], steps["index"].Action!.Command);
        Assert.Equal(("bring", TimeSpan.FromMinutes(4)), (steps["index"].Of, steps["index"].Action!.Timeout));
        Assert.Equal(("GATEWAY", null, PlanAction.UsualTimeout), (steps["open"].Action!.WebhookSetting, steps["open"].Action!.Webhook, steps["open"].Action!.Timeout));
        Assert.Equal(("dba", 2), (Assert.Single(steps["decide"].Gate!.Approvers), steps["decide"].Gate!.Quorum));
        Assert.Equal(["index", "call"], steps["decide"].After);
        Assert.Equal(["bring", "look", "open"], strategy.Steps.Where(static step => step.RunsInDrill).Select(static step => step.Id));
        Assert.All(strategy.Steps.Where(static step => step.Kind != RecoveryStepKind.Action), static step => Assert.Null(step.Action));
    }

    [Fact]
    public void What_is_left_out_is_what_the_records_say()
    {
        var load = SmallPlan.Load(SmallPlan.Yaml + """
            recovery:
              strategies:
                - id: least
                  service: register
                  notify: [ann]
                  steps:
                    - { id: do, name: Do it, owner: ann, duration: 1m, webhook: "https://x.example/do" }
                    - { id: look, name: Look, owner: ann, duration: 1m, check: { http: "https://x.example/" }, drill: true }
                    - { id: ask, name: Ask, owner: ann, duration: 1m, gate: { approvers: [dba] }, drill: true }

            """);
        Assert.Empty(load.Problems);
        Assert.Null(load.Plan!.Recovery.Ticket);
        var strategy = Assert.Single(load.Plan.Recovery.Strategies);
        Assert.Equal(("", 1, TimeSpan.Zero), (strategy.Description, strategy.Workers, strategy.WorkRecovery));
        Assert.Null(strategy.Drills);
        Assert.Equal((new Uri("https://x.example/do"), TimeSpan.FromMinutes(10), false), (strategy.Steps[0].Action!.Webhook, strategy.Steps[0].Action!.Timeout, strategy.Steps[0].RunsInDrill));
        Assert.Equal((200, TimeSpan.FromSeconds(30), true), (strategy.Steps[1].Check!.Status, strategy.Steps[1].Check!.Timeout, strategy.Steps[1].RunsInDrill));
        Assert.Equal((1, false), (strategy.Steps[2].Gate!.Quorum, strategy.Steps[2].RunsInDrill));
        Assert.Empty(strategy.Steps[0].After);
        Assert.Empty(SmallPlan.Load(SmallPlan.Yaml).Plan!.Recovery.Strategies);
    }

    private static void AssertReported(Fault fault, PlanProblemSeverity severity)
    {
        var yaml = SmallPlan.Replace(Yaml, fault.Passage, fault.Replacement);
        var load = SmallPlan.Load(yaml);
        var (line, column) = SmallPlan.Place(yaml, fault.At);
        Assert.Equal([new PlanProblem(SmallPlan.File, line, column, fault.Path, fault.Message, fault.Hint, severity)], load.Problems);
        Assert.Equal(severity == PlanProblemSeverity.Warning, load.Plan is not null);
    }

    private static PlanProblem Problem(string yaml, string passage, string replacement) => Assert.Single(SmallPlan.Load(SmallPlan.Replace(yaml, passage, replacement)).Problems);
}
