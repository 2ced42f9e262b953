using FsCheck.Fluent;
using Maintenance.ServiceLevels;
using Maintenance.Tests.Rules.Oracles;
using NodaTime;

namespace Maintenance.Tests.Rules;

/// <summary>Calendars with revisions, holidays from files and changes of plan, against a walk along the minutes: equal to the second.</summary>
public sealed class ServiceCalendarWalkTests
{
    [Fact]
    public void Elapsed_time_is_what_a_walk_along_the_minutes_counts() => Law.Holds(
        from one in CalendarCase.Any
        from later in Gen.Choose(0, 3 * 86_400)
        from length in Gen.OneOf(Gen.Choose(0, 6 * 86_400), Gen.Choose(0, 7200))
        select (one, From: one.Start.AddSeconds(later), To: one.Start.AddSeconds(later + length)),
        1000,
        static given => Assert.Equal(
            given.one.Walk.Elapsed(Instant.FromDateTimeOffset(given.From), Instant.FromDateTimeOffset(given.To)),
            Duration.FromTimeSpan(ServiceClock.Elapsed(given.one.Calendar, given.From, given.To))));

    [Fact]
    public void A_target_is_due_when_the_walk_has_counted_it() => Law.Holds(
        from one in CalendarCase.Any
        from target in Gen.OneOf(Gen.Choose(0, 40 * 3600), Gen.Choose(0, 8).Select(static half => half * 1800), Gen.Choose(0, 60))
        select (one, target),
        1000,
        static given =>
        {
            var start = Instant.FromDateTimeOffset(given.one.Start);
            var horizon = start + Duration.FromDays(7);
            var due = Instant.FromDateTimeOffset(ServiceClock.Due(given.one.Calendar, given.one.Start, TimeSpan.FromSeconds(given.target)));
            if (given.one.Walk.Due(start, Duration.FromSeconds(given.target), horizon) is { } walked)
            {
                Assert.Equal(walked, due);
            }
            else
            {
                Assert.True(due > horizon, $"{due} is no later than {horizon}");
            }
        });

    [Fact]
    public void It_is_open_when_the_walk_says_so_and_named_closed_when_it_says_why() => Law.Holds(
        from one in CalendarCase.Any
        from later in Gen.OneOf(Gen.Choose(0, 6 * 86_400), Gen.Choose(0, 144).Select(static hour => hour * 3600))
        from ticks in Gen.Elements(0L, 1, TimeSpan.TicksPerSecond - 1)
        select (one, At: one.Start.AddSeconds(later).AddTicks(ticks)),
        3000,
        static given =>
        {
            var at = Instant.FromDateTimeOffset(given.At);
            var calendar = given.one.Calendar;
            var why = given.one.Walk.Why(at);
            Assert.Equal(why == ServiceMinuteWalk.Open, ServiceClock.IsOpen(calendar, given.At));
            if (calendar.HolidayAt(at) is null)
            {
                Assert.True(why is ServiceMinuteWalk.Open or ServiceMinuteWalk.OutsideHours || IsRepeated(at, calendar.Zone), why);
            }
        });

    [Fact]
    public void Its_spans_are_in_order_and_overlap_nowhere() => Law.Holds(
        CalendarCase.Any,
        500,
        static one =>
        {
            var spans = one.Calendar.Spans(Instant.FromDateTimeOffset(one.Start)).Take(60).ToList();
            Assert.All(spans, static span => Assert.True(span.Start < span.End));
            Assert.All(spans.Zip(spans.Skip(1)), static pair => Assert.True(pair.First.End <= pair.Second.Start, $"{pair.First} {pair.Second}"));
        });

    /// <summary>A clock put back over midnight shows the day before again, while the holiday of the new day goes on.</summary>
    private static bool IsRepeated(Instant at, DateTimeZone zone) => zone.MapLocal(at.InZone(zone).LocalDateTime).Count > 1;
}
