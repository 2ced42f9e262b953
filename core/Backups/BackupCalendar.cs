using Maintenance.Time;
using NodaTime;
using NodaTime.Extensions;

namespace Maintenance.Backups;

/// <summary>What became of a policy's backups on a day: the best of what was taken, and whether anything is amiss beside it.</summary>
public enum BackupDayState
{
    /// <summary>Nothing was due and nothing was taken.</summary>
    NothingDue,

    /// <summary>As often as was due, all of them proven.</summary>
    Proven,

    /// <summary>Something was proven; something else of the day failed, is not proven, or was never taken.</summary>
    Gaps,

    /// <summary>The only one is under way.</summary>
    Running,

    /// <summary>Taken, and none of them proven.</summary>
    Unproven,

    /// <summary>Tried, and nothing that restores is there: it failed, or was found damaged later.</summary>
    Failed,

    /// <summary>Due, and nothing was taken.</summary>
    Missed,

    /// <summary>There are more runs than were looked at, and this day is before them.</summary>
    Unknown,
}

/// <summary>A day of a policy.</summary>
/// <param name="Date">The date in the plan's zone.</param>
/// <param name="State">What became of it.</param>
/// <param name="Due">How many the schedule asked for, counted to <see cref="BackupCalendars.MostDue"/> at most. What is still to come is not among them.</param>
/// <param name="Proven">How many are proven.</param>
/// <param name="Unproven">How many were taken and are not proven.</param>
/// <param name="Failed">How many failed, or were found damaged.</param>
/// <param name="Running">How many are under way: 0 or 1.</param>
/// <param name="Missed">By how many fewer were taken than were due.</param>
/// <param name="Bytes">The size of the day's last snapshot in bytes; null where there is none.</param>
/// <param name="TakenBytes">The sizes of all its snapshots together, in bytes.</param>
/// <param name="NewBytes">How many of those had not been stored before.</param>
/// <param name="StoredBytes">What storing them took, in bytes.</param>
public sealed record BackupDay(
    DateOnly Date, BackupDayState State, int Due, int Proven, int Unproven, int Failed, int Running, int Missed, long? Bytes, long TakenBytes, long NewBytes, long StoredBytes);

/// <summary>The days of a policy, oldest first.</summary>
/// <param name="Policy">Its id.</param>
/// <param name="TimeZone">The IANA id of the zone of the days.</param>
/// <param name="Days">The days; the last one is today.</param>
public sealed record BackupCalendar(string Policy, string TimeZone, IReadOnlyList<BackupDay> Days);

/// <summary>What became of a policy's backups day by day. Pure: the schedule's occurrences and the runs in, days out.</summary>
public static class BackupCalendars
{
    /// <summary>Occurrences of a day are counted up to here: as many as every five minutes has. A schedule of every second must not be walked for weeks.</summary>
    public const int MostDue = 288;

    /// <summary>An occurrence that is this old and has no run was missed; a younger one may only not have been begun yet.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>The days of a policy up to today. A run belongs to the day, in the plan's zone, of the occurrence that it is for.</summary>
    /// <param name="policy">The policy. Its schedule of today counts for the past as well: an earlier one is not known.</param>
    /// <param name="status">What is known of it; null before the first look, when nothing has been due.</param>
    /// <param name="runs">Its runs, in any order; those of other days do not count.</param>
    /// <param name="known">From where on all runs are among those (UTC); null for all.</param>
    /// <param name="zone">The plan's zone.</param>
    /// <param name="now">The instant of the look (UTC).</param>
    /// <param name="days">How many days, from 1.</param>
    public static BackupCalendar Of(
        BackupPolicy policy, BackupStatus? status, IReadOnlyCollection<BackupRun> runs, DateTimeOffset? known, DateTimeZone zone, DateTimeOffset now, int days)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(zone);
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        var today = now.ToInstant().InZone(zone).Date;
        var byDate = runs.ToLookup(run => run.Occurrence.ToInstant().InZone(zone).Date);
        var list = new List<BackupDay>(days);
        for (var date = today.PlusDays(1 - days); date <= today; date = date.PlusDays(1))
        {
            var (start, end) = (StartOf(date, zone), StartOf(date.PlusDays(1), zone));
            list.Add(Day(date, [.. byDate[date]], start < known, Due(policy, status, date, start, end, zone, now)));
        }

        return new BackupCalendar(policy.Id, zone.Id, list);
    }

    /// <summary>Where a look back over some days begins: the start of the first of them in the plan's zone (UTC).</summary>
    public static DateTimeOffset Start(DateTimeZone zone, DateTimeOffset now, int days)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return StartOf(now.ToInstant().InZone(zone).Date.PlusDays(1 - days), zone);
    }

    private static DateTimeOffset StartOf(LocalDate date, DateTimeZone zone) => WallClock.ToInstant(date.AtMidnight(), zone).ToDateTimeOffset();

    private static int Due(BackupPolicy policy, BackupStatus? status, LocalDate date, DateTimeOffset start, DateTimeOffset end, DateTimeZone zone, DateTimeOffset now)
    {
        if (status is null || policy.Paused?.Since <= date)
        {
            return 0;
        }

        // While one is under way, what has come due since it began waits for its end.
        var decided = status.Running is null && now - Patience > status.ConsideredUpTo ? now - Patience : status.ConsideredUpTo;

        // An occurrence at midnight is the first of its day, and spans leave their beginning out.
        var from = start.AddTicks(-1) < status.Since ? status.Since : start.AddTicks(-1);
        var upTo = end.AddTicks(-1) < decided ? end.AddTicks(-1) : decided;
        return policy.Schedule.Between(from, upTo, zone).Take(MostDue).Count();
    }

    private static BackupDay Day(LocalDate date, List<BackupRun> runs, bool isUnknown, int due)
    {
        var states = runs.CountBy(static run => run.DamagedAt is null ? run.State : BackupRunState.Failed).ToDictionary();
        int Count(BackupRunState state) => states.GetValueOrDefault(state);
        var (proven, unproven, failed, running) = (Count(BackupRunState.Proven), Count(BackupRunState.Unproven), Count(BackupRunState.Failed), Count(BackupRunState.Running));
        var missed = isUnknown ? 0 : Math.Max(0, due - runs.Count);
        var state = isUnknown ? BackupDayState.Unknown
            : proven > 0 ? (unproven + failed + missed == 0 ? BackupDayState.Proven : BackupDayState.Gaps)
            : running > 0 ? BackupDayState.Running
            : unproven > 0 ? BackupDayState.Unproven
            : failed > 0 ? BackupDayState.Failed
            : missed > 0 ? BackupDayState.Missed
            : BackupDayState.NothingDue;
        return new BackupDay(
            date.ToDateOnly(),
            state,
            due,
            proven,
            unproven,
            failed,
            running,
            missed,
            runs.Where(static run => run.RecoveryPoint is not null).MaxBy(static run => (run.RecoveryPoint, run.Id))?.Bytes,
            runs.Sum(static run => run.Bytes),
            runs.Sum(static run => run.NewBytes),
            runs.Sum(static run => run.StoredBytes));
    }
}
