using Maintenance.Recovery;

namespace Maintenance.Reports;

/// <summary>A drill or a recovery that is over.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">For real, or a drill.</param>
/// <param name="Strategy">The strategy.</param>
/// <param name="Service">The id of the service.</param>
/// <param name="Month">The month in which it was over, in the plan's zone.</param>
/// <param name="ClosedAt">When it was over (UTC).</param>
/// <param name="IsPassed">True where it ended well and kept every objective that could be measured; null for one that somebody ended, which says nothing.</param>
/// <param name="RecoveryTime">What was achieved against the RTO; null where it was not measured.</param>
/// <param name="RecoveryPoint">What was achieved against the RPO; null where it was not measured.</param>
public sealed record DrillLine(
    string Id, RecoveryKind Kind, string Strategy, string Service, string Month, DateTimeOffset ClosedAt, bool? IsPassed, Measure? RecoveryTime, Measure? RecoveryPoint)
{
    /// <summary>The line of a recovery; null while it is not over.</summary>
    /// <param name="run">The recovery.</param>
    /// <param name="month">Names the month of an instant.</param>
    public static DrillLine? Of(RecoveryRun run, Func<DateTimeOffset, string> month)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(month);
        return run.ClosedAt is not { } closed ? null : new DrillLine(
            run.Id, run.Kind, run.Script.Strategy, run.Service, month(closed), closed,
            run.State is RecoveryState.Aborted or RecoveryState.Rejected ? null : run.State == RecoveryState.Completed && run.Measures?.IsPassed != false,
            run.Measures?.RecoveryTime, run.Measures?.RecoveryPoint);
    }
}

/// <summary>The drills of a month.</summary>
/// <param name="Month">The month; empty for all of them together.</param>
/// <param name="Passed">So many drills passed.</param>
/// <param name="Failed">So many did not.</param>
/// <param name="Recoveries">So many recoveries there were for real.</param>
/// <param name="Share">Passed over passed and failed, 0 to 1; null where there is neither.</param>
public sealed record DrillCell(string Month, int Passed, int Failed, int Recoveries, double? Share);

/// <summary>How drills and recoveries went.</summary>
/// <param name="From">The first month.</param>
/// <param name="To">The last one.</param>
/// <param name="Months">By month.</param>
/// <param name="Total">All of them together.</param>
/// <param name="Lines">Each of them, newest first; so many as fit on a page.</param>
/// <param name="Left">So many more there were.</param>
public sealed record DrillReport(string From, string To, IReadOnlyList<DrillCell> Months, DrillCell Total, IReadOnlyList<DrillLine> Lines, int Left);

/// <summary>Reports on drills. Pure.</summary>
public static class DrillReporting
{
    /// <summary>So many drills and recoveries are listed.</summary>
    public const int MostLines = 100;

    /// <summary>The report.</summary>
    /// <param name="months">The months.</param>
    /// <param name="lines">What was over, in any order; what falls into other months is left out.</param>
    public static DrillReport Of(IReadOnlyList<ReportMonth> months, IEnumerable<DrillLine> lines)
    {
        ArgumentNullException.ThrowIfNull(months);
        ArgumentNullException.ThrowIfNull(lines);
        var names = months.Select(static month => month.Name).ToHashSet(StringComparer.Ordinal);
        var own = lines.Where(line => names.Contains(line.Month)).OrderByDescending(static line => line.ClosedAt).ToList();
        return new DrillReport(
            months[0].Name, months[^1].Name, [.. months.Select(month => Cell(month.Name, own.Where(line => line.Month == month.Name)))], Cell("", own), [.. own.Take(MostLines)], Math.Max(0, own.Count - MostLines));
    }

    private static DrillCell Cell(string month, IEnumerable<DrillLine> lines)
    {
        var all = lines.ToList();
        var (passed, failed) = (all.Count(static line => line is { Kind: RecoveryKind.Drill, IsPassed: true }), all.Count(static line => line is { Kind: RecoveryKind.Drill, IsPassed: false }));
        return new DrillCell(month, passed, failed, all.Count(static line => line.Kind == RecoveryKind.Recovery), passed + failed == 0 ? null : (double)passed / (passed + failed));
    }
}
