using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Maintenance.Local.Cli;

/// <summary><c>supplies list|show|receive|issue|count</c>.</summary>
internal static class SupplyCommands
{
    public static Command Make(CommonOptions common) => ApiCommand.Group(
        "supplies", "See what is in stock and what is to be ordered, and enter what moves.", List(common), Show(common),
        Enter(common, "receive", "receipt", "Enter a delivery."), Enter(common, "issue", "issue", "Enter what was taken out."), Enter(common, "count", "count", "Enter how much was counted, whatever the book says."));

    private static Command List(CommonOptions common) => ApiCommand.Make(
        "list", "List every item with what is foreseen; 1 where something is to be ordered.", common, [],
        static (api, _, cancellation) => api.GetAsync("/api/supplies", cancellation),
        static items => Output.Table(
            ["ITEM", "THERE IS", "MINIMUM", "RUNS OUT", "ORDER BY", "REQUEST"],
            items.EnumerateArray().Select(static item => (IReadOnlyList<string>)
                [item.Text("id"), item.TryGetProperty("onHand", out _) ? $"{item.Text("onHand")} {item.Text("unit")}" : "never counted", item.Text("minimum"), item.Text("stockOut"), item.Text("orderBy"), Request(item)])),
        static items => items.EnumerateArray().Any(static item => item.TryGetProperty("request", out _)) ? ExitCode.Wrong : ExitCode.Done);

    private static Command Show(CommonOptions common)
    {
        var id = Item();
        return ApiCommand.Make(
            "show", "Show an item with the latest entries of its book.", common, [id],
            (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/supplies/{parsed.GetRequiredValue(id)}"), cancellation),
            static book =>
            {
                var item = book.GetProperty("item");
                Console.WriteLine($"{item.Text("name")}: {(item.TryGetProperty("onHand", out _) ? $"{item.Text("onHand")} {item.Text("unit")}" : "never counted")}, minimum {item.Text("minimum")}, in {item.Text("place")}. {Request(item)}".TrimEnd());
                Output.Table(
                    ["NO", "AT", "WHAT", "QUANTITY", "THEN", "BY", "NOTE"],
                    book.Items("movements").Select(static entry => (IReadOnlyList<string>)
                        [entry.Text("number"), entry.Instant("at"), entry.Text("kind"), entry.Text("quantity"), entry.Text("after"), entry.Text("by"), entry.Text("note")]));
            });
    }

    private static Command Enter(CommonOptions common, string name, string kind, string help)
    {
        var id = Item();
        var quantity = new Argument<decimal>("quantity") { Description = "How much, in the item's unit." };
        var note = new Option<string?>("--note") { Description = "What is to be known of it." };
        return ApiCommand.Make(
            name, help, common, [id, quantity, note],
            (api, parsed, cancellation) => api.PostAsync(
                ApiCommand.Path($"/api/supplies/{parsed.GetRequiredValue(id)}/movements"), new { kind, quantity = parsed.GetRequiredValue(quantity), note = parsed.GetValue(note) }, cancellation),
            static entry => Console.WriteLine($"Entered as number {entry.Text("number")}: {entry.GetProperty("after").GetDecimal().ToString("0.###", CultureInfo.InvariantCulture)} are there."));
    }

    private static Argument<string> Item() => new("item") { Description = "The id of an item of the plan." };

    private static string Request(JsonElement item) =>
        item.TryGetProperty("request", out var request) ? $"{(request.Text("reason") == "belowMinimum" ? "BELOW MINIMUM" : "ORDER NOW")}{(request.TryGetProperty("ticket", out var ticket) ? " " + ticket.GetString() : "")}" : "";
}
