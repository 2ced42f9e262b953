using Maintenance.Duties;
using Maintenance.Plan;
using NodaTime;

using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>What time and people do to an occurrence: in time or late, who is told when, who may say that it is done.</summary>
public sealed class DutyMovesTests
{
    private static readonly Duty Terms = new("access", DutyKind.AccessReview, "Access review", "ben", new DutyRhythm(null, new DutyInterval(1, DutyUnit.Months, new DateOnly(2026, 11, 30), new TimeOnly(17, 0))))
    {
        Grace = TimeSpan.FromDays(3),
        Evidence = [EvidenceKind.Text, EvidenceKind.File],
        Overdue = new DutyConsequence(null, [], new DutyEscalation(TimeSpan.FromDays(7), ["ann"])),
    };

    private static readonly DutyOccurrence Open = new(Terms, "2026-11-30", Utc("2026-11-30T17:00Z"), Utc("2026-10-30T17:00Z"), Utc("2026-11-23T17:00Z"));

    [Theory]
    [InlineData("2026-11-24T00:00Z", DutyStanding.Coming)]
    [InlineData("2026-11-30T16:59:59Z", DutyStanding.Coming)]
    [InlineData("2026-11-30T17:00Z", DutyStanding.Due)]
    [InlineData("2026-12-03T17:00Z", DutyStanding.Due)]
    [InlineData("2026-12-03T17:00:00.0000001Z", DutyStanding.Overdue)]
    public void What_is_open_is_overdue_once_its_grace_has_passed(string now, DutyStanding expected)
    {
        Assert.Equal(expected, Open.At(Utc(now)));
        Assert.Equal(expected, DutyFact.Of(Open, Utc(now)).At(Utc(now)));
    }

    [Theory]
    [InlineData("2026-11-24T00:00Z", DutyStanding.InTime)]
    [InlineData("2026-12-03T17:00Z", DutyStanding.InTime)]
    [InlineData("2026-12-03T17:00:00.0000001Z", DutyStanding.Late)]
    public void What_is_done_is_in_time_until_its_grace_has_passed(string closed, DutyStanding expected)
    {
        var done = Open with { State = DutyState.Done, ClosedAt = Utc(closed) };
        Assert.Equal(expected, done.At(Utc("2027-01-01T00:00Z")));
        Assert.Equal(expected, DutyFact.Of(done, Utc("2027-01-01T00:00Z")).At(Utc("2027-01-01T00:00Z")));
    }

    [Fact]
    public void Time_tells_the_owner_reminds_them_opens_a_ticket_and_escalates_each_once()
    {
        var (told, one) = (new List<string>(), Open);
        for (var now = one.OpenedAt; now < Utc("2026-12-20T00:00Z"); now = now.AddHours(1))
        {
            foreach (var kind in DutyMoves.Due(one, now))
            {
                Assert.True(DutyMoves.Next(one, now) <= now);
                told.Add($"{kind} {now:MM-dd HH}");
                one = one with { Notices = [.. one.Notices, new DutyNotice(kind, now)] };
            }

            Assert.False(DutyMoves.Next(one, now) <= now);
        }

        Assert.Equal(["Opened 11-23 17", "Reminder 11-29 17", "Overdue 12-03 18", "Escalated 12-10 18"], told);
        Assert.Null(DutyMoves.Next(one, Utc("2026-12-20T00:00Z")));
    }

    [Fact]
    public void After_a_long_downtime_people_hear_that_it_is_overdue_and_not_that_it_will_be()
    {
        var late = Open with { OpenedAt = Utc("2027-02-01T00:00Z") };
        Assert.Equal([DutyNoticeKind.Overdue, DutyNoticeKind.Escalated], DutyMoves.Due(late, late.OpenedAt));
    }

    [Fact]
    public void Who_was_told_within_the_last_day_is_not_reminded_too()
    {
        var late = Open with { OpenedAt = Utc("2026-11-30T00:00Z") };
        Assert.Equal([DutyNoticeKind.Opened], DutyMoves.Due(late, late.OpenedAt));
        Assert.Empty(DutyMoves.Due(late with { Notices = [new(DutyNoticeKind.Opened, late.OpenedAt)] }, Utc("2026-11-30T12:00Z")));
    }

    [Fact]
    public void What_is_closed_is_told_to_its_ticket_alone()
    {
        var now = Utc("2027-01-01T00:00Z");
        var done = Open with { State = DutyState.Done, ClosedAt = now };
        Assert.Empty(DutyMoves.Due(done, now));
        Assert.Equal([DutyNoticeKind.Answered], DutyMoves.Due(done with { Ticket = "T-1" }, now));
        Assert.Empty(DutyMoves.Due(done with { Ticket = "T-1", Notices = [new(DutyNoticeKind.Answered, now)] }, now));
    }

    [Fact]
    public void What_somebody_owed_who_has_left_is_done_by_who_owes_the_duty_now_or_by_the_owner_of_the_system_who_may_skip_it_too()
    {
        var terms = Terms with { Owner = "gone", Deputy = null };
        var (one, plan) = (Open with { Terms = terms }, Plan with { Duties = [terms with { Owner = "ben" }] });
        Assert.Null(DutyMoves.WhyNotDo(plan, one, Actor("ben")));
        Assert.Null(DutyMoves.WhyNotDo(plan, one, Actor("eve")));
        Assert.NotNull(DutyMoves.WhyNotDo(plan, one, Actor("cat")));
        Assert.Null(DutyMoves.WhyNotSkip(plan, one, Actor("eve")));
    }

    [Theory]
    [InlineData("ben", null, "ben", true)]
    [InlineData("ben", null, "cat", false)]
    [InlineData("ben", "cat", "cat", true)]
    [InlineData("support", null, "cat", true)]
    [InlineData("support", "owner", "eve", true)]
    [InlineData("support", null, "eve", false)]
    public void Its_owner_its_deputy_and_people_of_their_roles_may_do_it(string owner, string? deputy, string person, bool may)
    {
        var one = Open with { Terms = Terms with { Owner = owner, Deputy = deputy } };
        Assert.Equal(may, DutyMoves.WhyNotDo(Plan, one, Actor(person)) is null);
        Assert.Null(DutyMoves.WhyNotDo(Plan, one, Actor(person) with { IsAdministrator = true }));
        Assert.Null(DutyMoves.WhyNotDo(Plan, one, new DutyActor("operator", null, true)));
    }

    [Theory]
    [InlineData("ben", null, "eve", true)] // Eve owns the system.
    [InlineData("ben", null, "ben", false)]
    [InlineData("eve", null, "eve", false)]
    [InlineData("eve", "ben", "eve", true)]
    [InlineData("owner", null, "eve", false)]
    public void Who_alone_owes_it_does_not_skip_it(string owner, string? deputy, string person, bool may)
    {
        var terms = Terms with { Owner = owner, Deputy = deputy };
        var plan = Plan with { Duties = [terms] };
        Assert.Equal(may, DutyMoves.WhyNotSkip(plan, Open with { Terms = terms }, Actor(person)) is null);
        Assert.Null(DutyMoves.WhyNotSkip(plan, Open with { Terms = terms }, Actor(person) with { IsAdministrator = true }));
    }

    [Fact]
    public void What_a_duty_left_that_is_no_longer_in_the_plan_is_closed_by_an_administrator()
    {
        Assert.NotNull(DutyMoves.WhyNotSkip(Plan, Open, Actor("eve")));
        Assert.Null(DutyMoves.WhyNotSkip(Plan, Open, Actor("ann") with { IsAdministrator = true }));
    }

    [Fact]
    public void The_deputy_is_told_while_nobody_of_the_owner_is_there_and_the_owner_of_the_system_where_nobody_is_left()
    {
        var (day, terms) = (new LocalDate(2026, 11, 23), Terms with { Deputy = "cat" });
        var away = Plan with { People = [.. Plan.People.Select(person => person.Id == "ben" ? person with { Absences = [new Absence(day, day, "")] } : person)] };
        Assert.Equal(["ben"], DutyMoves.Told(Plan, terms, day));
        Assert.Equal(["ben", "cat"], DutyMoves.Told(away, terms, day));
        Assert.Equal(["ben"], DutyMoves.Told(away, terms, day.PlusDays(1)));
        Assert.Equal(["ben", "cat", "dan"], DutyMoves.Told(away, terms with { Owner = "support" }, day));
        Assert.Equal(["eve"], DutyMoves.Told(Plan, Terms with { Owner = "gone" }, day));
    }

    [Fact]
    public void All_that_is_asked_for_must_be_there()
    {
        var (now, text) = (Open.DueAt, new DutyEvidence(EvidenceKind.Text, "Fine.", "ben", Open.DueAt));
        Assert.Equal([EvidenceKind.Text, EvidenceKind.File], DutyMoves.Missing(Open, []));
        Assert.Equal([EvidenceKind.File], DutyMoves.Missing(Open, [text]));
        Assert.Empty(DutyMoves.Missing(Open with { Evidence = [new DutyEvidence(EvidenceKind.File, "list.csv", "ben", now)] }, [text]));
    }

    [Fact]
    public void A_report_counts_by_month_owner_and_kind_and_leaves_out_of_the_share_what_was_skipped()
    {
        var now = Utc("2027-01-10T00:00Z");
        DutyFact Fact(string duty, string due, DutyState state, string? closed, string owner = "ben", DutyKind kind = DutyKind.AccessReview) =>
            new(duty, due[..10], duty, kind, owner, Utc(due), Utc(due).AddDays(3), state, closed is null ? null : Utc(closed));
        (string, IReadOnlyList<DutyFact>)[] facts =
        [
            ("2026-11", [Fact("a", "2026-11-30T17:00Z", DutyState.Done, "2026-12-03T17:00Z"), Fact("b", "2026-11-30T17:00Z", DutyState.Done, "2026-12-03T17:01Z"), Fact("c", "2026-11-30T17:00Z", DutyState.Skipped, "2026-11-01T00:00Z", "cat")]),
            ("2026-12", [Fact("a", "2026-12-31T17:00Z", DutyState.Open, null), Fact("d", "2026-12-15T17:00Z", DutyState.Done, "2026-12-01T00:00Z", "cat", DutyKind.Other)]),
            ("2027-01", [Fact("a", "2027-01-08T17:00Z", DutyState.Open, null)]),
        ];
        var report = DutyReport.Of("2026-11", "2027-01", facts, now);
        Assert.Equal(new DutyLine("all", 2, 1, 1, 1, 1), report.Total);
        Assert.Equal(0.5, report.Total.Compliance);
        Assert.Equal([new("2026-11", 1, 1, 1, 0, 0), new("2026-12", 1, 0, 0, 1, 0), new("2027-01", 0, 0, 0, 0, 1)], report.Months);
        Assert.Equal([new("ben", 1, 1, 0, 1, 1), new("cat", 1, 0, 1, 0, 0)], report.Owners);
        Assert.Equal([new("accessReview", 1, 1, 1, 1, 1), new DutyLine("other", 1, 0, 0, 0, 0)], report.Kinds);
        Assert.Null(report.Months[2].Compliance);
        Assert.Equal(["2026-12-31"], report.Missed.Select(static fact => fact.Key));
        Assert.Equal(
            ["by,name,inTime,late,skipped,missed,open,compliance", "month,2026-11,1,1,1,0,0,0.5", "month,2026-12,1,0,0,1,0,0.5", "month,2027-01,0,0,0,0,1,", "owner,ben,1,1,0,1,1,0.333333"],
            report.Csv().Take(5).Select(static line => line.TrimEnd()));
    }

    private static OperationsPlan Plan { get; } = HelpDeskPlan.Plan with { System = HelpDeskPlan.Plan.System with { Owner = "eve" } };

    private static DutyActor Actor(string id) => new(id, Plan.FindPerson(id), false);
}
