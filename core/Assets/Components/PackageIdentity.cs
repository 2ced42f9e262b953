using System.Text.Json.Serialization;
using Maintenance.Assets.Versions;
using Maintenance.Assets.Vulnerabilities;

namespace Maintenance.Assets.Components;

/// <summary>Which package something is: where it lives and what it is called there.</summary>
/// <param name="Ecosystem">Where it lives, with the distribution's release where that is told.</param>
/// <param name="Name">Its name as the OSV schema writes it.</param>
public sealed record PackageIdentity(PackageEcosystem Ecosystem, string Name)
{
    /// <summary>The same for all that mean this package.</summary>
    [JsonIgnore]
    public string Key => KeyOf(Ecosystem, Name);

    /// <summary>The key of a name in an ecosystem, whatever its release.</summary>
    public static string KeyOf(PackageEcosystem ecosystem, string name)
    {
        ArgumentNullException.ThrowIfNull(ecosystem);
        return $"{ecosystem.Name.ToLowerInvariant()}\n{PackageNames.Key(ecosystem, name)}";
    }

    /// <summary>What a package URL names, with its version where it has one; null where the text is none.</summary>
    public static (PackageIdentity Identity, string? Version)? Of(string packageUrl) =>
        PackageUrl.TryParse(packageUrl, out var url, out _) ? (new PackageIdentity(url.Ecosystem, url.OsvName), url.Version) : null;
}
