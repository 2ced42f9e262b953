namespace Maintenance.Assets.Vulnerabilities;

/// <summary>What a CVSS vector comes to.</summary>
/// <param name="Version">3.0, 3.1 or 4.0.</param>
/// <param name="Base">The base score, 0.0 to 10.0, one decimal. (Version 4.0 calls it CVSS-B.)</param>
public sealed record CvssScore(decimal Version, decimal Base)
{
    /// <summary>By the qualitative severity rating scale, which is the same in 3.0, 3.1 and 4.0.</summary>
    public Severity Rating => Base switch
    {
        0.0m => Severity.None,
        < 4.0m => Severity.Low,
        < 7.0m => Severity.Medium,
        < 9.0m => Severity.High,
        _ => Severity.Critical,
    };
}
