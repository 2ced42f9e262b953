using Maintenance.Plan;

namespace Maintenance.Feedback;

/// <summary>What a person sends.</summary>
/// <param name="Kind">The id of one of the form's kinds.</param>
/// <param name="Message">What they have to say: 1 to 4,000 characters.</param>
/// <param name="Service">The id of a service, where they know it.</param>
/// <param name="Name">Who they are, where they say so: at most 200 characters.</param>
/// <param name="Contact">How to reach them, where they want an answer: at most 200 characters.</param>
public sealed record FeedbackSubmission(string Kind, string Message, string? Service = null, string? Name = null, string? Contact = null)
{
    /// <summary>The language in which they want to be answered; null for the system's first.</summary>
    public Language? Language { get; init; }
}

/// <summary>What the sender gets once the submission is durable.</summary>
/// <param name="Reference">Such as <c>F-7K3M-9QXD-2BTV</c>: names the feedback.</param>
/// <param name="TrackingCode">Opens the tracking page together with the reference. Only the sender has it.</param>
public sealed record FeedbackReceipt(string Reference, string TrackingCode);

/// <summary>A submission on its way through the queue.</summary>
public sealed record FeedbackMessage(string Reference, DateTimeOffset ReceivedAt, FeedbackSubmission Submission);

/// <summary>A submission as it is kept. Of those that say the same, each is kept, with the ticket that they share.</summary>
/// <param name="Reference">Its reference.</param>
/// <param name="ReceivedAt">When it was received (UTC).</param>
/// <param name="Ticket">The id of its ticket; null while there is none yet.</param>
public sealed record FeedbackReport(string Reference, DateTimeOffset ReceivedAt, string? Ticket)
{
    /// <summary>The id of the kind that its sender chose.</summary>
    public string? Kind { get; init; }

    /// <summary>The id of the service that its sender named.</summary>
    public string? Service { get; init; }

    /// <summary>What its sender had to say; stays when the sender is erased.</summary>
    public string? Message { get; init; }

    /// <summary>Who sent it, where they said so; null once erased.</summary>
    public string? Name { get; init; }

    /// <summary>How to reach them, where they said so; null once erased.</summary>
    public string? Contact { get; init; }

    /// <summary>The keys by which its contact is found, as long as it is in the index.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>The language in which they want to be answered; null for the system's first.</summary>
    public Language? Language { get; init; }

    /// <summary>The SHA-256 of each thing that its sender has added to the ticket, in lower-case hexadecimal digits: tells their words from those of others.</summary>
    public IReadOnlyList<string> Comments { get; init; } = [];

    /// <summary>How content its sender is with the solution; null until they say so.</summary>
    public FeedbackRating? Rating { get; init; }

    /// <summary>The survey that its sender was asked to answer last, by its instant (UTC); null for none.</summary>
    public DateTimeOffset? Survey { get; init; }

    /// <summary>When its sender was erased (UTC); null where they were not.</summary>
    public DateTimeOffset? ErasedAt { get; init; }
}

/// <summary>How content somebody is with a solution.</summary>
/// <param name="Score">1 (not at all) to 5 (very).</param>
/// <param name="FirstAt">When they said so first (UTC): the month in which it counts.</param>
/// <param name="At">When they said so last (UTC).</param>
/// <param name="Count">So many times.</param>
public sealed record FeedbackRating(int Score, DateTimeOffset FirstAt, DateTimeOffset At, int Count);

/// <summary>What became of a submission.</summary>
/// <param name="Reference">Its reference.</param>
/// <param name="ReceivedAt">When it was received (UTC); null while it is still in the queue.</param>
/// <param name="State">Where it stands, for the sender.</param>
/// <param name="Ticket">The id of its ticket.</param>
/// <param name="Answers">What support has said, and what the sender has added, oldest first.</param>
public sealed record FeedbackProgress(string Reference, DateTimeOffset? ReceivedAt, FeedbackState State, string? Ticket, IReadOnlyList<FeedbackAnswer> Answers)
{
    /// <summary>So many people have said the same; 1 for the sender alone.</summary>
    public int Reports { get; init; } = 1;

    /// <summary>True where support waits for the sender to answer.</summary>
    public bool WaitsForSender { get; init; }

    /// <summary>True where the sender may add something.</summary>
    public bool MayComment { get; init; }

    /// <summary>True where the sender may say that it is not solved.</summary>
    public bool MayReopen { get; init; }

    /// <summary>True where the sender may say how content they are.</summary>
    public bool MayRate { get; init; }

    /// <summary>How content the sender is, 1 to 5; null until they say so.</summary>
    public int? Rating { get; init; }

    /// <summary>When changes were made to which the feedback led (UTC), oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> Improvements { get; init; } = [];
}

/// <summary>Something support said to the sender, or the sender added.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Text">What.</param>
public sealed record FeedbackAnswer(DateTimeOffset At, string Text)
{
    /// <summary>True for the sender's own words.</summary>
    public bool IsOwn { get; init; }
}

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

/// <summary>What a sender asks for cannot be done as things stand.</summary>
/// <param name="refusal">Why.</param>
public sealed class FeedbackRefusedException(FeedbackRefusal refusal) : Exception(FeedbackWords.Of(Plan.Language.En).Refusal(refusal))
{
    /// <summary>Why.</summary>
    public FeedbackRefusal Refusal { get; } = refusal;
}

/// <summary>Why a sender may not do something.</summary>
public enum FeedbackRefusal
{
    /// <summary>There is no ticket yet.</summary>
    TooEarly,

    /// <summary>The ticket is closed.</summary>
    Closed,

    /// <summary>The ticket is not resolved.</summary>
    NotResolved,

    /// <summary>They have added too much already.</summary>
    TooMuch,

    /// <summary>They were not asked to answer a survey.</summary>
    NotAsked,
}
