using Maintenance.Status;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Tests.Monitoring;

public sealed class TimerRhythmsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 23, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_timer_has_a_rhythm_and_none_is_there_twice() =>
        Assert.Equal(TimerService.All.Order(), TimerRhythms.All.Select(static rhythm => rhythm.Timer).Order());

    [Fact]
    public void A_period_is_what_its_schedule_says_at_every_hour_and_over_midnight() => Assert.All(TimerRhythms.All, static rhythm =>
    {
        var ticks = Ticks(rhythm).TakeWhile(static tick => tick < Start.AddHours(3)).ToList();

        Assert.True(ticks.Count >= 2, $"{rhythm.Timer} does not tick.");
        Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.Equal(rhythm.Period, pair.Second - pair.First));
    });

    [Fact]
    public void No_two_timers_tick_in_the_same_second()
    {
        var ticks = TimerRhythms.All.SelectMany(static rhythm => Ticks(rhythm).TakeWhile(static tick => tick < Start.AddHours(2))).ToList();

        Assert.Equal(ticks.Count, ticks.Distinct().Count());
    }

    // 250,000 are free each month on the plan that the app runs on. Probes are taken each minute: those ticks alone are paid for.
    [Fact]
    public void A_month_of_ticks_but_those_of_probes_stays_within_250_000_executions() =>
        Assert.InRange(TimerRhythms.All.Where(static rhythm => rhythm.Timer != TimerService.RunProbes).Sum(static rhythm => TimeSpan.FromDays(31) / rhythm.Period), 1, 250_000);

    [Theory]
    [InlineData(TimerService.TakeDueBackups, 5)]
    [InlineData(TimerService.SweepApprovals, 15)]
    [InlineData(TimerService.WriteBreakGlassBook, 45)]
    [InlineData(TimerService.PurgeExpired, 180)]
    public void A_timer_has_stopped_after_three_of_its_periods_and_not_before_five_minutes(string timer, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), TimerRhythms.Of(timer).Silence);

    [Fact]
    public void There_is_no_rhythm_of_what_is_no_timer() => Assert.Throws<ArgumentException>(static () => TimerRhythms.Of("Tick"));

    private static IEnumerable<DateTimeOffset> Ticks(TimerRhythm rhythm)
    {
        var schedule = Schedule.TryParse(rhythm.Schedule, out var problem);
        Assert.Null(problem);
        for (var at = schedule!.Next(Start, DateTimeZone.Utc); at is { } tick; at = schedule.Next(tick, DateTimeZone.Utc))
        {
            yield return tick;
        }
    }
}
