using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>Where a proof is in the list of entries.</summary>
/// <param name="Entry">How many entries are done.</param>
/// <param name="Chunk">How many chunks of the next one are, where that is too long for the scratch folder.</param>
public sealed record ProofCursor(long Entry, int Chunk = 0)
{
    /// <summary>The beginning.</summary>
    public static ProofCursor Start { get; } = new(0);
}

/// <summary>
/// Proves a snapshot that is larger than the scratch folder: batch after batch is restored, compared and removed. A file that is too long for a batch is read from
/// the repository chunk by chunk, each authenticated, decompressed and compared with its name; only that it could be written is not shown.
/// </summary>
internal sealed class RollingProof(IObjectStore store, RepositoryKeys keys, RepositoryIndex index, ProgressMeter meter)
{
    private const int EntriesOfBatch = 20_000;
    private const int MostDifferences = 1000;

    private readonly List<string> _differences = [];
    private readonly Dictionary<string, string> _elsewhere = new(StringComparer.Ordinal);

    /// <summary>Proves a part.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="order">The scratch folder, which is emptied, and who works.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="until">The number of the entry to end before; null for the end.</param>
    /// <param name="batchBytes">How much the scratch folder takes.</param>
    /// <param name="budget">When to put down where it is.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The first differences, and where to go on; null where the part is done.</returns>
    public async Task<(IReadOnlyList<string> Differences, ProofCursor? Next)> ProveAsync(
        Snapshot snapshot, RestoreOrder order, ProofCursor from, long? until, long batchBytes, WorkBudget budget, CancellationToken cancellation)
    {
        var next = await ProvePartAsync(snapshot, order, from, until, batchBytes, budget, cancellation);
        await CheckNamesAsync(snapshot, cancellation);
        return (_differences, next);
    }

    private async Task<ProofCursor?> ProvePartAsync(
        Snapshot snapshot, RestoreOrder order, ProofCursor from, long? until, long batchBytes, WorkBudget budget, CancellationToken cancellation)
    {
        using var reader = new ChunkReader(store, keys, index);
        var batch = new List<TreeEntry>();
        long bytes = 0;
        long number = -1;
        var isFirst = true;
        try
        {
            await foreach (var entry in reader.EntriesAsync(snapshot, cancellation))
            {
                number++;
                if (number < from.Entry || entry.Path.Length == 0)
                {
                    continue;
                }

                if (number == until || _differences.Count >= MostDifferences)
                {
                    break;
                }

                (budget, isFirst) = (isFirst ? budget.Again() : budget, false);
                if (batch.Count > 0 && (batch.Count >= EntriesOfBatch || bytes + entry.Length > batchBytes))
                {
                    await ProveAsync(snapshot, order, batch, cancellation);
                    (batch, bytes) = ([], 0);
                    if (budget.IsSpent)
                    {
                        return new ProofCursor(number);
                    }
                }

                if (entry.Kind == TreeEntryKind.File && entry.Length > batchBytes)
                {
                    if (await ReadAsync(reader.Beside(), entry, number == from.Entry ? from.Chunk : 0, budget, cancellation) is { } chunk)
                    {
                        return new ProofCursor(number, chunk);
                    }

                    continue;
                }

                batch.Add(entry);
                bytes += entry.Length;
            }
        }
        catch (InvalidDataException error)
        {
            _differences.Add($"the list of entries: {error.Message}; nobody knows what it names from here on");
        }

        await ProveAsync(snapshot, order, batch, cancellation);
        return null;
    }

    /// <summary>Further names of files of other batches: each file must be in the list, or a restore would have nothing to give the name to.</summary>
    private async Task CheckNamesAsync(Snapshot snapshot, CancellationToken cancellation)
    {
        if (_elsewhere.Count == 0)
        {
            return;
        }

        using var reader = new ChunkReader(store, keys, index);
        try
        {
            await foreach (var entry in reader.EntriesAsync(snapshot, cancellation))
            {
                if (entry.Kind == TreeEntryKind.File && _elsewhere.Remove(entry.Path) && _elsewhere.Count == 0)
                {
                    return;
                }
            }

            _differences.AddRange(_elsewhere.Select(static link => $"{link.Value}: it is another name of '{link.Key}', which the snapshot does not have."));
        }
        catch (InvalidDataException)
        {
            // The slice that comes to the damaged place says so.
        }
    }

    private async Task ProveAsync(Snapshot snapshot, RestoreOrder order, List<TreeEntry> batch, CancellationToken cancellation)
    {
        if (batch.Count == 0)
        {
            return;
        }

        // A further name of a file of another batch would have nothing to be a name of here.
        var files = batch.Where(static entry => entry.Kind == TreeEntryKind.File).Select(static entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var link in batch.Where(entry => entry is { Kind: TreeEntryKind.HardLink, Target: { } target } && !files.Contains(target)).ToList())
        {
            _ = batch.Remove(link);
            _elsewhere[link.Target!] = link.Path;
        }

        ScratchFolders.Remove(order.Target);
        try
        {
            using (var restore = new FolderRestore(store, keys, index, order, meter))
            {
                _differences.AddRange((await restore.RestoreAsync(snapshot, batch, cancellation)).Losses);
            }

            _differences.AddRange(await new FolderComparison(keys, index, meter).CompareAsync(snapshot.IsByName, hasFolders: false, batch.ToAsyncEnumerable(), order.Target, cancellation));
        }
        finally
        {
            ScratchFolders.Remove(order.Target);
        }
    }

    /// <returns>How many chunks are read where the budget was spent before the end; null at the end.</returns>
    private async Task<int?> ReadAsync(ChunkReader reader, TreeEntry entry, int first, WorkBudget budget, CancellationToken cancellation)
    {
        try
        {
            for (var i = first; i < entry.Chunks.Count; i++)
            {
                if (i > first && budget.IsSpent)
                {
                    return i;
                }

                var chunk = await reader.ReadAsync(entry.Chunks[i], cancellation);
                if (keys.ChunkIdOf(chunk.Span) != entry.Chunks[i])
                {
                    _differences.Add($"{entry.Path}: its contents differ.");
                    return null;
                }

                meter.Add(0, chunk.Length);
            }

            if (entry.Chunks.Sum(id => (long)(reader.LengthOf(id) ?? 0)) is var length && length != entry.Length)
            {
                _differences.Add($"{entry.Path}: its chunks have {length} bytes together instead of {entry.Length}");
            }

            meter.Add(1, 0);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            _differences.Add($"{entry.Path}: {error.Message}");
        }

        return null;
    }
}
