using FsCheck.Fluent;
using Maintenance.Patches;
using Maintenance.Plan;
using NodaTime;
using static Maintenance.Tests.Rules.ApprovalStory;

namespace Maintenance.Tests.Rules;

/// <summary>Who may still vote on a request, and what is missing.</summary>
public sealed class ApprovalStandingTests
{
    private static readonly OperationsPlan Plan = HelpDeskPlan.Plan with
    {
        People =
        [
            Person("ann", "cab"), Person("bob", "cab"), Person("cid", "owner") with { Absences = [new Absence(new LocalDate(2026, 11, 22), new LocalDate(2026, 11, 24), "Leave")] },
            Person("dan", "staff"), Person("eve", "cab", "staff"), Person("req", "cab"), Person("imp", "owner"),
        ],
        Patching = HelpDeskPlan.Plan.Patching with { Calendar = "always" },
    };

    [Fact]
    public void Each_who_may_not_has_a_reason_and_those_that_are_waited_for_come_first()
    {
        var standing = Of(2, "ann:cab:+:10", 60);
        Assert.Equal(
            ["bob MayVote ", "eve MayVote ", "cid Away is away until 2026-11-24", "ann Voted approves", "req Requester asked for it", "imp Implementer does it", "dan WrongRole has none of the roles cab, owner"],
            standing.Voters.Select(static voter => $"{voter.Person} {voter.Standing} {voter.Why}"));
        Assert.Equal((2, 1, 0, 1, 3, true), (standing.Needed, standing.Approvals, standing.Rejections, standing.Missing, standing.Awaited, standing.IsReachable));
        Assert.Equal(9, standing.TimeLeft.TotalHours);
    }

    [Theory]
    [InlineData(4, "", true)]
    [InlineData(5, "", false)]
    [InlineData(5, "ann:cab:+:10", false)]
    [InlineData(4, "ann:cab:+:10 bob:cab:+:11", true)]
    public void It_says_where_too_few_are_left_to_approve(int quorum, string events, bool isReachable) => Assert.Equal(isReachable, Of(quorum, events, 60).IsReachable);

    [Fact]
    public void Who_rejects_may_still_come_round_while_nothing_is_decided()
    {
        var found = new PatchCase(Request(4) with { Rejections = 2 }, Events("ann:cab:-:10"));
        var standing = ApprovalStanding.Of(found, Plan, Start.AddMinutes(60));
        Assert.Equal((0, 1, 4, 3, true), (standing.Approvals, standing.Rejections, standing.Missing, standing.Awaited, standing.IsReachable));
    }

    [Theory]
    [InlineData("ann:cab:+:10 bob:cab:+:20", 60, "It is approved.")]
    [InlineData("", 600, "It is expired.")]
    public void Once_it_is_decided_nobody_votes_and_nothing_is_missing(string events, int minute, string why)
    {
        var standing = Of(2, events, minute);
        Assert.All(standing.Voters, voter => Assert.Equal((VoterStanding.Closed, why), (voter.Standing, voter.Why)));
        Assert.Equal((0, 0, true, TimeSpan.Zero), (standing.Missing, standing.Awaited, standing.IsReachable, standing.TimeLeft));
    }

    [Fact]
    public void A_revision_makes_everybody_waited_for_again()
    {
        var standing = Of(3, "ann:cab:+:10:A req:cab:R:20:B bob:cab:+:30:B", 60, A);
        Assert.Equal(["ann", "eve", "cid"], standing.Voters.Where(static voter => voter.IsAwaited).Select(static voter => voter.Person));
        Assert.Equal((1, 2), (standing.Approvals, standing.Missing));
    }

    /// <summary>The page offers the buttons to those whose vote is taken, and to nobody else.</summary>
    [Fact]
    public void Whoever_is_said_to_may_vote_may_and_nobody_else() => Law.Holds(ApprovalLawTests.Cases, 1500, static one =>
    {
        var request = Request(one.Terms.Quorum, one.Terms.Artifact) with { Rejections = one.Terms.Rejections, Decides = one.Terms.Decides, Excluded = one.Terms.Excluded };

        // A log has no event of the time to come.
        var found = new PatchCase(request, [.. one.Events.Where(told => told.At <= one.Now)]);
        var standing = ApprovalStanding.Of(found, Plan, one.Now);
        Assert.Equal(Plan.People.Count, standing.Voters.Count);
        foreach (var voter in standing.Voters)
        {
            var person = Plan.FindPerson(voter.Person)!;
            Assert.Equal(Approval.MayVote(found, person.Id, person.Roles, one.Now) is null, voter.Standing is VoterStanding.MayVote or VoterStanding.Away or VoterStanding.Voted);
            Assert.Equal(voter.Standing == VoterStanding.MayVote, voter.Why is null);
        }
    });

    [Fact]
    public void Revisions_have_the_votes_that_were_cast_on_them_and_what_they_changed()
    {
        var found = new PatchCase(Request(3, A), Events("ann:cab:+:10:A bob:cab:-:12:A ann:cab:+:14:A:again dan:staff:+:15:A imp:owner:R:20:B ann:cab:+:30:B bob:cab:+:31:A"));
        var revisions = PatchRevision.Of(found with { Request = found.Request with { Rejections = 2 } }, Start.AddMinutes(60));
        Assert.Equal([(1, "req", 2), (2, "imp", 1)], revisions.Select(static one => (one.Number, one.Person, one.Votes.Count)));
        Assert.Equal(["bob", "ann"], revisions[0].Votes.Select(static vote => vote.Person));
        Assert.Equal(new FieldChange("artifact", A, B), Assert.Single(revisions[1].Changes));
        Assert.Empty(revisions[0].Changes);
        Assert.Equal("ann", Assert.Single(revisions[1].Votes).Person);
    }

    [Theory]
    [InlineData("1.2.3", "2.0.0", VersionJump.Major)]
    [InlineData("1.2.3", "1.3.0", VersionJump.Minor)]
    [InlineData("1.2.3", "1.2.4", VersionJump.Patch)]
    [InlineData("1.2", "1.2.0.1", VersionJump.Patch)]
    [InlineData("2.0.0-rc.1", "2.0.0", VersionJump.Patch)]
    [InlineData("1.2.3", "1.2.3+build", VersionJump.Same)]
    [InlineData("2.0.0", "1.9.9", VersionJump.Back)]
    [InlineData("v1.2.3", "V2.0", VersionJump.Major)]
    [InlineData(null, "1.0", VersionJump.New)]
    [InlineData("1.0", null, VersionJump.Away)]
    [InlineData("today", "tomorrow", VersionJump.Unclear)]
    [InlineData("1.0", "tomorrow", VersionJump.Unclear)]
    [InlineData("3.1.1w", "3.1.2", VersionJump.Unclear)]
    public void A_change_of_version_is_as_big_as_the_first_number_that_differs(string? from, string? to, VersionJump jump) => Assert.Equal(jump, new VersionChange("a", from, to).Jump);

    [Theory]
    [InlineData("openssl 3.5.8 -> 3.5.9", "openssl", "3.5.8", "3.5.9")]
    [InlineData("openssl 3.5.8→3.5.9", "openssl", "3.5.8", "3.5.9")]
    [InlineData("the big library 1 -> 2", "the big library", "1", "2")]
    [InlineData("openssl -> 3.5.9", "openssl", null, "3.5.9")]
    [InlineData("openssl 3.5.8 ->", "openssl", "3.5.8", null)]
    [InlineData("openssl", null, null, null)]
    [InlineData("openssl ->", null, null, null)]
    [InlineData("-> 3.5.9", null, null, null)]
    [InlineData("a 1 -> 2 -> 3", null, null, null)]
    [InlineData("", null, null, null)]
    public void A_line_names_a_component_and_its_versions(string line, string? component, string? from, string? to)
    {
        var change = VersionChange.Parse(line);
        Assert.Equal((component, from, to), (change?.Component, change?.From, change?.To));
        Assert.True(change is null || VersionChange.Parse(change.ToString()) == change);
    }

    private static ApprovalStanding Of(int quorum, string events, int minute, string? artifact = null) => ApprovalStanding.Of(new PatchCase(Request(quorum, artifact), Events(events)), Plan, Start.AddMinutes(minute));

    private static Person Person(string id, params string[] roles) => new(id, id, null, null, roles, [], null);
}
