using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>Notifications: how deliveries stand, sending again, and tests.</summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class NotificationTriggers(WebEntrance web)
{
    [Function("NotificationsPage")]
    public Task<IResult> NotificationsPage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "notifications")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.NotificationsPage, request, client);

    [Function("TestNotificationForm")]
    public Task<IResult> TestNotificationForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "notifications/tests")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.TestNotificationForm, request, client);

    [Function("ResendNotificationForm")]
    public Task<IResult> ResendNotificationForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "notifications/{id}/resends")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ResendNotificationForm, request, client);

    [Function("ListNotifications")]
    public Task<IResult> ListNotifications(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/notifications")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListNotifications, request, client);

    [Function("TestNotification")]
    public Task<IResult> TestNotification(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/notifications/tests")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.TestNotification, request, client);

    [Function("ResendNotification")]
    public Task<IResult> ResendNotification(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/notifications/{id}/resends")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ResendNotification, request, client);
}
