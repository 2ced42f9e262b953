using Azure.Messaging.ServiceBus;
using Maintenance.Messaging;

namespace MaintenanceFunctions.Adapters;

/// <summary>Sends to Service Bus queues with duplicate detection by the message's id, which the infrastructure turns on.</summary>
/// <param name="senders">The senders.</param>
public sealed class ServiceBusMessageSender(ServiceBusSenders senders) : IMessageSender
{
    /// <inheritdoc/>
    public async Task SendAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        MessageLimits.Check(message);
        var outgoing = new ServiceBusMessage(message.Body) { MessageId = message.Id, ContentType = "application/json" };
        if (message.NotBefore is { } notBefore)
        {
            outgoing.ScheduledEnqueueTime = notBefore;
        }

        await senders.For(message.Queue).SendMessageAsync(outgoing, cancellation);
    }
}
