using Maintenance.Backups;
using Maintenance.Duties;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Supplies;
using Maintenance.Tickets;

namespace Maintenance.Reports;

/// <summary>What a year came to, counted from its records. Pure.</summary>
public static class YearReporting
{
    /// <summary>How long work of a kind is taken to last: what nobody measures, and a plan must reckon with all the same.</summary>
    public static IReadOnlyDictionary<string, TimeSpan> Efforts { get; } = new Dictionary<string, TimeSpan>(StringComparer.Ordinal)
    {
        ["incidents"] = TimeSpan.FromMinutes(90),
        ["requests and other tickets"] = TimeSpan.FromMinutes(45),
        ["duties"] = TimeSpan.FromHours(2),
        ["patches: votes"] = TimeSpan.FromMinutes(20),
        ["escalations"] = TimeSpan.FromMinutes(15),
    };

    /// <summary>Tickets by priority.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="tickets">All of them.</param>
    /// <param name="now">The end (UTC).</param>
    public static IReadOnlyList<YearPriority> Tickets(OperationsPlan plan, IReadOnlyCollection<Ticket> tickets, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(tickets);
        return [.. plan.Priorities.Levels.Select(level =>
        {
            var own = tickets.Where(ticket => ticket.Priority == level.Id).ToList();
            var line = TicketReporting.Line(level.Id, [.. own.Select(ticket => TicketFact.Of(plan, ticket, now))]);
            var fired = own.SelectMany(static ticket => ticket.Fired).Select(static mark => mark[(mark.IndexOf('/', StringComparison.Ordinal) + 1)..]).CountBy(static mark => mark).ToDictionary(StringComparer.Ordinal);
            var levels = plan.ServiceLevels.For(level.Id) is { } target ? plan.ServiceLevels.Chain(target.Escalation)?.Levels.Count ?? 0 : 0;
            return new YearPriority(
                level.Name, own.Count, own.Count(static ticket => ticket.IsOpen), line.Response, line.Resolution,
                fired.Where(static mark => mark.Key.StartsWith("warning-", StringComparison.Ordinal)).Sum(static mark => mark.Value),
                [.. Enumerable.Range(1, levels).Select(n => fired.GetValueOrDefault($"level-{n}"))], fired.GetValueOrDefault("alarm"));
        })];
    }

    /// <summary>How available services were.</summary>
    public static IReadOnlyList<YearService> Services(AvailabilityReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return [.. report.Lines.Select(static line => new YearService(
            line.Name, line.IsMeasured, line.Total.Agreed, line.Total.Down, line.Total.Outages, line.Total.Share, line.Objective,
            [.. line.Months.Where(static month => month.Budget?.Left < TimeSpan.Zero).Select(static month => month.Month)]))];
    }

    /// <summary>How backups went.</summary>
    /// <param name="report">The report.</param>
    /// <param name="runs">All runs, by policy.</param>
    public static IReadOnlyList<YearBackup> Backups(BackupReport report, ILookup<string, BackupRun> runs)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(runs);
        return [.. report.Lines.Select(line => new YearBackup(
            line.Policy, line.Total.Proven, line.Total.Unproven, line.Total.Failed,
            runs[line.Policy].Count(static run => run is { State: BackupRunState.Proven or BackupRunState.Unproven, DroppedAt: null }), line.Total.Cover))];
    }

    /// <summary>How the occurrences of each duty went that were due by the end.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="facts">What was due, and what is open already.</param>
    /// <param name="now">The end (UTC).</param>
    public static IReadOnlyList<DutyLine> Duties(OperationsPlan plan, IEnumerable<DutyFact> facts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var own = facts.ToLookup(static fact => fact.Duty, StringComparer.Ordinal);
        return [.. plan.Duties.Select(duty => DutyLine.Of(duty.Id, own[duty.Id], now)).Where(static line => line.InTime + line.Late + line.Skipped + line.Missed + line.Open > 0)];
    }

    /// <summary>What a supply went through.</summary>
    /// <param name="standing">What there is at the end.</param>
    /// <param name="movements">Its whole book, in order of time.</param>
    public static YearSupply Supply(SupplyStanding standing, IReadOnlyList<StockMovement> movements)
    {
        ArgumentNullException.ThrowIfNull(standing);
        ArgumentNullException.ThrowIfNull(movements);
        return new YearSupply(
            standing.Item.Name,
            standing.Item.Unit,
            movements.Sum(static one => one.Consumed),
            movements.Where(static one => one.Kind == StockMovementKind.Receipt).Sum(static one => one.Quantity),
            movements.Count == 0 ? 0 : movements.Min(static one => one.After),
            standing.Stock?.OnHand ?? 0,
            standing.Stock?.Requests ?? 0,
            movements.Count(static one => one is { After: 0, Before: > 0 }));
    }

    /// <summary>What became of patches.</summary>
    public static YearPatches Patches(IReadOnlyCollection<PatchCase> patches, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(patches);
        var decided = patches.Select(patch => patch.DecisionAt(now)?.Outcome).ToList();
        int Count(ApprovalOutcome? outcome) => decided.Count(one => one == outcome);
        return new YearPatches(patches.Count, Count(ApprovalOutcome.Approved), Count(ApprovalOutcome.Rejected), Count(ApprovalOutcome.Expired), Count(ApprovalOutcome.Withdrawn), Count(null));
    }

    /// <summary>Who had how many tickets at once: a ticket is with whoever has it last, from its opening until it is resolved.</summary>
    public static IReadOnlyList<YearPerson> People(OperationsPlan plan, IReadOnlyCollection<Ticket> tickets, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(tickets);
        var own = tickets.Where(static ticket => ticket.Assignee is not null).ToLookup(static ticket => ticket.Assignee!, StringComparer.Ordinal);
        return [.. plan.People.Where(person => own.Contains(person.Id)).Select(person =>
        {
            var changes = own[person.Id].SelectMany(ticket => new[] { (At: ticket.CreatedAt, By: 1), (At: ticket.ResolvedAt ?? now, By: -1) }).OrderBy(static change => change.At).ThenBy(static change => change.By).ToList();
            var (open, most, over, last) = (0, 0, TimeSpan.Zero, DateTimeOffset.MinValue);
            foreach (var change in changes)
            {
                over += open > person.Capacity ? change.At - last : TimeSpan.Zero;
                (open, last) = (open + change.By, change.At);
                most = Math.Max(most, open);
            }

            return new YearPerson(person.Name, own[person.Id].Count(), most, person.Capacity, over);
        })];
    }

    /// <summary>What the year asked of people.</summary>
    /// <param name="tickets">All tickets.</param>
    /// <param name="duties">Duties.</param>
    /// <param name="votes">So many votes were cast on patches.</param>
    public static IReadOnlyList<YearWork> Work(IReadOnlyCollection<Ticket> tickets, IEnumerable<DutyLine> duties, int votes)
    {
        ArgumentNullException.ThrowIfNull(tickets);
        var incidents = tickets.Count(static ticket => ticket.Type == TicketType.Incident);
        var levels = tickets.Sum(static ticket => ticket.Fired.Count(static mark => mark.Contains("/level-", StringComparison.Ordinal) || mark.EndsWith("/alarm", StringComparison.Ordinal)));
        return
        [
            Of("incidents", incidents),
            Of("requests and other tickets", tickets.Count - incidents),
            Of("escalations", levels),
            Of("duties", duties.Sum(static line => line.InTime + line.Late)),
            Of("patches: votes", votes),
        ];

        static YearWork Of(string kind, int times) => new(kind, times, Efforts[kind]);
    }
}
