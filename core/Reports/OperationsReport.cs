namespace Maintenance.Reports;

/// <summary>A month at a glance. Shares are 0 to 1; null where nothing is known.</summary>
/// <param name="Month">The month; empty for all of them together.</param>
/// <param name="Response">How often a ticket that was opened in it was answered in time.</param>
/// <param name="Resolution">How often it was resolved in time.</param>
/// <param name="Availability">How available services were.</param>
/// <param name="Backups">How many backups were taken and proven.</param>
/// <param name="WithinRecoveryPoint">For how much of the time the newest proven recovery point was within the RPO.</param>
/// <param name="DrillsPassed">So many drills passed.</param>
/// <param name="DrillsFailed">So many did not.</param>
/// <param name="Opened">So many tickets were opened.</param>
/// <param name="Resolved">So many were resolved.</param>
/// <param name="Backlog">So many were not resolved at its end.</param>
public sealed record OperationsMonth(
    string Month, double? Response, double? Resolution, double? Availability, double? Backups, double? WithinRecoveryPoint, int DrillsPassed, int DrillsFailed, int Opened, int Resolved, int Backlog);

/// <summary>How things stand, for whoever answers for them.</summary>
/// <param name="From">The first month.</param>
/// <param name="To">The last one.</param>
/// <param name="Months">By month.</param>
/// <param name="Total">All of them together.</param>
public sealed record OperationsReport(string From, string To, IReadOnlyList<OperationsMonth> Months, OperationsMonth Total)
{
    /// <summary>The overview of the other reports. Pure.</summary>
    /// <param name="months">The months, which all of them have.</param>
    /// <param name="tickets">Tickets by the month of their opening; more months than these do no harm.</param>
    /// <param name="availability">Availability.</param>
    /// <param name="backups">Backups.</param>
    /// <param name="drills">Drills.</param>
    /// <param name="work">Workload.</param>
    public static OperationsReport Of(
        IReadOnlyList<ReportMonth> months, IReadOnlyList<TicketMonth> tickets, AvailabilityReport availability, BackupReport backups, DrillReport drills, WorkloadReport work)
    {
        ArgumentNullException.ThrowIfNull(months);
        ArgumentNullException.ThrowIfNull(tickets);
        ArgumentNullException.ThrowIfNull(availability);
        ArgumentNullException.ThrowIfNull(backups);
        ArgumentNullException.ThrowIfNull(drills);
        ArgumentNullException.ThrowIfNull(work);
        var own = months.Select(month => tickets.FirstOrDefault(one => one.Month == month.Name)).ToList();
        return new OperationsReport(
            months[0].Name,
            months[^1].Name,
            [.. months.Select((month, at) => Of(month.Name, [own[at]], availability.Overall.Months[at], backups.Overall.Months[at], drills.Months[at], work.Months[at].Opened, work.Months[at].Resolved, work.Months[at].Backlog))],
            Of("", own, availability.Overall.Total, backups.Overall.Total, drills.Total, work.Months.Sum(static one => one.Opened), work.Months.Sum(static one => one.Resolved), work.Months[^1].Backlog));
    }

    private static OperationsMonth Of(string month, IReadOnlyList<TicketMonth?> tickets, AvailabilityCell availability, BackupCell backups, DrillCell drills, int opened, int resolved, int backlog) => new(
        month, Share(tickets.Select(static one => one?.Response)), Share(tickets.Select(static one => one?.Resolution)), availability.Share, backups.Success, backups.Cover, drills.Passed, drills.Failed, opened, resolved, backlog);

    private static double? Share(IEnumerable<Attainment?> attained)
    {
        var (met, all) = attained.OfType<Attainment>().Aggregate((Met: 0, All: 0), static (sum, one) => (sum.Met + one.Met, sum.All + one.Met + one.Missed));
        return all == 0 ? null : (double)met / all;
    }
}
