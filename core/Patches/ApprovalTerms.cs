namespace Maintenance.Patches;

/// <summary>Under which terms a request is decided. Instants are UTC.</summary>
/// <param name="Requester">The id of the person who asked.</param>
/// <param name="Implementer">The id of the person who will do it, or null.</param>
/// <param name="RequestedAt">When it was asked.</param>
/// <param name="ExpiresAt">From this instant on nothing counts: a vote at it is too late.</param>
/// <param name="Approvers">The roles whose people may vote.</param>
/// <param name="Quorum">How many different people must approve; 0 approves at once.</param>
/// <param name="Rejections">How many different people must reject; at least 1.</param>
/// <param name="Decides">When the votes are counted.</param>
/// <param name="Excluded">The ids of the people who may not vote, whatever their roles.</param>
/// <param name="Artifact">The hash of what would be applied, until a revision names another; null where none was named.</param>
public sealed record ApprovalTerms(
    string Requester,
    string? Implementer,
    DateTimeOffset RequestedAt,
    DateTimeOffset ExpiresAt,
    IReadOnlyList<string> Approvers,
    int Quorum,
    int Rejections,
    DecisionMoment Decides,
    IReadOnlyList<string> Excluded,
    string? Artifact);

/// <summary>Something that somebody did to a request while it was open. Events are appended and never changed: what they come to is <see cref="Approval.Replay"/>'s.</summary>
/// <param name="Id">The sender's idempotency key, or a new id: the same id from the same person counts once.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Person">The id of the person.</param>
/// <param name="Roles">The person's roles then.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Choice">For or against; of a vote only.</param>
/// <param name="Comment">Why, or null.</param>
/// <param name="Artifact">Of a vote: the hash that the voter saw. Of a revision: the new one.</param>
public sealed record ApprovalEvent(
    string Id, DateTimeOffset At, string Person, IReadOnlyList<string> Roles, ApprovalEventKind Kind, VoteChoice? Choice = null, string? Comment = null, string? Artifact = null);

/// <summary>What can be done to a request that is open.</summary>
public enum ApprovalEventKind
{
    /// <summary>A vote.</summary>
    Vote,

    /// <summary>Another artifact takes the place of the one that was voted on.</summary>
    Revise,

    /// <summary>It is not wanted any more.</summary>
    Withdraw,
}

/// <summary>What became of an event.</summary>
public enum ApprovalEffect
{
    /// <summary>The person's vote counts.</summary>
    Counted,

    /// <summary>It counts in place of the person's earlier vote.</summary>
    Changed,

    /// <summary>An event of this person with this id came before: the same, sent again.</summary>
    Repeated,

    /// <summary>The person had none of the approvers' roles.</summary>
    NotApprover,

    /// <summary>The person may not vote on this request, whatever their roles.</summary>
    Excluded,

    /// <summary>The vote names another artifact than the current one, or none where there is one.</summary>
    StaleArtifact,

    /// <summary>At or after the expiry.</summary>
    TooLate,

    /// <summary>After the decision.</summary>
    Closed,

    /// <summary>The artifact was replaced; all votes are void, for their voters saw another one.</summary>
    Revised,

    /// <summary>The request was withdrawn.</summary>
    Withdrawn,

    /// <summary>The person may not do this to the request.</summary>
    NotAllowed,
}

/// <summary>An event with what became of it.</summary>
/// <param name="Event">The event.</param>
/// <param name="Effect">What became of it.</param>
/// <param name="Sentence">The same in words.</param>
public sealed record ExplainedEvent(ApprovalEvent Event, ApprovalEffect Effect, string Sentence);

/// <summary>What a history of events comes to.</summary>
/// <param name="Events">Each event in the order in which it was taken: by instant, and as listed where instants are the same.</param>
/// <param name="Votes">The votes that count now, in the order in which they were cast: one a person.</param>
/// <param name="Artifact">The current artifact's hash, or null.</param>
/// <param name="Decision">How it ended, or null while it is open.</param>
public sealed record ApprovalReplay(IReadOnlyList<ExplainedEvent> Events, IReadOnlyList<Vote> Votes, string? Artifact, Decision? Decision)
{
    /// <summary>How many approve now.</summary>
    public int Approvals => Votes.Count(static vote => vote.Choice == VoteChoice.Approve);

    /// <summary>How many reject now.</summary>
    public int Rejections => Votes.Count - Approvals;
}
