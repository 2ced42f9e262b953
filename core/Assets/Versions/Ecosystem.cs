namespace Maintenance.Assets.Versions;

/// <summary>By whose rules versions are ordered.</summary>
public enum Ecosystem
{
    /// <summary>NuGet: Semantic Versioning 2.0 with up to four numbers; case does not count.</summary>
    NuGet,

    /// <summary>npm: Semantic Versioning 2.0 as node-semver reads it.</summary>
    Npm,

    /// <summary>Python packages: PEP 440.</summary>
    PyPI,

    /// <summary>Maven: ComparableVersion.</summary>
    Maven,

    /// <summary>Debian, Ubuntu and others with dpkg: deb-version(7).</summary>
    Debian,

    /// <summary>Semantic Versioning 2.0 (crates.io, Go, Hex, Pub, …).</summary>
    SemVer,

    /// <summary>Any other: its versions are compared for equality only.</summary>
    Other,
}
