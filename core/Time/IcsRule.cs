using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace Maintenance.Time;

/// <summary>
/// How an event recurs from year to year (RRULE of RFC 5545, 3.3.10, with FREQ=YEARLY): on the date of its start, or on days of months, or on weekdays of months or
/// of the year.
/// </summary>
internal sealed partial class IcsRule
{
    private const string Honoured = "Honoured are FREQ=YEARLY, INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY and BYDAY; write other dates as RDATE or as events of their own.";
    private static readonly string[] Weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

    private readonly LocalDate _start;
    private readonly int _interval;
    private readonly int? _count;
    private readonly LocalDate? _until;
    private readonly IReadOnlyList<int> _months;
    private readonly IReadOnlyList<int> _monthDays;
    private readonly IReadOnlyList<(int? Nth, IsoDayOfWeek Day)> _days;

    private IcsRule(IcsLine line, LocalDateTime start, Func<IcsLine, string, LocalDate> until)
    {
        var parts = Parts(line);
        var frequency = parts.GetValueOrDefault("FREQ");
        if (frequency != "YEARLY")
        {
            throw new IcsFault(
                line.Number, frequency is null ? "the rule has no FREQ." : $"FREQ={frequency} is not honoured.",
                "A public holiday recurs FREQ=YEARLY; what closes every week or month belongs into the calendar's hours, or write the dates as RDATE.");
        }

        _start = start.Date;
        _interval = Number(line, parts, "INTERVAL", 1000) ?? 1;
        _count = Number(line, parts, "COUNT", 100_000);
        _until = parts.TryGetValue("UNTIL", out var end) ? until(line, end) : null;
        _months = Numbers(line, parts, "BYMONTH", 1, 12);
        _monthDays = Numbers(line, parts, "BYMONTHDAY", -31, 31);
        _days = ReadDays(line, parts);
        if (_count is not null && _until is not null)
        {
            throw new IcsFault(line.Number, "the rule has both COUNT and UNTIL.", "Keep one of them.");
        }

        if (!Of(_start.Year).Contains(_start))
        {
            throw new IcsFault(line.Number, $"the rule does not give {_start:uuuu-MM-dd}, the date on which the event begins.", "Let DTSTART be the first date of the rule.");
        }
    }

    /// <summary>Reads the rule of an event.</summary>
    /// <param name="line">Its RRULE.</param>
    /// <param name="start">When the event begins, in its own zone.</param>
    /// <param name="until">What an UNTIL means: the last date on which it may begin.</param>
    /// <exception cref="IcsFault">Something of it cannot be honoured.</exception>
    public static IcsRule Read(IcsLine line, LocalDateTime start, Func<IcsLine, string, LocalDate> until) => new(line, start, until);

    /// <summary>The dates on which the event begins, in order; to the end of <see cref="IcsHolidays.LastYear"/> where it goes on for ever.</summary>
    public IEnumerable<LocalDate> Occurrences()
    {
        var left = _count ?? int.MaxValue;
        for (var year = _start.Year; year <= IcsHolidays.LastYear && left > 0; year += _interval)
        {
            foreach (var date in Of(year).Where(date => date >= _start && (_until is null || date <= _until)).Take(left))
            {
                left--;
                yield return date;
            }
        }
    }

    /// <summary>The dates of a year that match, in order.</summary>
    private IEnumerable<LocalDate> Of(int year)
    {
        if (_months.Count + _monthDays.Count + _days.Count == 0)
        {
            return OnDay(year, _start.Month, _start.Day);
        }

        var months = _months.Count > 0 ? _months.Distinct().Order() : Enumerable.Range(1, 12);
        if (_monthDays.Count + _days.Count == 0)
        {
            return months.SelectMany(month => OnDay(year, month, _start.Day));
        }

        return months
            .SelectMany(month => Enumerable.Range(1, CalendarSystem.Iso.GetDaysInMonth(year, month)).Select(day => new LocalDate(year, month, day)))
            .Where(date => (_monthDays.Count == 0 || IsOnMonthDay(date)) && (_days.Count == 0 || _days.Any(day => IsOn(date, day))));
    }

    private static IEnumerable<LocalDate> OnDay(int year, int month, int day) =>
        day <= CalendarSystem.Iso.GetDaysInMonth(year, month) ? [new LocalDate(year, month, day)] : [];

    private bool IsOnMonthDay(LocalDate date)
    {
        var length = CalendarSystem.Iso.GetDaysInMonth(date.Year, date.Month);
        return _monthDays.Contains(date.Day) || _monthDays.Contains(date.Day - length - 1);
    }

    /// <summary>Every such weekday, or the nth: of the month where the rule names months, of the year where it does not; from the end where it is negative.</summary>
    private bool IsOn(LocalDate date, (int? Nth, IsoDayOfWeek Day) day)
    {
        if (date.DayOfWeek != day.Day || day.Nth is not { } nth)
        {
            return date.DayOfWeek == day.Day;
        }

        var (position, length) = _months.Count > 0
            ? (date.Day, CalendarSystem.Iso.GetDaysInMonth(date.Year, date.Month))
            : (date.DayOfYear, CalendarSystem.Iso.GetDaysInYear(date.Year));
        return nth == ((position - 1) / 7) + 1 || nth == -(((length - position) / 7) + 1);
    }

    private static Dictionary<string, string> Parts(IcsLine line)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in line.Value.Trim().TrimEnd(';').ToUpperInvariant().Split(';'))
        {
            if (part.Split('=') is not [var name, { Length: > 0 } value])
            {
                throw new IcsFault(line.Number, $"'{part}' is not a part of a rule.", "Write NAME=value, with ; between them.");
            }

            // The first day of the week matters for rules that count weeks only, and those are not honoured.
            if (name is not ("FREQ" or "INTERVAL" or "COUNT" or "UNTIL" or "BYMONTH" or "BYMONTHDAY" or "BYDAY" or "WKST"))
            {
                throw new IcsFault(line.Number, $"{name} is not honoured.", Honoured);
            }

            if (!parts.TryAdd(name, value))
            {
                throw new IcsFault(line.Number, $"{name} is there twice.", "Keep one of them.");
            }
        }

        return parts;
    }

    private static int? Number(IcsLine line, Dictionary<string, string> parts, string name, int most) =>
        !parts.TryGetValue(name, out var text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number
        : throw new IcsFault(line.Number, $"{name}={text} is not a number from 1 to {most}.", $"Write one such as {name}=1.");

    private static int[] Numbers(IcsLine line, Dictionary<string, string> parts, string name, int least, int most) =>
        !parts.TryGetValue(name, out var texts) ? []
        : [.. texts.Split(',').Select(text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most && number != 0
            ? number
            : throw new IcsFault(line.Number, $"{name}={texts} is not a list of numbers from {least} to {most}.", $"Write one such as {name}=12."))];

    private (int? Nth, IsoDayOfWeek Day)[] ReadDays(IcsLine line, Dictionary<string, string> parts)
    {
        if (!parts.TryGetValue("BYDAY", out var texts))
        {
            return [];
        }

        return [.. texts.Split(',').Select(text =>
        {
            var match = DayForm().Match(text);
            var nth = match.Success && match.Groups["nth"].Success ? int.Parse(match.Groups["nth"].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : (int?)null;
            var most = _months.Count > 0 ? 5 : 53;
            return match.Success && nth is not 0 && Math.Abs(nth ?? 1) <= most
                ? (nth, (IsoDayOfWeek)(Array.IndexOf(Weekdays, match.Groups["day"].Value) + 1))
                : throw new IcsFault(line.Number, $"BYDAY={texts} is not a list of weekdays.", "Write one such as BYDAY=4TH for the fourth Thursday, or -1MO for the last Monday.");
        })];
    }

    [GeneratedRegex(@"^(?<nth>[+-]?[0-9]{1,2})?(?<day>MO|TU|WE|TH|FR|SA|SU)\z", RegexOptions.CultureInvariant)]
    private static partial Regex DayForm();
}
