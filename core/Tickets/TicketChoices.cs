using Maintenance.Plan;
using Maintenance.ServiceLevels;

namespace Maintenance.Tickets;

/// <summary>What somebody may do to a ticket as it stands: what its page offers. Pure; the rules themselves decide when it is done.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Ticket">The ticket.</param>
/// <param name="Actor">Who looks.</param>
public sealed record TicketChoices(OperationsPlan Plan, Ticket Ticket, TicketActor Actor)
{
    /// <summary>Say what it is, how urgent, and whose.</summary>
    public bool MayTriage => Ticket.IsOpen && May(new TicketAct.Triage());

    /// <summary>Give it to somebody.</summary>
    public bool MayAssign => Ticket.IsOpen && May(new TicketAct.Assign());

    /// <summary>Begin to work on it.</summary>
    public bool MayStart =>
        Ticket.IsOpen && Ticket.State != TicketState.Waiting && !(Ticket.State == TicketState.InProgress && Ticket.Assignee == Actor.Id) && May(new TicketAct.Start());

    /// <summary>Let it wait for those for whom it does not wait yet.</summary>
    public IReadOnlyList<WaitingFor> MayWaitFor =>
        Ticket.IsOpen && May(new TicketAct.Wait(default, "")) ? [.. Enum.GetValues<WaitingFor>().Where(whom => Ticket.State != TicketState.Waiting || Ticket.WaitingFor != whom)] : [];

    /// <summary>Let it go on.</summary>
    public bool MayResume => Ticket.State == TicketState.Waiting && May(new TicketAct.Resume());

    /// <summary>Answer the requester.</summary>
    public bool MayRespond => Ticket.IsOpen && May(new TicketAct.Respond(""));

    /// <summary>Say something that the requester may read.</summary>
    public bool MayComment => May(new TicketAct.Comment("", IsPublic: true));

    /// <summary>Say something that only staff reads.</summary>
    public bool MayNote => May(new TicketAct.Comment(""));

    /// <summary>Solve it.</summary>
    public bool MayResolve => Ticket.IsOpen && May(new TicketAct.Resolve(""));

    /// <summary>Close it.</summary>
    public bool MayClose => Ticket.State == TicketState.Resolved && May(new TicketAct.Close());

    /// <summary>Say that it was not solved after all.</summary>
    public bool MayReopen => !Ticket.IsOpen && May(new TicketAct.Reopen(""));

    /// <summary>Change what it says, and what it is linked with.</summary>
    public bool MayEdit => May(new TicketAct.Edit());

    /// <summary>Hear of it: null where they do already.</summary>
    public bool MayWatch => Plan.FindPerson(Actor.Id) is not null && !Ticket.Watchers.Contains(Actor.Id) && May(new TicketAct.Watch());

    /// <summary>Hear of it no longer.</summary>
    public bool MayUnwatch => Ticket.Watchers.Contains(Actor.Id) && May(new TicketAct.Unwatch());

    /// <summary>Let others hear of it.</summary>
    public bool MayChooseWatchers => Actor.IsStaff;

    /// <summary>Say that they see to a target that is not reached: one that nobody sees to yet.</summary>
    public bool MayAcknowledge =>
        Ticket.IsOpen
        && Enum.GetValues<ServiceTarget>().Any(target => Ticket.Reached(target) is null && Ticket.Acknowledgements.All(known => known.Target != target))
        && May(new TicketAct.Acknowledge());

    /// <summary>Add a file that the requester may see.</summary>
    public bool MayAttach => TicketPermissions.MayAttach(Ticket, Actor, isPublic: true) && Ticket.Attachments.Count < TicketRules.MaxListed;

    private bool May(TicketAct act) => TicketPermissions.May(Plan, Ticket, act, Actor);
}
