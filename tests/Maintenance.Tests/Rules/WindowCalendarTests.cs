using Maintenance.Windows;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

public sealed class WindowCalendarTests
{
    private static readonly DateTimeZone Paris = Zone("Europe/Paris");

    [Theory]
    [InlineData("Europe/Paris", "2026-06-06", "22:00", "04:00", "2026-06-06T20:00Z", "2026-06-07T02:00Z", 360)]
    [InlineData("Europe/Paris", "2026-03-28", "22:00", "04:00", "2026-03-28T21:00Z", "2026-03-29T02:00Z", 300)]
    [InlineData("Europe/Paris", "2026-10-24", "22:00", "04:00", "2026-10-24T20:00Z", "2026-10-25T03:00Z", 420)]
    [InlineData("America/New_York", "2026-03-07", "22:00", "04:00", "2026-03-08T03:00Z", "2026-03-08T08:00Z", 300)]
    [InlineData("America/New_York", "2026-10-31", "22:00", "04:00", "2026-11-01T02:00Z", "2026-11-01T09:00Z", 420)]
    [InlineData("Africa/Nairobi", "2026-03-28", "22:00", "04:00", "2026-03-28T19:00Z", "2026-03-29T01:00Z", 360)]
    [InlineData("Europe/Paris", "2026-03-29", "02:30", "05:00", "2026-03-29T01:00Z", "2026-03-29T03:00Z", 120)]
    [InlineData("Europe/Paris", "2026-03-29", "01:00", "02:30", "2026-03-29T00:00Z", "2026-03-29T01:00Z", 60)]
    [InlineData("Europe/Paris", "2026-10-25", "02:30", "05:00", "2026-10-25T00:30Z", "2026-10-25T04:00Z", 210)]
    [InlineData("Europe/Paris", "2026-10-25", "01:00", "02:30", "2026-10-24T23:00Z", "2026-10-25T00:30Z", 90)]
    [InlineData("America/New_York", "2026-11-01", "01:15", "01:45", "2026-11-01T05:15Z", "2026-11-01T05:45Z", 30)]
    [InlineData("Europe/Paris", "2026-03-29", "00:00", "24:00", "2026-03-28T23:00Z", "2026-03-29T22:00Z", 1380)]
    [InlineData("Europe/Paris", "2026-10-25", "00:00", "24:00", "2026-10-24T22:00Z", "2026-10-25T23:00Z", 1500)]
    [InlineData("Africa/Nairobi", "2026-12-31", "23:30", "00:00", "2026-12-31T20:30Z", "2026-12-31T21:00Z", 30)]
    [InlineData("Africa/Nairobi", "2028-02-28", "22:00", "21:59", "2028-02-28T19:00Z", "2028-02-29T18:59Z", 1439)]
    [InlineData("UTC", "2028-02-29", "22:00", "02:00", "2028-02-29T22:00Z", "2028-03-01T02:00Z", 240)]
    public void A_window_is_as_long_as_it_truly_lasts(string zone, string day, string start, string end, string from, string to, int minutes)
    {
        var window = Weekly("w", start, end, Date(day).DayOfWeek);

        var span = Assert.Single(WindowCalendar.Between(Policy([window]), Zone(zone), null, Utc(from), Utc(to)));

        Assert.Equal(new WindowSpan("w", Utc(from), Utc(to), Utc(from), Utc(to)), span);
        Assert.Equal(minutes, span.Minutes);
        Assert.Equal(TimeSpan.Zero, span.Start.Offset);
    }

    [Fact]
    public void A_window_within_a_gap_of_the_clock_does_not_occur() =>
        Assert.Empty(WindowCalendar.Between(Policy([Weekly("w", "02:10", "02:50", IsoDayOfWeek.Sunday)]), Paris, null, Utc("2026-03-28T00:00Z"), Utc("2026-03-30T00:00Z")));

    [Fact]
    public void A_day_that_a_zone_skipped_has_no_window()
    {
        // Samoa went over the date line: there was no 30 December 2011.
        var spans = WindowCalendar.Between(
            Policy([Weekly("w", "10:00", "12:00", IsoDayOfWeek.Thursday, IsoDayOfWeek.Friday, IsoDayOfWeek.Saturday)]), Zone("Pacific/Apia"), null, Utc("2011-12-29T00:00Z"), Utc("2012-01-01T00:00Z"));

        Assert.Equal([Utc("2011-12-29T20:00Z"), Utc("2011-12-30T20:00Z")], spans.Select(static span => span.Start));
    }

    [Fact]
    public void A_clock_that_is_put_back_over_midnight_does_not_hide_the_window_that_had_begun()
    {
        // St. John's, 7 November 2010: at 00:01 the clocks showed 23:01 of the 6th again.
        var span = Assert.Single(WindowCalendar.Between(
            Policy([Weekly("w", "00:00", "05:00", IsoDayOfWeek.Sunday)]), Zone("America/St_Johns"), null, Utc("2010-11-07T02:40Z"), Utc("2010-11-07T02:45Z")));

        Assert.Equal((Utc("2010-11-07T02:30Z"), 360), (span.Start, span.Minutes));
    }

    [Theory]
    [InlineData(MonthWeek.Second, IsoDayOfWeek.Tuesday, 11, 2026, "01-24 02-21 03-21 04-25 05-23 06-20 07-25 08-22 09-19 10-24 11-21 12-19")]
    [InlineData(MonthWeek.Last, IsoDayOfWeek.Friday, 7, 2026, "01-02 02-06 03-06 04-03 05-01 06-05 07-03 08-07 09-04 10-02 11-06 12-04")]
    [InlineData(MonthWeek.Last, IsoDayOfWeek.Tuesday, 0, 2028, "01-25 02-29 03-28 04-25 05-30 06-27 07-25 08-29 09-26 10-31 11-28 12-26")]
    [InlineData(MonthWeek.Fourth, IsoDayOfWeek.Tuesday, 1, 2028, "01-26 02-23 03-29 04-26 05-24 06-28 07-26 08-23 09-27 10-25 11-29 12-27")]
    [InlineData(MonthWeek.First, IsoDayOfWeek.Thursday, 0, 2026, "01-01 02-05 03-05 04-02 05-07 06-04 07-02 08-06 09-03 10-01 11-05 12-03")]
    [InlineData(MonthWeek.Last, IsoDayOfWeek.Monday, 27, 2027, "01-24 02-21 03-21 04-25 05-23 06-27 07-25 08-22 09-26 10-24 11-21 12-26")]
    [InlineData(MonthWeek.Third, IsoDayOfWeek.Saturday, 12, 2027, "01-28 03-04 04-01 04-29 05-27 07-01 07-29 09-02 09-30 10-28 12-02 12-30")]
    public void A_monthly_window_starts_on_the_counted_weekday_and_so_many_days_after_it(MonthWeek week, IsoDayOfWeek day, int plusDays, int year, string days)
    {
        var window = new MaintenanceWindow("w", "W", new MonthlyDay(week, day, plusDays), 600, 660);

        var spans = WindowCalendar.Between(Policy([window]), DateTimeZone.Utc, null, Utc($"{year}-01-01T00:00Z"), Utc($"{year + 1}-01-01T00:00Z"));

        Assert.Equal(days, string.Join(' ', spans.Select(static span => span.Start.ToString("MM-dd"))));
        Assert.All(spans, static span => Assert.Equal((10, 60), (span.Start.Hour, span.Minutes)));
    }

    [Theory]
    [InlineData("2026-06-13T19:59Z", "2026-06-13T20:00Z", "")]
    [InlineData("2026-06-13T19:59Z", "2026-06-13T20:01Z", "2026-06-13T20:00Z")]
    [InlineData("2026-06-14T01:59Z", "2026-06-14T02:00Z", "2026-06-13T20:00Z")]
    [InlineData("2026-06-14T02:00Z", "2026-06-14T03:00Z", "")]
    [InlineData("2026-06-14T00:00Z", "2026-06-14T00:00Z", "")]
    [InlineData("2026-06-14T01:00Z", "2026-06-13T01:00Z", "")]
    [InlineData("2026-06-13T20:00Z", "2026-06-27T20:00Z", "2026-06-13T20:00Z 2026-06-20T20:00Z")]
    public void A_range_finds_what_overlaps_it_and_shows_it_whole(string from, string to, string starts)
    {
        var spans = WindowCalendar.Between(Policy([Weekly("w", "22:00", "04:00", IsoDayOfWeek.Saturday)]), Paris, null, Utc(from), Utc(to));

        Assert.Equal(starts, string.Join(' ', spans.Select(static span => span.Start.ToString("yyyy-MM-dd'T'HH:mm'Z'"))));
        Assert.All(spans, static span => Assert.Equal(360, span.Minutes));
    }

    [Theory]
    [InlineData("2026-06-13T22:00", "2026-06-14T04:00", "")]
    [InlineData("2026-06-01T00:00", "2026-07-01T00:00", "")]
    [InlineData("2026-06-13T00:00", "2026-06-13T23:00", "23:00-04:00")]
    [InlineData("2026-06-14T01:00", "2026-06-20T00:00", "22:00-01:00")]
    [InlineData("2026-06-13T23:00", "2026-06-14T00:30", "22:00-23:00 00:30-04:00")]
    [InlineData("2026-06-14T04:00", "2026-06-15T00:00", "22:00-04:00")]
    [InlineData("2026-06-12T00:00", "2026-06-13T22:00", "22:00-04:00")]
    [InlineData("2026-06-13T22:00", "2026-06-14T03:59", "03:59-04:00")]
    public void Freezes_cut_windows(string from, string to, string left)
    {
        var policy = Policy([Weekly("w", "22:00", "04:00", IsoDayOfWeek.Saturday)], new Freeze("f", Wall(from), Wall(to), "Counting"));

        var spans = WindowCalendar.Between(policy, DateTimeZone.Utc, null, Utc("2026-06-13T12:00Z"), Utc("2026-06-14T12:00Z"));

        Assert.Equal(left, string.Join(' ', spans.Select(static span => $"{span.Start:HH:mm}-{span.End:HH:mm}")));
        Assert.All(spans, static span => Assert.Equal((Utc("2026-06-13T22:00Z"), Utc("2026-06-14T04:00Z")), (span.OccurrenceStart, span.OccurrenceEnd)));
    }

    [Fact]
    public void A_freeze_lies_where_the_clocks_of_its_zone_say()
    {
        // 02:30 does not come on this night: the freeze ends when the clocks show 03:00, an hour after 02:00 would have been.
        var policy = Policy([Weekly("w", "00:00", "06:00", IsoDayOfWeek.Sunday)], new Freeze("f", Wall("2026-03-29T01:00"), Wall("2026-03-29T02:30"), "Counting"));

        var spans = WindowCalendar.Between(policy, Paris, null, Utc("2026-03-28T12:00Z"), Utc("2026-03-29T12:00Z"));

        Assert.Equal([(Utc("2026-03-28T23:00Z"), 60), (Utc("2026-03-29T01:00Z"), 180)], spans.Select(static span => (span.Start, span.Minutes)));
    }

    [Fact]
    public void A_freeze_within_a_gap_of_the_clock_cuts_nothing()
    {
        var policy = Policy([Weekly("w", "00:00", "06:00", IsoDayOfWeek.Sunday)], new Freeze("f", Wall("2026-03-29T02:10"), Wall("2026-03-29T02:50"), "Counting"));

        var occurrence = Assert.Single(WindowCalendar.Occurrences(policy, Paris, null, Utc("2026-03-28T12:00Z"), Utc("2026-03-29T12:00Z")));

        Assert.Empty(occurrence.Freezes);
        Assert.Equal(300, Assert.Single(occurrence.Pieces).Minutes);
    }

    [Fact]
    public void An_occurrence_names_the_freezes_that_cut_it_and_no_others()
    {
        var policy = Policy(
            [Weekly("w", "22:00", "04:00", IsoDayOfWeek.Saturday)],
            new Freeze("late", Wall("2026-06-14T03:00"), Wall("2026-06-14T09:00"), "A"),
            new Freeze("early", Wall("2026-06-13T21:00"), Wall("2026-06-13T23:00"), "B"),
            new Freeze("before", Wall("2026-06-13T21:00"), Wall("2026-06-13T22:00"), "C"),
            new Freeze("whole", Wall("2026-06-20T21:00"), Wall("2026-06-21T22:00"), "D"));

        var occurrences = WindowCalendar.Occurrences(policy, DateTimeZone.Utc, null, Utc("2026-06-13T00:00Z"), Utc("2026-06-28T00:00Z"));

        Assert.Equal(["late early", "whole", ""], occurrences.Select(static one => string.Join(' ', one.Freezes)));
        Assert.Equal([240, 0, 360], occurrences.Select(static one => one.Pieces.Sum(static piece => piece.Minutes)));
    }

    [Fact]
    public void Windows_are_listed_singly_in_order_of_their_start_and_only_those_that_were_asked_for()
    {
        var policy = Policy([Weekly("b", "22:00", "23:00", IsoDayOfWeek.Monday), Weekly("a", "23:00", "24:00", IsoDayOfWeek.Monday), Weekly("c", "21:00", "24:00", IsoDayOfWeek.Monday)]);
        var (from, to) = (Utc("2026-06-15T00:00Z"), Utc("2026-06-16T00:00Z"));

        Assert.Equal(["c", "b", "a"], Ids(null));
        Assert.Equal(["b", "a"], Ids(["a", "b", "nonsense"]));
        Assert.Empty(Ids([]));
        Assert.Empty(WindowCalendar.Between(WindowPolicy.None, DateTimeZone.Utc, null, from, to));

        IEnumerable<string> Ids(string[]? windows) => WindowCalendar.Between(policy, DateTimeZone.Utc, windows, from, to).Select(static span => span.Window);
    }

    [Fact]
    public void A_weekday_that_is_named_twice_counts_once() =>
        Assert.Single(WindowCalendar.Between(
            Policy([Weekly("w", "10:00", "11:00", IsoDayOfWeek.Monday, IsoDayOfWeek.Monday)]), DateTimeZone.Utc, null, Utc("2026-06-15T00:00Z"), Utc("2026-06-20T00:00Z")));

    [Theory]
    [InlineData("Mon, Sun 22:00–04:00")]
    public void A_weekly_window_says_when_it_is(string text) => Assert.Equal(text, Weekly("w", "22:00", "04:00", IsoDayOfWeek.Sunday, IsoDayOfWeek.Monday).When);

    [Theory]
    [InlineData(MonthWeek.Second, 11, "second Tue of the month + 11 days, 20:00–24:00")]
    [InlineData(MonthWeek.Last, 1, "last Tue of the month + 1 day, 20:00–24:00")]
    [InlineData(MonthWeek.First, 0, "first Tue of the month, 20:00–24:00")]
    public void A_monthly_window_says_when_it_is(MonthWeek week, int plusDays, string text) =>
        Assert.Equal(text, new MaintenanceWindow("w", "W", new MonthlyDay(week, IsoDayOfWeek.Tuesday, plusDays), 1200, 1440).When);

    internal static WindowPolicy Policy(IReadOnlyList<MaintenanceWindow> windows, params Freeze[] freezes) => new(TimeSpan.FromDays(30), windows, freezes);

    internal static MaintenanceWindow Weekly(string id, string start, string end, params IsoDayOfWeek[] days) => new(id, "Window " + id, new WeeklyDays(days), Minute(start), Minute(end));

    internal static LocalDateTime Wall(string text) => NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm").Parse(text).Value;

    private static LocalDate Date(string text) => NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;

    private static int Minute(string text) => (60 * int.Parse(text[..2])) + int.Parse(text[3..]);
}
