using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Workflows;

namespace Maintenance.Backups;

/// <summary>Claims due backups and starts their workflows, and answers what is known of them.</summary>
public sealed class BackupService(IRecordStore records, SnapshotStore snapshots, IWorkflows workflows, ActivePlan plan, TimeProvider time)
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
        if (plan.Current.FindBackup(policyId) is null)
        {
            throw new KeyNotFoundException($"The plan has no backup policy '{policyId}'. {Nearest.Hint(policyId, plan.Current.Backups.Select(static p => p.Id))}".TrimEnd());
        }

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

    /// <summary>Starts the restore of a snapshot into a folder; the id of its workflow.</summary>
    /// <param name="snapshot">The snapshot's id.</param>
    /// <param name="target">The absolute folder.</param>
    /// <param name="key">The same key is the same restore, asked for again; null for a new one.</param>
    /// <param name="cancellation">Gives up waiting; it may have been started.</param>
    /// <exception cref="KeyNotFoundException">There is no such snapshot.</exception>
    public Task<string> RestoreAsync(string snapshot, string target, string? key, CancellationToken cancellation) =>
        OperateAsync(BackupWorkflows.Restore, "restore", snapshot, target, key, cancellation);

    /// <summary>Starts the verification of a snapshot; the id of its workflow.</summary>
    /// <param name="snapshot">The snapshot's id.</param>
    /// <param name="key">The same key is the same verification, asked for again; null for a new one.</param>
    /// <param name="cancellation">Gives up waiting; it may have been started.</param>
    /// <exception cref="KeyNotFoundException">There is no such snapshot.</exception>
    public Task<string> VerifyAsync(string snapshot, string? key, CancellationToken cancellation) =>
        OperateAsync(BackupWorkflows.Verify, "verify", snapshot, null, key, cancellation);

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
            var ended = Judge(run.Value, result, time.GetUtcNow());
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
                return ended;
            }
            catch (RecordConflictException) when (attempt < 50)
            {
                // Somebody else ended it, or changed the status: look again.
            }
        }
    }

    /// <summary>What a run is once it has come to a result. Only a whole snapshot that restored without a difference is proven.</summary>
    internal static BackupRun Judge(BackupRun run, BackupResult result, DateTimeOffset now)
    {
        string[] problems = [.. result.Taken?.Problems ?? [], .. result.Differences ?? [], .. result.Error is null ? Array.Empty<string>() : [result.Error]];
        return run with
        {
            State = result.Taken is null ? BackupRunState.Failed
                : result.Differences is not null && problems.Length == 0 ? BackupRunState.Proven
                : BackupRunState.Unproven,
            RecoveryPoint = result.Taken?.RecoveryPoint,
            EndedAt = now,
            Files = result.Taken?.Files ?? 0,
            Bytes = result.Taken?.Bytes ?? 0,
            NewBytes = result.Taken?.NewBytes ?? 0,
            Problems = problems.Length == 0 ? null : problems,
        };
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

    private async Task<string> OperateAsync(
        Workflow<SnapshotRequest, SnapshotReport> workflow, string verb, string snapshot, string? target, string? key, CancellationToken cancellation)
    {
        if (await snapshots.FindAsync(snapshot, cancellation) is null)
        {
            throw new KeyNotFoundException($"There is no snapshot '{snapshot}'.");
        }

        var random = key is null ? RandomNumberGenerator.GetBytes(8) : SHA256.HashData(Encoding.UTF8.GetBytes($"{snapshot}\n{target}\n{key}")).AsSpan(0, 8);
        var id = $"{verb}_{snapshot}_{Convert.ToHexStringLower(random)}";
        _ = await workflows.StartAsync(workflow, id, new SnapshotRequest(id, snapshot, target), cancellation);
        return id;
    }

    private static string RunRow(string runId) => "run_" + runId[(runId.LastIndexOf('_') + 1)..];
}
