using NodaTime;

namespace Maintenance.Tests.Rules.Oracles;

/// <summary>A line of weekly hours, in minutes from midnight; an end at or before the start is on the next day.</summary>
internal readonly record struct Hours(IsoDayOfWeek Day, int Start, int End);

/// <summary>
/// Service time counted minute by minute: at each one, what does the clock on the wall show, and do the hours say open? A clock put back shows what it has
/// shown already, and each time counts the first time only: until it passes where it was, things stay as they were.
/// </summary>
internal sealed class MinuteWalk(DateTimeZone zone, IReadOnlyList<Hours> hours, IReadOnlyList<LocalDate> holidays)
{
    /// <summary>No clock is put back by more than this at once.</summary>
    private const int RunUp = 3 * 60;

    /// <summary>True when the minute that begins at this instant counts.</summary>
    public bool IsOpen(DateTimeOffset at) => From(at).First();

    /// <summary>The open minutes in <c>[from, to)</c>, both at full minutes.</summary>
    public TimeSpan Elapsed(DateTimeOffset from, DateTimeOffset to) =>
        TimeSpan.FromMinutes(From(from).Take((int)(to - from).TotalMinutes).Count(static open => open));

    /// <summary>When so many open minutes have passed, or null where that is not before <paramref name="horizon"/>.</summary>
    public DateTimeOffset? Due(DateTimeOffset start, int minutes, DateTimeOffset horizon)
    {
        var at = start;
        var left = minutes;
        foreach (var open in From(start))
        {
            if (left == 0 || at >= horizon)
            {
                break;
            }

            left -= open ? 1 : 0;
            at = at.AddMinutes(1);
        }

        return left == 0 ? at : null;
    }

    /// <summary>Whether it is open, for each minute from an instant on.</summary>
    private IEnumerable<bool> From(DateTimeOffset start)
    {
        var shown = LocalDateTime.MinIsoValue;
        var open = false;
        for (var minute = -RunUp; ; minute++)
        {
            var wall = Instant.FromDateTimeOffset(start.AddMinutes(minute)).InZone(zone).LocalDateTime;
            if (wall > shown)
            {
                shown = wall;
                open = IsOpenAt(wall);
            }

            if (minute >= 0)
            {
                yield return open;
            }
        }
    }

    private bool IsOpenAt(LocalDateTime wall)
    {
        var minute = (wall.Hour * 60) + wall.Minute;
        var today = wall.DayOfWeek;
        var yesterday = wall.Date.PlusDays(-1).DayOfWeek;
        return !holidays.Contains(wall.Date) && hours.Any(line => line.End > line.Start
            ? line.Day == today && line.Start <= minute && minute < line.End
            : (line.Day == today && line.Start <= minute) || (line.Day == yesterday && minute < line.End));
    }
}
