using System.Globalization;
using Maintenance.Backups.Retention;
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
    /// Nothing is due while a run is under way, or the policy rests.
    /// </summary>
    /// <param name="policy">The policy.</param>
    /// <param name="recoveryPoint">The RPO of its service.</param>
    /// <param name="status">What is known; null before the first look.</param>
    /// <param name="zone">The plan's zone.</param>
    /// <param name="now">The instant of the look (UTC).</param>
    public static DueBackup? Due(BackupPolicy policy, TimeSpan recoveryPoint, BackupStatus? status, DateTimeZone zone, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(zone);
        if (policy.Paused is { } pause && pause.Since <= Instant.FromDateTimeOffset(now).InZone(zone).Date)
        {
            // Asked for, it is taken all the same; how long it rests is watched by an alarm.
            return null;
        }

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

    /// <summary>What a run is once it has come to a result. Only a whole snapshot that restored without a difference is proven.</summary>
    public static BackupRun Judge(BackupRun run, BackupResult result, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(result);
        string[] problems = [.. result.Taken?.Problems ?? [], .. result.Differences ?? [], .. result.Error is null ? Array.Empty<string>() : [result.Error]];
        var state = result.Taken is null ? BackupRunState.Failed
            : result.Differences is not null && problems.Length == 0 ? BackupRunState.Proven
            : BackupRunState.Unproven;
        return run with
        {
            State = state,
            RecoveryPoint = result.Taken?.RecoveryPoint,
            EndedAt = now,
            Files = result.Taken?.Files ?? 0,
            Bytes = result.Taken?.Bytes ?? 0,
            NewBytes = result.Taken?.NewBytes ?? 0,
            StoredBytes = result.Taken?.StoredBytes ?? 0,
            Source = result.Taken?.Source,
            Entropy = result.Taken?.Entropy,
            Notes = result.Taken?.Notes is { Count: > 0 } notes ? notes : null,
            Problems = problems.Length == 0 ? null : problems,
            ProvenAt = state == BackupRunState.Proven ? now : null,
            FirstProvenAt = state == BackupRunState.Proven ? now : null,
        };
    }

    /// <summary>
    /// A run after a later proof. Without differences it is proven from now on, unless it never was whole; with them it no longer is.
    /// </summary>
    public static BackupRun Reproven(BackupRun run, IReadOnlyList<string> differences, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(differences);
        if (differences.Count > 0)
        {
            return run with { State = BackupRunState.Unproven, Problems = differences, ProvenAt = null };
        }

        return run.State is BackupRunState.Proven or BackupRunState.Unproven && (run.ProvenAt is not null || run.Problems is null)
            ? run with { State = BackupRunState.Proven, ProvenAt = now, FirstProvenAt = run.FirstProvenAt ?? (run.State == BackupRunState.Proven ? run.EndedAt : now), DamagedAt = null }
            : run;
    }

    /// <summary>The run whose last proof is the oldest: so each has its turn, however many come and go between two of them. Null where there is none.</summary>
    public static BackupRun? ProveNext(IEnumerable<BackupRun> proven) => proven.MinBy(static run => (run.ProvenAt ?? run.EndedAt ?? run.ClaimedAt, run.Id));

    /// <summary>The status once a run has become more or less than it was: the newest proven one may be another.</summary>
    public static BackupStatus Reproven(BackupStatus status, BackupRun run)
    {
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(run);
        var isGood = run is { State: BackupRunState.Proven, DamagedAt: null };
        var proven = status.Proven?.Id == run.Id ? (isGood ? run : null)
            : isGood && (status.Proven is null || run.RecoveryPoint > status.Proven.RecoveryPoint) ? run
            : status.Proven;
        return status with { Proven = proven, Latest = status.Latest?.Id == run.Id ? run : status.Latest };
    }

    /// <summary>True where the newest proven snapshot is to be proven again: its proof has lived nine tenths of its time.</summary>
    public static bool IsProofDue(ProofRules rules, BackupRun? proven, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return rules.ExpiresAfter is { } life && proven?.ProvenAt is { } at && now - at >= life * 0.9;
    }

    /// <summary>
    /// A snapshot as the retention rules see it. One that the records do not know (they were lost, or another installation took it) is held: what nobody remembers,
    /// nobody decided to let go. So is one whose run has not ended.
    /// </summary>
    internal static KnownSnapshot Candidate(string id, BackupPolicy policy, BackupRun? run, SnapshotHold? hold)
    {
        var health = run?.DamagedAt is not null ? SnapshotHealth.Corrupt : run?.State == BackupRunState.Proven ? SnapshotHealth.Proven : SnapshotHealth.Unproven;
        var at = run?.RecoveryPoint ?? run?.Occurrence ?? InstantOf(id);
        var isHeld = run is null || run.State == BackupRunState.Running || hold is { Until: null };
        return new KnownSnapshot(new RetentionCandidate(id, run?.Source ?? policy.Source.ToString(), at, health, isHeld, hold?.Until), run, hold);
    }

    /// <summary>The id of a run and of its snapshot.</summary>
    public static string RunId(string policy, DateTimeOffset occurrence) =>
        $"{policy}_{occurrence.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";

    private static DateTimeOffset InstantOf(string id) =>
        DateTimeOffset.TryParseExact(id[(id.LastIndexOf('_') + 1)..], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : DateTimeOffset.UnixEpoch;

    private static DateTimeOffset Second(DateTimeOffset instant) => instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerSecond)).ToUniversalTime();
}

/// <summary>A snapshot before the retention rules, with what is known of it.</summary>
internal sealed record KnownSnapshot(RetentionCandidate Snapshot, BackupRun? Run, SnapshotHold? Hold);
