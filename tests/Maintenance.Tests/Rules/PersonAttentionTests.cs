using Maintenance.Patches;
using Maintenance.Recovery;
using Maintenance.Status;
using Maintenance.Tickets;
using static Maintenance.Tests.Rules.ApprovalStory;

namespace Maintenance.Tests.Rules;

/// <summary>What waits for one person.</summary>
public sealed class PersonAttentionTests
{
    private static readonly DateTimeOffset At = Start.AddMinutes(30);

    [Fact]
    public void A_vote_waits_for_whoever_may_give_it_until_they_have()
    {
        var open = new PatchCase(Request(2), []);
        var item = Assert.Single(Patches("ann", "cab", open));
        Assert.Equal((AttentionSeverity.Action, "/patches/P-1007", "Your vote on P-1007: OpenSSL (0 of 2 approvals, 9h 30m left)"), (item.Severity, item.Path, item.Text));

        // Who asked for it, who implements it, and who has another role.
        Assert.Empty(Patches("req", "cab", open));
        Assert.Empty(Patches("imp", "owner", open));
        Assert.Empty(Patches("ann", "support", open));

        var voted = new PatchCase(Request(2), Events("ann:cab:+:10"));
        Assert.Empty(Patches("ann", "cab", voted));
        Assert.Single(Patches("ben", "owner", voted));
        Assert.Empty(Patches("ben", "owner", new PatchCase(Request(2), Events("ann:cab:+:10 cat:cab:+:20"))));
        Assert.Empty(PersonAttention.Of(RecoveryStory.Person("ann", "cab"), [open], [], [], Expiry));

        // A revision makes all votes void: it waits for them again.
        Assert.Single(Patches("ann", "cab", new PatchCase(Request(2, A), Events("ann:cab:+:10:A req::R:20:B"))));
    }

    [Fact]
    public void A_gate_waits_for_those_who_approve_and_a_step_for_its_owner()
    {
        var gate = RecoveryStory.AtGate(RecoveryStory.Start);
        Assert.Equal((AttentionSeverity.Alarm, "/recovery/R-1001"), Recoveries("kim", "approver", gate) is [var one] ? (one.Severity, one.Path) : default);
        Assert.Empty(Recoveries("sam", "support", gate));
        Assert.Empty(Recoveries("kim", "approver", RecoveryMoves.Vote(gate, "gate", new GateVote("kim", true, null, RecoveryStory.Start))));

        var look = RecoveryMoves.Take(RecoveryStory.Run().Do("restore", RecoveryStory.Start).Do("check", RecoveryStory.Start), "look", RecoveryStory.Start).Run;
        Assert.Single(Recoveries("sam", "support", look));
        Assert.Empty(Recoveries("kim", "approver", look));

        // An administrator may do all of it, but it does not wait for them.
        Assert.Empty(Recoveries("ada", "administrator", look));
        var drill = RecoveryMoves.Fail(RecoveryMoves.Begin(RecoveryMoves.Take(RecoveryStory.Run(RecoveryKind.Recovery), "restore", RecoveryStory.Start).Run, "restore"), "restore", "No disk.", RecoveryStory.Start);
        Assert.Contains("has failed", Assert.Single(Recoveries("sam", "support", drill)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Their_tickets_are_named_once_they_are_late_nearly_late_or_not_begun()
    {
        var opened = TicketRules.Open(SamplePlan.Plan, "T-1", new NewTicket(TicketType.Incident, "Printer", "", "records", "all", "now", null, null, Start)).Ticket;
        var ticket = opened with { State = TicketState.Assigned, Assignee = "ann" };
        var due = ticket.Due(ticket.Running!.Value)!.Value;
        Assert.Equal(AttentionSeverity.Alarm, Assert.Single(Tickets(ticket, due.AddSeconds(1))).Severity);
        Assert.Equal(AttentionSeverity.Warning, Assert.Single(Tickets(ticket, due)).Severity);
        Assert.Equal(AttentionSeverity.Warning, Assert.Single(Tickets(ticket, due - Attention.Soon)).Severity);
        Assert.Empty(Tickets(ticket with { RespondedAt = Start, State = TicketState.InProgress }, Start));

        // This one is due in a quarter of an hour; with more time left nobody has begun, and that is said.
        var ordinary = TicketRules.Open(SamplePlan.Plan, "T-2", new NewTicket(TicketType.Incident, "Printer", "", "records", "one", "later", null, null, Start)).Ticket;
        Assert.Equal(AttentionSeverity.Action, Assert.Single(Tickets(ordinary with { Assignee = "ann" }, Start)).Severity);
        Assert.Empty(Tickets(ticket with { State = TicketState.Closed }, due.AddDays(1)));
    }

    private static IReadOnlyList<AttentionItem> Patches(string person, string role, PatchCase patch) => PersonAttention.Of(RecoveryStory.Person(person, role), [patch], [], [], At);

    private static IReadOnlyList<AttentionItem> Recoveries(string person, string role, RecoveryRun run) => PersonAttention.Of(RecoveryStory.Person(person, role), [], [run], [], At);

    private static IReadOnlyList<AttentionItem> Tickets(Ticket ticket, DateTimeOffset now) => PersonAttention.Of(RecoveryStory.Person("ann"), [], [], [ticket], now);
}
