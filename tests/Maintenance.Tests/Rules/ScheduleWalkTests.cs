using FsCheck;
using FsCheck.Fluent;
using Maintenance.Tests.Rules.Oracles;
using Maintenance.Time;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Schedules against a walk along the clock on the wall, around the changes of many zones.</summary>
public sealed class ScheduleWalkTests
{
    private static readonly string[] Zones =
    [
        "Africa/Nairobi", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "UTC",
        "Africa/Casablanca", "Asia/Tehran", "Africa/Cairo", "America/St_Johns",
    ];

    private static readonly Gen<(string Zone, DateTimeOffset Centre)> Places =
        from zone in Gen.Elements(Zones)
        from year in Gen.Choose(2005, 2030)
        from day in Gen.Choose(0, 364)
        let near = Utc("2000-01-01T00:00Z").AddDays(((year - 2000) * 365.25) + day)
        select (zone, NearestChange(Zone(zone), near));

    private static Gen<string> Times(int most) => Gen.Frequency(
        (2, Gen.Constant("*")),
        (4, Gen.Choose(0, most).Select(static value => $"{value}")),
        (2, Gen.Choose(0, 4).Select(static value => $"{value}")),
        (2, from every in Gen.Choose(2, 29) select $"*/{every}"),
        (2, from one in Gen.Choose(0, most) from other in Gen.Choose(0, most) select $"{Math.Min(one, other)}-{Math.Max(one, other)}"),
        (1, from one in Gen.Choose(0, most - 1) from every in Gen.Choose(1, 9) select $"{one}-{most}/{every}"),
        (2, from one in Gen.Choose(0, most) from other in Gen.Choose(0, most) from third in Gen.Choose(0, 3) select $"{one},{other},{third}"));

    private static readonly Gen<string> Dates =
        from day in Gen.Frequency(
            (8, Gen.Constant("*")), (1, Gen.Choose(1, 31).Select(static d => $"{d}")), (1, Gen.Elements("31", "29-31", "1,15", "*/2", "1-7", "10/5")))
        from month in Gen.Frequency((8, Gen.Constant("*")), (1, Gen.Elements("3", "10", "Jan-Mar", "*/2", "2,4,10,11,12")))
        from weekday in Gen.Frequency((6, Gen.Constant("*")), (1, Gen.Elements("0", "1-5", "Sun", "Mon-Fri", "0,6", "*/2")))
        select $"{day} {month} {weekday}";

    private static readonly Gen<string> ByTheMinute =
        from minute in Times(59)
        from hour in Times(23)
        from dates in Dates
        select $"0 {minute} {hour} {dates}";

    private static readonly Gen<string> ByTheSecond =
        from second in Times(59)
        from minute in Times(59)
        from hour in Gen.Frequency((3, Gen.Constant("*")), (1, Times(23)))
        from dates in Dates
        select $"{second} {minute} {hour} {dates}";

    [Fact]
    public void By_the_minute_over_days_around_a_clock_change() => Law.Holds(
        from schedule in ByTheMinute
        from place in Places
        from before in Gen.Choose(0, 48 * 60)
        from length in Gen.Choose(1, 5 * 24 * 60)
        from seconds in Gen.Elements(0, 0, 0, 1, 30, 59)
        select (schedule, place.Zone, After: place.Centre.AddMinutes(-before).AddSeconds(seconds), Length: TimeSpan.FromMinutes(length)),
        600,
        Compare);

    [Fact]
    public void By_the_minute_over_a_season() => Law.Holds(
        from schedule in ByTheMinute
        from place in Places
        from before in Gen.Choose(0, 90)
        select (schedule, place.Zone, After: place.Centre.AddDays(-before), Length: TimeSpan.FromDays(150)),
        40,
        Compare);

    [Fact]
    public void By_the_second_within_hours_of_a_clock_change() => Law.Holds(
        from schedule in ByTheSecond
        from place in Places
        from before in Gen.Choose(-3600, 3 * 3600)
        from length in Gen.Choose(1, 4 * 3600)
        from millis in Gen.Elements(0, 1, 999)
        select (schedule, place.Zone, After: place.Centre.AddSeconds(-before).AddMilliseconds(millis), Length: TimeSpan.FromSeconds(length)),
        200,
        Compare);

    [Fact]
    public void Two_windows_end_to_end_hold_what_the_one_window_holds() => Law.Holds(
        from schedule in ByTheMinute
        from place in Places
        from before in Gen.Choose(0, 2880)
        from cut in Gen.Choose(0, 4000)
        from rest in Gen.Choose(0, 4000)
        select (schedule, place, before, cut, rest),
        300,
        static one =>
        {
            var schedule = Schedule.Parse(one.schedule);
            var zone = Zone(one.place.Zone);
            var from = one.place.Centre.AddMinutes(-one.before);
            var cut = from.AddMinutes(one.cut);
            var to = cut.AddMinutes(one.rest);
            Assert.Equal(schedule.Between(from, to, zone), schedule.Between(from, cut, zone).Concat(schedule.Between(cut, to, zone)));
        });

    private static void Compare((string Schedule, string Zone, DateTimeOffset After, TimeSpan Length) one)
    {
        var schedule = Schedule.Parse(one.Schedule);
        var zone = Zone(one.Zone);
        var upTo = one.After + one.Length;
        var walked = WallClockWalk.Occurrences(one.Schedule, zone, one.After, upTo);

        Assert.Equal(walked, schedule.Between(one.After, upTo, zone));
        Assert.Equal(walked.Count == 0 ? null : walked[^1], schedule.Latest(one.After, upTo, zone));
        var next = schedule.Next(one.After, zone);
        if (walked.Count > 0)
        {
            Assert.Equal(walked[0], next);
        }
        else
        {
            Assert.True(next is null || next > upTo, $"{next:u} is no later than {upTo:u}");
        }
    }

    private static DateTimeOffset NearestChange(DateTimeZone zone, DateTimeOffset from)
    {
        var interval = zone.GetZoneInterval(Instant.FromDateTimeOffset(from));
        return interval.HasEnd && interval.End < Instant.FromUtc(2036, 1, 1, 0, 0) ? interval.End.ToDateTimeOffset() : from;
    }
}
