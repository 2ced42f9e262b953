using System.CommandLine;
using System.Text.Json;
using Maintenance.Assets.Debt;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>debt list|show|add|book|reverse|pay|accept|reopen</c>.</summary>
internal static class DebtCommands
{
    public static Command Make(CommonOptions common) => ApiCommand.Group(
        "debt", "The register of technical debt: what it costs, what it costs to leave it, and whether the time that is kept for it is spent.",
        List(common), Show(common), Add(common), Book(common), Reverse(common), Move(common, "pay", "It is paid back."), Move(common, "accept", "It is lived with; --text says why."), Move(common, "reopen", "It is owed after all."));

    private static Command List(CommonOptions common) => ApiCommand.Make(
        "list", "List the register, the quickest payback first; 1 where something is late.", common, [],
        static (api, _, cancellation) => api.GetAsync("/api/debt", cancellation),
        static register =>
        {
            var standing = register.GetProperty("standing");
            Console.WriteLine($"{standing.Text("open")} owed, {standing.Text("principal")} h; interest {standing.Text("interest")} h a month; spent this month {standing.Text("spent")} h of {standing.Text("reserved")} h");
            Output.Table(
                ["DEBT", "STATE", "SERVICE", "COST", "INTEREST", "BY", "TITLE"],
                register.Items("items").Select(static item => (item, Fields: item.GetProperty("fields"))).Select(static one => (IReadOnlyList<string>)
                    [one.item.Text("id"), one.item.Text("state"), one.Fields.Text("service"), one.Fields.Text("cost"), one.Fields.Text("interest"), one.Fields.Text("target"), one.Fields.Text("title")]));
        },
        static register => register.GetProperty("standing").GetProperty("late").GetInt32() > 0 ? ExitCode.Wrong : ExitCode.Done);

    private static Command Show(CommonOptions common)
    {
        var id = IdArgument();
        return ApiCommand.Make("show", "Show a piece of debt.", common, [id], (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/debt/{parsed.GetRequiredValue(id)}"), cancellation), Print);
    }

    private static Command Add(CommonOptions common)
    {
        var title = new Argument<string>("title") { Description = "What is owed." };
        var service = new Option<string>("--service") { Description = "The id of the service that has it.", Required = true };
        var cost = new Option<double>("--cost") { Description = "The hours that paying it back takes.", Required = true };
        var interest = new Option<double>("--interest") { Description = "The hours that it costs each month.", Required = true };
        var component = new Option<string?>("--component") { Description = "The id of the component that it lies in." };
        var target = new Option<string?>("--target") { Description = "By when, such as 2027-03-31." };
        var approach = new Option<string?>("--approach") { Description = "How it is to be paid back." };
        return ApiCommand.Make(
            "add", "Add a piece of debt.", common, [title, service, cost, interest, component, target, approach],
            (api, parsed, cancellation) => api.PostAsync(
                "/api/debt",
                new DebtFields(parsed.GetRequiredValue(title), parsed.GetRequiredValue(service), parsed.GetValue(cost), parsed.GetValue(interest))
                {
                    Component = parsed.GetValue(component),
                    Target = parsed.GetValue(target),
                    Approach = parsed.GetValue(approach) ?? "",
                },
                cancellation),
            Print);
    }

    private static Command Book(CommonOptions common)
    {
        var id = IdArgument();
        var hours = new Argument<double>("hours") { Description = "The hours that were worked." };
        var on = new Option<string?>("--on") { Description = "The day, such as 2026-11-22; today where left out." };
        var text = new Option<string?>("--text") { Description = "What was done." };
        return ApiCommand.Make(
            "book", "Book hours on a piece of debt.", common, [id, hours, on, text],
            (api, parsed, cancellation) => api.PostAsync(
                ApiCommand.Path($"/api/debt/{parsed.GetRequiredValue(id)}/acts"), new DebtActText("book", Hours: parsed.GetValue(hours), On: parsed.GetValue(on), Text: parsed.GetValue(text)), cancellation),
            Print);
    }

    private static Command Reverse(CommonOptions common)
    {
        var id = IdArgument();
        var booking = new Argument<int>("booking") { Description = "Which of its bookings, from 1: resources hours calls the second one of D-1001 D-1001/2." };
        var reason = new Option<string>("--reason") { Description = "Why.", Required = true };
        return ApiCommand.Make(
            "reverse", "Say that a booking does not hold; it stays on the piece, reversed.", common, [id, booking, reason],
            (api, parsed, cancellation) => api.PostAsync(
                ApiCommand.Path($"/api/debt/{parsed.GetRequiredValue(id)}/acts"), new DebtActText("reverse", Text: parsed.GetRequiredValue(reason), Booking: parsed.GetValue(booking)), cancellation),
            Print);
    }

    private static Command Move(CommonOptions common, string act, string help)
    {
        var id = IdArgument();
        var text = new Option<string?>("--text") { Description = "Why." };
        return ApiCommand.Make(
            act, help, common, [id, text],
            (api, parsed, cancellation) => api.PostAsync(ApiCommand.Path($"/api/debt/{parsed.GetRequiredValue(id)}/acts"), new DebtActText(act, Text: parsed.GetValue(text)), cancellation), Print);
    }

    private static void Print(JsonElement item)
    {
        var fields = item.GetProperty("fields");
        Console.WriteLine($"{item.Text("id")}  {fields.Text("title")}: {item.Text("state")}; {fields.Text("cost")} h, {fields.Text("interest")} h a month");
        foreach (var entry in item.Items("history"))
        {
            Console.WriteLine($"  {entry.Instant("at")}  {entry.Text("by")}: {entry.Text("what")}");
        }
    }

    private static Argument<string> IdArgument() => new("id") { Description = "Such as D-1001." };
}
