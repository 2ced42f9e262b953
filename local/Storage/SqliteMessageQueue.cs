using System.Diagnostics.CodeAnalysis;
using Maintenance.Messaging;
using Microsoft.Data.Sqlite;

namespace Maintenance.Local.Storage;

/// <summary>
/// The queues in one SQLite table, for one process at a time. A delivery is counted durably before the message is handed out, so that a message which ends the
/// process is given up, too. A handled message is remembered for <see cref="Remembered"/> without its body; its id sent again meanwhile is dropped.
/// </summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "A message queue is what it is; the rule thinks of collections.")]
public sealed class SqliteMessageQueue : IMessageSender, IDeadLetters
{
    private const int PurgedAtOnce = 1000;
    private static readonly TimeSpan PurgeInterval = TimeSpan.FromMinutes(5);

    private readonly SqliteDatabase _database;
    private readonly TimeProvider _time;
    private readonly MessageSignals _signals;
    private long _purgeAtTicks;

    /// <summary>Makes the table where it is missing.</summary>
    /// <param name="database">Where the queues are.</param>
    /// <param name="time">Gives every instant in the queues (UTC).</param>
    public SqliteMessageQueue(SqliteDatabase database, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(time);
        _database = database;
        _time = time;
        _signals = new MessageSignals(time);
        database.EnsureSchema("the queues", MessageSql.Schema);
    }

    /// <summary>How long the id of a handled message is remembered.</summary>
    public static TimeSpan Remembered { get; } = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public async Task SendAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        MessageLimits.Check(message);
        var now = _time.GetUtcNow();
        var visible = message.NotBefore is { } notBefore && notBefore > now ? notBefore : now;
        await _database.WriteAsync(
            connection =>
            {
                PurgeRemembered(connection, now);
                return connection.Execute(MessageSql.Insert, message.Queue, message.Id, message.Body, visible.UtcTicks, now.UtcTicks);
            },
            cancellation);
        _signals.Raise(message.Queue);
    }

    /// <summary>
    /// Hands out up to <paramref name="max"/> receivable messages, those first that have been so longest, and counts the delivery. Messages whose deliveries are
    /// used up (their handler ended the process, say) go to the dead letter instead.
    /// </summary>
    /// <param name="queue">The queue.</param>
    /// <param name="max">The most messages wanted, at least 1.</param>
    /// <param name="lockFor">How long nobody else receives them; after that they count as not handled.</param>
    /// <param name="cancellation">Gives up waiting for the database.</param>
    public Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(string queue, int max, TimeSpan lockFor, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        var now = _time.GetUtcNow();
        return _database.WriteAsync<IReadOnlyList<ReceivedMessage>>(
            connection =>
            {
                while (true)
                {
                    var taken = Take(connection, queue, max, now, now + lockFor);
                    var usable = taken.FindAll(message => message.Delivery <= Queues.MaxDeliveries);
                    foreach (var message in taken.Except(usable))
                    {
                        connection.Execute(MessageSql.GiveUpUsedUp, queue, message.Id, now.UtcTicks);
                    }

                    if (usable.Count > 0 || taken.Count == 0)
                    {
                        return usable;
                    }
                }
            },
            cancellation);
    }

    /// <summary>The message is handled.</summary>
    /// <returns>False when its lock ran out and somebody else has it, or had it.</returns>
    public Task<bool> CompleteAsync(ReceivedMessage message, CancellationToken cancellation) =>
        SettleAsync(message, MessageSql.Complete, _time.GetUtcNow(), "", cancellation);

    /// <summary>The message was not handled and is receivable again from <paramref name="visibleAt"/> (UTC).</summary>
    /// <returns>False when its lock ran out and somebody else has it, or had it.</returns>
    public Task<bool> AbandonAsync(ReceivedMessage message, DateTimeOffset visibleAt, string reason, CancellationToken cancellation) =>
        SettleAsync(message, MessageSql.Abandon, visibleAt, reason, cancellation);

    /// <summary>The message goes back as if it had not been delivered: the host stops, say.</summary>
    /// <returns>False when its lock ran out and somebody else has it, or had it.</returns>
    public Task<bool> ReleaseAsync(ReceivedMessage message, CancellationToken cancellation) =>
        SettleAsync(message, MessageSql.Release, _time.GetUtcNow(), "", cancellation);

    /// <summary>The message is given up.</summary>
    /// <returns>False when its lock ran out and somebody else has it, or had it.</returns>
    public Task<bool> DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellation) =>
        SettleAsync(message, MessageSql.GiveUp, _time.GetUtcNow(), reason, cancellation);

    /// <summary>
    /// Gives back, at start, what the process had in hand when it ended. The messages become receivable one after the other, a second apart: the one that ended
    /// the process does so alone the next time, and does not use up the deliveries of the others.
    /// </summary>
    /// <returns>How many there were.</returns>
    public Task<int> ReleaseLocksAsync(CancellationToken cancellation)
    {
        var first = _time.GetUtcNow() + MessageLimits.Backoff(2);
        return _database.WriteAsync(
            connection =>
            {
                var held = connection.Query("SELECT seq FROM messages WHERE state = 1 ORDER BY seq", row => row.GetInt64(0));
                for (var i = 0; i < held.Count; i++)
                {
                    connection.Execute(MessageSql.GiveBack, held[i], first.AddSeconds(i).UtcTicks, MessageSql.ProcessEnded);
                }

                return held.Count;
            },
            cancellation);
    }

    /// <summary>How many messages of a queue wait or are in hand, and how many were given up.</summary>
    public Task<(int Ready, int Dead)> CountAsync(string queue, CancellationToken cancellation) =>
        _database.ReadAsync(
            connection => ((int)connection.Scalar<long>(MessageSql.CountReady, queue), (int)connection.Scalar<long>(MessageSql.CountDead, queue)), cancellation);

    /// <summary>When the next message becomes receivable (UTC), in the past if one is; null when the queue is empty.</summary>
    public Task<DateTimeOffset?> NextVisibleAsync(string queue, CancellationToken cancellation) =>
        _database.ReadAsync<DateTimeOffset?>(
            connection => connection.Scalar<long>(MessageSql.NextVisible, queue) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null, cancellation);

    /// <summary>Waits until a message is sent to the queue, or sent again; <paramref name="atMost"/> that long. One waiter a queue.</summary>
    public Task WaitAsync(string queue, TimeSpan atMost, CancellationToken cancellation) => _signals.WaitAsync(queue, atMost, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeadLetter>> ListAsync(string queue, int take, CancellationToken cancellation) =>
        _database.ReadAsync<IReadOnlyList<DeadLetter>>(
            connection => connection.Query(
                MessageSql.ListDead,
                row => new DeadLetter(
                    queue, row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3), new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero)),
                queue,
                Math.Max(0, take)),
            cancellation);

    /// <inheritdoc/>
    public async Task<bool> ResendAsync(string queue, string id, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var resent = await _database.WriteAsync(connection => connection.Execute(MessageSql.Resend, queue, id, now.UtcTicks) == 1, cancellation);
        _signals.Raise(queue);
        return resent;
    }

    private static List<ReceivedMessage> Take(SqliteConnection connection, string queue, int max, DateTimeOffset now, DateTimeOffset until) =>
        connection
            .Query(
                MessageSql.Receive,
                row => (Order: (row.GetInt64(0), row.GetInt64(1)), Message: new ReceivedMessage(queue, row.GetString(2), row.GetString(3), row.GetInt32(4))),
                queue,
                now.UtcTicks,
                max,
                until.UtcTicks,
                MessageSql.LockRanOut)
            .OrderBy(taken => taken.Order) // RETURNING promises no order.
            .Select(taken => taken.Message)
            .ToList();

    private async Task<bool> SettleAsync(ReceivedMessage message, string sql, DateTimeOffset at, string reason, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        var settled = await _database.WriteAsync(
            connection => connection.Execute(sql, message.Queue, message.Id, message.Delivery, at.UtcTicks, reason) == 1, cancellation);
        _signals.Raise(message.Queue); // The receiver looks anew at when the next one is due.
        return settled;
    }

    /// <summary>Runs on the writer's thread. As many at a time as no sender notices; while more are left, with every send.</summary>
    private void PurgeRemembered(SqliteConnection connection, DateTimeOffset now)
    {
        if (now.UtcTicks < _purgeAtTicks)
        {
            return;
        }

        if (connection.Execute(MessageSql.Purge, (now - Remembered).UtcTicks, PurgedAtOnce) < PurgedAtOnce)
        {
            _purgeAtTicks = (now + PurgeInterval).UtcTicks;
        }
    }
}
