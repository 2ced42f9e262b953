using Maintenance.Duties;
using Maintenance.Plan;
using Maintenance.Reports;
using Maintenance.Resources;
using Maintenance.Tests.Contracts;
using Maintenance.Tests.Services;
using Maintenance.Training;
using NodaTime;

namespace Maintenance.Tests.Resources;

/// <summary>What staff did in a month, against what was planned.</summary>
public sealed class StaffReportTests
{
    private const string Section = """

        teams:
          - { id: desk, name: Desk, lead: cat, members: [ann, ben] }
        resources:
          closesAfter: 5d
          weeks: [{ person: ben, hours: 42 }]
          allocations:
            - { person: ben, hours: 7, service: register, kind: operations }
            - { person: ben, hours: 30, per: month, kind: training }
        training:
          programmes:
            - { id: law, name: The law, audience: [ben], valid: 365d, within: 60d, owner: ann, trainer: ann, delivery: online }
        """;

    /// <summary>Ben's calendar is never closed, so that a week of 42 hours is a quarter of it: 180 hours in November.</summary>
    private static readonly string Yaml = Office.QuickPlan.Replace("name: Ben, email: ben@registry.example, roles: [support, approver]", "name: Ben, email: ben@registry.example, roles: [support, approver], hours: always", StringComparison.Ordinal) + Section;

    private static readonly OperationsPlan Plan = PlanFile.Load("plan.yaml", Yaml, Path.GetTempPath()).Plan!;

    [Fact]
    public void A_month_of_a_person_is_planned_against_booked_by_service_kind_and_allocation()
    {
        var facts = StaffFacts.None with
        {
            Bookings =
            [
                Booked("ben", 20, 2, WorkKind.Operations, "register"), Booked("ben", 21, 1.5m, WorkKind.Training, null), Booked("ben", 21, 4, WorkKind.Support, "register"),
                Booked("ben", 22, 8, WorkKind.Operations, "register") with { Reversed = new Correction(default, "ben", "Wrong") }, Booked("ann", 22, 8, WorkKind.Operations, "register"),
            ],
            Duties = new Dictionary<string, DutyLine>(StringComparer.Ordinal) { ["ben"] = new("ben", 2, 1, 5, 0, 3), ["support"] = new("support", 1, 0, 0, 1, 0), ["administrator"] = new("administrator", 9, 9, 9, 9, 9) },
        };
        var ben = Plan.FindPerson("ben")! with { Absences = [new Absence(new LocalDate(2026, 11, 1), new LocalDate(2026, 11, 3), "")] };
        var month = StaffReporting.Of(Plan, ben, "2026-11", facts);
        Assert.Equal(((decimal?)162, 54m, 7.5m, 3m, 4m), (month.Capacity, month.Allocated, month.Booked, month.AbsenceDays, month.Unplanned));
        Assert.Equal([new HoursLine("register", 27, 6), new HoursLine("", 27, 1.5m)], month.Services);
        Assert.Equal([new HoursLine("operations", 27, 2), new HoursLine("support", 0, 4), new HoursLine("training", 27, 1.5m)], month.Kinds);
        Assert.Equal([new AllocationLine("register", WorkKind.Operations, 27, 2), new AllocationLine(null, WorkKind.Training, 27, 1.5m)], month.Lines);
        Assert.Equal(new DutiesDone(3, 1, 1), month.Duties);
        Assert.Equal((0m, 108m), (month.Over, month.Free));

        // What lines and what no line means is everything, each hour once.
        Assert.Equal(month.Booked, month.Lines.Sum(static line => line.Booked) + month.Unplanned);
    }

    [Fact]
    public void Hours_on_a_service_that_the_plan_no_longer_has_are_in_a_line_of_their_own()
    {
        var facts = StaffFacts.None with { Bookings = [Booked("ben", 20, 2, WorkKind.Operations, "gone"), Booked("ben", 20, 1, WorkKind.Support, "register"), Booked("ben", 21, 4, WorkKind.Other, null)] };
        var month = StaffReporting.Of(Plan, Plan.FindPerson("ben")!, "2026-11", facts);
        Assert.Equal(["register", "gone", ""], month.Services.Select(static line => line.Name));
        Assert.Equal(7, month.Booked);
        Assert.Equal(month.Booked, month.Services.Sum(static line => line.Booked));
        Assert.Equal(month.Booked, month.Kinds.Sum(static line => line.Booked));
    }

    [Fact]
    public void Who_is_allocated_more_than_they_have_is_over_and_nobody_can_tell_of_whom_there_is_no_calendar()
    {
        var plan = Plan with { Resources = Plan.Resources with { Allocations = [new Allocation(49, AllocationPeriod.Week) { Person = "ben", Kind = WorkKind.Project }, new Allocation(7, AllocationPeriod.Week) { Person = "ann", Kind = WorkKind.Project }] } };
        var ben = StaffReporting.Of(plan, plan.FindPerson("ben")!, "2026-11", StaffFacts.None);
        Assert.Equal(((decimal?)180, 210m, 30m, 0m), (ben.Capacity, ben.Allocated, ben.Over, ben.Free));
        var ann = StaffReporting.Of(plan, plan.FindPerson("ann")!, "2026-11", StaffFacts.None);
        Assert.Equal((null, 30m, 0m, 0m), (ann.Capacity, ann.Allocated, ann.Over, ann.Free));
    }

    [Fact]
    public void A_month_of_a_team_is_the_sum_of_its_members()
    {
        var facts = StaffFacts.None with { Bookings = [Booked("ben", 20, 2, WorkKind.Operations, "register"), Booked("ann", 22, 8, WorkKind.Operations, "register"), Booked("ann", 22, 1, WorkKind.Other, null)] };
        var members = new[] { "ann", "ben" }.Select(id => StaffReporting.Of(Plan, Plan.FindPerson(id)!, "2026-11", facts)).ToList();
        var team = StaffReporting.Of(Plan.FindTeam("desk")!, members);
        Assert.Equal((2, 180m, 60m, 11m), (team.People, team.Capacity, team.Allocated, team.Booked));
        Assert.Equal([new HoursLine("register", 30, 10), new HoursLine("", 30, 1)], team.Services);
    }

    [Fact]
    public async Task Each_person_sees_their_own_figures_the_lead_those_of_the_team_and_nobody_else_any()
    {
        await using var office = await Office.OpenAsync(Yaml);
        var hours = HourServiceTests.Hours(office);
        _ = await hours.BookAsync(new NewBooking("ben", new DateOnly(2026, 11, 20), 2, WorkKind.Operations, "register", null, null, ""), "ben", null, default);
        var staff = Staff(office, hours);
        Assert.Equal(("ben", 0), await SeenAsync("ben"));
        Assert.Equal(("ann,ben,cat", 1), await SeenAsync("cat"));
        Assert.Equal(("ann", 0), await SeenAsync("ann"));
        Assert.Equal(("", 0), await SeenAsync("operator"));
        var own = Assert.Single((await staff.ReadAsync("2026-11", "ben", StaffScope.Everybody, default)).People);
        Assert.Equal((2m, 1, 0, "The law"), (own.Booked, own.Training.Asked, own.Training.Valid, own.Training.Lacking[0]));

        // Part of a team is no team.
        Assert.Empty((await staff.ReadAsync("2026-11", "cat", new StaffScope(Person: "ben"), default)).Teams);
        _ = await Assert.ThrowsAsync<FormatException>(() => staff.ReadAsync("2026-13", "cat", StaffScope.Everybody, default));

        async Task<(string People, int Teams)> SeenAsync(string viewer)
        {
            var report = await staff.ReadAsync("2026-11", viewer, StaffScope.Everybody, default);
            return (string.Join(',', report.People.Select(static one => one.Person)), report.Teams.Count);
        }
    }

    [Fact]
    public async Task A_month_that_is_closed_says_the_same_whenever_it_is_read()
    {
        await using var office = await Office.OpenAsync(Yaml);
        var hours = HourServiceTests.Hours(office);
        var absences = new AbsenceService(office.Records, office.Plan, office.Clock);
        _ = await hours.BookAsync(new NewBooking("ben", new DateOnly(2026, 11, 20), 2, WorkKind.Operations, "register", null, null, ""), "ben", null, default);
        _ = await absences.RecordAsync(new NewAbsence("ben", new LocalDate(2026, 11, 28), new LocalDate(2026, 12, 1), DayPart.Whole, AbsenceKind.Leave, null), "ben", null, default);
        var staff = Staff(office, hours);
        Assert.False((await staff.ReadAsync("2026-11", "cat", StaffScope.Everybody, default)).IsClosed);
        office.Clock.Advance(TimeSpan.FromDays(14));
        var closed = await staff.ReadAsync("2026-11", "cat", StaffScope.Everybody, default);
        Assert.True(closed.IsClosed);
        Assert.Equal(3, closed.People.Single(static one => one.Person == "ben").AbsenceDays);
        office.Clock.Advance(TimeSpan.FromDays(200));
        _ = await office.Plan.RefreshAsync(default);
        Assert.Equal(MaintenanceJson.Write(closed), MaintenanceJson.Write(await staff.ReadAsync("2026-11", "cat", StaffScope.Everybody, default)));
    }

    [Fact]
    public async Task A_month_that_nobody_read_before_the_plan_was_edited_is_as_it_was_when_it_was_closed()
    {
        await using var office = await Office.OpenAsync(Yaml);
        var hours = HourServiceTests.Hours(office);
        var staff = Staff(office, hours);
        var upkeep = new ResourceUpkeep(staff, new AbsenceService(office.Records, office.Plan, office.Clock));
        await upkeep.PurgeExpiredAsync(default);
        var open = (await staff.ReadAsync("2026-11", "cat", StaffScope.Everybody, default)).Teams[0].Allocated;

        office.Clock.Advance(TimeSpan.FromDays(14));
        _ = await office.Plan.RefreshAsync(default);
        await upkeep.PurgeExpiredAsync(default);
        office.PlanText = office.PlanText.Replace("hours: 7, service: register", "hours: 14, service: register", StringComparison.Ordinal);
        office.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False((await office.Plan.RefreshAsync(default)).IsStale);
        await upkeep.PurgeExpiredAsync(default);

        Assert.Equal(open, (await staff.ReadAsync("2026-11", "cat", StaffScope.Everybody, default)).Teams[0].Allocated);
        Assert.NotEqual(open, (await staff.ReadAsync("2026-12", "cat", StaffScope.Everybody, default)).Teams[0].Allocated);
    }

    [Fact]
    public async Task A_month_that_stays_closed_stays_as_it_is_when_months_close_later()
    {
        await using var office = await Office.OpenAsync(Yaml);
        var staff = Staff(office, HourServiceTests.Hours(office));
        office.Clock.Advance(TimeSpan.FromDays(14));
        await staff.KeepClosedAsync(default);
        var closed = MaintenanceJson.Write(await staff.ReadAsync("2026-11", "cat", StaffScope.Everybody, default));
        office.Clock.Advance(TimeSpan.FromDays(60));
        office.PlanText = office.PlanText.Replace("hours: 7, service: register", "hours: 14, service: register", StringComparison.Ordinal).Replace("closesAfter: 5d", "closesAfter: 40d", StringComparison.Ordinal);
        Assert.False((await office.Plan.RefreshAsync(default)).IsStale);
        await staff.KeepClosedAsync(default);

        var after = await staff.ReadAsync("2026-11", "cat", StaffScope.Everybody, default);
        Assert.True(after.IsClosed);
        Assert.Equal(closed, MaintenanceJson.Write(after with { ClosesAt = MaintenanceJson.Read<StaffReport>(closed).ClosesAt }));
    }

    [Fact]
    public async Task What_a_clock_that_was_ahead_has_kept_of_an_open_month_is_kept_anew_when_it_closes()
    {
        await using var office = await Office.OpenAsync(Yaml);
        var hours = HourServiceTests.Hours(office);
        var ahead = new FakeClock(office.Clock.Now.AddDays(30));
        await Staff(office, hours, ahead).KeepClosedAsync(default);
        _ = await hours.BookAsync(new NewBooking("ben", new DateOnly(2026, 11, 20), 2, WorkKind.Operations, "register", null, null, ""), "ben", null, default);
        var staff = Staff(office, hours);
        await staff.KeepClosedAsync(default);

        // It closes within these days, still before the instant that the other clock showed.
        office.Clock.Advance(TimeSpan.FromDays(15));
        await staff.KeepClosedAsync(default);
        office.Clock.Advance(TimeSpan.FromDays(100));
        Assert.Equal((true, 2m), await staff.ReadAsync("2026-11", "ben", StaffScope.Everybody, default) is var report ? (report.IsClosed, report.People.Single().Booked) : default);
    }

    [Fact]
    public async Task A_closed_month_stays_as_it_was_read_when_the_plan_is_edited()
    {
        await using var office = await Office.OpenAsync(Yaml);
        var hours = HourServiceTests.Hours(office);
        _ = await hours.BookAsync(new NewBooking("ben", new DateOnly(2026, 11, 20), 2, WorkKind.Operations, "register", null, null, ""), "ben", null, default);
        var staff = Staff(office, hours);

        // While it is open it follows the plan.
        var open = await staff.ReadAsync("2026-11", "cat", StaffScope.Everybody, default);
        await EditAsync("hours: 7, service: register", "hours: 14, service: register");
        Assert.NotEqual(open.Teams[0].Allocated, (await staff.ReadAsync("2026-11", "cat", StaffScope.Everybody, default)).Teams[0].Allocated);

        office.Clock.Advance(TimeSpan.FromDays(14));
        var closed = await staff.ReadAsync("2026-11", "ann", StaffScope.Everybody, default);
        var team = MaintenanceJson.Write(await staff.ReadAsync("2026-11", "cat", new StaffScope(Team: "desk"), default));
        await EditAsync("hours: 14, service: register", "hours: 1, service: register");
        await EditAsync("hours: 42", "hours: 21");
        await EditAsync("members: [ann, ben]", "members: [ann]");
        Assert.Equal(MaintenanceJson.Write(closed), MaintenanceJson.Write(await staff.ReadAsync("2026-11", "ann", StaffScope.Everybody, default)));
        Assert.Equal(team, MaintenanceJson.Write(await staff.ReadAsync("2026-11", "cat", new StaffScope(Team: "desk"), default)));
        Assert.Equal((2m, (decimal?)180), (await staff.ReadAsync("2026-11", "ben", StaffScope.Everybody, default)).People.Single() is var ben ? (ben.Booked, ben.Capacity) : default);
        Assert.Single((await staff.ReadAsync("2026-12", "cat", new StaffScope(Team: "desk"), default)).People);

        // Opened again by the plan, and closed again, it is what it is then.
        await EditAsync("closesAfter: 5d", "closesAfter: 30d");
        Assert.False((await staff.ReadAsync("2026-11", "cat", StaffScope.Everybody, default)).IsClosed);
        await staff.KeepClosedAsync(default);
        office.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal((true, 90m), (await staff.ReadAsync("2026-11", "ben", StaffScope.Everybody, default)) is var again ? (again.IsClosed, again.People.Single().Capacity!.Value) : default);

        async Task EditAsync(string from, string to)
        {
            Assert.Contains(from, office.PlanText, StringComparison.Ordinal);
            office.PlanText = office.PlanText.Replace(from, to, StringComparison.Ordinal);
            office.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.False((await office.Plan.RefreshAsync(default)).IsStale);
        }
    }

    [Fact]
    public void As_csv_every_line_has_the_same_columns_and_no_formula()
    {
        var ben = StaffReporting.Of(Plan, Plan.FindPerson("ben")! with { Name = "=Ben" }, "2026-11", StaffFacts.None with { Bookings = [Booked("ben", 20, 2.25m, WorkKind.Operations, "register")] });
        var lines = ReportCsv.Of(new StaffReport("2026-11", null, false, [StaffReporting.Of(Plan.FindTeam("desk")!, [ben])], [ben], [])).ToList();
        Assert.Equal(1 + (2 * 5), lines.Count);
        Assert.All(lines, static line => Assert.Equal(17, line.Count(static letter => letter == ',')));
        Assert.StartsWith("month,of,id,name,by,key,capacityHours,", lines[0], StringComparison.Ordinal);
        Assert.Contains("2026-11,person,ben,'=Ben,service,register,,30,2.25,,,,,,,,,\r\n", lines);
        Assert.DoesNotContain(lines, static line => line.Contains(",=", StringComparison.Ordinal));
    }

    private static StaffReportService Staff(Office office, HourService hours, TimeProvider? time = null) => new(
        office.Records,
        hours,
        new AbsenceService(office.Records, office.Plan, office.Clock),
        new TicketReportService(office.Records, office.Tickets, new Maintenance.Tickets.AgentBook(office.Records, office.Clock), office.Plan, office.Clock),
        new DutyService(office.Records, office.Notifications, office.Tickets, office.Recoveries, office.Plan, office.Clock),
        new TrainingService(office.Records, office.Numbers, office.Notifications, office.Plan, office.Clock),
        office.Plan,
        time ?? office.Clock);

    private static HourBooking Booked(string person, int day, decimal hours, WorkKind kind, string? service) =>
        new("2026-11-000000000000", person, new DateOnly(2026, 11, day), hours, kind, default, person) { Service = service };
}
