using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// What people look at: a function for each route that is no API. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class PageTriggers(WebEntrance web)
{
    [Function("Home")]
    public Task<IResult> Home(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = RouteTemplates.Root)] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.Home, request, client);

    [Function("Asset")]
    public Task<IResult> Asset(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "assets/{file}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.Asset, request, client);

    [Function("FeedbackForm")]
    public Task<IResult> FeedbackForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "feedback")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.FeedbackForm, request, client);

    [Function("SendFeedbackForm")]
    public Task<IResult> SendFeedbackForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "feedback")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SendFeedbackForm, request, client);

    [Function("TrackingForm")]
    public Task<IResult> TrackingForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "feedback/track")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.TrackingForm, request, client);

    [Function("TrackFeedbackForm")]
    public Task<IResult> TrackFeedbackForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "feedback/track")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.TrackFeedbackForm, request, client);

    [Function("SignInPage")]
    public Task<IResult> SignInPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "sign-in")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SignInPage, request, client);

    [Function("SignIn")]
    public Task<IResult> SignIn(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sign-in")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SignIn, request, client);

    [Function("SignOut")]
    public Task<IResult> SignOut(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sign-out")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SignOut, request, client);

    [Function("TicketsPage")]
    public Task<IResult> TicketsPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tickets")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.TicketsPage, request, client);

    [Function("TicketPage")]
    public Task<IResult> TicketPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tickets/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.TicketPage, request, client);

    [Function("AnswerTicketForm")]
    public Task<IResult> AnswerTicketForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tickets/{id}/responses")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AnswerTicketForm, request, client);

    [Function("ResolveTicketForm")]
    public Task<IResult> ResolveTicketForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tickets/{id}/resolution")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ResolveTicketForm, request, client);

    [Function("BackupsPage")]
    public Task<IResult> BackupsPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "backups")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.BackupsPage, request, client);

    [Function("BackupPage")]
    public Task<IResult> BackupPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "backups/{policy}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.BackupPage, request, client);

    [Function("RunBackupForm")]
    public Task<IResult> RunBackupForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "backups/{policy}/runs")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RunBackupForm, request, client);

    [Function("SnapshotPage")]
    public Task<IResult> SnapshotPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "snapshots/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SnapshotPage, request, client);

    [Function("SnapshotContent")]
    public Task<IResult> SnapshotContent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "snapshots/{id}/content")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SnapshotContent, request, client);

    [Function("SnapshotDifferencesPage")]
    public Task<IResult> SnapshotDifferencesPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "snapshots/{id}/differences")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SnapshotDifferencesPage, request, client);

    [Function("VerifySnapshotForm")]
    public Task<IResult> VerifySnapshotForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "snapshots/{id}/verifications")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.VerifySnapshotForm, request, client);

    [Function("RestoreSnapshotForm")]
    public Task<IResult> RestoreSnapshotForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "snapshots/{id}/restores")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RestoreSnapshotForm, request, client);

    [Function("RepositoryPage")]
    public Task<IResult> RepositoryPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "repository")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RepositoryPage, request, client);

    [Function("VerifyRepositoryForm")]
    public Task<IResult> VerifyRepositoryForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "repository/verifications")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.VerifyRepositoryForm, request, client);

    [Function("PruneRepositoryForm")]
    public Task<IResult> PruneRepositoryForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "repository/prunes")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.PruneRepositoryForm, request, client);

    [Function("CopyRepositoryForm")]
    public Task<IResult> CopyRepositoryForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "repository/copies")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.CopyRepositoryForm, request, client);

    [Function("ProveSnapshotForm")]
    public Task<IResult> ProveSnapshotForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "snapshots/{id}/proofs")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ProveSnapshotForm, request, client);

    [Function("HoldSnapshotForm")]
    public Task<IResult> HoldSnapshotForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "snapshots/{id}/holds")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.HoldSnapshotForm, request, client);

    [Function("ReleaseSnapshotForm")]
    public Task<IResult> ReleaseSnapshotForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "snapshots/{id}/releases")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ReleaseSnapshotForm, request, client);

    [Function("OperationPage")]
    public Task<IResult> OperationPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "operations/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.OperationPage, request, client);

    [Function("PatchPage")]
    public Task<IResult> PatchPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "patches/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.PatchPage, request, client);

    [Function("VotePatchForm")]
    public Task<IResult> VotePatchForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "patches/{id}/votes")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.VotePatchForm, request, client);

    [Function("PatchesPage")]
    public Task<IResult> PatchesPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "patches")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.PatchesPage, request, client);

    [Function("RequestPatchForm")]
    public Task<IResult> RequestPatchForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "patches")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RequestPatchForm, request, client);

    [Function("RevisePatchForm")]
    public Task<IResult> RevisePatchForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "patches/{id}/revisions")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RevisePatchForm, request, client);

    [Function("WithdrawPatchForm")]
    public Task<IResult> WithdrawPatchForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "patches/{id}/withdrawal")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.WithdrawPatchForm, request, client);

    [Function("ReviewPatchForm")]
    public Task<IResult> ReviewPatchForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "patches/{id}/review")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ReviewPatchForm, request, client);

    [Function("ResendDeadLetterForm")]
    public Task<IResult> ResendDeadLetterForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "dead-letters")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ResendDeadLetterForm, request, client);
}
