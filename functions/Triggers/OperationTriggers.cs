using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>Workflow instances: our own list, status and end in place of the platform's management addresses, which carry its system key.</summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class OperationTriggers(WebEntrance web)
{
    [Function("ListOperations")]
    public Task<IResult> ListOperations(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/operations")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListOperations, request, client);

    [Function("TerminateOperation")]
    public Task<IResult> TerminateOperation(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/operations/{id}/termination")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.TerminateOperation, request, client);

    [Function("TerminateOperationForm")]
    public Task<IResult> TerminateOperationForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "operations/{id}/termination")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.TerminateOperationForm, request, client);
}
