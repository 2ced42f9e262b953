using Maintenance.Time;

namespace Maintenance.Rollouts;

/// <content>What work came to.</content>
public static partial class RolloutMoves
{
    private const int MostSaid = 300;

    /// <summary>The backups of a ring were looked at. All proven, the change begins, unless they took the whole window.</summary>
    public static RolloutRun BackedUp(RolloutRun run, string ringId, IReadOnlyList<RingBackup> backups, DateTimeOffset lookAt, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(backups);
        var (ring, plan) = (run.Ring(ringId), run.Plan(ringId));
        ring = ring with { Backups = backups, LookAt = lookAt };
        if (!plan.Backups.All(policy => backups.Any(backup => backup.Policy == policy && backup.IsProven)))
        {
            return run.With(ring);
        }

        return ring.SlotEnd <= now
            ? run.With(ring with { State = RingState.Pending, Backups = [], LookAt = null }).Note(now, System, $"{plan.Name}: the backups took the whole window, so it is put off.", ringId)
            : run.With(ring with { State = RingState.Applying, LookAt = null }).Note(now, System, $"{plan.Name}: proven backups {string.Join(", ", backups.Select(static backup => backup.Run))}.", ringId);
    }

    /// <summary>An attempt to apply begins: counted before the work.</summary>
    public static RolloutRun BeginApply(RolloutRun run, string ringId)
    {
        ArgumentNullException.ThrowIfNull(run);
        var ring = run.Ring(ringId);
        return IsAt(run, ringId, RolloutWork.Apply) ? run.With(ring with { Attempts = ring.Attempts + 1 }) : run;
    }

    /// <summary>The change begins at a target: stored before the work. Not where a person has stopped it since.</summary>
    public static RolloutRun Touch(RolloutRun run, string ringId, string target)
    {
        ArgumentNullException.ThrowIfNull(run);
        var ring = run.Ring(ringId);
        return !IsAt(run, ringId, RolloutWork.Apply) || ring.Touched.Contains(target) ? run : run.With(ring with { Touched = [.. ring.Touched, target] });
    }

    /// <summary>A target has the change.</summary>
    public static RolloutRun AppliedTo(RolloutRun run, string ringId, string target, string said, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var ring = run.Ring(ringId);
        return ring.Applied.Contains(target) ? run
            : run.With(ring with { Applied = [.. ring.Applied, target] }).Note(now, System, $"{run.Plan(ringId).Name}: applied{(target.Length == 0 ? "" : " to " + target)}.{Said(said)}", ringId);
    }

    /// <summary>Every target has the change.</summary>
    public static RolloutRun Applied(RolloutRun run, string ringId, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var ring = run.Ring(ringId);
        return ring.State != RingState.Applying || ring.Parts.Except(ring.Applied).Any() ? run : run.With(ring with { State = RingState.Probing, AppliedAt = now });
    }

    /// <summary>Every probe passed: it is watched, or done.</summary>
    public static RolloutRun Probed(RolloutRun run, string ringId, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (ring, plan) = (run.Ring(ringId), run.Plan(ringId));
        if (ring.State != RingState.Probing || run.State == RolloutState.Stopping)
        {
            // Whoever aborted it while it was probed wants the change gone.
            return run;
        }

        return ring.IsSoaked || plan.Soak == TimeSpan.Zero
            ? run.With(ring with { State = RingState.Done, EndedAt = now }).Note(now, System, $"{plan.Name}: done.", ringId)
            : run.With(ring with { State = RingState.Soaking, SoakUntil = now + plan.Soak }).Note(now, System, $"{plan.Name}: every probe passed; it is watched for {Durations.Format(plan.Soak)}.", ringId);
    }

    /// <summary>Work failed as often as it is tried. A change that may be there is taken back at once; a backup or a rollback that fails is a person's to look at.</summary>
    public static RolloutRun Fail(RolloutRun run, string ringId, RolloutWork work, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!IsAt(run, ringId, work))
        {
            return run;
        }

        var (ring, plan) = (run.Ring(ringId), run.Plan(ringId));
        return (work is RolloutWork.Apply or RolloutWork.Probe
            ? run.With(ring with { State = RingState.Undoing, Problem = reason }).Note(now, System, $"{plan.Name}: {(work == RolloutWork.Apply ? "could not be applied" : "a probe failed")}. {reason} It is rolled back.", ringId)
            : (run.With(ring with { Backups = work == RolloutWork.Backup ? [] : ring.Backups }) with { State = RolloutState.Stuck, Problem = reason })
                .Note(now, System, $"{plan.Name}: {(work == RolloutWork.Backup ? "no proven backup, so nothing was changed" : "could not be rolled back")}. {reason}", ringId)).News();
    }

    /// <summary>An attempt to take the change back begins: counted before the work.</summary>
    public static RolloutRun BeginUndo(RolloutRun run, string ringId)
    {
        ArgumentNullException.ThrowIfNull(run);
        var ring = run.Ring(ringId);
        return run.With(ring with { UndoAttempts = ring.UndoAttempts + 1 });
    }

    /// <summary>A target no longer has the change.</summary>
    public static RolloutRun UndoneAt(RolloutRun run, string ringId, string target, string said, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var ring = run.Ring(ringId);
        return !ring.Touched.Contains(target) ? run
            : run.With(ring with { Touched = [.. ring.Touched.Where(other => other != target)], Applied = [.. ring.Applied.Where(other => other != target)] }).Note(now, System, $"{run.Plan(ringId).Name}: taken back{(target.Length == 0 ? "" : " from " + target)}.{Said(said)}", ringId);
    }

    /// <summary>A policy's data are again what the backup holds.</summary>
    public static RolloutRun RestoredFrom(RolloutRun run, string ringId, string policy, string what, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var ring = run.Ring(ringId);
        return ring.Restored.Contains(policy) ? run : run.With(ring with { Restored = [.. ring.Restored, policy] }).Note(now, System, what, ringId);
    }

    /// <summary>The ring is as it was before.</summary>
    public static RolloutRun Undone(RolloutRun run, string ringId, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var ring = run.Ring(ringId);
        if (ring.State != RingState.Undoing)
        {
            return run;
        }

        var isAborted = run.State == RolloutState.Stopping;
        var back = run.With(ring with { State = RingState.RolledBack, EndedAt = now });
        return End(back, isAborted ? RolloutState.Aborted : RolloutState.RolledBack, isAborted ? run.Problem ?? "Aborted." : $"{run.Plan(ringId).Name}: {ring.Problem}", now);
    }

    private static string Said(string said) => said.Length switch { 0 => "", > MostSaid => " …" + said[^MostSaid..], _ => " " + said };
}
