using System.Globalization;
using Maintenance.Time;
using NodaTime;
using NodaTime.Text;

namespace Maintenance.Plan;

/// <summary>A calendar as it was, at rest: dates, weekdays and spans as a plan writes them.</summary>
internal sealed record StoredCalendar(
    string Id, string Name, string Zone, IReadOnlyList<StoredHours> Hours, IReadOnlyDictionary<string, string> Holidays, IReadOnlyList<StoredRevision> Revisions)
{
    /// <summary>In a record fit ten years of closed days with names of this length.</summary>
    private const int MaxName = 60;

    /// <summary>As it is stored.</summary>
    public static StoredCalendar Of(CalendarVersion version) => new(
        version.Definition.Id,
        version.Definition.Name,
        version.Zone.Id,
        Of(version.Definition.Hours),
        version.Definition.Holidays.DistinctBy(static holiday => holiday.Date).ToDictionary(static holiday => LocalDatePattern.Iso.Format(holiday.Date), static holiday => Short(holiday.Name)),
        [.. version.Definition.Revisions.Select(static revision => new StoredRevision(LocalDatePattern.Iso.Format(revision.From), Of(revision.Hours), revision.Reason))]);

    /// <summary>The calendar again.</summary>
    /// <param name="until">Until when it counted (UTC).</param>
    public CalendarVersion Version(DateTimeOffset until) => new(
        new CalendarDefinition(Id, Name, Read(Hours), [.. Holidays.Select(static holiday => new Holiday(LocalDatePattern.Iso.Parse(holiday.Key).Value, holiday.Value))])
        {
            Revisions = [.. Revisions.Select(static revision => new CalendarRevision(LocalDatePattern.Iso.Parse(revision.From).Value, Read(revision.Hours), revision.Reason))],
        },
        until,
        WallClock.FindZone(Zone) ?? throw new InvalidDataException($"The stored calendar '{Id}' is of the time zone '{Zone}', which this program does not know."));

    private static string Short(string name) => name.Length <= MaxName ? name : name[..(char.IsHighSurrogate(name[MaxName - 1]) ? MaxName - 1 : MaxName)];

    private static StoredHours[] Of(IEnumerable<WeeklyHours> hours) => [.. hours.Select(static line => new StoredHours(line.Days, [.. line.Spans.Select(Text)]))];

    private static string Text(ClockSpan span) => string.Create(
        CultureInfo.InvariantCulture, $"{span.Start / 60:00}:{span.Start % 60:00}-{span.End / 60:00}:{span.End % 60:00}");

    private static WeeklyHours[] Read(IEnumerable<StoredHours> hours) =>
        [.. hours.Select(static line => new WeeklyHours(line.Days, [.. line.Spans.Select(static text => Scalars.ClockSpan.Parse(text).Value)]))];
}

/// <summary>The hours of some weekdays, at rest.</summary>
internal sealed record StoredHours(IReadOnlyList<IsoDayOfWeek> Days, IReadOnlyList<string> Spans);

/// <summary>Hours from a date on, at rest.</summary>
internal sealed record StoredRevision(string From, IReadOnlyList<StoredHours> Hours, string Reason);
