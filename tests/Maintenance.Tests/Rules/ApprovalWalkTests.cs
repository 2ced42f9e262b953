using Maintenance.Patches;
using static Maintenance.Tests.Rules.ApprovalStory;

namespace Maintenance.Tests.Rules;

/// <summary>
/// Every sequence of up to six votes of five people: the tree of all of them is walked once for each set of terms, and at each node the votes so far, kept here in two
/// small arrays, are held against what the rule makes of them.
/// </summary>
public sealed class ApprovalWalkTests
{
    private const int People = 5;
    private static readonly string[] Names = ["ann", "bob", "cid", "dan", "eve"];
    private static readonly DateTimeOffset Late = Expiry.AddHours(5);

    /// <summary>Without it, people who are alike are taken in one order only where the trees are large.</summary>
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("MAINTENANCE_FULL") == "1";

    public static TheoryData<DecisionMoment, bool> Walks => new()
    {
        { DecisionMoment.FirstToReach, false },
        { DecisionMoment.FirstToReach, true },
        { DecisionMoment.AtExpiry, false },
        { DecisionMoment.AtExpiry, true },
    };

    [Theory]
    [MemberData(nameof(Walks))]
    public void Every_sequence_of_votes_comes_to_what_a_quorum_of_different_people_says(DecisionMoment decides, bool hasOutsiders)
    {
        for (var quorum = 1; quorum <= 3; quorum++)
        {
            for (var rejections = 1; rejections <= 2; rejections++)
            {
                new Walk(quorum, rejections, decides, hasOutsiders).Run();
            }
        }
    }

    private sealed class Walk
    {
        private readonly ApprovalTerms _terms;
        private readonly bool _hasOutsiders;
        private readonly ApprovalEvent[,,] _votes = new ApprovalEvent[7, People, 2];
        private readonly List<ApprovalEvent> _path = [];
        private readonly Dictionary<string, ApprovalOutcome> _outcomes = [];
        private int _nodes;

        public Walk(int quorum, int rejections, DecisionMoment decides, bool hasOutsiders)
        {
            _hasOutsiders = hasOutsiders;

            // Ann is the requester, or nobody of the five is; Bob has a role that may vote, or does not.
            _terms = Terms(quorum, rejections, decides, A) with { Excluded = hasOutsiders ? ["ann"] : [] };
            for (var step = 0; step < 7; step++)
            {
                for (var person = 0; person < People; person++)
                {
                    for (var choice = 0; choice < 2; choice++)
                    {
                        var roles = hasOutsiders && person == 1 ? new[] { "staff" } : ["cab"];
                        _votes[step, person, choice] = new($"#{step}", Start.AddMinutes(step), Names[person], roles, ApprovalEventKind.Vote, (VoteChoice)choice, "Why.", A);
                    }
                }
            }
        }

        public void Run()
        {
            Step(ApprovalTally.Of(_terms), 0, 0, 0, 0);
            Assert.True(_nodes > 10);
        }

        /// <summary>One node: the votes so far, as one bit a person for who approves and who rejects now.</summary>
        private void Step(ApprovalTally tally, int depth, int approving, int rejecting, int named)
        {
            _nodes++;
            Check(tally, approving, rejecting);
            if (depth == 6)
            {
                return;
            }

            for (var person = 0; person < People; person++)
            {
                // People who are alike are named in the order in which they first vote: what holds for these holds for any other naming of them.
                var isAlike = person > 0 && (!_hasOutsiders || person > 2) && (named & (1 << (person - 1))) == 0 && (named & (1 << person)) == 0;
                if (isAlike && depth >= 1 && !IsFull && (_hasOutsiders || _terms.Decides == DecisionMoment.AtExpiry))
                {
                    continue;
                }

                for (var choice = 0; choice < 2; choice++)
                {
                    var vote = _votes[depth, person, choice];
                    var (next, effect) = tally.Take(vote);
                    var isVoter = !_hasOutsiders || person > 1;
                    var (nextApproving, nextRejecting) = (approving, rejecting);
                    if (tally.Decision is null && isVoter)
                    {
                        (nextApproving, nextRejecting) = choice == 0 ? (approving | (1 << person), rejecting & ~(1 << person)) : (approving & ~(1 << person), rejecting | (1 << person));
                    }

                    var hasVoted = ((approving | rejecting) & (1 << person)) != 0;
                    Assert.True(effect == (tally.Decision is not null ? ApprovalEffect.Closed
                        : !isVoter ? person == 0 ? ApprovalEffect.Excluded : ApprovalEffect.NotApprover
                        : hasVoted ? ApprovalEffect.Changed : ApprovalEffect.Counted));

                    // The same event again is no event.
                    Assert.True(next.Take(vote) is (var same, ApprovalEffect.Repeated) && ReferenceEquals(same, next));
                    _path.Add(vote);
                    if (tally.Decision is null)
                    {
                        Step(next, depth + 1, nextApproving, nextRejecting, named | (1 << person));
                    }
                    else
                    {
                        // Decided: whatever comes, the decision is that one, word for word.
                        Assert.True(ReferenceEquals(next.Decision, tally.Decision));
                    }

                    _path.RemoveAt(_path.Count - 1);
                }
            }
        }

        private void Check(ApprovalTally tally, int approving, int rejecting)
        {
            var (approvals, against) = (Count(approving), Count(rejecting));
            var made = tally.Decision?.Outcome;
            if (_terms.Decides == DecisionMoment.FirstToReach)
            {
                // Never approved without a quorum of different people who may vote; the vote that completes it decides, at its instant.
                Assert.True(made == (against >= _terms.Rejections ? ApprovalOutcome.Rejected : approvals >= _terms.Quorum ? ApprovalOutcome.Approved : null));
                Assert.True(made is null || tally.Decision!.At == _path[^1].At);
                Assert.True(made is not null || tally.OutcomeAtExpiry() == ApprovalOutcome.Expired);
            }
            else
            {
                Assert.True(made is null);
                var outcome = tally.OutcomeAtExpiry();
                Assert.True(outcome == (against >= _terms.Rejections ? ApprovalOutcome.Rejected : approvals >= _terms.Quorum ? ApprovalOutcome.Approved : ApprovalOutcome.Expired));

                // Whoever came first: the same last votes, the same outcome.
                var last = $"{approving}/{rejecting}";
                Assert.True(_outcomes.TryAdd(last, outcome) || _outcomes[last] == outcome);
            }

            // A sample through the front door: the whole history at once, at three instants, under a later expiry too.
            if (_nodes % 997 == 0)
            {
                var replay = Approval.Replay(_terms, _path, Expiry);
                Assert.Equal(tally.DecisionAt(Expiry), replay.Decision);
                Assert.Equal(tally.Decision, Approval.Replay(_terms, _path, Expiry.AddTicks(-1)).Decision);
                var later = Approval.Replay(_terms with { ExpiresAt = Late }, _path, Late).Decision!;
                Assert.Equal(replay.Decision!.Outcome, later.Outcome);
                Assert.True(tally.Decision is null || later == tally.Decision);
            }
        }

        private static int Count(int bits) => int.PopCount(bits);
    }
}
