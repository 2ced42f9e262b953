namespace Maintenance.Recovery;

/// <summary>What was achieved, beside what was wanted.</summary>
/// <param name="Achieved">As it came.</param>
/// <param name="Objective">At most so long.</param>
public sealed record Measure(TimeSpan Achieved, TimeSpan Objective)
{
    /// <summary>True where the objective was kept; reached exactly is kept.</summary>
    public bool IsMet => Achieved <= Objective;
}

/// <summary>What a recovery or a drill achieved. Null where it did not come so far, or where a drill has nothing of the kind.</summary>
/// <param name="RecoveryPoint">Data loss: from the oldest recovery point that was restored to the loss of the service, against the RPO.</param>
/// <param name="RecoveryTime">
/// From the loss of the service until it ran again, against the RTO. A drill: what a recovery would take by it, the steps that it did as long as they took, those that
/// it left out to people as long as the plan expects.
/// </param>
/// <param name="WorkRecovery">From then until somebody confirmed that all is whole, against the work-recovery time; null where the plan gives none.</param>
/// <param name="Downtime">From the loss of the service until that confirmation, against the MTD.</param>
/// <param name="IsPassed">True where it ended well and kept every objective that could be measured.</param>
public sealed record RecoveryMeasures(Measure? RecoveryPoint, Measure? RecoveryTime, Measure? WorkRecovery, Measure? Downtime, bool IsPassed)
{
    /// <summary>Measures a recovery as it is over.</summary>
    /// <param name="run">The recovery, with its ending.</param>
    /// <param name="closedAt">When it was over (UTC).</param>
    public static RecoveryMeasures Of(RecoveryRun run, DateTimeOffset closedAt)
    {
        ArgumentNullException.ThrowIfNull(run);
        var objectives = run.Objectives;
        var isDrill = run.Kind == RecoveryKind.Drill;
        var points = run.Steps.Where(static step => step is { State: RecoveryStepState.Done, Source: not null }).Select(static step => step.Source!.RecoveryPoint).ToList();

        // Whoever tries out an older state chose the loss; it says nothing of the one that a recovery would have.
        var point = points.Count == 0 || (isDrill && run.PointInTime is not null) ? null : new Measure(Least(run.DisruptedAt - points.Min()), objectives.RecoveryPoint);
        var confirmed = !isDrill && run.Ending?.State == RecoveryState.Completed;
        var time = run.RecoveredAt is { } recovered ? new Measure(isDrill ? Foreseen(run) : Least(recovered - run.DisruptedAt), objectives.RecoveryTime) : null;

        // A plan that gives no work-recovery time asks nothing of it: whoever confirms would come too late in any case.
        var work = confirmed && objectives.WorkRecovery > TimeSpan.Zero && run.RecoveredAt is { } since ? new Measure(Least(closedAt - since), objectives.WorkRecovery) : null;
        var downtime = confirmed ? new Measure(Least(closedAt - run.DisruptedAt), objectives.TolerableDowntime) : null;
        var isGood = run.Ending?.State == RecoveryState.Completed;

        // A fault that was noticed ends a drill before there is anything to measure: that it was noticed is what was to be shown.
        var isPassed = isGood && (run.Fault is not null || new[] { point, time, work, downtime }.All(static measure => measure?.IsMet ?? true));
        return run.Fault is null
            ? new RecoveryMeasures(point, time, work, downtime, isPassed)
            : new RecoveryMeasures(null, null, null, null, isPassed);
    }

    private static TimeSpan Foreseen(RecoveryRun drill) => RecoveryForecast.TotalOf(
        drill.Script.Steps,
        drill.Script.Workers,
        drill.Steps.Where(static step => step is { State: RecoveryStepState.Done, StartedAt: not null, EndedAt: not null })
            .ToDictionary(static step => step.Id, static step => Least(step.EndedAt!.Value - step.StartedAt!.Value), StringComparer.Ordinal));

    /// <summary>A clock that was set back must not show a time that is less than none.</summary>
    internal static TimeSpan Least(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time;
}

/// <summary>What earlier recoveries and drills say of the next. Pure.</summary>
public static class RecoveryHistory
{
    /// <summary>So many of the newest count.</summary>
    public const int MostRuns = 10;

    /// <summary>
    /// How long each step took: the median over the newest <see cref="MostRuns"/> runs of the strategy in which it was done. Runs with a fault on purpose do not count.
    /// </summary>
    /// <param name="strategy">The id of the strategy.</param>
    /// <param name="runs">Recoveries and drills, in any order.</param>
    public static IReadOnlyDictionary<string, TimeSpan> Durations(string strategy, IEnumerable<RecoveryRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        return runs
            .Where(run => run.Script.Strategy == strategy && run.Fault is null)
            .OrderByDescending(static run => run.StartedAt)
            .SelectMany(static run => run.Steps)
            .Where(static step => step is { State: RecoveryStepState.Done, StartedAt: not null, EndedAt: not null })
            .GroupBy(static step => step.Id, static step => RecoveryMeasures.Least(step.EndedAt!.Value - step.StartedAt!.Value), StringComparer.Ordinal)
            .ToDictionary(static step => step.Key, static step => Median([.. step.Take(MostRuns).Order()]), StringComparer.Ordinal);
    }

    /// <summary>Of an even number the longer of the two in the middle: a forecast errs to the safe side.</summary>
    private static TimeSpan Median(List<TimeSpan> ordered) => ordered[ordered.Count / 2];
}
