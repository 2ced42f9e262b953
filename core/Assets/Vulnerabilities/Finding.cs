using System.Text.Json.Serialization;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>Where a finding stands.</summary>
public enum FindingState
{
    /// <summary>The component is affected.</summary>
    Open,

    /// <summary>It is not affected any more.</summary>
    Fixed,
}

/// <summary>Something that happened to a finding.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="By">The id of a person, or <see cref="Finding.Nobody"/>.</param>
/// <param name="What">In a sentence.</param>
public sealed record FindingEvent(DateTimeOffset At, string By, string What);

/// <summary>What a review sees of one vulnerability in one component.</summary>
/// <param name="Component">The id of the component.</param>
/// <param name="Group">The id under which the vulnerability is followed.</param>
public sealed record Sighting(string Component, string Group)
{
    /// <summary>What the component is called.</summary>
    public string Name { get; init; } = "";

    /// <summary>The id of the service that it is a part of.</summary>
    public string Service { get; init; } = "";

    /// <summary>The id that people know the vulnerability by.</summary>
    public string Title { get; init; } = "";

    /// <summary>All ids of the vulnerability, in order.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>One line, by a stranger; empty where there is none.</summary>
    public string Summary { get; init; } = "";

    /// <summary>What the vulnerability is, by a stranger, cut to what is shown.</summary>
    public string Details { get; init; } = "";

    /// <summary>How bad it is; null where nobody says.</summary>
    public Severity? Severity { get; init; }

    /// <summary>The CVSS base score, or null.</summary>
    public decimal? Score { get; init; }

    /// <summary>Who says how bad it is.</summary>
    public string RatedBy { get; init; } = "";

    /// <summary>The versions in use that are affected.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>The versions that lead out, the nearest first.</summary>
    public IReadOnlyList<string> FixedIn { get; init; } = [];

    /// <summary>Where more is to be read: http and https addresses.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>True where CISA knows that it is exploited.</summary>
    public bool IsExploited { get; init; }

    /// <summary>True where ransomware uses it.</summary>
    public bool IsUsedByRansomware { get; init; }

    /// <summary>The date by which CISA asks for its remedy, as <c>2026-11-30</c>; null where it does not.</summary>
    public string? ExploitedDue { get; init; }

    /// <summary>What CISA asks to be done; empty where it does not.</summary>
    public string RequiredAction { get; init; } = "";
}

/// <summary>A vulnerability of a component: one for each component and group of advisories, whatever becomes of it.</summary>
/// <param name="Id">Such as <c>V-1001</c>.</param>
/// <param name="Seen">What the last review saw of it.</param>
/// <param name="State">Where it stands.</param>
/// <param name="KnownAt">When the system first knew of it (UTC); anew where it came back after it was fixed.</param>
public sealed record Finding(string Id, Sighting Seen, FindingState State, DateTimeOffset KnownAt)
{
    /// <summary>The system itself, in histories.</summary>
    public const string Nobody = "system";

    /// <summary>A history must fit into its record, in whatever letters it is written: what is said of a waiver in full stands with the waiver.</summary>
    private const int MostHistory = 300;

    private const int MostSaid = 500;

    /// <summary>The end of the last day for it (UTC); null where nothing sets one.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The last day for it, as <c>2026-11-30</c>; null where nothing sets one.</summary>
    public string? DueOn { get; init; }

    /// <summary>What set it.</summary>
    public RemediationBasis? DueBy { get; init; }

    /// <summary>When it was gone (UTC), or null.</summary>
    public DateTimeOffset? FixedAt { get; init; }

    /// <summary>How often it came: 1 for the first time. A ticket is one of one time.</summary>
    public int Times { get; init; } = 1;

    /// <summary>The id of its ticket, or null.</summary>
    public string? Ticket { get; init; }

    /// <summary>The last waiver, or null.</summary>
    public Waiver? Waiver { get; init; }

    /// <summary>What happened to it, the oldest first.</summary>
    public IReadOnlyList<FindingEvent> History { get; init; } = [];

    /// <summary>The number of <see cref="Id"/>.</summary>
    [JsonIgnore]
    public int Number => int.Parse(Id.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>True where it is open and no waiver holds.</summary>
    public bool IsOwed(DateTimeOffset now) => State == FindingState.Open && Waiver?.Holds(now) != true;

    /// <summary>True where its last day is over.</summary>
    public bool IsOverdue(DateTimeOffset now) => IsOwed(now) && now >= DueAt;

    /// <summary>The same with a line more in its history.</summary>
    public Finding Noted(DateTimeOffset at, string by, string what) => this with { History = [.. History.TakeLast(MostHistory - 1), new(at, by, what.Length <= MostSaid ? what : what[..MostSaid] + "…")] };
}
