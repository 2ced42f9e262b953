using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Maintenance.Plan;
using Maintenance.Tests.Rules.Oracles;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Tests.Rules;

/// <summary>
/// A calendar with revisions, holidays (some of them from an iCalendar file) and older versions, and an instant near a clock change of its zone: as raw data, from
/// which the plan builds its calendar and the oracle its walk.
/// </summary>
internal sealed record CalendarCase(WrittenCalendar Now, IReadOnlyList<(Instant Until, WrittenCalendar Calendar)> Before, DateTimeOffset Start)
{
    private static readonly string[] Zones =
    [
        "Europe/Berlin", "Africa/Cairo", "Africa/Nairobi", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut", "America/Sao_Paulo",
        "America/St_Johns", "Pacific/Apia",
    ];

    private static readonly IsoDayOfWeek[] Days = [.. Enum.GetValues<IsoDayOfWeek>().Where(static day => day != IsoDayOfWeek.None)];

    /// <summary>Around the hours at which clocks change, and anywhere.</summary>
    private static readonly Gen<int> Minute = Gen.OneOf(Gen.Elements(0, 1, 30, 60, 90, 120, 150, 165, 180, 1380, 1410), Gen.Choose(0, 23).Select(static hour => 60 * hour), Gen.Choose(0, 1439));

    private static readonly Gen<Hours[]> Week = Gen.OneOf(
        from count in Gen.Choose(1, 8)
        from lines in Gen.ArrayOf(Line(Gen.Elements(Days)), count)
        select lines,
        from one in Line(Gen.Constant(IsoDayOfWeek.Monday))
        from other in Line(Gen.Constant(IsoDayOfWeek.Monday))
        select (Hours[])[.. Days.Select(day => one with { Day = day }), .. Days[..5].Select(day => other with { Day = day })]);

    public static Gen<CalendarCase> Any { get; } =
        from zone in Gen.Elements(Zones).Select(Instants.Zone)
        from year in Gen.Choose(2008, 2028)
        from day in Gen.Choose(0, 364)
        let change = NearestChange(zone, new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day))
        from lead in Gen.OneOf(Gen.Choose(0, 5 * 86_400), Gen.Choose(0, 6 * 3600))
        let start = change.AddSeconds(-lead)
        let date = LocalDate.FromDateTime(start.UtcDateTime)
        from now in Written(zone, date)
        from versions in Gen.Frequency((2, Gen.Constant(0)), (2, Gen.Choose(1, 4)))
        from untils in Gen.ArrayOf(Gen.OneOf(Gen.Choose(-3600, 9 * 86_400), Gen.Choose(lead - 7200, lead + 10_800)), versions)
        from zones in Gen.ArrayOf(Gen.Frequency((5, Gen.Constant(zone)), (1, Gen.Elements(Zones).Select(Instants.Zone))), versions)
        from older in Gen.ArrayOf(Written(zone, date), versions)
        let order = untils.Distinct().Order().ToList()
        select new CalendarCase(now, [.. order.Select((until, i) => (Instant.FromDateTimeOffset(start.AddSeconds(until)), older[i] with { Zone = zones[i] }))], start);

    public ServiceMinuteWalk Walk => new(Before, Now);

    /// <summary>The calendar as a plan has it that says <see cref="Now"/> and remembers <see cref="Before"/>.</summary>
    public ServiceCalendar Calendar => (SamplePlan.Plan with
    {
        System = SamplePlan.Plan.System with { TimeZone = Now.Zone },
        Calendars = [Define(Now)],
        CalendarHistory = [.. Before.Select(static version => new CalendarVersion(Define(version.Calendar), version.Until.ToDateTimeOffset(), version.Calendar.Zone))],
    }).Calendar("calendar");

    public override string ToString() =>
        $"{Start:u} {string.Concat(Before.Select(static version => $"\n until {version.Until}: {Text(version.Calendar)}"))}\n now: {Text(Now)}";

    /// <summary>A definition in the plan's words; every other holiday comes through an iCalendar file.</summary>
    public static CalendarDefinition Define(WrittenCalendar calendar)
    {
        var file = calendar.Holidays.Keys.Order().Where(static (_, i) => i % 2 == 0).ToList();
        var read = IcsHolidays.Read(Ics(file), calendar.Zone);
        Assert.Empty(read.Problems);
        return new CalendarDefinition(
            "calendar", "", Lines(calendar.Hours),
            [
                .. calendar.Holidays.Where(holiday => !file.Contains(holiday.Key)).Select(static holiday => new Holiday(holiday.Key, holiday.Value)),
                .. read.Holidays.Select(static holiday => new Holiday(holiday.Date, holiday.Name)),
            ])
        {
            Revisions = [.. calendar.Revisions.Select(static revision => new CalendarRevision(revision.From, Lines(revision.Hours), ""))],
        };
    }

    private static Gen<Hours> Line(Gen<IsoDayOfWeek> days) =>
        from day in days
        from start in Minute
        from end in Gen.Frequency((4, Minute), (1, Gen.Constant(1440)))
        select new Hours(day, start, end);

    private static Gen<WrittenCalendar> Written(DateTimeZone zone, LocalDate near) =>
        from hours in Week
        from closed in Gen.Choose(0, 4)
        from holidays in Gen.ArrayOf(Gen.Choose(-2, 12), closed)
        from changes in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Constant(1)), (1, Gen.Constant(3)))
        from dates in Gen.ArrayOf(Gen.Choose(-3, 12), changes)
        from weeks in Gen.ArrayOf(Week, changes)
        select new WrittenCalendar(
            zone, hours, holidays.Distinct().ToDictionary(near.PlusDays, static day => $"Holiday {day}"),
            [.. dates.Distinct().Order().Select((day, i) => (near.PlusDays(day), (IReadOnlyList<Hours>)weeks[i]))]);

    private static string Ics(IEnumerable<LocalDate> dates) => string.Concat(dates.Select(static date => string.Create(
        CultureInfo.InvariantCulture, $"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{date:uuuuMMdd}\r\nSUMMARY:Of {date:uuuu-MM-dd}\r\nEND:VEVENT\r\n")).Prepend("BEGIN:VCALENDAR\r\n").Append("END:VCALENDAR\r\n"));

    private static WeeklyHours[] Lines(IEnumerable<Hours> hours) => [.. hours.Select(static line => new WeeklyHours([line.Day], [new ClockSpan(line.Start, line.End)]))];

    private static DateTimeOffset NearestChange(DateTimeZone zone, DateTimeOffset from)
    {
        var interval = zone.GetZoneInterval(Instant.FromDateTimeOffset(from));
        return interval.HasEnd && interval.End < Instant.FromUtc(2036, 1, 1, 0, 0) ? interval.End.ToDateTimeOffset() : from;
    }

    private static string Text(WrittenCalendar calendar) =>
        $"{calendar.Zone.Id} {Text(calendar.Hours)}, closed {string.Join(' ', calendar.Holidays.Keys)}{string.Concat(calendar.Revisions.Select(static revision => $"; from {revision.From} {Text(revision.Hours)}"))}";

    private static string Text(IEnumerable<Hours> hours) => string.Join(' ', hours.Select(static line => $"{line.Day.ToString()[..3]} {line.Start}-{line.End}"));
}
