using Maintenance.Backups.Repository;

namespace Maintenance.Backups;

/// <summary>A thing in a folder of a snapshot, as people are told.</summary>
/// <param name="Name">Its name in the folder.</param>
/// <param name="Path">Its path in the snapshot.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Files">Of a folder, how many files lie anywhere in it; null for what is no folder.</param>
/// <param name="Bytes">A file's size; of a folder, the sizes of those files together.</param>
/// <param name="Modified">Last change (UTC); null where the source has none.</param>
/// <param name="Target">What a link leads to.</param>
public sealed record FolderLine(string Name, string Path, TreeEntryKind Kind, long? Files, long Bytes, DateTimeOffset? Modified, string? Target);

/// <summary>A page of a folder of a snapshot.</summary>
/// <param name="Snapshot">The snapshot's id.</param>
/// <param name="Path">The folder; empty for the root.</param>
/// <param name="Folders">How many folders it has altogether.</param>
/// <param name="Files">How many other things.</param>
/// <param name="Entries">Folders first, each kind by name.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null where this is the last.</param>
public sealed record FolderPage(string Snapshot, string Path, long Folders, long Files, IReadOnlyList<FolderLine> Entries, string? Next);

/// <summary>A state of a path over one or several snapshots in a row, as people are told.</summary>
/// <param name="Newest">The id of the newest snapshot that has it so.</param>
/// <param name="NewestAt">Its recovery point (UTC).</param>
/// <param name="Oldest">The id of the oldest that was looked at and has it so.</param>
/// <param name="OldestAt">Its recovery point (UTC).</param>
/// <param name="Snapshots">How many snapshots have it so.</param>
/// <param name="Entry">What they have; null where the path is not in them.</param>
public sealed record VersionLine(string Newest, DateTimeOffset NewestAt, string Oldest, DateTimeOffset OldestAt, int Snapshots, EntryLine? Entry);

/// <summary>The versions of a path over the snapshots of a policy.</summary>
/// <param name="Path">The path.</param>
/// <param name="Versions">Newest first.</param>
/// <param name="Looked">How many snapshots were looked at.</param>
/// <param name="Unreadable">Those of them whose lists are damaged.</param>
/// <param name="Next">From which snapshot on to look further back; null where all were looked at.</param>
public sealed record VersionPage(string Path, IReadOnlyList<VersionLine> Versions, int Looked, IReadOnlyList<string> Unreadable, string? Next);

/// <summary>Shows what is in a snapshot folder by folder, the versions of a path, and hands out single files.</summary>
public sealed class SnapshotBrowser(BackupRepositories repositories)
{
    /// <summary>So many snapshots are looked at for versions at a time.</summary>
    public const int MostVersions = 30;

    /// <summary>So many entries are walked for that: about as many as take a second.</summary>
    private const long MostEntries = 1_000_000;

    /// <summary>A page of a folder.</summary>
    /// <param name="id">The snapshot.</param>
    /// <param name="path">The folder; empty for the root.</param>
    /// <param name="take">How many at most, from 1.</param>
    /// <param name="after"><see cref="FolderPage.Next"/> of the page before; null for the first.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="KeyNotFoundException">There is no such snapshot, or no such folder in it.</exception>
    /// <exception cref="InvalidDataException">Its manifest or its list of entries is damaged.</exception>
    public async Task<FolderPage> FolderAsync(string id, string path, int take, string? after, CancellationToken cancellation)
    {
        var (repository, snapshot) = await OpenAsync(id, cancellation);
        var folder = path == "/" ? "" : path;
        var listing = await repository.FolderAsync(snapshot, folder, take, after, cancellation);
        if (!listing.IsThere && folder.EndsWith('/'))
        {
            // As people write folders; in a container a name may be empty, so that a slash at the end may mean something.
            folder = folder.TrimEnd('/');
            listing = await repository.FolderAsync(snapshot, folder, take, after, cancellation);
        }

        return !listing.IsThere
            ? throw new KeyNotFoundException($"The snapshot '{id}' has no folder '{folder}'.")
            : new FolderPage(id, folder, listing.Folders, listing.Files, [.. listing.Children.Select(child => Line(folder, child))], listing.Next);
    }

    /// <summary>What a snapshot has at a path.</summary>
    /// <exception cref="KeyNotFoundException">There is no such snapshot, or nothing at that path.</exception>
    /// <exception cref="InvalidDataException">Its manifest or its list of entries is damaged.</exception>
    public async Task<EntryLine> EntryAsync(string id, string path, CancellationToken cancellation)
    {
        var (repository, snapshot) = await OpenAsync(id, cancellation);
        return await repository.FindEntryAsync(snapshot, path, cancellation) is { Path.Length: > 0 } entry ? EntryLine.Of(entry) : throw Missing(id, path);
    }

    /// <summary>The versions of a path, newest first, over at most <see cref="MostVersions"/> snapshots of a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="path">The path.</param>
    /// <param name="from">The snapshot to begin with; null for the newest.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<VersionPage> VersionsAsync(string policy, string path, string? from, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        var repository = await repositories.OpenAsync(cancellation);
        var ids = (await repository.ListAsync(policy, cancellation)).Reverse().SkipWhile(id => from is not null && string.CompareOrdinal(id, from) > 0).ToList();
        var found = await repository.VersionsAsync([.. ids.Take(MostVersions)], path, MostEntries, cancellation);
        return new VersionPage(
            path,
            [.. found.Versions.Select(static version => new VersionLine(
                version.Newest, version.NewestAt, version.Oldest, version.OldestAt, version.Snapshots, version.Entry is null ? null : EntryLine.Of(version.Entry)))],
            found.Looked,
            found.Unreadable,
            found.Looked < ids.Count ? ids[found.Looked] : null);
    }

    /// <summary>The ids of a policy's snapshots older than one of them, newest first.</summary>
    /// <param name="id">The snapshot.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="KeyNotFoundException">There is no such snapshot.</exception>
    public async Task<IReadOnlyList<string>> OlderAsync(string id, int most, CancellationToken cancellation)
    {
        var all = Snapshot.PolicyOf(id) is { } policy ? await (await repositories.OpenAsync(cancellation)).ListAsync(policy, cancellation) : [];
        return !all.Contains(id) ? throw new KeyNotFoundException($"There is no snapshot '{id}'.") : [.. all.Where(other => string.CompareOrdinal(other, id) < 0).Reverse().Take(most)];
    }

    /// <summary>Opens a file of a snapshot.</summary>
    /// <exception cref="KeyNotFoundException">There is no such snapshot, or nothing at that path.</exception>
    /// <exception cref="NotAFileException">There is a folder or a symbolic link at that path.</exception>
    /// <exception cref="InvalidDataException">Its manifest or its list of entries is damaged.</exception>
    public async Task<SnapshotFile> OpenFileAsync(string id, string path, CancellationToken cancellation)
    {
        var (repository, snapshot) = await OpenAsync(id, cancellation);
        if (await repository.OpenFileAsync(snapshot, path, cancellation) is { } file)
        {
            return file;
        }

        // A container's folder has no entry; it is no missing path all the same.
        var listing = snapshot.IsByName && path.Length > 0 ? await repository.FolderAsync(snapshot, path, 1, null, cancellation) : null;
        throw listing is { IsThere: true } ? new NotAFileException(path, TreeEntryKind.Folder) : Missing(id, path);
    }

    private static FolderLine Line(string folder, FolderChild child)
    {
        var path = folder.Length == 0 ? child.Name : $"{folder}/{child.Name}";
        var entry = child.Entry is null ? null : EntryLine.Of(child.Entry);
        return new FolderLine(child.Name, path, entry?.Kind ?? TreeEntryKind.Folder, child.IsFolder ? child.Files : null, child.Bytes, entry?.Modified, entry?.Target);
    }

    private static KeyNotFoundException Missing(string id, string path) => new($"The snapshot '{id}' has nothing at '{path}'.");

    private async Task<(BackupRepository Repository, Snapshot Snapshot)> OpenAsync(string id, CancellationToken cancellation)
    {
        var repository = await repositories.OpenAsync(cancellation);
        return (repository, await repository.FindAsync(id, cancellation) ?? throw new KeyNotFoundException($"There is no snapshot '{id}'."));
    }
}
