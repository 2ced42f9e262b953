using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>What a prune may do.</summary>
/// <param name="Grace">How long a pack must have been marked as unneeded.</param>
public sealed record PruneOrder(TimeSpan Grace)
{
    /// <summary>A pack is rewritten once less than this much of it is needed, in per cent.</summary>
    public int LeastUsedPercent { get; init; } = 50;

    /// <summary>True to say what would be done, and do nothing.</summary>
    public bool IsDryRun { get; init; }
}

/// <summary>What a prune did.</summary>
/// <param name="IsDryRun">True where nothing was done.</param>
/// <param name="MarkedPacks">Packs that were found unneeded, or little needed, and marked; they go after the grace.</param>
/// <param name="MarkedBytes">Their bytes.</param>
/// <param name="DeletedPacks">Packs that were deleted.</param>
/// <param name="RewrittenPacks">How many of them had chunks that are needed, which were moved.</param>
/// <param name="FreedBytes">Bytes of the deleted packs, less those of the moved chunks.</param>
/// <param name="WaitingPacks">Packs that are marked and still within their grace, or kept for somebody at work.</param>
/// <param name="HeldPacks">Packs that the store does not delete yet (an immutability period or a legal hold, of them or of an index that names them), or that wait for somebody who has just begun.</param>
/// <param name="Notes">What else should be known.</param>
public sealed record PruneReport(
    bool IsDryRun, int MarkedPacks, long MarkedBytes, int DeletedPacks, int RewrittenPacks, long FreedBytes, int WaitingPacks, int HeldPacks, IReadOnlyList<string> Notes);

/// <summary>
/// Removes what no snapshot needs, in two phases: a pack that is found unneeded is marked; once its mark is older than the grace, and nobody is at work who did not
/// see the mark when he began, it is looked at again and goes if it still is unneeded. What is needed of it is moved first. Why that is safe beside running backups:
/// <see cref="RepositoryView"/> and docs/backup-format.md.
/// </summary>
internal sealed class Pruning(IObjectStore store, RepositoryKeys keys, PruneOrder order, TimeProvider time, IProgress<BackupProgress>? progress)
{
    /// <summary>More index objects than this are written as one.</summary>
    private const int MostIndexObjects = 16;

    /// <summary>What a damaged session does.</summary>
    private const string Unknown = "unknown";

    private readonly SealedObjects _objects = new(store, keys);
    private readonly List<string> _notes = [];

    public async Task<PruneReport> RunAsync(CancellationToken cancellation)
    {
        // Its session comes first, so that of two prunes one at least sees the other, and then deletes nothing, takes no mark away and writes no index: what either
        // takes for unneeded, or for a mark, holds only as long as the other leaves it.
        await using var view = await RepositoryView.AnnounceAsync(
            store, keys, order.IsDryRun ? "dry run of a prune" : RepositorySession.Prune, time, mustBeSeen: !order.IsDryRun, cancellation);

        // Marks first, then who is at work: who relies on what a mark names began before the mark was there, so he is seen, or has ended and his snapshot is seen.
        // Then everything else: who begins after this sees the marks.
        var now = time.GetUtcNow();
        var (marks, broken) = await _objects.AllAsync<UnneededMark>(RepositoryLayout.Unneeded, cancellation);
        var working = await SessionsAsync(view, now, cancellation);
        var ripe = marks.Where(mark => now - mark.At >= order.Grace && working.All(session => session.Seen.Contains(mark.Id))).ToList();
        var isAlone = !working.Any(static session => session.What is RepositorySession.Prune or Unknown);
        await view.LoadAsync(cancellation);
        var needed = await NeededAsync(view, cancellation);
        var ripePacks = ripe.SelectMany(static mark => mark.Packs).ToHashSet(StringComparer.Ordinal);
        var markedPacks = marks.SelectMany(static mark => mark.Packs).ToHashSet(StringComparer.Ordinal);
        var damaged = view.Damaged.SelectMany(static mark => mark.Segments).ToLookup(static segment => segment.Pack, static segment => segment.Offset, StringComparer.Ordinal);
        var unneeded = view.Index.Packs.Where(pack => UsedPercent(view, pack, needed) < order.LeastUsedPercent || IsHealed(view, pack, needed, damaged)).ToList();
        var going = unneeded.Where(pack => ripePacks.Contains(pack.Id.ToString())).ToList();
        var toMark = unneeded.Where(pack => !markedPacks.Contains(pack.Id.ToString())).ToList();
        var waiting = unneeded.Count - going.Count - toMark.Count;
        if (working.Any(static session => session.What.StartsWith(RepositorySession.Backup, StringComparison.Ordinal))
            && toMark.RemoveAll(pack => UsedPercent(view, pack, needed) == 0) is > 0 and var spared)
        {
            // Marked, they would be avoided by the next backup, which would store everything again.
            _notes.Add($"{spared} packs that no snapshot needs are not marked while a backup is at work, or was cut off: they may be its own.");
        }

        if (order.IsDryRun)
        {
            return new PruneReport(true, toMark.Count, toMark.Sum(static pack => pack.Length), going.Count, going.Count(pack => UsedPercent(view, pack, needed) > 0), going.Sum(static pack => pack.Length), waiting, 0, _notes);
        }

        IReadOnlyList<PackContents> deleted = [];
        IReadOnlyList<PackContents> held = [];
        long movedBytes = 0;
        if (isAlone)
        {
            (var moved, movedBytes) = await MoveAsync(view, going, needed, cancellation);
            var named = await WriteIndexAsync(view, going, moved, cancellation);
            (deleted, held) = await DeleteAsync(view, going, named, ripe, cancellation);
            await UnmarkAsync(view, marks, broken, ripe, held, unneeded, cancellation);
            await RemoveLeftPartsAsync(now, cancellation);
        }

        if (toMark.Count > 0)
        {
            var mark = new UnneededMark(RepositoryLayout.NewId(), now, [.. toMark.Select(static pack => pack.Id.ToString())]);
            _ = await _objects.PutAsync(RepositoryLayout.Unneeded + mark.Id, mark, cancellation);
        }

        return new PruneReport(
            false, toMark.Count, toMark.Sum(static pack => pack.Length), deleted.Count, deleted.Count(pack => UsedPercent(view, pack, needed) > 0), Math.Max(0, deleted.Sum(static pack => pack.Length) - movedBytes), waiting, held.Count, _notes);
    }

    /// <summary>Who is at work. A damaged session could be anybody's, and keeps everything.</summary>
    private async Task<IReadOnlyList<RepositorySession>> SessionsAsync(RepositoryView view, DateTimeOffset now, CancellationToken cancellation)
    {
        var (sessions, broken) = await _objects.AllAsync<RepositorySession>(RepositoryLayout.Sessions, cancellation);
        var live = sessions.Where(session => session.Id != view.SessionId && session.IsLive(now)).ToList();
        foreach (var stale in sessions.Where(session => !order.IsDryRun && !session.IsLive(now)))
        {
            await TryDeleteAsync(RepositoryLayout.Sessions + stale.Id, cancellation);
        }

        live.AddRange(broken.Select(name => new RepositorySession(name, Unknown, now, [])));
        if (live.Count > 0)
        {
            _notes.Add($"At work in the repository: {string.Join(", ", live.Select(static session => $"{session.What} since {session.StartedAt:u}"))}. What they may rely on stays.");
        }

        return live;
    }

    /// <summary>What snapshots that were taken piece by piece left on the way: those that are done, and those that nobody is at work on any more.</summary>
    private async Task RemoveLeftPartsAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var parts = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        await foreach (var item in store.ListAsync(RepositoryLayout.Parts, cancellation))
        {
            var id = item.Name[RepositoryLayout.Parts.Length..].Split('/')[0];
            (parts.TryGetValue(id, out var names) ? names : parts[id] = []).Add(item.Name);
        }

        foreach (var (id, names) in parts)
        {
            if (await IsLeftAsync(id, now, cancellation))
            {
                foreach (var name in names.Order(StringComparer.Ordinal))
                {
                    await TryDeleteAsync(name, cancellation);
                }
            }
        }
    }

    private async Task<bool> IsLeftAsync(string snapshot, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            return await _objects.FindAsync<SnapshotPlan>(RepositoryLayout.PlanOf(snapshot), cancellation) is not { } plan
                || !plan.Session.IsLive(now)
                || await store.ExistsAsync(RepositoryLayout.Snapshot(plan.Policy, plan.Id), cancellation);
        }
        catch (InvalidDataException)
        {
            // A damaged plan is followed by nobody.
            return true;
        }
    }

    /// <summary>Every chunk that a snapshot needs.</summary>
    /// <exception cref="InvalidDataException">A snapshot cannot be read, so nobody knows what it needs.</exception>
    private async Task<HashSet<ChunkId>> NeededAsync(RepositoryView view, CancellationToken cancellation)
    {
        var needed = new HashSet<ChunkId>();
        var meter = new ProgressMeter("reading snapshots", progress, time, null, null);
        using var reader = new ChunkReader(store, keys, view.Index);

        // A snapshot that was not there yet when the marks and sessions were read relies on nothing that goes; what is new of it is not in this view.
        foreach (var name in view.SnapshotObjects)
        {
            if (await _objects.FindAsync<Snapshot>(name, cancellation) is not { } snapshot)
            {
                continue;
            }

            needed.UnionWith(snapshot.Tree.Select(ChunkId.Parse));
            await foreach (var entry in reader.EntriesAsync(snapshot, cancellation))
            {
                foreach (var chunk in entry.Chunks)
                {
                    _ = needed.Add(chunk);
                }

                meter.Add(1, entry.Length);
            }
        }

        var missing = needed.Count(chunk => !view.Index.TryFind(chunk, out _));
        return missing == 0
            ? needed
            : throw new InvalidDataException($"Nothing is pruned while snapshots need what is not there: {missing} chunks are missing. Verify the repository; a backup stores again what its source still has.");
    }

    /// <summary>How much of a pack is needed, in per cent of its contents; above 0 where any is. A chunk that also lies in an earlier pack is needed there.</summary>
    private static double UsedPercent(RepositoryView view, PackContents pack, HashSet<ChunkId> needed)
    {
        long used = 0;
        long all = 0;
        var first = view.Index.FirstSegment(pack.Id);
        for (var i = 0; i < pack.Segments.Count; i++)
        {
            all += pack.Segments[i].Plain;
            used += Needed(view, first + i, pack.Segments[i], needed).Sum(static chunk => (long)chunk.Length);
        }

        return all == 0 ? 0 : 100.0 * used / all;
    }

    /// <summary>True for a pack that is damaged, and of which all that is needed can be moved: it goes, so that nobody stumbles over the rest of it again.</summary>
    private static bool IsHealed(RepositoryView view, PackContents pack, HashSet<ChunkId> needed, ILookup<string, long> damaged)
    {
        var offsets = damaged[pack.Id.ToString()].ToHashSet();
        var first = view.Index.FirstSegment(pack.Id);
        return (offsets.Count > 0 || view.Problems.Exists(problem => problem.Object == pack.Id.ObjectName))
            && !pack.Segments.Where((segment, i) => offsets.Contains(segment.Offset) && Needed(view, first + i, segment, needed).Any()).Any();
    }

    private static IEnumerable<PackedChunk> Needed(RepositoryView view, int number, PackSegment segment, HashSet<ChunkId> needed) =>
        segment.Chunks.Where(chunk => needed.Contains(chunk.Id) && view.Index.TryFind(chunk.Id, out var place) && place.Segment == number);

    /// <summary>Moves what is needed of packs that go into new ones, and says so in a new index, before anything is deleted.</summary>
    private async Task<(IReadOnlyList<PackContents> Packs, long Bytes)> MoveAsync(
        RepositoryView view, List<PackContents> going, HashSet<ChunkId> needed, CancellationToken cancellation)
    {
        await using var packs = new PackWriter(store, keys);
        await using var packer = new SegmentPacker(packs, BackupCompression.Balanced, workers: 1);
        using var segments = new SegmentReader(store, keys);
        Slab? slab = null;
        foreach (var pack in going.ToList())
        {
            try
            {
                await MoveAsync(pack);
            }
            catch (InvalidDataException error)
            {
                // All of it stays where it is: what was moved would lie in two places, and be moved by each prune again.
                _ = going.Remove(pack);
                _notes.Add($"'{pack.Id.ObjectName}' is needed in part and cannot be read: {error.Message}. It stays; verify the repository.");
            }
        }

        if (slab is not null)
        {
            await packer.SendAsync(slab, cancellation);
        }

        await packer.FinishAsync();
        var moved = await packs.FinishAsync(cancellation);
        return (moved, packs.StoredBytes);

        async Task MoveAsync(PackContents pack)
        {
            // A pack is read to its end before anything of it is moved, which takes as much memory as it is needed.
            var first = view.Index.FirstSegment(pack.Id);
            var chunks = new List<(ChunkId Id, byte[] Contents)>();
            for (var i = 0; i < pack.Segments.Count; i++)
            {
                var segment = pack.Segments[i];
                var wanted = Needed(view, first + i, segment, needed).Select(static chunk => chunk.Id).ToHashSet();
                if (wanted.Count == 0)
                {
                    continue;
                }

                var contents = await segments.ReadAsync(pack.Id, segment.Offset, segment.Stored, segment.Plain, segment.Encoding, cancellation);
                var offset = 0;
                foreach (var chunk in segment.Chunks)
                {
                    if (wanted.Remove(chunk.Id))
                    {
                        chunks.Add((chunk.Id, contents.Slice(offset, chunk.Length).ToArray()));
                    }

                    offset += chunk.Length;
                }
            }

            foreach (var (id, contents) in chunks)
            {
                if (slab is not null && slab.Length + contents.Length > Slab.Size)
                {
                    await packer.SendAsync(slab, cancellation);
                    slab = null;
                }

                slab ??= await packer.RentAsync(cancellation);
                slab.Append(id, contents);
            }
        }
    }

    /// <summary>One index for everything that stays, then the old ones go: at every instant between, whoever looks finds each chunk that is needed.</summary>
    /// <returns>The packs of old indexes that the store holds: whoever reads those relies on them.</returns>
    private async Task<HashSet<PackId>> WriteIndexAsync(RepositoryView view, List<PackContents> going, IReadOnlyList<PackContents> moved, CancellationToken cancellation)
    {
        var named = new HashSet<PackId>();
        var gone = going.Select(static pack => pack.Id).ToHashSet();
        var adopted = view.Unindexed.Count(id => !gone.Contains(id));
        if (going.Count == 0 && moved.Count == 0 && adopted == 0 && view.Problems.Count == 0 && view.IndexObjects.Count <= MostIndexObjects)
        {
            return named;
        }

        foreach (var plain in IndexFormat.Write([.. view.Index.Packs.Where(pack => !gone.Contains(pack.Id)), .. moved]))
        {
            _ = await _objects.PutBytesAsync(RepositoryLayout.Index(RepositoryLayout.NewId()), plain, cancellation);
        }

        foreach (var (name, packs) in view.IndexObjects)
        {
            if (!await TryDeleteAsync(name, cancellation))
            {
                named.UnionWith(packs);
            }
        }

        return named;
    }

    /// <summary>
    /// Deletes the packs that no index names any more, unless somebody has begun meanwhile who may have read the index before: then the next prune does it. Whoever
    /// begins after this look reads the new index.
    /// </summary>
    private async Task<(List<PackContents> Deleted, List<PackContents> Held)> DeleteAsync(
        RepositoryView view, List<PackContents> going, HashSet<PackId> named, List<UnneededMark> ripe, CancellationToken cancellation)
    {
        if (going.Count == 0)
        {
            return ([], []);
        }

        var (sessions, broken) = await _objects.AllAsync<RepositorySession>(RepositoryLayout.Sessions, cancellation);
        if (broken.Count > 0 || sessions.Any(session => session.Id != view.SessionId && session.IsLive(time.GetUtcNow()) && !ripe.TrueForAll(mark => session.Seen.Contains(mark.Id))))
        {
            _notes.Add("Somebody began to work in the repository meanwhile: the packs are deleted by the next prune.");
            return ([], going);
        }

        if (time.GetUtcNow() - view.StartedAt > RepositorySession.Longest)
        {
            _notes.Add("The prune took so long that others may no longer count on it: the packs are deleted by the next one.");
            return ([], going);
        }

        var deleted = new List<PackContents>();
        var held = new List<PackContents>();
        foreach (var pack in going)
        {
            (!named.Contains(pack.Id) && await TryDeleteAsync(pack.Id.ObjectName, cancellation) ? deleted : held).Add(pack);
        }

        return (deleted, held);
    }

    /// <summary>
    /// A mark goes last, once nothing of it is left to be done. A ripe mark whose packs are needed again goes too: whoever began since then avoids them, and nobody
    /// else will delete them.
    /// </summary>
    private async Task UnmarkAsync(
        RepositoryView view, IReadOnlyList<UnneededMark> marks, IReadOnlyList<string> broken, List<UnneededMark> ripe, IReadOnlyList<PackContents> held, List<PackContents> unneeded, CancellationToken cancellation)
    {
        var heldIds = held.Select(static pack => pack.Id.ToString()).ToHashSet(StringComparer.Ordinal);
        var unneededIds = unneeded.Select(static pack => pack.Id.ToString()).ToHashSet(StringComparer.Ordinal);
        var thereIds = view.Index.Packs.Select(static pack => pack.Id.ToString()).ToHashSet(StringComparer.Ordinal);
        foreach (var mark in marks)
        {
            var isDone = ripe.Contains(mark) ? !mark.Packs.Any(heldIds.Contains) : !mark.Packs.Any(pack => thereIds.Contains(pack) && unneededIds.Contains(pack));
            if (isDone)
            {
                await TryDeleteAsync(RepositoryLayout.Unneeded + mark.Id, cancellation);
            }
        }

        foreach (var name in broken.Concat(view.Problems.Select(static problem => problem.Object).Where(static name => name.StartsWith(RepositoryLayout.Damaged, StringComparison.Ordinal))))
        {
            // What a damaged mark of damage said, the next verification finds again.
            await TryDeleteAsync(name, cancellation);
        }

        foreach (var mark in view.Damaged.Where(mark => !mark.Segments.Any(segment => thereIds.Contains(segment.Pack))))
        {
            await TryDeleteAsync(RepositoryLayout.Damaged + mark.Id, cancellation);
        }
    }

    private async Task<bool> TryDeleteAsync(string name, CancellationToken cancellation)
    {
        try
        {
            _ = await store.DeleteAsync(name, cancellation);
            return true;
        }
        catch (ObjectHeldException error)
        {
            _notes.Add(error.Message);
            return false;
        }
    }
}
