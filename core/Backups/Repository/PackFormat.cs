using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Maintenance.Backups.Repository;

/// <summary>How a segment's contents are stored.</summary>
internal enum SegmentEncoding : byte
{
    Raw = 0,
    Brotli = 1,
}

/// <summary>A chunk of a segment.</summary>
internal readonly record struct PackedChunk(ChunkId Id, int Length);

/// <summary>A run of chunks that were compressed and encrypted together.</summary>
/// <param name="Offset">Where it begins in its pack.</param>
/// <param name="Stored">How many bytes it takes there, with its tag.</param>
/// <param name="Plain">How many bytes its chunks have together.</param>
/// <param name="Encoding">How they are stored.</param>
/// <param name="Chunks">The chunks, one right after the other.</param>
internal sealed record PackSegment(long Offset, int Stored, int Plain, SegmentEncoding Encoding, IReadOnlyList<PackedChunk> Chunks);

/// <summary>What is in a pack.</summary>
/// <param name="Id">The pack.</param>
/// <param name="Length">The whole object's length in bytes.</param>
/// <param name="Segments">Its segments, one right after the other from <see cref="PackFormat.HeaderSize"/> on.</param>
internal sealed record PackContents(PackId Id, long Length, IReadOnlyList<PackSegment> Segments);

/// <summary>
/// A pack: <c>"MFBPACK1"</c>; segments; the directory; a footer of 16 bytes. Segments and directory are encrypted with AES-256-GCM under the pack's own key; the
/// nonce is where they begin (8 bytes, little endian) and what they are (4 bytes: 0 a segment, 1 the directory), so that nothing opens at another place.
/// </summary>
internal static class PackFormat
{
    public const int HeaderSize = 8;
    public const int FooterSize = 16;
    public const int TagSize = 16;

    /// <summary>A pack is closed once it has this many bytes.</summary>
    public const long FullSize = 16 * 1024 * 1024;

    /// <summary>The longest that a segment's contents can be: a solid segment is closed at 1 MiB, before a chunk of at most 2 MiB would make it longer than this.</summary>
    public const int MostPlain = 4 * 1024 * 1024;

    /// <summary>No directory of a pack comes near; more is not believed.</summary>
    private const int MostDirectory = 64 * 1024 * 1024;

    public static ReadOnlySpan<byte> Header => "MFBPACK1"u8;

    private static ReadOnlySpan<byte> FooterMagic => "MFBEND1"u8;

    public static void Nonce(Span<byte> nonce, long offset, bool isDirectory)
    {
        BinaryPrimitives.WriteInt64LittleEndian(nonce, offset);
        BinaryPrimitives.WriteInt32LittleEndian(nonce[8..], isDirectory ? 1 : 0);
    }

    /// <summary>What a segment's tag covers besides its contents: length in plain and encoding.</summary>
    public static void Associated(Span<byte> associated, int plain, SegmentEncoding encoding)
    {
        BinaryPrimitives.WriteInt32LittleEndian(associated, plain);
        associated[4] = (byte)encoding;
    }

    /// <summary>The directory and footer that end a pack.</summary>
    public static byte[] Close(AesGcm cipher, long offset, IReadOnlyList<PackSegment> segments)
    {
        var fields = new FieldWriter();
        Write(fields, segments);
        var plain = fields.Written.Span;
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        var isSmaller = BrotliEncoder.TryCompress(plain, packed, out var written, quality: 2, window: 20) && written < plain.Length;
        var content = isSmaller ? packed.AsSpan(0, written) : plain;

        var end = new byte[content.Length + TagSize + FooterSize];
        var footer = end.AsSpan(content.Length + TagSize);
        BinaryPrimitives.WriteInt32LittleEndian(footer, content.Length + TagSize);
        BinaryPrimitives.WriteInt32LittleEndian(footer[4..], plain.Length);
        footer[8] = (byte)(isSmaller ? SegmentEncoding.Brotli : SegmentEncoding.Raw);
        FooterMagic.CopyTo(footer[9..]);
        Span<byte> nonce = stackalloc byte[12];
        Nonce(nonce, offset, isDirectory: true);
        cipher.Encrypt(nonce, content, end.AsSpan(0, content.Length), end.AsSpan(content.Length, TagSize), [.. Header, .. footer]);
        return end;
    }

    /// <summary>How many bytes at the end of a pack are its directory and footer.</summary>
    /// <param name="footer">The last <see cref="FooterSize"/> bytes.</param>
    /// <param name="length">The length of the pack.</param>
    /// <exception cref="InvalidDataException">They are no footer.</exception>
    public static int EndSize(ReadOnlySpan<byte> footer, long length)
    {
        var stored = BinaryPrimitives.ReadInt32LittleEndian(footer);
        return footer[9..].SequenceEqual(FooterMagic) && stored >= TagSize && stored <= length - HeaderSize - FooterSize && stored <= MostDirectory && BinaryPrimitives.ReadUInt32LittleEndian(footer[4..]) <= MostDirectory
            ? stored + FooterSize
            : throw new InvalidDataException("its footer is damaged");
    }

    /// <summary>Opens the directory.</summary>
    /// <param name="cipher">The pack's.</param>
    /// <param name="id">The pack.</param>
    /// <param name="length">The length of the pack.</param>
    /// <param name="header">Its first <see cref="HeaderSize"/> bytes.</param>
    /// <param name="end">Its directory and footer.</param>
    /// <exception cref="InvalidDataException">Any of it is damaged.</exception>
    public static PackContents Open(AesGcm cipher, PackId id, long length, ReadOnlySpan<byte> header, ReadOnlySpan<byte> end)
    {
        var footer = end[^FooterSize..];
        var content = new byte[end.Length - FooterSize - TagSize];
        Span<byte> nonce = stackalloc byte[12];
        Nonce(nonce, length - end.Length, isDirectory: true);
        try
        {
            cipher.Decrypt(nonce, end[..content.Length], end.Slice(content.Length, TagSize), content, [.. header, .. footer]);
        }
        catch (AuthenticationTagMismatchException error)
        {
            throw new InvalidDataException("its directory, header or footer is damaged", error);
        }

        var plain = content;
        if (footer[8] == (byte)SegmentEncoding.Brotli)
        {
            plain = new byte[BinaryPrimitives.ReadInt32LittleEndian(footer[4..])];
            if (!BrotliDecoder.TryDecompress(content, plain, out var written) || written != plain.Length)
            {
                throw new InvalidDataException("its directory cannot be decompressed");
            }
        }

        var fields = new FieldReader(plain);
        var segments = Read(ref fields);
        var last = segments.Count == 0 ? HeaderSize : segments[^1].Offset + segments[^1].Stored;
        return last == length - end.Length ? new PackContents(id, length, segments) : throw new InvalidDataException("its directory does not fit its length");
    }

    /// <summary>Writes segments: their number; of each the stored and plain length, encoding and number of chunks; of each chunk the id and length.</summary>
    public static void Write(FieldWriter fields, IReadOnlyList<PackSegment> segments)
    {
        fields.Number((ulong)segments.Count);
        foreach (var segment in segments)
        {
            fields.Number((ulong)segment.Stored);
            fields.Number((ulong)segment.Plain);
            fields.Byte((byte)segment.Encoding);
            fields.Number((ulong)segment.Chunks.Count);
            foreach (var chunk in segment.Chunks)
            {
                fields.Chunk(chunk.Id);
                fields.Number((ulong)chunk.Length);
            }
        }
    }

    /// <exception cref="InvalidDataException">They are no segments.</exception>
    public static IReadOnlyList<PackSegment> Read(ref FieldReader fields)
    {
        var segments = new PackSegment[fields.Count(fields.Left)];
        long offset = HeaderSize;
        for (var i = 0; i < segments.Length; i++)
        {
            var stored = fields.Count();
            var plain = fields.Count(MostPlain);
            var encoding = (SegmentEncoding)fields.Byte();
            var chunks = new PackedChunk[fields.Count(fields.Left)];
            long sum = 0;
            for (var j = 0; j < chunks.Length; j++)
            {
                chunks[j] = new PackedChunk(fields.Chunk(), fields.Count(MostPlain));
                sum += chunks[j].Length;
            }

            if (sum != plain || stored < TagSize || encoding > SegmentEncoding.Brotli)
            {
                throw new InvalidDataException("a segment of the directory contradicts itself");
            }

            segments[i] = new PackSegment(offset, stored, plain, encoding, chunks);
            offset += stored;
        }

        return segments;
    }
}
