using Maintenance.Monitoring;
using Maintenance.Recovery;
using Maintenance.Rollouts;
using Maintenance.Time;

namespace Maintenance.Status;

/// <summary>What a strategy's drills look like at a glance.</summary>
/// <param name="Strategy">The id of the strategy.</param>
/// <param name="OverdueSince">Since when its drill is overdue (UTC); null where it is not.</param>
/// <param name="Latest">The id of the drill that ended last, or null.</param>
/// <param name="HasFailed">True where that one did not pass.</param>
public sealed record DrillLine(string Strategy, DateTimeOffset? OverdueSince, string? Latest, bool HasFailed);

/// <summary>What needs a person of recoveries, drills and rollouts. Pure.</summary>
public static class OperationAttention
{
    /// <summary>The list, in no particular order.</summary>
    public static IEnumerable<AttentionItem> Of(IEnumerable<RecoveryRun> recoveries, IEnumerable<DrillLine> drills, IEnumerable<RolloutRun> rollouts, DateTimeOffset now) =>
        recoveries.SelectMany(run => Recovery(run, now)).Concat(drills.SelectMany(line => Drill(line, now))).Concat(rollouts.SelectMany(Rollout));

    /// <summary>A recovery or a rollout that nobody works on any more: its workflow failed for good.</summary>
    /// <param name="id">Such as <c>R-1003</c> or <c>P-1007</c>.</param>
    /// <param name="path">Its page.</param>
    /// <param name="error">Why it failed, as far as it is known.</param>
    /// <param name="command">What starts it anew.</param>
    public static AttentionItem GivenUp(string id, string path, string? error, string command) =>
        new(AttentionSeverity.Alarm, $"{id} stands still: its workflow gave up. Mend the cause, then: {command}. {error}".TrimEnd(), path);

    /// <summary>
    /// Workflows that the watchdog found stuck or failed. What else it finds (timers, dead letters, recovery points) is shown as it is now, and a recovery or a
    /// rollout whose workflow failed says so itself.
    /// </summary>
    /// <param name="findings">What the watchdog found and lasts.</param>
    /// <param name="covered">The workflows that say themselves that they failed.</param>
    public static IEnumerable<AttentionItem> Workflows(IEnumerable<WatchedFinding> findings, IReadOnlySet<string> covered) =>
        from watched in findings
        let finding = watched.Finding
        where finding.Kind is WatchKind.WorkflowStuck or WatchKind.ProbeSilent or WatchKind.BudgetBurning || (finding.Kind == WatchKind.WorkflowFailed && !covered.Contains(finding.Subject))
        select new AttentionItem(AttentionSeverity.Alarm, finding.Text, finding.Path);

    private static IEnumerable<AttentionItem> Recovery(RecoveryRun run, DateTimeOffset now)
    {
        var path = "/recovery/" + run.Id;
        var late = run.Kind == RecoveryKind.Recovery && run.RecoveredAt is null && now - run.DisruptedAt > run.Objectives.RecoveryTime;
        if (late)
        {
            yield return new(AttentionSeverity.Alarm, $"{run.Id}: '{run.Service}' has been down for {Durations.Rough(now - run.DisruptedAt)}, longer than its RTO of {Durations.Format(run.Objectives.RecoveryTime)}.", path);
        }

        if (run is { State: RecoveryState.Recovered, Ending: null })
        {
            yield return new(AttentionSeverity.Action, $"{run.Id}: '{run.Service}' runs again for {Durations.Rough(now - (run.RecoveredAt ?? now))}. Confirm that all is well, or revert.", path);
        }

        if (run.State != RecoveryState.Running)
        {
            yield break;
        }

        foreach (var step in run.Steps)
        {
            var plan = run.Script.Step(step.Id);
            if (step.State == RecoveryStepState.Failed)
            {
                yield return new(AttentionSeverity.Alarm, $"{run.Id}: '{plan.Name}' failed. Try it again, leave it out, or abort. {step.Result}", path);
            }
            else if (step.State == RecoveryStepState.Waiting)
            {
                yield return new(
                    run.Kind == RecoveryKind.Recovery ? AttentionSeverity.Alarm : AttentionSeverity.Action, $"{run.Id} waits for {RecoveryMoves.Whom(plan)} for {Durations.Rough(now - (step.StartedAt ?? now))}: {plan.Name}", path);
            }
        }
    }

    private static IEnumerable<AttentionItem> Drill(DrillLine line, DateTimeOffset now)
    {
        if (line.OverdueSince is { } since)
        {
            yield return new(AttentionSeverity.Warning, $"The drill of '{line.Strategy}' is overdue for {Durations.Rough(now - since)}: nobody knows whether the service comes back in time.", "/recovery");
        }

        if (line.HasFailed)
        {
            yield return new(AttentionSeverity.Alarm, $"The last drill of '{line.Strategy}', {line.Latest}, did not pass.", "/recovery/" + line.Latest);
        }
    }

    private static IEnumerable<AttentionItem> Rollout(RolloutRun run)
    {
        var path = "/patches/" + run.Patch;
        if (run.State == RolloutState.Stuck)
        {
            yield return new(AttentionSeverity.Alarm, $"The rollout of {run.Patch} is stuck: try it again, or abort. {run.Problem}", path);
        }
        else if (run.State == RolloutState.Paused)
        {
            yield return new(AttentionSeverity.Warning, $"The rollout of {run.Patch} is paused: {run.Title}", path);
        }

        if (run.Current is { IsWithoutWindow: true } ring)
        {
            yield return new(AttentionSeverity.Alarm, $"{run.Patch}: no maintenance window holds the ring '{ring.Id}' as far ahead as the plan looks: {run.Title}", path);
        }
    }
}
