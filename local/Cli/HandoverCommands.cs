using System.CommandLine;
using System.Text.Json;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>handover show|begin|confirm|transfer|sign|withdraw</c>.</summary>
internal static class HandoverCommands
{
    public static Command Make(CommonOptions common) =>
        ApiCommand.Group("handover", "See how ready the handover is, and do your part in it.", Show(common), Begin(common), Confirm(common), Transfer(common), Sign(common), Withdraw(common));

    private static Command Show(CommonOptions common) => ApiCommand.Make(
        "show", "Show what is shown and what is missing; 1 where it cannot be signed yet.", common, [],
        static (api, _, cancellation) => api.GetAsync("/api/handover", cancellation), Print,
        static handover => handover.GetProperty("isReady").GetBoolean() ? ExitCode.Done : ExitCode.Wrong);

    private static Command Begin(CommonOptions common) => ApiCommand.Make(
        "begin", "Begin it: from now on drills count, and what is outstanding has its tickets.", common, [],
        static (api, _, cancellation) => api.PostAsync("/api/handover/beginning", new { }, cancellation), Print);

    private static Command Confirm(CommonOptions common)
    {
        var check = new Argument<string>("check") { Description = "The id of a line of the checklist." };
        var text = Text();
        return ApiCommand.Make(
            "confirm", "Confirm a line of the checklist that is yours.", common, [check, text],
            (api, parsed, cancellation) => api.PostAsync(ApiCommand.Path($"/api/handover/checklist/{parsed.GetRequiredValue(check)}/confirmation"), new ConfirmationText(parsed.GetRequiredValue(text)), cancellation), Print);
    }

    private static Command Transfer(CommonOptions common)
    {
        var control = new Argument<string>("control") { Description = "The id of what changes hands." };
        var side = new Argument<TransferSide>("side") { Description = "given, by who gives it away; then taken, by who takes it." };
        var text = Text();
        return ApiCommand.Make(
            "transfer", "Say that something changed hands.", common, [control, side, text],
            (api, parsed, cancellation) => api.PostAsync(
                ApiCommand.Path($"/api/handover/control/{parsed.GetRequiredValue(control)}/transfer"), new TransferText(parsed.GetRequiredValue(side), parsed.GetRequiredValue(text)), cancellation), Print);
    }

    private static Command Sign(CommonOptions common)
    {
        var document = new Option<string>("--document") { Description = "The hash of the document that you have read, as \"handover show\" prints it.", Required = true };
        return ApiCommand.Make(
            "sign", "Sign the document.", common, [document],
            (api, parsed, cancellation) => api.PostAsync("/api/handover/signatures", new SignatureRequest(parsed.GetRequiredValue(document)), cancellation), Print);
    }

    private static Command Withdraw(CommonOptions common) => ApiCommand.Make(
        "withdraw", "Take back a document that not everybody has signed.", common, [], static (api, _, cancellation) => api.PostAsync("/api/handover/revocations", new { }, cancellation), Print);

    private static Option<string> Text() => new("--text") { Description = "What shows it.", Required = true };

    private static void Print(JsonElement handover)
    {
        Console.WriteLine($"{handover.Text("name")}, planned for {handover.Text("planned")}: {(handover.TryGetProperty("acceptedAt", out _) ? "accepted " + handover.Instant("acceptedAt") : handover.GetProperty("isReady").GetBoolean() ? "ready to be signed" : "not ready")}.");
        Output.Table(
            ["", "ID", "WHAT", "SHOWN BY, OR MISSING"],
            handover.Items("checklist").Concat(handover.Items("control")).Select(static one => (IReadOnlyList<string>)[one.GetProperty("isDone").GetBoolean() ? "x" : " ", one.Text("id"), one.Text("name"), one.Text("text")]));
        Output.Table(
            ["", "OUTSTANDING", "WHAT", "DONE WHEN", "TICKET"],
            handover.Items("outstanding").Select(static one => (IReadOnlyList<string>)[one.GetProperty("isDone").GetBoolean() ? "x" : " ", one.Text("id"), one.Text("name"), one.Text("text"), one.Text("ticket")]));
        Console.WriteLine($"Document {handover.Text("document")}; signed by {(handover.Items("signatures").Any() ? string.Join(", ", handover.Items("signatures").Select(static one => one.Text("person"))) : "nobody")}.");
    }
}
