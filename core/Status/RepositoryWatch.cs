using Maintenance.Backups;
using Maintenance.Backups.Alarms;

namespace Maintenance.Status;

/// <summary>What is known to be wrong with backups besides each policy's own line.</summary>
/// <param name="Alarms">What people are told of.</param>
/// <param name="Concerns">What somebody should do about the repository.</param>
public sealed record RepositoryWatch(IReadOnlyList<BackupAlarm> Alarms, IReadOnlyList<RepositoryConcern> Concerns)
{
    /// <summary>Nothing is wrong.</summary>
    public static RepositoryWatch Quiet { get; } = new([], []);
}
