using Maintenance.Plan;
using Maintenance.Time;
using Maintenance.Windows;

namespace Maintenance.Rollouts;

/// <summary>Work of a rollout.</summary>
public enum RolloutWork
{
    /// <summary>Fresh backups are taken, or looked at.</summary>
    Backup,

    /// <summary>The change is applied.</summary>
    Apply,

    /// <summary>The probes are made.</summary>
    Probe,

    /// <summary>The change is taken back.</summary>
    Undo,
}

/// <summary>What the workflow does next: work at a ring, or wait until an instant (UTC), or, with neither, it is over.</summary>
/// <param name="Ring">The ring to work at.</param>
/// <param name="Work">The work.</param>
/// <param name="Until">Until when to wait.</param>
public sealed record RolloutTurn(string? Ring = null, RolloutWork? Work = null, DateTimeOffset? Until = null);

/// <summary>What a person decides on a rollout.</summary>
public enum RolloutDecision
{
    /// <summary>Nothing new begins until it is resumed.</summary>
    Pause,

    /// <summary>It goes on, where it was paused or its workflow had given up.</summary>
    Resume,

    /// <summary>It ends; what is half done is taken back.</summary>
    Abort,

    /// <summary>What it is stuck at is tried again.</summary>
    Retry,
}

/// <summary>What somebody asked of a rollout does not go now.</summary>
public sealed class RolloutStateException(string message) : Exception(message);

/// <summary>How a rollout moves on. Pure: a record, what happens and an instant in, a record out. Moving twice the same way changes nothing the second time.</summary>
public static partial class RolloutMoves
{
    private const string System = "system";
    /// <summary>How long it waits where only a person moves it on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    /// <summary>How long until a ring is looked at again that another rollout is in.</summary>
    private static readonly TimeSpan RingPatience = TimeSpan.FromMinutes(1);

    /// <summary>How long until a window is looked for again where there was none.</summary>
    private static readonly TimeSpan WindowPatience = TimeSpan.FromHours(1);

    /// <summary>A rollout that begins.</summary>
    /// <param name="run">Its data, with every ring pending.</param>
    /// <param name="fit">The first time from an instant on at which windows hold a duration whole; null for none.</param>
    /// <param name="now">The instant of the look (UTC).</param>
    /// <returns>The rollout, and what is to be done.</returns>
    public static (RolloutRun Run, RolloutTurn Turn) Next(RolloutRun run, Func<IReadOnlyList<string>, DateTimeOffset, TimeSpan, WindowFit?> fit, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(fit);
        var lines = run.Timeline.Count;
        var (moved, turn) = Look(run.IsTaken ? run : run with { IsTaken = true }, fit, now);
        return (moved.Timeline.Count > lines ? moved.News() : moved, turn);
    }

    private static (RolloutRun Run, RolloutTurn Turn) Look(RolloutRun run, Func<IReadOnlyList<string>, DateTimeOffset, TimeSpan, WindowFit?> fit, DateTimeOffset now)
    {
        if (!run.IsOpen)
        {
            return (run, new RolloutTurn());
        }

        if (run.State is RolloutState.Paused or RolloutState.Stuck)
        {
            return (run, new RolloutTurn(Until: now + Patience));
        }

        if (run.Current is not { } ring)
        {
            return (End(run, RolloutState.Completed, "Every ring has the change.", now), new RolloutTurn());
        }

        if (run.State == RolloutState.Stopping)
        {
            return Stop(run, ring, now);
        }

        var plan = run.Plan(ring.Id);
        return ring.State switch
        {
            RingState.Pending => Schedule(run, ring, plan, fit, now),
            RingState.Scheduled => Begin(run, ring, plan, fit, now),
            RingState.BackingUp when plan.Backups.Count == 0 => Look(run.With(ring with { State = RingState.Applying }), fit, now),
            RingState.BackingUp => ring.LookAt > now ? (run, new RolloutTurn(Until: ring.LookAt)) : (run, new RolloutTurn(ring.Id, RolloutWork.Backup)),
            RingState.Applying => Apply(run, ring, plan, fit, now),
            RingState.Soaking when now < ring.SoakUntil => (run, new RolloutTurn(Until: ring.SoakUntil)),
            RingState.Soaking => (run.With(ring with { State = RingState.Probing, IsSoaked = true }), new RolloutTurn(ring.Id, RolloutWork.Probe)),
            RingState.Probing => (run, new RolloutTurn(ring.Id, RolloutWork.Probe)),
            _ => (run, new RolloutTurn(ring.Id, RolloutWork.Undo)),
        };
    }

    /// <summary>True where the next look would begin a ring.</summary>
    public static bool WouldBegin(RolloutRun run, Func<IReadOnlyList<string>, DateTimeOffset, TimeSpan, WindowFit?> fit, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(fit);
        return run is { IsOpen: true, State: RolloutState.Running, Current: { State: RingState.Pending or RingState.Scheduled } ring }
            && (run.Plan(ring.Id).Windows.Count == 0 || fit(run.Plan(ring.Id).Windows, now, run.Plan(ring.Id).Duration)?.Start <= now);
    }

    /// <summary>True where a rollout is in a ring, or about to begin there: two at once would take back one another's changes.</summary>
    public static bool IsIn(RolloutRun run, string ringId, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run is { IsOpen: true, Current: { } ring } && ring.Id == ringId && !(ring.State is RingState.Pending or RingState.Scheduled && ring.SlotStart > now);
    }

    /// <summary>It waits until another rollout has left the ring; said once.</summary>
    /// <returns>The rollout, and when to look again.</returns>
    public static (RolloutRun Run, RolloutTurn Turn) WaitFor(RolloutRun run, string ringId, string other, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var ring = run.Ring(ringId);
        var taken = run.IsTaken ? run : run with { IsTaken = true };
        return (ring.WaitsFor == other ? taken : taken.With(ring with { WaitsFor = other }).Note(now, System, $"{run.Plan(ringId).Name}: waits until {other} is through with it.", ringId).News(), new RolloutTurn(Until: now + RingPatience));
    }

    /// <summary>True where this work is what the rollout is at: a person may have stopped it since it was given out.</summary>
    public static bool IsAt(RolloutRun run, string ringId, RolloutWork work)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run is { IsOpen: true, Current: { } ring } && ring.Id == ringId && work switch
        {
            RolloutWork.Backup => run.State == RolloutState.Running && ring.State == RingState.BackingUp,
            RolloutWork.Apply => run.State == RolloutState.Running && ring.State == RingState.Applying,
            RolloutWork.Probe => run.State == RolloutState.Running && ring.State == RingState.Probing,
            _ => run.State is RolloutState.Running or RolloutState.Stopping && ring.State == RingState.Undoing,
        };
    }

    /// <summary>True where a ring may be changed at an instant: its time has not run out, and what is left of it lies in windows that no freeze has cut since.</summary>
    /// <param name="run">The rollout.</param>
    /// <param name="ringId">The ring.</param>
    /// <param name="fit">The first time from an instant on at which windows hold a duration whole; null for none.</param>
    /// <param name="now">The instant (UTC).</param>
    public static bool IsInTime(RolloutRun run, string ringId, Func<IReadOnlyList<string>, DateTimeOffset, TimeSpan, WindowFit?> fit, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(fit);
        var (ring, plan) = (run.Ring(ringId), run.Plan(ringId));
        return plan.Windows.Count == 0 || (ring.SlotEnd is { } end && end > now && fit(plan.Windows, now, end - now)?.Start <= now);
    }

    /// <summary>A person decides.</summary>
    /// <exception cref="RolloutStateException">It is not to be decided now.</exception>
    public static RolloutRun Decide(RolloutRun run, RolloutDecision decision, string by, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(reason);
        if (!run.IsOpen)
        {
            throw new RolloutStateException($"The rollout of {run.Patch} is over: {Word(run.State)} since {run.EndedAt:u}.");
        }

        return (decision, run.State) switch
        {
            (RolloutDecision.Pause, RolloutState.Running) => Turn(run with { State = RolloutState.Paused }, "Paused"),
            (RolloutDecision.Pause, RolloutState.Paused) => run,
            (RolloutDecision.Resume, RolloutState.Paused) => Turn(Afresh(run) with { State = RolloutState.Running }, "Resumed"),
            (RolloutDecision.Resume, RolloutState.Running) => run,
            (RolloutDecision.Retry, RolloutState.Stuck) => Turn(Afresh(run) with { State = RolloutState.Running, Problem = null }, "Once more"),
            (RolloutDecision.Abort, RolloutState.Stopping) => run,
            (RolloutDecision.Abort, _) => Turn(run with { State = RolloutState.Stopping, Problem = reason }, "Aborted"),
            _ => throw new RolloutStateException($"The rollout of {run.Patch} is {Word(run.State)}: {Word(decision)} says nothing to that."),
        };

        RolloutRun Turn(RolloutRun turned, string what) => (turned with { IsTaken = false }).Note(now, by, $"{what}.{(reason.Length == 0 ? "" : " " + reason)}").News();
    }

    /// <summary>Why somebody may not decide; null where they may: who implements the change, and administrators.</summary>
    public static string? MayDecide(RolloutRun run, Person? person)
    {
        ArgumentNullException.ThrowIfNull(run);
        return person is null || person.Id == run.Implementer || person.Roles.Contains(Roles.Administrator)
            ? null
            : $"Only {(run.Implementer is null ? "" : run.Implementer + " or ")}an administrator decides on the rollout of {run.Patch}.";
    }

    private static (RolloutRun Run, RolloutTurn Turn) Schedule(
        RolloutRun run, RingRun ring, RolloutRing plan, Func<IReadOnlyList<string>, DateTimeOffset, TimeSpan, WindowFit?> fit, DateTimeOffset now)
    {
        if (plan.Windows.Count == 0)
        {
            return Look(run.With(ring with { State = RingState.Scheduled, SlotStart = now, SlotEnd = null }), fit, now);
        }

        if (fit(plan.Windows, now, plan.Duration) is { } slot)
        {
            var scheduled = run.With(ring with { State = RingState.Scheduled, SlotStart = slot.Start, SlotEnd = slot.End, IsWithoutWindow = false });
            return Look(scheduled.Note(now, System, $"{plan.Name}: scheduled for {slot.Start.UtcDateTime:yyyy-MM-dd HH:mm}–{slot.End.UtcDateTime:HH:mm} UTC, in {string.Join(" and ", slot.Windows)}.", ring.Id), fit, now);
        }

        var alarmed = ring.IsWithoutWindow ? run
            : run.With(ring with { IsWithoutWindow = true }).Note(now, System, $"{plan.Name}: no window of {string.Join(", ", plan.Windows)} holds {Durations.Format(plan.Duration)} as far ahead as the plan looks.", ring.Id);
        return (alarmed, new RolloutTurn(Until: now + WindowPatience));
    }

    private static (RolloutRun Run, RolloutTurn Turn) Begin(
        RolloutRun run, RingRun ring, RolloutRing plan, Func<IReadOnlyList<string>, DateTimeOffset, TimeSpan, WindowFit?> fit, DateTimeOffset now)
    {
        if (now < ring.SlotStart)
        {
            // Asked again with every look: a freeze that was put into the plan meanwhile moves it, as does a window that comes sooner.
            return plan.Windows.Count > 0 && fit(plan.Windows, now, plan.Duration)?.Start != ring.SlotStart
                ? Look(run.With(ring with { State = RingState.Pending }), fit, now)
                : (run, new RolloutTurn(Until: ring.SlotStart));
        }

        // It must still fit: it may have been paused, the host may have been down, a freeze may have come.
        if (plan.Windows.Count > 0 && (fit(plan.Windows, now, plan.Duration) is not { } slot || slot.Start > now))
        {
            return PutOff(run, ring, plan, fit, now);
        }

        var begun = ring with { State = RingState.BackingUp, StartedAt = now, SlotEnd = plan.Windows.Count == 0 ? null : now + plan.Duration, Backups = [], LookAt = null, WaitsFor = null };
        return Look(run.With(begun).Note(now, System, $"{plan.Name}: begun.", ring.Id), fit, now);
    }

    /// <summary>Nothing is changed out of time: after a pause, a downtime, or a freeze that came meanwhile. What is half changed by then goes back at once.</summary>
    private static (RolloutRun Run, RolloutTurn Turn) Apply(
        RolloutRun run, RingRun ring, RolloutRing plan, Func<IReadOnlyList<string>, DateTimeOffset, TimeSpan, WindowFit?> fit, DateTimeOffset now)
    {
        if (!ring.Parts.Except(ring.Applied).Any() || IsInTime(run, ring.Id, fit, now))
        {
            return (run, new RolloutTurn(ring.Id, RolloutWork.Apply));
        }

        if (ring.Touched.Count == 0)
        {
            return PutOff(run, ring with { Backups = [], LookAt = null }, plan, fit, now);
        }

        const string Why = "Its window was over before all of it had the change.";
        return Look(run.With(ring with { State = RingState.Undoing, Problem = Why }).Note(now, System, $"{plan.Name}: {Why} It is rolled back.", ring.Id), fit, now);
    }

    private static (RolloutRun Run, RolloutTurn Turn) PutOff(
        RolloutRun run, RingRun ring, RolloutRing plan, Func<IReadOnlyList<string>, DateTimeOffset, TimeSpan, WindowFit?> fit, DateTimeOffset now) =>
        Look(run.With(ring with { State = RingState.Pending }).Note(now, System, $"{plan.Name}: its time has passed unused, so it gets another.", ring.Id), fit, now);

    /// <summary>What was prepared before a person held it is prepared again: its backups lack what was written since, and its time may be over.</summary>
    private static RolloutRun Afresh(RolloutRun run) =>
        run.Current is { State: RingState.BackingUp or RingState.Applying, Touched.Count: 0 } ring ? run.With(ring with { State = RingState.Pending, Backups = [], LookAt = null }) : run;

    private static (RolloutRun Run, RolloutTurn Turn) Stop(RolloutRun run, RingRun ring, DateTimeOffset now)
    {
        var isTouched = ring.State == RingState.Undoing || (ring.State is RingState.Applying or RingState.Probing or RingState.Soaking && ring.Touched.Count > 0);
        return isTouched
            ? (run.With(ring with { State = RingState.Undoing, Problem = ring.Problem ?? run.Problem }), new RolloutTurn(ring.Id, RolloutWork.Undo))
            : (End(run.With(ring with { State = RingState.Pending }), RolloutState.Aborted, run.Problem ?? "Aborted.", now), new RolloutTurn());
    }

    private static RolloutRun End(RolloutRun run, RolloutState state, string reason, DateTimeOffset now) =>
        (run with { State = state, EndedAt = now, Problem = state == RolloutState.Completed ? null : reason }).Note(now, System, $"Ended: {Word(state)}. {reason}");

    /// <summary>The end of what a program said: a record has room for so much from each of hundreds of targets.</summary>
    private static string Word(RolloutState state) => state == RolloutState.RolledBack ? "rolled back" : state.ToString().ToLowerInvariant();

    private static string Word(RolloutDecision decision) => decision.ToString().ToLowerInvariant();
}
