using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// What programs call of backups and of their repository. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class BackupApiTriggers(WebEntrance web)
{
    [Function("ListBackups")]
    public Task<IResult> ListBackups(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/backups")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListBackups, request, client);

    [Function("ListBackupRuns")]
    public Task<IResult> ListBackupRuns(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/backups/{policy}/runs")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListBackupRuns, request, client);

    [Function("RunBackup")]
    public Task<IResult> RunBackup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/backups/{policy}/runs")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RunBackup, request, client);

    [Function("GetBackupCalendar")]
    public Task<IResult> GetBackupCalendar(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/backups/{policy}/calendar")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetBackupCalendar, request, client);

    [Function("ListBackupAlarms")]
    public Task<IResult> ListBackupAlarms(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/backups/alarms")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListBackupAlarms, request, client);

    [Function("ListSnapshots")]
    public Task<IResult> ListSnapshots(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/backups/{policy}/snapshots")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListSnapshots, request, client);

    [Function("GetRetention")]
    public Task<IResult> GetRetention(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/backups/{policy}/retention")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetRetention, request, client);

    [Function("ApplyRetentionRequest")]
    public Task<IResult> ApplyRetentionRequest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/backups/{policy}/retention")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ApplyRetention, request, client);

    [Function("RestoreBackup")]
    public Task<IResult> RestoreBackup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/backups/{policy}/restores")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RestoreBackup, request, client);

    [Function("GetSnapshot")]
    public Task<IResult> GetSnapshot(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/snapshots/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetSnapshot, request, client);

    [Function("ListSnapshotEntries")]
    public Task<IResult> ListSnapshotEntries(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/snapshots/{id}/entries")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListSnapshotEntries, request, client);

    [Function("ListSnapshotFolder")]
    public Task<IResult> ListSnapshotFolder(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/snapshots/{id}/folder")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListSnapshotFolder, request, client);

    [Function("ListFileVersions")]
    public Task<IResult> ListFileVersions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/snapshots/{id}/versions")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListFileVersions, request, client);

    [Function("GetSnapshotContent")]
    public Task<IResult> GetSnapshotContent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/snapshots/{id}/content")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetSnapshotContent, request, client);

    [Function("ListSnapshotDifferences")]
    public Task<IResult> ListSnapshotDifferences(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/snapshots/{id}/differences")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListSnapshotDifferences, request, client);

    [Function("RestoreSnapshotRequest")]
    public Task<IResult> RestoreSnapshotRequest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/snapshots/{id}/restores")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RestoreSnapshot, request, client);

    [Function("VerifySnapshotRequest")]
    public Task<IResult> VerifySnapshotRequest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/snapshots/{id}/verifications")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.VerifySnapshot, request, client);

    [Function("ProveSnapshotRequest")]
    public Task<IResult> ProveSnapshotRequest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/snapshots/{id}/proofs")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ProveSnapshot, request, client);

    [Function("HoldSnapshot")]
    public Task<IResult> HoldSnapshot(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/snapshots/{id}/holds")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.HoldSnapshot, request, client);

    [Function("ReleaseSnapshot")]
    public Task<IResult> ReleaseSnapshot(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/snapshots/{id}/holds")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ReleaseSnapshot, request, client);

    [Function("GetRepository")]
    public Task<IResult> GetRepository(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/repository")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetRepository, request, client);

    [Function("VerifyRepositoryRequest")]
    public Task<IResult> VerifyRepositoryRequest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/repository/verifications")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.VerifyRepository, request, client);

    [Function("PruneRepositoryRequest")]
    public Task<IResult> PruneRepositoryRequest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/repository/prunes")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.PruneRepository, request, client);

    [Function("CopyRepositoryRequest")]
    public Task<IResult> CopyRepositoryRequest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/repository/copies")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.CopyRepository, request, client);

    [Function("ListRepositoryKeys")]
    public Task<IResult> ListRepositoryKeys(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/repository/keys")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListRepositoryKeys, request, client);

    [Function("ChangeRepositoryKeys")]
    public Task<IResult> ChangeRepositoryKeys(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/repository/keys")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ChangeRepositoryKeys, request, client);

    [Function("RemoveRepositoryKey")]
    public Task<IResult> RemoveRepositoryKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/repository/keys/{key}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RemoveRepositoryKey, request, client);
}
