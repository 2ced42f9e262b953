using System.Collections.Frozen;
using Azure.Messaging.ServiceBus;
using Maintenance.Messaging;

namespace MaintenanceFunctions.Adapters;

/// <summary>One sender per queue for the life of the process, as the client asks for: a link is opened at the first message and kept. The client closes them.</summary>
/// <param name="client">The namespace's client.</param>
public sealed class ServiceBusSenders(ServiceBusClient client)
{
    private readonly FrozenDictionary<string, ServiceBusSender> _senders =
        Queues.All.ToFrozenDictionary(queue => queue, client.CreateSender, StringComparer.Ordinal);

    /// <summary>The sender of one of <see cref="Queues"/>.</summary>
    /// <exception cref="ArgumentException">There is no such queue.</exception>
    public ServiceBusSender For(string queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        return _senders.TryGetValue(queue, out var sender) ? sender : throw new ArgumentException($"There is no queue '{queue}'.", nameof(queue));
    }
}
