using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// What programs call of recoveries. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class RecoveryApiTriggers(WebEntrance web)
{
    [Function("GetBreakGlassBook")]
    public Task<IResult> GetBreakGlassBook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/recovery/book")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetBreakGlassBook, request, client);

    [Function("ListRecoveryPoints")]
    public Task<IResult> ListRecoveryPoints(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/recovery/strategies/{id}/points")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListRecoveryPoints, request, client);

    [Function("GetRecoveryReport")]
    public Task<IResult> GetRecoveryReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/recoveries/{id}/report")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetRecoveryReport, request, client);
}
