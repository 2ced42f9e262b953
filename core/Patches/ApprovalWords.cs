namespace Maintenance.Patches;

/// <summary>Decisions and effects in words, for whoever asks why.</summary>
internal static class ApprovalWords
{
    public static string Approved(IReadOnlyList<string> people, int quorum) => $"Approved by {And(people)} ({people.Count} of {quorum} needed).";

    public static string Rejected(IReadOnlyList<ApprovalEvent> votes, int needed) => needed == 1 && votes.Count == 1
        ? $"Rejected by {votes[0].Person}: {votes[0].Comment}"
        : $"Rejected by {And([.. votes.Select(static vote => vote.Person)])} ({votes.Count} of {needed} needed): {string.Join(" / ", votes.Select(static vote => vote.Comment).Where(static comment => comment is not null))}";

    public static string Expired(IReadOnlyList<string> people, int quorum) =>
        $"Expired with {people.Count} of {quorum} approvals{(people.Count > 0 ? $" ({string.Join(", ", people)})" : "")}.";

    public static string Withdrawn(ApprovalEvent taken) => $"Withdrawn by {taken.Person}{(taken.Comment is null ? "." : ": " + taken.Comment)}";

    /// <summary>Terms in a sentence.</summary>
    public static string Of(ApprovalTerms terms) => terms.Quorum <= 0
        ? "A pre-authorised change: approved at once."
        : $"{terms.Quorum} of {string.Join(", ", terms.Approvers)} must approve, {(terms.Rejections == 1 ? "one rejection rejects" : $"{terms.Rejections} rejections reject")}, "
            + $"{(terms.Decides == DecisionMoment.AtExpiry ? "counted at the expiry" : "whichever comes first")}; it expires at {terms.ExpiresAt:u}"
            + $"{(terms.Excluded.Count > 0 ? $"; {string.Join(" and ", terms.Excluded)} may not vote" : "")}.";

    /// <summary>What became of an event.</summary>
    /// <param name="terms">The request's terms.</param>
    /// <param name="before">How it stood before.</param>
    /// <param name="after">How it stands afterwards.</param>
    /// <param name="taken">The event.</param>
    /// <param name="effect">What became of it.</param>
    public static string Of(ApprovalTerms terms, ApprovalTally before, ApprovalTally after, ApprovalEvent taken, ApprovalEffect effect) => effect switch
    {
        ApprovalEffect.Counted => $"Counts{Standing(terms, after)}",
        ApprovalEffect.Changed => $"Counts in place of {taken.Person}'s earlier vote{Standing(terms, after)}",
        ApprovalEffect.Repeated => $"Changes nothing: {taken.Person} sent '{taken.Id}' before.",
        ApprovalEffect.NotApprover => $"Does not count: {taken.Person} had none of the roles that may vote ({string.Join(", ", terms.Approvers)}).",
        ApprovalEffect.Excluded => $"Does not count: {ExcludedBecause(terms, taken.Person)}",
        ApprovalEffect.StaleArtifact => $"Does not count: {Stale(taken.Artifact, before.Artifact)}",
        ApprovalEffect.TooLate => $"Too late: it expired at {terms.ExpiresAt:u}, and a vote at that very instant is too late.",
        ApprovalEffect.Closed => $"Too late: it is {Outcome(before.Decision!)} since {before.Decision!.At:u}.",
        ApprovalEffect.Revised => $"The artifact is now {taken.Artifact}; {Votes(before.Votes.Count)} of the earlier one {(before.Votes.Count == 1 ? "is" : "are")} void. The expiry stays.",
        ApprovalEffect.Withdrawn => Withdrawn(taken),
        _ => NotAllowed(terms, taken),
    };

    /// <summary>Why somebody is excluded.</summary>
    public static string ExcludedBecause(ApprovalTerms terms, string person) =>
        person == terms.Requester ? "Nobody votes on their own request."
            : person == terms.Implementer ? "Whoever implements a change does not vote on it."
            : $"{person} may not vote on it.";

    /// <summary>Why a vote on an artifact does not count.</summary>
    public static string Stale(string? named, string? current) => (named, current) switch
    {
        (null, _) => $"It does not say which artifact was seen; the current one is {current}.",
        (_, null) => $"It names the artifact {named}, but the request has none.",
        _ => $"It names the artifact {named}; the current one is {current}. Look at that one, and vote again.",
    };

    /// <summary>Why somebody may not do this to a request.</summary>
    public static string NotAllowed(ApprovalTerms terms, ApprovalEvent taken) => taken.Kind switch
    {
        ApprovalEventKind.Withdraw => "Only who asked for it may withdraw it.",
        ApprovalEventKind.Revise when Approval.MayRevise(terms, taken.Person) => "A revision names the new artifact.",
        ApprovalEventKind.Revise => "Only who asked for it or implements it may revise it.",
        _ => "A vote is for or against.",
    };

    /// <summary>An outcome in a word.</summary>
    public static string Outcome(Decision decision) => decision.Outcome.ToString().ToLowerInvariant();

    /// <summary>What a vote that counts comes to.</summary>
    private static string Standing(ApprovalTerms terms, ApprovalTally after) => after.Decision is { } made
        ? ", and decides: " + made.Reason
        : $": {after.Votes.Count(static vote => vote.Choice == VoteChoice.Approve)} of {terms.Quorum} approve, {after.Votes.Count(static vote => vote.Choice == VoteChoice.Reject)} of {terms.Rejections} reject.";

    private static string Votes(int count) => count == 1 ? "1 vote" : $"{count} votes";

    private static string And(IReadOnlyList<string> people) => string.Join(" and ", people);
}
