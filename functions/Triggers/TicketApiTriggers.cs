using Maintenance.Web.Http;
using MaintenanceFunctions.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// What people and programs do to tickets. Anonymous to the platform, whose function keys know no people: the route says who may use it.
/// </summary>
#pragma warning disable CS1591 // Each function does what its route says.
public sealed class TicketApiTriggers(WebEntrance web)
{
    [Function("OpenTicketForm")]
    public Task<IResult> OpenTicketForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tickets")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.OpenTicketForm, request, client);

    [Function("BulkTicketsForm")]
    public Task<IResult> BulkTicketsForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tickets/bulk")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.BulkTicketsForm, request, client);

    [Function("ActOnTicketForm")]
    public Task<IResult> ActOnTicketForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tickets/{id}/acts")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ActOnTicketForm, request, client);

    [Function("AttachToTicketForm")]
    public Task<IResult> AttachToTicketForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tickets/{id}/attachments")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AttachToTicketForm, request, client);

    [Function("ExportTickets")]
    public Task<IResult> ExportTickets(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/tickets.csv")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ExportTickets, request, client);

    [Function("OpenTicket")]
    public Task<IResult> OpenTicket(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/tickets")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.OpenTicket, request, client);

    [Function("ActOnTickets")]
    public Task<IResult> ActOnTickets(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/tickets/bulk")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ActOnTickets, request, client);

    [Function("ReindexTickets")]
    public Task<IResult> ReindexTickets(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/ticket-index")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ReindexTickets, request, client);

    [Function("ActOnTicket")]
    public Task<IResult> ActOnTicket(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/tickets/{id}/acts")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ActOnTicket, request, client);

    [Function("GetTicketAssignment")]
    public Task<IResult> GetTicketAssignment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/tickets/{id}/assignment")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetTicketAssignment, request, client);

    [Function("AttachToTicket")]
    public Task<IResult> AttachToTicket(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/tickets/{id}/attachments")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.AttachToTicket, request, client);

    [Function("GetTicketAttachment")]
    public Task<IResult> GetTicketAttachment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/tickets/{id}/attachments/{file}")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.GetTicketAttachment, request, client);

    [Function("ListTicketViews")]
    public Task<IResult> ListTicketViews(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "api/me/views")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.ListTicketViews, request, client);

    [Function("KeepTicketView")]
    public Task<IResult> KeepTicketView(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/me/views")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.KeepTicketView, request, client);

    [Function("KeepTicketViewForm")]
    public Task<IResult> KeepTicketViewForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tickets/views")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        web.RunAsync(Routes.KeepTicketViewForm, request, client);
}
