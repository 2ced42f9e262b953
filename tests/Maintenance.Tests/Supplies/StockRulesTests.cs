using FsCheck.Fluent;
using Maintenance.Supplies;
using Maintenance.Tests.Rules;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Supplies;

/// <summary>What entries do to a stock, and when something is to be ordered.</summary>
public sealed class StockRulesTests
{
    private static readonly DateTimeOffset Start = Utc("2026-11-22T08:00Z");
    private static readonly LocalDate Today = new(2026, 11, 22);
    private static readonly SupplyItem Paper = new("paper", "Paper", "sheets", 100, TimeSpan.FromDays(10), "Store", "ada") { Target = 500 };

    [Fact]
    public void A_book_adds_takes_away_and_is_put_right_by_a_count()
    {
        var (stock, first) = StockRules.Enter(Paper, null, StockMovementKind.Count, 250, Start, "ada", "  With Ben. ");
        Assert.Equal((250m, 1, Start, Start, false), (stock.OnHand, stock.Movements, stock.FirstAt, stock.CountedAt, stock.IsLow));
        Assert.Equal(("With Ben.", 0m, 0m), (first.Note, first.Before, first.Consumed));
        (stock, var issued) = StockRules.Enter(Paper, stock, StockMovementKind.Issue, 30.5m, Start.AddDays(1), "ben", null);
        (stock, var received) = StockRules.Enter(Paper, stock, StockMovementKind.Receipt, 10.5m, Start.AddDays(2), "ben", " ");
        (stock, var counted) = StockRules.Enter(Paper, stock, StockMovementKind.Count, 228, Start.AddDays(3), "ada", null);
        Assert.Equal((228m, 4, Start, Start.AddDays(3), Start.AddDays(3)), (stock.OnHand, stock.Movements, stock.FirstAt, stock.LastAt, stock.CountedAt));
        Assert.Equal((30.5m, 0m, 2m, null), (issued.Consumed, received.Consumed, counted.Consumed, received.Note));

        // What a count finds too much is a delivery that nobody entered rather than less consumption.
        Assert.Equal(0, StockRules.Enter(Paper, stock, StockMovementKind.Count, 900, Start.AddDays(4), "ada", null).Movement.Consumed);
    }

    [Theory]
    [InlineData(StockMovementKind.Issue, 251, "250 sheets, so 251 cannot be taken out")]
    [InlineData(StockMovementKind.Issue, 0, "above 0")]
    [InlineData(StockMovementKind.Receipt, 0, "above 0")]
    [InlineData(StockMovementKind.Receipt, -1, "above 0")]
    [InlineData(StockMovementKind.Count, -1, "from 0")]
    [InlineData(StockMovementKind.Count, 1.2345, "at most 3 digits")]
    [InlineData(StockMovementKind.Receipt, 1000000001, "1000000000")]
    [InlineData(StockMovementKind.Receipt, 999999999, "more than 1000000000")]
    public void What_cannot_be_is_refused_with_what_would_be_right(StockMovementKind kind, double quantity, string said)
    {
        var (stock, _) = StockRules.Enter(Paper, null, StockMovementKind.Count, 250, Start, "ada", null);
        var wrong = Assert.Throws<StockException>(() => StockRules.Enter(Paper, stock, kind, (decimal)quantity, Start, "ada", null));
        Assert.Equal("quantity", wrong.Field);
        Assert.Contains(said, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_note_has_an_end_and_a_count_of_none_is_a_count()
    {
        Assert.Equal("note", Assert.Throws<StockException>(() => StockRules.Enter(Paper, null, StockMovementKind.Count, 1, Start, "ada", new string('x', 501))).Field);
        Assert.Equal((0m, true), StockRules.Enter(Paper, null, StockMovementKind.Count, 0, Start, "ada", null).Stock is var stock ? (stock.OnHand, stock.IsLow) : default);
    }

    [Fact]
    public void A_clock_that_was_set_back_puts_no_entry_before_an_earlier_one()
    {
        var (stock, _) = StockRules.Enter(Paper, null, StockMovementKind.Count, 250, Start, "ada", null);
        var (after, movement) = StockRules.Enter(Paper, stock, StockMovementKind.Issue, 1, Start.AddHours(-3), "ada", null);
        Assert.Equal((Start, Start), (movement.At, after.LastAt));
    }

    /// <summary>Counts one after the other with a minimum of 100, and at which of them people are newly told that it is low.</summary>
    [Theory]
    [InlineData("150 100 99 98 100 99", false, "99")]
    [InlineData("150 99 101 100 99", false, "99 99")]
    [InlineData("99 100 100.5 100 99.5", false, "99 99.5")]
    [InlineData("0 0 100 0", false, "0")]
    [InlineData("150 100 101 100", false, "")]
    [InlineData("99 150 99", true, "99 99")] // What is foreseen says all the while that it is to be ordered now.
    [InlineData("150 99 98 101 100 99 120 50", true, "99 99 50")]
    public void An_alarm_is_raised_once_on_crossing_downwards_and_again_only_after_rising_above(string counts, bool isToBeOrdered, string alarms)
    {
        Stock? stock = null;
        var raised = new List<decimal>();
        foreach (var count in counts.Split(' ').Select(static text => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture)))
        {
            var (next, _) = StockRules.Enter(Paper, stock, StockMovementKind.Count, count, Start, "ada", null);
            var reviewed = Review(next, isToBeOrdered ? Today : null);
            if (reviewed.Request is { Reason: OrderReason.BelowMinimum, IsTold: false } request)
            {
                raised.Add(count);
                reviewed = reviewed with { Request = request with { IsTold = true, Ticket = "T-1001" } };
            }

            Assert.Equal(reviewed.IsLow, reviewed.Request?.Reason == OrderReason.BelowMinimum);
            stock = reviewed;
        }

        Assert.Equal(alarms, string.Join(' ', raised.Select(StockRules.Text)));
    }

    [Fact]
    public void A_delivery_that_brings_less_than_there_was_at_the_asking_settles_it_all_the_same()
    {
        var item = Paper with { Minimum = 0 };
        var stock = StockRules.Enter(item, null, StockMovementKind.Count, 1000, Start, "ada", null).Stock;
        var asked = Review(stock, Today, item);
        Assert.Equal((1, OrderReason.OrderBy), (asked.Requests, asked.Request!.Reason));
        var used = Review(StockRules.Enter(item, asked, StockMovementKind.Issue, 700, Start, "ada", null).Stock, Today, item);
        Assert.Equal((1, 300m), (used.Request!.Number, used.Request.Lowest));

        // It has come, yet too little; and that less is consumed of late is no delivery.
        Assert.NotNull(Review(StockRules.Enter(item, used, StockMovementKind.Receipt, 10, Start, "ada", null).Stock, Today, item).Request);
        Assert.NotNull(Review(used, null, item).Request);
        var delivered = Review(StockRules.Enter(item, used, StockMovementKind.Receipt, 600, Start, "ada", null).Stock, null, item);
        Assert.Null(delivered.Request);
        Assert.Equal((2, 2), Review(delivered, Today, item) is var next ? (next.Requests, next.Request!.Number) : default);
    }

    [Fact]
    public void What_must_be_ordered_by_today_is_asked_for_and_told_anew_once_it_is_below_the_minimum()
    {
        var (stock, _) = StockRules.Enter(Paper, null, StockMovementKind.Count, 150, Start, "ada", null);
        var today = Today;
        Assert.Null(Review(stock, today.PlusDays(1)).Request);
        var asked = Review(stock, today);
        Assert.Equal((1, OrderReason.OrderBy, 150m), (asked.Requests, asked.Request!.Reason, asked.Request.OnHand));
        asked = asked with { Request = asked.Request with { IsTold = true, Ticket = "T-1001" } };
        Assert.Equal(asked, Review(asked, today.PlusDays(-5)));

        // Nothing was delivered: that less is consumed of late settles nothing.
        Assert.Equal(asked, Review(asked, null));
        var low = Review(StockRules.Enter(Paper, asked, StockMovementKind.Issue, 60, Start, "ada", null).Stock, today);
        Assert.Equal((1, OrderReason.BelowMinimum, false, "T-1001"), (low.Requests, low.Request!.Reason, low.Request.IsTold, low.Request.Ticket));
        var filled = Review(StockRules.Enter(Paper, low, StockMovementKind.Receipt, 400, Start, "ada", null).Stock, today.PlusDays(30));
        Assert.Equal((1, null, false), (filled.Requests, filled.Request, filled.IsLow));
        Assert.Equal(2, Review(filled, today).Requests);
    }

    [Fact]
    public void A_lower_minimum_in_the_plan_settles_what_it_leaves_above_and_asks_again_below()
    {
        var low = Review(StockRules.Enter(Paper, null, StockMovementKind.Count, 80, Start, "ada", null).Stock, null);
        Assert.NotNull(low.Request);
        var lower = Paper with { Minimum = 50 };
        var none = new SupplyForecast(0, 30, null, null);
        var settled = StockRules.Review(lower, low, none, Today, Start);
        Assert.Null(settled.Request);
        var again = StockRules.Enter(lower, settled, StockMovementKind.Issue, 40, Start, "ada", null).Stock;
        Assert.Equal(2, StockRules.Review(lower, again, none, Today, Start).Requests);
    }

    [Fact]
    public void Whatever_moves_a_purchase_is_open_while_the_stock_is_low_and_the_book_adds_up() => Law.Holds(
        from steps in Gen.ListOf(from kind in Gen.Elements(Enum.GetValues<StockMovementKind>()) from quantity in Gen.Choose(0, 250) select (Kind: kind, Quantity: (decimal)quantity))
        from isToBeOrdered in Gen.Elements(false, true)
        select (Steps: steps, IsToBeOrdered: isToBeOrdered),
        300,
        static story =>
        {
            Stock? stock = null;
            var alarms = 0;
            var (onHand, isLow, crossings) = (0m, false, 0);
            foreach (var (kind, quantity) in story.Steps)
            {
                try
                {
                    stock = Review(StockRules.Enter(Paper, stock, kind, quantity, Start, "ada", null).Stock, story.IsToBeOrdered ? Today : null);
                }
                catch (StockException)
                {
                    continue;
                }

                // The same, written the long way.
                onHand = kind == StockMovementKind.Count ? quantity : kind == StockMovementKind.Receipt ? onHand + quantity : onHand - quantity;
                if (onHand < 100 && !isLow)
                {
                    (isLow, crossings) = (true, crossings + 1);
                }
                else if (onHand > 100)
                {
                    isLow = false;
                }

                if (stock.Request is { Reason: OrderReason.BelowMinimum, IsTold: false } request)
                {
                    alarms++;
                    stock = stock with { Request = request with { IsTold = true } };
                }

                Assert.Equal((onHand, isLow, isLow, crossings), (stock.OnHand, stock.IsLow, stock.Request?.Reason == OrderReason.BelowMinimum, alarms));
                Assert.Equal(isLow || story.IsToBeOrdered, stock.Request is not null);
            }
        });

    private static Stock Review(Stock stock, LocalDate? orderBy, SupplyItem? item = null) => StockRules.Review(item ?? Paper, stock, new SupplyForecast(0, 30, orderBy?.PlusDays(10), orderBy), Today, Start);
}
