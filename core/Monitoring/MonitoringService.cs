using System.Globalization;
using Maintenance.Monitoring.Availability;
using Maintenance.Monitoring.Incidents;
using Maintenance.Monitoring.Probes;
using Maintenance.Plan;
using Maintenance.Reports;
using Maintenance.Time;

namespace Maintenance.Monitoring;

/// <summary>Reads what the probes measured. It takes no samples, so that whoever looks for silence by it does not depend on what may be silent.</summary>
public sealed class MonitoringService(ActivePlan plan, ProbeBook book, TimeProvider time)
{
    /// <summary>So many outages of a probe are listed.</summary>
    public const int MostIncidents = 50;

    /// <summary>How far back an outage may have begun, or a silence, that lasts into the time that is looked at.</summary>
    private static readonly TimeSpan LongestLasting = TimeSpan.FromDays(92);

    /// <summary>How everything stands.</summary>
    public async Task<MonitoringReport> ReadAsync(CancellationToken cancellation)
    {
        var (now, current) = (time.GetUtcNow(), plan.Current);
        var open = await book.OpenAsync(cancellation);
        var down = open.Select(static one => one.Service).ToHashSet(StringComparer.Ordinal);
        var lines = new List<WatchedProbe>();
        foreach (var probe in current.Monitoring.Probes)
        {
            lines.Add(await LineAsync(probe, now, cancellation));
        }

        var month = ReportMonths.Of(current.System.TimeZone, TicketFact.MonthOf(current, now));
        var measures = await MeasuresAsync(month.From < now - LongestWindow ? month.From : now - LongestWindow, cancellation);
        var services = new List<WatchedService>();
        foreach (var service in current.Services.Where(service => measures.ContainsKey(service.Id)))
        {
            var (measure, objective) = (measures[service.Id], current.Monitoring.ObjectiveOf(service.Id));
            var own = lines.Where(line => line.Service == service.Id).ToList();
            var agreed = Measuring.Agreed(current, objective?.Calendar, month.From, now);
            services.Add(new WatchedService(
                service.Id,
                service.Name,
                down.Contains(service.Id) ? ProbePhase.Down : own.TrueForAll(static line => line.Phase == ProbePhase.Unknown) ? ProbePhase.Unknown : ProbePhase.Up,
                open.Where(one => one.Service == service.Id).Select(static one => (DateTimeOffset?)one.From).Min(),
                objective?.Percent,
                Measuring.In(measure, agreed, now),
                ErrorBudgets.Of(current, objective, measure, month, now),
                objective?.Percent is null ? null : ErrorBudgets.Alarm(current, objective, measure, now),
                IncidentRules.Upstream(current, service.Id, down)));
        }

        return new MonitoringReport(now, services, lines, [.. open.Where(one => current.Monitoring.Find(one.Probe) is not null)]);
    }

    /// <summary>A probe with its history; null where the plan has none of that id.</summary>
    public async Task<ProbeReport?> ProbeAsync(string id, CancellationToken cancellation)
    {
        var (now, current) = (time.GetUtcNow(), plan.Current);
        if (current.Monitoring.Find(id) is not { } probe)
        {
            return null;
        }

        var hours = await book.HoursAsync(id, now - ProbeBook.HoursKept - TimeSpan.FromDays(1), cancellation);
        var days = await book.DaysAsync(id, now - TimeSpan.FromDays(90), cancellation);
        var recent = hours.GroupBy(static tally => ProbeBook.DayOf(tally.From)).Select(static day => ProbeTally.Sum(day.Key, day));
        var incidents = (await book.IncidentsAsync(probe.Service, now - TimeSpan.FromDays(400), cancellation)).Where(one => one.Probe == id).Reverse().Take(MostIncidents).ToList();
        return new ProbeReport(
            await LineAsync(probe, now, cancellation),
            [.. ProbeRules.ParentsOf(current.Monitoring, probe).Select(static parent => parent.Id)],
            probe.Damping,
            [.. hours.Where(tally => tally.From > now - TimeSpan.FromHours(48)).Select(LatencyLine.Of)],
            [.. days.Concat(recent).GroupBy(static tally => tally.From).Select(static day => LatencyLine.Of(ProbeTally.Sum(day.Key, day))).OrderBy(static line => line.From)],
            incidents,
            [.. (await book.GapsAsync(id, now - TimeSpan.FromDays(90), cancellation)).AsEnumerable().Reverse().Take(MostIncidents)]);
    }

    /// <summary>The outages of all services that began after an instant, or last, the newest first.</summary>
    /// <param name="from">The instant (UTC).</param>
    /// <param name="take">So many at most.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<ProbeIncident>> IncidentsAsync(DateTimeOffset from, int take, CancellationToken cancellation)
    {
        var found = new List<ProbeIncident>(await book.OpenAsync(cancellation));
        foreach (var service in plan.Current.Services)
        {
            found.AddRange(await book.IncidentsAsync(service.Id, from, cancellation));
        }

        return [.. found.DistinctBy(static one => one.Key).OrderByDescending(static one => one.From).Take(take)];
    }

    /// <summary>The outages that last, of probes that the plan has.</summary>
    public async Task<IReadOnlyList<ProbeIncident>> OpenAsync(CancellationToken cancellation) =>
        [.. (await book.OpenAsync(cancellation)).Where(one => plan.Current.Monitoring.Find(one.Probe) is not null)];

    /// <summary>What was measured of each service that has probes, so far as it reaches into the time after an instant.</summary>
    /// <param name="from">The instant (UTC).</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyDictionary<string, ServiceMeasure>> MeasuresAsync(DateTimeOffset from, CancellationToken cancellation)
    {
        var (now, current, measures) = (time.GetUtcNow(), plan.Current, new Dictionary<string, ServiceMeasure>(StringComparer.Ordinal));
        foreach (var group in current.Monitoring.Probes.GroupBy(static probe => probe.Service))
        {
            var incidents = await book.IncidentsAsync(group.Key, from - LongestLasting, cancellation);
            var histories = new List<ProbeHistory>();
            foreach (var probe in group)
            {
                var state = await book.StateAsync(probe.Id, cancellation);

                // What is open is in the state first; its row follows.
                var own = incidents.Where(one => one.Probe == probe.Id).Concat(state?.Unsettled ?? []).GroupBy(static one => one.From).Select(static same => same.FirstOrDefault(static one => one.To is not null) ?? same.First());
                histories.Add(new ProbeHistory(probe, state, await book.GapsAsync(probe.Id, from - LongestLasting, cancellation), [.. own]));
            }

            // Of probes that the plan no longer has, what they found stays found.
            var gone = incidents.Where(one => group.All(probe => probe.Id != one.Probe)).ToList();
            var measure = Measuring.Of(group.Key, histories, now);
            measures[group.Key] = gone.Count == 0 ? measure : measure with
            {
                Down = Stretches.Merge([.. measure.Down, .. gone.Select(one => new Stretch(one.From, one.To ?? one.ConfirmedAt))]),
                Outages = [.. measure.Outages.Concat(gone).OrderBy(static one => one.From)],
            };
        }

        return measures;
    }

    /// <summary>What the watchdog has to know: probes that are silent, and budgets that are spent too fast.</summary>
    /// <param name="since">Since when the plan runs (UTC): a probe that was never taken has as long from there.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<WatchFinding>> FindingsAsync(DateTimeOffset since, CancellationToken cancellation)
    {
        var (now, current, findings) = (time.GetUtcNow(), plan.Current, new List<WatchFinding>());
        foreach (var probe in current.Monitoring.Probes)
        {
            if (Silent(probe, await book.StateAsync(probe.Id, cancellation), since, now) is { } silent)
            {
                findings.Add(silent);
            }
        }

        if (current.Monitoring.Objectives.Any(static objective => objective.Percent is not null))
        {
            var measures = await MeasuresAsync(now - LongestWindow, cancellation);
            findings.AddRange(from objective in current.Monitoring.Objectives
                              where objective.Percent is not null && measures.ContainsKey(objective.Service)
                              let alarm = ErrorBudgets.Alarm(current, objective, measures[objective.Service], now)
                              where alarm is not null
                              select Burning(current, alarm));
        }

        return findings;
    }

    /// <summary>The finding of a probe that is silent; null where it is not.</summary>
    public static WatchFinding? Silent(Probe probe, ProbeState? state, DateTimeOffset since, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(probe);
        if (state is not null && ProbeRules.IsAhead(probe, state.LastAt, now))
        {
            return Finding("has its last sample at an instant that has not come: the clock leapt, and was set right");
        }

        // The plan may have been taken over while the clock was ahead: then that says nothing.
        var known = ProbeRules.IsAhead(probe, since, now) ? DateTimeOffset.MinValue : since;
        var last = state is null || known > state.LastAt ? known : state.LastAt;
        return now - last <= probe.Silence ? null : Finding(state is null ? "has never been taken" : $"has not been taken for {Durations.Rough(now - state.LastAt)}");

        WatchFinding Finding(string what) => new(
            WatchKind.ProbeSilent, probe.Id, $"The probe '{probe.Id}' of '{probe.Service}' {what}: nobody knows whether the service is there. See whether the timer RunProbes runs.", "/monitoring/" + probe.Id);
    }

    private static TimeSpan LongestWindow => ErrorBudgets.Windows.Max(static window => window.Whole);

    private static WatchFinding Burning(OperationsPlan plan, BurnAlarm alarm) => new(
        WatchKind.BudgetBurning,
        alarm.Service,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.FindService(alarm.Service)?.Name ?? alarm.Service} spends its error budget {alarm.OverLong:0.#} times as fast as it may, over {Durations.Format(alarm.Window.Whole)} (and {alarm.OverShort:0.#} times over the last {Durations.Format(alarm.Window.Recent)})."),
        "/monitoring");

    private async Task<WatchedProbe> LineAsync(Probe probe, DateTimeOffset now, CancellationToken cancellation)
    {
        var state = await book.StateAsync(probe.Id, cancellation);
        var first = ProbeBook.HourOf(now) - TimeSpan.FromHours(23);
        var hours = await book.HoursAsync(probe.Id, first, cancellation);
        var phase = ProbeRules.PhaseAt(probe, state, now);
        return new WatchedProbe(
            probe.Id,
            probe.Service,
            probe.Name,
            probe.Target.Kind,
            probe.Target.ToString()!,
            probe.Every,
            phase,
            phase == ProbePhase.Unknown ? state?.LastAt : state?.Since,
            state?.LastAt,
            state?.Said ?? "no sample yet",
            ProbeTally.Sum(first, hours).Latency.Percentile(0.95),
            [.. Enumerable.Range(0, 24).Select(hour => hours.FirstOrDefault(tally => tally.From == first + TimeSpan.FromHours(hour))).Select(static tally => tally is null ? null : new HourCell(tally.From, tally.Good, tally.Failed))]);
    }
}
