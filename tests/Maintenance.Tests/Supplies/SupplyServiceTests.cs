using Maintenance.Supplies;
using Maintenance.Tests.Services;
using Maintenance.Tickets;

namespace Maintenance.Tests.Supplies;

/// <summary>The book of supplies over a real database: entries once, purchases asked for once, whatever is cut off when.</summary>
public sealed class SupplyServiceTests
{
    private const string Section = """

        supplies:
          tickets: { impact: all, urgency: later }
          items:
            - { id: paper, name: Paper, unit: sheets, minimum: 100, target: 500, leadTime: 10d, place: Store, owner: cat, keepers: [support], service: register }
            - { id: toner, name: Toner, unit: boxes, minimum: 2, leadTime: 1d, place: Store, owner: ann }
        """;

    [Fact]
    public async Task An_entry_is_made_once_by_its_key_and_the_book_is_read_newest_first()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var supplies = Supplies(office);
        Assert.Null(await supplies.EnterAsync("ink", StockMovementKind.Count, 5, null, "cat", null, default));
        var first = await supplies.EnterAsync("paper", StockMovementKind.Count, 300, "Shelf", "cat", "a", default);
        office.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(first, await supplies.EnterAsync("paper", StockMovementKind.Count, 300, "Shelf", "cat", "a", default));
        await supplies.EnterAsync("paper", StockMovementKind.Issue, 20, null, "ben", "b", default);
        await supplies.EnterAsync("paper", StockMovementKind.Issue, 20, null, "ben", null, default);
        Assert.Equal([3, 2, 1], (await supplies.MovementsAsync("paper", int.MaxValue, 10, default)).Select(static one => one.Number));
        Assert.Equal([2], (await supplies.MovementsAsync("paper", 3, 1, default)).Select(static one => one.Number));
        var standing = (await supplies.FindAsync("paper", default))!;
        Assert.Equal((260m, 40m, 0), (standing.Stock!.OnHand, standing.Forecast.Consumed, standing.Forecast.Days));
        Assert.Equal([260m, null], (await supplies.ListAsync(default)).Select(static one => one.Stock?.OnHand));
    }

    [Fact]
    public async Task Entries_at_the_same_time_are_all_in_the_book()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var supplies = Supplies(office);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => supplies.EnterAsync("toner", StockMovementKind.Receipt, 1, null, "ann", $"key-{number % 15}", default)));
        Assert.Equal(15, (await supplies.FindAsync("toner", default))!.Stock!.OnHand);
        Assert.Equal(15, (await supplies.MovementsAsync("toner", int.MaxValue, 100, default)).Count);
    }

    [Fact]
    public async Task Below_the_minimum_a_ticket_is_opened_and_the_owner_told_once_until_there_is_more_again()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var supplies = Supplies(office);
        await supplies.EnterAsync("paper", StockMovementKind.Count, 120, null, "cat", null, default);
        await supplies.SweepAsync(default);
        Assert.Empty(await TicketsAsync(office));
        await supplies.EnterAsync("paper", StockMovementKind.Issue, 30, null, "cat", null, default);
        await supplies.EnterAsync("paper", StockMovementKind.Issue, 30, null, "cat", null, default);
        await supplies.SweepAsync(default);
        var ticket = Assert.Single(await TicketsAsync(office));
        Assert.Equal(("Paper: less than the minimum is there", TicketType.ServiceRequest, "register", MaintenanceType.Preventive), (ticket.Title, ticket.Type, ticket.Service, ticket.Maintenance));
        Assert.Contains("Order 410 sheets.", ticket.Description, StringComparison.Ordinal);
        Assert.Equal((true, ticket.Id), (await supplies.FindAsync("paper", default))!.Stock!.Request is { } request ? (request.IsTold, request.Ticket!) : default);
        await supplies.EnterAsync("paper", StockMovementKind.Receipt, 400, null, "cat", null, default);
        Assert.Null((await supplies.FindAsync("paper", default))!.Stock!.Request);
        await supplies.EnterAsync("paper", StockMovementKind.Count, 99, null, "cat", null, default);
        Assert.Equal(2, (await TicketsAsync(office)).Count);
    }

    [Fact]
    public async Task Before_an_item_runs_out_it_is_asked_for_by_the_timer_and_told_anew_when_it_falls_below_the_minimum()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var supplies = Supplies(office);
        await supplies.EnterAsync("paper", StockMovementKind.Count, 500, null, "cat", null, default);
        for (var day = 0; day < 20; day++)
        {
            office.Clock.Advance(TimeSpan.FromDays(1));
            await supplies.EnterAsync("paper", StockMovementKind.Issue, 15, null, "cat", null, default);
        }

        // 200 are left at 15 a day: thirteen days, and an order takes ten.
        Assert.Empty(await TicketsAsync(office));
        office.Clock.Advance(TimeSpan.FromDays(3));
        await supplies.SweepAsync(default);
        Assert.Empty(await TicketsAsync(office));
        await supplies.EnterAsync("paper", StockMovementKind.Issue, 45, null, "cat", null, default);
        var asked = Assert.Single(await TicketsAsync(office));
        Assert.Equal("Paper: order now, or it runs out", asked.Title);
        await supplies.EnterAsync("paper", StockMovementKind.Issue, 60, null, "cat", null, default);
        await supplies.SweepAsync(default);
        Assert.Equal(asked.Id, Assert.Single(await TicketsAsync(office)).Id);
        var events = (await office.Tickets.ReadAsync(asked.Id, default))!.Value.History!;
        Assert.Single(events, static entry => entry.Note?.Contains("less than the minimum", StringComparison.Ordinal) == true || entry.Said?.Contains("less than the minimum", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_key_is_one_persons_own()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var supplies = Supplies(office);
        await supplies.EnterAsync("paper", StockMovementKind.Receipt, 500, null, "cat", "2026-11-22", default);
        await supplies.EnterAsync("paper", StockMovementKind.Issue, 20, null, "ben", "2026-11-22", default);
        Assert.Equal(480, (await supplies.FindAsync("paper", default))!.Stock!.OnHand);
    }

    [Fact]
    public async Task What_was_ordered_too_late_has_another_ticket_once_it_falls_below_the_minimum()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var supplies = Supplies(office);
        await supplies.EnterAsync("paper", StockMovementKind.Count, 250, null, "cat", null, default);
        office.Clock.Advance(TimeSpan.FromDays(8));
        await supplies.EnterAsync("paper", StockMovementKind.Issue, 140, null, "cat", null, default);
        var first = Assert.Single(await TicketsAsync(office));
        await office.Tickets.ResolveAsync(first.Id, "ben", "Ordered.", null, null, default);
        await supplies.EnterAsync("paper", StockMovementKind.Issue, 60, null, "cat", null, default);
        await supplies.SweepAsync(default);
        var second = Assert.Single(await TicketsAsync(office));
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(second.Id, (await supplies.FindAsync("paper", default))!.Stock!.Request!.Ticket);
    }

    [Fact]
    public async Task Whenever_the_process_ends_an_entry_is_whole_or_not_there_and_one_ticket_comes_of_it()
    {
        for (var writes = 0; writes < 12; writes++)
        {
            await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
            await Supplies(office).EnterAsync("paper", StockMovementKind.Count, 120, null, "cat", null, default);
            office.Records.CutAfter(writes);
            var isAcknowledged = false;
            try
            {
                isAcknowledged = await Supplies(office).EnterAsync("paper", StockMovementKind.Issue, 50, null, "cat", "key", default) is not null;
            }
            catch (CutOffException)
            {
            }

            office.Records.Mend();
            var supplies = Supplies(office);
            var there = (await supplies.FindAsync("paper", default))!.Stock!.OnHand;
            Assert.True(there == (writes == 0 ? 120 : 70), $"{writes}: {there}");
            Assert.Equal(writes > 0, isAcknowledged);
            await supplies.EnterAsync("paper", StockMovementKind.Issue, 50, null, "cat", "key", default);
            await supplies.SweepAsync(default);
            Assert.Equal(70, (await supplies.FindAsync("paper", default))!.Stock!.OnHand);
            var ticket = Assert.Single(await TicketsAsync(office));
            Assert.Equal((true, ticket.Id), (await supplies.FindAsync("paper", default))!.Stock!.Request is { } request ? (request.IsTold, request.Ticket!) : default);
        }
    }

    [Fact]
    public async Task Entries_are_made_by_whoever_answers_for_an_item_or_keeps_it_and_by_administrators()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var plan = office.Plan.Current;
        bool[] May(string item) => [.. plan.People.Select(person => SupplyService.MayEnter(plan, plan.Supplies.Find(item)!, person))];
        Assert.Equal([true, true, true], May("paper"));
        Assert.Equal([true, false, false], May("toner"));
    }

    private static SupplyService Supplies(Office office) => new(office.Records, office.Tickets, office.Notifications, office.Plan, office.Clock);

    private static async Task<List<Ticket>> TicketsAsync(Office office) => await office.Tickets.ListOpenAsync(default).ToListAsync();
}
