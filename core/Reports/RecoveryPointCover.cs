namespace Maintenance.Reports;

/// <summary>A proven recovery point.</summary>
/// <param name="Point">The state of the data (UTC).</param>
/// <param name="ProvenAt">When it was proven (UTC): before that nobody could rely on it.</param>
public sealed record ProvenPoint(DateTimeOffset Point, DateTimeOffset ProvenAt);

/// <summary>For how much of a time the newest proven recovery point was within the objective (RPO). Pure.</summary>
public static class RecoveryPointCover
{
    /// <summary>The time in <c>[from, to)</c> at which the newest point that was proven by then was no older than the objective.</summary>
    /// <param name="points">The proven points, in any order; those of before the time count as well.</param>
    /// <param name="objective">The RPO.</param>
    /// <param name="from">The first instant.</param>
    /// <param name="to">The first instant after the time.</param>
    public static TimeSpan Within(IEnumerable<ProvenPoint> points, TimeSpan objective, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(points);

        // A point covers from its proof until it is too old. One that is proven late and is older than another that was proven before adds nothing that is not there.
        var covered = Stretches.Merge(points.Select(point => new Stretch(point.ProvenAt, (point.Point + objective).AddTicks(1))));
        return Stretches.Length(Stretches.Both(covered, from < to ? [new Stretch(from, to)] : []));
    }
}
