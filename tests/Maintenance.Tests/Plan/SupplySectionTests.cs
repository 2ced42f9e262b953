using Maintenance.Plan;
using Maintenance.Supplies;

namespace Maintenance.Tests.Plan;

/// <summary>What is consumed and must never run out, as the plan says it.</summary>
public sealed class SupplySectionTests
{
    private const string Section = """

        supplies:
          calendar: CALENDAR
          tickets: { impact: one, urgency: now }
          items:
            - { id: paper, name: Paper, unit: sheets, minimum: 100, target: 500.5, leadTime: 10d, place: Store, owner: PERSON, keepers: [PERSON], service: SERVICE, supplier: Printers }
            - { id: toner, name: Toner, unit: boxes, minimum: 0.5, leadTime: 1d 12h, place: Store, owner: PERSON }
        """;

    [Fact]
    public void Every_field_is_read_and_most_may_be_left_out()
    {
        var supplies = Load(Section).Plan!.Supplies;
        Assert.Equal((new SupplyTicket("one", "now"), true), (supplies.Ticket, supplies.Calendar is not null));
        var paper = supplies.Find("paper")!;
        Assert.Equal(("Paper", "sheets", 100m, 500.5m, TimeSpan.FromDays(10), "Store", "Printers", 1), (paper.Name, paper.Unit, paper.Minimum, paper.Target, paper.LeadTime, paper.Place, paper.Supplier, paper.Keepers.Count));
        var toner = supplies.Find("toner")!;
        Assert.Equal((0.5m, null, null, null), (toner.Minimum, toner.Target, toner.Service, toner.Supplier));
        Assert.Null(supplies.Find("ink"));
        Assert.Same(SupplyPolicy.None, Load("").Plan!.Supplies);
    }

    [Theory]
    [InlineData("target: 500.5", "target: 100", "supplies.items[0].target", "100 sheets are not more than the minimum of 100.")]
    [InlineData("minimum: 100", "minimum: 0", "supplies.items[0].minimum", "'0' is not a quantity.")]
    [InlineData("minimum: 100", "minimum: 1.2345", "supplies.items[0].minimum", "'1.2345' is not a quantity.")]
    [InlineData("minimum: 100", "minimum: 100 sheets", "supplies.items[0].minimum", "'100 sheets' is not a quantity.")]
    [InlineData("unit: sheets, ", "", "supplies.items[0].unit", "the key 'unit' is missing.")]
    [InlineData("id: toner", "id: paper", "supplies.items[1].id", "the id 'paper' is taken by the supply item in line ")]
    [InlineData("impact: one", "impact: two", "supplies.tickets.impact", "there is no impact 'two'.")]
    [InlineData("leadTime: 10d", "leadTime: ten days", "supplies.items[0].leadTime", "'ten days' is not a duration.")]
    public void What_cannot_work_is_an_error_that_names_its_place(string from, string to, string path, string message)
    {
        var problem = Assert.Single(Load(SmallPlan.Replace(Section, from, to)).Problems);
        Assert.Equal((path, PlanProblemSeverity.Error), (problem.Path, problem.Severity));
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
    }

    private static PlanLoad Load(string section)
    {
        var plan = SmallPlan.Load(SmallPlan.Yaml).Plan!;
        return SmallPlan.Load(SmallPlan.Yaml + section
            .Replace("CALENDAR", plan.Calendars[0].Id, StringComparison.Ordinal)
            .Replace("PERSON", plan.People[0].Id, StringComparison.Ordinal)
            .Replace("SERVICE", plan.Services[0].Id, StringComparison.Ordinal));
    }
}
