using Maintenance.Patches;
using static Maintenance.Tests.Rules.ApprovalStory;

namespace Maintenance.Tests.Rules;

/// <summary>Who may decide on a patch, what becomes of each thing that is done to it, and when it is decided.</summary>
public sealed class ApprovalTests
{
    [Theory]
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
    // The requester, the implementer and people without the role do not count, neither for nor against.
    [InlineData(2, "ann:cab:+:10 req:cab:+:20", 60, null)]
    [InlineData(2, "ann:cab:+:10 imp:cab:+:20", 60, null)]
    [InlineData(1, "req:cab:-:20", 60, null)]
    [InlineData(1, "imp:owner:-:20", 60, null)]
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
    // Pre-authorised: approved as it is made, and nothing changes that.
    [InlineData(0, "", 0, "Approved@0")]
    [InlineData(0, "ann:cab:-:10", 700, "Approved@0")]
    [InlineData(0, "req::W:10", 700, "Approved@0")]
    // Of one instant, as listed.
    [InlineData(1, "ann:cab:+:10 bob:cab:-:10", 60, "Approved@10")]
    [InlineData(1, "bob:cab:-:10 ann:cab:+:10", 60, "Rejected@10")]
    // Withdrawn, by who asked and by nobody else.
    [InlineData(2, "ann:cab:+:10 req::W:20 bob:cab:+:30", 60, "Withdrawn@20")]
    [InlineData(1, "imp:cab:W:20", 60, null)]
    [InlineData(1, "ann:cab:W:20", 60, null)]
    [InlineData(1, "req::W:600", 700, "Expired@600")]
    public void A_decision_is_that_of_the_table(int quorum, string events, int minute, string? expected) => AssertDecision(Terms(quorum), events, minute, expected);

    [Theory]
    [InlineData(2, 2, "ann:cab:-:10", 60, null)]
    [InlineData(2, 2, "ann:cab:-:10 bob:cab:-:20", 60, "Rejected@20")]
    [InlineData(2, 2, "ann:cab:-:10 bob:cab:+:20 cid:cab:+:30", 60, "Approved@30")]
    [InlineData(2, 2, "ann:cab:-:10 ann:cab:-:20", 60, null)]
    [InlineData(2, 2, "ann:cab:-:10 ann:cab:+:20 bob:cab:-:30 cid:cab:-:40", 60, "Rejected@40")]
    [InlineData(2, 2, "ann:cab:-:10 bob:cab:+:20 ann:cab:+:30", 60, "Approved@30")]
    [InlineData(3, 2, "ann:cab:+:10 bob:cab:+:20", 700, "Expired@600")]
    public void A_threshold_of_rejections_is_reached_by_different_people(int quorum, int rejections, string events, int minute, string? expected) =>
        AssertDecision(Terms(quorum, rejections), events, minute, expected);

    [Theory]
    [InlineData(2, 1, "ann:cab:+:10 bob:cab:+:20", 599, null)]
    [InlineData(2, 1, "ann:cab:+:10 bob:cab:+:20", 600, "Approved@600")]
    [InlineData(2, 1, "ann:cab:+:10 bob:cab:+:20 cid:cab:-:30", 600, "Rejected@600")]
    [InlineData(2, 2, "ann:cab:+:10 bob:cab:+:20 cid:cab:-:30", 600, "Approved@600")]
    [InlineData(2, 2, "cid:cab:-:30 dan:cab:-:10 ann:cab:+:10 bob:cab:+:20", 600, "Rejected@600")]
    [InlineData(2, 1, "ann:cab:-:10 ann:cab:+:20 bob:cab:+:30", 600, "Approved@600")]
    [InlineData(2, 1, "ann:cab:+:10 bob:cab:+:20 ann:cab:-:600", 700, "Approved@600")]
    [InlineData(2, 1, "ann:cab:+:10", 600, "Expired@600")]
    [InlineData(2, 1, "ann:cab:+:10 bob:cab:+:20 req::W:30", 60, "Withdrawn@30")]
    public void Where_votes_are_counted_at_the_expiry_nothing_is_decided_before(int quorum, int rejections, string events, int minute, string? expected) =>
        AssertDecision(Terms(quorum, rejections, DecisionMoment.AtExpiry), events, minute, expected);

    [Theory]
    [InlineData("ann:cab:+:10:A bob:cab:+:20:A", "Counted Counted", "Approved@20")]
    [InlineData("ann:cab:+:10:A bob:cab:+:20:B", "Counted StaleArtifact", null)]
    [InlineData("ann:cab:+:10:A bob:cab:+:20:_", "Counted StaleArtifact", null)]
    [InlineData("ann:cab:+:10:A req::R:20:B bob:cab:+:30:B", "Counted Revised Counted", null)]
    [InlineData("ann:cab:+:10:A req::R:20:B bob:cab:+:30:B ann:cab:+:40:B", "Counted Revised Counted Counted", "Approved@40")]
    [InlineData("ann:cab:+:10:A imp::R:20:B bob:cab:+:30:A", "Counted Revised StaleArtifact", null)]
    [InlineData("ann:cab:+:10:A req::R:20:B req::R:30:A bob:cab:+:40:A", "Counted Revised Revised Counted", null)]
    [InlineData("ann:cab:R:10:B bob:cab:+:20:B", "NotAllowed StaleArtifact", null)]
    [InlineData("req::R:10:_", "NotAllowed", null)]
    [InlineData("ann:cab:+:10:A bob:cab:+:20:A req::R:30:B", "Counted Counted Closed", "Approved@20")]
    [InlineData("req::R:600:B", "TooLate", "Expired@600")]
    [InlineData("ann:cab:+:10:A:x ann:cab:+:20:A:x bob:cab:+:30:A:x", "Counted Repeated Counted", "Approved@30")]
    [InlineData("ann:cab:+:10:A:x ann:cab:-:20:A:x", "Counted Repeated", null)]
    [InlineData("ann:cab:+:10:A ann:cab:+:20:A", "Counted Changed", null)]
    [InlineData("req:cab:+:10:A imp:cab:+:20:A dan:staff:+:30:A", "Excluded Excluded NotApprover", null)]
    [InlineData("req::R:10:B:x req::W:20:_:x", "Revised Repeated", null)]
    public void What_becomes_of_each_event_is_that_of_the_table(string events, string effects, string? expected)
    {
        var replay = Approval.Replay(Terms(2, artifact: A), Events(events), Start.AddMinutes(events.Contains(":600", StringComparison.Ordinal) ? 700 : 60));
        Assert.Equal(effects, string.Join(' ', replay.Events.Select(static one => one.Effect)));
        Assert.Equal(expected, Shown(replay.Decision));
        Assert.All(replay.Events, static one => Assert.True(one.Sentence.Length > 10));
    }

    [Fact]
    public void A_revision_voids_the_votes_and_leaves_the_expiry_and_the_sentence_says_how_many()
    {
        var replay = Approval.Replay(Terms(3, artifact: A), Events("ann:cab:+:10:A bob:cab:+:20:A req::R:599:B cid:cab:+:600:B"), Start.AddMinutes(600));
        Assert.Empty(replay.Votes);
        Assert.Equal(B, replay.Artifact);
        Assert.Equal("Expired@600", Shown(replay.Decision));
        Assert.Equal($"The artifact is now {B}; 2 votes of the earlier one are void. The expiry stays.", replay.Events[2].Sentence);
    }

    [Theory]
    [InlineData("ann:cab:+:10 bob:cab:+:20", "Approved by ann and bob (2 of 2 needed).")]
    [InlineData("ann:cab:-:10", "Rejected by ann: No.")]
    [InlineData("req::W:10", "Withdrawn by req.")]
    [InlineData("ann:cab:+:10", "Expired with 1 of 2 approvals (ann).")]
    public void A_decision_says_whose_it_is(string events, string reason) => Assert.Equal(reason, Approval.Replay(Terms(2), Events(events), Expiry).Decision!.Reason);

    [Theory]
    [InlineData("bob", "cab", "", 60, null)]
    [InlineData("bob", "staff,owner", "", 60, null)]
    [InlineData("bob", "cab", "ann:cab:+:10", 60, null)]
    [InlineData("bob", "cab", "bob:cab:+:10", 60, null)]
    [InlineData("bob", "cab", "", 599, null)]
    [InlineData("req", "cab", "", 60, VoteRefusalKind.NotAllowed)]
    [InlineData("imp", "cab", "", 60, VoteRefusalKind.NotAllowed)]
    [InlineData("dan", "staff", "", 60, VoteRefusalKind.NotAllowed)]
    [InlineData("dan", "administrator", "", 60, VoteRefusalKind.NotAllowed)]
    [InlineData("dan", "", "", 60, VoteRefusalKind.NotAllowed)]
    [InlineData("bob", "cab", "ann:cab:-:10", 60, VoteRefusalKind.Closed)]
    [InlineData("bob", "cab", "ann:cab:+:10 cid:cab:+:20", 60, VoteRefusalKind.Closed)]
    [InlineData("bob", "cab", "req::W:10", 60, VoteRefusalKind.Closed)]
    [InlineData("bob", "cab", "", 600, VoteRefusalKind.Closed)]
    [InlineData("bob", "cab", "", 601, VoteRefusalKind.Closed)]
    public void Who_may_vote_is_that_of_the_table(string person, string roles, string events, int minute, VoteRefusalKind? expected)
    {
        var refusal = Approval.MayVote(new(Request(2), Events(events)), person, Roles(roles), Start.AddMinutes(minute));
        Assert.Equal(expected, refusal?.Kind);
        Assert.True(refusal is null || refusal.Reason.Length > 0);
    }

    [Fact]
    public void Who_may_vote_may_do_so_after_a_revision_too()
    {
        var found = new PatchCase(Request(2, A), Events("ann:cab:+:10:A req::R:20:B"));
        Assert.Null(Approval.MayVote(found, "ann", ["cab"], Start.AddMinutes(30)));
        var stale = Approval.Refusal(found, Events("ann:cab:+:30:A:new")[0], Start.AddMinutes(30));
        Assert.Equal(VoteRefusalKind.Stale, stale!.Kind);
        Assert.Contains(B, stale.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_votes_on_a_request_that_is_closed()
    {
        var closed = Request(2) with { Decision = new(ApprovalOutcome.Rejected, "no", Start.AddMinutes(5)) };
        Assert.Equal(VoteRefusalKind.Closed, Approval.MayVote(new(closed, []), "bob", ["cab"], Start.AddMinutes(10))?.Kind);
    }

    [Fact]
    public void An_event_is_never_dated_before_the_one_that_it_follows()
    {
        var found = new PatchCase(Request(2), Events("ann:cab:+:30"));
        Assert.Equal(Start.AddMinutes(30), found.Next(Start.AddMinutes(29)));
        Assert.Equal(Start.AddMinutes(31), found.Next(Start.AddMinutes(31)));
        Assert.Equal(Start, new PatchCase(Request(2), []).Next(Start));
        Assert.Null(Approval.MayVote(found, "bob", ["cab"], Start.AddMinutes(29)));
    }

    [Theory]
    [InlineData("bob", "cab", null)]
    [InlineData("zoe", "administrator", null)]
    [InlineData("zoe", "staff", VoteRefusalKind.NotAllowed)]
    [InlineData("req", "administrator,cab", VoteRefusalKind.NotAllowed)]
    [InlineData("imp", "administrator,cab", VoteRefusalKind.NotAllowed)]
    public void A_review_is_given_by_an_approver_or_administrator_who_had_no_part_in_the_change(string person, string roles, VoteRefusalKind? expected)
    {
        var owing = Request(2) with { ReviewDueAt = Expiry };
        Assert.Equal(expected, Approval.MayReview(owing, person, Roles(roles))?.Kind);
        Assert.Equal(VoteRefusalKind.Closed, Approval.MayReview(Request(2), person, Roles(roles))?.Kind);
        Assert.Equal(VoteRefusalKind.Closed, Approval.MayReview(owing with { Review = new("cid", Expiry, "Fine.") }, person, Roles(roles))?.Kind);
    }

    [Theory]
    [InlineData(null, ApprovalCare.Start)]
    [InlineData(0, ApprovalCare.Wake)]
    [InlineData(60, ApprovalCare.Wake)]
    [InlineData(61, ApprovalCare.Close)]
    [InlineData(-5, ApprovalCare.Wake)]
    public void A_workflow_has_a_minute_to_store_a_decision(int? secondsAgo, ApprovalCare expected) =>
        Assert.Equal(expected, Approval.Care(secondsAgo is { } ago ? new Decision(ApprovalOutcome.Approved, "", Start.AddSeconds(-ago)) : null, Start));

    [Fact]
    public void A_request_of_before_events_were_kept_excludes_its_requester_alone()
    {
        var old = MaintenanceJson.Read<PatchRequest>("""
            {"id":"P-1001","title":"A","description":"B","type":"normal","severity":"high","service":"web","requestedBy":"req","requestedAt":"2026-11-22T08:00:00Z","approvers":["cab"],"quorum":2,"expiresAt":"2026-11-22T18:00:00Z","workflow":"patch_P-1001"}
            """);
        Assert.Equal(["req"], old.Terms.Excluded);
        Assert.Equal((1, DecisionMoment.FirstToReach), (old.Terms.Rejections, old.Terms.Decides));
        Assert.Empty(old.Components);
        Assert.Empty(old.Targets);
    }

    [Fact]
    public void A_request_reads_back_as_it_was_written()
    {
        var request = Request(2, A) with
        {
            Components = ["openssl", "nginx"],
            Targets = new Dictionary<string, IReadOnlyList<string>> { ["test"] = ["app-1"], ["pilot"] = ["app-2", "app-3"] },
            Rollback = "3.5.0",
            Window = "sunday",
            Rejections = 2,
            Decides = DecisionMoment.AtExpiry,
            ReviewWithin = TimeSpan.FromHours(40),
            ReviewDueAt = Expiry,
            Review = new("cid", Expiry, "Fine."),
        };
        var json = MaintenanceJson.Write(request);
        Assert.Equal(json, MaintenanceJson.Write(MaintenanceJson.Read<PatchRequest>(json)));
        Assert.Equal(["test", "pilot"], MaintenanceJson.Read<PatchRequest>(json).Targets.Keys);
        Assert.DoesNotContain("terms", json, StringComparison.Ordinal);
    }

    private static void AssertDecision(ApprovalTerms terms, string events, int minute, string? expected)
    {
        var decision = Approval.Replay(terms, Events(events), Start.AddMinutes(minute)).Decision;
        Assert.Equal(expected, Shown(decision));
        Assert.True(decision is null || decision.Reason.Length > 0);
    }

    private static string? Shown(Decision? decision) => decision is null ? null : $"{decision.Outcome}@{(decision.At - Start).TotalMinutes}";
}
