using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// The plan as a document, who is on duty, and the maintenance calendar. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class PlanTriggers(WebEntrance web)
{
    [Function("PlanPage")]
    public Task<IResult> PlanPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "plan")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.PlanPage, request, client);

    [Function("CoveragePage")]
    public Task<IResult> CoveragePage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "plan/coverage")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.CoveragePage, request, client);

    [Function("OnDutyPage")]
    public Task<IResult> OnDutyPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "plan/on-duty")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.OnDutyPage, request, client);

    [Function("CalendarPage")]
    public Task<IResult> CalendarPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "plan/calendar")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.CalendarPage, request, client);

    [Function("CalendarFeed")]
    public Task<IResult> CalendarFeed(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "plan/calendar.ics")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.CalendarFeed, request, client);

    [Function("RenewCalendarFeedForm")]
    public Task<IResult> RenewCalendarFeedForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "plan/calendar/feed")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.RenewCalendarFeedForm, request, client);

    [Function("GetPlanDocument")]
    public Task<IResult> GetPlanDocument(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/plan/document")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetPlanDocument, request, client);

    [Function("GetCoverage")]
    public Task<IResult> GetCoverage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/plan/coverage")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetCoverage, request, client);

    [Function("GetOnDuty")]
    public Task<IResult> GetOnDuty(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/plan/on-duty")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetOnDuty, request, client);

    [Function("GetCalendar")]
    public Task<IResult> GetCalendar(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/plan/calendar")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetCalendar, request, client);

    [Function("GetCalendarFeed")]
    public Task<IResult> GetCalendarFeed(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/plan/calendar.ics")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetCalendarFeed, request, client);
}
