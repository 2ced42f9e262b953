using Maintenance.Time;

namespace Maintenance.Plan;

/// <summary>Takes the dates of calendars' iCalendar files into the plan.</summary>
internal static class HolidayFiles
{
    /// <summary>The plan with the dates; what cannot be read or honoured is reported at the entry that names the file.</summary>
    public static OperationsPlan Include(OperationsPlan plan, PlanIncludes includes, PlanReading reading)
    {
        // Which days an event covers depends on the zone, and fillers of what could not be read would be reported as if somebody had written them.
        if (!reading.IsSound("system", "calendars"))
        {
            return plan;
        }

        var known = new Dictionary<string, IReadOnlyList<Holiday>>(StringComparer.Ordinal);
        return plan with { Calendars = [.. plan.Calendars.Select((calendar, index) => calendar.HolidayFiles.Count == 0 ? calendar : Include(calendar, index))] };

        CalendarDefinition Include(CalendarDefinition calendar, int index)
        {
            for (var i = 0; i < calendar.HolidayFiles.Count; i++)
            {
                var file = calendar.HolidayFiles[i];
                if (!known.ContainsKey(file))
                {
                    known[file] = Read(file, $"calendars[{index}].holidayFiles[{i}]");
                }
            }

            return calendar with { Holidays = [.. calendar.Holidays, .. calendar.HolidayFiles.Distinct(StringComparer.Ordinal).SelectMany(file => known[file])] };
        }

        IReadOnlyList<Holiday> Read(string file, string path)
        {
            if (includes.Read(file, IcsHolidays.MaxBytes, out var problem) is not { } text)
            {
                Report(path, $"{file}: {problem}", "Put an iCalendar file there, or take this line out.");
                return [];
            }

            var read = IcsHolidays.Read(text, plan.System.TimeZone);
            foreach (var one in read.Problems)
            {
                Report(path, $"{file}, line {one.Line}: {one.Message}", one.Hint);
            }

            return [.. read.Holidays.Select(holiday => new Holiday(holiday.Date, holiday.Name) { File = file })];
        }

        void Report(string path, string message, string hint)
        {
            reading.Distrust(path);
            reading.Report(PlanProblemSeverity.Error, path, message, hint);
        }
    }
}
