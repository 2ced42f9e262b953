using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>What takes a ticket from where to where, and who may do it: the whole table.</summary>
public sealed class TicketTransitionTests
{
    private static readonly OperationsPlan Plan = HelpDeskPlan.Plan;
    private static readonly DateTimeOffset Start = Utc("2026-11-24T09:00+03:00");
    private static readonly TicketActor Ben = new("ben", true);

    private static readonly Dictionary<string, TicketAct> Acts = new()
    {
        ["look"] = new TicketAct.Triage(),
        ["triage"] = new TicketAct.Triage(TicketType.Problem, Reason: "It is one."),
        ["raise"] = new TicketAct.Triage(Impact: "all", Urgency: "now", Reason: "Everybody has it."),
        ["give"] = new TicketAct.Assign("cat"),
        ["queue"] = new TicketAct.Assign("queue"),
        ["start"] = new TicketAct.Start(),
        ["ask"] = new TicketAct.Wait(WaitingFor.Requester, "Which printer?"),
        ["order"] = new TicketAct.Wait(WaitingFor.Supplier, "A part."),
        ["resume"] = new TicketAct.Resume(),
        ["respond"] = new TicketAct.Respond("On it."),
        ["say"] = new TicketAct.Comment("On it.", IsPublic: true),
        ["note"] = new TicketAct.Comment("Hm."),
        ["resolve"] = new TicketAct.Resolve("Done."),
        ["close"] = new TicketAct.Close(),
        ["reopen"] = new TicketAct.Reopen("It smokes again."),
        ["edit"] = new TicketAct.Edit("Another title"),
        ["no edit"] = new TicketAct.Edit("Printer"),
        ["link"] = new TicketAct.Link(TicketLinkKind.CausedBy, "T-2"),
        ["unlink"] = new TicketAct.Unlink(TicketLinkKind.CausedBy, "T-9"),
        ["watch"] = new TicketAct.Watch("kim"),
        ["unwatch"] = new TicketAct.Unwatch("kim"),
        ["ack"] = new TicketAct.Acknowledge(),
    };

    /// <summary>What a ticket becomes: a state; <c>~</c> stays where it is and notes it, <c>=</c> changes nothing at all, <c>!</c> is refused.</summary>
    public static TheoryData<string, string, string, string, string, string, string, string, string> Table => new()
    {
        // act        new             triaged         assigned         in progress      waits: requester   waits: supplier    resolved   closed
        { "look",     "Triaged",      "=",            "=",             "=",             "=",               "=",               "!",       "!" },
        { "triage",   "Triaged",      "~",            "~",             "~",             "~",               "~",               "!",       "!" },
        { "raise",    "Triaged",      "~",            "~",             "~",             "~",               "~",               "!",       "!" },
        { "give",     "Assigned",     "Assigned",     "Assigned",      "Assigned",      "~",               "~",               "!",       "!" },
        { "queue",    "=",            "=",            "Triaged",       "Triaged",       "~",               "~",               "!",       "!" },
        { "start",    "InProgress",   "InProgress",   "InProgress",    "=",             "!",               "!",               "!",       "!" },
        { "ask",      "Waiting",      "Waiting",      "Waiting",       "Waiting",       "!",               "~",               "!",       "!" },
        { "order",    "Waiting",      "Waiting",      "Waiting",       "Waiting",       "~",               "!",               "!",       "!" },
        { "resume",   "!",            "!",            "!",             "!",             "Assigned",        "Assigned",        "!",       "!" },
        { "respond",  "InProgress",   "InProgress",   "InProgress",    "~",             "~",               "~",               "!",       "!" },
        { "say",      "InProgress",   "InProgress",   "InProgress",    "~",             "~",               "~",               "~",       "~" },
        { "note",     "~",            "~",            "~",             "~",             "~",               "~",               "~",       "~" },
        { "resolve",  "Resolved",     "Resolved",     "Resolved",      "Resolved",      "Resolved",        "Resolved",        "!",       "!" },
        { "close",    "!",            "!",            "!",             "!",             "!",               "!",               "Closed",  "=" },
        { "reopen",   "!",            "!",            "!",             "!",             "!",               "!",               "Assigned", "Assigned" },
        { "edit",     "~",            "~",            "~",             "~",             "~",               "~",               "~",       "~" },
        { "no edit",  "=",            "=",            "=",             "=",             "=",               "=",               "=",       "=" },
        { "link",     "~",            "~",            "~",             "~",             "~",               "~",               "~",       "~" },
        { "unlink",   "=",            "=",            "=",             "=",             "=",               "=",               "=",       "=" },
        { "watch",    "~",            "~",            "~",             "~",             "~",               "~",               "~",       "~" },
        { "unwatch",  "=",            "=",            "=",             "=",             "=",               "=",               "=",       "=" },
        { "ack",      "~",            "~",            "~",             "~",             "~",               "~",               "!",       "!" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void An_act_does_in_each_state_what_the_table_says(string act, params string[] expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        var before = States();
        Assert.Equal(before.Count, expected.Length);
        for (var i = 0; i < before.Count; i++)
        {
            var (ticket, at) = (before[i], Start.AddHours(1));
            if (expected[i] == "!")
            {
                _ = Assert.Throws<TicketStateException>(() => TicketRules.Apply(Plan, ticket, Acts[act], Ben, at));
                continue;
            }

            var (after, events) = TicketRules.Apply(Plan, ticket, Acts[act], Ben, at);
            Assert.Equal(expected[i] is "=" or "~" ? ticket.State : Enum.Parse<TicketState>(expected[i]), after.State);
            if (expected[i] == "=")
            {
                Assert.Empty(events);
                Assert.Equal(MaintenanceJson.Write(ticket), MaintenanceJson.Write(after));
                continue;
            }

            var entry = Assert.Single(events);
            Assert.Equal((ticket.Events + 1, "ben", at), (entry.Number, entry.By, entry.At));
            Assert.Equal(entry.Number, after.Events);
            Assert.Equal(after.State == TicketState.Waiting, after.WaitingFor is not null);
            Assert.Equal(!after.IsOpen, after.ResolvedAt is not null);
            Assert.Equal(after.State == TicketState.Closed, after.ClosedAt is not null);
        }
    }

    [Theory]
    // Which of the table's acts add what to the clocks of a ticket that was given to somebody, waits, or is resolved; nothing else does.
    [InlineData("triage", "assigned", null)]
    [InlineData("raise", "assigned", ClockEventKind.PriorityChanged)]
    [InlineData("give", "assigned", null)]
    [InlineData("queue", "assigned", null)]
    [InlineData("start", "assigned", null)]
    [InlineData("ask", "assigned", ClockEventKind.WaitingBegan)]
    [InlineData("order", "waiting", ClockEventKind.WaitingBegan)]
    [InlineData("resume", "waiting", ClockEventKind.WaitingEnded)]
    [InlineData("respond", "assigned", ClockEventKind.Responded)]
    [InlineData("respond", "waiting", ClockEventKind.Responded)]
    [InlineData("say", "assigned", ClockEventKind.Responded)]
    [InlineData("note", "assigned", null)]
    [InlineData("resolve", "assigned", ClockEventKind.Resolved)]
    [InlineData("resolve", "waiting", ClockEventKind.Resolved)]
    [InlineData("close", "resolved", null)]
    [InlineData("reopen", "resolved", ClockEventKind.Reopened)]
    [InlineData("say", "resolved", null)]
    [InlineData("edit", "assigned", null)]
    [InlineData("link", "assigned", null)]
    [InlineData("watch", "assigned", null)]
    [InlineData("ack", "assigned", null)]
    public void Only_what_the_clocks_must_know_reaches_them_and_neither_a_person_nor_a_text_does(string act, string state, ClockEventKind? expected)
    {
        var ticket = States()[state switch { "assigned" => 2, "waiting" => 4, _ => 6 }];
        var after = TicketRules.Apply(Plan, ticket, Acts[act], Ben, Start.AddHours(1)).Ticket;
        Assert.Equal(expected is { } kind ? [kind] : [], after.Clock.Skip(ticket.Clock.Count).Select(static entry => entry.Kind));
        Assert.Equal(ticket.Clock, after.Clock.Take(ticket.Clock.Count));
        if (expected is null)
        {
            Assert.Equal((ticket.ResponseDue, ticket.ResolutionDue), (after.ResponseDue, after.ResolutionDue));
        }
    }

    [Theory]
    // act                  support  administrator  in the chain  requester: a person  requester: outside  anybody
    [InlineData("triage", true, true, false, false, false, false)]
    [InlineData("give", true, true, false, false, false, false)]
    [InlineData("start", true, true, false, false, false, false)]
    [InlineData("ask", true, true, false, false, false, false)]
    [InlineData("respond", true, true, false, false, false, false)]
    [InlineData("say", true, true, false, true, true, false)]
    [InlineData("note", true, true, false, false, false, false)]
    [InlineData("resolve", true, true, false, false, false, false)]
    [InlineData("edit", true, true, false, false, false, false)]
    [InlineData("link", true, true, false, false, false, false)]
    [InlineData("watch", true, true, false, true, false, false)]
    [InlineData("ack", true, true, true, false, false, false)]
    public void An_open_ticket_is_changed_by_those_who_may(string act, params bool[] may) => Permitted(States()[2], act, may);

    [Theory]
    [InlineData("close", true, true, false, true, true, false)]
    [InlineData("reopen", true, true, false, true, true, false)]
    public void A_resolved_ticket_is_closed_or_opened_again_by_support_and_by_whoever_asked(string act, params bool[] may) => Permitted(States()[6], act, may);

    [Fact]
    public void Everybody_of_the_plan_may_watch_for_themselves_and_only_support_for_others()
    {
        var (ticket, zoe) = (States()[2], new TicketActor("zoe", false));
        var watched = TicketRules.Apply(Plan, ticket, new TicketAct.Watch(), zoe, Start).Ticket;
        Assert.Equal(["zoe"], watched.Watchers);
        Assert.Empty(TicketRules.Apply(Plan, watched, new TicketAct.Unwatch("zoe"), zoe, Start).Ticket.Watchers);
        _ = Assert.Throws<TicketRefusedException>(() => TicketRules.Apply(Plan, ticket, new TicketAct.Watch("ben"), zoe, Start));
        _ = Assert.Throws<TicketRefusedException>(() => TicketRules.Apply(Plan, watched, new TicketAct.Unwatch("zoe"), new TicketActor("kim", false), Start));
        _ = Assert.Throws<TicketActException>(() => TicketRules.Apply(Plan, ticket, new TicketAct.Watch(), TicketActor.Requester, Start));
    }

    [Theory]
    // A reason, a text, a person or another ticket has to be there and to make sense.
    [InlineData("wait", "reason")]
    [InlineData("respond", "text")]
    [InlineData("comment", "text")]
    [InlineData("resolve", "text")]
    [InlineData("reopen", "reason")]
    [InlineData("priority", "reason")]
    [InlineData("nobody", "to")]
    [InlineData("clerk", "to")]
    [InlineData("itself", "ticket")]
    [InlineData("impact", "impact")]
    [InlineData("service", "service")]
    [InlineData("team", "team")]
    [InlineData("long", "text")]
    [InlineData("title", "title")]
    public void What_is_missing_or_is_not_so_is_named(string what, string field)
    {
        TicketAct act = what switch
        {
            "wait" => new TicketAct.Wait(WaitingFor.Supplier, "  "),
            "respond" => new TicketAct.Respond(""),
            "comment" => new TicketAct.Comment("\n"),
            "resolve" => new TicketAct.Resolve(" "),
            "reopen" => new TicketAct.Reopen(""),
            "priority" => new TicketAct.Triage(Impact: "all"),
            "nobody" => new TicketAct.Assign("max"),
            "clerk" => new TicketAct.Assign("kim"),
            "itself" => new TicketAct.Link(TicketLinkKind.BlockedBy, "T-1"),
            "impact" => new TicketAct.Triage(Impact: "some", Reason: "So."),
            "service" => new TicketAct.Triage(Service: "nothing", Reason: "So."),
            "team" => new TicketAct.Triage(Team: "nobody", Reason: "So."),
            "long" => new TicketAct.Respond(new string('x', TicketRules.MaxText + 1)),
            _ => new TicketAct.Edit(new string('x', TicketRules.MaxTitle + 1)),
        };
        var ticket = States()[what == "reopen" ? 6 : 2];
        Assert.Equal(field, Assert.Throws<TicketActException>(() => TicketRules.Apply(Plan, ticket, act, Ben, Start.AddHours(1))).Field);
    }

    [Fact]
    public void The_requesters_answer_ends_the_wait_for_them_and_no_other_one()
    {
        var kim = new TicketActor("kim", false);
        var answer = new TicketAct.Comment("The one on the second floor.", IsPublic: true);
        var resumed = TicketRules.Apply(Plan, States()[4], answer, kim, Start.AddHours(1));
        Assert.Equal((TicketState.Assigned, null), (resumed.Ticket.State, resumed.Ticket.WaitingFor));
        Assert.Equal([TicketEventKind.Commented, TicketEventKind.Resumed], resumed.Events.Select(static entry => entry.Kind));
        Assert.Equal(TicketState.Waiting, TicketRules.Apply(Plan, States()[5], answer, kim, Start.AddHours(1)).Ticket.State);
        Assert.Equal(TicketState.Waiting, TicketRules.Apply(Plan, States()[4], new TicketAct.Comment("Hm."), Ben, Start.AddHours(1)).Ticket.State);
    }

    [Fact]
    public void Another_team_takes_a_ticket_from_somebody_who_is_not_in_it()
    {
        var moved = TicketRules.Apply(Plan, States()[3], new TicketAct.Triage(Team: "second", Reason: "Network."), Ben, Start.AddHours(1)).Ticket;
        Assert.Equal((TicketState.Triaged, null, "second"), (moved.State, moved.Assignee, moved.Team));
        var stays = TicketRules.Apply(Plan, States()[3], new TicketAct.Triage(Team: "desk"), Ben, Start.AddHours(1)).Ticket;
        Assert.Equal((TicketState.InProgress, "ben", "desk"), (stays.State, stays.Assignee, stays.Team));
    }

    [Fact]
    public void Whoever_begins_has_it_and_that_somebody_took_it_over_is_noted()
    {
        var (taken, events) = TicketRules.Apply(Plan, States()[3], new TicketAct.Start(), new TicketActor("cat", true), Start.AddHours(1));
        Assert.Equal(("cat", TicketState.InProgress, "cat"), (taken.Assignee, taken.State, Assert.Single(events).To));
        Assert.Null(Assert.Single(TicketRules.Apply(Plan, States()[2], new TicketAct.Start(), Ben, Start.AddHours(1)).Events).To);
    }

    [Fact]
    public void An_acknowledgement_is_of_the_targets_that_are_not_reached_once_each()
    {
        var both = TicketRules.Apply(Plan, States()[2], new TicketAct.Acknowledge(), Ben, Start.AddHours(1)).Ticket;
        Assert.Equal([ServiceTarget.Response, ServiceTarget.Resolution], both.Acknowledgements.Select(static one => one.Target));
        Assert.Empty(TicketRules.Apply(Plan, both, new TicketAct.Acknowledge(), Ben, Start.AddHours(2)).Events);
        var answered = TicketRules.Apply(Plan, States()[2], new TicketAct.Respond("On it."), Ben, Start.AddHours(1)).Ticket;
        Assert.Equal([ServiceTarget.Resolution], TicketRules.Apply(Plan, answered, new TicketAct.Acknowledge(), Ben, Start.AddHours(2)).Ticket.Acknowledgements.Select(static one => one.Target));
        Assert.Empty(TicketRules.Apply(Plan, answered, new TicketAct.Acknowledge(ServiceTarget.Response), Ben, Start.AddHours(2)).Events);
    }

    [Fact]
    public void A_clock_that_was_set_back_takes_no_ticket_back()
    {
        var ticket = States()[4];
        var resumed = TicketRules.Apply(Plan, ticket, new TicketAct.Resume(), Ben, Start.AddDays(-3));
        Assert.Equal(ticket.Clock[^1].At, resumed.Ticket.Clock[^1].At);
        Assert.Equal(ticket.Clock[^1].At, Assert.Single(resumed.Events).At);
    }

    [Fact]
    public void A_ticket_whose_clocks_were_changed_too_often_can_still_be_answered_and_solved_and_nothing_else_stops_or_starts_them()
    {
        var ticket = States()[2];
        for (var i = 0; ticket.Clock.Count < TicketRules.MaxClockEvents; i++)
        {
            ticket = ticket with { Clock = [.. ticket.Clock, new ClockEvent(Start, i % 2 == 0 ? ClockEventKind.WaitingBegan : ClockEventKind.WaitingEnded, For: i % 2 == 0 ? WaitingFor.Requester : null)] };
        }

        _ = Assert.Throws<TicketStateException>(() => TicketRules.Apply(Plan, ticket, Acts["ask"], Ben, Start.AddHours(1)));
        ticket = TicketRules.Apply(Plan, ticket, Acts["respond"], Ben, Start.AddHours(1)).Ticket;
        ticket = TicketRules.Apply(Plan, ticket, Acts["resolve"], Ben, Start.AddHours(2)).Ticket;
        Assert.Equal(TicketState.Resolved, ticket.State);
        _ = Assert.Throws<TicketStateException>(() => TicketRules.Apply(Plan, ticket, Acts["reopen"], Ben, Start.AddHours(3)));
    }

    private static void Permitted(Ticket ticket, string act, IReadOnlyList<bool> may)
    {
        TicketActor[] actors = [Ben, new("ann", true), new("eve", false), new("kim", false), TicketActor.Requester, new("zoe", false)];
        for (var i = 0; i < actors.Length; i++)
        {
            // A person watches for themselves; support for others, too.
            var does = Acts[act] is TicketAct.Watch && actors[i].Id == "kim" ? new TicketAct.Watch() : Acts[act];
            Assert.Equal(may[i], TicketPermissions.May(Plan, ticket, does, actors[i]));
            if (may[i])
            {
                Assert.Equal(actors[i].Id, TicketRules.Apply(Plan, ticket, does, actors[i], Start.AddHours(1)).Events[0].By);
            }
            else
            {
                _ = Assert.Throws<TicketRefusedException>(() => TicketRules.Apply(Plan, ticket, does, actors[i], Start.AddHours(1)));
            }
        }
    }

    /// <summary>A ticket in each state, as the table has them.</summary>
    private static IReadOnlyList<Ticket> States()
    {
        var fresh = TicketRules.Open(Plan, "T-1", new NewTicket(TicketType.Incident, "Printer", "It smokes", "records", "one", "now", "kim", null, Start)).Ticket;
        var triaged = Do(fresh, new TicketAct.Triage());
        var assigned = Do(triaged, new TicketAct.Assign("ben"));
        var started = Do(assigned, new TicketAct.Start());
        var resolved = Do(started, new TicketAct.Resolve("Done."));
        return
        [
            fresh, triaged, assigned, started, Do(started, new TicketAct.Wait(WaitingFor.Requester, "Which?")), Do(started, new TicketAct.Wait(WaitingFor.Supplier, "A part.")),
            resolved, Do(resolved, new TicketAct.Close()),
        ];

        static Ticket Do(Ticket ticket, TicketAct act) => TicketRules.Apply(Plan, ticket, act, Ben, Start.AddMinutes(10)).Ticket;
    }
}
