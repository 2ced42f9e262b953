using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// Hours, absences and the report on staff: their pages and what programs call. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class ResourceApiTriggers(WebEntrance web)
{
    [Function("ResourcesPage")]
    public Task<IResult> ResourcesPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "resources")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ResourcesPage, request, client);

    [Function("HoursPage")]
    public Task<IResult> HoursPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "resources/hours")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.HoursPage, request, client);

    [Function("BookHoursForm")]
    public Task<IResult> BookHoursForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "resources/hours")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.BookHoursForm, request, client);

    [Function("ReverseHoursForm")]
    public Task<IResult> ReverseHoursForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "resources/hours/{booking}/reversal")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ReverseHoursForm, request, client);

    [Function("RecordAbsenceForm")]
    public Task<IResult> RecordAbsenceForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "resources/absences")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RecordAbsenceForm, request, client);

    [Function("WithdrawAbsenceForm")]
    public Task<IResult> WithdrawAbsenceForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "resources/absences/{absence}/withdrawal")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.WithdrawAbsenceForm, request, client);

    [Function("StaffReportPage")]
    public Task<IResult> StaffReportPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "reports/staff")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.StaffReportPage, request, client);

    [Function("GetResources")]
    public Task<IResult> GetResources(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/resources")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetResources, request, client);

    [Function("ListHours")]
    public Task<IResult> ListHours(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/resources/hours")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListHours, request, client);

    [Function("BookHours")]
    public Task<IResult> BookHours(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/resources/hours")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.BookHours, request, client);

    [Function("ReverseHours")]
    public Task<IResult> ReverseHours(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/resources/hours/{booking}/reversal")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ReverseHours, request, client);

    [Function("ListAbsences")]
    public Task<IResult> ListAbsences(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/resources/absences")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListAbsences, request, client);

    [Function("RecordAbsence")]
    public Task<IResult> RecordAbsence(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/resources/absences")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RecordAbsence, request, client);

    [Function("WithdrawAbsence")]
    public Task<IResult> WithdrawAbsence(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/resources/absences/{absence}/withdrawal")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.WithdrawAbsence, request, client);

    [Function("GetStaffReport")]
    public Task<IResult> GetStaffReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/staff")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetStaffReport, request, client);

    [Function("ExportStaffReport")]
    public Task<IResult> ExportStaffReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/staff.csv")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ExportStaffReport, request, client);
}
