using System.Globalization;
using NodaTime;

namespace Maintenance.Supplies;

/// <summary>What entries do to a stock, and when something is to be ordered. Pure.</summary>
public static class StockRules
{
    /// <summary>The largest quantity.</summary>
    public const decimal Most = 1_000_000_000;

    /// <summary>So many digits after the point count.</summary>
    public const int Digits = 3;

    /// <summary>The longest note.</summary>
    public const int MostNote = 500;

    /// <summary>The stock after an entry, and the entry.</summary>
    /// <param name="item">The item.</param>
    /// <param name="stock">The stock before; null where nothing was ever entered.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="quantity">How much.</param>
    /// <param name="now">When (UTC). An entry is never before an earlier one: then it has that one's instant.</param>
    /// <param name="by">Who enters it.</param>
    /// <param name="note">What is to be known of it.</param>
    /// <exception cref="StockException">The quantity is none, or more than there is.</exception>
    public static (Stock Stock, StockMovement Movement) Enter(SupplyItem item, Stock? stock, StockMovementKind kind, decimal quantity, DateTimeOffset now, string by, string? note)
    {
        ArgumentNullException.ThrowIfNull(item);
        var said = note?.Trim() is { Length: > 0 } text ? text : null;
        if (quantity < 0 || (quantity == 0 && kind != StockMovementKind.Count) || quantity > Most || decimal.Round(quantity, Digits) != quantity)
        {
            throw new StockException("quantity", $"Say how many {item.Unit}: a number {(kind == StockMovementKind.Count ? "from 0" : "above 0")} to {Text(Most)}, with at most {Digits} digits after the point.");
        }

        if (said?.Length > MostNote)
        {
            throw new StockException("note", $"A note has at most {MostNote} characters.");
        }

        var before = stock?.OnHand ?? 0;
        if (kind == StockMovementKind.Issue && quantity > before)
        {
            throw new StockException("quantity", $"The book has {Text(before)} {item.Unit}, so {Text(quantity)} cannot be taken out. Count what is there first, and enter the count.");
        }

        var after = kind switch
        {
            StockMovementKind.Receipt => before + quantity,
            StockMovementKind.Issue => before - quantity,
            _ => quantity,
        };
        if (after > Most)
        {
            throw new StockException("quantity", $"That would be more than {Text(Most)} {item.Unit}.");
        }

        var at = stock is not null && stock.LastAt > now ? stock.LastAt : now;
        var movement = new StockMovement((stock?.Movements ?? 0) + 1, kind, quantity, before, after, at, by, said);
        return (
            new Stock(
                after, movement.Number, stock?.FirstAt ?? at, at, kind == StockMovementKind.Count ? at : stock?.CountedAt, IsLow(item, stock?.IsLow == true, after), stock?.Requests ?? 0, stock?.Request),
            movement);
    }

    /// <summary>
    /// The stock with the purchase that is to be asked for. Below the minimum there is one until the stock rises above it, whatever is foreseen then: each crossing
    /// downwards is an alarm of its own. Where an order would come too late there is one until that is so no more and something was delivered. What had to be ordered
    /// soon and then falls below the minimum is told anew, under the same number.
    /// </summary>
    /// <param name="item">The item, whose minimum may have changed since the last entry.</param>
    /// <param name="stock">The stock.</param>
    /// <param name="forecast">What is foreseen of it.</param>
    /// <param name="today">The local date in the plan's zone.</param>
    /// <param name="now">The instant (UTC).</param>
    public static Stock Review(SupplyItem item, Stock stock, SupplyForecast forecast, LocalDate today, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(stock);
        ArgumentNullException.ThrowIfNull(forecast);
        var isLow = IsLow(item, stock.IsLow, stock.OnHand);
        OrderReason? need = isLow ? OrderReason.BelowMinimum : forecast.OrderBy <= today ? OrderReason.OrderBy : null;
        var (requests, request) = (stock.Requests, stock.Request);
        if (request is not null)
        {
            // It rises above its lowest by a delivery, however much was used between the asking and that.
            var lowest = Math.Min(request.Lowest ?? request.OnHand, stock.OnHand);
            var isSettled = request.Reason == OrderReason.BelowMinimum ? !isLow : need is null && stock.OnHand > lowest;
            request = isSettled ? null : request with { Lowest = lowest };
        }

        if (request is null && need is { } reason)
        {
            requests++;
            request = new PurchaseRequest(requests, reason, now, stock.OnHand, Lowest: stock.OnHand);
        }
        else if (request is { Reason: OrderReason.OrderBy } && need == OrderReason.BelowMinimum)
        {
            request = request with { Reason = OrderReason.BelowMinimum, At = now, OnHand = stock.OnHand, IsTold = false };
        }

        return stock with { IsLow = isLow, Requests = requests, Request = request };
    }

    /// <summary>A quantity as people write it: 12.5, 20000.</summary>
    public static string Text(decimal quantity) => quantity.ToString("0.###", CultureInfo.InvariantCulture);

    private static bool IsLow(SupplyItem item, bool wasLow, decimal onHand) => onHand < item.Minimum || (wasLow && onHand == item.Minimum);
}
