using Maintenance.Plan;
using Maintenance.Tests.Services;
using Maintenance.Tickets;

namespace Maintenance.Tests.Tickets;

/// <summary>What a page offers is what may be done, and nothing else.</summary>
public sealed class TicketChoicesTests
{
    public static readonly TicketActor[] Actors = [new("ben", true), new("cat", false), new("dan", false), TicketActor.Requester];

    [Fact]
    public async Task An_act_is_offered_exactly_where_it_can_be_done()
    {
        await using var office = await Office.OpenAsync();
        var plan = office.Plan.Current;
        foreach (var ticket in Tickets(plan))
        {
            foreach (var actor in Actors)
            {
                var choices = new TicketChoices(plan, ticket, actor);
                Check(choices.MayTriage, new TicketAct.Triage(TicketType.Problem));
                Check(choices.MayAssign, new TicketAct.Assign("ann"));
                Check(choices.MayResume, new TicketAct.Resume());
                Check(choices.MayRespond, new TicketAct.Respond("x"));
                Check(choices.MayComment, new TicketAct.Comment("x", IsPublic: true));
                Check(choices.MayNote, new TicketAct.Comment("x"));
                Check(choices.MayResolve, new TicketAct.Resolve("x"));
                Check(choices.MayReopen, new TicketAct.Reopen("x"));
                Check(choices.MayEdit, new TicketAct.Edit("Other"));
                Check(choices.MayEdit, new TicketAct.Link(TicketLinkKind.CausedBy, "T-2"));
                Check(choices.MayEdit, new TicketAct.UnlinkArticle("printer"));
                foreach (var whom in Enum.GetValues<WaitingFor>())
                {
                    Check(choices.MayWaitFor.Contains(whom), new TicketAct.Wait(whom, "x"));
                }

                // These can be done again, and then do nothing: they are offered where they do something.
                Check(choices.MayStart, new TicketAct.Start(), mustDo: true);
                Check(choices.MayClose, new TicketAct.Close(), mustDo: true);
                Check(choices.MayAcknowledge, new TicketAct.Acknowledge(), mustDo: true);
                Check(choices.MayWatch, new TicketAct.Watch(), mustDo: true);
                Check(choices.MayUnwatch, new TicketAct.Unwatch(), mustDo: true);

                void Check(bool isOffered, TicketAct act, bool mustDo = false) =>
                    Assert.True(isOffered == Can(act, mustDo), $"{actor.Id} on {ticket.State} ({ticket.Requester}): {act} is {(isOffered ? "offered and cannot be done" : "not offered and can be done")}");

                bool Can(TicketAct act, bool mustDo)
                {
                    try
                    {
                        return TicketRules.Apply(plan, ticket, act, actor, office.Clock.GetUtcNow()) is { } change && (!mustDo || change.Events.Count > 0);
                    }
                    catch (Exception error) when (error is TicketStateException or TicketRefusedException or TicketActException { Field: "person" })
                    {
                        return false;
                    }
                }
            }
        }
    }

    /// <summary>Tickets in every state, of a requester in the plan and of one outside.</summary>
    private static IEnumerable<Ticket> Tickets(OperationsPlan plan)
    {
        var at = new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);
        foreach (var requester in new[] { "cat", "Somebody" })
        {
            var ticket = TicketRules.Open(plan, "T-1", new NewTicket(TicketType.Incident, "A", "B", null, "all", "now", requester, null, at)).Ticket;
            yield return ticket;
            foreach (var act in new TicketAct[]
            {
                new TicketAct.Triage(), new TicketAct.Assign("ben"), new TicketAct.Start(), new TicketAct.Watch("cat"), new TicketAct.Acknowledge(), new TicketAct.Wait(WaitingFor.Requester, "x"), new TicketAct.Wait(WaitingFor.Supplier, "x"),
                new TicketAct.Resume(), new TicketAct.Resolve("x"), new TicketAct.Close(), new TicketAct.Reopen("x"),
            })
            {
                ticket = TicketRules.Apply(plan, ticket, act, new TicketActor("ben", true), at).Ticket;
                yield return ticket;
            }
        }
    }
}
