using FsCheck.Fluent;
using Maintenance.Supplies;
using Maintenance.Tests.Rules;
using Maintenance.Time;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Supplies;

/// <summary>When an item runs out at the rate of the trailing thirty days, and by when it must be ordered.</summary>
public sealed class SupplyForecastTests
{
    private static readonly DateTimeZone Nairobi = DateTimeZoneProviders.Tzdb["Africa/Nairobi"];
    private static readonly SupplyItem Paper = new("paper", "Paper", "sheets", 100, TimeSpan.FromDays(10), "Store", "ada");

    /// <summary>Monday to Friday, closed on 25 and 26 December 2026.</summary>
    private static readonly ServiceCalendar Office = new(
        Nairobi, Enumerable.Range(1, 5).Select(static day => ((IsoDayOfWeek)day, 480, 1020)), [new LocalDate(2026, 12, 25), new LocalDate(2026, 12, 26)]);

    /// <summary>At 12:00 on 22 November in Nairobi, so many are there, so many were taken in so many days.</summary>
    [Theory]
    [InlineData(300, 300, 30, "2026-12-22", "2026-12-11")] // ten a day: 30 days; the 12th is a Saturday
    [InlineData(355, 300, 30, "2026-12-27", "2026-12-17")] // 35.5 days: on the 36th day half of it is missing
    [InlineData(460, 300, 30, "2027-01-07", "2026-12-28")] // 46 days; a Monday
    [InlineData(440, 300, 30, "2027-01-05", "2026-12-24")] // from Saturday the 26th, a holiday, over the 25th back to the 24th
    [InlineData(0, 300, 30, "2026-11-22", "2026-11-12")]
    [InlineData(70, 70, 7, "2026-11-29", "2026-11-19")] // a book of a week
    [InlineData(70, 60, 6, "", "")] // of six days: not known
    [InlineData(70, 0, 30, "", "")]
    [InlineData(100000, 1, 30, "", "")] // more than ten years
    public void An_item_runs_out_at_the_rate_of_thirty_days_and_is_ordered_on_an_open_day(int onHand, int taken, int days, string stockOut, string orderBy)
    {
        var now = Utc("2026-11-22T09:00Z");
        var first = now.AddDays(-days);
        var movement = new StockMovement(2, StockMovementKind.Issue, taken, onHand + taken, onHand, now.AddDays(-1), "ada", null);
        var forecast = SupplyForecast.Of(Paper, new Stock(onHand, 2, first, now, null, false, 0, null), [movement], Office, Nairobi, now);
        Assert.Equal((stockOut, orderBy), (forecast.StockOut is { } end ? SupplyText.Text(end) : "", forecast.OrderBy is { } order ? SupplyText.Text(order) : ""));
        Assert.Equal((taken, Math.Min(days, 30), days >= 7), ((int)forecast.Consumed, forecast.Days, forecast.IsKnown));
    }

    [Fact]
    public void Today_is_the_plans_and_what_is_older_than_thirty_days_counts_no_more()
    {
        // 23:30 in London is the next day in Nairobi.
        var now = Utc("2026-11-22T23:30Z");
        StockMovement Taken(int number, DateTimeOffset at) => new(number, StockMovementKind.Issue, 30, 100, 70, at, "ada", null);
        var stock = new Stock(10, 9, now.AddDays(-400), now, null, false, 0, null);
        var forecast = SupplyForecast.Of(Paper, stock, [Taken(2, now.AddDays(-30)), Taken(3, now.AddDays(-30).AddTicks(1)), Taken(4, now), Taken(5, now.AddTicks(1))], null, Nairobi, now);
        Assert.Equal((60m, 2m, new LocalDate(2026, 11, 28)), (forecast.Consumed, forecast.PerDay, forecast.StockOut));
        Assert.Equal(new LocalDate(2026, 11, 18), forecast.OrderBy);
    }

    [Fact]
    public void Of_what_was_never_entered_nothing_is_foreseen() =>
        Assert.Equal(new SupplyForecast(0, 0, null, null), SupplyForecast.Of(Paper, null, [], Office, Nairobi, Utc("2026-11-22T09:00Z")));

    [Fact]
    public void The_stock_out_is_the_first_day_that_a_walk_day_by_day_cannot_serve() => Law.Holds(
        from onHand in Gen.Choose(0, 2000)
        from taken in Gen.ListOf(Gen.Choose(1, 40))
        from days in Gen.Choose(7, 45)
        select (onHand, taken, days),
        300,
        static example =>
        {
            var now = Utc("2026-11-22T09:00Z");
            var stock = new Stock(example.onHand, example.taken.Count + 1, now.AddDays(-example.days), now, null, false, 0, null);
            var movements = example.taken.Select((quantity, index) => new StockMovement(index + 2, StockMovementKind.Issue, quantity, 5000, 5000 - quantity, now.AddHours(-index), "ada", null)).ToList();
            var forecast = SupplyForecast.Of(Paper, stock, movements, null, Nairobi, now);
            var (sum, observed) = (example.taken.Sum(), Math.Min(example.days, 30));

            // In whole numbers: each day costs "sum" of a stock that is counted in parts of a day.
            var (left, date) = ((long)example.onHand * observed, new LocalDate(2026, 11, 22));
            for (var day = 0; sum > 0 && left >= sum; day++, left -= sum)
            {
                date = date.PlusDays(1);
            }

            var isFar = sum == 0 || (long)example.onHand * observed > 3650L * sum;
            Assert.Equal(((LocalDate?)(isFar ? null : date), (LocalDate?)(isFar ? null : date.PlusDays(-10))), (forecast.StockOut, forecast.OrderBy));
        });

    [Fact]
    public void A_request_says_what_there_is_what_is_foreseen_and_how_much_to_order_of_whom()
    {
        var item = Paper with { Target = 500, Supplier = "Printers & Sons" };
        var stock = new Stock(80, 2, Utc("2026-10-01T00:00Z"), Utc("2026-11-22T09:00Z"), null, true, 1, new PurchaseRequest(1, OrderReason.BelowMinimum, Utc("2026-11-22T09:00Z"), 80));
        Assert.Equal("Paper: less than the minimum is there", SupplyText.Title(item, stock.Request!));
        Assert.Equal("Paper : il y en a moins que le minimum", SupplyText.FrenchTitle(item, stock.Request!));
        Assert.Equal(
            "80 sheets are there (Store); the minimum is 100. In 30 days 100 were consumed, 3.333 a day. At that rate it runs out on 2026-12-16; an order takes 10d, so place it by 2026-12-04. Order 420 sheets of Printers & Sons.",
            SupplyText.Request(item, stock, new SupplyForecast(100, 30, new LocalDate(2026, 12, 16), new LocalDate(2026, 12, 4))));
        Assert.Equal(
            "Il y a 80 sheets (Store) ; le minimum est 100. En 30 jours, la consommation était de 100, soit 3.333 par jour. À ce rythme, le stock s'épuise le 2026-12-16 ; la livraison prend 10d : commandez avant le 2026-12-04. À commander : 420 sheets (Printers & Sons).",
            SupplyText.FrenchRequest(item, stock, new SupplyForecast(100, 30, new LocalDate(2026, 12, 16), new LocalDate(2026, 12, 4))));
        Assert.Equal("12.5", StockRules.Text(12.500m));
    }
}
