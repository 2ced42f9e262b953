using Maintenance.Assets.Debt;
using Maintenance.Tests.Plan;
using NodaTime;

namespace Maintenance.Tests.Assets.Debt;

public sealed class DebtRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
    private static readonly DebtFields Fields = new("Old forms", "civil-register", 80, 12);
    private static readonly Maintenance.Plan.OperationsPlan Sample = SamplePlan.Load(SamplePlan.Yaml).Plan!;
    private static readonly DebtItem Item = DebtRules.Add("D-1001", Fields, "ann", Now);

    [Fact]
    public void Payback_is_cost_by_interest_and_none_where_leaving_it_costs_nothing()
    {
        Assert.Equal(80.0 / 12, Item.Payback);
        Assert.Null(DebtRules.Add("D-1", Fields with { Interest = 0 }, "ann", Now).Payback);
        Assert.Equal(
            ["D-3", "D-1", "D-2", "D-5", "D-4"],
            DebtRules.Ranked([Of("D-1", 10, 2), Of("D-2", 10, 1), Of("D-3", 1, 9), DebtRules.Move(Of("D-4", 1, 100), DebtState.Paid, "", "ann", Now), Of("D-5", 1, 0)]).Select(static item => item.Id));
    }

    [Fact]
    public void The_standing_counts_what_is_owed_and_what_was_worked_this_month_by_the_month_of_the_booking()
    {
        var worked = Book(Book(Book(Item, "2026-11-01", 6), "2026-10-31", 5), "2026-11-30", 2.5);
        var paid = DebtRules.Move(Book(Of("D-2", 4, 3), "2026-11-10", 9), DebtState.Paid, "", "ann", Now);
        var over = Book(DebtRules.Add("D-3", Fields with { Cost = 1, Interest = 0.5, Target = "2026-11-21" }, "ann", Now), "2025-11-10", 9);
        var standing = DebtRules.Stand([worked, paid, over], new DebtPolicy(160, 20), new LocalDate(2026, 11, 22));
        Assert.Equal(new DebtStanding(2, 66.5, 12.5, 17.5, 32, 1) { SpentBefore = 5 }, standing);
        Assert.Equal((17.5 / 32, 66.5 / 32), (standing.Share, standing.Months));
        Assert.Equal((null, null), DebtRules.Stand([worked], null, new LocalDate(2026, 11, 22)) is var none ? (none.Share, none.Months) : default);
        Assert.Equal(0, DebtRules.Stand([over], null, new LocalDate(2026, 11, 21)).Late);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("界")]
    [InlineData("😀")]
    [InlineData("\u0001")]
    public void However_much_is_said_of_it_a_piece_fits_into_its_record_and_refuses_bookings_in_words(string letter)
    {
        string Text(int length) => string.Concat(Enumerable.Repeat(letter, length / letter.Length));
        var item = DebtRules.Add("D-1001", Fields with { Title = Text(200), Description = Text(4000), Approach = Text(4000) }, "ann", Now);
        DebtStateException? refused = null;
        for (var i = 0; i < DebtRules.MostBookings && refused is null; i++)
        {
            try
            {
                item = DebtRules.Book(item, new DebtBooking("2026-11-22", 1, "ann", Text(DebtRules.MostNote)), Now);
            }
            catch (DebtStateException error)
            {
                refused = error;
            }
        }

        // What is said besides bookings always has room, the oldest of it least.
        for (var i = 0; i < 400; i++)
        {
            item = DebtRules.Edit(item, item.Fields with { Title = Text(198) + letter + (i % 10), Cost = i + 1 }, "ann", Now);
            item = DebtRules.Move(item, DebtState.Accepted, Text(2000), "ann", Now);
            item = DebtRules.Move(item, DebtState.Open, Text(2000) + i, "ann", Now);
        }

        var bytes = System.Text.Encoding.UTF8.GetByteCount(MaintenanceJson.Write(item));
        Assert.InRange(bytes, 1, Maintenance.Storage.IRecordStore.MaxDocumentBytes);
        Assert.EndsWith("399", item.History[^1].What, StringComparison.Ordinal);
        Assert.True(item.History.Count > 10);
        Assert.Equal(letter != "x", refused is not null);
        Assert.True(refused is null || refused.Message.Contains("Close it, and add what is left as another.", StringComparison.Ordinal));
        Assert.True(item.Bookings.Count > 100, $"{item.Bookings.Count} bookings");
    }

    [Fact]
    public void What_is_closed_takes_no_hours_and_no_changes_until_it_is_opened_again()
    {
        var paid = DebtRules.Move(Item, DebtState.Paid, "Rebuilt", "ben", Now);
        Assert.Equal((DebtState.Paid, Now, "Paid back: Rebuilt"), (paid.State, paid.ClosedAt, paid.History[^1].What));
        Assert.Throws<DebtStateException>(() => Book(paid, "2026-11-22", 1));
        Assert.Throws<DebtStateException>(() => DebtRules.Edit(paid, Fields with { Cost = 1 }, "ann", Now));
        Assert.Throws<DebtStateException>(() => DebtRules.Move(paid, DebtState.Paid, "", "ann", Now));
        var again = DebtRules.Move(paid, DebtState.Open, "It is back", "ann", Now);
        Assert.Equal((DebtState.Open, null), (again.State, again.ClosedAt));
        Assert.Equal(DebtState.InProgress, Book(again, "2026-11-22", 1).State);
        var full = Enumerable.Range(0, DebtRules.MostBookings).Aggregate(Item, static (item, _) => item with { Bookings = [.. item.Bookings, new("2026-11-22", 1, "ann", "")] });
        Assert.Throws<DebtStateException>(() => Book(full, "2026-11-22", 1));
    }

    [Fact]
    public void A_change_says_what_it_changed_and_none_says_nothing()
    {
        Assert.Same(Item, DebtRules.Edit(Item, Fields with { }, "ben", Now));
        Assert.Equal("Changed: cost from 80 h to 90.5 h; target from none to 2027-03-31; approach.", DebtRules.Edit(Item, Fields with { Cost = 90.5, Target = "2027-03-31", Approach = "Bit by bit" }, "ben", Now).History[^1].What);
    }

    [Fact]
    public void Each_field_that_is_wrong_is_named()
    {
        Assert.Empty(DebtRules.Check(Sample, Fields));
        var wrong = new DebtFields(" ", "nonsense", 0, -1) { Component = "nonsense", Description = new string('x', 4001), Approach = new string('x', 4001), Target = "2027-02-30" };
        Assert.Equal(["approach", "component", "cost", "description", "interest", "service", "target", "title"], DebtRules.Check(Sample, wrong).Keys.Order());
        Assert.All(new[] { double.NaN, double.PositiveInfinity, 100_001, -0.1 }, static hours => Assert.Equal(["cost", "interest"], DebtRules.Check(Sample, Fields with { Cost = hours, Interest = hours }).Keys.Order()));
    }

    private static DebtItem Of(string id, double cost, double interest) => DebtRules.Add(id, Fields with { Cost = cost, Interest = interest }, "ann", Now);

    private static DebtItem Book(DebtItem item, string on, double hours) => DebtRules.Book(item, new DebtBooking(on, hours, "ben", ""), Now);
}
