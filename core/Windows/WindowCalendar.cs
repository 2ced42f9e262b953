using Maintenance.Time;
using NodaTime;

namespace Maintenance.Windows;

/// <summary>
/// Maintenance windows as instants. Wall-clock times become instants by <see cref="WallClock"/>: one that daylight saving skips is the end of the gap, one that
/// it repeats is the first. So a window is as long as it truly lasts, one that lies within a gap does not occur, and a freeze that covers an occurrence removes it.
/// </summary>
/// <remarks>Ids that the plan does not have count for nothing. Instants are taken from the year 1 to some months before the end of the year 9999.</remarks>
public static class WindowCalendar
{
    /// <summary>What freezes leave of the windows: the pieces that overlap <c>[from, to)</c>, each whole, each window's by themselves, in order of their start.</summary>
    /// <param name="policy">The windows and freezes.</param>
    /// <param name="zone">The zone of their wall-clock times.</param>
    /// <param name="windows">The ids of the windows to look at; null for all.</param>
    /// <param name="from">The first instant.</param>
    /// <param name="to">The first instant after the range.</param>
    public static IReadOnlyList<WindowSpan> Between(
        WindowPolicy policy, DateTimeZone zone, IReadOnlyCollection<string>? windows, DateTimeOffset from, DateTimeOffset to) =>
        [.. Occurrences(policy, zone, windows, from, to).SelectMany(static one => one.Pieces).Where(piece => piece.Start < to && piece.End > from).OrderBy(static piece => piece.Start)];

    /// <summary>The occurrences that overlap <c>[from, to)</c>, frozen ones too, in order of their start.</summary>
    /// <inheritdoc cref="Between"/>
    public static IReadOnlyList<WindowOccurrence> Occurrences(
        WindowPolicy policy, DateTimeZone zone, IReadOnlyCollection<string>? windows, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(zone);
        if (from >= to)
        {
            return [];
        }

        // A window ends on the day after its start at the latest; one day more on both sides, since clocks may change, or be put back, over midnight.
        var first = Date(from, zone).PlusDays(-2);
        var last = Date(to, zone).PlusDays(1);
        var freezes = policy.Freezes.Select(freeze => freeze.In(zone)).ToList();
        return
        [
            .. from window in policy.Maintenance
               where windows is null || windows.Contains(window.Id)
               from day in window.Recurrence.Between(first, last)
               let start = At(day, window.Start, zone)
               let end = At(window.End > window.Start ? day : day.PlusDays(1), window.End, zone)
               where start < end && start < to && end > @from
               orderby start
               select Cut(window.Id, start, end, freezes),
        ];
    }

    /// <summary>
    /// The first place for something that takes so long and is ready at an instant; null where there is none. It lies wholly inside the windows, and starts before
    /// <paramref name="ready"/> plus the horizon; it may end later. Windows that overlap or touch count as one: what is allowed in each of two windows is allowed
    /// over their common border.
    /// </summary>
    /// <param name="policy">The windows and freezes.</param>
    /// <param name="zone">The zone of their wall-clock times.</param>
    /// <param name="windows">The ids of the windows to look at; null for all.</param>
    /// <param name="ready">The earliest start.</param>
    /// <param name="duration">How long it takes, above zero.</param>
    public static WindowFit? Fit(WindowPolicy policy, DateTimeZone zone, IReadOnlyCollection<string>? windows, DateTimeOffset ready, TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        var room = Rooms(policy, zone, windows, ready, duration).FirstOrDefault(room => room.End - room.Start >= duration);
        if (room is null)
        {
            return null;
        }

        var end = room.Start + duration;
        return new WindowFit(room.Start, end, [.. room.Pieces.Where(piece => piece.Start < end && piece.End > room.Start).Select(static piece => piece.Window).Distinct()]);
    }

    /// <summary>The stretches in which something could begin from <paramref name="ready"/> to the horizon, from the first instant at which it could, in order.</summary>
    /// <inheritdoc cref="Fit"/>
    internal static IEnumerable<WindowRoom> Rooms(WindowPolicy policy, DateTimeZone zone, IReadOnlyCollection<string>? windows, DateTimeOffset ready, TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(policy);

        // What begins just before the horizon ends within its duration after it: what lies behind that changes nothing.
        var limit = ready.ToUniversalTime() + policy.Horizon;
        WindowRoom? room = null;
        foreach (var piece in Between(policy, zone, windows, ready, limit + duration))
        {
            if (room is not null && piece.Start <= room.End)
            {
                room = room with { End = piece.End > room.End ? piece.End : room.End, Pieces = [.. room.Pieces, piece] };
                continue;
            }

            if (room is not null)
            {
                yield return room;
            }

            room = new WindowRoom(piece.Start > ready ? piece.Start : ready.ToUniversalTime(), piece.End, [piece]);
            if (room.Start >= limit)
            {
                yield break;
            }
        }

        if (room is not null)
        {
            yield return room;
        }
    }

    private static WindowOccurrence Cut(string window, DateTimeOffset start, DateTimeOffset end, List<FreezeSpan> freezes)
    {
        var cutting = freezes.FindAll(freeze => freeze.From < freeze.To && freeze.From < end && freeze.To > start);
        List<(DateTimeOffset Start, DateTimeOffset End)> left = [(start, end)];
        foreach (var freeze in cutting)
        {
            left =
            [
                .. from piece in left
                   from rest in new[] { (piece.Start, End: Earlier(piece.End, freeze.From)), (Start: Later(piece.Start, freeze.To), piece.End) }
                   where rest.Start < rest.End
                   select rest,
            ];
        }

        return new WindowOccurrence(
            window, start, end, [.. left.Select(piece => new WindowSpan(window, piece.Start, piece.End, start, end))], [.. cutting.Select(static freeze => freeze.Id)]);
    }

    /// <summary>The instant of a minute of a local day; 1440 is the next midnight.</summary>
    private static DateTimeOffset At(LocalDate day, int minute, DateTimeZone zone) =>
        WallClock.ToInstant(day.AtMidnight().PlusMinutes(minute), zone).ToDateTimeOffset();

    private static LocalDate Date(DateTimeOffset at, DateTimeZone zone) => Instant.FromDateTimeOffset(at).InZone(zone).Date;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}

/// <summary>Pieces that overlap or touch one another, as one stretch.</summary>
internal sealed record WindowRoom(DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<WindowSpan> Pieces);
