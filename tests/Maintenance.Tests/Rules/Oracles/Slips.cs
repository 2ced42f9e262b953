namespace Maintenance.Tests.Rules.Oracles;

/// <summary>How many slips lie between two words: straight from the definition, without a table.</summary>
internal static class Slips
{
    /// <summary>The fewest inserts, deletes, replacements and swaps of neighbours, no place slipped twice.</summary>
    public static int Between(string a, string b) => Between(a, b, a.Length, b.Length, []);

    private static int Between(string a, string b, int i, int j, Dictionary<(int, int), int> known)
    {
        if (i == 0 || j == 0)
        {
            return i + j;
        }

        if (known.TryGetValue((i, j), out var fewest))
        {
            return fewest;
        }

        fewest = Math.Min(
            Math.Min(Between(a, b, i - 1, j, known), Between(a, b, i, j - 1, known)) + 1,
            Between(a, b, i - 1, j - 1, known) + (a[i - 1] == b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        {
            fewest = Math.Min(fewest, Between(a, b, i - 2, j - 2, known) + 1);
        }

        return known[(i, j)] = fewest;
    }
}
