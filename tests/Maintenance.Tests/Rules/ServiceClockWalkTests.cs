using FsCheck;
using FsCheck.Fluent;
using Maintenance.ServiceLevels;
using Maintenance.Tests.Rules.Oracles;
using Maintenance.Time;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Service time against a count of minutes, and the laws that it keeps.</summary>
public sealed class ServiceClockWalkTests
{
    private static readonly IsoDayOfWeek[] Days = [.. Enum.GetValues<IsoDayOfWeek>().Where(static day => day != IsoDayOfWeek.None)];

    /// <summary>Hours, holidays and a zone, and an instant near a clock change of that zone.</summary>
    internal sealed record Case(string Zone, IReadOnlyList<Hours> Hours, IReadOnlyList<LocalDate> Holidays, DateTimeOffset Start)
    {
        internal ServiceCalendar Calendar => new(Instants.Zone(Zone), Hours.Select(static line => (line.Day, line.Start, line.End)), Holidays);

        internal MinuteWalk Walk => new(Instants.Zone(Zone), Hours, Holidays);

        public override string ToString() =>
            $"{Zone} from {Start:u}, closed {string.Join(' ', Holidays)}, open {string.Join(' ', Hours.Select(static line => $"{line.Day} {line.Start}-{line.End}"))}";
    }

    private static readonly Gen<int> Minute = Gen.OneOf(Gen.Choose(0, 23).Select(static hour => 60 * hour), Gen.Choose(0, 1439), Gen.Elements(0, 90, 120, 150, 165, 180));

    private static readonly Gen<Hours[]> Week = Gen.OneOf(
        from lines in Gen.Choose(1, 8)
        from hours in Gen.ArrayOf(
            from day in Gen.Elements(Days)
            from start in Minute
            from end in Gen.Frequency((4, Minute), (1, Gen.Constant(1440)))
            select new Hours(day, start, end),
            lines)
        select hours,
        from start in Minute
        from end in Minute
        from noon in Minute
        select (Hours[])[.. Days.Select(day => new Hours(day, start, end)), .. Days[..5].Select(day => new Hours(day, noon, Math.Min(1440, noon + 75)))]);

    private static readonly Gen<Case> Cases =
        from zone in Gen.Elements(
            "Africa/Nairobi", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "UTC", "America/St_Johns")
        from hours in Week
        from year in Gen.Choose(2008, 2028)
        from day in Gen.Choose(0, 364)
        let change = NearestChange(Instants.Zone(zone), Utc($"{year}-01-01T00:00Z").AddDays(day))
        from before in Gen.Choose(0, 4 * 1440)
        let start = change.AddMinutes(-before)
        from closed in Gen.ListOf(Gen.Choose(-1, 12), 3)
        from holidays in Gen.Elements(0, 1, 2, 3)
        let date = LocalDate.FromDateTime(start.UtcDateTime)
        select new Case(zone, hours, [.. closed.Take(holidays).Select(date.PlusDays).Distinct()], start);

    [Fact]
    public void Elapsed_time_is_the_open_minutes() => Law.Holds(
        from one in Cases
        from length in Gen.Choose(0, 10 * 1440)
        select (one, length),
        250,
        static given =>
        {
            var to = given.one.Start.AddMinutes(given.length);
            Assert.Equal(given.one.Walk.Elapsed(given.one.Start, to), ServiceClock.Elapsed(given.one.Calendar, given.one.Start, to));
        });

    [Fact]
    public void A_target_is_due_once_its_open_minutes_have_passed() => Law.Holds(
        from one in Cases
        from target in Gen.OneOf(Gen.Choose(0, 600), Gen.Choose(0, 40 * 60))
        select (one, target),
        250,
        static given =>
        {
            var horizon = given.one.Start.AddDays(30);
            var due = ServiceClock.Due(given.one.Calendar, given.one.Start, TimeSpan.FromMinutes(given.target));
            if (given.one.Walk.Due(given.one.Start, given.target, horizon) is { } walked)
            {
                Assert.Equal(walked, due);
            }
            else
            {
                Assert.True(due > horizon, $"{due:u} is no later than {horizon:u}");
            }
        });

    [Fact]
    public void It_is_open_in_the_open_minutes_to_their_last_tick() => Law.Holds(
        from one in Cases
        from later in Gen.Choose(0, 6 * 1440)
        from ticks in Gen.Elements(0, 1, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMinute - 1)
        select (one, At: one.Start.AddMinutes(later), ticks),
        600,
        static given => Assert.Equal(given.one.Walk.IsOpen(given.At), ServiceClock.IsOpen(given.one.Calendar, given.At.AddTicks(given.ticks))));

    [Fact]
    public void When_a_target_is_due_exactly_the_target_has_elapsed_and_a_tick_earlier_it_has_not() => Law.Holds(
        from one in Cases
        from start in Gen.Choose(0, 60_000)
        from target in Gen.Choose(1, 100 * 3600)
        from ticks in Gen.Choose(0, 9_999_999)
        select (one, Start: one.Start.AddMilliseconds(start), Target: TimeSpan.FromSeconds(target).Add(TimeSpan.FromTicks(ticks))),
        500,
        static given =>
        {
            var calendar = given.one.Calendar;
            var due = ServiceClock.Due(calendar, given.Start, given.Target);
            Assert.Equal(given.Target, ServiceClock.Elapsed(calendar, given.Start, due));
            Assert.Equal(given.Target - TimeSpan.FromTicks(1), ServiceClock.Elapsed(calendar, given.Start, due.AddTicks(-1)));
        });

    [Fact]
    public void What_has_elapsed_was_due_no_later_than_now_and_at_the_closing_where_it_is_closed() => Law.Holds(
        from one in Cases
        from later in Gen.Choose(1, 10 * 86_400)
        select (one, Now: one.Start.AddSeconds(later)),
        500,
        static given =>
        {
            var calendar = given.one.Calendar;
            var elapsed = ServiceClock.Elapsed(calendar, given.one.Start, given.Now);
            if (elapsed > TimeSpan.Zero)
            {
                var due = ServiceClock.Due(calendar, given.one.Start, elapsed);
                Assert.True(due <= given.Now, $"{due:u} is later than {given.Now:u}");
                Assert.True(ServiceClock.IsOpen(calendar, due.AddTicks(-1)));
            }
        });

    [Fact]
    public void A_larger_target_or_a_later_start_is_never_due_earlier() => Law.Holds(
        from one in Cases
        from target in Gen.Choose(1, 50 * 3600)
        from more in Gen.Choose(0, 5 * 3600)
        from later in Gen.Choose(0, 3 * 86_400)
        select (one, Target: TimeSpan.FromSeconds(target), More: TimeSpan.FromSeconds(more), Later: TimeSpan.FromSeconds(later)),
        300,
        static given =>
        {
            var calendar = given.one.Calendar;
            var due = ServiceClock.Due(calendar, given.one.Start, given.Target);
            Assert.True(ServiceClock.Due(calendar, given.one.Start, given.Target + given.More) >= due);
            Assert.True(ServiceClock.Due(calendar, given.one.Start + given.Later, given.Target) >= due);
        });

    [Fact]
    public void Elapsed_time_adds_up_over_any_cut() => Law.Holds(
        from one in Cases
        from first in Gen.Choose(0, 8 * 86_400)
        from second in Gen.Choose(0, 8 * 86_400)
        select (one, First: TimeSpan.FromSeconds(first), Second: TimeSpan.FromSeconds(second)),
        300,
        static given =>
        {
            var calendar = given.one.Calendar;
            var cut = given.one.Start + given.First;
            var end = cut + given.Second;
            Assert.Equal(
                ServiceClock.Elapsed(calendar, given.one.Start, end),
                ServiceClock.Elapsed(calendar, given.one.Start, cut) + ServiceClock.Elapsed(calendar, cut, end));
        });

    private static DateTimeOffset NearestChange(DateTimeZone zone, DateTimeOffset from)
    {
        var interval = zone.GetZoneInterval(Instant.FromDateTimeOffset(from));
        return interval.HasEnd && interval.End < Instant.FromUtc(2036, 1, 1, 0, 0) ? interval.End.ToDateTimeOffset() : from;
    }
}
