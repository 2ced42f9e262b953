using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>What a copying did.</summary>
/// <param name="Objects">Objects that the copy did not have.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Snapshots">Snapshots among them.</param>
/// <param name="Problems">What could not be taken there: an object, and why. The rest is there.</param>
public sealed record CopyReport(long Objects, long Bytes, int Snapshots, IReadOnlyList<string> Problems)
{
    /// <summary>True where there is more to be taken there, since the time for this piece was over.</summary>
    public bool IsUnfinished { get; init; }
}

/// <summary>
/// Takes a repository to another store as it is, object by object: keys, packs, indexes, and manifests last, so that a snapshot that the copy lists is whole there
/// too. What the copy has stays.
/// </summary>
internal sealed class RepositoryCopying(IObjectStore from, IObjectStore to, RepositoryKeys keys, TimeProvider time, WorkBudget budget, IProgress<BackupProgress>? progress)
{
    private const int Block = 4 * 1024 * 1024;

    private readonly byte[] _block = GC.AllocateUninitializedArray<byte>(Block);
    private readonly List<string> _problems = [];
    private readonly HashSet<string> _indexed = new(StringComparer.Ordinal);
    private bool _isComplete = true;
    private long _objects;
    private long _bytes;

    public async Task<CopyReport> RunAsync(CancellationToken cancellation)
    {
        // Snapshots are listed before what they rely on, and copied after it.
        await RefuseAnotherAsync(cancellation);
        var snapshots = await NamesAsync(from, RepositoryLayout.Snapshots, cancellation);
        await CopyAllAsync(await NamesAsync(from, RepositoryLayout.Config, cancellation), null, cancellation);
        await CopyAllAsync(await NamesAsync(from, RepositoryLayout.Keys, cancellation), null, cancellation);
        await CopyAllAsync(await NamesAsync(from, RepositoryLayout.SpareKeys, cancellation), null, cancellation);

        // Two sessions: nothing is pruned here while it is read, nor there while what is copied has no snapshot yet.
        await using var here = await RepositoryView.ForReadingAsync(from, keys, "copy", time, cancellation);
        await using var there = await RepositoryView.AnnounceAsync(to, keys, "copy", time, mustBeSeen: true, cancellation);
        await there.LoadAsync(cancellation);
        await RefusePruningAsync(there, cancellation);
        _problems.AddRange(here.Problems.Select(static problem => $"{problem.Object}: {problem.What}"));
        _indexed.UnionWith(here.IndexObjects.Values.SelectMany(static named => named).Select(static pack => pack.ObjectName));
        var packs = here.Index.Packs.ToDictionary(static pack => pack.Id.ObjectName, static pack => pack.Length, StringComparer.Ordinal);
        var meter = new ProgressMeter("copying", progress, time, null, packs.Where(pack => !there.Index.HasPack(PackId.OfObject(pack.Key)!.Value)).Sum(static pack => pack.Value));

        // What is there is known from the listing: to ask for each again would take longer than to copy what is new.
        if (await CopyPacksAsync(packs.Where(pack => !there.Index.HasPack(PackId.OfObject(pack.Key)!.Value)), meter, cancellation))
        {
            return new CopyReport(_objects, _bytes, 0, _problems) { IsUnfinished = true };
        }

        await CopyAllAsync((await NamesAsync(from, RepositoryLayout.Indexes, cancellation)).Where(index => here.IndexObjects.ContainsKey(index.Key)), null, cancellation);
        if (time.GetUtcNow() - there.StartedAt > RepositorySession.Longest)
        {
            throw new IOException($"The copying took more than {RepositorySession.Longest.TotalDays:0} days, longer than the copy waits for anybody: what was taken there may have been pruned. Copy again; what is there is not taken twice.");
        }

        var copied = _problems.Count == 0 && _isComplete ? await CopyReadableAsync(snapshots, cancellation) : await CopyWholeAsync(snapshots, cancellation);
        meter.Report();
        return new CopyReport(_objects, _bytes, copied, _problems);
    }

    /// <summary>Two repositories in one store would each prune what the other needs.</summary>
    private async Task RefuseAnotherAsync(CancellationToken cancellation)
    {
        if (await to.GetAsync(RepositoryLayout.Config, cancellation) is { } there
            && await from.GetAsync(RepositoryLayout.Config, cancellation) is { } here && !there.AsSpan().SequenceEqual(here))
        {
            throw new IOException("The store of the copy has another repository: give each repository a place of its own.");
        }
    }

    /// <summary>
    /// A pack that the copy has and has marked, since no snapshot there needed it, may be on its way out. A prune that begins after this copying sees its session,
    /// and deletes nothing.
    /// </summary>
    private async Task RefusePruningAsync(RepositoryView there, CancellationToken cancellation)
    {
        if (there.Unneeded.Count > 0)
        {
            var (sessions, _) = await new SealedObjects(to, keys).AllAsync<RepositorySession>(RepositoryLayout.Sessions, cancellation);
            if (sessions.FirstOrDefault(session => session.What == RepositorySession.Prune && session.IsLive(time.GetUtcNow())) is { } prune)
            {
                throw new IOException($"The copy is being pruned since {prune.StartedAt:u}, or a prune of it was cut off then. Copy once that is over; one that was cut off is forgotten after {RepositorySession.Stale.TotalDays:0} days.");
            }
        }
    }

    /// <summary>Manifests that open: a damaged one would lie in the copy for ever, and keep it from being pruned.</summary>
    private async Task<int> CopyReadableAsync(IReadOnlyDictionary<string, long> snapshots, CancellationToken cancellation)
    {
        var copied = 0;
        var objects = new SealedObjects(from, keys);
        foreach (var (name, _) in snapshots)
        {
            try
            {
                if (!await to.ExistsAsync(name, cancellation) && await objects.FindAsync<Snapshot>(name, cancellation) is not null)
                {
                    copied += await CopyAsync(name, cancellation) ? 1 : 0;
                }
            }
            catch (InvalidDataException error)
            {
                _problems.Add($"{name}: {error.Message}");
            }
        }

        return copied;
    }

    /// <summary>Where something could not be copied, only snapshots that are whole there are taken: no copy lists what it does not have.</summary>
    private async Task<int> CopyWholeAsync(IReadOnlyDictionary<string, long> snapshots, CancellationToken cancellation)
    {
        await using var view = await RepositoryView.ForReadingAsync(to, keys, "copy", time, cancellation);
        using var reader = new ChunkReader(to, keys, view.Index);
        var copied = 0;
        foreach (var (name, _) in snapshots)
        {
            try
            {
                // One that was dropped since it was listed is missing nowhere, and neither is what only it needed.
                if (await new SealedObjects(from, keys).FindAsync<Snapshot>(name, cancellation) is not { } snapshot)
                {
                    continue;
                }

                if (await IsWholeAsync(reader, view, snapshot, cancellation))
                {
                    copied += await CopyAsync(name, cancellation) ? 1 : 0;
                }
                else if (await from.ExistsAsync(name, cancellation))
                {
                    _problems.Add($"{name}: it is not taken there, since a part of it is missing");
                }
            }
            catch (InvalidDataException error)
            {
                _problems.Add($"{name}: {error.Message}");
            }
        }

        return copied;
    }

    private static async Task<bool> IsWholeAsync(ChunkReader reader, RepositoryView view, Snapshot snapshot, CancellationToken cancellation)
    {
        if (!snapshot.Tree.All(chunk => view.Index.TryFind(ChunkId.Parse(chunk), out _)))
        {
            return false;
        }

        await foreach (var entry in reader.EntriesAsync(snapshot, cancellation))
        {
            if (!entry.Chunks.All(chunk => view.Index.TryFind(chunk, out _)))
            {
                return false;
            }
        }

        return true;
    }

    private static async Task<IReadOnlyDictionary<string, long>> NamesAsync(IObjectStore store, string prefix, CancellationToken cancellation)
    {
        var names = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await foreach (var item in store.ListAsync(prefix, cancellation))
        {
            names[item.Name] = item.Length;
        }

        return names;
    }

    /// <returns>How many of them were copied by this call.</returns>
    private async Task<int> CopyAllAsync(IEnumerable<KeyValuePair<string, long>> objects, ProgressMeter? meter, CancellationToken cancellation)
    {
        var copied = 0;
        foreach (var (name, length) in objects)
        {
            if (await CopyAsync(name, cancellation))
            {
                copied++;
                meter?.Add(1, length);
            }
        }

        return copied;
    }

    /// <returns>True where there are more of them, and the time is over.</returns>
    private async Task<bool> CopyPacksAsync(IEnumerable<KeyValuePair<string, long>> packs, ProgressMeter meter, CancellationToken cancellation)
    {
        var copied = 0;
        var piece = budget.Again();
        foreach (var pack in packs)
        {
            if (copied > 0 && piece.IsSpent)
            {
                return true;
            }

            copied += await CopyAllAsync([pack], meter, cancellation);
        }

        return false;
    }

    private async Task<bool> CopyAsync(string name, CancellationToken cancellation)
    {
        try
        {
            if (await to.ExistsAsync(name, cancellation))
            {
                return false;
            }

            await using var writer = await to.CreateAsync(name, cancellation);
            long offset = 0;
            while (await from.ReadAsync(name, offset, _block, cancellation) is var read)
            {
                if (read is null)
                {
                    // Other things may be gone since they were listed: a snapshot that was dropped, a key that was removed, an index that a prune has replaced, and
                    // packs that no index names any more.
                    if (_indexed.Contains(name))
                    {
                        _problems.Add($"{name}: it is missing");
                    }

                    _isComplete &= !name.StartsWith(RepositoryLayout.Packs, StringComparison.Ordinal);
                    return false;
                }

                if (read == 0)
                {
                    break;
                }

                await writer.WriteAsync(_block.AsMemory(0, read.Value), cancellation);
                offset += read.Value;
            }

            if (!await writer.CompleteAsync(cancellation))
            {
                return false;
            }

            _objects++;
            _bytes += offset;
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _problems.Add($"{name}: {error.Message}");
            return false;
        }
    }
}
