using Maintenance.Monitoring.Incidents;

namespace Maintenance.Monitoring.Probes;

/// <summary>Where a probe stands.</summary>
public enum ProbePhase
{
    /// <summary>It passes.</summary>
    Up,

    /// <summary>It fails, not yet often enough to be down.</summary>
    Failing,

    /// <summary>It is down: there is an incident.</summary>
    Down,

    /// <summary>It is down, and passes again, not yet often enough to be up.</summary>
    Recovering,

    /// <summary>It fails while what it depends on is down: no incident of its own.</summary>
    Suppressed,

    /// <summary>Nothing is known: no sample has come for too long.</summary>
    Unknown,
}

/// <summary>A sample that still decides something.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="IsGood">True where it passed.</param>
public readonly record struct SeenSample(DateTimeOffset At, bool IsGood);

/// <summary>A probe as its samples left it.</summary>
/// <param name="Probe">Its id.</param>
/// <param name="FirstAt">Its first sample (UTC): before it nothing is known.</param>
/// <param name="LastAt">Its last sample (UTC).</param>
/// <param name="Phase">Where it stood then; never <see cref="ProbePhase.Unknown"/>.</param>
/// <param name="Since">Since when it stands there (UTC).</param>
/// <param name="Recent">The samples that decide what comes next: of one that is down, the good ones in a row; otherwise the last ones.</param>
/// <param name="Said">What the last sample saw.</param>
public sealed record ProbeState(string Probe, DateTimeOffset FirstAt, DateTimeOffset LastAt, ProbePhase Phase, DateTimeOffset Since, IReadOnlyList<SeenSample> Recent, string Said)
{
    /// <summary>How long the last answer took, or null.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>The incident while it is down.</summary>
    public ProbeIncident? Open { get; init; }

    /// <summary>The first failed sample of a run that waits for what its parent does (UTC); null where none waits.</summary>
    public DateTimeOffset? HeldFrom { get; init; }

    /// <summary>So many samples it has waited.</summary>
    public int Held { get; init; }

    /// <summary>When samples were taken again after this host was away (UTC); null where it never was.</summary>
    public DateTimeOffset? BackAt { get; init; }

    /// <summary>The last outage that is over and seen to: the next one that begins soon after it is told in its ticket. Null before the first.</summary>
    public ProbeIncident? Last { get; init; }

    /// <summary>Incidents whose record or ticket is not yet as it should be; the open one too.</summary>
    public IReadOnlyList<ProbeIncident> Unsettled { get; init; } = [];
}

/// <summary>A time of which a probe knows nothing: half-open, <c>[From, To)</c> (UTC).</summary>
/// <param name="From">Its first instant.</param>
/// <param name="To">The first instant after it.</param>
public sealed record ProbeGap(DateTimeOffset From, DateTimeOffset To);

/// <summary>What a sample makes of a state.</summary>
/// <param name="State">The state afterwards.</param>
/// <param name="Gap">The time before it of which nothing is known; null where there is none.</param>
public sealed record ProbeStep(ProbeState State, ProbeGap? Gap);
