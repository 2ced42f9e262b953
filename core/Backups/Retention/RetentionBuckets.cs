using NodaTime;
using NodaTime.Calendars;
using NodaTime.Text;

namespace Maintenance.Backups.Retention;

/// <summary>The names of the stretches of wall-clock time that rules count. Two instants are in one bucket exactly when the names are equal.</summary>
internal static class RetentionBuckets
{
    /// <summary>The name of the bucket of an instant, or null where the rule has no buckets.</summary>
    public static string? Name(KeepRule rule, ZonedDateTime at) => rule switch
    {
        // The offset tells the two hours apart that one clock change gives the same name.
        KeepRule.Hourly => $"{Day(at.Date)}T{at.Hour:00}{OffsetPattern.GeneralInvariant.Format(at.Offset)}",
        KeepRule.Daily => Day(at.Date),
        KeepRule.Weekly => $"{WeekYearRules.Iso.GetWeekYear(at.Date):0000}-W{WeekYearRules.Iso.GetWeekOfWeekYear(at.Date):00}",
        KeepRule.Monthly => $"{at.Year:0000}-{at.Month:00}",
        KeepRule.Yearly => $"{at.Year:0000}",
        _ => null,
    };

    private static string Day(LocalDate date) => $"{date.Year:0000}-{date.Month:00}-{date.Day:00}";
}
