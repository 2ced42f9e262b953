using Maintenance.Web.Api;

namespace Maintenance.Web.Http;

/// <summary>The handlers of all routes, by capability.</summary>
public sealed record Endpoints(
    StatusEndpoints Status,
    BackupEndpoints Backups,
    SnapshotEndpoints Snapshots,
    SnapshotBrowserEndpoints Browser,
    RepositoryEndpoints Repository,
    BreakGlassEndpoints BreakGlass,
    TicketEndpoints Tickets,
    AttachmentEndpoints Attachments,
    FeedbackEndpoints Feedback,
    PatchEndpoints Patches,
    RolloutEndpoints Rollouts,
    RecoveryEndpoints Recovery,
    DutyEndpoints Duties,
    AssetEndpoints Assets,
    WindowEndpoints Windows,
    ServiceLevelEndpoints ServiceLevels,
    ReportEndpoints Reports,
    DeadLetterEndpoints DeadLetters,
    NotificationEndpoints Notifications,
    OperationEndpoints Operations,
    DocumentEndpoints Documents,
    HelpEndpoints Help,
    PlanEndpoints Plan,
    CalendarEndpoints Calendar,
    SignInEndpoints SignIn,
    AuditEndpoints Audit,
    HandoverEndpoints Handover,
    TrainingEndpoints Training,
    SupplyEndpoints Supplies,
    ResourceEndpoints Resources,
    MonitoringEndpoints Monitoring);
