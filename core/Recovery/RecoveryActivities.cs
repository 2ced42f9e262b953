using Maintenance.Actions;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Notifications;
using Maintenance.Plan;

namespace Maintenance.Recovery;

/// <summary>The steps of the recovery workflow. Each may run twice; what the record says is done is not done again.</summary>
public sealed class RecoveryActivities(
    RecoveryService recoveries,
    DrillService drills,
    BackupRepositories repositories,
    ISnapshotPlaces places,
    ActionService actions,
    ActivePlan plan,
    NotificationService notifications,
    OperationProgress progress,
    BackupFolders folders,
    BackupPieces pieces,
    TimeProvider time)
{
    /// <summary>Tells people that it begins; what is to be done.</summary>
    public async Task<RecoveryOrder> BeginAsync(RecoveryRef recovery, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(recovery);
        var run = await RequireAsync(recovery.Recovery, cancellation);
        var points = string.Concat(run.Steps.Where(static step => step.Source is not null).Select(step => $"\n{run.Script.Step(step.Id).Name}: {step.Source!.Snapshot}, as of {step.Source.RecoveryPoint:u}"));
        await TellAsync(run, "begin", $"{Word(run)} of {ServiceName(run)} has begun", $"Activated by {run.StartedBy}: {run.Reason}{points}", run.Script.Notify, cancellation);
        return new RecoveryOrder(run.Script.Workers, [.. run.Script.Steps.Select(static step => new OrderedStep(step.Id, step.After))], run.Fault is not null);
    }

    /// <summary>Looks what is to be done with a step; tells people where it waits for one.</summary>
    public async Task<StepTurn> TakeAsync(RecoveryStepRef reference, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var turn = StepTurn.Stop;
        var run = await MoveAsync(
            reference.Recovery,
            run =>
            {
                (run, turn) = RecoveryMoves.Take(run, reference.Step, time.GetUtcNow());
                return run;
            },
            cancellation);
        var (step, plan) = (run.Step(reference.Step), run.Script.Step(reference.Step));
        if (turn == StepTurn.Wait && step.State == RecoveryStepState.Waiting)
        {
            var whom = plan.Gate is { } gate ? gate.Approvers : [plan.Owner];
            var sop = plan.Sop is null ? "" : $"\nHow: {plan.Sop}";
            await TellAsync(run, $"{step.Id}/waits-{reference.Reminder}", $"{run.Id} waits: {plan.Name}", $"It waits for {RecoveryMoves.Whom(plan)} since {step.StartedAt:u}.{sop}", whom, cancellation);
        }
        else if (turn == StepTurn.Wait && reference.Reminder > 0)
        {
            await TellAsync(run, $"{step.Id}/failed-{step.Attempts}-{reference.Reminder}", $"{run.Id} still stands: {plan.Name} failed", $"{step.Result}\nTry it again, leave it out, or abort.", [plan.Owner, .. run.Script.Notify], cancellation);
        }

        return turn;
    }

    /// <summary>Does a machine's step, or the next piece of one that takes long: it is taken again until it has ended.</summary>
    /// <exception cref="RecoveryStepException">It did not come out well.</exception>
    public async Task<RecoveryStepRef> RunAsync(RecoveryStepRef reference, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var run = await RequireAsync(reference.Recovery, cancellation);
        if (run.State != RecoveryState.Running || run.Step(reference.Step).State != RecoveryStepState.Running)
        {
            return reference;
        }

        if (run.Step(reference.Step).Pieces is null)
        {
            run = await MoveAsync(reference.Recovery, found => RecoveryMoves.Begin(found, reference.Step), cancellation);
        }

        var step = run.Script.Step(reference.Step);
        var result = step.Kind switch
        {
            RecoveryStepKind.Restore => await RestoreAsync(run, step, cancellation),
            RecoveryStepKind.Action => await ActAsync(run, step, cancellation),
            RecoveryStepKind.Check => await CheckAsync(run, step, cancellation),
            _ => await CutOverAsync(run, step, cancellation),
        };
        if (result is not null)
        {
            _ = await MoveAsync(reference.Recovery, found => RecoveryMoves.Finish(found, reference.Step, result, time.GetUtcNow()), cancellation);
        }

        return reference;
    }

    /// <summary>Notes that a step failed, and tells people.</summary>
    public async Task<RecoveryStepRef> FailAsync(RecoveryStepFailure failure, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var (id, stepId) = (failure.Step.Recovery, failure.Step.Step);
        var reason = failure.Reason.Length > 2000 ? failure.Reason[..2000] + "…" : failure.Reason;
        var run = await recoveries.ChangeAsync(id, found => RecoveryMoves.Fail(found, stepId, reason, time.GetUtcNow()), cancellation) ?? throw Missing(id);
        var step = run.Script.Step(stepId);
        if (run.State == RecoveryState.Running)
        {
            var live = run.Steps.Any(static step => step.SwappedAt is not null)
                ? "What was restored is live already, in part at least; aborting the recovery brings the old data back."
                : "The live side is as it was.";
            await TellAsync(run, $"{stepId}/failed-{run.Step(stepId).Attempts}", $"{run.Id}: {step.Name} failed", $"{reason}\n{live} Try the step again, leave it out, or abort the recovery.", [step.Owner, .. run.Script.Notify], cancellation);
        }

        return failure.Step;
    }

    /// <summary>Notes that the steps have ended; whether a person is waited for to settle it.</summary>
    public async Task<StepTurn> SettleAsync(RecoveryRef recovery, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(recovery);
        var run = await MoveAsync(recovery.Recovery, found => RecoveryMoves.EndSteps(found, time.GetUtcNow()), cancellation);
        if (run.Ending is not null)
        {
            return StepTurn.Done;
        }

        await TellAsync(run, $"recovered-{recovery.Reminder}", $"{run.Id}: {ServiceName(run)} runs again", "The old data are kept aside. Look whether all is well, then confirm it; or revert to the old data.", run.Script.Notify, cancellation);
        return StepTurn.Wait;
    }

    /// <summary>Puts away what is no longer needed, measures, and closes.</summary>
    public async Task<RecoveryState> CloseAsync(RecoveryRef recovery, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(recovery);
        var run = await RequireAsync(recovery.Recovery, cancellation);
        if (run.IsOpen)
        {
            var lines = run.Kind == RecoveryKind.Drill ? RemoveScratch(run) : await PutAwayAsync(run, cancellation);
            run = await MoveAsync(run.Id, found => RecoveryMoves.Close(found, lines, time.GetUtcNow()), cancellation);
        }

        await drills.NoteAsync(run, cancellation);
        await recoveries.ReleaseAsync(run, cancellation);
        await TellAsync(run, "closed", $"{Word(run)} {run.Id} of {ServiceName(run)}: {run.State.ToString().ToLowerInvariant()}", $"{run.Ending!.Reason}\n{RecoveryText.Measures(run.Measures!)}".Trim(), run.Script.Notify, cancellation);
        return run.State;
    }

    private async Task<string?> RestoreAsync(RecoveryRun run, RecoveryStep step, CancellationToken cancellation)
    {
        StoreWithoutAPack? faulty = null;
        var repository = run.Fault == DrillFault.MissingPack
            ? await repositories.OpenAsync(run.Copy, store => faulty = new StoreWithoutAPack(store), cancellation)
            : await repositories.OpenAsync(run.Copy, cancellation);
        try
        {
            return await RestoreAsync(repository, run, step, cancellation);
        }
        catch (Exception error) when (faulty?.Missing is { } pack && error.Message.Contains(pack, StringComparison.Ordinal))
        {
            // A full disk would fail it as well: the drill passes only where it is the pack that was missed.
            _ = await MoveAsync(run.Id, found => found.With(found.Step(step.Id) with { IsFaultNoticed = true }), cancellation);
            throw;
        }
    }

    private async Task<string?> RestoreAsync(BackupRepository repository, RecoveryRun run, RecoveryStep step, CancellationToken cancellation)
    {
        var source = run.Step(step.Id).Source!;
        var snapshot = await repository.FindAsync(source.Snapshot, cancellation) ?? throw new RecoveryStepException($"The snapshot '{source.Snapshot}' is gone.");
        var report = run.Kind == RecoveryKind.Recovery && step.Restore!.Place is { } place
            ? await RestoreToPlaceAsync(repository, snapshot, run, step, place, cancellation)
            : await RestoreToFolderAsync(repository, snapshot, run, step, cancellation);
        return report is null ? null : $"{report.Files} files, {report.Bytes} bytes of {snapshot.Id} restored to {report.Target}.";
    }

    /// <returns>What was done with all pieces; null where there are more to do.</returns>
    private async Task<RestoreReport?> RestoreToPlaceAsync(BackupRepository repository, Snapshot snapshot, RecoveryRun run, RecoveryStep step, string name, CancellationToken cancellation)
    {
        await using var place = await places.OpenTargetAsync(name, cancellation) ?? throw new RecoveryStepException($"This host knows no place '{name}'.");
        var before = run.Step(step.Id).Pieces ?? new RestoredPieces(RestoreCursor.Start, 0, 0);
        var piece = new PlacePiece(before.Next, null, $"{run.Id}/{step.Id}", pieces.Begin(time));
        var (done, next) = await progress.RunAsync(run.Workflow, meter => repository.RestoreAsync(snapshot, place, [], piece, meter, cancellation));
        var report = Whole(done) with { Files = before.Files + done.Files, Bytes = before.Bytes + done.Bytes };
        if (next is null)
        {
            return report;
        }

        var so = new RestoredPieces(next, report.Files, report.Bytes);
        _ = await MoveAsync(run.Id, found => found.With(found.Step(step.Id) with { Pieces = so }), cancellation);
        return null;
    }

    private async Task<RestoreReport> RestoreToFolderAsync(BackupRepository repository, Snapshot snapshot, RecoveryRun run, RecoveryStep step, CancellationToken cancellation)
    {
        var isolated = Isolated(run, step);
        var report = Whole(await progress.RunAsync(run.Workflow, meter => IsolatedRestore.RunAsync(repository, snapshot, isolated, folders.Workers, meter, cancellation)));
        _ = await MoveAsync(run.Id, found => found.With(found.Step(step.Id) with { Isolated = isolated }), cancellation);
        return report;
    }

    private async Task<string> ActAsync(RecoveryRun run, RecoveryStep step, CancellationToken cancellation)
    {
        var restored = RestoredOf(run, step);
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["recovery"] = run.Id,
            ["kind"] = run.Kind.ToString().ToLowerInvariant(),
            ["strategy"] = run.Script.Strategy,
            ["service"] = run.Service,
            ["step"] = step.Id,
        };
        if (restored is { } source)
        {
            facts["snapshot"] = source.Snapshot;
            facts["restored"] = source.Where;
        }

        var folder = restored is { IsFolder: true } found ? found.Where : null;
        var report = await actions.RunAsync(step.Action!, new ActionOrder($"{run.Id}/{step.Id}", run.Step(step.Id).Attempts, facts, folder), cancellation);
        return report.IsGood ? $"{step.Action}: {(report.Said.Length == 0 ? "done." : report.Said)}" : throw new RecoveryStepException($"{step.Action}: {report.Said}");
    }

    private async Task<string> CheckAsync(RecoveryRun run, RecoveryStep step, CancellationToken cancellation)
    {
        var folder = RestoredOf(run, step) is { IsFolder: true } restored ? restored.Where : null;
        if (folder is not null && !Directory.Exists(folder))
        {
            throw new RecoveryStepException($"'{folder}' is not on this machine. Where several instances of a host share the steps, the restored folders must lie on a share that all of them have mounted.");
        }

        var check = step.Check!;
        if (RecoveryMoves.BrokenCheck(run)?.Id == step.Id)
        {
            check = InjectedFault.Break(check, folder);
        }

        var wrong = await actions.CheckAsync(check, folder, cancellation);
        return wrong.Count == 0 ? $"{step.Check}: as it should be." : throw new RecoveryStepException(string.Join(' ', wrong));
    }

    /// <summary>Every folder that was restored before the gate takes the live one's place. Each is recorded as it is done.</summary>
    private async Task<string> CutOverAsync(RecoveryRun run, RecoveryStep gate, CancellationToken cancellation)
    {
        var before = StepGraph.Before(run.Script.Steps, gate.Id);
        var done = new List<string>();
        foreach (var step in run.Script.Steps.Where(step => before.Contains(step.Id) && step.Restore?.Live is not null))
        {
            var swap = Swap(run, step);
            if (run.Step(step.Id).SwappedAt is null)
            {
                run = await NoteSwapAsync(run, step, swap.CutOver(), cancellation);
            }

            swap.RemoveMark();
            done.Add(step.Restore!.Live!);
        }

        return done.Count == 0 ? "Approved." : $"Approved and cut over: {string.Join(", ", done)}.";
    }

    private Task<RecoveryRun> NoteSwapAsync(RecoveryRun run, RecoveryStep step, bool hadLive, CancellationToken cancellation) => MoveAsync(
        run.Id,
        found => found.With(found.Step(step.Id) with { SwappedAt = time.GetUtcNow(), Isolated = null, Aside = hadLive ? Aside(run, step) : null })
            .Note(time.GetUtcNow(), "system", $"{step.Restore!.Live} is what was restored from {found.Step(step.Id).Source!.Snapshot}{(hadLive ? $"; the old data are kept at {Aside(run, step)}" : "; there was nothing before")}.", step.Id),
        cancellation);

    /// <summary>Whatever the recovery left beside the live data: taken back, or removed, as it ends.</summary>
    private async Task<List<string>> PutAwayAsync(RecoveryRun run, CancellationToken cancellation)
    {
        var lines = new List<string>();
        foreach (var step in run.Script.Steps.Where(static step => step.Restore?.Live is not null))
        {
            var isolated = Isolated(run, step);
            Remove(IsolatedRestore.PartialOf(isolated), lines);
            var swap = Swap(run, step);
            if (run.Step(step.Id).SwappedAt is null && swap.IsBegun)
            {
                // A cut-over that a crash cut off may not be recorded: what lies under the restored folder's name could then be the live data. It is seen to its end,
                // and recorded, before it is taken back: half taken back, nobody could tell how far it had come.
                run = await NoteSwapAsync(run, step, swap.CutOver(), cancellation);
            }

            var state = run.Step(step.Id);
            if (state.SwappedAt is null)
            {
                Remove(isolated, lines);
            }
            else if (run.Ending!.State == RecoveryState.Completed)
            {
                Remove(Aside(run, step), lines);
            }
            else
            {
                var reverted = step.Restore!.RevertedIn(run.Id);
                swap.Revert(reverted, state.Aside is not null);
                lines.Add($"{step.Restore.Live} is {(state.Aside is not null ? "what it was before" : "empty again")}; what was restored, with what was written to it since, lies at {reverted}.");
            }
        }

        foreach (var step in run.Script.Steps.Where(step => step.Restore?.Place is not null && run.Step(step.Id).Attempts > 0 && run.Ending!.State != RecoveryState.Completed))
        {
            lines.Add($"What was restored to {step.Restore!.Place} is still there: empty it before it is restored to again.");
        }

        return lines;
    }

    private List<string> RemoveScratch(RecoveryRun run)
    {
        var lines = new List<string>();
        Remove(ScratchOf(run), lines);
        return lines;
    }

    /// <summary>What cannot be removed is told, and keeps nothing from its end.</summary>
    private static void Remove(string folder, List<string> lines)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        try
        {
            ScratchFolders.Remove(folder);
            lines.Add($"{folder} was removed.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            lines.Add($"{folder} could not be removed, do so by hand: {error.Message}");
        }
    }

    /// <summary>What the restore step that a step looks into has restored; null where there is none.</summary>
    private static Restored? RestoredOf(RecoveryRun run, RecoveryStep step)
    {
        var before = StepGraph.Before(run.Script.Steps, step.Id);
        var restores = run.Script.Steps.Where(other => other.Restore is not null && (step.Of is null ? before.Contains(other.Id) : other.Id == step.Of)).ToList();
        if (restores.Count != 1)
        {
            return null;
        }

        var (restore, state) = (restores[0].Restore!, run.Step(restores[0].Id));
        return state switch
        {
            { SwappedAt: not null } => new Restored(state.Source!.Snapshot, restore.Live!, true),
            { Isolated: { } isolated } => new Restored(state.Source!.Snapshot, isolated, true),
            _ => restore.Place is { } place ? new Restored(state.Source!.Snapshot, place, false) : null,
        };
    }

    private static RestoreReport Whole(RestoreReport report) =>
        report.LossCount == 0 ? report
            : throw new RecoveryStepException($"{report.LossCount} entries of {report.Snapshot} could not be restored: {string.Join("; ", report.Losses.Take(5))}{(report.LossCount > 5 ? "; …" : "")}");

    private FolderSwap Swap(RecoveryRun run, RecoveryStep step) => new(step.Restore!.Live!, Isolated(run, step), Aside(run, step), $".recovery-{run.Id}-{step.Id}");

    private string Isolated(RecoveryRun run, RecoveryStep step) =>
        run.Kind == RecoveryKind.Drill || step.Restore!.Live is null ? Path.Join(ScratchOf(run), step.Id) : $"{step.Restore.Live}.recovery-{run.Id}-{step.Id}";

    private static string Aside(RecoveryRun run, RecoveryStep step) => step.Restore!.AsideIn(run.Id);

    private string ScratchOf(RecoveryRun run) => Path.Join(folders.Scratch, run.Id);

    private async Task<RecoveryRun> RequireAsync(string id, CancellationToken cancellation) => await recoveries.FindAsync(id, cancellation) ?? throw Missing(id);

    private async Task<RecoveryRun> MoveAsync(string id, Func<RecoveryRun, RecoveryRun> move, CancellationToken cancellation) =>
        await recoveries.MoveAsync(id, move, cancellation) ?? throw Missing(id);

    private static InvalidOperationException Missing(string id) => new($"There is no recovery '{id}'.");

    private string ServiceName(RecoveryRun run) => plan.Current.FindService(run.Service)?.Name ?? run.Service;

    private static string Word(RecoveryRun run) => run.Kind == RecoveryKind.Drill ? "Drill" : "Recovery";

    private async Task TellAsync(RecoveryRun run, string about, string subject, string text, IEnumerable<string> recipients, CancellationToken cancellation)
    {
        // A drill can wait until the morning; whoever is needed to bring a service back cannot.
        var notification = new Notification($"recovery/{run.Id}/{about}", subject, text, "/recovery/" + run.Id) { Category = "recovery", IsUrgent = run.Kind == RecoveryKind.Recovery };
        await notifications.NotifyAsync(plan.Current, notification, recipients, [], cancellation);
    }

    private sealed record Restored(string Snapshot, string Where, bool IsFolder);
}

/// <summary>A step did not come out well, for a reason that people are told.</summary>
public sealed class RecoveryStepException(string message) : Exception(message);
