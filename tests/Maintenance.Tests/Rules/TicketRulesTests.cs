using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>How a ticket begins and moves on.</summary>
public sealed class TicketRulesTests
{
    // A Friday; the office is closed on the Monday after it.
    private static readonly DateTimeOffset Friday = Utc("2026-11-20T16:30+03:00");

    [Fact]
    public void A_ticket_opens_with_the_priority_and_the_clocks_of_the_plan()
    {
        var ticket = Open("one", "now");
        Assert.Equal(("T-1", TicketState.New, "p2", Friday), (ticket.Id, ticket.State, ticket.Priority, ticket.CreatedAt));
        Assert.Equal(Utc("2026-11-24T11:30+03:00"), ticket.ResponseDue);
        // Half an hour on Friday, nine on Tuesday, eight and a half on Wednesday.
        Assert.Equal(Utc("2026-11-25T16:30+03:00"), ticket.ResolutionDue);
        Assert.Null(ticket.RespondedAt);
        Assert.Null(ticket.ResolvedAt);
        Assert.Empty(ticket.Breaches);
        Assert.Equal(("Printer", "It smokes", "records", "kim", "F-1"), (ticket.Title, ticket.Description, ticket.Service, ticket.Requester, ticket.FeedbackReference));
        Assert.Equal((TicketType.Incident, "one", "now"), (ticket.Type, ticket.Impact, ticket.Urgency));
        Assert.Equal(Friday, Assert.Single(ticket.History).At);
    }

    [Fact]
    public void An_urgent_ticket_is_measured_around_the_clock()
    {
        var ticket = Open("all", "now");
        Assert.Equal(("p1", Friday.AddMinutes(15), Friday.AddHours(4)), (ticket.Priority, ticket.ResponseDue, ticket.ResolutionDue));
    }

    [Fact]
    public void An_impact_that_the_plan_does_not_know_opens_nothing() => Assert.ThrowsAny<KeyNotFoundException>(() => Open("some", "now"));

    [Fact]
    public void The_first_answer_stops_the_response_clock_and_a_second_one_does_not()
    {
        var first = TicketRules.Respond(Open("one", "now"), "bob", "Looking at it", Friday.AddMinutes(5));
        var second = TicketRules.Respond(first, "cid", "Still at it", Friday.AddMinutes(50));
        Assert.Equal((TicketState.InProgress, Friday.AddMinutes(5)), (first.State, first.RespondedAt));
        Assert.Equal((TicketState.InProgress, Friday.AddMinutes(5)), (second.State, second.RespondedAt));
        Assert.Equal(3, second.History.Count);
        Assert.Equal(("cid", "Still at it", Friday.AddMinutes(50)), (second.History[^1].By, second.History[^1].Said, second.History[^1].At));
        Assert.Equal((first.ResponseDue, first.ResolutionDue, first.CreatedAt), (second.ResponseDue, second.ResolutionDue, second.CreatedAt));
    }

    [Fact]
    public void A_solution_without_an_answer_is_the_answer_too()
    {
        var solved = TicketRules.Resolve(Open("one", "now"), "bob", "Replaced it", Friday.AddMinutes(20));
        Assert.Equal((TicketState.Resolved, Friday.AddMinutes(20), Friday.AddMinutes(20)), (solved.State, solved.RespondedAt, solved.ResolvedAt));
        Assert.Equal(("bob", "Replaced it"), (solved.History[^1].By, solved.History[^1].Said));
        Assert.False(solved.IsOpen);
    }

    [Fact]
    public void A_solution_leaves_an_answer_where_it_was()
    {
        var solved = TicketRules.Resolve(TicketRules.Respond(Open("one", "now"), "bob", "Looking", Friday.AddMinutes(5)), "bob", "Done", Friday.AddMinutes(20));
        Assert.Equal((Friday.AddMinutes(5), Friday.AddMinutes(20)), (solved.RespondedAt, solved.ResolvedAt));
    }

    [Fact]
    public void What_is_solved_is_neither_answered_nor_solved_again()
    {
        var solved = TicketRules.Resolve(Open("one", "now"), "bob", "Done", Friday.AddMinutes(20));
        _ = Assert.Throws<TicketStateException>(() => TicketRules.Respond(solved, "cid", "Hello", Friday.AddMinutes(30)));
        _ = Assert.Throws<TicketStateException>(() => TicketRules.Resolve(solved, "cid", "Done", Friday.AddMinutes(30)));
    }

    [Fact]
    public void A_breach_is_noted_once()
    {
        var ticket = Open("one", "now");
        var late = ticket.ResponseDue.AddMinutes(1);
        var breached = TicketRules.Escalate(ticket, ServiceTarget.Response, ticket.ResponseDue, 0, late);
        Assert.Equal(new Breach(ServiceTarget.Response, ticket.ResponseDue, late, 0), Assert.Single(breached.Breaches));
        AssertSame(breached, TicketRules.Escalate(breached, ServiceTarget.Response, ticket.ResponseDue, 0, late.AddMinutes(9)));
    }

    [Fact]
    public void A_higher_level_is_noted_once_and_a_lower_one_that_comes_late_lowers_nothing()
    {
        var ticket = Open("one", "now");
        var late = ticket.ResponseDue.AddMinutes(1);
        var first = TicketRules.Escalate(ticket, ServiceTarget.Response, ticket.ResponseDue, 0, late);
        var second = TicketRules.Escalate(first, ServiceTarget.Response, ticket.ResponseDue, 2, late.AddHours(1));
        var breach = Assert.Single(second.Breaches);
        Assert.Equal((2, late), (breach.Level, breach.DetectedAt));
        Assert.Equal(first.History.Count + 1, second.History.Count);
        AssertSame(second, TicketRules.Escalate(second, ServiceTarget.Response, ticket.ResponseDue, 2, late.AddHours(2)));
        AssertSame(second, TicketRules.Escalate(second, ServiceTarget.Response, ticket.ResponseDue, 1, late.AddHours(2)));
        AssertSame(second, TicketRules.Escalate(second, ServiceTarget.Response, ticket.ResponseDue, 0, late.AddHours(2)));
    }

    [Fact]
    public void Both_targets_can_be_missed()
    {
        var ticket = Open("one", "now");
        var one = TicketRules.Escalate(ticket, ServiceTarget.Response, ticket.ResponseDue, 1, ticket.ResponseDue.AddMinutes(1));
        var both = TicketRules.Escalate(one, ServiceTarget.Resolution, ticket.ResolutionDue, 0, ticket.ResolutionDue.AddMinutes(1));
        Assert.Equal([(ServiceTarget.Response, 1), (ServiceTarget.Resolution, 0)], both.Breaches.Select(static breach => (breach.Target, breach.Level)));
    }

    [Fact]
    public void Nothing_of_a_breach_is_said_to_the_requester()
    {
        var ticket = Open("one", "now");
        var breached = TicketRules.Escalate(ticket, ServiceTarget.Response, ticket.ResponseDue, 1, ticket.ResponseDue.AddMinutes(1));
        Assert.All(breached.History.Skip(ticket.History.Count), static happened => Assert.Null(happened.Said));
    }

    private static void AssertSame(Ticket expected, Ticket actual)
    {
        Assert.Equal(expected.Breaches, actual.Breaches);
        Assert.Equal(expected.History, actual.History);
        Assert.Equal(expected with { Breaches = actual.Breaches, History = actual.History }, actual);
    }

    private static Ticket Open(string impact, string urgency) => TicketRules.Open(
        SamplePlan.Plan, "T-1", new NewTicket(TicketType.Incident, "Printer", "It smokes", "records", impact, urgency, "kim", "F-1", Friday));
}
