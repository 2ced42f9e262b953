using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Backups;

/// <summary>Reads what became of policies day by day.</summary>
public sealed class BackupCalendarService(IRecordStore records, BackupService backups, ActivePlan plan, TimeProvider time)
{
    /// <summary>Runs of so many days at most.</summary>
    public const int MostDays = 366;

    /// <summary>The last days of a policy. Reads so many runs and no more; the days before them are unknown then.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="days">How many days, today among them: 1 to <see cref="MostDays"/>.</param>
    /// <param name="mostRuns">How many runs at most.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<BackupCalendar> ReadAsync(BackupPolicy policy, int days, int mostRuns, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(policy);
        days = Math.Clamp(days, 1, MostDays);
        var (now, zone) = (time.GetUtcNow(), plan.Current.System.TimeZone);
        var first = BackupCalendars.Start(zone, now, days);
        var runs = new List<BackupRun>();
        DateTimeOffset? known = null;

        // A run that was asked for in a second that was taken may be for one that is still to come.
        var end = now.AddMinutes(5);
        for (var window = TimeSpan.FromDays(2); end > first; window *= 3)
        {
            var start = end - window < first ? first : end - window;
            var range = new RowRange(Row(policy, start), Row(policy, end), mostRuns - runs.Count + 1);
            var found = await records.ListAsync<BackupRun>(Tables.Backups, policy.Id, range, cancellation).Select(static row => row.Value).ToListAsync(cancellation);
            if (runs.Count + found.Count > mostRuns)
            {
                known = end;
                break;
            }

            runs.AddRange(found);
            end = start;
        }

        return BackupCalendars.Of(policy, await backups.StatusAsync(policy.Id, cancellation), runs, known, zone, now, days);
    }

    private static string Row(BackupPolicy policy, DateTimeOffset at) => BackupService.RunRow(BackupPlanning.RunId(policy.Id, at));
}
