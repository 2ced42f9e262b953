using NodaTime;

namespace Maintenance.Time;

/// <summary>A stretch of one local day, in minutes from its midnight: half-open, <c>[Start, End)</c>, end at most 1440.</summary>
/// <param name="Start">0 to 1439.</param>
/// <param name="End">Above <paramref name="Start"/>, at most 1440.</param>
public readonly record struct DaySpan(int Start, int End);

/// <summary>A stretch of time that counts: half-open, <c>[Start, End)</c>, of its real length.</summary>
public readonly record struct OpenSpan(Instant Start, Instant End);

/// <summary>
/// When service time counts: spans by weekday, no spans on a holiday. Built from weekly hours in which a span may run over midnight; the part after midnight
/// belongs to the next local date, so a holiday closes exactly its own date. Hours may change: from a date on (<see cref="Revised"/>), or from the instant on at
/// which somebody changed the plan (<see cref="Then"/>); what was before keeps the old hours.
/// </summary>
public sealed class ServiceCalendar
{
    /// <summary>Past this much closed time a calendar counts as never opening again.</summary>
    private const int MaxClosedDays = 3660;

    private readonly IReadOnlyList<Version> _versions;

    /// <summary>A calendar from weekly hours.</summary>
    /// <param name="zone">The zone in which the hours are read.</param>
    /// <param name="hours">Spans by weekday; an end at or before its start means the next day, 24:00 is 1440.</param>
    /// <param name="holidays">The local dates that are closed.</param>
    public ServiceCalendar(DateTimeZone zone, IEnumerable<(IsoDayOfWeek Day, int Start, int End)> hours, IEnumerable<LocalDate> holidays)
        : this(zone, hours, (holidays ?? throw new ArgumentNullException(nameof(holidays))).Distinct().ToDictionary(static date => date, static _ => ""))
    {
    }

    /// <summary>A calendar from weekly hours, with holidays by name.</summary>
    /// <param name="zone">The zone in which the hours are read.</param>
    /// <param name="hours">Spans by weekday; an end at or before its start means the next day, 24:00 is 1440.</param>
    /// <param name="holidays">The local dates that are closed, with what they are called.</param>
    public ServiceCalendar(DateTimeZone zone, IEnumerable<(IsoDayOfWeek Day, int Start, int End)> hours, IReadOnlyDictionary<LocalDate, string> holidays)
        : this(zone, [new Version(Instant.MinValue, null, WeekOf(hours), holidays)])
    {
    }

    private ServiceCalendar(DateTimeZone zone, IReadOnlyList<Version> versions)
    {
        ArgumentNullException.ThrowIfNull(zone);
        Zone = zone;
        _versions = versions;
    }

    /// <summary>The zone in which the hours are read.</summary>
    public DateTimeZone Zone { get; }

    /// <summary>True when some weekday has hours, in the version that goes on for ever.</summary>
    public bool EverOpen => _versions[^1].Week.Any(static spans => spans.Count > 0);

    /// <summary>The same calendar with other weekly hours from a local date on; its holidays stay.</summary>
    /// <param name="from">The first date of the new hours; later than that of every revision before it.</param>
    /// <param name="hours">Spans by weekday, as in the constructor.</param>
    public ServiceCalendar Revised(LocalDate from, IEnumerable<(IsoDayOfWeek Day, int Start, int End)> hours) =>
        new(Zone, [.. _versions, new Version(WallClock.ToInstant(from.AtMidnight(), Zone), from, WeekOf(hours), _versions[^1].Holidays)]);

    /// <summary>This calendar until an instant, another one from then on.</summary>
    /// <param name="from">When the other one begins to count.</param>
    /// <param name="next">The other one, of the same zone.</param>
    public ServiceCalendar Then(Instant from, ServiceCalendar next)
    {
        ArgumentNullException.ThrowIfNull(next);
        var begun = next._versions.Last(version => version.From <= from);
        return new ServiceCalendar(
            next.Zone, [.. _versions.Where(version => version.From < from), begun with { From = from }, .. next._versions.Where(version => version.From > from)]);
    }

    /// <summary>The open spans of a local date, ordered, not touching one another: of the hours in force when the date begins.</summary>
    public IReadOnlyList<DaySpan> On(LocalDate date) => VersionAt(WallClock.ToInstant(date.AtMidnight(), Zone)).On(date);

    /// <summary>What a date that is closed as a holiday is called (maybe an empty text); null where it is none.</summary>
    public string? HolidayOn(LocalDate date) => VersionAt(WallClock.ToInstant(date.AtMidnight(), Zone)).Holidays.GetValueOrDefault(date);

    /// <summary>The date from which the hours in force at an instant count; null where they always did.</summary>
    public LocalDate? RevisionAt(Instant at) => VersionAt(at) is { From: var from } version && from > Instant.MinValue ? version.Revision ?? from.InZone(Zone).Date : null;

    /// <summary>
    /// The open spans that end after <paramref name="from"/>, the first cut at it; in order, none touching or overlapping another of the same date. Endless, unless
    /// nothing opens for ten years on end.
    /// </summary>
    public IEnumerable<OpenSpan> Spans(Instant from)
    {
        // A clock put back over midnight shows the day before again, after spans of the new day have begun: those are found too, since the walk only cuts.
        var closedDays = 0;
        for (var date = from.InZone(Zone).Date; closedDays <= MaxClosedDays; date = date.PlusDays(1))
        {
            closedDays++;
            foreach (var span in SpansOf(date))
            {
                if (span.End > from)
                {
                    closedDays = 0;
                    yield return span.Start < from ? span with { Start = from } : span;
                }
            }
        }
    }

    /// <summary>Always open: around the clock, every day.</summary>
    public static ServiceCalendar Always(DateTimeZone zone) =>
        new(zone, Enumerable.Range(1, 7).Select(static day => ((IsoDayOfWeek)day, 0, 1440)), []);

    private Version VersionAt(Instant at) => _versions.Last(version => version.From <= at || version.From == Instant.MinValue);

    /// <summary>The spans of a date: of each version in force on it, cut at its ends.</summary>
    private IEnumerable<OpenSpan> SpansOf(LocalDate date)
    {
        for (var i = 0; i < _versions.Count; i++)
        {
            var version = _versions[i];
            var until = i + 1 < _versions.Count ? _versions[i + 1].From : Instant.MaxValue;
            foreach (var span in version.On(date))
            {
                var (start, end) = (At(date, span.Start), At(date, span.End));
                start = start > version.From ? start : version.From;
                end = end < until ? end : until;
                if (start < end)
                {
                    yield return new OpenSpan(start, end);
                }
            }
        }
    }

    private Instant At(LocalDate date, int minute) => WallClock.ToInstant(date.AtMidnight().PlusMinutes(minute), Zone);

    private static IReadOnlyList<IReadOnlyList<DaySpan>> WeekOf(IEnumerable<(IsoDayOfWeek Day, int Start, int End)> hours)
    {
        ArgumentNullException.ThrowIfNull(hours);
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

        return [.. days.Select(Union)];
    }

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

    /// <summary>Hours in force from an instant on.</summary>
    private sealed record Version(Instant From, LocalDate? Revision, IReadOnlyList<IReadOnlyList<DaySpan>> Week, IReadOnlyDictionary<LocalDate, string> Holidays)
    {
        public IReadOnlyList<DaySpan> On(LocalDate date) => Holidays.ContainsKey(date) ? [] : Week[(int)date.DayOfWeek - 1];
    }
}
