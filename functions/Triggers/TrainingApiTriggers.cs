using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// Training: its pages and what programs call. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class TrainingApiTriggers(WebEntrance web)
{
    [Function("TrainingsPage")]
    public Task<IResult> TrainingsPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "training")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.TrainingsPage, request, client);

    [Function("TrainingPage")]
    public Task<IResult> TrainingPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "training/{programme}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.TrainingPage, request, client);

    [Function("PlanSessionForm")]
    public Task<IResult> PlanSessionForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "training/{programme}/sessions")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.PlanSessionForm, request, client);

    [Function("RecordAttendanceForm")]
    public Task<IResult> RecordAttendanceForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "training/{programme}/sessions/{session}/attendance")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RecordAttendanceForm, request, client);

    [Function("CancelSessionForm")]
    public Task<IResult> CancelSessionForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "training/{programme}/sessions/{session}/cancellation")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.CancelSessionForm, request, client);

    [Function("ListTraining")]
    public Task<IResult> ListTraining(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/training")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListTraining, request, client);

    [Function("GetTraining")]
    public Task<IResult> GetTraining(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/training/{programme}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetTraining, request, client);

    [Function("PlanSession")]
    public Task<IResult> PlanSession(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/training/{programme}/sessions")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.PlanSession, request, client);

    [Function("RecordAttendance")]
    public Task<IResult> RecordAttendance(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/training/{programme}/sessions/{session}/attendance")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RecordAttendance, request, client);

    [Function("CancelSession")]
    public Task<IResult> CancelSession(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/training/{programme}/sessions/{session}/cancellation")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.CancelSession, request, client);
}
