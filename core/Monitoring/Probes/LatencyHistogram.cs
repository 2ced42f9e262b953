using System.Numerics;

namespace Maintenance.Monitoring.Probes;

/// <summary>
/// How long answers took, counted in buckets whose width grows with what they hold: <see cref="PerOctave"/> of equal width between each power of two of microseconds and
/// the next. Whatever a bucket holds is within <see cref="RelativeError"/> of its middle. Two add up to the histogram of both, in any order.
/// </summary>
/// <param name="Counts">Bucket and count in turns, buckets ascending; none empty.</param>
public sealed record LatencyHistogram(IReadOnlyList<long> Counts)
{
    /// <summary>So many buckets of equal width between a power of two and the next.</summary>
    public const int PerOctave = 32;

    /// <summary>Half of the widest bucket over the least that it holds.</summary>
    public const double RelativeError = 1.0 / (2 * PerOctave);

    private const int Bits = 5;
    private static readonly long Longest = TimeSpan.FromHours(1).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Of no answers.</summary>
    public static LatencyHistogram Empty { get; } = new([]);

    /// <summary>So many answers were counted.</summary>
    public long Total => Counts.Where(static (_, at) => at % 2 == 1).Sum();

    /// <summary>With one answer more.</summary>
    /// <param name="latency">How long it took: taken as zero where negative, as an hour where longer.</param>
    public LatencyHistogram Add(TimeSpan latency) => Add(new LatencyHistogram([BucketOf(latency), 1]));

    /// <summary>Both together.</summary>
    public LatencyHistogram Add(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var sum = new List<long>(Counts.Count + other.Counts.Count);
        for (var (i, j) = (0, 0); i < Counts.Count || j < other.Counts.Count;)
        {
            var (mine, theirs) = (i < Counts.Count ? Counts[i] : long.MaxValue, j < other.Counts.Count ? other.Counts[j] : long.MaxValue);
            sum.Add(Math.Min(mine, theirs));
            sum.Add((mine <= theirs ? Counts[i + 1] : 0) + (theirs <= mine ? other.Counts[j + 1] : 0));
            (i, j) = (mine <= theirs ? i + 2 : i, theirs <= mine ? j + 2 : j);
        }

        return new LatencyHistogram(sum);
    }

    /// <summary>The time within which a share of the answers came, by nearest rank; null where there are none.</summary>
    /// <param name="share">Above 0, at most 1: 0.95 for p95.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is none.</exception>
    public TimeSpan? Percentile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(share, 0);
        var rank = Math.Max(1, (long)Math.Ceiling(share * Total));
        var counted = 0L;
        for (var at = 0; at < Counts.Count; at += 2)
        {
            counted += Counts[at + 1];
            if (counted >= rank)
            {
                return MiddleOf(Counts[at]);
            }
        }

        return null;
    }

    /// <summary>The bucket of a latency: of microseconds below <see cref="PerOctave"/> they themselves.</summary>
    public static long BucketOf(TimeSpan latency)
    {
        var micros = Math.Clamp(latency.Ticks / TimeSpan.TicksPerMicrosecond, 0, Longest);
        if (micros < PerOctave)
        {
            return micros;
        }

        var octave = BitOperations.Log2((ulong)micros) - Bits;
        return (((long)octave + 1) << Bits) + ((micros >> octave) - PerOctave);
    }

    private static TimeSpan MiddleOf(long bucket)
    {
        if (bucket < PerOctave)
        {
            return TimeSpan.FromMicroseconds(bucket);
        }

        var octave = (int)(bucket >> Bits) - 1;
        var lower = ((bucket & (PerOctave - 1)) + PerOctave) << octave;
        return TimeSpan.FromMicroseconds(lower + (((1L << octave) - 1) / 2.0));
    }
}

/// <summary>The samples of an hour, or of a day (UTC).</summary>
/// <param name="From">When it begins (UTC).</param>
/// <param name="Good">So many passed.</param>
/// <param name="Failed">So many did not.</param>
/// <param name="Latency">How long answers took.</param>
public sealed record ProbeTally(DateTimeOffset From, int Good, int Failed, LatencyHistogram Latency)
{
    /// <summary>With one sample more.</summary>
    public ProbeTally Add(ProbeSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return this with { Good = Good + (sample.IsGood ? 1 : 0), Failed = Failed + (sample.IsGood ? 0 : 1), Latency = sample.Latency is { } latency ? Latency.Add(latency) : Latency };
    }

    /// <summary>Several as one that begins with <paramref name="from"/>.</summary>
    public static ProbeTally Sum(DateTimeOffset from, IEnumerable<ProbeTally> tallies)
    {
        ArgumentNullException.ThrowIfNull(tallies);
        return tallies.Aggregate(
            new ProbeTally(from, 0, 0, LatencyHistogram.Empty), static (sum, one) => sum with { Good = sum.Good + one.Good, Failed = sum.Failed + one.Failed, Latency = sum.Latency.Add(one.Latency) });
    }
}
