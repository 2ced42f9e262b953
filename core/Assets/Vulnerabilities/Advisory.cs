using Maintenance.Assets.Versions;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>
/// What somebody published about a vulnerability, as the OSV schema 1.x tells it (https://ossf.github.io/osv-schema). All text in it is a stranger's: shown, never run or trusted.
/// </summary>
/// <param name="Id">Such as <c>GHSA-5crp-9r3c-p9vr</c>.</param>
/// <param name="Aliases">Other ids of the same vulnerability.</param>
/// <param name="Related">Ids of others that are near it.</param>
/// <param name="Upstream">Ids of those that this one passes on for its own packages (a distribution's advisory for a CVE).</param>
/// <param name="Summary">One line; empty where it has none.</param>
/// <param name="Details">Markdown; empty where it has none.</param>
/// <param name="Published">When it was published, UTC.</param>
/// <param name="Modified">When it was last changed, UTC; of two of one id the later one counts.</param>
/// <param name="Withdrawn">When it was taken back, UTC; null where it stands.</param>
/// <param name="Severities">For all its packages.</param>
/// <param name="RatedAs">The database's own word for the severity (<c>MODERATE</c>), or null.</param>
/// <param name="Affected">The packages it concerns.</param>
/// <param name="References">Where more is to be read.</param>
public sealed record Advisory(
    string Id,
    IReadOnlyList<string> Aliases,
    IReadOnlyList<string> Related,
    IReadOnlyList<string> Upstream,
    string Summary,
    string Details,
    DateTimeOffset? Published,
    DateTimeOffset Modified,
    DateTimeOffset? Withdrawn,
    IReadOnlyList<AdvisorySeverity> Severities,
    string? RatedAs,
    IReadOnlyList<AffectedPackage> Affected,
    IReadOnlyList<AdvisoryReference> References);

/// <summary>A rating as it was published.</summary>
/// <param name="Type">By which method: <c>CVSS_V3</c>, <c>CVSS_V4</c>, <c>Ubuntu</c>, …</param>
/// <param name="Score">A vector, or that method's word.</param>
public sealed record AdvisorySeverity(string Type, string Score);

/// <summary>Where more is to be read.</summary>
/// <param name="Type">ADVISORY, FIX, WEB, …</param>
/// <param name="Url">An http or https address.</param>
public sealed record AdvisoryReference(string Type, string Url);

/// <summary>One package that an advisory concerns, and in which versions.</summary>
/// <param name="Ecosystem">Where it lives; null where the advisory names no package (only a Git repository).</param>
/// <param name="Name">As its ecosystem writes it (Maven: <c>group:artifact</c>); empty where <paramref name="Ecosystem"/> is null.</param>
/// <param name="Ranges">Stretches of versions; a version in any of them is affected.</param>
/// <param name="Versions">Single versions, each affected.</param>
/// <param name="Severities">For this package; they go before the advisory's own.</param>
/// <param name="RatedAs">The database's own word for the severity for this package, or null.</param>
public sealed record AffectedPackage(
    PackageEcosystem? Ecosystem,
    string Name,
    IReadOnlyList<AffectedRange> Ranges,
    IReadOnlyList<string> Versions,
    IReadOnlyList<AdvisorySeverity> Severities,
    string? RatedAs);

/// <summary>How the versions of a range are to be read.</summary>
public enum RangeType
{
    /// <summary>By Semantic Versioning 2.0.</summary>
    SemVer,

    /// <summary>By the ecosystem's own order.</summary>
    Ecosystem,

    /// <summary>Commits of a Git repository, whose order only its graph tells.</summary>
    Git,

    /// <summary>One that this program does not know.</summary>
    Other,
}

/// <summary>What happens at a version.</summary>
public enum RangeEventKind
{
    /// <summary>The first version that is affected.</summary>
    Introduced,

    /// <summary>The first that is not affected any more.</summary>
    Fixed,

    /// <summary>The last that is known to be affected.</summary>
    LastAffected,

    /// <summary>The range does not speak of this version and later ones.</summary>
    Limit,
}

/// <summary>A change at a version.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Version">Where; <c>0</c> is before every version, a limit of <c>*</c> after every one.</param>
public sealed record RangeEvent(RangeEventKind Kind, string Version);

/// <summary>A stretch of versions, told by its events in any order.</summary>
/// <param name="Type">How its versions are to be read.</param>
/// <param name="Events">At least one, at least one of them introducing.</param>
public sealed record AffectedRange(RangeType Type, IReadOnlyList<RangeEvent> Events);
