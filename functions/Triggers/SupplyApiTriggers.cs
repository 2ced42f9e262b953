using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// Supplies: their pages and what programs call. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class SupplyApiTriggers(WebEntrance web)
{
    [Function("SuppliesPage")]
    public Task<IResult> SuppliesPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "supplies")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SuppliesPage, request, client);

    [Function("SupplyPage")]
    public Task<IResult> SupplyPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "supplies/{item}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SupplyPage, request, client);

    [Function("EnterMovementForm")]
    public Task<IResult> EnterMovementForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "supplies/{item}/movements")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.EnterMovementForm, request, client);

    [Function("ListSupplies")]
    public Task<IResult> ListSupplies(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/supplies")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListSupplies, request, client);

    [Function("GetSupply")]
    public Task<IResult> GetSupply(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/supplies/{item}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetSupply, request, client);

    [Function("EnterMovement")]
    public Task<IResult> EnterMovement(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/supplies/{item}/movements")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.EnterMovement, request, client);
}
