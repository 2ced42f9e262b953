using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// What programs call and people look at of recoveries and drills. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class RecoveryTriggers(WebEntrance web)
{
    [Function("RecoveriesPage")]
    public Task<IResult> RecoveriesPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "recovery")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RecoveriesPage, request, client);

    [Function("StartRecoveryForm")]
    public Task<IResult> StartRecoveryForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "recovery")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.StartRecoveryForm, request, client);

    [Function("RecoveryNewPage")]
    public Task<IResult> RecoveryNewPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "recoveries/new")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RecoveryNewPage, request, client);

    [Function("RecoveryReportPage")]
    public Task<IResult> RecoveryReportPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "recovery/{id}/report")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RecoveryReportPage, request, client);

    [Function("RecoveryPage")]
    public Task<IResult> RecoveryPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "recovery/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RecoveryPage, request, client);

    [Function("DecideRecoveryForm")]
    public Task<IResult> DecideRecoveryForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "recovery/{id}/decisions")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.DecideRecoveryForm, request, client);

    [Function("DecideRecoveryStepForm")]
    public Task<IResult> DecideRecoveryStepForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "recovery/{id}/steps/{step}/decisions")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.DecideRecoveryStepForm, request, client);

    [Function("ListStrategies")]
    public Task<IResult> ListStrategies(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/recovery/strategies")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListStrategies, request, client);

    [Function("ExplainStrategy")]
    public Task<IResult> ExplainStrategy(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/recovery/strategies/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ExplainStrategy, request, client);

    [Function("ListRecoveries")]
    public Task<IResult> ListRecoveries(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/recoveries")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListRecoveries, request, client);

    [Function("StartRecovery")]
    public Task<IResult> StartRecovery(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/recoveries")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.StartRecovery, request, client);

    [Function("StartDrill")]
    public Task<IResult> StartDrill(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/drills")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.StartDrill, request, client);

    [Function("GetRecovery")]
    public Task<IResult> GetRecovery(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/recoveries/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetRecovery, request, client);

    [Function("DecideRecovery")]
    public Task<IResult> DecideRecovery(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/recoveries/{id}/decisions")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.DecideRecovery, request, client);

    [Function("DecideRecoveryStep")]
    public Task<IResult> DecideRecoveryStep(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/recoveries/{id}/steps/{step}/decisions")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.DecideRecoveryStep, request, client);
}
