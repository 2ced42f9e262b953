using Maintenance.Backups;
using Maintenance.Messaging;
using Maintenance.Monitoring;
using Maintenance.Notifications;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Rollouts;
using Maintenance.Tickets;
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
    PatchService patches,
    RolloutService rollouts,
    RecoveryService recoveries,
    DrillService drills,
    OutboxService outbox,
    IWorkflows workflows,
    IDeadLetters deadLetters,
    TimerService timers,
    WatchService watch,
    TimeProvider time)
{
    /// <summary>So many open tickets are listed; a report must cost the same with a hundred thousand of them.</summary>
    private const int MostTickets = 25;

    private const int MostReviews = 100;

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
        var attention = Attention.Of(now, planStatus, backupLines, [.. breachedLines.UnionBy(shown, static line => line.Id)], patchLines, dead, beats, watched, reviewLines, await OperationsAsync(now, cancellation));
        return new StatusReport(state.Plan.System.Name, now, planStatus, attention, backupLines, shown, ticketLines.Count > MostTickets, patchLines, dead, beats) { Reviews = reviewLines };
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
}
