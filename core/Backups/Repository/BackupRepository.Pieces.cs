using Maintenance.Backups.Sources;

namespace Maintenance.Backups.Repository;

/// <summary>What takes long, in pieces: of each one knows where it ended, and any worker goes on from there.</summary>
public sealed partial class BackupRepository
{
    /// <summary>Plans a snapshot that is taken piece by piece (<see cref="TakeSliceAsync"/>), or finds its plan.</summary>
    /// <param name="order">What it is to be.</param>
    /// <param name="source">What will be read.</param>
    /// <param name="sizing">Into how many parts it may be cut.</param>
    /// <param name="budget">How long to look for where to cut.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many parts there are; none where the snapshot is there already.</returns>
    public async Task<SnapshotOutline> PlanAsync(SnapshotOrder order, ISnapshotSource source, SliceSizing sizing, WorkBudget budget, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(sizing);
        ArgumentNullException.ThrowIfNull(budget);
        return await FindAsync(order.Id, cancellation) is null
            ? new SnapshotOutline((await Sliced(order).PlanAsync(source, await ParentAsync(order, source, cancellation), sizing, budget, cancellation)).Parts)
            : new SnapshotOutline(0);
    }

    /// <summary>Takes a slice of a part of a planned snapshot, or finds it.</summary>
    /// <param name="order">As it was planned.</param>
    /// <param name="source">What is read: a part of it.</param>
    /// <param name="part">The part, from 0.</param>
    /// <param name="number">The slice: 0, and one more after each that was not the last of its part.</param>
    /// <param name="budget">When to put down where it is; a source that is not resumable is read to its end.</param>
    /// <param name="progress">Is told a few times a second; null for nobody.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">It is not planned.</exception>
    /// <exception cref="IOException">The source as a whole cannot be read, or it all has taken too long.</exception>
    /// <exception cref="RepositoryWriteException">The repository cannot be written.</exception>
    public async Task<SliceReport> TakeSliceAsync(
        SnapshotOrder order, ISnapshotSource source, int part, int number, WorkBudget budget, IProgress<BackupProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(budget);
        var sliced = Sliced(order);
        var slice = await sliced.TakeAsync(await PlanOfAsync(sliced, order, cancellation), source, part, number, budget, progress, cancellation);
        return new SliceReport(slice.IsLast, slice.Statistics.Files, slice.Statistics.Bytes);
    }

    /// <summary>Makes the snapshot of its slices, or finds it.</summary>
    /// <exception cref="InvalidOperationException">It is not planned.</exception>
    /// <exception cref="IOException">A part is not whole, or it all has taken too long.</exception>
    public async Task<Snapshot> FinishAsync(SnapshotOrder order, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        var sliced = Sliced(order);
        if (await FindAsync(order.Id, cancellation) is not { } done)
        {
            return await sliced.FinishAsync(await PlanOfAsync(sliced, order, cancellation), cancellation);
        }

        await AbandonAsync(order, cancellation);
        return done;
    }

    /// <summary>Removes the plan and the slices of a snapshot. What they stored stays for the next backup.</summary>
    public async Task AbandonAsync(SnapshotOrder order, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (await Sliced(order).FindPlanAsync(cancellation) is { } plan)
        {
            await SlicedSnapshot.ForgetAsync(_store, plan);
        }
    }

    /// <summary>Restores a piece into a place that is no folder.</summary>
    /// <returns>What was done, and where to go on; null where the piece is done, as it is at once where the target can only be written at one go.</returns>
    /// <exception cref="IOException">The place refuses, or cannot be completed.</exception>
    internal async Task<(RestoreReport Report, RestoreCursor? Next)> RestoreAsync(
        Snapshot snapshot, ISnapshotTarget target, IReadOnlyList<string> paths, PlacePiece piece, IProgress<BackupProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(target);
        await using var view = await ReadAsync($"restore {snapshot.Id}", cancellation);
        using var reader = new ChunkReader(_store, _keys, view.Index);
        return await new PlaceRestore(reader, target, new ProgressMeter("restoring", progress, _time, snapshot.Statistics.Files, snapshot.Statistics.Bytes))
            .RestoreAsync(snapshot, paths, piece, cancellation);
    }

    /// <summary>Where to cut the list of entries, so that the parts weigh about the same: the number of the first entry of every part but the first.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="sizing">Into how many parts.</param>
    /// <param name="isWithNext">True for an entry that must stay with the next one.</param>
    /// <param name="cancellation">Gives up.</param>
    internal async Task<IReadOnlyList<long>> CutsAsync(Snapshot snapshot, SliceSizing sizing, Func<TreeEntry, bool> isWithNext, CancellationToken cancellation)
    {
        if (sizing.MostParts <= 1)
        {
            return [];
        }

        var sampler = new CutSampler<long>(sizing);
        long next = 0;
        try
        {
            await foreach (var entry in EntriesAsync(snapshot, cancellation))
            {
                sampler.Add(++next, entry.Kind == TreeEntryKind.File ? entry.Length : 0, !isWithNext(entry));
            }
        }
        catch (InvalidDataException)
        {
            // The list is damaged from here on: the part that comes to it says so.
        }

        return sampler.Cuts();
    }

    /// <summary>Proves a part of a snapshot, batch by batch.</summary>
    internal async Task<(IReadOnlyList<string> Differences, ProofCursor? Next)> ProveAsync(
        Snapshot snapshot, RestoreOrder order, ProofCursor from, long? until, long batchBytes, WorkBudget budget, IProgress<BackupProgress>? progress, CancellationToken cancellation)
    {
        await using var view = await ReadAsync($"proof {snapshot.Id}", cancellation);
        var meter = new ProgressMeter("proving", progress, _time, snapshot.Statistics.Files, snapshot.Statistics.Bytes);
        return await new RollingProof(_store, _keys, view.Index, meter).ProveAsync(snapshot, order, from, until, batchBytes, budget, cancellation);
    }

    private SlicedSnapshot Sliced(SnapshotOrder order) => new(_store, _keys, order, _time);

    private static async Task<SnapshotPlan> PlanOfAsync(SlicedSnapshot sliced, SnapshotOrder order, CancellationToken cancellation) =>
        await sliced.FindPlanAsync(cancellation) ?? throw new InvalidOperationException($"The snapshot '{order.Id}' is not planned: it was given up, or its plan was removed.");
}
