using Maintenance.Assets.Versions;
using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Assets.Lifecycle;

/// <summary>The section <c>lifecycle</c> of a plan: how old components may become, and how fast their faults are mended.</summary>
/// <param name="Warn">So many days before the end of life somebody is warned, the longest first; the last one opens a ticket.</param>
/// <param name="Updates">How far behind is allowed; the first rule that fits counts.</param>
/// <param name="Deprecation">The policy in words; empty where the plan says nothing.</param>
/// <param name="Deprecated">What must go.</param>
/// <param name="Upgrades">How to get from one version to another.</param>
/// <param name="Remediation">By when vulnerabilities must be dealt with; null where nothing says so.</param>
/// <param name="Waivers">Who may accept one for a time; null where nobody may.</param>
/// <param name="Ticket">What the tickets are taken to be; null where none are opened.</param>
public sealed record LifecyclePolicy(
    IReadOnlyList<int> Warn,
    IReadOnlyList<UpdateRule> Updates,
    string Deprecation,
    IReadOnlyList<Deprecation> Deprecated,
    IReadOnlyList<UpgradePath> Upgrades,
    RemediationTargets? Remediation,
    WaiverPolicy? Waivers,
    AssetTicket? Ticket)
{
    /// <summary>When somebody is warned where the plan does not say.</summary>
    public static IReadOnlyList<int> UsualWarnings { get; } = [180, 90, 30];

    /// <summary>A plan without the section.</summary>
    public static LifecyclePolicy None { get; } = new(UsualWarnings, [], "", [], [], null, null, null);

    /// <summary>The deprecation of a component, or null.</summary>
    public Deprecation? DeprecationOf(string component) => Deprecated.FirstOrDefault(one => one.Component == component);

    /// <summary>The way from a version of a component, or null: the way that names most of the version.</summary>
    public UpgradePath? UpgradeOf(string component, string? version) =>
        Upgrades.Where(path => path.Component == component && version is not null && VersionPrefix.Matches(path.From, version)).MaxBy(static path => path.From.Length);
}

/// <summary>How far behind the newest version something may be. What is null does not count.</summary>
/// <param name="Ecosystem">Only packages of this ecosystem; null for all.</param>
/// <param name="Criticality">Only services that are at least so critical; null for all.</param>
/// <param name="Majors">So many major versions.</param>
/// <param name="Minors">So many minor versions of one major.</param>
/// <param name="Patches">So many patches of one minor.</param>
/// <param name="Within">So long after the newest version came out anything is allowed.</param>
public sealed record UpdateRule(Ecosystem? Ecosystem, Criticality? Criticality, int? Majors, int? Minors, int? Patches, TimeSpan? Within);

/// <summary>A component that must go.</summary>
/// <param name="Component">Its id.</param>
/// <param name="From">The local date from which it must not be in use.</param>
/// <param name="Replacement">What takes its place.</param>
/// <param name="Reason">Why.</param>
public sealed record Deprecation(string Component, LocalDate From, string Replacement, string Reason);

/// <summary>How a component gets from one version to another.</summary>
/// <param name="Component">Its id.</param>
/// <param name="From">The versions that begin so.</param>
/// <param name="Via">Versions on the way, in order.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Procedure">The procedure: a file below the plan's folder; or null.</param>
public sealed record UpgradePath(string Component, string From, IReadOnlyList<string> Via, string To, string? Procedure)
{
    /// <summary>All of it, in order.</summary>
    public IReadOnlyList<string> Steps => [From, .. Via, To];
}

/// <summary>By when vulnerabilities must be dealt with, from the day on which they are known.</summary>
/// <param name="Critical">Those of critical severity, in days.</param>
/// <param name="High">Of high severity.</param>
/// <param name="Medium">Of medium severity, and those whose severity nobody knows.</param>
/// <param name="Low">Of low severity.</param>
/// <param name="Calendar">The id of the calendar whose closed days nothing is due on.</param>
public sealed record RemediationTargets(int Critical, int High, int Medium, int Low, string Calendar);

/// <summary>Who may accept a vulnerability for a time.</summary>
/// <param name="Approvers">The roles whose people may approve; two of them must, neither of them whoever asks.</param>
/// <param name="Longest">So long at most it is accepted.</param>
public sealed record WaiverPolicy(IReadOnlyList<string> Approvers, TimeSpan Longest)
{
    /// <summary>So many different people must approve.</summary>
    public const int Quorum = 2;
}

/// <summary>What the tickets are taken to be.</summary>
/// <param name="Impact">The id of the impact.</param>
/// <param name="Critical">The id of the urgency of critical severity.</param>
/// <param name="High">Of high severity.</param>
/// <param name="Medium">Of medium and of unknown severity, and of an end of life that is near.</param>
/// <param name="Low">Of low severity.</param>
public sealed record AssetTicket(string Impact, string Critical, string High, string Medium, string Low);
