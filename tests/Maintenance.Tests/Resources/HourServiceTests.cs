using Maintenance.Assets.Debt;
using Maintenance.Duties;
using Maintenance.Resources;
using Maintenance.Tests.Services;
using Maintenance.Tickets;

namespace Maintenance.Tests.Resources;

/// <summary>The book of hours over a real database: each booking once, no day longer than a day, whatever is cut off when.</summary>
public sealed class HourServiceTests
{
    private const string Section = """

        resources: { closesAfter: 5d }
        """;

    private static readonly DateOnly Today = new(2026, 11, 22);

    private static readonly NewBooking Hour = new("ben", Today, 1, WorkKind.Operations, "register", null, null, "Looked at the log");

    [Fact]
    public async Task A_booking_is_made_once_by_its_key_and_read_back()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var hours = Hours(office);
        var first = await hours.BookAsync(Hour, "ben", "a", default);
        Assert.Equal(first, await hours.BookAsync(Hour, "ben", "a", default));
        Assert.NotEqual(first.Id, (await hours.BookAsync(Hour, "ann", "a", default)).Id);
        _ = await hours.BookAsync(Hour with { Person = "cat", Hours = 2.5m }, "cat", null, default);
        _ = await hours.BookAsync(Hour with { On = Today.AddDays(-1) }, "ben", null, default);
        Assert.Equal([1m, 1m, 1m], (await hours.ListAsync("2026-11", static person => person == "ben", default)).Select(static one => one.Hours));
        Assert.Equal([Today.AddDays(-1), Today, Today], (await hours.ListAsync("2026-11", static person => person == "ben", default)).Select(static one => one.On));
        Assert.Equal(4, (await hours.ListAsync("2026-11", static _ => true, default)).Count);
        Assert.Empty(await hours.ListAsync("2026-10", static _ => true, default));
        Assert.Equal(first, (await hours.FindAsync(first.Id, default))!.Value);
        Assert.Null(await hours.FindAsync("2026-11-000000000000", default));
        Assert.Null(await hours.FindAsync("../2026-11", default));
    }

    [Fact]
    public async Task What_was_booked_is_reversed_and_stays_in_the_book()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var hours = Hours(office);
        var booking = await hours.BookAsync(Hour with { Hours = 20 }, "ben", null, default);
        var reversed = (await hours.ReverseAsync(booking.Id, " Wrong day ", "ann", default))!;
        Assert.Equal((20m, "Wrong day", "ann", false), (reversed.Hours, reversed.Reversed!.Reason, reversed.Reversed.By, reversed.Counts));
        Assert.Equal(reversed, await hours.ReverseAsync(booking.Id, "Again", "ben", default));
        Assert.Equal([reversed], await hours.ListAsync("2026-11", static _ => true, default));

        // The day has its hours again, and no more than those.
        _ = await hours.BookAsync(Hour with { Hours = 24 }, "ben", null, default);
        _ = await Assert.ThrowsAsync<ResourceException>(() => hours.BookAsync(Hour with { Hours = 0.25m }, "ben", null, default));
        Assert.Null(await hours.ReverseAsync("2026-11-000000000000", "Why", "ann", default));
        _ = await Assert.ThrowsAsync<ResourceException>(() => hours.ReverseAsync(booking.Id, " ", "ann", default));
    }

    [Fact]
    public async Task However_many_book_at_once_a_day_has_twenty_four_hours()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var hours = Hours(office);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(async number =>
        {
            try
            {
                _ = await hours.BookAsync(Hour with { Hours = 3 }, "ben", $"key-{number}", default);
                return true;
            }
            catch (ResourceException)
            {
                return false;
            }
        }));
        Assert.Equal(8, outcomes.Count(static one => one));
        Assert.Equal(24, (await hours.ListAsync("2026-11", static _ => true, default)).Sum(static one => one.Hours));
    }

    [Fact]
    public async Task On_a_ticket_the_hours_are_for_what_the_ticket_is()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var hours = Hours(office);
        var ticket = await office.Tickets.OpenAsync("a", new NewTicket(TicketType.Incident, "Title", "Text", "register", "all", "now", null, null, office.Clock.Now) { Maintenance = MaintenanceType.Corrective }, default);
        var booked = await hours.BookAsync(Hour with { Ticket = ticket.Id, Kind = null, Service = null }, "ben", null, default);
        Assert.Equal((WorkKind.Corrective, "register", ticket.Id), (booked.Kind, booked.Service, booked.Ticket));
        office.Clock.Advance(TimeSpan.FromMinutes(1));
        _ = await hours.BookAsync(Hour with { Person = "cat", Ticket = ticket.Id, Kind = WorkKind.Preventive }, "cat", null, default);
        _ = await hours.BookAsync(Hour, "ben", null, default);
        Assert.Equal([WorkKind.Corrective, WorkKind.Preventive], (await hours.OnAsync(ticket.Id, default)).Bookings.Select(static one => one.Kind));
        foreach (var none in new[] { "T-9999", "T-", "X", "../T-1", new string('T', 600) })
        {
            Assert.Equal("ticket", (await Assert.ThrowsAsync<ResourceException>(() => hours.BookAsync(Hour with { Ticket = none }, "ben", null, default))).Field);
        }

        foreach (var none in new[] { "audit/2026-11-22", "audit", "a/b/c", "/", "../..", new string('a', 600) })
        {
            Assert.Equal("duty", (await Assert.ThrowsAsync<ResourceException>(() => hours.BookAsync(Hour with { Duty = none }, "ben", null, default))).Field);
        }
    }

    [Fact]
    public async Task Hours_on_technical_debt_count_once_and_in_the_day_too()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var (hours, debt) = (Hours(office), Debt(office));
        var item = await debt.AddAsync("a", new DebtFields("Old forms", "register", 80, 2), "ann", default);
        _ = await debt.BookAsync(item.Id, new DebtBooking("2026-11-22", 6.5, "ben", "Halved"), default);
        _ = await debt.BookAsync(item.Id, new DebtBooking("2026-10-31", 1, "ben", ""), default);
        var listed = Assert.Single(await hours.ListAsync("2026-11", static person => person == "ben", default));
        Assert.Equal((6.5m, WorkKind.Debt, "register", item.Id + "/1"), (listed.Hours, listed.Kind, listed.Service, listed.Id));
        _ = await Assert.ThrowsAsync<ResourceException>(() => hours.BookAsync(Hour with { Kind = WorkKind.Debt }, "ben", null, default));
        _ = await Assert.ThrowsAsync<ResourceException>(() => hours.BookAsync(Hour with { Hours = 17.75m }, "ben", null, default));
        _ = await hours.BookAsync(Hour with { Hours = 17.5m }, "ben", null, default);
    }

    [Fact]
    public async Task Hours_on_technical_debt_that_were_wrong_are_reversed_and_the_day_has_them_again()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var (hours, debt) = (Hours(office), Debt(office));
        var item = await debt.AddAsync("a", new DebtFields("Old forms", "register", 80, 2), "ann", default);
        _ = await debt.BookAsync(item.Id, new DebtBooking("2026-11-22", 24, "ben", "Wrong day"), default);
        _ = await Assert.ThrowsAsync<ResourceException>(() => hours.BookAsync(Hour with { Hours = 8 }, "ben", null, default));
        var reversed = (await debt.ReverseAsync(item.Id, 1, "Of last week", "ann", default))!;
        Assert.Equal((0d, "24 h of ben on 2026-11-22 reversed: Of last week"), (reversed.Worked, reversed.History[^1].What));
        Assert.Equal((0d, 80d), (await debt.StandAsync(default)) is var standing ? (standing.Spent, standing.Principal) : default);
        _ = await hours.BookAsync(Hour with { Hours = 8 }, "ben", null, default);
        var month = await hours.ListAsync("2026-11", static person => person == "ben", default);
        Assert.Equal(8, month.Where(static one => one.Counts).Sum(static one => one.Hours));
        Assert.Equal((24m, "Of last week", "ann"), month.Single(static one => one.Kind == WorkKind.Debt) is { Reversed: { } said } one ? (one.Hours, said.Reason, said.By) : default);

        // Once; and only what is there.
        Assert.Equal(reversed.History.Count, (await debt.ReverseAsync(item.Id, 1, "Again", "ben", default))!.History.Count);
        foreach (var none in new[] { 0, 2, -1 })
        {
            _ = await Assert.ThrowsAsync<DebtStateException>(() => debt.ReverseAsync(item.Id, none, "Why", "ann", default));
        }
    }

    [Fact]
    public async Task A_month_that_is_closed_stays_as_it_is()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var hours = Hours(office);
        var booking = await hours.BookAsync(Hour, "ben", "a", default);
        office.Clock.Advance(TimeSpan.FromDays(14));
        _ = await Assert.ThrowsAsync<ResourceException>(() => hours.BookAsync(Hour, "ben", null, default));
        _ = await Assert.ThrowsAsync<ResourceException>(() => hours.ReverseAsync(booking.Id, "Late", "ben", default));

        // What was acknowledged is acknowledged again, and nothing is booked.
        Assert.Equal(booking, await hours.BookAsync(Hour, "ben", "a", default));
        Assert.Equal([booking], await hours.ListAsync("2026-11", static _ => true, default));
    }

    [Fact]
    public async Task Sent_again_after_midnight_of_the_last_day_of_a_month_it_is_booked_once()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var hours = Hours(office);
        office.Clock.Advance(new DateTimeOffset(2026, 11, 30, 23, 59, 59, TimeSpan.Zero) - office.Clock.Now);
        var first = await hours.BookAsync(Hour with { On = new DateOnly(2026, 11, 30) }, "ben", "a", default);
        office.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(first, await hours.BookAsync(Hour with { On = new DateOnly(2026, 12, 1) }, "ben", "a", default));
        Assert.Empty(await hours.ListAsync("2026-12", static _ => true, default));
        Assert.Equal([first], await hours.ListAsync("2026-11", static _ => true, default));

        // In the same moment, too: one of the days it is, and once.
        var both = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => hours.BookAsync(Hour with { On = new DateOnly(2026, 11, 30).AddDays(number % 2) }, "ben", "b", default)));
        Assert.Single(both.Distinct());
        Assert.Equal(2, (await hours.ListAsync("2026-11", static _ => true, default)).Count + (await hours.ListAsync("2026-12", static _ => true, default)).Count);
    }

    [Fact]
    public async Task A_ticket_with_more_bookings_than_are_added_up_says_so()
    {
        await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
        var hours = Hours(office);
        var ticket = await office.Tickets.OpenAsync("a", new NewTicket(TicketType.Incident, "Title", "Text", "register", "all", "now", null, null, office.Clock.Now), default);
        foreach (var number in Enumerable.Range(0, HourService.MostOfSubject))
        {
            _ = await hours.BookAsync(Hour with { Ticket = ticket.Id, Hours = 0.25m, On = Today.AddDays(-(number / 90)) }, "ben", null, default);
        }

        Assert.Equal((250m, false), (await hours.OnAsync(ticket.Id, default)) is var full ? (full.Bookings.Sum(static one => one.Hours), full.IsCut) : default);
        _ = await hours.BookAsync(Hour with { Ticket = ticket.Id }, "ann", null, default);
        Assert.Equal((HourService.MostOfSubject, true), (await hours.OnAsync(ticket.Id, default)) is var cut ? (cut.Bookings.Count, cut.IsCut) : default);
    }

    [Fact]
    public async Task Cut_off_anywhere_a_booking_is_there_with_its_hours_or_not_at_all_and_made_again_it_is_there_once()
    {
        for (var writes = 0; writes < 5; writes++)
        {
            await using var office = await Office.OpenAsync(Office.QuickPlan + Section);
            var ticket = await office.Tickets.OpenAsync("a", new NewTicket(TicketType.Incident, "Title", "Text", "register", "all", "now", null, null, office.Clock.Now), default);
            var booking = Hour with { Ticket = ticket.Id, Hours = 13 };
            office.Records.CutAfter(writes);
            var isAcknowledged = false;
            try
            {
                _ = await Hours(office).BookAsync(booking, "ben", "key", default);
                isAcknowledged = true;
            }
            catch (CutOffException)
            {
            }

            office.Records.Mend();
            var hours = Hours(office);
            Assert.Equal(writes >= 3, isAcknowledged);
            Assert.Equal(isAcknowledged ? 1 : 0, (await hours.ListAsync("2026-11", static _ => true, default)).Count);
            Assert.Equal(isAcknowledged ? 1 : 0, (await hours.OnAsync(ticket.Id, default)).Bookings.Count);
            _ = await hours.BookAsync(booking, "ben", "key", default);
            Assert.Equal(13, (await hours.ListAsync("2026-11", static _ => true, default)).Sum(static one => one.Hours));
            _ = Assert.Single((await hours.OnAsync(ticket.Id, default)).Bookings);
            _ = await hours.BookAsync(Hour with { Hours = 11 }, "ben", null, default);
        }
    }

    internal static HourService Hours(Office office) => new(
        office.Records, office.Tickets, new DutyService(office.Records, office.Notifications, office.Tickets, office.Recoveries, office.Plan, office.Clock), Debt(office), office.Plan, office.Clock);

    internal static DebtService Debt(Office office) => new(office.Records, office.Numbers, office.Plan, office.Clock);
}
