namespace Maintenance.Assets.Versions;

/// <summary>
/// Where a package lives: the name of its ecosystem as the OSV schema spells it, perhaps narrowed to a release (<c>Debian:12</c>), and by whose rules its versions
/// are ordered. Two ecosystems that order alike (Go and crates.io) stay two.
/// </summary>
/// <param name="Order">By whose rules versions are ordered.</param>
/// <param name="Name">As the OSV schema spells it: <c>NuGet</c>, <c>crates.io</c>, <c>Debian</c>. Unknown names as they are written.</param>
/// <param name="Release">What stands behind the colon (<c>12</c>, <c>v3.16</c>, a repository's address), or null where nothing does.</param>
public sealed record PackageEcosystem(Ecosystem Order, string Name, string? Release = null)
{
    /// <summary>The most characters that are kept of a name with its release.</summary>
    public const int Longest = 200;

    private static readonly Dictionary<string, PackageEcosystem> Known = new PackageEcosystem[]
    {
        new(Ecosystem.NuGet, "NuGet"),
        new(Ecosystem.Npm, "npm"),
        new(Ecosystem.PyPI, "PyPI"),
        new(Ecosystem.Maven, "Maven"),
        new(Ecosystem.Debian, "Debian"),
        new(Ecosystem.Debian, "Ubuntu"),
        new(Ecosystem.Debian, "Echo"),
        new(Ecosystem.SemVer, "crates.io"),
        new(Ecosystem.SemVer, "Go"),
        new(Ecosystem.SemVer, "Hex"),
        new(Ecosystem.SemVer, "Pub"),
        new(Ecosystem.SemVer, "SwiftURL"),
        new(Ecosystem.SemVer, "Bitnami"),
        new(Ecosystem.SemVer, "Julia"),
        new(Ecosystem.SemVer, "Kubernetes"),
        new(Ecosystem.SemVer, "SemVer"),
        new(Ecosystem.Other, "Alpine"),
        new(Ecosystem.Other, "ConanCenter"),
        new(Ecosystem.Other, "CRAN"),
        new(Ecosystem.Other, "GitHub Actions"),
        new(Ecosystem.Other, "Hackage"),
        new(Ecosystem.Other, "Packagist"),
        new(Ecosystem.Other, "RubyGems"),
    }.ToDictionary(static e => e.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, string> PurlTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["nuget"] = "NuGet",
        ["npm"] = "npm",
        ["pypi"] = "PyPI",
        ["maven"] = "Maven",
        ["deb"] = "Debian",
        ["cargo"] = "crates.io",
        ["golang"] = "Go",
        ["hex"] = "Hex",
        ["pub"] = "Pub",
        ["swift"] = "SwiftURL",
        ["bitnami"] = "Bitnami",
        ["julia"] = "Julia",
        ["gem"] = "RubyGems",
        ["composer"] = "Packagist",
        ["apk"] = "Alpine",
        ["conan"] = "ConanCenter",
        ["cran"] = "CRAN",
        ["hackage"] = "Hackage",
    };

    /// <summary>Reads a name as the OSV schema writes it: <c>Debian:12</c>, <c>Ubuntu:22.04:LTS</c>, <c>Maven:https://maven.google.com</c>. Any case is understood.</summary>
    public static PackageEcosystem FromOsv(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        name = name.Trim();
        name = name.Length > Longest ? name[..Longest] : name;
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var (family, release) = colon < 0 ? (name, null) : (name[..colon], name[(colon + 1)..]);
        var known = Known.GetValueOrDefault(family) ?? new PackageEcosystem(Ecosystem.Other, family);
        return known with { Release = string.IsNullOrEmpty(release) ? null : release };
    }

    /// <summary>The ecosystem of a package URL's type (<c>golang</c> → Go); an unknown type is an ecosystem of its own, whose versions have no order.</summary>
    public static PackageEcosystem FromPurlType(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return FromOsv(PurlTypes.GetValueOrDefault(type, type));
    }

    /// <summary>
    /// True where packages of one may be those of the other: the same ecosystem, and the same release where both say one. A repository's address (Maven, Packagist)
    /// tells where a package is published, not another package.
    /// </summary>
    public bool Covers(PackageEcosystem other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase)
            && (Release is not { } mine || other.Release is not { } others || IsAddress(mine) || IsAddress(others) || Plain(mine).Equals(Plain(others), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>As the OSV schema writes it.</summary>
    public override string ToString() => Release is null ? Name : $"{Name}:{Release}";

    private static bool IsAddress(string release) => release.Contains("://", StringComparison.Ordinal);

    /// <summary>Ubuntu's names end in <c>:LTS</c> where the release is one; a component's own record (<c>22.04</c>) does not say so.</summary>
    private static string Plain(string release) => release.EndsWith(":LTS", StringComparison.OrdinalIgnoreCase) ? release[..^4] : release;
}
