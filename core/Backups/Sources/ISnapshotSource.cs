using Maintenance.Backups.Repository;

namespace Maintenance.Backups.Sources;

/// <summary>
/// What a backup reads. One instance serves one backup: <see cref="ScanAsync"/> is called once, and while it goes on, files are opened one at a time, each right
/// after it was named.
/// </summary>
public interface ISnapshotSource : IAsyncDisposable
{
    /// <summary>What is read, as people are told: <c>folder /srv/register</c>. Never a secret.</summary>
    string Description { get; }

    /// <summary>The root's own mode, owner and time (its path is empty); null where the source has none.</summary>
    TreeEntry? Root { get; }

    /// <summary>
    /// In which order paths come, so that a backup can walk its predecessor beside it. Negative where the first comes first. A source that breaks its own order
    /// is read in full, nothing worse.
    /// </summary>
    IComparer<string> Order { get; }

    /// <summary>
    /// True where a backup may be cut off and gone on with by another process: each file is read by itself, at any offset (<see cref="OpenAtAsync"/>), and the order
    /// of paths is the same each time. False where all is read at one instant that ends with the reading.
    /// </summary>
    bool IsResumable => false;

    /// <summary>
    /// True for an entry that only says how the next one is to be restored: both are of one state of it, so they are always taken together, by one who has listed
    /// them together.
    /// </summary>
    bool IsPrelude(TreeEntry entry) => false;

    /// <summary>Everything there is, each folder before what is in it, each path once.</summary>
    /// <param name="findings">Gets what cannot be read or has no place in a backup.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">The source as a whole is missing or cannot be read (<see cref="DirectoryNotFoundException"/> is one).</exception>
    /// <exception cref="UnauthorizedAccessException">The source as a whole may not be read.</exception>
    IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, CancellationToken cancellation);

    /// <summary>Opens a file for reading from its beginning to its end; disposed by the caller before the next is opened.</summary>
    /// <exception cref="EntryGoneException">It was removed since it was named, by something that may: the snapshot is whole without it. So also while it is read.</exception>
    /// <exception cref="IOException">It is gone or cannot be read. Adapters turn their services' errors into this, also those of reading.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation);

    /// <summary>Opens a file for reading from an offset to its end. Of sources that are <see cref="IsResumable"/> only.</summary>
    /// <exception cref="IOException">It is gone, cannot be read, or is not as the entry says.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="NotSupportedException">The source is read at one go.</exception>
    ValueTask<Stream> OpenAtAsync(TreeEntry entry, long offset, CancellationToken cancellation) =>
        offset == 0 ? OpenAsync(entry, cancellation) : throw new NotSupportedException($"{Description} is read at one go.");

    /// <summary>
    /// The entry as it is now that it was read, or null where it is gone or has become something else. Where it differs from <paramref name="entry"/> the file
    /// changed while it was read. A source that reads at one consistent instant returns <paramref name="entry"/>.
    /// </summary>
    ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation);
}

/// <summary>Where a snapshot is restored to, other than a folder. Entries come in the snapshot's order, one at a time.</summary>
public interface ISnapshotTarget : IAsyncDisposable
{
    /// <summary>Where to, as people are told. Never a secret.</summary>
    string Description { get; }

    /// <summary>Called first.</summary>
    /// <exception cref="IOException">The target is not there, or holds what a restore would overwrite; the message says what to do.</exception>
    Task PrepareAsync(CancellationToken cancellation);

    /// <summary>Takes one entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="content">A file's contents; empty for the other kinds. A read throws <see cref="InvalidDataException"/> where the repository is damaged: nothing of the entry may stay then.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">It cannot be written; the restore goes on with the next one.</exception>
    Task WriteAsync(TreeEntry entry, Stream content, CancellationToken cancellation);

    /// <summary>
    /// True where a restore may be cut off and gone on with by another process, and parts of it may run beside each other: entries come in order within a part, and
    /// one that is there already is compared with the snapshot (<see cref="IsThereAsync"/>).
    /// </summary>
    bool IsResumable => false;

    /// <summary>True for an entry that only says how the next one is to be written: the two are never parted.</summary>
    bool IsPrelude(TreeEntry entry) => false;

    /// <summary>Writes a long file, or the next piece of it. Of targets that are <see cref="IsResumable"/> only.</summary>
    /// <param name="entry">The file.</param>
    /// <param name="content">Its contents from the offset on.</param>
    /// <param name="offset">Where the piece begins: 0, or what the last call returned.</param>
    /// <param name="operation">The same for all pieces of a file, and unlike that of anybody else who writes one of its name.</param>
    /// <param name="budget">When to stop; the file appears once its end is written.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Where the next piece begins; the file's length once it is whole.</returns>
    /// <exception cref="EntryTakenException">Something of its name is there.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    async Task<long> WritePieceAsync(TreeEntry entry, Stream content, long offset, string operation, WorkBudget budget, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        await WriteAsync(entry, content, cancellation);
        return entry.Length;
    }

    /// <summary>True where the entry is there as it should be: written before, by somebody who was cut off.</summary>
    /// <exception cref="IOException">Nobody can say.</exception>
    Task<bool> IsThereAsync(TreeEntry entry, Stream content, CancellationToken cancellation) => Task.FromResult(false);

    /// <summary>Called last, after every entry.</summary>
    /// <exception cref="IOException">The whole cannot be completed.</exception>
    Task CompleteAsync(CancellationToken cancellation);
}

/// <summary>What was named is gone, and nothing is lost by it: it is left out, with a note.</summary>
public sealed class EntryGoneException(string message) : IOException(message);

/// <summary>A target has something of an entry's name, which was left as it is.</summary>
public sealed class EntryTakenException(string message) : IOException(message);

/// <summary>What a source could not read as it was. Bounded, whatever the size of the source.</summary>
public sealed class SourceFindings
{
    /// <summary>How many of each are kept in words; the rest is counted.</summary>
    public const int MostKept = 1000;

    private readonly List<string> _problems = [];
    private readonly List<string> _notes = [];

    /// <summary>What is missing or may be torn: a snapshot that has any is never proven. At most <see cref="MostKept"/>.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>What people should know and nothing is lost by: a socket that was left out, say. At most <see cref="MostKept"/>.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>How many problems there were.</summary>
    public long ProblemCount { get; private set; }

    /// <summary>How many notes there were.</summary>
    public long NoteCount { get; private set; }

    /// <summary>Adds a problem.</summary>
    public void Problem(string path, string what)
    {
        ProblemCount++;
        Add(_problems, path, what);
    }

    /// <summary>Adds a note.</summary>
    public void Note(string path, string what)
    {
        NoteCount++;
        Add(_notes, path, what);
    }

    private static void Add(List<string> lines, string path, string what)
    {
        if (lines.Count < MostKept)
        {
            lines.Add($"{(path.Length == 0 ? "." : path)}: {what}");
        }
    }
}

/// <summary>The orders in which sources name their paths.</summary>
public static class SourceOrder
{
    /// <summary>Folder by folder: siblings by the ordinals of their names, each folder followed by what is in it. As text, with <c>/</c> before every other character.</summary>
    public static IComparer<string> ByFolder { get; } = Comparer<string>.Create(static (a, b) =>
    {
        var shared = Math.Min(a.Length, b.Length);
        for (var i = 0; i < shared; i++)
        {
            if (a[i] != b[i])
            {
                return a[i] == '/' ? -1 : b[i] == '/' ? 1 : a[i].CompareTo(b[i]);
            }
        }

        return a.Length.CompareTo(b.Length);
    });

    /// <summary>By the ordinals of the whole path, as Azure lists blobs.</summary>
    public static IComparer<string> ByName => StringComparer.Ordinal;
}
