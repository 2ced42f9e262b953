using System.Diagnostics;
using Maintenance.Access;
using Maintenance.Assets;
using Maintenance.Backups;
using Maintenance.Duties;
using Maintenance.Feedback;
using Maintenance.Handover;
using Maintenance.Knowledge;
using Maintenance.Monitoring;
using Maintenance.Monitoring.Probes;
using Maintenance.Monitoring.Security;
using Maintenance.Notifications;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Resources;
using Maintenance.Rollouts;
using Maintenance.Supplies;
using Maintenance.Tickets;
using Maintenance.Tickets.Attachments;
using Maintenance.Training;

namespace Maintenance.Status;

/// <summary>
/// What hosts do in the rhythm of <see cref="TimerRhythms"/>. Each timer stands alone, so that one failing never holds up another; each reads the plan anew, and leaves a sign of life. Ticked
/// late, twice or on two machines, each does what is due, once.
/// </summary>
public sealed class TimerService(
    ActivePlan plan,
    BackupService backups,
    RepositoryCareService care,
    TicketService tickets,
    PatchService patches,
    RolloutService rollouts,
    RecoveryService recoveries,
    DrillService drills,
    DutyService duties,
    DutyFiles dutyFiles,
    AssetService assets,
    AccessService access,
    BreakGlassService book,
    NotificationDelivery notifications,
    OutboxService outbox,
    FeedbackUpkeep feedback,
    AttachmentService attachments,
    HandoverService handover,
    TrainingService training,
    SupplyService supplies,
    ResourceUpkeep resources,
    DocumentSweep documents,
    WatchService watch,
    ProbeRunner probes,
    ProbeBook samples,
    SecurityWatch security,
    HeartbeatBook heartbeats)
{
    /// <summary>The timer that takes due backups.</summary>
    public const string TakeDueBackups = "TakeDueBackups";

    /// <summary>The timer that starts due prunes, verifications and renewed proofs.</summary>
    public const string CareForRepository = "CareForRepository";

    /// <summary>The timer that tells people of what is wrong with backups.</summary>
    public const string RaiseBackupAlarms = "RaiseBackupAlarms";

    /// <summary>The timer that finds missed targets and due escalations.</summary>
    public const string SweepServiceLevels = "SweepServiceLevels";

    /// <summary>The timer that keeps approvals going.</summary>
    public const string SweepApprovals = "SweepApprovals";

    /// <summary>The timer that keeps rollouts going.</summary>
    public const string SweepRollouts = "SweepRollouts";

    /// <summary>The timer that keeps recoveries going.</summary>
    public const string SweepRecoveries = "SweepRecoveries";

    /// <summary>The timer that starts due drills, and opens tickets for overdue ones.</summary>
    public const string StartDueDrills = "StartDueDrills";

    /// <summary>The timer that opens due duties, and chases overdue ones.</summary>
    public const string SweepDuties = "SweepDuties";

    /// <summary>The timer that writes the break-glass book anew when what it says has changed.</summary>
    public const string WriteBreakGlassBook = "WriteBreakGlassBook";

    /// <summary>The timer that reviews components when anything they depend on has changed, and each day.</summary>
    public const string ReviewAssets = "ReviewAssets";

    /// <summary>The timer that delivers notifications that were held back.</summary>
    public const string DeliverNotifications = "DeliverNotifications";

    /// <summary>The timer that sends due surveys.</summary>
    public const string SendDueSurveys = "SendDueSurveys";

    /// <summary>The timer that notes new versions of documents, has them acknowledged, and tells of late reviews.</summary>
    public const string SweepDocuments = "SweepDocuments";

    /// <summary>The timer that deletes what has expired.</summary>
    public const string PurgeExpired = "PurgeExpired";

    /// <summary>The timer that opens the tickets of a handover.</summary>
    public const string SweepHandover = "SweepHandover";

    /// <summary>The timer that tells people whose training runs out.</summary>
    public const string SweepTraining = "SweepTraining";

    /// <summary>The timer that asks for purchases.</summary>
    public const string SweepSupplies = "SweepSupplies";

    /// <summary>The watchdog: it finds what has stopped, failed or was given up, and tells the owner.</summary>
    public const string WatchOperations = "WatchOperations";

    /// <summary>The timer that takes due probes.</summary>
    public const string RunProbes = "RunProbes";

    /// <summary>The timer that looks for what concerns security.</summary>
    public const string WatchSecurity = "WatchSecurity";

    /// <summary>All timers.</summary>
    public static IReadOnlyList<string> All { get; } = [TakeDueBackups, CareForRepository, RaiseBackupAlarms, SweepServiceLevels, SweepApprovals, SweepRollouts, SweepRecoveries, StartDueDrills, SweepDuties, ReviewAssets, WriteBreakGlassBook, SendDueSurveys, SweepDocuments, DeliverNotifications, PurgeExpired, SweepHandover, SweepTraining, SweepSupplies, WatchOperations, RunProbes, WatchSecurity];

    /// <summary>Runs one timer.</summary>
    /// <exception cref="ArgumentException">There is no such timer.</exception>
    public Task RunAsync(string timer, CancellationToken cancellation) => timer switch
    {
        TakeDueBackups => TickAsync(timer, () => backups.TakeDueAsync(cancellation), cancellation),
        CareForRepository => TickAsync(timer, () => care.CareAsync(cancellation), cancellation),
        RaiseBackupAlarms => TickAsync(timer, () => care.RaiseAlarmsAsync(cancellation), cancellation),
        SweepServiceLevels => TickAsync(timer, () => tickets.SweepAsync(cancellation), cancellation),
        SweepApprovals => TickAsync(timer, () => patches.SweepAsync(cancellation), cancellation),
        SweepRollouts => TickAsync(timer, () => rollouts.SweepAsync(cancellation), cancellation),
        SweepRecoveries => TickAsync(timer, () => recoveries.SweepAsync(cancellation), cancellation),
        StartDueDrills => TickAsync(timer, () => drills.StartDueAsync(cancellation), cancellation),
        SweepDuties => TickAsync(timer, () => duties.SweepAsync(cancellation), cancellation),
        ReviewAssets => TickAsync(timer, () => assets.ReviewAsync(cancellation), cancellation),
        WriteBreakGlassBook => TickAsync(timer, () => book.WriteIfChangedAsync(cancellation), cancellation),
        SendDueSurveys => TickAsync(timer, () => feedback.SendDueSurveysAsync(cancellation), cancellation),
        SweepDocuments => TickAsync(timer, () => documents.SweepAsync(cancellation), cancellation),
        DeliverNotifications => TickAsync(timer, () => notifications.SweepAsync(cancellation), cancellation),
        PurgeExpired => TickAsync(timer, () => PurgeAsync(cancellation), cancellation),
        SweepHandover => TickAsync(timer, () => handover.SweepAsync(cancellation), cancellation),
        SweepTraining => TickAsync(timer, () => training.SweepAsync(cancellation), cancellation),
        SweepSupplies => TickAsync(timer, () => supplies.SweepAsync(cancellation), cancellation),
        WatchOperations => TickAsync(timer, () => watch.WatchAsync(cancellation), cancellation),
        RunProbes => TickAsync(timer, () => probes.RunDueAsync(cancellation), cancellation),
        WatchSecurity => TickAsync(timer, () => security.WatchAsync(cancellation), cancellation),
        _ => throw new ArgumentException($"There is no timer '{timer}'.", nameof(timer)),
    };

    /// <summary>The signs of life, in the order of <see cref="All"/>; those that never ran are left out.</summary>
    public Task<IReadOnlyList<Heartbeat>> HeartbeatsAsync(CancellationToken cancellation) => heartbeats.ReadAsync(cancellation);

    /// <summary>Each purge stands alone: one that fails leaves the others their work.</summary>
    private Task PurgeAsync(CancellationToken cancellation) =>
        EachAsync.RunAsync<Func<Task>>(
            [
                () => access.PurgeExpiredAsync(cancellation), () => outbox.PurgeAsync(cancellation), () => feedback.PurgeExpiredAsync(cancellation), () => attachments.PurgeAsync(cancellation), () => dutyFiles.PurgeAsync(cancellation), () => resources.PurgeExpiredAsync(cancellation),
                () => samples.CompactAsync(plan.Current.Monitoring.Probes, cancellation),
            ],
            static purge => purge());

    private async Task TickAsync(string timer, Func<Task> work, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        using var activity = Telemetry.Source.StartActivity(timer);
        try
        {
            _ = await plan.RefreshAsync(cancellation);
            await work();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            _ = activity?.SetStatus(ActivityStatusCode.Error, error.GetType().Name);
            Telemetry.Ticked(timer, isGood: false, Stopwatch.GetElapsedTime(began));
            await heartbeats.BeatAsync(timer, $"{error.GetType().Name}: {error.Message}", cancellation);
            throw;
        }

        Telemetry.Ticked(timer, isGood: true, Stopwatch.GetElapsedTime(began));
        await heartbeats.BeatAsync(timer, null, cancellation);
    }
}
