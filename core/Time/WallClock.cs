using NodaTime;
using NodaTime.TimeZones;

namespace Maintenance.Time;

/// <summary>How a wall-clock time becomes an instant: skipped → the end of the gap, repeated → the first time.</summary>
public static class WallClock
{
    private static readonly ZoneLocalMappingResolver Resolver =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>The instant of a wall-clock time in a zone.</summary>
    public static Instant ToInstant(LocalDateTime wall, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return zone.ResolveLocal(wall, Resolver).ToInstant();
    }

    /// <summary>The zone of an IANA id (<c>Africa/Kampala</c>), or null when there is none.</summary>
    public static DateTimeZone? FindZone(string id) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(id);
}
