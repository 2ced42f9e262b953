using Maintenance.Actions;
using Maintenance.Backups;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Windows;

namespace Maintenance.Rollouts;

/// <summary>The steps of the rollout workflow. Each may run twice; what the record says is done is not done again.</summary>
public sealed class RolloutActivities(
    RolloutService rollouts,
    BackupService backups,
    BackupRepositories repositories,
    RetentionService retention,
    ActionService actions,
    ActivePlan plan,
    NotificationService notifications,
    OperationProgress progress,
    BackupFolders folders,
    TimeProvider time)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(1);

    /// <summary>Looks what is next; tells people of what has changed.</summary>
    public async Task<RolloutTurn> TakeAsync(RolloutRef rollout, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var turn = new RolloutTurn();
        var other = await OtherAsync(await RequireAsync(rollout.Patch, cancellation), cancellation);
        var run = await MoveAsync(
            rollout.Patch,
            run =>
            {
                var now = time.GetUtcNow();
                (run, turn) = other is not null && RolloutMoves.WouldBegin(run, Fit, now) ? RolloutMoves.WaitFor(run, run.Current!.Id, other, now) : RolloutMoves.Next(run, Fit, now);
                return run;
            },
            cancellation);
        if (!run.IsOpen)
        {
            await EndAsync(run, cancellation);
        }
        else
        {
            await TellNewsAsync(run, cancellation);
        }

        return turn;
    }

    /// <summary>The request whose rollout is in the ring that this one would begin; null where there is none, and the ring is this one's.</summary>
    private async Task<string?> OtherAsync(RolloutRun run, CancellationToken cancellation) =>
        RolloutMoves.WouldBegin(run, Fit, time.GetUtcNow()) ? await rollouts.OccupyAsync(run.Patch, run.Current!.Id, cancellation) : null;

    /// <summary>Does a piece of work.</summary>
    /// <exception cref="RolloutWorkException">It did not come out well.</exception>
    public async Task<RolloutWorkRef> RunAsync(RolloutWorkRef work, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(work);
        var run = await RequireAsync(work.Patch, cancellation);
        if (!RolloutMoves.IsAt(run, work.Ring, work.Work))
        {
            return work;
        }

        await (work.Work switch
        {
            RolloutWork.Backup => BackUpAsync(run, work.Ring, cancellation),
            RolloutWork.Apply => ApplyAsync(run, work.Ring, cancellation),
            RolloutWork.Probe => ProbeAsync(run, work.Ring, cancellation),
            _ => UndoAsync(run, work.Ring, cancellation),
        });
        return work;
    }

    /// <summary>Notes that work failed, and tells everybody.</summary>
    public async Task<RolloutRef> FailAsync(RolloutFailure failure, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var reason = failure.Reason.Length > 2000 ? failure.Reason[..2000] + "…" : failure.Reason;
        var run = await MoveAsync(failure.Work.Patch, found => RolloutMoves.Fail(found, failure.Work.Ring, failure.Work.Work, reason, time.GetUtcNow()), cancellation);
        await TellNewsAsync(run, cancellation);
        return new RolloutRef(run.Patch);
    }

    /// <summary>
    /// Starts the ring's backups, or looks how they stand. One that was under way before the ring began is no fresh one: it may have read what it was to hold before
    /// somebody's last entry.
    /// </summary>
    private async Task BackUpAsync(RolloutRun run, string ringId, CancellationToken cancellation)
    {
        var ring = run.Ring(ringId);
        var known = ring.Backups.ToDictionary(static backup => backup.Policy, StringComparer.Ordinal);
        foreach (var policy in run.Plan(ringId).Backups)
        {
            if (!known.TryGetValue(policy, out var taken))
            {
                var started = await backups.StartAsync(policy, cancellation);
                if (started.ClaimedAt >= ring.StartedAt)
                {
                    known[policy] = new RingBackup(policy, started.Id, IsProven: false);
                }
            }
            else if (!taken.IsProven)
            {
                var found = await backups.FindRunAsync(taken.Run, cancellation);
                known[policy] = found?.State switch
                {
                    BackupRunState.Proven => await HoldAsync(run, taken, cancellation),
                    BackupRunState.Running => taken,
                    _ => throw new RolloutWorkException($"The backup {taken.Run} is {found?.State.ToString().ToLowerInvariant() ?? "gone"}: {string.Join("; ", found?.Problems ?? [])}"),
                };
            }
        }

        var now = time.GetUtcNow();
        var wait = TimeSpan.FromTicks(Math.Clamp((now - (ring.StartedAt ?? now)).Ticks / 4, FirstLook.Ticks, LongestLook.Ticks));
        _ = await MoveAsync(
            run.Patch, found => RolloutMoves.IsAt(found, ringId, RolloutWork.Backup) ? RolloutMoves.BackedUp(found, ringId, [.. known.Values], now + wait, now) : found, cancellation);
    }

    private async Task ApplyAsync(RolloutRun run, string ringId, CancellationToken cancellation)
    {
        run = await MoveAsync(run.Patch, found => RolloutMoves.BeginApply(found, ringId), cancellation);
        var (ring, plan) = (run.Ring(ringId), run.Plan(ringId));
        foreach (var target in ring.Parts.Except(ring.Applied))
        {
            // Before each: a person may have stopped it, its window may be over, a freeze may have come. The next look says what then.
            run = await MoveAsync(run.Patch, found => RolloutMoves.IsInTime(found, ringId, Fit, time.GetUtcNow()) ? RolloutMoves.Touch(found, ringId, target) : found, cancellation);
            if (!RolloutMoves.IsAt(run, ringId, RolloutWork.Apply) || !run.Ring(ringId).Touched.Contains(target) || !RolloutMoves.IsInTime(run, ringId, Fit, time.GetUtcNow()))
            {
                return;
            }

            var report = await actions.RunAsync(plan.Apply, Order(run, ring, target, "apply", ring.Attempts), cancellation);
            if (!report.IsGood)
            {
                throw new RolloutWorkException($"{plan.Apply}{(target.Length == 0 ? "" : " for " + target)}: {report.Said}");
            }

            _ = await MoveAsync(run.Patch, found => RolloutMoves.AppliedTo(found, ringId, target, report.Said, time.GetUtcNow()), cancellation);
        }

        _ = await MoveAsync(run.Patch, found => RolloutMoves.Applied(found, ringId, time.GetUtcNow()), cancellation);
    }

    private async Task ProbeAsync(RolloutRun run, string ringId, CancellationToken cancellation)
    {
        var wrong = new List<string>();
        foreach (var probe in run.Plan(ringId).Probes)
        {
            wrong.AddRange(await actions.CheckAsync(probe, null, cancellation));
        }

        _ = wrong.Count == 0
            ? await MoveAsync(run.Patch, found => RolloutMoves.Probed(found, ringId, time.GetUtcNow()), cancellation)
            : throw new RolloutWorkException(string.Join(' ', wrong));
    }

    /// <summary>The plan's own way back first, then the backups: each policy's folder is again what it was, and what it was meanwhile is kept aside.</summary>
    private async Task UndoAsync(RolloutRun run, string ringId, CancellationToken cancellation)
    {
        run = await MoveAsync(run.Patch, found => RolloutMoves.BeginUndo(found, ringId), cancellation);
        var (ring, plan) = (run.Ring(ringId), run.Plan(ringId));
        if (plan.Undo is { } undo)
        {
            foreach (var target in ring.Touched.Reverse())
            {
                var report = await actions.RunAsync(undo, Order(run, ring, target, "undo", ring.UndoAttempts), cancellation);
                if (!report.IsGood)
                {
                    throw new RolloutWorkException($"{undo}{(target.Length == 0 ? "" : " for " + target)}: {report.Said}");
                }

                _ = await MoveAsync(run.Patch, found => RolloutMoves.UndoneAt(found, ringId, target, report.Said, time.GetUtcNow()), cancellation);
            }
        }

        if (plan.RestoresBackups)
        {
            foreach (var backup in ring.Backups)
            {
                await RestoreAsync(run, ring, backup, cancellation);
            }
        }

        _ = await MoveAsync(run.Patch, found => RolloutMoves.Undone(found, ringId, time.GetUtcNow()), cancellation);
    }

    private async Task RestoreAsync(RolloutRun run, RingRun ring, RingBackup backup, CancellationToken cancellation)
    {
        var source = plan.Current.FindBackup(backup.Policy)?.Source ?? throw new RolloutWorkException($"The plan no longer has the backup policy '{backup.Policy}', so nobody knows where {backup.Run} belongs.");
        if (source is not { Kind: BackupSourceKind.Folder, Location: var live })
        {
            // The plan's own way back has been given the snapshot's id.
            return;
        }

        var name = $"{run.Patch}-{ring.Id}";
        var (isolated, aside) = ($"{live}.rollback-{name}", $"{live}.patched-{name}");
        var swap = new FolderSwap(live, isolated, aside, $".rollback-{name}");
        if (ring.Restored.Contains(backup.Policy))
        {
            // Cut off between the record and this, it would stay in the live folder.
            swap.RemoveMark();
            return;
        }

        if (!swap.IsBegun)
        {
            var repository = await repositories.OpenAsync(cancellation);
            var snapshot = await repository.FindAsync(backup.Run, cancellation) ?? throw new RolloutWorkException($"The snapshot '{backup.Run}' is gone.");
            var report = await progress.RunAsync(run.Workflow, meter => IsolatedRestore.RunAsync(repository, snapshot, isolated, folders.Workers, meter, cancellation));
            if (report.LossCount > 0)
            {
                throw new RolloutWorkException($"{report.LossCount} entries of {backup.Run} could not be restored: {string.Join("; ", report.Losses.Take(5))}");
            }
        }

        var hadLive = swap.CutOver();
        var what = $"{live} is again what {backup.Run} holds{(hadLive ? $"; what it was meanwhile is kept at {aside}" : "")}.";
        _ = await MoveAsync(run.Patch, found => RolloutMoves.RestoredFrom(found, ring.Id, backup.Policy, what, time.GetUtcNow()), cancellation);
        swap.RemoveMark();
    }

    private async Task EndAsync(RolloutRun run, CancellationToken cancellation)
    {
        await ReleaseHoldsAsync(run, cancellation);
        var subject = run.State switch
        {
            RolloutState.Completed => $"{run.Patch} is rolled out: {run.Title}",
            RolloutState.RolledBack => $"{run.Patch} was rolled back: {run.Title}",
            _ => $"The rollout of {run.Patch} was aborted: {run.Title}",
        };
        await TellAsync(run, "ended", subject, string.Join('\n', run.Timeline.Select(static entry => $"{entry.At:u}  {entry.What}")), cancellation);

        // Last: until then the sweep looks after it.
        await rollouts.ReleaseAsync(run.Patch, cancellation);
    }

    /// <summary>The retention rules must not let go what a rollback would restore, however long the ring is watched.</summary>
    private async Task<RingBackup> HoldAsync(RolloutRun run, RingBackup backup, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        _ = await retention.HoldAsync(new SnapshotHold(backup.Run, HoldReason(run.Patch), "system", now, now.AddDays(30) + run.Script.Max(static ring => ring.Soak)), cancellation);
        return backup with { IsProven = true };
    }

    private async Task ReleaseHoldsAsync(RolloutRun run, CancellationToken cancellation)
    {
        foreach (var backup in run.Rings.SelectMany(static ring => ring.Backups))
        {
            if (await retention.FindHoldAsync(backup.Run, cancellation) is { } hold && hold.Reason == HoldReason(run.Patch))
            {
                _ = await retention.ReleaseAsync(backup.Run, cancellation);
            }
        }
    }

    private static string HoldReason(string patch) => $"The rollout of {patch} would roll back to it.";

    private WindowFit? Fit(IReadOnlyList<string> windows, DateTimeOffset ready, TimeSpan duration)
    {
        var current = plan.Current;
        return windows.All(id => current.Windows.Find(id) is not null) ? WindowCalendar.Fit(current.Windows, current.System.TimeZone, [.. windows], ready, duration) : null;
    }

    private static ActionOrder Order(RolloutRun run, RingRun ring, string target, string what, int attempt)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["patch"] = run.Patch, ["ring"] = ring.Id, ["service"] = run.Service, ["act"] = what };
        Add("target", target);
        Add("artifact", run.Artifact ?? "");
        Add("snapshots", string.Join(',', ring.Backups.Select(static backup => backup.Run)));
        return new ActionOrder(string.Join('/', new[] { run.Patch, ring.Id, what, target }.Where(static part => part.Length > 0)), attempt, facts);

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                facts[name] = value;
            }
        }
    }

    private async Task<RolloutRun> RequireAsync(string patch, CancellationToken cancellation) => await rollouts.FindAsync(patch, cancellation) ?? throw Missing(patch);

    private async Task<RolloutRun> MoveAsync(string patch, Func<RolloutRun, RolloutRun> move, CancellationToken cancellation) =>
        await rollouts.MoveAsync(patch, move, cancellation) ?? throw Missing(patch);

    private static InvalidOperationException Missing(string patch) => new($"There is no rollout of '{patch}'.");

    /// <summary>Tells people of what they were not told yet. Told and cut off before that is stored, they are told under the same name, which is not sent twice.</summary>
    private async Task TellNewsAsync(RolloutRun run, CancellationToken cancellation)
    {
        if (run.ToTell <= run.Told)
        {
            return;
        }

        var lines = run.Timeline.Skip(run.Told).Take(run.ToTell - run.Told).Select(static entry => entry.By == "system" ? entry.What : $"{entry.By}: {entry.What}").ToList();
        var subject = lines[^1].Length > 150 ? lines[^1][..150] + "…" : lines[^1];
        await TellAsync(run, $"line-{run.ToTell}", $"Rollout of {run.Patch}: {subject}", string.Join('\n', lines), cancellation);
        _ = await MoveAsync(run.Patch, found => found.Told < run.ToTell ? found with { Told = run.ToTell } : found, cancellation);
    }

    private async Task TellAsync(RolloutRun run, string about, string subject, string text, CancellationToken cancellation)
    {
        var ring = run is { IsOpen: true, Current: { } at } ? run.Plan(at.Id).Notify : run.Script.SelectMany(static one => one.Notify);
        var notification = new Notification($"rollout/{run.Patch}/{about}", subject, text, "/patches/" + run.Patch) { Category = "rollout", IsUrgent = run.State == RolloutState.Stuck };
        await notifications.NotifyAsync(plan.Current, notification, run.Notify.Concat(ring), [], cancellation);
    }
}

/// <summary>Work at a rollout did not come out well, for a reason that people are told.</summary>
public sealed class RolloutWorkException(string message) : Exception(message);
