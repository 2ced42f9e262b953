using System.Text.Json;
using Maintenance.Messaging;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Tickets;

namespace Maintenance.ServiceLevels;

/// <summary>Takes a breach along the plan's escalation chain. Handling a message again notes, schedules and tells nothing twice.</summary>
public sealed class BreachHandler(TicketService tickets, ActivePlan plan, NotificationService notifications) : IMessageHandler
{
    /// <inheritdoc/>
    public string Queue => Queues.SlaBreaches;

    /// <inheritdoc/>
    public async Task HandleAsync(ReceivedMessage message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        var entry = Parse(message);
        if (await tickets.FindAsync(entry.Ticket, cancellation) is not { Value: var ticket })
        {
            throw new UnusableMessageException($"There is no ticket '{entry.Ticket}'.");
        }

        var current = plan.Current;
        var chain = current.ServiceLevels.For(ticket.Priority) is { } target ? current.ServiceLevels.Chain(target.Escalation) : null;
        var dueAt = entry.Level == 0 ? entry.At : ticket.Due(entry.Target);
        var tell = chain is null ? [] : Breaches.LevelsToTell(chain, entry.Level);
        ticket = await tickets.EscalateAsync(entry, dueAt, tell.DefaultIfEmpty(entry.Level).Max(), cancellation) ?? ticket;

        // The next level is scheduled before anybody is told: what is cut off in between must not stop the chain.
        if (chain is not null && ticket.Reached(entry.Target) is null && Breaches.NextLevel(chain, entry.Level) is { } next)
        {
            var calendar = current.Calendar(current.ServiceLevels.For(ticket.Priority)!.Calendar);
            await tickets.ScheduleAsync(
                new DueEntry(ticket.Id, entry.Target, next, ServiceClock.Due(calendar, dueAt, chain.Levels[next - 1].After)), cancellation);
        }

        foreach (var level in tell)
        {
            var step = chain!.Levels[level - 1];
            await notifications.NotifyAsync(current, Tell(current, ticket, entry.Target, dueAt, level, step), step.Notify, step.Channels, cancellation);
        }
    }

    private static Notification Tell(OperationsPlan plan, Ticket ticket, ServiceTarget target, DateTimeOffset dueAt, int level, EscalationLevel step)
    {
        var name = target == ServiceTarget.Response ? "response" : "resolution";
        var values = new TemplateValues
        {
            ["ticket"] = ticket.Id,
            ["title"] = ticket.Title,
            ["priority"] = ticket.Priority,
            ["service"] = ticket.Service is null ? null : plan.FindService(ticket.Service)?.Name ?? ticket.Service,
            ["target"] = name,
            ["due"] = dueAt,
            ["level"] = level,
            ["action"] = step.Action,
        };
        return Notification.From($"{ticket.Id}/{name}/level-{level}", NotificationTemplates.Escalation, values, "/tickets/" + ticket.Id) with { IsUrgent = true };
    }

    private static DueEntry Parse(ReceivedMessage message)
    {
        try
        {
            return MaintenanceJson.Read<DueEntry>(message.Body);
        }
        catch (JsonException error)
        {
            throw new UnusableMessageException("The body is not a service-level breach.", error);
        }
    }
}
