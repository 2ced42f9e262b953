using System.Runtime.CompilerServices;
using Azure.Messaging.ServiceBus;
using Maintenance.Messaging;

namespace MaintenanceFunctions.Adapters;

/// <summary>The dead-letter sub-queues of the system's queues. Listing peeks and locks nothing; the right to receive is enough for both.</summary>
/// <remarks>
/// <para>
/// Guarantees: a listing goes over as many round trips as it takes, oldest first, and changes nothing; one that is sent again is in its queue before it leaves the dead letters, under an
/// id that is the same if that happens twice. Found by nobody, they would lie there for ever: the watchdog looks (<see cref="Maintenance.Monitoring.WatchService"/>).
/// </para>
/// <para>
/// Limits: a sub-queue has no index, so that one letter is found by receiving those before it, and they are held for that moment; it counts towards the size of its queue, never expires,
/// and has no dead letters itself. Source: "Overview of Service Bus dead-letter queues" in Microsoft's documentation.
/// </para>
/// </remarks>
/// <param name="client">The namespace's client.</param>
/// <param name="senders">Send the copies.</param>
public sealed class ServiceBusDeadLetters(ServiceBusClient client, ServiceBusSenders senders) : IDeadLetters
{
    // One round trip's worth. A receive that finds nothing within the wait means that nothing is there to be locked.
    private const int Batch = 100;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no such queue.</exception>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(string queue, int take, CancellationToken cancellation)
    {
        await using var receiver = Receiver(queue);
        var letters = new List<DeadLetter>();
        await foreach (var message in PeekAsync(receiver, cancellation))
        {
            if (letters.Count >= take)
            {
                break;
            }

            letters.Add(new DeadLetter(
                queue,
                ServiceBusEnvelope.OriginalId(message),
                message.Body.ToString(),
                Reason(message),
                ServiceBusEnvelope.Deliveries(message),
                ServiceBusEnvelope.DeadAt(message)));
        }

        return letters;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no such queue.</exception>
    /// <exception cref="TimeoutException">The dead letter is there, but locked by someone else: try again in a minute.</exception>
    public async Task<bool> ResendAsync(string queue, string id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(id);
        await using var receiver = Receiver(queue);
        if (!await IsThereAsync(receiver, id, cancellation))
        {
            return false;
        }

        // A sub-queue cannot be searched, only received from the front; the others are held meanwhile, so that each turns up once, and given back.
        var others = new List<ServiceBusReceivedMessage>();
        try
        {
            while (true)
            {
                var received = await receiver.ReceiveMessagesAsync(Batch, Wait, cancellation);
                var found = received.FirstOrDefault(message => ServiceBusEnvelope.OriginalId(message) == id);
                others.AddRange(received.Where(message => message != found));
                if (found is not null)
                {
                    // First the copy, then the end of the dead one: dying in between means twice, never not at all.
                    await senders.For(queue).SendMessageAsync(ServiceBusEnvelope.Resend(found), cancellation);
                    await receiver.CompleteMessageAsync(found, CancellationToken.None);
                    return true;
                }

                if (received.Count == 0)
                {
                    break;
                }
            }
        }
        finally
        {
            foreach (var other in others)
            {
                await GiveBackAsync(receiver, other);
            }
        }

        // Someone else took it out since, or holds it now.
        return await IsThereAsync(receiver, id, cancellation)
            ? throw new TimeoutException($"The dead letter '{id}' of {queue} is being handled by someone else.")
            : false;
    }

    private static async Task<bool> IsThereAsync(ServiceBusReceiver receiver, string id, CancellationToken cancellation)
    {
        await foreach (var message in PeekAsync(receiver, cancellation))
        {
            if (ServiceBusEnvelope.OriginalId(message) == id)
            {
                return true;
            }
        }

        return false;
    }

    // From the lowest sequence number on: oldest first. A peek may return fewer than asked for; only an empty one is the end.
    private static async IAsyncEnumerable<ServiceBusReceivedMessage> PeekAsync(
        ServiceBusReceiver receiver, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var from = 0L;
        while (await receiver.PeekMessagesAsync(Batch, from, cancellation) is { Count: > 0 } messages)
        {
            foreach (var message in messages)
            {
                yield return message;
                from = Math.Max(from, message.SequenceNumber + 1);
            }
        }
    }

    private static async Task GiveBackAsync(ServiceBusReceiver receiver, ServiceBusReceivedMessage message)
    {
        try
        {
            await receiver.AbandonMessageAsync(message, cancellationToken: CancellationToken.None);
        }
        catch (ServiceBusException)
        {
            // Its lock has run out, or will: the broker gives it back by itself, and the outcome for the one that was asked for stands.
        }
    }

    private static string Reason(ServiceBusReceivedMessage message)
    {
        var reason = message.DeadLetterReason ?? message.DeadLetterErrorDescription ?? "";
        return reason.Length <= 200 ? reason : reason[..200];
    }

    private ServiceBusReceiver Receiver(string queue) => Queues.All.Contains(queue, StringComparer.Ordinal)
        ? client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter })
        : throw new ArgumentException($"There is no queue '{queue}'.", nameof(queue));
}
