namespace Maintenance.Feedback;

/// <summary>What a person sends.</summary>
/// <param name="Kind">The id of one of the form's kinds.</param>
/// <param name="Message">What they have to say: 1 to 4,000 characters.</param>
/// <param name="Service">The id of a service, where they know it.</param>
/// <param name="Name">Who they are, where they say so: at most 200 characters.</param>
/// <param name="Contact">How to reach them, where they want an answer: at most 200 characters.</param>
public sealed record FeedbackSubmission(string Kind, string Message, string? Service = null, string? Name = null, string? Contact = null);

/// <summary>What the sender gets once the submission is durable.</summary>
/// <param name="Reference">Such as <c>F-7K3M-9QXD-2BTV</c>: names the feedback.</param>
/// <param name="TrackingCode">Opens the tracking page together with the reference. Only the sender has it.</param>
public sealed record FeedbackReceipt(string Reference, string TrackingCode);

/// <summary>A submission on its way through the queue.</summary>
public sealed record FeedbackMessage(string Reference, DateTimeOffset ReceivedAt, FeedbackSubmission Submission);

/// <summary>What became of a submission.</summary>
/// <param name="Reference">Its reference.</param>
/// <param name="ReceivedAt">When it was received (UTC); null while it is still in the queue.</param>
/// <param name="State">Where it stands, for the sender.</param>
/// <param name="Ticket">The id of its ticket.</param>
/// <param name="Answers">What support has said, oldest first.</param>
public sealed record FeedbackProgress(string Reference, DateTimeOffset? ReceivedAt, FeedbackState State, string? Ticket, IReadOnlyList<FeedbackAnswer> Answers);

/// <summary>Something support said to the sender.</summary>
public sealed record FeedbackAnswer(DateTimeOffset At, string Text);

/// <summary>Where a submission stands.</summary>
public enum FeedbackState
{
    /// <summary>Received; not looked at yet.</summary>
    Received,

    /// <summary>A ticket is open.</summary>
    InProgress,

    /// <summary>Solved.</summary>
    Resolved,
}

/// <summary>The stored link from a reference to its ticket.</summary>
public sealed record FeedbackLink(string Reference, DateTimeOffset ReceivedAt, string Ticket);
