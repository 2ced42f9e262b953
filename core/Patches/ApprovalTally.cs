using System.Collections.Immutable;

namespace Maintenance.Patches;

/// <summary>
/// How a request stands between two events: immutable, so that a history can be followed along many branches. Events must come in order of their instants;
/// <see cref="Approval.Replay"/> sees to that.
/// </summary>
public sealed class ApprovalTally
{
    private readonly ApprovalTerms _terms;
    private readonly ImmutableHashSet<(string Person, string Id)> _seen;

    private ApprovalTally(ApprovalTerms terms, ImmutableHashSet<(string Person, string Id)> seen, ImmutableList<ApprovalEvent> votes, string? artifact, Decision? decision)
    {
        (_terms, _seen, Votes, Artifact, Decision) = (terms, seen, votes, artifact, decision);
    }

    /// <summary>The votes that count now, in the order in which they were cast: one a person.</summary>
    public ImmutableList<ApprovalEvent> Votes { get; }

    /// <summary>The current artifact's hash, or null.</summary>
    public string? Artifact { get; }

    /// <summary>What the events so far have decided; the expiry is <see cref="DecisionAt"/>'s.</summary>
    public Decision? Decision { get; }

    private IEnumerable<ApprovalEvent> Approving => Votes.Where(static vote => vote.Choice == VoteChoice.Approve);

    private IEnumerable<ApprovalEvent> Rejecting => Votes.Where(static vote => vote.Choice == VoteChoice.Reject);

    /// <summary>Below 1 nobody would have to reject for a rejection.</summary>
    private int NeededToReject => Math.Max(1, _terms.Rejections);

    /// <summary>A request as it was made. A pre-authorised one is approved already.</summary>
    public static ApprovalTally Of(ApprovalTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var decision = terms.Quorum <= 0 ? new Decision(ApprovalOutcome.Approved, "Approved at once: a pre-authorised change needs no vote.", terms.RequestedAt) : null;
        return new ApprovalTally(terms, [], [], terms.Artifact, decision);
    }

    /// <summary>The state after one more event, and what became of that event.</summary>
    public (ApprovalTally Next, ApprovalEffect Effect) Take(ApprovalEvent taken)
    {
        ArgumentNullException.ThrowIfNull(taken);
        if (_seen.Contains((taken.Person, taken.Id)))
        {
            return (this, ApprovalEffect.Repeated);
        }

        var effect = Judge(taken);
        return (With(taken, effect), effect);
    }

    /// <summary>The decision as of an instant: what the events decided, or what the expiry did, or null.</summary>
    public Decision? DecisionAt(DateTimeOffset now)
    {
        if (Decision is not null || now < _terms.ExpiresAt)
        {
            return Decision;
        }

        // By name, not by instant: in which order people voted must leave no trace.
        var approving = Approving.Select(static vote => vote.Person).Order(StringComparer.Ordinal).ToList();
        var rejecting = Rejecting.OrderBy(static vote => vote.Person, StringComparer.Ordinal).ToList();
        return OutcomeAtExpiry() switch
        {
            ApprovalOutcome.Rejected => new Decision(ApprovalOutcome.Rejected, ApprovalWords.Rejected(rejecting, NeededToReject) + " Counted at the expiry.", _terms.ExpiresAt),
            ApprovalOutcome.Approved => new Decision(ApprovalOutcome.Approved, ApprovalWords.Approved(approving, _terms.Quorum) + " Counted at the expiry.", _terms.ExpiresAt),
            _ => new Decision(ApprovalOutcome.Expired, ApprovalWords.Expired(approving, _terms.Quorum), _terms.ExpiresAt),
        };
    }

    /// <summary>How the expiry decides what the events have not.</summary>
    public ApprovalOutcome OutcomeAtExpiry() =>
        _terms.Decides != DecisionMoment.AtExpiry ? ApprovalOutcome.Expired
            : Rejecting.Count() >= NeededToReject ? ApprovalOutcome.Rejected
            : Approving.Count() >= _terms.Quorum ? ApprovalOutcome.Approved
            : ApprovalOutcome.Expired;

    private ApprovalEffect Judge(ApprovalEvent taken)
    {
        if (Decision is not null)
        {
            return ApprovalEffect.Closed;
        }

        if (taken.At >= _terms.ExpiresAt)
        {
            return ApprovalEffect.TooLate;
        }

        return taken.Kind switch
        {
            ApprovalEventKind.Revise => Approval.MayRevise(_terms, taken.Person) && taken.Artifact is not null ? ApprovalEffect.Revised : ApprovalEffect.NotAllowed,
            ApprovalEventKind.Withdraw => Approval.MayWithdraw(_terms, taken.Person) ? ApprovalEffect.Withdrawn : ApprovalEffect.NotAllowed,
            _ when taken.Choice is not (VoteChoice.Approve or VoteChoice.Reject) => ApprovalEffect.NotAllowed,
            _ when _terms.Excluded.Contains(taken.Person) => ApprovalEffect.Excluded,
            _ when !taken.Roles.Any(_terms.Approvers.Contains) => ApprovalEffect.NotApprover,
            _ when taken.Artifact != Artifact => ApprovalEffect.StaleArtifact,
            _ => Votes.Exists(vote => vote.Person == taken.Person) ? ApprovalEffect.Changed : ApprovalEffect.Counted,
        };
    }

    private ApprovalTally With(ApprovalEvent taken, ApprovalEffect effect)
    {
        var seen = _seen.Add((taken.Person, taken.Id));
        switch (effect)
        {
            case ApprovalEffect.Counted or ApprovalEffect.Changed:
                var voted = new ApprovalTally(_terms, seen, Votes.RemoveAll(vote => vote.Person == taken.Person).Add(taken), Artifact, null);
                return voted.Reached(taken) is { } reached ? new ApprovalTally(_terms, seen, voted.Votes, Artifact, reached) : voted;
            case ApprovalEffect.Revised:
                return new ApprovalTally(_terms, seen, [], taken.Artifact, null);
            case ApprovalEffect.Withdrawn:
                return new ApprovalTally(_terms, seen, Votes, Artifact, new Decision(ApprovalOutcome.Withdrawn, ApprovalWords.Withdrawn(taken), taken.At));
            default:
                return new ApprovalTally(_terms, seen, Votes, Artifact, Decision);
        }
    }

    /// <summary>What the newest vote decides, where each vote may.</summary>
    private Decision? Reached(ApprovalEvent newest)
    {
        if (_terms.Decides != DecisionMoment.FirstToReach)
        {
            return null;
        }

        if (newest.Choice == VoteChoice.Reject)
        {
            var rejecting = Rejecting.ToList();
            return rejecting.Count >= NeededToReject ? new Decision(ApprovalOutcome.Rejected, ApprovalWords.Rejected(rejecting, NeededToReject), newest.At) : null;
        }

        var approving = Approving.Select(static vote => vote.Person).ToList();
        return approving.Count >= _terms.Quorum ? new Decision(ApprovalOutcome.Approved, ApprovalWords.Approved(approving, _terms.Quorum), newest.At) : null;
    }
}
