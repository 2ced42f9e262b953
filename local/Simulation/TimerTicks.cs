using Maintenance.Status;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Local.Simulation;

/// <summary>The instants at which a timer ticks, in the rhythm that it has on Azure. Found by arithmetic: a year has three million of them.</summary>
public sealed class TimerTicks
{
    private readonly long[] _ofDay;

    /// <summary>Of a rhythm.</summary>
    /// <exception cref="ArgumentException">It is not the same each day.</exception>
    public TimerTicks(TimerRhythm rhythm)
    {
        ArgumentNullException.ThrowIfNull(rhythm);
        if (!rhythm.Schedule.EndsWith(" * * *", StringComparison.Ordinal))
        {
            throw new ArgumentException($"The timer {rhythm.Timer} does not tick alike each day: '{rhythm.Schedule}'.", nameof(rhythm));
        }

        // Of any day: UTC has no changes of the clock.
        var day = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        _ofDay = [.. Schedule.Parse(rhythm.Schedule).Between(day.AddTicks(-1), day.AddDays(1).AddTicks(-1), DateTimeZone.Utc).Select(at => (at - day).Ticks)];
        Timer = rhythm.Timer;
    }

    /// <summary>The timer.</summary>
    public string Timer { get; }

    /// <summary>The first tick at an instant or after it (UTC).</summary>
    public DateTimeOffset From(DateTimeOffset instant)
    {
        var day = instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerDay);
        var found = Array.BinarySearch(_ofDay, instant.UtcTicks - day);
        var at = found >= 0 ? found : ~found;
        return new DateTimeOffset(at < _ofDay.Length ? day + _ofDay[at] : day + TimeSpan.TicksPerDay + _ofDay[0], TimeSpan.Zero);
    }
}
