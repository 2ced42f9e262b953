using Maintenance.Backups.Repository;

namespace Maintenance.Recovery;

/// <summary>For real, or to try it out.</summary>
public enum RecoveryKind
{
    /// <summary>A service is brought back.</summary>
    Recovery,

    /// <summary>The same into a scratch folder, without a cut-over, and cleaned up afterwards.</summary>
    Drill,
}

/// <summary>Where a recovery stands.</summary>
public enum RecoveryState
{
    /// <summary>Its steps are being done.</summary>
    Running,

    /// <summary>It was aborted, rejected or failed; what was restored is being put away.</summary>
    Stopping,

    /// <summary>The service runs again. The old data are kept aside until somebody confirms that all is well (reconstitution).</summary>
    Recovered,

    /// <summary>Confirmed: the recovery is over. A drill: it passed.</summary>
    Completed,

    /// <summary>A drill: it did not pass.</summary>
    Failed,

    /// <summary>A gate was rejected; the live side is as it was.</summary>
    Rejected,

    /// <summary>Somebody ended it; the live side is as it was.</summary>
    Aborted,

    /// <summary>Recovered, and then taken back: the old data are live again, what was restored lies beside them.</summary>
    Reverted,
}

/// <summary>A recovery or a drill, from its start to its end: the one record of it. Instants are UTC.</summary>
/// <param name="Id">Such as <c>R-1003</c>.</param>
/// <param name="Kind">For real, or a drill.</param>
/// <param name="Service">The id of the service.</param>
/// <param name="Script">The strategy as it was in the plan at the start: a change of the plan changes no recovery under way.</param>
/// <param name="Objectives">The service's objectives at the start.</param>
/// <param name="State">Where it stands.</param>
/// <param name="StartedBy">Who activated it.</param>
/// <param name="Reason">Why.</param>
/// <param name="StartedAt">When it was activated.</param>
/// <param name="DisruptedAt">When the service was lost: the beginning of the downtime. For a drill, its start.</param>
/// <param name="PointInTime">The state that was asked for; null for the newest.</param>
/// <param name="Steps">The steps as they stand, in the order of the script.</param>
/// <param name="Timeline">Everything that happened, oldest first.</param>
public sealed record RecoveryRun(
    string Id,
    RecoveryKind Kind,
    string Service,
    RecoveryScript Script,
    RecoveryObjectives Objectives,
    RecoveryState State,
    string StartedBy,
    string Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset DisruptedAt,
    DateTimeOffset? PointInTime,
    IReadOnlyList<RecoveryStepRun> Steps,
    IReadOnlyList<TimelineEntry> Timeline)
{
    /// <summary>The copy that is restored from; null for the repository itself.</summary>
    public string? Copy { get; init; }

    /// <summary>What a drill breaks on purpose; null for nothing.</summary>
    public DrillFault? Fault { get; init; }

    /// <summary>How it is going to end, once it is no longer running; null before.</summary>
    public RecoveryEnding? Ending { get; init; }

    /// <summary>When every step was done: the service runs again.</summary>
    public DateTimeOffset? RecoveredAt { get; init; }

    /// <summary>When it was over, everything put away.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>What it achieved, measured when it was over.</summary>
    public RecoveryMeasures? Measures { get; init; }

    /// <summary>How often its workflow was started: again by a person where it had given up.</summary>
    public int Generation { get; init; } = 1;

    /// <summary>The id of its workflow instance.</summary>
    public string Workflow => Generation == 1 ? "recovery_" + Id : $"recovery_{Id}_{Generation}";

    /// <summary>True until it is over.</summary>
    public bool IsOpen => ClosedAt is null;

    /// <summary>The step of an id.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public RecoveryStepRun Step(string id) => Steps.FirstOrDefault(step => step.Id == id) ?? throw new KeyNotFoundException($"{Id} has no step '{id}'. There are: {string.Join(", ", Steps.Select(static step => step.Id))}.");

    /// <summary>The same with one step changed.</summary>
    public RecoveryRun With(RecoveryStepRun step) => this with { Steps = [.. Steps.Select(other => other.Id == step.Id ? step : other)] };

    /// <summary>The same with a line added to its timeline.</summary>
    public RecoveryRun Note(DateTimeOffset at, string by, string what, string? step = null) => this with { Timeline = [.. Timeline, new TimelineEntry(at, by, what, step)] };
}

/// <summary>A strategy as a recovery follows it.</summary>
/// <param name="Strategy">Its id.</param>
/// <param name="Steps">Its steps.</param>
/// <param name="Workers">How many run at the same time.</param>
/// <param name="Notify">Who hears of it.</param>
public sealed record RecoveryScript(string Strategy, IReadOnlyList<RecoveryStep> Steps, int Workers, IReadOnlyList<string> Notify)
{
    /// <summary>The step of an id.</summary>
    public RecoveryStep Step(string id) => Steps.First(step => step.Id == id);
}

/// <summary>What a service asks of a recovery.</summary>
/// <param name="RecoveryPoint">RPO.</param>
/// <param name="RecoveryTime">RTO.</param>
/// <param name="WorkRecovery">Work-recovery time.</param>
/// <param name="TolerableDowntime">MTD.</param>
public sealed record RecoveryObjectives(TimeSpan RecoveryPoint, TimeSpan RecoveryTime, TimeSpan WorkRecovery, TimeSpan TolerableDowntime);

/// <summary>Something that happened.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="By">The id of a person, or <c>system</c>.</param>
/// <param name="What">In words.</param>
/// <param name="Step">The step that it happened to, or null.</param>
public sealed record TimelineEntry(DateTimeOffset At, string By, string What, string? Step = null);

/// <summary>Where a step stands.</summary>
public enum RecoveryStepState
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>A machine is at it.</summary>
    Running,

    /// <summary>It waits for a person.</summary>
    Waiting,

    /// <summary>Done.</summary>
    Done,

    /// <summary>Left out: by a person, or because a drill does not do it.</summary>
    Skipped,

    /// <summary>It failed; a person decides whether to try again, to leave it out, or to abort. A drill ends with it.</summary>
    Failed,

    /// <summary>The recovery was stopped before it was done.</summary>
    Stopped,
}

/// <summary>A step as it stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">Where it stands.</param>
public sealed record RecoveryStepRun(string Id, RecoveryStepState State)
{
    /// <summary>When it began (UTC).</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended (UTC).</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How often a machine began it; stored before the work.</summary>
    public int Attempts { get; init; }

    /// <summary>What it came to, or why it failed.</summary>
    public string? Result { get; init; }

    /// <summary>What a restore step restores.</summary>
    public RecoverySource? Source { get; init; }

    /// <summary>How far a restore into a place is that is done piece by piece; null before the first piece has ended, and where it is done at one go.</summary>
    public RestoredPieces? Pieces { get; init; }

    /// <summary>Where a restore step's data lie in isolation; null before they are whole, and once they are live or put away.</summary>
    public string? Isolated { get; init; }

    /// <summary>When a restore step's data took the place of the live ones.</summary>
    public DateTimeOffset? SwappedAt { get; init; }

    /// <summary>Where the former live data are kept; null where there were none, or they are put away.</summary>
    public string? Aside { get; init; }

    /// <summary>True where it failed at the pack that a drill hid, and not at something else.</summary>
    public bool IsFaultNoticed { get; init; }

    /// <summary>A gate's votes: one for each person, the last.</summary>
    public IReadOnlyList<GateVote> Votes { get; init; } = [];

    /// <summary>True where the workflow has seen it as it stands; false where a person has changed it since, so that the workflow may have to be woken.</summary>
    public bool IsTaken { get; init; }

    /// <summary>True once nothing more happens to it.</summary>
    public bool IsEnded => State is RecoveryStepState.Done or RecoveryStepState.Skipped or RecoveryStepState.Stopped;
}

/// <summary>What the pieces of a restore have done so far.</summary>
/// <param name="Next">Where the next begins.</param>
/// <param name="Files">Files that are restored.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record RestoredPieces(RestoreCursor Next, long Files, long Bytes);

/// <summary>What a restore step restores.</summary>
/// <param name="Snapshot">The snapshot's id.</param>
/// <param name="RecoveryPoint">When its reading began (UTC): what changed later may be missing.</param>
/// <param name="UsableFrom">When it was whole and proven (UTC): before that nothing could have been restored from it.</param>
public sealed record RecoverySource(string Snapshot, DateTimeOffset RecoveryPoint, DateTimeOffset? UsableFrom);

/// <summary>A vote at a gate.</summary>
/// <param name="Person">Who.</param>
/// <param name="IsApproval">For, or against.</param>
/// <param name="Comment">Why; a rejection needs one.</param>
/// <param name="At">When (UTC).</param>
public sealed record GateVote(string Person, bool IsApproval, string? Comment, DateTimeOffset At);

/// <summary>How a recovery ends.</summary>
/// <param name="State">The state that it ends in.</param>
/// <param name="By">Who, or what, decided it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When (UTC).</param>
public sealed record RecoveryEnding(RecoveryState State, string By, string Reason, DateTimeOffset At);

/// <summary>What a drill breaks on purpose, to see whether it is noticed.</summary>
public enum DrillFault
{
    /// <summary>One of the snapshot's packs is missing from the repository.</summary>
    MissingPack,

    /// <summary>What the first check looks at is not as it should be.</summary>
    FailingCheck,
}
