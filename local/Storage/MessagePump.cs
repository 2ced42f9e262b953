using Maintenance.Messaging;

namespace Maintenance.Local.Storage;

/// <summary>
/// Delivers the queues' messages to their handlers, several at a time. Only as many are taken as handlers are free for: a message counts as delivered when its
/// handler starts, not while it waits behind others. Stopping waits for the handlers at work as long as the host allows, then cancels them.
/// </summary>
public sealed class MessagePump : BackgroundService
{
    private const int Parallelism = 8;

    /// <summary>The longest wait without a look: after the computer slept, or its clock was set, messages are late by this at most.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan TimeToSettle = TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<IMessageHandler> _handlers;
    private readonly SqliteMessageQueue _queue;
    private readonly MessageDelivery _delivery;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _abort = new();

    /// <summary>For these handlers, one per queue at most.</summary>
    /// <exception cref="ArgumentException">Two handlers serve the same queue.</exception>
    public MessagePump(IEnumerable<IMessageHandler> handlers, SqliteMessageQueue queue, TimeProvider time, ILogger<MessagePump> log)
    {
        ArgumentNullException.ThrowIfNull(handlers);
        _handlers = [.. handlers];
        _queue = queue;
        _time = time;
        _log = log;
        _delivery = new MessageDelivery(queue, time, log);
        if (_handlers.GroupBy(handler => handler.Queue, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The queue '{twice.Key}' has more than one handler.", nameof(handlers));
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var impatience = cancellationToken.Register(_abort.Cancel);
        await base.StopAsync(cancellationToken);
        if (ExecuteTask is { IsCompleted: false } serving)
        {
            // The handlers are cancelled now; their messages go back before the host closes the database.
            await Task.WhenAny(serving, Task.Delay(TimeToSettle, _time, CancellationToken.None));
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _abort.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var held = await _queue.ReleaseLocksAsync(stoppingToken);
        if (held > 0)
        {
            _log.LogWarning("{Count} messages were being handled when the process ended; they are delivered again.", held);
        }

        await Task.WhenAll(_handlers.Select(handler => ServeAsync(handler, stoppingToken)));
    }

    private async Task ServeAsync(IMessageHandler handler, CancellationToken stopping)
    {
        using var free = new SemaphoreSlim(Parallelism);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await DeliverAsync(handler, free, stopping) == 0)
                {
                    var next = await _queue.NextVisibleAsync(handler.Queue, stopping);
                    var wait = next is { } due && due - _time.GetUtcNow() < LongestWait ? due - _time.GetUtcNow() : LongestWait;
                    await _queue.WaitAsync(handler.Queue, wait, stopping);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                // The database failed (a full disk, say): nothing is lost by waiting until it works again.
                _log.LogError(error, "The queue {Queue} cannot be read; the next try is in {Wait}.", handler.Queue, LongestWait);
                await Task.Delay(LongestWait, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        for (var i = 0; i < Parallelism; i++)
        {
            await free.WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>Takes as many messages as handlers are free for, and starts them.</summary>
    private async Task<int> DeliverAsync(IMessageHandler handler, SemaphoreSlim free, CancellationToken stopping)
    {
        await free.WaitAsync(stopping);
        var taken = 1;
        IReadOnlyList<ReceivedMessage> messages = [];
        try
        {
            while (taken < Parallelism && free.Wait(0, CancellationToken.None))
            {
                taken++;
            }

            messages = await _queue.ReceiveAsync(handler.Queue, taken, MessageDelivery.Lock, stopping);
        }
        finally
        {
            if (taken > messages.Count)
            {
                free.Release(taken - messages.Count);
            }
        }

        foreach (var message in messages)
        {
            _ = Task.Run(() => HandleAsync(handler, message, free), CancellationToken.None);
        }

        return messages.Count;
    }

    private async Task HandleAsync(IMessageHandler handler, ReceivedMessage message, SemaphoreSlim free)
    {
        try
        {
            await _delivery.HandleAsync(handler, message, _abort.Token);
        }
        catch (Exception error)
        {
            // Settling failed, not handling. The lock runs out and the message comes again.
            _log.LogError(error, "What became of the message {Queue}/{Id} could not be written.", message.Queue, message.Id);
        }
        finally
        {
            free.Release();
        }
    }
}
