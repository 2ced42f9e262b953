using Maintenance.Plan;
using Maintenance.Resources;
using Maintenance.Tests.Plan;
using Maintenance.Tickets;
using NodaTime;

namespace Maintenance.Tests.Resources;

/// <summary>What may be booked, recorded and corrected, by whom, until when.</summary>
public sealed class BookingRulesTests
{
    private static readonly OperationsPlan Plan = SmallPlan.Load(SmallPlan.Yaml).Plan! with
    {
        Teams = [new Team("desk", "Desk", "ben", ["ann"], [])],
        Resources = new ResourcePolicy([]) { ClosesAfter = TimeSpan.FromDays(5) },
    };

    /// <summary>Midnight in Nairobi, where the 24th has begun.</summary>
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 21, 0, 0, TimeSpan.Zero);

    private static readonly NewBooking Good = new("ben", new DateOnly(2026, 11, 24), 1.5m, WorkKind.Support, "register", null, null, "");

    private static readonly NewAbsence Leave = new("ben", new LocalDate(2026, 12, 21), new LocalDate(2026, 12, 24), DayPart.Whole, AbsenceKind.Leave, null);

    [Fact]
    public void Hours_of_today_are_booked_up_to_twenty_four_of_a_day()
    {
        BookingRules.Check(Plan, Good, WorkKind.Support, 0, Now);
        BookingRules.Check(Plan, Good with { Hours = 0.25m }, WorkKind.Support, 23.75m, Now);
        BookingRules.Check(Plan, Good with { Hours = 24 }, WorkKind.Support, 0, Now);
        Refused("hours", Good with { Hours = 0.5m }, 23.75m);
    }

    [Theory]
    [InlineData("0", "hours")]
    [InlineData("-1", "hours")]
    [InlineData("24.25", "hours")]
    [InlineData("1.1", "hours")]
    [InlineData("0.125", "hours")]
    public void Hours_are_quarters_above_nothing(string hours, string field) => Refused(field, Good with { Hours = decimal.Parse(hours, System.Globalization.CultureInfo.InvariantCulture) });

    [Fact]
    public void What_cannot_be_is_refused_by_the_field_that_is_wrong()
    {
        Refused("person", Good with { Person = "bob" });
        Refused("service", Good with { Service = "registry" });
        Refused("note", Good with { Note = new string('x', 501) });
        Refused("on", Good with { On = new DateOnly(2026, 11, 25) });
        Refused("duty", Good with { Ticket = "T-1", Duty = "a/2026-11-24" });
        Assert.Equal("kind", Assert.Throws<ResourceException>(() => BookingRules.Check(Plan, Good, null, 0, Now)).Field);
        Refused("kind", Good, kind: WorkKind.Debt);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5 * 24)]
    [InlineData(31 * 24)]
    [InlineData(400 * 24)]
    public void The_month_that_was_closed_last_is_closed_and_the_next_one_is_not(int hours)
    {
        var plan = Plan with { Resources = new ResourcePolicy([]) { ClosesAfter = TimeSpan.FromHours(hours) } };
        for (var now = Now; now < Now.AddDays(800); now = now.AddMinutes(257))
        {
            var last = BookingRules.LastClosed(plan, now)!;
            var next = HourBooking.MonthOf(DateOnly.ParseExact(last + "-01", "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture).AddMonths(1));
            Assert.Equal((true, false), (BookingRules.IsClosed(plan, last, now), BookingRules.IsClosed(plan, next, now)));
        }

        Assert.Null(BookingRules.LastClosed(Plan with { Resources = new ResourcePolicy([]) }, Now));
    }

    [Fact]
    public void A_month_closes_on_the_instant_that_the_plan_says_and_never_where_it_says_none()
    {
        var closes = new DateTimeOffset(2026, 11, 5, 21, 0, 0, TimeSpan.Zero);
        Assert.Equal(closes, BookingRules.ClosesAt(Plan, "2026-10"));
        Assert.False(BookingRules.IsClosed(Plan, "2026-10", closes.AddTicks(-1)));
        Assert.True(BookingRules.IsClosed(Plan, "2026-10", closes));
        Assert.False(BookingRules.IsClosed(Plan with { Resources = ResourcePolicy.None }, "2020-01", closes));
        Assert.Equal(new LocalDate(2026, 10, 1), BookingRules.FirstOpen(Plan, closes.AddTicks(-1)));
        Assert.Equal(new LocalDate(2026, 11, 1), BookingRules.FirstOpen(Plan, closes));
        Assert.Equal(BookingRules.Today(Plan, closes).PlusDays(-366), BookingRules.FirstOpen(Plan with { Resources = ResourcePolicy.None }, closes));
        var october = Good with { On = new DateOnly(2026, 10, 31) };
        BookingRules.Check(Plan, october, WorkKind.Support, 0, closes.AddTicks(-1));
        Assert.Equal("on", Assert.Throws<ResourceException>(() => BookingRules.Check(Plan, october, WorkKind.Support, 0, closes)).Field);
        BookingRules.CheckCorrection(Plan, october.On, "Wrong ticket", closes.AddTicks(-1));
        _ = Assert.Throws<ResourceException>(() => BookingRules.CheckCorrection(Plan, october.On, "Wrong ticket", closes));
        _ = Assert.Throws<ResourceException>(() => BookingRules.CheckCorrection(Plan, Good.On, " ", Now));
        _ = Assert.Throws<ResourceException>(() => BookingRules.CheckCorrection(Plan, Good.On, new string('x', 501), Now));
    }

    [Fact]
    public void An_absence_is_whole_days_of_both_ends_or_half_of_one()
    {
        BookingRules.Check(Plan, Leave, [], Now);
        BookingRules.Check(Plan, Leave with { To = Leave.From, Part = DayPart.Morning, Deputy = "ann" }, [], Now);
        RefusedAbsence("to", Leave with { To = Leave.From.PlusDays(-1) });
        RefusedAbsence("to", Leave with { To = Leave.From.PlusDays(366) });
        RefusedAbsence("part", Leave with { Part = DayPart.Afternoon });
        RefusedAbsence("person", Leave with { Person = "bob" });
        RefusedAbsence("deputy", Leave with { Deputy = "bob" });
        RefusedAbsence("deputy", Leave with { Deputy = "ben" });
        RefusedAbsence("from", Leave with { From = new LocalDate(2026, 10, 31) });
        RefusedAbsence("from", Leave with { From = new LocalDate(2029, 1, 1), To = new LocalDate(2029, 1, 1) });
    }

    [Theory]
    [InlineData(18, 20, DayPart.Whole, true)]
    [InlineData(18, 21, DayPart.Whole, false)]
    [InlineData(24, 24, DayPart.Morning, false)]
    [InlineData(25, 28, DayPart.Whole, true)]
    public void It_overlaps_none_of_the_same_person_that_counts(int from, int to, DayPart part, bool isFree)
    {
        var known = new RecordedAbsence("2026-12-24-000000000000", "ben", new DateOnly(2026, 12, 21), new DateOnly(2026, 12, 24), AbsenceKind.Leave, Now, "ben");
        var other = Leave with { From = new LocalDate(2026, 12, from), To = new LocalDate(2026, 12, to), Part = part };
        Assert.Equal(isFree, Record.Exception(() => BookingRules.Check(Plan, other, [known], Now)) is null);
        BookingRules.Check(Plan, other with { Person = "ann" }, [known], Now);
        BookingRules.Check(Plan, other, [known with { Withdrawn = new Correction(Now, "ben", "Moved") }], Now);
    }

    [Fact]
    public void Both_halves_of_a_day_do_not_overlap()
    {
        var day = new DateOnly(2026, 12, 21);
        var morning = new RecordedAbsence("2026-12-21-000000000000", "ben", day, day, AbsenceKind.Leave, Now, "ben") { Part = DayPart.Morning };
        BookingRules.Check(Plan, Leave with { To = Leave.From, Part = DayPart.Afternoon }, [morning], Now);
        _ = Assert.Throws<ResourceException>(() => BookingRules.Check(Plan, Leave with { To = Leave.From, Part = DayPart.Morning }, [morning], Now));
    }

    [Fact]
    public void Hours_and_absences_are_written_by_the_person_their_lead_and_administrators()
    {
        var (ann, ben) = (Plan.FindPerson("ann")!, Plan.FindPerson("ben")!);
        Assert.True(BookingRules.MayWriteFor(Plan, ben, "ben"));
        Assert.True(BookingRules.MayWriteFor(Plan, ben, "ann"));
        Assert.True(BookingRules.MayWriteFor(Plan, ann, "ben"));
        Assert.False(BookingRules.MayWriteFor(Plan with { Teams = [] }, ben, "ann"));
    }

    [Fact]
    public void A_ticket_is_work_of_its_kind_of_maintenance_and_support_without_one()
    {
        Assert.Equal(
            [WorkKind.Corrective, WorkKind.Adaptive, WorkKind.Perfective, WorkKind.Preventive],
            new MaintenanceType?[] { MaintenanceType.Corrective, MaintenanceType.Adaptive, MaintenanceType.Perfective, MaintenanceType.Preventive }.Select(BookingRules.KindOf));
        Assert.Equal(WorkKind.Support, BookingRules.KindOf(null));
    }

    private static void Refused(string field, NewBooking booking, decimal booked = 0, WorkKind? kind = WorkKind.Support) =>
        Assert.Equal(field, Assert.Throws<ResourceException>(() => BookingRules.Check(Plan, booking, kind, booked, Now)).Field);

    private static void RefusedAbsence(string field, NewAbsence absence) => Assert.Equal(field, Assert.Throws<ResourceException>(() => BookingRules.Check(Plan, absence, [], Now)).Field);
}
