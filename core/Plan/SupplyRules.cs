using Maintenance.Supplies;

namespace Maintenance.Plan;

/// <summary>The rules of the section <c>supplies</c> that no single field can keep; a part of <see cref="PlanRules"/>.</summary>
internal static class SupplyRules
{
    public static void Check(OperationsPlan plan, PlanReading reading)
    {
        var policy = plan.Supplies;
        if (policy.Calendar is { } id && plan.Calendars.FirstOrDefault(calendar => calendar.Id == id) is { } calendar && !calendar.Build(plan.System.TimeZone).EverOpen)
        {
            reading.Report(PlanProblemSeverity.Error, "supplies.calendar", $"the calendar '{id}' is never open.", "Name one with open days: orders are placed on them.");
        }

        for (var i = 0; i < policy.Items.Count; i++)
        {
            if (policy.Items[i] is { Target: { } target } item && target <= item.Minimum)
            {
                reading.Report(
                    PlanProblemSeverity.Error, $"supplies.items[{i}].target", $"{StockRules.Text(target)} {item.Unit} are not more than the minimum of {StockRules.Text(item.Minimum)}.", "An order must lift the stock above the minimum, or the alarm never ends.");
            }
        }
    }
}
