using System.Globalization;
using Maintenance.Backups;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tickets;
using Maintenance.Time;

namespace Maintenance.Recovery;

/// <summary>The drills of the plan: starts those that are due, and opens a ticket for each that failed or is overdue.</summary>
public sealed class DrillService(IRecordStore records, RecoveryService recoveries, TicketService tickets, ActivePlan plan, TimeProvider time)
{
    /// <summary>Starts every drill that is due, and looks after those that are overdue. One that cannot begin holds up no other.</summary>
    public Task StartDueAsync(CancellationToken cancellation) =>
        EachAsync.RunAsync(plan.Current.Recovery.Strategies.Where(static strategy => strategy.Drills is not null), strategy => StartDueAsync(strategy, cancellation));

    /// <summary>What is known of a strategy's drills; null before the first look.</summary>
    public async Task<DrillStatus?> StatusAsync(string strategy, CancellationToken cancellation) =>
        (await records.FindAsync<DrillStatus>(Tables.RecoveryIndex, RecoveryService.Index, StatusRow(strategy), cancellation))?.Value;

    /// <summary>Notes how a recovery or a drill ended, and opens a ticket for a drill that did not pass. Noting it again changes nothing.</summary>
    public async Task NoteAsync(RecoveryRun run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.ClosedAt is not { } closed)
        {
            return;
        }

        // A fault that was noticed shows that faults are noticed, not that the service comes back.
        // One that kept not its objectives shows that it does not come back in time.
        var shows = run is { State: RecoveryState.Completed, Fault: null } && (run.Kind == RecoveryKind.Recovery || run.Measures?.IsPassed == true);
        var isDrill = run.Kind == RecoveryKind.Drill;
        _ = await records.ChangeAsync<DrillStatus>(
            Tables.RecoveryIndex,
            RecoveryService.Index,
            StatusRow(run.Script.Strategy),
            status => (status ?? new DrillStatus(closed, closed)) is var known && known.Latest == run.Id ? null : known with
            {
                PassedAt = shows && !(known.PassedAt > closed) ? closed : known.PassedAt,
                Latest = isDrill ? run.Id : known.Latest,
                LatestState = isDrill ? run.State : known.LatestState,
                OverdueFor = shows ? null : known.OverdueFor,
            },
            cancellation);

        // A drill that somebody ended says nothing of the strategy.
        if (isDrill && run is { State: RecoveryState.Completed, Fault: null, Measures: { IsPassed: false } measures })
        {
            await OpenAsync($"drill/{run.Id}", $"Drill {run.Id} of '{run.Script.Strategy}' missed its objectives", $"{RecoveryText.Measures(measures)}\n\nThe timeline is at /recovery/{run.Id}.", run.Service, cancellation);
        }
        else if (isDrill && run.State == RecoveryState.Failed)
        {
            await OpenAsync($"drill/{run.Id}", $"Drill {run.Id} of '{run.Script.Strategy}' failed", $"{run.Ending!.Reason}\n\nThe timeline is at /recovery/{run.Id}. Until it passes, nobody knows whether the service comes back in time.", run.Service, cancellation);
        }
    }

    private async Task StartDueAsync(RecoveryStrategy strategy, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var status = await StatusAsync(strategy.Id, cancellation);
        if (status is null)
        {
            // The first look: what was due before anybody looked is not caught up with.
            _ = await records.TryInsertAsync(Tables.RecoveryIndex, RecoveryService.Index, StatusRow(strategy.Id), new DrillStatus(now, now), cancellation);
            return;
        }

        if (DrillPlanning.OverdueSince(strategy.Drills!, status, now) is { } since && status.OverdueFor != since)
        {
            await OpenAsync(
                $"drill-overdue/{strategy.Id}/{since.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}",
                $"The drill of '{strategy.Id}' is overdue",
                $"The last that passed ended {(status.PassedAt is { } passed ? passed.ToString("u", CultureInfo.InvariantCulture) : "never")}; one counts for {Durations.Format(strategy.Drills!.Expires)}. Start one: recovery drill {strategy.Id}",
                strategy.Service,
                cancellation);
            await ChangeAsync(strategy.Id, known => known with { OverdueFor = since }, cancellation);
        }

        if (DrillPlanning.Due(strategy.Drills!, status, plan.Current.System.TimeZone, now) is { } occurrence)
        {
            var key = $"drill/{strategy.Id}/{occurrence.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
            try
            {
                _ = await recoveries.StartAsync(new NewRecovery(RecoveryKind.Drill, strategy.Id, "By the plan's schedule."), "system", key, cancellation);
            }
            catch (NoRecoveryPointException error)
            {
                // That there is nothing to restore is what a drill is to find out.
                await OpenAsync(key, $"The drill of '{strategy.Id}' could not begin", error.Message, strategy.Service, cancellation);
            }

            await ChangeAsync(strategy.Id, known => known.ConsideredUpTo < occurrence ? known with { ConsideredUpTo = occurrence } : known, cancellation);
        }
    }

    private Task<DrillStatus?> ChangeAsync(string strategy, Func<DrillStatus, DrillStatus> change, CancellationToken cancellation) =>
        records.ChangeAsync<DrillStatus>(
            Tables.RecoveryIndex, RecoveryService.Index, StatusRow(strategy), known => known is null || change(known) is var changed && changed == known ? null : changed, cancellation);

    private async Task OpenAsync(string key, string title, string text, string service, CancellationToken cancellation)
    {
        var current = plan.Current;
        if (current.Recovery.Ticket is not { } kind)
        {
            // A drill on request, in a plan without a schedule for any: whoever asked for it sees how it ended.
            return;
        }

        _ = await tickets.OpenAsync(
            key, new NewTicket(TicketType.Incident, title, text, current.FindService(service) is null ? null : service, kind.Impact, kind.Urgency, null, null, time.GetUtcNow()), cancellation);
    }

    private static string StatusRow(string strategy) => "drill_" + strategy;
}
