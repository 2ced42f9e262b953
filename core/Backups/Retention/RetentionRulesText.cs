using Maintenance.Time;

namespace Maintenance.Backups.Retention;

/// <summary>Retention rules as people write them: rules that are not set are missing.</summary>
/// <param name="Last">The newest n.</param>
/// <param name="Hourly">Hours.</param>
/// <param name="Daily">Days.</param>
/// <param name="Weekly">Weeks.</param>
/// <param name="Monthly">Months.</param>
/// <param name="Yearly">Years.</param>
/// <param name="Within">A duration such as <c>2d</c>.</param>
/// <param name="Minimum">So many proven ones stay.</param>
public sealed record RetentionRulesText(int? Last, int? Hourly, int? Daily, int? Weekly, int? Monthly, int? Yearly, string? Within, int? Minimum)
{
    /// <summary>Rules as text.</summary>
    public static RetentionRulesText Of(RetentionRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return new RetentionRulesText(
            Set(rules.Last), Set(rules.Hourly), Set(rules.Daily), Set(rules.Weekly), Set(rules.Monthly), Set(rules.Yearly),
            rules.Within is { } within ? Durations.Format(within) : null, Set(rules.Minimum));
    }

    /// <summary>One line: <c>last 3, daily 7, within 2d, minimum 2</c>.</summary>
    public override string ToString()
    {
        (string Name, object? Value)[] rules =
        [
            ("last", Last), ("hourly", Hourly), ("daily", Daily), ("weekly", Weekly), ("monthly", Monthly), ("yearly", Yearly), ("within", Within), ("minimum", Minimum),
        ];
        string[] set = [.. rules.Where(static rule => rule.Value is not null).Select(static rule => $"{rule.Name} {rule.Value}")];
        return set.Length == 0 ? "none: everything is kept" : string.Join(", ", set);
    }

    private static int? Set(int count) => count == 0 ? null : count;
}
