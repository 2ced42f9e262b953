using Maintenance.ServiceLevels;
using Maintenance.Tests.Rules.Oracles;
using Maintenance.Time;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Service time against cases worked by hand.</summary>
public sealed class ServiceClockTests
{
    /// <summary>Monday to Friday, 08:00 to 17:00, closed on Monday 2026-11-23 and on 25 December.</summary>
    private static readonly ServiceCalendar Office = Calendar(
        "Africa/Nairobi", Weekdays(8 * 60, 17 * 60), new(2026, 11, 23), new(2026, 12, 25));

    private static readonly ServiceCalendar Split = Calendar("Africa/Nairobi", [.. Weekdays(8 * 60, 12 * 60), .. Weekdays(13 * 60, 17 * 60)]);

    /// <summary>Every day 22:00 to 06:00 but not on Christmas Day.</summary>
    private static readonly ServiceCalendar Night = Calendar("Africa/Nairobi", Every(22 * 60, 6 * 60), new LocalDate(2026, 12, 25));

    private static readonly ServiceCalendar BerlinNight = Calendar("Europe/Berlin", Every(22 * 60, 6 * 60));
    private static readonly ServiceCalendar BerlinDay = Calendar("Europe/Berlin", Every(0, 1440));
    private static readonly ServiceCalendar BerlinEarly = Calendar("Europe/Berlin", Every(150, 240));
    private static readonly ServiceCalendar BerlinLate = Calendar("Europe/Berlin", Every(22 * 60, 150));
    private static readonly ServiceCalendar SundayOnly = Calendar("Africa/Nairobi", [new(IsoDayOfWeek.Sunday, 0, 1440)]);

    private static readonly Dictionary<string, ServiceCalendar> Calendars = new()
    {
        ["office"] = Office,
        ["split"] = Split,
        ["night"] = Night,
        ["berlin-night"] = BerlinNight,
        ["berlin"] = BerlinDay,
        ["berlin-early"] = BerlinEarly,
        ["berlin-late"] = BerlinLate,
        ["sunday"] = SundayOnly,
        ["always"] = ServiceCalendar.Always(DateTimeZone.Utc),
    };

    [Theory]
    // 2026-11-20 is a Friday; Nairobi is three hours ahead.
    [InlineData("office", "2026-11-20T16:30+03:00", "4:00:00", "2026-11-24T11:30+03:00")]
    [InlineData("office", "2026-11-20T16:30+03:00", "0:30:00", "2026-11-20T17:00+03:00")]
    [InlineData("office", "2026-11-20T16:30+03:00", "0:30:01", "2026-11-24T08:00:01+03:00")]
    [InlineData("office", "2026-11-20T17:00+03:00", "0:00:01", "2026-11-24T08:00:01+03:00")]
    [InlineData("office", "2026-11-20T17:00+03:00", "0:00:00", "2026-11-20T17:00+03:00")]
    [InlineData("office", "2026-11-21T12:00+03:00", "0:00:00", "2026-11-21T12:00+03:00")]
    [InlineData("office", "2026-11-21T12:00+03:00", "9:00:00", "2026-11-24T17:00+03:00")]
    [InlineData("office", "2026-11-21T12:00+03:00", "9:00:01", "2026-11-25T08:00:01+03:00")]
    [InlineData("office", "2026-11-24T03:15+03:00", "1:00:00", "2026-11-24T09:00+03:00")]
    [InlineData("office", "2026-11-24T08:00+03:00", "9:00:00", "2026-11-24T17:00+03:00")]
    [InlineData("office", "2026-11-24T08:00:00.5+03:00", "9:00:00", "2026-11-25T08:00:00.5+03:00")]
    [InlineData("office", "2026-11-16T08:00+03:00", "1.21:00:00", "2026-11-20T17:00+03:00")]
    [InlineData("office", "2026-12-24T16:00+03:00", "2:00:00", "2026-12-28T09:00+03:00")]
    [InlineData("split", "2026-11-24T11:30+03:00", "1:00:00", "2026-11-24T13:30+03:00")]
    [InlineData("split", "2026-11-24T11:30+03:00", "0:30:00", "2026-11-24T12:00+03:00")]
    [InlineData("split", "2026-11-24T12:15+03:00", "4:00:00", "2026-11-24T17:00+03:00")]
    [InlineData("night", "2026-11-24T23:00+03:00", "3:00:00", "2026-11-25T02:00+03:00")]
    [InlineData("night", "2026-11-24T12:00+03:00", "8:00:00", "2026-11-25T06:00+03:00")]
    [InlineData("night", "2026-11-24T12:00+03:00", "8:01:00", "2026-11-25T22:01+03:00")]
    // Christmas closes its own date: the shift of the 24th ends at midnight, that of the 25th begins at the midnight after.
    [InlineData("night", "2026-12-24T23:00+03:00", "1:00:00", "2026-12-25T00:00+03:00")]
    [InlineData("night", "2026-12-24T23:00+03:00", "2:00:00", "2026-12-26T01:00+03:00")]
    [InlineData("night", "2026-12-25T05:00+03:00", "7:00:00", "2026-12-26T23:00+03:00")]
    // The shortest and the longest night of the year: seven hours and nine.
    [InlineData("berlin-night", "2026-03-28T22:00+01:00", "7:00:00", "2026-03-29T06:00+02:00")]
    [InlineData("berlin-night", "2026-10-24T22:00+02:00", "9:00:00", "2026-10-25T06:00+01:00")]
    [InlineData("berlin-night", "2026-10-24T22:00+02:00", "8:00:00", "2026-10-25T05:00+01:00")]
    // 24:00 joins the day after without a seam, and the day has 23 or 25 hours.
    [InlineData("berlin", "2026-03-28T00:00+01:00", "2.00:00:00", "2026-03-30T01:00+02:00")]
    [InlineData("berlin", "2026-03-29T00:00+01:00", "23:00:00", "2026-03-30T00:00+02:00")]
    [InlineData("berlin", "2026-10-25T00:00+02:00", "1.01:00:00", "2026-10-26T00:00+01:00")]
    // 02:30 to 04:00 on a day without 02:30: open from 03:00.
    [InlineData("berlin-early", "2026-03-29T00:00+01:00", "1:00:00", "2026-03-29T04:00+02:00")]
    [InlineData("berlin-early", "2026-03-29T00:00+01:00", "1:00:01", "2026-03-30T02:30:01+02:00")]
    // 02:30 to 04:00 on the day with two hours from 02:00: a span begins at its first 02:30 and goes on through the second hour.
    [InlineData("berlin-early", "2026-10-25T00:00+02:00", "2:30:00", "2026-10-25T04:00+01:00")]
    [InlineData("berlin-early", "2026-10-25T00:00+02:00", "0:45:00", "2026-10-25T02:15+01:00")]
    // 22:00 to 02:30 ends at the first 02:30.
    [InlineData("berlin-late", "2026-10-24T22:00+02:00", "4:30:00", "2026-10-25T02:30+02:00")]
    [InlineData("berlin-late", "2026-10-24T22:00+02:00", "4:30:01", "2026-10-25T22:00:01+01:00")]
    [InlineData("sunday", "2026-11-22T00:00+03:00", "1.00:00:00", "2026-11-23T00:00+03:00")]
    [InlineData("sunday", "2026-11-22T00:00+03:00", "1.00:00:01", "2026-11-29T00:00:01+03:00")]
    [InlineData("always", "2026-11-22T03:04:05.006Z", "365.00:00:00.007", "2027-11-22T03:04:05.013Z")]
    public void A_target_is_due_when_worked_by_hand(string calendar, string start, string target, string due)
    {
        var expected = Utc(due);
        var found = ServiceClock.Due(Calendars[calendar], Utc(start), Span(target));
        Assert.Equal(expected, found);
        Assert.Equal(TimeSpan.Zero, found.Offset);
        Assert.Equal(Span(target), ServiceClock.Elapsed(Calendars[calendar], Utc(start), expected));
    }

    [Theory]
    [InlineData("office", "2026-11-20T16:30+03:00", "2026-11-24T08:30+03:00", "1:00:00")]
    [InlineData("office", "2026-11-20T17:00+03:00", "2026-11-24T08:00+03:00", "0:00:00")]
    [InlineData("office", "2026-11-20T00:00+03:00", "2026-11-27T00:00+03:00", "1.12:00:00")]
    [InlineData("office", "2026-11-24T10:00+03:00", "2026-11-24T10:00:00.25+03:00", "0:00:00.25")]
    [InlineData("office", "2026-11-24T10:00+03:00", "2026-11-24T10:00+03:00", "0:00:00")]
    [InlineData("office", "2026-11-24T12:00+03:00", "2026-11-24T10:00+03:00", "0:00:00")]
    [InlineData("split", "2026-11-24T00:00+03:00", "2026-11-25T00:00+03:00", "8:00:00")]
    [InlineData("night", "2026-12-24T00:00+03:00", "2026-12-27T00:00+03:00", "16:00:00")]
    [InlineData("berlin", "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00", "23:00:00")]
    [InlineData("berlin", "2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00", "1.01:00:00")]
    public void Elapsed_service_time_is_that_worked_by_hand(string calendar, string from, string to, string elapsed) =>
        Assert.Equal(Span(elapsed), ServiceClock.Elapsed(Calendars[calendar], Utc(from), Utc(to)));

    [Theory]
    [InlineData("office", "2026-11-24T08:00+03:00", true)]
    [InlineData("office", "2026-11-24T07:59:59.999+03:00", false)]
    [InlineData("office", "2026-11-24T16:59:59.999+03:00", true)]
    [InlineData("office", "2026-11-24T17:00+03:00", false)]
    [InlineData("office", "2026-11-23T10:00+03:00", false)]
    [InlineData("office", "2026-11-22T10:00+03:00", false)]
    [InlineData("night", "2026-12-24T23:59+03:00", true)]
    [InlineData("night", "2026-12-25T00:00+03:00", false)]
    [InlineData("night", "2026-12-25T22:30+03:00", false)]
    [InlineData("night", "2026-12-26T00:00+03:00", true)]
    [InlineData("night", "2026-12-26T06:00+03:00", false)]
    [InlineData("berlin-early", "2026-10-25T02:15+02:00", false)]
    [InlineData("berlin-early", "2026-10-25T02:15+01:00", true)]
    [InlineData("berlin-late", "2026-10-25T02:15+02:00", true)]
    [InlineData("berlin-late", "2026-10-25T02:15+01:00", false)]
    [InlineData("sunday", "2026-11-22T23:59:59+03:00", true)]
    [InlineData("sunday", "2026-11-23T00:00+03:00", false)]
    public void A_span_is_half_open(string calendar, string at, bool open) =>
        Assert.Equal(open, ServiceClock.IsOpen(Calendars[calendar], Utc(at)));

    [Fact]
    public void A_calendar_that_never_opens_is_an_error_and_not_an_endless_search()
    {
        var never = Calendar("Europe/Berlin", []);
        Assert.False(never.EverOpen);
        Assert.True(Office.EverOpen);
        _ = Assert.Throws<InvalidOperationException>(() => ServiceClock.Due(never, Utc("2026-11-20T00:00Z"), TimeSpan.FromSeconds(1)));
        Assert.Equal(Utc("2026-11-20T00:00Z"), ServiceClock.Due(never, Utc("2026-11-20T00:00Z"), TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, ServiceClock.Elapsed(never, Utc("2026-11-20T00:00Z"), Utc("2027-11-20T00:00Z")));
    }

    [Fact]
    public void Ten_years_of_holidays_are_never_opening_again_and_nine_are_not()
    {
        var from = new LocalDate(2026, 1, 1);
        var nine = Calendar("UTC", Every(480, 1020), [.. Enumerable.Range(0, 9 * 365).Select(from.PlusDays)]);
        var eleven = Calendar("UTC", Every(480, 1020), [.. Enumerable.Range(0, 11 * 366).Select(from.PlusDays)]);
        var opening = Utc("2026-01-01T08:00Z").AddDays(9 * 365);
        Assert.Equal(opening.AddHours(1), ServiceClock.Due(nine, Utc("2026-01-01T00:00Z"), TimeSpan.FromHours(1)));
        _ = Assert.Throws<InvalidOperationException>(() => ServiceClock.Due(eleven, Utc("2026-01-01T00:00Z"), TimeSpan.FromHours(1)));
    }

    [Fact]
    public void A_long_target_is_no_closed_time()
    {
        // Twenty years of working hours: the limit of ten years is on being closed, not on being due.
        var due = ServiceClock.Due(SundayOnly, Utc("2026-11-22T00:00+03:00"), TimeSpan.FromDays(52 * 20));
        Assert.Equal(Utc("2026-11-23T00:00+03:00").AddDays(7 * ((52 * 20) - 1)), due);
    }

    [Fact]
    public void A_clock_put_back_over_midnight_reopens_nothing_and_loses_nothing()
    {
        // St. John's, 2010: at 00:01 on Sunday 7 November it was 23:01 on Saturday again. Sunday's span began at its first midnight, 02:30 UTC.
        var sunday = Calendar("America/St_Johns", [new(IsoDayOfWeek.Sunday, 0, 480)]);
        var again = Utc("2010-11-07T03:00Z");
        Assert.True(ServiceClock.IsOpen(sunday, again));
        Assert.Equal(TimeSpan.FromMinutes(30), ServiceClock.Elapsed(sunday, Utc("2010-11-07T00:00Z"), again));
        Assert.Equal(again, ServiceClock.Due(sunday, Utc("2010-11-07T00:00Z"), TimeSpan.FromMinutes(30)));
        Assert.False(ServiceClock.IsOpen(Calendar("America/St_Johns", [new(IsoDayOfWeek.Saturday, 0, 1440)]), again));
    }

    [Fact]
    public void A_negative_target_is_an_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ServiceClock.Due(Office, Utc("2026-11-20T00:00Z"), TimeSpan.FromTicks(-1)));

    [Fact]
    public void The_spans_of_a_date_are_ordered_and_do_not_touch()
    {
        var calendar = Calendar(
            "UTC",
            [
                new(IsoDayOfWeek.Monday, 780, 1020),
                new(IsoDayOfWeek.Monday, 480, 720),
                new(IsoDayOfWeek.Monday, 700, 750),
                new(IsoDayOfWeek.Monday, 1020, 1080),
                new(IsoDayOfWeek.Sunday, 1320, 300),
            ]);
        Assert.Equal([new DaySpan(0, 300), new(480, 750), new(780, 1080)], calendar.On(new(2026, 11, 23)));
        Assert.Equal([new DaySpan(1320, 1440)], calendar.On(new(2026, 11, 22)));
        Assert.Empty(calendar.On(new(2026, 11, 24)));
        Assert.Equal([new DaySpan(0, 1440)], ServiceCalendar.Always(DateTimeZone.Utc).On(new(2026, 11, 22)));
    }

    [Fact]
    public void The_same_start_and_end_are_a_day_and_a_night_round()
    {
        var calendar = Calendar("UTC", [new(IsoDayOfWeek.Monday, 480, 480), new(IsoDayOfWeek.Friday, 0, 0)]);
        Assert.Equal([new DaySpan(480, 1440)], calendar.On(new(2026, 11, 23)));
        Assert.Equal([new DaySpan(0, 480)], calendar.On(new(2026, 11, 24)));
        Assert.Equal([new DaySpan(0, 1440)], calendar.On(new(2026, 11, 27)));
        Assert.Empty(calendar.On(new(2026, 11, 28)));
    }

    private static Hours[] Weekdays(int start, int end) => [.. Every(start, end).Where(static hours => hours.Day <= IsoDayOfWeek.Friday)];

    private static Hours[] Every(int start, int end) => [.. Enum.GetValues<IsoDayOfWeek>().Where(static day => day != IsoDayOfWeek.None).Select(day => new Hours(day, start, end))];

    private static ServiceCalendar Calendar(string zone, Hours[] hours, params LocalDate[] holidays) =>
        new(Zone(zone), hours.Select(static line => (line.Day, line.Start, line.End)), holidays);
}
