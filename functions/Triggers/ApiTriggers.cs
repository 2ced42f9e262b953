using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// What programs call: a function for each route under /api. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class ApiTriggers(WebEntrance web)
{
    [Function("GetHealth")]
    public Task<IResult> GetHealth(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/health")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetHealth, request, client);

    [Function("GetStatus")]
    public Task<IResult> GetStatus(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/status")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetStatus, request, client);

    [Function("GetMe")]
    public Task<IResult> GetMe(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/me")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetMe, request, client);

    [Function("GetPlan")]
    public Task<IResult> GetPlan(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/plan")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetPlan, request, client);

    [Function("GetOperation")]
    public Task<IResult> GetOperation(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/operations/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetOperation, request, client);

    [Function("SendFeedback")]
    public Task<IResult> SendFeedback(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/feedback")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SendFeedback, request, client);

    [Function("TrackFeedback")]
    public Task<IResult> TrackFeedback(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/feedback/{reference}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.TrackFeedback, request, client);

    [Function("ListTickets")]
    public Task<IResult> ListTickets(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/tickets")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListTickets, request, client);

    [Function("GetTicket")]
    public Task<IResult> GetTicket(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/tickets/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetTicket, request, client);

    [Function("RespondToTicket")]
    public Task<IResult> RespondToTicket(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/tickets/{id}/responses")] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RespondToTicket, request, client);

    [Function("ResolveTicket")]
    public Task<IResult> ResolveTicket(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/tickets/{id}/resolution")] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ResolveTicket, request, client);

    [Function("ListPatches")]
    public Task<IResult> ListPatches(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/patches")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListPatches, request, client);

    [Function("RequestPatch")]
    public Task<IResult> RequestPatch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/patches")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RequestPatch, request, client);

    [Function("GetPatch")]
    public Task<IResult> GetPatch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/patches/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetPatch, request, client);

    [Function("VotePatch")]
    public Task<IResult> VotePatch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/patches/{id}/votes")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.VotePatch, request, client);

    [Function("RevisePatch")]
    public Task<IResult> RevisePatch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/patches/{id}/revisions")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RevisePatch, request, client);

    [Function("WithdrawPatch")]
    public Task<IResult> WithdrawPatch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/patches/{id}/withdrawal")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.WithdrawPatch, request, client);

    [Function("ReviewPatch")]
    public Task<IResult> ReviewPatch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/patches/{id}/review")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ReviewPatch, request, client);

    [Function("ExplainPatch")]
    public Task<IResult> ExplainPatch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/patches/{id}/explanation")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ExplainPatch, request, client);

    [Function("ImportPatches")]
    public Task<IResult> ImportPatches(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/patches/imports")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ImportPatches, request, client);

    [Function("ListDeadLetters")]
    public Task<IResult> ListDeadLetters(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/dead-letters")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListDeadLetters, request, client);

    [Function("ResendDeadLetter")]
    public Task<IResult> ResendDeadLetter(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/dead-letters")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ResendDeadLetter, request, client);

    [Function("IssueCredential")]
    public Task<IResult> IssueCredential(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/people/{id}/credentials")] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.IssueCredential, request, client);

    [Function("RevokeCredentials")]
    public Task<IResult> RevokeCredentials(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/people/{id}/revocations")] HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RevokeCredentials, request, client);
}
