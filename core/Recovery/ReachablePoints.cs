using Maintenance.Backups.Retention;

namespace Maintenance.Recovery;

/// <summary>Why a snapshot is not offered as a recovery point.</summary>
public enum PointObstacle
{
    /// <summary>A verification found that a part of it is lost.</summary>
    Damaged,

    /// <summary>Nobody has shown that it can be restored.</summary>
    Unproven,

    /// <summary>The records do not say which instant it holds.</summary>
    Undated,

    /// <summary>The copy that would be restored from does not have it.</summary>
    Elsewhere,
}

/// <summary>A snapshot that a recovery might restore.</summary>
/// <param name="Snapshot">Its id.</param>
/// <param name="RecoveryPoint">When its reading began (UTC); null where nobody knows.</param>
/// <param name="UsableFrom">When it was whole and proven (UTC); null where nobody noted it.</param>
/// <param name="Health">What is known of its contents.</param>
/// <param name="IsThere">False where the copy that would be restored from does not have it.</param>
public sealed record PointCandidate(string Snapshot, DateTimeOffset? RecoveryPoint, DateTimeOffset? UsableFrom, SnapshotHealth Health, bool IsThere = true)
{
    /// <summary>Why it is not offered; null where it is.</summary>
    public PointObstacle? Obstacle =>
        Health == SnapshotHealth.Corrupt ? PointObstacle.Damaged
            : Health != SnapshotHealth.Proven ? PointObstacle.Unproven
            : RecoveryPoint is null ? PointObstacle.Undated
            : IsThere ? null
            : PointObstacle.Elsewhere;
}

/// <summary>What a backup policy has to offer.</summary>
/// <param name="Policy">The id of the policy.</param>
/// <param name="Offered">How many of its snapshots could be restored.</param>
/// <param name="Damaged">How many are damaged.</param>
/// <param name="Unproven">How many nobody has proven.</param>
/// <param name="Undated">How many are proven, and of an unknown instant.</param>
/// <param name="Elsewhere">How many are proven, and missing from the copy.</param>
public sealed record PolicyPoints(string Policy, int Offered, int Damaged, int Unproven, int Undated, int Elsewhere)
{
    /// <summary>How many are not offered.</summary>
    public int Withheld => Damaged + Unproven + Undated + Elsewhere;
}

/// <summary>A state that a recovery can bring back. Asked for as its point in time, it restores exactly these snapshots.</summary>
/// <param name="At">The point in time (UTC): the newest of the recovery points of its snapshots.</param>
/// <param name="Sources">What each restore step would restore, by the id of the step.</param>
/// <param name="Oldest">The oldest of the recovery points (UTC): what was written since is lost in part at least.</param>
/// <param name="Loss">How long before now that is: the data loss of a service that is lost now.</param>
/// <param name="IsWithinObjective">True where the loss keeps the RPO; reached exactly is kept.</param>
public sealed record ReachablePoint(DateTimeOffset At, IReadOnlyDictionary<string, RecoverySource> Sources, DateTimeOffset Oldest, TimeSpan Loss, bool IsWithinObjective);

/// <summary>The points in time that a strategy can bring back.</summary>
/// <param name="Strategy">The id of the strategy.</param>
/// <param name="Copy">The copy that would be restored from; null for the repository itself.</param>
/// <param name="Now">As of when (UTC).</param>
/// <param name="RecoveryPoint">The RPO of the service.</param>
/// <param name="Points">The points, newest first.</param>
/// <param name="Older">How many more there are, older than these.</param>
/// <param name="Policies">What each backup that the strategy restores has to offer, in the order of the steps; none where it restores nothing.</param>
public sealed record PointListing(
    string Strategy, string? Copy, DateTimeOffset Now, TimeSpan RecoveryPoint, IReadOnlyList<ReachablePoint> Points, int Older, IReadOnlyList<PolicyPoints> Policies);

/// <summary>
/// Which points in time a strategy can bring back, as one list for all the backups that it restores. A point is reachable where every one of them has a proven snapshot
/// at or before it. Pure.
/// </summary>
public static class ReachablePoints
{
    /// <summary>The points.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="candidates">The snapshots of each backup policy that its steps restore, by the id of the policy; one that is left out has none.</param>
    /// <param name="objective">The RPO of the service.</param>
    /// <param name="now">As of when (UTC).</param>
    /// <param name="take">At most so many points, from 1.</param>
    /// <param name="before">Only points older than this instant (UTC); null for all.</param>
    /// <param name="copy">The copy that would be restored from, or null.</param>
    public static PointListing Of(
        RecoveryStrategy strategy, IReadOnlyDictionary<string, IReadOnlyList<PointCandidate>> candidates, TimeSpan objective, DateTimeOffset now, int take, DateTimeOffset? before = null, string? copy = null)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        var policies = PoliciesOf(strategy);
        var offered = policies.ToDictionary(
            static policy => policy,
            policy => (IReadOnlyList<PointCandidate>)[.. candidates.GetValueOrDefault(policy, []).Where(static one => one.Obstacle is null).OrderByDescending(static one => one.RecoveryPoint).ThenByDescending(static one => one.Snapshot, StringComparer.Ordinal)],
            StringComparer.Ordinal);

        // Before the oldest snapshot of any of the backups nothing is whole.
        var instants = policies.Count == 0 || offered.Values.Any(static list => list.Count == 0)
            ? []
            : offered.Values.SelectMany(static list => list).Select(static one => one.RecoveryPoint!.Value).Distinct()
                .Where(at => (before is null || at < before) && offered.Values.All(list => list[^1].RecoveryPoint <= at))
                .OrderDescending().ToList();
        return new PointListing(
            strategy.Id,
            copy,
            now,
            objective,
            [.. instants.Take(take).Select(at => Point(strategy, offered, at, objective, now))],
            Math.Max(0, instants.Count - take),
            [.. policies.Select(policy => Count(policy, candidates.GetValueOrDefault(policy, [])))]);
    }

    /// <summary>The ids of the policies that a strategy restores, each once, in the order of its steps.</summary>
    public static IReadOnlyList<string> PoliciesOf(RecoveryStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return [.. strategy.Steps.Select(static step => step.Restore?.Backup).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    private static ReachablePoint Point(RecoveryStrategy strategy, Dictionary<string, IReadOnlyList<PointCandidate>> offered, DateTimeOffset at, TimeSpan objective, DateTimeOffset now)
    {
        var chosen = offered.ToDictionary(static policy => policy.Key, policy => policy.Value.First(one => one.RecoveryPoint <= at), StringComparer.Ordinal);
        var oldest = chosen.Values.Min(static one => one.RecoveryPoint!.Value);
        var loss = RecoveryMeasures.Least(now - oldest);
        return new ReachablePoint(
            at,
            strategy.Steps.Where(static step => step.Restore is not null).ToDictionary(
                static step => step.Id,
                step => Source(chosen[step.Restore!.Backup]),
                StringComparer.Ordinal),
            oldest,
            loss,
            loss <= objective);
    }

    private static RecoverySource Source(PointCandidate one) => new(one.Snapshot, one.RecoveryPoint!.Value, one.UsableFrom);

    private static PolicyPoints Count(string policy, IReadOnlyList<PointCandidate> candidates)
    {
        var obstacles = candidates.ToLookup(static one => one.Obstacle);
        return new PolicyPoints(
            policy,
            obstacles[null].Count(),
            obstacles[PointObstacle.Damaged].Count(),
            obstacles[PointObstacle.Unproven].Count(),
            obstacles[PointObstacle.Undated].Count(),
            obstacles[PointObstacle.Elsewhere].Count());
    }
}
