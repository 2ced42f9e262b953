using Maintenance.Status;
using MaintenanceFunctions.Adapters;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// A function for each timer. They only tick, in the rhythms of the core and in UTC: what is due is worked out in the core, so that a tick that is missed or comes
/// twice does no harm. They never run at the start of an instance: with every deployment and every instance that is added, that would be a tick. One more timer is this
/// host's own: the engine of the other host purges its history by itself.
/// </summary>
public sealed class TimerTriggers(TimerService timers, DurableHistory history, DurableClientScope scope)
{
    private const string EveryNight = "0 30 1 * * *";

    /// <summary>Takes due backups.</summary>
    [Function("TakeDueBackups")]
    public async Task TakeDueBackups([TimerTrigger(TimerRhythms.TakeDueBackups)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.TakeDueBackups, cancellation);
    }

    /// <summary>Starts due prunes, verifications and renewed proofs.</summary>
    [Function("CareForRepository")]
    public async Task CareForRepository([TimerTrigger(TimerRhythms.CareForRepository)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.CareForRepository, cancellation);
    }

    /// <summary>Tells people of what is wrong with backups.</summary>
    [Function("RaiseBackupAlarms")]
    public async Task RaiseBackupAlarms([TimerTrigger(TimerRhythms.RaiseBackupAlarms)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.RaiseBackupAlarms, cancellation);
    }

    /// <summary>Finds missed targets and due escalations.</summary>
    [Function("SweepServiceLevels")]
    public async Task SweepServiceLevels([TimerTrigger(TimerRhythms.SweepServiceLevels)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.SweepServiceLevels, cancellation);
    }

    /// <summary>Keeps approvals going.</summary>
    [Function("SweepApprovals")]
    public async Task SweepApprovals([TimerTrigger(TimerRhythms.SweepApprovals)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.SweepApprovals, cancellation);
    }

    /// <summary>Keeps rollouts going.</summary>
    [Function("SweepRollouts")]
    public async Task SweepRollouts([TimerTrigger(TimerRhythms.SweepRollouts)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.SweepRollouts, cancellation);
    }

    /// <summary>Keeps recoveries going.</summary>
    [Function("SweepRecoveries")]
    public async Task SweepRecoveries([TimerTrigger(TimerRhythms.SweepRecoveries)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.SweepRecoveries, cancellation);
    }

    /// <summary>Starts due drills, and opens tickets for overdue ones.</summary>
    [Function("StartDueDrills")]
    public async Task StartDueDrills([TimerTrigger(TimerRhythms.StartDueDrills)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.StartDueDrills, cancellation);
    }

    /// <summary>Opens due duties, and chases overdue ones.</summary>
    [Function("SweepDuties")]
    public async Task SweepDuties([TimerTrigger(TimerRhythms.SweepDuties)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.SweepDuties, cancellation);
    }

    /// <summary>Reviews components when anything they depend on has changed, and each day.</summary>
    [Function("ReviewAssets")]
    public async Task ReviewAssets([TimerTrigger(TimerRhythms.ReviewAssets)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.ReviewAssets, cancellation);
    }

    /// <summary>Writes the break-glass book anew when what it says has changed.</summary>
    [Function("WriteBreakGlassBook")]
    public async Task WriteBreakGlassBook([TimerTrigger(TimerRhythms.WriteBreakGlassBook)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.WriteBreakGlassBook, cancellation);
    }

    /// <summary>Delivers notifications that were held back.</summary>
    [Function("DeliverNotifications")]
    public async Task DeliverNotifications([TimerTrigger(TimerRhythms.DeliverNotifications)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.DeliverNotifications, cancellation);
    }

    /// <summary>Sends due surveys.</summary>
    [Function("SendDueSurveys")]
    public async Task SendDueSurveys([TimerTrigger(TimerRhythms.SendDueSurveys)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.SendDueSurveys, cancellation);
    }

    /// <summary>Notes new versions of documents, has them acknowledged, and tells of late reviews.</summary>
    [Function("SweepDocuments")]
    public async Task SweepDocuments([TimerTrigger(TimerRhythms.SweepDocuments)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.SweepDocuments, cancellation);
    }

    /// <summary>Deletes what has expired.</summary>
    [Function("PurgeExpired")]
    public async Task PurgeExpired([TimerTrigger(TimerRhythms.PurgeExpired)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.PurgeExpired, cancellation);
    }

    /// <summary>Opens the tickets of a handover.</summary>
    [Function("SweepHandover")]
    public async Task SweepHandover([TimerTrigger(TimerRhythms.SweepHandover)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.SweepHandover, cancellation);
    }

    /// <summary>Tells people whose training runs out.</summary>
    [Function("SweepTraining")]
    public async Task SweepTraining([TimerTrigger(TimerRhythms.SweepTraining)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.SweepTraining, cancellation);
    }

    /// <summary>Asks for purchases.</summary>
    [Function("SweepSupplies")]
    public async Task SweepSupplies([TimerTrigger(TimerRhythms.SweepSupplies)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.SweepSupplies, cancellation);
    }

    /// <summary>Finds what has stopped, failed or was given up, and tells the owner.</summary>
    [Function("WatchOperations")]
    public async Task WatchOperations([TimerTrigger(TimerRhythms.WatchOperations)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.WatchOperations, cancellation);
    }

    /// <summary>Takes due probes.</summary>
    [Function("RunProbes")]
    public async Task RunProbes([TimerTrigger(TimerRhythms.RunProbes)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.RunProbes, cancellation);
    }

    /// <summary>Finds what concerns security.</summary>
    [Function("WatchSecurity")]
    public async Task WatchSecurity([TimerTrigger(TimerRhythms.WatchSecurity)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await timers.RunAsync(TimerService.WatchSecurity, cancellation);
    }

    /// <summary>Removes workflows that ended long ago.</summary>
    [Function("PurgeWorkflowHistory")]
    public async Task PurgeWorkflowHistory([TimerTrigger(EveryNight)] TimerInfo tick, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        using var _ = scope.Enter(client);
        await history.PurgeAsync(cancellation);
    }
}
