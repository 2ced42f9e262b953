using System.CommandLine;

namespace Maintenance.Local.Cli;

/// <summary><c>audit list</c>.</summary>
internal static class AuditCommands
{
    public static Command Make(CommonOptions common)
    {
        var by = new Option<string?>("--by") { Description = "Of this person alone: an id of the plan, operator or nobody." };
        var act = new Option<string?>("--act") { Description = "Whose act or path has this in it." };
        var outcome = new Option<string?>("--outcome") { Description = "Those that came to this alone: done, refused, failed, begun." };
        var from = new Option<string?>("--from") { Description = "From this day on, such as 2026-11-01." };
        var to = new Option<string?>("--to") { Description = "Up to this day." };
        var take = new Option<int>("--take") { Description = "So many at most.", DefaultValueFactory = static _ => 100 };
        return ApiCommand.Group(
            "audit",
            "Show who did what over HTTP; it is written before an act is done.",
            ApiCommand.Make(
                "list", "List the acts, newest first.", common, [by, act, outcome, from, to, take],
                (api, parsed, cancellation) => api.GetAsync(
                    ApiCommand.Path($"/api/audit?by={parsed.GetValue(by)}&act={parsed.GetValue(act)}&outcome={parsed.GetValue(outcome)}&from={parsed.GetValue(from)}&to={parsed.GetValue(to)}&take={parsed.GetValue(take)}"), cancellation),
                static lines => Output.Table(
                    ["WHEN", "WHO", "ACT", "ON", "FROM", "CAME TO"],
                    lines.EnumerateArray().Select(static line => (IReadOnlyList<string>)
                        [line.Instant("at"), line.Text("by"), line.Text("act"), line.Text("path"), line.Text("from"), $"{line.Text("outcome")} {line.Text("status")}".TrimEnd()]))));
    }
}
