using System.Runtime.CompilerServices;
using Maintenance.Backups.Repository;

namespace Maintenance.Backups.Sources;

/// <summary>
/// A folder of files. On Linux it is read through open folders, so that nobody who renames one or puts a symbolic link in its place leads the backup elsewhere,
/// and with everything that the system says: owners, hard links, holes, nanoseconds. Elsewhere it is read with what .NET offers.
/// </summary>
public sealed class FolderSource : ISnapshotSource
{
    private readonly IFolderWalk _walk;

    /// <summary>Names the folder; nothing is read yet.</summary>
    /// <param name="root">The folder, or a symbolic link to one.</param>
    /// <param name="exclude">Globs (<see cref="PathGlob"/>) of what is left out.</param>
    /// <param name="oneFileSystem">True where the contents of what is mounted below stay out.</param>
    public FolderSource(string root, IReadOnlyList<string> exclude, bool oneFileSystem)
        : this(root, exclude, oneFileSystem, isPortable: !LinuxCalls.AreAvailable)
    {
    }

    /// <summary>For tests of what other systems get.</summary>
    internal FolderSource(string root, IReadOnlyList<string> exclude, bool oneFileSystem, bool isPortable)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        var globs = new PathGlob(exclude);
        Description = $"folder {root}";
        _walk = isPortable ? new PortableFolderWalk(root, globs, oneFileSystem) : new LinuxFolderWalk(root, globs, oneFileSystem);
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public TreeEntry? Root => _walk.Root;

    /// <inheritdoc/>
    public IComparer<string> Order => SourceOrder.ByFolder;

    /// <inheritdoc/>
    public bool IsResumable => true;

    /// <inheritdoc/>
    public async IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(findings);

        // Nothing here ever waits: a thread that reads a folder has it before another could be told to.
        await ValueTask.CompletedTask;
        foreach (var entry in _walk.Scan(findings))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation) => OpenAtAsync(entry, 0, cancellation);

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAtAsync(TreeEntry entry, long offset, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_walk.Open(entry, offset));
    }

    /// <inheritdoc/>
    public ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_walk.LookAgain(entry));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _walk.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static DirectoryNotFoundException NotThere(string root) => new($"The source folder '{root}' does not exist, or may not be read.");
}
