using Maintenance.Access;
using Maintenance.Actions;
using Maintenance.Assets;
using Maintenance.Assets.Components;
using Maintenance.Assets.Debt;
using Maintenance.Assets.Vulnerabilities;
using Maintenance.Backups;
using Maintenance.Calendars;
using Maintenance.Duties;
using Maintenance.Evidence;
using Maintenance.Feedback;
using Maintenance.Handover;
using Maintenance.Knowledge;
using Maintenance.Messaging;
using Maintenance.Monitoring;
using Maintenance.Monitoring.Incidents;
using Maintenance.Monitoring.Probes;
using Maintenance.Monitoring.Security;
using Maintenance.Notifications;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Reports;
using Maintenance.Resources;
using Maintenance.Rollouts;
using Maintenance.ServiceLevels;
using Maintenance.Status;
using Maintenance.Storage;
using Maintenance.Supplies;
using Maintenance.Tickets;
using Maintenance.Tickets.Attachments;
using Maintenance.Tickets.Search;
using Maintenance.Training;
using Maintenance.Web.Actions;
using Maintenance.Web.Api;
using Maintenance.Web.Http;
using Maintenance.Web.Lifecycle;
using Maintenance.Web.Monitoring;
using Maintenance.Web.Notifications;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Web;

/// <summary>Registers everything that both hosts share.</summary>
public static class MaintenanceRegistration
{
    /// <summary>
    /// Adds the core's services and the HTTP handlers. The host adds its adapters: <see cref="IObjectStore"/>, <see cref="IRecordStore"/>,
    /// <see cref="IMessageSender"/>, <see cref="IDeadLetters"/>, <see cref="Workflows.IWorkflows"/>, <see cref="IPlanSource"/>, <see cref="IAuthentication"/>,
    /// <see cref="TimeProvider"/>, <see cref="TrackingCodes"/>, <see cref="BackupFolders"/>, <see cref="Backups.Repository.IKeyProtector"/>, <see cref="ICopyStores"/>,
    /// <see cref="Backups.Sources.ISnapshotPlaces"/>, <see cref="IProgramRunner"/>, <see cref="IProgramBundle"/>,
    /// <see cref="BreakGlassPlaces"/>, <see cref="PublicAddress"/> and <see cref="HostSettings"/>; and a
    /// <see cref="RepositoryKeyPlace"/> where the repository's key may lie beside the data.
    /// </summary>
    public static IServiceCollection AddMaintenance(this IServiceCollection services)
    {
        services.AddSingleton<ActivePlan>();
        services.AddSingleton<NumberSeries>();
        services.AddSingleton<NotificationService>();
        services.AddSingleton<NotificationDelivery>();
        services.AddSingleton<OutboxService>();
        services.AddSingleton<ActionService>();
        services.AddSingleton<IOutside, Outside>();
        services.AddSingleton<AccessService>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AgentBook>();
        services.AddSingleton<TicketService>();
        services.AddFeedback();
        services.AddSingleton<IMessageHandler, FeedbackHandler>();
        services.AddSingleton<IMessageHandler, BreachHandler>();
        services.AddSingleton<IMessageHandler, TicketEventDelivery>();
        services.AddSingleton<ITicketFollower, AutoAssigner>();
        services.AddSingleton<ITicketFollower, TicketTeller>();
        services.AddSingleton<ITicketFollower, TicketFactKeeper>();
        services.AddSingleton<ITicketFollower, FeedbackFollower>();
        services.AddSingleton<ITicketFollower, KnowledgeFollower>();
        services.AddSingleton<TicketReportService>();
        services.AddSingleton<MonthCache>();
        services.AddSingleton<OperationsReportService>();
        services.AddSingleton<IMessageHandler, NotificationHandler>();
        services.AddSingleton<TicketIndexer>();
        services.AddSingleton<ITicketFollower>(static provider => provider.GetRequiredService<TicketIndexer>());
        services.AddSingleton<TicketSearch>();
        services.AddSingleton<SavedViews>();
        services.AddSingleton<AttachmentService>();
        services.AddSingleton<BackupRepositories>();
        services.AddSingleton<OperationProgress>();
        services.AddSingleton<RepositoryCareService>();
        services.AddSingleton<RetentionService>();
        services.AddSingleton<RepositoryCareLog>();
        services.AddSingleton<RepositoryActivities>();
        services.AddSingleton<RepositoryOverviewService>();
        services.AddSingleton<RepositoryKeyService>();
        services.AddSingleton<SnapshotService>();
        services.AddSingleton<SnapshotBrowser>();
        services.AddSingleton<BackupCalendarService>();
        services.AddSingleton(new RepositoryKeyPlace(IsBesideData: false));
        services.AddSingleton<BackupService>();
        services.AddSingleton<BackupActivities>();
        services.AddSingleton<PatchService>();
        services.AddSingleton<RolloutService>();
        services.AddSingleton<RolloutActivities>();
        services.AddSingleton<RecoveryService>();
        services.AddSingleton<RecoveryPointService>();
        services.AddSingleton<DrillService>();
        services.AddSingleton<RecoveryActivities>();
        services.AddSingleton<DutyService>();
        services.AddSingleton<DutyFiles>();
        services.AddSingleton<BreakGlassService>();
        services.AddSingleton<HandoverService>();
        services.AddSingleton<TrainingService>();
        services.AddSingleton<IQualifications>(static provider => provider.GetRequiredService<TrainingService>());
        services.AddSingleton<SupplyService>();
        services.AddSingleton<AbsenceService>();
        services.AddSingleton<HourService>();
        services.AddSingleton<StaffReportService>();
        services.AddSingleton<ResourceUpkeep>();
        services.AddSingleton<KnowledgeBook>();
        services.AddSingleton<IPlanFollower, DocumentVersions>();
        services.AddSingleton<KnowledgeService>();
        services.AddSingleton<DocumentSweep>();
        services.AddSingleton<IAssetDownloads, AssetDownloads>();
        services.AddSingleton<AssetShelf>();
        services.AddSingleton<LineStore>();
        services.AddSingleton<FindingStore>();
        services.AddSingleton<AssetService>();
        services.AddSingleton<DebtService>();
        services.AddSingleton<CalendarService>();
        services.AddSingleton<HeartbeatBook>();
        services.AddSingleton<ProbeBook>();
        services.AddSingleton(static _ => new DiskLooks());
        services.AddSingleton<IProbing, Probing>();
        services.AddSingleton<IncidentDesk>();
        services.AddSingleton<ProbeRunner>();
        services.AddSingleton<MonitoringService>();
        services.AddSingleton<SecurityWatch>();
        services.AddSingleton<DeadManCall>();
        services.AddSingleton<IWatchLog, WatchLog>();
        services.AddSingleton<WatchService>();
        services.AddSingleton<TimerService>();
        services.AddSingleton<StatusService>();

        services.AddSingleton<StatusEndpoints>();
        services.AddSingleton<BackupEndpoints>();
        services.AddSingleton<SnapshotEndpoints>();
        services.AddSingleton<SnapshotBrowserEndpoints>();
        services.AddSingleton<RepositoryEndpoints>();
        services.AddSingleton<BreakGlassEndpoints>();
        services.AddSingleton<RestoreTargets>();
        services.AddSingleton<TicketEndpoints>();
        services.AddSingleton<AttachmentEndpoints>();
        services.AddSingleton<FeedbackEndpoints>();
        services.AddSingleton<PatchEndpoints>();
        services.AddSingleton<RolloutEndpoints>();
        services.AddSingleton<RecoveryEndpoints>();
        services.AddSingleton<DutyEndpoints>();
        services.AddSingleton<AssetEndpoints>();
        services.AddSingleton<WindowEndpoints>();
        services.AddSingleton<ServiceLevelEndpoints>();
        services.AddSingleton<ReportEndpoints>();
        services.AddSingleton<DeadLetterEndpoints>();
        services.AddSingleton<NotificationEndpoints>();
        services.AddSingleton<OperationEndpoints>();
        services.AddSingleton<DocumentEndpoints>();
        services.AddSingleton<HelpEndpoints>();
        services.AddSingleton<PlanEndpoints>();
        services.AddSingleton<CalendarEndpoints>();
        services.AddSingleton<SignInEndpoints>();
        services.AddSingleton<AuditEndpoints>();
        services.AddSingleton<HandoverEndpoints>();
        services.AddSingleton<TrainingEndpoints>();
        services.AddSingleton<SupplyEndpoints>();
        services.AddSingleton<ResourceEndpoints>();
        services.AddSingleton<MonitoringEndpoints>();
        services.AddSingleton<Endpoints>();
        services.AddSingleton<MaintenanceHttp>();

        // The factory logs the address of each request, and a webhook's address is its secret: whoever knows it may post.
        services.AddHttpClient(NetworkNotifier.ClientName).RemoveAllLoggers();
        services.AddHttpClient(Outside.ClientName).RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false });
        services.AddHttpClient(AssetDownloads.ClientName).RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = System.Net.DecompressionMethods.All });
        services.AddSingleton<INotifier, NetworkNotifier>();
        services.AddRazorComponents();

        // Components ask for it; nothing here is protected by it, so no key is written anywhere.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        return services;
    }
}
