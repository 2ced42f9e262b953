using Maintenance.Plan;
using Maintenance.ServiceLevels;

namespace Maintenance.Tests.Rules;

/// <summary>
/// The small plan with people. Ben and Cat work for the desk that Ann leads; Dan is the second line, which takes what belongs to no other team; Eve and Kim have no role
/// in support. The chain of ordinary targets warns, has a level before and two after the due instant, and repeats the second.
/// </summary>
internal static class HelpDeskPlan
{
    public static EscalationChain Chain { get; } = new(
        "ordinary",
        [
            new EscalationLevel(TimeSpan.FromHours(-1), ["support"], [], "Take it."),
            new EscalationLevel(TimeSpan.Zero, ["ben"], [], "Answer.") { Repeat = TimeSpan.FromMinutes(30), Fallback = ["cat"] },
            new EscalationLevel(TimeSpan.FromHours(2), ["eve"], [], "Decide."),
        ])
    {
        Alarm = new ChainAlarm(TimeSpan.FromHours(1), ["ann"], []),
    };

    public static OperationsPlan Plan { get; } = SamplePlan.Plan with
    {
        People =
        [
            Person("ann", ["administrator"], [], null),
            Person("ben", ["support"], ["printers"], "office"),
            Person("cat", ["support"], ["printers", "network"], "always"),
            Person("dan", ["support"], ["network"], null),
            Person("eve", ["owner"], [], null),
            Person("kim", ["clerk"], [], null),
            Person("zoe", ["clerk"], [], null),
        ],
        Teams = [new Team("desk", "The desk", "ann", ["ben", "cat"], ["records"]), new Team("second", "Second line", "ann", ["dan"], [])],
        ServiceLevels = new ServiceLevelAgreement(
            [
                SamplePlan.Plan.ServiceLevels.Targets[0] with { Warnings = [50] },
                SamplePlan.Plan.ServiceLevels.Targets[1] with { Warnings = [50, 80] },
            ],
            [SamplePlan.Urgent, Chain]),
    };

    public static Person Person(string id, string[] roles, string[] skills, string? hours) => new(id, id, $"{id}@registry.example", null, roles, skills, hours);
}
