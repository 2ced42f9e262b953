using System.Runtime.CompilerServices;
using Maintenance.Backups.Sources;
using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>
/// A backup repository in an object store: deduplicated, compressed, encrypted, verifiable, prunable. Any number of processes may use one at the same time; nothing
/// is ever overwritten. The format is in docs/backup-format.md.
/// </summary>
public sealed partial class BackupRepository
{
    private readonly IObjectStore _store;
    private readonly RepositoryKeys _keys;
    private readonly TimeProvider _time;
    private readonly SealedObjects _objects;

    private BackupRepository(IObjectStore store, RepositoryKeys keys, RepositoryConfig config, TimeProvider time)
    {
        (_store, _keys, Config, _time) = (store, keys, config, time);
        _objects = new SealedObjects(store, keys);
    }

    /// <summary>What it is.</summary>
    public RepositoryConfig Config { get; }

    /// <summary>Opens a repository.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="protector">What opens one of its wrapped keys.</param>
    /// <param name="time">The clock.</param>
    /// <param name="create">True to make it where the store has none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RepositoryLockedException">The protector opens none of its keys, or there is no repository and none is to be made.</exception>
    /// <exception cref="InvalidDataException">It is of a later version, or its keys were deleted.</exception>
    public static async Task<BackupRepository> OpenAsync(IObjectStore store, IKeyProtector protector, TimeProvider time, bool create, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(protector);
        var (keys, config) = await KeyRing.OpenAsync(store, protector, time, create, cancellation);
        return new BackupRepository(store, keys, config, time);
    }

    /// <summary>
    /// What tells this repository from every other, whatever its store says: from its one key, and telling nothing of it. A host that remembers it notices when
    /// somebody puts a repository of his own in its place.
    /// </summary>
    public string Fingerprint => Convert.ToHexStringLower(_keys.SealOf("fingerprint", []));

    /// <summary>The same repository in another store, to which it was copied: its key opens it without a wrapping.</summary>
    public BackupRepository At(IObjectStore copy) => new(copy, _keys, Config, _time);

    /// <summary>Takes a snapshot, or returns the one of this id that is there already.</summary>
    /// <param name="order">What it is to be.</param>
    /// <param name="source">What is read.</param>
    /// <param name="progress">Is told a few times a second; null for nobody.</param>
    /// <param name="cancellation">Gives up; what is stored by then is used by the next backup.</param>
    /// <exception cref="IOException">The source as a whole cannot be read.</exception>
    /// <exception cref="RepositoryWriteException">The repository cannot be written.</exception>
    public async Task<Snapshot> TakeAsync(SnapshotOrder order, ISnapshotSource source, IProgress<BackupProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(source);
        if (await FindAsync(order.Id, cancellation) is { } done)
        {
            return done;
        }

        // The predecessor is looked for first: what it has is in the index that is read then.
        var parent = await ParentAsync(order, source, cancellation);
        await using var view = await RepositoryView.ForWritingAsync(_store, _keys, order.Id, _time, cancellation);
        return await new SnapshotWriter(_store, _keys, view, order, _time, progress).TakeAsync(source, parent, cancellation);
    }

    /// <summary>The snapshot of an id, or null.</summary>
    /// <exception cref="InvalidDataException">Its manifest is damaged.</exception>
    public Task<Snapshot?> FindAsync(string id, CancellationToken cancellation) =>
        Snapshot.PolicyOf(id) is { } policy ? _objects.FindAsync<Snapshot>(RepositoryLayout.Snapshot(policy, id), cancellation) : Task.FromResult<Snapshot?>(null);

    /// <summary>The ids of snapshots, oldest first within each policy; damaged ones among them.</summary>
    /// <param name="policy">The policy; null for all.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<string>> ListAsync(string? policy, CancellationToken cancellation)
    {
        var ids = new List<string>();
        await foreach (var item in _store.ListAsync(policy is null ? RepositoryLayout.Snapshots : RepositoryLayout.Snapshot(policy, ""), cancellation))
        {
            ids.Add(item.Name[(item.Name.LastIndexOf('/') + 1)..]);
        }

        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    /// <summary>Drops a snapshot: its manifest goes, its contents with a later prune.</summary>
    /// <returns>False where there is none.</returns>
    /// <exception cref="ObjectHeldException">The store holds it: an immutability period or a legal hold.</exception>
    public Task<bool> DropAsync(string id, CancellationToken cancellation) =>
        Snapshot.PolicyOf(id) is { } policy ? _store.DeleteAsync(RepositoryLayout.Snapshot(policy, id), cancellation) : Task.FromResult(false);

    /// <summary>The entries of a snapshot, in its source's order; the first may be the root, whose path is empty.</summary>
    /// <exception cref="InvalidDataException">The list is damaged.</exception>
    public async IAsyncEnumerable<TreeEntry> EntriesAsync(Snapshot snapshot, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var view = await ReadAsync("list", cancellation);
        using var reader = new ChunkReader(_store, _keys, view.Index);
        await foreach (var entry in reader.EntriesAsync(snapshot, cancellation))
        {
            yield return entry;
        }
    }

    /// <summary>What differs between two snapshots.</summary>
    /// <exception cref="InvalidDataException">A list of entries is damaged.</exception>
    public async IAsyncEnumerable<SnapshotDifference> DiffAsync(Snapshot older, Snapshot newer, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var view = await ReadAsync("diff", cancellation);
        using var left = new ChunkReader(_store, _keys, view.Index);
        using var right = new ChunkReader(_store, _keys, view.Index);
        await foreach (var difference in SnapshotDifference.BetweenAsync(left.EntriesAsync(older, cancellation), right.EntriesAsync(newer, cancellation), older.IsByName && newer.IsByName ? SourceOrder.ByName : SourceOrder.ByFolder, cancellation))
        {
            yield return difference;
        }
    }

    /// <summary>Restores into a folder.</summary>
    /// <returns>What was done, and what was lost: damage costs what it touches and nothing else.</returns>
    /// <exception cref="TargetNotEmptyException">The target is not empty, and nothing was said of what is in it.</exception>
    /// <exception cref="IOException">The target cannot be written at all.</exception>
    public async Task<RestoreReport> RestoreAsync(Snapshot snapshot, RestoreOrder order, IProgress<BackupProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(order);
        await using var view = await ReadAsync($"restore {snapshot.Id}", cancellation);
        var meter = new ProgressMeter("restoring", progress, _time, snapshot.Statistics.Files, snapshot.Statistics.Bytes);
        using var restore = new FolderRestore(_store, _keys, view.Index, order, meter);
        return await restore.RestoreAsync(snapshot, null, cancellation);
    }

    /// <summary>Restores into a place that is no folder, at one go.</summary>
    /// <exception cref="IOException">The place refuses, or cannot be completed.</exception>
    public async Task<RestoreReport> RestoreAsync(
        Snapshot snapshot, ISnapshotTarget target, IReadOnlyList<string> paths, IProgress<BackupProgress>? progress, CancellationToken cancellation) =>
        (await RestoreAsync(snapshot, target, paths, PlacePiece.All, progress, cancellation)).Report;

    /// <summary>Compares a folder with a snapshot, byte by byte.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="folder">A folder that it was restored into.</param>
    /// <param name="progress">Is told; null for nobody.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The first differences, by path; empty where there is none.</returns>
    public async Task<IReadOnlyList<string>> CompareAsync(Snapshot snapshot, string folder, IProgress<BackupProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        await using var view = await ReadAsync($"proof {snapshot.Id}", cancellation);
        using var reader = new ChunkReader(_store, _keys, view.Index);
        return await new FolderComparison(_keys, view.Index, new ProgressMeter("comparing", progress, _time, snapshot.Statistics.Files, snapshot.Statistics.Bytes))
            .CompareAsync(snapshot.IsByName, !snapshot.IsByName, reader.EntriesAsync(snapshot, cancellation), folder, cancellation);
    }

    /// <summary>Checks the repository. Damage that is found is marked, so that the next backup stores again what its source still has.</summary>
    public async Task<VerifyReport> VerifyAsync(VerifyOrder order, IProgress<BackupProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        await using var view = await ReadAsync("verification", cancellation);
        var meter = new ProgressMeter("checking packs", progress, _time, null, order.DataPercent == 0 ? null : view.Index.Packs.Sum(static pack => pack.Length) * order.DataPercent / 100);
        var verification = new Verification(_store, _keys, view, order, meter);
        var report = await verification.RunAsync(cancellation);

        // In pieces, the last one goes by what the others have marked: so each marks all that it finds.
        var isPiece = report.Next is not null || order.After is not null;
        var known = isPiece ? [] : view.Damaged.SelectMany(static mark => mark.Segments).ToHashSet();
        if (verification.DamagedSegments().Where(segment => !known.Contains(segment)).ToList() is { Count: > 0 } damaged)
        {
            var mark = new DamageMark(RepositoryLayout.NewId(), _time.GetUtcNow(), damaged);
            try
            {
                _ = await _objects.PutAsync(RepositoryLayout.Damaged + mark.Id, mark, cancellation);
                return isPiece ? report with { Marked = [mark.Id] } : report;
            }
            catch (Exception error) when (report.Next is null && error is IOException or UnauthorizedAccessException)
            {
                return report with { Notes = [.. report.Notes, $"The damage could not be marked, so the next backup does not heal it: {error.Message}"] };
            }
        }

        return report;
    }

    /// <summary>Removes what no snapshot needs.</summary>
    /// <exception cref="InvalidDataException">The repository is damaged: nobody knows what its snapshots need.</exception>
    public Task<PruneReport> PruneAsync(PruneOrder order, IProgress<BackupProgress>? progress, CancellationToken cancellation) =>
        new Pruning(_store, _keys, order, _time, progress).RunAsync(cancellation);

    /// <summary>Its wrapped keys.</summary>
    public Task<IReadOnlyList<RepositoryKey>> KeysAsync(CancellationToken cancellation) => KeyRing.ListAsync(_store, _keys, cancellation);

    /// <summary>Adds a wrapped key: from now on <paramref name="protector"/> opens the repository too. No data are rewritten.</summary>
    public Task<RepositoryKey> AddKeyAsync(IKeyProtector protector, string label, CancellationToken cancellation) => KeyRing.AddAsync(_store, _keys, protector, label, _time, cancellation);

    /// <summary>Removes a wrapped key.</summary>
    /// <returns>False where there is none of this id.</returns>
    /// <exception cref="InvalidOperationException">It is the last one.</exception>
    public Task<bool> RemoveKeyAsync(string id, CancellationToken cancellation) => KeyRing.RemoveAsync(_store, _keys, id, cancellation);

    /// <summary>What the repository holds and what it takes.</summary>
    public async Task<RepositoryStatistics> StatisticsAsync(CancellationToken cancellation)
    {
        await using var view = await ReadAsync("statistics", cancellation);
        var ids = await ListAsync(null, cancellation);
        long bytes = 0;
        foreach (var id in ids)
        {
            try
            {
                bytes += (await FindAsync(id, cancellation))?.Statistics.Bytes ?? 0;
            }
            catch (InvalidDataException)
            {
                // A damaged manifest has no size to add; verification names it.
            }
        }

        var segments = view.Index.Packs.SelectMany(static pack => pack.Segments).ToList();
        return new RepositoryStatistics(
            Config.Repository,
            ids.Count,
            bytes,
            view.Index.ChunkCount,
            segments.Sum(static segment => (long)segment.Plain),
            view.Index.Packs.Count,
            view.Index.Packs.Sum(static pack => pack.Length),
            view.Unneeded.SelectMany(static mark => mark.Packs).Distinct(StringComparer.Ordinal).Count(),
            view.Damaged.Sum(static mark => mark.Segments.Count));
    }

    /// <summary>Takes everything that <paramref name="copy"/> does not have there, as it is.</summary>
    public Task<CopyReport> CopyAsync(IObjectStore copy, IProgress<BackupProgress>? progress, CancellationToken cancellation) =>
        CopyAsync(copy, WorkBudget.Unlimited, progress, cancellation);

    /// <summary>Takes what <paramref name="copy"/> does not have there, until the budget is spent (<see cref="CopyReport.IsUnfinished"/>); called again, it goes on.</summary>
    public Task<CopyReport> CopyAsync(IObjectStore copy, WorkBudget budget, IProgress<BackupProgress>? progress, CancellationToken cancellation) =>
        new RepositoryCopying(_store, copy, _keys, _time, budget, progress).RunAsync(cancellation);

    private Task<RepositoryView> ReadAsync(string what, CancellationToken cancellation) => RepositoryView.ForReadingAsync(_store, _keys, what, _time, cancellation);

    /// <summary>The newest whole snapshot of the policy that read the same source.</summary>
    private async Task<Snapshot?> ParentAsync(SnapshotOrder order, ISnapshotSource source, CancellationToken cancellation)
    {
        foreach (var id in (await ListAsync(order.Policy, cancellation)).Reverse())
        {
            try
            {
                if (await FindAsync(id, cancellation) is { } candidate && candidate.Source == source.Description)
                {
                    return candidate;
                }
            }
            catch (InvalidDataException)
            {
                // A damaged one compares with nothing; the one before it may.
            }
        }

        return null;
    }
}

/// <summary>What a repository holds and what it takes.</summary>
/// <param name="Repository">Its id.</param>
/// <param name="Snapshots">Snapshots.</param>
/// <param name="SnapshotBytes">Bytes that they would take restored, together.</param>
/// <param name="Chunks">Different chunks.</param>
/// <param name="ChunkBytes">Their bytes before compression.</param>
/// <param name="Packs">Packs.</param>
/// <param name="StoredBytes">Bytes of the packs.</param>
/// <param name="UnneededPacks">Packs that are marked to be deleted.</param>
/// <param name="DamagedSegments">Segments that are marked as damaged.</param>
public sealed record RepositoryStatistics(
    string Repository, int Snapshots, long SnapshotBytes, int Chunks, long ChunkBytes, int Packs, long StoredBytes, int UnneededPacks, int DamagedSegments);
