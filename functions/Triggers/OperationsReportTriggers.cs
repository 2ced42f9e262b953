using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// Reports on availability, backups, drills and workload. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class OperationsReportTriggers(WebEntrance web)
{
    [Function("ServiceLevelsPage")]
    public Task<IResult> ServiceLevelsPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "reports/service-levels")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ServiceLevelsPage, request, client);

    [Function("AvailabilityPage")]
    public Task<IResult> AvailabilityPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "reports/availability")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AvailabilityPage, request, client);

    [Function("BackupReportPage")]
    public Task<IResult> BackupReportPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "reports/backups")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.BackupReportPage, request, client);

    [Function("DrillReportPage")]
    public Task<IResult> DrillReportPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "reports/drills")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.DrillReportPage, request, client);

    [Function("WorkloadPage")]
    public Task<IResult> WorkloadPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "reports/workload")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.WorkloadPage, request, client);

    [Function("GetOperationsReport")]
    public Task<IResult> GetOperationsReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/overview")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetOperationsReport, request, client);

    [Function("ExportOperationsReport")]
    public Task<IResult> ExportOperationsReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/overview.csv")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ExportOperationsReport, request, client);

    [Function("GetAvailabilityReport")]
    public Task<IResult> GetAvailabilityReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/availability")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetAvailabilityReport, request, client);

    [Function("ExportAvailabilityReport")]
    public Task<IResult> ExportAvailabilityReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/availability.csv")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ExportAvailabilityReport, request, client);

    [Function("GetBackupReport")]
    public Task<IResult> GetBackupReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/backups")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetBackupReport, request, client);

    [Function("ExportBackupReport")]
    public Task<IResult> ExportBackupReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/backups.csv")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ExportBackupReport, request, client);

    [Function("GetDrillReport")]
    public Task<IResult> GetDrillReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/drills")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetDrillReport, request, client);

    [Function("ExportDrillReport")]
    public Task<IResult> ExportDrillReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/drills.csv")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ExportDrillReport, request, client);

    [Function("GetWorkloadReport")]
    public Task<IResult> GetWorkloadReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/workload")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetWorkloadReport, request, client);

    [Function("ExportWorkloadReport")]
    public Task<IResult> ExportWorkloadReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/workload.csv")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ExportWorkloadReport, request, client);

    [Function("ExportServiceLevelReport")]
    public Task<IResult> ExportServiceLevelReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/reports/service-levels.csv")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ExportServiceLevelReport, request, client);
}
