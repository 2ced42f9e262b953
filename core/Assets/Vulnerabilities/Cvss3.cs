namespace Maintenance.Assets.Vulnerabilities;

/// <summary>
/// CVSS 3.0 and 3.1 (https://www.first.org/cvss/v3.1/specification-document, sections 7.1 and 7.4; appendix A for rounding). Both versions have the same base equation; they differ in how
/// rounding up is described, which is the same in exact decimals.
/// </summary>
internal static class Cvss3
{
    private static readonly Dictionary<string, string> Optional = new(StringComparer.Ordinal)
    {
        ["E"] = "X H F P U",
        ["RL"] = "X U W T O",
        ["RC"] = "X C R U",
        ["CR"] = "X H M L",
        ["IR"] = "X H M L",
        ["AR"] = "X H M L",
        ["MAV"] = "X N A L P",
        ["MAC"] = "X L H",
        ["MPR"] = "X N L H",
        ["MUI"] = "X N R",
        ["MS"] = "X U C",
        ["MC"] = "X N L H",
        ["MI"] = "X N L H",
        ["MA"] = "X N L H",
    };

    /// <summary>The base score; null where the metrics are not those of a vector.</summary>
    public static decimal? Base(Dictionary<string, string> metrics)
    {
        var isChanged = metrics.GetValueOrDefault("S") is "C";
        var attackVector = metrics.GetValueOrDefault("AV") switch { "N" => 0.85m, "A" => 0.62m, "L" => 0.55m, "P" => 0.2m, _ => -1m };
        var attackComplexity = metrics.GetValueOrDefault("AC") switch { "L" => 0.77m, "H" => 0.44m, _ => -1m };
        var privileges = (metrics.GetValueOrDefault("PR"), isChanged) switch { ("N", _) => 0.85m, ("L", false) => 0.62m, ("L", true) => 0.68m, ("H", false) => 0.27m, ("H", true) => 0.5m, _ => -1m };
        var interaction = metrics.GetValueOrDefault("UI") switch { "N" => 0.85m, "R" => 0.62m, _ => -1m };
        var (confidentiality, integrity, availability) = (Impact(metrics, "C"), Impact(metrics, "I"), Impact(metrics, "A"));
        if (metrics.GetValueOrDefault("S") is not ("U" or "C")
            || new[] { attackVector, attackComplexity, privileges, interaction, confidentiality, integrity, availability }.Any(static weight => weight < 0)
            || metrics.Any(static metric => !IsBase(metric.Key) && !(Optional.GetValueOrDefault(metric.Key)?.Split(' ').Contains(metric.Value) ?? false)))
        {
            return null;
        }

        var subScore = 1 - ((1 - confidentiality) * (1 - integrity) * (1 - availability));
        var impact = isChanged ? (7.52m * (subScore - 0.029m)) - (3.25m * Power(subScore - 0.02m, 15)) : 6.42m * subScore;
        if (impact <= 0)
        {
            return 0.0m;
        }

        var exploitability = 8.22m * attackVector * attackComplexity * privileges * interaction;
        return RoundUp(Math.Min(isChanged ? 1.08m * (impact + exploitability) : impact + exploitability, 10m));
    }

    private static bool IsBase(string metric) => metric is "AV" or "AC" or "PR" or "UI" or "S" or "C" or "I" or "A";

    private static decimal Impact(Dictionary<string, string> metrics, string metric) => metrics.GetValueOrDefault(metric) switch { "H" => 0.56m, "L" => 0.22m, "N" => 0m, _ => -1m };

    private static decimal Power(decimal number, int exponent)
    {
        var power = 1m;
        for (var i = 0; i < exponent; i++)
        {
            power *= number;
        }

        return power;
    }

    /// <summary>The smallest number with one decimal that is not less; as appendix A of 3.1 has it, what stands behind the fifth decimal is noise.</summary>
    private static decimal RoundUp(decimal number) => Math.Ceiling(Math.Round(number, 5, MidpointRounding.AwayFromZero) * 10m) / 10m;
}
