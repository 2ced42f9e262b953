using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Workflows;

namespace Maintenance.Rollouts;

/// <summary>Rollouts: starts them, takes what people decide, and answers what is known. What was decided is stored before the workflow is woken.</summary>
public sealed class RolloutService(IRecordStore records, IWorkflows workflows, ActivePlan plan, TimeProvider time)
{
    private const string Row = "rollout";
    private const string Index = "rollouts";

    /// <summary>Starts the rollout of an approved request, unless it has one. Where the plan has no rings, or the request no targets in any, there is none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="artifact">The hash that was approved, or null.</param>
    /// <param name="approvers">The ids of those who approved.</param>
    /// <param name="cancellation">Stops between two writes; calling again goes on.</param>
    public async Task StartAsync(PatchRequest request, string? artifact, IReadOnlyList<string> approvers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(approvers);
        var current = plan.Current;
        var rings = RolloutScript.Of(current.Patching.Rings, request);
        if (rings.Count == 0)
        {
            return;
        }

        if (await FindAsync(request.Id, cancellation) is not { } run)
        {
            var now = time.GetUtcNow();
            string?[] people = [request.RequestedBy, request.Implementer, .. approvers, current.FindService(request.Service)?.Owner];
            run = new RolloutRun(
                request.Id, request.Title, request.Service, artifact, rings, RolloutState.Running, now, [.. rings.Select(static ring => new RingRun(ring.Id, RingState.Pending, ring.Targets))], [])
            {
                Implementer = request.Implementer,
                Notify = [.. people.OfType<string>().Distinct(StringComparer.Ordinal)],
            };
            run = run.Note(now, "system", $"Approved: it goes to {string.Join(", ", rings.Select(static ring => ring.Name))}.");

            // The index first: a crash before the rollout is stored leaves a row that points at nothing, not a rollout that nobody sees.
            _ = await records.WriteAsync(Tables.PatchIndex, Index, RecordWrite.Put("open_" + request.Id, MaintenanceJson.Write(new RolloutRef(request.Id))), cancellation);
            _ = await records.TryInsertAsync(Tables.Patches, request.Id, Row, run, cancellation);
            run = (await FindAsync(request.Id, cancellation))!;
        }

        await ContinueAsync(run, cancellation);
    }

    /// <summary>The rollout of a request, or null.</summary>
    public async Task<RolloutRun?> FindAsync(string patch, CancellationToken cancellation) =>
        (await records.FindAsync<RolloutRun>(Tables.Patches, patch, Row, cancellation))?.Value;

    /// <summary>The rollouts that are not over.</summary>
    public async IAsyncEnumerable<RolloutRun> ListOpenAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in records.ListAsync<RolloutRef>(Tables.PatchIndex, Index, RowRange.Prefix("open_"), cancellation))
        {
            if (await FindAsync(row.Value.Patch, cancellation) is { IsOpen: true } run)
            {
                yield return run;
            }
        }
    }

    /// <summary>Takes a person's decision. It is durable when the task completes.</summary>
    /// <param name="patch">The request.</param>
    /// <param name="decision">What.</param>
    /// <param name="person">Who; null for the operator of the machine.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Gives up waiting; it may have been taken.</param>
    /// <returns>The rollout afterwards; null where there is none.</returns>
    /// <exception cref="RolloutStateException">It is not to be decided now.</exception>
    /// <exception cref="RolloutForbiddenException">The person may not decide it.</exception>
    public async Task<RolloutRun?> DecideAsync(string patch, RolloutDecision decision, Person? person, string reason, CancellationToken cancellation)
    {
        // Whatever is decided would reach nobody where the workflow has given up: it gets another. The generation says which one that was, since two may ask at once.
        var givenUp = await FindAsync(patch, cancellation) is { IsOpen: true } stuck && await workflows.GetAsync(stuck.Workflow, cancellation) is { State: WorkflowState.Failed }
            ? stuck.Generation
            : 0;
        var run = await MoveAsync(
            patch,
            run =>
            {
                if (RolloutMoves.MayDecide(run, person) is { } refusal)
                {
                    throw new RolloutForbiddenException(refusal);
                }

                var decided = RolloutMoves.Decide(run, decision, person?.Id ?? "operator", reason, time.GetUtcNow());
                return decided.Generation == givenUp ? decided with { Generation = decided.Generation + 1, IsTaken = false } : decided;
            },
            cancellation);
        if (run is not null)
        {
            await WakeAsync(run, cancellation);
        }

        return run;
    }

    /// <summary>Mends what a crash or an outage may have left: a rollout without its workflow is started, one whose decision did not reach it is woken.</summary>
    public Task SweepAsync(CancellationToken cancellation) =>
        EachAsync.RunAsync(
            records.ListAsync<RolloutRef>(Tables.PatchIndex, Index, RowRange.Prefix("open_"), cancellation),
            async row =>
            {
                if (await FindAsync(row.Value.Patch, cancellation) is { IsOpen: true } run)
                {
                    await WakeAsync(run, cancellation);
                }
            });

    /// <summary>Changes a rollout by a rule.</summary>
    /// <returns>The rollout afterwards; null where there is none.</returns>
    internal Task<RolloutRun?> MoveAsync(string patch, Func<RolloutRun, RolloutRun> move, CancellationToken cancellation) =>
        records.ChangeAsync<RolloutRun>(Tables.Patches, patch, Row, run => run is null || move(run) is var moved && moved == run ? null : moved, cancellation);

    /// <summary>Takes a ring for a rollout, unless another is in it. It is free again once that one is through.</summary>
    /// <returns>The request of the other; null where the ring is this one's.</returns>
    internal async Task<string?> OccupyAsync(string patch, string ring, CancellationToken cancellation)
    {
        var (row, json) = ("ring_" + ring, MaintenanceJson.Write(new RolloutRef(patch)));
        while (!await records.TryInsertAsync(Tables.PatchIndex, Index, row, new RolloutRef(patch), cancellation))
        {
            var holder = await records.FindAsync<RolloutRef>(Tables.PatchIndex, Index, row, cancellation);
            if (holder?.Value.Patch == patch)
            {
                break;
            }

            if (holder is null)
            {
                continue;
            }

            if (await FindAsync(holder.Value.Patch, cancellation) is { } other && RolloutMoves.IsIn(other, ring, time.GetUtcNow()))
            {
                return other.Patch;
            }

            try
            {
                _ = await records.WriteAsync(Tables.PatchIndex, Index, RecordWrite.Replace(row, json, holder.ETag), cancellation);
                break;
            }
            catch (RecordConflictException)
            {
                // Somebody else was quicker: look again.
            }
        }

        return null;
    }

    /// <summary>It is over: nobody has to look after it any more.</summary>
    internal Task ReleaseAsync(string patch, CancellationToken cancellation) =>
        records.WriteAsync(Tables.PatchIndex, Index, RecordWrite.Delete("open_" + patch), cancellation);

    private Task<bool> ContinueAsync(RolloutRun run, CancellationToken cancellation) =>
        run.IsOpen ? workflows.StartAsync(RolloutWorkflows.RollOut, run.Workflow, new RolloutRef(run.Patch), cancellation) : Task.FromResult(false);

    private async Task WakeAsync(RolloutRun run, CancellationToken cancellation)
    {
        _ = await ContinueAsync(run, cancellation);
        if (run is { IsOpen: true, IsTaken: false })
        {
            await workflows.RaiseAsync(run.Workflow, RolloutWorkflows.Decided, cancellation);
        }
    }
}

/// <summary>Somebody may not decide on a rollout.</summary>
public sealed class RolloutForbiddenException(string message) : Exception(message);

/// <summary>Which rings a change goes through. Pure.</summary>
public static class RolloutScript
{
    /// <summary>
    /// The plan's rings in their order: those that the request names targets in, with these; all of them, with their own, where it names none. A window that the
    /// request asks for takes the place of theirs; an expedited change waits for none, and for no soak time.
    /// </summary>
    public static IReadOnlyList<RolloutRing> Of(IReadOnlyList<RolloutRing> rings, PatchRequest request)
    {
        ArgumentNullException.ThrowIfNull(rings);
        ArgumentNullException.ThrowIfNull(request);
        return
        [
            .. from ring in rings
               let named = request.Targets.GetValueOrDefault(ring.Id)
               where request.Targets.Count == 0 || named is not null
               select ring with
               {
                   Targets = named is { Count: > 0 } ? named : ring.Targets,
                   Windows = request.IsExpedited ? [] : request.Window is { } window && ring.Windows.Count > 0 ? [window] : ring.Windows,
                   Soak = request.IsExpedited ? TimeSpan.Zero : ring.Soak,
               },
        ];
    }
}
