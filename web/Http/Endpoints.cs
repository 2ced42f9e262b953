using Maintenance.Web.Api;

namespace Maintenance.Web.Http;

/// <summary>The handlers of all routes, by capability.</summary>
public sealed record Endpoints(
    StatusEndpoints Status,
    BackupEndpoints Backups,
    SnapshotEndpoints Snapshots,
    RepositoryEndpoints Repository,
    BreakGlassEndpoints BreakGlass,
    TicketEndpoints Tickets,
    AttachmentEndpoints Attachments,
    FeedbackEndpoints Feedback,
    PatchEndpoints Patches,
    RolloutEndpoints Rollouts,
    RecoveryEndpoints Recovery,
    WindowEndpoints Windows,
    ServiceLevelEndpoints ServiceLevels,
    ReportEndpoints Reports,
    DeadLetterEndpoints DeadLetters,
    NotificationEndpoints Notifications,
    OperationEndpoints Operations,
    SignInEndpoints SignIn);
