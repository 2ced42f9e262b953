namespace Maintenance.Backups.Repository;

/// <summary>How thoroughly a repository is verified.</summary>
/// <param name="DataPercent">How many of a hundred packs are read whole; 0 for structure only, 100 for everything.</param>
public sealed record VerifyOrder(int DataPercent)
{
    /// <summary>Which of the packs it is the turn of: counted up from one verification to the next, all are read once in 100 / percent times.</summary>
    public long Turn { get; init; }

    /// <summary>The snapshot whose data are read; null for all. The structure of all is always checked.</summary>
    public string? Snapshot { get; init; }

    /// <summary>
    /// True to compare each chunk with its name as well. Every byte that is read was authenticated in its place, so this finds only what went wrong before it was
    /// encrypted; the proof of a snapshot looks for that, too.
    /// </summary>
    public bool IsRehashed { get; init; }

    /// <summary>How many threads read.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>The id of the last pack that was read by the piece before; null for the first piece.</summary>
    public string? After { get; init; }

    /// <summary>The marks of damage that the pieces before have made: of packs that they read, only those say what is damaged now.</summary>
    public IReadOnlyList<string> Marked { get; init; } = [];

    /// <summary>When to put down where it is. The packs are read in pieces; the structure is checked by the last one.</summary>
    public WorkBudget Budget { get; init; } = WorkBudget.Unlimited;
}

/// <summary>What a verification found wrong.</summary>
/// <param name="Name">The object.</param>
/// <param name="What">What is wrong with it.</param>
/// <param name="IsLoss">True where something of a snapshot cannot be restored; false where nothing is lost by it.</param>
/// <param name="Paths">The first paths that are lost by it, as <c>snapshot:path</c>.</param>
/// <param name="PathCount">How many paths there are, over all snapshots.</param>
public sealed record VerifyFinding(string Name, string What, bool IsLoss, IReadOnlyList<string> Paths, long PathCount);

/// <summary>What a verification came to.</summary>
/// <param name="Snapshots">Snapshots whose manifest and list of entries were read.</param>
/// <param name="Packs">Packs there are.</param>
/// <param name="PacksRead">Packs that were read whole.</param>
/// <param name="BytesRead">Their bytes.</param>
/// <param name="Chunks">Chunks of the packs that were read.</param>
/// <param name="Findings">What is wrong; empty where nothing is.</param>
/// <param name="Damaged">The ids of the snapshots of which a part is lost.</param>
/// <param name="Notes">What is there and not wrong: packs of a backup under way or cut off.</param>
public sealed record VerifyReport(
    long Snapshots, long Packs, long PacksRead, long BytesRead, long Chunks, IReadOnlyList<VerifyFinding> Findings, IReadOnlyList<string> Damaged, IReadOnlyList<string> Notes)
{
    /// <summary>The id of the last pack that was read, where there are more: then what is wrong is marked, and told by the last piece. Null at the end.</summary>
    public string? Next { get; init; }

    /// <summary>The ids of the marks of damage that this piece and those before it have made; empty where it is done at one go.</summary>
    public IReadOnlyList<string> Marked { get; init; } = [];

    /// <summary>True where nothing is wrong.</summary>
    public bool IsClean => Findings.Count == 0;

    /// <summary>This piece, with what those before it have read.</summary>
    public VerifyReport With(VerifiedPieces? before) =>
        before is null ? this : this with { PacksRead = before.Packs + PacksRead, BytesRead = before.Bytes + BytesRead, Chunks = before.Chunks + Chunks, Marked = [.. before.Marked, .. Marked] };
}
