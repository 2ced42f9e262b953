using Maintenance.Backups;

namespace Maintenance.Reports;

/// <summary>What a report counts of the backups that a policy took in a month.</summary>
/// <param name="Month">The month of their occurrence, in the plan's zone.</param>
/// <param name="Proven">So many were taken and proven.</param>
/// <param name="Unproven">So many were taken, and are incomplete or not equal to what was read.</param>
/// <param name="Failed">So many were not taken.</param>
/// <param name="Points">The recovery points that were proven.</param>
public sealed record BackupMonth(string Month, int Proven, int Unproven, int Failed, IReadOnlyList<ProvenPoint> Points)
{
    /// <summary>Counts runs.</summary>
    public static BackupMonth Of(string month, IEnumerable<BackupRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var (proven, unproven, failed, points) = (0, 0, 0, new List<ProvenPoint>());
        foreach (var run in runs)
        {
            proven += run.State == BackupRunState.Proven ? 1 : 0;
            unproven += run.State == BackupRunState.Unproven ? 1 : 0;
            failed += run.State == BackupRunState.Failed ? 1 : 0;
            // From its first proof on: a later one, of an older snapshot, takes nothing back of the time in which one could rely on it.
            if (run is { State: BackupRunState.Proven, RecoveryPoint: { } point } && (run.FirstProvenAt ?? run.EndedAt) is { } at)
            {
                points.Add(new ProvenPoint(point, at));
            }
        }

        return new BackupMonth(month, proven, unproven, failed, points);
    }
}

/// <summary>How the backups of a policy went in some time.</summary>
/// <param name="Month">The month; empty for all of them together.</param>
/// <param name="Proven">So many were taken and proven.</param>
/// <param name="Unproven">So many were taken, and are incomplete or not equal to what was read.</param>
/// <param name="Failed">So many were not taken.</param>
/// <param name="Success">Proven over all that ended, 0 to 1; null where none did.</param>
/// <param name="Observed">The time over which the recovery point was looked at.</param>
/// <param name="Within">How much of it the newest proven recovery point was within the service's RPO.</param>
/// <param name="Cover">The same as a share, 0 to 1; null where there was nothing to look at.</param>
public sealed record BackupCell(string Month, int Proven, int Unproven, int Failed, double? Success, TimeSpan Observed, TimeSpan Within, double? Cover);

/// <summary>The backups of a policy.</summary>
/// <param name="Policy">Its id.</param>
/// <param name="Service">The id of its service.</param>
/// <param name="RecoveryPoint">The service's RPO; null where the plan has no such service.</param>
/// <param name="Months">By month.</param>
/// <param name="Total">All of them together.</param>
public sealed record BackupReportLine(string Policy, string Service, TimeSpan? RecoveryPoint, IReadOnlyList<BackupCell> Months, BackupCell Total);

/// <summary>How backups went.</summary>
/// <param name="From">The first month.</param>
/// <param name="To">The last one.</param>
/// <param name="Lines">A line for each policy, in the plan's order.</param>
/// <param name="Overall">All of them together.</param>
/// <param name="Formulas">What each figure means.</param>
public sealed record BackupReport(string From, string To, IReadOnlyList<BackupReportLine> Lines, BackupReportLine Overall, IReadOnlyList<string> Formulas);

/// <summary>Reports on backups. Pure.</summary>
public static class BackupReporting
{
    /// <summary>What each figure means.</summary>
    public static IReadOnlyList<string> Formulas { get; } =
    [
        "Success = proven / (proven + unproven + failed). A backup is proven once it was restored and found equal; one that still runs is not counted.",
        "Within RPO = the share of the time in which the newest proven recovery point was no older than the service's RPO, from when the policy was first looked after.",
        "A backup counts in the month for which it was due. One that was dropped later, by retention, still counts.",
    ];

    /// <summary>The report of one policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="objective">The RPO of its service, or null.</param>
    /// <param name="months">The months.</param>
    /// <param name="counts">What was counted, of the same months and of some before.</param>
    /// <param name="since">Since when the policy is looked after (UTC); null where it is not yet.</param>
    /// <param name="now">When (UTC).</param>
    public static BackupReportLine Line(
        BackupPolicy policy, TimeSpan? objective, IReadOnlyList<ReportMonth> months, IReadOnlyList<BackupMonth> counts, DateTimeOffset? since, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(months);
        List<ProvenPoint> points = [.. counts.SelectMany(static count => count.Points)];
        var cells = months.Select(month =>
        {
            var count = counts.FirstOrDefault(one => one.Month == month.Name) ?? new BackupMonth(month.Name, 0, 0, 0, []);
            var (from, to) = (since > month.From ? since.Value : month.From, now < month.To ? now : month.To);
            var observed = since is null || objective is null || from >= to ? TimeSpan.Zero : to - from;
            return Cell(month.Name, count.Proven, count.Unproven, count.Failed, observed, observed > TimeSpan.Zero ? RecoveryPointCover.Within(points, objective!.Value, from, to) : TimeSpan.Zero);
        }).ToList();
        return new BackupReportLine(policy.Id, policy.Service, objective, cells, Sum("", cells));
    }

    /// <summary>The report of all.</summary>
    public static BackupReport Of(IReadOnlyList<ReportMonth> months, IReadOnlyList<BackupReportLine> lines)
    {
        ArgumentNullException.ThrowIfNull(months);
        ArgumentNullException.ThrowIfNull(lines);
        var cells = months.Select((month, at) => Sum(month.Name, lines.Select(line => line.Months[at]))).ToList();
        return new BackupReport(months[0].Name, months[^1].Name, lines, new BackupReportLine("", "", null, cells, Sum("", cells)), Formulas);
    }

    private static BackupCell Sum(string month, IEnumerable<BackupCell> cells)
    {
        var all = cells.ToList();
        return Cell(
            month, all.Sum(static cell => cell.Proven), all.Sum(static cell => cell.Unproven), all.Sum(static cell => cell.Failed),
            all.Aggregate(TimeSpan.Zero, static (sum, cell) => sum + cell.Observed), all.Aggregate(TimeSpan.Zero, static (sum, cell) => sum + cell.Within));
    }

    private static BackupCell Cell(string month, int proven, int unproven, int failed, TimeSpan observed, TimeSpan within) => new(
        month, proven, unproven, failed, proven + unproven + failed == 0 ? null : (double)proven / (proven + unproven + failed), observed, within, observed > TimeSpan.Zero ? within / observed : null);
}
