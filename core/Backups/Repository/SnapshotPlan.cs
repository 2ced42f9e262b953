namespace Maintenance.Backups.Repository;

/// <summary>
/// A snapshot that is being taken piece by piece, perhaps by several workers: a sealed object that is there until the manifest is. The source's paths, in its order,
/// are cut into parts that are taken beside each other, and each part into slices that are taken one after the other.
/// </summary>
/// <param name="Id">The snapshot's id.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Source">What is read, as people are told.</param>
/// <param name="Session">Who is at work: one session from the first slice to the manifest, so that no prune takes away what an earlier slice relies on.</param>
/// <param name="Known">The marks that were there when it began. What they name is avoided by every slice, also once they are gone.</param>
/// <param name="Parent">The snapshot that it is compared with, or null.</param>
/// <param name="Cuts">The last path of every part but the last, in the source's order.</param>
/// <param name="IsByName">True where the entries come in the order of their whole paths, not folder by folder.</param>
/// <param name="IsAtOneGo">True where the source cannot be gone on with by another process: it is read to its end by the one slice that there is.</param>
/// <param name="Scope">What is left out of the source (<see cref="SnapshotOrder.Scope"/>).</param>
internal sealed record SnapshotPlan(
    string Id, string Policy, string Source, RepositorySession Session, IReadOnlyList<UnneededMark> Known, string? Parent, IReadOnlyList<string> Cuts, bool IsByName, bool IsAtOneGo, string? Scope = null)
{
    /// <summary>How many parts there are.</summary>
    public int Parts => Cuts.Count + 1;

    /// <summary>The paths of a part, from its beginning.</summary>
    public SliceRange Range(int part) => new(part == 0 ? null : Cuts[part - 1], part == Cuts.Count ? null : Cuts[part]);
}

/// <summary>Which paths are read, in the source's order.</summary>
/// <param name="After">The path before the first; null for the beginning, with the root.</param>
/// <param name="Until">The last path; null for the end.</param>
internal sealed record SliceRange(string? After, string? Until)
{
    /// <summary>Everything.</summary>
    public static SliceRange All { get; } = new(null, null);
}

/// <summary>What a slice came to: a sealed object.</summary>
/// <param name="Part">The part.</param>
/// <param name="Number">Which slice of it, from 0.</param>
/// <param name="Last">The last path that it has all of; null where it has none, then <see cref="Open"/> says how far it came.</param>
/// <param name="IsLast">True where the part is whole with it.</param>
/// <param name="Tree">The chunks of its entries. A slice's entries begin anew, so those of all slices one after the other are the snapshot's.</param>
/// <param name="Statistics">What it counted.</param>
/// <param name="Problems">The first things that could not be read as they were.</param>
/// <param name="Notes">The first things that people should know and nothing is lost by.</param>
/// <param name="Open">The file that it did not come to the end of, or null.</param>
internal sealed record SnapshotSlice(
    int Part,
    int Number,
    string? Last,
    bool IsLast,
    IReadOnlyList<string> Tree,
    SnapshotStatistics Statistics,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Notes,
    OpenFile? Open);

/// <summary>A file that a slice stored the beginning of, or more of.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Length">Its length when it was looked at.</param>
/// <param name="Modified">Its time then.</param>
/// <param name="ChangeMark">Its change mark then.</param>
/// <param name="From">Where the slice began in it: 0, or where the slice before ended.</param>
/// <param name="To">Where the slice ended in it, at the end of a chunk.</param>
/// <param name="Chunks">The chunks between them, each 40 hexadecimal digits.</param>
internal sealed record OpenFile(string Path, long Length, long? Modified, ulong ChangeMark, long From, long To, IReadOnlyList<string> Chunks)
{
    /// <summary>True where the source shows the same state of the file.</summary>
    public bool IsSame(TreeEntry now) => now.Path == Path && now.Length == Length && now.Modified == Modified && now.ChangeMark == ChangeMark;
}

/// <summary>A snapshot that is to be taken piece by piece, as whoever orders the pieces has to know it.</summary>
/// <param name="Parts">How many parts can be taken beside each other; 0 where the snapshot is there already.</param>
public sealed record SnapshotOutline(int Parts);

/// <summary>How far a part of a snapshot is.</summary>
/// <param name="IsLast">True where the part is whole.</param>
/// <param name="Files">Files of this slice.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record SliceReport(bool IsLast, long Files, long Bytes);
