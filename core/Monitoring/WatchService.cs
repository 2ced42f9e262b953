using System.Runtime.ExceptionServices;
using Maintenance.Backups;
using Maintenance.Messaging;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Status;
using Maintenance.Storage;
using Maintenance.Workflows;

namespace Maintenance.Monitoring;

/// <summary>
/// The watchdog: finds what has stopped, failed or was given up, and tells the owner of the system of each finding once for as long as it lasts. It depends as
/// little as it can on what it watches: a source that cannot be asked keeps it from none of the others, and what it finds is in the log before anything is recorded
/// or sent. Whether it runs itself must be watched from outside: by the line <c>Heartbeat</c> in the log, or by <c>GET /api/health</c>.
/// </summary>
public sealed class WatchService(
    ActivePlan plan,
    HeartbeatBook heartbeats,
    IWorkflows workflows,
    IDeadLetters deadLetters,
    RepositoryCareService care,
    MonitoringService monitoring,
    DeadManCall deadMan,
    NotificationService notifications,
    IRecordStore records,
    IWatchLog log,
    TimeProvider time)
{
    /// <summary>The most workflows and, of each queue, dead letters that one look goes through: it costs the same on a bad day.</summary>
    public const int MostWorkflows = 1000;

    private const int MostDeadLetters = 50;
    private const string Partition = "findings";

    /// <summary>Looks at everything. Done twice, or on two machines, people are told once.</summary>
    /// <exception cref="AggregateException">Something could not be looked at, recorded or sent; the rest was.</exception>
    public async Task WatchAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var found = new List<WatchFinding>();
        var seen = new HashSet<WatchKind>();
        AggregateException? failure = null;
        try
        {
            await EachAsync.RunAsync(Looks(now, cancellation), async look =>
            {
                found.AddRange(await look.Find());
                seen.UnionWith(look.Kinds);
            });
        }
        catch (AggregateException error)
        {
            // What was found all the same is told first.
            failure = error;
        }

        found.ForEach(log.Alarm);
        await SettleAsync([.. found.Where(static finding => !WatchRules.IsToldElsewhere(finding.Kind))], seen, now, cancellation);
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        log.Heartbeat();
        await deadMan.CallAsync(cancellation);
    }

    /// <summary>The findings that last, as the last look left them.</summary>
    public async Task<IReadOnlyList<WatchedFinding>> KnownAsync(CancellationToken cancellation) =>
        await records.ListAsync<WatchedFinding>(Tables.Watch, Partition, RowRange.All, cancellation).Select(static row => row.Value).ToListAsync(cancellation);

    private IEnumerable<Look> Looks(DateTimeOffset now, CancellationToken cancellation)
    {
        yield return new([WatchKind.Heartbeat], async () => WatchRules.Timers(await heartbeats.ReadAsync(cancellation), plan.State.Since, now));
        yield return new(
            [WatchKind.WorkflowStuck, WatchKind.WorkflowFailed],
            async () => WatchRules.Workflows(await workflows.ListAsync(now - WatchRules.Recent, MostWorkflows, cancellation), now));
        yield return new([WatchKind.DeadLetter], async () =>
        {
            var letters = new List<DeadLetter>();
            foreach (var queue in Queues.All)
            {
                letters.AddRange(await deadLetters.ListAsync(queue, MostDeadLetters, cancellation));
            }

            return WatchRules.DeadLetters(letters);
        });
        yield return new([WatchKind.ProbeSilent, WatchKind.BudgetBurning], async () => await monitoring.FindingsAsync(plan.State.Since, cancellation));
        yield return new([WatchKind.RecoveryPoint], async () => WatchRules.RecoveryPoints(await care.AlarmsAsync(cancellation)));
    }

    /// <summary>Records what is new and tells people of it; forgets what is gone. What could not be looked at stays as it was.</summary>
    private async Task SettleAsync(IReadOnlyList<WatchFinding> found, HashSet<WatchKind> seen, DateTimeOffset now, CancellationToken cancellation)
    {
        var known = new Dictionary<string, WatchedFinding>(StringComparer.Ordinal);
        await foreach (var row in records.ListAsync<WatchedFinding>(Tables.Watch, Partition, RowRange.All, cancellation))
        {
            known[RowOf(row.Value.Finding)] = row.Value;
        }

        await EachAsync.RunAsync(found, finding => NoteAsync(finding, known.GetValueOrDefault(RowOf(finding)), now, cancellation));
        var lasting = found.Select(RowOf).ToHashSet(StringComparer.Ordinal);
        foreach (var (row, gone) in known.Where(one => seen.Contains(one.Value.Finding.Kind) && !lasting.Contains(one.Key)))
        {
            _ = await records.WriteAsync(Tables.Watch, Partition, RecordWrite.Delete(row), cancellation);
        }
    }

    private async Task NoteAsync(WatchFinding finding, WatchedFinding? known, DateTimeOffset now, CancellationToken cancellation)
    {
        var row = RowOf(finding);
        var noted = known is null ? new WatchedFinding(finding, now, IsTold: false) : known with { Finding = finding };
        if (known is null && !await records.TryInsertAsync(Tables.Watch, Partition, row, noted, cancellation))
        {
            // Another watchdog has it in this moment, and tells.
            return;
        }

        // Recorded before and marked after: cut off in between, the next look tells, and whoever was told already is not told again.
        var told = noted.IsTold ? noted : await TellAsync(row, noted, cancellation);
        if (told != (known ?? noted))
        {
            _ = await records.WriteAsync(Tables.Watch, Partition, RecordWrite.Put(row, MaintenanceJson.Write(told)), cancellation);
        }
    }

    private async Task<WatchedFinding> TellAsync(string row, WatchedFinding noted, CancellationToken cancellation)
    {
        var values = new TemplateValues { ["title"] = Title(noted.Finding.Kind), ["text"] = noted.Finding.Text };
        var notification = Notification.From($"watch/{row}/{RecordKeys.Instant(noted.SeenAt)}", NotificationTemplates.OperationsAlarm, values, noted.Finding.Path);

        // Where a timer stands still, escalations may too: that waits for no morning.
        await notifications.NotifyAsync(plan.Current, notification with { IsUrgent = noted.Finding.Kind is WatchKind.Heartbeat or WatchKind.ProbeSilent or WatchKind.BudgetBurning }, [plan.Current.System.Owner], [], cancellation);
        return noted with { IsTold = true };
    }

    private static TemplateValue Title(WatchKind kind) => kind switch
    {
        WatchKind.Heartbeat => TemplateValue.In("a timer has stopped or fails", "une minuterie est arrêtée ou en échec"),
        WatchKind.WorkflowStuck => TemplateValue.In("a workflow stands still", "un processus est bloqué"),
        WatchKind.WorkflowFailed => TemplateValue.In("a workflow failed", "un processus a échoué"),
        WatchKind.ProbeSilent => TemplateValue.In("a probe is silent", "une sonde est muette"),
        WatchKind.BudgetBurning => TemplateValue.In("an error budget is spent too fast", "un budget d'erreur s'épuise trop vite"),
        WatchKind.DeadLetter => TemplateValue.In("messages could not be handled", "des messages n'ont pas pu être traités"),
        _ => TemplateValue.In("something needs a look", "un point demande votre attention"),
    };

    private static string RowOf(WatchFinding finding) => $"{finding.Kind}_{RecordKeys.Encode(finding.Subject)}";

    private sealed record Look(IReadOnlyList<WatchKind> Kinds, Func<Task<IEnumerable<WatchFinding>>> Find);
}
