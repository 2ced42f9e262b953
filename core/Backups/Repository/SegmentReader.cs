using System.Security.Cryptography;
using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>Reads segments and packs; every byte that it returns was authenticated. One for each thread.</summary>
internal sealed class SegmentReader(IObjectStore store, RepositoryKeys keys) : IDisposable
{
    private readonly byte[] _nonce = new byte[12];
    private readonly byte[] _associated = new byte[5];
    private byte[] _stored = [];
    private byte[] _plain = [];
    private PackId? _pack;
    private AesGcm? _cipher;

    /// <summary>The contents of a segment, valid until the next call.</summary>
    /// <exception cref="InvalidDataException">It is damaged or missing.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(PackId pack, long offset, int stored, int plain, SegmentEncoding encoding, CancellationToken cancellation)
    {
        Fit(ref _stored, stored);
        var read = await store.ReadAsync(pack.ObjectName, offset, _stored.AsMemory(0, stored), cancellation);
        return read == stored
            ? Open(pack, offset, _stored.AsMemory(0, stored), plain, encoding)
            : throw new InvalidDataException(read is null ? "its pack is missing" : "its pack ends too early");
    }

    /// <summary>Opens a segment that is in memory; its bytes are overwritten.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public ReadOnlyMemory<byte> Open(PackId pack, long offset, Memory<byte> stored, int plain, SegmentEncoding encoding)
    {
        if (_pack != pack)
        {
            _cipher?.Dispose();
            _cipher = keys.PackCipher(pack);
            _pack = pack;
        }

        PackFormat.Nonce(_nonce, offset, isDirectory: false);
        PackFormat.Associated(_associated, plain, encoding);
        var body = stored[..^PackFormat.TagSize];
        try
        {
            _cipher!.Decrypt(_nonce, body.Span, stored.Span[^PackFormat.TagSize..], body.Span, _associated);
        }
        catch (AuthenticationTagMismatchException error)
        {
            throw new InvalidDataException("it is damaged", error);
        }

        if (encoding == SegmentEncoding.Raw)
        {
            return body.Length == plain ? body : throw new InvalidDataException("its length is not that of the index");
        }

        Fit(ref _plain, plain);
        SegmentCodec.Decompress(body.Span, _plain.AsSpan(0, plain));
        return _plain.AsMemory(0, plain);
    }

    /// <summary>What a pack says itself is in it.</summary>
    /// <exception cref="InvalidDataException">Its directory is damaged.</exception>
    /// <exception cref="FileNotFoundException">The pack is not there.</exception>
    public static async Task<PackContents> ReadDirectoryAsync(IObjectStore store, RepositoryKeys keys, PackId pack, long length, CancellationToken cancellation)
    {
        if (length < PackFormat.HeaderSize + PackFormat.FooterSize + PackFormat.TagSize)
        {
            throw new InvalidDataException("it is too short for a pack");
        }

        var name = pack.ObjectName;
        var header = await RangeAsync(0, PackFormat.HeaderSize);
        var footer = await RangeAsync(length - PackFormat.FooterSize, PackFormat.FooterSize);
        var size = PackFormat.EndSize(footer, length);
        var end = await RangeAsync(length - size, size);
        using var cipher = keys.PackCipher(pack);
        return PackFormat.Open(cipher, pack, length, header, end);

        async Task<byte[]> RangeAsync(long offset, int size)
        {
            var range = await store.GetRangeAsync(name, offset, size, cancellation) ?? throw new FileNotFoundException($"The pack '{name}' is not there.");
            return range.Length == size ? range : throw new InvalidDataException("it ends too early");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _cipher?.Dispose();

    private static void Fit(ref byte[] buffer, int size)
    {
        if (buffer.Length < size)
        {
            // Rounded up, so that a reader soon stops allocating.
            buffer = GC.AllocateUninitializedArray<byte>((size + 0x3FFFF) & ~0x3FFFF);
        }
    }
}
