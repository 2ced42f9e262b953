using Maintenance.Plan;

namespace Maintenance.Tickets;

/// <summary>What people see of a ticket. Pure.</summary>
public static class TicketSight
{
    /// <summary>
    /// The whole ticket for staff; for everybody else its public part: without internal notes, without files that are not for the requester, and without the name and
    /// address of somebody outside the plan.
    /// </summary>
    public static Ticket For(OperationsPlan plan, Ticket ticket, bool isStaff)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(ticket);
        return isStaff
            ? ticket
            : ticket with
            {
                Requester = plan.FindPerson(ticket.Requester ?? "")?.Id,
                Attachments = [.. ticket.Attachments.Where(static file => file.IsPublic)],
                History = ticket.History is null ? null : [.. ticket.History.Select(static entry => entry with { Note = null })],
            };
    }
}
