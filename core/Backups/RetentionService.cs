using Maintenance.Backups.Repository;
using Maintenance.Backups.Retention;
using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Backups;

/// <summary>Applies the retention rules, and keeps the holds.</summary>
public sealed class RetentionService(IRecordStore records, BackupRepositories repositories, ActivePlan plan, TimeProvider time)
{
    /// <summary>Rules keep most snapshots of about so long a time.</summary>
    private static readonly TimeSpan Dense = TimeSpan.FromDays(7);

    /// <summary>What the rules would keep and drop now.</summary>
    /// <exception cref="KeyNotFoundException">The plan has no such policy.</exception>
    public async Task<RetentionDecision> DecideAsync(string policyId, CancellationToken cancellation) => (await ReviewAsync(policyId, cancellation)).Decision;

    /// <summary>The snapshots of a policy that are there, newest first, with what is known of each and why it is kept.</summary>
    /// <exception cref="KeyNotFoundException">The plan has no such policy.</exception>
    public async Task<IReadOnlyList<SnapshotLine>> ListAsync(string policyId, CancellationToken cancellation) => (await ReviewAsync(policyId, cancellation)).Snapshots;

    /// <summary>Both, from one look.</summary>
    /// <exception cref="KeyNotFoundException">The plan has no such policy.</exception>
    public async Task<RetentionReview> ReviewAsync(string policyId, CancellationToken cancellation)
    {
        var policy = Policy(policyId);
        var candidates = await CandidatesAsync(policy, cancellation);
        var decision = Retention.Retention.Decide([.. candidates.Select(static line => line.Snapshot)], policy.Retention, plan.Current.System.TimeZone, time.GetUtcNow(), policy.ImmutableFor);
        var kept = decision.Kept.ToDictionary(static one => one.Id, static one => one.Reasons.Select(static reason => reason.Text).ToList(), StringComparer.Ordinal);
        IReadOnlyList<SnapshotLine> lines = [.. candidates
            .OrderByDescending(static line => line.Snapshot.At).ThenByDescending(static line => line.Snapshot.Id, StringComparer.Ordinal)
            .Select(line => new SnapshotLine(line.Snapshot.Id, line.Run, line.Hold, line.Snapshot.Health, kept.GetValueOrDefault(line.Snapshot.Id) ?? []))];
        return new RetentionReview(lines, decision);
    }

    /// <summary>Drops what the rules let go, from the repository and from its copies. Their contents go with the prunes.</summary>
    /// <exception cref="KeyNotFoundException">The plan has no such policy.</exception>
    public async Task<RetentionReport> ApplyAsync(string policyId, CancellationToken cancellation)
    {
        var policy = Policy(policyId);
        var decision = await DecideAsync(policyId, cancellation);
        var problems = new List<string>();
        var dropped = new List<string>();
        var repository = await repositories.OpenAsync(cancellation);
        foreach (var one in decision.Dropped)
        {
            // The record says so first: a manifest that is gone without a word of it would look like damage.
            await MarkAsync(policyId, one.Id, time.GetUtcNow(), cancellation);
            if (await TryDropAsync(repository, one.Id, "the repository", problems, cancellation))
            {
                dropped.Add(one.Id);
            }
            else
            {
                await MarkAsync(policyId, one.Id, null, cancellation);
            }
        }

        await DropFromCopiesAsync(policy, repository, problems, cancellation);
        return new RetentionReport(policyId, decision.Kept.Count, [.. dropped.Take(100)], dropped.Count, HistoryText.First(problems, problems.Count));
    }

    /// <summary>Holds a snapshot: nobody drops it until it is released, or the hold ends.</summary>
    /// <returns>False where it is held already; that hold stays. One that has ended is replaced.</returns>
    /// <exception cref="KeyNotFoundException">There is no such snapshot.</exception>
    public async Task<bool> HoldAsync(SnapshotHold hold, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(hold);
        var policy = await RequireAsync(hold.Snapshot, cancellation);
        var isPlaced = false;
        _ = await records.ChangeAsync<SnapshotHold>(
            Tables.Backups,
            policy,
            HoldRow(hold.Snapshot),
            current =>
            {
                isPlaced = current is null || !IsInForce(current);
                return isPlaced ? hold : null;
            },
            cancellation);
        return isPlaced;
    }

    /// <summary>The policy of a snapshot that is there.</summary>
    /// <exception cref="KeyNotFoundException">There is no such snapshot.</exception>
    public async Task<string> RequireAsync(string snapshot, CancellationToken cancellation)
    {
        var repository = await repositories.OpenAsync(cancellation);
        return Snapshot.PolicyOf(snapshot) is { } policy && (await repository.ListAsync(policy, cancellation)).Contains(snapshot)
            ? policy
            : throw new KeyNotFoundException($"There is no snapshot '{snapshot}'.");
    }

    /// <summary>Releases a snapshot.</summary>
    /// <returns>False where it was not held.</returns>
    public async Task<bool> ReleaseAsync(string snapshot, CancellationToken cancellation)
    {
        if (Snapshot.PolicyOf(snapshot) is not { } policy || await records.GetAsync(Tables.Backups, policy, HoldRow(snapshot), cancellation) is not { } row)
        {
            return false;
        }

        await records.WriteAsync(Tables.Backups, policy, RecordWrite.Delete(row.RowKey), cancellation);
        return true;
    }

    /// <summary>Why a snapshot is held; null where it is not, or the hold has ended.</summary>
    public async Task<SnapshotHold?> FindHoldAsync(string snapshot, CancellationToken cancellation) =>
        Snapshot.PolicyOf(snapshot) is { } policy
        && (await records.FindAsync<SnapshotHold>(Tables.Backups, policy, HoldRow(snapshot), cancellation))?.Value is { } hold && IsInForce(hold)
            ? hold
            : null;

    private async Task<IReadOnlyList<KnownSnapshot>> CandidatesAsync(BackupPolicy policy, CancellationToken cancellation)
    {
        var repository = await repositories.OpenAsync(cancellation);
        var ids = await repository.ListAsync(policy.Id, cancellation);
        var runs = await RunsOfAsync(policy.Id, ids, cancellation);
        var holds = new Dictionary<string, SnapshotHold>(StringComparer.Ordinal);
        await foreach (var hold in records.ListAsync<SnapshotHold>(Tables.Backups, policy.Id, RowRange.Prefix("hold_"), cancellation))
        {
            if (IsInForce(hold.Value))
            {
                holds[hold.Value.Snapshot] = hold.Value;
            }
        }

        var candidates = new List<KnownSnapshot>();
        foreach (var id in ids)
        {
            candidates.Add(BackupPlanning.Candidate(id, policy, runs.GetValueOrDefault(id), holds.GetValueOrDefault(id)));
        }

        return candidates;
    }

    /// <summary>
    /// The runs of snapshots that are there. Of years of runs few have a snapshot still, and those lie far apart: only the newest are close enough to be read in one go.
    /// </summary>
    private async Task<Dictionary<string, BackupRun>> RunsOfAsync(string policy, IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        var runs = new Dictionary<string, BackupRun>(StringComparer.Ordinal);
        var dense = BackupPlanning.RunId(policy, time.GetUtcNow() - Dense);
        await foreach (var run in records.ListAsync<BackupRun>(Tables.Backups, policy, RowRange.Prefix("run_") with { From = BackupService.RunRow(dense) }, cancellation))
        {
            runs[run.Value.Id] = run.Value;
        }

        foreach (var id in ids.Where(id => !runs.ContainsKey(id)))
        {
            if (await records.FindAsync<BackupRun>(Tables.Backups, policy, BackupService.RunRow(id), cancellation) is { } run)
            {
                runs[id] = run.Value;
            }
        }

        return runs;
    }

    /// <summary>What the repository no longer has and the records let go, a copy keeps no longer either.</summary>
    private async Task DropFromCopiesAsync(BackupPolicy policy, BackupRepository repository, List<string> problems, CancellationToken cancellation)
    {
        foreach (var copy in policy.Copies)
        {
            try
            {
                var there = repository.At(repositories.StoreOf(copy));
                foreach (var id in await there.ListAsync(policy.Id, cancellation))
                {
                    if (await records.FindAsync<BackupRun>(Tables.Backups, policy.Id, BackupService.RunRow(id), cancellation) is { Value.DroppedAt: not null })
                    {
                        _ = await TryDropAsync(there, id, $"the copy {copy}", problems, cancellation);
                    }
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or KeyNotFoundException)
            {
                problems.Add($"The copy {copy} cannot be reached: {error.Message}");
            }
        }
    }

    private static async Task<bool> TryDropAsync(BackupRepository repository, string id, string where, List<string> problems, CancellationToken cancellation)
    {
        try
        {
            _ = await repository.DropAsync(id, cancellation);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{id} stays in {where}: {error.Message}");
            return false;
        }
    }

    private Task<BackupRun?> MarkAsync(string policy, string id, DateTimeOffset? at, CancellationToken cancellation) =>
        records.ChangeAsync<BackupRun>(Tables.Backups, policy, BackupService.RunRow(id), run => run is null ? null : run with { DroppedAt = at }, cancellation);

    private BackupPolicy Policy(string id) =>
        plan.Current.FindBackup(id)
        ?? throw new KeyNotFoundException($"The plan has no backup policy '{id}'. {Nearest.Hint(id, plan.Current.Backups.Select(static p => p.Id))}".TrimEnd());

    private bool IsInForce(SnapshotHold hold) => hold.Until is not { } until || time.GetUtcNow() < until;

    private static string HoldRow(string snapshot) => "hold_" + snapshot[(snapshot.LastIndexOf('_') + 1)..];
}
