namespace Maintenance.Backups.Repository;

/// <summary>
/// A snapshot's manifest: a sealed object at <c>snapshots/{policy}/{id}</c>, stored last, so that a snapshot that is listed is whole.
/// </summary>
/// <param name="Id"><c>{policy}_{instant}</c>, which is also the id of the run that took it.</param>
/// <param name="Policy">The id of the policy.</param>
/// <param name="Source">What was read, as people are told.</param>
/// <param name="TakenAt">When reading began (UTC): the recovery point. What changed later may be missing.</param>
/// <param name="CompletedAt">When it was whole (UTC).</param>
/// <param name="Parent">The snapshot that it was compared with while it was taken, or null.</param>
/// <param name="Tree">The chunks of the list of entries, in order, each 40 hexadecimal digits.</param>
/// <param name="Statistics">Counts and sizes.</param>
/// <param name="Problems">The first things that could not be read as they were. A snapshot with problems is kept, and never counts as proven.</param>
/// <param name="Notes">The first things that people should know and nothing is lost by.</param>
/// <param name="IsByName">True where the entries come in the order of their whole paths (a container's), not folder by folder.</param>
public sealed record Snapshot(
    string Id,
    string Policy,
    string Source,
    DateTimeOffset TakenAt,
    DateTimeOffset CompletedAt,
    string? Parent,
    IReadOnlyList<string> Tree,
    SnapshotStatistics Statistics,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Notes,
    bool IsByName = false)
{
    /// <summary>An id of a policy has at most 40 characters, so that of a snapshot is far shorter than this; longer text is none.</summary>
    private const int LongestId = 100;

    /// <summary>The policy of a snapshot's id; null where the text is no such id.</summary>
    public static string? PolicyOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var at = id.LastIndexOf('_');
        return at > 0 && id.Length <= LongestId && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? id[..at] : null;
    }
}

/// <summary>Counts and sizes of a snapshot.</summary>
/// <param name="Files">Files, hard links not counted.</param>
/// <param name="Folders">Folders.</param>
/// <param name="Links">Symbolic and hard links.</param>
/// <param name="Bytes">The files' sizes together.</param>
/// <param name="ReadFiles">Files that had to be read: all but those that had not changed since the parent.</param>
/// <param name="ReadBytes">Their sizes together.</param>
/// <param name="NewBytes">Bytes that were not in the repository yet.</param>
/// <param name="StoredBytes">Bytes that the packs of this backup take.</param>
/// <param name="Entropy">The mean entropy of the new bytes in bits a byte; null where none were new.</param>
/// <param name="Problems">How many problems there were; the manifest has the first of them in words.</param>
/// <param name="Notes">How many notes there were.</param>
public sealed record SnapshotStatistics(
    long Files,
    long Folders,
    long Links,
    long Bytes,
    long ReadFiles,
    long ReadBytes,
    long NewBytes,
    long StoredBytes,
    double? Entropy,
    long Problems = 0,
    long Notes = 0)
{
    /// <summary>Those of both together.</summary>
    public SnapshotStatistics Plus(SnapshotStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var newBytes = NewBytes + other.NewBytes;
        return new SnapshotStatistics(
            Files + other.Files,
            Folders + other.Folders,
            Links + other.Links,
            Bytes + other.Bytes,
            ReadFiles + other.ReadFiles,
            ReadBytes + other.ReadBytes,
            newBytes,
            StoredBytes + other.StoredBytes,
            newBytes == 0 ? null : ((Entropy ?? 0) * NewBytes + (other.Entropy ?? 0) * other.NewBytes) / newBytes,
            Problems + other.Problems,
            Notes + other.Notes);
    }
}
