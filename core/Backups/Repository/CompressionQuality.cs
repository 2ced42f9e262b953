namespace Maintenance.Backups.Repository;

/// <summary>
/// Chooses how hard to compress. Brotli 2 takes about twice the time of Brotli 1, and what it saves depends on the contents: a tenth on some, a fiftieth on others.
/// So now and then a segment is compressed both ways, and until the next trial segments of about the same entropy are compressed the way that was worth it. One for
/// each worker.
/// </summary>
internal sealed class CompressionQuality(BackupCompression compression)
{
    /// <summary>Brotli 2 is worth its time where it makes a segment smaller by one part in so many.</summary>
    public const int WorthOneIn = 12;

    /// <summary>Of so many segments of about the same entropy one is compressed both ways.</summary>
    private const int TrialOneIn = 16;

    /// <summary>Classes of entropy, half a bit each.</summary>
    private readonly Choice[] _choices = new Choice[17];

    /// <summary>Compresses a segment.</summary>
    /// <returns>How many bytes were written; 0 where it is to be stored raw.</returns>
    public int Compress(ReadOnlySpan<byte> plain, double entropy, Span<byte> packed)
    {
        if (compression == BackupCompression.None || !SegmentCodec.IsCompressible(plain, entropy, packed))
        {
            return 0;
        }

        if (compression == BackupCompression.Fast)
        {
            return SegmentCodec.Compress(plain, 1, packed);
        }

        ref var choice = ref _choices[Math.Clamp((int)(entropy * 2), 0, _choices.Length - 1)];
        if (choice.Count++ % TrialOneIn != 0)
        {
            return SegmentCodec.Compress(plain, choice.IsFast ? 1 : 2, packed);
        }

        var fast = SegmentCodec.Compress(plain, 1, packed);
        var small = SegmentCodec.Compress(plain, 2, packed);
        choice.IsFast = fast > 0 && (small == 0 || fast - small < fast / WorthOneIn);
        return small;
    }

    private struct Choice
    {
        public int Count;
        public bool IsFast;
    }
}
