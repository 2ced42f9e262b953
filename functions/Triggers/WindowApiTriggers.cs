using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// Maintenance windows: their page and what programs call. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class WindowApiTriggers(WebEntrance web)
{
    [Function("WindowsPage")]
    public Task<IResult> WindowsPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "windows")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.WindowsPage, request, client);

    [Function("ListWindows")]
    public Task<IResult> ListWindows(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/windows")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListWindows, request, client);

    [Function("FindWindowFit")]
    public Task<IResult> FindWindowFit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/windows/fit")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.FindWindowFit, request, client);
}
