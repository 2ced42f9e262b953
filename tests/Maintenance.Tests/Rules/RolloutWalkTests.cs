using FsCheck.Fluent;
using Maintenance.Rollouts;

namespace Maintenance.Tests.Rules;

/// <summary>Rollouts of random rings, windows, outcomes and decisions: what <see cref="RolloutWalk"/> looks for at each step never happens.</summary>
public sealed class RolloutWalkTests
{
    [Fact]
    public void A_rollout_always_ends_and_never_does_what_it_must_not() =>
        Law.Holds(Gen.Choose(0, int.MaxValue - 1), 600, static seed => new RolloutWalk(seed).Go());

    [Fact]
    public void The_walks_come_to_every_end_apply_much_and_see_rollbacks_and_rings_put_off()
    {
        var walks = Enumerable.Range(0, 300).Select(static seed => new RolloutWalk(seed)).ToList();
        walks.ForEach(static walk => walk.Go());

        Assert.Equal([RolloutState.Completed, RolloutState.RolledBack, RolloutState.Aborted], walks.Select(static walk => walk.Run.State).Distinct().Order());
        Assert.All(Enum.GetValues<RolloutState>().Where(static state => state >= RolloutState.Completed), state => Assert.True(walks.Count(walk => walk.Run.State == state) > 10));
        Assert.True(walks.Sum(static walk => walk.Applies) > 300);
        var lines = walks.SelectMany(static walk => walk.Run.Timeline.Select(static entry => entry.What)).ToList();
        foreach (var seen in new[] { "scheduled for", "no window of", "its time has passed unused", "the backups took the whole window", "Its window was over before", "a probe failed", "could not be applied", "no proven backup", "could not be rolled back", "Paused", "Resumed", "Once more", "it is watched for" })
        {
            Assert.True(lines.Exists(line => line.Contains(seen, StringComparison.Ordinal)), $"No walk sees '{seen}'.");
        }
    }
}
