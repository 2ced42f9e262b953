using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// A block blob that is written piece by piece and appears whole, unless its name is taken. One block is kept in memory. What fits into one is put at once; of
/// more, blocks are staged and committed at the end. Given up before that, it leaves blocks that nobody sees and that the service forgets after a week.
/// </summary>
internal sealed class BlockUpload : IAsyncDisposable
{
    /// <summary>The size of a block, unless a blob of that many would be longer than the service takes.</summary>
    public const int UsualBlockBytes = 4 * 1024 * 1024;

    private const int MaxBlocks = 50_000;
    private const int IdBytes = 48;

    private readonly BlobContainerClient _container;
    private readonly string _name;
    private readonly BlockBlobClient _blob;
    private readonly List<string> _ids = [];
    private readonly int _blockBytes;

    // Two writers of one name must not replace each other's blocks.
    private readonly byte[] _writer;
    private byte[]? _block;
    private int _used;
    private bool _isTaken;

    /// <summary>Begins a blob. Nothing is sent yet.</summary>
    /// <param name="container">Its container.</param>
    /// <param name="name">Its name.</param>
    /// <param name="expectedBytes">How long it will be, where that is known: one of more than 195 GiB takes larger blocks.</param>
    /// <param name="operation">The same for everybody who writes this blob piece by piece; null for one who writes it at one go.</param>
    /// <param name="staged">What they have staged (<see cref="StagedBytes"/>).</param>
    public BlockUpload(BlobContainerClient container, string name, long expectedBytes = 0, string? operation = null, long staged = 0)
    {
        _writer = RandomNumberGenerator.GetBytes(IdBytes - sizeof(long));
        if (operation is not null)
        {
            _writer.AsSpan().Clear();
            _ = SHA256.HashData(Encoding.UTF8.GetBytes($"{operation}\n{name}"), _writer);
        }

        _container = container;
        _name = name;
        _blob = container.GetBlockBlobClient(name);
        _blockBytes = BlockBytesFor(expectedBytes);
        _block = ArrayPool<byte>.Shared.Rent(_blockBytes);
        for (var at = 0L; at < staged; at += _blockBytes)
        {
            _ids.Add(NextId());
        }
    }

    /// <summary>How many bytes are staged, always in whole blocks: who goes on later begins there.</summary>
    public long StagedBytes => (long)_ids.Count * _blockBytes;

    /// <summary>True where the name is known to be taken.</summary>
    public bool IsTaken => _isTaken;

    /// <summary>The size of the blocks of a blob.</summary>
    public static int BlockBytesFor(long expectedBytes)
    {
        const long Step = 1024 * 1024;
        var least = (expectedBytes + MaxBlocks - 1) / MaxBlocks;
        return least <= UsualBlockBytes ? UsualBlockBytes : (int)Math.Min((least + Step - 1) / Step * Step, Array.MaxLength / Step * Step);
    }

    /// <summary>Appends a piece.</summary>
    /// <exception cref="RequestFailedException">The service refuses.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        var block = _block ?? throw new ObjectDisposedException(nameof(BlockUpload));
        while (piece.Length > 0)
        {
            if (_used == _blockBytes)
            {
                await StageAsync(cancellation);
            }

            var count = Math.Min(piece.Length, _blockBytes - _used);
            piece.Span[..count].CopyTo(block.AsSpan(_used));
            _used += count;
            piece = piece[count..];
        }
    }

    /// <summary>Gives the blob its name, durably.</summary>
    /// <param name="headers">Its content type and the like; null for the service's own.</param>
    /// <param name="metadata">Its metadata, or null.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>
    /// True when this made the blob, false when one of this name is there (it is left as it is). The client sends again what got no answer: a blob that was made by
    /// the first of two such tries is told as there already.
    /// </returns>
    /// <exception cref="RequestFailedException">The service refuses.</exception>
    public async Task<bool> CommitAsync(BlobHttpHeaders? headers, IDictionary<string, string>? metadata, CancellationToken cancellation)
    {
        var block = _block ?? throw new ObjectDisposedException(nameof(BlockUpload));

        // If-None-Match: * makes the service refuse a second writer.
        var conditions = new BlobRequestConditions { IfNoneMatch = ETag.All };
        try
        {
            if (_ids.Count == 0 && !_isTaken)
            {
                await _container.GetBlobClient(_name).UploadAsync(
                    BinaryData.FromBytes(block.AsMemory(0, _used)),
                    new BlobUploadOptions { HttpHeaders = headers, Metadata = metadata, Conditions = conditions },
                    cancellation);
                return true;
            }

            if (_used > 0)
            {
                await StageAsync(cancellation);
            }

            if (_isTaken)
            {
                return false;
            }

            await _blob.CommitBlockListAsync(_ids, new CommitBlockListOptions { HttpHeaders = headers, Metadata = metadata, Conditions = conditions }, cancellation);
            return true;
        }
        catch (RequestFailedException refusal) when (BlobRefusals.IsTaken(refusal))
        {
            return false;
        }
        catch (RequestFailedException refusal) when (BlobRefusals.AreBlocksGone(refusal))
        {
            if (!await ExistsAsync(cancellation))
            {
                throw;
            }

            return false;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_block is { } block)
        {
            _block = null;
            ArrayPool<byte>.Shared.Return(block);
        }

        return ValueTask.CompletedTask;
    }

    private async Task StageAsync(CancellationToken cancellation)
    {
        var count = _used;
        _used = 0;
        if (_isTaken)
        {
            return;
        }

        try
        {
            var id = NextId();
            using var content = new MemoryStream(_block!, 0, count, writable: false);
            await _blob.StageBlockAsync(id, content, options: null, cancellation);
            _ids.Add(id);
        }
        catch (RequestFailedException refusal) when (BlobRefusals.IsTaken(refusal))
        {
            _isTaken = true;
        }
        catch (RequestFailedException refusal) when (BlobRefusals.AreBlocksGone(refusal))
        {
            if (!await ExistsAsync(cancellation))
            {
                throw;
            }

            _isTaken = true;
        }
    }

    // All ids of a blob's blocks must have one length, also beside those of other writers: 48 bytes are what the client itself takes.
    private string NextId()
    {
        var id = new byte[IdBytes];
        _writer.CopyTo(id, 0);
        BinaryPrimitives.WriteInt64BigEndian(id.AsSpan(_writer.Length), _ids.Count);
        return Convert.ToBase64String(id);
    }

    private async Task<bool> ExistsAsync(CancellationToken cancellation) => (await _blob.ExistsAsync(cancellation)).Value;
}
