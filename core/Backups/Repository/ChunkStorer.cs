namespace Maintenance.Backups.Repository;

/// <summary>
/// Stores what is new, chunk by chunk. Small files go together into solid segments of about 1 MiB, those that look compressed already apart from the others; a chunk
/// of a large file is a segment of its own; the list of entries has its own segments, so that it can be read without the files. Used by one reader.
/// </summary>
internal sealed class ChunkStorer(RepositoryKeys keys, RepositoryIndex index, SegmentPacker packer) : IDisposable
{
    /// <summary>A lane is sent off once it has this much.</summary>
    private const int SolidSize = 1024 * 1024;

    /// <summary>Shorter contents say too little about their bytes.</summary>
    private const int LeastForEntropy = 4096;

    private const double LooksCompressed = 7.6;

    private readonly HashSet<ChunkId> _added = [];
    private readonly Slab?[] _lanes = new Slab?[3];
    private Slab? _reading;

    private enum Lane
    {
        Plain,
        Compressed,
        Tree,
    }

    /// <summary>Reads a stream to its end, or to its expected length.</summary>
    /// <param name="content">The contents.</param>
    /// <param name="expected">How long it should be; -1 where that is not known.</param>
    /// <param name="chunks">Gets the chunks.</param>
    /// <param name="budget">Once it is spent, nothing more is read than the chunk that is being read.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many bytes the chunks have; true where the contents may go on after them, since the budget was spent.</returns>
    public async ValueTask<(long Length, bool IsCutShort)> StoreAsync(Stream content, long expected, List<ChunkId> chunks, WorkBudget budget, CancellationToken cancellation)
    {
        var slab = _reading ??= await packer.RentAsync(cancellation);
        long total = 0;
        long stored = 0;
        var filled = 0;
        for (var isAtEnd = false; ;)
        {
            while (!isAtEnd && filled < Slab.Size)
            {
                var read = await content.ReadAsync(slab.All[filled..], cancellation);
                filled += read;
                total += read;
                isAtEnd = read == 0 || total == expected;
            }

            if (filled == 0)
            {
                return (total, false);
            }

            var length = isAtEnd && filled <= Chunking.Files.Least ? filled : Chunking.Files.Cut(keys.Gear, slab.All.Span[..filled]);
            var chunk = slab.All[..length];
            var id = keys.ChunkIdOf(chunk.Span);
            chunks.Add(id);
            var rest = slab.All[length..filled];
            if (index.IsUsable(id) || !_added.Add(id))
            {
                rest.Span.CopyTo(slab.All.Span);
            }
            else if (length <= Chunking.Files.Least)
            {
                var isCompressed = length >= LeastForEntropy && SegmentCodec.Entropy(chunk.Span) > LooksCompressed;
                await AppendAsync(isCompressed ? Lane.Compressed : Lane.Plain, id, chunk, cancellation);
                rest.Span.CopyTo(slab.All.Span);
            }
            else
            {
                var next = await packer.RentAsync(cancellation);
                rest.CopyTo(next.All);
                slab.Length = length;
                slab.Chunks.Add(new PackedChunk(id, length));
                _reading = next;
                await packer.SendAsync(slab, cancellation);
                slab = next;
            }

            filled -= length;
            stored += length;
            if (budget.IsSpent && !(isAtEnd && filled == 0))
            {
                return (stored, true);
            }
        }
    }

    /// <summary>Stores a chunk of the list of entries.</summary>
    public async ValueTask<ChunkId> StoreTreeAsync(ReadOnlyMemory<byte> chunk, CancellationToken cancellation)
    {
        var id = keys.ChunkIdOf(chunk.Span);
        if (!index.IsUsable(id) && _added.Add(id))
        {
            await AppendAsync(Lane.Tree, id, chunk, cancellation);
        }

        return id;
    }

    /// <summary>True where a new snapshot may rely on the chunk.</summary>
    public bool IsUsable(ChunkId id) => index.IsUsable(id) || _added.Contains(id);

    /// <summary>Sends off what is still being put together.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        for (var lane = 0; lane < _lanes.Length; lane++)
        {
            if (_lanes[lane] is { } slab)
            {
                _lanes[lane] = null;
                await packer.SendAsync(slab, cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_reading is { } slab)
        {
            _reading = null;
            packer.Return(slab);
        }
    }

    private async ValueTask AppendAsync(Lane lane, ChunkId id, ReadOnlyMemory<byte> chunk, CancellationToken cancellation)
    {
        var slab = _lanes[(int)lane] ??= await packer.RentAsync(cancellation);
        slab.Append(id, chunk.Span);
        if (slab.Length >= SolidSize)
        {
            _lanes[(int)lane] = null;
            await packer.SendAsync(slab, cancellation);
        }
    }
}
