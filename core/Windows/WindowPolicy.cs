using Maintenance.Time;
using NodaTime;

namespace Maintenance.Windows;

/// <summary>When changes may be made: the section <c>windows</c> of the plan. Its wall-clock times are in the plan's zone.</summary>
/// <param name="Horizon">How far ahead of the instant at which a change is ready a place for it is looked for; at most <see cref="MostHorizon"/>.</param>
/// <param name="Maintenance">The windows, each with an id of its own.</param>
/// <param name="Freezes">Times without changes; they cut the windows.</param>
public sealed record WindowPolicy(TimeSpan Horizon, IReadOnlyList<MaintenanceWindow> Maintenance, IReadOnlyList<Freeze> Freezes)
{
    /// <summary>The horizon where the plan says nothing of it: long enough for two turns of a monthly window.</summary>
    public static readonly TimeSpan UsualHorizon = TimeSpan.FromDays(60);

    /// <summary>The longest horizon: a year, and a month for the window that has just been missed.</summary>
    public static readonly TimeSpan MostHorizon = TimeSpan.FromDays(400);

    /// <summary>A plan without the section: no windows, so that nothing fits anywhere.</summary>
    public static WindowPolicy None { get; } = new(UsualHorizon, [], []);

    /// <summary>The window of an id, or null.</summary>
    public MaintenanceWindow? Find(string id) => Maintenance.FirstOrDefault(window => window.Id == id);

    /// <summary>The freeze of an id, or null.</summary>
    public Freeze? FindFreeze(string id) => Freezes.FirstOrDefault(freeze => freeze.Id == id);
}

/// <summary>A time in which nothing is changed, whatever the windows say: half-open, <c>[From, To)</c>, wall-clock times in the plan's zone.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="From">Its first minute.</param>
/// <param name="To">The first minute after it.</param>
/// <param name="Reason">Why, for whoever has to wait.</param>
public sealed record Freeze(string Id, LocalDateTime From, LocalDateTime To, string Reason)
{
    /// <summary>From when to when it is in a zone.</summary>
    public FreezeSpan In(DateTimeZone zone) =>
        new(Id, WallClock.ToInstant(From, zone).ToDateTimeOffset(), WallClock.ToInstant(To, zone).ToDateTimeOffset(), Reason);
}

/// <summary>A freeze between two instants (UTC), half-open.</summary>
public sealed record FreezeSpan(string Id, DateTimeOffset From, DateTimeOffset To, string Reason);
