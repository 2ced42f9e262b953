namespace Maintenance.Backups.Repository;

/// <summary>A state of a path over one or several snapshots in a row.</summary>
/// <param name="Newest">The id of the newest snapshot that has it so.</param>
/// <param name="NewestAt">The recovery point of that one (UTC).</param>
/// <param name="Oldest">The id of the oldest that was looked at and has it so.</param>
/// <param name="OldestAt">The recovery point of that one (UTC).</param>
/// <param name="Snapshots">How many snapshots have it so.</param>
/// <param name="Entry">What they have; null where the path is not in them.</param>
public sealed record FileVersion(string Newest, DateTimeOffset NewestAt, string Oldest, DateTimeOffset OldestAt, int Snapshots, TreeEntry? Entry);

/// <summary>The versions of a path in the snapshots of a policy that were looked at.</summary>
/// <param name="Versions">Newest first; neighbours differ in kind, contents or target.</param>
/// <param name="Looked">How many snapshots were looked at.</param>
/// <param name="Unreadable">The ids of those of them that are damaged, so that nobody knows.</param>
/// <param name="Next">The id of the newest snapshot that was not looked at; null where all were.</param>
public sealed record FileVersions(IReadOnlyList<FileVersion> Versions, int Looked, IReadOnlyList<string> Unreadable, string? Next)
{
    /// <summary>Puts together what several snapshots in a row have of a path. Pure.</summary>
    /// <param name="found">Each snapshot and what it has, newest first.</param>
    public static IReadOnlyList<FileVersion> Group(IEnumerable<(string Snapshot, DateTimeOffset At, TreeEntry? Entry)> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        var versions = new List<FileVersion>();
        foreach (var (snapshot, at, entry) in found)
        {
            if (versions.Count > 0 && IsSame(versions[^1].Entry, entry))
            {
                versions[^1] = versions[^1] with { Oldest = snapshot, OldestAt = at, Snapshots = versions[^1].Snapshots + 1 };
            }
            else
            {
                versions.Add(new FileVersion(snapshot, at, snapshot, at, 1, entry));
            }
        }

        return versions;
    }

    /// <summary>True where both have the same contents; a mode, an owner or a time alone makes no other version.</summary>
    private static bool IsSame(TreeEntry? newer, TreeEntry? older) =>
        newer is null || older is null
            ? newer is null && older is null
            : newer.Kind == older.Kind && newer.Length == older.Length && newer.Target == older.Target && newer.Chunks.SequenceEqual(older.Chunks);
}
