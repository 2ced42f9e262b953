using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>How a ticket begins, is answered and solved, and what is noted of its clocks.</summary>
public sealed class TicketRulesTests
{
    // A Friday; the office is closed on the Monday after it.
    private static readonly DateTimeOffset Friday = Utc("2026-11-20T16:30+03:00");
    private static readonly TicketActor Bob = new("bob", true);
    private static readonly TicketActor Cid = new("cid", true);

    [Fact]
    public void A_ticket_opens_with_the_priority_and_the_clocks_of_the_plan()
    {
        var (ticket, events) = TicketRules.Open(SamplePlan.Plan, "T-1", Request("one", "now"));
        Assert.Equal(("T-1", TicketState.New, "p2", Friday), (ticket.Id, ticket.State, ticket.Priority, ticket.CreatedAt));
        Assert.Equal(Utc("2026-11-24T11:30+03:00"), ticket.ResponseDue);
        // Half an hour on Friday, nine on Tuesday, eight and a half on Wednesday.
        Assert.Equal(Utc("2026-11-25T16:30+03:00"), ticket.ResolutionDue);
        Assert.Null(ticket.RespondedAt);
        Assert.Null(ticket.ResolvedAt);
        Assert.Empty(ticket.Breaches);
        Assert.Equal(("Printer", "It smokes", "records", "kim", "F-1"), (ticket.Title, ticket.Description, ticket.Service, ticket.Requester, ticket.FeedbackReference));
        Assert.Equal((TicketType.Incident, "one", "now"), (ticket.Type, ticket.Impact, ticket.Urgency));
        Assert.Equal((1, Friday, TicketEventKind.Opened), (Assert.Single(events).Number, events[0].At, events[0].Kind));
    }

    [Fact]
    public void An_urgent_ticket_is_measured_around_the_clock()
    {
        var ticket = Open("all", "now");
        Assert.Equal(("p1", Friday.AddMinutes(15), Friday.AddHours(4)), (ticket.Priority, ticket.ResponseDue!.Value, ticket.ResolutionDue!.Value));
    }

    [Fact]
    public void An_impact_that_the_plan_does_not_know_opens_nothing() => Assert.ThrowsAny<KeyNotFoundException>(() => Open("some", "now"));

    [Fact]
    public void The_first_answer_stops_the_response_clock_and_a_second_one_does_not()
    {
        var first = Do(Open("one", "now"), new TicketAct.Respond("Looking at it"), Bob, 5);
        var second = Do(first.Ticket, new TicketAct.Respond("Still at it"), Cid, 50);
        Assert.Equal((TicketState.InProgress, Friday.AddMinutes(5)), (first.Ticket.State, first.Ticket.RespondedAt!.Value));
        Assert.Equal((TicketState.InProgress, Friday.AddMinutes(5)), (second.Ticket.State, second.Ticket.RespondedAt!.Value));
        Assert.Equal(3, second.Ticket.Events);
        Assert.Equal(("cid", "Still at it", Friday.AddMinutes(50)), (second.Events[0].By, second.Events[0].Said, second.Events[0].At));
        Assert.Equal((first.Ticket.ResponseDue, first.Ticket.ResolutionDue, first.Ticket.CreatedAt), (second.Ticket.ResponseDue, second.Ticket.ResolutionDue, second.Ticket.CreatedAt));
    }

    [Fact]
    public void A_solution_without_an_answer_is_the_answer_too()
    {
        var (solved, events) = Do(Open("one", "now"), new TicketAct.Resolve("Replaced it"), Bob, 20);
        Assert.Equal((TicketState.Resolved, Friday.AddMinutes(20), Friday.AddMinutes(20)), (solved.State, solved.RespondedAt!.Value, solved.ResolvedAt!.Value));
        Assert.Equal(("bob", "Replaced it"), (events[0].By, events[0].Said));
        Assert.False(solved.IsOpen);
    }

    [Fact]
    public void A_solution_leaves_an_answer_where_it_was()
    {
        var solved = Do(Do(Open("one", "now"), new TicketAct.Respond("Looking"), Bob, 5).Ticket, new TicketAct.Resolve("Done"), Bob, 20).Ticket;
        Assert.Equal((Friday.AddMinutes(5), Friday.AddMinutes(20)), (solved.RespondedAt!.Value, solved.ResolvedAt!.Value));
    }

    [Fact]
    public void What_is_solved_is_neither_answered_nor_solved_again()
    {
        var solved = Do(Open("one", "now"), new TicketAct.Resolve("Done"), Bob, 20).Ticket;
        _ = Assert.Throws<TicketStateException>(() => Do(solved, new TicketAct.Respond("Hello"), Cid, 30));
        _ = Assert.Throws<TicketStateException>(() => Do(solved, new TicketAct.Resolve("Done"), Cid, 30));
    }

    [Fact]
    public void A_reopening_keeps_the_first_answer_and_the_time_that_was_used()
    {
        var solved = Do(Open("all", "now"), new TicketAct.Resolve("Done"), Bob, 60).Ticket;
        var again = Do(solved, new TicketAct.Reopen("No."), Bob, 24 * 60).Ticket;
        Assert.Equal((null, Friday.AddMinutes(60)), (again.ResolvedAt, again.RespondedAt!.Value));
        // Three of the four hours were left.
        Assert.Equal(Friday.AddDays(1).AddHours(3), again.ResolutionDue);
        Assert.Equal(Friday.AddMinutes(15), again.ResponseDue);
    }

    [Fact]
    public void A_priority_given_while_it_waits_counts_what_was_used_before()
    {
        // An hour of p1 is used; p2 allows eighteen of the office, which is closed until Tuesday at 08:00.
        var waiting = Do(Open("all", "now"), new TicketAct.Wait(WaitingFor.Requester, "Which?"), Bob, 60).Ticket;
        Assert.Null(waiting.ResolutionDue);
        var lower = Do(waiting, new TicketAct.Triage(Impact: "one", Reason: "One only."), Bob, 90).Ticket;
        Assert.Null(lower.ResolutionDue);
        var resumed = Do(lower, new TicketAct.Resume(), Bob, 120).Ticket;
        Assert.Equal(Utc("2026-11-25T16:00+03:00"), resumed.ResolutionDue);
    }

    [Fact]
    public void A_breach_is_noted_once()
    {
        var ticket = Open("one", "now");
        var due = ticket.ResponseDue!.Value;
        var breached = Fire(ticket, ServiceTarget.Response, "breach", due.AddMinutes(1));
        Assert.Equal(new Breach(ServiceTarget.Response, due, due.AddMinutes(1), 0), Assert.Single(breached.Ticket.Breaches));
        Assert.Equal(["response/breach"], breached.Ticket.Fired);
        Assert.Empty(Fire(breached.Ticket, ServiceTarget.Response, "breach", due.AddMinutes(9)).Events);
    }

    [Theory]
    [InlineData("breach", "level-1", "level-2", "level-4")]
    [InlineData("level-4", "level-2", "breach", "level-1")]
    [InlineData("level-2", "level-4", "level-1", "breach")]
    public void The_highest_level_that_was_told_is_known_in_whatever_order_the_marks_come(params string[] marks)
    {
        var ticket = Open("all", "now");
        foreach (var mark in marks)
        {
            ticket = Fire(ticket, ServiceTarget.Resolution, mark, Friday.AddHours(9)).Ticket;
        }

        Assert.Equal(new Breach(ServiceTarget.Resolution, Friday.AddHours(4), Friday.AddHours(9), 4), Assert.Single(ticket.Breaches));
        Assert.Equal(5, ticket.Events);
    }

    [Fact]
    public void Both_targets_can_be_missed()
    {
        var one = Fire(Open("all", "now"), ServiceTarget.Response, "breach", Friday.AddHours(9)).Ticket;
        one = Fire(one, ServiceTarget.Response, "level-1", Friday.AddHours(9)).Ticket;
        var both = Fire(one, ServiceTarget.Resolution, "breach", Friday.AddHours(9)).Ticket;
        Assert.Equal([(ServiceTarget.Response, 1), (ServiceTarget.Resolution, 0)], both.Breaches.Select(static breach => (breach.Target, breach.Level)));
    }

    [Fact]
    public void A_warning_or_a_level_before_the_due_instant_is_no_breach()
    {
        var warned = TicketRules.Fire(Open("all", "now"), ServiceTarget.Resolution, new ClockMark("warning-50", ClockMarkKind.Warning, 50, default, Friday), "Half.", Friday).Ticket;
        var told = TicketRules.Fire(warned, ServiceTarget.Resolution, new ClockMark("level-1", ClockMarkKind.Level, 1, default, Friday), "Soon.", Friday).Ticket;
        Assert.Empty(told.Breaches);
        Assert.Equal(["resolution/warning-50", "resolution/level-1"], told.Fired);
    }

    [Fact]
    public void Nothing_of_a_breach_is_said_to_the_requester()
    {
        var breached = Fire(Open("one", "now"), ServiceTarget.Response, "breach", Friday.AddDays(9));
        Assert.All(breached.Events, static happened => Assert.Null(happened.Said));
    }

    private static TicketChange Do(Ticket ticket, TicketAct act, TicketActor actor, int minutes) => TicketRules.Apply(SamplePlan.Plan, ticket, act, actor, Friday.AddMinutes(minutes));

    private static TicketChange Fire(Ticket ticket, ServiceTarget target, string mark, DateTimeOffset now) =>
        TicketRules.Fire(ticket, target, ServiceLevelClock.Read(SamplePlan.Plan, ticket.Clock, target).Marks.Single(one => one.Key == mark), mark, now);

    private static Ticket Open(string impact, string urgency) => TicketRules.Open(SamplePlan.Plan, "T-1", Request(impact, urgency)).Ticket;

    private static NewTicket Request(string impact, string urgency) => new(TicketType.Incident, "Printer", "It smokes", "records", impact, urgency, "kim", "F-1", Friday);
}
