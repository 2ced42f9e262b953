using System.Runtime.CompilerServices;
using Maintenance.Backups;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Workflows;

namespace Maintenance.Recovery;

/// <summary>
/// Recoveries and drills: starts them, takes what people decide, and answers what is known. What a person decided is stored before the workflow is woken, so that
/// it survives whatever happens next.
/// </summary>
public sealed partial class RecoveryService(
    IRecordStore records, IWorkflows workflows, ActivePlan plan, SnapshotService snapshots, RetentionService retention, NumberSeries numbers, TimeProvider time)
{
    internal const string Index = "recoveries";
    internal const string Row = "run";

    /// <summary>A recovery, or null.</summary>
    public async Task<RecoveryRun?> FindAsync(string id, CancellationToken cancellation) =>
        (await records.FindAsync<RecoveryRun>(Tables.Recoveries, id, Row, cancellation))?.Value;

    /// <summary>Those that are not over, in no particular order.</summary>
    public IAsyncEnumerable<RecoveryRun> ListOpenAsync(CancellationToken cancellation) => ListAsync("open_", cancellation);

    /// <summary>All of them, oldest first.</summary>
    public IAsyncEnumerable<RecoveryRun> ListAsync(CancellationToken cancellation) => ListAsync("id_", cancellation);

    /// <summary>The newest before a number, newest first.</summary>
    /// <param name="most">At most so many numbers are looked at.</param>
    /// <param name="before">Only those with a lower number than this; null for all.</param>
    /// <param name="cancellation">Stops between two of them.</param>
    public async IAsyncEnumerable<RecoveryRun> ListRecentAsync(int most, int? before, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (await numbers.NewestAsync(Index, cancellation) is not { } newest)
        {
            yield break;
        }

        newest = before is { } below && below <= newest ? below - 1 : newest;
        for (var number = newest; number > newest - most && number > 0; number--)
        {
            if (await FindAsync($"R-{number}", cancellation) is { } found)
            {
                yield return found;
            }
        }
    }

    /// <summary>How a recovery would go now, with what earlier ones say of it.</summary>
    /// <param name="strategyId">The strategy.</param>
    /// <param name="workers">How many steps run at the same time; null for what the plan says.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="KeyNotFoundException">The plan has no such strategy.</exception>
    public async Task<RecoveryForecast> ForecastAsync(string strategyId, int? workers, CancellationToken cancellation)
    {
        var strategy = Strategy(strategyId);
        return RecoveryForecast.Of(strategy, plan.Current.FindService(strategy.Service)!, workers ?? strategy.Workers, await DurationsAsync(strategyId, cancellation));
    }

    /// <summary>Which snapshot each restore step would restore.</summary>
    /// <exception cref="KeyNotFoundException">The plan has no such strategy.</exception>
    /// <exception cref="NoRecoveryPointException">No proven snapshot serves the point in time; the message names the nearest that do.</exception>
    public Task<IReadOnlyDictionary<string, RecoverySource>> SourcesAsync(string strategyId, DateTimeOffset? at, string? copy, CancellationToken cancellation) =>
        SourcesAsync(Strategy(strategyId), at, copy, cancellation);

    /// <summary>Takes a person's decision on a step. It is durable when the task completes.</summary>
    /// <returns>The recovery afterwards; null where there is none.</returns>
    /// <param name="id">The recovery.</param>
    /// <param name="stepId">The step.</param>
    /// <param name="decision">What.</param>
    /// <param name="person">Who; null for the operator of the machine.</param>
    /// <param name="comment">Why.</param>
    /// <param name="cancellation">Gives up waiting; it may have been taken.</param>
    /// <exception cref="RecoveryForbiddenException">The person may not decide this.</exception>
    /// <exception cref="RecoveryStateException">It is not to be decided now.</exception>
    /// <exception cref="KeyNotFoundException">There is no such step.</exception>
    public Task<RecoveryRun?> DecideAsync(string id, string stepId, StepDecision decision, Person? person, string? comment, CancellationToken cancellation) =>
        ChangeAsync(id, run => Decide(run, stepId, decision, person, comment), cancellation);

    /// <summary>Takes a person's decision on a recovery as a whole. It is durable when the task completes.</summary>
    /// <returns>The recovery afterwards; null where there is none.</returns>
    /// <exception cref="RecoveryStateException">It is not to be decided now.</exception>
    public async Task<RecoveryRun?> DecideAsync(string id, RecoveryDecision decision, string by, string comment, CancellationToken cancellation)
    {
        var generation = 0;
        if (decision == RecoveryDecision.Resume && await FindAsync(id, cancellation) is { } stuck)
        {
            if (!stuck.IsOpen || await workflows.GetAsync(stuck.Workflow, cancellation) is not { State: WorkflowState.Failed })
            {
                throw new RecoveryStateException(stuck.IsOpen ? $"The workflow of {id} has not given up: there is nothing to resume." : $"{id} is over.");
            }

            generation = stuck.Generation;
        }

        return await ChangeAsync(
            id,
            run => decision switch
            {
                RecoveryDecision.Abort => RecoveryMoves.Abort(run, by, comment, time.GetUtcNow()),
                RecoveryDecision.Confirm => RecoveryMoves.Settle(run, isWell: true, by, comment, time.GetUtcNow()),
                RecoveryDecision.Revert => RecoveryMoves.Settle(run, isWell: false, by, comment, time.GetUtcNow()),

                // Two who resume it at the same time start one workflow: a second one would do every step beside the first.
                _ when run.Generation != generation => run,
                _ => (run with { Generation = run.Generation + 1 }).Note(time.GetUtcNow(), by, $"Resumed. {comment}".TrimEnd()),
            },
            cancellation);
    }

    /// <summary>
    /// Mends what a crash or an outage may have left: a recovery without its workflow is started, one whose decision did not reach its workflow is woken. One that
    /// cannot be read holds up no other.
    /// </summary>
    public Task SweepAsync(CancellationToken cancellation) =>
        EachAsync.RunAsync(
            records.ListAsync<RecoveryRef>(Tables.RecoveryIndex, Index, RowRange.Prefix("open_"), cancellation),
            async row =>
            {
                if (await FindAsync(row.Value.Recovery, cancellation) is { IsOpen: true } run)
                {
                    await ContinueAsync(run, cancellation);
                    await WakeAsync(run, cancellation);
                }
            });

    /// <summary>Changes a recovery by a rule, and wakes its workflow.</summary>
    /// <returns>The recovery afterwards; null where there is none.</returns>
    internal async Task<RecoveryRun?> ChangeAsync(string id, Func<RecoveryRun, RecoveryRun> change, CancellationToken cancellation)
    {
        var changed = await MoveAsync(id, change, cancellation);
        if (changed is { IsOpen: true })
        {
            await ContinueAsync(changed, cancellation);
            await WakeAsync(changed, cancellation);
        }

        return changed;
    }

    /// <summary>Changes a recovery by a rule.</summary>
    /// <returns>The recovery afterwards; null where there is none.</returns>
    internal Task<RecoveryRun?> MoveAsync(string id, Func<RecoveryRun, RecoveryRun> change, CancellationToken cancellation) =>
        records.ChangeAsync<RecoveryRun>(
            Tables.Recoveries, id, Row, run => run is null || change(run) is var changed && changed == run ? null : changed, cancellation);

    /// <summary>It is over: others by its strategy may begin.</summary>
    internal async Task ReleaseAsync(RecoveryRun run, CancellationToken cancellation)
    {
        foreach (var source in run.Steps.Select(static step => step.Source).OfType<RecoverySource>())
        {
            if (await retention.FindHoldAsync(source.Snapshot, cancellation) is { } hold && hold.Reason == HoldReason(run.Id))
            {
                _ = await retention.ReleaseAsync(source.Snapshot, cancellation);
            }
        }

        var writes = new List<RecordWrite> { RecordWrite.Delete("open_" + run.Id) };
        if (await records.FindAsync<RecoveryRef>(Tables.RecoveryIndex, Index, LiveRow(run), cancellation) is { } occupied && occupied.Value.Recovery == run.Id)
        {
            writes.Add(RecordWrite.Delete(LiveRow(run)));
        }

        _ = await records.WriteAsync(Tables.RecoveryIndex, Index, writes, cancellation);
    }

    private RecoveryRun Decide(RecoveryRun run, string stepId, StepDecision decision, Person? person, string? comment)
    {
        _ = run.Step(stepId);
        var isVote = decision is StepDecision.Approve or StepDecision.Reject;
        if ((isVote ? RecoveryMoves.MayVote(run, stepId, person) : RecoveryMoves.MayAct(run, stepId, person)) is { } refusal)
        {
            throw new RecoveryForbiddenException(refusal);
        }

        var (by, now) = (person?.Id ?? "operator", time.GetUtcNow());
        return decision switch
        {
            StepDecision.Confirm => RecoveryMoves.Confirm(run, stepId, by, comment, now),
            StepDecision.Retry => RecoveryMoves.Retry(run, stepId, by, now),
            StepDecision.Skip => RecoveryMoves.Skip(run, stepId, by, comment ?? "", now),
            _ => RecoveryMoves.Vote(run, stepId, new GateVote(by, decision == StepDecision.Approve, comment, now)),
        };
    }

    private async IAsyncEnumerable<RecoveryRun> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in records.ListAsync<RecoveryRef>(Tables.RecoveryIndex, Index, RowRange.Prefix(prefix), cancellation))
        {
            if (await FindAsync(row.Value.Recovery, cancellation) is { } run)
            {
                yield return run;
            }
        }
    }

    private async Task<IReadOnlyDictionary<string, RecoverySource>> SourcesAsync(RecoveryStrategy strategy, DateTimeOffset? at, string? copy, CancellationToken cancellation)
    {
        var sources = new Dictionary<string, RecoverySource>(StringComparer.Ordinal);
        foreach (var step in strategy.Steps.Where(static step => step.Kind == RecoveryStepKind.Restore))
        {
            sources[step.Id] = await snapshots.SourceAsync(step.Restore!.Backup, at, copy, cancellation);
        }

        return sources;
    }

    private async Task<IReadOnlyDictionary<string, TimeSpan>> DurationsAsync(string strategy, CancellationToken cancellation) =>
        RecoveryHistory.Durations(strategy, await ListAsync(cancellation).Where(run => run.Script.Strategy == strategy && run.ClosedAt is not null).ToListAsync(cancellation));

    private Task<bool> ContinueAsync(RecoveryRun run, CancellationToken cancellation) =>
        run.IsOpen ? workflows.StartAsync(RecoveryWorkflows.Recover, run.Workflow, new RecoveryRef(run.Id), cancellation) : Task.FromResult(false);

    /// <summary>Wakes whatever waits for a person although there is something else to do: only these, since an event is kept until somebody waits for it.</summary>
    private async Task WakeAsync(RecoveryRun run, CancellationToken cancellation)
    {
        foreach (var step in RecoveryMoves.ToWake(run))
        {
            await workflows.RaiseAsync(run.Workflow, RecoveryWorkflows.Woken(step), cancellation);
        }

        if (run is { State: RecoveryState.Recovered, Ending: not null })
        {
            await workflows.RaiseAsync(run.Workflow, RecoveryWorkflows.Settled, cancellation);
        }
    }

    private RecoveryStrategy Strategy(string id) =>
        plan.Current.Recovery.Find(id)
        ?? throw new KeyNotFoundException($"The plan has no recovery strategy '{id}'. {Nearest.Hint(id, plan.Current.Recovery.Strategies.Select(static one => one.Id))}".TrimEnd());

    private static string LiveRow(RecoveryRun run) => "live_" + run.Script.Strategy;

    private static string HoldReason(string id) => $"Recovery {id} restores from it.";
}
