using Maintenance.Backups;
using Maintenance.Monitoring;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Storage;

namespace Maintenance.Reports;

/// <summary>Reads the reports on availability, backups, drills and workload. Figures are at most <see cref="MonthCache.Fresh"/> old.</summary>
public sealed class OperationsReportService(IRecordStore records, BackupService backups, RecoveryService recoveries, MonthCache cache, MonitoringService monitoring, ActivePlan plan, TimeProvider time)
{
    /// <summary>So many months before the first are looked at for outages and for recovery points that last into it.</summary>
    private const int MonthsBefore = 3;

    /// <summary>How available services were.</summary>
    /// <param name="from">The first month, such as <c>2026-06</c>.</param>
    /// <param name="to">The last one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FormatException">The months are none, or too many.</exception>
    public async Task<AvailabilityReport> AvailabilityAsync(string from, string to, CancellationToken cancellation)
    {
        var months = ReportMonths.Of(plan.Current, from, to);
        var counts = await TicketsAsync(from, to, MonthsBefore, cancellation);
        return Availability.Of(plan.Current, months, [.. counts.SelectMany(static count => count.Outages)], await KnownSinceAsync(cancellation), time.GetUtcNow(), await monitoring.MeasuresAsync(months[0].From, cancellation));
    }

    /// <summary>How backups went.</summary>
    /// <inheritdoc cref="AvailabilityAsync"/>
    public async Task<BackupReport> BackupsAsync(string from, string to, CancellationToken cancellation)
    {
        var current = plan.Current;
        var months = ReportMonths.Of(current, from, to);
        var lines = new List<BackupReportLine>();
        foreach (var policy in current.Backups)
        {
            var counts = new List<BackupMonth>();
            foreach (var month in Months(ReportMonths.Later(from, -MonthsBefore), to))
            {
                counts.Add(await cache.GetAsync($"backup {policy.Id} {month.Name} {current.System.TimeZone.Id}", IsPast(month), async () =>
                    BackupMonth.Of(month.Name, await backups.RunsAsync(policy.Id, month.From, month.To, cancellation).ToListAsync(cancellation))));
            }

            lines.Add(BackupReporting.Line(
                policy, current.FindService(policy.Service)?.RecoveryPoint, months, counts, (await backups.StatusAsync(policy.Id, cancellation))?.Since, time.GetUtcNow()));
        }

        return BackupReporting.Of(months, lines);
    }

    /// <summary>How drills and recoveries went.</summary>
    /// <inheritdoc cref="AvailabilityAsync"/>
    public async Task<DrillReport> DrillsAsync(string from, string to, CancellationToken cancellation)
    {
        var months = ReportMonths.Of(plan.Current, from, to);
        var current = plan.Current;
        var lines = await cache.GetAsync("drills " + current.System.TimeZone.Id, isPast: false, () =>
            recoveries.ListAsync(cancellation).Select(run => DrillLine.Of(run, at => TicketFact.MonthOf(current, at))).Where(static line => line is not null).Select(static line => line!).ToListAsync(cancellation).AsTask());
        return DrillReporting.Of(months, lines);
    }

    /// <summary>Who had how much to do.</summary>
    /// <param name="from">The first month, such as <c>2026-06</c>.</param>
    /// <param name="to">The last one.</param>
    /// <param name="viewer">The id of the reader: people's figures are for themselves and their leads.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FormatException">The months are none, or too many.</exception>
    public async Task<WorkloadReport> WorkloadAsync(string from, string to, string viewer, CancellationToken cancellation)
    {
        var current = plan.Current;
        var months = ReportMonths.Of(current, from, to);
        return WorkloadReporting.Of(current, months, await TicketsAsync(from, to, WorkloadReporting.MonthsBefore, cancellation), person => TicketReportService.MaySee(current, viewer, person));
    }

    /// <summary>Everything at a glance.</summary>
    /// <inheritdoc cref="AvailabilityAsync"/>
    public async Task<OperationsReport> OverviewAsync(string from, string to, CancellationToken cancellation)
    {
        var current = plan.Current;
        var months = ReportMonths.Of(current, from, to);
        var counts = await TicketsAsync(from, to, WorkloadReporting.MonthsBefore, cancellation);
        var work = WorkloadReporting.Of(current, months, counts, static _ => false);
        return OperationsReport.Of(
            months, counts, await AvailabilityAsync(from, to, cancellation), await BackupsAsync(from, to, cancellation), await DrillsAsync(from, to, cancellation), work);
    }

    private async Task<IReadOnlyList<TicketMonth>> TicketsAsync(string from, string to, int before, CancellationToken cancellation)
    {
        var (current, hash, counts) = (plan.Current, plan.State.Hash, new List<TicketMonth>());
        foreach (var month in Months(ReportMonths.Later(from, -before), to))
        {
            counts.Add(await cache.GetAsync($"tickets {month.Name} {hash}", IsPast(month), async () => TicketMonth.Of(
                current, month.Name, await records.ListAsync<TicketFactKeeper.StoredFact>(Tables.TicketFacts, month.Name, RowRange.All, cancellation).Select(static row => row.Value.Fact).ToListAsync(cancellation))));
        }

        return counts;
    }

    /// <summary>When the first ticket of all was opened: from then on incidents are known.</summary>
    private async Task<DateTimeOffset?> KnownSinceAsync(CancellationToken cancellation)
    {
        var first = await cache.GetAsync("first ticket", isPast: false, async () =>
            new FirstTicket((await records.FindAsync<Tickets.Ticket>(Tables.Tickets, "T-1001", "ticket", cancellation))?.Value.CreatedAt));
        return first.OpenedAt;
    }

    private IEnumerable<ReportMonth> Months(string from, string to) => TicketReporting.Months(from, to).Select(name => ReportMonths.Of(plan.Current.System.TimeZone, name));

    private bool IsPast(ReportMonth month) => month.To < time.GetUtcNow().AddDays(-31);

    private sealed record FirstTicket(DateTimeOffset? OpenedAt);
}
