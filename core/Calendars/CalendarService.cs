using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Resources;
using Maintenance.Rollouts;
using NodaTime;

namespace Maintenance.Calendars;

/// <summary>Reads the maintenance calendar of the plan that runs.</summary>
public sealed class CalendarService(ActivePlan plan, AbsenceService absences, RolloutService rollouts, PatchService patches, DrillService drills, TimeProvider time)
{
    /// <summary>So many rollouts and reviews are looked at: what is under way, and owed, at the same time.</summary>
    private const int MostRecords = 200;

    /// <summary>What is planned on some local dates of the plan's zone.</summary>
    /// <param name="from">The first date.</param>
    /// <param name="to">The last one.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<PlannedWork> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        var current = await absences.PlanOnAsync(LocalDate.FromDateOnly(from), cancellation);
        var known = new Dictionary<string, DrillStatus>(StringComparer.Ordinal);
        foreach (var strategy in current.Recovery.Strategies.Where(static strategy => strategy.Drills is not null))
        {
            if (await drills.StatusAsync(strategy.Id, cancellation) is { } status)
            {
                known[strategy.Id] = status;
            }
        }

        return MaintenanceCalendar.Of(
            current,
            new CalendarFacts(
                await rollouts.ListOpenAsync(cancellation).Take(MostRecords).ToListAsync(cancellation), await patches.ListOwedReviewsAsync(cancellation).Take(MostRecords).ToListAsync(cancellation), known),
            from,
            to);
    }

    /// <summary>The calendar as a feed that programs subscribe to: the month before this one, and six to come.</summary>
    /// <param name="link">Makes a whole address of a path; null for a feed without addresses.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>An iCalendar object (RFC 5545).</returns>
    public async Task<string> FeedAsync(Func<string, Uri>? link, CancellationToken cancellation)
    {
        var state = plan.State;
        var today = Instant.FromDateTimeOffset(time.GetUtcNow()).InZone(state.Plan.System.TimeZone).Date.ToDateOnly();
        var month = new DateOnly(today.Year, today.Month, 1);
        return CalendarFeed.Write(state.Plan, await ReadAsync(month.AddMonths(-1), month.AddMonths(7).AddDays(-1), cancellation), time.GetUtcNow(), link);
    }
}
