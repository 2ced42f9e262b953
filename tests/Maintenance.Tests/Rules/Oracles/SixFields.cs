using System.Globalization;

namespace Maintenance.Tests.Rules.Oracles;

/// <summary>Six NCRONTAB fields, spelt out as the values that each allows. A day must be allowed by its date and by its weekday.</summary>
internal sealed class SixFields
{
    private static readonly (int Least, int Most)[] Ranges = [(0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private readonly bool[][] _allowed;

    public SixFields(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, fields.Length);
        _allowed = [.. fields.Select(Spell)];
        OnlyAtFullMinutes = _allowed[0][0] && _allowed[0].Count(static allowed => allowed) == 1;
    }

    /// <summary>True where nothing but second 0 is allowed, so that a walk may go by minutes.</summary>
    public bool OnlyAtFullMinutes { get; }

    public bool AllowsDate(DateOnly date) => _allowed[3][date.Day] && _allowed[4][date.Month] && _allowed[5][(int)date.DayOfWeek];

    public bool AllowsTime(int secondOfDay) => _allowed[2][secondOfDay / 3600] && _allowed[1][secondOfDay / 60 % 60] && _allowed[0][secondOfDay % 60];

    private static bool[] Spell(string field, int place)
    {
        var (least, most) = Ranges[place];
        var allowed = new bool[most + 1];
        foreach (var part in field.Split(','))
        {
            var (range, every) = part.Split('/') is [var before, var step] ? (before, int.Parse(step, CultureInfo.InvariantCulture)) : (part, 0);
            var (from, to) = range == "*" ? (least, most)
                : range.Split('-') is [var first, var last] ? (Value(first, place), Value(last, place))
                : (Value(range, place), every > 0 ? most : Value(range, place));
            for (var value = from; value <= to; value += Math.Max(1, every))
            {
                allowed[value] = true;
            }
        }

        return allowed;
    }

    private static int Value(string text, int place)
    {
        var names = place switch { 4 => Months, 5 => Weekdays, _ => [] };
        var named = Array.FindIndex(names, name => text.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        return named < 0 ? int.Parse(text, CultureInfo.InvariantCulture) : place == 4 ? named + 1 : named;
    }
}
