using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Backups.Repository;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Workflows;

namespace Maintenance.Backups;

/// <summary>Claims due backups and starts their workflows, and answers what is known of them.</summary>
public sealed class BackupService(IRecordStore records, BackupRepositories repositories, IWorkflows workflows, ActivePlan plan, TimeProvider time)
{
    private const string StatusRow = "status";

    /// <summary>Claims and starts every backup that is due. Ticked twice, or on two machines, an occurrence runs once.</summary>
    /// <returns>The runs that this call started.</returns>
    public async Task<IReadOnlyList<BackupRun>> TakeDueAsync(CancellationToken cancellation)
    {
        var started = new List<BackupRun>();
        var current = plan.Current;
        await EachAsync.RunAsync(current.Backups, TakeAsync);
        return started;

        async Task TakeAsync(BackupPolicy policy)
        {
            var status = await records.FindAsync<BackupStatus>(Tables.Backups, policy.Id, StatusRow, cancellation);
            if (status?.Value.Running is { } running)
            {
                await ContinueAsync(running, cancellation);
                return;
            }

            var rpo = current.FindService(policy.Service)?.RecoveryPoint ?? TimeSpan.MaxValue;
            if (BackupPlanning.Due(policy, rpo, status?.Value, current.System.TimeZone, time.GetUtcNow()) is { } due
                && await ClaimAsync(policy.Id, due, status, cancellation) is { } run)
            {
                started.Add(run);
            }
        }
    }

    /// <summary>Takes a backup now.</summary>
    /// <returns>The run; the one that is under way where there is one.</returns>
    /// <exception cref="KeyNotFoundException">The plan has no such policy.</exception>
    public async Task<BackupRun> StartAsync(string policyId, CancellationToken cancellation)
    {
        RequirePolicy(policyId);
        for (var attempt = 1; ; attempt++)
        {
            var status = await records.FindAsync<BackupStatus>(Tables.Backups, policyId, StatusRow, cancellation);
            if (status?.Value.Running is { } running)
            {
                return running;
            }

            // Two within one second would have one name: the later one takes the next free second.
            var now = time.GetUtcNow();
            var occurrence = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)).AddSeconds(attempt - 1);
            if (await ClaimAsync(policyId, new DueBackup(occurrence, BackupTrigger.Manual), status, cancellation) is { } run)
            {
                return run;
            }
        }
    }

    /// <summary>What is known of a policy's backups; null before the first look.</summary>
    public async Task<BackupStatus?> StatusAsync(string policyId, CancellationToken cancellation) =>
        (await records.FindAsync<BackupStatus>(Tables.Backups, policyId, StatusRow, cancellation))?.Value;

    /// <summary>The runs of a policy, oldest first.</summary>
    public async IAsyncEnumerable<BackupRun> RunsAsync(string policyId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var run in records.ListAsync<BackupRun>(Tables.Backups, policyId, RowRange.Prefix("run_"), cancellation))
        {
            yield return run.Value;
        }
    }

    /// <summary>The runs of a policy that were due in <c>[from, to)</c>, oldest first.</summary>
    public IAsyncEnumerable<BackupRun> RunsAsync(string policyId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        records.ListAsync<BackupRun>(Tables.Backups, policyId, new RowRange(RunRow(BackupPlanning.RunId(policyId, from)), RunRow(BackupPlanning.RunId(policyId, to))), cancellation).Select(static run => run.Value);

    /// <summary>
    /// The newest runs of a policy, newest first. Looks back in growing windows, so that a policy with years of runs costs no more than a young one.
    /// </summary>
    public async Task<IReadOnlyList<BackupRun>> NewestAsync(string policyId, int take, CancellationToken cancellation)
    {
        var newest = new List<BackupRun>();
        var end = RunRow(BackupPlanning.RunId(policyId, time.GetUtcNow().AddDays(1)));
        for (var window = TimeSpan.FromHours(6); newest.Count < take; window *= 4)
        {
            var isAll = window > TimeSpan.FromDays(366 * 20);
            var start = isAll ? "run_" : RunRow(BackupPlanning.RunId(policyId, time.GetUtcNow() - window));
            var found = await records.ListAsync<BackupRun>(Tables.Backups, policyId, new RowRange(start, end), cancellation).Select(static run => run.Value).ToListAsync(cancellation);
            found.Reverse();
            newest.AddRange(found);
            end = start;
            if (isAll)
            {
                break;
            }
        }

        return [.. newest.Take(take)];
    }

    /// <summary>A run, or null.</summary>
    public async Task<BackupRun?> FindRunAsync(string runId, CancellationToken cancellation) =>
        Snapshot.PolicyOf(runId) is { } policy
            ? (await records.FindAsync<BackupRun>(Tables.Backups, policy, RunRow(runId), cancellation))?.Value
            : null;

    /// <summary>Starts the restore of a snapshot; the id of its workflow.</summary>
    /// <param name="request">What and how; its operation is given here.</param>
    /// <param name="key">The same key is the same restore, asked for again; null for a new one.</param>
    /// <param name="cancellation">Gives up waiting; it may have been started.</param>
    /// <exception cref="KeyNotFoundException">There is no such snapshot, or no such copy.</exception>
    public async Task<string> RestoreAsync(RestoreSnapshotRequest request, string? key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        await RequireSnapshotAsync(request.Snapshot, request.Copy, cancellation);
        var id = OperationId("restore", request.Snapshot, [request.Target, request.Copy, key], key is null);
        _ = await workflows.StartAsync(BackupWorkflows.Restore, id, request with { Operation = id }, cancellation);
        return id;
    }

    /// <summary>Starts a verification; the id of its workflow.</summary>
    /// <param name="request">What of it; its operation is given here.</param>
    /// <param name="key">The same key is the same verification, asked for again; null for a new one.</param>
    /// <param name="cancellation">Gives up waiting; it may have been started.</param>
    /// <exception cref="KeyNotFoundException">There is no such snapshot, or no such copy.</exception>
    public async Task<string> VerifyAsync(VerifyRepositoryRequest request, string? key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Snapshot is { } snapshot)
        {
            await RequireSnapshotAsync(snapshot, request.Copy, cancellation);
        }

        var id = OperationId("verify", request.Snapshot ?? request.Copy ?? "repository", [key], key is null);
        _ = await workflows.StartAsync(BackupWorkflows.Verify, id, request with { Operation = id }, cancellation);
        return id;
    }

    /// <summary>Starts a prune; the id of its workflow.</summary>
    public async Task<string> PruneAsync(PruneRepositoryRequest request, string? key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequireCopy(request.Copy);
        var id = OperationId("prune", request.Copy ?? "repository", [key], key is null);
        _ = await workflows.StartAsync(BackupWorkflows.Prune, id, request with { Operation = id }, cancellation);
        return id;
    }

    /// <summary>Starts a copying; the id of its workflow.</summary>
    /// <exception cref="KeyNotFoundException">The plan has no such copy.</exception>
    public async Task<string> CopyAsync(CopyRepositoryRequest request, string? key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequireCopy(request.Copy);
        var id = OperationId("copy", request.Copy, [key], key is null);
        _ = await workflows.StartAsync(BackupWorkflows.Copy, id, request with { Operation = id }, cancellation);
        return id;
    }

    /// <summary>Starts the dropping of what a policy's rules let go; the id of its workflow.</summary>
    /// <exception cref="KeyNotFoundException">The plan has no such policy.</exception>
    public async Task<string> RetainAsync(string policyId, string? key, CancellationToken cancellation)
    {
        RequirePolicy(policyId);
        var id = OperationId("retention", policyId, [key], key is null);
        _ = await workflows.StartAsync(BackupWorkflows.Retain, id, new ApplyRetentionRequest(id, policyId), cancellation);
        return id;
    }

    /// <summary>Starts a further proof of a snapshot; the id of its workflow.</summary>
    /// <exception cref="KeyNotFoundException">There is no such snapshot.</exception>
    public async Task<string> ProveAsync(string snapshot, string? key, CancellationToken cancellation)
    {
        await RequireSnapshotAsync(snapshot, null, cancellation);
        var id = OperationId("proof", snapshot, [key], key is null);
        _ = await workflows.StartAsync(BackupWorkflows.Prove, id, new BackupRunRef(Snapshot.PolicyOf(snapshot)!, snapshot) { Operation = id }, cancellation);
        return id;
    }

    /// <summary>
    /// Records what a later proof came to. Once damaged or unproven, a snapshot that restores again counts again; one that no longer does counts no more.
    /// </summary>
    public async Task<BackupRun> RecordProofAsync(SnapshotProof proof, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(proof);
        var now = time.GetUtcNow();
        var changed = await records.ChangeAsync<BackupRun>(
            Tables.Backups, proof.Run.Policy, RunRow(proof.Run.Run), run => run is null ? null : BackupPlanning.Reproven(run, proof.Differences, now), cancellation);
        if (changed is not null)
        {
            _ = await records.ChangeAsync<BackupStatus>(
                Tables.Backups, proof.Run.Policy, StatusRow, status => status is null ? null : BackupPlanning.Reproven(status, changed), cancellation);
        }

        return changed ?? throw new InvalidOperationException($"The records have no run '{proof.Run.Run}'.");
    }

    /// <summary>Records which snapshots a verification found damaged, and which were and are no more.</summary>
    /// <param name="damaged">Their ids.</param>
    /// <param name="isWholeRepository">True where everything was read, so that what is not named is whole.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task RecordDamageAsync(IReadOnlyCollection<string> damaged, bool isWholeRepository, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var set = damaged.ToHashSet(StringComparer.Ordinal);
        var touched = new List<BackupRun>();
        foreach (var policy in plan.Current.Backups.Select(static policy => policy.Id).Union(damaged.Select(Snapshot.PolicyOf).OfType<string>(), StringComparer.Ordinal))
        {
            await foreach (var run in RunsAsync(policy, cancellation))
            {
                if (set.Contains(run.Id) ? run.DamagedAt is null : isWholeRepository && run.DamagedAt is not null)
                {
                    touched.Add(run);
                }
            }
        }

        foreach (var run in touched)
        {
            var changed = await records.ChangeAsync<BackupRun>(
                Tables.Backups, run.Policy, RunRow(run.Id), current => current is null ? null : current with { DamagedAt = set.Contains(run.Id) ? now : null }, cancellation);
            _ = await records.ChangeAsync<BackupStatus>(
                Tables.Backups, run.Policy, StatusRow, status => status is null || changed is null ? null : BackupPlanning.Reproven(status, changed), cancellation);
        }
    }

    /// <summary>Records what a run came to. Recording it again changes nothing.</summary>
    public async Task<BackupRun> EndAsync(BackupResult result, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(result);
        for (var attempt = 1; ; attempt++)
        {
            var (policy, row) = (result.Run.Policy, RunRow(result.Run.Run));
            var run = await records.FindAsync<BackupRun>(Tables.Backups, policy, row, cancellation)
                ?? throw new InvalidOperationException($"The run {result.Run.Run} was never claimed.");
            if (run.Value.State != BackupRunState.Running)
            {
                return run.Value;
            }

            var status = (await records.FindAsync<BackupStatus>(Tables.Backups, policy, StatusRow, cancellation))!;
            var ended = BackupPlanning.Judge(run.Value, result, time.GetUtcNow());
            try
            {
                await records.WriteAsync(
                    Tables.Backups,
                    policy,
                    [
                        RecordWrite.Replace(row, MaintenanceJson.Write(ended), run.ETag),
                        RecordWrite.Replace(StatusRow, MaintenanceJson.Write(BackupPlanning.Ended(status.Value, ended)), status.ETag),
                    ],
                    cancellation);
                Monitoring.Telemetry.BackedUp(policy, ended.State.ToString());
                return ended;
            }
            catch (RecordConflictException) when (attempt < 50)
            {
                // Somebody else ended it, or changed the status: look again.
            }
        }
    }

    private async Task<BackupRun?> ClaimAsync(string policyId, DueBackup due, Versioned<BackupStatus>? status, CancellationToken cancellation)
    {
        var run = new BackupRun(
            BackupPlanning.RunId(policyId, due.Occurrence), policyId, due.Occurrence, due.Trigger, BackupRunState.Running, time.GetUtcNow());
        var next = MaintenanceJson.Write(BackupPlanning.Claimed(status?.Value, run));
        try
        {
            // One batch: whoever inserts the occurrence also moves the status on; a second machine fails on both.
            await records.WriteAsync(
                Tables.Backups,
                policyId,
                [
                    RecordWrite.Insert(RunRow(run.Id), MaintenanceJson.Write(run)),
                    status is null ? RecordWrite.Insert(StatusRow, next) : RecordWrite.Replace(StatusRow, next, status.ETag),
                ],
                cancellation);
        }
        catch (RecordConflictException)
        {
            await ConsiderAsync(run, cancellation);
            return null;
        }

        await StartAsync(run, cancellation);
        return run;
    }

    /// <summary>
    /// A claim that lost because a run of this very instant exists (asked for in the same second, say) must not be tried at every tick for ever: the instant has
    /// its backup, so it counts as decided.
    /// </summary>
    private async Task ConsiderAsync(BackupRun lost, CancellationToken cancellation)
    {
        if (await FindRunAsync(lost.Id, cancellation) is not null)
        {
            _ = await records.ChangeAsync<BackupStatus>(
                Tables.Backups,
                lost.Policy,
                StatusRow,
                status => status is not null && status.ConsideredUpTo < lost.Occurrence ? status with { ConsideredUpTo = lost.Occurrence } : null,
                cancellation);
        }
    }

    /// <summary>
    /// A run that is claimed but whose workflow never started (a crash between the two) is started; one whose workflow failed is ended, so that the next can run.
    /// </summary>
    private async Task ContinueAsync(BackupRun running, CancellationToken cancellation)
    {
        var state = await workflows.GetAsync(running.Workflow, cancellation);
        if (state is null)
        {
            await StartAsync(running, cancellation);
        }
        else if (state.State == WorkflowState.Failed)
        {
            await EndAsync(new BackupResult(new BackupRunRef(running.Policy, running.Id), null, null, state.Error ?? "its workflow failed"), cancellation);
        }
    }

    private Task<bool> StartAsync(BackupRun run, CancellationToken cancellation) =>
        workflows.StartAsync(BackupWorkflows.Backup, run.Workflow, new BackupRunRef(run.Policy, run.Id), cancellation);

    private async Task RequireSnapshotAsync(string snapshot, string? copy, CancellationToken cancellation)
    {
        var repository = await repositories.OpenAsync(copy, cancellation);
        if (Snapshot.PolicyOf(snapshot) is not { } policy || !(await repository.ListAsync(policy, cancellation)).Contains(snapshot))
        {
            throw new KeyNotFoundException($"There is no snapshot '{snapshot}'{(copy is null ? "" : $" in the copy '{copy}'")}.");
        }
    }

    private void RequireCopy(string? copy)
    {
        if (copy is not null)
        {
            _ = repositories.StoreOf(copy);
        }
    }

    private void RequirePolicy(string policyId)
    {
        if (plan.Current.FindBackup(policyId) is null)
        {
            throw new KeyNotFoundException($"The plan has no backup policy '{policyId}'. {Nearest.Hint(policyId, plan.Current.Backups.Select(static p => p.Id))}".TrimEnd());
        }
    }

    private static string OperationId(string verb, string subject, IEnumerable<string?> parts, bool isNew)
    {
        var random = isNew ? RandomNumberGenerator.GetBytes(8) : SHA256.HashData(Encoding.UTF8.GetBytes($"{subject}\n{string.Join('\n', parts)}")).AsSpan(0, 8);
        return $"{verb}_{subject}_{Convert.ToHexStringLower(random)}";
    }

    internal static string RunRow(string runId) => "run_" + runId[(runId.LastIndexOf('_') + 1)..];
}
