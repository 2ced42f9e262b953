using Maintenance.Monitoring.Availability;
using Maintenance.Monitoring.Incidents;
using Maintenance.Monitoring.Probes;

namespace Maintenance.Monitoring;

/// <summary>How everything that is watched stands. Instants are UTC.</summary>
/// <param name="At">When this was read.</param>
/// <param name="Services">A line for each service with probes or an objective, in the plan's order.</param>
/// <param name="Probes">A line for each probe, in the plan's order.</param>
/// <param name="Open">The outages that last.</param>
public sealed record MonitoringReport(DateTimeOffset At, IReadOnlyList<WatchedService> Services, IReadOnlyList<WatchedProbe> Probes, IReadOnlyList<ProbeIncident> Open);

/// <summary>A service as its probes see it.</summary>
/// <param name="Service">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Phase">Down where one of its probes is, unknown where none knows anything, up otherwise.</param>
/// <param name="Since">Since when it is down (UTC); null where it is not.</param>
/// <param name="Objective">The share of its agreed time that it has to be there, in per cent; null for none.</param>
/// <param name="Month">What was measured this month.</param>
/// <param name="Budget">This month's error budget; null without an objective.</param>
/// <param name="Burn">How fast it is spent; null where no alarm is due.</param>
/// <param name="Upstream">The ids of the services that it depends on and that are down.</param>
public sealed record WatchedService(
    string Service, string Name, ProbePhase Phase, DateTimeOffset? Since, double? Objective, MeasuredTime Month, ErrorBudget? Budget, BurnAlarm? Burn, IReadOnlyList<string> Upstream);

/// <summary>A probe at a glance.</summary>
/// <param name="Probe">Its id.</param>
/// <param name="Service">The id of its service.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Kind">Its kind: the word of the plan.</param>
/// <param name="What">What it looks at.</param>
/// <param name="Every">How often.</param>
/// <param name="Phase">Where it stands now.</param>
/// <param name="Since">Since when (UTC); null before the first sample.</param>
/// <param name="LastAt">Its last sample (UTC); null before the first.</param>
/// <param name="Said">What that one saw.</param>
/// <param name="P95">Within what time 95 of 100 answers of the last 24 hours came; null where none is measured.</param>
/// <param name="Hours">The last 24 hours, the oldest first; null for one without a sample.</param>
public sealed record WatchedProbe(
    string Probe, string Service, string Name, string Kind, string What, TimeSpan Every, ProbePhase Phase, DateTimeOffset? Since, DateTimeOffset? LastAt, string Said, TimeSpan? P95, IReadOnlyList<HourCell?> Hours);

/// <summary>An hour of a probe.</summary>
/// <param name="From">When it begins (UTC).</param>
/// <param name="Good">So many samples passed.</param>
/// <param name="Failed">So many did not.</param>
public sealed record HourCell(DateTimeOffset From, int Good, int Failed);

/// <summary>A probe with its history.</summary>
/// <param name="Line">At a glance.</param>
/// <param name="Parents">The ids of the probes without which it cannot pass.</param>
/// <param name="Damping">When it counts as down, and as up again.</param>
/// <param name="Hours">Latencies of the last 48 hours.</param>
/// <param name="Days">Latencies of the last 90 days.</param>
/// <param name="Incidents">Its newest outages, the newest first.</param>
/// <param name="Gaps">The newest times of which nothing is known, the newest first.</param>
public sealed record ProbeReport(
    WatchedProbe Line, IReadOnlyList<string> Parents, Damping Damping, IReadOnlyList<LatencyLine> Hours, IReadOnlyList<LatencyLine> Days, IReadOnlyList<ProbeIncident> Incidents, IReadOnlyList<ProbeGap> Gaps);

/// <summary>The samples of an hour or a day (UTC).</summary>
/// <param name="From">When it begins (UTC).</param>
/// <param name="Good">So many passed.</param>
/// <param name="Failed">So many did not.</param>
/// <param name="P50">Within what time half of the answers came; null where none is measured.</param>
/// <param name="P95">Within what time 95 of 100 came.</param>
/// <param name="P99">Within what time 99 of 100 came.</param>
public sealed record LatencyLine(DateTimeOffset From, int Good, int Failed, TimeSpan? P50, TimeSpan? P95, TimeSpan? P99)
{
    /// <summary>The line of a tally.</summary>
    public static LatencyLine Of(ProbeTally tally)
    {
        ArgumentNullException.ThrowIfNull(tally);
        return new(tally.From, tally.Good, tally.Failed, tally.Latency.Percentile(0.5), tally.Latency.Percentile(0.95), tally.Latency.Percentile(0.99));
    }
}
