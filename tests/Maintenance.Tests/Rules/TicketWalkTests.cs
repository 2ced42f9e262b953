using FsCheck.Fluent;
using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Whatever people do to a ticket, in whatever order and at whatever time: what must always hold.</summary>
public sealed class TicketWalkTests
{
    private static readonly OperationsPlan Plan = HelpDeskPlan.Plan;

    private static readonly TicketActor[] Actors =
        [new("ben", true), new("cat", true), new("ann", true), TicketActor.System, new("eve", false), new("kim", false), TicketActor.Requester, new("zoe", false)];

    [Fact]
    public void What_must_always_hold_does() => Law.Holds(Gen.Choose(0, int.MaxValue - 1), 400, static seed =>
    {
        var random = new Random(seed);
        var now = Utc("2026-11-19T12:00Z").AddMinutes(random.Next(7 * 1440));
        var (ticket, events) = TicketRules.Open(
            Plan, "T-1", new NewTicket(TicketType.Incident, "Printer", "It smokes", random.Next(2) == 0 ? "records" : null, random.Next(2) == 0 ? "all" : "one", "now", "kim", null, now));
        Check(ticket, [.. events], null);
        var history = events.ToList();
        for (var step = random.Next(25); step > 0; step--)
        {
            // Now and then a machine's clock is set back.
            now = now.AddSeconds(random.Next(12) == 0 ? -random.Next(3600) : random.Next(3) == 0 ? random.Next(60) : random.Next(6 * 3600));
            var before = ticket;
            TicketChange change;
            try
            {
                change = random.Next(4) == 0 ? Fire(ticket, now, random) : TicketRules.Apply(Plan, ticket, Act(random), Actors[random.Next(Actors.Length)], now);
            }
            catch (Exception refused) when (refused is TicketRefusedException or TicketStateException or TicketActException)
            {
                continue;
            }

            history.AddRange(change.Events);
            ticket = change.Ticket;
            Check(ticket, history, before);
            if (change.Events.Count == 0)
            {
                Assert.Equal(MaintenanceJson.Write(before), MaintenanceJson.Write(ticket));
            }
        }
    });

    private static void Check(Ticket ticket, List<TicketEvent> history, Ticket? before)
    {
        Assert.Equal(Enumerable.Range(1, history.Count), history.Select(static entry => entry.Number));
        Assert.Equal(history.Count, ticket.Events);
        Assert.Equal(ticket.Clock.OrderBy(static entry => entry.At), ticket.Clock);
        Assert.Equal(ticket.State is TicketState.Resolved or TicketState.Closed, ticket.ResolvedAt is not null);
        Assert.Equal(ticket.State == TicketState.Closed, ticket.ClosedAt is not null);
        Assert.Equal(!ticket.IsOpen, ticket.Resolution is not null);
        Assert.Equal(ticket.State == TicketState.Waiting, ticket.WaitingFor is not null);
        Assert.True(ticket.State != TicketState.Assigned || ticket.Assignee is not null);
        Assert.True(ticket.State != TicketState.New || (ticket.Assignee is null && ticket.RespondedAt is null));
        Assert.Equal(Plan.Priorities.Of(ticket.Impact, ticket.Urgency), ticket.Priority);

        // What the ticket says is what its clocks say.
        foreach (var target in Enum.GetValues<ServiceTarget>())
        {
            var reading = ServiceLevelClock.Read(Plan, ticket.Clock, target);
            Assert.Equal(reading.ReachedAt, ticket.Reached(target));
            Assert.Equal(reading.Due, ticket.Due(target));
            Assert.Equal(reading.State == ClockState.Waiting, ticket.WaitingFor is { } whom && Plan.ServiceLevels.Stops(whom, target) && ticket.Reached(target) is null);
            Assert.True(ticket.Breaches.Count(breach => breach.Target == target) <= 1);
            Assert.Equal(ticket.Breaches.Any(breach => breach.Target == target), ticket.Fired.Contains(DueEntry.Fired(target, "breach")));
        }

        Assert.Equal(MaintenanceJson.Write(ticket), MaintenanceJson.Write(TicketRules.Timed(Plan, ticket)));
        Assert.Equal(MaintenanceJson.Write(ticket), MaintenanceJson.Write(MaintenanceJson.Read<Ticket>(MaintenanceJson.Write(ticket))));
        Assert.Equal(ticket.Fired.Distinct(), ticket.Fired);
        Assert.True(Breaches.Next(Plan, ticket).Count <= 2);
        if (before is not null)
        {
            Assert.Equal(before.Clock, ticket.Clock.Take(before.Clock.Count));
            Assert.Equal(before.Fired, ticket.Fired.Take(before.Fired.Count));
            Assert.True(before.RespondedAt is null || before.RespondedAt == ticket.RespondedAt, "the first response was reset");
            Assert.Equal(before.CreatedAt, ticket.CreatedAt);
        }
    }

    /// <summary>Fires a mark that is past and has not fired, as a sweep would; again, it changes nothing.</summary>
    private static TicketChange Fire(Ticket ticket, DateTimeOffset now, Random random)
    {
        var past = Enum.GetValues<ServiceTarget>().SelectMany(target => Breaches.Unfired(Plan, ticket, target).Where(mark => mark.At < now).Select(mark => (target, mark))).ToList();
        if (past.Count == 0)
        {
            return TicketChange.None(ticket);
        }

        var (of, fired) = past[random.Next(past.Count)];
        var change = TicketRules.Fire(ticket, of, fired, "Reached.", now);
        Assert.Empty(TicketRules.Fire(change.Ticket, of, fired, "Reached.", now.AddHours(1)).Events);
        return change;
    }

    private static TicketAct Act(Random random)
    {
        string[] services = ["records", ""];
        return random.Next(20) switch
        {
            0 => new TicketAct.Triage(),
            1 or 2 => new TicketAct.Triage(Impact: Any("all", "one"), Urgency: Any("now", "later"), Reason: "So."),
            3 => new TicketAct.Triage(Service: services[random.Next(2)], Reason: "So."),
            4 => new TicketAct.Triage(Team: Any("desk", "second"), Reason: "So."),
            5 or 6 => new TicketAct.Assign(Any("ben", "cat", "queue", "kim")),
            7 => new TicketAct.Start(),
            8 or 9 => new TicketAct.Wait(random.Next(2) == 0 ? WaitingFor.Requester : WaitingFor.Supplier, "So."),
            10 or 11 => new TicketAct.Resume(),
            12 => new TicketAct.Respond("So."),
            13 or 14 => new TicketAct.Comment("So.", random.Next(3) > 0),
            15 or 16 => new TicketAct.Resolve("So.", Enum.GetValues<TicketResolution>()[random.Next(3)]),
            17 => new TicketAct.Close(),
            18 => new TicketAct.Acknowledge(),
            _ => new TicketAct.Reopen("So."),
        };

        string Any(params string[] of) => of[random.Next(of.Length)];
    }
}
