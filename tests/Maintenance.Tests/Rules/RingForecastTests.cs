using Maintenance.Actions;
using Maintenance.Rollouts;
using Maintenance.Windows;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;
using static Maintenance.Tests.Rules.WindowCalendarTests;

namespace Maintenance.Tests.Rules;

/// <summary>When each ring would get a change.</summary>
public sealed class RingForecastTests
{
    private static readonly RolloutRing Free = new("test", "Test", [], TimeSpan.FromHours(1), ["t1"], [], new PlanAction(["apply"], null, null, TimeSpan.FromMinutes(1)), [], TimeSpan.FromDays(1), []);
    private static readonly RolloutRing Bound = Free with { Id = "production", Name = "Production", Windows = ["sat"], Duration = TimeSpan.FromHours(5), Soak = TimeSpan.Zero };

    /// <summary>Saturdays 22:00 to 04:00; 13 June 2026 is one.</summary>
    private static readonly WindowPolicy Saturdays = Policy([Weekly("sat", "22:00", "04:00", IsoDayOfWeek.Saturday)]);

    [Fact]
    public void A_ring_without_windows_gets_it_at_once_and_the_next_in_its_first_window_after_the_soak_time()
    {
        var rings = RingForecast.Of([Free, Bound], Saturdays, DateTimeZone.Utc, Utc("2026-06-10T12:00Z"));
        Assert.Equal((Utc("2026-06-10T12:00Z"), Utc("2026-06-10T13:00Z"), Utc("2026-06-11T13:00Z")), (rings[0].Slot!.Start, rings[0].Slot!.End, rings[0].Through));
        Assert.Equal((Utc("2026-06-11T13:00Z"), Utc("2026-06-13T22:00Z"), Utc("2026-06-14T03:00Z")), (rings[1].Ready, rings[1].Slot!.Start, rings[1].Slot!.End));
        Assert.All(rings, static ring => Assert.Null(ring.WhyNone));
    }

    [Fact]
    public void A_soak_time_that_ends_too_late_in_a_window_waits_for_the_next_one()
    {
        var rings = RingForecast.Of([Free, Bound], Saturdays, DateTimeZone.Utc, Utc("2026-06-12T22:30Z"));
        Assert.Equal((Utc("2026-06-13T23:30Z"), Utc("2026-06-20T22:00Z")), (rings[1].Ready, rings[1].Slot!.Start));
    }

    [Fact]
    public void Where_no_window_holds_a_ring_it_says_why_and_those_after_it_wait()
    {
        var rings = RingForecast.Of([Bound with { Duration = TimeSpan.FromHours(7) }, Free], Saturdays, DateTimeZone.Utc, Utc("2026-06-10T12:00Z"));
        Assert.Null(rings[0].Slot);
        Assert.Contains("7h fits into no window of sat", rings[0].WhyNone, StringComparison.Ordinal);
        Assert.Equal((null, null, "It waits for Production, which has no time."), (rings[1].Ready, rings[1].Slot, rings[1].WhyNone));
        Assert.Contains("no maintenance window night", RingForecast.Of([Bound with { Windows = ["night"] }], Saturdays, DateTimeZone.Utc, Utc("2026-06-10T12:00Z"))[0].WhyNone, StringComparison.Ordinal);
        Assert.Empty(RingForecast.Of([], Saturdays, DateTimeZone.Utc, Utc("2026-06-10T12:00Z")));
    }
}
