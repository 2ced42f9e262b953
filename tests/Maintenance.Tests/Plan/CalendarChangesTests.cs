using Maintenance.Plan;
using Maintenance.Tests.Rules;
using NodaTime;

namespace Maintenance.Tests.Plan;

/// <summary>Which change of a calendar leaves something behind: only one that would count anew what has passed.</summary>
public sealed class CalendarChangesTests
{
    private static readonly DateTimeZone Zone = Instants.Zone("Africa/Nairobi");

    /// <summary>A Monday, 12:00 in Nairobi.</summary>
    private static readonly DateTimeOffset Now = Instants.Utc("2026-11-23T09:00Z");

    private static readonly IsoDayOfWeek[] Workdays = [IsoDayOfWeek.Monday, IsoDayOfWeek.Tuesday, IsoDayOfWeek.Wednesday, IsoDayOfWeek.Thursday, IsoDayOfWeek.Friday];

    private static readonly CalendarDefinition Office = new("office", "Office", Hours(480, 1020), [new Holiday(new LocalDate(2026, 11, 20), "Founders' day"), new Holiday(new LocalDate(2012, 1, 2), "Long ago")]);

    [Fact]
    public void A_change_that_touches_nothing_before_now_leaves_nothing_behind()
    {
        Assert.Empty(Change(Office));
        Assert.Empty(Change(Office with { Name = "Head office" }));
        Assert.Empty(Change(Office with { Holidays = [.. Office.Holidays, new Holiday(new LocalDate(2026, 11, 24), "Tomorrow")] }));
        Assert.Empty(Change(Office with { Holidays = [Office.Holidays[0], new Holiday(new LocalDate(2026, 11, 22), "A Sunday")] }));
        Assert.Empty(Change(Office with { Holidays = [Office.Holidays[0] with { Name = "Another name" }, Office.Holidays[1]] }));
        Assert.Empty(Change(Office with { Revisions = [new CalendarRevision(new LocalDate(2026, 11, 24), Hours(0, 1440), "")] }));
        Assert.Empty(Change(Office with { Hours = [.. Hours(480, 720), .. Hours(720, 1020)] }));
        Assert.Empty(Change(Office, new CalendarDefinition("new", "", Hours(0, 60), [])));
    }

    [Fact]
    public void One_that_would_open_or_close_what_has_passed_keeps_the_old_calendar_until_now()
    {
        // Closed for the rest of the day is not before now; closed for the day is.
        Assert.Equal([("office", Now)], Change(Office with { Holidays = [.. Office.Holidays, new Holiday(new LocalDate(2026, 11, 23), "Today")] }));
        Assert.Equal([("office", Now)], Change(Office with { Holidays = [] }));
        Assert.Equal([("office", Now)], Change(Office with { Hours = Hours(480, 1021) }));
        var shorter = Office with { Revisions = [new CalendarRevision(new LocalDate(2026, 11, 23), Hours(480, 900), "Until 15:00")] };
        Assert.Empty(Change(shorter));
        Assert.Equal([("office", Now.AddHours(4))], Change([shorter], Now.AddHours(4)));
        Assert.Equal([("office", Now)], Change());
    }

    [Fact]
    public void Another_zone_of_the_system_changes_the_hours_of_every_calendar_but_one_that_is_always_open()
    {
        var always = new CalendarDefinition("always", "", [new WeeklyHours([.. Workdays, IsoDayOfWeek.Saturday, IsoDayOfWeek.Sunday], [new ClockSpan(0, 1440)])], []);
        var found = CalendarChanges.Find(new PlanCalendars(Zone, [Office, always]), new PlanCalendars(Instants.Zone("Europe/Berlin"), [Office, always]), [], Now);

        Assert.Equal([("office", "Africa/Nairobi")], found.Select(static version => (version.Definition.Id, version.Zone.Id)));
    }

    [Fact]
    public void Only_what_has_passed_since_the_last_change_matters_and_only_that_is_kept()
    {
        var first = Assert.Single(CalendarChanges.Find(Calendars(Office), Calendars(Office with { Hours = Hours(540, 1020) }), [], Now));
        Assert.Equal([new LocalDate(2026, 11, 20)], first.Definition.Holidays.Select(static holiday => holiday.Date));

        // On the same Monday from 12:00 to 13:00 both are open: going back leaves nothing behind, and the history says what counted.
        var edited = Office with { Hours = Hours(540, 1020) };
        Assert.Empty(CalendarChanges.Find(Calendars(edited), Calendars(Office), [first], Now.AddHours(1)));

        // A day later the hour from 8 to 9 has passed by the second hours.
        var second = Assert.Single(CalendarChanges.Find(Calendars(edited), Calendars(Office), [first], Now.AddDays(1)));
        Assert.Empty(second.Definition.Holidays);
        Assert.Equal(Now.AddDays(1), second.Until);
    }

    private static List<(string Id, DateTimeOffset Until)> Change(params CalendarDefinition[] after) => [.. Change(after, Now)];

    private static IEnumerable<(string Id, DateTimeOffset Until)> Change(CalendarDefinition[] after, DateTimeOffset until) =>
        CalendarChanges.Find(Calendars(Office), Calendars(after), [], until).Select(static version => (version.Definition.Id, version.Until));

    private static PlanCalendars Calendars(params CalendarDefinition[] definitions) => new(Zone, definitions);

    private static WeeklyHours[] Hours(int start, int end) => [new WeeklyHours(Workdays, [new ClockSpan(start, end)])];
}
