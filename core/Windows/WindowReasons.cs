using System.Globalization;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Windows;

/// <summary>Why nothing fits.</summary>
/// <param name="Text">For people, wall-clock times in the plan's zone.</param>
/// <param name="Freezes">The ids of the freezes without which it would fit, or some of which are in its way, in the plan's order.</param>
public sealed record WindowObstacle(string Text, IReadOnlyList<string> Freezes);

/// <summary>Says why there is no window where somebody looks for one.</summary>
public static class WindowReasons
{
    /// <summary>Why there is no place for something, or null where there is one.</summary>
    /// <inheritdoc cref="WindowCalendar.Fit"/>
    public static WindowObstacle? WhyNoFit(WindowPolicy policy, DateTimeZone zone, IReadOnlyCollection<string>? windows, DateTimeOffset ready, TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (WindowCalendar.Fit(policy, zone, windows, ready, duration) is not null)
        {
            return null;
        }

        var looked = policy.Maintenance.Where(window => windows?.Contains(window.Id) != false).Select(static window => window.Id).ToList();
        if (looked.Count == 0)
        {
            return new WindowObstacle(
                windows is { Count: > 0 } ? $"The plan has no maintenance window {string.Join(" or ", windows)}." : "The plan has no maintenance windows.", []);
        }

        var limit = ready + policy.Horizon;
        var longest = WindowCalendar.Rooms(policy, zone, windows, ready, duration).MaxBy(static room => room.End - room.Start);
        var freezes = InTheWay(policy, zone, windows, ready, duration);
        var text = $"{Durations.Format(duration)} fits into no window of {string.Join(", ", looked)} that is open before {Wall(limit, zone)}, {Durations.Format(policy.Horizon)} after {Wall(ready, zone)}. "
            + (longest is null ? "None is open until then." : $"The most room is {Durations.Format(longest.End - longest.Start)}, from {Wall(longest.Start, zone)}.")
            + (freezes.Count == 0 ? "" : $" In the way: {string.Join("; ", freezes.Select(Told))}.");
        return new WindowObstacle(text, [.. freezes.Select(static freeze => freeze.Id)]);
    }

    /// <summary>Why a window has no piece that overlaps <c>[from, to)</c>, or null where it has one.</summary>
    /// <param name="policy">The windows and freezes.</param>
    /// <param name="zone">The zone of their wall-clock times.</param>
    /// <param name="window">The window's id.</param>
    /// <param name="from">The first instant.</param>
    /// <param name="to">The first instant after the range.</param>
    public static string? WhyNone(WindowPolicy policy, DateTimeZone zone, string window, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Find(window) is null)
        {
            return $"The plan has no maintenance window {window}.";
        }

        var occurrences = WindowCalendar.Occurrences(policy, zone, [window], from, to);
        if (occurrences.Any(one => one.Pieces.Any(piece => piece.Start < to && piece.End > from)))
        {
            return null;
        }

        var freezes = policy.Freezes.Where(freeze => occurrences.Any(one => one.Freezes.Contains(freeze.Id))).ToList();
        return freezes.Count == 0
            ? $"It does not occur from {Wall(from, zone)} to {Wall(to, zone)}."
            : $"Each of its occurrences from {Wall(from, zone)} to {Wall(to, zone)} is frozen: {string.Join("; ", freezes.Select(Told))}.";
    }

    /// <summary>The freezes that cut what would hold it without any.</summary>
    private static List<Freeze> InTheWay(WindowPolicy policy, DateTimeZone zone, IReadOnlyCollection<string>? windows, DateTimeOffset ready, TimeSpan duration)
    {
        var thawed = WindowCalendar.Rooms(policy with { Freezes = [] }, zone, windows, ready, duration).Where(room => room.End - room.Start >= duration).ToList();
        var end = ready + policy.Horizon + duration;
        return [.. policy.Freezes.Where(freeze => freeze.In(zone) is var span && span.From < span.To && span.From < end && thawed.Exists(room => span.From < room.End && span.To > room.Start))];
    }

    private static string Told(Freeze freeze) => $"{freeze.Id} ({freeze.Reason}), until {freeze.To.ToString("uuuu-MM-dd HH:mm", CultureInfo.InvariantCulture)}";

    private static string Wall(DateTimeOffset at, DateTimeZone zone) => Instant.FromDateTimeOffset(at).InZone(zone).ToString("uuuu-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
