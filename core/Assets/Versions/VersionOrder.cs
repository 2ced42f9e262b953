using System.Diagnostics.CodeAnalysis;

namespace Maintenance.Assets.Versions;

/// <summary>Versions in the order of their ecosystem.</summary>
public static class VersionOrder
{
    /// <summary>The most characters that a version may have.</summary>
    public const int Longest = 256;

    /// <summary>True where the ecosystem's order knows the text as a version.</summary>
    /// <param name="ecosystem">By whose rules.</param>
    /// <param name="version">The text.</param>
    /// <param name="error">What is wrong with it, and what would be right, in words.</param>
    public static bool TryRead(Ecosystem ecosystem, string version, [NotNullWhen(false)] out string? error) => Read(ecosystem, version, out error) is not null;

    /// <summary>
    /// Below zero, zero or above zero, as <paramref name="left"/> comes before, with or after <paramref name="right"/>; null where that is unknown: in an ecosystem without an
    /// order, or where one of them is no version. The same text is always the same version.
    /// </summary>
    public static int? Compare(Ecosystem ecosystem, string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return string.Equals(left, right, StringComparison.Ordinal) ? 0
            : Read(ecosystem, left, out _) is { } first && Read(ecosystem, right, out _) is { } second ? Math.Sign(first.CompareWith(second))
            : null;
    }

    /// <summary>True where it comes before the release that it is named for (an alpha, a snapshot); null where that is unknown.</summary>
    public static bool? IsPreRelease(Ecosystem ecosystem, string version) => Read(ecosystem, version, out _)?.IsPreRelease;

    /// <summary>The numbers that lead (major, minor, patch, …), digits without leading zeros; null where that is unknown or means nothing (Debian).</summary>
    public static IReadOnlyList<string>? Numbers(Ecosystem ecosystem, string version) => Read(ecosystem, version, out _)?.Numbers is { Count: > 0 } numbers ? numbers : null;

    /// <summary>The version as its ecosystem reads it; null, with what is wrong in words, where it does not.</summary>
    internal static VersionReading? Read(Ecosystem ecosystem, string version, out string? error)
    {
        ArgumentNullException.ThrowIfNull(version);
        if (version.Length > Longest)
        {
            error = $"It is {version.Length} characters long; a version has {Longest} at most.";
            return null;
        }

        if (string.IsNullOrWhiteSpace(version))
        {
            error = "It is empty.";
            return null;
        }

        (VersionReading? Reading, string? Error) read = ecosystem switch
        {
            Ecosystem.NuGet => NuGetVersion.Read(version),
            Ecosystem.Npm => SemanticVersion.ReadNpm(version),
            Ecosystem.SemVer => SemanticVersion.Read(version),
            Ecosystem.PyPI => PythonVersion.Read(version),
            Ecosystem.Maven => MavenVersion.Read(version),
            Ecosystem.Debian => DebianVersion.Read(version),
            Ecosystem.Other => (null, "Versions of this ecosystem have no order that is known here."),
            _ => throw new ArgumentOutOfRangeException(nameof(ecosystem), ecosystem, null),
        };
        error = read.Error;
        return read.Reading;
    }
}
