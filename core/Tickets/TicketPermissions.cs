using Maintenance.Plan;

namespace Maintenance.Tickets;

/// <summary>Who may do what to a ticket.</summary>
public static class TicketPermissions
{
    /// <summary>Throws where they may not.</summary>
    /// <exception cref="TicketRefusedException">They may not.</exception>
    public static void Check(OperationsPlan plan, Ticket ticket, TicketAct act, TicketActor actor)
    {
        if (!May(plan, ticket, act, actor))
        {
            throw new TicketRefusedException(act switch
            {
                TicketAct.Close or TicketAct.Reopen => $"Whoever asked, and people with the role {Roles.Support}, may do that to {ticket.Id}.",
                TicketAct.Acknowledge => $"People whom the plan's escalation chains name, and people with the role {Roles.Support}, may acknowledge.",
                TicketAct.Watch or TicketAct.Unwatch => $"Without the role {Roles.Support} you may watch for yourself only.",
                _ => $"That needs the role {Roles.Support}.",
            });
        }
    }

    /// <summary>True where they may add a file: whoever asked may add what they may see themselves.</summary>
    public static bool MayAttach(Ticket ticket, TicketActor actor, bool isPublic)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(actor);
        return actor.IsStaff || (isPublic && (actor == TicketActor.Requester || ticket.Requester == actor.Id));
    }

    /// <summary>True where they may.</summary>
    public static bool May(OperationsPlan plan, Ticket ticket, TicketAct act, TicketActor actor)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(actor);
        var isRequester = actor == TicketActor.Requester || ticket.RequesterId == actor.Id;
        return actor.IsStaff || act switch
        {
            TicketAct.Comment comment => comment.IsPublic && isRequester,
            TicketAct.Close or TicketAct.Reopen => isRequester,
            TicketAct.Watch watch => watch.Person is null || watch.Person == actor.Id,
            TicketAct.Unwatch unwatch => unwatch.Person is null || unwatch.Person == actor.Id,
            TicketAct.Acknowledge => plan.ServiceLevels.For(ticket.Priority) is { } target
                && plan.ServiceLevels.Chain(target.Escalation) is { } chain
                && plan.Resolve(chain.Levels.SelectMany(static level => level.Notify.Concat(level.Fallback)).Concat(chain.Alarm.Notify)).Any(person => person.Id == actor.Id),
            _ => false,
        };
    }
}
