using Maintenance.Actions;
using Maintenance.Rollouts;
using Maintenance.Status;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>What needs a person of rollouts.</summary>
public sealed class RolloutAttentionTests
{
    private static readonly DateTimeOffset Now = Utc("2026-11-22T12:00Z");
    private static readonly RolloutRing Plan = new("test", "Test", ["night"], TimeSpan.FromHours(1), [], [], new PlanAction(["apply"], null, null, TimeSpan.FromMinutes(1)), [], TimeSpan.Zero, []);

    [Theory]
    [InlineData(RolloutState.Running, false, null, null)]
    [InlineData(RolloutState.Stopping, false, null, null)]
    [InlineData(RolloutState.Paused, false, AttentionSeverity.Warning, "The rollout of P-1 is paused: A change")]
    [InlineData(RolloutState.Stuck, false, AttentionSeverity.Alarm, "The rollout of P-1 is stuck: try it again, or abort. The disk is full.")]
    [InlineData(RolloutState.Running, true, AttentionSeverity.Alarm, "P-1: no maintenance window holds the ring 'test' as far ahead as the plan looks: A change")]
    public void A_rollout_needs_somebody_where_it_does_not_go_on_by_itself(RolloutState state, bool isWithoutWindow, AttentionSeverity? severity, string? text)
    {
        var run = new RolloutRun("P-1", "A change", "register", null, [Plan], state, Now, [new("test", RingState.Pending, []) { IsWithoutWindow = isWithoutWindow }], []) { Problem = "The disk is full." };
        var items = OperationAttention.Of([], [], [run], Now).ToList();

        Assert.Equal(severity is null ? [] : [new AttentionItem(severity.Value, text!, "/patches/P-1")], items);
    }
}
