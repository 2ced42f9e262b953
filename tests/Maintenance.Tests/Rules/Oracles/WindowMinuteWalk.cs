using Maintenance.Windows;
using NodaTime;

namespace Maintenance.Tests.Rules.Oracles;

/// <summary>
/// Maintenance windows found by walking along the minutes: at each one, what does the clock on the wall show, and is that inside a window that began on such a
/// day, and in no freeze? A clock put back shows what it has shown already, and until it passes where it was, things stay as they were.
/// </summary>
internal sealed class WindowMinuteWalk(WindowPolicy policy, DateTimeZone zone)
{
    /// <summary>No clock is put back by more than this at once.</summary>
    private const int RunUp = 3 * 60;

    /// <summary>No window reaches further than this beyond a range that it overlaps.</summary>
    private const int Beyond = 4 * 1440;

    /// <summary>The pieces that overlap <c>[from, to)</c>, both at full minutes: window, start, end.</summary>
    public List<(string Window, DateTimeOffset Start, DateTimeOffset End)> Pieces(DateTimeOffset from, DateTimeOffset to, bool frozen = true)
    {
        var open = new Dictionary<(string Window, LocalDate Day), DateTimeOffset>();
        var pieces = new List<(string Window, DateTimeOffset Start, DateTimeOffset End)>();
        foreach (var (at, wall) in Minutes(from.AddMinutes(-Beyond), to.AddMinutes(Beyond)))
        {
            var now = (frozen && IsFrozen(wall)) ? [] : Inside(wall).ToHashSet();
            foreach (var ended in open.Keys.Where(key => !now.Contains(key)).ToList())
            {
                pieces.Add((ended.Window, open[ended], at));
                open.Remove(ended);
            }

            foreach (var begun in now)
            {
                open.TryAdd(begun, at);
            }
        }

        return [.. pieces.Where(piece => piece.Start < to && piece.End > from).OrderBy(static piece => piece.Start).ThenBy(static piece => piece.End).ThenBy(static piece => piece.Window, StringComparer.Ordinal)];
    }

    /// <summary>The first minute, at <paramref name="ready"/> or later but within so many minutes of it, from which on so many minutes are all inside some window.</summary>
    public DateTimeOffset? Fit(DateTimeOffset ready, int duration, int horizon)
    {
        var inside = Minutes(ready, ready.AddMinutes(horizon + duration)).Select(minute => !IsFrozen(minute.Wall) && Inside(minute.Wall).Any()).ToList();
        for (var start = 0; start < horizon; start++)
        {
            if (Enumerable.Range(start, duration).All(minute => inside[minute]))
            {
                return ready.AddMinutes(start);
            }
        }

        return null;
    }

    private IEnumerable<(DateTimeOffset At, LocalDateTime Wall)> Minutes(DateTimeOffset from, DateTimeOffset to)
    {
        var shown = LocalDateTime.MinIsoValue;
        for (var at = from.AddMinutes(-RunUp); at < to; at = at.AddMinutes(1))
        {
            var wall = Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime;
            shown = wall > shown ? wall : shown;
            if (at >= from)
            {
                yield return (at, shown);
            }
        }
    }

    private bool IsFrozen(LocalDateTime wall) => policy.Freezes.Any(freeze => freeze.From <= wall && wall < freeze.To);

    /// <summary>The windows that are open when the clock shows this, each with the day on which it began.</summary>
    private IEnumerable<(string Window, LocalDate Day)> Inside(LocalDateTime wall)
    {
        var minute = (wall.Hour * 60) + wall.Minute;
        var yesterday = wall.Date.PlusDays(-1);
        foreach (var window in policy.Maintenance)
        {
            var isOverMidnight = window.End <= window.Start;
            if (minute >= window.Start && (isOverMidnight || minute < window.End) && BeginsOn(window, wall.Date))
            {
                yield return (window.Id, wall.Date);
            }

            if (isOverMidnight && minute < window.End && BeginsOn(window, yesterday))
            {
                yield return (window.Id, yesterday);
            }
        }
    }

    private static bool BeginsOn(MaintenanceWindow window, LocalDate day)
    {
        if (window.Recurrence is WeeklyDays weekly)
        {
            return weekly.Days.Contains(day.DayOfWeek);
        }

        var monthly = (MonthlyDay)window.Recurrence;
        var counted = day.PlusDays(-monthly.PlusDays);
        var isLast = counted.PlusDays(7).Month != counted.Month;
        var count = Enumerable.Range(1, counted.Day).Count(number => new LocalDate(counted.Year, counted.Month, number).DayOfWeek == counted.DayOfWeek);
        return counted.DayOfWeek == monthly.Day && monthly.Week switch
        {
            MonthWeek.First => count == 1,
            MonthWeek.Second => count == 2,
            MonthWeek.Third => count == 3,
            MonthWeek.Fourth => count == 4,
            _ => isLast,
        };
    }
}
