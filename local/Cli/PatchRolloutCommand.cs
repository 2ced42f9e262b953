using System.CommandLine;
using System.Text.Json;
using Maintenance.Rollouts;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>patch rollout</c>.</summary>
internal static class PatchRolloutCommand
{
    public static Command Make(CommonOptions common)
    {
        var id = new Argument<string>("id") { Description = "Such as P-1007." };
        var decision = new Argument<RolloutDecision?>("decision") { Description = "pause, resume, abort or retry; left out: show how it stands.", Arity = ArgumentArity.ZeroOrOne };
        var comment = new Option<string?>("--comment") { Description = "Why; an abort needs it." };
        return ApiCommand.Make(
            "rollout", "Show how an approved change goes from ring to ring; pause, resume, abort it, or try again what it is stuck at. 1 where it is stuck or was rolled back.", common, [id, decision, comment],
            (api, parsed, cancellation) => parsed.GetValue(decision) is { } decided
                ? api.PostAsync(ApiCommand.Path($"/api/patches/{parsed.GetRequiredValue(id)}/rollout"), new RolloutDecisionText(decided, parsed.GetValue(comment)), cancellation)
                : api.GetAsync(ApiCommand.Path($"/api/patches/{parsed.GetRequiredValue(id)}/rollout"), cancellation),
            Print,
            static run => run.Text("state") is "stuck" or "rolledBack" ? ExitCode.Wrong : ExitCode.Done);
    }

    private static void Print(JsonElement run)
    {
        Console.WriteLine($"{run.Text("patch")}  {run.Text("title")}: {run.Text("state")}{(run.TryGetProperty("problem", out var problem) ? $". {problem}" : "")}");
        Console.WriteLine();
        Output.Table(
            ["RING", "STATE", "FROM", "APPLIED", "WATCHED UNTIL", "ENDED", "BACKUPS"],
            run.Items("rings").Select(static ring => (IReadOnlyList<string>)
            [
                ring.Text("id"), ring.Text("state"), ring.Instant("slotStart"), ring.Instant("appliedAt"), ring.Instant("soakUntil"), ring.Instant("endedAt"),
                string.Join(", ", ring.Items("backups").Select(static backup => backup.Text("run"))),
            ]));
        Console.WriteLine();
        foreach (var entry in run.Items("timeline"))
        {
            Console.WriteLine($"  {entry.Instant("at")}  {entry.Text("by")}: {entry.Text("what")}");
        }
    }
}
