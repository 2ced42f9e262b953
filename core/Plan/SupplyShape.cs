using System.Globalization;
using System.Text.Json.Nodes;
using Maintenance.Supplies;

using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What the section <c>supplies</c> looks like; a part of <see cref="PlanShape"/>.</summary>
internal static class SupplyShape
{
    private static readonly ScalarKind<decimal?> Quantity = new(
        static text => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= StockRules.Most && decimal.Round(number, StockRules.Digits) == number
            ? Parsed<decimal?>.Ok(number)
            : Parsed<decimal?>.Wrong($"'{text}' is not a quantity.", "Write a number above 0 such as 5000 or 12.5, without a unit."),
        static () => new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0, ["maximum"] = (long)StockRules.Most });

    public static SupplyPolicy Policy(PlanMap m) => new(
        m.List("items", "What is consumed, and must never run out.", Item, least: 1),
        m.OptionalMap("tickets", "What a purchase request is taken to be as a ticket. Left out: the owner is told, and no ticket is opened.", static inside => new SupplyTicket(
            inside.Value("impact", "The id of the impact.", Reference(PlanEntity.Impact), ""),
            inside.Value("urgency", "The id of the urgency.", Reference(PlanEntity.Urgency), ""))))
    {
        Calendar = m.Optional("calendar", "The id of the calendar on whose open days orders are placed; every day where left out.", OptionalReference(PlanEntity.Calendar), null),
    };

    private static SupplyItem Item(PlanMap m) => new(
        m.Value("id", "Short and stable.", Id(PlanEntity.Supply), ""),
        m.Value("name", "What people call it.", Text, ""),
        m.Value("unit", "What is counted: sheets, boxes, litres.", Text, ""),
        m.Value("minimum", "With less than this the owner is alarmed, once until there is more again.", Quantity, 1m) ?? 1m,
        m.Value("leadTime", "How long it takes from the order until it is there.", Duration, TimeSpan.FromDays(1)),
        m.Value("place", "Where it is stored.", Text, ""),
        m.Value("owner", "The person or role that answers for it.", Reference(PlanEntity.Recipient), ""))
    {
        Target = m.Optional("target", "How much there is to be after an order; where left out, whoever orders decides.", Quantity, null),
        Service = m.Optional("service", "The id of the service that needs it.", OptionalReference(PlanEntity.Service), null),
        Supplier = m.Optional("supplier", "Who sells it.", OptionalText, null),
        Keepers = m.Values("keepers", "People or roles that record what moves, besides the owner.", Reference(PlanEntity.Recipient), least: 0),
    };
}
