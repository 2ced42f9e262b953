using NodaTime;

namespace Maintenance.Windows;

/// <summary>The local days on which a window starts.</summary>
public abstract record WindowRecurrence
{
    /// <summary>In words.</summary>
    public abstract string Text { get; }

    /// <summary>The days from <paramref name="first"/> to <paramref name="last"/>, both included, each once, in order.</summary>
    public abstract IEnumerable<LocalDate> Between(LocalDate first, LocalDate last);

    /// <summary>The name of a weekday as people shorten it.</summary>
    private protected static string Short(IsoDayOfWeek day) => day.ToString()[..3];
}

/// <summary>The same weekdays each week.</summary>
/// <param name="Days">The weekdays; one that is named twice counts once.</param>
public sealed record WeeklyDays(IReadOnlyList<IsoDayOfWeek> Days) : WindowRecurrence
{
    /// <inheritdoc/>
    public override string Text => string.Join(", ", Days.Distinct().Order().Select(Short));

    /// <inheritdoc/>
    public override IEnumerable<LocalDate> Between(LocalDate first, LocalDate last)
    {
        for (var date = first; date <= last; date = date.PlusDays(1))
        {
            if (Days.Contains(date.DayOfWeek))
            {
                yield return date;
            }
        }
    }
}

/// <summary>One day a month: a weekday counted within its month, and so many days after it, which may lead into the next month.</summary>
/// <param name="Week">Which of the month's weekdays of that name.</param>
/// <param name="Day">The weekday.</param>
/// <param name="PlusDays">Days after it, 0 to 27.</param>
public sealed record MonthlyDay(MonthWeek Week, IsoDayOfWeek Day, int PlusDays) : WindowRecurrence
{
    /// <inheritdoc/>
    public override string Text =>
        $"{Week.ToString().ToLowerInvariant()} {Short(Day)} of the month{(PlusDays == 0 ? "" : $" + {PlusDays} {(PlusDays == 1 ? "day" : "days")}")}";

    /// <inheritdoc/>
    public override IEnumerable<LocalDate> Between(LocalDate first, LocalDate last)
    {
        // The day that is counted lies up to 27 days before the day that is meant.
        var month = first.PlusDays(-PlusDays).With(DateAdjusters.StartOfMonth);
        for (; month <= last; month = month.PlusMonths(1))
        {
            var date = Counted(month).PlusDays(PlusDays);
            if (date >= first && date <= last)
            {
                yield return date;
            }
        }
    }

    private LocalDate Counted(LocalDate month) => Week == MonthWeek.Last
        ? month.With(DateAdjusters.EndOfMonth).With(DateAdjusters.PreviousOrSame(Day))
        : month.With(DateAdjusters.NextOrSame(Day)).PlusWeeks((int)Week);
}

/// <summary>Which of a month's weekdays of one name.</summary>
public enum MonthWeek
{
    /// <summary>From the 1st to the 7th.</summary>
    First,

    /// <summary>From the 8th to the 14th.</summary>
    Second,

    /// <summary>From the 15th to the 21st.</summary>
    Third,

    /// <summary>From the 22nd to the 28th.</summary>
    Fourth,

    /// <summary>The fourth, or the fifth where there is one.</summary>
    Last,
}
