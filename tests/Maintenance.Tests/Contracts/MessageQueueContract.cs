using Maintenance.Messaging;

namespace Maintenance.Tests.Contracts;

/// <summary>One adapter of the queues, moved by hand.</summary>
public abstract class MessageQueueHarness : IAsyncDisposable
{
    public abstract IMessageSender Sender { get; }

    public abstract IDeadLetters DeadLetters { get; }

    /// <summary>The adapter's time.</summary>
    public abstract FakeClock Clock { get; }

    /// <summary>
    /// Takes the next message of the handler's queue that is receivable at the clock's now, lets the handler have it, and settles it by the port's rules.
    /// The handler's exceptions end inside.
    /// </summary>
    /// <returns>False when no message is receivable.</returns>
    public abstract Task<bool> DeliverNextAsync(IMessageHandler handler);

    /// <summary>Closes the adapter and opens another over the same queues.</summary>
    public abstract Task ReopenAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>What <see cref="IMessageSender"/>, <see cref="IMessageHandler"/> and <see cref="IDeadLetters"/> guarantee, for every adapter.</summary>
public abstract class MessageQueueContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Empty queues.</summary>
    protected abstract Task<MessageQueueHarness> OpenAsync();

    [Fact]
    public async Task A_sent_message_is_delivered_as_it_was_sent_and_once()
    {
        await using var queues = await OpenAsync();
        var handler = new RecordingHandler(Queues.Feedback);
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "f-1", """{"text":"ä😀"}"""), None);

        Assert.True(await queues.DeliverNextAsync(handler));
        Assert.False(await queues.DeliverNextAsync(handler));

        queues.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(await queues.DeliverNextAsync(handler));
        Assert.Equal([new ReceivedMessage(Queues.Feedback, "f-1", """{"text":"ä😀"}""", 1)], handler.Seen);
    }

    [Fact]
    public async Task A_message_goes_to_the_handler_of_its_queue_only()
    {
        await using var queues = await OpenAsync();
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "1", "{}"), None);

        Assert.False(await queues.DeliverNextAsync(new RecordingHandler(Queues.SlaBreaches)));
        Assert.True(await queues.DeliverNextAsync(new RecordingHandler(Queues.Feedback)));
    }

    [Fact]
    public async Task All_messages_are_delivered()
    {
        await using var queues = await OpenAsync();
        var handler = new RecordingHandler(Queues.Feedback);
        for (var i = 0; i < 50; i++)
        {
            await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, $"{i}", $$"""{"n":{{i}}}"""), None);
        }

        await DeliverAllAsync(queues, handler);

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $$"""{"n":{{i}}}""").Order(), handler.Seen.Select(message => message.Body).Order());
    }

    [Fact]
    public async Task A_message_sent_before_the_adapter_was_closed_is_delivered_after()
    {
        await using var queues = await OpenAsync();
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "1", "{}"), None);

        await queues.ReopenAsync();

        Assert.True(await queues.DeliverNextAsync(new RecordingHandler(Queues.Feedback)));
    }

    [Fact]
    public async Task A_second_message_of_an_id_is_dropped_while_the_first_waits()
    {
        await using var queues = await OpenAsync();
        var handler = new RecordingHandler(Queues.Feedback);
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "same", """{"n":1}"""), None);
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "same", """{"n":2}"""), None);

        await DeliverAllAsync(queues, handler);

        Assert.Equal("""{"n":1}""", Assert.Single(handler.Seen).Body);
    }

    [Fact]
    public async Task A_second_message_of_an_id_is_dropped_ten_minutes_long_after_the_first_was_handled()
    {
        await using var queues = await OpenAsync();
        var handler = new RecordingHandler(Queues.Feedback);
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "same", "{}"), None);
        await DeliverAllAsync(queues, handler);

        queues.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        await queues.ReopenAsync();
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "same", "{}"), None);
        await DeliverAllAsync(queues, handler);

        Assert.Single(handler.Seen);
    }

    [Fact]
    public async Task The_same_id_in_another_queue_is_another_message()
    {
        await using var queues = await OpenAsync();
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "same", "{}"), None);
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.SlaBreaches, "same", "{}"), None);

        Assert.True(await queues.DeliverNextAsync(new RecordingHandler(Queues.Feedback)));
        Assert.True(await queues.DeliverNextAsync(new RecordingHandler(Queues.SlaBreaches)));
    }

    [Fact]
    public async Task A_scheduled_message_is_receivable_from_its_time_on_and_not_before()
    {
        await using var queues = await OpenAsync();
        var handler = new RecordingHandler(Queues.SlaBreaches);
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.SlaBreaches, "later", "{}", queues.Clock.Now.AddMinutes(5)), None);
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.SlaBreaches, "past", "{}", queues.Clock.Now.AddMinutes(-5)), None);

        await DeliverAllAsync(queues, handler);
        Assert.Equal(["past"], handler.Seen.Select(message => message.Id));

        queues.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.False(await queues.DeliverNextAsync(handler));
        queues.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await queues.DeliverNextAsync(handler));
        Assert.Equal(["past", "later"], handler.Seen.Select(message => message.Id));
        Assert.Equal(1, handler.Seen[1].Delivery);
    }

    [Fact]
    public async Task A_failed_message_comes_again_after_a_growing_wait_with_its_deliveries_counted()
    {
        await using var queues = await OpenAsync();
        var handler = new RecordingHandler(Queues.Feedback, fail: message => message.Delivery < 4 ? new InvalidOperationException("not yet") : null);
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "1", """{"n":1}"""), None);

        for (var delivery = 1; delivery <= 4; delivery++)
        {
            Assert.True(await queues.DeliverNextAsync(handler));
            Assert.Equal(new ReceivedMessage(Queues.Feedback, "1", """{"n":1}""", delivery), handler.Seen[^1]);
            var wait = MessageLimits.Backoff(delivery + 1);
            queues.Clock.Advance(wait - TimeSpan.FromSeconds(1));
            Assert.False(await queues.DeliverNextAsync(handler));
            queues.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(await queues.DeliverNextAsync(handler));
        Assert.Empty(await queues.DeadLetters.ListAsync(Queues.Feedback, 10, None));
    }

    [Fact]
    public async Task A_failing_message_does_not_hold_up_the_next()
    {
        await using var queues = await OpenAsync();
        var handler = new RecordingHandler(Queues.Feedback, fail: message => message.Id == "bad" ? new InvalidOperationException("no") : null);
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "bad", "{}"), None);
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "good", "{}"), None);

        await DeliverAllAsync(queues, handler);

        Assert.Equal(["bad", "good"], handler.Seen.Select(message => message.Id).Order());
    }

    [Fact]
    public async Task A_message_that_always_fails_is_delivered_five_times_and_then_given_up_with_its_last_error()
    {
        await using var queues = await OpenAsync();
        var handler = new RecordingHandler(Queues.Feedback, fail: message => new InvalidOperationException($"failure {message.Delivery}\nwith details"));
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "poison", """{"n":1}"""), None);

        await FailUntilDeadAsync(queues, handler);

        Assert.Equal([1, 2, 3, 4, 5], handler.Seen.Select(message => message.Delivery));
        var dead = Assert.Single(await queues.DeadLetters.ListAsync(Queues.Feedback, 10, None));
        Assert.Equal(("poison", """{"n":1}""", 5, Queues.Feedback), (dead.Id, dead.Body, dead.Deliveries, dead.Queue));
        Assert.Contains("failure 5", dead.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("details", dead.Reason, StringComparison.Ordinal);
        Assert.Equal(queues.Clock.Now, dead.DeadAt);
        Assert.Empty(await queues.DeadLetters.ListAsync(Queues.SlaBreaches, 10, None));

        queues.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(await queues.DeliverNextAsync(handler));
    }

    [Fact]
    public async Task An_unusable_message_is_given_up_at_once()
    {
        await using var queues = await OpenAsync();
        var handler = new RecordingHandler(Queues.Feedback, fail: _ => new UnusableMessageException("no subject"));
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "1", "{}"), None);

        Assert.True(await queues.DeliverNextAsync(handler));

        var dead = Assert.Single(await queues.DeadLetters.ListAsync(Queues.Feedback, 10, None));
        Assert.Equal(1, dead.Deliveries);
        Assert.Contains("no subject", dead.Reason, StringComparison.Ordinal);
        queues.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(await queues.DeliverNextAsync(handler));
    }

    [Fact]
    public async Task The_reason_of_a_dead_letter_has_200_characters_at_most()
    {
        await using var queues = await OpenAsync();
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "1", "{}"), None);

        await queues.DeliverNextAsync(new RecordingHandler(Queues.Feedback, fail: _ => new UnusableMessageException(new string('x', 5000))));

        Assert.Equal(200, Assert.Single(await queues.DeadLetters.ListAsync(Queues.Feedback, 10, None)).Reason.Length);
    }

    [Fact]
    public async Task Dead_letters_are_listed_oldest_first_and_as_many_as_asked_for()
    {
        await using var queues = await OpenAsync();
        var handler = new RecordingHandler(Queues.Feedback, fail: _ => new UnusableMessageException("no"));
        foreach (var id in new[] { "b", "c", "a" })
        {
            await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, id, "{}"), None);
            await queues.DeliverNextAsync(handler);
            queues.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(["b", "c", "a"], (await queues.DeadLetters.ListAsync(Queues.Feedback, 10, None)).Select(dead => dead.Id));
        Assert.Equal(["b", "c"], (await queues.DeadLetters.ListAsync(Queues.Feedback, 2, None)).Select(dead => dead.Id));
        Assert.Equal(3, (await queues.DeadLetters.ListAsync(Queues.Feedback, 10, None)).Count);
    }

    [Fact]
    public async Task A_dead_letter_sent_again_is_delivered_with_its_deliveries_counted_anew()
    {
        await using var queues = await OpenAsync();
        var broken = new RecordingHandler(Queues.Feedback, fail: _ => new InvalidOperationException("no"));
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "1", """{"n":1}"""), None);
        await FailUntilDeadAsync(queues, broken);

        Assert.True(await queues.DeadLetters.ResendAsync(Queues.Feedback, "1", None));

        Assert.Empty(await queues.DeadLetters.ListAsync(Queues.Feedback, 10, None));
        await FailUntilDeadAsync(queues, broken);
        Assert.Equal([1, 2, 3, 4, 5, 1, 2, 3, 4, 5], broken.Seen.Select(message => message.Delivery));
        Assert.True(await queues.DeadLetters.ResendAsync(Queues.Feedback, "1", None));
        var mended = new RecordingHandler(Queues.Feedback);
        Assert.True(await queues.DeliverNextAsync(mended));
        Assert.Equal([new ReceivedMessage(Queues.Feedback, "1", """{"n":1}""", 1)], mended.Seen);
        Assert.Empty(await queues.DeadLetters.ListAsync(Queues.Feedback, 10, None));
    }

    [Fact]
    public async Task Only_a_dead_letter_is_sent_again()
    {
        await using var queues = await OpenAsync();
        var handler = new RecordingHandler(Queues.Feedback);
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "1", "{}"), None);

        Assert.False(await queues.DeadLetters.ResendAsync(Queues.Feedback, "unknown", None));
        Assert.False(await queues.DeadLetters.ResendAsync(Queues.Feedback, "1", None));
        await DeliverAllAsync(queues, handler);
        Assert.False(await queues.DeadLetters.ResendAsync(Queues.Feedback, "1", None));
        await DeliverAllAsync(queues, handler);

        Assert.Single(handler.Seen);
    }

    [Fact]
    public async Task A_message_that_breaks_a_limit_is_refused_and_one_at_the_limit_is_taken()
    {
        await using var queues = await OpenAsync();
        var handler = new RecordingHandler(Queues.Feedback);
        var largest = $$"""{"a":"{{new string('x', OutgoingMessage.MaxBodyBytes - 8)}}"}""";
        var longest = new string('i', 128);

        await Assert.ThrowsAsync<ArgumentException>(() => queues.Sender.SendAsync(new OutgoingMessage("no-such-queue", "1", "{}"), None));
        await Assert.ThrowsAsync<ArgumentException>(() => queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "", "{}"), None));
        await Assert.ThrowsAsync<ArgumentException>(() => queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, longest + "i", "{}"), None));
        await Assert.ThrowsAsync<ArgumentException>(() => queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, "1", largest + " "), None));
        await queues.Sender.SendAsync(new OutgoingMessage(Queues.Feedback, longest, largest), None);

        await DeliverAllAsync(queues, handler);
        Assert.Equal([new ReceivedMessage(Queues.Feedback, longest, largest, 1)], handler.Seen);
    }

    protected static async Task DeliverAllAsync(MessageQueueHarness queues, IMessageHandler handler)
    {
        while (await queues.DeliverNextAsync(handler))
        {
        }
    }

    protected static async Task FailUntilDeadAsync(MessageQueueHarness queues, IMessageHandler handler)
    {
        for (var delivery = 1; delivery <= Queues.MaxDeliveries; delivery++)
        {
            Assert.True(await queues.DeliverNextAsync(handler));
            if (delivery < Queues.MaxDeliveries)
            {
                queues.Clock.Advance(MessageLimits.Backoff(delivery + 1));
            }
        }
    }
}

/// <summary>Notes what it gets, and fails as it is told.</summary>
public sealed class RecordingHandler(string queue, Func<ReceivedMessage, Exception?>? fail = null) : IMessageHandler
{
    private readonly Lock _gate = new();
    private readonly List<ReceivedMessage> _seen = [];

    public string Queue { get; } = queue;

    public IReadOnlyList<ReceivedMessage> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
            }
        }
    }

    public Task HandleAsync(ReceivedMessage message, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _seen.Add(message);
        }

        return fail?.Invoke(message) is { } error ? Task.FromException(error) : Task.CompletedTask;
    }
}
