using Maintenance.Plan;
using Maintenance.ServiceLevels;

namespace Maintenance.Patches;

/// <summary>How a request stands: who may still vote, and what is missing. Pure.</summary>
/// <param name="Voters">Everybody of the plan, those that are waited for first, with the reason of each who may not vote.</param>
/// <param name="Needed">How many must approve.</param>
/// <param name="Approvals">How many approve now.</param>
/// <param name="Rejections">How many reject now.</param>
/// <param name="Missing">How many approvals are missing; zero once it is decided.</param>
/// <param name="Awaited">How many may still vote, and have not.</param>
/// <param name="IsReachable">False where it could not be approved even if everybody who may approve did.</param>
/// <param name="TimeLeft">Service time until it expires; zero once it is decided or has expired.</param>
public sealed record ApprovalStanding(IReadOnlyList<Voter> Voters, int Needed, int Approvals, int Rejections, int Missing, int Awaited, bool IsReachable, TimeSpan TimeLeft)
{
    /// <summary>How a request stands at an instant (UTC).</summary>
    /// <param name="found">The request with its events.</param>
    /// <param name="plan">The plan whose people vote, and in whose calendar it expires.</param>
    /// <param name="now">As of when (UTC).</param>
    public static ApprovalStanding Of(PatchCase found, OperationsPlan plan, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(plan);
        var (request, replay) = (found.Request, found.At(now));
        var decision = request.Decision ?? replay.Decision;
        var isDecided = decision is not null;
        var voters = plan.People.Select(person => VoterOf(request.Terms, replay, decision, plan, person, now)).OrderBy(static voter => voter.Standing).ThenBy(static voter => voter.Name, StringComparer.Ordinal).ToList();
        var missing = isDecided ? 0 : Math.Max(0, request.Quorum - replay.Approvals);
        var awaited = voters.Count(static voter => voter.IsAwaited);

        // Who rejects may still come round, until the rejections decide.
        var rejecting = replay.Votes.Count(vote => vote.Choice == VoteChoice.Reject && voters.Exists(voter => voter.Person == vote.Person && voter.Standing == VoterStanding.Voted));
        return new ApprovalStanding(
            voters,
            request.Quorum,
            replay.Approvals,
            replay.Rejections,
            missing,
            awaited,
            missing <= awaited + rejecting,
            isDecided || now >= request.ExpiresAt ? TimeSpan.Zero : ServiceClock.Elapsed(plan.Calendar(plan.Patching.Calendar), now, request.ExpiresAt));
    }

    private static Voter VoterOf(ApprovalTerms terms, ApprovalReplay replay, Decision? decision, OperationsPlan plan, Person person, DateTimeOffset now)
    {
        var (standing, why) =
            decision is not null ? (VoterStanding.Closed, $"It is {ApprovalWords.Outcome(decision)}.")
            : terms.Excluded.Contains(person.Id) && person.Id == terms.Requester ? (VoterStanding.Requester, "asked for it")
            : terms.Excluded.Contains(person.Id) ? person.Id == terms.Implementer ? (VoterStanding.Implementer, "does it") : (VoterStanding.WrongRole, "may not vote on it")
            : !person.Roles.Any(terms.Approvers.Contains) ? (VoterStanding.WrongRole, $"has none of the roles {string.Join(", ", terms.Approvers)}")
            : replay.Votes.FirstOrDefault(vote => vote.Person == person.Id) is { } vote ? (VoterStanding.Voted, vote.Choice == VoteChoice.Approve ? "approves" : "rejects")
            : Voter.Absence(plan, person, now) is { } away ? (VoterStanding.Away, away)
            : (VoterStanding.MayVote, (string?)null);
        return new Voter(person.Id, person.Name, standing, why);
    }
}
