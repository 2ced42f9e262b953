using System.Globalization;
using System.Text;

namespace Maintenance.Time;

/// <summary>Durations as people write them: <c>15m</c>, <c>4h 30m</c>, <c>1d</c>; units w, d, h, m, s, each once, the largest first.</summary>
public static class Durations
{
    private const string Units = "wdhms";
    private static readonly long[] Seconds = [7 * 86400, 86400, 3600, 60, 1];

    /// <summary>Reads a duration.</summary>
    /// <param name="text">Such as <c>1d 12h</c>.</param>
    /// <param name="duration">The duration, zero where the text is none.</param>
    /// <returns>False when the text is not a duration or is longer than a hundred years.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = TimeSpan.Zero;
        long total = 0;
        var (position, lastUnit) = (0, -1);
        var any = false;
        while (position < text.Length)
        {
            if (text[position] == ' ' && any)
            {
                position++;
                continue;
            }

            var start = position;
            while (position < text.Length && char.IsAsciiDigit(text[position]))
            {
                position++;
            }

            if (position == start || position - start > 9 || position == text.Length)
            {
                return false;
            }

            var unit = Units.IndexOf(text[position], StringComparison.Ordinal);
            if (unit <= lastUnit)
            {
                return false;
            }

            total += long.Parse(text.AsSpan(start, position - start), CultureInfo.InvariantCulture) * Seconds[unit];
            (lastUnit, any) = (unit, true);
            position++;
        }

        if (!any || text[^1] == ' ' || total > 100L * 366 * 86400)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(total);
        return true;
    }

    /// <summary>The shortest text of a duration, seconds at the finest: <c>1d 12h</c>; <c>0s</c> for none; a minus sign in front where it is negative.</summary>
    public static string Format(TimeSpan duration)
    {
        var left = (long)Math.Abs(duration.TotalSeconds);
        var text = new StringBuilder();
        for (var unit = 1; unit < Units.Length; unit++)
        {
            var count = left / Seconds[unit];
            left %= Seconds[unit];
            if (count > 0)
            {
                _ = text.Append(text.Length > 0 ? " " : "").Append(CultureInfo.InvariantCulture, $"{count}{Units[unit]}");
            }
        }

        var sign = duration <= TimeSpan.FromSeconds(-1) ? "-" : "";
        return text.Length == 0 ? "0s" : sign + text;
    }

    /// <summary>The two largest units of a duration, for people: <c>3d 4h</c>, <c>12m 5s</c>.</summary>
    public static string Rough(TimeSpan duration)
    {
        var parts = Format(duration).Split(' ');
        return string.Join(' ', parts.Take(2));
    }
}
