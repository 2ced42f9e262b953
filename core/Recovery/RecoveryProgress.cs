namespace Maintenance.Recovery;

/// <summary>How far a step is.</summary>
/// <param name="Step">Its id.</param>
/// <param name="Elapsed">How long it took, or has taken until now; null before it begins.</param>
/// <param name="Expected">How long the plan expects it to take.</param>
/// <param name="IsCritical">True where a delay of it delays the whole.</param>
public sealed record StepProgress(string Step, TimeSpan? Elapsed, TimeSpan Expected, bool IsCritical)
{
    /// <summary>True where it took, or has taken, longer than expected.</summary>
    public bool IsOver => Elapsed > Expected;

    /// <summary>Elapsed as a part of expected: 0 before it begins, above 1 where it is over. A step that is expected to take no time is whole once it has begun.</summary>
    public double Part => Elapsed is not { } elapsed ? 0 : Expected > TimeSpan.Zero ? elapsed / Expected : 1;
}

/// <summary>How far a recovery is, elapsed against expected.</summary>
/// <param name="Steps">Each step, in the order of the script.</param>
/// <param name="CriticalPath">The chain of steps that sets the total, by what was taken and what is expected.</param>
/// <param name="Elapsed">Since the loss of the service (a drill: since its start), until it ran again, it was over, or now.</param>
/// <param name="Remaining">How long what is left takes by the plan; zero once every step has ended.</param>
/// <param name="RecoveryTime">The RTO.</param>
public sealed record RecoveryProgress(IReadOnlyList<StepProgress> Steps, IReadOnlyList<string> CriticalPath, TimeSpan Elapsed, TimeSpan Remaining, TimeSpan RecoveryTime)
{
    /// <summary>What it will come to.</summary>
    public TimeSpan Total => Elapsed + Remaining;

    /// <summary>True where the RTO has passed.</summary>
    public bool IsLate => Elapsed > RecoveryTime;

    /// <summary>True where the RTO will be kept, if the rest goes as planned.</summary>
    public bool IsWithinRecoveryTime => Total <= RecoveryTime;

    /// <summary>The progress of a step.</summary>
    public StepProgress Of(string step) => Steps.First(one => one.Step == step);

    /// <summary>How far a recovery is at an instant (UTC).</summary>
    public static RecoveryProgress Of(RecoveryRun run, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (until, isDrill) = (run.ClosedAt ?? now, run.Kind == RecoveryKind.Drill);
        var (whole, left) = (new Dictionary<string, TimeSpan>(StringComparer.Ordinal), new Dictionary<string, TimeSpan>(StringComparer.Ordinal));
        var elapsed = new Dictionary<string, TimeSpan?>(StringComparer.Ordinal);
        foreach (var plan in run.Script.Steps)
        {
            var step = run.Step(plan.Id);

            // What a drill leaves to people, and what somebody left out, takes no time.
            var isLeftOut = step.State == RecoveryStepState.Skipped || (isDrill && !plan.RunsInDrill);
            TimeSpan? taken = isLeftOut || step.StartedAt is not { } from ? null : RecoveryMeasures.Least((step.EndedAt ?? until) - from);
            elapsed[plan.Id] = taken;
            left[plan.Id] = isLeftOut || step.IsEnded || !run.IsOpen ? TimeSpan.Zero : RecoveryMeasures.Least(plan.Duration - (taken ?? TimeSpan.Zero));
            whole[plan.Id] = (taken ?? TimeSpan.Zero) + left[plan.Id];
        }

        var path = RecoveryForecast.PathOf(run.Script.Steps, run.Script.Workers, whole);
        return new RecoveryProgress(
            [.. run.Script.Steps.Select(step => new StepProgress(step.Id, elapsed[step.Id], step.Duration, whole[step.Id] > TimeSpan.Zero && path.Contains(step.Id)))],
            path,
            RecoveryMeasures.Least((run.RecoveredAt ?? until) - (isDrill ? run.StartedAt : run.DisruptedAt)),
            RecoveryForecast.TotalOf(run.Script.Steps, run.Script.Workers, left),
            run.Objectives.RecoveryTime);
    }
}
