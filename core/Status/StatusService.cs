using Maintenance.Assets;
using Maintenance.Assets.Components;
using Maintenance.Assets.Vulnerabilities;
using Maintenance.Backups;
using Maintenance.Duties;
using Maintenance.Knowledge;
using Maintenance.Messaging;
using Maintenance.Monitoring;
using Maintenance.Notifications;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Reports;
using Maintenance.Rollouts;
using Maintenance.Supplies;
using Maintenance.Tickets;
using Maintenance.Tickets.Search;
using Maintenance.Training;
using Maintenance.Workflows;

namespace Maintenance.Status;

/// <summary>Reads how things stand.</summary>
public sealed class StatusService(
    ActivePlan plan,
    BackupService backups,
    RepositoryCareService care,
    RepositoryOverviewService repository,
    BreakGlassService book,
    TicketService tickets,
    TicketSearch search,
    TicketReportService reports,
    PatchService patches,
    RolloutService rollouts,
    RecoveryService recoveries,
    DrillService drills,
    DutyService duties,
    FindingStore findings,
    LineStore components,
    OutboxService outbox,
    TrainingService training,
    SupplyService supplies,
    IWorkflows workflows,
    IDeadLetters deadLetters,
    TimerService timers,
    WatchService watch,
    MonitoringService monitoring,
    KnowledgeService knowledge,
    TimeProvider time)
{
    /// <summary>So many open tickets are listed; a report must cost the same with a hundred thousand of them.</summary>
    private const int MostTickets = 25;

    private const int MostReviews = 100;

    private static readonly TimeSpan FreshCounts = TimeSpan.FromSeconds(10);

    private KnownIncidents? _incidents;

    /// <summary>How things stand now.</summary>
    public async Task<StatusReport> ReadAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var state = plan.State;
        var planStatus = new PlanStatus(state.Hash, state.Since, state.IsStale, [.. state.Problems.Select(static problem => problem.ToString())]);
        var backupLines = await BackupsAsync(cancellation);
        var ticketLines = await tickets.ListOpenAsync(cancellation).Take(MostTickets + 1).Select(ticket => Line(ticket, now)).ToListAsync(cancellation);
        var breachedLines = await tickets.ListBreachedAsync(cancellation).Take(MostTickets).Select(ticket => Line(ticket, now)).ToListAsync(cancellation);
        var patchLines = await patches.ListOpenAsync(cancellation).Take(100).Where(static patch => patch.Request.Decision is null).Select(patch => Line(patch, now)).ToListAsync(cancellation);
        var reviewLines = await patches.ListOwedReviewsAsync(cancellation).Take(MostReviews).Select(static request => new ReviewLine(request.Id, request.Title, request.ReviewDueAt!.Value)).ToListAsync(cancellation);
        var dead = new List<DeadLetter>();
        foreach (var queue in Queues.All)
        {
            dead.AddRange(await deadLetters.ListAsync(queue, 50, cancellation));
        }

        var beats = await timers.HeartbeatsAsync(cancellation);
        var shown = ticketLines.Take(MostTickets).ToList();
        var watched = new RepositoryWatch(await care.AlarmsAsync(cancellation), [.. await repository.ConcernsAsync(cancellation), .. await book.ConcernsAsync(cancellation)]);
        var down = await monitoring.OpenAsync(cancellation);
        var attention = Attention.Of(now, planStatus, backupLines, [.. breachedLines.UnionBy(shown, static line => line.Id)], patchLines, dead, beats, watched, reviewLines, [.. OutageAttention.Of(state.Plan, down, now), .. await OperationsAsync(now, cancellation)]);
        return new StatusReport(state.Plan.System.Name, now, planStatus, attention, backupLines, shown, ticketLines.Count > MostTickets, patchLines, dead, beats)
        {
            Reviews = reviewLines,
            Duties = [.. (await duties.OpenAsync(cancellation)).Where(fact => fact.At(now) != DutyStanding.Coming).Take(MostTickets)],
            Services = OutageAttention.Mark(ServiceLines.Of(state.Plan, backupLines, await IncidentsAsync(cancellation), await reports.AttainmentAsync(cancellation), now), down),
        };
    }

    /// <summary>What waits for one person, the most pressing first.</summary>
    public async Task<IReadOnlyList<AttentionItem>> ForAsync(Person person, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(person);
        var own = await search.FindAsync(new TicketQuery { IsOpen = true, Assignee = person.Id }, isStaff: false, null, MostTickets, cancellation);
        var (policy, now) = (plan.Current.Lifecycle.Waivers, time.GetUtcNow());
        var waivers = policy is null ? [] : await findings.ListWaitingAsync(cancellation).Take(100).ToListAsync(cancellation);
        return
        [
            .. PersonAttention.Of(person, await patches.ListOpenAsync(cancellation).Take(100).ToListAsync(cancellation), await recoveries.ListOpenAsync(cancellation).ToListAsync(cancellation), own.Tickets, now)
                .Concat(DutyAttention.Of(person, await duties.OpenOfAsync(person, cancellation), now))
                .Concat(AssetAttention.Waivers(person, waivers, policy, now))
                .Concat(DocumentAttention.Of(person, await knowledge.ListAsync(cancellation), now))
                .Concat(PeopleAttention.Of(plan.Current, person, await training.ListAsync(cancellation), await supplies.ListAsync(cancellation), now))
                .OrderByDescending(static item => item.Severity),
        ];
    }

    /// <summary>At most <see cref="FreshCounts"/> old: with very many open tickets counting costs more than all the rest of the page.</summary>
    private async Task<IReadOnlyDictionary<string, int>> IncidentsAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_incidents is { } known && known.Plan == plan.State.Hash && known.At <= now && now - known.At < FreshCounts)
        {
            return known.Counts;
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var service in plan.Current.Services)
        {
            counts[service.Id] = await search.CountAsync(new TicketQuery { IsOpen = true, Type = TicketType.Incident, Service = service.Id }, ServiceLine.MostIncidents, cancellation);
        }

        _incidents = new KnownIncidents(now, plan.State.Hash, counts);
        return counts;
    }

    private async Task<IReadOnlyList<AttentionItem>> OperationsAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var drilled = new List<DrillLine>();
        foreach (var strategy in plan.Current.Recovery.Strategies)
        {
            var status = await drills.StatusAsync(strategy.Id, cancellation);
            var overdue = strategy.Drills is { } policy && status is not null ? DrillPlanning.OverdueSince(policy, status, now) : null;
            drilled.Add(new DrillLine(strategy.Id, overdue, status?.Latest, status?.LatestState == RecoveryState.Failed));
        }

        var recovering = await recoveries.ListOpenAsync(cancellation).ToListAsync(cancellation);
        var rolling = await rollouts.ListOpenAsync(cancellation).ToListAsync(cancellation);
        var items = OperationAttention.Of(recovering, drilled, rolling, now).ToList();
        var covered = recovering.Select(static run => run.Workflow).Concat(rolling.Select(static run => run.Workflow)).ToHashSet(StringComparer.Ordinal);
        foreach (var (workflow, id, path, command) in recovering.Select(static run => (run.Workflow, run.Id, "/recovery/" + run.Id, $"recovery decide {run.Id} resume"))
            .Concat(rolling.Select(static run => (run.Workflow, run.Patch, "/patches/" + run.Patch, $"patch rollout {run.Patch} resume"))))
        {
            if (await workflows.GetAsync(workflow, cancellation) is { State: WorkflowState.Failed } failed)
            {
                items.Add(OperationAttention.GivenUp(id, path, failed.Error, command));
            }
        }

        items.AddRange(OperationAttention.Workflows(await watch.KnownAsync(cancellation), covered));
        items.AddRange(await outbox.ConcernsAsync(cancellation));
        items.AddRange(DutyAttention.Of(await duties.OpenAsync(cancellation), now));
        var today = NodaTime.Instant.FromDateTimeOffset(now).InZone(plan.Current.System.TimeZone).Date;
        items.AddRange(AssetAttention.Of(
            await findings.ListOverdueAsync(now, cancellation).Take(AssetAttention.Most + 1).ToListAsync(cancellation),
            await components.ListEndingAsync(today.PlusDays(AssetAttention.Soon).ToString("uuuu-MM-dd", null), cancellation).Take(AssetAttention.Most + 1).ToListAsync(cancellation),
            today));
        return items;
    }

    /// <summary>A line for each backup policy of the plan.</summary>
    public async Task<IReadOnlyList<BackupLine>> BackupsAsync(CancellationToken cancellation)
    {
        var (now, current) = (time.GetUtcNow(), plan.Current);
        var lines = new List<BackupLine>();
        foreach (var policy in current.Backups)
        {
            var status = await backups.StatusAsync(policy.Id, cancellation);
            var service = current.FindService(policy.Service);
            var objective = service?.RecoveryPoint ?? TimeSpan.Zero;
            var point = status?.Proven?.RecoveryPoint;
            lines.Add(new BackupLine(
                policy.Id, service?.Name ?? policy.Service, objective, status?.Proven?.Id, point, now - point, point is not null && now - point <= objective,
                status?.Running, status?.Latest, policy.Schedule.Next(now, current.System.TimeZone)));
        }

        return lines;
    }

    private static TicketLine Line(Ticket ticket, DateTimeOffset now)
    {
        var target = ticket.Running ?? ServiceLevels.ServiceTarget.Resolution;
        return new TicketLine(
            ticket.Id, ticket.Title, ticket.Priority, ticket.State, target, ticket.Due(target), now > ticket.Due(target),
            ticket.Breaches.Select(static breach => breach.Level).DefaultIfEmpty(0).Max(),
            ticket.Fired.Contains(ServiceLevels.DueEntry.Fired(target, "alarm")) && ticket.Acknowledgements.All(one => one.Target != target));
    }

    private static PatchLine Line(PatchCase patch, DateTimeOffset now) => new(
        patch.Request.Id, patch.Request.Title, patch.Request.Type, patch.Request.Severity, patch.Request.RequestedBy, patch.At(now).Approvals, patch.Request.Quorum, patch.Request.ExpiresAt);

    private sealed record KnownIncidents(DateTimeOffset At, string Plan, IReadOnlyDictionary<string, int> Counts);
}
