using System.CommandLine;
using Maintenance.Feedback;

namespace Maintenance.Local.Cli;

/// <summary><c>feedback send|track</c>.</summary>
internal static class FeedbackCommands
{
    public static Command Make(CommonOptions common)
    {
        var kind = new Option<string>("--kind") { Description = "One of the form's kinds.", Required = true };
        var message = new Option<string>("--message") { Description = "What it is about.", Required = true };
        var service = new Option<string?>("--service") { Description = "The id of a service." };
        var name = new Option<string?>("--name") { Description = "Who sends it." };
        var contact = new Option<string?>("--contact") { Description = "How to reach them." };
        var reference = new Argument<string>("reference") { Description = "Such as F-7K3M-9QXD-2BTV." };
        var code = new Option<string>("--code") { Description = "Its tracking code.", Required = true };
        return ApiCommand.Group(
            "feedback",
            "Send feedback, as the public form does, and follow it up.",
            ApiCommand.Make(
                "send", "Send feedback.", common, [kind, message, service, name, contact],
                (api, parsed, cancellation) => api.PostAsync(
                    "/api/feedback",
                    new FeedbackSubmission(parsed.GetRequiredValue(kind), parsed.GetRequiredValue(message), parsed.GetValue(service), parsed.GetValue(name), parsed.GetValue(contact)),
                    cancellation),
                static receipt => Console.WriteLine($"Stored as {receipt.Text("reference")}, tracking code {receipt.Text("trackingCode")}.")),
            ApiCommand.Make(
                "track", "Show what became of it.", common, [reference, code],
                (api, parsed, cancellation) => api.SendAsync(
                    HttpMethod.Get, ApiCommand.Path($"/api/feedback/{parsed.GetRequiredValue(reference)}"), null, [("Tracking-Code", parsed.GetRequiredValue(code))], cancellation),
                static progress =>
                {
                    Console.WriteLine($"{progress.Text("reference")}: {progress.Text("state")}, ticket {progress.Text("ticket")}");
                    foreach (var answer in progress.Items("answers"))
                    {
                        Console.WriteLine($"  {answer.Instant("at")}  {answer.Text("text")}");
                    }
                }));
    }
}
