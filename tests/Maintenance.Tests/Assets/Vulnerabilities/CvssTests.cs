using System.Globalization;
using Maintenance.Assets.Vulnerabilities;

namespace Maintenance.Tests.Assets.Vulnerabilities;

/// <summary>
/// CVSS base scores: the worked examples of FIRST (https://www.first.org/cvss/v3.1/examples, https://www.first.org/cvss/v4-0/examples) and vectors of well-known vulnerabilities
/// as the National Vulnerability Database rates them.
/// </summary>
public sealed class CvssTests
{
    [Theory]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4, Severity.Medium)]
    [InlineData("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1, Severity.Low)]
    [InlineData("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8, Severity.High)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5, Severity.High)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:N/I:N/A:H", 8.6, Severity.High)]
    [InlineData("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 6.8, Severity.Medium)]
    [InlineData("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:N", 7.4, Severity.High)]
    [InlineData("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N", 6.8, Severity.Medium)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1, Severity.Medium)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0, Severity.Critical)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8, Severity.Critical)]
    [InlineData("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0, Severity.None)]
    [InlineData("CVSS:3.0/AV:N/AC:L/PR:H/UI:N/S:C/C:H/I:H/A:H", 9.1, Severity.Critical)]
    [InlineData("CVSS:3.0/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", 1.6, Severity.Low)]
    [InlineData("CVSS:3.1/AV:N/AC:H/PR:L/UI:R/S:U/C:L/I:L/A:L", 4.6, Severity.Medium)]
    public void A_vector_of_version_3_has_the_score_that_its_examples_give(string vector, double score, Severity rating) => Scores(vector, score, rating);

    [Theory]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0, Severity.Critical)]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3, Severity.Critical)]
    [InlineData("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.3, Severity.High)]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.7, Severity.High)]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 5.1, Severity.Medium)]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 8.3, Severity.High)]
    [InlineData("CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N", 4.6, Severity.Medium)]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N", 6.9, Severity.Medium)]
    [InlineData("CVSS:4.0/AV:L/AC:L/AT:N/PR:H/UI:N/VC:N/VI:N/VA:N/SC:H/SI:N/SA:N", 5.9, Severity.Medium)]
    [InlineData("CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 9.3, Severity.Critical)]
    [InlineData("CVSS:4.0/AV:A/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:H/SI:N/SA:H", 6.4, Severity.Medium)]
    [InlineData("CVSS:4.0/AV:L/AC:L/AT:N/PR:H/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0.0, Severity.None)]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", 8.7, Severity.High)]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:H/VA:L/SC:N/SI:H/SA:L", 9.2, Severity.Critical)]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:H/SI:L/SA:H", 7.9, Severity.High)]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:N/SC:N/SI:L/SA:N", 6.9, Severity.Medium)]
    public void A_vector_of_version_4_has_the_score_that_its_examples_give(string vector, double score, Severity rating) => Scores(vector, score, rating);

    [Theory]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U/CR:L/MAV:P", 9.8)]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U/CR:L/MAV:P/MSI:S/AU:Y/U:Amber", 9.3)]
    [InlineData("CVSS:3.1/A:H/I:H/C:H/S:U/UI:N/PR:N/AC:L/AV:N", 9.8)]
    public void Time_and_place_do_not_change_a_base_score_nor_does_the_order_of_metrics(string vector, double score) =>
        Assert.Equal((decimal)score, Cvss.TryScore(vector)?.Base);

    [Theory]
    [InlineData("")]
    [InlineData("9.8")]
    [InlineData("CVSS:3.1")]
    [InlineData("AV:N/AC:L/Au:N/C:P/I:P/A:P")]
    [InlineData("CVSS:2.0/AV:N/AC:L/Au:N/C:P/I:P/A:P")]
    [InlineData("CVSS:5.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:X/C:H/I:H/A:H")]
    [InlineData("CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/ZZ:1")]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:Z")]
    [InlineData("CVSS:3.1/AV:n/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")]
    [InlineData("CVSS:3.1/AV:N//AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")]
    [InlineData("CVSS:4.0/AV:N/AC:L/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N")]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:S/SA:N")]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:HH/SC:N/SI:N/SA:N")]
    public void What_is_no_vector_has_no_score(string vector) => Assert.Null(Cvss.TryScore(vector));

    /// <summary>The equations of version 3 once more, in floating point with the specification's own way of rounding up, over every base vector there is.</summary>
    [Fact]
    public void Every_vector_of_version_3_scores_as_the_specifications_pseudocode_does()
    {
        var count = 0;
        foreach (var vector in Product(["AV:NALP", "AC:LH", "PR:NLH", "UI:NR", "S:UC", "C:HLN", "I:HLN", "A:HLN"]))
        {
            var text = "CVSS:3.1/" + string.Join('/', vector.Select(static m => $"{m.Metric}:{m.Value}"));
            Assert.Equal((text, (decimal)ByPseudocode(vector.ToDictionary(static m => m.Metric, static m => m.Value))), (text, Cvss.TryScore(text)!.Base));
            count++;
        }

        Assert.Equal(2592, count);
    }

    /// <summary>What the construction of version 4 promises: a vector in which one metric is worse never scores lower.</summary>
    [Fact]
    public void In_version_4_no_single_step_to_the_worse_lowers_the_score()
    {
        string[] metrics = ["AV:NALP", "AC:LH", "AT:NP", "PR:NLH", "UI:NPA", "VC:HLN", "VI:HLN", "VA:HLN", "SC:HLN", "SI:HLN", "SA:HLN"];
        var scores = Product(metrics).ToDictionary(static v => string.Concat(v.Select(static m => m.Value)), static v => Cvss.TryScore("CVSS:4.0/" + string.Join('/', v.Select(static m => $"{m.Metric}:{m.Value}")))!.Base);
        Assert.Equal(4 * 2 * 2 * 3 * 3 * 729, scores.Count);
        foreach (var (values, score) in scores)
        {
            Assert.InRange(score, 0.0m, 10.0m);
            for (var i = 0; i < metrics.Length; i++)
            {
                var order = metrics[i].Split(':')[1];
                var step = order.IndexOf(values[i], StringComparison.Ordinal);
                if (step > 0)
                {
                    Assert.True(scores[values[..i] + order[step - 1] + values[(i + 1)..]] >= score, values);
                }
            }
        }
    }

    private static void Scores(string vector, double score, Severity rating)
    {
        var scored = Cvss.TryScore(vector);
        Assert.Equal((decimal)score, scored?.Base);
        Assert.Equal(rating, scored?.Rating);
        Assert.Equal(vector[5..8], scored?.Version.ToString("0.0", CultureInfo.InvariantCulture));
    }

    private static IEnumerable<List<(string Metric, char Value)>> Product(string[] metrics) => metrics.Aggregate(
        (IEnumerable<List<(string, char)>>)[[]],
        static (vectors, metric) => vectors.SelectMany(vector => metric.Split(':')[1].Select(value => (List<(string, char)>)[.. vector, (metric.Split(':')[0], value)])));

    private static double ByPseudocode(Dictionary<string, char> m)
    {
        var changed = m["S"] == 'C';
        double Weight(string metric, string values, params double[] weights) => weights[values.IndexOf(m[metric], StringComparison.Ordinal)];
        var iss = 1 - ((1 - Weight("C", "HLN", 0.56, 0.22, 0)) * (1 - Weight("I", "HLN", 0.56, 0.22, 0)) * (1 - Weight("A", "HLN", 0.56, 0.22, 0)));
        var impact = changed ? (7.52 * (iss - 0.029)) - (3.25 * Math.Pow(iss - 0.02, 15)) : 6.42 * iss;
        var exploitability = 8.22 * Weight("AV", "NALP", 0.85, 0.62, 0.55, 0.2) * Weight("AC", "LH", 0.77, 0.44) * Weight("PR", "NLH", 0.85, changed ? 0.68 : 0.62, changed ? 0.5 : 0.27) * Weight("UI", "NR", 0.85, 0.62);
        return impact <= 0 ? 0 : RoundUp(Math.Min((changed ? 1.08 : 1) * (impact + exploitability), 10));
    }

    /// <summary>Appendix A of 3.1.</summary>
    private static double RoundUp(double input)
    {
        var integer = (int)Math.Round(input * 100_000, MidpointRounding.AwayFromZero);
        return integer % 10_000 == 0 ? integer / 100_000.0 : (Math.Floor(integer / 10_000.0) + 1) / 10.0;
    }
}
