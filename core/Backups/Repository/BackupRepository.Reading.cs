namespace Maintenance.Backups.Repository;

/// <summary>Looking around in snapshots, and taking a single file out of one.</summary>
public sealed partial class BackupRepository
{
    /// <summary>A page of what is in a folder of a snapshot. The list of entries is walked, at most to the end of the folder; memory holds a page.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="folder">The folder, without a slash at either end; empty for the root.</param>
    /// <param name="take">How many at most, from 1.</param>
    /// <param name="after">Only what comes after this <see cref="FolderChild.Key"/>; null from the beginning.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidDataException">The list of entries is damaged.</exception>
    public async Task<FolderListing> FolderAsync(Snapshot snapshot, string folder, int take, string? after, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var collector = new FolderCollector(folder, take, after);
        await foreach (var entry in EntriesAsync(snapshot, cancellation))
        {
            if (!collector.Add(entry))
            {
                break;
            }
        }

        return collector.Listing();
    }

    /// <summary>What a snapshot has at a path; null for nothing. A folder that is only in the paths of what lies in it has no entry.</summary>
    /// <exception cref="InvalidDataException">The list of entries is damaged.</exception>
    public async Task<TreeEntry?> FindEntryAsync(Snapshot snapshot, string path, CancellationToken cancellation)
    {
        await using var view = await ReadAsync("look", cancellation);
        using var reader = new ChunkReader(_store, _keys, view.Index);
        return await FindEntryAsync(reader, snapshot, path, null, cancellation);
    }

    /// <summary>What several snapshots have at a path. Ends early once so many entries were walked altogether; the first snapshot is always looked at.</summary>
    /// <param name="newestFirst">The ids of the snapshots, newest first.</param>
    /// <param name="path">The path.</param>
    /// <param name="mostEntries">How many entries to walk.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<FileVersions> VersionsAsync(IReadOnlyList<string> newestFirst, string path, long mostEntries, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(newestFirst);
        await using var view = await ReadAsync("versions", cancellation);
        using var reader = new ChunkReader(_store, _keys, view.Index);
        var (found, unreadable, walked, looked) = (new List<(string, DateTimeOffset, TreeEntry?)>(), new List<string>(), new Walked(), 0);
        (IReadOnlyList<string> Tree, TreeEntry? Entry)? last = null;
        while (looked < newestFirst.Count && (looked == 0 || walked.Count < mostEntries))
        {
            var id = newestFirst[looked++];
            try
            {
                if (await FindAsync(id, cancellation) is not { } snapshot)
                {
                    // Dropped since it was listed.
                    continue;
                }

                // Where nothing at all has changed, the lists are the same chunks.
                var entry = last is { } known && known.Tree.SequenceEqual(snapshot.Tree) ? known.Entry : await FindEntryAsync(reader, snapshot, path, walked, cancellation);
                last = (snapshot.Tree, entry);
                found.Add((id, snapshot.TakenAt, entry));
            }
            catch (InvalidDataException)
            {
                unreadable.Add(id);
            }
        }

        return new FileVersions(FileVersions.Group(found), looked, unreadable, looked < newestFirst.Count ? newestFirst[looked] : null);
    }

    /// <summary>Opens a file of a snapshot; another name of a file opens that file.</summary>
    /// <returns>Null where there is nothing at the path.</returns>
    /// <exception cref="NotAFileException">There is something else at the path.</exception>
    /// <exception cref="InvalidDataException">The list of entries is damaged.</exception>
    public async Task<SnapshotFile?> OpenFileAsync(Snapshot snapshot, string path, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        var view = await ReadAsync("read a file", cancellation);
        var reader = new ChunkReader(_store, _keys, view.Index);
        SnapshotFile? file = null;
        try
        {
            var entry = await FindEntryAsync(reader, snapshot, path, null, cancellation);
            if (entry is { Kind: TreeEntryKind.HardLink, Target: { } target })
            {
                entry = await FindEntryAsync(reader, snapshot, target, null, cancellation) ?? throw new InvalidDataException($"it is another name of '{target}', which is not in the snapshot");
            }

            file = entry switch
            {
                null => null,
                { Kind: TreeEntryKind.File } => new SnapshotFile(view, reader, _keys, entry),
                _ => throw new NotAFileException(path, entry.Kind),
            };
            return file;
        }
        finally
        {
            if (file is null)
            {
                reader.Dispose();
                await view.DisposeAsync();
            }
        }
    }

    /// <summary>How many packs are marked to be deleted by a prune. Reads the marks and nothing else.</summary>
    public async Task<int> UnneededPacksAsync(CancellationToken cancellation)
    {
        var (marks, _) = await _objects.AllAsync<UnneededMark>(RepositoryLayout.Unneeded, cancellation);
        return marks.SelectMany(static mark => mark.Packs).Distinct(StringComparer.Ordinal).Count();
    }

    private static async Task<TreeEntry?> FindEntryAsync(ChunkReader reader, Snapshot snapshot, string path, Walked? walked, CancellationToken cancellation)
    {
        var order = snapshot.IsByName ? Sources.SourceOrder.ByName : Sources.SourceOrder.ByFolder;
        await foreach (var entry in reader.EntriesAsync(snapshot, cancellation))
        {
            walked?.Add();
            if (entry.Path == path)
            {
                return entry;
            }

            if (entry.Path.Length > 0 && order.Compare(entry.Path, path) > 0)
            {
                return null;
            }
        }

        return null;
    }

    private sealed class Walked
    {
        public long Count { get; private set; }

        public void Add() => Count++;
    }
}

/// <summary>What was asked for as a file is none.</summary>
public sealed class NotAFileException(string path, TreeEntryKind kind)
    : Exception($"'{path}' is a {(kind == TreeEntryKind.Folder ? "folder" : "symbolic link")}, and has no contents of its own to download.")
{
    /// <summary>What it is.</summary>
    public TreeEntryKind Kind { get; } = kind;
}
