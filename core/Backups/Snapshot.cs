namespace Maintenance.Backups;

/// <summary>
/// A snapshot's manifest: stored last, so that a snapshot that is there is whole. Objects: <c>snapshots/{policy}/{id}.json</c>, and its contents at
/// <c>chunks/{xx}/{sha256}</c>, shared by all snapshots.
/// </summary>
/// <param name="Id"><c>{policy}_{instant}</c>, which is also the id of the run that took it.</param>
/// <param name="Policy">The id of the policy.</param>
/// <param name="Source">What was read.</param>
/// <param name="TakenAt">When reading began (UTC): the recovery point. What changed later may be missing.</param>
/// <param name="CompletedAt">When it was whole (UTC).</param>
/// <param name="Entries">Folders, files and links, each folder before what is in it.</param>
/// <param name="Problems">What could not be read as it was. A snapshot with problems is kept, and never counts as proven.</param>
/// <param name="NewBytes">How much had not been stored before.</param>
/// <param name="Root">The source folder itself, for its mode and time; its path is empty.</param>
public sealed record Snapshot(
    string Id,
    string Policy,
    string Source,
    DateTimeOffset TakenAt,
    DateTimeOffset CompletedAt,
    IReadOnlyList<SnapshotEntry> Entries,
    IReadOnlyList<string> Problems,
    long NewBytes,
    SnapshotEntry? Root = null)
{
    /// <summary>How many files.</summary>
    public int Files => Entries.Count(static entry => entry.Kind == EntryKind.File);

    /// <summary>How many bytes the files have.</summary>
    public long Bytes => Entries.Sum(static entry => entry.Length);

    /// <summary>The object of a snapshot's manifest.</summary>
    public static string ObjectName(string policy, string id) => $"snapshots/{policy}/{id}.json";

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

/// <summary>A file, folder or link of a snapshot.</summary>
/// <param name="Path">Relative, with <c>/</c>; never empty, absolute or climbing.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Length">A file's size in bytes, else 0.</param>
/// <param name="Modified">Last change (UTC, 100 ns).</param>
/// <param name="Mode">Unix permission bits; null where the source has none.</param>
/// <param name="Target">A link's target, as written.</param>
/// <param name="Chunks">SHA-256 of each chunk of a file, in order.</param>
public sealed record SnapshotEntry(
    string Path, EntryKind Kind, long Length, DateTimeOffset Modified, int? Mode, string? Target, IReadOnlyList<string> Chunks);

/// <summary>What an entry is.</summary>
public enum EntryKind
{
    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A symbolic link.</summary>
    Link,
}
