using Maintenance.Backups.Sources;
using Maintenance.Storage;

namespace Maintenance.Backups.Repository;

/// <summary>
/// Takes a snapshot in pieces: a plan, then slices, by any number of workers, then the manifest. Every piece can be done again; what one has stored is found by
/// whoever does it again. What the pieces leave in the repository until the manifest is there: <see cref="SnapshotPlan"/>, a <see cref="SnapshotSlice"/> for each
/// that has ended, and one session over all of them.
/// </summary>
internal sealed class SlicedSnapshot(IObjectStore store, RepositoryKeys keys, SnapshotOrder order, TimeProvider time)
{
    private readonly SealedObjects _objects = new(store, keys);

    /// <summary>Plans it, unless it is planned.</summary>
    /// <param name="source">What will be read.</param>
    /// <param name="parent">What it will be compared with, or null.</param>
    /// <param name="sizing">How many parts there may be, and how large each should be at least.</param>
    /// <param name="budget">How long to look for where to cut.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<SnapshotPlan> PlanAsync(ISnapshotSource source, Snapshot? parent, SliceSizing sizing, WorkBudget budget, CancellationToken cancellation)
    {
        if (await FindPlanAsync(cancellation) is { } planned)
        {
            return planned;
        }

        var (session, known) = await RepositoryView.BeginSessionAsync(store, keys, order.Id, time, cancellation);
        var cuts = !source.IsResumable ? null : sizing.MostParts > 1 ? await CutsAsync(source, sizing, budget, cancellation) : [];
        var plan = new SnapshotPlan(
            order.Id, order.Policy, source.Description, session, known, parent?.Id, cuts ?? [], source.Order != SourceOrder.ByFolder, IsAtOneGo: cuts is null, order.Scope);
        return await _objects.PutAsync(RepositoryLayout.PlanOf(order.Id), plan, cancellation)
            ? plan
            : await FindPlanAsync(cancellation) ?? throw new IOException($"The store says that it has the plan of '{order.Id}', and does not return it.");
    }

    /// <summary>The plan, or null.</summary>
    public Task<SnapshotPlan?> FindPlanAsync(CancellationToken cancellation) => _objects.FindAsync<SnapshotPlan>(RepositoryLayout.PlanOf(order.Id), cancellation);

    /// <summary>Takes the next slice of a part.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="source">What is read.</param>
    /// <param name="part">The part.</param>
    /// <param name="number">The slice: 0, and one more after each that was not the last.</param>
    /// <param name="budget">When to put down where it is.</param>
    /// <param name="progress">Is told; null for nobody.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such part, or slices before it are missing.</exception>
    /// <exception cref="IOException">The source as a whole cannot be read, or is another one than was planned.</exception>
    public async Task<SnapshotSlice> TakeAsync(
        SnapshotPlan plan, ISnapshotSource source, int part, int number, WorkBudget budget, IProgress<BackupProgress>? progress, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(part, plan.Parts);
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        if (plan.Source != source.Description)
        {
            throw new IOException($"The source is now {source.Description}; this backup began with {plan.Source}. The next one begins anew.");
        }

        if (plan.Scope != order.Scope)
        {
            throw new IOException("What the policy leaves out of its source has changed since this backup began. The next one begins anew.");
        }

        ThrowIfTooOld(plan);
        var slices = await SlicesAsync(plan, part, cancellation);
        if (number < slices.Count)
        {
            // Done before, by somebody who died before he could say so.
            return slices[number];
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, slices.Count);
        var parent = plan.Parent is { } id ? await FindParentAsync(id, cancellation) : null;
        var range = plan.Range(part);
        range = range with { After = slices.LastOrDefault(static slice => slice.Last is not null)?.Last ?? range.After };
        await using var view = await RepositoryView.ForSliceAsync(store, keys, plan.Session, plan.Known, cancellation);
        var slice = await new SnapshotWriter(store, keys, view, order, time, progress).TakeSliceAsync(source, parent, range, CarriedFile.Of(slices), plan.IsAtOneGo ? WorkBudget.Unlimited : budget, cancellation);
        slice = slice with { Part = part, Number = number };
        var name = RepositoryLayout.Slice(plan.Id, plan.Session.Id, part, number);
        return await _objects.PutAsync(name, slice, cancellation)
            ? slice
            : await _objects.FindAsync<SnapshotSlice>(name, cancellation) ?? throw new IOException($"The store says that it has '{name}', and does not return it.");
    }

    /// <summary>Stores the manifest, once every part is whole, and removes what led to it.</summary>
    /// <exception cref="IOException">A part is not whole, or it all took too long.</exception>
    public async Task<Snapshot> FinishAsync(SnapshotPlan plan, CancellationToken cancellation)
    {
        ThrowIfTooOld(plan);
        var slices = new List<SnapshotSlice>();
        for (var part = 0; part < plan.Parts; part++)
        {
            var ofPart = await SlicesAsync(plan, part, cancellation);
            if (ofPart is not [.., { IsLast: true }])
            {
                throw new IOException($"Part {part + 1} of {plan.Parts} of the snapshot '{order.Id}' is not whole.");
            }

            slices.AddRange(ofPart);
        }

        // Every slice lists the source from its beginning, and hears again what the source says of itself: the same line is told once.
        var problems = slices.SelectMany(static slice => slice.Problems).Distinct(StringComparer.Ordinal).ToList();
        var notes = slices.SelectMany(static slice => slice.Notes).Distinct(StringComparer.Ordinal).ToList();
        var statistics = slices.Select(static slice => slice.Statistics).Aggregate(static (sum, next) => sum.Plus(next)) with
        {
            // Of what was not kept in words only the numbers are known.
            Problems = problems.Count + slices.Max(static slice => slice.Statistics.Problems - slice.Problems.Count),
            Notes = notes.Count + slices.Max(static slice => slice.Statistics.Notes - slice.Notes.Count),
        };
        var snapshot = new Snapshot(
            plan.Id,
            plan.Policy,
            plan.Source,
            plan.Session.StartedAt,
            time.GetUtcNow(),
            plan.Parent,
            [.. slices.SelectMany(static slice => slice.Tree)],
            statistics,
            [.. problems.Take(SourceFindings.MostKept)],
            [.. notes.Take(SourceFindings.MostKept)],
            plan.IsByName);
        if (!await store.ExistsAsync(RepositoryLayout.Sessions + plan.Session.Id, cancellation))
        {
            // Given up meanwhile, or taken for dead by a clock that is ahead: since then nobody keeps what the slices rely on.
            throw new IOException($"The snapshot '{order.Id}' was given up: what it relies on may have been pruned.");
        }

        snapshot = await SnapshotWriter.PutAsync(_objects, snapshot, cancellation);
        await ForgetAsync(store, plan);
        return snapshot;
    }

    /// <summary>
    /// Removes what a snapshot that was taken, or given up, left on the way: the plan last, by which what is left would be found again. What was stored stays for the
    /// next backup.
    /// </summary>
    public static async Task ForgetAsync(IObjectStore store, SnapshotPlan plan)
    {
        var names = new List<string>();
        try
        {
            await foreach (var item in store.ListAsync(RepositoryLayout.PartsOf(plan.Id), CancellationToken.None))
            {
                names.Add(item.Name);
            }

            foreach (var name in names.Order(StringComparer.Ordinal))
            {
                _ = await store.DeleteAsync(name, CancellationToken.None);
            }
        }
        catch (Exception error) when (error is IOException or TimeoutException or UnauthorizedAccessException)
        {
            // A store that keeps everything for a while: the next prune removes what is left.
        }

        await RepositoryView.EndSessionAsync(store, plan.Session.Id);
    }

    private void ThrowIfTooOld(SnapshotPlan plan)
    {
        if (time.GetUtcNow() - plan.Session.StartedAt > RepositorySession.Longest)
        {
            throw SnapshotWriter.TooLong();
        }
    }

    /// <summary>The slices of a part that there are, in order, up to the first that is missing.</summary>
    private async Task<IReadOnlyList<SnapshotSlice>> SlicesAsync(SnapshotPlan plan, int part, CancellationToken cancellation)
    {
        var slices = new List<SnapshotSlice>();
        while (await _objects.FindAsync<SnapshotSlice>(RepositoryLayout.Slice(plan.Id, plan.Session.Id, part, slices.Count), cancellation) is { } slice)
        {
            slices.Add(slice);
        }

        return slices;
    }

    private async Task<Snapshot?> FindParentAsync(string id, CancellationToken cancellation)
    {
        try
        {
            return await _objects.FindAsync<Snapshot>(RepositoryLayout.Snapshot(order.Policy, id), cancellation);
        }
        catch (InvalidDataException)
        {
            // Damaged since: what comes is read and compared by its contents.
            return null;
        }
    }

    /// <summary>
    /// Where to cut: the source is listed once, and a path is noted whenever enough has come together. A listing that takes longer than the budget is not cut further,
    /// and the last part is longer than the others; whether it keeps to its order is looked at to its end, or a slice would meet what nobody had planned for.
    /// </summary>
    /// <returns>Null where the source does not keep to its own order: then nothing can be said of what a part of it has.</returns>
    private static async Task<IReadOnlyList<string>?> CutsAsync(ISnapshotSource source, SliceSizing sizing, WorkBudget budget, CancellationToken cancellation)
    {
        var sampler = new CutSampler<string>(sizing);
        string? former = null;
        var isOver = false;
        await foreach (var entry in source.ScanAsync(new SourceFindings(), cancellation))
        {
            if (former is not null && source.Order.Compare(former, entry.Path) >= 0)
            {
                return null;
            }

            former = entry.Path;
            if (!(isOver |= budget.IsSpent))
            {
                sampler.Add(entry.Path, entry.Kind == TreeEntryKind.File ? entry.Length : 0, !source.IsPrelude(entry));
            }
        }

        return sampler.Cuts();
    }
}
