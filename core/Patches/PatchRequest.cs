using System.Text.Json.Serialization;

namespace Maintenance.Patches;

/// <summary>A request to apply a patch or change. Instants are UTC. The terms are those of the plan when it was made, and stay.</summary>
/// <param name="Id">Such as <c>P-1007</c>.</param>
/// <param name="Title">One line.</param>
/// <param name="Description">What it changes, and why.</param>
/// <param name="Type">The kind of change.</param>
/// <param name="Severity">How bad what it mends is.</param>
/// <param name="Service">The id of the service that it changes.</param>
/// <param name="RequestedBy">The id of the person who asks.</param>
/// <param name="RequestedAt">When.</param>
/// <param name="Approvers">The roles whose people may vote, by the plan of that time.</param>
/// <param name="Quorum">How many different people must approve.</param>
/// <param name="ExpiresAt">From this instant on no vote counts, and an undecided request is expired.</param>
/// <param name="Decision">How it ended; null until the workflow has closed it.</param>
public sealed record PatchRequest(
    string Id,
    string Title,
    string Description,
    PatchType Type,
    PatchSeverity Severity,
    string Service,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    IReadOnlyList<string> Approvers,
    int Quorum,
    DateTimeOffset ExpiresAt,
    Decision? Decision = null)
{
    /// <summary>The components that it touches.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>What goes from which version to which; none where nobody said.</summary>
    public IReadOnlyList<VersionChange> Versions { get; init; } = [];

    /// <summary>The hash of what would be applied, as first asked for: <c>sha256:</c> and 64 hexadecimal digits; null where none was named. A revision's is in its event.</summary>
    public string? Artifact { get; init; }

    /// <summary>The names of the targets by the id of their ring, in the order in which they were given.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Targets { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>How it is rolled back, or null where the description says so.</summary>
    public string? Rollback { get; init; }

    /// <summary>The id of the window that is asked for, or null.</summary>
    public string? Window { get; init; }

    /// <summary>The id of the person who will do it, or null while that is open.</summary>
    public string? Implementer { get; init; }

    /// <summary>
    /// The ids of the people who may not vote; null in a request of before events were kept, from which its requester was excluded, and whose votes lie in rows of their own.
    /// </summary>
    public IReadOnlyList<string>? Excluded { get; init; }

    /// <summary>How many different people must reject to reject it.</summary>
    public int Rejections { get; init; } = 1;

    /// <summary>When the votes are counted.</summary>
    public DecisionMoment Decides { get; init; }

    /// <summary>Service time after its approval within which it must be reviewed; null where no review is owed.</summary>
    public TimeSpan? ReviewWithin { get; init; }

    /// <summary>True where it goes through the rings at once, without windows, freezes and soak time.</summary>
    public bool IsExpedited { get; init; }

    /// <summary>By when the review is owed; null until it is approved, and where none is.</summary>
    public DateTimeOffset? ReviewDueAt { get; init; }

    /// <summary>The review, once given.</summary>
    public Review? Review { get; init; }

    /// <summary>The id of its workflow instance.</summary>
    public string Workflow => "patch_" + Id;

    /// <summary>Under which terms it is decided.</summary>
    [JsonIgnore]
    public ApprovalTerms Terms => new(RequestedBy, Implementer, RequestedAt, ExpiresAt, Approvers, Quorum, Rejections, Decides, Excluded ?? [RequestedBy], Artifact);
}

/// <summary>A vote that counts. A person has one; voting again while nothing is decided replaces it.</summary>
/// <param name="Person">The id of the voter.</param>
/// <param name="Roles">The voter's roles when voting.</param>
/// <param name="Choice">For or against.</param>
/// <param name="Comment">Why; a rejection needs one.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Key">The idempotency key of the request that cast it, in the rows of before events were kept; else null.</param>
public sealed record Vote(string Person, IReadOnlyList<string> Roles, VoteChoice Choice, string? Comment, DateTimeOffset At, string? Key = null);

/// <summary>For or against.</summary>
public enum VoteChoice
{
    /// <summary>For.</summary>
    Approve,

    /// <summary>Against.</summary>
    Reject,
}

/// <summary>How a request ended.</summary>
/// <param name="Outcome">Which way.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="At">When it was decided (UTC): at the event that decided it, or at its expiry.</param>
public sealed record Decision(ApprovalOutcome Outcome, string Reason, DateTimeOffset At);

/// <summary>How a request ends.</summary>
public enum ApprovalOutcome
{
    /// <summary>Enough approved.</summary>
    Approved,

    /// <summary>Enough rejected it.</summary>
    Rejected,

    /// <summary>Time ran out.</summary>
    Expired,

    /// <summary>Who asked for it does not want it any more.</summary>
    Withdrawn,
}

/// <summary>What somebody found who looked at a change afterwards.</summary>
/// <param name="Person">The id of the reviewer.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Text">What was found.</param>
public sealed record Review(string Person, DateTimeOffset At, string Text);

/// <summary>A request with everything that was done to it while it was open.</summary>
/// <param name="Request">The request.</param>
/// <param name="Events">Its events, in the order in which they were stored.</param>
public sealed record PatchCase(PatchRequest Request, IReadOnlyList<ApprovalEvent> Events)
{
    /// <summary>What its events come to as of an instant (UTC).</summary>
    public ApprovalReplay At(DateTimeOffset now) => Approval.Replay(Request.Terms, Events, now);

    /// <summary>The decision: the stored one, or what events and expiry have decided by an instant (UTC), or null.</summary>
    public Decision? DecisionAt(DateTimeOffset now) => Request.Decision ?? At(now).Decision;

    /// <summary>The instant of an event that is added now (UTC): never before the last one, whatever the clocks of several hosts say, so that the log is in order.</summary>
    public DateTimeOffset Next(DateTimeOffset now) => Events.Count > 0 && Events.Max(static earlier => earlier.At) is var last && last > now ? last : now;
}
