using Maintenance.Backups.Alarms;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Workflows;

namespace Maintenance.Backups;

/// <summary>What is known of the repository's care.</summary>
/// <param name="ConsideredUpTo">Up to where the occurrences of each task have been decided (UTC), by task: <c>prune</c>, <c>verify</c>, <c>verify/{copy}</c>, <c>prune/{copy}</c>.</param>
/// <param name="Turns">How often each task has been begun.</param>
public sealed record RepositoryCareStatus(IReadOnlyDictionary<string, DateTimeOffset> ConsideredUpTo, IReadOnlyDictionary<string, long> Turns)
{
    /// <summary>Before the first look.</summary>
    public static RepositoryCareStatus None { get; } = new(new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal), new Dictionary<string, long>(StringComparer.Ordinal));

    /// <summary>The same, with a task decided up to an instant.</summary>
    public RepositoryCareStatus Considered(string task, DateTimeOffset upTo, bool isTurn) => new(
        new Dictionary<string, DateTimeOffset>(ConsideredUpTo, StringComparer.Ordinal) { [task] = upTo },
        isTurn ? new Dictionary<string, long>(Turns, StringComparer.Ordinal) { [task] = Turns.GetValueOrDefault(task) + 1 } : Turns);
}

/// <summary>Starts the due prunes, verifications and renewed proofs, and raises the alarms of backups.</summary>
public sealed class RepositoryCareService(
    IRecordStore records, BackupService backups, IWorkflows workflows, ActivePlan plan, NotificationService notifications, TimeProvider time)
{
    private const string Partition = "_repository";
    private const string StatusRow = "care";
    private const string PolicyPrefix = "policy_";

    /// <summary>Starts what is due. Ticked twice, or on two machines, an occurrence is done once: its workflow's id is made from it.</summary>
    public async Task CareAsync(CancellationToken cancellation)
    {
        var current = plan.Current;
        var care = current.Repository;
        var tasks = new List<CareTask>
        {
            new("prune", care.Prune, (id, _) => workflows.StartAsync(BackupWorkflows.Prune, id, new PruneRepositoryRequest(id), cancellation)),
            new("verify", care.Verify, (id, turn) => VerifyAsync(id, care.VerifyPercent, turn, null, cancellation)),
        };
        foreach (var copy in care.Copies)
        {
            tasks.Add(new($"prune/{copy.Id}", care.Prune, (id, _) => workflows.StartAsync(BackupWorkflows.Prune, id, new PruneRepositoryRequest(id, Copy: copy.Id), cancellation)));
            tasks.Add(new($"verify/{copy.Id}", copy.Verify, (id, turn) => VerifyAsync(id, copy.VerifyPercent, turn, copy.Id, cancellation)));
        }

        await EachAsync.RunAsync(tasks, task => StartDueAsync(task, cancellation));
        await EachAsync.RunAsync(current.Backups, policy => RenewProofAsync(policy, cancellation));
    }

    /// <summary>Tells people of what is wrong with backups; of each situation once.</summary>
    public async Task RaiseAlarmsAsync(CancellationToken cancellation)
    {
        var current = plan.Current;
        foreach (var policy in current.Backups)
        {
            await RememberAsync(policy, cancellation);
        }

        await EachAsync.RunAsync(await AlarmsAsync(cancellation), async alarm =>
        {
            var recipients = current.FindBackup(alarm.Policy)?.Notify ?? [current.System.Owner];
            var values = new TemplateValues
            {
                ["policy"] = alarm.Policy,
                ["title"] = alarm.Kind == BackupAlarmKind.RecoveryPoint
                    ? TemplateValue.In("the recovery point is too old", "le point de reprise est trop ancien")
                    : TemplateValue.In("something needs a look", "un point demande votre attention"),
                ["text"] = alarm.Text,
            };
            var path = current.FindBackup(alarm.Policy) is null ? "/backups" : "/backups/" + alarm.Policy;
            await notifications.NotifyAsync(current, Notification.From("alarm/" + alarm.Key, NotificationTemplates.BackupAlarm, values, path), recipients, [], cancellation);
        });
    }

    /// <summary>What is wrong with backups now.</summary>
    public async Task<IReadOnlyList<BackupAlarm>> AlarmsAsync(CancellationToken cancellation)
    {
        var histories = new List<BackupHistory>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var policy in plan.Current.Backups)
        {
            _ = seen.Add(policy.Id);
            histories.Add(await HistoryAsync(policy.Id, policy.Service, cancellation));
        }

        await foreach (var known in records.ListAsync<KnownPolicy>(Tables.Backups, Partition, RowRange.Prefix(PolicyPrefix), cancellation))
        {
            if (seen.Add(known.Value.Policy))
            {
                histories.Add(await HistoryAsync(known.Value.Policy, known.Value.Service, cancellation));
            }
        }

        return BackupAlarms.Find(plan.Current, histories, time.GetUtcNow());
    }

    private async Task<BackupHistory> HistoryAsync(string policy, string service, CancellationToken cancellation) =>
        new(policy, service, await backups.StatusAsync(policy, cancellation), await backups.NewestAsync(policy, BackupAlarms.RunsNeeded, cancellation));

    /// <summary>A policy that is taken out of the plan must still be known, to say that its service is no longer backed up.</summary>
    private async Task RememberAsync(BackupPolicy policy, CancellationToken cancellation)
    {
        var known = new KnownPolicy(policy.Id, policy.Service);
        if (await records.FindAsync<KnownPolicy>(Tables.Backups, Partition, PolicyPrefix + policy.Id, cancellation) is not { } row || row.Value != known)
        {
            _ = await records.WriteAsync(Tables.Backups, Partition, RecordWrite.Put(PolicyPrefix + policy.Id, MaintenanceJson.Write(known)), cancellation);
        }
    }

    private async Task StartDueAsync(CareTask task, CancellationToken cancellation)
    {
        if (task.Schedule is not { } schedule)
        {
            return;
        }

        var now = time.GetUtcNow();
        var status = (await records.FindAsync<RepositoryCareStatus>(Tables.Backups, Partition, StatusRow, cancellation))?.Value ?? RepositoryCareStatus.None;
        if (!status.ConsideredUpTo.TryGetValue(task.Name, out var upTo))
        {
            // The first look: what was due before anybody looked after the repository is not caught up with.
            await ConsiderAsync(task.Name, now, isTurn: false, cancellation);
        }
        else if (schedule.Latest(upTo, now, plan.Current.System.TimeZone) is { } occurrence)
        {
            var id = $"{task.Name.Replace('/', '_')}_{occurrence.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture)}";
            _ = await task.StartAsync(id, status.Turns.GetValueOrDefault(task.Name));
            await ConsiderAsync(task.Name, now, isTurn: true, cancellation);
        }
    }

    private Task<RepositoryCareStatus?> ConsiderAsync(string task, DateTimeOffset upTo, bool isTurn, CancellationToken cancellation) =>
        records.ChangeAsync<RepositoryCareStatus>(
            Tables.Backups,
            Partition,
            StatusRow,
            status => (status ?? RepositoryCareStatus.None) is var known && known.ConsideredUpTo.GetValueOrDefault(task) < upTo ? known.Considered(task, upTo, isTurn) : null,
            cancellation);

    /// <summary>With a verification of the repository comes a proof of one older snapshot of each policy: the one whose last proof is the oldest.</summary>
    private async Task<bool> VerifyAsync(string id, int percent, long turn, string? copy, CancellationToken cancellation)
    {
        if (copy is null)
        {
            foreach (var policy in plan.Current.Backups)
            {
                var older = await backups.RunsAsync(policy.Id, cancellation)
                    .Where(static run => run is { State: BackupRunState.Proven, DroppedAt: null })
                    .ToListAsync(cancellation);
                if (BackupPlanning.ProveNext(older) is { } sample)
                {
                    _ = await workflows.StartAsync(BackupWorkflows.Prove, $"proof_{sample.Id}_{turn}", new BackupRunRef(policy.Id, sample.Id), cancellation);
                }
            }
        }

        return await workflows.StartAsync(BackupWorkflows.Verify, id, new VerifyRepositoryRequest(id, percent, turn, Copy: copy), cancellation);
    }

    /// <summary>The newest proven snapshot is proven again before its proof expires: with backups resting or failing it is all there is.</summary>
    private async Task RenewProofAsync(BackupPolicy policy, CancellationToken cancellation)
    {
        var status = await backups.StatusAsync(policy.Id, cancellation);
        if (BackupPlanning.IsProofDue(policy.Proof, status?.Proven, time.GetUtcNow()) && status!.Proven is { } proven)
        {
            var id = $"proof_{proven.Id}_{proven.ProvenAt?.ToUnixTimeSeconds()}";
            _ = await workflows.StartAsync(BackupWorkflows.Prove, id, new BackupRunRef(policy.Id, proven.Id) { Operation = id }, cancellation);
        }
    }

    private sealed record CareTask(string Name, Time.Schedule? Schedule, Func<string, long, Task<bool>> StartAsync);

    private sealed record KnownPolicy(string Policy, string Service);
}
