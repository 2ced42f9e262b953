using System.Globalization;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>How bad a vulnerability is, and who says so.</summary>
/// <param name="Level">By CVSS's qualitative scale; null where nobody says it in a way that is understood here.</param>
/// <param name="Score">The CVSS base score, 0.0 to 10.0; null where the level does not come from one.</param>
/// <param name="Source">Where it comes from, in words.</param>
public sealed record SeverityRating(Severity? Level, decimal? Score, string Source)
{
    /// <summary>Nobody says.</summary>
    public static SeverityRating Unknown { get; } = new(null, null, "The advisory has no severity that is understood here.");

    /// <summary>
    /// Of one entry of an advisory, or of the advisory as a whole. What is said of the package goes before what is said of all; a score by the newest version of CVSS before older ones,
    /// and any score before a database's word.
    /// </summary>
    public static SeverityRating Of(Advisory advisory, AffectedPackage? package = null)
    {
        ArgumentNullException.ThrowIfNull(advisory);
        return (package is null ? null : Scored(package.Severities, advisory.Id) ?? Worded(package.RatedAs, advisory.Id))
            ?? Scored(advisory.Severities, advisory.Id)
            ?? Worded(advisory.RatedAs, advisory.Id)
            ?? Unknown;
    }

    /// <summary>Of the ones that concern a package at a version: the worst of what the group's advisories that apply to it say.</summary>
    public static SeverityRating Worst(IEnumerable<SeverityRating> ratings)
    {
        ArgumentNullException.ThrowIfNull(ratings);
        return ratings.Where(static r => r.Level is not null).OrderByDescending(static r => r.Level).ThenByDescending(static r => r.Score ?? -1).ThenBy(static r => r.Source, StringComparer.Ordinal).FirstOrDefault() ?? Unknown;
    }

    private static SeverityRating? Scored(IReadOnlyList<AdvisorySeverity> severities, string id)
    {
        var scored = severities.Select(static severity => Cvss.TryScore(severity.Score)).OfType<CvssScore>().OrderByDescending(static s => s.Version).ThenByDescending(static s => s.Base).FirstOrDefault();
        return scored is not null
            ? new SeverityRating(scored.Rating, scored.Base, $"CVSS {scored.Version.ToString("0.0", CultureInfo.InvariantCulture)} base score of {id}")
            : severities.Select(severity => Worded(severity.Type is "Ubuntu" ? severity.Score : null, id)).FirstOrDefault(static r => r is not null);
    }

    private static SeverityRating? Worded(string? word, string id)
    {
        Severity? level = word?.Trim().ToUpperInvariant() switch
        {
            "CRITICAL" => Severity.Critical,
            "HIGH" or "IMPORTANT" => Severity.High,
            "MEDIUM" or "MODERATE" => Severity.Medium,
            "LOW" or "NEGLIGIBLE" or "MINOR" => Severity.Low,
            "NONE" => Severity.None,
            _ => null,
        };
        return level is null ? null : new SeverityRating(level, null, $"{id} calls it {word!.Trim().ToLowerInvariant()}");
    }
}
