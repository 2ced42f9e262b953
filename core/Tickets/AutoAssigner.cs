using Maintenance.Plan;

namespace Maintenance.Tickets;

/// <summary>Gives each new ticket to whom the rules choose, where the plan has teams; where nobody fits, it waits in its team's queue.</summary>
public sealed class AutoAssigner(TicketService tickets, ActivePlan plan) : ITicketFollower
{
    /// <inheritdoc/>
    public async Task HearAsync(Ticket ticket, TicketEvent entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(entry);
        var isNew = entry.Kind is TicketEventKind.Opened || (entry.Kind is TicketEventKind.Triaged or TicketEventKind.Reopened && ticket.Team is not null);
        if (isNew && ticket is { IsOpen: true, Assignee: null, State: TicketState.New or TicketState.Triaged } && plan.Current.Teams.Count > 0)
        {
            _ = await tickets.ActAsync(ticket.Id, new TicketAct.Assign(), TicketActor.System, null, $"assign/{entry.Number}", cancellation);
        }
    }
}
