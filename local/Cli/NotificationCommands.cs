using System.CommandLine;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>notification list|resend|test</c>.</summary>
internal static class NotificationCommands
{
    public static Command Make(CommonOptions common)
    {
        var state = new Option<string?>("--state") { Description = "Those that are waiting, sent or failed alone." };
        var recipient = new Option<string?>("--recipient") { Description = "Those to one person or channel alone, by its id." };
        var id = new Argument<string>("id") { Description = "Its id, as the list shows it." };
        var to = new Option<string?>("--to") { Description = "The id of a person." };
        var channel = new Option<string?>("--channel") { Description = "The id of a webhook." };
        return ApiCommand.Group(
            "notification",
            "Show who was told what, send again what was given up, and try out the relay and the webhooks.",
            ApiCommand.Make(
                "list", "List them, newest first; 1 where some were given up.", common, [state, recipient],
                (api, parsed, cancellation) => api.GetAsync(
                    ApiCommand.Path($"/api/notifications?take=1000&state={parsed.GetValue(state)}&recipient={parsed.GetValue(recipient)}"), cancellation),
                static lines => Output.Table(
                    ["ID", "STATE", "TO", "RECORDED", "DUE OR SENT", "TRIES", "SUBJECT"],
                    lines.EnumerateArray().Select(static line => (IReadOnlyList<string>)
                        [
                            line.Text("id"), line.Text("state"), line.Text("recipient"), line.Instant("createdAt"), line.Text("state") == "sent" ? line.Instant("sentAt") : line.Instant("dueAt"),
                            line.Text("attempts"), line.Text("subject") + (line.TryGetProperty("error", out var error) ? $" ({error})" : ""),
                        ])),
                static lines => lines.EnumerateArray().Any(static line => line.Text("state") == "failed") ? ExitCode.Wrong : ExitCode.Done),
            ApiCommand.Make(
                "resend", "Send one again that was given up, once its cause is mended.", common, [id],
                (api, parsed, cancellation) => api.SendAsync(HttpMethod.Post, ApiCommand.Path($"/api/notifications/{parsed.GetRequiredValue(id)}/resends"), null, [], cancellation),
                static _ => Console.WriteLine("It is on its way.")),
            ApiCommand.Make(
                "test", "Send a test at once to a person or a webhook, and say what came of it; 1 where it did not arrive.", common, [to, channel],
                (api, parsed, cancellation) => api.PostAsync("/api/notifications/tests", new TestRequest(parsed.GetValue(to), parsed.GetValue(channel)), cancellation),
                static test => Console.WriteLine($"{test.Text("to")}: {test.Text("said")}"),
                static test => test.GetProperty("isDelivered").GetBoolean() ? ExitCode.Done : ExitCode.Wrong));
    }
}
