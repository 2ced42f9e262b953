using Maintenance.Time;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Schedules against cases worked by hand.</summary>
public sealed class ScheduleTests
{
    [Theory]
    [InlineData("0 0 2 * * *")]
    [InlineData("*/5 * * * * *")]
    [InlineData("0 0-30/10 8-17 1,15,31 1-6 1-5")]
    [InlineData("0 30 9 * Jan,Jul Mon-Fri")]
    [InlineData("59 59 23 31 12 6")]
    public void Six_fields_within_their_ranges_are_a_schedule(string text)
    {
        var schedule = Schedule.TryParse(text, out var problem);
        Assert.NotNull(schedule);
        Assert.Null(problem);
        Assert.Equal(text, schedule.Text);
        Assert.Equal(text, schedule.ToString());
        Assert.Equal(text, Schedule.Parse(text).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("* * * * *")]
    [InlineData("0 0 2 * * * *")]
    [InlineData("60 * * * * *")]
    [InlineData("0 60 * * * *")]
    [InlineData("0 0 24 * * *")]
    [InlineData("0 0 0 0 * *")]
    [InlineData("0 0 0 32 * *")]
    [InlineData("0 0 0 * 0 *")]
    [InlineData("0 0 0 * 13 *")]
    [InlineData("0 0 0 * * 7")]
    [InlineData("-1 0 0 * * *")]
    [InlineData("0 0 0 * Foo *")]
    [InlineData("0 0 0 * * Nod")]
    [InlineData("0 0 1- * * *")]
    [InlineData("0 0 1,,2 * * *")]
    [InlineData("0 0 1.5 * * *")]
    [InlineData("nightly at two")]
    [InlineData("99999999999 0 0 * * *")]
    public void Anything_else_is_refused_and_says_why(string text)
    {
        Assert.Null(Schedule.TryParse(text, out var problem));
        Assert.False(string.IsNullOrWhiteSpace(problem));
        _ = Assert.Throws<FormatException>(() => Schedule.Parse(text));
    }

    [Theory]
    // The clock goes from 02:00 to 03:00: what it skips happens at 03:00, 01:00 UTC.
    [InlineData("0 30 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-30T12:00Z", "2026-03-29T01:00Z 2026-03-30T00:30Z")]
    [InlineData("0 0 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T12:00Z", "2026-03-29T01:00Z")]
    [InlineData("0 59 2 29 3 *", "Europe/Berlin", "2026-01-01T00:00Z", "2026-12-31T00:00Z", "2026-03-29T01:00Z")]
    // Two skipped ones, and one at the end of the gap itself, happen together once.
    [InlineData("0 15,45 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T12:00Z", "2026-03-29T01:00Z")]
    [InlineData("0 30 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T12:00Z", "2026-03-29T01:00Z 2026-03-29T01:30Z")]
    [InlineData("0 */30 2-3 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T12:00Z", "2026-03-29T01:00Z 2026-03-29T01:30Z")]
    // The clock goes from 03:00 back to 02:00: what it repeats happens the first time only.
    [InlineData("0 30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-26T12:00Z", "2026-10-25T00:30Z 2026-10-26T01:30Z")]
    [InlineData("0 0 2,3 * * *", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-25T12:00Z", "2026-10-25T00:00Z 2026-10-25T02:00Z")]
    [InlineData("0 0 * * * *", "Europe/Berlin", "2026-10-24T23:30Z", "2026-10-25T03:30Z", "2026-10-25T00:00Z 2026-10-25T02:00Z 2026-10-25T03:00Z")]
    [InlineData("0 0 * * * *", "Europe/Berlin", "2026-03-28T23:30Z", "2026-03-29T02:30Z", "2026-03-29T00:00Z 2026-03-29T01:00Z 2026-03-29T02:00Z")]
    // Looked at from within the repeated hour, the first time has been.
    [InlineData("0 30 2 * * *", "Europe/Berlin", "2026-10-25T00:30Z", "2026-10-25T23:00Z", "")]
    [InlineData("0 30 2 * * *", "Europe/Berlin", "2026-10-25T00:45Z", "2026-10-25T01:45Z", "")]
    // Across the ocean.
    [InlineData("0 30 2 * * *", "America/New_York", "2026-03-08T00:00Z", "2026-03-09T00:00Z", "2026-03-08T07:00Z")]
    [InlineData("0 30 1 * * *", "America/New_York", "2026-11-01T00:00Z", "2026-11-02T00:00Z", "2026-11-01T05:30Z")]
    // Lord Howe changes by half an hour: 02:00 to 02:30 in October (UTC 15:30), 02:00 back to 01:30 in April (UTC 15:00).
    [InlineData("0 10 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00Z", "2026-10-04T00:00Z", "2026-10-03T15:30Z")]
    [InlineData("0 30 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00Z", "2026-10-04T00:00Z", "2026-10-03T15:30Z")]
    [InlineData("0 10,30,40 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00Z", "2026-10-04T00:00Z", "2026-10-03T15:30Z 2026-10-03T15:40Z")]
    [InlineData("0 45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00Z", "2026-04-05T00:00Z", "2026-04-04T14:45Z")]
    // A day whose midnight does not exist, and one that has two.
    [InlineData("0 0 0 * * *", "America/Sao_Paulo", "2017-10-14T12:00Z", "2017-10-16T12:00Z", "2017-10-15T03:00Z 2017-10-16T02:00Z")]
    [InlineData("0 30 23 * * *", "America/Sao_Paulo", "2018-02-17T12:00Z", "2018-02-19T12:00Z", "2018-02-18T01:30Z 2018-02-19T02:30Z")]
    // Apia had no 30 December 2011: the day's backup happens as the 31st begins, together with the midnight of the 31st.
    [InlineData("0 0 12 * * *", "Pacific/Apia", "2011-12-29T12:00Z", "2011-12-31T12:00Z", "2011-12-29T22:00Z 2011-12-30T10:00Z 2011-12-30T22:00Z")]
    [InlineData("0 0 0,6,18 30,31 12 *", "Pacific/Apia", "2011-12-29T12:00Z", "2011-12-30T12:00Z", "2011-12-30T10:00Z")]
    // A schedule by the second.
    [InlineData("*/20 * * * * *", "Africa/Nairobi", "2026-06-01T00:00:00Z", "2026-06-01T00:01:00Z", "2026-06-01T00:00:20Z 2026-06-01T00:00:40Z 2026-06-01T00:01:00Z")]
    [InlineData("10,50 3 * * * *", "UTC", "2026-06-01T15:01:30Z", "2026-06-01T15:04:00Z", "2026-06-01T15:03:10Z 2026-06-01T15:03:50Z")]
    [InlineData("10,50 * 20 * * *", "UTC", "2026-06-01T15:01:30Z", "2026-06-01T20:00:59Z", "2026-06-01T20:00:10Z 2026-06-01T20:00:50Z")]
    [InlineData("59 59 1 29 3 *", "Europe/Berlin", "2026-03-29T00:00Z", "2026-03-29T02:00Z", "2026-03-29T00:59:59Z")]
    [InlineData("1 0 2 29 3 *", "Europe/Berlin", "2026-03-29T00:00Z", "2026-03-29T02:00Z", "2026-03-29T01:00:00Z")]
    // The window is half-open: an occurrence at its start was in the last one.
    [InlineData("0 0 2 * * *", "Africa/Nairobi", "2026-06-01T23:00Z", "2026-06-02T23:00Z", "2026-06-02T23:00Z")]
    [InlineData("0 0 2 * * *", "Africa/Nairobi", "2026-06-01T22:59:59.999Z", "2026-06-01T23:00Z", "2026-06-01T23:00Z")]
    [InlineData("0 0 2 * * *", "Africa/Nairobi", "2026-06-01T23:00Z", "2026-06-02T22:59:59.999Z", "")]
    [InlineData("0 0 2 * * *", "Africa/Nairobi", "2026-06-01T23:00Z", "2026-06-01T23:00Z", "")]
    [InlineData("0 0 2 * * *", "Africa/Nairobi", "2026-06-05T00:00Z", "2026-06-01T00:00Z", "")]
    // Dates that few months have.
    [InlineData("0 0 0 31 * *", "UTC", "2026-01-01T00:00Z", "2026-07-01T00:00Z", "2026-01-31T00:00Z 2026-03-31T00:00Z 2026-05-31T00:00Z")]
    [InlineData("0 0 0 29 2 *", "UTC", "2026-01-01T00:00Z", "2033-01-01T00:00Z", "2028-02-29T00:00Z 2032-02-29T00:00Z")]
    [InlineData("0 0 0 29 2 *", "UTC", "2096-01-01T00:00Z", "2105-01-01T00:00Z", "2096-02-29T00:00Z 2104-02-29T00:00Z")]
    // A date and a weekday: both must hold. In 2026 these are the Fridays the thirteenth.
    [InlineData("0 0 0 13 * 5", "UTC", "2026-01-01T00:00Z", "2027-01-01T00:00Z", "2026-02-13T00:00Z 2026-03-13T00:00Z 2026-11-13T00:00Z")]
    [InlineData("0 0 0 * * 0", "UTC", "2026-11-20T00:00Z", "2026-11-30T00:00Z", "2026-11-22T00:00Z 2026-11-29T00:00Z")]
    // Half and quarter hours from UTC.
    [InlineData("0 0 0 * * *", "Asia/Kathmandu", "2026-06-01T00:00Z", "2026-06-02T00:00Z", "2026-06-01T18:15Z")]
    public void Occurrences_are_those_worked_by_hand(string schedule, string zone, string after, string upTo, string expected)
    {
        DateTimeOffset[] instants = [.. expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Utc)];
        var parsed = Schedule.Parse(schedule);
        Assert.Equal(instants, parsed.Between(Utc(after), Utc(upTo), Zone(zone)));
        Assert.Equal(instants.Length == 0 ? null : instants[^1], parsed.Latest(Utc(after), Utc(upTo), Zone(zone)));
        Assert.Equal(instants, Oracles.WallClockWalk.Occurrences(schedule, Zone(zone), Utc(after), Utc(upTo)));
    }

    [Fact]
    public void After_a_year_of_downtime_one_occurrence_is_due_the_last_one()
    {
        var latest = Schedule.Parse("0 0 2 * * *").Latest(Utc("2025-11-22T00:00Z"), Utc("2026-11-22T07:30Z"), Zone("Africa/Nairobi"));
        Assert.Equal(Utc("2026-11-21T23:00Z"), latest);
    }

    [Fact]
    public void After_ten_years_of_downtime_the_last_second_is_found_at_once()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var latest = Schedule.Parse("* * * * * *").Latest(Utc("2016-01-01T00:00Z"), Utc("2026-01-01T00:00:00.5Z"), Zone("Europe/Berlin"));
        Assert.Equal(Utc("2026-01-01T00:00Z"), latest);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void The_last_occurrence_is_found_however_long_ago_it_was()
    {
        var latest = Schedule.Parse("0 0 0 29 2 *").Latest(Utc("2019-01-01T00:00Z"), Utc("2023-12-31T00:00Z"), Zone("UTC"));
        Assert.Equal(Utc("2020-02-29T00:00Z"), latest);
    }

    [Fact]
    public void The_last_occurrence_is_found_even_beyond_eleven_years()
    {
        // The 29ths of February that are Sundays are 28 years apart.
        var latest = Schedule.Parse("0 0 0 29 2 0").Latest(Utc("2000-01-01T00:00Z"), Utc("2032-02-28T00:00Z"), Zone("UTC"));
        Assert.Equal(Utc("2004-02-29T00:00Z"), latest);
    }

    [Theory]
    [InlineData("0 0 2 * * *", "Europe/Berlin", "2026-10-25T00:00Z", "2026-10-26T01:00Z")]
    [InlineData("0 30 2 * * *", "Europe/Berlin", "2026-10-25T00:59Z", "2026-10-26T01:30Z")]
    [InlineData("0 30 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T01:00Z")]
    [InlineData("0 30 2 * * *", "Europe/Berlin", "2026-03-29T01:00Z", "2026-03-30T00:30Z")]
    [InlineData("0 0 0 29 2 *", "UTC", "2096-02-29T00:00Z", "2104-02-29T00:00Z")]
    [InlineData("0 0 0 29 2 0", "UTC", "2021-03-02T00:00Z", "2032-02-29T00:00Z")]
    [InlineData("0 0 0 29 2 0", "UTC", "2032-02-29T00:00Z", null)]
    [InlineData("* * * * * *", "UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z")]
    [InlineData("* * * * * *", "UTC", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:01Z")]
    public void The_next_occurrence_is_after_the_instant(string schedule, string zone, string after, string? expected) =>
        Assert.Equal(expected is null ? null : Utc(expected), Schedule.Parse(schedule).Next(Utc(after), Zone(zone)));

    [Fact]
    public void Occurrences_are_in_utc_even_when_asked_with_another_offset()
    {
        var after = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.FromHours(9));
        var schedule = Schedule.Parse("0 0 2 * * *");
        var found = schedule.Between(after, after.AddDays(1), Zone("Africa/Nairobi")).Single();
        Assert.Equal((Utc("2026-06-01T23:00Z"), TimeSpan.Zero), (found, found.Offset));
        Assert.Equal(TimeSpan.Zero, schedule.Latest(after, after.AddDays(1), Zone("Africa/Nairobi"))!.Value.Offset);
        Assert.Equal(TimeSpan.Zero, schedule.Next(after, Zone("Africa/Nairobi"))!.Value.Offset);
    }

    [Theory]
    [InlineData("2026-03-29T02:30", "2026-03-29T01:00Z")]
    [InlineData("2026-10-25T02:30", "2026-10-25T00:30Z")]
    [InlineData("2026-06-01T02:30", "2026-06-01T00:30Z")]
    public void A_wall_clock_time_becomes_the_end_of_the_gap_or_the_first_of_two(string wall, string expected)
    {
        var local = NodaTime.LocalDateTime.FromDateTime(DateTime.Parse(wall, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Utc(expected), WallClock.ToInstant(local, Zone("Europe/Berlin")).ToDateTimeOffset());
        Assert.Null(WallClock.FindZone("Europe/Atlantis"));
    }
}
