namespace Maintenance.Recovery;

/// <summary>When a step would run, from the beginning of the recovery on.</summary>
/// <param name="Step">Its id.</param>
/// <param name="Start">When it begins.</param>
/// <param name="End">When it ends.</param>
/// <param name="IsMeasured">True where its duration is that of earlier recoveries and drills, false where it is what the plan expects.</param>
public sealed record ForecastStep(string Step, TimeSpan Start, TimeSpan End, bool IsMeasured);

/// <summary>How a recovery would go.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="Workers">How many steps run at the same time.</param>
/// <param name="Steps">Each step, by its start.</param>
/// <param name="Waves">Steps by how many must come before each: a wave can begin when the one before it is done.</param>
/// <param name="CriticalPath">The chain that sets the total: each step begins when the one before it ends, because it needs it or because its hands are needed.</param>
/// <param name="Total">How long it all takes with so many workers.</param>
/// <param name="Shortest">How long it takes with workers enough: no number of hands makes it faster.</param>
/// <param name="RecoveryTime">The RTO of the service.</param>
/// <param name="WorkRecovery">The work-recovery time.</param>
/// <param name="TolerableDowntime">The MTD of the service.</param>
public sealed record RecoveryForecast(
    string Strategy,
    int Workers,
    IReadOnlyList<ForecastStep> Steps,
    IReadOnlyList<IReadOnlyList<string>> Waves,
    IReadOnlyList<string> CriticalPath,
    TimeSpan Total,
    TimeSpan Shortest,
    TimeSpan RecoveryTime,
    TimeSpan WorkRecovery,
    TimeSpan TolerableDowntime)
{
    /// <summary>True where the total keeps the RTO.</summary>
    public bool IsWithinRecoveryTime => Total <= RecoveryTime;

    /// <summary>True where RTO and work-recovery time together keep the maximum tolerable downtime (MTD = RTO + WRT at most).</summary>
    public bool IsWithinTolerableDowntime => RecoveryTime + WorkRecovery <= TolerableDowntime;

    /// <summary>How a recovery by this strategy would go. The steps have no cycle, and come after known ones only.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="service">Its service, for the objectives.</param>
    /// <param name="workers">How many steps run at the same time; at least 1.</param>
    /// <param name="measured">How long steps took before, by their ids; steps that are not in it take what the plan expects.</param>
    public static RecoveryForecast Of(RecoveryStrategy strategy, Plan.Service service, int workers, IReadOnlyDictionary<string, TimeSpan> measured)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(measured);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        var steps = strategy.Steps;
        TimeSpan Duration(RecoveryStep step) => measured.TryGetValue(step.Id, out var known) ? known : step.Duration;
        var (runs, followed) = Run(steps, Duration, workers);
        var ordered = steps.Select(step => new ForecastStep(step.Id, runs[step.Id].Start, runs[step.Id].End, measured.ContainsKey(step.Id))).OrderBy(static run => run.Start).ToList();
        return new RecoveryForecast(
            strategy.Id,
            workers,
            ordered,
            StepGraph.Waves(steps),
            Chain(steps, runs, followed),
            runs.Values.Select(static run => run.End).DefaultIfEmpty(TimeSpan.Zero).Max(),
            StepGraph.Tails(steps, Duration).Values.DefaultIfEmpty(TimeSpan.Zero).Max(),
            service.RecoveryTime,
            strategy.WorkRecovery,
            service.TolerableDowntime);
    }

    /// <summary>How long steps take together with so many workers.</summary>
    /// <param name="steps">The steps; they have no cycle.</param>
    /// <param name="workers">How many run at the same time; at least 1.</param>
    /// <param name="measured">How long steps took, by their ids; steps that are not in it take what the plan expects.</param>
    public static TimeSpan TotalOf(IReadOnlyList<RecoveryStep> steps, int workers, IReadOnlyDictionary<string, TimeSpan> measured)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(measured);
        return Run(steps, step => measured.TryGetValue(step.Id, out var known) ? known : step.Duration, workers).Runs.Values.Select(static run => run.End).DefaultIfEmpty(TimeSpan.Zero).Max();
    }

    /// <summary>The critical path of steps with these durations: see <see cref="CriticalPath"/>.</summary>
    /// <param name="steps">The steps; they have no cycle.</param>
    /// <param name="workers">How many run at the same time; at least 1.</param>
    /// <param name="measured">How long steps take, by their ids; steps that are not in it take what the plan expects.</param>
    public static IReadOnlyList<string> PathOf(IReadOnlyList<RecoveryStep> steps, int workers, IReadOnlyDictionary<string, TimeSpan> measured)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(measured);
        var (runs, followed) = Run(steps, step => measured.TryGetValue(step.Id, out var known) ? known : step.Duration, workers);
        return Chain(steps, runs, followed);
    }

    /// <summary>The workflow's own way of running them, with durations in place of work: whenever hands are free, the first ready step in order begins.</summary>
    private static (Dictionary<string, (TimeSpan Start, TimeSpan End)> Runs, Dictionary<string, string> Followed) Run(
        IReadOnlyList<RecoveryStep> steps, Func<RecoveryStep, TimeSpan> duration, int workers)
    {
        var byId = steps.ToDictionary(static step => step.Id, StringComparer.Ordinal);
        var waiting = StepGraph.Order(steps, duration).Select(id => byId[id]).ToList();
        var running = new List<string>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        var runs = new Dictionary<string, (TimeSpan Start, TimeSpan End)>(StringComparer.Ordinal);
        var followed = new Dictionary<string, string>(StringComparer.Ordinal);
        var now = TimeSpan.Zero;
        string? ended = null;
        while (waiting.Count + running.Count > 0)
        {
            while (running.Count < workers && waiting.Find(step => step.After.All(done.Contains)) is { } next)
            {
                _ = waiting.Remove(next);
                running.Add(next.Id);
                runs[next.Id] = (now, now + duration(next));
                if (ended is not null)
                {
                    followed[next.Id] = ended;
                }
            }

            // All that ends at the same time is done before anything begins: else a step of little weight would take the hands of one that was about to be ready.
            now = running.Min(id => runs[id].End);
            var ends = running.Where(id => runs[id].End == now).ToList();
            ended = ends[0];
            _ = running.RemoveAll(ends.Contains);
            done.UnionWith(ends);
        }

        return (runs, followed);
    }

    /// <summary>Back from the step that ends last: to one that it needs and that ends as it begins, else to the one whose end freed its hands.</summary>
    private static IReadOnlyList<string> Chain(
        IReadOnlyList<RecoveryStep> steps, Dictionary<string, (TimeSpan Start, TimeSpan End)> runs, Dictionary<string, string> followed)
    {
        if (steps.Count == 0)
        {
            return [];
        }

        var path = new List<string>();
        for (var at = steps.MaxBy(step => runs[step.Id].End); at is not null;)
        {
            path.Add(at.Id);
            var start = runs[at.Id].Start;
            var before = start == TimeSpan.Zero && at.After.Count == 0 ? null
                : at.After.FirstOrDefault(id => runs[id].End == start) ?? followed.GetValueOrDefault(at.Id);
            at = before is null ? null : steps.First(step => step.Id == before);
        }

        path.Reverse();
        return path;
    }
}
