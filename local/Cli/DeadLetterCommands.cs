using System.CommandLine;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>dead-letters list|resend</c>.</summary>
internal static class DeadLetterCommands
{
    public static Command Make(CommonOptions common)
    {
        var queue = new Argument<string>("queue") { Description = "The queue's name." };
        var id = new Argument<string>("id") { Description = "The message's id." };
        return ApiCommand.Group(
            "dead-letters",
            "List the messages that could not be handled, and send them again.",
            ApiCommand.Make(
                "list", "List them; 1 where there are any.", common, [],
                static (api, _, cancellation) => api.GetAsync("/api/dead-letters", cancellation),
                static letters => Output.Table(
                    ["QUEUE", "ID", "GIVEN UP", "TRIES", "REASON"],
                    letters.EnumerateArray().Select(static letter => (IReadOnlyList<string>)
                        [letter.Text("queue"), letter.Text("id"), letter.Instant("deadAt"), letter.Text("deliveries"), letter.Text("reason")])),
                static letters => letters.GetArrayLength() > 0 ? ExitCode.Wrong : ExitCode.Done),
            ApiCommand.Make(
                "resend", "Send one again, once its cause is mended.", common, [queue, id],
                (api, parsed, cancellation) => api.PostAsync("/api/dead-letters", new ResendRequest(parsed.GetRequiredValue(queue), parsed.GetRequiredValue(id)), cancellation),
                static _ => Console.WriteLine("Sent again.")));
    }
}
