using Maintenance.Monitoring.Incidents;
using Maintenance.Monitoring.Probes;
using Maintenance.Plan;
using Maintenance.Reports;
using Maintenance.Windows;
using NodaTime;

namespace Maintenance.Monitoring.Availability;

/// <summary>What the probes of a service measured.</summary>
/// <param name="Service">Its id.</param>
/// <param name="Down">When it was down, merged; planned work not yet taken out.</param>
/// <param name="Unmeasured">When none of its probes knew anything, merged.</param>
/// <param name="Outages">Its incidents, in order of time.</param>
public sealed record ServiceMeasure(string Service, IReadOnlyList<Stretch> Down, IReadOnlyList<Stretch> Unmeasured, IReadOnlyList<ProbeIncident> Outages)
{
    /// <summary>The first sample of any of its probes (UTC): what was before it nobody measured. Null where none was ever taken.</summary>
    public DateTimeOffset? MeasuredSince { get; init; }
}

/// <summary>What one probe measured.</summary>
/// <param name="Probe">The probe.</param>
/// <param name="State">As it stands; null before its first sample.</param>
/// <param name="Gaps">The times of which it knows nothing, between its first sample and its last.</param>
/// <param name="Incidents">Its incidents, the open one too.</param>
public sealed record ProbeHistory(Probe Probe, ProbeState? State, IReadOnlyList<ProbeGap> Gaps, IReadOnlyList<ProbeIncident> Incidents);

/// <summary>How available a service was in some time.</summary>
/// <param name="Agreed">The time that it had to be there, planned work taken out, so far as it was measured.</param>
/// <param name="Down">How much of it it was not.</param>
/// <param name="Unmeasured">Agreed time that counts neither way, since nothing was measured.</param>
/// <param name="Outages">So many incidents fall into the agreed time.</param>
public sealed record MeasuredTime(TimeSpan Agreed, TimeSpan Down, TimeSpan Unmeasured, int Outages)
{
    /// <summary>One minus down over agreed, 0 to 1; null where nothing was measured.</summary>
    public double? Share => Agreed > TimeSpan.Zero ? 1 - (Down / Agreed) : null;
}

/// <summary>Availability from what probes measured. Pure.</summary>
public static class Measuring
{
    /// <summary>The time in which a service has to be there: its calendar, without the maintenance windows in their true length.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="calendar">The id of the calendar; null for always.</param>
    /// <param name="from">The first instant (UTC).</param>
    /// <param name="to">The first instant after it (UTC).</param>
    public static IReadOnlyList<Stretch> Agreed(OperationsPlan plan, string? calendar, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (from >= to)
        {
            return [];
        }

        var end = Instant.FromDateTimeOffset(to);
        IReadOnlyList<Stretch> hours = calendar is null
            ? [new Stretch(from, to)]
            : Stretches.Merge(plan.Calendar(calendar).Spans(Instant.FromDateTimeOffset(from)).TakeWhile(span => span.Start < end).Select(span => new Stretch(span.Start.ToDateTimeOffset(), span.End < end ? span.End.ToDateTimeOffset() : to)));
        return Stretches.Without(hours, Planned(plan, from, to));
    }

    /// <summary>
    /// The maintenance windows in which services may be down by plan and that overlap a time, each whole, merged. Only those that the plan names for it: that changes may be made
    /// in a window is no reason to sleep through an outage in it.
    /// </summary>
    public static IReadOnlyList<Stretch> Planned(OperationsPlan plan, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Monitoring.QuietIn.Count == 0 ? [] : Stretches.Merge(WindowCalendar.Between(plan.Windows, plan.System.TimeZone, plan.Monitoring.QuietIn, from, to).Select(static piece => new Stretch(piece.Start, piece.End)));
    }

    /// <summary>What the probes of a service measured up to an instant. It is down while one of them is, and unmeasured while none knows anything.</summary>
    /// <param name="service">The id of the service.</param>
    /// <param name="probes">The probes of the service.</param>
    /// <param name="now">The instant (UTC).</param>
    public static ServiceMeasure Of(string service, IReadOnlyCollection<ProbeHistory> probes, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(probes);
        var all = new Stretch(DateTimeOffset.MinValue, now);
        var unknown = probes.Select(history => Unknown(history, now)).ToList();
        var down = probes.Zip(unknown, (history, gaps) => Stretches.Without(Stretches.Merge(history.Incidents.Select(one => new Stretch(one.From, one.To ?? now))), gaps));
        var unmeasured = unknown.Aggregate((IReadOnlyList<Stretch>)[all], Stretches.Both);
        return new ServiceMeasure(service, Stretches.Merge(down.SelectMany(static one => one)), unmeasured, [.. probes.SelectMany(static history => history.Incidents).OrderBy(static one => one.From)])
        {
            MeasuredSince = probes.Select(static history => history.State?.FirstAt).Min(),
        };
    }

    /// <summary>How available a service was in its agreed time.</summary>
    /// <param name="measure">What was measured.</param>
    /// <param name="agreed">Its agreed time, merged, as far as it has passed.</param>
    /// <param name="now">The instant (UTC); what is still down is down until now.</param>
    public static MeasuredTime In(ServiceMeasure measure, IReadOnlyList<Stretch> agreed, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(measure);
        var known = Stretches.Without(agreed, measure.Unmeasured);
        var down = Stretches.Both(known, measure.Down);
        var outages = Stretches.Merge(measure.Outages.Select(one => new Stretch(one.From, one.To ?? now))).Count(outage => Stretches.Both(known, [outage]).Count > 0);
        return new MeasuredTime(Stretches.Length(known), Stretches.Length(down), Stretches.Length(agreed) - Stretches.Length(known), outages);
    }

    /// <summary>What a probe knows nothing of, up to an instant: before its first sample, its gaps, and a silence that lasts.</summary>
    private static IReadOnlyList<Stretch> Unknown(ProbeHistory history, DateTimeOffset now)
    {
        if (history.State is not { } state)
        {
            return [new Stretch(DateTimeOffset.MinValue, now)];
        }

        var silent = now - state.LastAt > history.Probe.Silence ? [new Stretch(state.LastAt + history.Probe.Every, now)] : Array.Empty<Stretch>();
        return Stretches.Merge([new Stretch(DateTimeOffset.MinValue, state.FirstAt), .. history.Gaps.Select(static gap => new Stretch(gap.From, gap.To)), .. silent]);
    }
}
