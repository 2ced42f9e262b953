using Maintenance.Plan;
using Maintenance.Status;
using Maintenance.Supplies;
using Maintenance.Tests.Services;
using Maintenance.Training;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>What waits for one person of training and supplies.</summary>
public sealed class PeopleAttentionTests
{
    private const string Section = """

        training:
          programmes:
            - { id: restore, name: Restoring, audience: [approver], valid: 100d, within: 10d, owner: ann, trainer: cat, delivery: classroom }
        supplies:
          tickets: { impact: all, urgency: later }
          items:
            - { id: paper, name: Paper, unit: sheets, minimum: 100, target: 500, leadTime: 10d, place: Store, owner: support, service: register }
        """;

    private static readonly OperationsPlan Plan = PlanFile.Load("plan.yaml", Office.QuickPlan + Section, Path.GetTempPath()).Plan!;
    private static readonly DateTimeOffset Now = Utc("2026-11-25T02:00Z");

    [Theory]
    [InlineData(TrainingState.Due, 3, "Action Your training Restoring is due in 3d")]
    [InlineData(TrainingState.Overdue, -3, "Warning Your training Restoring was due 3d ago")]
    [InlineData(TrainingState.Expiring, 3, "Action Your training Restoring runs out in 3d")]
    [InlineData(TrainingState.Expired, -3, "Warning Your training Restoring has run out 3d ago")]
    [InlineData(TrainingState.Valid, 50, null)]
    public void Who_must_be_trained_is_told_from_when_it_is_asked_of_them(TrainingState state, int days, string? expected)
    {
        var programme = new ProgrammeStanding(Plan.Training.Programmes[0], [new("ben", state, Now.AddDays(days), null), new("cat", TrainingState.Valid, Now.AddDays(90), null)], null);
        var items = PeopleAttention.Of(Plan, Plan.FindPerson("ben")!, [programme], [], Now).ToList();
        Assert.Equal(expected, items.Select(static item => $"{item.Severity} {item.Text}").SingleOrDefault());
        Assert.All(items, static item => Assert.Equal("/training/restore", item.Path));
        Assert.Empty(PeopleAttention.Of(Plan, Plan.FindPerson("cat")!, [programme], [], Now));
        Assert.Empty(PeopleAttention.Of(Plan, Plan.FindPerson("ann")!, [programme], [], Now));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(OrderReason.BelowMinimum, "Warning Paper: 60 sheets are left, less than the minimum of 100")]
    [InlineData(OrderReason.OrderBy, "Action Paper: order now, or it runs out on")]
    public void A_purchase_waits_for_whoever_answers_for_the_item(OrderReason? reason, string? expected)
    {
        var request = reason is { } why ? new PurchaseRequest(1, why, Now, 60) : null;
        var item = new SupplyStanding(Plan.Supplies.Items[0], new Stock(60, 1, Now, Now, Now, reason == OrderReason.BelowMinimum, 1, request), new SupplyForecast(30, 30, new LocalDate(2026, 12, 20), new LocalDate(2026, 11, 20)));
        var waits = PeopleAttention.Of(Plan, Plan.FindPerson("ben")!, [], [item], Now).ToList();
        Assert.Equal(expected is null ? 0 : 1, waits.Count);
        Assert.All(waits, one => Assert.StartsWith(expected!, $"{one.Severity} {one.Text}", StringComparison.Ordinal));
        Assert.All(waits, static one => Assert.Equal("/supplies/paper", one.Path));
        Assert.Empty(PeopleAttention.Of(Plan, Plan.FindPerson("ann")!, [], [item], Now));
    }
}
