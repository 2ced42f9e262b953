using System.Text.Json;
using Maintenance.Messaging;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Tickets;

namespace Maintenance.ServiceLevels;

/// <summary>
/// Notes on its ticket that a mark of a clock was reached, and tells whoever the plan names. Handled again, or late, or before a mark that comes before it, it notes and
/// tells nothing twice; a mark that a pause or another priority has moved meanwhile is left for the instant at which it is now.
/// </summary>
public sealed class BreachHandler(TicketService tickets, ActivePlan plan, NotificationService notifications, TimeProvider time) : IMessageHandler
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

        var (current, now) = (plan.Current, time.GetUtcNow());
        var reading = ServiceLevelClock.Read(current, ticket.Clock, entry.Target);
        var hasFired = ticket.Fired.Contains(DueEntry.Fired(entry.Target, entry.Mark));
        if (reading.Marks.FirstOrDefault(mark => mark.Key == entry.Mark) is not { At: { } at } mark)
        {
            return;
        }

        // Moved to an instant that is still to come. Where it is the one that was sent, whoever has swept has seen it pass, and only the clock of this machine is behind.
        if (!hasFired && at >= now && at != entry.At)
        {
            return;
        }

        now = at > now ? at : now;

        var isAcknowledged = ticket.Acknowledgements.Any(one => one.Target == entry.Target);
        if (isAcknowledged && mark.Kind is ClockMarkKind.Repeat or ClockMarkKind.Alarm)
        {
            return;
        }

        var notice = EscalationNotice.Of(current, ticket, reading, mark, now);
        ticket = await tickets.FireAsync(entry, mark, notice.Noted, cancellation) ?? ticket;

        // What is reached by now needs nobody any more; that it was late is noted all the same.
        if (ticket.Reached(entry.Target) is null && (notice.People.Count > 0 || notice.Channels.Count > 0))
        {
            await notifications.NotifyAsync(current, notice.Notification, notice.People, notice.Channels, cancellation);
        }
    }

    private static DueEntry Parse(ReceivedMessage message)
    {
        try
        {
            return MaintenanceJson.Read<DueEntry>(message.Body);
        }
        catch (JsonException error)
        {
            throw new UnusableMessageException("The body is no mark of a service-level clock.", error);
        }
    }
}
