using Azure.Messaging.ServiceBus;
using Maintenance.Messaging;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// Gives a message from a queue trigger (with <c>AutoCompleteMessages = false</c>) to its handler and settles it, exactly once. The broker would redeliver
/// at once and spend every try in a second, so a failed message is sent again as a copy after a pause, and then completed.
/// </summary>
/// <remarks>
/// <para>
/// Guarantees: a message is settled exactly once by this code (never by the platform: <c>AutoCompleteMessages = false</c>); what fails for now is sent again with a pause that
/// grows, under its sender's id, five deliveries in all; what can never be handled, such as a body that does not parse, is dead-lettered at once with the first 200 characters of the reason, and
/// so is what ended its process five times. A crash anywhere means a message twice, never not at all.
/// </para>
/// <para>
/// Limits: the platform renews a message's lock for five minutes in all (<c>maxAutoLockRenewalDuration</c> in host.json), then another instance gets it too: handlers only record
/// and start, in seconds. The queue's own <c>maxDeliveryCount</c> must not be smaller than our five, or the broker gives up before we do. Source: "Azure Service Bus trigger
/// for Azure Functions", "Message transfers, locks, and settlement" in Microsoft's documentation.
/// </para>
/// </remarks>
/// <param name="senders">Send the copies.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="log">Hears of every failure.</param>
public sealed class ServiceBusDelivery(ServiceBusSenders senders, TimeProvider time, ILogger<ServiceBusDelivery> log)
{
    /// <summary>Delivers one message.</summary>
    /// <param name="message">As the trigger was given it, locked.</param>
    /// <param name="actions">The trigger's.</param>
    /// <param name="handler">The handler of the trigger's queue.</param>
    /// <param name="cancellation">The host's shutdown: the message is given back for another instance.</param>
    /// <exception cref="ServiceBusException">
    /// Sending the copy or settling failed: the lock runs out and the broker delivers again, which the broker's own count records.
    /// </exception>
    public async Task DeliverAsync(
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, IMessageHandler handler, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(actions);
        ArgumentNullException.ThrowIfNull(handler);
        var id = ServiceBusEnvelope.OriginalId(message);
        var delivery = ServiceBusEnvelope.Delivery(message);
        if (delivery > Queues.MaxDeliveries)
        {
            // Every try before died without settling: likely the message kills the process. It gets no further one.
            log.LogError("Message {MessageId} of {Queue} is given up: its deliveries ended without an outcome.", id, handler.Queue);
            await GiveUpAsync(message, actions, Queues.MaxDeliveries, $"Delivered {Queues.MaxDeliveries} times without an outcome.");
            return;
        }

        Exception? failure = null;
        try
        {
            await handler.HandleAsync(new ReceivedMessage(handler.Queue, id, message.Body.ToString(), delivery), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Neither done nor failed. The token has fired, so the settling does not take it.
            await actions.AbandonMessageAsync(message, cancellationToken: CancellationToken.None);
            return;
        }
        catch (Exception error)
        {
            // Whatever it is, the message must be settled.
            failure = error;
        }

        // From here on the outcome is known: a shutdown that begins meanwhile does not undo it.
        if (failure is null)
        {
            await actions.CompleteMessageAsync(message, CancellationToken.None);
        }
        else if (failure is UnusableMessageException || delivery == Queues.MaxDeliveries)
        {
            log.LogError(failure, "Message {MessageId} of {Queue} is given up after delivery {Delivery}.", id, handler.Queue, delivery);
            await GiveUpAsync(message, actions, delivery, MessageLimits.Reason(failure));
        }
        else
        {
            var next = delivery + 1;
            var pause = MessageLimits.Backoff(next);
            log.LogWarning(failure, "Message {MessageId} of {Queue} failed at delivery {Delivery}; again in {Pause}.", id, handler.Queue, delivery, pause);

            // First the copy, then the end of this one: dying in between means twice, never not at all.
            await senders.For(handler.Queue).SendMessageAsync(ServiceBusEnvelope.Retry(message, next, time.GetUtcNow() + pause), CancellationToken.None);
            await actions.CompleteMessageAsync(message, CancellationToken.None);
        }
    }

    private Task GiveUpAsync(ServiceBusReceivedMessage message, ServiceBusMessageActions actions, int deliveries, string reason) =>
        actions.DeadLetterMessageAsync(
            message, ServiceBusEnvelope.Obituary(deliveries, time.GetUtcNow()), reason, cancellationToken: CancellationToken.None);
}
