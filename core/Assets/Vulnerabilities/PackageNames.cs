using Maintenance.Assets.Versions;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>When two names mean one package.</summary>
public static class PackageNames
{
    /// <summary>True where they do in that ecosystem.</summary>
    /// <param name="ecosystem">Where the package lives.</param>
    /// <param name="left">A name as the OSV schema writes it.</param>
    /// <param name="right">Another.</param>
    public static bool AreSame(PackageEcosystem ecosystem, string left, string right) =>
        string.Equals(Key(ecosystem, left), Key(ecosystem, right), StringComparison.Ordinal);

    /// <summary>
    /// The form in which names are compared. PyPI takes runs of hyphens, underscores and dots for one hyphen (https://packaging.python.org/specifications/name-normalization). Case does not
    /// count on PyPI, NuGet and Packagist, nor among Go modules here: their package URLs are in lower case whatever the module is called.
    /// </summary>
    public static string Key(PackageEcosystem ecosystem, string name)
    {
        ArgumentNullException.ThrowIfNull(ecosystem);
        ArgumentNullException.ThrowIfNull(name);
        var plain = name.Trim();
        return ecosystem.Name switch
        {
            "PyPI" => string.Join('-', plain.Split(['-', '_', '.'], StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant(),
            "NuGet" or "Go" or "Packagist" or "GitHub Actions" or "Hex" => plain.ToLowerInvariant(),
            _ => plain,
        };
    }
}
