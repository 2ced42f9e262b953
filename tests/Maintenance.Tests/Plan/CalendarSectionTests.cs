using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Tests.Storage;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Plan;

/// <summary>When service time counts, as the plan says it: hours, revisions, holidays by date and from files.</summary>
public sealed class CalendarSectionTests : IDisposable
{
    private const string Christmas = "      - { date: 2026-12-25, name: Christmas Day }\n";
    private const string Hours = "hours: [{ days: [mon], spans: [10:00-12:00] }]";
    private const string FileHint = "Put an iCalendar file there, or take this line out.";

    private const string Ics = """
        BEGIN:VCALENDAR
        BEGIN:VEVENT
        DTSTART;VALUE=DATE:20260501
        RRULE:FREQ=YEARLY;UNTIL=20290501
        SUMMARY:Labour Day
        END:VEVENT
        END:VCALENDAR

        """;

    private readonly ScratchFolder _folder = new();

    public static TheoryData<Fault> Errors => new(
        new(Christmas, $"{Christmas}    revisions:\n      - {{ from: 2027-02-01, {Hours} }}\n      - {{ from: 2027-02-01, {Hours}, reason: Again }}\n", $"- {{ from: |2027-02-01, {Hours}, reason", "calendars[0].revisions[1].from", "there is a revision from 2027-02-01 already.", "Keep one of them."),
        new(Christmas, $"{Christmas}    revisions:\n      - {{ from: 2027-02-01, {Hours} }}\n      - {{ from: 2027-01-31, {Hours} }}\n", "- { from: |2027-01-31", "calendars[0].revisions[1].from", "it is earlier than the revision before it (2027-02-01).", "List the revisions in the order of their dates."),
        new(Christmas, $"{Christmas}    revisions:\n      - {{ from: 2100-01-01, {Hours} }}\n", "- { from: |2100-01-01", "calendars[0].revisions[0].from", "the year is not between 1970 and 2099.", "Write the first date of the new hours, such as 2027-01-04."),
        new(Christmas, $"{Christmas}    revisions:\n      - {{ from: 2027-02-01, hours: [] }}\n", "hours: |[] }", "calendars[0].revisions[0].hours", "the list has 0 items; at least 1 is needed.", null),
        new(Christmas, $"{Christmas}    revisions:\n      - {{ {Hours} }}\n", "- |{ hours: [{ days: [mon], spans: [10:00", "calendars[0].revisions[0].from", "the key 'from' is missing.", "The first local date of the new hours."),
        new(Christmas, $"{Christmas}    holidayFiles: [../holidays.ics]\n", "[|../holidays.ics]", "calendars[0].holidayFiles[0]", "'../holidays.ics' is not a path below the plan's folder.", "Write one with / between its names and none in front, such as holidays.ics."),
        new(Christmas, $"{Christmas}    holidayFiles: [/etc/holidays.ics]\n", "[|/etc/holidays.ics]", "calendars[0].holidayFiles[0]", "'/etc/holidays.ics' is not a path below the plan's folder.", "Write one with / between its names and none in front, such as holidays.ics."),
        new(Christmas, $"{Christmas}    holidayFiles: [holidays.ics]\n", "[|holidays.ics]", "calendars[0].holidayFiles[0]", "holidays.ics: there is no such file.", FileHint));

    [Theory]
    [MemberData(nameof(Errors))]
    public void What_cannot_work_is_an_error(Fault fault) => fault.AssertReported(PlanProblemSeverity.Error);

    [Fact]
    public void Revisions_count_from_their_date_on_in_the_zone_of_the_system()
    {
        var load = Load($"{Christmas}    revisions:\n      - {{ from: 2026-11-24, reason: Charter, {Hours} }}\n      - {{ from: 2026-12-01, hours: [{{ days: [tue], spans: [06:00-07:00, 22:00-02:00] }}] }}\n");

        Assert.Empty(load.Problems);
        var definition = load.Plan!.Calendars[0];
        Assert.Equal((new LocalDate(2026, 11, 24), "Charter"), (definition.Revisions[0].From, definition.Revisions[0].Reason));

        // Monday 23 November by the first hours; Tuesday, Wednesday closed; Monday 30 from ten to twelve; Tuesday 1 December by the last ones.
        var calendar = load.Plan.Calendar("office");
        Assert.Equal(
            ["11-23 08:00-12:00", "11-23 13:00-17:00", "11-30 10:00-12:00", "12-01 06:00-07:00", "12-01 22:00-00:00", "12-02 00:00-02:00"],
            calendar.Spans(Instant.FromDateTimeOffset(Utc("2026-11-23T00:00+03:00"))).Take(6).Select(static span => $"{span.Start.Plus(Duration.FromHours(3)):MM-dd HH:mm}-{span.End.Plus(Duration.FromHours(3)):HH:mm}"));
        Assert.Equal(Utc("2026-11-30T10:30+03:00"), ServiceClock.Due(calendar, Utc("2026-11-23T16:00+03:00"), TimeSpan.FromMinutes(90)));
        Assert.Null(calendar.RevisionAt(Instant.FromDateTimeOffset(Utc("2026-11-23T23:59:59+03:00"))));
        Assert.Equal(new LocalDate(2026, 11, 24), calendar.RevisionAt(Instant.FromDateTimeOffset(Utc("2026-11-24T00:00+03:00"))));
        Assert.Equal(new LocalDate(2026, 12, 1), calendar.RevisionAt(Instant.FromDateTimeOffset(Utc("2026-12-01T00:00+03:00"))));
    }

    [Fact]
    public void Dates_of_a_file_are_closed_like_those_of_the_plan_in_every_calendar_that_names_it()
    {
        Write("dates/public.ics", Ics);
        var load = Load($"{Christmas}    holidayFiles: [dates/public.ics]\n  - id: other\n    hours: [{{ days: [fri], spans: [08:00-12:00] }}]\n    holidayFiles: [dates/public.ics]\n");

        Assert.Empty(load.Problems);
        var holidays = load.Plan!.Calendars[0].Holidays;
        Assert.Equal(["2026-12-25", "2026-05-01", "2027-05-01", "2028-05-01", "2029-05-01"], holidays.Select(static holiday => $"{holiday.Date:uuuu-MM-dd}"));
        Assert.Equal([null, "dates/public.ics"], holidays.Select(static holiday => holiday.File).Distinct());
        Assert.Equal("Labour Day", load.Plan.Calendar("other").HolidayOn(new LocalDate(2026, 5, 1)));
        Assert.Equal(Utc("2026-05-08T09:00+03:00"), ServiceClock.Due(load.Plan.Calendar("other"), Utc("2026-04-30T00:00+03:00"), TimeSpan.FromHours(1)));
        Assert.Equal(Ics, Assert.Single(load.Files, static file => file.Key == "dates/public.ics").Value);
    }

    [Fact]
    public void What_is_wrong_in_a_file_is_reported_at_its_entry_with_its_line_once()
    {
        Write("bad.ics", Ics.Replace("YEARLY", "WEEKLY", StringComparison.Ordinal));
        var yaml = SmallPlan.With(Christmas, $"{Christmas}    holidayFiles: [bad.ics]\n  - id: other\n    hours: [{{ days: [fri], spans: [08:00-12:00] }}]\n    holidayFiles: [bad.ics]\n");
        var load = PlanFile.Load("plan.yaml", yaml, _folder.Root);

        var (line, column) = SmallPlan.Place(yaml, "holidayFiles: [|bad.ics]\n  - id: other");
        Assert.Equal(
            new PlanProblem("plan.yaml", line, column, "calendars[0].holidayFiles[0]", "bad.ics, line 4: FREQ=WEEKLY is not honoured.", "A public holiday recurs FREQ=YEARLY; what closes every week or month belongs into the calendar's hours, or write the dates as RDATE.", PlanProblemSeverity.Error),
            Assert.Single(load.Problems));
        Assert.Null(load.Plan);
    }

    [Fact]
    public void A_file_that_is_no_text_too_large_or_a_folder_is_an_error()
    {
        File.WriteAllBytes(_folder.PathOf("latin.ics"), [.. "BEGIN:VCALENDAR\nX:"u8, 0xE9, .. "\nEND:VCALENDAR\n"u8]);
        File.WriteAllText(_folder.PathOf("large.ics"), new string('x', (1024 * 1024) + 1));
        Directory.CreateDirectory(_folder.PathOf("folder.ics"));

        Assert.Equal("latin.ics: it is not text in UTF-8.", Only("latin.ics"));
        Assert.Equal("large.ics: it has 1048577 bytes; at most 1048576 are read.", Only("large.ics"));
        Assert.StartsWith("folder.ics: it cannot be read: ", Only("folder.ics"), StringComparison.Ordinal);

        string Only(string file) => Assert.Single(Load($"{Christmas}    holidayFiles: [{file}]\n").Problems).Message;
    }

    [Fact]
    public void A_date_that_is_listed_in_two_places_is_a_warning()
    {
        Write("a.ics", Ics.Replace("20260501", "20261225", StringComparison.Ordinal).Replace("UNTIL=20290501", "COUNT=1", StringComparison.Ordinal));
        Write("b.ics", Ics);
        Write("c.ics", Ics.Replace("UNTIL=20290501", "COUNT=6", StringComparison.Ordinal));
        var load = Load($"{Christmas}    holidayFiles: [a.ics, b.ics, b.ics, c.ics]\n");

        Assert.NotNull(load.Plan);
        Assert.Equal(
            [
                ("calendars[0].holidayFiles[0]", "a.ics has a date that is listed before: 2026-12-25."),
                ("calendars[0].holidayFiles[2]", "b.ics is listed twice."),
                ("calendars[0].holidayFiles[3]", "c.ics has dates that are listed before: 2026-05-01, 2027-05-01, 2028-05-01 and 1 more."),
            ],
            load.Problems.Select(static problem => (problem.Path, problem.Message)));
        Assert.All(load.Problems, static problem => Assert.Equal(PlanProblemSeverity.Warning, problem.Severity));
        Assert.Equal("Christmas Day", load.Plan.Calendar("office").HolidayOn(new LocalDate(2026, 12, 25)));
    }

    [Fact]
    public void A_calendar_whose_holidays_never_let_it_open_is_an_error_at_what_closes_it()
    {
        // The sample's days are Monday to Wednesday: all of them until 2099. A Tuesday left out for ever is enough.
        Write("weekly.ics", Ics.Replace("20260501", "20260105", StringComparison.Ordinal).Replace("UNTIL=20290501", "BYDAY=MO,TU,WE;COUNT=3000", StringComparison.Ordinal));
        var problem = Assert.Single(Load($"{Christmas}    holidayFiles: [weekly.ics]\n").Problems, static problem => problem.Severity == PlanProblemSeverity.Error);
        Assert.Equal(
            ("calendars[0]", "from 2026-01-05 on it stays closed for more than ten years: on each day that has hours there is a holiday.", "Nothing would ever fall due in it: add hours, or take holidays out."),
            (problem.Path, problem.Message, problem.Hint));

        Write("weekly.ics", Ics.Replace("20260501", "20260105", StringComparison.Ordinal).Replace("UNTIL=20290501", "BYDAY=MO,TU;COUNT=3000", StringComparison.Ordinal));
        Assert.NotNull(Load("      - { date: 2000-01-01, name: Old }\n    holidayFiles: [weekly.ics]\n").Plan);

        var revised = Load("      - { date: 2000-01-01, name: Old }\n    holidayFiles: [weekly.ics]\n    revisions: [{ from: 2027-03-01, hours: [{ days: [mon], spans: [08:00-09:00] }] }]\n");
        Assert.Equal("calendars[0].revisions[0]", Assert.Single(revised.Problems).Path);
        Assert.StartsWith("from 2027-02-25 on it stays closed", revised.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_wait_until_the_calendars_can_be_read()
    {
        var yaml = SmallPlan.With(Christmas, $"{Christmas}    holidayFiles: [missing.ics]\n").Replace("13:00-17:00", "13:00-25:00", StringComparison.Ordinal);
        Assert.Equal("calendars[0].hours[0].spans[1]", Assert.Single(PlanFile.Load("plan.yaml", yaml, _folder.Root).Problems).Path);
    }

    [Fact]
    public void A_plans_calendar_is_built_once_and_anew_for_a_copy_that_says_something_else()
    {
        var plan = SmallPlan.Load(SmallPlan.Yaml).Plan!;
        var calendar = plan.Calendar("office");

        Assert.Same(calendar, plan.Calendar("office"));
        Assert.Same(calendar, (plan with { Tickets = plan.Tickets with { AttachmentBytes = 1 } }).Calendar("office"));
        Assert.Throws<KeyNotFoundException>(() => plan.Calendar("ofice"));

        var other = plan with { Calendars = [plan.Calendars[0] with { Holidays = [] }] };
        Assert.NotNull(calendar.HolidayOn(new LocalDate(2026, 12, 25)));
        Assert.Null(other.Calendar("office").HolidayOn(new LocalDate(2026, 12, 25)));
        Assert.NotNull(plan.Calendar("office").HolidayOn(new LocalDate(2026, 12, 25)));

        var moved = plan with { System = plan.System with { TimeZone = Zone("Europe/Berlin") } };
        Assert.Equal("Europe/Berlin", moved.Calendar("office").Zone.Id);
        var until = Utc("2026-11-23T12:00Z");
        Assert.Null(plan.Calendar("office").RevisionAt(Instant.FromDateTimeOffset(until)));
        var changed = plan with { CalendarHistory = [new CalendarVersion(other.Calendars[0], until, plan.System.TimeZone)] };
        Assert.Null(changed.Calendar("office").HolidayAt(Instant.FromDateTimeOffset(until)));
        Assert.Equal(new LocalDate(2026, 11, 23), changed.Calendar("office").RevisionAt(Instant.FromDateTimeOffset(until)));
        Assert.Equal(plan, plan with { });
    }

    public void Dispose() => _folder.Dispose();

    private PlanLoad Load(string instead) => PlanFile.Load("plan.yaml", SmallPlan.With(Christmas, instead), _folder.Root);

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.PathOf(file))!);
        File.WriteAllText(_folder.PathOf(file), text);
    }
}
