namespace Maintenance.Backups;

/// <summary>One taking of a backup, from its claim to its proof. Instants are UTC.</summary>
/// <param name="Id"><c>{policy}_{instant}</c>; the id of its snapshot too.</param>
/// <param name="Policy">The id of the policy.</param>
/// <param name="Occurrence">The instant that it is for.</param>
/// <param name="Trigger">Why it was due.</param>
/// <param name="State">Where it stands.</param>
/// <param name="ClaimedAt">When it was claimed.</param>
/// <param name="RecoveryPoint">When reading began; what changed later may be missing.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Files">Files of the snapshot.</param>
/// <param name="Bytes">Bytes of the snapshot's files.</param>
/// <param name="NewBytes">Bytes that had not been stored before.</param>
/// <param name="Problems">What could not be read, what the proof found, or why it failed.</param>
/// <param name="Entropy">The mean entropy of its new contents, in bits a byte (0 to 8); null where nothing was new or nobody measured it.</param>
/// <param name="ProvenAt">When its last proof ended well; null where none did, or where nobody noted when.</param>
public sealed record BackupRun(
    string Id,
    string Policy,
    DateTimeOffset Occurrence,
    BackupTrigger Trigger,
    BackupRunState State,
    DateTimeOffset ClaimedAt,
    DateTimeOffset? RecoveryPoint = null,
    DateTimeOffset? EndedAt = null,
    int Files = 0,
    long Bytes = 0,
    long NewBytes = 0,
    IReadOnlyList<string>? Problems = null,
    double? Entropy = null,
    DateTimeOffset? ProvenAt = null)
{
    /// <summary>What was read, as people are told; null before it is taken.</summary>
    public string? Source { get; init; }

    /// <summary>Bytes that its packs take.</summary>
    public long StoredBytes { get; init; }

    /// <summary>What people should know of it and nothing is lost by; null for nothing.</summary>
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>When its first proof ended well (UTC): from then on one could rely on it. Null where none did, and in runs of before this was noted.</summary>
    public DateTimeOffset? FirstProvenAt { get; init; }

    /// <summary>When a verification last found that a part of it is lost (UTC); null where none did, or a later one found it whole again.</summary>
    public DateTimeOffset? DamagedAt { get; init; }

    /// <summary>When the retention rules let it go (UTC); null while it is kept.</summary>
    public DateTimeOffset? DroppedAt { get; init; }

    /// <summary>The id of its workflow instance.</summary>
    public string Workflow => "backup_" + Id;
}

/// <summary>Why a backup is due.</summary>
public enum BackupTrigger
{
    /// <summary>Its schedule.</summary>
    Schedule,

    /// <summary>There is no proven one yet.</summary>
    NeverProven,

    /// <summary>The newest proven one is older than the service's RPO.</summary>
    RecoveryPoint,

    /// <summary>Somebody asked for it.</summary>
    Manual,
}

/// <summary>Where a run stands.</summary>
public enum BackupRunState
{
    /// <summary>Claimed; the workflow takes or proves it.</summary>
    Running,

    /// <summary>Taken, restored and found equal.</summary>
    Proven,

    /// <summary>Taken, but incomplete, or the proof found a difference.</summary>
    Unproven,

    /// <summary>Not taken.</summary>
    Failed,
}

/// <summary>What is known of a policy's backups.</summary>
/// <param name="Since">Since when the policy is looked after (UTC).</param>
/// <param name="ConsideredUpTo">Occurrences up to here have been decided (UTC).</param>
/// <param name="Running">The run that is under way, or null.</param>
/// <param name="Latest">The newest run that has ended, or null.</param>
/// <param name="Proven">The newest proven run, or null.</param>
/// <param name="Failures">How many runs in a row did not end proven.</param>
public sealed record BackupStatus(
    DateTimeOffset Since, DateTimeOffset ConsideredUpTo, BackupRun? Running, BackupRun? Latest, BackupRun? Proven, int Failures);
