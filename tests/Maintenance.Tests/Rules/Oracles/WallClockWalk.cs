using NodaTime;

namespace Maintenance.Tests.Rules.Oracles;

/// <summary>
/// The occurrences of a schedule, found by looking at the clock on the wall at every second (or minute) of a window. The clock jumping ahead shows all that it
/// skipped at once, at the end of the gap; put back, it shows nothing new until it has passed where it was.
/// </summary>
internal static class WallClockWalk
{
    /// <summary>No clock is put back by more than this at once.</summary>
    private const long RunUp = 26 * 3600;

    /// <summary>The occurrences in <c>(after, upTo]</c> (UTC).</summary>
    public static List<DateTimeOffset> Occurrences(string schedule, DateTimeZone zone, DateTimeOffset after, DateTimeOffset upTo)
    {
        var fields = new SixFields(schedule);
        var step = fields.OnlyAtFullMinutes ? 60 : 1;
        var found = new List<DateTimeOffset>();
        var clock = (after.ToUnixTimeSeconds() / 60 * 60) - RunUp;
        var shift = Shift(zone, clock);
        var shown = clock + shift;
        var (day, dayAllowed) = (long.MinValue, false);
        for (clock += step; clock <= upTo.ToUnixTimeSeconds(); clock += step)
        {
            // Clocks change at full minutes.
            shift = clock % 60 == 0 ? Shift(zone, clock) : shift;
            var wall = clock + shift;
            var happens = false;
            for (var reading = shown + step; reading <= wall; reading += step)
            {
                if (reading / 86400 != day)
                {
                    day = reading / 86400;
                    dayAllowed = fields.AllowsDate(DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(day)));
                }

                happens |= dayAllowed && fields.AllowsTime((int)(reading % 86400));
            }

            shown = Math.Max(shown, wall);
            if (happens && DateTimeOffset.FromUnixTimeSeconds(clock) > after)
            {
                found.Add(DateTimeOffset.FromUnixTimeSeconds(clock));
            }
        }

        return found;
    }

    private static long Shift(DateTimeZone zone, long clock) => zone.GetUtcOffset(Instant.FromUnixTimeSeconds(clock)).Seconds;
}
