using System.Globalization;
using Maintenance.Monitoring.Availability;
using Maintenance.Monitoring.Probes;
using Maintenance.Plan;
using Maintenance.Reports;
using Maintenance.Time;

namespace Maintenance.Monitoring.Incidents;

/// <summary>What becomes of outages. Pure.</summary>
public static class IncidentRules
{
    /// <summary>What of an outage no maintenance window covers, up to an instant. Windows are as long as they truly last.</summary>
    public static IReadOnlyList<Stretch> Unplanned(OperationsPlan plan, ProbeIncident incident, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(incident);
        var to = incident.To ?? now;
        return Stretches.Without(Stretches.Merge([new Stretch(incident.From, to)]), Measuring.Planned(plan, incident.From, to));
    }

    /// <summary>True where somebody has to know: a part of it lies outside the maintenance windows. One that outlasts its window is owed one from the window's end on.</summary>
    public static bool OwesTicket(OperationsPlan plan, ProbeIncident incident, DateTimeOffset now) => Unplanned(plan, incident, now).Count > 0;

    /// <summary>True where an outage belongs into the ticket of the last one of its probe: it began less than what the plan says after that was over.</summary>
    /// <param name="policy">The plan's section.</param>
    /// <param name="last">The last outage of the same probe; null for none.</param>
    /// <param name="incident">The outage.</param>
    public static bool Joins(MonitoringPolicy policy, ProbeIncident? last, ProbeIncident incident)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(incident);
        return last is { Ticket: not null, To: { } over } && over <= incident.From && incident.From - over < policy.JoinsWithin;
    }

    /// <summary>What a ticket says at first.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="incident">The outage.</param>
    /// <param name="upstream">The ids of the services that this one depends on and that are down.</param>
    public static string Description(OperationsPlan plan, ProbeIncident incident, IReadOnlyList<string> upstream)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(incident);
        ArgumentNullException.ThrowIfNull(upstream);
        var probe = plan.Monitoring.Find(incident.Probe);
        var lines = new List<string>
        {
            $"{probe?.Name ?? incident.Probe} ({probe?.Target.ToString() ?? "a probe that the plan no longer has"}) has failed since {Instant(incident.From)}: {incident.Said}",
        };
        if (upstream.Count > 0)
        {
            lines.Add($"It depends on what is down as well: {string.Join(", ", upstream.Select(id => plan.FindService(id)?.Name ?? id))}.");
        }

        lines.Add($"The probe is at /monitoring/{incident.Probe}. When it passes again, this ticket says from when to when the outage lasted.");
        return string.Join("\n\n", lines);
    }

    /// <summary>What is said when an outage is over.</summary>
    public static string Ending(OperationsPlan plan, ProbeIncident incident, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(incident);
        var to = incident.To ?? now;
        var unplanned = Stretches.Length(Unplanned(plan, incident, now));
        var all = to - incident.From;
        var planned = unplanned == all ? "" : $"; {Durations.Format(unplanned)} of it outside maintenance windows";
        return $"{plan.Monitoring.Find(incident.Probe)?.Name ?? incident.Probe} was down from {Instant(incident.From)} to {Instant(to)}: {Durations.Format(all)}{planned}.";
    }

    /// <summary>The services that a service depends on, directly or not, and that are among some others; in the plan's order.</summary>
    public static IReadOnlyList<string> Upstream(OperationsPlan plan, string service, IReadOnlySet<string> down)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(down);
        var (seen, left) = (new HashSet<string>(StringComparer.Ordinal), new Stack<string>([service]));
        while (left.TryPop(out var next))
        {
            foreach (var needed in plan.FindService(next)?.DependsOn ?? [])
            {
                if (seen.Add(needed))
                {
                    left.Push(needed);
                }
            }
        }

        return [.. plan.Services.Select(static one => one.Id).Where(id => id != service && seen.Contains(id) && down.Contains(id))];
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
