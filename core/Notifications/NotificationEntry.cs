using Maintenance.Plan;

namespace Maintenance.Notifications;

/// <summary>Where a notification to one recipient stands.</summary>
public enum DeliveryState
{
    /// <summary>It will be sent.</summary>
    Waiting,

    /// <summary>The relay or the webhook took it.</summary>
    Sent,

    /// <summary>It was given up; a person may have it sent again.</summary>
    Failed,
}

/// <summary>Why an entry was held back.</summary>
public enum DeliveryHold
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>The recipient's quiet hours.</summary>
    QuietHours,

    /// <summary>A try failed.</summary>
    Retry,

    /// <summary>The recipient got many shortly before.</summary>
    Digest,
}

/// <summary>One notification to one recipient, on its way. Instants are UTC.</summary>
/// <param name="Id">Made from the recipient and the notification, so that there is one of the two.</param>
/// <param name="Notification">The notification's id.</param>
/// <param name="Recipient">Such as <c>person:ann</c>, <c>webhook:room</c>, <c>contact:9f31…</c> or <c>log</c>: never an address.</param>
/// <param name="Subject">As the reader gets it.</param>
/// <param name="Text">As the reader gets it; emptied once it is sent.</param>
/// <param name="Path">The page that shows more.</param>
/// <param name="CreatedAt">When it was recorded.</param>
/// <param name="DueAt">Not to be looked at before.</param>
public sealed record NotificationEntry(
    string Id, string Notification, string Recipient, string Subject, string Text, string Path, DateTimeOffset CreatedAt, DateTimeOffset DueAt)
{
    /// <summary>Where it stands.</summary>
    public DeliveryState State { get; init; }

    /// <summary>What kind of news it is.</summary>
    public string Category { get; init; } = Notifications.Notification.UsualCategory;

    /// <summary>True for what passes quiet hours and digests.</summary>
    public bool IsUrgent { get; init; }

    /// <summary>The language that it is written in.</summary>
    public Language Language { get; init; }

    /// <summary>Why it was held back last.</summary>
    public DeliveryHold Hold { get; init; }

    /// <summary>How often it was tried in vain.</summary>
    public int Attempts { get; init; }

    /// <summary>When it was first tried.</summary>
    public DateTimeOffset? FirstTriedAt { get; init; }

    /// <summary>When it was last tried.</summary>
    public DateTimeOffset? TriedAt { get; init; }

    /// <summary>When it was taken.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>The id of the message that it went in: its own, or that of a digest.</summary>
    public string? Mail { get; init; }

    /// <summary>Why the last try failed, in one line without any address.</summary>
    public string? Error { get; init; }

    /// <summary>How often a person had it sent again.</summary>
    public int Resends { get; init; }
}

/// <summary>How deliveries to one recipient go, and who is at it.</summary>
public sealed record RecipientState
{
    /// <summary>Until when somebody is delivering (UTC); null where nobody is.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>Who: a random word of each delivery.</summary>
    public string? Holder { get; init; }

    /// <summary>Counts those who came while somebody was delivering: whoever is looks again before they leave.</summary>
    public int Knocks { get; init; }

    /// <summary>When the last messages that are not urgent went out, within the digest's window, in order (UTC).</summary>
    public IReadOnlyList<DateTimeOffset> Recent { get; init; } = [];

    /// <summary>How many tries failed since the last one that did not.</summary>
    public int Failures { get; init; }

    /// <summary>When the last one failed (UTC).</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Until when the far end asked to be left alone (UTC).</summary>
    public DateTimeOffset? BusyUntil { get; init; }
}
