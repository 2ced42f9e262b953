using System.Threading.Channels;

namespace Maintenance.Backups.Repository;

/// <summary>The repository could not be written, which is no fault of the source.</summary>
public sealed class RepositoryWriteException(string message, Exception inner) : Exception(message, inner);

/// <summary>A buffer in which a segment is put together: 2 MiB, and room for its tag.</summary>
internal sealed class Slab
{
    public const int Size = 2 * 1024 * 1024;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Size + PackFormat.TagSize);

    public List<PackedChunk> Chunks { get; private set; } = [];

    public int Length { get; set; }

    public Memory<byte> All => _bytes.AsMemory(0, Size);

    public Memory<byte> WithTag => _bytes.AsMemory(0, Length + PackFormat.TagSize);

    public Span<byte> Contents => _bytes.AsSpan(0, Length);

    public void Append(ChunkId id, ReadOnlySpan<byte> contents)
    {
        contents.CopyTo(_bytes.AsSpan(Length));
        Length += contents.Length;
        Chunks.Add(new PackedChunk(id, contents.Length));
    }

    public void Clear()
    {
        Length = 0;
        Chunks = [];
    }
}

/// <summary>
/// Compresses segments on several workers and hands them to the packs. The number of slabs bounds the memory: whoever fills them waits for one to come free.
/// </summary>
internal sealed class SegmentPacker : IAsyncDisposable
{
    /// <summary>One for each lane that is being filled, two for the file that is read, and one to queue.</summary>
    private const int SlabsOfTheReader = 6;

    private readonly PackWriter _packs;
    private readonly BackupCompression _compression;
    private readonly Channel<Slab> _full;
    private readonly SemaphoreSlim _slabs;
    private readonly Stack<Slab> _free = new();
    private readonly Task[] _workers;
    private readonly CancellationTokenSource _failed = new();
    private readonly Lock _statistics = new();
    private double _entropy;
    private long _newBytes;

    public SegmentPacker(PackWriter packs, BackupCompression compression, int workers)
    {
        _packs = packs;
        _compression = compression;
        _full = Channel.CreateBounded<Slab>(1);
        _slabs = new SemaphoreSlim(SlabsOfTheReader + workers);
        _workers = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Bytes of the segments so far.</summary>
    public long NewBytes
    {
        get
        {
            lock (_statistics)
            {
                return _newBytes;
            }
        }
    }

    /// <summary>Their mean entropy in bits a byte, or null before the first.</summary>
    public double? Entropy
    {
        get
        {
            lock (_statistics)
            {
                return _newBytes == 0 ? null : _entropy / _newBytes;
            }
        }
    }

    /// <summary>An empty slab.</summary>
    /// <exception cref="RepositoryWriteException">A worker could not write.</exception>
    public async ValueTask<Slab> RentAsync(CancellationToken cancellation)
    {
        if (!_slabs.Wait(0, CancellationToken.None))
        {
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _failed.Token);
                await _slabs.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (_failed.IsCancellationRequested)
            {
                await ThrowAsync();
                throw;
            }
        }

        lock (_free)
        {
            return _free.TryPop(out var slab) ? slab : new Slab();
        }
    }

    /// <summary>Gives a slab back.</summary>
    public void Return(Slab slab)
    {
        slab.Clear();
        lock (_free)
        {
            _free.Push(slab);
        }

        _slabs.Release();
    }

    /// <summary>Hands over a slab whose chunks are a segment.</summary>
    /// <exception cref="RepositoryWriteException">A worker could not write.</exception>
    public async ValueTask SendAsync(Slab slab, CancellationToken cancellation)
    {
        if (_full.Writer.TryWrite(slab))
        {
            return;
        }

        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _failed.Token);
            await _full.Writer.WriteAsync(slab, either.Token);
        }
        catch (OperationCanceledException) when (_failed.IsCancellationRequested)
        {
            await ThrowAsync();
            throw;
        }
    }

    /// <summary>Waits until every segment is in a pack.</summary>
    /// <exception cref="RepositoryWriteException">A worker could not write.</exception>
    public async Task FinishAsync()
    {
        _ = _full.Writer.TryComplete();
        await ThrowAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _ = _full.Writer.TryComplete();
        await _failed.CancelAsync();
        await Task.WhenAll(_workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _failed.Dispose();
        _slabs.Dispose();
    }

    /// <summary>Waits for the workers, and throws what went wrong with them.</summary>
    private async Task ThrowAsync()
    {
        try
        {
            await Task.WhenAll(_workers);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new RepositoryWriteException($"The repository cannot be written: {error.Message}", error);
        }
    }

    private async Task WorkAsync()
    {
        try
        {
            var packed = GC.AllocateUninitializedArray<byte>(Slab.Size + PackFormat.TagSize);
            var quality = new CompressionQuality(_compression);
            await foreach (var slab in _full.Reader.ReadAllAsync(_failed.Token))
            {
                var plain = slab.Length;
                var entropy = SegmentCodec.Entropy(slab.Contents);
                var written = quality.Compress(slab.Contents, entropy, packed);
                await (written > 0
                    ? _packs.AppendAsync(packed.AsMemory(0, written + PackFormat.TagSize), plain, SegmentEncoding.Brotli, slab.Chunks, _failed.Token)
                    : _packs.AppendAsync(slab.WithTag, plain, SegmentEncoding.Raw, slab.Chunks, _failed.Token));
                lock (_statistics)
                {
                    _newBytes += plain;
                    _entropy += entropy * plain;
                }

                Return(slab);
            }
        }
        catch
        {
            // Whoever fills slabs must not wait for ever for one that will not come back.
            await _failed.CancelAsync();
            throw;
        }
    }
}
