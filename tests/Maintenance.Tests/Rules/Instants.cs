using System.Globalization;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Tests.Rules;

/// <summary>Instants and zones as tables write them.</summary>
internal static class Instants
{
    /// <summary>An instant written with its offset, in UTC.</summary>
    public static DateTimeOffset Utc(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>A zone by its IANA id.</summary>
    public static DateTimeZone Zone(string id) => WallClock.FindZone(id) ?? throw new ArgumentException($"There is no zone '{id}'.", nameof(id));

    /// <summary>A duration such as <c>1:30:00</c> or <c>3.00:00:00</c>.</summary>
    public static TimeSpan Span(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
