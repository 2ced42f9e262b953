namespace Maintenance.Plan;

/// <summary>Finds what somebody probably meant.</summary>
public static class Nearest
{
    /// <summary>The candidate with the fewest slips (insert, delete, replace, swap of neighbours), where they are few for its length; else null.</summary>
    public static string? Find(string text, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(candidates);
        string? nearest = null;
        var fewest = Math.Max(1, text.Length / 3) + 1;
        // Every character of difference in length is a slip, which spares long texts the comparison.
        foreach (var candidate in candidates.Where(candidate => Math.Abs(candidate.Length - text.Length) < fewest))
        {
            var slips = Slips(text.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (slips < fewest)
            {
                (nearest, fewest) = (candidate, slips);
            }
        }

        return nearest;
    }

    /// <summary><c>Did you mean 'x'?</c>, or null where nothing is near.</summary>
    public static string? Hint(string text, IEnumerable<string> candidates) =>
        Find(text, candidates) is { } nearest ? $"Did you mean '{nearest}'?" : null;

    /// <summary>The optimal string alignment distance.</summary>
    private static int Slips(string a, string b)
    {
        var (before, last, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replace, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[b.Length];
    }
}
