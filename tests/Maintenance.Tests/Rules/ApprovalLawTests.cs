using FsCheck;
using FsCheck.Fluent;
using Maintenance.Patches;
using Maintenance.Tests.Rules.Oracles;
using static Maintenance.Tests.Rules.ApprovalStory;

namespace Maintenance.Tests.Rules;

/// <summary>What holds for every history: random ones, with revisions, withdrawals, repetitions, late votes and several events of one instant.</summary>
public sealed class ApprovalLawTests
{
    [Fact]
    public void Every_history_comes_to_what_the_definition_says() => Law.Holds(Cases, 4000, static one =>
    {
        var definition = new ApprovalByDefinition(one.Terms, one.Events);
        var replay = Approval.Replay(one.Terms, one.Events, one.Now);
        Assert.Equal(definition.Effects, replay.Events.Select(static told => told.Effect));
        Assert.Equal(definition.DecisionAt(one.Now), replay.Decision is { } decision ? (decision.Outcome, decision.At) : null);
        Assert.Equal(definition.Artifact, replay.Artifact);
        Assert.Equal(definition.Votes.OrderBy(static vote => vote.Key), replay.Votes.ToDictionary(static vote => vote.Person, static vote => vote.Choice).OrderBy(static vote => vote.Key));
    });

    [Fact]
    public void Events_of_different_instants_may_be_listed_in_any_order() => Law.Holds(
        from one in Cases
        let distinct = one.Events.DistinctBy(static told => told.At).ToArray()
        from shuffled in Gen.Shuffle(distinct)
        select (one, distinct, shuffled),
        1000,
        static given => Assert.Equal(
            MaintenanceJson.Write(Approval.Replay(given.one.Terms, given.distinct, given.one.Now)), MaintenanceJson.Write(Approval.Replay(given.one.Terms, given.shuffled, given.one.Now))));

    [Fact]
    public void A_repetition_anywhere_later_changes_nothing() => Law.Holds(
        from one in Cases
        where one.Events.Length > 0
        from which in Gen.Choose(0, one.Events.Length - 1)
        from minutes in Gen.Choose(0, 400)
        select (one, Again: one.Events[which] with { At = one.Events[which].At.AddMinutes(minutes) }),
        1500,
        static given =>
        {
            var once = Approval.Replay(given.one.Terms, given.one.Events, given.one.Now);
            var twice = Approval.Replay(given.one.Terms, [.. given.one.Events, given.Again], given.one.Now);
            Assert.Equal((once.Decision, once.Artifact), (twice.Decision, twice.Artifact));
            Assert.Equal(once.Votes, twice.Votes);
            Assert.Equal(ApprovalEffect.Repeated, twice.Events.Single(told => ReferenceEquals(told.Event, given.Again)).Effect);
        });

    [Fact]
    public void A_later_expiry_changes_no_decision_that_an_event_made_and_later_events_and_the_passing_of_time_change_none() => Law.Holds(
        from one in Cases
        from minutes in Gen.Choose(1, 400)
        from until in Gen.Choose(0, 900)
        select (one, Later: one.Terms with { ExpiresAt = one.Terms.ExpiresAt.AddMinutes(minutes) }, Until: Start.AddMinutes(until)),
        2000,
        static given =>
        {
            var (terms, events, now) = (given.one.Terms, given.one.Events, given.one.Now);
            var decision = Approval.Replay(terms, events, now).Decision;
            if (decision is not null && decision.At < terms.ExpiresAt)
            {
                Assert.Equal(decision, Approval.Replay(given.Later, events, now).Decision);
            }

            // What is decided by the votes until an instant stays decided, whatever comes afterwards.
            if (Approval.Replay(terms, [.. events.Where(told => told.At <= given.Until)], given.Until).Decision is { } early)
            {
                Assert.Equal(early, Approval.Replay(terms, events, given.Until.AddDays(1)).Decision);
            }
        });

    [Fact]
    public void Where_votes_are_counted_at_the_expiry_a_later_one_changes_nothing_unless_something_was_done_in_between() => Law.Holds(
        from one in Cases
        from minutes in Gen.Choose(1, 400)
        select (one.Terms with { Decides = DecisionMoment.AtExpiry }, Events: one.Events.Where(static told => told.At < Expiry).ToArray(), minutes),
        1000,
        static given =>
        {
            var later = given.Item1 with { ExpiresAt = Expiry.AddMinutes(given.minutes) };
            Assert.Equal(
                Approval.Replay(given.Item1, given.Events, Expiry).Decision!.Outcome, Approval.Replay(later, given.Events, later.ExpiresAt).Decision!.Outcome);
        });

    [Fact]
    public void Where_votes_are_counted_at_the_expiry_who_voted_before_whom_leaves_no_trace() => Law.Holds(
        from one in Cases
        let votes = one.Events.Where(static told => told.Kind == ApprovalEventKind.Vote && told.At < Expiry).DistinctBy(static told => told.At).ToArray()
        from order in Gen.Shuffle(votes.Select(static told => told.Person).ToArray())
        select (Terms: one.Terms with { Decides = DecisionMoment.AtExpiry, Artifact = null }, Votes: votes, Order: order),
        1500,
        static given =>
        {
            // Each person's own votes stay in their order; whose turn it is when, is another.
            var own = given.Votes.GroupBy(static told => told.Person).ToDictionary(static person => person.Key, static person => new Queue<ApprovalEvent>(person.OrderBy(static told => told.At)));
            var instants = given.Votes.Select(static told => told.At).Order().ToList();
            var other = given.Order.Select((person, i) => own[person].Dequeue() with { At = instants[i] }).ToList();
            Assert.Equal(Approval.Replay(given.Terms, given.Votes, Expiry).Decision, Approval.Replay(given.Terms, other, Expiry).Decision);
        });

    [Fact]
    public void From_the_expiry_on_there_is_always_a_decision_and_before_it_none_is_expired() => Law.Holds(Cases, 1000, static one =>
    {
        var decision = Approval.Replay(one.Terms, one.Events, one.Now).Decision;
        Assert.True(one.Now < Expiry || decision is not null);
        Assert.True(one.Now >= Expiry || decision?.Outcome != ApprovalOutcome.Expired);
        Assert.True(decision is null || decision.At <= Expiry);
    });

    [Fact]
    public void No_event_list_makes_it_throw() => Law.Holds(
        from one in Cases
        from quorum in Gen.Choose(-3, 9)
        from rejections in Gen.Choose(-3, 9)
        from early in Gen.Elements(Start.AddDays(-1), Expiry)
        from strange in Gen.ArrayOf(from told in Gen.Elements(one.Events.Length > 0 ? one.Events : Events("ann:cab:+:1")) from kind in Gen.Choose(-1, 4) select told with { Kind = (ApprovalEventKind)kind, Choice = (VoteChoice)kind }, 3)
        select (one.Terms with { Quorum = quorum, Rejections = rejections, ExpiresAt = early }, Events: (ApprovalEvent[])[.. one.Events, .. strange], one.Now),
        1000,
        static given => Assert.Equal(given.Events.Length, Approval.Replay(given.Item1, given.Events, given.Now).Events.Count));

    internal sealed record Case(ApprovalTerms Terms, ApprovalEvent[] Events, DateTimeOffset Now)
    {
        public override string ToString() =>
            $"{Terms.Quorum} of, {Terms.Rejections} against, {Terms.Decides}, without {string.Join(',', Terms.Excluded)}, {Terms.Artifact}; now {(Now - Start).TotalMinutes}: {string.Join(' ', Events.Select(Words))}";

        private static string Words(ApprovalEvent told) =>
            $"{told.Person}:{string.Join(',', told.Roles)}:{told.Kind}:{told.Choice}:{(told.At - Start).TotalMinutes}:{told.Artifact}:{told.Id}";
    }

    internal static Gen<Case> Cases =>
        from quorum in Gen.Frequency((20, Gen.Choose(1, 3)), (1, Gen.Constant(0)))
        from rejections in Gen.Choose(1, 2)
        from decides in Gen.Elements(DecisionMoment.FirstToReach, DecisionMoment.AtExpiry)
        from excluded in Gen.Elements<string[]>([], ["req"], ["imp"], ["req", "imp"], ["eve"])
        from artifact in Gen.Elements(null, A)
        from now in Gen.Choose(0, 900)
        from count in Gen.Choose(0, 12)
        from events in Gen.ArrayOf(Event(artifact), count)
        select new Case(Terms(quorum, rejections, decides, artifact) with { Excluded = excluded }, events, Start.AddMinutes(now));

    private static Gen<ApprovalEvent> Event(string? artifact) =>
        from kind in Gen.Frequency((12, Gen.Constant(ApprovalEventKind.Vote)), (2, Gen.Constant(ApprovalEventKind.Revise)), (1, Gen.Constant(ApprovalEventKind.Withdraw)))
        from person in kind == ApprovalEventKind.Vote ? Gen.Elements("ann", "bob", "cid", "eve", "req", "imp") : Gen.Elements("req", "imp", "ann", "req")
        from roles in Gen.Frequency((6, Gen.Elements("cab", "owner", "staff,owner")), (1, Gen.Elements("staff", "")))
        from choice in Gen.Frequency((3, Gen.Constant(VoteChoice.Approve)), (1, Gen.Constant(VoteChoice.Reject)))
        from minute in Gen.OneOf(Gen.Choose(0, 700), Gen.Elements(10, 20, 30, 599, 600, 601))
        from seen in Gen.Frequency((6, Gen.Constant(artifact)), (2, Gen.Constant<string?>(B)), (1, Gen.Elements(null, A)))
        from id in Gen.OneOf(Gen.Choose(0, 1_000_000), Gen.Choose(0, 3))
        select new ApprovalEvent(
            $"#{id}", Start.AddMinutes(minute), person, Roles(roles), kind, kind == ApprovalEventKind.Vote ? choice : null, choice == VoteChoice.Reject ? "No." : null, seen);
}
