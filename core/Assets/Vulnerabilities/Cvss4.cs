namespace Maintenance.Assets.Vulnerabilities;

/// <summary>
/// CVSS 4.0 base scores (CVSS-B), as section 8.2 of the specification computes them (https://www.first.org/cvss/v4-0/specification-document): the metrics' values put a vector into one of
/// a number of equivalence sets (EQ1 to EQ6), each set of sets has a score, and the vector loses from it in proportion to how far it is from the worst of its set. A base score takes the
/// threat as "attacked" and the security requirements as high, so EQ5 is always 0, and EQ6 is 0 exactly where one of the vulnerable system's impacts is high.
/// </summary>
internal static class Cvss4
{
    /// <summary>How far each value is from the worst one, in steps of 0.1 (figure of section 8.2: severity distance).</summary>
    private static readonly Dictionary<string, string> BaseValues = new(StringComparer.Ordinal)
    {
        ["AV"] = "NALP",
        ["AC"] = "LH",
        ["AT"] = "NP",
        ["PR"] = "NLH",
        ["UI"] = "NPA",
        ["VC"] = "HLN",
        ["VI"] = "HLN",
        ["VA"] = "HLN",
        ["SC"] = "HLN",
        ["SI"] = "HLN",
        ["SA"] = "HLN",
    };

    private static readonly Dictionary<string, string> Optional = new(StringComparer.Ordinal)
    {
        ["E"] = "X A P U",
        ["CR"] = "X H M L",
        ["IR"] = "X H M L",
        ["AR"] = "X H M L",
        ["MAV"] = "X N A L P",
        ["MAC"] = "X L H",
        ["MAT"] = "X N P",
        ["MPR"] = "X N L H",
        ["MUI"] = "X N P A",
        ["MVC"] = "X H L N",
        ["MVI"] = "X H L N",
        ["MVA"] = "X H L N",
        ["MSC"] = "X H L N",
        ["MSI"] = "X S H L N",
        ["MSA"] = "X S H L N",
        ["S"] = "X N P",
        ["AU"] = "X N Y",
        ["R"] = "X A U I",
        ["V"] = "X D C",
        ["RE"] = "X L M H",
        ["U"] = "X Clear Green Amber Red",
    };

    /// <summary>
    /// The scores of the macro vectors with EQ5 0 (the specification's table of 270 has them all): by EQ1 and EQ2 the rows, by EQ3 with EQ6 (00, 01, 10, 11, 21) and EQ4 (1, 2) the columns.
    /// </summary>
    private static readonly decimal[] Scores =
    [
        10.0m,  9.3m,  9.6m,  9.0m,  9.3m,  8.8m,  9.2m,  8.0m,  7.9m,  6.9m, // EQ1 0, EQ2 0
         9.5m,  9.2m,  9.1m,  8.1m,  9.2m,  8.4m,  8.2m,  7.0m,  7.1m,  6.3m, // EQ1 0, EQ2 1
         9.4m,  8.7m,  8.9m,  7.5m,  8.6m,  7.2m,  7.6m,  5.7m,  6.5m,  5.3m, // EQ1 1, EQ2 0
         9.0m,  7.7m,  7.7m,  6.6m,  7.4m,  6.1m,  5.9m,  5.2m,  5.8m,  2.3m, // EQ1 1, EQ2 1
         8.6m,  7.0m,  7.4m,  5.4m,  7.2m,  5.3m,  5.7m,  3.6m,  4.7m,  2.4m, // EQ1 2, EQ2 0
         7.3m,  5.4m,  5.5m,  4.3m,  6.1m,  4.6m,  5.1m,  1.8m,  2.4m,  1.0m, // EQ1 2, EQ2 1
    ];

    private static readonly string[] Access = ["AV", "PR", "UI"];
    private static readonly string[] Vulnerable = ["VC", "VI", "VA"];
    private static readonly string[] Subsequent = ["SC", "SI", "SA"];

    /// <summary>How many steps there are from the worst to the best vector of a set, by EQ1, EQ2, EQ3 with EQ6, EQ4 (the specification's table of depths).</summary>
    private static readonly int[][] Depths = [[1, 4, 5], [1, 2], [7, 8, 10], [5, 4]];

    /// <summary>How many steps the worst vectors of a set are from the worst of all; the same for each of a set's worst vectors.</summary>
    private static readonly int[][] Worst = [[0, 1, 3], [0, 1], [0, 1, 3], [0, 3]];

    /// <summary>The base score; null where the metrics are not those of a vector.</summary>
    public static decimal? Base(Dictionary<string, string> metrics)
    {
        if (BaseValues.Any(known => metrics.GetValueOrDefault(known.Key) is not { Length: 1 } value || !known.Value.Contains(value[0], StringComparison.Ordinal))
            || metrics.Any(static metric => !BaseValues.ContainsKey(metric.Key) && !(Optional.GetValueOrDefault(metric.Key)?.Split(' ').Contains(metric.Value) ?? false)))
        {
            return null;
        }

        int Steps(string metric) => BaseValues[metric].IndexOf(metrics[metric][0], StringComparison.Ordinal);
        bool Is(string metric, char value) => metrics[metric][0] == value;
        if (Vulnerable.Concat(Subsequent).All(metric => Is(metric, 'N')))
        {
            return 0.0m;
        }

        var open = Access.Count(metric => Is(metric, 'N'));
        var eq1 = open == 3 ? 0 : open > 0 && !Is("AV", 'P') ? 1 : 2;
        var eq2 = Is("AC", 'L') && Is("AT", 'N') ? 0 : 1;
        var eq3 = Is("VC", 'H') && Is("VI", 'H') ? 0 : Vulnerable.Any(metric => Is(metric, 'H')) ? 1 : 2;
        var eq4 = Subsequent.Any(metric => Is(metric, 'H')) ? 0 : 1;

        // Column pairs of the table: 00, 01, 10, 11, 21.
        var column = eq3 switch { 0 => 0, 1 => 2, _ => 4 };
        decimal Score(int one, int two, int pair, int four) => Scores[(((one * 2) + two) * 10) + (pair * 2) + four];
        var score = Score(eq1, eq2, column, eq4);
        decimal?[] lower =
        [
            eq1 < 2 ? Score(eq1 + 1, eq2, column, eq4) : null,
            eq2 < 1 ? Score(eq1, eq2 + 1, column, eq4) : null,
            eq3 switch { 0 => Math.Max(Score(eq1, eq2, 1, eq4), Score(eq1, eq2, 2, eq4)), 1 => Score(eq1, eq2, 3, eq4), _ => null },
            eq4 < 1 ? Score(eq1, eq2, column, eq4 + 1) : null,
        ];
        int[] steps =
        [
            Steps("AV") + Steps("PR") + Steps("UI") - Worst[0][eq1],
            Steps("AC") + Steps("AT") - Worst[1][eq2],
            Vulnerable.Sum(Steps) - Worst[2][eq3],
            Subsequent.Sum(Steps) - Worst[3][eq4],
        ];
        int[] depths = [Depths[0][eq1], Depths[1][eq2], Depths[2][eq3], Depths[3][eq4]];

        // EQ5 always has a lower set, at no distance: it adds nothing to the sum and one to what that is divided by.
        var (sum, count) = (0m, 1);
        for (var i = 0; i < lower.Length; i++)
        {
            if (lower[i] is { } next)
            {
                sum += (score - next) * steps[i] / depths[i];
                count++;
            }
        }

        return Math.Round(Math.Clamp(score - (sum / count), 0m, 10m) + 0.000001m, 1, MidpointRounding.AwayFromZero);
    }
}
