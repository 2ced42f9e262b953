using Maintenance.Monitoring.Availability;
using Maintenance.Plan;
using Maintenance.Tickets;
using Maintenance.Time;
using Maintenance.Windows;
using NodaTime;

namespace Maintenance.Reports;

/// <summary>A service was not there: an incident of the most urgent priority, from when it was opened until it was resolved.</summary>
/// <param name="Service">The id of the service.</param>
/// <param name="Ticket">The ticket.</param>
/// <param name="From">When it was opened (UTC).</param>
/// <param name="To">When it was resolved (UTC); null while it is not.</param>
public sealed record Outage(string Service, string Ticket, DateTimeOffset From, DateTimeOffset? To);

/// <summary>How available a service was in some time.</summary>
/// <param name="Month">The month; empty for all of them together.</param>
/// <param name="Agreed">The time that it had to be there.</param>
/// <param name="Down">How much of it it was not.</param>
/// <param name="Outages">So many outages fall into that time.</param>
/// <param name="Share">One minus down over agreed, 0 to 1; null where nothing is known of the time, or none was agreed.</param>
public sealed record AvailabilityCell(string Month, TimeSpan Agreed, TimeSpan Down, int Outages, double? Share)
{
    /// <summary>Agreed time that counts neither way, since no probe measured anything.</summary>
    public TimeSpan Unmeasured { get; init; }

    /// <summary>The error budget of the month; null where no objective is measured.</summary>
    public ErrorBudget? Budget { get; init; }
}

/// <summary>The availability of a service.</summary>
/// <param name="Service">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Months">By month.</param>
/// <param name="Total">Over all months of which something is known.</param>
public sealed record AvailabilityLine(string Service, string Name, IReadOnlyList<AvailabilityCell> Months, AvailabilityCell Total)
{
    /// <summary>True where its probes measured it, from <see cref="MeasuredSince"/> on; before, and where it is false, its incidents of the most urgent priority are counted.</summary>
    public bool IsMeasured => MeasuredSince is not null;

    /// <summary>The first sample of its probes (UTC); null where none was ever taken.</summary>
    public DateTimeOffset? MeasuredSince { get; init; }

    /// <summary>The share of its agreed time that it has to be there, in per cent; null for none.</summary>
    public double? Objective { get; init; }
}

/// <summary>The availability of the plan's services.</summary>
/// <param name="From">The first month.</param>
/// <param name="To">The last one.</param>
/// <param name="Lines">A line for each service, in the plan's order.</param>
/// <param name="Overall">All services together.</param>
/// <param name="Formulas">What is computed from what.</param>
public sealed record AvailabilityReport(string From, string To, IReadOnlyList<AvailabilityLine> Lines, AvailabilityLine Overall, IReadOnlyList<string> Formulas);

/// <summary>Availability from incidents. Pure.</summary>
public static class Availability
{
    /// <summary>The outage that a ticket is; null for every other ticket.</summary>
    public static Outage? OutageOf(OperationsPlan plan, TicketFact fact)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(fact);
        return fact is { Type: TicketType.Incident, Service: { } service } && fact.Priority == Worst(plan) ? new Outage(service, fact.Ticket, fact.OpenedAt, fact.ResolvedAt) : null;
    }

    /// <summary>The report.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="months">The months.</param>
    /// <param name="outages">All outages that may fall into them.</param>
    /// <param name="knownSince">From when on incidents are recorded here (UTC); null where none ever was.</param>
    /// <param name="now">When (UTC); what is still down is down until now.</param>
    /// <param name="measured">What probes measured, by service: from its first measurement on it counts in place of the incidents of that service.</param>
    public static AvailabilityReport Of(
        OperationsPlan plan, IReadOnlyList<ReportMonth> months, IReadOnlyCollection<Outage> outages, DateTimeOffset? knownSince, DateTimeOffset now, IReadOnlyDictionary<string, ServiceMeasure>? measured = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(months);
        ArgumentNullException.ThrowIfNull(outages);
        var agreed = months.Select(month => Agreed(plan, month, knownSince, now)).ToList();
        var lines = plan.Services.Select(service =>
        {
            IReadOnlyList<Outage> own = [.. outages.Where(outage => outage.Service == service.Id)];
            var told = Line(service.Id, service.Name, months, agreed, own, now);
            return measured?.GetValueOrDefault(service.Id) is { MeasuredSince: { } since } measure
                ? Measured(plan, told, months, measure, own, since, knownSince, now)
                : told with { Objective = plan.Monitoring.ObjectiveOf(service.Id)?.Percent };
        }).ToList();
        return new AvailabilityReport(months[0].Name, months[^1].Name, lines, Sum(lines, months), [.. Formulas(plan), .. lines.Exists(static line => line.IsMeasured) ? MeasuredFormulas : []]);
    }

    /// <summary>The time of a month in which services have to be there, as far as it has passed and something is known of it.</summary>
    public static IReadOnlyList<Stretch> Agreed(OperationsPlan plan, ReportMonth month, DateTimeOffset? knownSince, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(month);
        var (from, to) = (knownSince > month.From ? knownSince.Value : month.From, now < month.To ? now : month.To);
        if (knownSince is null || from >= to)
        {
            return [];
        }

        IReadOnlyList<Stretch> hours = Hours(plan) is { } calendar
            ? Stretches.Merge(calendar.Spans(Instant.FromDateTimeOffset(from)).TakeWhile(span => span.Start < Instant.FromDateTimeOffset(to))
                .Select(span => new Stretch(span.Start.ToDateTimeOffset(), span.End < Instant.FromDateTimeOffset(to) ? span.End.ToDateTimeOffset() : to)))
            : [new Stretch(from, to)];
        var windows = WindowCalendar.Between(plan.Windows, plan.System.TimeZone, null, from, to).Select(static piece => new Stretch(piece.Start, piece.End));
        return Stretches.Without(hours, Stretches.Merge(windows));
    }

    private static readonly string[] MeasuredFormulas =
    [
        "From the first sample of its probes on a service is measured by them instead; before it, its incidents count as above. Downtime: from the first failed sample of the run that confirmed an outage to the first good one of the run that ended it; where outages overlap, once.",
        "Agreed time of a measured service: its own calendar (always, where the plan names none), without those maintenance windows in which monitoring is quiet (monitoring.quietIn), in their true length; what runs past a window's end counts. Time in which no probe measured anything counts neither way.",
        "Error budget = agreed time of the whole month × (1 − objective), spent by what the probes measured. Alarms: spent at 14.4 times the even pace over 1 h and 5 min, 6 times over 6 h and 30 min, or once over 3 days and 6 h (the Site Reliability Workbook, chapter 5, for a month of 30 days).",
    ];

    /// <summary>
    /// Up to the first measurement what incidents say, from then on what the probes do. What a probe measured that the plan no longer has counts before it as well. An outage over
    /// that instant counts on either side of it.
    /// </summary>
    private static AvailabilityLine Measured(
        OperationsPlan plan, AvailabilityLine line, IReadOnlyList<ReportMonth> months, ServiceMeasure measure, IReadOnlyCollection<Outage> outages, DateTimeOffset since, DateTimeOffset? knownSince, DateTimeOffset now)
    {
        var objective = plan.Monitoring.ObjectiveOf(line.Service);
        var told = Stretches.Merge(outages.Select(outage => new Stretch(outage.From, outage.To ?? now)).Concat(measure.Down));
        var nobodyBefore = Earlier(since, knownSince ?? since);
        var cells = months.Select(month =>
        {
            var end = Earlier(now, month.To);
            var before = Stretches.Both(Agreed(plan, month, knownSince, now), [new Stretch(DateTimeOffset.MinValue, since)]);
            var after = Measuring.In(measure, Measuring.Agreed(plan, objective?.Calendar, month.From > since ? month.From : since, end), now);
            var cell = Cell(
                month.Name,
                Stretches.Length(before) + after.Agreed,
                Stretches.Length(Stretches.Both(before, told)) + after.Down,
                Count(outages, before, now) + after.Outages);
            return cell with
            {
                Unmeasured = after.Unmeasured + Stretches.Length(Measuring.Agreed(plan, objective?.Calendar, month.From, Earlier(nobodyBefore, end))),
                Budget = after.Agreed > TimeSpan.Zero ? ErrorBudgets.Of(plan, objective, measure, month, now) : null,
            };
        }).ToList();
        var whole = Measuring.In(measure, Measuring.Agreed(plan, objective?.Calendar, months[0].From > since ? months[0].From : since, Earlier(now, months[^1].To)), now);
        var earlier = months.SelectMany(month => Stretches.Both(Agreed(plan, month, knownSince, now), [new Stretch(DateTimeOffset.MinValue, since)])).ToList();
        return line with { Months = cells, Total = Sum("", cells) with { Outages = Count(outages, earlier, now) + whole.Outages }, MeasuredSince = since, Objective = objective?.Percent };
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static AvailabilityLine Line(string id, string name, IReadOnlyList<ReportMonth> months, IReadOnlyList<IReadOnlyList<Stretch>> agreed, IReadOnlyList<Outage> outages, DateTimeOffset now)
    {
        var down = Stretches.Merge(outages.Select(outage => new Stretch(outage.From, outage.To ?? now)));
        var cells = months.Zip(agreed, (month, time) =>
        {
            var lost = Stretches.Both(time, down);
            return Cell(month.Name, Stretches.Length(time), Stretches.Length(lost), Count(outages, time, now));
        }).ToList();
        return new AvailabilityLine(id, name, cells, Sum("", cells) with { Outages = Count(outages, [.. agreed.SelectMany(static time => time)], now) });
    }

    /// <summary>How many outages fall into some time. One over the end of a month is one in each of both, and one of them together.</summary>
    private static int Count(IReadOnlyCollection<Outage> outages, IReadOnlyList<Stretch> time, DateTimeOffset now) =>
        outages.Count(outage => Stretches.Both(time, [new Stretch(outage.From, outage.To ?? now)]).Count > 0);

    private static AvailabilityLine Sum(IReadOnlyList<AvailabilityLine> lines, IReadOnlyList<ReportMonth> months)
    {
        var cells = months.Select((month, at) => Sum(month.Name, lines.Select(line => line.Months[at]))).ToList();
        return new AvailabilityLine("", "All services", cells, Sum("", cells) with { Outages = lines.Sum(static line => line.Total.Outages) });
    }

    private static AvailabilityCell Sum(string month, IEnumerable<AvailabilityCell> cells)
    {
        var (agreed, down, outages) = cells.Aggregate((Agreed: TimeSpan.Zero, Down: TimeSpan.Zero, Outages: 0), static (sum, cell) => (sum.Agreed + cell.Agreed, sum.Down + cell.Down, sum.Outages + cell.Outages));
        return Cell(month, agreed, down, outages);
    }

    private static AvailabilityCell Cell(string month, TimeSpan agreed, TimeSpan down, int outages) =>
        new(month, agreed, down, outages, agreed > TimeSpan.Zero ? 1 - (down / agreed) : null);

    /// <summary>What is most urgent.</summary>
    private static string? Worst(OperationsPlan plan) => plan.Priorities.Levels.Count > 0 ? plan.Priorities.Levels[0].Id : null;

    private static ServiceCalendar? Hours(OperationsPlan plan) => Worst(plan) is { } worst && plan.ServiceLevels.For(worst) is { } target ? plan.Calendar(target.Calendar) : null;

    private static IReadOnlyList<string> Formulas(OperationsPlan plan)
    {
        var worst = Worst(plan) is { } id ? plan.Priorities.NameOf(id) : "the most urgent priority";
        var hours = Worst(plan) is { } level && plan.ServiceLevels.For(level) is { } target ? plan.Calendars.First(calendar => calendar.Id == target.Calendar).Name : "around the clock";
        return
        [
            "Availability = 1 − downtime / agreed time.",
            $"Downtime: from the opening of an incident of the priority {worst} of that service until it is resolved; where several overlap, once. A service that fails and nobody reports counts as available.",
            $"Agreed time: the hours in which that priority is measured ({hours}), without maintenance windows. Downtime inside a window does not count, the rest of the same outage does.",
            "An outage of a service counts for that service alone, not for those that depend on it. A month counts from the first ticket that was ever recorded; before that nothing is known, which is not 100 %.",
        ];
    }
}
