using Maintenance.Notifications;
using Maintenance.Plan;

namespace Maintenance.Backups;

/// <summary>Where a host lets backups be written that are not theirs to keep.</summary>
/// <param name="Scratch">An absolute folder for proofs: emptied by each.</param>
/// <param name="Restored">
/// An absolute folder below which people who are not the machine's operator may restore; null where the host has none that anybody could reach.
/// </param>
public sealed record BackupFolders(string Scratch, string? Restored);

/// <summary>The steps of the backup workflows. Each may run twice; the second time finds what the first left.</summary>
public sealed class BackupActivities(
    SnapshotStore snapshots, BackupService backups, ActivePlan plan, NotificationService notifications, BackupFolders folders)
{
    /// <summary>A workflow's history is no place for a list of a million files.</summary>
    private const int MostProblems = 20;

    /// <summary>Takes the snapshot of a run.</summary>
    /// <exception cref="InvalidOperationException">The plan no longer has the policy.</exception>
    public async Task<TakenSnapshot> TakeSnapshotAsync(BackupRunRef run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        var policy = plan.Current.FindBackup(run.Policy) ?? throw new InvalidOperationException($"The plan no longer has the backup policy '{run.Policy}'.");
        var snapshot = await snapshots.TakeAsync(run.Run, policy.Id, policy.Folder, policy.Exclude, cancellation);
        return new TakenSnapshot(snapshot.Id, snapshot.TakenAt, snapshot.Files, snapshot.Bytes, snapshot.NewBytes, First(snapshot.Problems));
    }

    /// <summary>Restores the snapshot of a run into a scratch folder and compares it with the manifest: contents, modes, times.</summary>
    /// <returns>The first differences; empty where it restores as it was.</returns>
    public async Task<IReadOnlyList<string>> ProveSnapshotAsync(BackupRunRef run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        var snapshot = await snapshots.FindAsync(run.Run, cancellation) ?? throw new InvalidOperationException($"The snapshot '{run.Run}' is gone.");
        var scratch = Path.Join(folders.Scratch, run.Run);
        Remove(scratch);
        try
        {
            var losses = await FolderTarget.RestoreAsync(snapshots, snapshot, scratch, cancellation);
            var differences = await FolderTarget.CompareAsync(snapshot, scratch, cancellation);
            return First([.. losses, .. differences]);
        }
        finally
        {
            Remove(scratch);
        }
    }

    /// <summary>Records what a run came to.</summary>
    public Task<BackupRun> RecordBackupAsync(BackupResult result, CancellationToken cancellation) => backups.EndAsync(result, cancellation);

    /// <summary>Tells the policy's people of a run that did not end proven. A step of its own, since a relay may be down for longer than a record may wait.</summary>
    public async Task<BackupRunRef> ReportBackupAsync(BackupRunRef run, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (await backups.FindRunAsync(run.Run, cancellation) is { } ended && plan.Current.FindBackup(run.Policy) is { } policy)
        {
            var what = ended.State == BackupRunState.Failed ? "failed" : "is not proven";
            var text = $"The backup {ended.Id} of '{policy.Service}' {what}:\n{string.Join('\n', ended.Problems ?? [])}";
            await notifications.NotifyAsync(
                plan.Current, new Notification($"backup/{ended.Id}", $"Backup {policy.Id} {what}", text, "/backups/" + policy.Id), policy.Notify, [], cancellation);
        }

        return run;
    }

    /// <summary>
    /// Restores a snapshot on request: into a folder beside the target, which takes the target's name once it is whole. So a restore that was cut off never
    /// passes for one that was not, and running it again starts afresh.
    /// </summary>
    public async Task<SnapshotReport> RestoreSnapshotAsync(SnapshotRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var snapshot = await LoadAsync(request, cancellation);
        var target = request.Target ?? throw new InvalidOperationException("A restore needs a target folder.");
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
        {
            // The last try may have ended between the renaming and the record of it.
            return (await FolderTarget.CompareAsync(snapshot, target, cancellation)).Count == 0
                ? new SnapshotReport(snapshot.Id, target, snapshot.Files, snapshot.Bytes, [])
                : throw new IOException($"The target '{target}' is not empty; a restore never writes over anything. Name a folder that is empty or does not exist.");
        }

        // Its own name for every operation: two restores to one target must not empty each other's folder, nor anybody else's.
        var partial = $"{target.TrimEnd(Path.DirectorySeparatorChar)}.{request.Operation[(request.Operation.LastIndexOf('_') + 1)..]}.restoring";
        Remove(partial);
        var damage = await FolderTarget.RestoreAsync(snapshots, snapshot, partial, cancellation);
        if (Directory.Exists(target))
        {
            Directory.Delete(target);
        }

        Directory.Move(partial, target);
        return new SnapshotReport(snapshot.Id, target, snapshot.Files, snapshot.Bytes, First(damage));
    }

    /// <summary>Reads and checks every byte of a snapshot.</summary>
    public async Task<SnapshotReport> VerifySnapshotAsync(SnapshotRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var snapshot = await LoadAsync(request, cancellation);
        return new SnapshotReport(snapshot.Id, null, snapshot.Files, snapshot.Bytes, First(await snapshots.VerifyAsync(snapshot, cancellation)));
    }

    private async Task<Snapshot> LoadAsync(SnapshotRequest request, CancellationToken cancellation) =>
        await snapshots.FindAsync(request.Snapshot, cancellation) ?? throw new InvalidOperationException($"The snapshot '{request.Snapshot}' is gone.");

    private static IReadOnlyList<string> First(IReadOnlyList<string> problems) =>
        problems.Count <= MostProblems ? problems : [.. problems.Take(MostProblems), $"… and {problems.Count - MostProblems} more."];

    /// <summary>Removes a scratch folder, also one whose folders forbid writing (a restored mode may).</summary>
    private static void Remove(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        if (!OperatingSystem.IsWindows())
        {
            foreach (var inside in Directory.EnumerateDirectories(folder, "*", new EnumerationOptions { RecurseSubdirectories = false, AttributesToSkip = FileAttributes.None }))
            {
                Unlock(inside);
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void Unlock(string folder)
    {
        var info = new DirectoryInfo(folder);
        if (info.LinkTarget is not null)
        {
            return;
        }

        info.UnixFileMode |= UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (var inside in info.EnumerateDirectories())
        {
            Unlock(inside.FullName);
        }
    }
}
