using Maintenance.Time;
using NodaTime;

namespace Maintenance.Supplies;

/// <summary>What is foreseen of a stock.</summary>
/// <param name="Consumed">How much was consumed in the trailing days, in the item's unit.</param>
/// <param name="Days">Over how many days that was observed: 30, or fewer where the book is younger.</param>
/// <param name="StockOut">The first local date for which it will not suffice; null where it is not known or more than ten years away.</param>
/// <param name="OrderBy">The last local date on which an order still arrives before that; null where there is none.</param>
public sealed record SupplyForecast(decimal Consumed, int Days, LocalDate? StockOut, LocalDate? OrderBy)
{
    /// <summary>How far back consumption is looked at.</summary>
    public const int TrailingDays = 30;

    /// <summary>A younger book says nothing about the rate.</summary>
    public const int LeastDays = 7;

    private const int MostDays = 3650;
    private const int MostClosedDays = 366;

    /// <summary>True where the book is old enough to say how much is consumed.</summary>
    public bool IsKnown => Days >= LeastDays;

    /// <summary>How much is consumed a day, in the item's unit; null where that is not known.</summary>
    public decimal? PerDay => IsKnown ? Consumed / Days : null;

    /// <summary>Foresees what comes if the rate of the trailing days goes on. Pure.</summary>
    /// <param name="item">The item.</param>
    /// <param name="stock">Its stock; null where nothing was ever entered.</param>
    /// <param name="movements">Its entries, those of the trailing days at least; older ones are passed by.</param>
    /// <param name="calendar">On whose open days orders are placed; null for every day.</param>
    /// <param name="zone">The plan's zone.</param>
    /// <param name="now">The instant (UTC).</param>
    public static SupplyForecast Of(SupplyItem item, Stock? stock, IEnumerable<StockMovement> movements, ServiceCalendar? calendar, DateTimeZone zone, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(movements);
        if (stock is null)
        {
            return new SupplyForecast(0, 0, null, null);
        }

        var days = (int)Math.Clamp(Math.Floor((now - stock.FirstAt).TotalDays), 0, TrailingDays);
        var since = now - TimeSpan.FromDays(TrailingDays);
        var consumed = movements.Where(movement => movement.At > since && movement.At <= now).Sum(static movement => movement.Consumed);
        var left = days < LeastDays || consumed == 0 ? decimal.MaxValue : stock.OnHand * days / consumed;
        if (left > MostDays)
        {
            return new SupplyForecast(consumed, days, null, null);
        }

        var today = Instant.FromDateTimeOffset(now).InZone(zone).Date;
        var stockOut = today.PlusDays((int)Math.Floor(left));
        return new SupplyForecast(consumed, days, stockOut, OrderDate(stockOut.PlusDays(-(int)Math.Ceiling(item.LeadTime.TotalDays)), calendar));
    }

    /// <summary>The date itself, or the last open one before it.</summary>
    private static LocalDate OrderDate(LocalDate latest, ServiceCalendar? calendar)
    {
        var date = latest;
        for (var back = 0; calendar is not null && back < MostClosedDays; back++, date = date.PlusDays(-1))
        {
            if (calendar.On(date).Count > 0)
            {
                return date;
            }
        }

        return latest;
    }
}
