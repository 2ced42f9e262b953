namespace Maintenance.Backups.Retention;

/// <summary>A snapshot as the retention rules see it.</summary>
/// <param name="Id">Its id; no two candidates share one.</param>
/// <param name="Source">What it is a snapshot of. Each source is decided by itself, as if there were no other.</param>
/// <param name="At">Its recovery point (UTC).</param>
/// <param name="Health">What is known of it.</param>
/// <param name="IsHeld">True while somebody holds it (a legal hold, an investigation), until they let go.</param>
/// <param name="HeldUntil">It is held until this instant (UTC), that instant excluded; null for no such hold.</param>
public sealed record RetentionCandidate(
    string Id, string Source, DateTimeOffset At, SnapshotHealth Health, bool IsHeld = false, DateTimeOffset? HeldUntil = null);

/// <summary>What is known of a snapshot.</summary>
public enum SnapshotHealth
{
    /// <summary>It was restored and found equal. Only such a snapshot takes a slot of a rule.</summary>
    Proven,

    /// <summary>Nobody has restored it yet, its proof has expired, or the proof failed without the stored data being damaged.</summary>
    Unproven,

    /// <summary>Stored data that it needs are damaged or missing.</summary>
    Corrupt,
}
