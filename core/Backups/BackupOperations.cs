using Maintenance.Backups.Repository;
using Maintenance.Backups.Retention;

namespace Maintenance.Backups;

/// <summary>A restore, as asked for.</summary>
/// <param name="Operation">The id of its workflow instance.</param>
/// <param name="Snapshot">The snapshot's id.</param>
/// <param name="Target">An absolute folder, or a place that the host knows (<see cref="Sources.ISnapshotPlaces"/>).</param>
public sealed record RestoreSnapshotRequest(string Operation, string Snapshot, string Target)
{
    /// <summary>Paths or globs, each with all that is in it; empty for everything.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>What becomes of files that are in the target already.</summary>
    public ExistingFiles Existing { get; init; } = ExistingFiles.Refuse;

    /// <summary>True to say what would be done, and write nothing.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>The id of the copy to restore from; null for the repository itself.</summary>
    public string? Copy { get; init; }
}

/// <summary>Where the parts of a restore begin.</summary>
/// <param name="Starts">The number of the first entry of each.</param>
/// <param name="IsResumable">True where a piece that was cut off may be done again.</param>
public sealed record RestoreOutline(IReadOnlyList<long> Starts, bool IsResumable);

/// <summary>A slice of a restore.</summary>
/// <param name="Request">The restore.</param>
/// <param name="Part">The part, from 0.</param>
/// <param name="From">Where the slice begins.</param>
/// <param name="Until">The number of the entry that its part ends before; null for the end.</param>
public sealed record RestoreSliceRef(RestoreSnapshotRequest Request, int Part, RestoreCursor From, long? Until);

/// <summary>What a slice of a restore came to.</summary>
/// <param name="Next">Where the next slice begins; null where the part is done.</param>
/// <param name="Report">What was done.</param>
public sealed record RestoredSlice(RestoreCursor? Next, RestoreReport Report);

/// <summary>A slice of a part of a snapshot that is being taken.</summary>
/// <param name="Run">The run.</param>
/// <param name="Part">The part, from 0.</param>
/// <param name="Number">The slice, from 0.</param>
public sealed record SnapshotSliceRef(BackupRunRef Run, int Part, int Number);

/// <summary>A slice of a proof.</summary>
/// <param name="Run">The run.</param>
/// <param name="Part">The part, from 0.</param>
/// <param name="From">Where the slice begins.</param>
/// <param name="Until">The number of the entry that its part ends before; null for the end.</param>
public sealed record ProofSliceRef(BackupRunRef Run, int Part, ProofCursor From, long? Until);

/// <summary>What a slice of a proof came to.</summary>
/// <param name="Next">Where the next slice begins; null where the part is done.</param>
/// <param name="Differences">The first differences.</param>
public sealed record ProofSlice(ProofCursor? Next, IReadOnlyList<string> Differences);

/// <summary>A verification, as asked for or as due.</summary>
/// <param name="Operation">The id of its workflow instance.</param>
/// <param name="DataPercent">How many of a hundred packs are read whole.</param>
/// <param name="Turn">Which of them it is the turn of.</param>
/// <param name="Snapshot">The snapshot whose data are read; null for all.</param>
/// <param name="Copy">The id of a copy; null for the repository itself.</param>
public sealed record VerifyRepositoryRequest(string Operation, int DataPercent, long Turn = 0, string? Snapshot = null, string? Copy = null)
{
    /// <summary>What the pieces before have read; null for the first.</summary>
    public VerifiedPieces? Before { get; init; }
}

/// <summary>What the pieces of a verification have read so far.</summary>
/// <param name="Last">The id of the last pack.</param>
/// <param name="Packs">How many packs.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Chunks">Their chunks.</param>
public sealed record VerifiedPieces(string Last, long Packs, long Bytes, long Chunks)
{
    /// <summary>The ids of the marks of damage that they have made.</summary>
    public IReadOnlyList<string> Marked { get; init; } = [];
}

/// <summary>A prune, as asked for or as due.</summary>
/// <param name="Operation">The id of its workflow instance.</param>
/// <param name="IsDryRun">True to say what would be done, and do nothing.</param>
/// <param name="Copy">The id of a copy; null for the repository itself.</param>
public sealed record PruneRepositoryRequest(string Operation, bool IsDryRun = false, string? Copy = null);

/// <summary>A copying, as asked for or after a backup.</summary>
/// <param name="Operation">The id of its workflow instance.</param>
/// <param name="Copy">The id of the copy.</param>
public sealed record CopyRepositoryRequest(string Operation, string Copy)
{
    /// <summary>What the pieces before have taken there; null for the first.</summary>
    public CopiedPieces? Before { get; init; }
}

/// <summary>What the pieces of a copying have taken there so far.</summary>
/// <param name="Objects">How many objects.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record CopiedPieces(long Objects, long Bytes);

/// <summary>An application of the retention rules.</summary>
/// <param name="Operation">The id of its workflow instance.</param>
/// <param name="Policy">The policy.</param>
public sealed record ApplyRetentionRequest(string Operation, string Policy);

/// <summary>What an application of the retention rules did.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Kept">How many snapshots stay.</param>
/// <param name="Dropped">The ids of those that were dropped, the first hundred.</param>
/// <param name="DroppedCount">How many there were.</param>
/// <param name="Problems">What could not be dropped, and why.</param>
public sealed record RetentionReport(string Policy, int Kept, IReadOnlyList<string> Dropped, int DroppedCount, IReadOnlyList<string> Problems);

/// <summary>A proof of a snapshot that is already there.</summary>
/// <param name="Run">The run that took it.</param>
/// <param name="Differences">What the restored folder lacks; empty where it is proven.</param>
public sealed record SnapshotProof(BackupRunRef Run, IReadOnlyList<string> Differences);

/// <summary>A snapshot that nobody may drop.</summary>
/// <param name="Snapshot">Its id.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who said so.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Until">Until when (UTC); null until it is released.</param>
public sealed record SnapshotHold(string Snapshot, string Reason, string By, DateTimeOffset At, DateTimeOffset? Until = null);

/// <summary>A snapshot of a policy and what is known of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Run">The run that took it; null where the records do not know it.</param>
/// <param name="Hold">Why it is held; null where it is not.</param>
/// <param name="Health">Whether it is proven, unproven or corrupt.</param>
/// <param name="Kept">Why the rules keep it, in words; empty where they drop it.</param>
public sealed record SnapshotLine(string Id, BackupRun? Run, SnapshotHold? Hold, SnapshotHealth Health, IReadOnlyList<string> Kept);

/// <summary>The snapshots of a policy and what its rules make of them.</summary>
/// <param name="Snapshots">Those that are there, newest first.</param>
/// <param name="Decision">What the rules would keep and drop now.</param>
public sealed record RetentionReview(IReadOnlyList<SnapshotLine> Snapshots, RetentionDecision Decision);
