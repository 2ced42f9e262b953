using Azure.Messaging.ServiceBus;
using Maintenance.Messaging;
using Maintenance.Tests.Contracts;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace MaintenanceFunctions.Tests;

public sealed class ServiceBusDeadLettersTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeClock _clock = new();
    private readonly FakeServiceBus _bus;
    private readonly FakeQueue _queue;
    private readonly ServiceBusDeadLetters _letters;

    public ServiceBusDeadLettersTests()
    {
        _bus = new FakeServiceBus(_clock);
        _queue = _bus[Queues.Feedback];
        _letters = new ServiceBusDeadLetters(_bus, new ServiceBusSenders(_bus));
    }

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task A_letter_that_the_broker_gave_up_is_listed_with_what_is_known()
    {
        Kill("1", "MaxDeliveryCountExceeded");

        var letter = Assert.Single(await _letters.ListAsync(Queues.Feedback, 10, None));

        Assert.Equal(new DeadLetter(Queues.Feedback, "1", "{}", "MaxDeliveryCountExceeded", 1, _clock.Now), letter);
    }

    [Fact]
    public async Task Listing_goes_on_over_many_round_trips_and_holds_nothing()
    {
        for (var i = 0; i < 20; i++)
        {
            Kill($"{i}", "no");
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), (await _letters.ListAsync(Queues.Feedback, 100, None)).Select(letter => letter.Id));
        Assert.Equal(7, (await _letters.ListAsync(Queues.Feedback, 7, None)).Count);
        Assert.Empty(await _letters.ListAsync(Queues.Feedback, 0, None));
        Assert.Equal((0, 20), _queue.Free);
    }

    [Fact]
    public async Task One_letter_among_many_is_sent_again_and_the_others_are_given_back()
    {
        for (var i = 0; i < 20; i++)
        {
            Kill($"{i}", "no");
        }

        Assert.True(await _letters.ResendAsync(Queues.Feedback, "11", None));

        Assert.Equal((1, 19), _queue.Free);
        Assert.DoesNotContain("11", (await _letters.ListAsync(Queues.Feedback, 100, None)).Select(letter => letter.Id));
    }

    [Fact]
    public async Task The_copy_carries_the_first_id_and_nothing_of_the_death()
    {
        Kill("1", "no");

        await _letters.ResendAsync(Queues.Feedback, "1", None);

        var copy = _queue.Sent[^1];
        Assert.NotEqual("1", copy.MessageId);
        Assert.Equal(["original-id"], copy.ApplicationProperties.Keys);
        Assert.Equal("1", copy.ApplicationProperties["original-id"]);
    }

    [Fact]
    public async Task A_letter_that_cannot_be_sent_stays_where_it_is()
    {
        Kill("1", "no");
        Kill("2", "no");
        _queue.SendFailure = new ServiceBusException("Away.", ServiceBusFailureReason.ServiceBusy);

        await Assert.ThrowsAsync<ServiceBusException>(() => _letters.ResendAsync(Queues.Feedback, "2", None));

        Assert.Equal(2, (await _letters.ListAsync(Queues.Feedback, 10, None)).Count);
        Assert.Equal((0, 1), _queue.Free);
    }

    [Fact]
    public async Task A_letter_that_was_sent_but_not_completed_is_sent_once_only()
    {
        Kill("1", "no");
        _queue.SettlementFailure = new ServiceBusException("Lost.", ServiceBusFailureReason.MessageLockLost);
        await Assert.ThrowsAsync<ServiceBusException>(() => _letters.ResendAsync(Queues.Feedback, "1", None));
        _queue.LoseLocks();

        Assert.True(await _letters.ResendAsync(Queues.Feedback, "1", None));

        Assert.Equal((1, 0), _queue.Free);
    }

    [Fact]
    public async Task Locks_that_run_out_on_the_other_letters_do_not_spoil_the_outcome()
    {
        foreach (var id in new[] { "1", "2", "3", "4" })
        {
            Kill(id, "no");
        }

        _queue.AbandonFailure = new ServiceBusException("Lost.", ServiceBusFailureReason.MessageLockLost);

        Assert.True(await _letters.ResendAsync(Queues.Feedback, "4", None));
        Assert.Equal(1, _queue.Free.Alive);
    }

    [Fact]
    public async Task A_letter_that_was_copied_before_it_died_is_sent_again_all_the_same()
    {
        var actions = new FakeMessageActions(_queue);
        var delivery = new ServiceBusDelivery(new ServiceBusSenders(_bus), _clock, NullLogger<ServiceBusDelivery>.Instance);
        var failing = new RecordingHandler(Queues.Feedback, _ => new InvalidOperationException("no"));
        var unusable = new RecordingHandler(Queues.Feedback, _ => new UnusableMessageException("never"));
        _queue.Send(new ServiceBusMessage("{}") { MessageId = "1" });
        _queue.SettlementFailure = new ServiceBusException("Lost.", ServiceBusFailureReason.MessageLockLost);
        await Assert.ThrowsAsync<ServiceBusException>(() => delivery.DeliverAsync(_queue.Receive()!, actions, failing, None));
        _queue.LoseLocks();
        await delivery.DeliverAsync(_queue.Receive()!, actions, unusable, None);
        _clock.Advance(MessageLimits.Backoff(2));
        await delivery.DeliverAsync(_queue.Receive()!, actions, new RecordingHandler(Queues.Feedback), None);

        Assert.True(await _letters.ResendAsync(Queues.Feedback, "1", None));

        Assert.Equal((1, 0), _queue.Free);
    }

    [Fact]
    public async Task A_letter_that_someone_else_holds_is_reported_as_such()
    {
        Kill("1", "no");
        Assert.Single(_queue.ReceiveDead(1));

        await Assert.ThrowsAsync<TimeoutException>(() => _letters.ResendAsync(Queues.Feedback, "1", None));
    }

    [Fact]
    public async Task There_are_no_dead_letters_of_a_queue_that_does_not_exist()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _letters.ListAsync("no-such-queue", 10, None));
        await Assert.ThrowsAsync<ArgumentException>(() => _letters.ResendAsync("no-such-queue", "1", None));
    }

    private void Kill(string id, string reason)
    {
        _queue.Send(new ServiceBusMessage("{}") { MessageId = id });
        _queue.Settle(_queue.Receive()!, FakeSettlement.DeadLetter, reason);
    }
}
