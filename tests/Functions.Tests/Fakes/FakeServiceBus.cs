using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>A namespace in memory whose queues detect duplicates for ten minutes by the clock it is given.</summary>
internal sealed class FakeServiceBus(TimeProvider time) : ServiceBusClient
{
    private readonly ConcurrentDictionary<string, FakeQueue> _queues = new(StringComparer.Ordinal);
    private int _senders;

    /// <summary>How many senders were made.</summary>
    public int Senders => _senders;

    public FakeQueue this[string queue] => _queues.GetOrAdd(queue, _ => new FakeQueue(time));

    public override ServiceBusSender CreateSender(string queueOrTopicName)
    {
        Interlocked.Increment(ref _senders);
        return new Sender(this[queueOrTopicName]);
    }

    public override ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options)
    {
        Assert.Equal((SubQueue.DeadLetter, ServiceBusReceiveMode.PeekLock), (options.SubQueue, options.ReceiveMode));
        return new DeadLetterReceiver(this[queueName]);
    }

    // Nothing is open, and the real client's own disposal knows of no fake.
#pragma warning disable CA2215
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
#pragma warning restore CA2215

    private sealed class Sender(FakeQueue queue) : ServiceBusSender
    {
        public override async Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            queue.Send(message);
        }

#pragma warning disable CA2215
        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
#pragma warning restore CA2215
    }

    private sealed class DeadLetterReceiver(FakeQueue queue) : ServiceBusReceiver
    {
        // As over a real link, one round trip brings a few at most, whatever was asked for.
        private const int RoundTrip = 3;

        public override async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(
            int maxMessages, long? fromSequenceNumber = null, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return queue.PeekDead(Math.Min(maxMessages, RoundTrip), fromSequenceNumber ?? 0);
        }

        public override async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(
            int maxMessages, TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            Assert.True(maxWaitTime > TimeSpan.Zero, "Without a wait the client waits a minute.");
            return queue.ReceiveDead(Math.Min(maxMessages, RoundTrip));
        }

        public override async Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            queue.Settle(message, FakeSettlement.Complete);
        }

        public override async Task AbandonMessageAsync(
            ServiceBusReceivedMessage message, IDictionary<string, object> propertiesToModify = null!, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            queue.Settle(message, FakeSettlement.Abandon);
        }

#pragma warning disable CA2215
        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
#pragma warning restore CA2215
    }
}
