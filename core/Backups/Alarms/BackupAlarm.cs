namespace Maintenance.Backups.Alarms;

/// <summary>Something about a backup that a person should act on.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Policy">The id of the policy.</param>
/// <param name="Service">The id of the service that the policy is for.</param>
/// <param name="Text">What is wrong, since when, and what to do.</param>
/// <param name="Since">Since when it is so (UTC).</param>
/// <param name="Key">The same situation has the same key for as long as it lasts, so that people hear of it once.</param>
public sealed record BackupAlarm(BackupAlarmKind Kind, string Policy, string Service, string Text, DateTimeOffset Since, string Key);

/// <summary>Kinds of alarm.</summary>
public enum BackupAlarmKind
{
    /// <summary>The newest proven recovery point is older than the service's RPO, or there is none for as long.</summary>
    RecoveryPoint,

    /// <summary>An occurrence of the schedule passed and no run was claimed.</summary>
    Schedule,

    /// <summary>The schedule has rested for more than a week.</summary>
    Paused,

    /// <summary>The policy is gone from the plan, and no other backs its service up.</summary>
    Removed,

    /// <summary>The newest snapshot is far larger or smaller than its predecessors.</summary>
    Size,

    /// <summary>The newest snapshot has far more or fewer files than its predecessors.</summary>
    Files,

    /// <summary>The newest snapshot's new contents look encrypted, and those of its predecessors did not.</summary>
    Entropy,

    /// <summary>No proof of the policy's snapshots counts any more.</summary>
    ProofExpired,
}

/// <summary>What the records know of a policy, whether or not the plan still has it.</summary>
/// <param name="Policy">The id of the policy.</param>
/// <param name="Service">
/// The id of the service that it was for when last seen; null where nobody noted it. It matters only for a policy that the plan no longer has.
/// </param>
/// <param name="Status">What is known of its backups; null before the first look.</param>
/// <param name="Newest">
/// Its newest runs, newest first; at least <see cref="BackupAlarms.RunsNeeded"/> of them where there are so many.
/// </param>
public sealed record BackupHistory(string Policy, string? Service, BackupStatus? Status, IReadOnlyList<BackupRun> Newest);
