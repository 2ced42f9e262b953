using System.Collections.Frozen;
using Maintenance.Messaging;

namespace MaintenanceFunctions.Hosting;

/// <summary>The handlers of the queues, each with the plan read first: without one, a message is tried again later like after any other failure.</summary>
public sealed class QueueHandlers(IEnumerable<IMessageHandler> handlers, FreshPlan plan)
{
    private readonly FrozenDictionary<string, IMessageHandler> _handlers =
        handlers.ToFrozenDictionary(static handler => handler.Queue, handler => (IMessageHandler)new WithPlan(handler, plan), StringComparer.Ordinal);

    /// <summary>The handler of one of <see cref="Queues"/>.</summary>
    /// <exception cref="KeyNotFoundException">It has none.</exception>
    public IMessageHandler For(string queue) => _handlers[queue];

    private sealed class WithPlan(IMessageHandler handler, FreshPlan plan) : IMessageHandler
    {
        public string Queue => handler.Queue;

        public async Task HandleAsync(ReceivedMessage message, CancellationToken cancellation)
        {
            await plan.EnsureAsync(cancellation);
            await handler.HandleAsync(message, cancellation);
        }
    }
}
