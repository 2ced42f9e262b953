using Azure.Messaging.ServiceBus;
using Maintenance.Messaging;

namespace MaintenanceFunctions.Adapters;

/// <summary>Sends to Service Bus queues with duplicate detection by the message's id, which the infrastructure turns on.</summary>
/// <remarks>
/// <para>
/// Guarantees: the message is in its queue when the task completes, at least once: a send whose answer was lost is sent again under the same id, which the queue drops
/// while its window of duplicate detection lasts (ten minutes by default). Handlers are idempotent all the same: the window ends, and a copy for a later try has an id of its own.
/// </para>
/// <para>
/// Limits: 256 KB a message with its headers on the Standard tier (ours have 200 KiB at most: <see cref="MessageLimits"/>), 128 characters an id, a queue of 1 to 5 GB, as set.
/// Nothing is spread over queues: a full one, or a busy namespace, refuses; the client waits and tries again, and at last the caller hears of it.
/// Source: "Service Bus quotas" and "Duplicate detection" in Microsoft's documentation.
/// </para>
/// </remarks>
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
