using Maintenance.Plan;

namespace Maintenance.Notifications;

/// <summary>Something that people are told.</summary>
/// <param name="Id">Names what it is about; each recipient gets one notification of an id once.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain text.</param>
/// <param name="Path">The page that shows more, such as <c>/tickets/T-1042</c>.</param>
public sealed record Notification(string Id, string Subject, string Text, string Path);

/// <summary>Who is told, and how.</summary>
public abstract record Recipient
{
    private Recipient()
    {
    }

    /// <summary>Names the recipient in the list of deliveries.</summary>
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
    /// <summary>Delivers one notification to one recipient; any exception means that it did not arrive.</summary>
    Task SendAsync(Notification notification, Recipient recipient, CancellationToken cancellation);
}
