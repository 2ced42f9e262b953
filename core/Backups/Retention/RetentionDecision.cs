namespace Maintenance.Backups.Retention;

/// <summary>What stays and what goes, with the reasons. Every candidate is in exactly one of the lists; both are ordered by source, then newest first.</summary>
/// <param name="Kept">What stays.</param>
/// <param name="Dropped">What no rule keeps.</param>
public sealed record RetentionDecision(IReadOnlyList<KeptSnapshot> Kept, IReadOnlyList<DroppedSnapshot> Dropped);

/// <summary>A snapshot that stays.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Source">What it is a snapshot of.</param>
/// <param name="At">Its recovery point (UTC).</param>
/// <param name="Health">What is known of it.</param>
/// <param name="Reasons">All that keep it, at least one.</param>
public sealed record KeptSnapshot(string Id, string Source, DateTimeOffset At, SnapshotHealth Health, IReadOnlyList<KeepReason> Reasons);

/// <summary>A snapshot that goes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Source">What it is a snapshot of.</param>
/// <param name="At">Its recovery point (UTC).</param>
/// <param name="Health">What is known of it.</param>
/// <param name="Reasons">Why nothing keeps it, at least one.</param>
public sealed record DroppedSnapshot(string Id, string Source, DateTimeOffset At, SnapshotHealth Health, IReadOnlyList<DropReason> Reasons);

/// <summary>What keeps a snapshot.</summary>
public enum KeepRule
{
    /// <summary>One of the newest n proven ones.</summary>
    Last,

    /// <summary>The newest proven one of its hour. An hour that the clock repeats is two.</summary>
    Hourly,

    /// <summary>The newest proven one of its day.</summary>
    Daily,

    /// <summary>The newest proven one of its ISO week.</summary>
    Weekly,

    /// <summary>The newest proven one of its month.</summary>
    Monthly,

    /// <summary>The newest proven one of its year.</summary>
    Yearly,

    /// <summary>Proven, and young enough.</summary>
    Within,

    /// <summary>One of the fewest proven ones that must stay.</summary>
    Minimum,

    /// <summary>The newest proven one of its source: rules never take the last snapshot that is known to restore.</summary>
    NewestProven,

    /// <summary>Unproven, and newer than the newest proven one: the newest data are not thrown away because nobody has proved them yet.</summary>
    NewerThanProven,

    /// <summary>Its source has no proven snapshot at all: this may be all there is.</summary>
    NothingProven,

    /// <summary>Somebody holds it.</summary>
    Held,

    /// <summary>It is too young to be dropped by anybody.</summary>
    Immutable,

    /// <summary>Its time has not come: a clock was wrong, and nothing is decided about it.</summary>
    InFuture,

    /// <summary>There are no rules: everything stays.</summary>
    NoRules,
}

/// <summary>One reason to keep.</summary>
/// <param name="Rule">What keeps it.</param>
/// <param name="Bucket">The hour, day, week, month or year in the plan's zone: <c>2026-10-25T02+02</c>, <c>2026-11-22</c>, <c>2026-W47</c>, <c>2026-11</c>, <c>2026</c>; else null.</param>
/// <param name="Text">For people: <c>daily 2026-11-22</c>.</param>
public sealed record KeepReason(KeepRule Rule, string? Bucket, string Text);

/// <summary>Why something does not keep a snapshot.</summary>
public enum DropCause
{
    /// <summary>It is damaged, and its source has a proven one.</summary>
    Corrupt,

    /// <summary>It is unproven, and its source has a proven one that is not older.</summary>
    Unproven,

    /// <summary>A newer proven one has the slot of its bucket.</summary>
    SlotTaken,

    /// <summary>The rule's slots all belong to newer ones.</summary>
    SlotsFull,

    /// <summary>It is older than the rule's span.</summary>
    TooOld,
}

/// <summary>One reason why a snapshot is not kept.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Rule">The rule that might have kept it; null where its health forbids any.</param>
/// <param name="Bucket">Its bucket under that rule, or null.</param>
/// <param name="Newer">The id of the snapshot that stands in its place, or null.</param>
/// <param name="Text">For people: <c>daily 2026-11-22 is register_20261122T200000Z</c>.</param>
public sealed record DropReason(DropCause Cause, KeepRule? Rule, string? Bucket, string? Newer, string Text);
