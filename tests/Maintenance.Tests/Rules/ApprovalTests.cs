using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Maintenance.Patches;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Who may decide on a patch, and when it is decided.</summary>
public sealed class ApprovalTests
{
    private static readonly DateTimeOffset Start = Utc("2026-11-22T08:00Z");
    private static readonly DateTimeOffset Expiry = Utc("2026-11-22T18:00Z");

    [Theory]
    // A vote: who, in which roles, for or against, how many minutes after the request.
    [InlineData(2, "", 60, null)]
    [InlineData(2, "ann:cab:+:10", 60, null)]
    [InlineData(2, "ann:cab:+:10 bob:cab:+:20", 60, "Approved@20")]
    [InlineData(2, "bob:cab:+:20 ann:cab:+:10", 60, "Approved@20")]
    [InlineData(1, "ann:cab:+:10 bob:cab:-:20", 60, "Approved@10")]
    [InlineData(2, "ann:cab:+:10 bob:cab:-:20", 60, "Rejected@20")]
    [InlineData(2, "ann:cab:+:10 bob:cab:-:20 cid:cab:+:30", 60, "Rejected@20")]
    [InlineData(2, "ann:cab:-:20 bob:cab:+:10 cid:cab:+:30", 60, "Rejected@20")]
    [InlineData(2, "ann:cab:-:40 bob:cab:+:10 cid:cab:+:30", 60, "Approved@30")]
    [InlineData(5, "ann:cab:-:10", 60, "Rejected@10")]
    // Nobody counts twice.
    [InlineData(2, "ann:cab:+:10 ann:cab:+:20", 60, null)]
    [InlineData(2, "ann:cab:+:10 ann:cab:+:20 bob:cab:+:30", 60, "Approved@30")]
    [InlineData(2, "ann:cab:+:10 ann:cab:-:20", 60, "Rejected@20")]
    // The requester and people without the role do not count, neither for nor against.
    [InlineData(2, "ann:cab:+:10 req:cab:+:20", 60, null)]
    [InlineData(1, "req:cab:-:20", 60, null)]
    [InlineData(1, "dan:staff:+:10", 60, null)]
    [InlineData(1, "dan::+:10", 60, null)]
    [InlineData(1, "dan:staff:-:10 ann:cab:+:20", 60, "Approved@20")]
    [InlineData(1, "dan:staff,owner:+:10", 60, "Approved@10")]
    [InlineData(1, "dan:ca:+:10 eve:cabinet:+:20", 60, null)]
    // Ten hours and it is over: a vote at the expiry is too late, one just before it is not.
    [InlineData(1, "", 600, "Expired@600")]
    [InlineData(1, "", 599, null)]
    [InlineData(1, "", 6000, "Expired@600")]
    [InlineData(1, "ann:cab:+:600", 700, "Expired@600")]
    [InlineData(1, "ann:cab:+:599", 700, "Approved@599")]
    [InlineData(1, "ann:cab:-:599", 600, "Rejected@599")]
    [InlineData(1, "ann:cab:-:600", 600, "Expired@600")]
    [InlineData(2, "ann:cab:+:10 bob:cab:+:605", 700, "Expired@600")]
    public void A_decision_is_that_of_the_table(int quorum, string votes, int minute, string? expected)
    {
        var decision = Approval.Decide(Request(quorum), Votes(votes), Start.AddMinutes(minute));
        Assert.Equal(expected, decision is null ? null : $"{decision.Outcome}@{(decision.At - Start).TotalMinutes}");
        Assert.True(decision is null || decision.Reason.Length > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Votes_of_one_instant_decide_alike_in_whatever_order_they_are_listed(int quorum)
    {
        foreach (var pair in new[] { "ann:cab:+:10 ann:cab:-:10", "ann:cab:+:10 bob:cab:-:10", "bob:cab:+:10 ann:cab:-:10", "ann:cab:+:10 bob:cab:+:10" })
        {
            var votes = Votes(pair);
            Assert.Equal(Approval.Decide(Request(quorum), votes, Start.AddHours(1)), Approval.Decide(Request(quorum), [votes[1], votes[0]], Start.AddHours(1)));
        }
    }

    [Theory]
    [InlineData("bob", "cab", "", 60, null)]
    [InlineData("bob", "staff,owner", "", 60, null)]
    [InlineData("bob", "cab", "ann:cab:+:10", 60, null)]
    [InlineData("bob", "cab", "bob:cab:+:10", 60, null)]
    [InlineData("bob", "cab", "", 599, null)]
    [InlineData("req", "cab", "", 60, VoteRefusalKind.NotAllowed)]
    [InlineData("dan", "staff", "", 60, VoteRefusalKind.NotAllowed)]
    [InlineData("dan", "administrator", "", 60, VoteRefusalKind.NotAllowed)]
    [InlineData("dan", "", "", 60, VoteRefusalKind.NotAllowed)]
    [InlineData("bob", "cab", "ann:cab:-:10", 60, VoteRefusalKind.Closed)]
    [InlineData("bob", "cab", "ann:cab:+:10 cid:cab:+:20", 60, VoteRefusalKind.Closed)]
    [InlineData("bob", "cab", "", 600, VoteRefusalKind.Closed)]
    [InlineData("bob", "cab", "", 601, VoteRefusalKind.Closed)]
    public void Who_may_vote_is_that_of_the_table(string person, string roles, string votes, int minute, VoteRefusalKind? expected)
    {
        var refusal = Approval.MayVote(Request(2), Votes(votes), person, Roles(roles), Start.AddMinutes(minute));
        Assert.Equal(expected, refusal?.Kind);
        Assert.True(refusal is null || refusal.Reason.Length > 0);
    }

    [Fact]
    public void Nobody_votes_on_a_request_that_is_closed()
    {
        var closed = Request(2) with { Decision = new(ApprovalOutcome.Rejected, "no", Start.AddMinutes(5)) };
        Assert.Equal(VoteRefusalKind.Closed, Approval.MayVote(closed, [], "bob", ["cab"], Start.AddMinutes(10))?.Kind);
    }

    [Fact]
    public void A_decision_is_that_of_the_first_vote_that_makes_one() => Law.Holds(Cases, 1000, static one =>
    {
        Vote[] ordered = [.. one.Votes.OrderBy(static vote => vote.At).DistinctBy(static vote => vote.At)];
        Assert.Equal(Expected(one.Request, ordered, one.Now), Shown(Approval.Decide(one.Request, ordered, one.Now)));
    });

    [Fact]
    public void The_order_in_which_votes_are_listed_changes_nothing() => Law.Holds(
        from one in Cases
        from shuffled in Gen.Shuffle(one.Votes)
        select (one, shuffled),
        1000,
        static given => Assert.Equal(Approval.Decide(given.one.Request, given.one.Votes, given.one.Now), Approval.Decide(given.one.Request, given.shuffled, given.one.Now)));

    [Fact]
    public void Later_votes_and_the_passing_of_time_never_change_a_decision() => Law.Holds(
        from one in Cases
        from minute in Gen.Choose(0, 900)
        from later in Gen.Choose(0, 900)
        select (one, Now: Start.AddMinutes(minute), Later: Start.AddMinutes(minute + later)),
        1000,
        static given =>
        {
            Vote[] early = [.. given.one.Votes.Where(vote => vote.At <= given.Now)];
            if (Approval.Decide(given.one.Request, early, given.Now) is { } decision)
            {
                Assert.Equal(decision, Approval.Decide(given.one.Request, given.one.Votes, given.Later));
            }
        });

    [Fact]
    public void Votes_of_the_requester_and_of_those_without_the_role_never_count() => Law.Holds(Cases, 500, static one =>
    {
        Vote[] counting = [.. one.Votes.Where(static vote => vote.Person != "req" && vote.Roles.Any(static role => role is "cab" or "owner"))];
        Assert.Equal(Shown(Approval.Decide(one.Request, counting, one.Now)), Shown(Approval.Decide(one.Request, one.Votes, one.Now)));
    });

    [Fact]
    public void From_the_expiry_on_there_is_always_a_decision_and_before_it_none_is_expired() => Law.Holds(Cases, 500, static one =>
    {
        var decision = Approval.Decide(one.Request, one.Votes, one.Now);
        Assert.True(one.Now < Expiry || decision is not null);
        Assert.True(one.Now >= Expiry || decision?.Outcome != ApprovalOutcome.Expired);
        Assert.True(decision is null || decision.At <= Expiry);
    });

    [Fact]
    public void Approved_takes_a_quorum_of_different_people_and_no_rejection_before_it() => Law.Holds(Cases, 500, static one =>
    {
        if (Approval.Decide(one.Request, one.Votes, one.Now) is { Outcome: ApprovalOutcome.Approved, At: var at })
        {
            Vote[] counted = [.. one.Votes.Where(vote => vote.At <= at && vote.Person != "req" && vote.Roles.Intersect(one.Request.Approvers).Any())];
            Assert.True(counted.Where(static vote => vote.Choice == VoteChoice.Approve).DistinctBy(static vote => vote.Person).Count() >= one.Request.Quorum);
            Assert.DoesNotContain(counted, vote => vote.Choice == VoteChoice.Reject && vote.At < at);
        }
    });

    internal sealed record Case(PatchRequest Request, Vote[] Votes, DateTimeOffset Now)
    {
        public override string ToString() =>
            $"quorum {Request.Quorum}, {(Now - Start).TotalMinutes} minutes: {string.Join(' ', Votes.Select(Words))}";

        private static string Words(Vote vote) => $"{vote.Person}:{string.Join(',', vote.Roles)}:{vote.Choice}:{(vote.At - Start).TotalMinutes}";
    }

    private static Gen<Case> Cases =>
        from quorum in Gen.Choose(1, 4)
        from now in Gen.Choose(0, 900)
        from count in Gen.Choose(0, 9)
        from votes in Gen.ArrayOf(
            from person in Gen.Elements("ann", "bob", "cid", "dan", "eve", "req")
            from roles in Gen.Frequency((5, Gen.Elements("cab", "owner", "staff,owner")), (2, Gen.Elements("staff", "")))
            from choice in Gen.Frequency((5, Gen.Constant(VoteChoice.Approve)), (1, Gen.Constant(VoteChoice.Reject)))
            from minute in Gen.OneOf(Gen.Choose(0, 900), Gen.Elements(10, 20, 30, 599, 600, 601))
            select new Vote(person, Roles(roles), choice, null, Start.AddMinutes(minute)),
            count)
        select new Case(Request(quorum), votes, Start.AddMinutes(now));

    private static string? Expected(PatchRequest request, IEnumerable<Vote> ordered, DateTimeOffset now)
    {
        var approved = new HashSet<string>();
        foreach (var vote in ordered)
        {
            if (vote.At >= request.ExpiresAt || vote.Person == request.RequestedBy || !vote.Roles.Any(request.Approvers.Contains))
            {
                continue;
            }

            if (vote.Choice == VoteChoice.Reject)
            {
                return $"Rejected {vote.At:u}";
            }

            if (approved.Add(vote.Person) && approved.Count == request.Quorum)
            {
                return $"Approved {vote.At:u}";
            }
        }

        return now >= request.ExpiresAt ? $"Expired {request.ExpiresAt:u}" : null;
    }

    private static string? Shown(Decision? decision) => decision is null ? null : $"{decision.Outcome} {decision.At:u}";

    private static PatchRequest Request(int quorum) =>
        new("P-1007", "OpenSSL", "3.5.1", PatchType.Normal, PatchSeverity.High, "web", "req", Start, ["cab", "owner"], quorum, Expiry);

    private static Vote[] Votes(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static vote => vote.Split(':')).Select(static vote =>
            new Vote(vote[0], Roles(vote[1]), vote[2] == "+" ? VoteChoice.Approve : VoteChoice.Reject, null, Start.AddMinutes(int.Parse(vote[3], CultureInfo.InvariantCulture))))];

    private static string[] Roles(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
