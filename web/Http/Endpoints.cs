using Maintenance.Web.Api;

namespace Maintenance.Web.Http;

/// <summary>The handlers of all routes, by capability.</summary>
public sealed record Endpoints(
    StatusEndpoints Status,
    BackupEndpoints Backups,
    SnapshotEndpoints Snapshots,
    RepositoryEndpoints Repository,
    TicketEndpoints Tickets,
    FeedbackEndpoints Feedback,
    PatchEndpoints Patches,
    DeadLetterEndpoints DeadLetters,
    SignInEndpoints SignIn);
