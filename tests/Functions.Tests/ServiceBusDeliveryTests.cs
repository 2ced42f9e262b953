using Azure.Messaging.ServiceBus;
using Maintenance.Messaging;
using Maintenance.Tests.Contracts;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace MaintenanceFunctions.Tests;

public sealed class ServiceBusDeliveryTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeClock _clock = new();
    private readonly FakeServiceBus _bus;
    private readonly FakeQueue _queue;
    private readonly FakeMessageActions _actions;
    private readonly ServiceBusSenders _senders;
    private readonly ServiceBusDelivery _delivery;

    public ServiceBusDeliveryTests()
    {
        _bus = new FakeServiceBus(_clock);
        _queue = _bus[Queues.Feedback];
        _actions = new FakeMessageActions(_queue);
        _senders = new ServiceBusSenders(_bus);
        _delivery = new ServiceBusDelivery(_senders, _clock, NullLogger<ServiceBusDelivery>.Instance);
    }

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task A_message_is_sent_as_JSON_under_its_id_and_at_its_time()
    {
        await new ServiceBusMessageSender(_senders).SendAsync(new OutgoingMessage(Queues.Feedback, "f-1", "{}", _clock.Now.AddHours(1)), None);

        var sent = Assert.Single(_queue.Sent);
        Assert.Equal(("f-1", "application/json", _clock.Now.AddHours(1)), (sent.MessageId, sent.ContentType, sent.ScheduledEnqueueTime));
    }

    [Fact]
    public async Task Senders_are_made_once()
    {
        var sender = new ServiceBusMessageSender(_senders);
        await sender.SendAsync(new OutgoingMessage(Queues.Feedback, "1", "{}"), None);
        await sender.SendAsync(new OutgoingMessage(Queues.Feedback, "2", "{}"), None);

        Assert.Equal(Queues.All.Count, _bus.Senders);
    }

    [Fact]
    public async Task A_handled_message_is_completed_and_nothing_else()
    {
        await SendAsync("1");

        await DeliverAsync(new RecordingHandler(Queues.Feedback));

        Assert.Equal([FakeSettlement.Complete], _actions.Asked);
    }

    [Fact]
    public async Task A_failed_message_is_completed_after_its_copy_is_sent()
    {
        await SendAsync("1");

        await DeliverAsync(Failing());

        Assert.Equal([FakeSettlement.Complete], _actions.Asked);
        var copy = _queue.Sent[1];
        Assert.NotEqual("1", copy.MessageId);
        Assert.Equal(("1", 2), (copy.ApplicationProperties["original-id"], copy.ApplicationProperties["attempt"]));
        Assert.Equal((_clock.Now + MessageLimits.Backoff(2), "application/json"), (copy.ScheduledEnqueueTime, copy.ContentType));
    }

    [Fact]
    public async Task A_copy_that_cannot_be_sent_leaves_the_message_for_the_broker()
    {
        await SendAsync("1");
        _queue.SendFailure = new ServiceBusException("Away.", ServiceBusFailureReason.ServiceBusy);

        await Assert.ThrowsAsync<ServiceBusException>(() => DeliverAsync(Failing()));

        Assert.Empty(_actions.Asked);
        _queue.LoseLocks();
        var handler = new RecordingHandler(Queues.Feedback);
        await DeliverAsync(handler);
        Assert.Equal(2, Assert.Single(handler.Seen).Delivery);
    }

    [Fact]
    public async Task A_message_whose_completion_was_lost_does_not_multiply()
    {
        await SendAsync("1");
        _queue.SettlementFailure = new ServiceBusException("Lost.", ServiceBusFailureReason.MessageLockLost);
        await Assert.ThrowsAsync<ServiceBusException>(() => DeliverAsync(Failing()));
        _queue.LoseLocks();

        await DeliverAsync(Failing());

        Assert.Equal(3, _queue.Sent.Count);
        Assert.Equal(1, _queue.Free.Alive);
    }

    [Fact]
    public async Task A_failing_settlement_is_not_tried_in_another_way()
    {
        await SendAsync("1");
        _queue.SettlementFailure = new ServiceBusException("Lost.", ServiceBusFailureReason.MessageLockLost);

        await Assert.ThrowsAsync<ServiceBusException>(() => DeliverAsync(new RecordingHandler(Queues.Feedback)));

        Assert.Equal([FakeSettlement.Complete], _actions.Asked);
        Assert.Single(_queue.Sent);
    }

    [Fact]
    public async Task A_shutdown_gives_the_message_back()
    {
        await SendAsync("1");
        using var shutdown = new CancellationTokenSource();

        await DeliverAsync(new Handler((_, cancellation) =>
        {
            shutdown.Cancel();
            cancellation.ThrowIfCancellationRequested();
            return Task.CompletedTask;
        }), shutdown.Token);

        Assert.Equal([FakeSettlement.Abandon], _actions.Asked);
        Assert.Single(_queue.Sent);
        Assert.Equal(1, _queue.Free.Alive);
    }

    [Fact]
    public async Task A_shutdown_after_the_handler_is_done_does_not_undo_it()
    {
        await SendAsync("1");
        using var shutdown = new CancellationTokenSource();

        await DeliverAsync(new Handler((_, _) => shutdown.CancelAsync()), shutdown.Token);

        Assert.Equal([FakeSettlement.Complete], _actions.Asked);
    }

    [Fact]
    public async Task A_time_out_inside_the_handler_is_a_failure_like_any_other()
    {
        await SendAsync("1");

        await DeliverAsync(new Handler((_, _) => throw new TaskCanceledException("The web hook took too long.")));

        Assert.Equal([FakeSettlement.Complete], _actions.Asked);
        Assert.Equal(2, _queue.Sent.Count);
    }

    [Fact]
    public async Task Deliveries_that_the_broker_repeated_count_among_the_five()
    {
        await SendAsync("1");
        for (var died = 0; died < 2; died++)
        {
            Assert.NotNull(_queue.Receive());
            _queue.LoseLocks();
        }

        var handler = Failing();
        await DeliverAsync(handler);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(_queue.Receive());
        _queue.LoseLocks();
        await DeliverAsync(handler);

        Assert.Equal([3, 5], handler.Seen.Select(message => message.Delivery));
        Assert.Equal([FakeSettlement.Complete, FakeSettlement.DeadLetter], _actions.Asked);
    }

    [Fact]
    public async Task A_message_that_killed_its_process_five_times_gets_no_sixth_try()
    {
        await SendAsync("1");
        for (var died = 0; died < Queues.MaxDeliveries; died++)
        {
            Assert.NotNull(_queue.Receive());
            _queue.LoseLocks();
        }

        var handler = new RecordingHandler(Queues.Feedback);
        await DeliverAsync(handler);

        Assert.Empty(handler.Seen);
        var dead = Assert.Single(await new ServiceBusDeadLetters(_bus, _senders).ListAsync(Queues.Feedback, 10, None));
        Assert.Equal(("1", Queues.MaxDeliveries, _clock.Now), (dead.Id, dead.Deliveries, dead.DeadAt));
    }

    [Fact]
    public async Task A_long_id_keeps_to_the_service_s_limit_on_every_copy()
    {
        var id = new string('i', 128);
        await SendAsync(id);
        var handler = Failing();

        for (var delivery = 1; delivery <= Queues.MaxDeliveries; delivery++)
        {
            await DeliverAsync(handler);
            _clock.Advance(TimeSpan.FromMinutes(3));
        }

        Assert.All(handler.Seen, message => Assert.Equal(id, message.Id));
        Assert.Equal(Queues.MaxDeliveries, _queue.Sent.Select(message => message.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task What_a_sender_put_beside_the_body_stays_on_the_copy()
    {
        var message = new ServiceBusMessage("{}") { MessageId = "1", Subject = "s", CorrelationId = "c" };
        message.ApplicationProperties["Diagnostic-Id"] = "trace";
        _queue.Send(message);

        await DeliverAsync(Failing());

        var copy = _queue.Sent[1];
        Assert.Equal(("s", "c", "trace"), (copy.Subject, copy.CorrelationId, copy.ApplicationProperties["Diagnostic-Id"]));
    }

    private static RecordingHandler Failing() => new(Queues.Feedback, _ => new InvalidOperationException("no"));

    private Task SendAsync(string id) => new ServiceBusMessageSender(_senders).SendAsync(new OutgoingMessage(Queues.Feedback, id, "{}"), None);

    private Task DeliverAsync(IMessageHandler handler, CancellationToken cancellation = default)
    {
        var message = _queue.Receive();
        Assert.NotNull(message);
        return _delivery.DeliverAsync(message, _actions, handler, cancellation);
    }

    private sealed class Handler(Func<ReceivedMessage, CancellationToken, Task> handle) : IMessageHandler
    {
        public string Queue => Queues.Feedback;

        public Task HandleAsync(ReceivedMessage message, CancellationToken cancellation) => handle(message, cancellation);
    }
}
