using Maintenance.Backups.Repository;
using Maintenance.Notifications;
using Maintenance.Plan;

namespace Maintenance.Backups;

/// <summary>The steps that look after the repository and its copies. Each may run twice.</summary>
public sealed class RepositoryActivities(
    BackupRepositories repositories,
    RetentionService retention,
    BackupService backups,
    RepositoryCareLog log,
    ActivePlan plan,
    NotificationService notifications,
    OperationProgress progress,
    BackupPieces pieces,
    TimeProvider time)
{
    /// <summary>Checks the repository or a copy, or a piece of it; the last one records which snapshots are damaged.</summary>
    public async Task<VerifyReport> VerifyRepositoryAsync(VerifyRepositoryRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var repository = await repositories.OpenAsync(request.Copy, cancellation);
        var report = await progress.RunAsync(
            request.Operation,
            meter => repository.VerifyAsync(new VerifyOrder(request.DataPercent) { Turn = request.Turn, Snapshot = request.Snapshot, IsRehashed = true, After = request.Before?.Last, Marked = request.Before?.Marked ?? [], Budget = pieces.Begin(time) }, meter, cancellation));
        report = report.With(request.Before);
        if (report.Next is not null)
        {
            return report;
        }

        if (request.Copy is null)
        {
            report = await WithMissingAsync(repository, report, cancellation);
            await backups.RecordDamageAsync(report.Damaged, isWholeRepository: request is { DataPercent: >= 100, Snapshot: null }, cancellation);
        }

        await log.NoteAsync(request, report, cancellation);
        return report with
        {
            Findings = [.. report.Findings.Take(HistoryText.Most)],
            Damaged = [.. report.Damaged.Take(100)],
            Notes = report.Findings.Count > HistoryText.Most ? [.. report.Notes, $"… and {report.Findings.Count - HistoryText.Most} more findings."] : report.Notes,
        };
    }

    /// <summary>Removes what no snapshot needs.</summary>
    public async Task<PruneReport> PruneRepositoryAsync(PruneRepositoryRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var repository = await repositories.OpenAsync(request.Copy, cancellation);
        var report = await progress.RunAsync(
            request.Operation,
            meter => repository.PruneAsync(new PruneOrder(plan.Current.Repository.Grace) { IsDryRun = request.IsDryRun }, meter, cancellation));
        await log.NoteAsync(request, report, cancellation);
        return report;
    }

    /// <summary>Takes what is new to a copy, or a piece of it.</summary>
    public async Task<CopyReport> CopyRepositoryAsync(CopyRepositoryRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var repository = await repositories.OpenAsync(cancellation);
        var store = repositories.StoreOf(request.Copy);
        var report = await progress.RunAsync(request.Operation, meter => repository.CopyAsync(store, pieces.Begin(time), meter, cancellation));
        report = report with { Objects = report.Objects + (request.Before?.Objects ?? 0), Bytes = report.Bytes + (request.Before?.Bytes ?? 0) };
        if (!report.IsUnfinished)
        {
            await log.NoteAsync(request, report, cancellation);
        }

        return report with { Problems = HistoryText.First(report.Problems, report.Problems.Count) };
    }

    /// <summary>Drops the snapshots that a policy's rules let go.</summary>
    public Task<RetentionReport> ApplyRetentionAsync(ApplyRetentionRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return retention.ApplyAsync(request.Policy, cancellation);
    }

    /// <summary>Tells people: those of the policy, or of every policy where it concerns the repository as a whole.</summary>
    public async Task<RepositoryAlert> ReportRepositoryAsync(RepositoryAlert alert, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var current = plan.Current;
        var recipients = alert.Policy is { } id ? current.FindBackup(id)?.Notify ?? [] : current.Backups.SelectMany(static policy => policy.Notify).Distinct(StringComparer.Ordinal);
        var path = alert.Policy is null ? "/repository" : "/backups/" + alert.Policy;
        await notifications.NotifyAsync(current, new Notification(alert.Key, alert.Subject, string.Join('\n', alert.Lines), path) { Category = NotificationTemplates.BackupAlarm }, recipients, [], cancellation);
        return alert;
    }

    /// <summary>A manifest that was deleted leaves no trace in the repository; the records know that it was there.</summary>
    private async Task<VerifyReport> WithMissingAsync(BackupRepository repository, VerifyReport report, CancellationToken cancellation)
    {
        var missing = new List<VerifyFinding>();
        foreach (var policy in plan.Current.Backups)
        {
            var there = (await repository.ListAsync(policy.Id, cancellation)).ToHashSet(StringComparer.Ordinal);
            await foreach (var run in backups.RunsAsync(policy.Id, cancellation))
            {
                if (run is { DroppedAt: null, RecoveryPoint: not null } && !there.Contains(run.Id))
                {
                    missing.Add(new VerifyFinding($"snapshots/{policy.Id}/{run.Id}", "the manifest is missing; the records have the run and nobody dropped it", true, [run.Id + ":everything"], 1));
                }
            }
        }

        return missing.Count == 0
            ? report
            : report with { Findings = [.. report.Findings, .. missing], Damaged = [.. report.Damaged, .. missing.Select(static finding => finding.Paths[0].Split(':')[0])] };
    }
}
