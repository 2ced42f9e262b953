using NodaTime;

namespace Maintenance.Time;

/// <summary>A stretch of one local day, in minutes from its midnight: half-open, <c>[Start, End)</c>, end at most 1440.</summary>
/// <param name="Start">0 to 1439.</param>
/// <param name="End">Above <paramref name="Start"/>, at most 1440.</param>
public readonly record struct DaySpan(int Start, int End);

/// <summary>
/// When service time counts: spans by weekday, no spans on a holiday. Built from weekly hours in which a span may run over midnight; the part after midnight
/// belongs to the next local date, so a holiday closes exactly its own date.
/// </summary>
public sealed class ServiceCalendar
{
    private readonly IReadOnlyList<DaySpan>[] _week;
    private readonly HashSet<LocalDate> _holidays;

    /// <summary>A calendar from weekly hours.</summary>
    /// <param name="zone">The zone in which the hours are read.</param>
    /// <param name="hours">Spans by weekday; an end at or before its start means the next day, 24:00 is 1440.</param>
    /// <param name="holidays">The local dates that are closed.</param>
    public ServiceCalendar(DateTimeZone zone, IEnumerable<(IsoDayOfWeek Day, int Start, int End)> hours, IEnumerable<LocalDate> holidays)
    {
        ArgumentNullException.ThrowIfNull(hours);
        Zone = zone;
        _holidays = [.. holidays];
        var days = new List<DaySpan>[7];
        for (var day = 0; day < 7; day++)
        {
            days[day] = [];
        }

        foreach (var (day, start, end) in hours)
        {
            var index = (int)day - 1;
            if (end > start)
            {
                days[index].Add(new DaySpan(start, end));
                continue;
            }

            days[index].Add(new DaySpan(start, 1440));
            if (end > 0)
            {
                days[(index + 1) % 7].Add(new DaySpan(0, end));
            }
        }

        _week = [.. days.Select(Union)];
    }

    /// <summary>The zone in which the hours are read.</summary>
    public DateTimeZone Zone { get; }

    /// <summary>True when some weekday has hours.</summary>
    public bool EverOpen => _week.Any(static spans => spans.Count > 0);

    /// <summary>The open spans of a local date, ordered, not touching one another.</summary>
    public IReadOnlyList<DaySpan> On(LocalDate date) => _holidays.Contains(date) ? [] : _week[(int)date.DayOfWeek - 1];

    /// <summary>Always open: around the clock, every day.</summary>
    public static ServiceCalendar Always(DateTimeZone zone) =>
        new(zone, Enumerable.Range(1, 7).Select(static day => ((IsoDayOfWeek)day, 0, 1440)), []);

    private static IReadOnlyList<DaySpan> Union(List<DaySpan> spans)
    {
        var union = new List<DaySpan>();
        foreach (var span in spans.OrderBy(static s => s.Start))
        {
            if (union.Count > 0 && span.Start <= union[^1].End)
            {
                union[^1] = union[^1] with { End = Math.Max(union[^1].End, span.End) };
            }
            else
            {
                union.Add(span);
            }
        }

        return union;
    }
}
