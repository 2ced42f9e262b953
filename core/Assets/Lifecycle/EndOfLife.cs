using NodaTime;

namespace Maintenance.Assets.Lifecycle;

/// <summary>Until when something is supported.</summary>
/// <param name="Date">The last local date on which it is; null where nobody has set one.</param>
/// <param name="HasEnded">True where it is over, false where it is not; null where nobody says.</param>
/// <param name="Source">Who says so: <c>the plan</c>, or product and cycle.</param>
public sealed record SupportEnd(LocalDate? Date, bool? HasEnded, string Source)
{
    /// <summary>What is contradictory in what was read; none where nothing is.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The days that are left; negative once it is over. Null without a date.</summary>
    /// <param name="today">The local date.</param>
    public int? DaysLeft(LocalDate today) => Date is { } date ? Period.DaysBetween(today, date) : null;
}

/// <summary>Which cycle something is in, and until when that is supported. Pure.</summary>
public static class EndOfLife
{
    /// <summary>The cycle of a version: the one whose name is the longest that the version begins with. Null where none does.</summary>
    public static ProductCycle? CycleOf(IReadOnlyList<ProductCycle> cycles, string version)
    {
        ArgumentNullException.ThrowIfNull(cycles);
        return cycles.Where(cycle => VersionPrefix.Matches(cycle.Name, version)).MaxBy(static cycle => cycle.Name.Length);
    }

    /// <summary>
    /// Until when a cycle is supported. Where the older and the newer words contradict one another, or the date what is said of today, that is told, and the worse is taken:
    /// who looks at once and finds nothing has lost less than who looks too late.
    /// </summary>
    /// <param name="product">For the problems.</param>
    /// <param name="cycle">What the record says.</param>
    /// <param name="today">The local date.</param>
    public static SupportEnd Judge(string product, ProductCycle cycle, LocalDate today)
    {
        ArgumentNullException.ThrowIfNull(cycle);
        var name = $"{product} {cycle.Name}";
        var problems = new List<string>();
        var date = Earlier(cycle.Eol, cycle.EolFrom);
        if (cycle.Eol is { } old && cycle.EolFrom is { } fresh && old != fresh)
        {
            problems.Add($"{name}: eol says {old:uuuu-MM-dd}, eolFrom says {fresh:uuuu-MM-dd}. The earlier one is taken.");
        }

        if (cycle.EolFlag is { } flag && cycle.IsEol is { } newer && flag != newer)
        {
            problems.Add($"{name}: eol is {Word(flag)}, isEol is {Word(newer)}. It is taken as over.");
        }

        // The date is the first one without support in some records and the last one with it in others: on the day itself neither is contradicted.
        foreach (var (word, said) in new[] { ("eol", cycle.EolFlag), ("isEol", cycle.IsEol) })
        {
            if (said is { } over && date is { } end && (over ? today < end : today > end))
            {
                problems.Add($"{name}: {word} is {Word(over)}, though its date is {end:uuuu-MM-dd}. {(over ? "It is taken as over." : "The date is taken.")}");
            }
        }

        var ended = cycle.EolFlag == true || cycle.IsEol == true || today > date ? true : date is not null || cycle.EolFlag is not null || cycle.IsEol is not null ? false : (bool?)null;
        return new SupportEnd(date, ended, name) { Problems = problems };
    }

    /// <summary>By a date of the plan's own.</summary>
    public static SupportEnd Judge(LocalDate date, LocalDate today) => new(date, today > date, "the plan");

    private static LocalDate? Earlier(LocalDate? one, LocalDate? other) => one is null ? other : other is null || one < other ? one : other;

    private static string Word(bool value) => value ? "true" : "false";
}

/// <summary>Which warnings of an end are due. Pure.</summary>
public static class EndWarnings
{
    /// <summary>The warnings whose day has come and that were not given.</summary>
    /// <param name="end">The last day of support; null where nobody says which.</param>
    /// <param name="isOver">True where support is over, whatever its date says.</param>
    /// <param name="today">The local date.</param>
    /// <param name="warn">The days before it, the longest first.</param>
    /// <param name="given">Those that were given for this end.</param>
    /// <returns>The longest first. Only the last of them is told: who hears of it late need not hear of it thrice.</returns>
    public static IReadOnlyList<int> Due(LocalDate? end, bool isOver, LocalDate today, IReadOnlyList<int> warn, IReadOnlyCollection<int> given)
    {
        ArgumentNullException.ThrowIfNull(warn);
        ArgumentNullException.ThrowIfNull(given);
        return [.. warn.Where(days => (isOver || (end is { } date && Period.DaysBetween(today, date) <= days)) && !given.Contains(days))];
    }

    /// <summary>Whether warnings were given for the end that a line has: for its date, or for its being over, since when that is may be learnt later.</summary>
    /// <param name="ends">For which end they were given.</param>
    /// <param name="line">The line.</param>
    public static bool IsSame(string ends, AssetLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return ends == line.SupportEnds || (line.HasEnded == true && ends == Over(line));
    }

    /// <summary>How an end without a date is noted.</summary>
    public static string Over(AssetLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return $"over: {line.SupportSource}";
    }
}
