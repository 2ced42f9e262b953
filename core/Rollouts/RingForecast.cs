using Maintenance.Windows;
using NodaTime;

namespace Maintenance.Rollouts;

/// <summary>When a ring would get a change, were it approved now.</summary>
/// <param name="Ring">The id of the ring.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Targets">What is changed in it; empty for the ring as one.</param>
/// <param name="Windows">The ids of the windows in which it is changed; empty for at any time.</param>
/// <param name="Duration">How long it takes.</param>
/// <param name="Soak">How long it is watched afterwards.</param>
/// <param name="Ready">From when on it could be changed (UTC): once the ring before it is through; null where that one never is.</param>
/// <param name="Slot">When it is changed; null where no window holds it.</param>
/// <param name="WhyNone">Why there is no time for it; null where there is one.</param>
/// <param name="Freezes">The ids of the freezes that are in the way.</param>
public sealed record RingForecast(
    string Ring,
    string Name,
    IReadOnlyList<string> Targets,
    IReadOnlyList<string> Windows,
    TimeSpan Duration,
    TimeSpan Soak,
    DateTimeOffset? Ready,
    WindowFit? Slot,
    string? WhyNone,
    IReadOnlyList<string> Freezes)
{
    /// <summary>When the next ring may begin (UTC): changed, and watched long enough.</summary>
    public DateTimeOffset? Through => Slot?.End + Soak;

    /// <summary>When each ring would get it. Each begins where the one before has been changed and watched. Pure.</summary>
    /// <param name="rings">The rings in their order, as <see cref="RolloutScript.Of"/> gives them.</param>
    /// <param name="policy">The windows and freezes.</param>
    /// <param name="zone">The zone of their wall-clock times.</param>
    /// <param name="approved">When it is approved (UTC).</param>
    public static IReadOnlyList<RingForecast> Of(IReadOnlyList<RolloutRing> rings, WindowPolicy policy, DateTimeZone zone, DateTimeOffset approved)
    {
        ArgumentNullException.ThrowIfNull(rings);
        var (forecasts, ready) = (new List<RingForecast>(rings.Count), (DateTimeOffset?)approved.ToUniversalTime());
        foreach (var ring in rings)
        {
            WindowFit? slot = null;
            WindowObstacle? obstacle = null;
            if (ready is { } from)
            {
                slot = ring.Windows.Count == 0 ? new WindowFit(from, from + ring.Duration, []) : WindowCalendar.Fit(policy, zone, ring.Windows, from, ring.Duration);
                obstacle = slot is null ? WindowReasons.WhyNoFit(policy, zone, ring.Windows, from, ring.Duration) : null;
            }

            var forecast = new RingForecast(
                ring.Id, ring.Name, ring.Targets, ring.Windows, ring.Duration, ring.Soak, ready, slot,
                slot is not null ? null : ready is null ? $"It waits for {forecasts[^1].Name}, which has no time." : obstacle?.Text, obstacle?.Freezes ?? []);
            forecasts.Add(forecast);
            ready = forecast.Through;
        }

        return forecasts;
    }
}
