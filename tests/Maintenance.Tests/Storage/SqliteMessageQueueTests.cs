using Maintenance.Local.Storage;
using Maintenance.Messaging;
using Maintenance.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using SQLitePCL;

namespace Maintenance.Tests.Storage;

public sealed class SqliteMessageQueueTests : MessageQueueContract, IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Lock = TimeSpan.FromMinutes(1);
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_message_that_ends_the_process_each_time_is_given_up_after_five_deliveries()
    {
        await using var queues = Open();
        await queues.Queue.SendAsync(new OutgoingMessage(Queues.Feedback, "deadly", """{"n":1}"""), None);

        for (var delivery = 1; delivery <= Queues.MaxDeliveries; delivery++)
        {
            Assert.Equal(delivery, Assert.Single(await queues.Queue.ReceiveAsync(Queues.Feedback, 8, Lock, None)).Delivery);
            await queues.ReopenAsync();
            Assert.Equal(1, await queues.Queue.ReleaseLocksAsync(None));
            queues.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Empty(await queues.Queue.ReceiveAsync(Queues.Feedback, 8, Lock, None));
        var dead = Assert.Single(await queues.Queue.ListAsync(Queues.Feedback, 10, None));
        Assert.Equal(("deadly", """{"n":1}""", 5), (dead.Id, dead.Body, dead.Deliveries));
        Assert.Contains("process ended", dead.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_that_were_in_hand_when_the_process_ended_come_back_one_by_one()
    {
        await using var queues = Open();
        foreach (var id in new[] { "a", "b", "c" })
        {
            await queues.Queue.SendAsync(new OutgoingMessage(Queues.Feedback, id, "{}"), None);
        }

        Assert.Equal(3, (await queues.Queue.ReceiveAsync(Queues.Feedback, 8, Lock, None)).Count);
        await queues.ReopenAsync();
        Assert.Equal(3, await queues.Queue.ReleaseLocksAsync(None));

        queues.Clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var id in new[] { "a", "b", "c" })
        {
            Assert.Empty(await queues.Queue.ReceiveAsync(Queues.Feedback, 8, Lock, None));
            queues.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(id, Assert.Single(await queues.Queue.ReceiveAsync(Queues.Feedback, 8, Lock, None)).Id);
        }
    }

    [Fact]
    public async Task A_used_up_message_does_not_hide_the_ones_behind_it()
    {
        await using var queues = Open();
        await queues.Queue.SendAsync(new OutgoingMessage(Queues.Feedback, "first", "{}"), None);
        for (var delivery = 1; delivery <= Queues.MaxDeliveries; delivery++)
        {
            var message = Assert.Single(await queues.Queue.ReceiveAsync(Queues.Feedback, 1, Lock, None));
            await queues.Queue.AbandonAsync(message, queues.Clock.Now, "it failed", None);
        }

        await queues.Queue.SendAsync(new OutgoingMessage(Queues.Feedback, "second", "{}"), None);

        Assert.Equal("second", Assert.Single(await queues.Queue.ReceiveAsync(Queues.Feedback, 1, Lock, None)).Id);
        Assert.Equal("it failed", Assert.Single(await queues.Queue.ListAsync(Queues.Feedback, 10, None)).Reason);
    }

    [Fact]
    public async Task A_message_whose_lock_ran_out_is_delivered_again_and_the_first_receiver_cannot_settle_it()
    {
        await using var queues = Open();
        await queues.Queue.SendAsync(new OutgoingMessage(Queues.Feedback, "1", "{}"), None);
        var first = Assert.Single(await queues.Queue.ReceiveAsync(Queues.Feedback, 8, Lock, None));

        queues.Clock.Advance(Lock - TimeSpan.FromSeconds(1));
        Assert.Empty(await queues.Queue.ReceiveAsync(Queues.Feedback, 8, Lock, None));
        queues.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = Assert.Single(await queues.Queue.ReceiveAsync(Queues.Feedback, 8, Lock, None));

        Assert.Equal((1, 2), (first.Delivery, second.Delivery));
        Assert.False(await queues.Queue.CompleteAsync(first, None));
        Assert.False(await queues.Queue.AbandonAsync(first, queues.Clock.Now, "late", None));
        Assert.False(await queues.Queue.DeadLetterAsync(first, "late", None));
        Assert.False(await queues.Queue.ReleaseAsync(first, None));
        Assert.True(await queues.Queue.CompleteAsync(second, None));
        Assert.False(await queues.Queue.CompleteAsync(second, None));
        Assert.Equal((0, 0), await queues.Queue.CountAsync(Queues.Feedback, None));
    }

    [Fact]
    public async Task A_released_message_comes_again_as_the_same_delivery()
    {
        await using var queues = Open();
        await queues.Queue.SendAsync(new OutgoingMessage(Queues.Feedback, "1", "{}"), None);
        var first = Assert.Single(await queues.Queue.ReceiveAsync(Queues.Feedback, 8, Lock, None));

        Assert.True(await queues.Queue.ReleaseAsync(first, None));

        Assert.Equal(first, Assert.Single(await queues.Queue.ReceiveAsync(Queues.Feedback, 8, Lock, None)));
    }

    [Fact]
    public async Task Messages_are_received_in_the_order_of_becoming_receivable_and_as_many_as_asked_for()
    {
        await using var queues = Open();
        for (var i = 9; i >= 0; i--)
        {
            await queues.Queue.SendAsync(new OutgoingMessage(Queues.Feedback, $"{i}", "{}", queues.Clock.Now.AddSeconds(i)), None);
        }

        Assert.Equal(queues.Clock.Now, await queues.Queue.NextVisibleAsync(Queues.Feedback, None));
        queues.Clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(["0", "1", "2", "3"], (await queues.Queue.ReceiveAsync(Queues.Feedback, 4, Lock, None)).Select(message => message.Id));
        Assert.Equal(["4", "5", "6", "7"], (await queues.Queue.ReceiveAsync(Queues.Feedback, 4, Lock, None)).Select(message => message.Id));
        Assert.Equal((10, 0), await queues.Queue.CountAsync(Queues.Feedback, None));
    }

    [Fact]
    public async Task Racing_receivers_never_get_the_same_message()
    {
        await using var queues = Open();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => queues.Queue.SendAsync(new OutgoingMessage(Queues.Feedback, $"{i}", "{}"), None)));

        var received = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => queues.Queue.ReceiveAsync(Queues.Feedback, 10, Lock, None))));

        Assert.Equal(200, received.SelectMany(messages => messages).Select(message => message.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_handled_message_is_remembered_for_a_day_without_its_body_and_then_forgotten()
    {
        await using var queues = Open();
        var handler = new RecordingHandler(Queues.Feedback);
        await queues.Queue.SendAsync(new OutgoingMessage(Queues.Feedback, "1", """{"n":1}"""), None);
        await DeliverAllAsync(queues, handler);
        Assert.Equal(["1="], await RowsAsync(queues));

        queues.Clock.Advance(SqliteMessageQueue.Remembered);
        await queues.Queue.SendAsync(new OutgoingMessage(Queues.Feedback, "1", "{}"), None);
        Assert.Equal(["1="], await RowsAsync(queues));

        queues.Clock.Advance(TimeSpan.FromMinutes(10));
        await queues.Queue.SendAsync(new OutgoingMessage(Queues.Feedback, "1", "{}"), None);
        Assert.Equal(["1={}"], await RowsAsync(queues));
    }

    [Fact]
    public async Task Forgetting_spares_what_waits_and_what_was_given_up()
    {
        await using var queues = Open();
        await queues.Queue.SendAsync(new OutgoingMessage(Queues.Feedback, "dead", "{}"), None);
        await DeliverAllAsync(queues, new RecordingHandler(Queues.Feedback, fail: _ => new UnusableMessageException("no")));
        await queues.Queue.SendAsync(new OutgoingMessage(Queues.Feedback, "ready", "{}"), None);

        queues.Clock.Advance(TimeSpan.FromDays(400));
        await queues.Queue.SendAsync(new OutgoingMessage(Queues.Feedback, "new", "{}"), None);

        Assert.Equal((2, 1), await queues.Queue.CountAsync(Queues.Feedback, None));
    }

    [Fact]
    public async Task Receiving_costs_the_same_beside_many_handled_messages()
    {
        await using var queues = Open();
        await queues.Database.WriteAsync(
            connection => connection.Execute(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
                INSERT INTO messages (queue, id, body, state, visible_at, deliveries, enqueued_at, ended_at) SELECT ?1, 'done-' || i, '', 2, 1, 1, 1, ?2 + i FROM n
                """,
                Queues.Feedback,
                queues.Clock.Now.UtcTicks),
            None);
        var steps = 0;
        await queues.Database.WriteAsync(
            connection =>
            {
                raw.sqlite3_progress_handler(connection.Handle, 100, _ => ++steps < 0 ? 1 : 0, null);
                return 0;
            },
            None);

        await queues.Queue.SendAsync(new OutgoingMessage(Queues.Feedback, "one", "{}"), None);
        var message = Assert.Single(await queues.Queue.ReceiveAsync(Queues.Feedback, 8, Lock, None));
        await queues.Queue.CompleteAsync(message, None);
        Assert.Empty(await queues.Queue.ReceiveAsync(Queues.Feedback, 8, Lock, None));

        // A walk over the handled messages would be several hundred thousand steps of SQLite's machine; this many hundreds are none.
        Assert.InRange(steps, 0, 30);
    }

    protected override Task<MessageQueueHarness> OpenAsync() => Task.FromResult<MessageQueueHarness>(Open());

    private Harness Open() => new(_scratch.PathOf("maintenance.db"));

    private static Task<List<string>> RowsAsync(Harness queues) =>
        queues.Database.ReadAsync(connection => connection.Query("SELECT id, body FROM messages ORDER BY id", row => $"{row.GetString(0)}={row.GetString(1)}"), None);

    private sealed class Harness : MessageQueueHarness
    {
        private readonly string _path;

        public Harness(string path)
        {
            _path = path;
            Database = SqliteDatabase.Open(path);
            Queue = new SqliteMessageQueue(Database, Clock);
        }

        public SqliteDatabase Database { get; private set; }

        public SqliteMessageQueue Queue { get; private set; }

        public override IMessageSender Sender => Queue;

        public override IDeadLetters DeadLetters => Queue;

        public override FakeClock Clock { get; } = new();

        public override async Task<bool> DeliverNextAsync(IMessageHandler handler)
        {
            if (await Queue.ReceiveAsync(handler.Queue, 1, MessageDelivery.Lock, None) is not [var message])
            {
                return false;
            }

            await new MessageDelivery(Queue, Clock, NullLogger.Instance).HandleAsync(handler, message, None);
            return true;
        }

        public override async Task ReopenAsync()
        {
            await Database.DisposeAsync();
            Database = SqliteDatabase.Open(_path);
            Queue = new SqliteMessageQueue(Database, Clock);
        }

        public override ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
