using System.CommandLine;
using System.Text.Json;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>ticket list|show|respond|resolve</c>.</summary>
internal static class TicketCommands
{
    public static Command Make(CommonOptions common)
    {
        var id = new Argument<string>("id") { Description = "Such as T-1042." };
        var text = new Option<string>("--text") { Description = "What the requester is told.", Required = true };
        var all = new Option<bool>("--all") { Description = "Resolved ones too." };
        return ApiCommand.Group(
            "ticket",
            "List, show, answer and resolve tickets.",
            ApiCommand.Make(
                "list", "List the open tickets, due first in front.", common, [all],
                (api, parsed, cancellation) => api.GetAsync(parsed.GetValue(all) ? "/api/tickets?state=all&take=1000" : "/api/tickets?take=1000", cancellation), List),
            ApiCommand.Make("show", "Show a ticket.", common, [id], (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/tickets/{parsed.GetRequiredValue(id)}"), cancellation), Show),
            ApiCommand.Make(
                "respond", "Answer the requester: stops the response clock.", common, [id, text],
                (api, parsed, cancellation) => api.PostAsync(ApiCommand.Path($"/api/tickets/{parsed.GetRequiredValue(id)}/responses"), new TicketText(parsed.GetRequiredValue(text)), cancellation), Show),
            ApiCommand.Make(
                "resolve", "Resolve it: stops the resolution clock.", common, [id, text],
                (api, parsed, cancellation) => api.PostAsync(ApiCommand.Path($"/api/tickets/{parsed.GetRequiredValue(id)}/resolution"), new TicketText(parsed.GetRequiredValue(text)), cancellation), Show));
    }

    private static void List(JsonElement tickets) => Output.Table(
        ["TICKET", "PRIORITY", "STATE", "RESPONSE DUE", "RESOLUTION DUE", "BREACHES", "TITLE"],
        tickets.EnumerateArray().Select(static ticket => (IReadOnlyList<string>)
        [
            ticket.Text("id"), ticket.Text("priority"), ticket.Text("state"), ticket.Instant("responseDue"), ticket.Instant("resolutionDue"),
            string.Join(' ', ticket.Items("breaches").Select(static breach => $"{breach.Text("target")}:{breach.Text("level")}")), ticket.Text("title"),
        ]));

    private static void Show(JsonElement ticket)
    {
        Console.WriteLine($"{ticket.Text("id")}  {ticket.Text("title")}");
        Console.WriteLine($"  {ticket.Text("type")}, {ticket.Text("state")}, priority {ticket.Text("priority")}, service {ticket.Text("service")}");
        Console.WriteLine($"  response   due {ticket.Instant("responseDue")}, given {ticket.Instant("respondedAt")}");
        Console.WriteLine($"  resolution due {ticket.Instant("resolutionDue")}, given {ticket.Instant("resolvedAt")}");
        Console.WriteLine();
        Console.WriteLine(ticket.Text("description"));
        Console.WriteLine();
        foreach (var entry in ticket.Items("history"))
        {
            Console.WriteLine($"  {entry.Instant("at")}  {entry.Text("by")}: {entry.Text("what")}{(entry.TryGetProperty("said", out var said) ? " " + said : "")}");
        }
    }
}
