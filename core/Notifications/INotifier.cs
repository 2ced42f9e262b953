using Maintenance.Plan;

namespace Maintenance.Notifications;

/// <summary>Who is told, and how.</summary>
public abstract record Recipient
{
    private Recipient()
    {
    }

    /// <summary>Names the recipient for adapters and tests. A mailbox's holds an address, so it is neither stored nor logged.</summary>
    public abstract string Key { get; }

    /// <summary>The host's log.</summary>
    public sealed record Log : Recipient
    {
        /// <inheritdoc/>
        public override string Key => "log";
    }

    /// <summary>A mailbox.</summary>
    public sealed record Mailbox(MailRelay Relay, string Address) : Recipient
    {
        /// <inheritdoc/>
        public override string Key => "mail:" + Address;
    }

    /// <summary>A webhook.</summary>
    public sealed record Webhook(WebhookChannel Channel) : Recipient
    {
        /// <inheritdoc/>
        public override string Key => "webhook:" + Channel.Id;
    }
}

/// <summary>Delivers notifications; asked for several at the same time. The same adapter serves both hosts.</summary>
public interface INotifier
{
    /// <summary>
    /// Delivers one notification, whose subject and text are as the reader gets them, to one recipient. Any exception means that it did not arrive;
    /// <see cref="DeliveryPostponedException"/> that the far end says when to come again.
    /// </summary>
    Task SendAsync(Notification notification, Recipient recipient, CancellationToken cancellation);
}

/// <summary>The far end is too busy, and says for how long it is.</summary>
/// <param name="message">What it said.</param>
/// <param name="after">Not again before this much time has passed.</param>
public sealed class DeliveryPostponedException(string message, TimeSpan after) : Exception(message)
{
    /// <summary>Not again before this much time has passed.</summary>
    public TimeSpan After { get; } = after;
}
