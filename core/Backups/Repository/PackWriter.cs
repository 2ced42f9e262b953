using System.Security.Cryptography;
using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>
/// Writes packs: segments come in any order, from several workers, and are encrypted, placed and handed to the store one after the other. What
/// <see cref="FinishAsync"/> returns is durable.
/// </summary>
internal sealed class PackWriter(IObjectStore store, RepositoryKeys keys, long fullSize = PackFormat.FullSize) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly List<PackContents> _finished = [];
    private readonly byte[] _nonce = new byte[12];
    private readonly byte[] _associated = new byte[5];
    private OpenPack? _open;
    private Task _completing = Task.CompletedTask;
    private Exception? _failure;

    /// <summary>How many bytes the packs have so far.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>Appends a segment.</summary>
    /// <param name="content">Its contents as they are stored, with <see cref="PackFormat.TagSize"/> bytes to spare at their end; overwritten by the ciphertext.</param>
    /// <param name="plain">Their length before compression.</param>
    /// <param name="encoding">How they are stored.</param>
    /// <param name="chunks">Their chunks.</param>
    /// <param name="cancellation">Gives up; nothing more can be written then.</param>
    public async Task AppendAsync(Memory<byte> content, int plain, SegmentEncoding encoding, IReadOnlyList<PackedChunk> chunks, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            ThrowIfFailed();
            var pack = _open ??= await BeginAsync(cancellation);
            Encrypt(pack, content.Span, plain, encoding);
            await pack.Object.WriteAsync(content, cancellation);
            pack.Segments.Add(new PackSegment(pack.Length, content.Length, plain, encoding, chunks));
            pack.Length += content.Length;
            StoredBytes += content.Length;
            if (pack.Length >= fullSize)
            {
                // One pack is made durable while the next one fills, and no more than one.
                await _completing;
                _open = null;
                _completing = CompleteAsync(pack, cancellation);
            }
        }
        catch (Exception error)
        {
            // Nobody knows how much of the segment the object has: what came after it would lie elsewhere than its place says, under a nonce that was used already.
            _failure ??= error;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>How many packs <see cref="TakeFinished"/> would return.</summary>
    public int FinishedCount
    {
        get
        {
            lock (_finished)
            {
                return _finished.Count;
            }
        }
    }

    /// <summary>Packs that have become durable since the last call.</summary>
    public IReadOnlyList<PackContents> TakeFinished()
    {
        lock (_finished)
        {
            PackContents[] taken = [.. _finished];
            _finished.Clear();
            return taken;
        }
    }

    /// <summary>Ends the last pack.</summary>
    /// <returns>The packs that <see cref="TakeFinished"/> has not returned.</returns>
    public async Task<IReadOnlyList<PackContents>> FinishAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            ThrowIfFailed();
            await _completing;
            if (_open is { } pack)
            {
                _open = null;
                await CompleteAsync(pack, cancellation);
            }

            return TakeFinished();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_open is { } pack)
        {
            await pack.DisposeAsync();
        }

        try
        {
            await _completing;
        }
        catch (Exception error) when (error is IOException or TimeoutException or OperationCanceledException or UnauthorizedAccessException)
        {
            // Whoever is in the middle of failing has said so; a pack that was not completed never was.
        }

        _turn.Dispose();
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw new IOException($"Nothing more can be written, since a pack could not be: {failure.Message}", failure);
        }
    }

    private async Task<OpenPack> BeginAsync(CancellationToken cancellation)
    {
        var id = PackId.New();
        var pack = new OpenPack(id, keys.PackCipher(id), await store.CreateAsync(id.ObjectName, cancellation));
        await pack.Object.WriteAsync(PackFormat.Header.ToArray(), cancellation);
        return pack;
    }

    private void Encrypt(OpenPack pack, Span<byte> content, int plain, SegmentEncoding encoding)
    {
        PackFormat.Nonce(_nonce, pack.Length, isDirectory: false);
        PackFormat.Associated(_associated, plain, encoding);
        var body = content[..^PackFormat.TagSize];
        pack.Cipher.Encrypt(_nonce, body, body, content[^PackFormat.TagSize..], _associated);
    }

    private async Task CompleteAsync(OpenPack pack, CancellationToken cancellation)
    {
        await Task.Yield();
        await using (pack)
        {
            var end = PackFormat.Close(pack.Cipher, pack.Length, pack.Segments);
            await pack.Object.WriteAsync(end, cancellation);
            if (!await pack.Object.CompleteAsync(cancellation) && !await IsOursAsync(pack, end, cancellation))
            {
                throw new IOException($"The store already has '{pack.Id.ObjectName}', a name of 128 random bits, with other contents.");
            }

            lock (_finished)
            {
                _finished.Add(new PackContents(pack.Id, pack.Length + end.Length, pack.Segments));
            }
        }
    }

    /// <summary>A request that was repeated because its first answer got lost finds the name taken by itself.</summary>
    private async Task<bool> IsOursAsync(OpenPack pack, byte[] end, CancellationToken cancellation)
    {
        var there = new byte[end.Length + 1];
        return await store.ReadAsync(pack.Id.ObjectName, pack.Length, there, cancellation) == end.Length && there.AsSpan(0, end.Length).SequenceEqual(end);
    }

    private sealed class OpenPack(PackId id, AesGcm cipher, IObjectWriter writer) : IAsyncDisposable
    {
        public PackId Id => id;

        public AesGcm Cipher => cipher;

        public IObjectWriter Object => writer;

        public List<PackSegment> Segments { get; } = [];

        public long Length { get; set; } = PackFormat.HeaderSize;

        public async ValueTask DisposeAsync()
        {
            cipher.Dispose();
            await writer.DisposeAsync();
        }
    }
}
