using System.Globalization;
using Maintenance.Tickets;

namespace Maintenance.Reports;

/// <summary>By what a report groups.</summary>
public enum ReportGrouping
{
    /// <summary>By the month in which tickets were opened.</summary>
    Month,

    /// <summary>By service.</summary>
    Service,

    /// <summary>By priority.</summary>
    Priority,

    /// <summary>By team.</summary>
    Team,
}

/// <summary>How often a target was met.</summary>
/// <param name="Met">So many times.</param>
/// <param name="Missed">So many times it was missed, or is by now.</param>
/// <param name="Pending">So many are open and still in time: they count as neither.</param>
/// <param name="Share">Met over met and missed, 0 to 1; null where there is neither.</param>
public sealed record Attainment(int Met, int Missed, int Pending, double? Share);

/// <summary>How service times are spread.</summary>
/// <param name="Count">Of how many.</param>
/// <param name="Median">Half took no longer.</param>
/// <param name="P90">Nine of ten took no longer.</param>
/// <param name="P95">Nineteen of twenty took no longer.</param>
/// <param name="Longest">The longest.</param>
public sealed record Spread(int Count, TimeSpan? Median, TimeSpan? P90, TimeSpan? P95, TimeSpan? Longest);

/// <summary>A line of a report.</summary>
/// <param name="Key">The month, or the id of the service, priority or team; empty for tickets without one.</param>
/// <param name="Opened">So many tickets were opened.</param>
/// <param name="Resolved">So many of them are resolved.</param>
/// <param name="Response">How often the response was in time.</param>
/// <param name="Resolution">How often the resolution was.</param>
/// <param name="ResponseTime">The service time of responses.</param>
/// <param name="ResolutionTime">The service time of resolutions.</param>
/// <param name="FirstContact">The share of the resolved ones that were resolved with the first answer; null where none is resolved.</param>
/// <param name="Reopened">So many were reopened at least once.</param>
public sealed record ReportLine(
    string Key, int Opened, int Resolved, Attainment Response, Attainment Resolution, Spread ResponseTime, Spread ResolutionTime, double? FirstContact, int Reopened);

/// <summary>So many open tickets of an age.</summary>
/// <param name="UpTo">The age that they have not reached; null for the oldest.</param>
/// <param name="Tickets">How many.</param>
public sealed record AgeBand(TimeSpan? UpTo, int Tickets);

/// <summary>How service levels were kept.</summary>
/// <param name="From">The first month, in which tickets were opened.</param>
/// <param name="To">The last one.</param>
/// <param name="By">By what the lines are grouped.</param>
/// <param name="Lines">In order of their keys.</param>
/// <param name="Total">All of them together.</param>
/// <param name="Backlog">The open ones by age.</param>
/// <param name="Formulas">What each figure means.</param>
public sealed record TicketReport(
    string From, string To, ReportGrouping By, IReadOnlyList<ReportLine> Lines, ReportLine Total, IReadOnlyList<AgeBand> Backlog, IReadOnlyList<string> Formulas);

/// <summary>A person's work.</summary>
/// <param name="Person">The id of the person.</param>
/// <param name="From">The first month.</param>
/// <param name="To">The last one.</param>
/// <param name="Open">So many tickets they have now.</param>
/// <param name="Capacity">So many are a full load.</param>
/// <param name="Line">What became of the tickets that they had last.</param>
public sealed record PersonReport(string Person, string From, string To, int Open, int Capacity, ReportLine Line);

/// <summary>Reports from facts. Pure.</summary>
public static class TicketReporting
{
    private static readonly TimeSpan[] Ages = [TimeSpan.FromDays(1), TimeSpan.FromDays(3), TimeSpan.FromDays(7), TimeSpan.FromDays(30), TimeSpan.FromDays(90)];

    /// <summary>What each figure means.</summary>
    public static IReadOnlyList<string> Formulas { get; } =
    [
        "A ticket counts in the month in which it was opened, whenever it is resolved.",
        "Attainment = met / (met + missed). What is open and in time is neither; what is open and late is missed.",
        "Times are service time: pauses and closed hours are not in them. A percentile is the smallest time that at least that share of the tickets did not exceed.",
        "First contact = resolved with the first answer, by one person, never reopened / resolved.",
    ];

    /// <summary>The report.</summary>
    /// <param name="from">The first month.</param>
    /// <param name="to">The last one.</param>
    /// <param name="by">By what it is grouped.</param>
    /// <param name="facts">Of the tickets of those months.</param>
    /// <param name="now">When (UTC).</param>
    public static TicketReport Of(string from, string to, ReportGrouping by, IReadOnlyCollection<TicketFact> facts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return new TicketReport(
            from, to, by,
            [.. facts.GroupBy(fact => Key(fact, by), StringComparer.Ordinal).OrderBy(static group => group.Key, StringComparer.Ordinal).Select(static group => Line(group.Key, [.. group]))],
            Line("", facts),
            Backlog(facts, now),
            Formulas);
    }

    /// <summary>One line over some facts.</summary>
    public static ReportLine Line(string key, IReadOnlyCollection<TicketFact> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var resolved = facts.Where(static fact => fact.ResolvedAt is not null).ToList();
        return new ReportLine(
            key, facts.Count, resolved.Count,
            Attained(facts.Select(static fact => fact.ResponseMissed)), Attained(facts.Select(static fact => fact.ResolutionMissed)),
            Spread([.. facts.Select(static fact => fact.Response).OfType<TimeSpan>().Order()]), Spread([.. facts.Select(static fact => fact.Resolution).OfType<TimeSpan>().Order()]),
            resolved.Count == 0 ? null : (double)resolved.Count(static fact => fact.IsFirstContact) / resolved.Count,
            facts.Count(static fact => fact.Reopened > 0));
    }

    /// <summary>The months from one to another, both included.</summary>
    /// <exception cref="FormatException">One is no month such as 2026-11, or there are more than 120.</exception>
    public static IReadOnlyList<string> Months(string from, string to)
    {
        var (first, last) = (Parse(from), Parse(to));
        var count = (12 * (last.Year - first.Year)) + last.Month - first.Month + 1;
        return count > 120 ? throw new FormatException($"From {from} to {to} are more than 120 months.")
            : count > 0 ? [.. Enumerable.Range(0, count).Select(later => first.AddMonths(later).ToString("yyyy-MM", CultureInfo.InvariantCulture))]
            : throw new FormatException($"{to} is before {from}.");

        static DateOnly Parse(string text) => DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) ? month : throw new FormatException($"'{(text.Length > 20 ? text[..20] : text)}' is no month; write one such as 2026-11.");
    }

    private static string Key(TicketFact fact, ReportGrouping by) => by switch
    {
        ReportGrouping.Service => fact.Service,
        ReportGrouping.Priority => fact.Priority,
        ReportGrouping.Team => fact.Team,
        _ => fact.Month,
    } ?? "";

    private static Attainment Attained(IEnumerable<bool?> missed)
    {
        var counts = missed.ToLookup(static one => one);
        var (met, late) = (counts[false].Count(), counts[true].Count());
        return new Attainment(met, late, counts[null].Count(), met + late == 0 ? null : (double)met / (met + late));
    }

    private static Spread Spread(IReadOnlyList<TimeSpan> sorted) =>
        new(sorted.Count, Percentile(sorted, 50), Percentile(sorted, 90), Percentile(sorted, 95), sorted.Count == 0 ? null : sorted[^1]);

    /// <summary>The nearest rank: the smallest of them that at least that share does not exceed.</summary>
    private static TimeSpan? Percentile(IReadOnlyList<TimeSpan> sorted, int percent) => sorted.Count == 0 ? null : sorted[((sorted.Count * percent) + 99) / 100 - 1];

    private static IReadOnlyList<AgeBand> Backlog(IEnumerable<TicketFact> facts, DateTimeOffset now)
    {
        var counts = new int[Ages.Length + 1];
        foreach (var fact in facts.Where(static fact => fact.State is not (TicketState.Resolved or TicketState.Closed)))
        {
            var band = Array.FindIndex(Ages, age => now - fact.OpenedAt < age);
            counts[band < 0 ? Ages.Length : band]++;
        }

        return [.. counts.Select(static (count, i) => new AgeBand(i < Ages.Length ? Ages[i] : null, count))];
    }
}
