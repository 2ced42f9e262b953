using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>Duties. Anonymous to the platform, whose function keys know no people: the route says who may use it.</summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class DutyTriggers(WebEntrance web)
{
    [Function("DutiesPage")]
    public Task<IResult> DutiesPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "duties")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.DutiesPage, request, client);

    [Function("DutyPage")]
    public Task<IResult> DutyPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "duties/{duty}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.DutyPage, request, client);

    [Function("DutyOccurrencePage")]
    public Task<IResult> DutyOccurrencePage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "duties/{duty}/{occurrence}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.DutyOccurrencePage, request, client);

    [Function("CompleteDutyForm")]
    public Task<IResult> CompleteDutyForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "duties/{duty}/{occurrence}/completion")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.CompleteDutyForm, request, client);

    [Function("SkipDutyForm")]
    public Task<IResult> SkipDutyForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "duties/{duty}/{occurrence}/skip")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SkipDutyForm, request, client);

    [Function("AttachToDutyForm")]
    public Task<IResult> AttachToDutyForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "duties/{duty}/{occurrence}/attachments")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AttachToDutyForm, request, client);

    [Function("DutyReportPage")]
    public Task<IResult> DutyReportPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "reports/duties")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.DutyReportPage, request, client);

    [Function("ListDuties")]
    public Task<IResult> ListDuties(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/duties")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListDuties, request, client);

    [Function("GetDuty")]
    public Task<IResult> GetDuty(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/duties/{duty}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetDuty, request, client);

    [Function("GetDutyOccurrence")]
    public Task<IResult> GetDutyOccurrence(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/duties/{duty}/{occurrence}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetDutyOccurrence, request, client);

    [Function("CompleteDuty")]
    public Task<IResult> CompleteDuty(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/duties/{duty}/{occurrence}/completion")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.CompleteDuty, request, client);

    [Function("SkipDuty")]
    public Task<IResult> SkipDuty(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/duties/{duty}/{occurrence}/skip")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SkipDuty, request, client);

    [Function("AttachToDuty")]
    public Task<IResult> AttachToDuty(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/duties/{duty}/{occurrence}/attachments")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AttachToDuty, request, client);

    [Function("GetDutyAttachment")]
    public Task<IResult> GetDutyAttachment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/duties/{duty}/{occurrence}/attachments/{file}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetDutyAttachment, request, client);

    [Function("GetDutyReport")]
    public Task<IResult> GetDutyReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/duties")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetDutyReport, request, client);

    [Function("ExportDutyReport")]
    public Task<IResult> ExportDutyReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/duties.csv")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ExportDutyReport, request, client);
}
