using Maintenance.Monitoring.Incidents;
using Maintenance.Plan;
using Maintenance.Time;

namespace Maintenance.Status;

/// <summary>Services that are down, by their probes. Pure.</summary>
public static class OutageAttention
{
    /// <summary>A line for each service that is down: since when, what was seen, and what it depends on that is down too.</summary>
    public static IReadOnlyList<AttentionItem> Of(OperationsPlan plan, IReadOnlyCollection<ProbeIncident> open, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(open);
        var down = open.Select(static one => one.Service).ToHashSet(StringComparer.Ordinal);
        return [.. open.GroupBy(static one => one.Service).Select(service =>
        {
            var first = service.MinBy(static one => one.From)!;
            var upstream = IncidentRules.Upstream(plan, service.Key, down);
            var because = upstream.Count == 0 ? "" : $" It depends on {string.Join(", ", upstream.Select(id => plan.FindService(id)?.Name ?? id))}, which is down too.";
            return new AttentionItem(AttentionSeverity.Alarm, $"{plan.FindService(service.Key)?.Name ?? service.Key} has been down for {Durations.Rough(now - first.From)} ({plan.Monitoring.Find(first.Probe)?.Name ?? first.Probe}): {first.Said}.{because}", "/monitoring/" + first.Probe);
        })];
    }

    /// <summary>The lines of services, with since when those that are down are.</summary>
    public static IReadOnlyList<ServiceLine> Mark(IEnumerable<ServiceLine> lines, IReadOnlyCollection<ProbeIncident> open) =>
        [.. lines.Select(line => line with { DownSince = open.Where(one => one.Service == line.Service).Select(static one => (DateTimeOffset?)one.From).Min() })];
}
