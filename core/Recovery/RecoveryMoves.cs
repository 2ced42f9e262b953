using Maintenance.Plan;

namespace Maintenance.Recovery;

/// <summary>What the workflow does next with a step.</summary>
public enum StepTurn
{
    /// <summary>A machine does it.</summary>
    Run,

    /// <summary>A person is waited for.</summary>
    Wait,

    /// <summary>It is done, or left out: what comes after it may begin.</summary>
    Done,

    /// <summary>The recovery is stopped: nothing new begins.</summary>
    Stop,
}

/// <summary>What somebody asked of a recovery does not go now.</summary>
public sealed class RecoveryStateException(string message) : Exception(message);

/// <summary>Somebody may not do what they asked of a recovery.</summary>
public sealed class RecoveryForbiddenException(string message) : Exception(message);

/// <summary>How a recovery moves on. Pure: a record, what happens and an instant in, a record out. Moving twice the same way changes nothing the second time.</summary>
public static class RecoveryMoves
{
    private const string System = "system";

    /// <summary>The workflow comes to a step: what it finds to do there.</summary>
    public static (RecoveryRun Run, StepTurn Turn) Take(RecoveryRun run, string stepId, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (step, plan) = (run.Step(stepId), run.Script.Step(stepId));
        if (!step.IsTaken)
        {
            step = step with { IsTaken = true };
            run = run.With(step);
        }

        if (step.State is RecoveryStepState.Done or RecoveryStepState.Skipped)
        {
            return (run, StepTurn.Done);
        }

        if (run.State != RecoveryState.Running || step.State == RecoveryStepState.Stopped)
        {
            return (step.IsEnded || step.State == RecoveryStepState.Failed ? run : run.With(step with { State = RecoveryStepState.Stopped, EndedAt = now }), StepTurn.Stop);
        }

        switch (step.State)
        {
            case RecoveryStepState.Pending when run.Kind == RecoveryKind.Drill && !plan.RunsInDrill:
                return (run.With(step with { State = RecoveryStepState.Skipped, StartedAt = now, EndedAt = now, Result = "Left out in a drill." }), StepTurn.Done);
            case RecoveryStepState.Pending when plan.Kind is RecoveryStepKind.Manual or RecoveryStepKind.Gate:
                return (run.With(step with { State = RecoveryStepState.Waiting, StartedAt = now }).Note(now, System, $"{plan.Name}: waits for {Whom(plan)}.", stepId), StepTurn.Wait);
            case RecoveryStepState.Pending:
                return (run.With(step with { State = RecoveryStepState.Running, StartedAt = now }).Note(now, System, $"{plan.Name}: begun.", stepId), StepTurn.Run);
            case RecoveryStepState.Running:
                return (run, StepTurn.Run);
            default:
                return (run, StepTurn.Wait);
        }
    }

    /// <summary>A machine begins a step: counted before the work, so that it is known even where the work ends the process.</summary>
    public static RecoveryRun Begin(RecoveryRun run, string stepId)
    {
        ArgumentNullException.ThrowIfNull(run);
        var step = run.Step(stepId);
        return run.With(step with { Attempts = step.Attempts + 1 });
    }

    /// <summary>A machine has done a step.</summary>
    public static RecoveryRun Finish(RecoveryRun run, string stepId, string result, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var step = run.Step(stepId);
        return step.IsEnded ? run : run.With(step with { State = RecoveryStepState.Done, EndedAt = now, Result = result }).Note(now, System, $"{run.Script.Step(stepId).Name}: {result}", stepId);
    }

    /// <summary>A step failed as often as it is tried. A recovery then asks a person; a drill ends, well where it was to notice a fault and this is how.</summary>
    public static RecoveryRun Fail(RecoveryRun run, string stepId, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (step, plan) = (run.Step(stepId), run.Script.Step(stepId));
        if (step.IsEnded || step.State == RecoveryStepState.Failed)
        {
            return run;
        }

        var failed = run.With(step with { State = RecoveryStepState.Failed, EndedAt = now, Result = reason }).Note(now, System, $"{plan.Name}: failed. {reason}", stepId);
        if (run.Kind != RecoveryKind.Drill || run.State != RecoveryState.Running)
        {
            return failed;
        }

        var isNoticed = run.Fault switch
        {
            DrillFault.MissingPack => step.IsFaultNoticed,
            DrillFault.FailingCheck => BrokenCheck(run) is { } broken && plan.Check is { } check && (stepId == broken.Id || check.Subject == broken.Check!.Subject),
            _ => false,
        };
        return Stop(failed, isNoticed ? RecoveryState.Completed : RecoveryState.Failed, System, isNoticed ? $"The fault was noticed: {reason}" : $"{plan.Name}: {reason}", now);
    }

    /// <summary>The check that a drill with the fault <see cref="DrillFault.FailingCheck"/> breaks: the first that it makes. Null where there is none.</summary>
    public static RecoveryStep? BrokenCheck(RecoveryRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Fault == DrillFault.FailingCheck ? run.Script.Steps.FirstOrDefault(static step => step is { Kind: RecoveryStepKind.Check, RunsInDrill: true }) : null;
    }

    /// <summary>A person has done a manual step.</summary>
    /// <exception cref="RecoveryStateException">It does not wait for that.</exception>
    public static RecoveryRun Confirm(RecoveryRun run, string stepId, string by, string? comment, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (step, plan) = (run.Step(stepId), run.Script.Step(stepId));
        if (plan.Kind != RecoveryStepKind.Manual)
        {
            throw new RecoveryStateException($"'{plan.Name}' is not a person's step: there is nothing to confirm.");
        }

        if (step.State == RecoveryStepState.Done)
        {
            return run;
        }

        Require(run, step, RecoveryStepState.Waiting, plan, "confirmed");
        return run.With(step with { State = RecoveryStepState.Done, EndedAt = now, Result = comment, IsTaken = false }).Note(now, by, $"{plan.Name}: confirmed.{Said(comment)}", stepId);
    }

    /// <summary>A person decides what becomes of a step that failed: once more.</summary>
    /// <exception cref="RecoveryStateException">It has not failed.</exception>
    public static RecoveryRun Retry(RecoveryRun run, string stepId, string by, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (step, plan) = (run.Step(stepId), run.Script.Step(stepId));
        Require(run, step, RecoveryStepState.Failed, plan, "tried again");

        // From the beginning: who was told to empty the place may have taken away what the pieces before had restored. What is there is looked at, and stays.
        return run.With(step with { State = RecoveryStepState.Running, EndedAt = null, Result = null, IsTaken = false, Pieces = null }).Note(now, by, $"{plan.Name}: once more.", stepId);
    }

    /// <summary>A person leaves out a step that failed, or one that waits for a person.</summary>
    /// <exception cref="RecoveryStateException">It neither failed nor waits; a restore and a gate are never left out.</exception>
    public static RecoveryRun Skip(RecoveryRun run, string stepId, string by, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (step, plan) = (run.Step(stepId), run.Script.Step(stepId));
        if (plan.Kind is RecoveryStepKind.Gate or RecoveryStepKind.Restore)
        {
            throw new RecoveryStateException($"'{plan.Name}' cannot be left out: without {(plan.Kind == RecoveryStepKind.Gate ? "approval nothing is cut over" : "it there is nothing to cut over to")}. Try it again, or abort the recovery.");
        }

        Require(run, step, step.State == RecoveryStepState.Waiting ? RecoveryStepState.Waiting : RecoveryStepState.Failed, plan, "left out");

        return run.With(step with { State = RecoveryStepState.Skipped, EndedAt = now, Result = reason, IsTaken = false }).Note(now, by, $"{plan.Name}: left out.{Said(reason)}", stepId);
    }

    /// <summary>A person votes at a gate: the last vote of each counts, until it is decided. One rejection stops the recovery; the quorum lets the cut-over begin.</summary>
    /// <exception cref="RecoveryStateException">It is no gate, or is not open.</exception>
    public static RecoveryRun Vote(RecoveryRun run, string stepId, GateVote vote)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(vote);
        var (step, plan) = (run.Step(stepId), run.Script.Step(stepId));
        if (plan.Gate is not { } gate)
        {
            throw new RecoveryStateException($"'{plan.Name}' is no gate: there is nothing to approve.");
        }

        if (vote.IsApproval && step.Votes.Any(cast => cast.Person == vote.Person && cast.IsApproval))
        {
            return run;
        }

        Require(run, step, RecoveryStepState.Waiting, plan, "decided");
        var votes = step.Votes.Where(cast => cast.Person != vote.Person).Append(vote).ToList();
        var voted = run.With(step with { Votes = votes }).Note(vote.At, vote.Person, $"{plan.Name}: {(vote.IsApproval ? "approved" : "rejected")}.{Said(vote.Comment)}", stepId);
        if (!vote.IsApproval)
        {
            return Stop(voted, RecoveryState.Rejected, vote.Person, vote.Comment ?? "rejected", vote.At);
        }

        return votes.Count(static cast => cast.IsApproval) < gate.Quorum ? voted
            : voted.With(voted.Step(stepId) with { State = RecoveryStepState.Running, IsTaken = false }).Note(vote.At, System, $"{plan.Name}: the cut-over begins.", stepId);
    }

    /// <summary>Somebody ends it.</summary>
    /// <exception cref="RecoveryStateException">It no longer runs.</exception>
    public static RecoveryRun Abort(RecoveryRun run, string by, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.State switch
        {
            RecoveryState.Running => Stop(run, RecoveryState.Aborted, by, reason, now),
            RecoveryState.Recovered => throw new RecoveryStateException($"{run.Id} has brought the service back: confirm it, or revert it to the old data."),
            _ => throw new RecoveryStateException($"{run.Id} is {Word(run)} already."),
        };
    }

    /// <summary>All steps have ended.</summary>
    public static RecoveryRun EndSteps(RecoveryRun run, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.State != RecoveryState.Running)
        {
            return run;
        }

        if (run.Kind == RecoveryKind.Recovery)
        {
            return (run with { State = RecoveryState.Recovered, RecoveredAt = now }).Note(now, System, "Every step is done: the service runs again. The old data are kept aside until somebody confirms that all is well.");
        }

        return run.Fault is { } fault
            ? Stop(run, RecoveryState.Failed, System, $"The fault that was put in ({Word(fault)}) went unnoticed.", now)
            : Stop(run with { RecoveredAt = now }, RecoveryState.Completed, System, "Every step is done.", now);
    }

    /// <summary>Somebody settles a recovery whose service runs again: all is well, and the old data may go; or it is not, and they come back.</summary>
    /// <exception cref="RecoveryStateException">The service does not run again yet, or it is settled otherwise.</exception>
    public static RecoveryRun Settle(RecoveryRun run, bool isWell, string by, string reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var ending = isWell ? RecoveryState.Completed : RecoveryState.Reverted;
        if (run.Ending is { } known)
        {
            return known.State == ending ? run : throw new RecoveryStateException($"{run.Id} is settled already: {Word(known.State)} by {known.By}.");
        }

        return run.State == RecoveryState.Recovered
            ? (run with { Ending = new RecoveryEnding(ending, by, reason, now) }).Note(now, by, $"{(isWell ? "Confirmed that all is well" : "Reverted to the old data")}.{Said(reason)}")
            : throw new RecoveryStateException($"{run.Id} is {Word(run)}: only a recovery whose service runs again is confirmed or reverted.");
    }

    /// <summary>Everything is put away.</summary>
    /// <param name="run">The recovery, with its ending.</param>
    /// <param name="lines">What was put away, and what could not be.</param>
    /// <param name="now">When.</param>
    public static RecoveryRun Close(RecoveryRun run, IReadOnlyList<string> lines, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(lines);
        if (!run.IsOpen)
        {
            return run;
        }

        var ending = run.Ending ?? throw new RecoveryStateException($"{run.Id} has no ending yet.");
        var measures = RecoveryMeasures.Of(run, ending.State == RecoveryState.Completed && run.Kind == RecoveryKind.Recovery ? ending.At : now);
        var closed = lines.Aggregate(run, (seen, line) => seen.Note(now, System, line));
        return (closed with { State = ending.State, ClosedAt = now, Measures = measures, Steps = [.. closed.Steps.Select(PutAway)] })
            .Note(now, System, $"Closed: {Word(ending.State)}.");
    }

    /// <summary>The steps whose workflow may be waiting for a person although it need not: those that a person has done, decided or taken up again, or that are stopped.</summary>
    public static IEnumerable<string> ToWake(RecoveryRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Steps
            .Where(step => run.State == RecoveryState.Running ? !step.IsTaken && step.StartedAt is not null : step.State is RecoveryStepState.Waiting or RecoveryStepState.Failed)
            .Select(static step => step.Id);
    }

    /// <summary>Why somebody may not act on a step; null where they may: its owner, and administrators.</summary>
    public static string? MayAct(RecoveryRun run, string stepId, Person? person)
    {
        ArgumentNullException.ThrowIfNull(run);
        var owner = run.Script.Step(stepId).Owner;
        return person is null || person.Id == owner || person.Roles.Contains(owner) || person.Roles.Contains(Roles.Administrator)
            ? null
            : $"Only {owner} or an administrator decides on '{run.Script.Step(stepId).Name}'.";
    }

    /// <summary>Why somebody may not vote at a gate; null where they may.</summary>
    public static string? MayVote(RecoveryRun run, string stepId, Person? person)
    {
        ArgumentNullException.ThrowIfNull(run);
        var gate = run.Script.Step(stepId).Gate;
        return gate is null ? $"'{run.Script.Step(stepId).Name}' is no gate."
            : person is null ? "A vote is a person's own act. Send that person's token (maintenance token issue <person>)."
            : person.Roles.Intersect(gate.Approvers).Any() ? null
            : $"Only people with one of these roles approve this cut-over: {string.Join(", ", gate.Approvers)}.";
    }

    /// <summary>Whom a step waits for, as people are told.</summary>
    public static string Whom(RecoveryStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Gate is { } gate ? $"{(gate.Quorum == 1 ? "the approval" : $"{gate.Quorum} approvals")} of {string.Join(" or ", gate.Approvers)}" : step.Owner;
    }

    private static RecoveryRun Stop(RecoveryRun run, RecoveryState ending, string by, string reason, DateTimeOffset now) =>
        (run with { State = RecoveryState.Stopping, Ending = new RecoveryEnding(ending, by, reason, now) }).Note(now, by, $"{(ending == RecoveryState.Completed ? "Ended" : "Stopped")}: {Word(ending)}.{Said(reason)}");

    private static void Require(RecoveryRun run, RecoveryStepRun step, RecoveryStepState wanted, RecoveryStep plan, string what)
    {
        if (run.State != RecoveryState.Running || step.State != wanted)
        {
            throw new RecoveryStateException($"'{plan.Name}' cannot be {what}: it is {step.State.ToString().ToLowerInvariant()}, and {run.Id} is {Word(run)}.");
        }
    }

    /// <summary>A step of a recovery that is over: what it left has gone, or the timeline says where it lies.</summary>
    private static RecoveryStepRun PutAway(RecoveryStepRun step) =>
        (step.IsEnded || step.State == RecoveryStepState.Failed ? step : step with { State = RecoveryStepState.Stopped }) with { Isolated = null, Aside = null };

    private static string Said(string? text) => string.IsNullOrWhiteSpace(text) ? "" : " " + text.Trim();

    private static string Word(RecoveryRun run) => Word(run.State);

    private static string Word(RecoveryState state) => state.ToString().ToLowerInvariant();

    private static string Word(DrillFault fault) => fault == DrillFault.MissingPack ? "a missing pack" : "a failing check";
}
