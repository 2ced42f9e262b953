using Maintenance.Patches;

namespace Maintenance.Tests.Rules.Oracles;

/// <summary>
/// Approval as the operator's guide words it, taken literally: nothing is carried along but what became of each event; who votes what, on which artifact, is looked up
/// in that list each time. Slow, and with nothing in common with the rule that it is compared to.
/// </summary>
internal sealed class ApprovalByDefinition
{
    private readonly ApprovalTerms _terms;
    private readonly List<(ApprovalEvent Event, ApprovalEffect Effect)> _past = [];

    public ApprovalByDefinition(ApprovalTerms terms, IEnumerable<ApprovalEvent> events)
    {
        _terms = terms;
        var waiting = events.Select(static (one, place) => (one, place)).ToList();
        while (waiting.Count > 0)
        {
            var next = waiting[0];
            foreach (var other in waiting)
            {
                if (other.one.At < next.one.At || (other.one.At == next.one.At && other.place < next.place))
                {
                    next = other;
                }
            }

            waiting.Remove(next);
            _past.Add((next.one, EffectOf(next.one)));
        }
    }

    public IReadOnlyList<ApprovalEffect> Effects => [.. _past.Select(static one => one.Effect)];

    public string? Artifact => Revisions.Count > 0 ? Revisions[^1].Artifact : _terms.Artifact;

    /// <summary>Each person's last vote that counted since the last revision.</summary>
    public IReadOnlyDictionary<string, VoteChoice> Votes
    {
        get
        {
            var since = _past.FindLastIndex(static one => one.Effect == ApprovalEffect.Revised);
            return _past.Skip(since + 1)
                .Where(static one => one.Effect is ApprovalEffect.Counted or ApprovalEffect.Changed)
                .GroupBy(static one => one.Event.Person)
                .ToDictionary(static person => person.Key, static person => person.Last().Event.Choice!.Value);
        }
    }

    /// <summary>Outcome and instant as of now; null while it is open.</summary>
    public (ApprovalOutcome Outcome, DateTimeOffset At)? DecisionAt(DateTimeOffset now)
    {
        if (Made is { } made)
        {
            return made;
        }

        if (now < _terms.ExpiresAt)
        {
            return null;
        }

        if (_terms.Decides == DecisionMoment.AtExpiry && Count(VoteChoice.Reject) >= _terms.Rejections)
        {
            return (ApprovalOutcome.Rejected, _terms.ExpiresAt);
        }

        return _terms.Decides == DecisionMoment.AtExpiry && Count(VoteChoice.Approve) >= _terms.Quorum ? (ApprovalOutcome.Approved, _terms.ExpiresAt) : (ApprovalOutcome.Expired, _terms.ExpiresAt);
    }

    private List<ApprovalEvent> Revisions => [.. _past.Where(static one => one.Effect == ApprovalEffect.Revised).Select(static one => one.Event)];

    /// <summary>What the events so far decided: nothing counts after a decision, so that it is the last thing that counted.</summary>
    private (ApprovalOutcome, DateTimeOffset)? Made
    {
        get
        {
            if (_terms.Quorum == 0)
            {
                return (ApprovalOutcome.Approved, _terms.RequestedAt);
            }

            var last = _past.FindLastIndex(static one => one.Effect is ApprovalEffect.Counted or ApprovalEffect.Changed or ApprovalEffect.Revised or ApprovalEffect.Withdrawn);
            if (last < 0)
            {
                return null;
            }

            var (act, effect) = _past[last];
            return effect switch
            {
                ApprovalEffect.Withdrawn => (ApprovalOutcome.Withdrawn, act.At),
                ApprovalEffect.Revised => null,
                _ when _terms.Decides == DecisionMoment.AtExpiry => null,
                _ when Count(VoteChoice.Reject) >= _terms.Rejections => (ApprovalOutcome.Rejected, act.At),
                _ when Count(VoteChoice.Approve) >= _terms.Quorum => (ApprovalOutcome.Approved, act.At),
                _ => null,
            };
        }
    }

    private int Count(VoteChoice choice) => Votes.Values.Count(vote => vote == choice);

    private ApprovalEffect EffectOf(ApprovalEvent act)
    {
        if (_past.Exists(one => one.Event.Person == act.Person && one.Event.Id == act.Id))
        {
            return ApprovalEffect.Repeated;
        }

        if (Made is not null)
        {
            return ApprovalEffect.Closed;
        }

        if (act.At >= _terms.ExpiresAt)
        {
            return ApprovalEffect.TooLate;
        }

        if (act.Kind == ApprovalEventKind.Withdraw)
        {
            return act.Person == _terms.Requester ? ApprovalEffect.Withdrawn : ApprovalEffect.NotAllowed;
        }

        if (act.Kind == ApprovalEventKind.Revise)
        {
            return (act.Person == _terms.Requester || act.Person == _terms.Implementer) && act.Artifact is not null ? ApprovalEffect.Revised : ApprovalEffect.NotAllowed;
        }

        if (act.Choice is null)
        {
            return ApprovalEffect.NotAllowed;
        }

        if (_terms.Excluded.Any(person => person == act.Person))
        {
            return ApprovalEffect.Excluded;
        }

        if (!_terms.Approvers.Intersect(act.Roles).Any())
        {
            return ApprovalEffect.NotApprover;
        }

        if (act.Artifact != Artifact)
        {
            return ApprovalEffect.StaleArtifact;
        }

        return Votes.ContainsKey(act.Person) ? ApprovalEffect.Changed : ApprovalEffect.Counted;
    }
}
