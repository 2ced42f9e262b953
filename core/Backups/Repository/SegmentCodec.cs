using System.IO.Compression;

namespace Maintenance.Backups.Repository;

/// <summary>Compresses and decompresses segments, and tells what is worth compressing.</summary>
internal static class SegmentCodec
{
    /// <summary>Contents of less entropy than this (bits a byte, over a sample) are compressed without a trial.</summary>
    private const double SurelyCompressible = 7.3;

    /// <summary>A saving of less than a 32nd is not worth decompressing for.</summary>
    private const int LeastSaving = 32;

    /// <summary>
    /// 256 KiB. A larger window finds little more in a segment of 1 MiB (about 1 % on trees, on records of text even less than nothing, since far distances are long to
    /// write), and both ends work within the processor's cache: docs/performance.md.
    /// </summary>
    private const int Window = 18;

    /// <summary>1 MiB. The faster quality finds less, and gains what little there is far away.</summary>
    private const int FastWindow = 20;

    private const int SampleSize = 32 * 1024;

    /// <summary>True where compressing is worth while.</summary>
    /// <param name="plain">The contents.</param>
    /// <param name="entropy">Their entropy, of <see cref="Entropy"/>.</param>
    /// <param name="scratch">Is written over.</param>
    public static bool IsCompressible(ReadOnlySpan<byte> plain, double entropy, Span<byte> scratch) =>
        plain.Length >= 64 && (entropy <= SurelyCompressible || IsTrialSmaller(plain, scratch));

    /// <summary>Compresses a segment.</summary>
    /// <param name="plain">Its contents.</param>
    /// <param name="quality">Brotli's, 1 or 2.</param>
    /// <param name="packed">Where to; at least as long as <paramref name="plain"/>.</param>
    /// <returns>How many bytes were written; 0 where it is to be stored raw.</returns>
    public static int Compress(ReadOnlySpan<byte> plain, int quality, Span<byte> packed)
    {
        // A buffer that ends where nothing would be saved: the encoder gives up there.
        var most = plain.Length - (plain.Length / LeastSaving);
        return BrotliEncoder.TryCompress(plain, packed[..most], out var written, quality, quality == 1 ? FastWindow : Window) ? written : 0;
    }

    /// <exception cref="InvalidDataException">It cannot be decompressed to exactly its length.</exception>
    public static void Decompress(ReadOnlySpan<byte> packed, Span<byte> plain)
    {
        if (!BrotliDecoder.TryDecompress(packed, plain, out var written) || written != plain.Length)
        {
            throw new InvalidDataException("it cannot be decompressed");
        }
    }

    /// <summary>The entropy of contents in bits a byte, over four samples of 4 KiB: how often each byte comes, nothing of their order.</summary>
    public static double Entropy(ReadOnlySpan<byte> contents)
    {
        const int Samples = 4;
        const int Size = 4096;
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        var total = 0;
        if (contents.Length <= Samples * Size)
        {
            Count(contents, counts);
            total = contents.Length;
        }
        else
        {
            var step = (contents.Length - Size) / (Samples - 1);
            for (var i = 0; i < Samples; i++)
            {
                Count(contents.Slice(i * step, Size), counts);
                total += Size;
            }
        }

        if (total == 0)
        {
            return 0;
        }

        var sum = 0.0;
        foreach (var count in counts)
        {
            sum += count == 0 ? 0 : count * Math.Log2(count);
        }

        return Math.Log2(total) - (sum / total);
    }

    private static void Count(ReadOnlySpan<byte> bytes, Span<int> counts)
    {
        foreach (var value in bytes)
        {
            counts[value]++;
        }
    }

    /// <summary>Bytes that come equally often may still repeat one another: two samples tell.</summary>
    private static bool IsTrialSmaller(ReadOnlySpan<byte> plain, Span<byte> packed)
    {
        if (plain.Length <= 4 * SampleSize)
        {
            return true;
        }

        foreach (var at in (ReadOnlySpan<int>)[plain.Length / 4, plain.Length * 3 / 4])
        {
            if (BrotliEncoder.TryCompress(plain.Slice(at, SampleSize), packed[..(SampleSize - (SampleSize / LeastSaving))], out _, quality: 1, window: 16))
            {
                return true;
            }
        }

        return false;
    }
}
