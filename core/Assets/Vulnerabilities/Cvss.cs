namespace Maintenance.Assets.Vulnerabilities;

/// <summary>Base scores of CVSS vectors, exactly as the specifications compute and round them. What is no vector, or of another version, has none.</summary>
public static class Cvss
{
    /// <summary>The most characters that a vector may have.</summary>
    public const int Longest = 512;

    /// <summary>
    /// The base score of a vector that begins with <c>CVSS:3.0/</c>, <c>CVSS:3.1/</c> or <c>CVSS:4.0/</c>; null where it is none of these, lacks a base metric, or has one twice or with a
    /// value that the specification does not know. Temporal (threat) and environmental metrics are checked, but do not count: they are about somebody's place and time, not about the
    /// vulnerability.
    /// </summary>
    public static CvssScore? TryScore(string vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        var parts = vector.Trim().TrimEnd('/').Split('/');
        if (vector.Length > Longest || parts.Length < 2)
        {
            return null;
        }

        var metrics = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in parts.Skip(1))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !metrics.TryAdd(part[..colon], part[(colon + 1)..]))
            {
                return null;
            }
        }

        return parts[0] switch
        {
            "CVSS:3.0" => Cvss3.Base(metrics) is { } score ? new CvssScore(3.0m, score) : null,
            "CVSS:3.1" => Cvss3.Base(metrics) is { } score ? new CvssScore(3.1m, score) : null,
            "CVSS:4.0" => Cvss4.Base(metrics) is { } score ? new CvssScore(4.0m, score) : null,
            _ => null,
        };
    }
}
