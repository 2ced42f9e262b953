using System.Globalization;

namespace Maintenance.Calendars;

/// <summary>A month in weeks from Monday to Sunday, whole weeks only: the first and the last show dates of the months beside it.</summary>
/// <param name="Month">Its first date.</param>
/// <param name="Weeks">Four to six weeks of seven days.</param>
public sealed record MonthGrid(DateOnly Month, IReadOnlyList<IReadOnlyList<GridDay>> Weeks)
{
    /// <summary>So many entries stand in a day.</summary>
    public const int MostOnADay = 6;

    /// <summary>The first date that is shown.</summary>
    public static DateOnly First(DateOnly month) => Start(month).AddDays(-(((int)Start(month).DayOfWeek + 6) % 7));

    /// <summary>The last date that is shown.</summary>
    public static DateOnly Last(DateOnly month)
    {
        var last = Start(month).AddMonths(1).AddDays(-1);
        return last.AddDays((7 - (int)last.DayOfWeek) % 7);
    }

    /// <summary>The grid of the month of a date.</summary>
    /// <param name="month">Any date of it.</param>
    /// <param name="work">What is planned from <see cref="First"/> to <see cref="Last"/>.</param>
    public static MonthGrid Of(DateOnly month, PlannedWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var (first, last, start) = (First(month), Last(month), Start(month));
        var days = new List<GridDay>();
        for (var date = first; date <= last; date = date.AddDays(1))
        {
            var entries = work.Entries.Where(entry => IsOn(entry, date)).ToList();
            days.Add(new GridDay(date, date.Month == start.Month, [.. entries.Take(MostOnADay)], Math.Max(0, entries.Count - MostOnADay)));
        }

        return new MonthGrid(start, [.. days.Chunk(7)]);
    }

    /// <summary>Reads a month such as <c>2026-11</c>, from 2000 to 2199; null where it is none.</summary>
    public static DateOnly? Parse(string text) =>
        DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) && month.Year is >= 2000 and < 2200 ? month : null;

    /// <summary>What is shorter than a day stands on the date on which it begins: a night's window is that evening's.</summary>
    private static bool IsOn(CalendarEntry entry, DateOnly date) =>
        entry is { Start: { } start, End: { } end } && end - start < TimeSpan.FromDays(1) ? entry.From == date : entry.From <= date && date <= entry.To;

    private static DateOnly Start(DateOnly month) => new(month.Year, month.Month, 1);
}

/// <summary>A day of the grid.</summary>
/// <param name="Date">Its date, in the plan's zone.</param>
/// <param name="IsInMonth">False for the dates of the months beside it.</param>
/// <param name="Entries">What is planned on it.</param>
/// <param name="More">So many more there are than are listed.</param>
public sealed record GridDay(DateOnly Date, bool IsInMonth, IReadOnlyList<CalendarEntry> Entries, int More);
