using Maintenance.Backups;
using Maintenance.Plan;

namespace Maintenance.Recovery;

/// <summary>Answers which points in time a strategy can bring back.</summary>
public sealed class RecoveryPointService(RetentionService retention, BackupRepositories repositories, ActivePlan plan, TimeProvider time)
{
    /// <summary>The points, newest first.</summary>
    /// <param name="strategyId">The strategy.</param>
    /// <param name="copy">The copy to restore from; null for the repository itself.</param>
    /// <param name="take">At most so many, from 1.</param>
    /// <param name="before">Only points older than this instant (UTC); null for all.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="KeyNotFoundException">The plan has no such strategy or copy.</exception>
    public async Task<PointListing> ListAsync(string strategyId, string? copy, int take, DateTimeOffset? before, CancellationToken cancellation)
    {
        var current = plan.Current;
        var strategy = current.Recovery.Find(strategyId)
            ?? throw new KeyNotFoundException($"The plan has no recovery strategy '{strategyId}'. {Nearest.Hint(strategyId, current.Recovery.Strategies.Select(static one => one.Id))}".TrimEnd());
        if (copy is not null && current.Repository.FindCopy(copy) is null)
        {
            throw new KeyNotFoundException($"The plan has no copy '{copy}' of the repository. {Nearest.Hint(copy, current.Repository.Copies.Select(static one => one.Id))}".TrimEnd());
        }

        var candidates = new Dictionary<string, IReadOnlyList<PointCandidate>>(StringComparer.Ordinal);
        foreach (var policy in ReachablePoints.PoliciesOf(strategy))
        {
            var there = copy is null ? null : (await (await repositories.OpenAsync(copy, cancellation)).ListAsync(policy, cancellation)).ToHashSet(StringComparer.Ordinal);
            candidates[policy] =
            [
                .. (await retention.ListAsync(policy, cancellation))
                    .Select(line => new PointCandidate(line.Id, line.Run?.RecoveryPoint, line.Run?.ProvenAt ?? line.Run?.EndedAt, line.Health, there?.Contains(line.Id) ?? true)),
            ];
        }

        return ReachablePoints.Of(strategy, candidates, current.FindService(strategy.Service)!.RecoveryPoint, time.GetUtcNow(), take, before, copy);
    }

    /// <summary>The ids of the copies that have every backup that a strategy restores: those that it could be restored from instead.</summary>
    public static IReadOnlyList<string> CopiesOf(OperationsPlan plan, RecoveryStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var policies = ReachablePoints.PoliciesOf(strategy);
        return policies.Count == 0 ? [] : [.. plan.Repository.Copies.Select(static copy => copy.Id).Where(copy => policies.All(policy => plan.Backups.FirstOrDefault(one => one.Id == policy)?.Copies.Contains(copy) == true))];
    }
}
