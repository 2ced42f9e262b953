using Maintenance.Backups;
using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Recovery;

/// <content>How one begins: what may be asked for, and that no two by one strategy touch the same live data.</content>
public sealed partial class RecoveryService
{
    /// <summary>Starts a recovery or a drill.</summary>
    /// <param name="request">What is asked for, checked by <see cref="Check"/>.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="key">The same key is the same recovery, asked for again.</param>
    /// <param name="cancellation">Stops between two writes; calling again with the same key goes on.</param>
    /// <exception cref="KeyNotFoundException">The plan has no such strategy or copy.</exception>
    /// <exception cref="NoRecoveryPointException">No proven snapshot serves the point in time; the message names the nearest that do.</exception>
    /// <exception cref="RecoveryStateException">Another recovery by this strategy is under way.</exception>
    public async Task<RecoveryRun> StartAsync(NewRecovery request, string by, string key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var current = plan.Current;
        var strategy = Strategy(request.Strategy);
        var service = current.FindService(strategy.Service)!;

        // Before a number is claimed: what cannot be restored does not begin.
        var sources = await SourcesAsync(strategy, request.PointInTime, request.Copy, cancellation);
        var number = await numbers.ClaimAsync(Index, key, cancellation);
        var id = $"R-{number}";
        if (await FindAsync(id, cancellation) is { } earlier)
        {
            await ContinueAsync(earlier, cancellation);
            return earlier;
        }

        var now = time.GetUtcNow();
        var durations = await DurationsAsync(strategy.Id, cancellation);
        var order = StepGraph.Order(strategy.Steps, step => durations.GetValueOrDefault(step.Id, step.Duration)).ToList();
        var run = new RecoveryRun(
            id,
            request.Kind,
            service.Id,
            new RecoveryScript(strategy.Id, [.. strategy.Steps.OrderBy(step => order.IndexOf(step.Id))], strategy.Workers, strategy.Notify),
            new RecoveryObjectives(service.RecoveryPoint, service.RecoveryTime, strategy.WorkRecovery, service.TolerableDowntime),
            RecoveryState.Running,
            by,
            request.Reason.Trim(),
            now,
            request.Kind == RecoveryKind.Drill ? now : request.DisruptedAt ?? now,
            request.PointInTime,
            [.. strategy.Steps.OrderBy(step => order.IndexOf(step.Id)).Select(step => new RecoveryStepRun(step.Id, RecoveryStepState.Pending) { Source = sources.GetValueOrDefault(step.Id) })],
            [new TimelineEntry(now, by, $"{(request.Kind == RecoveryKind.Drill ? "Drill" : "Recovery")} activated: {request.Reason.Trim()}")])
        {
            Copy = request.Copy,
            Fault = request.Fault,
        };

        // The index first: a crash before the recovery is stored leaves rows that point at nothing, not a recovery that nobody sees.
        var pointer = MaintenanceJson.Write(new RecoveryRef(id));
        await records.WriteAsync(Tables.RecoveryIndex, Index, [RecordWrite.Put("open_" + id, pointer), RecordWrite.Put("id_" + NumberSeries.Key(number), pointer)], cancellation);
        await OccupyAsync(run, cancellation);
        if (!await records.TryInsertAsync(Tables.Recoveries, id, Row, run, cancellation))
        {
            run = (await FindAsync(id, cancellation))!;
        }
        else if (run.Kind == RecoveryKind.Recovery && (await OccupantAsync(run, cancellation))?.Value.Recovery != id)
        {
            // Somebody took this one for a crashed one between the two writes. It stands back, and puts itself away.
            run = (await MoveAsync(id, found => RecoveryMoves.Abort(found, "system", $"Another recovery by the strategy '{strategy.Id}' began in the same instant.", time.GetUtcNow()), cancellation))!;
            await ContinueAsync(run, cancellation);
            throw new RecoveryStateException($"Another recovery by the strategy '{strategy.Id}' began in the same instant: look which is under way.");
        }

        await ContinueAsync(run, cancellation);
        return run;
    }

    /// <summary>What is wrong with what is asked for, by field; empty where nothing is.</summary>
    public IReadOnlyDictionary<string, string[]> Check(NewRecovery request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var current = plan.Current;
        if (current.Recovery.Find(request.Strategy) is not { } strategy)
        {
            errors["strategy"] = [current.Recovery.Strategies.Count == 0 ? "The plan has no recovery strategies." : $"Choose one of: {string.Join(", ", current.Recovery.Strategies.Select(static one => one.Id))}."];
            return errors;
        }

        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > 2000)
        {
            errors["reason"] = ["Say why, in 1 to 2,000 characters."];
        }

        if (request.PointInTime > time.GetUtcNow())
        {
            errors["at"] = ["This instant has not come yet."];
        }

        if (request.DisruptedAt > time.GetUtcNow())
        {
            errors["disruptedAt"] = ["This instant has not come yet."];
        }

        if (request.Copy is { } copy && current.Repository.FindCopy(copy) is null)
        {
            errors["copy"] = [$"The plan has no copy '{copy}' of the repository. {Nearest.Hint(copy, current.Repository.Copies.Select(static one => one.Id))}".TrimEnd()];
        }

        var drilled = strategy.Steps.Where(static step => step.RunsInDrill).ToList();
        if (request.Fault is { } fault)
        {
            var kind = fault == DrillFault.MissingPack ? RecoveryStepKind.Restore : RecoveryStepKind.Check;
            if (request.Kind != RecoveryKind.Drill)
            {
                errors["fault"] = ["Only a drill breaks something on purpose."];
            }
            else if (drilled.TrueForAll(step => step.Kind != kind))
            {
                errors["fault"] = [$"A drill of '{strategy.Id}' has no {(kind == RecoveryStepKind.Restore ? "restore" : "check")} that could notice it."];
            }
        }

        return errors;
    }

    /// <summary>Two recoveries by one strategy would replace one another's live data. A drill touches nothing live, and waits for nobody.</summary>
    private async Task OccupyAsync(RecoveryRun run, CancellationToken cancellation)
    {
        if (run.Kind == RecoveryKind.Recovery)
        {
            var pointer = new RecoveryRef(run.Id);
            string? former = null;
            while (!await records.TryInsertAsync(Tables.RecoveryIndex, Index, LiveRow(run), pointer, cancellation))
            {
                var row = await OccupantAsync(run, cancellation);
                if (row?.Value.Recovery == run.Id)
                {
                    break;
                }

                if (row is null)
                {
                    continue;
                }

                await RefuseWhileOpenAsync(run, row.Value.Recovery, [], cancellation);

                // Left by one that is over, or that a crash kept from being stored.
                former = row.Value.Recovery;
                try
                {
                    _ = await records.WriteAsync(Tables.RecoveryIndex, Index, RecordWrite.Delete(LiveRow(run), row.ETag), cancellation);
                }
                catch (RecordConflictException)
                {
                    // Somebody else was quicker: look again.
                }
            }

            // One that seemed crashed may only have been slow: it is stored by now, or will see this row and stand back. Never do both go on.
            if (former is not null)
            {
                await RefuseWhileOpenAsync(run, former, [RecordWrite.Delete(LiveRow(run))], cancellation);
            }
        }

        foreach (var source in run.Steps.Select(static step => step.Source).OfType<RecoverySource>())
        {
            // The retention rules must not let go what is being restored. Where somebody holds it already, that holds it too; one that only a copy has is not theirs.
            if (run.Copy is null)
            {
                _ = await retention.HoldAsync(new SnapshotHold(source.Snapshot, HoldReason(run.Id), "system", run.StartedAt, run.StartedAt.AddDays(30)), cancellation);
            }
        }
    }

    /// <exception cref="RecoveryStateException">The other is under way.</exception>
    private async Task RefuseWhileOpenAsync(RecoveryRun run, string otherId, IReadOnlyList<RecordWrite> undo, CancellationToken cancellation)
    {
        if (await FindAsync(otherId, cancellation) is { IsOpen: true } other)
        {
            await records.WriteAsync(Tables.RecoveryIndex, Index, [RecordWrite.Delete("open_" + run.Id), .. undo], cancellation);
            throw new RecoveryStateException($"{other.Id} by the strategy '{run.Script.Strategy}' is under way since {other.StartedAt:u}: abort it first, or wait for its end.");
        }
    }

    private Task<Versioned<RecoveryRef>?> OccupantAsync(RecoveryRun run, CancellationToken cancellation) =>
        records.FindAsync<RecoveryRef>(Tables.RecoveryIndex, Index, LiveRow(run), cancellation);
}
