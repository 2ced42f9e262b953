using Maintenance.Backups;
using Maintenance.Calendars;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Rollouts;
using Maintenance.Time;
using Maintenance.Windows;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

public sealed class MaintenanceCalendarTests
{
    private static readonly DateOnly First = new(2026, 12, 1);

    private static readonly DateOnly Last = new(2026, 12, 31);

    private static readonly OperationsPlan Plan = HelpDeskPlan.Plan with
    {
        Calendars =
        [
            HelpDeskPlan.Plan.Calendars[0] with
            {
                Holidays = [new(new LocalDate(2026, 12, 25), "Christmas Day"), new(new LocalDate(2027, 1, 1), "New Year's Day")],
                Revisions = [new(new LocalDate(2026, 12, 7), [new([IsoDayOfWeek.Monday], [new(480, 720)])], "Half days")],
            },
            HelpDeskPlan.Plan.Calendars[1] with { Holidays = [new(new LocalDate(2026, 12, 25), "Christmas Day")] },
        ],
        People = [HelpDeskPlan.Plan.People[1] with { Absences = [new(new(2026, 11, 28), new(2026, 12, 2), "An operation"), new(new(2027, 1, 2), new(2027, 1, 3), "Leave")] }],
        Windows = new WindowPolicy(
            WindowPolicy.UsualHorizon,
            [new MaintenanceWindow("night", "Saturday night", new WeeklyDays([IsoDayOfWeek.Saturday]), 1200, 360)],
            [new Freeze("year-end", new LocalDateTime(2026, 12, 19, 22, 0), new LocalDateTime(2026, 12, 28, 0, 0), "Statistics")]),
        Recovery = new RecoveryPolicy([new RecoveryStrategy("records", "records", "Lost", [], 1, TimeSpan.Zero, []) { Drills = new DrillPolicy(Schedule.Parse("0 0 10 1 * *"), TimeSpan.FromDays(100)) }], null),
        Repository = RepositoryCare.Usual with { Prune = Schedule.Parse("0 0 3 * * sun"), Verify = Schedule.Parse("0 30 3 * * *") },
    };

    [Fact]
    public void A_month_lists_what_is_planned_in_it_and_nothing_else()
    {
        var work = MaintenanceCalendar.Of(Plan, CalendarFacts.None, First, Last);
        Assert.Equal(
            [
                "2026-11-28 2026-12-02 Absence absence-ben-20261128",
                "2026-12-01 2026-12-01 Drill drill-records-20261201T070000Z",
                "2026-12-05 2026-12-06 Window window-night-20261205T170000Z",
                "2026-12-06 2026-12-06 Repository prune-20261206T000000Z",
                "2026-12-07 2026-12-07 Hours hours-office-20261207",
                "2026-12-12 2026-12-13 Window window-night-20261212T170000Z",
                "2026-12-13 2026-12-13 Repository prune-20261213T000000Z",
                "2026-12-19 2026-12-19 Window window-night-20261219T170000Z",
                "2026-12-19 2026-12-27 Freeze freeze-year-end",
                "2026-12-20 2026-12-20 Repository prune-20261220T000000Z",
                "2026-12-25 2026-12-25 Holiday holiday-20261225",
                "2026-12-27 2026-12-27 Repository prune-20261227T000000Z",
            ],
            work.Entries.Select(static entry => $"{entry.From:yyyy-MM-dd} {entry.To:yyyy-MM-dd} {entry.Kind} {entry.Key}"));

        // The window of the 19th ends where the freeze begins, that of the 26th does not occur; the holiday names both calendars, once.
        Assert.Equal(Utc("2026-12-19T22:00+03:00"), work.Entries[7].End);
        Assert.Equal("Cut by: year-end", work.Entries[7].Detail);
        Assert.Equal("Closed: Office, Always", work.Entries[10].Detail);
        Assert.Equal(["Verification of the repository: 0 30 3 * * *"], work.Often);
        Assert.Equal(0, work.Left);
    }

    [Fact]
    public void Rollouts_reviews_and_drills_that_fall_overdue_come_from_what_is_under_way()
    {
        var ring = new RolloutRing("pilot", "Pilot office", ["night"], TimeSpan.FromHours(2), [], [], new([], new Uri("http://127.0.0.1/"), null, TimeSpan.FromMinutes(1)), [], TimeSpan.Zero, []);
        var rollout = new RolloutRun(
            "P-1001", "New library", "records", null, [ring], RolloutState.Running, Utc("2026-11-20T08:00Z"), [new RingRun("pilot", RingState.Scheduled, []) { SlotStart = Utc("2026-12-05T17:00Z"), SlotEnd = Utc("2026-12-05T19:00Z") }], []);
        var review = new PatchRequest("P-1002", "Hot fix", "What", PatchType.Emergency, PatchSeverity.High, "records", "ben", Utc("2026-11-20T08:00Z"), [], 1, Utc("2026-11-21T08:00Z")) { ReviewDueAt = Utc("2026-12-10T21:30Z") };
        var facts = new CalendarFacts([rollout], [review], new Dictionary<string, DrillStatus> { ["records"] = new(Utc("2026-01-01T00:00Z"), Utc("2026-11-01T00:00Z"), PassedAt: Utc("2026-09-01T07:00Z")) });
        var work = MaintenanceCalendar.Of(Plan, facts, First, Last);

        Assert.Equal(("Rollout of P-1001: Pilot office", "New library", "/patches/P-1001"), Of("rollout-P-1001-pilot"));
        Assert.Equal(("Review of P-1002 is due", "Hot fix", "/patches/P-1002"), Of("review-P-1002"));

        // 21:30 UTC is after midnight in Nairobi; 100 days after the drill that passed.
        Assert.Equal(new DateOnly(2026, 12, 11), work.Entries.Single(static entry => entry.Key == "review-P-1002").From);
        Assert.Equal(Utc("2026-12-10T07:00Z"), work.Entries.Single(static entry => entry.Key == "drill-records-overdue").Start);

        (string, string?, string?) Of(string key) => work.Entries.Single(entry => entry.Key == key) is var one ? (one.Title, one.Detail, one.Link) : default;
    }

    [Fact]
    public void What_happens_every_second_is_said_and_not_walked_and_more_than_a_page_is_counted()
    {
        var busy = Plan with
        {
            Repository = Plan.Repository with { Prune = Schedule.Parse("* * * * * *") },
            Windows = new WindowPolicy(WindowPolicy.UsualHorizon, [.. Enumerable.Range(0, 50).Select(static at => new MaintenanceWindow($"w{at}", "W", new WeeklyDays([.. Enum.GetValues<IsoDayOfWeek>().Skip(1)]), 0, 60))], []),
        };
        var work = MaintenanceCalendar.Of(busy, CalendarFacts.None, First, Last);
        Assert.Contains("Prune of the repository: * * * * * *", work.Often);
        Assert.Equal(MaintenanceCalendar.MostEntries, work.Entries.Count);
        Assert.InRange(work.Left, 550, 560);
        Assert.Throws<ArgumentOutOfRangeException>(() => MaintenanceCalendar.Of(Plan, CalendarFacts.None, First, First.AddDays(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => MaintenanceCalendar.Of(Plan, CalendarFacts.None, First, First.AddDays(MaintenanceCalendar.MostDays)));
    }

    [Fact]
    public void A_range_has_the_entries_of_each_of_its_days()
    {
        var whole = MaintenanceCalendar.Of(Plan, CalendarFacts.None, First, Last).Entries.Select(static entry => entry.Key).Order();
        var days = Enumerable.Range(0, 31).SelectMany(static day => MaintenanceCalendar.Of(Plan, CalendarFacts.None, First.AddDays(day), First.AddDays(day)).Entries).Select(static entry => entry.Key);

        // A day that is looked at alone has the day's verification too: once is not too often.
        Assert.Equal(whole, days.Distinct().Where(static key => !key.StartsWith("verify", StringComparison.Ordinal)).Order());
    }

    [Theory]
    [InlineData(2026, 12, "2026-11-30", "2027-01-03", 5)]
    [InlineData(2027, 2, "2027-02-01", "2027-02-28", 4)]
    [InlineData(2026, 8, "2026-07-27", "2026-09-06", 6)]
    public void A_grid_has_whole_weeks_from_Monday_to_Sunday(int year, int month, string first, string last, int weeks)
    {
        var grid = MonthGrid.Of(new DateOnly(year, month, 15), new PlannedWork(First, Last, [], 0, []));
        Assert.Equal(weeks, grid.Weeks.Count);
        Assert.All(grid.Weeks, static week => Assert.Equal((7, DayOfWeek.Monday, DayOfWeek.Sunday), (week.Count, week[0].Date.DayOfWeek, week[6].Date.DayOfWeek)));
        Assert.Equal((first, last), (grid.Weeks[0][0].Date.ToString("yyyy-MM-dd"), grid.Weeks[^1][6].Date.ToString("yyyy-MM-dd")));
        Assert.Equal(DateTime.DaysInMonth(year, month), grid.Weeks.SelectMany(static week => week).Count(static day => day.IsInMonth));
        Assert.Equal((grid.Weeks[0][0].Date, grid.Weeks[^1][6].Date), (MonthGrid.First(new DateOnly(year, month, 15)), MonthGrid.Last(new DateOnly(year, month, 15))));
    }

    [Fact]
    public void In_the_grid_a_night_is_on_its_evening_and_what_takes_days_on_each_of_them()
    {
        var grid = MonthGrid.Of(First, MaintenanceCalendar.Of(Plan, CalendarFacts.None, MonthGrid.First(First), MonthGrid.Last(First)));
        var days = grid.Weeks.SelectMany(static week => week).ToDictionary(static day => day.Date, static day => day.Entries.Select(static entry => entry.Kind).ToList());
        Assert.Contains(CalendarEntryKind.Window, days[new(2026, 12, 5)]);
        Assert.DoesNotContain(CalendarEntryKind.Window, days[new(2026, 12, 6)]);
        Assert.Equal(9, days.Count(static day => day.Value.Contains(CalendarEntryKind.Freeze)));
        Assert.Equal([new DateOnly(2026, 11, 30), First, First.AddDays(1)], days.Where(static day => day.Key.Year == 2026 && day.Value.Contains(CalendarEntryKind.Absence)).Select(static day => day.Key));
    }

    [Theory]
    [InlineData("2026-11", true)]
    [InlineData("2000-01", true)]
    [InlineData("2199-12", true)]
    [InlineData("2200-01", false)]
    [InlineData("1999-12", false)]
    [InlineData("2026-13", false)]
    [InlineData("2026-1", false)]
    [InlineData("", false)]
    [InlineData("2026-11-01", false)]
    public void A_month_is_a_year_and_a_month(string text, bool isMonth) => Assert.Equal(isMonth, MonthGrid.Parse(text) is not null);

    [Fact]
    public void The_feed_is_read_by_a_strict_program_and_names_nobody_who_is_away()
    {
        var work = MaintenanceCalendar.Of(Plan, CalendarFacts.None, First, Last);
        var feed = CalendarFeed.Write(Plan, work, Utc("2026-12-01T00:00Z"), static path => new Uri("https://maintenance.example" + path));
        var (calendar, events) = IcsReader.Read(feed);
        Assert.Equal("Records: maintenance", calendar["X-WR-CALNAME"]);
        Assert.Equal(work.Entries.Count, events.Count);
        Assert.All(events, static one => Assert.EndsWith("@records.maintenance.invalid", one["UID"], StringComparison.Ordinal));
        var absence = Assert.Single(events, static one => one["CATEGORIES"] == "Absence");
        Assert.Equal("One person is away: The desk", IcsReader.Text(absence["SUMMARY"]));
        Assert.Equal(("20261128", "20261203"), (absence["DTSTART;VALUE=DATE"], absence["DTEND;VALUE=DATE"]));
        var unfolded = string.Join('\n', IcsReader.Unfold(feed));
        Assert.DoesNotContain("ben", unfolded, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("operation", unfolded, StringComparison.OrdinalIgnoreCase);
        var window = Assert.Single(events, static one => one["UID"].StartsWith("window-night-20261205", StringComparison.Ordinal));
        Assert.Equal(("20261205T170000Z", "20261206T030000Z", "https://maintenance.example/windows"), (window["DTSTART"], window["DTEND"], window["URL"]));

        // Written again later, the same events have the same names.
        Assert.Equal(events.Select(static one => one["UID"]), IcsReader.Read(CalendarFeed.Write(Plan, work, Utc("2026-12-02T00:00Z"), null)).Events.Select(static one => one["UID"]));
    }
}
