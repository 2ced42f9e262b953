using FsCheck;
using FsCheck.Fluent;
using Maintenance.Backups;
using Maintenance.Backups.Retention;
using Maintenance.Recovery;

namespace Maintenance.Tests.Rules;

/// <summary>Which points in time a strategy can bring back.</summary>
public sealed class ReachablePointsTests
{
    private static readonly DateTimeOffset Now = RecoveryStory.Start;
    private static readonly TimeSpan Objective = TimeSpan.FromHours(1);

    [Fact]
    public void Of_one_backup_every_proven_snapshot_is_a_point_newest_first_with_what_would_be_lost()
    {
        var listing = Of(Restores("a"), [("a", [One("a1", 180), One("a2", 60), One("a3", 30)])]);
        Assert.Equal([30.0, 60.0, 180.0], listing.Points.Select(static point => point.Loss.TotalMinutes));
        Assert.Equal(["a3", "a2", "a1"], listing.Points.Select(static point => point.Sources["r0"].Snapshot));
        Assert.Equal([true, true, false], listing.Points.Select(static point => point.IsWithinObjective));
        Assert.Equal((Now.AddMinutes(-30), Now.AddMinutes(-20)), (listing.Points[0].At, listing.Points[0].Sources["r0"].UsableFrom));
        Assert.Equal(0, listing.Older);
    }

    [Fact]
    public void Damaged_unproven_undated_and_missing_ones_are_counted_and_not_offered()
    {
        var listing = Of(Restores("a"),
        [
            ("a",
            [
                One("good", 60), One("rotten", 50) with { Health = SnapshotHealth.Corrupt }, One("untried", 40) with { Health = SnapshotHealth.Unproven }, One("undated", 30) with { RecoveryPoint = null },
                One("elsewhere", 20) with { IsThere = false }, One("rotten and elsewhere", 10) with { Health = SnapshotHealth.Corrupt, IsThere = false },
            ]),
        ]);
        Assert.Equal("good", Assert.Single(listing.Points).Sources["r0"].Snapshot);
        Assert.Equal(new PolicyPoints("a", 1, 2, 1, 1, 1), Assert.Single(listing.Policies));
        Assert.Equal(5, listing.Policies[0].Withheld);
    }

    [Fact]
    public void Of_several_backups_a_point_is_where_each_has_a_snapshot_at_or_before_it_and_loses_since_the_oldest_of_them()
    {
        var listing = Of(Restores("a", "b"), [("a", [One("a1", 100), One("a2", 40)]), ("b", [One("b0", 300), One("b1", 60), One("b2", 10)])]);
        Assert.Equal(["a2 b2", "a2 b1", "a1 b1", "a1 b0"], listing.Points.Select(static point => $"{point.Sources["r0"].Snapshot} {point.Sources["r1"].Snapshot}"));
        Assert.Equal([40.0, 60.0, 100.0, 300.0], listing.Points.Select(static point => point.Loss.TotalMinutes));
        Assert.Equal([10.0, 40.0, 60.0, 100.0], listing.Points.Select(static point => (Now - point.At).TotalMinutes));
    }

    [Fact]
    public void Where_one_backup_has_nothing_no_point_is_reachable_and_the_other_is_counted_all_the_same()
    {
        var listing = Of(Restores("a", "b"), [("a", [One("a1", 100)]), ("b", [One("b1", 50) with { Health = SnapshotHealth.Corrupt }])]);
        Assert.Empty(listing.Points);
        Assert.Equal([("a", 1, 0), ("b", 0, 1)], listing.Policies.Select(static policy => (policy.Policy, policy.Offered, policy.Withheld)));
        Assert.Empty(Of(Restores("a"), []).Points);
        Assert.Equal(("a", 0), Of(Restores("a"), []).Policies.Select(static policy => (policy.Policy, policy.Offered)).Single());
    }

    [Fact]
    public void Two_steps_of_one_backup_get_the_same_snapshot_and_a_strategy_without_restores_has_no_points()
    {
        var point = Assert.Single(Of(Restores("a", "a"), [("a", [One("a1", 10)])]).Points);
        Assert.Equal(["a1", "a1"], point.Sources.Values.Select(static source => source.Snapshot));
        var none = Of(new RecoveryStrategy("s", "register", "", [RecoveryStory.Step("call", RecoveryStepKind.Manual)], 1, TimeSpan.Zero, []), []);
        Assert.Equal((0, 0, 0), (none.Points.Count, none.Policies.Count, none.Older));
    }

    [Fact]
    public void The_list_is_bounded_and_goes_on_before_an_instant()
    {
        var many = ("a", (IReadOnlyList<PointCandidate>)[.. Enumerable.Range(1, 7).Select(static i => One($"a{i}", i * 10))]);
        var first = Of(Restores("a"), [many], 3);
        Assert.Equal("a1 a2 a3, 4 older", Told(first));
        var second = Of(Restores("a"), [many], 3, first.Points[^1].At);
        Assert.Equal("a4 a5 a6, 1 older", Told(second));
        Assert.Equal("a7, 0 older", Told(Of(Restores("a"), [many], 3, second.Points[^1].At)));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => Of(Restores("a"), [many], 0));

        static string Told(PointListing listing) => $"{string.Join(' ', listing.Points.Select(static point => point.Sources["r0"].Snapshot))}, {listing.Older} older";
    }

    /// <summary>What is shown is what a recovery that asks for it would restore, and nothing that it could is left out.</summary>
    [Fact]
    public void Each_point_asked_for_gives_what_it_shows_and_just_before_the_oldest_there_is_nothing() => Law.Holds(Cases, 1500, static policies =>
    {
        var strategy = Restores([.. policies.Select(static policy => policy.Policy)]);
        var listing = Of(strategy, policies, int.MaxValue);
        foreach (var point in listing.Points)
        {
            foreach (var (step, source) in point.Sources)
            {
                Assert.Equal(Chosen(policies, strategy.Steps.First(one => one.Id == step).Restore!.Backup, point.At), source.Snapshot);
            }

            Assert.Equal(point.Sources.Values.Max(static source => source.RecoveryPoint), point.At);
            Assert.Equal(point.Sources.Values.Min(static source => source.RecoveryPoint), point.Oldest);
        }

        // Any instant at all: either the newest point at or before it restores the same, or nothing serves it.
        for (var minute = 0; minute <= 130; minute += 7)
        {
            var at = Now.AddMinutes(-minute);
            var shown = listing.Points.FirstOrDefault(point => point.At <= at);
            foreach (var (policy, step) in strategy.Steps.Select(static step => (step.Restore!.Backup, step.Id)))
            {
                if (shown is not null)
                {
                    Assert.Equal(Chosen(policies, policy, at), shown.Sources[step].Snapshot);
                }
            }

            Assert.Equal(shown is null, strategy.Steps.Any(step => Chosen(policies, step.Restore!.Backup, at) is null));
        }
    });

    private static Gen<(string Policy, IReadOnlyList<PointCandidate> Candidates)[]> Cases =>
        from count in Gen.Choose(1, 3)
        from policies in Gen.ArrayOf(Candidates, count)
        select policies.Select(static (candidates, at) => ($"p{at}", candidates)).ToArray();

    private static Gen<IReadOnlyList<PointCandidate>> Candidates =>
        from count in Gen.Choose(0, 6)
        from minutes in Gen.ArrayOf(Gen.Choose(0, 120), count)
        from health in Gen.ArrayOf(Gen.Frequency((5, Gen.Constant(SnapshotHealth.Proven)), (1, Gen.Constant(SnapshotHealth.Unproven)), (1, Gen.Constant(SnapshotHealth.Corrupt))), count)
        from there in Gen.ArrayOf(Gen.Frequency((6, Gen.Constant(true)), (1, Gen.Constant(false))), count)
        select (IReadOnlyList<PointCandidate>)[.. Enumerable.Range(0, count).Select(i => One($"s{i}", minutes[i]) with { Health = health[i], IsThere = there[i] })];

    private static string? Chosen((string Policy, IReadOnlyList<PointCandidate> Candidates)[] policies, string policy, DateTimeOffset at)
    {
        var proven = policies.First(one => one.Policy == policy).Candidates.Where(static one => one is { Health: SnapshotHealth.Proven, IsThere: true }).Select(static one => (one.Snapshot, one.RecoveryPoint!.Value)).ToList();
        try
        {
            return RecoveryPoints.Choose(policy, proven, at);
        }
        catch (NoRecoveryPointException)
        {
            return null;
        }
    }

    private static PointListing Of(RecoveryStrategy strategy, (string Policy, IReadOnlyList<PointCandidate> Candidates)[] policies, int take = 50, DateTimeOffset? before = null) =>
        ReachablePoints.Of(strategy, policies.ToDictionary(static one => one.Policy, static one => one.Candidates, StringComparer.Ordinal), Objective, Now, take, before);

    private static PointCandidate One(string id, int minutesAgo) => new(id, Now.AddMinutes(-minutesAgo), Now.AddMinutes(10 - minutesAgo), SnapshotHealth.Proven);

    private static RecoveryStrategy Restores(params string[] policies) => new(
        "s", "register", "", [.. policies.Select(static (policy, at) => RecoveryStory.Step($"r{at}", RecoveryStepKind.Restore) with { Restore = new RestoreStep(policy, null, null) })], 1, TimeSpan.Zero, []);
}
