using Maintenance.Plan;
using Maintenance.Windows;

namespace Maintenance.Status;

/// <summary>A service at a glance: what would be lost, what is broken, how it was served, when it may be changed.</summary>
/// <param name="Service">Its id.</param>
/// <param name="Name">What users call it.</param>
/// <param name="Criticality">How bad its loss is.</param>
/// <param name="RecoveryPointObjective">Its RPO.</param>
/// <param name="Policies">The ids of its backup policies; none where nothing of it is backed up.</param>
/// <param name="ProvenPoint">The proven recovery point to which all of its backups go back (UTC): the oldest of their newest; null where one has none.</param>
/// <param name="Age">How old that is.</param>
/// <param name="IsWithinObjective">True where each of its backups is proven and not older than the RPO, also where there are none.</param>
/// <param name="OpenIncidents">So many incidents are open, counted up to <see cref="MostIncidents"/>.</param>
/// <param name="Attainment">The share of this month's resolution targets that were met, from 0 to 1; null where none came due.</param>
/// <param name="NextWindow">When the next maintenance window starts (UTC), or since when one is open; null where there is none within the plan's horizon.</param>
/// <param name="IsInWindow">True while a window is open.</param>
public sealed record ServiceLine(
    string Service, string Name, Criticality Criticality, TimeSpan RecoveryPointObjective, IReadOnlyList<string> Policies, DateTimeOffset? ProvenPoint, TimeSpan? Age, bool IsWithinObjective, int OpenIncidents,
    double? Attainment, DateTimeOffset? NextWindow, bool IsInWindow)
{
    /// <summary>More open incidents than this are not counted.</summary>
    public const int MostIncidents = 99;

    /// <summary>Since when it is down, by its probes (UTC); null where it is not, or has none.</summary>
    public DateTimeOffset? DownSince { get; init; }

    /// <summary>True where nothing of it asks for a look.</summary>
    public bool IsQuiet => IsWithinObjective && OpenIncidents == 0 && DownSince is null;
}

/// <summary>Services at a glance. Pure.</summary>
public static class ServiceLines
{
    /// <summary>A line for each service of the plan, in its order.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="backups">A line for each of its policies.</param>
    /// <param name="incidents">The open incidents by service; none where a service is missing.</param>
    /// <param name="attainment">This month's attainment by service; unknown where a service is missing.</param>
    /// <param name="now">The instant (UTC).</param>
    public static IReadOnlyList<ServiceLine> Of(
        OperationsPlan plan, IReadOnlyList<BackupLine> backups, IReadOnlyDictionary<string, int> incidents, IReadOnlyDictionary<string, double> attainment, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var window = WindowCalendar.Between(plan.Windows, plan.System.TimeZone, null, now, now + plan.Windows.Horizon) is [var first, ..] ? first : null;
        return [.. plan.Services.Select(Line)];

        ServiceLine Line(Service service)
        {
            var own = plan.Backups.Where(policy => policy.Service == service.Id).Select(policy => backups.First(line => line.Policy == policy.Id)).ToList();
            var point = own.Count == 0 || own.Exists(static line => line.ProvenPoint is null) ? null : own.Min(static line => line.ProvenPoint);
            return new ServiceLine(
                service.Id, service.Name, service.Criticality, service.RecoveryPoint, [.. own.Select(static line => line.Policy)], point, now - point, own.TrueForAll(static line => line.IsWithinObjective),
                incidents.GetValueOrDefault(service.Id), attainment.TryGetValue(service.Id, out var share) ? share : null, window?.Start, window is not null && window.Start <= now);
        }
    }
}
