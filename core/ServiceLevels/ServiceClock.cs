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
        foreach (var span in calendar.Spans(start.ToInstant()))
        {
            if (span.End - span.Start >= left)
            {
                return (span.Start + left).ToDateTimeOffset();
            }

            left -= span.End - span.Start;
        }

        throw new InvalidOperationException("The calendar has no service hours in the ten years ahead, so nothing ever falls due in it.");
    }

    /// <summary>The service time in <c>[from, to)</c>; zero when <paramref name="to"/> is not later.</summary>
    public static TimeSpan Elapsed(ServiceCalendar calendar, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        var last = to.ToInstant();
        var sum = Duration.Zero;
        foreach (var span in calendar.Spans(from.ToInstant()).TakeWhile(span => span.Start < last))
        {
            sum += (span.End < last ? span.End : last) - span.Start;
        }

        return sum.ToTimeSpan();
    }

    /// <summary>True when service time counts at this instant.</summary>
    public static bool IsOpen(ServiceCalendar calendar, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        var instant = at.ToInstant();
        return calendar.Spans(instant).Take(1).Any(span => span.Start == instant);
    }
}
