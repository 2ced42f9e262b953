using Maintenance.Backups;
using Maintenance.Backups.Repository;

namespace Maintenance.Tests.Services;

/// <summary>Long work done piece after piece, as its workflow orders it, for tests of what it comes to.</summary>
internal static class WholeWork
{
    /// <summary>Takes the snapshot of a run.</summary>
    public static async Task<TakenSnapshot> TakeSnapshotAsync(this BackupActivities backups, BackupRunRef run, CancellationToken cancellation)
    {
        var outline = await backups.PlanSnapshotAsync(run, cancellation);
        for (var part = 0; part < outline.Parts; part++)
        {
            for (var number = 0; !(await backups.TakeSliceAsync(new SnapshotSliceRef(run, part, number), cancellation)).IsLast;)
            {
                number++;
            }
        }

        return await backups.FinishSnapshotAsync(run, cancellation);
    }

    /// <summary>Proves the snapshot of a run.</summary>
    public static async Task<IReadOnlyList<string>> ProveSnapshotAsync(this BackupActivities backups, BackupRunRef run, CancellationToken cancellation)
    {
        var starts = await backups.PlanProofAsync(run, cancellation);
        var differences = new List<string>();
        for (var part = 0; part < starts.Count; part++)
        {
            for (var from = new ProofCursor(starts[part]); ;)
            {
                var slice = await backups.ProveSliceAsync(new ProofSliceRef(run, part, from, part + 1 < starts.Count ? starts[part + 1] : null), cancellation);
                differences.AddRange(slice.Differences);
                if (slice.Next is not { } next)
                {
                    break;
                }

                from = next;
            }
        }

        return differences;
    }

    /// <summary>Restores a snapshot.</summary>
    public static async Task<RestoreReport> RestoreSnapshotAsync(this BackupActivities backups, RestoreSnapshotRequest request, CancellationToken cancellation)
    {
        var outline = await backups.PlanRestoreAsync(request, cancellation);
        RestoreReport? report = null;
        for (var part = 0; part < outline.Starts.Count; part++)
        {
            for (var from = new RestoreCursor(outline.Starts[part]); ;)
            {
                var slice = await backups.RestoreSliceAsync(new RestoreSliceRef(request, part, from, part + 1 < outline.Starts.Count ? outline.Starts[part + 1] : null), cancellation);
                report = report?.Plus(slice.Report) ?? slice.Report;
                if (slice.Next is not { } next)
                {
                    break;
                }

                from = next;
            }
        }

        return report!;
    }
}
