using Maintenance.Messaging;

namespace Maintenance.Local.Storage;

/// <summary>What becomes of one received message: handled, tried again later, or given up.</summary>
/// <param name="queue">Where it came from.</param>
/// <param name="time">When the next try is due is counted from its now (UTC).</param>
/// <param name="log">Failures are written here.</param>
public sealed class MessageDelivery(SqliteMessageQueue queue, TimeProvider time, ILogger log)
{
    /// <summary>How long a handler may take; then it is cancelled, which counts as a failure.</summary>
    public static TimeSpan HandlingLimit { get; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a message in hand is locked: the handler's limit, and time to settle.</summary>
    public static TimeSpan Lock { get; } = HandlingLimit + TimeSpan.FromMinutes(1);

    /// <summary>Runs the handler and settles the message. The handler's exceptions end here.</summary>
    /// <param name="handler">Of the message's queue.</param>
    /// <param name="message">Received, and locked for <see cref="Lock"/>.</param>
    /// <param name="abort">The host cannot wait any longer: the message goes back as if it had not been delivered.</param>
    public async Task HandleAsync(IMessageHandler handler, ReceivedMessage message, CancellationToken abort)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(message);
        using var limit = new CancellationTokenSource(HandlingLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, abort);
        try
        {
            await handler.HandleAsync(message, either.Token);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            await queue.ReleaseAsync(message, CancellationToken.None);
            return;
        }
        catch (Exception error)
        {
            // Whatever a handler throws, the message is settled and the queue goes on.
            Monitoring.Telemetry.Handled(message.Queue, isGood: false);
            await FailAsync(message, limit.IsCancellationRequested ? new TimeoutException($"The handler was not done after {HandlingLimit}.", error) : error);
            return;
        }

        Monitoring.Telemetry.Handled(message.Queue, isGood: true);
        if (!await queue.CompleteAsync(message, CancellationToken.None))
        {
            log.LogWarning("The message {Queue}/{Id} was handled after its lock had run out; it may be handled twice.", message.Queue, message.Id);
        }
    }

    private async Task FailAsync(ReceivedMessage message, Exception error)
    {
        if (error is UnusableMessageException || message.Delivery >= Queues.MaxDeliveries)
        {
            log.LogError(error, "The message {Queue}/{Id} is given up after delivery {Delivery}.", message.Queue, message.Id, message.Delivery);
            await queue.DeadLetterAsync(message, MessageLimits.Reason(error), CancellationToken.None);
            return;
        }

        var wait = MessageLimits.Backoff(message.Delivery + 1);
        log.LogWarning(error, "Delivery {Delivery} of the message {Queue}/{Id} failed; the next is in {Wait}.", message.Delivery, message.Queue, message.Id, wait);
        await queue.AbandonAsync(message, time.GetUtcNow() + wait, MessageLimits.Reason(error), CancellationToken.None);
    }
}
