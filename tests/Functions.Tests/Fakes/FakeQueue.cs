using Azure.Messaging.ServiceBus;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>How a message that is held ends.</summary>
internal enum FakeSettlement
{
    Complete,
    Abandon,
    DeadLetter,
}

/// <summary>One queue with its dead-letter sub-queue: peek-lock, delivery counts, scheduled messages, duplicate detection.</summary>
internal sealed class FakeQueue(TimeProvider time)
{
    private static readonly TimeSpan DuplicateWindow = TimeSpan.FromMinutes(10);
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);
    private long _sequence;

    /// <summary>Every message that was sent, duplicates among them.</summary>
    public List<ServiceBusMessage> Sent { get; } = [];

    /// <summary>When set, the next settlement fails so.</summary>
    public ServiceBusException? SettlementFailure { get; set; }

    /// <summary>When set, every giving back fails so.</summary>
    public ServiceBusException? AbandonFailure { get; set; }

    /// <summary>When set, the next sending fails so.</summary>
    public ServiceBusException? SendFailure { get; set; }

    /// <summary>How many messages are in the queue or its dead letter and not held by anyone.</summary>
    public (int Alive, int Dead) Free
    {
        get
        {
            lock (_gate)
            {
                return (_entries.Count(entry => !entry.Dead && entry.Lock is null), _entries.Count(entry => entry.Dead && entry.Lock is null));
            }
        }
    }

    public void Send(ServiceBusMessage message)
    {
        lock (_gate)
        {
            if (SendFailure is { } failure)
            {
                SendFailure = null;
                throw failure;
            }

            Assert.InRange(message.MessageId.Length, 1, 128);
            Sent.Add(message);
            var now = time.GetUtcNow();
            if (_seen.TryGetValue(message.MessageId, out var before) && now - before <= DuplicateWindow)
            {
                return;
            }

            _seen[message.MessageId] = now;
            _entries.Add(new Entry(message, ++_sequence, now, new Dictionary<string, object>(message.ApplicationProperties, StringComparer.Ordinal)));
        }
    }

    /// <summary>The next message that is due and free, locked; null when there is none.</summary>
    public ServiceBusReceivedMessage? Receive() => Take(dead: false, 1).SingleOrDefault();

    public IReadOnlyList<ServiceBusReceivedMessage> ReceiveDead(int count) => Take(dead: true, count);

    public IReadOnlyList<ServiceBusReceivedMessage> PeekDead(int count, long from)
    {
        lock (_gate)
        {
            return [.. _entries.Where(entry => entry.Dead && entry.Sequence >= from).OrderBy(entry => entry.Sequence).Take(count).Select(entry => entry.Read())];
        }
    }

    public void Settle(
        ServiceBusReceivedMessage message, FakeSettlement settlement, string? reason = null, IDictionary<string, object>? propertiesToModify = null)
    {
        lock (_gate)
        {
            if (SettlementFailure is { } failure)
            {
                SettlementFailure = null;
                throw failure;
            }

            if (settlement == FakeSettlement.Abandon && AbandonFailure is not null)
            {
                throw AbandonFailure;
            }

            var entry = _entries.Find(entry => entry.Lock?.ToString() == message.LockToken)
                ?? throw new ServiceBusException("The lock is lost, or the message is settled already.", ServiceBusFailureReason.MessageLockLost);
            foreach (var (name, value) in propertiesToModify ?? new Dictionary<string, object>())
            {
                entry.Properties[name] = value;
            }

            entry.Lock = null;
            switch (settlement)
            {
                case FakeSettlement.Complete:
                    _entries.Remove(entry);
                    break;
                case FakeSettlement.DeadLetter:
                    entry.Dead = true;
                    entry.Properties["DeadLetterReason"] = reason!;
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Lets every lock run out, as when the process that held them died.</summary>
    public void LoseLocks()
    {
        lock (_gate)
        {
            _entries.ForEach(entry => entry.Lock = null);
        }
    }

    private List<ServiceBusReceivedMessage> Take(bool dead, int count)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var taken = _entries.Where(entry => entry.Dead == dead && entry.Lock is null && (dead || entry.Message.ScheduledEnqueueTime <= now))
                .OrderBy(entry => entry.Sequence).Take(count).ToList();
            taken.ForEach(entry =>
            {
                entry.Lock = Guid.NewGuid();
                entry.Deliveries++;
            });
            return taken.ConvertAll(entry => entry.Read());
        }
    }

    private sealed class Entry(ServiceBusMessage message, long sequence, DateTimeOffset enqueuedAt, Dictionary<string, object> properties)
    {
        public ServiceBusMessage Message { get; } = message;

        public long Sequence { get; } = sequence;

        public Dictionary<string, object> Properties { get; } = properties;

        public bool Dead { get; set; }

        public Guid? Lock { get; set; }

        public int Deliveries { get; set; }

        public ServiceBusReceivedMessage Read() => ServiceBusModelFactory.ServiceBusReceivedMessage(
            body: Message.Body,
            messageId: Message.MessageId,
            correlationId: Message.CorrelationId,
            subject: Message.Subject,
            contentType: Message.ContentType,
            properties: new Dictionary<string, object>(Properties, StringComparer.Ordinal),
            lockTokenGuid: Lock ?? default,
            deliveryCount: Deliveries,
            sequenceNumber: Sequence,
            enqueuedTime: enqueuedAt);
    }
}
