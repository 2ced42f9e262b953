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
/// which somebody changed the plan (<see cref="Then(Instant, ServiceCalendar)"/>); what was before keeps the old hours.
/// </summary>
public sealed class ServiceCalendar
{
    /// <summary>Past this much closed time a calendar counts as never opening again.</summary>
    public const int MaxClosedDays = 3660;

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
        : this([new Version(Instant.MinValue, null, zone ?? throw new ArgumentNullException(nameof(zone)), WeekOf(hours), holidays ?? throw new ArgumentNullException(nameof(holidays)))])
    {
    }

    private ServiceCalendar(IReadOnlyList<Version> versions) => _versions = versions;

    /// <summary>The zone in which the hours are read, of the version that goes on for ever.</summary>
    public DateTimeZone Zone => _versions[^1].Zone;

    /// <summary>True when some weekday has hours, in the version that goes on for ever.</summary>
    public bool EverOpen => _versions[^1].Week.Any(static spans => spans.Count > 0);

    /// <summary>The same calendar with other weekly hours from a local date on; its holidays stay.</summary>
    /// <param name="from">The first date of the new hours.</param>
    /// <param name="hours">Spans by weekday, as in the constructor.</param>
    /// <exception cref="ArgumentException">The date is not later than that of a revision before it.</exception>
    public ServiceCalendar Revised(LocalDate from, IEnumerable<(IsoDayOfWeek Day, int Start, int End)> hours)
    {
        var last = _versions[^1];
        var begin = At(last.Zone, from, 0);
        return begin >= last.From && (last.Revision is not { } before || from > before)
            ? new ServiceCalendar([.. _versions, new Version(begin, from, last.Zone, WeekOf(hours), last.Holidays)])
            : throw new ArgumentException($"A revision from {from:uuuu-MM-dd} does not come after the one before it.", nameof(from));
    }

    /// <summary>This calendar until an instant, another one from then on.</summary>
    /// <param name="from">When the other one begins to count.</param>
    /// <param name="next">The other one; its zone may be another.</param>
    public ServiceCalendar Then(Instant from, ServiceCalendar next) => Then([(from, next)]);

    /// <summary>This calendar until an instant, other ones one after the other from then on.</summary>
    /// <param name="following">When each of the others begins to count, in order.</param>
    public ServiceCalendar Then(IEnumerable<(Instant From, ServiceCalendar Calendar)> following)
    {
        ArgumentNullException.ThrowIfNull(following);
        var versions = new List<Version>(_versions);
        foreach (var (from, next) in following)
        {
            while (versions.Count > 0 && versions[^1].From >= from)
            {
                versions.RemoveAt(versions.Count - 1);
            }

            var begun = next.IndexAt(from);
            versions.Add(next._versions[begun] with { From = versions.Count == 0 ? Instant.MinValue : from });
            versions.AddRange(next._versions.Skip(begun + 1));
        }

        return new ServiceCalendar(versions);
    }

    /// <summary>The open spans of a local date, ordered, not touching one another: of the hours in force when the date begins.</summary>
    public IReadOnlyList<DaySpan> On(LocalDate date) => VersionAt(At(Zone, date, 0)).On(date);

    /// <summary>How long it is open in a week without holidays: of the hours in force when the date begins.</summary>
    public TimeSpan WeekOn(LocalDate date) => TimeSpan.FromMinutes(VersionAt(At(Zone, date, 0)).Week.Sum(static spans => spans.Sum(static span => span.End - span.Start)));

    /// <summary>What a date that is closed as a holiday is called (maybe an empty text); null where it is none. Of the holidays in force when the date begins.</summary>
    public string? HolidayOn(LocalDate date) => VersionAt(At(Zone, date, 0)).Holidays.GetValueOrDefault(date);

    /// <summary>What the local date of an instant is called where it is closed as a holiday (maybe an empty text), by the holidays in force at that instant; else null.</summary>
    public string? HolidayAt(Instant at) => VersionAt(at) is var version ? version.Holidays.GetValueOrDefault(at.InZone(version.Zone).Date) : null;

    /// <summary>The date from which the hours in force at an instant count; null where they always did.</summary>
    public LocalDate? RevisionAt(Instant at) =>
        VersionAt(at) is { From: var from } version && from > Instant.MinValue ? version.Revision ?? from.InZone(version.Zone).Date : null;

    /// <summary>
    /// The open spans that end after <paramref name="from"/>, the first cut at it; in order, none overlapping another. Endless, unless nothing opens for ten years
    /// on end.
    /// </summary>
    public IEnumerable<OpenSpan> Spans(Instant from)
    {
        var closedSince = from;
        for (var i = IndexAt(from); i < _versions.Count; i++)
        {
            var version = _versions[i];
            var begin = version.From > from ? version.From : from;
            var until = i + 1 < _versions.Count ? _versions[i + 1].From : Instant.MaxValue;

            // A clock put back over midnight shows the day before again, after spans of the new day have begun: those are found too, since the walk only cuts.
            var date = begin.InZone(version.Zone).Date;
            for (var midnight = At(version.Zone, date, 0); midnight < until; date = date.PlusDays(1), midnight = At(version.Zone, date, 0))
            {
                if (midnight - closedSince > Duration.FromDays(MaxClosedDays))
                {
                    yield break;
                }

                foreach (var span in version.On(date))
                {
                    var (start, end) = (At(version.Zone, date, span.Start), At(version.Zone, date, span.End));
                    start = start > begin ? start : begin;
                    end = end < until ? end : until;
                    if (start < end)
                    {
                        closedSince = end;
                        yield return new OpenSpan(start, end);
                    }
                }
            }
        }
    }

    /// <summary>Always open: around the clock, every day.</summary>
    public static ServiceCalendar Always(DateTimeZone zone) =>
        new(zone, Enumerable.Range(1, 7).Select(static day => ((IsoDayOfWeek)day, 0, 1440)), []);

    private Version VersionAt(Instant at) => _versions[IndexAt(at)];

    /// <summary>The version in force at an instant: the last that has begun, found by halving, since a calendar that is edited often has thousands.</summary>
    private int IndexAt(Instant at)
    {
        var (first, last) = (0, _versions.Count - 1);
        while (first < last)
        {
            var middle = (first + last + 1) / 2;
            (first, last) = _versions[middle].From <= at ? (middle, last) : (first, middle - 1);
        }

        return first;
    }

    private static Instant At(DateTimeZone zone, LocalDate date, int minute) => WallClock.ToInstant(date.AtMidnight().PlusMinutes(minute), zone);

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
    private sealed record Version(
        Instant From, LocalDate? Revision, DateTimeZone Zone, IReadOnlyList<IReadOnlyList<DaySpan>> Week, IReadOnlyDictionary<LocalDate, string> Holidays)
    {
        public IReadOnlyList<DaySpan> On(LocalDate date) => Holidays.ContainsKey(date) ? [] : Week[(int)date.DayOfWeek - 1];
    }
}
