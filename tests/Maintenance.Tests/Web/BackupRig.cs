using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Storage;

namespace Maintenance.Tests.Web;

/// <summary>Snapshots for tests of routes: taken at once, without a workflow.</summary>
internal static class BackupRig
{
    /// <summary>Takes a snapshot of the rig's source and records its run.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> TakeAsync(this WebRig rig, DateTimeOffset at, BackupRunState state = BackupRunState.Proven)
    {
        var id = BackupPlanning.RunId("nightly", at);
        var repository = await rig.Get<BackupRepositories>().OpenAsync(default);
        await using var source = new FolderSource(rig.PathOf("source"), [], oneFileSystem: false);
        var snapshot = await repository.TakeAsync(new SnapshotOrder(id, "nightly"), source, null, default);
        var run = new BackupRun(id, "nightly", at, BackupTrigger.Schedule, state, at, at, at, 1, snapshot.Statistics.Bytes);
        Assert.True(await rig.Get<IRecordStore>().TryInsertAsync(Tables.Backups, "nightly", "run_" + id[(id.LastIndexOf('_') + 1)..], run, default));
        return id;
    }
}
