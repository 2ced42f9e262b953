using System.Text.Json;
using Maintenance.Messaging;

namespace Maintenance.Notifications;

/// <summary>Delivers to a recipient as soon as something was recorded for them. Handled again, or in any order, it finds what waits, if anything does.</summary>
public sealed class NotificationHandler(NotificationDelivery delivery) : IMessageHandler
{
    /// <inheritdoc/>
    public string Queue => Queues.Notifications;

    /// <inheritdoc/>
    public async Task HandleAsync(ReceivedMessage message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        DeliveryOrder order;
        try
        {
            order = MaintenanceJson.Read<DeliveryOrder>(message.Body);
        }
        catch (JsonException error)
        {
            throw new UnusableMessageException("The body names no recipient.", error);
        }

        await delivery.DeliverSoonAsync(order.Recipient.Length > 0 ? order.Recipient : throw new UnusableMessageException("The body names no recipient."), cancellation);
    }

    /// <summary>The message that has an entry delivered.</summary>
    internal static OutgoingMessage MessageFor(NotificationEntry entry) =>
        new(Queues.Notifications, $"{entry.Id}/{entry.Resends}", MaintenanceJson.Write(new DeliveryOrder(entry.Recipient)));

    private sealed record DeliveryOrder(string Recipient);
}
