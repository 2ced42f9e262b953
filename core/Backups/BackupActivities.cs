using Maintenance.Actions;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Notifications;
using Maintenance.Plan;

namespace Maintenance.Backups;

/// <summary>Where a host lets backups be written that are not theirs to keep.</summary>
/// <param name="Scratch">An absolute folder for proofs: emptied by each.</param>
/// <param name="Restored">
/// An absolute folder below which people who are not the machine's operator may restore; null where the host has none that anybody could reach.
/// </param>
/// <param name="Workers">How many threads compress, decompress and check.</param>
public sealed record BackupFolders(string Scratch, string? Restored, int Workers = 1);

/// <summary>The steps that take, prove and restore a snapshot. Each may run twice; the second time finds what the first left.</summary>
public sealed class BackupActivities(
    BackupRepositories repositories,
    ISnapshotPlaces places,
    IProgramRunner programs,
    BackupService backups,
    ActivePlan plan,
    NotificationService notifications,
    OperationProgress progress,
    BackupFolders folders)
{
    /// <summary>Takes the snapshot of a run.</summary>
    /// <exception cref="InvalidOperationException">The plan no longer has the policy.</exception>
    public async Task<TakenSnapshot> TakeSnapshotAsync(BackupRunRef run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        var policy = Policy(run);
        var repository = await repositories.OpenAsync(cancellation);
        await using var source = await places.OpenSourceAsync(policy, cancellation);
        var snapshot = await progress.RunAsync(
            "backup_" + run.Run, meter => repository.TakeAsync(new SnapshotOrder(run.Run, policy.Id) { Compression = policy.Compression, Workers = folders.Workers }, source, meter, cancellation));
        var statistics = snapshot.Statistics;
        return new TakenSnapshot(
            snapshot.Id, snapshot.TakenAt, (int)Math.Min(int.MaxValue, statistics.Files), statistics.Bytes, statistics.NewBytes, HistoryText.First(snapshot.Problems, statistics.Problems))
        {
            Source = snapshot.Source,
            StoredBytes = statistics.StoredBytes,
            Entropy = statistics.Entropy,
            Notes = HistoryText.First(snapshot.Notes, statistics.Notes),
        };
    }

    /// <summary>Restores the snapshot of a run into a scratch folder, compares it with the manifest, and runs the policy's own checks.</summary>
    /// <returns>The first differences; empty where it restores as it was.</returns>
    public async Task<IReadOnlyList<string>> ProveSnapshotAsync(BackupRunRef run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        var repository = await repositories.OpenAsync(cancellation);
        var snapshot = await repository.FindAsync(run.Run, cancellation) ?? throw new InvalidOperationException($"The snapshot '{run.Run}' is gone.");
        var scratch = Path.Join(folders.Scratch, run.Run);
        ScratchFolders.Remove(scratch);
        try
        {
            return await progress.RunAsync(run.Operation ?? "backup_" + run.Run, async meter =>
            {
                var restored = await repository.RestoreAsync(snapshot, new RestoreOrder(scratch) { Workers = folders.Workers }, meter, cancellation);
                var differences = await repository.CompareAsync(snapshot, scratch, meter, cancellation);
                var failures = plan.Current.FindBackup(run.Policy) is { } policy ? await ProofChecks.RunAsync(policy.Proof, snapshot, scratch, programs, cancellation) : [];
                return HistoryText.First([.. restored.Losses, .. differences, .. failures], restored.LossCount + differences.Count + failures.Count);
            });
        }
        finally
        {
            ScratchFolders.Remove(scratch);
        }
    }

    /// <summary>Records what a run came to.</summary>
    public Task<BackupRun> RecordBackupAsync(BackupResult result, CancellationToken cancellation) => backups.EndAsync(result, cancellation);

    /// <summary>Records what a later proof came to.</summary>
    public Task<BackupRun> RecordProofAsync(SnapshotProof proof, CancellationToken cancellation) => backups.RecordProofAsync(proof, cancellation);

    /// <summary>Tells the policy's people of a run that did not end proven.</summary>
    public async Task<BackupRunRef> ReportBackupAsync(BackupRunRef run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (await backups.FindRunAsync(run.Run, cancellation) is { } ended && plan.Current.FindBackup(run.Policy) is { } policy)
        {
            var what = ended.State == BackupRunState.Failed ? "failed" : "is not proven";
            var text = $"The backup {ended.Id} of '{policy.Service}' {what}:\n{string.Join('\n', ended.Problems ?? [])}";
            await notifications.NotifyAsync(
                plan.Current, new Notification($"backup/{ended.Id}", $"Backup {policy.Id} {what}", text, "/backups/" + policy.Id) { Category = NotificationTemplates.BackupAlarm }, policy.Notify, [], cancellation);
        }

        return run;
    }

    /// <summary>
    /// Restores a snapshot on request. Into an empty target it goes through a folder beside it, which takes the target's name once it is whole: so a restore that was
    /// cut off never passes for one that was not, and running it again starts afresh.
    /// </summary>
    public async Task<RestoreReport> RestoreSnapshotAsync(RestoreSnapshotRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var repository = await repositories.OpenAsync(request.Copy, cancellation);
        var snapshot = await repository.FindAsync(request.Snapshot, cancellation) ?? throw new InvalidOperationException($"The snapshot '{request.Snapshot}' is gone.");
        var report = await progress.RunAsync(request.Operation, meter => RestoreAsync(repository, snapshot, request, meter, cancellation));
        return report with { Losses = HistoryText.First(report.Losses, report.LossCount), Warnings = HistoryText.First(report.Warnings, report.Warnings.Count) };
    }

    /// <summary>The copies that the run's policy asks for.</summary>
    public Task<IReadOnlyList<string>> FindCopiesAsync(BackupRunRef run, CancellationToken cancellation) =>
        Task.FromResult(plan.Current.FindBackup(run.Policy)?.Copies ?? []);

    private async Task<RestoreReport> RestoreAsync(
        BackupRepository repository, Snapshot snapshot, RestoreSnapshotRequest request, IProgress<BackupProgress> meter, CancellationToken cancellation)
    {
        await using var place = await places.OpenTargetAsync(request.Target, cancellation);
        if (place is not null)
        {
            return request.IsDryRun
                ? new RestoreReport(snapshot.Id, place.Description, true, snapshot.Statistics.Files, snapshot.Statistics.Folders, snapshot.Statistics.Links, snapshot.Statistics.Bytes, 0, 0, 0, 0, [], [])
                : await repository.RestoreAsync(snapshot, place, request.Paths, meter, cancellation);
        }

        var order = new RestoreOrder(request.Target) { Paths = request.Paths, Existing = request.Existing, IsDryRun = request.IsDryRun, Workers = folders.Workers };
        if (request.Existing != ExistingFiles.Refuse || request.IsDryRun)
        {
            return await repository.RestoreAsync(snapshot, order, meter, cancellation);
        }

        if (Directory.Exists(request.Target) && Directory.EnumerateFileSystemEntries(request.Target).Any())
        {
            // The last try may have ended between the renaming and the record of it.
            return request.Paths.Count == 0 && (await repository.CompareAsync(snapshot, request.Target, meter, cancellation)).Count == 0
                ? new RestoreReport(snapshot.Id, request.Target, false, snapshot.Statistics.Files, snapshot.Statistics.Folders, snapshot.Statistics.Links, snapshot.Statistics.Bytes, 0, 0, 0, 0, [], [])
                : throw new TargetNotEmptyException(request.Target);
        }

        // Its own name for every operation: two restores to one target must not empty each other's folder, nor anybody else's.
        var partial = $"{request.Target.TrimEnd(Path.DirectorySeparatorChar)}.{request.Operation[(request.Operation.LastIndexOf('_') + 1)..]}.restoring";
        ScratchFolders.Remove(partial);
        var report = await repository.RestoreAsync(snapshot, order with { Target = partial }, meter, cancellation);
        if (Directory.Exists(request.Target))
        {
            Directory.Delete(request.Target);
        }

        Directory.Move(partial, request.Target);
        return report with { Target = request.Target };
    }

    private BackupPolicy Policy(BackupRunRef run) =>
        plan.Current.FindBackup(run.Policy) ?? throw new InvalidOperationException($"The plan no longer has the backup policy '{run.Policy}'.");
}
