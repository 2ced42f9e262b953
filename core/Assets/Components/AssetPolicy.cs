using NodaTime;

namespace Maintenance.Assets.Components;

/// <summary>The section <c>assets</c> of a plan: what the services are made of, and where more of it is written.</summary>
/// <param name="Components">What the plan names itself.</param>
/// <param name="Boms">Software bills of materials, CycloneDX as JSON.</param>
/// <param name="Packages">What <c>dotnet list package</c> wrote.</param>
/// <param name="EndOfLife">Records of end of life.</param>
/// <param name="Advisories">Security advisories, OSV as JSON.</param>
/// <param name="Exploited">CISA's catalogue of what is exploited; null for none.</param>
/// <param name="Refresh">How often what lies at an address is asked for.</param>
public sealed record AssetPolicy(
    IReadOnlyList<PlannedComponent> Components,
    IReadOnlyList<ServiceFile> Boms,
    IReadOnlyList<ServiceFile> Packages,
    IReadOnlyList<ProductSource> EndOfLife,
    IReadOnlyList<AssetSource> Advisories,
    AssetSource? Exploited,
    TimeSpan Refresh)
{
    /// <summary>How often where the plan does not say.</summary>
    public static readonly TimeSpan UsualRefresh = TimeSpan.FromHours(12);

    /// <summary>Nobody's list changes faster, and its maker would bar who asks more often.</summary>
    public static readonly TimeSpan LeastRefresh = TimeSpan.FromMinutes(15);

    /// <summary>A plan without components.</summary>
    public static AssetPolicy None { get; } = new([], [], [], [], [], null, UsualRefresh);

    /// <summary>True where there is nothing to look after.</summary>
    public bool IsEmpty => Components.Count + Boms.Count + Packages.Count == 0;

    /// <summary>The component of an id, or null.</summary>
    public PlannedComponent? Find(string id) => Components.FirstOrDefault(component => component.Id == id);
}

/// <summary>A component that the plan names.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Service">The id of the service that it is a part of.</param>
/// <param name="Version">The version in use; null where a bill of materials says it.</param>
public sealed record PlannedComponent(string Id, string Name, string Service, string? Version)
{
    /// <summary>Its package URL without a version, such as <c>pkg:deb/debian/openssl</c>; null where it is no package.</summary>
    public string? Package { get; init; }

    /// <summary>Who makes or sells it.</summary>
    public string? Supplier { get; init; }

    /// <summary>The person or role that answers for it; null for the service's owner.</summary>
    public string? Owner { get; init; }

    /// <summary>The last local date on which it is supported, where the plan says it itself.</summary>
    public LocalDate? EndOfLife { get; init; }

    /// <summary>The product of the end-of-life records that it is, or null.</summary>
    public string? Product { get; init; }

    /// <summary>The cycle of the product, where its version does not tell.</summary>
    public string? Cycle { get; init; }

    /// <summary>The id of the component that it runs on, or null.</summary>
    public string? RunsOn { get; init; }
}

/// <summary>A file that lists what a service is made of.</summary>
/// <param name="Service">The id of the service.</param>
/// <param name="File">Its path below the plan's folder.</param>
public sealed record ServiceFile(string Service, string File);

/// <summary>Where something is read: exactly one of a file, a folder and an address.</summary>
/// <param name="File">A path below the plan's folder, or null.</param>
/// <param name="Folder">A folder below it, of which every .json and .zip file is read; or null.</param>
/// <param name="Url">An address, or null.</param>
public sealed record AssetSource(string? File, string? Folder, Uri? Url)
{
    /// <summary>What problems call it.</summary>
    public string Name => File ?? Folder ?? Url!.ToString();
}

/// <summary>The end-of-life records of a product.</summary>
/// <param name="Product">What components name it by.</param>
/// <param name="Source">Where they are.</param>
public sealed record ProductSource(string Product, AssetSource Source);
