using NodaTime;

namespace Maintenance.Time;

/// <summary>A date that an iCalendar file closes.</summary>
/// <param name="Date">The local date.</param>
/// <param name="Name">What it is called: the SUMMARY of its event; several events' with <c>/</c> between them; maybe empty.</param>
public sealed record IcsHoliday(LocalDate Date, string Name);

/// <summary>What in an iCalendar file cannot be honoured.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Hint">What would be right.</param>
public sealed record IcsProblem(int Line, string Message, string Hint);

/// <summary>What reading an iCalendar file gave.</summary>
/// <param name="Holidays">The dates, each once, in order.</param>
/// <param name="Problems">In the order of the file; the dates are not all there where there is one.</param>
public sealed record IcsReading(IReadOnlyList<IcsHoliday> Holidays, IReadOnlyList<IcsProblem> Problems);

/// <summary>
/// Public holidays from an iCalendar file (RFC 5545): the whole local days of its events. Whatever cannot be honoured is a problem, since a holiday that is missing
/// in silence is a promise to work on it. Events that recur for ever do so until the end of <see cref="LastYear"/>; dates before <see cref="FirstYear"/> are left out.
/// </summary>
public static class IcsHolidays
{
    /// <summary>The most bytes (UTF-8) of a file.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The most dates that a file may close.</summary>
    public const int MaxDates = 10_000;

    /// <summary>No clock of a ticket reaches further back.</summary>
    public const int FirstYear = 1970;

    /// <summary>A fixed end rather than so many years after the first occurrence: files often let a holiday begin in 1970, and it must not run out meanwhile.</summary>
    public const int LastYear = 2099;

    private const int MaxOccurrences = 200_000;
    private const int MaxProblems = 20;
    private const int MaxName = 200;

    /// <summary>Reads a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="zone">The zone of the calendar that it closes: which days an event covers, and what a time without a zone means.</param>
    public static IcsReading Read(string text, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(zone);
        var dates = new SortedDictionary<LocalDate, List<string>>();
        var problems = new List<IcsProblem>();
        var budget = MaxOccurrences;
        try
        {
            foreach (var component in IcsComponent.Events(IcsLine.Read(text)))
            {
                try
                {
                    if (IcsEvent.Read(component, zone) is { } one)
                    {
                        Add(one, dates, ref budget);
                    }
                }
                catch (IcsFault fault) when (!fault.IsFinal && problems.Count < MaxProblems - 1)
                {
                    problems.Add(fault.Problem);
                }
            }
        }
        catch (IcsFault fault)
        {
            problems.Add(fault.Problem);
        }

        var holidays = dates.Select(static entry => new IcsHoliday(entry.Key, Shortened(string.Join(" / ", entry.Value))));
        return new IcsReading([.. holidays], [.. problems.OrderBy(static problem => problem.Line)]);
    }

    private static void Add(IcsEvent one, SortedDictionary<LocalDate, List<string>> dates, ref int budget)
    {
        foreach (var date in one.Dates())
        {
            if (--budget < 0)
            {
                throw new IcsFault(one.Line, $"with this event the file has more than {MaxOccurrences} occurrences.", "Put weekly closing times into the calendar's hours.") { IsFinal = true };
            }

            if (date.Year is < FirstYear or > LastYear)
            {
                continue;
            }

            if (!dates.TryGetValue(date, out var names))
            {
                dates[date] = names = [];
            }

            if (one.Name.Length > 0 && !names.Contains(one.Name))
            {
                names.Add(one.Name);
            }

            if (dates.Count > MaxDates)
            {
                throw new IcsFault(one.Line, $"with this event the file closes more than {MaxDates} dates.", "Put weekly closing times into the calendar's hours.") { IsFinal = true };
            }
        }
    }

    private static string Shortened(string name)
    {
        if (name.Length <= MaxName)
        {
            return name;
        }

        var end = char.IsHighSurrogate(name[MaxName - 2]) ? MaxName - 2 : MaxName - 1;
        return string.Concat(name.AsSpan(0, end), "…");
    }
}

/// <summary>Something that cannot be honoured, thrown inside the reading of a file and turned into a problem there.</summary>
internal sealed class IcsFault(int line, string message, string hint) : Exception(message)
{
    public IcsProblem Problem { get; } = new(line, message, hint);

    /// <summary>True where reading on would only repeat it.</summary>
    public bool IsFinal { get; init; }
}
