using System.Globalization;
using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Backups;

/// <summary>A backup that is due.</summary>
/// <param name="Occurrence">The instant that it is for (UTC).</param>
/// <param name="Trigger">Why.</param>
public sealed record DueBackup(DateTimeOffset Occurrence, BackupTrigger Trigger);

/// <summary>When a backup is due. Pure: a policy, what is known and an instant in, a decision out.</summary>
public static class BackupPlanning
{
    /// <summary>
    /// The backup that is due, or null. In this order: an occurrence of the schedule since the last look (however many were missed, once); no proven backup
    /// yet; the newest proven recovery point older than the RPO. The last two wait after failures (5 minutes, doubling up to an hour), the schedule never does.
    /// Nothing is due while a run is under way.
    /// </summary>
    /// <param name="policy">The policy.</param>
    /// <param name="recoveryPoint">The RPO of its service.</param>
    /// <param name="status">What is known; null before the first look.</param>
    /// <param name="zone">The plan's zone.</param>
    /// <param name="now">The instant of the look (UTC).</param>
    public static DueBackup? Due(BackupPolicy policy, TimeSpan recoveryPoint, BackupStatus? status, DateTimeZone zone, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (status is null)
        {
            return new DueBackup(Second(now), BackupTrigger.NeverProven);
        }

        if (status.Running is not null)
        {
            return null;
        }

        if (policy.Schedule.Latest(status.ConsideredUpTo, now, zone) is { } occurrence)
        {
            return new DueBackup(occurrence, BackupTrigger.Schedule);
        }

        if (status.Failures > 0 && status.Latest?.EndedAt + RetryAfter(status.Failures) > now)
        {
            return null;
        }

        return status.Proven?.RecoveryPoint is not { } point ? new DueBackup(Second(now), BackupTrigger.NeverProven)
            : now - point > recoveryPoint ? new DueBackup(Second(now), BackupTrigger.RecoveryPoint)
            : null;
    }

    /// <summary>How long an unscheduled backup waits after this many failures in a row: 5 minutes, doubling, at most an hour.</summary>
    public static TimeSpan RetryAfter(int failures) => TimeSpan.FromMinutes(Math.Min(60, 5 * Math.Pow(2, Math.Clamp(failures - 1, 0, 10))));

    /// <summary>The status once a run has been claimed.</summary>
    public static BackupStatus Claimed(BackupStatus? status, BackupRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return (status ?? new BackupStatus(run.ClaimedAt, run.ClaimedAt, null, null, null, 0)) with { ConsideredUpTo = run.ClaimedAt, Running = run };
    }

    /// <summary>The status once a run has ended. A run that is not the one under way changes nothing.</summary>
    public static BackupStatus Ended(BackupStatus status, BackupRun run)
    {
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(run);
        return status.Running?.Id != run.Id
            ? status
            : status with
            {
                Running = null,
                Latest = run,
                Proven = run.State == BackupRunState.Proven ? run : status.Proven,
                Failures = run.State == BackupRunState.Proven ? 0 : status.Failures + 1,
            };
    }

    /// <summary>The id of a run and of its snapshot.</summary>
    public static string RunId(string policy, DateTimeOffset occurrence) =>
        $"{policy}_{occurrence.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";

    private static DateTimeOffset Second(DateTimeOffset instant) => instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerSecond)).ToUniversalTime();
}
