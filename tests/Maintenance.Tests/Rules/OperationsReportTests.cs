using Maintenance.Backups;
using Maintenance.Monitoring.Availability;
using Maintenance.Monitoring.Incidents;
using Maintenance.Monitoring.Probes;
using Maintenance.Recovery;
using Maintenance.Reports;
using Maintenance.Tests.Monitoring;
using Maintenance.Tickets;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

public sealed class OperationsReportTests
{
    private static readonly IReadOnlyList<ReportMonth> Months = ReportMonths.Of(HelpDeskPlan.Plan, "2026-10", "2026-11");

    [Fact]
    public void Workload_counts_what_happened_in_a_month_and_what_was_not_resolved_at_its_end()
    {
        var counts = Counted(
            Fact("T-1", "2026-03-01T08:00Z", "2026-11-02T08:00Z", "desk", "ben"),
            Fact("T-2", "2026-10-05T08:00Z", "2026-10-06T08:00Z", "desk", "ben"),
            Fact("T-3", "2026-10-30T08:00Z", "2026-11-01T08:00Z", "desk", "cat"),
            Fact("T-4", "2026-10-31T08:00Z", null, "second", "dan"),
            Fact("T-5", "2026-11-20T08:00Z", null, null, null));
        var report = WorkloadReporting.Of(HelpDeskPlan.Plan, Months, counts, static person => person is "ben" or "dan");
        Assert.Equal([new WorkMonth("2026-10", 3, 1, 3), new WorkMonth("2026-11", 1, 2, 2)], report.Months);
        Assert.Equal(["desk 2 3 0", "second 1 0 1", " 1 0 1"], report.Teams.Select(static team => $"{team.Id} {team.Opened} {team.Resolved} {team.Open}"));
        Assert.Equal(["ben 1 2 0", "dan 1 0 1"], report.People.Select(static person => $"{person.Id} {person.Opened} {person.Resolved} {person.Open}"));
    }

    [Fact]
    public void The_month_of_a_resolution_is_that_of_the_plans_zone()
    {
        // 22:00 UTC on the 31st is the 1st in Nairobi.
        var counts = Counted(Fact("T-1", "2026-10-05T08:00Z", "2026-10-31T22:00Z", null, null));
        Assert.Equal([0, 1], WorkloadReporting.Of(HelpDeskPlan.Plan, Months, counts, static _ => false).Months.Select(static month => month.Resolved));
    }

    [Fact]
    public void Backups_are_counted_by_month_and_the_recovery_point_is_looked_at_since_the_policy_is_looked_after()
    {
        var policy = new BackupPolicy("nightly", "records", new BackupSource(BackupSourceKind.Folder, "/srv"), [], Time.Schedule.Parse("0 0 2 * * *"), []);
        var runs = new[]
        {
            Run("2026-11-02T00:00Z", BackupRunState.Proven), Run("2026-11-03T00:00Z", BackupRunState.Failed), Run("2026-11-04T00:00Z", BackupRunState.Unproven), Run("2026-11-05T00:00Z", BackupRunState.Running),
        };
        var line = BackupReporting.Line(policy, TimeSpan.FromDays(1), Months, [BackupMonth.Of("2026-11", runs)], Utc("2026-11-01T00:00Z"), Utc("2026-11-05T00:00Z"));
        Assert.Equal((0, 0, 0, null, null), (line.Months[0].Proven, line.Months[0].Unproven, line.Months[0].Failed, line.Months[0].Success, line.Months[0].Cover));
        Assert.Equal((1, 1, 1, 1d / 3), (line.Months[1].Proven, line.Months[1].Unproven, line.Months[1].Failed, line.Months[1].Success));

        // Of four days, the proof of the 2nd covers the rest of its day.
        Assert.Equal(TimeSpan.FromDays(4), line.Months[1].Observed);
        Assert.Equal(23d / 96, line.Months[1].Cover!.Value, 6);
        Assert.Null(BackupReporting.Line(policy, TimeSpan.FromDays(1), Months, [], null, Utc("2026-11-05T00:00Z")).Total.Cover);
        Assert.Equal(line.Total, BackupReporting.Of(Months, [line]).Overall.Total);

        static BackupRun Run(string at, BackupRunState state) =>
            new("nightly_x", "nightly", Utc(at), BackupTrigger.Schedule, state, Utc(at), Utc(at), Utc(at).AddHours(1), ProvenAt: state == BackupRunState.Proven ? Utc(at).AddHours(1) : null);
    }

    [Fact]
    public void A_later_proof_of_an_older_snapshot_takes_nothing_back_of_the_time_that_it_covered()
    {
        var policy = new BackupPolicy("nightly", "records", new BackupSource(BackupSourceKind.Folder, "/srv"), [], Time.Schedule.Parse("0 0 2 * * *"), []);
        var first = Utc("2026-11-01T00:00Z");
        var runs = new List<BackupRun>();
        for (var night = 0; night < 20; night++)
        {
            var at = first.AddDays(night);
            var run = BackupPlanning.Judge(
                new BackupRun($"nightly_{night:00}", "nightly", at, BackupTrigger.Schedule, BackupRunState.Running, at, at),
                new BackupResult(new BackupRunRef("nightly", $"nightly_{night:00}"), new TakenSnapshot("s", at, 1, 1, 1, []), [], null),
                at);

            // Each night one of them is proven again.
            runs.Add(run);
            var again = BackupPlanning.ProveNext(runs)!;
            runs[runs.IndexOf(again)] = BackupPlanning.Reproven(again, [], at.AddHours(2));
        }

        Assert.Equal(10, runs.Count(static run => run.ProvenAt > run.FirstProvenAt));
        var line = BackupReporting.Line(policy, TimeSpan.FromDays(1), ReportMonths.Of(NodaTime.DateTimeZone.Utc, "2026-11", "2026-11"), [BackupMonth.Of("2026-11", runs)], first, first.AddDays(20));
        Assert.Equal(1d, line.Total.Cover!.Value, 9);

        // Runs of before the first proof was noted: they ended with it.
        Assert.Equal(1d, BackupReporting.Line(policy, TimeSpan.FromDays(1), ReportMonths.Of(NodaTime.DateTimeZone.Utc, "2026-11", "2026-11"), [BackupMonth.Of("2026-11", runs.ConvertAll(static run => run with { FirstProvenAt = null }))], first, first.AddDays(20)).Total.Cover!.Value, 9);
    }

    [Fact]
    public void Drills_that_somebody_ended_count_as_neither_and_recoveries_stand_beside_them()
    {
        DrillLine[] lines =
        [
            Line("R-1", RecoveryKind.Drill, "2026-10", true), Line("R-2", RecoveryKind.Drill, "2026-11", false), Line("R-3", RecoveryKind.Drill, "2026-11", null),
            Line("R-4", RecoveryKind.Recovery, "2026-11", true), Line("R-5", RecoveryKind.Drill, "2026-09", true),
        ];
        var report = DrillReporting.Of(Months, lines);
        Assert.Equal([new DrillCell("2026-10", 1, 0, 0, 1d), new DrillCell("2026-11", 0, 1, 1, 0d)], report.Months);
        Assert.Equal(new DrillCell("", 1, 1, 1, 0.5), report.Total);
        Assert.Equal(4, report.Lines.Count);
        Assert.Equal(60, DrillReporting.Of(Months, Enumerable.Range(0, 160).Select(at => lines[0] with { Id = $"R-{at}" })).Left);

        static DrillLine Line(string id, RecoveryKind kind, string month, bool? passed) => new(id, kind, "records", "records", month, Utc(month + "-10T08:00Z"), passed, null, null);
    }

    [Fact]
    public void What_is_not_known_is_empty_in_CSV_and_nothing_in_it_is_a_formula()
    {
        var plan = HelpDeskPlan.Plan with { Services = [HelpDeskPlan.Plan.Services[0] with { Name = "=cmd|' /C calc'!A0" }], Teams = [HelpDeskPlan.Plan.Teams[0] with { Name = "@desk, \"one\"" }] };
        var availability = ReportCsv.Of(Availability.Of(plan, Months, [], Utc("2026-11-01T00:00Z"), Utc("2026-11-02T00:00Z"))).ToList();
        Assert.Equal("records,'=cmd|' /C calc'!A0,2026-10,,,0,,,,\r\n", availability[1]);
        Assert.EndsWith(",2026-11,1440,0,0,1,,,\r\n", availability[2], StringComparison.Ordinal);
        var work = ReportCsv.Of(WorkloadReporting.Of(plan, Months, Counted(Fact("T-1", "2026-10-05T08:00Z", null, "desk", null)), static _ => true)).ToList();
        Assert.Equal("team,desk,\"'@desk, \"\"one\"\"\",1,0,1\r\n", work[3]);
    }

    [Fact]
    public void The_objective_and_what_is_left_of_its_budget_are_in_the_CSV()
    {
        var (first, now) = (Utc("2026-11-01T00:00Z"), Utc("2026-11-11T00:00Z"));
        var plan = HelpDeskPlan.Plan with { System = HelpDeskPlan.Plan.System with { TimeZone = Zone("Etc/UTC") }, Services = [HelpDeskPlan.Plan.Services[0]], Windows = Maintenance.Windows.WindowPolicy.None, Monitoring = HelpDeskPlan.Plan.Monitoring with { Objectives = [new ServiceObjective("records", 99.5, null)] } };
        var outage = new ProbeIncident("web", "records", first.AddDays(1), first.AddDays(1), "refused") { To = first.AddDays(1).AddMinutes(90) };
        var measure = Measuring.Of("records", [new ProbeHistory(ProbeCase.Probe(), new ProbeState("web", first, now, ProbePhase.Up, first, [], "fine"), [], [outage])], now);
        var lines = ReportCsv.Of(Availability.Of(plan, ReportMonths.Of(plan, "2026-10", "2026-11"), [], null, now, new Dictionary<string, ServiceMeasure> { ["records"] = measure })).ToList();

        Assert.EndsWith(",objective,budgetMinutes,budgetLeftMinutes\r\n", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(",2026-10,,,0,,0.995,,\r\n", lines[1], StringComparison.Ordinal);

        // November has 43,200 minutes here; 0.5 % of them are 216, of which 90 are spent.
        Assert.EndsWith(",2026-11,14400,90,1,0.99375,0.995,216,126\r\n", lines[2], StringComparison.Ordinal);
        Assert.Equal(lines[0].Split(',').Length, lines[2].Split(',').Length);
    }

    private static IReadOnlyList<TicketMonth> Counted(params TicketFact[] facts) =>
        [.. facts.GroupBy(static fact => fact.Month).Select(static group => TicketMonth.Of(HelpDeskPlan.Plan, group.Key, [.. group]))];

    private static TicketFact Fact(string id, string opened, string? resolved, string? team, string? assignee) => new(
        id, TicketFact.MonthOf(HelpDeskPlan.Plan, Utc(opened)), TicketType.Incident, "records", "p2", team, assignee, resolved is null ? TicketState.Assigned : TicketState.Closed, Utc(opened), null,
        resolved is null ? null : Utc(resolved), null, null, null, null, 0, false);
}
