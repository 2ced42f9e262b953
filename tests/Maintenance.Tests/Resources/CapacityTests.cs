using FsCheck;
using FsCheck.Fluent;
using Maintenance.Plan;
using Maintenance.Resources;
using Maintenance.Tests.Plan;
using Maintenance.Tests.Rules;
using Maintenance.Tests.Rules.Oracles;
using NodaTime;

namespace Maintenance.Tests.Resources;

/// <summary>How many hours people can work: examples, and a walk along the minutes.</summary>
public sealed class CapacityTests
{
    /// <summary>Ben works Monday to Wednesday, 08:00 to 12:00 and 13:00 to 17:00; Christmas 2026 is a Friday, when he does not.</summary>
    private static readonly OperationsPlan Plan = SmallPlan.Load(SmallPlan.Yaml).Plan!;

    private static readonly LocalDate Monday = new(2026, 11, 23);

    [Fact]
    public void A_week_of_three_days_has_twenty_four_hours()
    {
        Assert.Equal(24, Capacity.Of(Plan, Ben(), Monday, Monday.PlusDays(7)));
        Assert.Equal(24, Capacity.Week(Plan, Ben(), Monday));
        Assert.Equal(0, Capacity.Of(Plan, Ben(), Monday.PlusDays(3), Monday.PlusDays(7)));
        Assert.Equal(0, Capacity.Of(Plan, Ben(), Monday, Monday));
    }

    [Fact]
    public void Nobody_can_tell_for_somebody_without_a_calendar()
    {
        Assert.Null(Capacity.Of(Plan, Plan.FindPerson("ann")!, Monday, Monday.PlusDays(7)));
        Assert.Null(Capacity.Week(Plan, Plan.FindPerson("ann")!, Monday));
    }

    [Fact]
    public void Somebody_who_is_away_for_good_has_no_hours_from_then_on()
    {
        var gone = Ben() with { Absences = [new Absence(Monday.PlusDays(1), LocalDate.MaxIsoValue, "") { Part = DayPart.Whole }] };

        Assert.Equal(8, Capacity.Of(Plan, gone, Monday, Monday.PlusDays(7)));
        Assert.Equal(0, Capacity.Of(Plan, gone, Monday.PlusDays(7), Monday.PlusDays(70)));
    }

    [Theory]
    [InlineData(0, 0, DayPart.Whole, 16, 1)]
    [InlineData(0, 0, DayPart.Morning, 20, 0.5)]
    [InlineData(0, 0, DayPart.Afternoon, 20, 0.5)]
    [InlineData(2, 5, DayPart.Whole, 16, 1)]
    [InlineData(3, 6, DayPart.Whole, 24, 0)]
    [InlineData(-5, 20, DayPart.Whole, 0, 3)]
    public void An_absence_takes_its_days_from_the_first_to_the_last_and_half_a_day_ends_or_begins_at_noon(int from, int to, DayPart part, double hours, double days)
    {
        var ben = Ben(new Absence(Monday.PlusDays(from), Monday.PlusDays(to), "") { Part = part });
        Assert.Equal((decimal)hours, Capacity.Of(Plan, ben, Monday, Monday.PlusDays(7)));
        Assert.Equal((decimal)days, Capacity.AbsenceDays(Plan, ben, Monday, Monday.PlusDays(7)));
        Assert.Equal(24, Capacity.WithoutAbsences(Plan, ben, Monday, Monday.PlusDays(7)));
    }

    [Fact]
    public void Who_is_away_twice_is_away_once_and_two_halves_make_a_day()
    {
        Absence[] twice = [new(Monday, Monday, ""), new(Monday, Monday.PlusDays(1), "")];
        Assert.Equal(((decimal?)8, 2m), (Capacity.Of(Plan, Ben(twice), Monday, Monday.PlusDays(7)), Capacity.AbsenceDays(Plan, Ben(twice), Monday, Monday.PlusDays(7))));
        var halves = Ben(new Absence(Monday, Monday, "") { Part = DayPart.Morning }, new Absence(Monday, Monday, "") { Part = DayPart.Afternoon });
        Assert.Equal(((decimal?)16, 1m), (Capacity.Of(Plan, halves, Monday, Monday.PlusDays(7)), Capacity.AbsenceDays(Plan, halves, Monday, Monday.PlusDays(7))));
        Assert.True(halves.IsAway(Monday));
        Assert.False(Ben(new Absence(Monday, Monday, "") { Part = DayPart.Morning }).IsAway(Monday));
    }

    [Fact]
    public void A_holiday_takes_its_date_and_is_no_day_of_absence()
    {
        var plan = Plan with { Calendars = [Plan.Calendars[0] with { Holidays = [new Holiday(Monday, "A holiday")] }] };
        Assert.Equal(16, Capacity.Of(plan, Ben(), Monday, Monday.PlusDays(7)));
        Assert.Equal(24, Capacity.Week(plan, Ben(), Monday));
        Assert.Equal(1, Capacity.AbsenceDays(plan, Ben(new Absence(Monday, Monday.PlusDays(1), "")), Monday, Monday.PlusDays(7)));
    }

    [Fact]
    public void Who_works_a_shorter_week_than_the_calendars_has_that_share_of_each_hour()
    {
        var plan = Plan with { Resources = new ResourcePolicy([]) { Weeks = [new WorkingWeek("ben", 12)] } };
        Assert.Equal(((decimal?)12, (decimal?)12), (Capacity.Of(plan, Ben(), Monday, Monday.PlusDays(7)), Capacity.Week(plan, Ben(), Monday)));
        Assert.Equal(8, Capacity.Of(plan, Ben(new Absence(Monday, Monday, "")), Monday, Monday.PlusDays(7)));
    }

    [Fact]
    public void Hours_are_what_a_walk_along_the_minutes_counts() => Law.Holds(Cases, 60, static one =>
    {
        var plan = one.Plan;
        var person = plan.People[0];
        Assert.Equal(one.MinutesWalked() / 60m, Capacity.Of(plan, person, one.From, one.To)!.Value, 9);

        // Cut anywhere the parts are the whole, and absences never add time.
        var middle = one.From.PlusDays(Period.DaysBetween(one.From, one.To) / 2);
        Assert.Equal(Capacity.Of(plan, person, one.From, one.To)!.Value, Capacity.Of(plan, person, one.From, middle)!.Value + Capacity.Of(plan, person, middle, one.To)!.Value, 9);
        Assert.True(Capacity.Of(plan, person, one.From, one.To) <= Capacity.WithoutAbsences(plan, person, one.From, one.To));
    });

    private static Person Ben(params Absence[] absences) => Plan.FindPerson("ben")! with { Absences = absences };

    private sealed record Case(string Zone, LocalDate From, LocalDate To, IReadOnlyList<(IsoDayOfWeek Day, int Start, int End)> Hours, IReadOnlyList<LocalDate> Holidays, IReadOnlyList<Absence> Absences)
    {
        public OperationsPlan Plan => CapacityTests.Plan with
        {
            System = CapacityTests.Plan.System with { TimeZone = DateTimeZoneProviders.Tzdb[Zone] },
            Calendars = [new CalendarDefinition("office", "", [.. Hours.Select(static one => new WeeklyHours([one.Day], [new ClockSpan(one.Start, one.End)]))], [.. Holidays.Select(static date => new Holiday(date, ""))])],
            People = [CapacityTests.Plan.FindPerson("ben")! with { Absences = Absences }],
        };

        /// <summary>Minute by minute: is the calendar open, is the date one of those asked for, and is the person there? A clock put back shows nothing new.</summary>
        public int MinutesWalked()
        {
            var zone = DateTimeZoneProviders.Tzdb[Zone];
            var walk = new ServiceMinuteWalk(new WrittenCalendar(zone, [.. Hours.Select(static one => new Hours(one.Day, one.Start, one.End))], Holidays.ToDictionary(static date => date, static _ => ""), []));
            var (start, end) = (From.AtMidnight().InZoneLeniently(zone).ToInstant() - Duration.FromDays(1), To.AtMidnight().InZoneLeniently(zone).ToInstant() + Duration.FromDays(1));
            var (minutes, shown) = (0, LocalDateTime.MinIsoValue);
            foreach (var piece in walk.Walk(start, end))
            {
                var wall = piece.From.InZone(zone).LocalDateTime;
                shown = wall > shown ? wall : shown;
                var isAway = Absences.Any(absence => shown.Date >= absence.From && shown.Date <= absence.To && absence.Part switch { DayPart.Morning => shown.Hour < 12, DayPart.Afternoon => shown.Hour >= 12, _ => true });
                minutes += piece.IsOpen && shown.Date >= From && shown.Date < To && !isAway ? 1 : 0;
            }

            return minutes;
        }
    }

    private static readonly Gen<Case> Cases =
        from zone in Gen.Elements("Africa/Nairobi", "Europe/Paris", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")
        from year in Gen.Choose(2008, 2028)
        from day in Gen.Choose(0, 364)
        let date = NearestChange(DateTimeZoneProviders.Tzdb[zone], Instant.FromUtc(year, 1, 1, 0, 0) + Duration.FromDays(day))
        from before in Gen.Choose(0, 6)
        from length in Gen.Choose(1, 10)
        from spans in Gen.Choose(1, 6)
        from hours in Gen.ArrayOf(from weekday in Gen.Choose(1, 7) from start in Gen.Choose(0, 47) from end in Gen.Choose(0, 48) where start != end && (start != 0 || end != 0) select ((IsoDayOfWeek)weekday, start * 30, end * 30), spans)
        from closed in Gen.Choose(0, 2)
        from holidays in Gen.ArrayOf(Gen.Choose(-3, 8).Select(later => date.PlusDays(later)), closed)
        from count in Gen.Choose(0, 3)
        from absences in Gen.ArrayOf(
            from later in Gen.Choose(-8, 8)
            from days in Gen.Choose(0, 4)
            from part in Gen.Elements(DayPart.Whole, DayPart.Morning, DayPart.Afternoon)
            select new Absence(date.PlusDays(later), date.PlusDays(later + (part == DayPart.Whole ? days : 0)), "") { Part = part },
            count)
        select new Case(zone, date.PlusDays(-before), date.PlusDays(-before + length), hours, [.. holidays.Distinct()], absences);

    /// <summary>The date on which the clocks change next, or a date where they do not.</summary>
    private static LocalDate NearestChange(DateTimeZone zone, Instant from)
    {
        var interval = zone.GetZoneInterval(from);
        return (interval.HasEnd && interval.End < from + Duration.FromDays(400) ? interval.End : from).InZone(zone).Date;
    }
}
