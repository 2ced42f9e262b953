using FsCheck.Fluent;
using Maintenance.Monitoring.Availability;
using Maintenance.Monitoring.Incidents;
using Maintenance.Monitoring.Probes;
using Maintenance.Plan;
using Maintenance.Reports;
using Maintenance.Tests.Rules;
using Maintenance.Windows;
using NodaTime;

namespace Maintenance.Tests.Monitoring;

/// <summary>Availability against a walk through every minute, over a change of clocks and with windows that end while something is still down.</summary>
public sealed class MeasuringTests
{
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    /// <summary>The clocks go back on Sunday 25 October 2026 at 01:00 UTC, inside the window of Saturday night.</summary>
    private static readonly DateTimeOffset Start = new(2026, 10, 24, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Start.AddDays(3);

    private static readonly OperationsPlan Plan = Rules.SamplePlan.Plan with
    {
        Monitoring = Rules.SamplePlan.Plan.Monitoring with { QuietIn = ["night"] },
        System = Rules.SamplePlan.Plan.System with { TimeZone = Berlin },
        Calendars =
        [
            new CalendarDefinition("shop", "Shop", [new WeeklyHours([IsoDayOfWeek.Saturday, IsoDayOfWeek.Monday], [new ClockSpan(8 * 60, 18 * 60)]), new WeeklyHours([IsoDayOfWeek.Sunday], [new ClockSpan(60, 5 * 60)])], []),
            .. Rules.SamplePlan.Plan.Calendars,
        ],
        Windows = new WindowPolicy(TimeSpan.FromDays(30), [new MaintenanceWindow("night", "Night", new WeeklyDays([IsoDayOfWeek.Saturday]), 22 * 60, 4 * 60)], []),
    };

    [Fact]
    public void It_is_what_a_walk_through_every_minute_counts()
    {
        var incidents = from probe in Gen.Choose(0, 1) from begin in Gen.Choose(0, 4319) from length in Gen.Choose(1, 900) select (probe, begin, length);
        var gaps = from probe in Gen.Choose(0, 1) from begin in Gen.Choose(0, 4319) from length in Gen.Choose(1, 600) select (probe, begin, length);
        var cases = from some in Gen.ListOf(incidents, 4) from silent in Gen.ListOf(gaps, 3) from first in Gen.Choose(0, 600) from always in Gen.Elements(true, false) select (some: some.ToList(), silent: silent.ToList(), first, always);
        Law.Holds(cases, 120, one =>
        {
            var calendar = one.always ? null : "shop";
            var histories = Enumerable.Range(0, 2).Select(probe => new ProbeHistory(
                Probe(probe),
                State(probe, one.first * probe),
                [.. one.silent.Where(gap => gap.probe == probe).Select(static gap => new ProbeGap(At(gap.begin), At(gap.begin + gap.length)))],
                [.. one.some.Where(incident => incident.probe == probe).Select(incident => Incident(probe, incident.begin, incident.length))])).ToList();

            var time = Measuring.In(Measuring.Of("records", histories, Now), Measuring.Agreed(Plan, calendar, Start, Now), Now);

            var (agreed, down, unmeasured) = (0, 0, 0);
            for (var minute = 0; minute < 4320; minute++)
            {
                if (!IsAgreed(minute, one.always) || IsPlanned(minute))
                {
                    continue;
                }

                var known = Enumerable.Range(0, 2).Where(probe => minute >= one.first * probe && !one.silent.Any(gap => gap.probe == probe && minute >= gap.begin && minute < gap.begin + gap.length)).ToList();
                var isDown = known.Any(probe => one.some.Any(incident => incident.probe == probe && minute >= incident.begin && minute < incident.begin + incident.length));
                (agreed, down, unmeasured) = known.Count == 0 ? (agreed, down, unmeasured + 1) : (agreed + 1, down + (isDown ? 1 : 0), unmeasured);
            }

            Assert.Equal((agreed, down, unmeasured), ((int)time.Agreed.TotalMinutes, (int)time.Down.TotalMinutes, (int)time.Unmeasured.TotalMinutes));
        });
    }

    [Theory]
    [InlineData(21, 28, 60)] // The window is seven hours long in that night: 22:00 to 04:00 with the hour that comes twice; 20:00 to 03:00 UTC.
    [InlineData(20, 27, 0)]
    [InlineData(19, 28, 120)]
    [InlineData(27, 28, 60)]
    public void Planned_work_is_left_out_in_its_true_length_and_what_runs_past_it_counts(int from, int to, int minutes)
    {
        // 21 means 21:00 UTC; the window is [20:00, 03:00 of the next day) = hours 20 to 27.
        var incident = new ProbeIncident("p0", "records", Start.AddHours(from), Start.AddHours(from), "refused") { To = Start.AddHours(to) };

        Assert.Equal(minutes, Stretches.Length(IncidentRules.Unplanned(Plan, incident, Now)).TotalMinutes);
        Assert.Equal(minutes > 0, IncidentRules.OwesTicket(Plan, incident, Now));
    }

    [Fact]
    public void An_outage_that_outlasts_its_window_is_owed_a_ticket_from_its_end_on()
    {
        var incident = new ProbeIncident("p0", "records", Start.AddHours(21), Start.AddHours(21), "refused");

        Assert.False(IncidentRules.OwesTicket(Plan, incident, Start.AddHours(27)));
        Assert.True(IncidentRules.OwesTicket(Plan, incident, Start.AddHours(27).AddSeconds(1)));
    }

    [Fact]
    public void Where_nothing_was_measured_there_is_no_share()
    {
        var time = Measuring.In(Measuring.Of("records", [new ProbeHistory(Probe(0), null, [], [])], Now), [new Stretch(Start, Now)], Now);

        Assert.Equal((TimeSpan.Zero, TimeSpan.FromDays(3), (double?)null), (time.Agreed, time.Unmeasured, time.Share));
    }

    [Fact]
    public void A_silence_that_lasts_is_not_measured_and_an_outage_in_it_is_not_down()
    {
        var state = State(0, 0) with { LastAt = Now.AddHours(-2) };
        var history = new ProbeHistory(Probe(0), state, [], [new ProbeIncident("p0", "records", Now.AddHours(-3), Now.AddHours(-3), "refused")]);
        var time = Measuring.In(Measuring.Of("records", [history], Now), [new Stretch(Now.AddHours(-4), Now)], Now);

        Assert.Equal((121.0, 61.0, 119.0), (time.Agreed.TotalMinutes, time.Down.TotalMinutes, time.Unmeasured.TotalMinutes));
    }

    [Theory]
    [InlineData(60, true)] // Down for the whole of the last hour: 100 times.
    [InlineData(9, true)] // 9 of 60 minutes are 15 times.
    [InlineData(8, false)] // 13.3 times, and over six hours 2.2 times: neither.
    public void A_budget_that_is_spent_too_fast_is_an_alarm_by_the_first_pair_of_windows(int minutes, bool isAlarm)
    {
        var objective = new ServiceObjective("records", 99, null);
        var plan = Plan with { Windows = WindowPolicy.None };
        var history = new ProbeHistory(Probe(0), State(0, 0), [], [new ProbeIncident("p0", "records", Now.AddMinutes(-minutes), Now, "refused")]);
        var alarm = ErrorBudgets.Alarm(plan, objective, Measuring.Of("records", [history], Now), Now);

        Assert.Equal(isAlarm, alarm is not null);
        Assert.True(alarm is null || alarm.Window == ErrorBudgets.Windows[0]);
    }

    [Fact]
    public void What_is_over_alarms_no_longer_by_the_fast_pairs_and_a_slow_leak_by_the_slow_one()
    {
        var objective = new ServiceObjective("records", 99, null);
        var plan = Plan with { Windows = WindowPolicy.None };
        ProbeIncident Lasting(double from, double to) => new("p0", "records", Now.AddMinutes(-from), Now, "refused") { To = Now.AddMinutes(-to) };
        BurnAlarm? Alarm(params ProbeIncident[] incidents) => ErrorBudgets.Alarm(plan, objective, Measuring.Of("records", [new ProbeHistory(Probe(0), State(0, 0), [], incidents)], Now), Now);

        Assert.Null(Alarm(Lasting(50, 40))); // Ten minutes, forty minutes ago: the short windows are quiet; over three days less than its share.
        Assert.Equal(ErrorBudgets.Windows[2], Alarm(Lasting(4000, 3960), Lasting(200, 190))!.Window); // 50 of 4320 minutes, 10 of the last 360.
    }

    [Fact]
    public void The_budget_is_of_the_whole_month_and_may_be_overspent()
    {
        var plan = Plan with { Windows = WindowPolicy.None };
        var month = new ReportMonth("2026-10", new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 10, 31, 0, 0, 0, TimeSpan.Zero));
        var history = new ProbeHistory(Probe(0), State(0, 0), [], [Incident(0, 60, 480)]);
        var budget = ErrorBudgets.Of(plan, new ServiceObjective("records", 99, null), Measuring.Of("records", [history], Now), month, Now)!;

        Assert.Equal((432.0, 480.0, -48.0), (Math.Round(budget.Allowed.TotalMinutes, 6), budget.Spent.TotalMinutes, Math.Round(budget.Left.TotalMinutes, 6)));
        Assert.Null(ErrorBudgets.Of(plan, new ServiceObjective("records", null, null), Measuring.Of("records", [history], Now), month, Now));
    }

    [Fact]
    public void A_service_says_what_it_depends_on_that_is_down()
    {
        var services = Plan.Services[0] with { Id = "a", DependsOn = ["b"] };
        var plan = Plan with { Services = [services, services with { Id = "b", DependsOn = ["c"] }, services with { Id = "c", DependsOn = [] }, services with { Id = "d", DependsOn = [] }] };

        Assert.Equal(["c"], IncidentRules.Upstream(plan, "a", new HashSet<string> { "a", "c", "d" }));
        Assert.Equal(["b", "c"], IncidentRules.Upstream(plan, "a", new HashSet<string> { "b", "c" }));
        Assert.Empty(IncidentRules.Upstream(plan, "c", new HashSet<string> { "a", "b", "c" }));
    }

    private static Probe Probe(int at) => ProbeCase.Probe(id: $"p{at}");

    private static ProbeState State(int probe, int first) => new($"p{probe}", At(first), Now, ProbePhase.Up, At(first), [], "fine");

    private static ProbeIncident Incident(int probe, int begin, int length) => new($"p{probe}", "records", At(begin), At(begin), "refused") { To = At(begin + length) };

    private static DateTimeOffset At(int minute) => Start.AddMinutes(minute);

    /// <summary>By the clock on the wall of that minute alone.</summary>
    private static bool IsAgreed(int minute, bool always)
    {
        var there = Instant.FromDateTimeOffset(At(minute)).InZone(Berlin);
        var at = (there.Hour * 60) + there.Minute;
        return always || there.DayOfWeek switch { IsoDayOfWeek.Saturday or IsoDayOfWeek.Monday => at is >= 480 and < 1080, IsoDayOfWeek.Sunday => at is >= 60 and < 300, _ => false };
    }

    private static bool IsPlanned(int minute)
    {
        var there = Instant.FromDateTimeOffset(At(minute)).InZone(Berlin);
        return there.DayOfWeek switch { IsoDayOfWeek.Saturday => there.Hour >= 22, IsoDayOfWeek.Sunday => there.Hour < 4, _ => false };
    }
}
