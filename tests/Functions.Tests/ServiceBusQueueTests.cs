using Maintenance.Messaging;
using Maintenance.Tests.Contracts;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace MaintenanceFunctions.Tests;

/// <summary>Sender, delivery and dead letters together keep the port's contract.</summary>
public sealed class ServiceBusQueueTests : MessageQueueContract
{
    protected override Task<MessageQueueHarness> OpenAsync() => Task.FromResult<MessageQueueHarness>(new Harness());

    private sealed class Harness : MessageQueueHarness
    {
        private readonly FakeServiceBus _bus;
        private ServiceBusSenders _senders;

        public Harness()
        {
            _bus = new FakeServiceBus(Clock);
            _senders = new ServiceBusSenders(_bus);
        }

        public override FakeClock Clock { get; } = new();

        public override IMessageSender Sender => new ServiceBusMessageSender(_senders);

        public override IDeadLetters DeadLetters => new ServiceBusDeadLetters(_bus, _senders);

        public override async Task<bool> DeliverNextAsync(IMessageHandler handler)
        {
            var queue = _bus[handler.Queue];
            if (queue.Receive() is not { } message)
            {
                return false;
            }

            await new ServiceBusDelivery(_senders, Clock, NullLogger<ServiceBusDelivery>.Instance)
                .DeliverAsync(message, new FakeMessageActions(queue), handler, CancellationToken.None);
            return true;
        }

        public override Task ReopenAsync()
        {
            _senders = new ServiceBusSenders(_bus);
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync() => _bus.DisposeAsync();
    }
}
