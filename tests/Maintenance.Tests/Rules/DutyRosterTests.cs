using FsCheck.Fluent;
using Maintenance.Calendars;
using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

public sealed class DutyRosterTests
{
    private static readonly IsoDayOfWeek[] Week = [.. Enum.GetValues<IsoDayOfWeek>().Where(static day => day != IsoDayOfWeek.None)];

    private static readonly CalendarDefinition Nights = new("nights", "Nights", [new([IsoDayOfWeek.Saturday], [new(1320, 360)])], []);

    [Fact]
    public void Within_office_hours_somebody_is_on_duty_until_they_end_and_afterwards_off_duty_until_they_begin()
    {
        var plan = Plan("Africa/Nairobi", Person("ben", "office"));
        Assert.Equal((true, Utc("2026-11-20T17:00+03:00")), Seen(plan, "2026-11-20T16:59+03:00"));

        // Monday is Founders' day.
        Assert.Equal((false, Utc("2026-11-24T08:00+03:00")), Seen(plan, "2026-11-20T17:00+03:00"));
        Assert.Equal((false, Utc("2026-11-24T08:00+03:00")), Seen(plan, "2026-11-23T10:00+03:00"));
    }

    [Fact]
    public void A_shift_over_midnight_is_one_and_is_as_long_as_the_night_is_where_clocks_change()
    {
        var plan = Plan("Europe/Berlin", Person("ben", "nights"));
        Assert.Equal((true, Utc("2026-11-22T06:00+01:00")), Seen(plan, "2026-11-21T23:59+01:00"));
        Assert.Equal((true, Utc("2026-11-22T06:00+01:00")), Seen(plan, "2026-11-22T00:00+01:00"));

        // The night from 24 October has nine hours, that from 27 March seven.
        Assert.Equal(TimeSpan.FromHours(9), Assert.Single(DutyRoster.Shifts(plan, plan.People[0], Utc("2026-10-24T12:00Z"), Utc("2026-10-25T12:00Z"))) is var longer ? longer.End - longer.Start : default);
        Assert.Equal(TimeSpan.FromHours(7), Assert.Single(DutyRoster.Shifts(plan, plan.People[0], Utc("2027-03-27T12:00Z"), Utc("2027-03-28T12:00Z"))) is var shorter ? shorter.End - shorter.Start : default);
    }

    [Fact]
    public void An_absence_ends_duty_at_its_first_midnight_and_two_that_follow_one_another_are_one()
    {
        var ben = Person("ben", "always") with { Absences = [new(new(2026, 11, 24), new(2026, 11, 25), "Leave"), new(new(2026, 11, 26), new(2026, 11, 27), "Course")] };
        var plan = Plan("Africa/Nairobi", ben);
        Assert.Equal((true, Utc("2026-11-24T00:00+03:00")), Seen(plan, "2026-11-22T12:00Z"));
        Assert.Equal((false, Utc("2026-11-28T00:00+03:00")), Seen(plan, "2026-11-24T00:00+03:00"));
        Assert.Equal("2026-11-27", DutyRoster.At(plan, Utc("2026-11-24T12:00Z")).Person("ben").AwayUntil);
        Assert.Null(DutyRoster.At(plan, Utc("2026-11-28T12:00Z")).Person("ben").AwayUntil);
        Assert.Equal((true, null), Seen(plan, "2026-11-28T00:00+03:00"));
    }

    [Fact]
    public void Half_days_follow_one_another_by_halves()
    {
        // The morning of the 24th and the afternoon of the 25th leave the time in between; the afternoon and the morning after it do not.
        Absence morning = new(new(2026, 11, 24), new(2026, 11, 24), "") { Part = DayPart.Morning }, afternoon = new(new(2026, 11, 25), new(2026, 11, 25), "") { Part = DayPart.Afternoon };
        var next = new Absence(new(2026, 11, 26), new(2026, 11, 26), "") { Part = DayPart.Morning };
        var plan = Plan("Africa/Nairobi", Person("ben", "always") with { Absences = [morning, afternoon, next] });
        Assert.Equal(("2026-11-24", true), Away("2026-11-24T09:00+03:00"));
        Assert.Equal((null, false), Away("2026-11-24T12:00+03:00"));
        Assert.Equal((null, false), Away("2026-11-25T11:59+03:00"));
        Assert.Equal(("2026-11-26", true), Away("2026-11-25T12:00+03:00"));

        // Two halves and the days after them are one.
        plan = Plan("Africa/Nairobi", Person("ben", "always") with { Absences = [morning, morning with { Part = DayPart.Afternoon }, new(new(2026, 11, 25), new(2026, 11, 27), "")] });
        Assert.Equal(("2026-11-27", false), Away("2026-11-24T09:00+03:00"));

        (string? Until, bool IsNoon) Away(string at) => DutyRoster.At(plan, Utc(at)).Person("ben") is var ben ? (ben.AwayUntil, ben.IsUntilNoon) : default;
    }

    [Fact]
    public void A_role_is_covered_as_long_as_one_shift_follows_the_other_and_then_somebody_is_next()
    {
        var plan = Plan("Etc/UTC", Person("ann", "day"), Person("ben", "late"), Person("cat", "office")) with
        {
            Calendars = [.. SamplePlan.Plan.Calendars, Of("day", 360, 840), Of("late", 780, 1320)],
        };
        var group = Assert.Single(DutyRoster.At(plan, Utc("2026-11-20T07:00Z")).Roles);
        Assert.Equal(["ann"], group.Now);
        Assert.Equal(("cat", Utc("2026-11-20T08:00Z"), Utc("2026-11-20T22:00Z")), (group.Next, group.NextAt, group.UncoveredFrom));
        var night = Assert.Single(DutyRoster.At(plan, Utc("2026-11-20T23:00Z")).Roles);
        Assert.Empty(night.Now);
        Assert.Equal(("ann", Utc("2026-11-21T06:00Z"), Utc("2026-11-20T23:00Z")), (night.Next, night.NextAt, night.UncoveredFrom));

        static CalendarDefinition Of(string id, int start, int end) => new(id, id, [new(Week, [new(start, end)])], []);
    }

    [Fact]
    public void Who_stays_longest_is_named_first()
    {
        var plan = Plan("Africa/Nairobi", Person("ben", "office"), Person("cat", "always"));
        Assert.Equal(["cat", "ben"], Assert.Single(DutyRoster.At(plan, Utc("2026-11-20T10:00+03:00")).Roles).Now);
    }

    [Fact]
    public void Nobody_on_duty_is_an_exception_and_so_is_an_urgent_level_that_finds_nobody()
    {
        var chain = new EscalationChain("urgent", [new EscalationLevel(TimeSpan.Zero, ["support"], [], "Take it.") { IsUrgent = true, Fallback = ["kim"] }, new EscalationLevel(TimeSpan.FromHours(1), ["lead"], [], "Decide.")]);
        var plan = Plan("Africa/Nairobi", Person("ben", "office"), new Person("kim", "Kim", null, null, ["lead"], [], "office"), new Person("zoe", "Zoe", null, null, ["clerk"], [], "always")) with
        {
            ServiceLevels = SamplePlan.Plan.ServiceLevels with { Escalations = [chain] },
        };
        Assert.Empty(DutyRoster.At(plan, Utc("2026-11-20T10:00+03:00")).Exceptions);

        // Zoe is there, and nobody calls her.
        Assert.Contains("level 1 of 'urgent' finds nobody on duty", Assert.Single(DutyRoster.At(plan, Utc("2026-11-21T10:00+03:00")).Exceptions), StringComparison.Ordinal);
        Assert.Equal("Nobody in the plan is on duty.", DutyRoster.At(plan with { People = [.. plan.People.SkipLast(1)] }, Utc("2026-11-21T10:00+03:00")).Exceptions[0]);
    }

    [Fact]
    public void A_support_channel_says_until_when_it_is_staffed_and_which_holiday_closes_it()
    {
        var plan = Plan("Africa/Nairobi") with { Support = SamplePlan.Plan.Support with { Channels = [new("hotline", SupportChannelKind.Phone, "Hotline", "110", "office")] } };
        var open = Assert.Single(DutyRoster.At(plan, Utc("2026-11-20T10:00+03:00")).Channels);
        Assert.Equal((true, Utc("2026-11-20T17:00+03:00"), null), (open.IsStaffed, open.Until, open.Holiday));
        var closed = Assert.Single(DutyRoster.At(plan, Utc("2026-11-23T10:00+03:00")).Channels);
        Assert.Equal((false, Utc("2026-11-24T08:00+03:00"), "Founders' day"), (closed.IsStaffed, closed.Until, closed.Holiday));
    }

    [Fact]
    public void What_the_roster_says_is_what_tickets_are_given_by_at_every_minute()
    {
        var plan = Plan("Europe/Berlin", Person("ann", null), Person("ben", "nights"), Person("cat", "office") with { Absences = [new(new(2026, 10, 20), new(2026, 10, 26), "Leave")] }, Person("dan", "always") with { Absences = [new(new(2026, 10, 25), new(2026, 10, 25), "Leave")] });
        var (first, minutes) = (Utc("2026-10-23T00:00Z"), 4 * 24 * 60);
        Law.Holds(Gen.Choose(0, minutes - 1), 60, minute =>
        {
            var at = first.AddMinutes(minute);
            var duty = DutyRoster.At(plan, at);
            foreach (var person in plan.People)
            {
                var seen = duty.Person(person.Id);
                Assert.Equal(Assignment.IsOnDuty(plan, person, at), seen.IsOnDuty);

                // It changes when it says, and at no minute before.
                for (var later = at; later < (seen.Until ?? at.AddDays(3)) && later < at.AddDays(3); later = later.AddMinutes(7))
                {
                    Assert.Equal(seen.IsOnDuty, Assignment.IsOnDuty(plan, person, later));
                }

                Assert.True(seen.Until is not { } until || Assignment.IsOnDuty(plan, person, until) != seen.IsOnDuty);
            }
        });
    }

    private static Person Person(string id, string? hours) => HelpDeskPlan.Person(id, ["support"], [], hours);

    private static OperationsPlan Plan(string zone, params IReadOnlyList<Person> people) => SamplePlan.Plan with
    {
        System = SamplePlan.Plan.System with { TimeZone = Zone(zone) },
        Calendars = [.. SamplePlan.Plan.Calendars, Nights],
        People = people,
        ServiceLevels = SamplePlan.Plan.ServiceLevels with { Escalations = [] },
    };

    private static (bool IsOnDuty, DateTimeOffset? Until) Seen(OperationsPlan plan, string at) => DutyRoster.At(plan, Utc(at)).Person("ben") is var ben ? (ben.IsOnDuty, ben.Until) : default;
}
