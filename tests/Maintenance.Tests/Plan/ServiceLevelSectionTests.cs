using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;

namespace Maintenance.Tests.Plan;

/// <summary>Targets, chains and waiting rules, as the plan says them.</summary>
public sealed class ServiceLevelSectionTests
{
    private const string P1 = "- { priority: p1, calendar: office, response: 1h, resolution: 4h, escalation: chain }";
    private const string P2 = "- { priority: p2, calendar: office, response: 4h, resolution: 40h, escalation: chain }";
    private const string First = "- { after: 0m, notify: [support], channels: [room], action: Take it. }";
    private const string Second = "- { after: 2h, notify: [ann] }";
    private const string Waiting = "  escalations:\n    - id: chain";
    private const string Opened = "Give this priority a chain of its own, or lower before.";

    public static TheoryData<Fault> Errors => new(
        new("\n    " + P2, "", "|- { priority: p1, calendar: office", "serviceLevels.targets", "there is no target for the priority 'p2'.", "Every priority needs one."),
        new(P1, P1 + "\n    " + P1.Replace("1h", "2h", StringComparison.Ordinal), "priority: |p1, calendar: office, response: 2h", "serviceLevels.targets[1].priority", "the priority 'p1' has a target already.", "Keep one of them."),
        new("response: 1h, resolution: 4h", "response: 5h, resolution: 4h", "response: |5h", "serviceLevels.targets[0].response", "the response may take longer than the resolution.", "Lower response or raise resolution."),
        new("resolution: 40h, escalation: chain", "resolution: 40h, escalation: chain, warnings: [50%, 80%, 50%]", "warnings: |[50%, 80%, 50%]", "serviceLevels.targets[1].warnings", "a part is listed twice.", "Each fires once: keep one of them."),
        new("resolution: 40h, escalation: chain", "resolution: 40h, escalation: chain, warnings: [100%]", "warnings: [|100%", "serviceLevels.targets[1].warnings[0]", "'100%' is not a part in percent.", "Write one such as 80%: above 0%, below 100%."),
        new("resolution: 40h, escalation: chain", "resolution: 40h, escalation: chain, warnings: [80]", "warnings: [|80", "serviceLevels.targets[1].warnings[0]", "'80' is not a part in percent.", "Write one such as 80%: above 0%, below 100%."),
        new(Second, "- { after: 0m, notify: [ann] }", "after: |0m, notify: [ann]", "serviceLevels.escalations[0].levels[1].after", "it is not later than the level before it (0s after).", "List the levels in the order in which they are reached."),
        new(Second, "- { before: 30m, notify: [ann] }\n        - { after: 1h, notify: [ann] }", "before: |30m", "serviceLevels.escalations[0].levels[1].before", "it is not later than the level before it (0s after).", "List the levels in the order in which they are reached."),
        new(Second, "- { after: 2h, before: 1h, notify: [ann] }", ", |before: 1h", "serviceLevels.escalations[0].levels[1].before", "there is 'after' already.", "Write exactly one of after, before."),
        new(Second, "- { notify: [ann] }", "- |{ notify: [ann] }", "serviceLevels.escalations[0].levels[1]", "it has none of after, before.", "Write exactly one of them."),
        new(Second, "- { before: 0m, notify: [ann] }", "before: |0m", "serviceLevels.escalations[0].levels[1].before", "'0m' is not a duration of service time.", "Write one such as 30m, 4h or 1h 30m (above zero)."),
        new(Second, "- { after: 2h, notify: [ann], fallback: [benn] }", "fallback: [|benn]", "serviceLevels.escalations[0].levels[1].fallback[0]", "there is no person or role 'benn'.", "Did you mean 'ben'?"),
        new(Second, "- { after: 2h, notify: [ann], repeat: 0m }", "repeat: |0m", "serviceLevels.escalations[0].levels[1].repeat", "'0m' is not a duration of service time.", "Write one such as 30m, 4h or 1h 30m (above zero)."),
        new(Waiting, "  waiting: [{ for: supplier, stops: [] }, { for: supplier, stops: [response] }]\n" + Waiting, "waiting: |[", "serviceLevels.waiting", "waiting for the supplier has 2 rules.", "Keep one of them."),
        new(Waiting, "  waiting: [{ for: vendor, stops: [] }]\n" + Waiting, "for: |vendor", "serviceLevels.waiting[0].for", "'vendor' is none of the choices.", "Write one of requester, supplier."));

    public static TheoryData<Fault> Warnings => new(
        new(First, "- { before: 1h, notify: [support], channels: [room] }", "resolution: 4h, escalation: |chain", "serviceLevels.targets[0].escalation", "the chain 'chain' has a level 1h before the due instant, and the response takes 1h only: it is told as soon as a ticket is opened.", Opened),
        new(First + "\n        " + Second, "- { before: 30m, notify: [ann] }", "|- { before: 30m", "serviceLevels.escalations[0].levels", "the last level comes before the due instant: nobody is told when the target is missed.", "Add a level with after: 0m or later."),
        new("notify: [support], channels: [room], action: Take it.", "notify: [support]", "notify: |[support] }", "serviceLevels.escalations[0].levels[0].notify", "none of these people has a mail address, and the level has no channel: nobody is told but the log.", "Add an email, or a channel."));

    [Theory]
    [MemberData(nameof(Errors))]
    public void What_cannot_work_is_an_error(Fault fault) => fault.AssertReported(PlanProblemSeverity.Error);

    [Theory]
    [MemberData(nameof(Warnings))]
    public void What_is_doubtful_is_a_warning_and_the_plan_is_used(Fault fault) => fault.AssertReported(PlanProblemSeverity.Warning);

    [Theory]
    [InlineData("59m", null)]
    [InlineData("1h", "the response takes 1h only")]
    [InlineData("3h 59m", "the response takes 1h only")]
    [InlineData("4h", "the resolution takes 4h only")]
    public void A_level_before_the_due_instant_of_either_target_that_takes_no_longer_is_doubtful(string before, string? said)
    {
        var problems = SmallPlan.Load(SmallPlan.With(First, $"- {{ before: {before}, notify: [support], channels: [room] }}")).Problems.Where(static problem => problem.Path == "serviceLevels.targets[0].escalation");
        Assert.Equal(said is null ? 0 : 1, problems.Count(problem => problem.Message.Contains(said ?? "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Where_the_plan_says_nothing_waiting_for_the_requester_stops_the_resolution_and_administrators_hear_of_an_end()
    {
        var levels = SmallPlan.Load(SmallPlan.Yaml).Plan!.ServiceLevels;
        Assert.True(levels.Stops(WaitingFor.Requester, ServiceTarget.Resolution));
        Assert.False(levels.Stops(WaitingFor.Requester, ServiceTarget.Response));
        Assert.False(levels.Stops(WaitingFor.Supplier, ServiceTarget.Resolution));
        Assert.Equal((TimeSpan.FromHours(1), "administrator"), (levels.Chain("chain")!.Alarm.After, Assert.Single(levels.Chain("chain")!.Alarm.Notify)));
        Assert.Equal((null, false, 0), (levels.Chain("chain")!.Levels[0].Repeat, levels.Chain("chain")!.Levels[0].IsUrgent, levels.Chain("chain")!.Levels[0].Fallback.Count));
    }

    [Fact]
    public void Every_field_is_read()
    {
        var yaml = SmallPlan.With(First, "- { before: 15m, notify: [support], fallback: [dba], repeat: 5m, urgent: true, channels: [room] }");
        yaml = SmallPlan.Replace(yaml, Second, Second + "\n      alarm: { after: 3h, notify: [ann], channels: [room] }");
        yaml = SmallPlan.Replace(yaml, "resolution: 40h, escalation: chain", "resolution: 40h, escalation: chain, warnings: [50%, 99%]");
        yaml = SmallPlan.Replace(yaml, Waiting, "  waiting: [{ for: supplier, stops: [response, resolution] }, { for: requester, stops: [] }]\n" + Waiting);
        var load = SmallPlan.Load(yaml);
        Assert.Empty(load.Problems);
        var levels = load.Plan!.ServiceLevels;
        Assert.Equal([50, 99], levels.For("p2")!.Warnings);
        var chain = levels.Chain("chain")!;
        Assert.Equal((-TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(5), true, "dba"), (chain.Levels[0].After, chain.Levels[0].Repeat!.Value, chain.Levels[0].IsUrgent, Assert.Single(chain.Levels[0].Fallback)));
        Assert.Equal((TimeSpan.FromHours(3), "ann", "room"), (chain.Alarm.After, Assert.Single(chain.Alarm.Notify), Assert.Single(chain.Alarm.Channels)));
        Assert.True(levels.Stops(WaitingFor.Supplier, ServiceTarget.Response) && levels.Stops(WaitingFor.Supplier, ServiceTarget.Resolution));
        Assert.False(levels.Stops(WaitingFor.Requester, ServiceTarget.Resolution));
    }
}
