using System.Runtime.CompilerServices;
using Maintenance.Backups.Repository;
using Maintenance.Storage;

namespace Maintenance.Backups.Sources;

/// <summary>
/// The system's own records, and with them the files that they name (<see cref="KeptFiles"/>). The records come first, as of one instant; then the files are listed: each of them
/// is stored before a record names it, so every file that a copied record names is there, unless it was being removed for good at that very moment. Files never change:
/// one that the last snapshot has is not read again.
/// </summary>
/// <param name="records">The records; disposed of with this.</param>
/// <param name="objects">Where the files lie.</param>
/// <param name="folder">
/// The folder of a snapshot of files below which they have their names; it and those in it are named too, and all are their owner's alone. Null for a snapshot of names
/// (<see cref="SourceOrder.ByName"/>): there they have their own.
/// </param>
public sealed class RecordsWithFiles(ISnapshotSource records, IObjectStore objects, string? folder) : ISnapshotSource
{
    /// <summary>Read and written by the owner alone.</summary>
    private const int PrivateFile = 0b110_000_000;

    private const int PrivateFolder = 0b111_000_000;

    private readonly string _prefix = folder is null ? "" : folder + "/";
    /// <inheritdoc/>
    public string Description => records.Description;

    /// <inheritdoc/>
    public TreeEntry? Root => records.Root;

    /// <inheritdoc/>
    public IComparer<string> Order => records.Order;

    /// <inheritdoc/>
    public async IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        List<TreeEntry>? files = null;
        var next = 0;
        await foreach (var record in records.ScanAsync(findings, cancellation))
        {
            // A source names its first entry once all of its records are copied.
            files ??= await FilesAsync(cancellation);
            for (; next < files.Count && Order.Compare(files[next].Path, record.Path) < 0; next++)
            {
                yield return files[next];
            }

            yield return record;
        }

        for (files ??= await FilesAsync(cancellation); next < files.Count; next++)
        {
            yield return files[next];
        }
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!IsFile(entry))
        {
            return records.OpenAsync(entry, cancellation);
        }

        // Nobody removes a file that a record names, but for good.
        return ValueTask.FromResult<Stream>(new StoredObjectStream(objects, entry.Path[_prefix.Length..], static () => new EntryGoneException("it was removed while the records were backed up.")));
    }

    /// <inheritdoc/>
    public ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return IsFile(entry) ? ValueTask.FromResult<TreeEntry?>(entry) : records.LookAgainAsync(entry, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => records.DisposeAsync();

    private bool IsFile(TreeEntry entry) => KeptFiles.Prefixes.Any(prefix => entry.Path.AsSpan().StartsWith(_prefix, StringComparison.Ordinal) && entry.Path.AsSpan(_prefix.Length).StartsWith(prefix, StringComparison.Ordinal));

    private async Task<List<TreeEntry>> FilesAsync(CancellationToken cancellation)
    {
        var files = new List<TreeEntry>();
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var prefix in KeptFiles.Prefixes)
        {
            await foreach (var file in objects.ListAsync(prefix, cancellation))
            {
                files.Add(new TreeEntry
                {
                    Path = _prefix + file.Name,
                    Kind = TreeEntryKind.File,
                    Length = file.Length,
                    Modified = file.WrittenAt is { } at ? (at - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick : null,
                    Mode = folder is null ? null : PrivateFile,
                });
                if (folder is not null)
                {
                    AddFolders(files, folders, _prefix + file.Name);
                }
            }
        }

        files.Sort((one, other) => Order.Compare(one.Path, other.Path));
        return files;
    }

    /// <summary>The folders on the way to a file, each once.</summary>
    private static void AddFolders(List<TreeEntry> entries, HashSet<string> known, string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0 && known.Add(path[..slash]); slash = path.LastIndexOf('/', slash - 1))
        {
            entries.Add(new TreeEntry { Path = path[..slash], Kind = TreeEntryKind.Folder, Mode = PrivateFolder });
        }
    }
}
