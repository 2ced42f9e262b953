using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// The handover: its page and what programs call. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class HandoverApiTriggers(WebEntrance web)
{
    [Function("HandoverPage")]
    public Task<IResult> HandoverPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "handover")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.HandoverPage, request, client);

    [Function("BeginHandoverForm")]
    public Task<IResult> BeginHandoverForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "handover/beginning")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.BeginHandoverForm, request, client);

    [Function("ConfirmCheckForm")]
    public Task<IResult> ConfirmCheckForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "handover/checklist/{check}/confirmation")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ConfirmCheckForm, request, client);

    [Function("PassControlForm")]
    public Task<IResult> PassControlForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "handover/control/{control}/transfer")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.PassControlForm, request, client);

    [Function("SignHandoverForm")]
    public Task<IResult> SignHandoverForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "handover/signatures")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SignHandoverForm, request, client);

    [Function("WithdrawHandoverForm")]
    public Task<IResult> WithdrawHandoverForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "handover/revocations")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.WithdrawHandoverForm, request, client);

    [Function("GetHandover")]
    public Task<IResult> GetHandover(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/handover")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetHandover, request, client);

    [Function("GetHandoverDocument")]
    public Task<IResult> GetHandoverDocument(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/handover/document")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetHandoverDocument, request, client);

    [Function("BeginHandover")]
    public Task<IResult> BeginHandover(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/handover/beginning")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.BeginHandover, request, client);

    [Function("ConfirmCheck")]
    public Task<IResult> ConfirmCheck(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/handover/checklist/{check}/confirmation")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ConfirmCheck, request, client);

    [Function("PassControl")]
    public Task<IResult> PassControl(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/handover/control/{control}/transfer")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.PassControl, request, client);

    [Function("SignHandover")]
    public Task<IResult> SignHandover(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/handover/signatures")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SignHandover, request, client);

    [Function("WithdrawHandover")]
    public Task<IResult> WithdrawHandover(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/handover/revocations")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.WithdrawHandover, request, client);
}
