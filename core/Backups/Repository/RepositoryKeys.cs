using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Backups.Repository;

/// <summary>The keys of a repository, all derived from its one random key by HKDF-SHA256, each for one purpose.</summary>
public sealed class RepositoryKeys
{
    /// <summary>How many bytes the one key has.</summary>
    public const int KeySize = 32;

    private readonly byte[] _root;
    private readonly byte[] _chunks;
    private readonly byte[] _packs;
    private readonly byte[] _objects;
    private readonly byte[] _seals;

    /// <summary>Derives the keys.</summary>
    /// <param name="root">The one key, 32 random bytes.</param>
    /// <exception cref="ArgumentException">The key has another size.</exception>
    public RepositoryKeys(ReadOnlySpan<byte> root)
    {
        if (root.Length != KeySize)
        {
            throw new ArgumentException($"A repository's key has {KeySize} bytes, this one {root.Length}.", nameof(root));
        }

        _root = root.ToArray();
        _chunks = Derive("chunk ids", KeySize);
        _packs = Derive("packs", KeySize);
        _objects = Derive("objects", KeySize);
        _seals = Derive("seals", KeySize);
        Gear = new GearTable(Derive("gear", GearTable.SeedSize));
    }

    /// <summary>Where contents are cut: secret, so that the sizes of chunks do not tell which files are stored.</summary>
    internal GearTable Gear { get; }

    /// <summary>The one key, to wrap it once more.</summary>
    internal ReadOnlyMemory<byte> Root => _root;

    /// <summary>The id of a chunk's contents.</summary>
    public ChunkId ChunkIdOf(ReadOnlySpan<byte> contents)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _ = HMACSHA256.HashData(_chunks, contents, hash);
        return new ChunkId(hash);
    }

    /// <summary>The cipher of one pack: no two packs share a key, so the place of a segment in its pack can be the nonce.</summary>
    internal AesGcm PackCipher(PackId pack)
    {
        Span<byte> id = stackalloc byte[PackId.Size];
        pack.CopyTo(id);
        return new AesGcm(HMACSHA256.HashData(_packs, id), AesGcm.TagByteSizes.MaxSize);
    }

    /// <summary>The cipher of one sealed object: its own key from its random salt and its name.</summary>
    internal AesGcm ObjectCipher(ReadOnlySpan<byte> salt, string name) =>
        new(HMACSHA256.HashData(_objects, (byte[])[.. salt, .. Encoding.UTF8.GetBytes(name)]), AesGcm.TagByteSizes.MaxSize);

    /// <summary>The seal of a text that is readable without the key: the configuration and the wrapped keys.</summary>
    internal byte[] SealOf(string name, ReadOnlySpan<byte> text) => HMACSHA256.HashData(_seals, (byte[])[.. Encoding.UTF8.GetBytes(name + "\n"), .. text]);

    private byte[] Derive(string purpose, int size) =>
        HKDF.Expand(HashAlgorithmName.SHA256, _root, size, Encoding.UTF8.GetBytes("maintenance backup repository 1: " + purpose));
}
