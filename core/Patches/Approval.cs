namespace Maintenance.Patches;

/// <summary>The rules of approval. Pure: a request, its votes and an instant in, a decision out.</summary>
public static class Approval
{
    /// <summary>
    /// The decision, or null while there is none. Votes count in the order in which they were given, whatever order they are listed in: the first rejection
    /// or the approval that reaches the quorum decides, and later votes change nothing. From the expiry on, nothing that is undecided can be decided otherwise.
    /// </summary>
    public static Decision? Decide(PatchRequest request, IReadOnlyList<Vote> votes, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(votes);
        var approved = new List<string>();
        var counting = votes.Where(vote => Counts(request, vote))
            .OrderBy(static vote => vote.At).ThenBy(static vote => vote.Person, StringComparer.Ordinal).ThenByDescending(static vote => vote.Choice);
        foreach (var vote in counting)
        {
            if (vote.Choice == VoteChoice.Reject)
            {
                return new Decision(ApprovalOutcome.Rejected, $"Rejected by {vote.Person}: {vote.Comment}", vote.At);
            }

            if (!approved.Contains(vote.Person))
            {
                approved.Add(vote.Person);
            }

            if (approved.Count >= request.Quorum)
            {
                return new Decision(ApprovalOutcome.Approved, $"Approved by {string.Join(" and ", approved)} ({approved.Count} of {request.Quorum} needed).", vote.At);
            }
        }

        return now < request.ExpiresAt
            ? null
            : new Decision(ApprovalOutcome.Expired, $"Expired with {approved.Count} of {request.Quorum} approvals{(approved.Count > 0 ? $" ({string.Join(", ", approved)})" : "")}.", request.ExpiresAt);
    }

    /// <summary>Why this person may not vote on this request now, or null where they may.</summary>
    public static VoteRefusal? MayVote(PatchRequest request, IReadOnlyList<Vote> votes, string person, IReadOnlyList<string> roles, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        if ((request.Decision ?? Decide(request, votes, now)) is { } decision)
        {
            return new VoteRefusal(VoteRefusalKind.Closed, $"{request.Id} is {decision.Outcome.ToString().ToLowerInvariant()} since {decision.At:u}. {decision.Reason}");
        }

        if (person == request.RequestedBy)
        {
            return new VoteRefusal(VoteRefusalKind.NotAllowed, "Nobody votes on their own request.");
        }

        return roles.Intersect(request.Approvers).Any()
            ? null
            : new VoteRefusal(VoteRefusalKind.NotAllowed, $"Only people with one of these roles may vote on {request.Id}: {string.Join(", ", request.Approvers)}.");
    }

    private static bool Counts(PatchRequest request, Vote vote) =>
        vote.Person != request.RequestedBy && vote.At < request.ExpiresAt && vote.Roles.Intersect(request.Approvers).Any();
}

/// <summary>Why a vote is refused.</summary>
public sealed record VoteRefusal(VoteRefusalKind Kind, string Reason);

/// <summary>Kinds of refusal.</summary>
public enum VoteRefusalKind
{
    /// <summary>The person may not vote on this.</summary>
    NotAllowed,

    /// <summary>It is decided already.</summary>
    Closed,
}

/// <summary>A vote was refused.</summary>
public sealed class VoteRefusedException(VoteRefusal refusal) : Exception(refusal.Reason)
{
    /// <summary>Why.</summary>
    public VoteRefusal Refusal { get; } = refusal;
}
