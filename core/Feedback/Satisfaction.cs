namespace Maintenance.Feedback;

/// <summary>
/// How content people are. CSAT: the share of ratings of 4 and 5 among all ratings. Its interval is Wilson's (E. B. Wilson, JASA 22, 1927), which holds for few
/// ratings too.
/// </summary>
/// <param name="Ratings">So many people have rated.</param>
/// <param name="Satisfied">So many with 4 or 5.</param>
public sealed record CustomerSatisfaction(int Ratings, int Satisfied)
{
    /// <summary>How it is worked out.</summary>
    public const string Formula = "CSAT = ratings of 4 or 5 ÷ all ratings × 100; one rating per person and ticket, the last one";

    /// <summary>In percent, to one digit; null where nobody has rated.</summary>
    public double? Percent => Ratings == 0 ? null : Satisfaction.Round(100.0 * Satisfied / Ratings);

    /// <summary>The interval in which the true share lies with 95 % confidence; null where nobody has rated.</summary>
    public ConfidenceInterval? Interval
    {
        get
        {
            if (Ratings == 0)
            {
                return null;
            }

            var (n, p) = ((double)Ratings, (double)Satisfied / Ratings);
            var middle = (p + (Satisfaction.Z * Satisfaction.Z / (2 * n))) / (1 + (Satisfaction.Z * Satisfaction.Z / n));
            var half = Satisfaction.Z / (1 + (Satisfaction.Z * Satisfaction.Z / n)) * Math.Sqrt((p * (1 - p) / n) + (Satisfaction.Z * Satisfaction.Z / (4 * n * n)));
            return new ConfidenceInterval(Satisfaction.Round(Math.Max(0, 100 * (middle - half))), Satisfaction.Round(Math.Min(100, 100 * (middle + half))));
        }
    }

    /// <summary>What to mind about it; null where there is nothing.</summary>
    public string? Note => Satisfaction.NoteOf(Ratings, "ratings");

    /// <summary>From scores of 1 to 5.</summary>
    public static CustomerSatisfaction Of(IEnumerable<int> scores)
    {
        var list = scores.ToList();
        return new CustomerSatisfaction(list.Count, list.Count(static score => score >= 4));
    }
}

/// <summary>
/// How likely people would recommend the service. NPS: the share of promoters (9 and 10) less that of detractors (0 to 6). Its interval is the adjusted Wald one with
/// three answers added (¾ promoters, 1½ passives, ¾ detractors; B. Rocks, The American Statistician 70, 2016), since the plain one is too narrow for few answers.
/// </summary>
/// <param name="Answers">So many people have answered.</param>
/// <param name="Promoters">So many with 9 or 10.</param>
/// <param name="Passives">So many with 7 or 8.</param>
/// <param name="Detractors">So many with 0 to 6.</param>
public sealed record NetPromoterScore(int Answers, int Promoters, int Passives, int Detractors)
{
    /// <summary>How it is worked out.</summary>
    public const string Formula = "NPS = (answers of 9 and 10 − answers of 0 to 6) ÷ all answers × 100";

    /// <summary>From -100 to 100, to one digit; null where nobody has answered.</summary>
    public double? Score => Answers == 0 ? null : Satisfaction.Round(100.0 * (Promoters - Detractors) / Answers);

    /// <summary>The interval in which the true score lies with 95 % confidence; null where nobody has answered.</summary>
    public ConfidenceInterval? Interval
    {
        get
        {
            if (Answers == 0)
            {
                return null;
            }

            var (n, promoters, detractors) = (Answers + 3.0, Promoters + 0.75, Detractors + 0.75);
            var score = (promoters - detractors) / n;
            var half = Satisfaction.Z * Math.Sqrt((((promoters + detractors) / n) - (score * score)) / n);
            return new ConfidenceInterval(Satisfaction.Round(Math.Max(-100, 100 * (score - half))), Satisfaction.Round(Math.Min(100, 100 * (score + half))));
        }
    }

    /// <summary>What to mind about it; null where there is nothing.</summary>
    public string? Note => Satisfaction.NoteOf(Answers, "answers");

    /// <summary>From scores of 0 to 10.</summary>
    public static NetPromoterScore Of(IEnumerable<int> scores)
    {
        var list = scores.ToList();
        return new NetPromoterScore(list.Count, list.Count(static score => score >= 9), list.Count(static score => score is 7 or 8), list.Count(static score => score <= 6));
    }
}

/// <summary>Where the true value lies with 95 % confidence.</summary>
public sealed record ConfidenceInterval(double Low, double High);

/// <summary>What both figures share.</summary>
public static class Satisfaction
{
    /// <summary>With fewer than this a figure says little.</summary>
    public const int Few = 30;

    /// <summary>The 97.5th percentile of the normal distribution.</summary>
    internal const double Z = 1.959963984540054;

    /// <summary>To one digit.</summary>
    internal static double Round(double value) => Math.Round(value, 1, MidpointRounding.AwayFromZero);

    /// <summary>Warns of a figure that says little.</summary>
    internal static string? NoteOf(int count, string what) => count >= Few ? null : $"{count} {what}, fewer than {Few}: too few for a figure to rely on; look at the interval.";
}
