using Maintenance.Backups;
using Maintenance.Duties;
using Maintenance.Patches;
using Maintenance.Reports;
using Maintenance.Storage;
using Maintenance.Supplies;
using Maintenance.Tickets;
using NodaTime;

namespace Maintenance.Local.Simulation;

/// <summary>Reads what a simulation came to from the system's own records and reports.</summary>
public static class YearReports
{
    private const int MostMovements = 100_000;

    /// <summary>The report up to now.</summary>
    public static async Task<YearReport> ReadAsync(Simulation simulation, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(simulation);
        var (system, plan, now) = (simulation.System, simulation.Plan, simulation.Now);

        // The end is the first instant that no longer belongs to it.
        var (first, last) = (simulation.Terms.From, simulation.Terms.To.AddTicks(-1));
        var (from, to) = (TicketFact.MonthOf(plan, first), TicketFact.MonthOf(plan, last));
        var operations = system.Get<OperationsReportService>();
        var tickets = await system.Get<TicketService>().ListAsync(0, cancellation).ToListAsync(cancellation);
        var runs = new List<BackupRun>();
        foreach (var policy in plan.Backups)
        {
            runs.AddRange(await system.Get<BackupService>().RunsAsync(policy.Id, cancellation).ToListAsync(cancellation));
        }

        var supplies = new List<YearSupply>();
        foreach (var standing in await system.Get<SupplyService>().ListAsync(cancellation))
        {
            var newestFirst = await system.Get<SupplyService>().MovementsAsync(standing.Item.Id, int.MaxValue, MostMovements, cancellation);
            supplies.Add(YearReporting.Supply(standing, [.. newestFirst.Reverse()]));
        }

        var patches = await system.Get<PatchService>().ListAsync(cancellation).ToListAsync(cancellation);
        var drills = (await operations.DrillsAsync(from, to, cancellation)).Total;
        var duties = YearReporting.Duties(plan, await DutiesAsync(system, from, to, cancellation), now);
        return new YearReport(plan.System.Name, plan.System.TimeZone.Id, Date(plan, first), Date(plan, last))
        {
            Tickets = YearReporting.Tickets(plan, tickets, now),
            Services = YearReporting.Services(await operations.AvailabilityAsync(from, to, cancellation)),
            Backups = YearReporting.Backups(await operations.BackupsAsync(from, to, cancellation), runs.ToLookup(static run => run.Policy, StringComparer.Ordinal)),
            Drills = drills,
            Duties = duties,
            Supplies = supplies,
            Patches = YearReporting.Patches(patches, now),
            Unassigned = tickets.Count(static ticket => ticket.Assignee is null),
            People = YearReporting.People(plan, tickets, now),
            Work = YearReporting.Work(tickets, duties, patches.Sum(static patch => patch.Events.Count(static one => one.Kind == ApprovalEventKind.Vote))),
            Outside = new YearOutside(system.Outside.Mails, system.Outside.Webhooks, system.Outside.Notices, system.Outside.Actions),
            Failures = [.. simulation.Failures.Select(static failure => $"{failure.At:yyyy-MM-dd HH:mm:ss'Z'} {failure.What}: {failure.Error}")],
        };
    }

    /// <summary>What was due in these months, month by month as the sweep has filed it.</summary>
    private static async Task<IReadOnlyList<DutyFact>> DutiesAsync(SimulatedSystem system, string from, string to, CancellationToken cancellation)
    {
        var facts = new List<DutyFact>();
        foreach (var month in TicketReporting.Months(from, to))
        {
            facts.AddRange(await system.Get<IRecordStore>().ListAsync<DutyFact>(Tables.Duties, "_month_" + month, RowRange.All, cancellation).Select(static row => row.Value).ToListAsync(cancellation));
        }

        return facts;
    }

    private static string Date(Plan.OperationsPlan plan, DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(plan.System.TimeZone).Date.ToString("uuuu-MM-dd", null);
}
