using Maintenance.Notifications;
using Maintenance.Plan;

namespace Maintenance.Tickets;

/// <summary>Tells people what happened to a ticket that concerns them: whoever gets it, whoever watches it, and whoever asked, where that is a person of the plan.</summary>
public sealed class TicketTeller(ActivePlan plan, NotificationService notifications) : ITicketFollower
{
    /// <inheritdoc/>
    public async Task HearAsync(Ticket ticket, TicketEvent entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(entry);
        var current = plan.Current;
        if (Audience(current, ticket, entry) is { Count: > 0 } audience)
        {
            await notifications.NotifyAsync(current, Notice(current, ticket, entry), audience, [], cancellation);
        }
    }

    /// <summary>The ids of those whom an event concerns: never whoever did it. Pure.</summary>
    public static IReadOnlyList<string> Audience(OperationsPlan plan, Ticket ticket, TicketEvent entry)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(ticket);
        ArgumentNullException.ThrowIfNull(entry);
        var isPublic = entry.Said is not null;
        IEnumerable<string?> concerned = entry.Kind switch
        {
            TicketEventKind.Assigned when entry.To is { } person => [person, .. ticket.Watchers],

            // Nobody fits: a lead must see to it.
            TicketEventKind.Assigned when entry.By == TicketActor.System.Id => [plan.FindTeam(ticket.Team ?? "")?.Lead],
            TicketEventKind.Responded or TicketEventKind.Resolved or TicketEventKind.Commented or TicketEventKind.Reopened or TicketEventKind.Closed or TicketEventKind.Waiting or TicketEventKind.Resumed =>
                [.. ticket.Watchers, ticket.Assignee, isPublic || entry.Kind == TicketEventKind.Closed ? ticket.RequesterId : null],
            _ => [],
        };
        return [.. concerned.OfType<string>().Where(person => person != entry.By && plan.FindPerson(person) is not null).Distinct()];
    }

    private static Notification Notice(OperationsPlan plan, Ticket ticket, TicketEvent entry)
    {
        var values = new TemplateValues
        {
            ["ticket"] = ticket.Id,
            ["title"] = ticket.Title,
            ["priority"] = ticket.Priority,
            ["service"] = ticket.Service is { } service ? plan.FindService(service)?.Name ?? service : null,
            ["due"] = ticket.Running is { } target && ticket.Due(target) is { } due ? due : (string?)null,
            ["by"] = plan.FindPerson(entry.By)?.Name ?? entry.By,

            // What only staff may read stays on the page.
            ["text"] = entry.Said is { } said ? $"{entry.What}\n\n{said}" : entry.What,
        };
        var template = entry.Kind == TicketEventKind.Assigned && entry.To is not null ? NotificationTemplates.TicketAssigned : NotificationTemplates.TicketComment;
        return Notification.From($"{ticket.Id}/event-{entry.Number}", template, values, "/tickets/" + ticket.Id);
    }
}
