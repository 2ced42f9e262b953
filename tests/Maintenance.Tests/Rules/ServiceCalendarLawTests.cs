using FsCheck;
using FsCheck.Fluent;
using Maintenance.ServiceLevels;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Tests.Rules;

/// <summary>The laws of service time, over calendars that change: nothing that has passed is ever counted anew.</summary>
public sealed class ServiceCalendarLawTests
{
    private static readonly Gen<(CalendarCase One, CalendarCase Other, Instant At)> Changes =
        from one in CalendarCase.Any
        from other in CalendarCase.Any
        from later in Gen.Choose(-86_400, 8 * 86_400)
        select (one, other, Instant.FromDateTimeOffset(one.Start.AddSeconds(later)));

    [Fact]
    public void When_a_target_is_due_it_has_elapsed_and_a_tick_earlier_it_has_not() => Law.Holds(
        from one in CalendarCase.Any
        from target in Gen.Choose(1, 60 * 3600)
        from ticks in Gen.Choose(0, 9_999_999)
        select (one, Target: TimeSpan.FromSeconds(target).Add(TimeSpan.FromTicks(ticks))),
        500,
        static given =>
        {
            var calendar = given.one.Calendar;
            var due = ServiceClock.Due(calendar, given.one.Start, given.Target);
            Assert.Equal(given.Target, ServiceClock.Elapsed(calendar, given.one.Start, due));
            Assert.Equal(given.Target - TimeSpan.FromTicks(1), ServiceClock.Elapsed(calendar, given.one.Start, due.AddTicks(-1)));
        });

    [Fact]
    public void Elapsed_time_adds_up_over_any_cut_and_never_runs_back() => Law.Holds(
        from one in CalendarCase.Any
        from first in Gen.Choose(0, 8 * 86_400)
        from second in Gen.Choose(0, 8 * 86_400)
        select (one, First: TimeSpan.FromSeconds(first), Second: TimeSpan.FromSeconds(second)),
        500,
        static given =>
        {
            var calendar = given.one.Calendar;
            var cut = given.one.Start + given.First;
            var end = cut + given.Second;
            var (before, after) = (ServiceClock.Elapsed(calendar, given.one.Start, cut), ServiceClock.Elapsed(calendar, cut, end));
            Assert.Equal(before + after, ServiceClock.Elapsed(calendar, given.one.Start, end));
            Assert.InRange(after, TimeSpan.Zero, given.Second);
        });

    [Fact]
    public void A_larger_target_or_a_later_start_is_never_due_earlier() => Law.Holds(
        from one in CalendarCase.Any
        from target in Gen.Choose(0, 50 * 3600)
        from more in Gen.Choose(0, 5 * 3600)
        from later in Gen.Choose(0, 3 * 86_400)
        select (one, Target: TimeSpan.FromSeconds(target), More: TimeSpan.FromSeconds(more), Later: TimeSpan.FromSeconds(later)),
        400,
        static given =>
        {
            var calendar = given.one.Calendar;
            var due = ServiceClock.Due(calendar, given.one.Start, given.Target);
            Assert.True(ServiceClock.Due(calendar, given.one.Start, given.Target + given.More) >= due);
            Assert.True(ServiceClock.Due(calendar, given.one.Start + given.Later, given.Target) >= due);
        });

    [Fact]
    public void A_change_of_plan_changes_nothing_before_it_and_everything_after_it() => Law.Holds(
        Changes,
        500,
        static given =>
        {
            var (before, after) = (given.One.Calendar, given.Other.Calendar);
            var changed = before.Then(given.At, after);
            var (start, end) = (given.At - Duration.FromDays(4), given.At + Duration.FromDays(4));
            Assert.Equal(Pieces(before, start, given.At), Pieces(changed, start, given.At));
            Assert.Equal(Pieces(after, given.At, end), Pieces(changed, given.At, end));
            Assert.Equal(after.Zone, changed.Zone);
        });

    [Fact]
    public void A_revision_changes_nothing_before_its_date_and_keeps_the_holidays() => Law.Holds(
        from one in CalendarCase.Any
        from other in CalendarCase.Any
        from days in Gen.Choose(13, 20)
        select (one, other, days),
        400,
        static given =>
        {
            // Without older versions: what a plan has by itself, revised once more.
            var plain = given.one with { Before = [] };
            var calendar = plain.Calendar;
            var from = LocalDate.FromDateTime(given.one.Start.UtcDateTime).PlusDays(given.days);
            var revised = calendar.Revised(from, given.other.Now.Hours.Select(static line => (line.Day, line.Start, line.End)));
            var begin = WallClock.ToInstant(from.AtMidnight(), calendar.Zone);
            var start = Instant.FromDateTimeOffset(given.one.Start);
            Assert.Equal(Pieces(calendar, start, begin), Pieces(revised, start, begin));
            Assert.Equal(from, revised.RevisionAt(begin));
            Assert.Equal(calendar.RevisionAt(begin - Duration.FromTicks(1)), revised.RevisionAt(begin - Duration.FromTicks(1)));
            Assert.All(given.one.Now.Holidays.Keys, date => Assert.NotNull(revised.HolidayOn(date)));
        });

    [Fact]
    public void A_later_revision_or_change_never_moves_what_is_due_before_it() => Law.Holds(
        from change in Changes
        from target in Gen.Choose(0, 30 * 3600)
        select (change.One, change.Other, change.At, Target: TimeSpan.FromSeconds(target)),
        500,
        static given =>
        {
            var calendar = given.One.Calendar;
            var due = ServiceClock.Due(calendar, given.One.Start, given.Target);
            var changed = calendar.Then(given.At, given.Other.Calendar);
            if (Instant.FromDateTimeOffset(due) <= given.At)
            {
                Assert.Equal(due, ServiceClock.Due(changed, given.One.Start, given.Target));
            }
            else
            {
                Assert.True(Instant.FromDateTimeOffset(ServiceClock.Due(changed, given.One.Start, given.Target)) > given.At);
            }
        });

    [Fact]
    public void Changes_one_after_the_other_are_the_same_as_all_at_once() => Law.Holds(
        from change in Changes
        from third in CalendarCase.Any
        from later in Gen.Choose(0, 3 * 86_400)
        select (change.One, change.Other, third, change.At, Later: change.At + Duration.FromSeconds(later)),
        200,
        static given =>
        {
            var (one, other, third) = (given.One.Calendar, given.Other.Calendar, given.third.Calendar);
            var start = given.At - Duration.FromDays(2);
            var end = given.Later + Duration.FromDays(3);
            Assert.Equal(
                Pieces(one.Then(given.At, other).Then(given.Later, third), start, end),
                Pieces(one.Then([(given.At, other), (given.Later, third)]), start, end));
        });

    [Fact]
    public void A_revision_that_is_not_later_than_another_is_refused()
    {
        var calendar = ServiceCalendar.Always(DateTimeZone.Utc).Revised(new LocalDate(2026, 5, 1), [(IsoDayOfWeek.Monday, 0, 60)]);
        _ = Assert.Throws<ArgumentException>(() => calendar.Revised(new LocalDate(2026, 5, 1), []));
        _ = Assert.Throws<ArgumentException>(() => calendar.Revised(new LocalDate(2026, 4, 30), []));
        Assert.Equal(new LocalDate(2026, 5, 2), calendar.Revised(new LocalDate(2026, 5, 2), []).RevisionAt(Instant.FromUtc(2027, 1, 1, 0, 0)));
    }

    [Fact]
    public void Ten_edits_a_day_for_a_year_are_walked_in_no_time()
    {
        var start = Instant.FromUtc(2026, 1, 1, 0, 0);
        (Instant, ServiceCalendar) Edit(int number) =>
            (start + Duration.FromMinutes(144 * number), new ServiceCalendar(DateTimeZone.Utc, Enumerable.Range(1, 7).Select(day => ((IsoDayOfWeek)day, number % 2 == 0 ? 480 : 540, 1020)), []));
        var calendar = ServiceCalendar.Always(DateTimeZone.Utc).Then(Enumerable.Range(1, 3650).Select(Edit));

        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 2000; i++)
        {
            _ = ServiceClock.Due(calendar, start.ToDateTimeOffset().AddHours(4 * i), TimeSpan.FromHours(9));
        }

        // Some microseconds each; minutes where each date looked at each version.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{clock.Elapsed}");
    }

    /// <summary>The open time of a range, joined where spans touch: where they are cut says nothing.</summary>
    private static List<OpenSpan> Pieces(ServiceCalendar calendar, Instant from, Instant to)
    {
        var pieces = new List<OpenSpan>();
        foreach (var span in calendar.Spans(from).TakeWhile(span => span.Start < to).Select(span => span with { End = Instant.Min(span.End, to) }))
        {
            if (pieces.Count > 0 && pieces[^1].End == span.Start)
            {
                pieces[^1] = pieces[^1] with { End = span.End };
            }
            else
            {
                pieces.Add(span);
            }
        }

        return pieces;
    }
}
