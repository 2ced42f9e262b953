using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// Service-level clocks and reports. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class ReportApiTriggers(WebEntrance web)
{
    [Function("TicketClockPage")]
    public Task<IResult> TicketClockPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "tickets/{id}/clock")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.TicketClockPage, request, client);

    [Function("GetTicketClock")]
    public Task<IResult> GetTicketClock(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/tickets/{id}/clock")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetTicketClock, request, client);

    [Function("ReportsPage")]
    public Task<IResult> ReportsPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "reports")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ReportsPage, request, client);

    [Function("GetServiceLevelReport")]
    public Task<IResult> GetServiceLevelReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/service-levels")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetServiceLevelReport, request, client);

    [Function("PersonReportPage")]
    public Task<IResult> PersonReportPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "reports/people/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.PersonReportPage, request, client);

    [Function("GetPersonReport")]
    public Task<IResult> GetPersonReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/people/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetPersonReport, request, client);
}
