using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Tests.Rules.Oracles;

/// <summary>
/// Whether the calendars of a plan are open, minute by minute over a window, from their definitions as written. The clock on the wall put back shows what it has
/// shown already, and each time counts the first time only: until it passes where it was, things stay as they were.
/// </summary>
internal sealed class HoursWalk
{
    /// <summary>No clock of these zones is put back by more than this at once, in minutes.</summary>
    private const int RunUp = 180;

    private readonly OperationsPlan _plan;
    private readonly long _startMinute;
    private readonly int[] _shifts;
    private readonly Dictionary<CalendarDefinition, bool[]> _open = new(ReferenceEqualityComparer.Instance);

    public HoursWalk(OperationsPlan plan, DateTimeOffset start, int days)
    {
        _plan = plan;
        _startMinute = (start.ToUnixTimeSeconds() / 60) - RunUp;
        EndMinute = (start.ToUnixTimeSeconds() / 60) + (days * 1440);
        _shifts = new int[EndMinute - _startMinute];
        for (var i = 0; i < _shifts.Length; i++)
        {
            // Clocks change at full quarter hours, or a minute past one.
            var minute = _startMinute + i;
            _shifts[i] = i == 0 || minute % 15 is 0 or 1 ? plan.System.TimeZone.GetUtcOffset(Instant.FromUnixTimeSeconds(minute * 60)).Seconds / 60 : _shifts[i - 1];
        }
    }

    /// <summary>The first minute past the window, since 1970.</summary>
    public long EndMinute { get; }

    /// <summary>The end of the window.</summary>
    public DateTimeOffset End => DateTimeOffset.FromUnixTimeSeconds(EndMinute * 60);

    /// <summary>
    /// Tells, of the seconds from <paramref name="second"/> on, whether a calendar is open by the plan that was in force then; it holds until a plan with other hours is
    /// taken over. No calendar is never open.
    /// </summary>
    public Func<long, bool> Of(string? calendar, long second)
    {
        if (calendar is null)
        {
            return static _ => false;
        }

        var definition = _plan.CalendarHistory.FirstOrDefault(version => version.Definition.Id == calendar && second < version.Until.ToUnixTimeSeconds())?.Definition
            ?? _plan.Calendars.Single(one => one.Id == calendar);
        if (!_open.TryGetValue(definition, out var open))
        {
            _open[definition] = open = Walk(definition);
        }

        return at => open[(at / 60) - _startMinute];
    }

    private bool[] Walk(CalendarDefinition calendar)
    {
        var open = new bool[_shifts.Length];
        var weeks = new Dictionary<LocalDate, bool[]> { [LocalDate.MinIsoValue] = Week(calendar.Hours) };
        foreach (var revision in calendar.Revisions)
        {
            weeks[revision.From] = Week(revision.Hours);
        }

        var shown = long.MinValue;
        var day = long.MinValue;
        bool[]? today = null;
        for (var i = 0; i < open.Length; i++)
        {
            var wall = _startMinute + i + _shifts[i];
            if (wall <= shown)
            {
                open[i] = i > 0 && open[i - 1];
                continue;
            }

            shown = wall;
            if (wall / 1440 != day)
            {
                day = wall / 1440;
                var date = new LocalDate(1970, 1, 1).PlusDays((int)day);
                var week = weeks.Where(one => one.Key <= date).MaxBy(static one => one.Key).Value;
                today = calendar.Holidays.Any(holiday => holiday.Date == date) ? null : week[(((int)date.DayOfWeek - 1) * 1440)..((int)date.DayOfWeek * 1440)];
            }

            open[i] = today?[wall % 1440] ?? false;
        }

        return open;
    }

    /// <summary>A week written minute by minute, from Monday's midnight; what runs over midnight is the next day's, after Sunday Monday's.</summary>
    private static bool[] Week(IEnumerable<WeeklyHours> hours)
    {
        var week = new bool[7 * 1440];
        foreach (var line in hours)
        {
            foreach (var day in line.Days)
            {
                foreach (var span in line.Spans)
                {
                    for (var minute = span.Start; minute < (span.End > span.Start ? span.End : span.End + 1440); minute++)
                    {
                        week[((((int)day - 1) * 1440) + minute) % week.Length] = true;
                    }
                }
            }
        }

        return week;
    }
}
