using System.Globalization;
using FsCheck.Fluent;
using Maintenance.Time;
using NodaTime;
using NodaTime.Text;

namespace Maintenance.Tests.Rules;

/// <summary>Public holidays from iCalendar files: dates worked by hand from RFC 5545, and an error wherever a holiday could be missed in silence.</summary>
public sealed class IcsHolidaysTests
{
    private static readonly DateTimeZone Nairobi = Instants.Zone("Africa/Nairobi");
    private static readonly DateTimeZone Berlin = Instants.Zone("Europe/Berlin");

    [Theory]
    // A day, several days (the end is not one of them), and the same by duration.
    [InlineData("DTSTART;VALUE=DATE:20261225", "2026-12-25")]
    [InlineData("DTSTART:20261225", "2026-12-25")]
    [InlineData("DTSTART;VALUE=DATE:20261225|DTEND;VALUE=DATE:20261227", "2026-12-25 2026-12-26")]
    [InlineData("DTSTART;VALUE=DATE:20261231|DURATION:P2D", "2026-12-31 2027-01-01")]
    [InlineData("DTSTART;VALUE=DATE:20261225|DURATION:P1W", "2026-12-25 2026-12-26 2026-12-27 2026-12-28 2026-12-29 2026-12-30 2026-12-31")]
    [InlineData("dtstart;value=date:20261225|Transp:OPAQUE|X-ANY;A=\"b;c:d\":e", "2026-12-25")]
    // A time that covers whole days of Nairobi: floating, with its zone, and in UTC.
    [InlineData("DTSTART:20261225T000000|DTEND:20261226T000000", "2026-12-25")]
    [InlineData("DTSTART;TZID=Africa/Nairobi:20261225T000000|DTEND;TZID=Africa/Nairobi:20261227T000000", "2026-12-25 2026-12-26")]
    [InlineData("DTSTART:20261224T210000Z|DTEND:20261225T210000Z", "2026-12-25")]
    [InlineData("DTSTART:20261224T210000Z|DURATION:PT24H", "2026-12-25")]
    [InlineData("DTSTART;TZID=Europe/Berlin:20261224T220000|DTEND:20261225T210000Z", "2026-12-25")]
    // Every year; never on a date that there is not.
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;COUNT=3", "2026-12-25 2027-12-25 2028-12-25")]
    [InlineData("DTSTART;VALUE=DATE:20261225|DTEND;VALUE=DATE:20261227|RRULE:FREQ=YEARLY;COUNT=2", "2026-12-25 2026-12-26 2027-12-25 2027-12-26")]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;INTERVAL=4;UNTIL=20341225", "2026-12-25 2030-12-25 2034-12-25")]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;UNTIL=20281224", "2026-12-25 2027-12-25")]
    [InlineData("DTSTART;VALUE=DATE:20240229|RRULE:FREQ=YEARLY;COUNT=3", "2024-02-29 2028-02-29 2032-02-29")]
    [InlineData("DTSTART;VALUE=DATE:20260131|RRULE:FREQ=YEARLY;BYMONTH=1,2,3;COUNT=3", "2026-01-31 2026-03-31 2027-01-31")]
    // Thanksgiving, the spring bank holiday, the last day of February, a Friday that is a 13th, an election day (Tuesday after the first Monday).
    [InlineData("DTSTART;VALUE=DATE:20261126|RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3", "2026-11-26 2027-11-25 2028-11-23")]
    [InlineData("DTSTART;VALUE=DATE:20260525|RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=3", "2026-05-25 2027-05-31 2028-05-29")]
    [InlineData("DTSTART;VALUE=DATE:20260228|RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1;COUNT=3", "2026-02-28 2027-02-28 2028-02-29")]
    [InlineData("DTSTART;VALUE=DATE:20261113|RRULE:FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR;COUNT=3", "2026-11-13 2027-08-13 2028-10-13")]
    [InlineData("DTSTART;VALUE=DATE:19961105|RRULE:FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3", "1996-11-05 2000-11-07 2004-11-02")]
    // Of the year: the 20th Monday (the RFC's own example), the last Friday.
    [InlineData("DTSTART;VALUE=DATE:19970519|RRULE:FREQ=YEARLY;BYDAY=20MO;COUNT=3", "1997-05-19 1998-05-18 1999-05-17")]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;BYDAY=-1FR;COUNT=2", "2026-12-25 2027-12-31")]
    [InlineData("DTSTART;VALUE=DATE:20260105|RRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=MO;WKST=SU;COUNT=5", "2026-01-05 2026-01-12 2026-01-19 2026-01-26 2027-01-04")]
    // Dates that fall out or come in.
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;COUNT=3|EXDATE;VALUE=DATE:20271225", "2026-12-25 2028-12-25")]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;COUNT=2|EXDATE:20271225|RDATE;VALUE=DATE:20271227,20271228", "2026-12-25 2027-12-27 2027-12-28")]
    [InlineData("DTSTART;VALUE=DATE:20260320|RDATE;VALUE=DATE:20270310|RDATE;VALUE=DATE:20280227", "2026-03-20 2027-03-10 2028-02-27")]
    [InlineData("DTSTART:20261224T210000Z|DTEND:20261225T210000Z|RRULE:FREQ=YEARLY;UNTIL=20281224T210000Z|EXDATE:20271224T210000Z", "2026-12-25 2028-12-25")]
    [InlineData("DTSTART;TZID=Africa/Nairobi:20261225T000000|DURATION:P1D|RRULE:FREQ=YEARLY;UNTIL=20281224T205959Z|EXDATE;TZID=Africa/Nairobi:20271225T000000", "2026-12-25")]
    // What was taken back closes nothing; what is only likely does.
    [InlineData("DTSTART;VALUE=DATE:20261225|STATUS:CANCELLED", "")]
    [InlineData("DTSTART;VALUE=DATE:20261225|STATUS:TENTATIVE", "2026-12-25")]
    [InlineData("DTSTART;VALUE=DATE:19691225|RRULE:FREQ=YEARLY;COUNT=3", "1970-12-25 1971-12-25")]
    public void An_event_closes_the_dates_that_the_rfc_gives_it(string lines, string dates)
    {
        var read = IcsHolidays.Read(Event(lines), Nairobi);

        Assert.Empty(read.Problems);
        Assert.Equal(dates, string.Join(' ', read.Holidays.Select(static holiday => LocalDatePattern.Iso.Format(holiday.Date))));
    }

    [Theory]
    [InlineData("SUMMARY:Eid", 3, "the event has no DTSTART.", "Write whole days: DTSTART;VALUE=DATE:20261225, and as DTEND the day after the last one.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=WEEKLY", 5, "FREQ=WEEKLY is not honoured.", "A public holiday recurs FREQ=YEARLY; what closes every week or month belongs into the calendar's hours, or write the dates as RDATE.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;BYYEARDAY=359", 5, "BYYEARDAY is not honoured.", "Honoured are FREQ=YEARLY, INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY and BYDAY; write other dates as RDATE or as events of their own.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;BYMONTH=12;BYDAY=MO;BYSETPOS=1", 5, "BYSETPOS is not honoured.", null)]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:BYMONTH=12", 5, "the rule has no FREQ.", null)]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;COUNT=2;UNTIL=20281225", 5, "the rule has both COUNT and UNTIL.", "Keep one of them.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;COUNT=0", 5, "COUNT=0 is not a number from 1 to 100000.", "Write one such as COUNT=1.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;INTERVAL=1;INTERVAL=2", 5, "INTERVAL is there twice.", "Keep one of them.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;BYMONTH=13", 5, "BYMONTH=13 is not a list of numbers from 1 to 12.", "Write one such as BYMONTH=12.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;BYMONTH=12;BYDAY=6FR", 5, "BYDAY=6FR is not a list of weekdays.", null)]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;BYDAY=4", 5, "BYDAY=4 is not a list of weekdays.", null)]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ", 5, "'FREQ' is not a part of a rule.", null)]
    [InlineData("DTSTART;VALUE=DATE:20261127|RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", 5, "the rule does not give 2026-11-27, the date on which the event begins.", "Let DTSTART be the first date of the rule.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY;UNTIL=20281224T210000Z", 5, "UNTIL has a time, but the event begins on a date.", "Write the last date, such as UNTIL=20301225.")]
    [InlineData("DTSTART:20261224T210000Z|DTEND:20261225T210000Z|RRULE:FREQ=YEARLY;UNTIL=20281225", 6, "UNTIL has no time, but DTSTART does.", null)]
    [InlineData("DTSTART;VALUE=DATE:20261225|RRULE:FREQ=YEARLY|RRULE:FREQ=YEARLY;BYMONTH=5", 6, "RRULE is there twice in this event.", "Keep one of them.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|EXRULE:FREQ=YEARLY", 5, "EXRULE is not honoured.", null)]
    [InlineData("DTSTART;VALUE=DATE:20261228|RECURRENCE-ID;VALUE=DATE:20261226", 5, "RECURRENCE-ID is not honoured.", "Name the dates that fall out as EXDATE in the event that recurs, and write an event of its own for a date that takes their place.")]
    [InlineData("DTSTART;VALUE=DATE:20261228|STATUS:CANCELLED|RECURRENCE-ID;VALUE=DATE:20261226", 6, "RECURRENCE-ID is not honoured.", null)]
    [InlineData("DTSTART:20261225T080000|DTEND:20261225T170000", 4, "the event on 2026-12-25 does not cover whole days of Africa/Nairobi.", null)]
    [InlineData("DTSTART:20261225T000000Z|DTEND:20261226T000000Z", 4, "the event on 2026-12-25 does not cover whole days of Africa/Nairobi.", null)]
    [InlineData("DTSTART:20261225T000000", 4, "the event has no DTEND.", null)]
    [InlineData("DTSTART;TZID=E. Africa Standard Time:20261225T000000|DURATION:P1D", 4, "'E. Africa Standard Time' is no time zone of the IANA database.", "Write its IANA name, such as TZID=Africa/Nairobi, or whole days.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|DTEND;VALUE=DATE:20261225", 4, "the event does not last between one day and 366.", "Its end is the day after the last one: 20261226 for 25 December alone.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|DTEND;VALUE=DATE:20281225", 4, "the event does not last between one day and 366.", null)]
    [InlineData("DTSTART;VALUE=DATE:20261225|DTEND:20261226T000000", 5, "DTEND is not of the kind of DTSTART.", "Write it as DTSTART is written.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|DTEND;VALUE=DATE:20261226|DURATION:P1D", 6, "the event has both DTEND and DURATION.", "Keep one of them.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|DURATION:PT24H", 5, "the duration has hours, but the event begins on a date.", "Write days, such as P1D.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|DURATION:P", 5, "'P' is not a duration.", "Write one such as P1D.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|RDATE;VALUE=PERIOD:20271225T000000Z/P1D", 5, "VALUE=PERIOD is not honoured.", null)]
    [InlineData("DTSTART;VALUE=DATE:20261225|EXDATE:20271225T000000", 5, "EXDATE is not of the kind of DTSTART.", "Write it as DTSTART is written.")]
    [InlineData("DTSTART;VALUE=DATE:20261325", 4, "'20261325' is not a date.", "Write one such as 20261225.")]
    [InlineData("DTSTART;VALUE=DATE:2026-12-25", 4, "'2026-12-25' is not a date.", null)]
    [InlineData("DTSTART;VALUE=DATE-TIME:20261225", 4, "'20261225' is not a date or a time.", null)]
    [InlineData("DTSTART;VALUE=DATE:18991225", 4, "the year 1899 is out of range.", "Dates are between 1900 and 2099.")]
    [InlineData("DTSTART;VALUE=DATE:21000101", 4, "the year 2100 is out of range.", null)]
    [InlineData("DTSTART;VALUE=DATE:20261225|DTSTART;VALUE=DATE:20261226", 5, "DTSTART is there twice in this event.", "Keep one of them.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|A line without a colon", 5, "it is not a line of an iCalendar file.", "Write NAME:value, and begin a line that goes on with a space.")]
    [InlineData("DTSTART;VALUE=DATE:20261225|X;A=\"b:c", 5, "a quote is not closed.", null)]
    [InlineData("DTSTART;VALUE:20261225", 4, "the parameter VALUE has no value.", null)]
    [InlineData("DTSTART;VALUE=DATE;VALUE=DATE:20261225", 4, "the parameter VALUE is there twice.", null)]
    [InlineData("DTSTART;VALUE=DATE:20261225|BEGIN:VALARM|END:VEVENT", 6, "VEVENT ends, but VALARM began in line 5.", "Write END:VALARM before it.")]
    public void What_cannot_be_honoured_is_an_error_that_says_where_and_what_would_be_right(string lines, int line, string message, string? hint)
    {
        var problem = Assert.Single(IcsHolidays.Read(Event(lines), Nairobi).Problems);

        Assert.Equal((line, message), (problem.Line, problem.Message));
        Assert.True(hint is null || hint == problem.Hint, problem.Hint);
        Assert.EndsWith(".", problem.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1, "the file has no calendar.")]
    [InlineData("<html>\n<body>Please sign in</body></html>\n", 1, "it is not a line of an iCalendar file.")]
    [InlineData("BEGIN:VEVENT\nDTSTART:20261225\nEND:VEVENT\n", 1, "it is outside of any calendar.")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261225\n", 2, "VEVENT begins here and never ends: the file is cut off.")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261225\nEND:VEVENT\n", 1, "VCALENDAR begins here and never ends: the file is cut off.")]
    [InlineData("BEGIN:VCALENDAR\nEND:VCALENDAR\nSUMMARY:late\n", 3, "it is outside of any calendar.")]
    [InlineData("BEGIN:VCALENDAR\nMETHOD:CANCEL\nEND:VCALENDAR\n", 2, "the file takes events back (METHOD:CANCEL).")]
    [InlineData("\n goes on\n", 2, "the line goes on with one that is not there.")]
    [InlineData("BEGIN:VCALENDAR\nX:\u0007\nEND:VCALENDAR\n", 2, "the line has a control character.")]
    public void A_file_that_is_none_or_is_cut_off_is_an_error(string text, int line, string message)
    {
        var problem = Assert.Single(IcsHolidays.Read(text, Nairobi).Problems);

        Assert.Equal((line, message), (problem.Line, problem.Message));
    }

    [Fact]
    public void Lines_go_on_after_a_fold_whatever_ends_them_and_text_is_unescaped()
    {
        const string folded = "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nSUMMARY;LANGUAGE=fr:Fête d\r\n e l\r\n \té\r\n té\\, 2026\\; \\\\o\\nfin\r\nDTSTART;VALUE\r\n =DATE:2026\r\n\t0801\r\nBEGIN:VALARM\r\nDTSTART:20200101\r\nSUMMARY:Not this\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        foreach (var ending in new[] { "\r\n", "\n", "\r" })
        {
            var read = IcsHolidays.Read("\uFEFF" + folded.Replace("\r\n", ending, StringComparison.Ordinal), Nairobi);

            Assert.Empty(read.Problems);
            Assert.Equal([new IcsHoliday(new LocalDate(2026, 8, 1), "Fête de l été, 2026; \\o fin")], read.Holidays);
        }
    }

    [Fact]
    public void A_date_of_several_events_has_all_their_names_once_and_a_long_one_is_cut()
    {
        var text = Calendar(
            Lines("DTSTART:20260501|SUMMARY:Labour Day"), Lines("DTSTART:20260501|SUMMARY:Ascension"), Lines("DTSTART:20260501|SUMMARY:Labour Day"), Lines("DTSTART:20260501"),
            Lines("DTSTART:20260502|SUMMARY:" + new string('x', 500)), Lines("DTSTART:20260503"));
        var read = IcsHolidays.Read(text, Nairobi);

        Assert.Empty(read.Problems);
        Assert.Equal(["Labour Day / Ascension", new string('x', 199) + "…", ""], read.Holidays.Select(static holiday => holiday.Name));
    }

    [Fact]
    public void What_recurs_for_ever_does_so_until_2099_also_where_it_began_long_ago()
    {
        var read = IcsHolidays.Read(Event("DTSTART;VALUE=DATE:19010101|RRULE:FREQ=YEARLY"), Nairobi);

        Assert.Empty(read.Problems);
        Assert.Equal(Enumerable.Range(1970, 130).Select(static year => new LocalDate(year, 1, 1)), read.Holidays.Select(static holiday => holiday.Date));
    }

    [Fact]
    public void A_day_of_a_clock_change_is_a_whole_day_though_it_has_23_hours()
    {
        var read = IcsHolidays.Read(Event("DTSTART;TZID=Europe/Berlin:20270328T000000|DTEND;TZID=Europe/Berlin:20270329T000000"), Berlin);
        Assert.Equal([new LocalDate(2027, 3, 28)], read.Holidays.Select(static holiday => holiday.Date));

        // Every year at midnight of Berlin, which is another instant in UTC each summer: days, not hours, are repeated.
        read = IcsHolidays.Read(Event("DTSTART;TZID=Europe/Berlin:20260328T000000|DTEND;TZID=Europe/Berlin:20260330T000000|RRULE:FREQ=YEARLY;COUNT=2"), Berlin);
        Assert.Empty(read.Problems);
        Assert.Equal(["2026-03-28", "2026-03-29", "2027-03-28", "2027-03-29"], read.Holidays.Select(static holiday => LocalDatePattern.Iso.Format(holiday.Date)));

        // In UTC it is midnight of Berlin in winter only; that must not be found out by a customer in July.
        Assert.Equal(
            "the event on 2026-07-01 does not cover whole days of Europe/Berlin.",
            Assert.Single(IcsHolidays.Read(Event("DTSTART:20260131T230000Z|DTEND:20260201T230000Z|RDATE:20260630T230000Z"), Berlin).Problems).Message);
    }

    [Fact]
    public void Every_event_that_cannot_be_honoured_is_named_and_the_others_are_read()
    {
        var text = Calendar(Lines("DTSTART:20260501"), Lines("DTSTART:nonsense"), Lines("DTSTART:20260502"), Lines("RRULE:FREQ=YEARLY"));
        var read = IcsHolidays.Read(text, Nairobi);

        Assert.Equal([7, 12], read.Problems.Select(static problem => problem.Line));
        Assert.Equal(2, read.Holidays.Count);
        Assert.Equal(20, IcsHolidays.Read(Calendar([.. Enumerable.Repeat(Lines("DTSTART:nonsense"), 50)]), Nairobi).Problems.Count);
    }

    [Fact]
    public void Too_many_dates_are_an_error_and_not_a_long_wait()
    {
        var weekly = IcsHolidays.Read(Event("DTSTART;VALUE=DATE:20260104|RRULE:FREQ=YEARLY;BYDAY=SU,SA,MO"), Nairobi);
        Assert.Equal("with this event the file closes more than 10000 dates.", Assert.Single(weekly.Problems).Message);

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var again = IcsHolidays.Read(Calendar([.. Enumerable.Repeat(Lines("DTSTART;VALUE=DATE:19000107|RRULE:FREQ=YEARLY;BYDAY=SU"), 9000)]), Nairobi);
        Assert.Equal("with this event the file has more than 200000 occurrences.", Assert.Single(again.Problems).Message);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    [Fact]
    public void A_rule_gives_the_days_that_a_look_at_each_day_of_the_calendar_gives() => Law.Holds(
        from first in Gen.Choose(0, 20_000)
        from interval in Gen.Choose(1, 4)
        from months in Gen.ArrayOf(Gen.Choose(1, 12), 3)
        from byMonth in Gen.Choose(0, 3)
        from monthDays in Gen.ArrayOf(Gen.OneOf(Gen.Choose(1, 31), Gen.Choose(-31, -1)), 4)
        from byMonthDay in Gen.Choose(0, 4)
        from weekdays in Gen.ArrayOf(Gen.Choose(1, 7), 2)
        from nth in Gen.ArrayOf(Gen.Elements(0, 0, 1, 2, 4, 5, -1, -2, -5), 2)
        from byDay in Gen.Choose(0, 2)
        from count in Gen.Choose(1, 30)
        let wanted = new Wanted(interval, [.. months.Take(byMonth)], [.. monthDays.Take(byMonthDay)], [.. weekdays.Zip(nth).Take(byDay)], count)
        select (Near: new LocalDate(1975, 1, 1).PlusDays(first), wanted),
        600,
        static given =>
        {
            // The event begins on the first day that its rule gives, from some day on.
            var start = Enumerable.Range(0, 366 * 12).Select(given.Near.PlusDays).Cast<LocalDate?>().FirstOrDefault(date => given.wanted.Gives(date!.Value, date.Value));
            if (start is not { } begin)
            {
                return;
            }

            var expected = Enumerable.Range(0, Period.DaysBetween(begin, new LocalDate(2100, 1, 1))).Select(begin.PlusDays).Where(date => given.wanted.Gives(date, begin)).Take(given.wanted.Count);
            var read = IcsHolidays.Read(Event(string.Create(CultureInfo.InvariantCulture, $"DTSTART;VALUE=DATE:{begin:uuuuMMdd}|RRULE:{given.wanted}")), Nairobi);
            Assert.Empty(read.Problems);
            Assert.Equal(expected, read.Holidays.Select(static holiday => holiday.Date));
        });

    [Fact]
    public void A_mangled_file_never_throws() => Law.Holds(
        from seeds in Gen.ArrayOf(Gen.Choose(0, int.MaxValue), 6)
        from count in Gen.Choose(1, 6)
        select seeds.Take(count).Aggregate(Whole, Mangle),
        3000,
        static text => Assert.True(IcsHolidays.Read(text, Berlin) is { Holidays.Count: >= 0, Problems.Count: >= 0 and <= 20 }));

    private static string Whole { get; } = Calendar(
        Lines("DTSTART;VALUE=DATE:20261225|DTEND;VALUE=DATE:20261227|RRULE:FREQ=YEARLY;UNTIL=20301225|EXDATE;VALUE=DATE:20271225|SUMMARY:Christmas\\, and more"),
        Lines("DTSTART;TZID=Europe/Berlin:20261224T000000|DURATION:P1DT0H|RRULE:FREQ=YEARLY;INTERVAL=2;BYMONTH=12;BYDAY=4TH;COUNT=3|RDATE;TZID=Europe/Berlin:20280101T000000"),
        Lines("DTSTART:20261224T230000Z|DTEND:20261225T230000Z|STATUS:CONFIRMED|RRULE:FREQ=YEARLY;BYMONTHDAY=-8;BYMONTH=12"));

    private static string Mangle(string text, int seed)
    {
        var random = new Random(seed);
        var (at, length) = (random.Next(text.Length), random.Next(1, 12));
        const string characters = "\r\n \t;:,=\"\\TZPD0123456789-+ABY\u0000\u2028\uD800é";
        return random.Next(4) switch
        {
            0 => text.Remove(at, Math.Min(length, text.Length - at)),
            1 => text.Insert(at, characters[random.Next(characters.Length)].ToString()),
            2 => string.Concat(text.AsSpan(0, at), characters[random.Next(characters.Length)].ToString(), text.AsSpan(at + 1)),
            _ => text.Insert(random.Next(text.Length), text.Substring(at, Math.Min(4 * length, text.Length - at))),
        };
    }

    private static string Lines(string lines) => lines.Replace("|", "\r\n", StringComparison.Ordinal) + "\r\n";

    private static string Event(string lines) => Calendar(Lines(lines));

    /// <summary>Events in lines of their own: the first one's first line is the fourth of the file.</summary>
    private static string Calendar(params string[] events) =>
        $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{string.Concat(events.Select(static one => $"BEGIN:VEVENT\r\n{one}END:VEVENT\r\n"))}END:VCALENDAR\r\n";

    /// <summary>A rule, and whether it gives a day, as a person with a wall calendar would say it.</summary>
    private sealed record Wanted(int Interval, int[] Months, int[] MonthDays, (int Weekday, int Nth)[] Days, int Count)
    {
        public bool Gives(LocalDate date, LocalDate begin)
        {
            if ((date.Year - begin.Year) % Interval != 0)
            {
                return false;
            }

            var isPlain = MonthDays.Length + Days.Length == 0;
            return (Months.Length == 0 ? !isPlain || date.Month == begin.Month : Months.Contains(date.Month))
                && (!isPlain || date.Day == begin.Day)
                && (MonthDays.Length == 0 || MonthDays.Any(day => day > 0 ? date.Day == day : date.PlusDays(-day).Day == 1 && date.PlusDays(-day).Month != date.Month && date.PlusDays(-day - 1).Month == date.Month))
                && (Days.Length == 0 || Days.Any(day => (int)date.DayOfWeek == day.Weekday && (day.Nth == 0 || IsNth(date, day.Nth))));
        }

        /// <summary>Counted one by one, in the month where months are named and in the year where they are not.</summary>
        private bool IsNth(LocalDate date, int nth)
        {
            bool IsSame(LocalDate other) => Months.Length > 0 ? other.Month == date.Month && other.Year == date.Year : other.Year == date.Year;
            var step = nth > 0 ? -7 : 7;
            var count = 1;
            for (var other = date.PlusDays(step); IsSame(other); other = other.PlusDays(step))
            {
                count++;
            }

            return count == Math.Abs(nth);
        }

        public override string ToString()
        {
            string[] names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
            return string.Create(CultureInfo.InvariantCulture, $"FREQ=YEARLY;INTERVAL={Interval};COUNT={Count}")
                + (Months.Length > 0 ? $";BYMONTH={string.Join(',', Months)}" : "")
                + (MonthDays.Length > 0 ? $";BYMONTHDAY={string.Join(',', MonthDays)}" : "")
                + (Days.Length > 0 ? $";BYDAY={string.Join(',', Days.Select(day => (day.Nth == 0 ? "" : day.Nth.ToString(CultureInfo.InvariantCulture)) + names[day.Weekday - 1]))}" : "");
        }
    }
}
