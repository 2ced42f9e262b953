using System.CommandLine;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>workflow list|terminate</c>.</summary>
internal static class WorkflowCommands
{
    public static Command Make(CommonOptions common)
    {
        var id = new Argument<string>("id") { Description = "The id of the instance." };
        var reason = new Option<string>("--reason") { Description = "Why it is ended: kept with it.", Required = true };
        return ApiCommand.Group(
            "workflow",
            "List the workflows that have not ended or failed lately, and end one that is stuck.",
            ApiCommand.Make(
                "list", "List them, those that moved longest ago in front; 1 where one failed.", common, [],
                static (api, _, cancellation) => api.GetAsync("/api/operations", cancellation),
                static workflows => Output.Table(
                    ["ID", "WORKFLOW", "STATE", "STARTED", "MOVED", "DOING"],
                    workflows.EnumerateArray().Select(static one => (IReadOnlyList<string>)
                        [one.Text("id"), one.Text("workflow"), one.Text("state"), one.Instant("createdAt"), one.Instant("updatedAt"), one.Text(one.Text("error") == "-" ? "status" : "error")])),
                static workflows => workflows.EnumerateArray().Any(static one => one.Text("state") == "failed") ? ExitCode.Wrong : ExitCode.Done),
            ApiCommand.Make(
                "terminate", "End one where it stands; what it is for may be started again.", common, [id, reason],
                (api, parsed, cancellation) => api.PostAsync(ApiCommand.Path($"/api/operations/{parsed.GetRequiredValue(id)}/termination"), new TerminationRequest(parsed.GetRequiredValue(reason)), cancellation),
                static ended => Console.WriteLine($"{ended.Text("id")} is ended.")));
    }
}
