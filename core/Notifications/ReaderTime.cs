using System.Globalization;
using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Notifications;

/// <summary>
/// Instants as a reader says them: <c>Mon 23 Nov 2026, 14:30 EAT</c>, <c>lun. 23 nov. 2026 14:30 EAT</c>. The names are written here, since hosts run without the
/// cultures of an operating system.
/// </summary>
public static class ReaderTime
{
    private static readonly string[] EnglishDays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    private static readonly string[] EnglishMonths = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    private static readonly string[] FrenchDays = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
    private static readonly string[] FrenchMonths = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc."];

    /// <summary>The instant in a zone, with the zone's short name at that instant, in a language.</summary>
    public static string Format(DateTimeOffset at, DateTimeZone zone, Language language)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var instant = Instant.FromDateTimeOffset(at);
        var local = instant.InZone(zone);
        var (day, month) = ((int)local.DayOfWeek - 1, local.Month - 1);
        var (year, clock) = (local.Year.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{local.Hour:00}:{local.Minute:00} {zone.GetZoneInterval(instant).Name}"));
        return language == Language.Fr
            ? $"{FrenchDays[day]} {(local.Day == 1 ? "1er" : local.Day.ToString(CultureInfo.InvariantCulture))} {FrenchMonths[month]} {year} {clock}"
            : $"{EnglishDays[day]} {local.Day.ToString(CultureInfo.InvariantCulture)} {EnglishMonths[month]} {year}, {clock}";
    }
}
