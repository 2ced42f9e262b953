namespace Maintenance.Supplies;

/// <summary>How a stock changes.</summary>
public enum StockMovementKind
{
    /// <summary>Something was delivered.</summary>
    Receipt,

    /// <summary>Something was taken out.</summary>
    Issue,

    /// <summary>Somebody counted: so much is there, whatever the book said.</summary>
    Count,
}

/// <summary>An entry of an item's book. Never changed: what was wrong is put right by a count.</summary>
/// <param name="Number">1 for the first of the item.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Quantity">How much was received or taken out, or how much was counted; in the item's unit.</param>
/// <param name="Before">What the book said before.</param>
/// <param name="After">What it says since.</param>
/// <param name="At">When it was entered (UTC).</param>
/// <param name="By">Who entered it.</param>
/// <param name="Note">What is to be known of it, or null.</param>
public sealed record StockMovement(int Number, StockMovementKind Kind, decimal Quantity, decimal Before, decimal After, DateTimeOffset At, string By, string? Note)
{
    /// <summary>
    /// How much of it was consumed: what was taken out, and what a count found missing. What a count found too much is no less consumption, since it is more often a
    /// delivery that nobody entered; and the first count has nothing to compare with.
    /// </summary>
    public decimal Consumed => Kind == StockMovementKind.Receipt || Number == 1 ? 0 : Math.Max(0, Before - After);
}

/// <summary>Why something is to be ordered.</summary>
public enum OrderReason
{
    /// <summary>At the rate of late it would run out before an order arrives.</summary>
    OrderBy,

    /// <summary>There is less than the minimum.</summary>
    BelowMinimum,
}

/// <summary>A purchase that somebody is asked to make.</summary>
/// <param name="Number">1 for the first of the item.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">Since when (UTC).</param>
/// <param name="OnHand">How much there was then.</param>
/// <param name="IsTold">True where the ticket is open and people have been told.</param>
/// <param name="Ticket">The id of the ticket; null where there is none yet.</param>
/// <param name="Lowest">The least that there was since; null where that was not kept.</param>
public sealed record PurchaseRequest(int Number, OrderReason Reason, DateTimeOffset At, decimal OnHand, bool IsTold = false, string? Ticket = null, decimal? Lowest = null);

/// <summary>What there is of an item.</summary>
/// <param name="OnHand">How much, in the item's unit.</param>
/// <param name="Movements">So many entries its book has.</param>
/// <param name="FirstAt">When the first was entered (UTC).</param>
/// <param name="LastAt">When the last was (UTC).</param>
/// <param name="CountedAt">When somebody last counted (UTC); null for never.</param>
/// <param name="IsLow">True from when it fell below the minimum until it rises above it: exactly the minimum changes neither.</param>
/// <param name="Requests">So many purchases were asked for.</param>
/// <param name="Request">The one that is open; null for none.</param>
public sealed record Stock(
    decimal OnHand, int Movements, DateTimeOffset FirstAt, DateTimeOffset LastAt, DateTimeOffset? CountedAt, bool IsLow, int Requests, PurchaseRequest? Request);

/// <summary>An entry cannot be made.</summary>
/// <param name="field">Which field is wrong.</param>
/// <param name="message">What is wrong, and what would be right.</param>
public sealed class StockException(string field, string message) : Exception(message)
{
    /// <summary>Which field is wrong.</summary>
    public string Field { get; } = field;
}
