namespace Maintenance.Messaging;

/// <summary>A message to send.</summary>
/// <param name="Queue">One of <see cref="Queues"/>.</param>
/// <param name="Id">
/// Names what the message is for, at most 128 characters. A second message of the same id is dropped while the queue remembers the first
/// (ten minutes at least); handlers are idempotent all the same.
/// </param>
/// <param name="Body">One JSON object, at most 200 KiB.</param>
/// <param name="NotBefore">When it becomes receivable (UTC); null for at once.</param>
public sealed record OutgoingMessage(string Queue, string Id, string Body, DateTimeOffset? NotBefore = null)
{
    /// <summary>The most bytes of UTF-8 that a body may have (Service Bus Standard takes 256 KiB with headers).</summary>
    public const int MaxBodyBytes = 200 * 1024;
}

/// <summary>A message as delivered.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Id">The sender's id.</param>
/// <param name="Body">The sender's body.</param>
/// <param name="Delivery">1 for the first delivery, counting up.</param>
public sealed record ReceivedMessage(string Queue, string Id, string Body, int Delivery);

/// <summary>Sends messages, at least once.</summary>
public interface IMessageSender
{
    /// <summary>Sends one message; it is durable in its queue when the task completes.</summary>
    /// <exception cref="ArgumentException">The id or the body breaks a limit.</exception>
    Task SendAsync(OutgoingMessage message, CancellationToken cancellation);
}

/// <summary>The handler of one queue. It may be given the same message twice, and messages in any order.</summary>
public interface IMessageHandler
{
    /// <summary>The queue it serves.</summary>
    string Queue { get; }

    /// <summary>
    /// Handles one message. A return means done; <see cref="UnusableMessageException"/> sends it to the dead letter at once; any other exception has it
    /// delivered again, <see cref="Queues.MaxDeliveries"/> times in all.
    /// </summary>
    Task HandleAsync(ReceivedMessage message, CancellationToken cancellation);
}

/// <summary>The message can never be handled (a body that does not parse, say): trying again would not help.</summary>
public sealed class UnusableMessageException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The queues of the system.</summary>
public static class Queues
{
    /// <summary>What the public sent through the form, on its way to becoming a ticket.</summary>
    public const string Feedback = "feedback";

    /// <summary>Marks of service-level clocks that were reached: warnings, breaches, levels of the escalation chain.</summary>
    public const string SlaBreaches = "sla-breaches";

    /// <summary>What happened to tickets, on its way to whoever follows them.</summary>
    public const string TicketEvents = "ticket-events";

    /// <summary>Recipients with notifications to be delivered.</summary>
    public const string Notifications = "notifications";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Feedback, SlaBreaches, TicketEvents, Notifications];

    /// <summary>How often a message is delivered before it goes to the dead letter.</summary>
    public const int MaxDeliveries = 5;
}

/// <summary>A message that was given up.</summary>
/// <param name="Queue">Its queue.</param>
/// <param name="Id">Its id.</param>
/// <param name="Body">Its body.</param>
/// <param name="Reason">Why it was given up: the last error, at most 200 characters.</param>
/// <param name="Deliveries">How often it was tried.</param>
/// <param name="DeadAt">When it was given up (UTC).</param>
public sealed record DeadLetter(string Queue, string Id, string Body, string Reason, int Deliveries, DateTimeOffset DeadAt);

/// <summary>The messages that were given up: seen, and sent again by a person once the cause is mended.</summary>
public interface IDeadLetters
{
    /// <summary>Up to <paramref name="take"/> dead letters of a queue, oldest first.</summary>
    Task<IReadOnlyList<DeadLetter>> ListAsync(string queue, int take, CancellationToken cancellation);

    /// <summary>Puts a dead letter back into its queue with its deliveries counted anew.</summary>
    /// <returns>False when there is no such dead letter.</returns>
    /// <exception cref="TimeoutException">It is there, and somebody else holds it at the moment.</exception>
    Task<bool> ResendAsync(string queue, string id, CancellationToken cancellation);
}
