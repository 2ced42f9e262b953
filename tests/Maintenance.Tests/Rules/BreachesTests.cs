using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>What falls due on a ticket, when, and what becomes of an entry that says so.</summary>
public sealed class BreachesTests
{
    private static readonly OperationsPlan Plan = WithChain(SamplePlan.Plan);
    private static readonly TicketActor Ben = new("ben", true);

    // A Tuesday in the calendar that is always open: the response is due after a quarter of an hour, the resolution after four hours.
    private static readonly DateTimeOffset Created = Utc("2026-11-24T08:00Z");

    [Theory]
    // Target, mark, its minutes, and those of the answer, the solution, now.
    [InlineData(ServiceTarget.Response, "breach", 15, null, null, 14, DueVerdict.Wait)]
    [InlineData(ServiceTarget.Response, "breach", 15, null, null, 15, DueVerdict.Wait)]
    [InlineData(ServiceTarget.Response, "breach", 15, null, null, 16, DueVerdict.Send)]
    [InlineData(ServiceTarget.Response, "breach", 15, 14, null, 16, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Response, "breach", 15, 15, null, 16, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Response, "breach", 15, 16, null, 17, DueVerdict.Send)]
    [InlineData(ServiceTarget.Response, "breach", 15, 16, 70, 80, DueVerdict.Send)]
    [InlineData(ServiceTarget.Response, "breach", 15, null, 10, 80, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Resolution, "breach", 240, 10, null, 240, DueVerdict.Wait)]
    [InlineData(ServiceTarget.Resolution, "breach", 240, 10, null, 241, DueVerdict.Send)]
    [InlineData(ServiceTarget.Resolution, "breach", 240, 10, 240, 241, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Resolution, "breach", 240, 10, 241, 300, DueVerdict.Send)]
    // Warnings, levels and the alarm chase only what is still not done.
    [InlineData(ServiceTarget.Resolution, "warning-50", 120, 10, null, 121, DueVerdict.Send)]
    [InlineData(ServiceTarget.Resolution, "warning-50", 120, 10, 130, 131, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Response, "level-2", 75, null, null, 75, DueVerdict.Wait)]
    [InlineData(ServiceTarget.Response, "level-2", 75, null, null, 76, DueVerdict.Send)]
    [InlineData(ServiceTarget.Response, "level-2", 75, 60, null, 76, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Response, "level-2", 75, 80, null, 90, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Response, "level-1-repeat-1", 35, null, null, 36, DueVerdict.Send)]
    [InlineData(ServiceTarget.Response, "alarm", 135, null, null, 136, DueVerdict.Send)]
    [InlineData(ServiceTarget.Resolution, "level-2", 300, 10, 305, 310, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Resolution, "level-2", 300, 10, null, 301, DueVerdict.Send)]
    // Where it is no more, or where the chain has no such mark.
    [InlineData(ServiceTarget.Resolution, "breach", 239, 10, null, 300, DueVerdict.Drop)]
    [InlineData(ServiceTarget.Resolution, "level-9", 240, 10, null, 300, DueVerdict.Drop)]
    public void An_entry_is_judged_as_in_the_table(ServiceTarget target, string mark, int at, int? responded, int? resolved, int now, DueVerdict expected) =>
        Assert.Equal(expected, Breaches.Judge(Plan, Ticket(responded, resolved), new DueEntry("T-1", target, mark, Created.AddMinutes(at)), Created.AddMinutes(now)));

    [Fact]
    public void A_mark_is_reached_right_after_its_instant()
    {
        var due = Created.AddMinutes(15);
        var entry = new DueEntry("T-1", ServiceTarget.Response, "breach", due);
        Assert.Equal(DueVerdict.Wait, Breaches.Judge(Plan, Ticket(null, null), entry, due));
        Assert.Equal(DueVerdict.Send, Breaches.Judge(Plan, Ticket(null, null), entry, due.AddTicks(1)));
        Assert.Equal(DueVerdict.Drop, Breaches.Judge(Plan, Answered(due), entry, due.AddTicks(1)));
        Assert.Equal(DueVerdict.Send, Breaches.Judge(Plan, Answered(due.AddTicks(1)), entry, due.AddTicks(2)));

        static Ticket Answered(DateTimeOffset at) => TicketRules.Apply(Plan, Ticket(null, null), new TicketAct.Respond("Yes?"), Ben, at).Ticket;
    }

    [Fact]
    public void The_marks_of_a_chain_come_one_after_the_other_each_once_to_the_alarm()
    {
        var ticket = Ticket(null, null);
        var next = Breaches.Next(Plan, ticket).Single(static entry => entry.Target == ServiceTarget.Response);
        var told = new List<string>();
        for (var entry = next; entry is not null; entry = Breaches.After(Plan, ticket, entry))
        {
            told.Add($"{entry.Mark} {(entry.At - Created).TotalMinutes}");
        }

        Assert.Equal(["warning-50 7.5", "breach 15", "level-1 15", "level-1-repeat-1 35", "level-1-repeat-2 55", "level-2 75", "alarm 135"], told);

        // And the same where each has fired before the next one is asked for.
        var fired = new List<string>();
        while (Breaches.Next(Plan, ticket).SingleOrDefault(static entry => entry.Target == ServiceTarget.Response) is { } entry)
        {
            fired.Add(entry.Mark);
            ticket = Fire(ticket, entry.Target, entry.Mark, entry.At.AddMinutes(1));
        }

        Assert.Equal(told.Select(static one => one.Split(' ')[0]), fired);
    }

    [Fact]
    public void An_acknowledgement_ends_the_repeats_and_spares_the_alarm_and_nothing_else()
    {
        var ticket = TicketRules.Apply(Plan, Ticket(null, null), new TicketAct.Acknowledge(ServiceTarget.Response), Ben, Created.AddMinutes(16)).Ticket;
        Assert.Equal(["warning-50", "breach", "level-1", "level-2"], Breaches.Unfired(Plan, ticket, ServiceTarget.Response).Select(static mark => mark.Key));
        Assert.Contains("alarm", Breaches.Unfired(Plan, ticket, ServiceTarget.Resolution).Select(static mark => mark.Key));
        Assert.Equal(DueVerdict.Drop, Breaches.Judge(Plan, ticket, new DueEntry("T-1", ServiceTarget.Response, "level-1-repeat-1", Created.AddMinutes(35)), Created.AddHours(9)));
    }

    [Fact]
    public void While_it_waits_nothing_that_is_to_come_is_in_the_index_and_what_was_reached_before_is()
    {
        var ticket = TicketRules.Apply(Plan, Ticket(null, null), new TicketAct.Wait(WaitingFor.Requester, "Which?"), Ben, Created.AddMinutes(130)).Ticket;
        Assert.Equal([new DueEntry("T-1", ServiceTarget.Response, "warning-50", Created.AddMinutes(7.5)), new("T-1", ServiceTarget.Resolution, "warning-50", Created.AddMinutes(120))], Breaches.Next(Plan, ticket));
        ticket = Fire(ticket, ServiceTarget.Resolution, "warning-50", Created.AddMinutes(131));
        Assert.Equal([ServiceTarget.Response], Breaches.Next(Plan, ticket).Select(static entry => entry.Target));

        // It goes on an hour later, and all that has not fired with it.
        ticket = TicketRules.Apply(Plan, ticket, new TicketAct.Resume(), Ben, Created.AddMinutes(190)).Ticket;
        Assert.Equal(new DueEntry("T-1", ServiceTarget.Resolution, "breach", Created.AddMinutes(300)), Breaches.Next(Plan, ticket)[1]);
    }

    [Fact]
    public void Another_priority_fires_nothing_again_and_what_it_has_used_up_at_once()
    {
        // Three hours of four are used in p2's words, too; its office opened at 08:00.
        var ticket = TicketRules.Apply(SamplePlan.Plan, Open("one", "later"), new TicketAct.Respond("Yes?"), Ben, Created.AddMinutes(1)).Ticket;
        var raised = TicketRules.Apply(SamplePlan.Plan, ticket, new TicketAct.Triage(Impact: "all", Urgency: "now", Reason: "Everybody."), Ben, Created.AddHours(5)).Ticket;
        Assert.Equal(Created.AddHours(5), raised.ResolutionDue);
        var breach = Assert.Single(Breaches.Next(SamplePlan.Plan, raised));
        Assert.Equal(("breach", Created.AddHours(5)), (breach.Mark, breach.At));
        Assert.Equal(DueVerdict.Wait, Breaches.Judge(SamplePlan.Plan, raised, breach, Created.AddHours(5)));
        var fired = TicketRules.Fire(raised, ServiceTarget.Resolution, ServiceLevelClock.Read(SamplePlan.Plan, raised.Clock, ServiceTarget.Resolution).Marks[0], "Missed.", Created.AddHours(6)).Ticket;
        var lowered = TicketRules.Apply(SamplePlan.Plan, fired, new TicketAct.Triage(Impact: "one", Reason: "One only."), Ben, Created.AddHours(6)).Ticket;
        Assert.DoesNotContain("breach", Breaches.Unfired(SamplePlan.Plan, lowered, ServiceTarget.Resolution).Select(static mark => mark.Key));
    }

    [Fact]
    public void A_priority_that_the_plan_has_lost_is_never_due()
    {
        var lost = SamplePlan.Plan with { ServiceLevels = SamplePlan.Plan.ServiceLevels with { Targets = [SamplePlan.Plan.ServiceLevels.Targets[1]] } };
        var ticket = Ticket(null, null);
        Assert.Empty(Breaches.Next(lost, ticket));
        Assert.Equal(DueVerdict.Drop, Breaches.Judge(lost, ticket, new DueEntry("T-1", ServiceTarget.Response, "breach", Created.AddMinutes(15)), Created.AddDays(1)));
        var timed = TicketRules.Timed(lost, ticket);
        Assert.Equal((null, null), (timed.ResponseDue, timed.ResolutionDue));
    }

    [Fact]
    public void A_mark_that_has_moved_is_another_message_and_whoever_is_told_of_it_is_told_under_one_name()
    {
        var entry = new DueEntry("T-1042", ServiceTarget.Resolution, "level-2", Created);
        Assert.Equal("T-1042/resolution/level-2@20261124T080000.000Z", entry.MessageId);
        Assert.Equal("T-1042/resolution/level-2@20261124T090000.000Z", (entry with { At = Created.AddHours(1) }).MessageId);
        Assert.Equal("T-1042/resolution/level-2", DueEntry.Key("T-1042", ServiceTarget.Resolution, "level-2"));
        Assert.Equal("response/breach", DueEntry.Fired(ServiceTarget.Response, "breach"));
    }

    /// <summary>Level 1 at once, again every twenty minutes; level 2 after an hour; half of a target warns.</summary>
    private static OperationsPlan WithChain(OperationsPlan plan) => plan with
    {
        ServiceLevels = new ServiceLevelAgreement(
            [plan.ServiceLevels.Targets[0] with { Warnings = [50] }, plan.ServiceLevels.Targets[1]],
            [
                new EscalationChain("urgent", [new EscalationLevel(TimeSpan.Zero, ["ann"], [], "") { Repeat = TimeSpan.FromMinutes(20) }, new EscalationLevel(TimeSpan.FromHours(1), ["ann"], [], "")]),
                SamplePlan.Ordinary,
            ]),
    };

    private static Ticket Fire(Ticket ticket, ServiceTarget target, string mark, DateTimeOffset now) =>
        TicketRules.Fire(ticket, target, ServiceLevelClock.Read(Plan, ticket.Clock, target).Marks.Single(one => one.Key == mark), mark, now).Ticket;

    private static Ticket Open(string impact, string urgency) =>
        TicketRules.Open(Plan, "T-1", new NewTicket(TicketType.Incident, "Title", "", null, impact, urgency, null, null, Created)).Ticket;

    private static Ticket Ticket(int? responded, int? resolved)
    {
        var ticket = Open("all", "now");
        ticket = responded is { } answered ? TicketRules.Apply(Plan, ticket, new TicketAct.Respond("Yes?"), Ben, Created.AddMinutes(answered)).Ticket : ticket;
        return resolved is { } solved ? TicketRules.Apply(Plan, ticket, new TicketAct.Resolve("Done."), Ben, Created.AddMinutes(solved)).Ticket : ticket;
    }
}
