namespace Maintenance.Patches;

/// <summary>The rules of approval. Pure and total: terms, events and an instant in, what they come to out, whatever the events are.</summary>
public static class Approval
{
    /// <summary>A workflow stores a decision within seconds; one that has not done so by then has failed.</summary>
    public static readonly TimeSpan GivenUp = TimeSpan.FromMinutes(1);

    /// <summary>
    /// What a history comes to. Events are taken in order of their instants, those of one instant as they are listed. A person has one current vote, which may be
    /// changed until there is a decision; an event id counts once a person; a revision voids all votes and leaves the expiry where it is; a vote at the expiry is
    /// too late. The decision's instant is that of the vote that made it, or that of the expiry.
    /// </summary>
    /// <param name="terms">Under which terms.</param>
    /// <param name="events">What was done, in any order.</param>
    /// <param name="now">Whether the expiry has come (UTC). Every event counts as it is dated, since clocks of several hosts differ a little.</param>
    public static ApprovalReplay Replay(ApprovalTerms terms, IReadOnlyList<ApprovalEvent> events, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(events);
        var tally = ApprovalTally.Of(terms);
        var explained = new List<ExplainedEvent>(events.Count);

        // A stable sort: events of one instant stay as they are listed.
        foreach (var taken in events.OrderBy(static taken => taken.At))
        {
            var (next, effect) = tally.Take(taken);
            explained.Add(new ExplainedEvent(taken, effect, ApprovalWords.Of(terms, tally, next, taken, effect)));
            tally = next;
        }

        return new ApprovalReplay(
            explained, [.. tally.Votes.Select(static vote => new Vote(vote.Person, vote.Roles, vote.Choice!.Value, vote.Comment, vote.At))], tally.Artifact, tally.DecisionAt(now));
    }

    /// <summary>True for whoever may replace the artifact of a request: who asked for it, and who implements it.</summary>
    public static bool MayRevise(ApprovalTerms terms, string person)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return person == terms.Requester || person == terms.Implementer;
    }

    /// <summary>True for whoever may withdraw a request: who asked for it.</summary>
    public static bool MayWithdraw(ApprovalTerms terms, string person)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return person == terms.Requester;
    }

    /// <summary>Why this person may not vote on this request now, or null where they may (on the current artifact).</summary>
    public static VoteRefusal? MayVote(PatchCase found, string person, IReadOnlyList<string> roles, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(found);
        var artifact = found.At(now).Artifact;
        return Refusal(found, new ApprovalEvent("", found.Next(now), person, roles, ApprovalEventKind.Vote, VoteChoice.Approve, null, artifact), now);
    }

    /// <summary>
    /// Why an event may not be added to a request now, or null where it may. What is refused is never stored: whoever sent it is told, and may do it better.
    /// </summary>
    /// <param name="found">The request with what was done so far.</param>
    /// <param name="next">The event, dated by <see cref="PatchCase.Next"/>.</param>
    /// <param name="now">The instant (UTC).</param>
    public static VoteRefusal? Refusal(PatchCase found, ApprovalEvent next, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(next);
        var (request, terms) = (found.Request, found.Request.Terms);
        var before = found.At(now);
        if (found.DecisionAt(now) is { } decision)
        {
            return new VoteRefusal(VoteRefusalKind.Closed, $"{request.Id} is {ApprovalWords.Outcome(decision)} since {decision.At:u}. {decision.Reason}");
        }

        var effect = Replay(terms, [.. found.Events, next], now).Events.Last(one => ReferenceEquals(one.Event, next)).Effect;
        return effect switch
        {
            ApprovalEffect.Counted or ApprovalEffect.Changed or ApprovalEffect.Revised or ApprovalEffect.Withdrawn or ApprovalEffect.Repeated => null,
            ApprovalEffect.Excluded => new VoteRefusal(VoteRefusalKind.NotAllowed, ApprovalWords.ExcludedBecause(terms, next.Person)),
            ApprovalEffect.NotApprover => new VoteRefusal(VoteRefusalKind.NotAllowed, $"Only people with one of these roles may vote on {request.Id}: {string.Join(", ", terms.Approvers)}."),
            ApprovalEffect.StaleArtifact => new VoteRefusal(VoteRefusalKind.Stale, ApprovalWords.Stale(next.Artifact, before.Artifact)),
            ApprovalEffect.TooLate or ApprovalEffect.Closed => new VoteRefusal(VoteRefusalKind.Closed, $"{request.Id} expired at {terms.ExpiresAt:u}."),
            _ => new VoteRefusal(VoteRefusalKind.NotAllowed, ApprovalWords.NotAllowed(terms, next)),
        };
    }

    /// <summary>Why this person may not give the review that a request owes, or null where they may.</summary>
    public static VoteRefusal? MayReview(PatchRequest request, string person, IReadOnlyList<string> roles)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Review is { } given)
        {
            return new VoteRefusal(VoteRefusalKind.Closed, $"{request.Id} was reviewed by {given.Person} at {given.At:u}.");
        }

        if (request.ReviewDueAt is null)
        {
            return new VoteRefusal(VoteRefusalKind.Closed, $"{request.Id} owes no review.");
        }

        if (person == request.RequestedBy || person == request.Implementer)
        {
            return new VoteRefusal(VoteRefusalKind.NotAllowed, "A change is reviewed by somebody who neither asked for it nor implemented it.");
        }

        return roles.Contains(Roles.Administrator) || roles.Any(request.Approvers.Contains)
            ? null
            : new VoteRefusal(VoteRefusalKind.NotAllowed, $"Only administrators and people with one of these roles may review {request.Id}: {string.Join(", ", request.Approvers)}.");
    }

    /// <summary>What a look at a request that is still listed as open should do for it, since a crash or an outage may have cut off what was under way.</summary>
    /// <param name="decision">The decision that its events and its expiry have made, or null.</param>
    /// <param name="now">The instant of the look (UTC).</param>
    public static ApprovalCare Care(Decision? decision, DateTimeOffset now) =>
        decision is null ? ApprovalCare.Start
            : now - decision.At > GivenUp ? ApprovalCare.Close
            : ApprovalCare.Wake;
}

/// <summary>What an open request may need.</summary>
public enum ApprovalCare
{
    /// <summary>Undecided: its workflow is started, unless it runs.</summary>
    Start,

    /// <summary>Decided a moment ago: its workflow is started, unless it runs, and woken.</summary>
    Wake,

    /// <summary>Decided long ago: its workflow has failed, and it is closed without it.</summary>
    Close,
}

/// <summary>Why an act is refused.</summary>
public sealed record VoteRefusal(VoteRefusalKind Kind, string Reason);

/// <summary>Kinds of refusal.</summary>
public enum VoteRefusalKind
{
    /// <summary>The person may not do this.</summary>
    NotAllowed,

    /// <summary>It is decided already.</summary>
    Closed,

    /// <summary>It is about another artifact than the current one.</summary>
    Stale,
}

/// <summary>An act on a request was refused.</summary>
public sealed class VoteRefusedException(VoteRefusal refusal) : Exception(refusal.Reason)
{
    /// <summary>Why.</summary>
    public VoteRefusal Refusal { get; } = refusal;
}
