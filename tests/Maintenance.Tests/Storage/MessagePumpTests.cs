using System.Threading.Channels;
using Maintenance.Local.Storage;
using Maintenance.Messaging;
using Maintenance.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace Maintenance.Tests.Storage;

public sealed class MessagePumpTests : IAsyncLifetime, IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ScratchFolder _scratch = new();
    private readonly FakeClock _clock = new();
    private SqliteDatabase _database = null!;
    private SqliteMessageQueue _queue = null!;

    public Task InitializeAsync()
    {
        _database = SqliteDatabase.Open(_scratch.PathOf("maintenance.db"));
        _queue = new SqliteMessageQueue(_database, _clock);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Messages_of_every_queue_are_handled_once_each()
    {
        var feedback = new ScriptedHandler(Queues.Feedback);
        var breaches = new ScriptedHandler(Queues.SlaBreaches);
        using var pump = Pump(feedback, breaches);
        await SendAsync(Queues.Feedback, 50);
        await pump.StartAsync(None);
        await SendAsync(Queues.SlaBreaches, 100);

        await feedback.SeenAsync(50);
        await breaches.SeenAsync(100);
        await pump.StopAsync(None);

        Assert.Equal((50, 100), (feedback.Ids.Distinct().Count(), breaches.Ids.Distinct().Count()));
        Assert.Equal((50, 100), (feedback.Ids.Count, breaches.Ids.Count));
        Assert.Equal((0, 0), await _queue.CountAsync(Queues.Feedback, None));
        Assert.Equal((0, 0), await _queue.CountAsync(Queues.SlaBreaches, None));
    }

    [Fact]
    public async Task Eight_handlers_of_a_queue_are_at_work_at_most_and_what_waits_is_not_counted_as_delivered()
    {
        var gate = new TaskCompletionSource();
        var handler = new ScriptedHandler(Queues.Feedback, (_, _) => gate.Task);
        using var pump = Pump(handler);
        await SendAsync(Queues.Feedback, 20);
        await pump.StartAsync(None);

        await handler.SeenAsync(8);
        var delivered = await _database.ReadAsync(connection => connection.Scalar<long>("SELECT count(*) FROM messages WHERE deliveries > 0"), None);
        Assert.Equal((8, 8L), (handler.Ids.Count, delivered));
        gate.SetResult();
        await handler.SeenAsync(20);
        await pump.StopAsync(None);

        Assert.Equal(8, handler.MostAtOnce);
    }

    [Fact]
    public async Task A_scheduled_message_is_handled_when_its_time_comes()
    {
        var handler = new ScriptedHandler(Queues.Feedback);
        using var pump = Pump(handler);
        await pump.StartAsync(None);
        await _queue.SendAsync(new OutgoingMessage(Queues.Feedback, "later", "{}", _clock.Now.AddHours(1)), None);
        await _queue.SendAsync(new OutgoingMessage(Queues.Feedback, "now", "{}"), None);

        await handler.SeenAsync(1);
        Assert.Equal(["now"], handler.Ids);
        _clock.Advance(TimeSpan.FromHours(1));
        await handler.SeenAsync(2);
        await pump.StopAsync(None);

        Assert.Equal(["now", "later"], handler.Ids);
    }

    [Fact]
    public async Task A_message_that_always_fails_goes_dead_and_the_pump_goes_on()
    {
        var handler = new ScriptedHandler(
            Queues.Feedback, (message, _) => message.Id == "poison" ? Task.FromException(new InvalidOperationException("no")) : Task.CompletedTask);
        using var pump = Pump(handler);
        await pump.StartAsync(None);
        await _queue.SendAsync(new OutgoingMessage(Queues.Feedback, "poison", "{}"), None);

        for (var delivery = 1; delivery <= Queues.MaxDeliveries; delivery++)
        {
            await handler.SeenAsync(delivery);
            await UntilAsync(async () => await _queue.NextVisibleAsync(Queues.Feedback, None) is var next && (next is null || next < _clock.Now.AddMinutes(5)));
            _clock.Advance(MessageLimits.Backoff(delivery + 1));
        }

        await UntilAsync(async () => (await _queue.CountAsync(Queues.Feedback, None)).Dead == 1);
        await _queue.SendAsync(new OutgoingMessage(Queues.Feedback, "good", "{}"), None);
        await handler.SeenAsync(6);
        await pump.StopAsync(None);

        Assert.Equal("InvalidOperationException: no", Assert.Single(await _queue.ListAsync(Queues.Feedback, 10, None)).Reason);
        Assert.Equal("good", handler.Ids[^1]);
    }

    [Fact]
    public async Task A_handler_that_hangs_is_cancelled_at_the_limit_and_that_counts_as_a_failure()
    {
        var handler = new ScriptedHandler(
            Queues.Feedback, (message, cancellation) => message.Delivery == 1 ? Task.Delay(Timeout.Infinite, cancellation) : Task.CompletedTask);
        using var pump = Pump(handler);
        await pump.StartAsync(None);
        await _queue.SendAsync(new OutgoingMessage(Queues.Feedback, "1", "{}"), None);
        await handler.SeenAsync(1);

        _clock.Advance(MessageDelivery.HandlingLimit);
        await UntilAsync(async () => await ReasonAsync("1") is { Length: > 0 });
        Assert.StartsWith("TimeoutException: ", await ReasonAsync("1"), StringComparison.Ordinal);
        _clock.Advance(MessageLimits.Backoff(2));
        await handler.SeenAsync(2);
        await pump.StopAsync(None);

        Assert.Equal((0, 0), await _queue.CountAsync(Queues.Feedback, None));
    }

    [Fact]
    public async Task Stopping_waits_for_the_handlers_at_work()
    {
        var gate = new TaskCompletionSource();
        var handler = new ScriptedHandler(Queues.Feedback, (_, _) => gate.Task);
        using var pump = Pump(handler);
        await SendAsync(Queues.Feedback, 20);
        await pump.StartAsync(None);
        await handler.SeenAsync(8);

        var stop = pump.StopAsync(None);
        Assert.False(stop.IsCompleted);
        gate.SetResult();
        await stop.WaitAsync(Patience);

        // Those at work ended well; no further one was begun.
        Assert.Equal(8, handler.Ids.Count);
        Assert.Equal((12, 0), await _queue.CountAsync(Queues.Feedback, None));
    }

    [Fact]
    public async Task A_handler_cancelled_because_the_host_cannot_wait_leaves_its_message_as_undelivered()
    {
        var handler = new ScriptedHandler(Queues.Feedback, (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation));
        using var pump = Pump(handler);
        await SendAsync(Queues.Feedback, 1);
        await pump.StartAsync(None);
        await handler.SeenAsync(1);

        await pump.StopAsync(new CancellationToken(canceled: true)).WaitAsync(Patience);

        Assert.Equal(1, Assert.Single(await _queue.ReceiveAsync(Queues.Feedback, 8, TimeSpan.FromMinutes(1), None)).Delivery);
    }

    [Fact]
    public async Task What_was_in_hand_when_the_process_ended_is_delivered_again_at_start()
    {
        await SendAsync(Queues.Feedback, 1);
        await _queue.ReceiveAsync(Queues.Feedback, 8, TimeSpan.FromDays(1), None);
        var handler = new ScriptedHandler(Queues.Feedback);
        using var pump = Pump(handler);

        await pump.StartAsync(None);
        await UntilAsync(async () => await ReasonAsync("0") is { Length: > 0 });
        _clock.Advance(TimeSpan.FromSeconds(2));
        await handler.SeenAsync(1);
        await pump.StopAsync(None);

        Assert.Equal((0, 0), await _queue.CountAsync(Queues.Feedback, None));
    }

    [Fact]
    public void Two_handlers_of_one_queue_are_refused() =>
        Assert.Throws<ArgumentException>(() => Pump(new ScriptedHandler(Queues.Feedback), new ScriptedHandler(Queues.Feedback)));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private Task<string?> ReasonAsync(string id) =>
        _database.ReadAsync(connection => connection.Scalar<string>("SELECT reason FROM messages WHERE id = ?1", id), None);

    private Task SendAsync(string queue, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => _queue.SendAsync(new OutgoingMessage(queue, $"{i}", "{}"), None)));

    private MessagePump Pump(params IMessageHandler[] handlers) => new(handlers, _queue, _clock, NullLogger<MessagePump>.Instance);

    private sealed class ScriptedHandler(string queue, Func<ReceivedMessage, CancellationToken, Task>? run = null) : IMessageHandler
    {
        private readonly Lock _gate = new();
        private readonly List<string> _ids = [];
        private readonly Channel<string> _arrivals = Channel.CreateUnbounded<string>();
        private int _awaited;
        private int _atWork;

        public string Queue { get; } = queue;

        public int MostAtOnce { get; private set; }

        public IReadOnlyList<string> Ids
        {
            get
            {
                lock (_gate)
                {
                    return [.. _ids];
                }
            }
        }

        public async Task SeenAsync(int count)
        {
            for (; _awaited < count; _awaited++)
            {
                using var patience = new CancellationTokenSource(Patience);
                await _arrivals.Reader.ReadAsync(patience.Token);
            }
        }

        public async Task HandleAsync(ReceivedMessage message, CancellationToken cancellation)
        {
            lock (_gate)
            {
                _ids.Add(message.Id);
                MostAtOnce = Math.Max(MostAtOnce, ++_atWork);
            }

            _arrivals.Writer.TryWrite(message.Id);
            try
            {
                await (run?.Invoke(message, cancellation) ?? Task.CompletedTask);
            }
            finally
            {
                lock (_gate)
                {
                    _atWork--;
                }
            }
        }
    }
}
