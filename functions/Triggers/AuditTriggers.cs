using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>Who did what over HTTP.</summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class AuditTriggers(WebEntrance web)
{
    [Function("AuditPage")]
    public Task<IResult> AuditPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "audit")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AuditPage, request, client);

    [Function("ListAudit")]
    public Task<IResult> ListAudit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/audit")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListAudit, request, client);

    [Function("ExportAudit")]
    public Task<IResult> ExportAudit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/audit.csv")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ExportAudit, request, client);
}
