using NCrontab;
using NodaTime;
using NodaTime.Extensions;

namespace Maintenance.Time;

/// <summary>
/// A recurring wall-clock time: six NCRONTAB fields (second minute hour day month weekday), read in the plan's time zone.
/// A wall-clock time that daylight saving skips happens at the end of the gap; one that it repeats happens the first time only; two that fall on one
/// instant happen once.
/// </summary>
public sealed class Schedule
{
    private static readonly Duration[] Windows =
        [Duration.FromHours(1), Duration.FromDays(1), Duration.FromDays(32), Duration.FromDays(400), Duration.FromDays(4018)];

    private readonly CrontabSchedule _crontab;

    private Schedule(string text, CrontabSchedule crontab)
    {
        Text = text;
        _crontab = crontab;
    }

    /// <summary>The six fields as written.</summary>
    public string Text { get; }

    /// <summary>Reads six NCRONTAB fields.</summary>
    /// <param name="text">The fields.</param>
    /// <param name="problem">What is wrong, or null.</param>
    /// <returns>The schedule, or null where something is wrong.</returns>
    public static Schedule? TryParse(string text, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var fields = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 6)
        {
            problem = fields.Length == 5
                ? "it has five fields; the first of six is the second"
                : $"it has {fields.Length} fields instead of six (second minute hour day month weekday)";
            return null;
        }

        try
        {
            // NCrontab names the field and the value in its message.
            var crontab = CrontabSchedule.TryParse(
                string.Join(' ', fields), new CrontabSchedule.ParseOptions { IncludingSeconds = true }, schedule => ((CrontabSchedule?)schedule, (string?)null), error => (null, error().Message));
            problem = crontab.Item2;
            return crontab.Item1 is null ? null : new Schedule(text, crontab.Item1);
        }
        catch (OverflowException)
        {
            // Digits beyond an int are the one thing that NCrontab's TryParse throws at.
            problem = "a number in it is too large";
            return null;
        }
    }

    /// <summary>Reads six NCRONTAB fields.</summary>
    /// <exception cref="FormatException">They are not a schedule.</exception>
    public static Schedule Parse(string text) =>
        TryParse(text, out var problem) ?? throw new FormatException($"'{text}' is not a schedule: {problem}.");

    /// <summary>The occurrences in <c>(after, upTo]</c>, each once, in order (UTC).</summary>
    public IEnumerable<DateTimeOffset> Between(DateTimeOffset after, DateTimeOffset upTo, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return after >= upTo ? [] : Occurrences(after.ToInstant(), upTo.ToInstant(), zone);
    }

    /// <summary>The last occurrence in <c>(after, upTo]</c>, or null: what is due once, however many were missed.</summary>
    public DateTimeOffset? Latest(DateTimeOffset after, DateTimeOffset upTo, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        foreach (var window in Windows)
        {
            // Looking back in growing windows: a schedule of every second after a year's downtime must not walk the year.
            var from = Later(after.ToInstant(), upTo.ToInstant() - window);
            if (Between(from.ToDateTimeOffset(), upTo, zone).Select(static o => (DateTimeOffset?)o).LastOrDefault() is { } latest)
            {
                return latest;
            }

            if (from <= after.ToInstant())
            {
                return null;
            }
        }

        return Between(after, upTo, zone).Select(static o => (DateTimeOffset?)o).LastOrDefault();
    }

    /// <summary>The first occurrence after an instant, or null when there is none within eleven years.</summary>
    public DateTimeOffset? Next(DateTimeOffset after, DateTimeZone zone)
    {
        foreach (var window in Windows)
        {
            if (Between(after, after + window.ToTimeSpan(), zone).Select(static o => (DateTimeOffset?)o).FirstOrDefault() is { } next)
            {
                return next;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private IEnumerable<DateTimeOffset> Occurrences(Instant after, Instant upTo, DateTimeZone zone)
    {
        var last = after;
        foreach (var interval in zone.GetZoneIntervals(after, upTo + Duration.Epsilon))
        {
            // One stretch of constant offset after the other, since wall-clock order is not the order of instants across a change.
            var from = interval.HasStart ? Later(after, interval.Start) : after;
            var to = interval.HasEnd ? Earlier(upTo, interval.End - Duration.Epsilon) : upTo;
            var wallFrom = Wall(from, interval.WallOffset);
            if (from > after)
            {
                // The wall-clock times that the change skipped belong to its end, which opens this stretch.
                var before = Wall(from, zone.GetUtcOffset(from - Duration.Epsilon));
                wallFrom = before < wallFrom ? before : wallFrom;
            }

            // NCrontab, asked from the middle of a minute, keeps that second as the first one of a later minute; asked from a minute's last second it does not.
            var start = wallFrom.AddTicks(-(wallFrom.Ticks % TimeSpan.TicksPerMinute)).AddSeconds(-1);
            foreach (var wall in _crontab.GetNextOccurrences(start, Wall(to, interval.WallOffset).AddSeconds(1)))
            {
                var instant = WallClock.ToInstant(LocalDateTime.FromDateTime(wall), zone);
                if (instant > last && instant <= upTo)
                {
                    last = instant;
                    yield return instant.ToDateTimeOffset();
                }
            }
        }
    }

    private static DateTime Wall(Instant instant, Offset offset) => instant.WithOffset(offset).LocalDateTime.ToDateTimeUnspecified();

    private static Instant Later(Instant a, Instant b) => a > b ? a : b;

    private static Instant Earlier(Instant a, Instant b) => a < b ? a : b;
}
