namespace Maintenance.Reports;

/// <summary>A stretch of time: half-open, <c>[From, To)</c> (UTC).</summary>
/// <param name="From">Its first instant.</param>
/// <param name="To">The first instant after it.</param>
public sealed record Stretch(DateTimeOffset From, DateTimeOffset To);

/// <summary>Sums and cuts of stretches. Pure.</summary>
public static class Stretches
{
    /// <summary>The same time in stretches that neither overlap nor touch, in order; empty ones left out.</summary>
    public static IReadOnlyList<Stretch> Merge(IEnumerable<Stretch> stretches)
    {
        ArgumentNullException.ThrowIfNull(stretches);
        var merged = new List<Stretch>();
        foreach (var one in stretches.Where(static one => one.From < one.To).OrderBy(static one => one.From))
        {
            if (merged.Count > 0 && one.From <= merged[^1].To)
            {
                merged[^1] = merged[^1] with { To = one.To > merged[^1].To ? one.To : merged[^1].To };
            }
            else
            {
                merged.Add(one);
            }
        }

        return merged;
    }

    /// <summary>What lies in both.</summary>
    /// <param name="one">Merged stretches.</param>
    /// <param name="other">Merged stretches.</param>
    public static IReadOnlyList<Stretch> Both(IReadOnlyList<Stretch> one, IReadOnlyList<Stretch> other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        var both = new List<Stretch>();
        for (var (i, j) = (0, 0); i < one.Count && j < other.Count;)
        {
            var (from, to) = (one[i].From > other[j].From ? one[i].From : other[j].From, one[i].To < other[j].To ? one[i].To : other[j].To);
            if (from < to)
            {
                both.Add(new Stretch(from, to));
            }

            (i, j) = one[i].To < other[j].To ? (i + 1, j) : (i, j + 1);
        }

        return both;
    }

    /// <summary>What lies in the first and not in the second.</summary>
    /// <param name="one">Merged stretches.</param>
    /// <param name="other">Merged stretches.</param>
    public static IReadOnlyList<Stretch> Without(IReadOnlyList<Stretch> one, IReadOnlyList<Stretch> other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        var left = new List<Stretch>();
        var next = 0;
        foreach (var stretch in one)
        {
            var from = stretch.From;
            while (next < other.Count && other[next].To <= from)
            {
                next++;
            }

            for (var at = next; at < other.Count && other[at].From < stretch.To; at++)
            {
                if (from < other[at].From)
                {
                    left.Add(new Stretch(from, other[at].From));
                }

                from = other[at].To > from ? other[at].To : from;
            }

            if (from < stretch.To)
            {
                left.Add(stretch with { From = from });
            }
        }

        return left;
    }

    /// <summary>How long they are together.</summary>
    public static TimeSpan Length(IEnumerable<Stretch> stretches)
    {
        ArgumentNullException.ThrowIfNull(stretches);
        return stretches.Aggregate(TimeSpan.Zero, static (sum, one) => sum + (one.To - one.From));
    }
}
