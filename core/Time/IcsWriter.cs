using System.Globalization;
using System.Text;

namespace Maintenance.Time;

/// <summary>An event of a calendar feed.</summary>
/// <param name="Uid">Its name among all events of all calendars; the same whenever the same event is written again.</param>
/// <param name="Title">In a few words.</param>
public sealed record IcsEntry(string Uid, string Title)
{
    /// <summary>Its first date, where it takes whole dates.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Its last date, where it takes whole dates.</summary>
    public required DateOnly To { get; init; }

    /// <summary>When it begins (UTC); null where it takes whole dates.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>The first instant after it (UTC); the start, or null, for a point in time.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>More about it, or null.</summary>
    public string? Description { get; init; }

    /// <summary>What it is, or null.</summary>
    public string? Category { get; init; }

    /// <summary>A page that says more, or null.</summary>
    public Uri? Link { get; init; }

    /// <summary>True where it takes its reader's time, false where it is only to be known.</summary>
    public bool IsBusy { get; init; }
}

/// <summary>Writes calendar feeds: RFC 5545, with the refresh interval of RFC 7986. Pure.</summary>
public static class IcsWriter
{
    /// <summary>Octets of a line without its end (RFC 5545, 3.1).</summary>
    public const int MostOctets = 75;

    /// <summary>The feed.</summary>
    /// <param name="name">What programs call it.</param>
    /// <param name="refresh">After which time programs are asked to look again.</param>
    /// <param name="stamp">When it is made (UTC).</param>
    /// <param name="entries">The events.</param>
    public static string Write(string name, TimeSpan refresh, DateTimeOffset stamp, IEnumerable<IcsEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var text = new StringBuilder();
        Line("BEGIN:VCALENDAR");
        Line("VERSION:2.0");
        Line("PRODID:-//MaintenanceFunctions//Maintenance calendar//EN");
        Line("CALSCALE:GREGORIAN");
        Line("METHOD:PUBLISH");
        Line("NAME:" + Escape(name));
        Line("X-WR-CALNAME:" + Escape(name));
        Line(string.Create(CultureInfo.InvariantCulture, $"REFRESH-INTERVAL;VALUE=DURATION:PT{(long)refresh.TotalMinutes}M"));
        Line(string.Create(CultureInfo.InvariantCulture, $"X-PUBLISHED-TTL:PT{(long)refresh.TotalMinutes}M"));
        foreach (var entry in entries)
        {
            Line("BEGIN:VEVENT");
            Line("UID:" + Escape(entry.Uid));
            Line("DTSTAMP:" + Instant(stamp));
            if (entry.Start is { } start)
            {
                Line("DTSTART:" + Instant(start));

                // A point in time has no end (3.6.1): DTEND must be later than DTSTART.
                if (entry.End is { } end && Instant(end) != Instant(start))
                {
                    Line("DTEND:" + Instant(end));
                }
            }
            else
            {
                Line("DTSTART;VALUE=DATE:" + Date(entry.From));
                Line("DTEND;VALUE=DATE:" + Date(entry.To.AddDays(1)));
            }

            Line("SUMMARY:" + Escape(entry.Title));
            if (entry.Description is { Length: > 0 } description)
            {
                Line("DESCRIPTION:" + Escape(description));
            }

            if (entry.Category is { } category)
            {
                Line("CATEGORIES:" + Escape(category));
            }

            if (entry.Link is { } link)
            {
                Line("URL:" + link.AbsoluteUri);
            }

            Line(entry.IsBusy ? "TRANSP:OPAQUE" : "TRANSP:TRANSPARENT");
            Line("END:VEVENT");
        }

        Line("END:VCALENDAR");
        return text.ToString();

        void Line(string line) => Fold(text, line);
    }

    /// <summary>A TEXT value (3.3.11): backslash, semicolon, comma and line feed escaped; control characters, which may not be there at all, left out.</summary>
    public static string Escape(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var text = new StringBuilder(value.Length);
        foreach (var (at, letter) in value.Index())
        {
            _ = letter switch
            {
                '\\' or ';' or ',' => text.Append('\\').Append(letter),
                '\n' => text.Append("\\n"),
                '\r' => at + 1 < value.Length && value[at + 1] == '\n' ? text : text.Append("\\n"),
                '\t' => text.Append(letter),
                < ' ' or '\u007f' => text,
                _ => text.Append(letter),
            };
        }

        return text.ToString();
    }

    /// <summary>Adds a content line with its end, folded so that no line has more than <see cref="MostOctets"/> octets of UTF-8 and no character is cut.</summary>
    public static void Fold(StringBuilder text, string line)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(line);
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > MostOctets)
            {
                _ = text.Append("\r\n ");
                octets = 1;
            }

            _ = text.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        _ = text.Append("\r\n");
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Date(DateOnly date) => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
