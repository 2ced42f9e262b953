using Maintenance.Plan;
using Maintenance.Tickets;

namespace Maintenance.Reports;

/// <summary>What the tickets that were opened in a month come to: small enough to be kept, however many there were.</summary>
/// <param name="Month">The month in which they were opened, in the plan's zone.</param>
/// <param name="All">All of them.</param>
/// <param name="Teams">By the id of their team; empty for none.</param>
/// <param name="People">By the id of who has them, or had them last; empty for nobody.</param>
/// <param name="Outages">Those of them that are outages.</param>
/// <param name="Response">How often the response was in time.</param>
/// <param name="Resolution">How often the resolution was.</param>
public sealed record TicketMonth(
    string Month, TicketFlow All, IReadOnlyDictionary<string, TicketFlow> Teams, IReadOnlyDictionary<string, TicketFlow> People, IReadOnlyList<Outage> Outages, Attainment Response, Attainment Resolution)
{
    /// <summary>Counts facts.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="month">The month in which all of them were opened.</param>
    /// <param name="facts">The facts.</param>
    public static TicketMonth Of(OperationsPlan plan, string month, IReadOnlyCollection<TicketFact> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var line = TicketReporting.Line(month, facts);
        return new TicketMonth(
            month, TicketFlow.Of(plan, facts), By(static fact => fact.Team), By(static fact => fact.Assignee), [.. facts.Select(fact => Availability.OutageOf(plan, fact)).OfType<Outage>()], line.Response, line.Resolution);

        Dictionary<string, TicketFlow> By(Func<TicketFact, string?> key) =>
            facts.GroupBy(fact => key(fact) ?? "", StringComparer.Ordinal).ToDictionary(static group => group.Key, group => TicketFlow.Of(plan, [.. group]), StringComparer.Ordinal);
    }
}

/// <summary>Tickets of one month of opening.</summary>
/// <param name="Opened">So many were opened.</param>
/// <param name="Open">So many are open now.</param>
/// <param name="ResolvedIn">How many were resolved, by the month in which they were.</param>
public sealed record TicketFlow(int Opened, int Open, IReadOnlyDictionary<string, int> ResolvedIn)
{
    /// <summary>Counts facts.</summary>
    public static TicketFlow Of(OperationsPlan plan, IReadOnlyCollection<TicketFact> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return new TicketFlow(
            facts.Count,
            facts.Count(static fact => fact.State is not (TicketState.Resolved or TicketState.Closed)),
            facts.Where(static fact => fact.ResolvedAt is not null).GroupBy(fact => TicketFact.MonthOf(plan, fact.ResolvedAt!.Value), StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.Count(), StringComparer.Ordinal));
    }
}

/// <summary>The work of a month.</summary>
/// <param name="Month">The month.</param>
/// <param name="Opened">So many tickets were opened in it.</param>
/// <param name="Resolved">So many were resolved in it, whenever they were opened.</param>
/// <param name="Backlog">So many were not resolved at its end; now, for the month that goes on.</param>
public sealed record WorkMonth(string Month, int Opened, int Resolved, int Backlog);

/// <summary>The work of a team or a person over all months.</summary>
/// <param name="Id">The id; empty for tickets of none.</param>
/// <param name="Name">The name.</param>
/// <param name="Opened">So many tickets were opened.</param>
/// <param name="Resolved">So many were resolved.</param>
/// <param name="Open">So many are open now.</param>
public sealed record WorkLine(string Id, string Name, int Opened, int Resolved, int Open);

/// <summary>Who had how much to do.</summary>
/// <param name="From">The first month.</param>
/// <param name="To">The last one.</param>
/// <param name="Months">By month.</param>
/// <param name="Teams">By team, in the plan's order, tickets of none at the end.</param>
/// <param name="People">By person: those whose figures the reader may see.</param>
/// <param name="Formulas">What each figure means.</param>
public sealed record WorkloadReport(string From, string To, IReadOnlyList<WorkMonth> Months, IReadOnlyList<WorkLine> Teams, IReadOnlyList<WorkLine> People, IReadOnlyList<string> Formulas);

/// <summary>Reports on workload. Pure.</summary>
public static class WorkloadReporting
{
    /// <summary>So many months before the first are looked at for tickets that are still open, or were resolved later.</summary>
    public const int MonthsBefore = 12;

    /// <summary>What each figure means.</summary>
    public static IReadOnlyList<string> Formulas { get; } =
    [
        "Opened and resolved count in the month in which it happened. A ticket that was reopened counts as resolved when it was resolved last.",
        "Backlog = not resolved at the end of the month.",
        "Tickets that were opened more than a year before the first month are not counted.",
        "A team's and a person's tickets are those that they have, or had last. A person's figures are seen by that person and the leads of their teams alone.",
    ];

    /// <summary>The report.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="months">The months.</param>
    /// <param name="counts">Of tickets opened in these months and the <see cref="MonthsBefore"/> before.</param>
    /// <param name="maySee">Whether the reader may see the figures of a person.</param>
    public static WorkloadReport Of(OperationsPlan plan, IReadOnlyList<ReportMonth> months, IReadOnlyList<TicketMonth> counts, Func<string, bool> maySee)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(months);
        ArgumentNullException.ThrowIfNull(counts);
        var names = months.Select(static month => month.Name).ToList();
        return new WorkloadReport(
            names[0],
            names[^1],
            [.. names.Select(name => new WorkMonth(name, Opened(counts, static one => one.All, [name]), Resolved(counts, static one => one.All, [name]), Backlog(counts, name)))],
            [.. plan.Teams.Select(team => (team.Id, team.Name)).Append(("", "No team")).Select(team => Line(team, one => one.Teams.GetValueOrDefault(team.Item1))).Where(static line => line.Id.Length > 0 || line.Opened + line.Open > 0)],
            [.. plan.People.Where(person => maySee(person.Id)).Select(person => Line((person.Id, person.Name), one => one.People.GetValueOrDefault(person.Id))).Where(static line => line.Opened + line.Resolved + line.Open > 0)],
            Formulas);

        WorkLine Line((string Id, string Name) who, Func<TicketMonth, TicketFlow?> of) =>
            new(who.Id, who.Name, Opened(counts, of, names), Resolved(counts, of, names), counts.Sum(one => of(one)?.Open ?? 0));
    }

    private static int Opened(IEnumerable<TicketMonth> counts, Func<TicketMonth, TicketFlow?> of, IReadOnlyList<string> months) =>
        counts.Where(one => months.Contains(one.Month)).Sum(one => of(one)?.Opened ?? 0);

    private static int Resolved(IEnumerable<TicketMonth> counts, Func<TicketMonth, TicketFlow?> of, IReadOnlyList<string> months) =>
        counts.Sum(one => of(one) is { } flow ? months.Sum(month => flow.ResolvedIn.GetValueOrDefault(month)) : 0);

    private static int Backlog(IEnumerable<TicketMonth> counts, string month) =>
        counts.Where(one => string.CompareOrdinal(one.Month, month) <= 0)
            .Sum(one => one.All.Opened - one.All.ResolvedIn.Where(resolved => string.CompareOrdinal(resolved.Key, month) <= 0).Sum(static resolved => resolved.Value));
}
