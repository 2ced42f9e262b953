using Maintenance.Plan;
using Maintenance.Time;

namespace Maintenance.Recovery;

/// <summary>An objective, and what came of it.</summary>
/// <param name="Name">Such as <c>Time to recover (RTO)</c>.</param>
/// <param name="Objective">At most so long.</param>
/// <param name="Achieved">As it came; null where it was not measured.</param>
/// <param name="IsMet">True where it was kept; null where it was not measured.</param>
public sealed record ReportObjective(string Name, TimeSpan Objective, TimeSpan? Achieved, bool? IsMet);

/// <summary>A step in a report.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What is done.</param>
/// <param name="Kind">How.</param>
/// <param name="Owner">The person or role that answers for it.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Planned">How long the plan expects it to take.</param>
/// <param name="Took">How long it took; null where it did not begin, or was left out.</param>
/// <param name="Result">What it came to, or null.</param>
public sealed record ReportStep(string Id, string Name, RecoveryStepKind Kind, string Owner, RecoveryStepState State, TimeSpan Planned, TimeSpan? Took, string? Result)
{
    /// <summary>True where it took longer than planned.</summary>
    public bool IsOver => Took > Planned;
}

/// <summary>A snapshot that was restored.</summary>
/// <param name="Step">The name of the step.</param>
/// <param name="Snapshot">The id of the snapshot.</param>
/// <param name="RecoveryPoint">The state that it holds (UTC).</param>
/// <param name="ProvenAt">When it was whole and proven (UTC); null where nobody noted it.</param>
public sealed record ReportSnapshot(string Step, string Snapshot, DateTimeOffset RecoveryPoint, DateTimeOffset? ProvenAt);

/// <summary>The report of a recovery or a drill: what was wanted, what came of it, who decided what, and on what evidence. Instants are UTC. Pure.</summary>
/// <param name="Run">The recovery: its kind, strategy, state and instants.</param>
/// <param name="ServiceName">What users call the service.</param>
/// <param name="At">As of when.</param>
/// <param name="Verdict">How it ended, in a sentence.</param>
/// <param name="IsPassed">True where it ended well and kept every objective that could be measured; null until it is over.</param>
/// <param name="Objectives">What the service asks of a recovery.</param>
/// <param name="Steps">The steps, in the order in which they were ready to begin.</param>
/// <param name="Findings">What went otherwise than planned; none where nothing did.</param>
/// <param name="Decisions">What people did, oldest first.</param>
/// <param name="Snapshots">What was restored.</param>
/// <param name="Checks">What was looked at, and what was found.</param>
/// <param name="Signatures">Who signs it: the part, and the id of the person or null for somebody yet to be named.</param>
/// <param name="Names">The names of the people in it, by their ids.</param>
public sealed record RecoveryReport(
    ReportedRun Run,
    string ServiceName,
    DateTimeOffset At,
    string Verdict,
    bool? IsPassed,
    IReadOnlyList<ReportObjective> Objectives,
    IReadOnlyList<ReportStep> Steps,
    IReadOnlyList<string> Findings,
    IReadOnlyList<TimelineEntry> Decisions,
    IReadOnlyList<ReportSnapshot> Snapshots,
    IReadOnlyList<ReportStep> Checks,
    IReadOnlyList<ReportSignature> Signatures,
    IReadOnlyDictionary<string, string> Names)
{
    private const string System = "system";

    /// <summary>The name of somebody in it.</summary>
    public string NameOf(string id) => Names.GetValueOrDefault(id, id);

    /// <summary>The report of a recovery as it stands.</summary>
    /// <param name="run">The recovery.</param>
    /// <param name="plan">The plan, for names and the service's owner.</param>
    /// <param name="now">As of when (UTC).</param>
    public static RecoveryReport Of(RecoveryRun run, OperationsPlan plan, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(plan);
        var service = plan.FindService(run.Service);
        var steps = run.Script.Steps.Select(step => StepOf(run, step, now)).ToList();
        var objectives = ObjectivesOf(run);
        return new RecoveryReport(
            new ReportedRun(
                run.Id, run.Kind, run.Service, run.Script.Strategy, run.State, run.StartedBy, run.Reason, run.StartedAt, run.DisruptedAt, run.RecoveredAt, run.ClosedAt, run.PointInTime, run.Copy, run.Fault),
            service?.Name ?? run.Service,
            now,
            VerdictOf(run),
            run.IsOpen ? null : run.Measures?.IsPassed,
            objectives,
            steps,
            FindingsOf(run, steps, objectives),
            [.. run.Timeline.Where(static entry => entry.By != System)],
            [.. from step in run.Script.Steps let source = run.Step(step.Id).Source where source is not null select new ReportSnapshot(step.Name, source.Snapshot, source.RecoveryPoint, source.UsableFrom)],
            [.. steps.Where(static step => step.Kind == RecoveryStepKind.Check)],
            SignaturesOf(run, service),
            plan.People.Where(person => Mentions(run, service, person.Id)).ToDictionary(static person => person.Id, static person => person.Name, StringComparer.Ordinal));
    }

    private static string VerdictOf(RecoveryRun run)
    {
        if (run.IsOpen)
        {
            return run.Ending is { } ending ? $"Not over yet: {ending.Reason}" : "Not over yet.";
        }

        var word = run.Measures is { IsPassed: true } ? run.Fault is null ? "Passed." : "Passed: the fault that was put in was noticed." : "Not passed.";
        return run.Ending is { Reason.Length: > 0 } ended ? $"{word} {ended.Reason}" : word;
    }

    private static List<ReportObjective> ObjectivesOf(RecoveryRun run)
    {
        var (asked, came) = (run.Objectives, run.Measures);
        var list = new List<ReportObjective> { One("Data loss (RPO)", asked.RecoveryPoint, came?.RecoveryPoint), One("Time to recover (RTO)", asked.RecoveryTime, came?.RecoveryTime) };
        if (run.Kind == RecoveryKind.Recovery)
        {
            if (asked.WorkRecovery > TimeSpan.Zero)
            {
                list.Add(One("Work recovery", asked.WorkRecovery, came?.WorkRecovery));
            }

            list.Add(One("Downtime (MTD)", asked.TolerableDowntime, came?.Downtime));
        }

        return list;

        static ReportObjective One(string name, TimeSpan objective, Measure? measure) => new(name, objective, measure?.Achieved, measure?.IsMet);
    }

    private static ReportStep StepOf(RecoveryRun run, RecoveryStep step, DateTimeOffset now)
    {
        var state = run.Step(step.Id);
        TimeSpan? took = state.State == RecoveryStepState.Skipped || state.StartedAt is not { } from ? null : RecoveryMeasures.Least((state.EndedAt ?? run.ClosedAt ?? now) - from);
        return new ReportStep(step.Id, step.Name, step.Kind, step.Owner, state.State, step.Duration, took, state.Result);
    }

    private static List<string> FindingsOf(RecoveryRun run, List<ReportStep> steps, List<ReportObjective> objectives)
    {
        var findings = new List<string>();
        findings.AddRange(objectives.Where(static one => one.IsMet == false).Select(static one => $"{one.Name}: {Durations.Format(one.Achieved!.Value)}, {Durations.Format(one.Objective)} was the objective."));

        // A step that failed and was done when tried again is no longer failed: only the timeline knows of it.
        findings.AddRange(run.Timeline.Where(entry => entry is { By: System, Step: { } id } && entry.What.StartsWith($"{run.Script.Step(id).Name}: failed.", StringComparison.Ordinal)).Select(static entry => entry.What));
        foreach (var step in steps)
        {
            if (step.State == RecoveryStepState.Skipped && !(run.Kind == RecoveryKind.Drill && !run.Script.Step(step.Id).RunsInDrill))
            {
                findings.Add($"{step.Name}: left out. {step.Result}".TrimEnd());
            }
            else if (step.IsOver)
            {
                findings.Add($"{step.Name}: took {Durations.Rough(step.Took!.Value)}, {Durations.Format(step.Planned)} was planned.");
            }
        }

        if (run is { IsOpen: false, Fault: not null, State: RecoveryState.Failed })
        {
            findings.Add("The fault that was put in went unnoticed.");
        }

        return findings;
    }

    private static List<ReportSignature> SignaturesOf(RecoveryRun run, Service? service) =>
    [
        new(run.Kind == RecoveryKind.Drill ? "Drill led by" : "Recovery led by", run.StartedBy is System or "operator" ? null : run.StartedBy),
        new("Service owner", service?.Owner),
        new("Reviewed by", null),
    ];

    private static bool Mentions(RecoveryRun run, Service? service, string person) =>
        run.StartedBy == person || service?.Owner == person || run.Timeline.Any(entry => entry.By == person) || run.Script.Steps.Any(step => step.Owner == person);
}

/// <summary>The recovery that a report is of; see <see cref="RecoveryRun"/> for what each member says.</summary>
public sealed record ReportedRun(
    string Id,
    RecoveryKind Kind,
    string Service,
    string Strategy,
    RecoveryState State,
    string StartedBy,
    string Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset DisruptedAt,
    DateTimeOffset? RecoveredAt,
    DateTimeOffset? ClosedAt,
    DateTimeOffset? PointInTime,
    string? Copy,
    DrillFault? Fault);

/// <summary>A line to sign on.</summary>
/// <param name="Part">In which part.</param>
/// <param name="Person">The id of the person; null for somebody yet to be named.</param>
public sealed record ReportSignature(string Part, string? Person);
