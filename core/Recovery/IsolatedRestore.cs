using Maintenance.Backups;
using Maintenance.Backups.Repository;

namespace Maintenance.Recovery;

/// <summary>Restores into a folder of its own, which gets its name once it is whole: what a crash cut off never passes for what it should have become.</summary>
internal static class IsolatedRestore
{
    /// <summary>Where a restore lies that is not whole.</summary>
    public static string PartialOf(string isolated) => isolated + ".partial";

    /// <summary>Restores, unless an earlier call has.</summary>
    /// <returns>What was restored; with losses the folder does not get its name.</returns>
    public static async Task<RestoreReport> RunAsync(
        BackupRepository repository, Snapshot snapshot, string isolated, int workers, IProgress<BackupProgress> meter, CancellationToken cancellation)
    {
        if (Directory.Exists(isolated))
        {
            // An earlier try ended between the renaming and the record of it.
            var known = snapshot.Statistics;
            return new RestoreReport(snapshot.Id, isolated, false, known.Files, known.Folders, known.Links, known.Bytes, 0, 0, 0, 0, [], []);
        }

        var partial = PartialOf(isolated);
        ScratchFolders.Remove(partial);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(isolated)!);
        var report = await repository.RestoreAsync(snapshot, new RestoreOrder(partial) { Workers = workers }, meter, cancellation);
        if (report.LossCount == 0)
        {
            Directory.Move(partial, isolated);
        }

        return report with { Target = isolated };
    }
}
