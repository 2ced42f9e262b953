using System.Text.Json.Serialization;
using Maintenance.Recovery;

namespace Maintenance.Rollouts;

/// <summary>Where a rollout stands.</summary>
public enum RolloutState
{
    /// <summary>It goes on by itself.</summary>
    Running,

    /// <summary>A person holds it: nothing new begins.</summary>
    Paused,

    /// <summary>Something failed that a person must look at: a backup, or a rollback. It is tried again, or aborted.</summary>
    Stuck,

    /// <summary>A person ended it; what is half done is taken back first.</summary>
    Stopping,

    /// <summary>Every ring has it.</summary>
    Completed,

    /// <summary>A ring failed and was taken back. Rings before it keep the change.</summary>
    RolledBack,

    /// <summary>A person ended it. Rings that were done keep the change.</summary>
    Aborted,
}

/// <summary>Where a ring stands.</summary>
public enum RingState
{
    /// <summary>It has no time yet.</summary>
    Pending,

    /// <summary>It waits for its time.</summary>
    Scheduled,

    /// <summary>A fresh backup is taken and proven.</summary>
    BackingUp,

    /// <summary>The change is applied.</summary>
    Applying,

    /// <summary>The probes are made.</summary>
    Probing,

    /// <summary>It is watched.</summary>
    Soaking,

    /// <summary>The change is taken back.</summary>
    Undoing,

    /// <summary>It has the change, and passed.</summary>
    Done,

    /// <summary>It had the change, and has it no more.</summary>
    RolledBack,
}

/// <summary>The rollout of an approved change: the one record of it. Instants are UTC.</summary>
/// <param name="Patch">The id of the request.</param>
/// <param name="Title">Its title.</param>
/// <param name="Service">The id of the service that it changes.</param>
/// <param name="Artifact">The hash that was approved, or null.</param>
/// <param name="Script">The rings as they were in the plan at the start, those that the request has targets in: a change of the plan changes no rollout under way.</param>
/// <param name="State">Where it stands.</param>
/// <param name="StartedAt">When it was approved and began.</param>
/// <param name="Rings">The rings as they stand, in order.</param>
/// <param name="Timeline">Everything that happened, oldest first.</param>
public sealed record RolloutRun(
    string Patch,
    string Title,
    string Service,
    string? Artifact,
    IReadOnlyList<RolloutRing> Script,
    RolloutState State,
    DateTimeOffset StartedAt,
    IReadOnlyList<RingRun> Rings,
    IReadOnlyList<TimelineEntry> Timeline)
{
    /// <summary>The ids of those who hear of everything: who asked, who implements, who approved, the service's owner.</summary>
    public IReadOnlyList<string> Notify { get; init; } = [];

    /// <summary>The id of who implements the change, and so may pause, resume and abort it; null for administrators alone.</summary>
    public string? Implementer { get; init; }

    /// <summary>When it was over.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it did not complete, or what it is stuck at.</summary>
    public string? Problem { get; init; }

    /// <summary>True where the workflow has seen it as it stands; false where a person has changed it since.</summary>
    public bool IsTaken { get; init; }

    /// <summary>How many lines of the timeline people are to be told of: stored with the line that is worth a message, so that no crash keeps it from them.</summary>
    public int ToTell { get; init; }

    /// <summary>How many they were told of.</summary>
    public int Told { get; init; }

    /// <summary>How often its workflow was started.</summary>
    public int Generation { get; init; } = 1;

    /// <summary>The id of its workflow instance.</summary>
    public string Workflow => Generation == 1 ? "rollout_" + Patch : $"rollout_{Patch}_{Generation}";

    /// <summary>True until it is over.</summary>
    public bool IsOpen => EndedAt is null;

    /// <summary>The ring that it is at; null once all are done.</summary>
    public RingRun? Current => Rings.FirstOrDefault(static ring => ring.State != RingState.Done);

    /// <summary>A ring as it stands.</summary>
    public RingRun Ring(string id) => Rings.First(ring => ring.Id == id);

    /// <summary>A ring as the plan had it.</summary>
    public RolloutRing Plan(string id) => Script.First(ring => ring.Id == id);

    /// <summary>The same with one ring changed.</summary>
    public RolloutRun With(RingRun ring) => this with { Rings = [.. Rings.Select(other => other.Id == ring.Id ? ring : other)] };

    /// <summary>The same with a line added to its timeline.</summary>
    public RolloutRun Note(DateTimeOffset at, string by, string what, string? ring = null) => this with { Timeline = [.. Timeline, new TimelineEntry(at, by, what, ring)] };

    /// <summary>The same, with people to be told of everything up to the last line.</summary>
    public RolloutRun News() => this with { ToTell = Timeline.Count };
}

/// <summary>A ring as it stands. Instants are UTC.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Targets">What is changed in it; empty for the ring as one.</param>
public sealed record RingRun(string Id, RingState State, IReadOnlyList<string> Targets)
{
    /// <summary>What is changed, one by one: an empty text stands for the ring as one.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Parts => Targets.Count == 0 ? [""] : Targets;

    /// <summary>When it may begin.</summary>
    public DateTimeOffset? SlotStart { get; init; }

    /// <summary>By when it is to be done; null for a ring that is bound to no window.</summary>
    public DateTimeOffset? SlotEnd { get; init; }

    /// <summary>True where people were told that no window holds it.</summary>
    public bool IsWithoutWindow { get; init; }

    /// <summary>The id of the request whose rollout is in this ring, so that this one waits for its end; null for none.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The backups that were taken for it.</summary>
    public IReadOnlyList<RingBackup> Backups { get; init; } = [];

    /// <summary>When the backups are looked at again.</summary>
    public DateTimeOffset? LookAt { get; init; }

    /// <summary>How often its change was begun to be applied; stored before the work.</summary>
    public int Attempts { get; init; }

    /// <summary>How often its change was begun to be taken back; stored before the work.</summary>
    public int UndoAttempts { get; init; }

    /// <summary>The targets that have the change: those of an attempt that was cut off are not done again. An empty text stands for the ring as one.</summary>
    public IReadOnlyList<string> Applied { get; init; } = [];

    /// <summary>The targets at which an attempt has begun: the change may be there in part, so that a rollback includes them. Stored before the work.</summary>
    public IReadOnlyList<string> Touched { get; init; } = [];

    /// <summary>The policies that a rollback has restored.</summary>
    public IReadOnlyList<string> Restored { get; init; } = [];

    /// <summary>When the change was applied.</summary>
    public DateTimeOffset? AppliedAt { get; init; }

    /// <summary>Until when it is watched.</summary>
    public DateTimeOffset? SoakUntil { get; init; }

    /// <summary>True once it was watched long enough, and only the last probes are left.</summary>
    public bool IsSoaked { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it was taken back.</summary>
    public string? Problem { get; init; }
}

/// <summary>A backup that was taken for a ring.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Run">The run, and the id of its snapshot.</param>
/// <param name="IsProven">True once it is.</param>
public sealed record RingBackup(string Policy, string Run, bool IsProven);
