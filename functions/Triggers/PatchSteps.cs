using Maintenance.Patches;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>The steps of a patch's approval, under their activities' names. A step may be the first thing that an instance runs.</summary>
public sealed class PatchSteps(PatchService patches, FreshPlan plan, DurableClientScope scope)
{
    /// <summary>Tells the approvers.</summary>
    [Function("AnnouncePatch")]
    public async Task<PatchTerms> AnnouncePatch([ActivityTrigger] PatchRef patch, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await patches.AnnounceAsync(patch, cancellation);
    }

    /// <summary>Decides by the stored votes.</summary>
    [Function("ClosePatch")]
    public async Task<PatchVerdict> ClosePatch([ActivityTrigger] PatchRef patch, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await plan.EnsureAsync(cancellation);
        return await patches.CloseAsync(patch, cancellation);
    }
}
