using System.Text.Json.Serialization;
using Maintenance.Assets.Components;
using NodaTime;
using NodaTime.Text;

namespace Maintenance.Assets;

/// <summary>What needs somebody of a component, the worst last.</summary>
public enum AssetConcern
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is behind, but not further than is allowed; or an advisory may concern it.</summary>
    Note,

    /// <summary>It is further behind than is allowed, or its support ends soon.</summary>
    Soon,

    /// <summary>It has a vulnerability, its support ends within the shortest warning, or it must go.</summary>
    Urgent,

    /// <summary>Its support is over, or a vulnerability is overdue.</summary>
    Over,
}

/// <summary>A component as the last review found it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Service">The id of its service.</param>
public sealed record AssetLine(string Id, string Name, string Service)
{
    /// <summary>The versions in use.</summary>
    public IReadOnlyList<VersionUse> Versions { get; init; } = [];

    /// <summary>Its ecosystem, as the OSV schema spells it; null where it is no package.</summary>
    public string? Ecosystem { get; init; }

    /// <summary>Its name there, or null.</summary>
    public string? Package { get; init; }

    /// <summary>True where the plan names it, false where only a file does.</summary>
    public bool IsPlanned { get; init; }

    /// <summary>True where something else brought it in.</summary>
    public bool IsTransitive { get; init; }

    /// <summary>The last day of its support, as <c>2026-11-30</c>; null where nobody has set one.</summary>
    public string? SupportEnds { get; init; }

    /// <summary>True where its support is over; null where nobody says.</summary>
    public bool? HasEnded { get; init; }

    /// <summary>Who says until when it is supported, or null.</summary>
    public string? SupportSource { get; init; }

    /// <summary>How far it is behind; null where it is not, or where nobody can tell.</summary>
    public LagLine? Behind { get; init; }

    /// <summary>The local date from which it must not be in use, as <c>2027-01-01</c>; or null.</summary>
    public string? DeprecatedFrom { get; init; }

    /// <summary>What takes its place, or null.</summary>
    public string? Replacement { get; init; }

    /// <summary>The way from the version in use, step by step; empty where the plan says none.</summary>
    public IReadOnlyList<string> Upgrade { get; init; } = [];

    /// <summary>The ids of its open findings.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>Advisories of which nobody can tell whether they concern it, and why.</summary>
    public IReadOnlyList<string> Undecided { get; init; } = [];

    /// <summary>What contradicts itself in what is known of it.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>What needs somebody.</summary>
    public AssetConcern Concern { get; init; }

    /// <summary>The last day of its support as a date.</summary>
    [JsonIgnore]
    public LocalDate? EndDate => SupportEnds is null ? null : LocalDatePattern.Iso.Parse(SupportEnds).Value;

    /// <summary>The versions in use, as a list of words.</summary>
    [JsonIgnore]
    public string VersionText => Versions.Count == 0 ? "unknown" : string.Join(", ", Versions.Take(5).Select(static use => use.Version)) + (Versions.Count > 5 ? $" and {Versions.Count - 5} more" : "");
}

/// <summary>How far a component is behind.</summary>
/// <param name="Version">The version that is.</param>
/// <param name="Newest">The newest that is known.</param>
/// <param name="Source">Who knows it.</param>
/// <param name="By">By how much, in words.</param>
/// <param name="IsTooFar">True where that is more than the plan allows.</param>
/// <param name="Allowed">What the plan allows, in words, or null.</param>
public sealed record LagLine(string Version, string Newest, string Source, string By, bool IsTooFar, string? Allowed);
