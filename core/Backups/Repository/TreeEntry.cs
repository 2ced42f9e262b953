namespace Maintenance.Backups.Repository;

/// <summary>What an entry of a snapshot is. The numbers are part of the format.</summary>
public enum TreeEntryKind
{
    /// <summary>A folder.</summary>
    Folder = 1,

    /// <summary>A regular file, a blob, the rows of a table, the output of a command.</summary>
    File = 2,

    /// <summary>A symbolic link.</summary>
    SymbolicLink = 3,

    /// <summary>A further name of a file that came earlier in the same snapshot.</summary>
    HardLink = 4,
}

/// <summary>A thing of a source as it was seen, or of a snapshot as it is stored. The path is the identity; times are nanoseconds since 1970-01-01 UTC.</summary>
public sealed record TreeEntry
{
    /// <summary>Relative, with <c>/</c>: no empty segment, none that is <c>.</c> or <c>..</c>. Empty for the root alone.</summary>
    public required string Path { get; init; }

    /// <summary>What it is.</summary>
    public required TreeEntryKind Kind { get; init; }

    /// <summary>A file's size in bytes; what a source says of one that it has not read yet is a hint, -1 where it does not know.</summary>
    public long Length { get; init; }

    /// <summary>Last change of the contents, in nanoseconds since 1970-01-01 UTC; null where the source has none.</summary>
    public long? Modified { get; init; }

    /// <summary>The twelve permission bits of Unix; null where the source has none.</summary>
    public int? Mode { get; init; }

    /// <summary>The numbers of the owning user and group; null where the source has none.</summary>
    public EntryOwner? Owner { get; init; }

    /// <summary>A symbolic link's target as written, or the path of the entry that a hard link is another name of.</summary>
    public string? Target { get; init; }

    /// <summary>
    /// Whatever of the source changes when the thing does, besides size and time (on Unix the time of the last status change, of a blob its ETag, hashed):
    /// unequal means changed. 0 where there is nothing of the kind.
    /// </summary>
    public ulong ChangeMark { get; init; }

    /// <summary>True for a file with holes: restored with holes again.</summary>
    public bool IsSparse { get; init; }

    /// <summary>The chunks of a stored file, in order; empty until it is stored, and for an empty file.</summary>
    public IReadOnlyList<ChunkId> Chunks { get; init; } = [];

    /// <summary>True where a source that shows <paramref name="now"/> need not be read again: kind, size, time and change mark are as they were.</summary>
    /// <param name="now">What the source shows.</param>
    /// <param name="ignoreChangeMark">Size and time alone decide.</param>
    public bool IsUnchanged(TreeEntry now, bool ignoreChangeMark)
    {
        ArgumentNullException.ThrowIfNull(now);
        return Kind == TreeEntryKind.File && now.Kind == TreeEntryKind.File && Length == now.Length
            && Modified is not null && Modified == now.Modified
            && (ignoreChangeMark || ChangeMark == now.ChangeMark);
    }
}

/// <summary>Who owns an entry.</summary>
/// <param name="User">The number of the user.</param>
/// <param name="Group">The number of the group.</param>
public readonly record struct EntryOwner(uint User, uint Group);
