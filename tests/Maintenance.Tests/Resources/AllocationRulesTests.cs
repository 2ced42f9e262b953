using Maintenance.Plan;
using Maintenance.Resources;
using Maintenance.Tests.Plan;
using NodaTime;

namespace Maintenance.Tests.Resources;

/// <summary>How many hours are allocated in a time, and which of them an hour of work was meant by.</summary>
public sealed class AllocationRulesTests
{
    private static readonly OperationsPlan Plan = SmallPlan.Load(SmallPlan.Yaml).Plan!;

    private static readonly LocalDate November = new(2026, 11, 1);

    private static readonly LocalDate December = new(2026, 12, 1);

    [Theory]
    [InlineData(7, AllocationPeriod.Week, null, null, 30)]
    [InlineData(7, AllocationPeriod.Week, "2026-11-24", null, 7)]
    [InlineData(7, AllocationPeriod.Week, "2026-11-10", "2026-11-10", 1)]
    [InlineData(7, AllocationPeriod.Week, null, "2026-11-07", 7)]
    [InlineData(7, AllocationPeriod.Week, null, "2026-10-31", 0)]
    [InlineData(7, AllocationPeriod.Week, "2026-12-01", null, 0)]
    [InlineData(60, AllocationPeriod.Month, null, null, 60)]
    [InlineData(60, AllocationPeriod.Month, "2026-11-16", "2027-05-31", 30)]
    public void It_counts_on_the_days_on_which_it_holds_both_included(int hours, AllocationPeriod per, string? from, string? to, double expected)
    {
        var allocation = new Allocation(hours, per) { Person = "ben", From = Date(from), To = Date(to) };
        Assert.Equal((decimal)expected, AllocationRules.Hours(Plan, Ben(), allocation, November, December));
    }

    [Fact]
    public void Hours_of_a_month_are_those_of_each_month_that_is_asked_for()
    {
        var allocation = new Allocation(31, AllocationPeriod.Month) { Person = "ben" };
        Assert.Equal(15.5m + 31 + 1, AllocationRules.Hours(Plan, Ben(), allocation, new(2026, 11, 16), new(2027, 1, 2)));
    }

    [Fact]
    public void Absences_take_the_share_of_the_working_time_that_they_take_and_holidays_none()
    {
        // Three working days a week: one of them away is a third, and days off take nothing.
        var week = new Allocation(9, AllocationPeriod.Week) { Person = "ben" };
        var (monday, next) = (new LocalDate(2026, 11, 23), new LocalDate(2026, 11, 30));
        Assert.Equal(6, Hours(new Absence(monday, monday, "")));
        Assert.Equal(7.5m, Hours(new Absence(monday, monday, "") { Part = DayPart.Afternoon }));
        Assert.Equal(9, Hours(new Absence(monday.PlusDays(3), monday.PlusDays(6), "")));
        Assert.Equal(0, Hours(new Absence(monday, next, "")));
        var holiday = Plan with { Calendars = [Plan.Calendars[0] with { Holidays = [new Holiday(monday, "")] }] };
        Assert.Equal(9, AllocationRules.Hours(holiday, Ben(), week, monday, next));

        decimal Hours(Absence absence) => decimal.Round(AllocationRules.Hours(Plan, Ben(absence), week, monday, next), 9);
    }

    [Fact]
    public void Of_somebody_without_a_calendar_absences_take_their_days()
    {
        var ann = Plan.FindPerson("ann")! with { Absences = [new Absence(new(2026, 11, 23), new(2026, 11, 23), "")] };
        Assert.Equal(6, AllocationRules.Hours(Plan, ann, new Allocation(7, AllocationPeriod.Week) { Person = "ann" }, new(2026, 11, 23), new(2026, 11, 30)), 9);
    }

    [Fact]
    public void An_hour_of_work_was_meant_by_what_names_most_of_it()
    {
        HeldAllocation[] held =
        [
            new(new Allocation(1, AllocationPeriod.Week) { Kind = WorkKind.Operations }, 0),
            new(new Allocation(1, AllocationPeriod.Week) { Service = "register" }, 1),
            new(new Allocation(1, AllocationPeriod.Week) { Service = "register", Kind = WorkKind.Operations, From = new(2026, 11, 10) }, 2),
        ];
        Assert.Equal(2, Match(10, "register", WorkKind.Operations));
        Assert.Equal(1, Match(9, "register", WorkKind.Operations));
        Assert.Equal(1, Match(10, "register", WorkKind.Support));
        Assert.Equal(0, Match(10, "printing", WorkKind.Operations));
        Assert.Equal(0, Match(10, null, WorkKind.Operations));
        Assert.Null(Match(10, "printing", WorkKind.Support));

        int? Match(int day, string? service, WorkKind kind) => AllocationRules.Match(held, new(2026, 11, day), service, kind)?.Index;
    }

    [Fact]
    public void A_person_has_their_own_allocations_and_those_of_their_teams()
    {
        var plan = Plan with
        {
            Teams = [new Team("desk", "Desk", "ann", ["ben"], [])],
            Resources = new ResourcePolicy([new(1, AllocationPeriod.Week) { Person = "ann" }, new(2, AllocationPeriod.Week) { Team = "desk" }, new(3, AllocationPeriod.Week) { Person = "ben" }]),
        };
        Assert.Equal([1, 2], AllocationRules.Of(plan, "ben").Select(static one => one.Index));
        Assert.Equal([0], AllocationRules.Of(plan, "ann").Select(static one => one.Index));
    }

    [Fact]
    public void Hours_of_a_month_are_a_week_s_by_the_calendar_s_average() =>
        Assert.Equal(10, AllocationRules.Weekly([new Allocation(10 * AllocationRules.WeeksOfMonth, AllocationPeriod.Month)], November), 9);

    private static Person Ben(params Absence[] absences) => Plan.FindPerson("ben")! with { Absences = absences };

    private static LocalDate? Date(string? text) => text is null ? null : NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;
}
