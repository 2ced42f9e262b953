using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// What people look at and programs call of the monitoring. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class MonitoringTriggers(WebEntrance web)
{
    [Function("MonitoringPage")]
    public Task<IResult> MonitoringPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "monitoring")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.MonitoringPage, request, client);

    [Function("ProbePage")]
    public Task<IResult> ProbePage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "monitoring/{probe}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ProbePage, request, client);

    [Function("SecurityPage")]
    public Task<IResult> SecurityPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "security")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.SecurityPage, request, client);

    [Function("GetMonitoring")]
    public Task<IResult> GetMonitoring(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/monitoring")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetMonitoring, request, client);

    [Function("GetProbe")]
    public Task<IResult> GetProbe(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/probes/{probe}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetProbe, request, client);

    [Function("RunProbe")]
    public Task<IResult> RunProbe(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/probes/{probe}/runs")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RunProbe, request, client);

    [Function("ListIncidents")]
    public Task<IResult> ListIncidents(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/incidents")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListIncidents, request, client);

    [Function("NoteHeartbeat")]
    public Task<IResult> NoteHeartbeat(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/heartbeats/{probe}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.NoteHeartbeat, request, client);

    [Function("ListSecuritySignals")]
    public Task<IResult> ListSecuritySignals(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/security/signals")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListSecuritySignals, request, client);
}
