using System.Globalization;
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
public sealed record BackupFolders(string Scratch, string? Restored, int Workers = 1)
{
    /// <summary>How many bytes the scratch folder takes: a snapshot that has more is proven batch by batch.</summary>
    public long ScratchBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// How many bytes the scratch folder takes of a policy's snapshot. The own records come with every file that people ever attached, several times a day, onto the disk on
    /// which the records themselves are written: of them it is never more than 1 GiB, unless a check of the plan's needs the whole.
    /// </summary>
    /// <param name="policy">The policy; null where the plan has it no more.</param>
    public long BytesFor(BackupPolicy? policy) => policy is { Source.Kind: BackupSourceKind.Records, Proof.Command.Count: 0 } ? Math.Min(ScratchBytes, 1L << 30) : ScratchBytes;
}

/// <summary>Into what pieces a host cuts long work. Every piece ends in a record of where it is: a worker that is ended costs no more than the piece it was at.</summary>
/// <param name="Length">How long a piece may take, about.</param>
/// <param name="Parts">How many parts may run beside each other, each on a worker of its own.</param>
public sealed record BackupPieces(TimeSpan Length, int Parts)
{
    /// <summary>For a host of one machine, whose threads already work beside each other.</summary>
    public static BackupPieces OfOneMachine { get; } = new(TimeSpan.FromMinutes(8), 1);

    /// <summary>How many bytes a part should have at least: what is smaller is not worth a worker of its own.</summary>
    public long LeastBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary>How many parts there may be, and how small.</summary>
    internal SliceSizing Sizing => new(Parts, LeastBytes);

    /// <summary>Begins a piece.</summary>
    internal WorkBudget Begin(TimeProvider time) => WorkBudget.Begin(time, Length);
}

/// <summary>The steps that take, prove and restore a snapshot. Each may run twice; the second time finds what the first left.</summary>
public sealed class BackupActivities(
    BackupRepositories repositories,
    ISnapshotPlaces places,
    IProgramRunner programs,
    BackupService backups,
    ActivePlan plan,
    NotificationService notifications,
    OperationProgress progress,
    BackupFolders folders,
    BackupPieces pieces,
    TimeProvider time)
{
    /// <summary>Plans the snapshot of a run.</summary>
    /// <returns>How many parts there are to take; none where it is taken.</returns>
    /// <exception cref="InvalidOperationException">The plan no longer has the policy.</exception>
    public async Task<SnapshotOutline> PlanSnapshotAsync(BackupRunRef run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        var policy = Policy(run);
        var repository = await repositories.OpenAsync(cancellation);
        await using var source = await places.OpenSourceAsync(policy, cancellation);
        return await repository.PlanAsync(Order(run, policy), source, pieces.Sizing, pieces.Begin(time), cancellation);
    }

    /// <summary>Takes a slice of a part of the snapshot of a run.</summary>
    /// <exception cref="InvalidOperationException">The plan no longer has the policy.</exception>
    public async Task<SliceReport> TakeSliceAsync(SnapshotSliceRef slice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(slice);
        var policy = Policy(slice.Run);
        var repository = await repositories.OpenAsync(cancellation);
        await using var source = await places.OpenSourceAsync(policy, cancellation);
        return await progress.RunAsync(
            "backup_" + slice.Run.Run, meter => repository.TakeSliceAsync(Order(slice.Run, policy), source, slice.Part, slice.Number, pieces.Begin(time), meter, cancellation));
    }

    /// <summary>Makes the snapshot of its slices.</summary>
    /// <exception cref="InvalidOperationException">The plan no longer has the policy.</exception>
    public async Task<TakenSnapshot> FinishSnapshotAsync(BackupRunRef run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        var repository = await repositories.OpenAsync(cancellation);
        var snapshot = await repository.FinishAsync(Order(run, Policy(run)), cancellation);
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

    /// <summary>Where the parts of the proof of a run's snapshot begin: one that fits into the scratch folder is proven as a whole.</summary>
    public async Task<IReadOnlyList<long>> PlanProofAsync(BackupRunRef run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        var repository = await repositories.OpenAsync(cancellation);
        var snapshot = await RequireAsync(repository, run.Run, cancellation);
        return snapshot.Statistics.Bytes <= folders.BytesFor(plan.Current.FindBackup(run.Policy)) ? [0] : [0, .. await repository.CutsAsync(snapshot, pieces.Sizing, static _ => false, cancellation)];
    }

    /// <summary>
    /// Restores a slice of the snapshot of a run into a scratch folder, compares it with the manifest, and runs the policy's own checks.
    /// </summary>
    public async Task<ProofSlice> ProveSliceAsync(ProofSliceRef slice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(slice);
        var run = slice.Run;
        var repository = await repositories.OpenAsync(cancellation);
        var snapshot = await RequireAsync(repository, run.Run, cancellation);
        var scratch = Path.Join(folders.Scratch, slice.Part == 0 ? run.Run : string.Create(CultureInfo.InvariantCulture, $"{run.Run}-{slice.Part}"));
        return await progress.RunAsync(run.Operation ?? "backup_" + run.Run, async meter =>
        {
            var scratchBytes = folders.BytesFor(plan.Current.FindBackup(run.Policy));
            if (snapshot.Statistics.Bytes <= scratchBytes)
            {
                return new ProofSlice(null, await ProveWholeAsync(repository, snapshot, run, scratch, meter, cancellation));
            }

            var (differences, next) = await repository.ProveAsync(
                snapshot, new RestoreOrder(scratch) { Workers = folders.Workers }, slice.From, slice.Until, scratchBytes, pieces.Begin(time), meter, cancellation);
            var failures = slice is { Part: 0, From: { Entry: 0, Chunk: 0 } } && plan.Current.FindBackup(run.Policy) is { } policy
                ? await ProofChecks.RunWithoutFolderAsync(policy.Proof, snapshot, repository.EntriesAsync(snapshot, cancellation), scratchBytes)
                : [];
            return new ProofSlice(next, HistoryText.First([.. differences, .. failures], differences.Count + failures.Count));
        });
    }

    /// <summary>Removes what the pieces of a snapshot that was not completed left in the repository. What they stored stays for the next one.</summary>
    public async Task<BackupRunRef> AbandonSnapshotAsync(BackupRunRef run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        var repository = await repositories.OpenAsync(cancellation);
        await repository.AbandonAsync(new SnapshotOrder(run.Run, run.Policy), cancellation);
        return run;
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

    /// <summary>Where the parts of a restore begin.</summary>
    public async Task<RestoreOutline> PlanRestoreAsync(RestoreSnapshotRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        await using var place = request.IsDryRun ? null : await places.OpenTargetAsync(request.Target, cancellation);
        if (place is not { IsResumable: true })
        {
            return new RestoreOutline([0], IsResumable: false);
        }

        var repository = await repositories.OpenAsync(request.Copy, cancellation);
        var snapshot = await RequireAsync(repository, request.Snapshot, cancellation);
        return new RestoreOutline([0, .. await repository.CutsAsync(snapshot, pieces.Sizing, place.IsPrelude, cancellation)], IsResumable: true);
    }

    /// <summary>
    /// Restores a slice of a snapshot on request. Into an empty folder it goes at one go, through a folder beside it, which takes the target's name once it is whole:
    /// so a restore that was cut off never passes for one that was not, and running it again starts afresh.
    /// </summary>
    public async Task<RestoredSlice> RestoreSliceAsync(RestoreSliceRef slice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(slice);
        var request = slice.Request;
        var repository = await repositories.OpenAsync(request.Copy, cancellation);
        var snapshot = await RequireAsync(repository, request.Snapshot, cancellation);
        var (report, next) = await progress.RunAsync(request.Operation, meter => RestoreAsync(repository, snapshot, slice, meter, cancellation));
        return new RestoredSlice(next, report with { Losses = HistoryText.First(report.Losses, report.LossCount), Warnings = HistoryText.First(report.Warnings, report.Warnings.Count) });
    }

    /// <summary>The copies that the run's policy asks for.</summary>
    public Task<IReadOnlyList<string>> FindCopiesAsync(BackupRunRef run, CancellationToken cancellation) =>
        Task.FromResult(plan.Current.FindBackup(run.Policy)?.Copies ?? []);

    private static async Task<Snapshot> RequireAsync(BackupRepository repository, string id, CancellationToken cancellation) =>
        await repository.FindAsync(id, cancellation) ?? throw new InvalidOperationException($"The snapshot '{id}' is gone.");

    private SnapshotOrder Order(BackupRunRef run, BackupPolicy policy) => new(run.Run, policy.Id)
    {
        Compression = policy.Compression,
        Workers = folders.Workers,
        Scope = policy.Exclude.Count == 0 && !policy.Source.IsOneFileSystem ? null : string.Join('\n', [.. policy.Exclude, policy.Source.IsOneFileSystem ? "one file system" : "all file systems"]),
    };

    private async Task<IReadOnlyList<string>> ProveWholeAsync(
        BackupRepository repository, Snapshot snapshot, BackupRunRef run, string scratch, IProgress<BackupProgress> meter, CancellationToken cancellation)
    {
        ScratchFolders.Remove(scratch);
        try
        {
            var restored = await repository.RestoreAsync(snapshot, new RestoreOrder(scratch) { Workers = folders.Workers }, meter, cancellation);
            var differences = await repository.CompareAsync(snapshot, scratch, meter, cancellation);
            var failures = plan.Current.FindBackup(run.Policy) is { } policy ? await ProofChecks.RunAsync(policy.Proof, snapshot, scratch, programs, cancellation) : [];
            return HistoryText.First([.. restored.Losses, .. differences, .. failures], restored.LossCount + differences.Count + failures.Count);
        }
        finally
        {
            ScratchFolders.Remove(scratch);
        }
    }

    private async Task<(RestoreReport Report, RestoreCursor? Next)> RestoreAsync(
        BackupRepository repository, Snapshot snapshot, RestoreSliceRef slice, IProgress<BackupProgress> meter, CancellationToken cancellation)
    {
        var request = slice.Request;
        await using var place = await places.OpenTargetAsync(request.Target, cancellation);
        if (place is null)
        {
            return (await RestoreToFolderAsync(repository, snapshot, request, meter, cancellation), null);
        }

        return request.IsDryRun
            ? (new RestoreReport(snapshot.Id, place.Description, true, snapshot.Statistics.Files, snapshot.Statistics.Folders, snapshot.Statistics.Links, snapshot.Statistics.Bytes, 0, 0, 0, 0, [], []), null)
            : await repository.RestoreAsync(snapshot, place, request.Paths, new PlacePiece(slice.From, slice.Until, request.Operation, pieces.Begin(time)), meter, cancellation);
    }

    private async Task<RestoreReport> RestoreToFolderAsync(
        BackupRepository repository, Snapshot snapshot, RestoreSnapshotRequest request, IProgress<BackupProgress> meter, CancellationToken cancellation)
    {
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
