using Maintenance.Windows;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;
using static Maintenance.Tests.Rules.WindowCalendarTests;

namespace Maintenance.Tests.Rules;

public sealed class WindowFitTests
{
    private static readonly DateTimeZone Paris = Zone("Europe/Paris");
    private static readonly IsoDayOfWeek[] EveryDay = [.. Enumerable.Range(1, 7).Select(static day => (IsoDayOfWeek)day)];

    /// <summary>Saturdays 22:00 to 04:00, and 13 June 2026 is one.</summary>
    private static readonly WindowPolicy Saturdays = Policy([Weekly("sat", "22:00", "04:00", IsoDayOfWeek.Saturday)]);

    [Theory]
    [InlineData("2026-06-12T00:00Z", "6:00:00", "2026-06-13T22:00Z")]
    [InlineData("2026-06-13T22:00Z", "6:00:00", "2026-06-13T22:00Z")]
    [InlineData("2026-06-13T22:00:00.0000001Z", "6:00:00", "2026-06-20T22:00Z")]
    [InlineData("2026-06-13T23:30:20Z", "4:00:00", "2026-06-13T23:30:20Z")]
    [InlineData("2026-06-14T00:00Z", "4:00:00", "2026-06-14T00:00Z")]
    [InlineData("2026-06-14T00:00Z", "4:00:00.0000001", "2026-06-20T22:00Z")]
    [InlineData("2026-06-14T04:00Z", "0:00:01", "2026-06-20T22:00Z")]
    [InlineData("2026-06-13T22:00Z", "6:00:00.0000001", null)]
    public void A_change_starts_as_soon_as_it_is_ready_where_the_window_holds_it_whole(string ready, string duration, string? start)
    {
        var fit = WindowCalendar.Fit(Saturdays, DateTimeZone.Utc, null, Utc(ready), Span(duration));

        Assert.Equal(start is null ? null : Utc(start), fit?.Start);
        Assert.Equal(start is null ? null : Utc(start) + Span(duration), fit?.End);
        Assert.True(fit is null || fit.Windows is ["sat"]);
    }

    [Theory]
    [InlineData("2026-03-25T00:00Z", "5:00:00", "2026-03-28T21:00Z")]
    [InlineData("2026-03-25T00:00Z", "6:00:00", "2026-04-04T20:00Z")]
    [InlineData("2026-10-22T00:00Z", "7:00:00", "2026-10-24T20:00Z")]
    [InlineData("2026-10-25T00:00Z", "7:00:00", null)]
    public void The_night_of_a_clock_change_holds_what_it_truly_lasts(string ready, string duration, string? start) =>
        Assert.Equal(start is null ? null : Utc(start), WindowCalendar.Fit(Saturdays, Paris, null, Utc(ready), Span(duration))?.Start);

    [Theory]
    [InlineData("2026-06-12T21:59Z", false)]
    [InlineData("2026-06-12T22:00Z", false)]
    [InlineData("2026-06-12T22:00:00.0000001Z", true)]
    [InlineData("2026-06-12T22:01Z", true)]
    public void It_must_start_before_the_horizon_and_may_end_after_it(string ready, bool fits) =>
        Assert.Equal(fits, WindowCalendar.Fit(Saturdays with { Horizon = TimeSpan.FromDays(1) }, DateTimeZone.Utc, null, Utc(ready), TimeSpan.FromHours(6)) is not null);

    [Fact]
    public void Windows_that_touch_or_overlap_hold_together_what_neither_holds_alone()
    {
        var touching = Policy([Weekly("a", "20:00", "23:00", IsoDayOfWeek.Saturday), Weekly("b", "23:00", "01:00", IsoDayOfWeek.Saturday)]);
        var overlapping = Policy([Weekly("a", "20:00", "23:30", IsoDayOfWeek.Saturday), Weekly("b", "23:00", "01:00", IsoDayOfWeek.Saturday)]);
        var apart = Policy([Weekly("a", "20:00", "22:59", IsoDayOfWeek.Saturday), Weekly("b", "23:00", "01:00", IsoDayOfWeek.Saturday)]);
        var ready = Utc("2026-06-12T00:00Z");

        foreach (var policy in new[] { touching, overlapping })
        {
            var fit = WindowCalendar.Fit(policy, DateTimeZone.Utc, null, ready, TimeSpan.FromHours(5))!;
            Assert.Equal(Utc("2026-06-13T20:00Z"), fit.Start);
            Assert.Equal(["a", "b"], fit.Windows);
            Assert.Null(WindowCalendar.Fit(policy, DateTimeZone.Utc, ["a"], ready, TimeSpan.FromHours(5)));
            Assert.Equal(["a"], WindowCalendar.Fit(policy, DateTimeZone.Utc, null, ready, TimeSpan.FromHours(2))!.Windows);
        }

        Assert.Null(WindowCalendar.Fit(apart, DateTimeZone.Utc, null, ready, TimeSpan.FromHours(5)));
    }

    [Fact]
    public void Days_that_are_open_from_end_to_end_hold_what_is_longer_than_the_horizon()
    {
        var always = Policy([Weekly("w", "00:00", "24:00", EveryDay)]) with { Horizon = TimeSpan.FromDays(2) };
        var ready = Utc("2026-06-12T07:30:15Z");

        var fit = WindowCalendar.Fit(always, Paris, null, ready, TimeSpan.FromDays(10))!;

        Assert.Equal((ready, ready.AddDays(10)), (fit.Start, fit.End));
        Assert.Equal(["w"], fit.Windows);
    }

    [Fact]
    public void What_was_ready_during_a_freeze_waits_for_its_end()
    {
        var policy = Policy([Weekly("w", "20:00", "04:00", EveryDay)], new Freeze("f", Wall("2026-06-10T00:00"), Wall("2026-06-13T22:00"), "Counting"));

        Assert.Equal(Utc("2026-06-13T22:00Z"), WindowCalendar.Fit(policy, DateTimeZone.Utc, null, Utc("2026-06-11T00:00Z"), TimeSpan.FromHours(6))!.Start);
        Assert.Equal(Utc("2026-06-14T20:00Z"), WindowCalendar.Fit(policy, DateTimeZone.Utc, null, Utc("2026-06-11T00:00Z"), TimeSpan.FromHours(7))!.Start);
        Assert.Equal(Utc("2026-06-09T20:00Z"), WindowCalendar.Fit(policy, DateTimeZone.Utc, null, Utc("2026-06-09T00:00:01Z"), TimeSpan.FromHours(4))!.Start);
    }

    [Fact]
    public void An_instant_in_another_offset_is_the_same_instant()
    {
        var fit = WindowCalendar.Fit(Saturdays, DateTimeZone.Utc, null, DateTimeOffset.Parse("2026-06-14T02:00+03:00"), TimeSpan.FromHours(1))!;

        Assert.Equal((Utc("2026-06-13T23:00Z"), TimeSpan.Zero), (fit.Start, fit.Start.Offset));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Nothing_takes_no_time(int minutes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WindowCalendar.Fit(Saturdays, DateTimeZone.Utc, null, Utc("2026-06-12T00:00Z"), TimeSpan.FromMinutes(minutes)));

    [Fact]
    public void A_reason_is_given_only_where_nothing_fits() => Assert.Null(WindowReasons.WhyNoFit(Saturdays, DateTimeZone.Utc, null, Utc("2026-06-12T00:00Z"), TimeSpan.FromHours(6)));

    [Fact]
    public void Without_windows_the_reason_says_so()
    {
        var ready = Utc("2026-06-12T00:00Z");

        Assert.Equal("The plan has no maintenance windows.", WindowReasons.WhyNoFit(WindowPolicy.None, Paris, null, ready, TimeSpan.FromHours(1))!.Text);
        Assert.Equal("The plan has no maintenance window gone.", WindowReasons.WhyNoFit(Saturdays, Paris, ["gone"], ready, TimeSpan.FromHours(1))!.Text);
    }

    [Fact]
    public void The_reason_names_the_horizon_the_most_room_and_the_freezes_without_which_it_would_fit()
    {
        var policy = Policy(
            [Weekly("sat", "22:00", "04:00", IsoDayOfWeek.Saturday)],
            new Freeze("count", Wall("2026-06-13T22:00"), Wall("2026-06-27T23:00"), "Counting"),
            new Freeze("weekday", Wall("2026-06-30T00:00"), Wall("2026-07-01T00:00"), "In no window's way"),
            new Freeze("stock", Wall("2026-07-05T01:00"), Wall("2026-07-12T01:00"), "Stock-taking"));
        policy = policy with { Horizon = TimeSpan.FromDays(28) };

        var obstacle = WindowReasons.WhyNoFit(policy, Paris, null, Utc("2026-06-12T06:00Z"), TimeSpan.FromHours(6))!;

        Assert.Equal(["count", "stock"], obstacle.Freezes);
        Assert.Equal(
            "6h fits into no window of sat that is open before 2026-07-10 08:00, 28d after 2026-06-12 08:00. The most room is 5h, from 2026-06-27 23:00. "
            + "In the way: count (Counting), until 2026-06-27 23:00; stock (Stock-taking), until 2026-07-12 01:00.",
            obstacle.Text);
        Assert.Empty(WindowReasons.WhyNoFit(policy, Paris, null, Utc("2026-06-12T06:00Z"), TimeSpan.FromHours(7))!.Freezes);
        Assert.StartsWith("7h fits into no window", WindowReasons.WhyNoFit(policy, Paris, null, Utc("2026-06-12T06:00Z"), TimeSpan.FromHours(7))!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Why_a_window_is_not_open_at_all_is_its_freezes_or_its_days()
    {
        var policy = Policy([Weekly("sat", "22:00", "04:00", IsoDayOfWeek.Saturday)], new Freeze("count", Wall("2026-06-13T00:00"), Wall("2026-06-27T00:00"), "Counting"));

        Assert.Equal(
            "Each of its occurrences from 2026-06-12 00:00 to 2026-06-22 00:00 is frozen: count (Counting), until 2026-06-27 00:00.", Why("sat", "2026-06-12T00:00Z", "2026-06-22T00:00Z"));
        Assert.Equal("It does not occur from 2026-06-29 00:00 to 2026-07-03 00:00.", Why("sat", "2026-06-29T00:00Z", "2026-07-03T00:00Z"));
        Assert.Equal("The plan has no maintenance window gone.", Why("gone", "2026-06-12T00:00Z", "2026-06-22T00:00Z"));
        Assert.Null(Why("sat", "2026-06-12T00:00Z", "2026-06-28T00:00Z"));

        string? Why(string window, string from, string to) => WindowReasons.WhyNone(policy, DateTimeZone.Utc, window, Utc(from), Utc(to));
    }
}
