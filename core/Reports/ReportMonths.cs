using Maintenance.Plan;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Reports;

/// <summary>A month in the plan's zone: half-open, <c>[From, To)</c> (UTC).</summary>
/// <param name="Name">Such as <c>2026-11</c>.</param>
/// <param name="From">Its first instant.</param>
/// <param name="To">The first instant after it.</param>
public sealed record ReportMonth(string Name, DateTimeOffset From, DateTimeOffset To);

/// <summary>The months of a report.</summary>
public static class ReportMonths
{
    /// <summary>The most months of a report on operations.</summary>
    public const int Most = 36;

    /// <summary>The months from one to another, both included.</summary>
    /// <param name="zone">The plan's zone.</param>
    /// <param name="from">The first, such as <c>2026-06</c>.</param>
    /// <param name="to">The last.</param>
    /// <exception cref="FormatException">One is no month from 2000 to 2199, or there are more than <see cref="Most"/>.</exception>
    public static IReadOnlyList<ReportMonth> Of(DateTimeZone zone, string from, string to)
    {
        var names = TicketReporting.Months(from, to);
        return names.Count > Most ? throw new FormatException($"From {from} to {to} are more than {Most} months.")
            : string.CompareOrdinal(names[0], "2000-01") < 0 || string.CompareOrdinal(names[^1], "2199-12") > 0 ? throw new FormatException("Months are from 2000-01 to 2199-12.")
            : [.. names.Select(name => Of(zone, name))];
    }

    /// <summary>A month by its name.</summary>
    public static ReportMonth Of(DateTimeZone zone, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var first = NodaTime.Text.LocalDatePattern.Iso.Parse(name + "-01").GetValueOrThrow();
        return new ReportMonth(name, Midnight(first), Midnight(first.PlusMonths(1)));

        DateTimeOffset Midnight(LocalDate date) => WallClock.ToInstant(date.AtMidnight(), zone).ToDateTimeOffset();
    }

    /// <summary>The name of the month that lies so many months after another; before it where negative.</summary>
    public static string Later(string name, int months) =>
        NodaTime.Text.LocalDatePattern.Iso.Parse(name + "-01").GetValueOrThrow().PlusMonths(months).ToString("uuuu-MM", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The months of a plan.</summary>
    public static IReadOnlyList<ReportMonth> Of(OperationsPlan plan, string from, string to)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Of(plan.System.TimeZone, from, to);
    }
}
