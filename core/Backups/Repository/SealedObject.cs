using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Backups.Repository;

/// <summary>
/// A small object of its own (an index, a snapshot's manifest, a session, a mark): <c>"MFB1"</c>, encoding (0 as it is, 1 Brotli), length in plain (4 bytes, little
/// endian), salt (16 random bytes), contents under AES-256-GCM, tag (16). The key comes from the salt and the object's name, and everything before the contents is
/// authenticated with them: an object that lies under another's name, or of which a byte has changed, does not open.
/// </summary>
internal static class SealedObject
{
    private const int LengthAt = 5;
    private const int SaltAt = 9;
    private const int SaltSize = 16;
    private const int HeaderSize = SaltAt + SaltSize;
    private const int TagSize = 16;

    /// <summary>Far larger than any index or manifest; more is not believed.</summary>
    private const int MostPlain = 512 * 1024 * 1024;

    private static ReadOnlySpan<byte> Magic => "MFB1"u8;

    public static byte[] Close(RepositoryKeys keys, string name, ReadOnlySpan<byte> plain)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        var isSmaller = BrotliEncoder.TryCompress(plain, packed, out var written, quality: 4, window: 22) && written < plain.Length;
        var content = isSmaller ? packed.AsSpan(0, written) : plain;
        var bytes = new byte[HeaderSize + content.Length + TagSize];
        Magic.CopyTo(bytes);
        bytes[4] = isSmaller ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(LengthAt), (uint)plain.Length);
        RandomNumberGenerator.Fill(bytes.AsSpan(SaltAt, SaltSize));
        using var cipher = keys.ObjectCipher(bytes.AsSpan(SaltAt, SaltSize), name);
        cipher.Encrypt(new byte[12], content, bytes.AsSpan(HeaderSize, content.Length), bytes.AsSpan(HeaderSize + content.Length), Associated(bytes, name));
        return bytes;
    }

    /// <exception cref="InvalidDataException">It is damaged, of another repository, or lies under another's name.</exception>
    public static byte[] Open(RepositoryKeys keys, string name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize + TagSize || !bytes.StartsWith(Magic) || bytes[4] > 1)
        {
            throw new InvalidDataException($"The object '{name}' is damaged: it does not begin as it must.");
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[LengthAt..]);
        var content = new byte[bytes.Length - HeaderSize - TagSize];
        try
        {
            using var cipher = keys.ObjectCipher(bytes.Slice(SaltAt, SaltSize), name);
            cipher.Decrypt(new byte[12], bytes[HeaderSize..^TagSize], bytes[^TagSize..], content, Associated(bytes, name));
        }
        catch (AuthenticationTagMismatchException error)
        {
            throw new InvalidDataException($"The object '{name}' is damaged, or not of this repository.", error);
        }

        if (bytes[4] == 0)
        {
            return content;
        }

        var plain = new byte[Math.Min(length, MostPlain)];
        return BrotliDecoder.TryDecompress(content, plain, out var written) && written == length
            ? plain
            : throw new InvalidDataException($"The object '{name}' cannot be decompressed.");
    }

    private static byte[] Associated(ReadOnlySpan<byte> bytes, string name) => [.. bytes[..SaltAt], .. Encoding.UTF8.GetBytes(name)];
}
