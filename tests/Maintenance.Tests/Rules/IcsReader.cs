using System.Globalization;
using System.Text;

namespace Maintenance.Tests.Rules;

/// <summary>A strict reader of calendar feeds, written from RFC 5545 and knowing nothing of the writer: whatever a careful program would refuse, it throws at.</summary>
internal static class IcsReader
{
    /// <summary>The events of a feed, each as its properties, and the properties of the calendar.</summary>
    public static (IReadOnlyDictionary<string, string> Calendar, IReadOnlyList<IReadOnlyDictionary<string, string>> Events) Read(string feed)
    {
        var lines = Unfold(feed);
        Require(lines[0] == "BEGIN:VCALENDAR" && lines[^1] == "END:VCALENDAR", "one VCALENDAR from the first line to the last");
        var calendar = new Dictionary<string, string>(StringComparer.Ordinal);
        var events = new List<IReadOnlyDictionary<string, string>>();
        Dictionary<string, string>? open = null;
        foreach (var line in lines.Skip(1).SkipLast(1))
        {
            if (line == "BEGIN:VEVENT")
            {
                Require(open is null, "no VEVENT inside another");
                open = new(StringComparer.Ordinal);
            }
            else if (line == "END:VEVENT")
            {
                events.Add(Check(open ?? throw new FormatException("END:VEVENT without a beginning")));
                open = null;
            }
            else
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                Require(colon > 0, $"a name before the colon: {line}");
                var name = line[..colon];
                Require(name.Split(';')[0].All(static letter => char.IsAsciiLetterUpper(letter) || letter == '-'), $"a property's name: {name}");
                Require((open ?? calendar).TryAdd(name, line[(colon + 1)..]), $"one {name} each");
            }
        }

        Require(open is null, "every VEVENT ends");
        Require(calendar["VERSION"] == "2.0" && calendar["CALSCALE"] == "GREGORIAN" && calendar["PRODID"].Length > 0, "VERSION, CALSCALE, PRODID");
        Require(events.Select(static one => one["UID"]).Distinct().Count() == events.Count, "a UID of its own for each event");
        return (calendar, events);
    }

    /// <summary>The content lines: every line ends with CRLF, has 75 octets of good UTF-8 at most, and goes on where the next begins with a blank.</summary>
    public static IReadOnlyList<string> Unfold(string feed)
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        Require(feed.EndsWith("\r\n", StringComparison.Ordinal), "CRLF at the end");
        var lines = new List<string>();
        foreach (var line in feed[..^2].Split("\r\n"))
        {
            Require(!line.AsSpan().ContainsAny('\r', '\n'), "no CR or LF alone");
            Require(strict.GetByteCount(line) <= 75, $"75 octets at most: {line}");
            Require(line.Length > 0, "no empty line");
            Require(line.All(static letter => letter is '\t' or >= ' ' and not '\u007f'), "no control characters");
            if (line[0] is ' ' or '\t')
            {
                lines[^1] += line[1..];
            }
            else
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    /// <summary>A TEXT value: a backslash only before what may be escaped, a comma or semicolon never bare.</summary>
    public static string Text(string value)
    {
        var text = new StringBuilder();
        for (var at = 0; at < value.Length; at++)
        {
            Require(value[at] is not (',' or ';'), $"no bare comma or semicolon: {value}");
            if (value[at] == '\\')
            {
                Require(++at < value.Length && value[at] is '\\' or ',' or ';' or 'n' or 'N', $"a known escape: {value}");
                _ = text.Append(value[at] is 'n' or 'N' ? '\n' : value[at]);
            }
            else
            {
                _ = text.Append(value[at]);
            }
        }

        return text.ToString();
    }

    public static DateTimeOffset Instant(string value) =>
        DateTimeOffset.ParseExact(value, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    public static DateOnly Date(string value) => DateOnly.ParseExact(value, "yyyyMMdd", CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Check(Dictionary<string, string> one)
    {
        Require(one["UID"].Length > 0, "a UID");
        _ = Instant(one["DTSTAMP"]);
        if (one.TryGetValue("DTSTART;VALUE=DATE", out var date))
        {
            Require(Date(one["DTEND;VALUE=DATE"]) > Date(date), "an end after the start");
        }
        else
        {
            var start = Instant(one["DTSTART"]);
            Require(!one.TryGetValue("DTEND", out var end) || Instant(end) > start, "an end after the start");
        }

        foreach (var name in new[] { "SUMMARY", "DESCRIPTION", "UID" })
        {
            _ = one.TryGetValue(name, out var value) ? Text(value) : "";
        }

        return one;
    }

    private static void Require(bool holds, string what) => _ = holds ? true : throw new FormatException("Expected " + what);
}
