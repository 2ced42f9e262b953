using Maintenance.Time;
using NodaTime;

namespace Maintenance.Plan;

/// <summary>What calendars must keep that no single field can.</summary>
internal static class CalendarRules
{
    public static void Check(OperationsPlan plan, PlanReading reading)
    {
        for (var i = 0; i < plan.Calendars.Count; i++)
        {
            var calendar = plan.Calendars[i];
            var isInOrder = Revisions(calendar, $"calendars[{i}]", reading);
            Doubles(calendar, $"calendars[{i}]", reading);
            if (isInOrder && TenClosedYears(calendar, plan.System.TimeZone) is var (closed, end))
            {
                // Named is what closes it: the revision that counts in the end, or the calendar.
                var last = calendar.Revisions.ToList().FindLastIndex(revision => revision.From <= end);
                reading.Report(
                    PlanProblemSeverity.Error, last < 0 ? $"calendars[{i}]" : $"calendars[{i}].revisions[{last}]", $"from {closed:uuuu-MM-dd} on it stays closed for more than ten years: on each day that has hours there is a holiday.", "Nothing would ever fall due in it: add hours, or take holidays out.");
            }
        }
    }

    private static bool Revisions(CalendarDefinition calendar, string path, PlanReading reading)
    {
        var isInOrder = true;
        for (var i = 0; i < calendar.Revisions.Count; i++)
        {
            if (calendar.Revisions[i].From.Year is < IcsHolidays.FirstYear or > IcsHolidays.LastYear)
            {
                reading.Report(PlanProblemSeverity.Error, $"{path}.revisions[{i}].from", $"the year is not between {IcsHolidays.FirstYear} and {IcsHolidays.LastYear}.", "Write the first date of the new hours, such as 2027-01-04.");
                isInOrder = false;
            }

            if (i == 0)
            {
                continue;
            }

            var (before, from) = (calendar.Revisions[i - 1].From, calendar.Revisions[i].From);
            if (from <= before)
            {
                reading.Report(
                    PlanProblemSeverity.Error, $"{path}.revisions[{i}].from", from == before ? $"there is a revision from {from:uuuu-MM-dd} already." : $"it is earlier than the revision before it ({before:uuuu-MM-dd}).", from == before ? "Keep one of them." : "List the revisions in the order of their dates.");
                isInOrder = false;
            }
        }

        return isInOrder;
    }

    private static void Doubles(CalendarDefinition calendar, string path, PlanReading reading)
    {
        foreach (var twice in calendar.Holidays.Where(static holiday => holiday.File is null).GroupBy(static holiday => holiday.Date).Where(static group => group.Count() > 1))
        {
            reading.Report(PlanProblemSeverity.Warning, $"{path}.holidays", $"{twice.Key:uuuu-MM-dd} is listed {twice.Count()} times.", null);
        }

        var known = calendar.Holidays.Where(static holiday => holiday.File is null).Select(static holiday => holiday.Date).ToHashSet();
        for (var i = 0; i < calendar.HolidayFiles.Count; i++)
        {
            var file = calendar.HolidayFiles[i];
            if (calendar.HolidayFiles.Take(i).Contains(file))
            {
                reading.Report(PlanProblemSeverity.Warning, $"{path}.holidayFiles[{i}]", $"{file} is listed twice.", "Remove one of them.");
                continue;
            }

            var again = calendar.Holidays.Where(holiday => holiday.File == file && !known.Add(holiday.Date)).Select(static holiday => $"{holiday.Date:uuuu-MM-dd}").ToList();
            if (again.Count > 0)
            {
                reading.Report(
                    PlanProblemSeverity.Warning, $"{path}.holidayFiles[{i}]", $"{file} has {(again.Count == 1 ? "a date that is" : "dates that are")} listed before: {string.Join(", ", again.Take(3))}{(again.Count > 3 ? $" and {again.Count - 3} more" : "")}.", "Keep each in one place only, so that a date that moves is moved in one place.");
            }
        }
    }

    /// <summary>The first and the last date of a time in which nothing opens, so long that nothing can be measured in the calendar; null where there is none.</summary>
    private static (LocalDate First, LocalDate End)? TenClosedYears(CalendarDefinition calendar, DateTimeZone zone)
    {
        var closed = calendar.Holidays.Select(static holiday => holiday.Date).Where(static date => date.Year is >= IcsHolidays.FirstYear and <= IcsHolidays.LastYear).Distinct().Order().ToList();

        // It takes a holiday a week at least. Without so many of them so close together there is no need to walk.
        const int fewest = ServiceCalendar.MaxClosedDays / 7;
        if (!Enumerable.Range(0, Math.Max(0, closed.Count - fewest)).Any(i => Period.DaysBetween(closed[i], closed[i + fewest]) <= ServiceCalendar.MaxClosedDays))
        {
            return null;
        }

        var built = calendar.Build(zone);
        var first = closed[0];
        for (var date = first; date <= closed[^1]; date = date.PlusDays(1))
        {
            if (built.On(date).Count > 0)
            {
                first = date.PlusDays(1);
            }
            else if (Period.DaysBetween(first, date) > ServiceCalendar.MaxClosedDays)
            {
                return (first, date);
            }
        }

        return null;
    }
}
