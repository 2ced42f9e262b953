using FsCheck.Fluent;
using Maintenance.Monitoring.Availability;
using Maintenance.Monitoring.Incidents;
using Maintenance.Monitoring.Probes;
using Maintenance.Plan;
using Maintenance.Reports;
using Maintenance.ServiceLevels;
using Maintenance.Tests.Monitoring;
using Maintenance.Tickets;
using Maintenance.Windows;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

public sealed class AvailabilityTests
{
    private static readonly OperationsPlan Plan = SamplePlan.Plan with
    {
        System = SamplePlan.Plan.System with { TimeZone = Zone("Etc/UTC") },
        Windows = new WindowPolicy(WindowPolicy.UsualHorizon, [new MaintenanceWindow("night", "Night", new WeeklyDays([IsoDayOfWeek.Saturday]), 1200, 240)], []),
    };

    private static readonly IReadOnlyList<ReportMonth> November = ReportMonths.Of(Plan, "2026-11", "2026-11");

    private static readonly DateTimeOffset Later = Utc("2027-01-01T00:00Z");

    private static readonly DateTimeOffset Long = Utc("2020-01-01T00:00Z");

    [Fact]
    public void Downtime_is_from_opening_to_resolution_once_where_outages_overlap_and_without_what_lies_in_a_window()
    {
        // November 2026 has four Saturdays and the end of the night of 31 October, so 36 of its 720 hours are windows.
        Assert.Equal((TimeSpan.FromHours(684), TimeSpan.Zero, 1d), Seen());
        Assert.Equal(TimeSpan.FromHours(3), Seen(("2026-11-10T08:00Z", "2026-11-10T10:00Z"), ("2026-11-10T09:00Z", "2026-11-10T11:00Z")).Down);

        // From two hours before a window to one hour after it.
        Assert.Equal(TimeSpan.FromHours(3), Seen(("2026-11-14T18:00Z", "2026-11-15T05:00Z")).Down);
        Assert.Equal(TimeSpan.Zero, Seen(("2026-11-14T21:00Z", "2026-11-15T03:00Z")).Down);

        // It began before the month, and goes on.
        Assert.Equal(0d, Seen(("2026-10-01T00:00Z", null)).Share);
        var share = Seen(("2026-11-10T08:00Z", "2026-11-10T14:50:24Z")).Share!.Value;
        Assert.Equal(0.99, share, 6);
    }

    [Fact]
    public void An_outage_over_the_end_of_a_month_is_one_in_each_of_both_and_one_of_all()
    {
        var months = ReportMonths.Of(Plan, "2026-10", "2026-12");
        Outage[] outages = [new("records", "T-1", Utc("2026-10-31T08:00Z"), Utc("2026-12-01T10:00Z")), new("records", "T-2", Utc("2026-11-30T23:00Z"), Utc("2026-12-01T01:00Z"))];
        var report = Availability.Of(Plan with { Services = [Plan.Services[0] with { Id = "records" }] }, months, outages, Long, Later);
        Assert.Equal([1, 2, 2], report.Lines[0].Months.Select(static month => month.Outages));
        Assert.Equal((2, 2), (report.Lines[0].Total.Outages, report.Overall.Total.Outages));
    }

    [Fact]
    public void Of_a_month_before_the_first_ticket_or_to_come_nothing_is_known()
    {
        var months = ReportMonths.Of(Plan, "2026-09", "2026-12");
        var report = Availability.Of(Plan, months, [], Utc("2026-10-31T12:00Z"), Utc("2026-11-15T00:00Z"));
        Assert.Equal([null, 1d, 1d, null], report.Lines[0].Months.Select(static month => month.Share));

        // Half of a Saturday without its window; half of November.
        Assert.Equal(TimeSpan.FromHours(8), report.Lines[0].Months[1].Agreed);
        Assert.Null(Assert.Single(Availability.Of(Plan, November, [], null, Later).Lines).Total.Share);
        Assert.Null(Availability.Of(Plan with { Services = [] }, November, [], Long, Later).Overall.Total.Share);
    }

    [Fact]
    public void Only_incidents_of_the_worst_priority_with_a_service_are_outages_and_only_of_that_service()
    {
        var fact = new TicketFact("T-1001", "2026-11", TicketType.Incident, "records", "p1", null, null, TicketState.New, Utc("2026-11-10T08:00Z"), null, null, null, null, null, null, 0, false);
        Assert.Equal(new Outage("records", "T-1001", fact.OpenedAt, null), Availability.OutageOf(Plan, fact));
        Assert.Null(Availability.OutageOf(Plan, fact with { Priority = "p2" }));
        Assert.Null(Availability.OutageOf(Plan, fact with { Type = TicketType.ServiceRequest }));
        Assert.Null(Availability.OutageOf(Plan, fact with { Service = null }));
        var two = Plan with { Services = [Plan.Services[0], Plan.Services[0] with { Id = "other" }] };
        var report = Availability.Of(two, November, [new Outage("other", "T-1", Utc("2026-11-10T08:00Z"), Utc("2026-11-10T10:00Z"))], Long, Later);
        Assert.Equal((0, 1, 1), (report.Lines[0].Total.Outages, report.Lines[1].Total.Outages, report.Overall.Total.Outages));
        Assert.Equal(1d, report.Lines[0].Total.Share);
        Assert.True(report.Overall.Total.Share > report.Lines[1].Total.Share);
    }

    [Fact]
    public void Time_is_agreed_in_the_hours_of_the_worst_priority()
    {
        var office = Plan with { ServiceLevels = Plan.ServiceLevels with { Targets = [Plan.ServiceLevels.Targets[0] with { Calendar = "office" }] } };

        // 21 weekdays, of which the 23rd is closed, from 8 to 17.
        Assert.Equal(TimeSpan.FromHours(180), Availability.Of(office, November, [], Long, Later).Lines[0].Total.Agreed);
        var none = Plan with { ServiceLevels = new ServiceLevelAgreement([], []) };
        Assert.Equal(TimeSpan.FromHours(684), Availability.Of(none, November, [], Long, Later).Lines[0].Total.Agreed);
    }

    [Fact]
    public void Minute_by_minute_it_is_the_same()
    {
        var plan = Plan with
        {
            System = Plan.System with { TimeZone = Zone("Europe/Berlin") },
            Windows = Plan.Windows with { Freezes = [new Freeze("f", new LocalDateTime(2026, 10, 24, 22, 0), new LocalDateTime(2026, 10, 25, 2, 30), "No")] },
            ServiceLevels = Plan.ServiceLevels with { Targets = [Plan.ServiceLevels.Targets[0] with { Calendar = "office" }] },
        };
        var october = ReportMonths.Of(plan, "2026-10", "2026-10");
        var span = Gen.Choose(-2000, 46_000).SelectMany(static from => Gen.Choose(0, 4000).Select(length => (From: from, To: from + length)));
        Law.Holds(span.ListOf().Resize(6), 15, spans =>
        {
            var outages = spans.Select(one => new Outage("records", "T", october[0].From.AddMinutes(one.From), october[0].From.AddMinutes(one.To))).ToList();
            foreach (var one in new[] { plan, Plan with { System = plan.System, Windows = plan.Windows } })
            {
                var report = Availability.Of(one, october, outages, Long, Later).Lines[0].Total;
                var (agreed, down) = (0, 0);
                var calendar = one.Calendar(one.ServiceLevels.For("p1")!.Calendar);
                var windows = WindowCalendar.Between(one.Windows, one.System.TimeZone, null, october[0].From, october[0].To);
                for (var minute = october[0].From; minute < october[0].To; minute = minute.AddMinutes(1))
                {
                    if (!windows.Any(window => window.Start <= minute && minute < window.End) && (one != plan || IsOpen(calendar, minute)))
                    {
                        agreed++;
                        down += outages.Exists(outage => outage.From <= minute && minute < outage.To) ? 1 : 0;
                    }
                }

                Assert.Equal((TimeSpan.FromMinutes(agreed), TimeSpan.FromMinutes(down)), (report.Agreed, report.Down));
            }
        });

        static bool IsOpen(Time.ServiceCalendar calendar, DateTimeOffset at) => ServiceClock.IsOpen(calendar, at);
    }

    [Fact]
    public void Before_the_first_measurement_incidents_count_and_from_then_on_the_probes_minute_by_minute()
    {
        var plan = Plan with { System = Plan.System with { TimeZone = Zone("Europe/Berlin") }, ServiceLevels = Plan.ServiceLevels with { Targets = [Plan.ServiceLevels.Targets[0] with { Calendar = "office" }] } };
        var october = ReportMonths.Of(plan, "2026-10", "2026-10");
        var start = october[0].From;
        var span = Gen.Choose(-2000, 46_000).SelectMany(static from => Gen.Choose(1, 4000).Select(length => (From: from, To: from + length)));
        var cases = from cut in Gen.Choose(-500, 46_000) from known in Gen.Choose(-500, 30_000) from tickets in span.ListOf().Resize(5) from found in span.ListOf().Resize(5) from silent in span.ListOf().Resize(2) select (cut, known, tickets, found, silent);
        Law.Holds(cases, 25, one =>
        {
            // A probe measures nothing before its first sample.
            var found = one.found.Where(outage => outage.From >= one.cut).ToList();
            var silent = one.silent.Where(gap => gap.From >= one.cut).ToList();
            var history = new ProbeHistory(
                ProbeCase.Probe(), new ProbeState("web", start.AddMinutes(one.cut), Later, ProbePhase.Up, start.AddMinutes(one.cut), [], "fine"),
                [.. silent.Select(gap => new ProbeGap(start.AddMinutes(gap.From), start.AddMinutes(gap.To)))],
                [.. found.Select(outage => new ProbeIncident("web", "records", start.AddMinutes(outage.From), start.AddMinutes(outage.From), "refused") { To = start.AddMinutes(outage.To) })]);
            var tickets = one.tickets.Select(outage => new Outage("records", "T", start.AddMinutes(outage.From), start.AddMinutes(outage.To))).ToList();
            var cell = Availability.Of(plan, october, tickets, start.AddMinutes(one.known), Later, new Dictionary<string, ServiceMeasure> { ["records"] = Measuring.Of("records", [history], Later) }).Lines[0].Months[0];

            var (agreed, down, unmeasured) = (0, 0, 0);
            var calendar = plan.Calendar("office");
            var windows = WindowCalendar.Between(plan.Windows, plan.System.TimeZone, null, start, october[0].To);
            for (var (minute, at) = (0, start); at < october[0].To; minute++, at = at.AddMinutes(1))
            {
                var isMeasured = minute >= one.cut && !silent.Any(gap => gap.From <= minute && minute < gap.To);
                var isAgreed = minute >= one.cut ? isMeasured : minute >= one.known && ServiceClock.IsOpen(calendar, at) && !windows.Any(window => window.Start <= at && at < window.End);
                var isDown = (minute >= one.cut ? found : one.tickets).Any(outage => outage.From <= minute && minute < outage.To);
                agreed += isAgreed ? 1 : 0;
                down += isAgreed && isDown ? 1 : 0;
                unmeasured += minute >= one.cut ? (isMeasured ? 0 : 1) : minute < one.known ? 1 : 0;
            }

            Assert.Equal((agreed, down, unmeasured), ((int)cell.Agreed.TotalMinutes, (int)cell.Down.TotalMinutes, (int)cell.Unmeasured.TotalMinutes));
        });
    }

    [Fact]
    public void A_service_that_gets_a_probe_keeps_what_its_incidents_said_before()
    {
        var (cut, now) = (Utc("2026-11-20T00:00Z"), Utc("2026-11-25T00:00Z"));
        var months = ReportMonths.Of(Plan, "2026-10", "2026-11");
        Outage[] tickets = [new("records", "T-1", Utc("2026-10-06T08:00Z"), Utc("2026-10-06T10:00Z")), new("records", "T-2", Utc("2026-11-21T08:00Z"), Utc("2026-11-21T18:00Z"))];
        var history = new ProbeHistory(ProbeCase.Probe(), new ProbeState("web", cut, now, ProbePhase.Up, cut, [], "fine"), [], []);
        var line = Availability.Of(Plan, months, tickets, Long, now, new Dictionary<string, ServiceMeasure> { ["records"] = Measuring.Of("records", [history], now) }).Lines[0];

        Assert.Equal((2.0, 1), (line.Months[0].Down.TotalHours, line.Months[0].Outages));
        Assert.Null(line.Months[0].Budget);
        Assert.Equal((0.0, 0), (line.Months[1].Down.TotalHours, line.Months[1].Outages)); // From then on the probe says what was down, and no ticket.
        Assert.True(line.IsMeasured);

        // A probe that was never taken measures nothing: the incidents still count.
        var never = Availability.Of(Plan, months, tickets, Long, now, new Dictionary<string, ServiceMeasure> { ["records"] = Measuring.Of("records", [history with { State = null }], now) }).Lines[0];
        Assert.Equal([2.0, 10.0], never.Months.Select(static month => month.Down.TotalHours));
        Assert.False(never.IsMeasured);
    }

    [Fact]
    public void Recovery_points_cover_a_time_minute_by_minute() => Law.Holds(
        Gen.Choose(0, 3000).SelectMany(static point => Gen.Choose(0, 400).Select(late => (Point: point, Proven: point + late))).ListOf().Resize(8).SelectMany(static points => Gen.Choose(0, 600).Select(objective => (points, objective))),
        60,
        static one =>
        {
            var start = Utc("2026-11-01T00:00Z");
            var points = one.points.Select(point => new ProvenPoint(start.AddMinutes(point.Point), start.AddMinutes(point.Proven))).ToList();
            var within = Enumerable.Range(500, 2000).Count(minute => points.Exists(point => point.ProvenAt <= start.AddMinutes(minute) && start.AddMinutes(minute) - point.Point <= TimeSpan.FromMinutes(one.objective)));

            // At the end of the objective it is still within, and a moment later no more: the last minute of a cover counts as its first tick.
            var seen = RecoveryPointCover.Within(points, TimeSpan.FromMinutes(one.objective), start.AddMinutes(500), start.AddMinutes(2500));
            Assert.InRange(within - seen.TotalMinutes, -0.001, one.points.Count + 0.001);
        });

    [Fact]
    public void Recovery_points_by_example()
    {
        var from = Utc("2026-11-01T00:00Z");
        Assert.Equal(TimeSpan.Zero, Within());
        Assert.Equal(TimeSpan.FromMinutes(50), Round(Within((0, 10))));

        // Proven too late to be of use; another that overlaps; one of before.
        Assert.Equal(TimeSpan.Zero, Within((0, 61)));
        Assert.Equal(TimeSpan.FromMinutes(80), Round(Within((0, 10), (30, 35))));
        Assert.Equal(TimeSpan.FromMinutes(30), Round(Within((-30, -20))));

        TimeSpan Within(params (int Point, int Proven)[] points) =>
            RecoveryPointCover.Within(points.Select(point => new ProvenPoint(from.AddMinutes(point.Point), from.AddMinutes(point.Proven))), TimeSpan.FromHours(1), from, from.AddHours(10));

        static TimeSpan Round(TimeSpan time) => TimeSpan.FromMinutes(Math.Round(time.TotalMinutes));
    }

    [Theory]
    [InlineData("2026-01", "2028-12", 36)]
    [InlineData("2026-11", "2026-11", 1)]
    public void A_report_has_each_of_its_months(string from, string to, int count)
    {
        var months = ReportMonths.Of(Zone("Europe/Berlin"), from, to);
        Assert.Equal(count, months.Count);
        Assert.All(months.Zip(months.Skip(1)), static pair => Assert.Equal(pair.First.To, pair.Second.From));
    }

    [Theory]
    [InlineData("2026-01", "2029-01")]
    [InlineData("1999-12", "2000-01")]
    [InlineData("2199-12", "2200-01")]
    [InlineData("2026-02", "2026-01")]
    [InlineData("x", "2026-01")]
    public void Months_that_are_none_or_too_many_are_refused(string from, string to) => Assert.Throws<FormatException>(() => ReportMonths.Of(Zone("Etc/UTC"), from, to));

    [Fact]
    public void The_month_of_a_clock_change_is_an_hour_longer() =>
        Assert.Equal(TimeSpan.FromHours(745), ReportMonths.Of(Zone("Europe/Berlin"), "2026-10") is var month ? month.To - month.From : default);

    private static (TimeSpan Agreed, TimeSpan Down, double? Share) Seen(params (string From, string? To)[] outages)
    {
        var cell = Availability.Of(Plan, November, [.. outages.Select(static one => new Outage("records", "T", Utc(one.From), one.To is null ? null : Utc(one.To)))], Long, Later).Lines[0].Total;
        return (cell.Agreed, cell.Down, cell.Share);
    }
}
