using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace Maintenance.Knowledge;

/// <summary>How long a review counts, in the calendar: days, or whole months, whose length is theirs.</summary>
/// <param name="Months">Whole months.</param>
/// <param name="Days">Days.</param>
public sealed partial record ReviewPeriod(int Months, int Days)
{
    /// <summary>What people are told to write.</summary>
    public const string Hint = "Write one such as 180d, 26 weeks, 6 months or 1 year.";

    private const int MostMonths = 120;

    /// <summary>The first local date on which a review of <paramref name="date"/> counts no more. A month that has no such day ends with its last.</summary>
    public LocalDate After(LocalDate date) => date.PlusMonths(Months).PlusDays(Days);

    /// <summary>Reads a period: <c>180d</c>, <c>26w</c>, <c>6 months</c>, <c>1 year</c>; ten years at most.</summary>
    public static ReviewPeriod? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Pattern().Match(text.Trim()) is not { Success: true } match)
        {
            return null;
        }

        var count = int.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture);
        var period = match.Groups["unit"].Value[0] switch
        {
            'd' => new ReviewPeriod(0, count),
            'w' => new ReviewPeriod(0, count * 7),
            'm' => new ReviewPeriod(count, 0),
            _ => new ReviewPeriod(count * 12, 0),
        };
        return count > 0 && period.Months <= MostMonths && period.Days <= MostMonths * 31 ? period : null;
    }

    /// <summary>As people write it.</summary>
    public override string ToString() =>
        Months == 0 ? $"{Days} {(Days == 1 ? "day" : "days")}"
            : Months % 12 == 0 ? $"{Months / 12} {(Months == 12 ? "year" : "years")}"
            : $"{Months} {(Months == 1 ? "month" : "months")}";

    // A lone m would be minutes everywhere else in the plan, so months are spelt.
    [GeneratedRegex(@"^(?<count>\d{1,4}) ?(?<unit>d|days?|w|weeks?|months?|y|years?)\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
