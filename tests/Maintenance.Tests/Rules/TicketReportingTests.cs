using FsCheck.Fluent;
using Maintenance.Reports;
using Maintenance.Tickets;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Reports over the facts of tickets.</summary>
public sealed class TicketReportingTests
{
    private static readonly DateTimeOffset Now = Utc("2026-11-24T09:00Z");
    private static readonly TicketActor Ben = new("ben", true);

    [Fact]
    public void Nothing_to_report_has_no_shares_and_no_times()
    {
        var report = TicketReporting.Of("2026-11", "2026-11", ReportGrouping.Month, [], Now);
        Assert.Empty(report.Lines);
        Assert.Equal(new ReportLine("", 0, 0, new Attainment(0, 0, 0, null), new Attainment(0, 0, 0, null), new Spread(0, null, null, null, null), new Spread(0, null, null, null, null), null, 0), report.Total);
        Assert.Equal([0, 0, 0, 0, 0, 0], report.Backlog.Select(static band => band.Tickets));
        Assert.Equal(TicketReporting.Formulas, report.Formulas);
    }

    [Fact]
    public void A_percentile_is_the_smallest_time_that_at_least_that_share_did_not_exceed() => Law.Holds(
        Gen.Choose(1, 60).SelectMany(static count => Gen.ListOf(Gen.Choose(0, 40), count)),
        300,
        static minutes =>
        {
            var spread = TicketReporting.Line("", [.. minutes.Select(static minute => Fact() with { Resolution = TimeSpan.FromMinutes(minute) })]).ResolutionTime;
            Assert.Equal(minutes.Count, spread.Count);
            Assert.Equal(TimeSpan.FromMinutes(minutes.Max()), spread.Longest);
            foreach (var (percent, told) in new[] { (50, spread.Median), (90, spread.P90), (95, spread.P95) })
            {
                var least = minutes.Distinct().Order().First(minute => 100 * minutes.Count(other => other <= minute) >= percent * minutes.Count);
                Assert.Equal(TimeSpan.FromMinutes(least), told);
            }
        });

    [Fact]
    public void What_is_open_and_in_time_is_neither_met_nor_missed()
    {
        var line = TicketReporting.Line("x", [Fact() with { ResponseMissed = false }, Fact() with { ResponseMissed = false }, Fact() with { ResponseMissed = true }, Fact()]);
        Assert.Equal(new Attainment(2, 1, 1, 2d / 3), line.Response);
        Assert.Equal(new Attainment(0, 0, 4, null), line.Resolution);
    }

    [Fact]
    public void Lines_are_by_month_service_priority_or_team_in_order_and_those_without_one_have_no_key()
    {
        TicketFact[] facts =
        [
            Fact() with { Month = "2026-11", Service = "records", Priority = "p2", Team = "desk" },
            Fact() with { Month = "2026-10", Service = null, Priority = "p1", Team = null },
            Fact() with { Month = "2026-11", Service = "records", Priority = "p1", Team = "desk" },
        ];
        Assert.Equal(["2026-10 1", "2026-11 2"], Lines(ReportGrouping.Month));
        Assert.Equal([" 1", "records 2"], Lines(ReportGrouping.Service));
        Assert.Equal(["p1 2", "p2 1"], Lines(ReportGrouping.Priority));
        Assert.Equal([" 1", "desk 2"], Lines(ReportGrouping.Team));

        IEnumerable<string> Lines(ReportGrouping by) => TicketReporting.Of("2026-10", "2026-11", by, facts, Now).Lines.Select(static line => $"{line.Key} {line.Opened}");
    }

    [Fact]
    public void The_backlog_is_what_is_open_by_its_age()
    {
        int[] hours = [0, 23, 24, 71, 72, 167, 168, 719, 720, 2159, 2160, 9000];
        TicketFact[] facts = [.. hours.Select(static age => Fact() with { OpenedAt = Now.AddHours(-age) }), Fact() with { State = TicketState.Resolved }, Fact() with { State = TicketState.Closed }];
        var backlog = TicketReporting.Of("2026-11", "2026-11", ReportGrouping.Month, facts, Now).Backlog;
        Assert.Equal([(1d, 2), (3, 2), (7, 2), (30, 2), (90, 2), (-1, 2)], backlog.Select(static band => (band.UpTo?.TotalDays ?? -1, band.Tickets)));
    }

    [Theory]
    [InlineData("2026-11", "2026-11", "2026-11")]
    [InlineData("2025-12", "2026-02", "2025-12 2026-01 2026-02")]
    [InlineData("9999-12", "9999-12", "9999-12")]
    [InlineData("0001-01", "0001-02", "0001-01 0001-02")]
    public void Months_are_counted_from_the_first_to_the_last(string from, string to, string expected) => Assert.Equal(expected, string.Join(' ', TicketReporting.Months(from, to)));

    [Theory]
    [InlineData("2026-11", "2026-10", "2026-10 is before 2026-11.")]
    [InlineData("2016-11", "2026-11", "From 2016-11 to 2026-11 are more than 120 months.")]
    [InlineData("2026-13", "2026-10", "'2026-13' is no month; write one such as 2026-11.")]
    [InlineData("2026-11", "2026-1", "'2026-1' is no month; write one such as 2026-11.")]
    [InlineData("2026-11-01", "2026-11", "'2026-11-01' is no month; write one such as 2026-11.")]
    [InlineData("", "2026-11", "'' is no month; write one such as 2026-11.")]
    public void What_is_no_month_is_said(string from, string to, string expected) => Assert.Equal(expected, Assert.Throws<FormatException>(() => TicketReporting.Months(from, to)).Message);

    [Fact]
    public void A_hundred_and_twenty_months_are_the_most() => Assert.Equal(120, TicketReporting.Months("2016-12", "2026-11").Count);

    [Theory]
    [InlineData("Africa/Nairobi", "2026-10-31T20:59:59Z", "2026-10")]
    [InlineData("Africa/Nairobi", "2026-10-31T21:00:00Z", "2026-11")]
    [InlineData("America/New_York", "2026-11-01T03:59:59Z", "2026-10")]
    [InlineData("America/New_York", "2026-11-01T04:00:00Z", "2026-11")]
    [InlineData("Asia/Kathmandu", "2026-12-31T18:15:00Z", "2027-01")]
    public void A_month_begins_at_midnight_in_the_plans_zone(string zone, string at, string month) =>
        Assert.Equal(month, TicketFact.MonthOf(SamplePlan.Plan with { System = SamplePlan.Plan.System with { TimeZone = Zone(zone) } }, Utc(at)));

    [Theory]
    [InlineData("ben", "ben", true)]
    [InlineData("ann", "ben", true)]
    [InlineData("ben", "cat", false)]
    [InlineData("cat", "ann", false)]
    [InlineData("dan", "ben", false)]
    [InlineData("zoe", "ben", false)]
    public void A_persons_figures_are_for_that_person_and_the_lead_of_their_team(string viewer, string person, bool may) =>
        Assert.Equal(may, TicketReportService.MaySee(HelpDeskPlan.Plan with { Teams = [HelpDeskPlan.Plan.Teams[0], HelpDeskPlan.Plan.Teams[1] with { Lead = "dan" }] }, viewer, person));

    [Fact]
    public void The_fact_of_a_ticket_is_what_its_clocks_and_its_history_say()
    {
        var opened = Utc("2026-11-20T16:30+03:00");
        var change = TicketRules.Open(HelpDeskPlan.Plan, "T-1", new NewTicket(TicketType.Incident, "Printer", "", "records", "one", "now", null, null, opened));
        var ticket = Apply(change, new TicketAct.Assign("ben"), opened.AddMinutes(1));
        ticket = Apply(ticket, new TicketAct.Wait(WaitingFor.Requester, "Which?"), opened.AddMinutes(10));
        ticket = Apply(ticket, new TicketAct.Resume(), opened.AddMinutes(20));
        var solved = Apply(ticket, new TicketAct.Resolve("Done."), Utc("2026-11-24T09:00+03:00"));
        var fact = TicketFact.Of(HelpDeskPlan.Plan, With(solved), Utc("2026-12-24T09:00Z"));
        Assert.Equal(("T-1", "2026-11", "records", "p2", "desk", "ben"), (fact.Ticket, fact.Month, fact.Service, fact.Priority, fact.Team, fact.Assignee));
        Assert.Equal((new TimeSpan(1, 30, 0), new TimeSpan(1, 20, 0)), (fact.Response!.Value, fact.Resolution!.Value));
        Assert.Equal((false, false, 0, true), (fact.ResponseMissed, fact.ResolutionMissed, fact.Reopened, fact.IsFirstContact));

        // Reopened, it is open again, and no first contact any more.
        var again = TicketFact.Of(HelpDeskPlan.Plan, With(Apply(solved, new TicketAct.Reopen("No."), Utc("2026-11-24T10:00+03:00"))), Utc("2026-12-24T09:00Z"));
        Assert.Equal((1, false, null, true), (again.Reopened, again.IsFirstContact, again.Resolution, again.ResolutionMissed));

        // Nor is one that two people had, however the second one came by it.
        foreach (var act in new TicketAct[] { new TicketAct.Assign("cat"), new TicketAct.Start() })
        {
            var other = Apply(TicketRules.Apply(HelpDeskPlan.Plan, ticket.Ticket, act, new TicketActor("cat", true), opened.AddMinutes(30)), new TicketAct.Resolve("Done."), opened.AddMinutes(40), ticket.Events);
            Assert.False(TicketFact.Of(HelpDeskPlan.Plan, With(other), Now).IsFirstContact);
        }

        // Where the plan has lost the priority, nothing was met and nothing missed.
        var lost = HelpDeskPlan.Plan with { ServiceLevels = HelpDeskPlan.Plan.ServiceLevels with { Targets = [HelpDeskPlan.Plan.ServiceLevels.Targets[0]] } };
        Assert.Equal((null, null), (TicketFact.Of(lost, With(solved), Now).ResponseMissed, TicketFact.Of(lost, With(solved), Now).ResolutionMissed));
    }

    /// <summary>The ticket after an act, with all events so far.</summary>
    private static TicketChange Apply(TicketChange before, TicketAct act, DateTimeOffset at, IReadOnlyList<TicketEvent>? earlier = null)
    {
        var next = TicketRules.Apply(HelpDeskPlan.Plan, before.Ticket, act, Ben, at);
        return next with { Events = [.. earlier ?? [], .. before.Events, .. next.Events] };
    }

    private static Ticket With(TicketChange change) => change.Ticket with { History = change.Events };

    private static TicketFact Fact() => new(
        "T-1", "2026-11", TicketType.Incident, null, "p1", null, null, TicketState.New, Now, null, null, null, null, null, null, 0, false);
}
