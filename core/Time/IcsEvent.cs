using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;

namespace Maintenance.Time;

/// <summary>An event of an iCalendar file: the whole local days that it covers, each time that it occurs.</summary>
internal sealed partial class IcsEvent
{
    /// <summary>No public holiday is longer; an end in the wrong year is.</summary>
    private const int MaxDays = 366;

    private const string WholeDays = "Write whole days: DTSTART;VALUE=DATE:20261225, and as DTEND the day after the last one.";
    private const string SameKind = "Write it as DTSTART is written.";

    private static readonly LocalDatePattern DateForm = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd");
    private static readonly LocalDateTimePattern TimeForm = LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss");

    private readonly IcsLine _startLine;
    private readonly When _start;
    private readonly Period _length;
    private readonly IcsRule? _rule;
    private readonly IReadOnlyList<When> _added;
    private readonly HashSet<Instant> _removed;
    private readonly DateTimeZone _zone;

    private IcsEvent(IcsComponent component, DateTimeZone zone)
    {
        _zone = zone;
        Line = component.Line;
        Name = component.Lines.FirstOrDefault(static line => line.Name == "SUMMARY")?.Text() ?? "";
        _startLine = component.Only("DTSTART") ?? throw new IcsFault(Line, "the event has no DTSTART.", WholeDays);
        _start = Read(_startLine, _startLine.Value);
        _length = Length(component);
        foreach (var name in new[] { "EXRULE", "RECURRENCE-ID" })
        {
            if (component.Lines.FirstOrDefault(line => line.Name == name) is { } unknown)
            {
                throw new IcsFault(unknown.Number, $"{name} is not honoured.", "Name the dates that fall out as EXDATE in the event that recurs, and write an event of its own for a date that takes their place.");
            }
        }

        _rule = component.Only("RRULE") is { } rule ? IcsRule.Read(rule, _start.Wall, Until) : null;
        _added = [.. Listed(component, "RDATE")];
        _removed = [.. Listed(component, "EXDATE").Select(Instant)];
    }

    /// <summary>The number of the line that begins it.</summary>
    public int Line { get; }

    /// <summary>What it is called; empty where nothing is said.</summary>
    public string Name { get; }

    /// <summary>Reads an event.</summary>
    /// <param name="component">The VEVENT.</param>
    /// <param name="zone">The zone of its days, and of times that name none.</param>
    /// <returns>Null where it is cancelled as a whole.</returns>
    /// <exception cref="IcsFault">Something of it cannot be honoured.</exception>
    public static IcsEvent? Read(IcsComponent component, DateTimeZone zone)
    {
        var isOff = component.Lines.Any(static line => line.Name == "STATUS" && line.Value.Trim().Equals("CANCELLED", StringComparison.OrdinalIgnoreCase));
        return isOff && component.Lines.All(static line => line.Name != "RECURRENCE-ID") ? null : new IcsEvent(component, zone);
    }

    /// <summary>The local dates that it covers; a date may come more than once.</summary>
    /// <exception cref="IcsFault">An occurrence does not cover whole days.</exception>
    public IEnumerable<LocalDate> Dates()
    {
        var starts = _rule is null ? [_start] : _rule.Occurrences().Select(date => _start with { Wall = date + _start.Wall.TimeOfDay });
        foreach (var start in starts.Concat(_added).Where(start => !_removed.Contains(Instant(start))))
        {
            var (first, end) = Days(start);
            for (var date = first; date < end; date = date.PlusDays(1))
            {
                yield return date;
            }
        }
    }

    /// <summary>The days of an occurrence: from the first to before the last.</summary>
    private (LocalDate First, LocalDate End) Days(When start)
    {
        var end = start with { Wall = start.Wall + _length };
        if (start.IsDate)
        {
            return (start.Wall.Date, end.Wall.Date);
        }

        var (from, to) = (Instant(start), Instant(end));
        var (first, last) = (from.InZone(_zone).Date, to.InZone(_zone).Date);
        return WallClock.ToInstant(first.AtMidnight(), _zone) == from && WallClock.ToInstant(last.AtMidnight(), _zone) == to && first < last
            ? (first, last)
            : throw new IcsFault(_startLine.Number, $"the event on {first:uuuu-MM-dd} does not cover whole days of {_zone.Id}.", WholeDays);
    }

    private Period Length(IcsComponent component)
    {
        var length = (component.Only("DTEND"), component.Only("DURATION")) switch
        {
            ({ } end, null) => Between(end, Read(end, end.Value)),
            (null, { } duration) => ReadDuration(duration),
            (null, null) when _start.IsDate => Period.FromDays(1),
            (null, null) => throw new IcsFault(_startLine.Number, "the event has no DTEND.", WholeDays),
            var (_, duration) => throw new IcsFault(duration!.Number, "the event has both DTEND and DURATION.", "Keep one of them."),
        };
        return (_start.Wall + length) is var end2 && end2 > _start.Wall && Period.DaysBetween(_start.Wall.Date, end2.Date) <= MaxDays
            ? length
            : throw new IcsFault(_startLine.Number, $"the event does not last between one day and {MaxDays}.", "Its end is the day after the last one: 20261226 for 25 December alone.");
    }

    private Period Between(IcsLine line, When end)
    {
        if (end.IsDate != _start.IsDate)
        {
            throw new IcsFault(line.Number, "DTEND is not of the kind of DTSTART.", SameKind);
        }

        // Ends in another zone than it starts: compared as instants, and written down as wall-clock time of the start's zone.
        var wall = end.Zone.Equals(_start.Zone) ? end.Wall : Instant(end).InZone(_start.Zone).LocalDateTime;
        return Period.Between(_start.Wall, wall, PeriodUnits.Days | PeriodUnits.AllTimeUnits);
    }

    private Period ReadDuration(IcsLine line)
    {
        var match = DurationForm().Match(line.Value.Trim());
        var isRead = match.Success && !line.Value.TrimEnd().EndsWith('T') && match.Groups.Values.Skip(1).Any(static group => group.Success);
        int Of(string unit) => match.Groups[unit].Success ? int.Parse(match.Groups[unit].ValueSpan, CultureInfo.InvariantCulture) : 0;
        var hasTime = match.Groups["h"].Success || match.Groups["m"].Success || match.Groups["s"].Success;
        return !isRead ? throw new IcsFault(line.Number, $"'{line.Value}' is not a duration.", "Write one such as P1D.")
            : _start.IsDate && hasTime ? throw new IcsFault(line.Number, "the duration has hours, but the event begins on a date.", "Write days, such as P1D.")
            : new PeriodBuilder { Days = (7 * Of("w")) + Of("d"), Hours = Of("h"), Minutes = Of("m"), Seconds = Of("s") }.Build().Normalize();
    }

    /// <summary>The dates of all lines of a name.</summary>
    private IEnumerable<When> Listed(IcsComponent component, string name)
    {
        foreach (var line in component.Lines.Where(line => line.Name == name))
        {
            foreach (var text in line.Value.Split(','))
            {
                var when = Read(line, text);
                yield return when.IsDate == _start.IsDate ? when : throw new IcsFault(line.Number, $"{name} is not of the kind of DTSTART.", SameKind);
            }
        }
    }

    /// <summary>The last date of a recurrence, from its UNTIL.</summary>
    private LocalDate Until(IcsLine line, string text)
    {
        var until = Read(line, text);
        until = until.Wall.Year <= IcsHolidays.LastYear ? until : until with { Wall = new LocalDateTime(IcsHolidays.LastYear, 12, 31, 23, 59, 59) };
        if (_start.IsDate)
        {
            return until.IsDate ? until.Wall.Date : throw new IcsFault(line.Number, "UNTIL has a time, but the event begins on a date.", "Write the last date, such as UNTIL=20301225.");
        }

        if (until.IsDate)
        {
            throw new IcsFault(line.Number, "UNTIL has no time, but DTSTART does.", "Write the start of the last occurrence in UTC, such as UNTIL=20301224T210000Z.");
        }

        // Occurrences are at one time of day: those on the date of the end count where that time is not later.
        var last = Instant(until).InZone(_start.Zone).LocalDateTime;
        return last.TimeOfDay >= _start.Wall.TimeOfDay ? last.Date : last.Date.PlusDays(-1);
    }

    private Instant Instant(When when) => WallClock.ToInstant(when.Wall, when.Zone);

    /// <summary>Reads a date or a time of a line; the line's parameters say of which kind, and in which zone.</summary>
    private When Read(IcsLine line, string text)
    {
        text = text.Trim();
        var kind = line.Parameter("VALUE")?.ToUpperInvariant();
        if (kind is not (null or "DATE" or "DATE-TIME"))
        {
            throw new IcsFault(line.Number, $"VALUE={kind} is not honoured.", WholeDays);
        }

        if (kind != "DATE-TIME" && DateForm.Parse(text) is { Success: true } date && text.Length == 8)
        {
            return InRange(line, new When(date.Value.AtMidnight(), _zone, IsDate: true));
        }

        var isUtc = text.EndsWith('Z');
        if (kind == "DATE" || TimeForm.Parse(isUtc ? text[..^1] : text) is not { Success: true } time)
        {
            throw new IcsFault(line.Number, $"'{text}' is not a {(kind == "DATE" ? "date" : "date or a time")}.", "Write one such as 20261225.");
        }

        var named = line.Name == "RRULE" ? null : line.Parameter("TZID");
        return isUtc ? InRange(line, new When(time.Value, DateTimeZone.Utc, IsDate: false))
            : named is null ? InRange(line, new When(time.Value, line.Name == "RRULE" ? _start.Zone : _zone, IsDate: false))
            : WallClock.FindZone(named.TrimStart('/')) is { } zone ? InRange(line, new When(time.Value, zone, IsDate: false))
            : throw new IcsFault(line.Number, $"'{named}' is no time zone of the IANA database.", "Write its IANA name, such as TZID=Africa/Nairobi, or whole days.");
    }

    private static When InRange(IcsLine line, When when) => when.Wall.Year >= 1900 && (line.Name is "RRULE" || when.Wall.Year <= IcsHolidays.LastYear + (line.Name == "DTEND" ? 1 : 0))
        ? when
        : throw new IcsFault(line.Number, $"the year {when.Wall.Year} is out of range.", $"Dates are between 1900 and {IcsHolidays.LastYear}.");

    [GeneratedRegex(@"^\+?P(?:(?<w>[0-9]{1,3})W|(?:(?<d>[0-9]{1,4})D)?(?:T(?:(?<h>[0-9]{1,5})H)?(?:(?<m>[0-9]{1,6})M)?(?:(?<s>[0-9]{1,8})S)?)?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex DurationForm();

    /// <summary>A date, or a time of day in a zone.</summary>
    private readonly record struct When(LocalDateTime Wall, DateTimeZone Zone, bool IsDate);
}
