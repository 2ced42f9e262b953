using System.Globalization;
using Maintenance.Backups.Repository;

namespace Maintenance.Backups;

/// <summary>A snapshot and what is known of it.</summary>
/// <param name="Manifest">Its manifest, without the list of its tree's chunks; null where it is damaged.</param>
/// <param name="Run">The run that took it; null where the records do not know it.</param>
/// <param name="Hold">Why it is held; null where it is not.</param>
/// <param name="Damage">Why its manifest cannot be read; null where it can.</param>
public sealed record SnapshotDetail(Snapshot? Manifest, BackupRun? Run, SnapshotHold? Hold, string? Damage);

/// <summary>An entry of a snapshot, as people are told.</summary>
/// <param name="Path">The path.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">A file's size.</param>
/// <param name="Modified">Last change of the contents (UTC); null where the source has none.</param>
/// <param name="Mode">Permissions, four octal digits; null where the source has none.</param>
/// <param name="Owner">The numbers of user and group, <c>1000:1000</c>; null where the source has none.</param>
/// <param name="Target">What a link leads to.</param>
public sealed record EntryLine(string Path, TreeEntryKind Kind, long Bytes, DateTimeOffset? Modified, string? Mode, string? Owner, string? Target)
{
    /// <summary>Of an entry.</summary>
    public static EntryLine Of(TreeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new EntryLine(
            entry.Path,
            entry.Kind,
            entry.Length,
            entry.Modified is { } nanoseconds ? Instant(nanoseconds) : null,
            entry.Mode is { } mode ? Convert.ToString(mode, 8).PadLeft(4, '0') : null,
            entry.Owner is { } owner ? string.Create(CultureInfo.InvariantCulture, $"{owner.User}:{owner.Group}") : null,
            entry.Target);
    }

    private static DateTimeOffset? Instant(long nanoseconds)
    {
        // A file system knows years that a calendar here does not.
        var ticks = (nanoseconds / 100) + DateTimeOffset.UnixEpoch.Ticks;
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    }
}

/// <summary>Some of the entries of a snapshot.</summary>
/// <param name="Snapshot">Its id.</param>
/// <param name="Entries">The entries, in its source's order.</param>
/// <param name="Next">After which path the next page begins; null where this is the last.</param>
public sealed record EntryPage(string Snapshot, IReadOnlyList<EntryLine> Entries, string? Next);

/// <summary>What differs between two snapshots.</summary>
/// <param name="Older">The id of the older one.</param>
/// <param name="Newer">The id of the newer one.</param>
/// <param name="Added">How many paths only the newer has.</param>
/// <param name="Removed">How many only the older has.</param>
/// <param name="Changed">How many have other contents, or are something else.</param>
/// <param name="Metadata">How many have another mode, owner or time alone.</param>
/// <param name="BytesMore">Bytes that the newer has more than the older; negative for fewer.</param>
/// <param name="Differences">The first of them, in order.</param>
public sealed record DifferenceReport(
    string Older, string Newer, long Added, long Removed, long Changed, long Metadata, long BytesMore, IReadOnlyList<SnapshotDifference> Differences);
