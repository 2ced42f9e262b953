using Maintenance.Backups.Sources;
using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>What a snapshot is to be.</summary>
/// <param name="Id"><c>{policy}_{instant}</c>.</param>
/// <param name="Policy">The id of the policy.</param>
public sealed record SnapshotOrder(string Id, string Policy)
{
    /// <summary>How hard contents are compressed.</summary>
    public BackupCompression Compression { get; init; } = BackupCompression.Balanced;

    /// <summary>True where size and time alone tell that a file has not changed.</summary>
    public bool IgnoreChangeMark { get; init; }

    /// <summary>True to read every file, whatever its time says.</summary>
    public bool ReadEverything { get; init; }

    /// <summary>What is left out of the source, in any words: all slices of a snapshot leave out the same. Null for nothing.</summary>
    public string? Scope { get; init; }

    /// <summary>How many threads compress, besides the one that reads.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>How many bytes fill a pack: tests have small ones.</summary>
    internal long PackSize { get; init; } = PackFormat.FullSize;
}

/// <summary>
/// Takes a snapshot: one reader cuts, names and compares, workers compress, packs fill. Data first, then the index, the manifest last: whatever ends it early leaves
/// packs that the next backup finds and uses.
/// </summary>
internal sealed class SnapshotWriter(
    IObjectStore store, RepositoryKeys keys, RepositoryView view, SnapshotOrder order, TimeProvider time, IProgress<BackupProgress>? progress)
{
    /// <summary>A file that changes while it is read is read again this often before it is given up as unstable.</summary>
    private const int ReadAttempts = 3;

    /// <summary>An index is written for every so many packs, 1 GiB.</summary>
    private const int PacksOfAnIndex = 64;

    private readonly SealedObjects _objects = new(store, keys);
    private readonly SourceFindings _findings = new();
    private readonly List<PackContents> _unindexed = [];
    private readonly List<ChunkId> _chunks = [];
    private SliceRange _range = SliceRange.All;
    private WorkBudget _budget = WorkBudget.Unlimited;
    private CarriedFile _carried = CarriedFile.None;
    private OpenFile? _open;
    private long _files;
    private long _folders;
    private long _links;
    private long _bytes;
    private long _readFiles;
    private long _readBytes;

    /// <summary>Takes it at one go.</summary>
    public async Task<Snapshot> TakeAsync(ISnapshotSource source, Snapshot? parent, CancellationToken cancellation)
    {
        var takenAt = time.GetUtcNow();
        var all = await TakeSliceAsync(source, parent, SliceRange.All, CarriedFile.None, WorkBudget.Unlimited, cancellation);
        if (time.GetUtcNow() - view.StartedAt > RepositorySession.Longest)
        {
            throw TooLong();
        }

        var snapshot = new Snapshot(
            order.Id, order.Policy, source.Description, takenAt, time.GetUtcNow(), parent?.Id, all.Tree, all.Statistics, all.Problems, all.Notes, source.Order != SourceOrder.ByFolder);
        return await PutAsync(_objects, snapshot, cancellation);
    }

    /// <summary>Stores a manifest, or returns the one that is there.</summary>
    public static async Task<Snapshot> PutAsync(SealedObjects objects, Snapshot snapshot, CancellationToken cancellation)
    {
        var name = RepositoryLayout.Snapshot(snapshot.Policy, snapshot.Id);
        return await objects.PutAsync(name, snapshot, cancellation)
            ? snapshot
            : await objects.FindAsync<Snapshot>(name, cancellation) ?? throw new IOException($"The store says that it has '{name}', and does not return it.");
    }

    /// <summary>What is told of a backup that outlived its session.</summary>
    public static IOException TooLong() =>
        new($"The backup took more than {RepositorySession.Longest.TotalDays:0} days, longer than the repository waits for anybody: what it relied on may have been pruned. What it stored is there for the next one.");

    /// <summary>Takes a slice: what it returns is durable.</summary>
    /// <param name="source">What is read.</param>
    /// <param name="parent">What it is compared with, or null.</param>
    /// <param name="range">Which paths.</param>
    /// <param name="carried">What earlier slices stored of the first file.</param>
    /// <param name="budget">When to stop, where the source can be gone on with.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<SnapshotSlice> TakeSliceAsync(
        ISnapshotSource source, Snapshot? parent, SliceRange range, CarriedFile carried, WorkBudget budget, CancellationToken cancellation)
    {
        (_range, _budget, _carried) = (range, budget, carried);
        await using var packs = new PackWriter(store, keys, order.PackSize);
        await using var packer = new SegmentPacker(packs, order.Compression, order.Workers);
        using var storer = new ChunkStorer(keys, view.Index, packer);
        await AdoptAsync(cancellation);

        var (tree, last, isLast) = await ReadAsync(source, parent, packs, storer, cancellation);
        await storer.FlushAsync(cancellation);
        await packer.FinishAsync();
        _unindexed.AddRange(await packs.FinishAsync(cancellation));
        await WriteIndexAsync(cancellation);

        var statistics = new SnapshotStatistics(
            _files, _folders, _links, _bytes, _readFiles, _readBytes, packer.NewBytes, packs.StoredBytes, packer.Entropy, _findings.ProblemCount, _findings.NoteCount);
        return new SnapshotSlice(0, 0, last, isLast, tree, statistics, _findings.Problems, _findings.Notes, _open);
    }

    /// <summary>What backups that were cut off left behind becomes part of the index, so that the next prune and the next backup find it without looking into each pack.</summary>
    private Task AdoptAsync(CancellationToken cancellation)
    {
        var marked = view.MarkedPacks();
        _unindexed.AddRange(view.Unindexed.Where(id => !marked.Contains(id.ToString())).Select(view.Index.FindPack).OfType<PackContents>());
        return WriteIndexAsync(cancellation);
    }

    private async Task<(IReadOnlyList<string> Tree, string? Last, bool IsLast)> ReadAsync(
        ISnapshotSource source, Snapshot? parent, PackWriter packs, ChunkStorer storer, CancellationToken cancellation)
    {
        var meter = new ProgressMeter("reading", progress, time, parent?.Statistics.Files + parent?.Statistics.Folders + parent?.Statistics.Links, parent?.Statistics.Bytes);
        await using var parentWalk = new ParentWalk(store, keys, view.Index, parent, source.Order, cancellation);
        var tree = new TreeWriter(keys, storer);
        var isPiece = _range != SliceRange.All || _budget != WorkBudget.Unlimited;
        string? last = null;
        string? former = null;
        TreeEntry? prelude = null;
        var isBegun = false;
        if (_range.After is null && _carried.File is null && source.Root is { } root)
        {
            await tree.WriteAsync(root with { Path = "", Chunks = [] }, cancellation);
        }

        await foreach (var found in source.ScanAsync(_findings, cancellation))
        {
            if (isPiece)
            {
                ThrowUnlessOrdered(source, former, found.Path);
                former = found.Path;
            }

            if (_range.After is { } after && source.Order.Compare(found.Path, after) <= 0)
            {
                // Earlier slices, or other parts, have it.
                continue;
            }

            if (_range.Until is { } until && source.Order.Compare(found.Path, until) > 0)
            {
                break;
            }

            if (!isBegun)
            {
                // Only now does the slice come to what is its own: neither the way here nor that in the parent's list is counted.
                isBegun = true;
                _ = await parentWalk.FindAsync(found.Path);
                _budget = _budget.Again();
            }

            if (last is not null && prelude is null && _budget.IsSpent)
            {
                return (await tree.FinishAsync(cancellation), last, false);
            }

            var entry = found;
            if (entry.Kind == TreeEntryKind.File)
            {
                var before = await parentWalk.FindAsync(entry.Path);
                if (!order.ReadEverything && before is not null && before.IsUnchanged(entry, order.IgnoreChangeMark) && before.Chunks.All(storer.IsUsable))
                {
                    entry = entry with { Chunks = before.Chunks };
                }
                else if (await StoreAsync(source, entry, storer, cancellation) is { } stored)
                {
                    entry = stored;
                }
                else if (_open is not null)
                {
                    // What says how it is to be restored is not listed either: who goes on may find another state of it, and takes both anew.
                    return (await tree.FinishAsync(cancellation), last, false);
                }
                else
                {
                    await ListAsync(prelude);
                    (prelude, last) = (null, entry.Path);
                    continue;
                }

                if (_unindexed.Count + packs.FinishedCount >= PacksOfAnIndex)
                {
                    _unindexed.AddRange(packs.TakeFinished());
                    await WriteIndexAsync(cancellation);
                }
            }

            await ListAsync(prelude);
            prelude = source.IsPrelude(entry) ? entry : null;
            await ListAsync(prelude is null ? entry : null);
        }

        await ListAsync(prelude);
        meter.Report();
        return (await tree.FinishAsync(cancellation), last, true);

        async ValueTask ListAsync(TreeEntry? entry)
        {
            if (entry is null)
            {
                return;
            }

            await tree.WriteAsync(entry, cancellation);
            last = entry.Path;
            meter.Add(1, entry.Length);
            switch (entry.Kind)
            {
                case TreeEntryKind.File:
                    _files++;
                    _bytes += entry.Length;
                    break;
                case TreeEntryKind.Folder:
                    _folders++;
                    break;
                default:
                    _links++;
                    break;
            }
        }
    }

    /// <summary>What comes in the wrong place would be left out by a slice that takes it for another's: so there are none then.</summary>
    private static void ThrowUnlessOrdered(ISnapshotSource source, string? former, string path)
    {
        if (former is not null && source.Order.Compare(former, path) >= 0)
        {
            throw new IOException($"{source.Description} names '{path}' after '{former}', which is not its order: it cannot be read piece by piece.");
        }
    }

    /// <summary>
    /// Reads a file until it is as it was when it was looked at; null, with a problem, where it cannot be read, or with <see cref="_open"/> where the budget was spent
    /// before its end.
    /// </summary>
    private async ValueTask<TreeEntry?> StoreAsync(ISnapshotSource source, TreeEntry entry, ChunkStorer storer, CancellationToken cancellation)
    {
        var current = entry;
        for (var attempt = 1; ; attempt++)
        {
            TreeEntry? after;
            var from = _carried.LengthFor(current, storer);
            var length = from;
            _chunks.Clear();
            try
            {
                if (current.Length != from)
                {
                    await using var content = from == 0 ? await source.OpenAsync(current, cancellation) : await source.OpenAtAsync(current, from, cancellation);
                    var (stored, isCutShort) = await storer.StoreAsync(content, current.Length < 0 ? -1 : current.Length - from, _chunks, _budget, cancellation);
                    length += stored;
                    if (isCutShort)
                    {
                        _readBytes += stored;
                        _open = new OpenFile(current.Path, current.Length, current.Modified, current.ChangeMark, from, length, [.. _chunks.Select(static chunk => chunk.ToString())]);
                        return null;
                    }
                }

                after = await source.LookAgainAsync(current, cancellation);
            }
            catch (EntryGoneException gone)
            {
                _findings.Note(entry.Path, gone.Message);
                return null;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                _findings.Problem(entry.Path, $"it cannot be read: {error.Message}");
                return null;
            }

            _readFiles++;
            _readBytes += length - from;
            var read = current with { Length = length, Chunks = from == 0 ? [.. _chunks] : [.. _carried.Chunks, .. _chunks] };
            if (after is null)
            {
                _findings.Problem(entry.Path, "it was removed while it was read.");
                return read;
            }

            if ((after.Length < 0 || after.Length == length) && after.Modified == current.Modified && after.ChangeMark == current.ChangeMark)
            {
                return read;
            }

            if (attempt == ReadAttempts)
            {
                _findings.Problem(entry.Path, $"it kept changing while it was read ({ReadAttempts} times); the copy may be torn.");
                return read;
            }

            current = after;
        }
    }

    private async Task WriteIndexAsync(CancellationToken cancellation)
    {
        foreach (var plain in IndexFormat.Write(_unindexed))
        {
            _ = await _objects.PutBytesAsync(RepositoryLayout.Index(RepositoryLayout.NewId()), plain, cancellation);
        }

        _unindexed.Clear();
    }
}
