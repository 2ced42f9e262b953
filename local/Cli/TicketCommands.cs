using System.CommandLine;
using System.Text.Json;

namespace Maintenance.Local.Cli;

/// <summary><c>ticket …</c>: everything that people do to tickets, through the HTTP API.</summary>
internal static class TicketCommands
{
    public static Command Make(CommonOptions common) => ApiCommand.Group(
        "ticket",
        "Open, find, show, answer, assign, resolve and export tickets. Acts are done in your own name with a person's token; else as the operator.",
        [
            TicketOpenCommand.Make(common),
            .. TicketListCommands.Make(common),
            Show(common),
            Assignment(common),
            .. TicketActCommands.Make(common),
            TicketBulkCommand.Make(common),
            .. TicketFileCommands.Make(common),
            TicketViewCommands.Make(common),
            TicketReindexCommand.Make(common),
        ]);

    /// <summary>The ticket that a command is about.</summary>
    public static Argument<string> Id() => new("id") { Description = "Such as T-1042." };

    /// <summary>The path of a ticket, or of something of it.</summary>
    public static string Path(ParseResult parsed, Argument<string> id, string part = "") => ApiCommand.Path($"/api/tickets/{parsed.GetRequiredValue(id)}") + part;

    /// <summary>Prints a ticket, with its history where that is known.</summary>
    public static void Print(JsonElement ticket)
    {
        Console.WriteLine($"{ticket.Text("id")}  {ticket.Text("title")}");
        Console.WriteLine($"  {ticket.Text("type")}, {ticket.Text("state")}{(ticket.TryGetProperty("waitingFor", out var whom) ? $" for the {whom}" : "")}, priority {ticket.Text("priority")}, service {ticket.Text("service")}");
        Console.WriteLine($"  team {ticket.Text("team")}, assigned to {ticket.Text("assignee")}, from {ticket.Text("requester")}");
        Console.WriteLine($"  response   due {ticket.Instant("responseDue")}, given {ticket.Instant("respondedAt")}");
        Console.WriteLine($"  resolution due {ticket.Instant("resolutionDue")}, given {ticket.Instant("resolvedAt")}");
        Line("tags", ticket.Items("tags").Select(static tag => tag.GetString()));
        Line("watched by", ticket.Items("watchers").Select(static person => person.GetString()));
        Line("links", ticket.Items("links").Select(static link => $"{link.Text("kind")} {link.Text("ticket")}"));
        foreach (var file in ticket.Items("attachments"))
        {
            Console.WriteLine($"  file {file.Text("storedAs").Split('/')[^1]}  {file.Text("name")}  {file.Text("bytes")} bytes{(file.GetProperty("isPublic").GetBoolean() ? "" : "  (internal)")}");
        }

        if (!ticket.TryGetProperty("history", out _))
        {
            return;
        }

        Console.WriteLine();
        Console.WriteLine(ticket.Text("description"));
        Console.WriteLine();
        foreach (var entry in ticket.Items("history"))
        {
            Console.WriteLine($"  {entry.Instant("at")}  {entry.Text("by")}: {entry.Text("what")}{(entry.TryGetProperty("said", out var said) ? " " + said : "")}{(entry.TryGetProperty("note", out var note) ? $" [internal: {note}]" : "")}");
        }

        static void Line(string what, IEnumerable<string?> items)
        {
            if (items.ToList() is { Count: > 0 } list)
            {
                Console.WriteLine($"  {what} {string.Join(", ", list)}");
            }
        }
    }

    private static Command Show(CommonOptions common)
    {
        var id = Id();
        return ApiCommand.Make("show", "Show a ticket with its history.", common, [id], (api, parsed, cancellation) => api.GetAsync(Path(parsed, id), cancellation), Print);
    }

    private static Command Assignment(CommonOptions common)
    {
        var id = Id();
        return ApiCommand.Make(
            "assignment", "Show whom the rules would choose for a ticket, and why nobody else.", common, [id], (api, parsed, cancellation) => api.GetAsync(Path(parsed, id, "/assignment"), cancellation),
            static choice =>
            {
                Console.WriteLine(choice.TryGetProperty("person", out var person) ? $"The rules choose {person}." : "Nobody fits; it waits in the queue.");
                Output.Table(
                    ["PERSON", "LOAD", "WHY NOT"],
                    choice.Items("considered").Select(static one => (IReadOnlyList<string>)[one.Text("person"), one.GetProperty("load").GetDouble().ToString("0.##"), one.Text("refusal")]));
            });
    }
}
