using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// What programs call and people look at of rollouts. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class RolloutTriggers(WebEntrance web)
{
    [Function("DecideRolloutForm")]
    public Task<IResult> DecideRolloutForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "patches/{id}/rollout")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.DecideRolloutForm, request, client);

    [Function("GetRollout")]
    public Task<IResult> GetRollout(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/patches/{id}/rollout")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetRollout, request, client);

    [Function("DecideRollout")]
    public Task<IResult> DecideRollout(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/patches/{id}/rollout")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.DecideRollout, request, client);
}
