using Maintenance.Time;
using NodaTime;
using NodaTime.Extensions;

namespace Maintenance.ServiceLevels;

/// <summary>
/// Service time: how much of it passed, and when a target is reached. Only a calendar's open spans count; on the days of a clock change they count as long
/// as they really are: a span runs from its start to its end (see <see cref="WallClock"/>), so a clock put back neither interrupts it nor opens it again.
/// </summary>
public static class ServiceClock
{
    /// <summary>Past this much closed time a calendar counts as never opening again.</summary>
    private const int MaxClosedDays = 3660;

    /// <summary>
    /// The instant (UTC) at which <paramref name="target"/> of service time has passed since <paramref name="start"/>. Reached exactly at closing time, it is
    /// due at that closing time, not at the next opening. A target of zero is due at once.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The target is negative.</exception>
    /// <exception cref="InvalidOperationException">The calendar stays closed for ten years on end.</exception>
    public static DateTimeOffset Due(ServiceCalendar calendar, DateTimeOffset start, TimeSpan target)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        ArgumentOutOfRangeException.ThrowIfLessThan(target, TimeSpan.Zero);
        if (target == TimeSpan.Zero)
        {
            return start.ToUniversalTime();
        }

        var left = Duration.FromTimeSpan(target);
        var from = start.ToInstant();
        var closedDays = 0;
        for (var date = from.InZone(calendar.Zone).Date; ; date = date.PlusDays(1))
        {
            closedDays++;
            foreach (var (open, close) in Spans(calendar, date))
            {
                var begin = open > from ? open : from;
                if (close <= begin)
                {
                    continue;
                }

                closedDays = 0;
                if (close - begin >= left)
                {
                    return (begin + left).ToDateTimeOffset();
                }

                left -= close - begin;
            }

            if (closedDays > MaxClosedDays)
            {
                throw new InvalidOperationException("The calendar has no service hours in the ten years ahead, so nothing ever falls due in it.");
            }
        }
    }

    /// <summary>The service time in <c>[from, to)</c>; zero when <paramref name="to"/> is not later.</summary>
    public static TimeSpan Elapsed(ServiceCalendar calendar, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        var (first, last) = (from.ToInstant(), to.ToInstant());
        var sum = Duration.Zero;
        for (var date = first.InZone(calendar.Zone).Date; first < last && date <= LastBegun(last, calendar.Zone); date = date.PlusDays(1))
        {
            foreach (var (open, close) in Spans(calendar, date))
            {
                var begin = open > first ? open : first;
                var end = close < last ? close : last;
                if (end > begin)
                {
                    sum += end - begin;
                }
            }
        }

        return sum.ToTimeSpan();
    }

    /// <summary>True when service time counts at this instant.</summary>
    public static bool IsOpen(ServiceCalendar calendar, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        var instant = at.ToInstant();
        return Spans(calendar, instant.InZone(calendar.Zone).Date).Concat(Spans(calendar, LastBegun(instant, calendar.Zone))).Any(span => span.Open <= instant && instant < span.Close);
    }

    // A clock put back over midnight shows the day before again, after spans of the new day have begun.
    private static LocalDate LastBegun(Instant instant, DateTimeZone zone) => instant.InZone(zone).Date.PlusDays(1);

    private static IEnumerable<(Instant Open, Instant Close)> Spans(ServiceCalendar calendar, LocalDate date)
    {
        foreach (var span in calendar.On(date))
        {
            yield return (At(calendar.Zone, date, span.Start), At(calendar.Zone, date, span.End));
        }
    }

    private static Instant At(DateTimeZone zone, LocalDate date, int minute) =>
        WallClock.ToInstant(date.AtMidnight().PlusMinutes(minute), zone);
}
