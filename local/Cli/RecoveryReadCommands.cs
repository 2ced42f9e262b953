using System.CommandLine;
using System.Text.Json;
using Maintenance.Recovery;
using Maintenance.Time;

namespace Maintenance.Local.Cli;

/// <summary><c>recovery points|report</c>.</summary>
internal static class RecoveryReadCommands
{
    public static Command Points(CommonOptions common)
    {
        var strategy = new Argument<string>("strategy") { Description = "The id of a strategy." };
        var copy = new Option<string?>("--copy") { Description = "The copy that it would be restored from." };
        var take = new Option<int>("--take") { Description = "How many at most.", DefaultValueFactory = static _ => 50 };
        var before = new Option<string?>("--before") { Description = "Only those older than this, such as 2026-11-22T02:00:00Z." };
        return ApiCommand.Make(
            "points", "List the points in time that a strategy can bring back, newest first, and what would be lost since; 1 where there is none.", common, [strategy, copy, take, before],
            (api, parsed, cancellation) => api.GetAsync(
                ApiCommand.Path($"/api/recovery/strategies/{parsed.GetRequiredValue(strategy)}/points")
                + $"?take={parsed.GetValue(take)}&copy={Uri.EscapeDataString(parsed.GetValue(copy) ?? "")}&before={Uri.EscapeDataString(parsed.GetValue(before) ?? "")}",
                cancellation),
            PrintPoints,
            static listing => listing.Items("points").Any() || !listing.Items("policies").Any() ? ExitCode.Done : ExitCode.Wrong);
    }

    public static Command Report(CommonOptions common)
    {
        var id = new Argument<string>("id") { Description = "Such as R-1003." };
        return ApiCommand.Make(
            "report", "Print the report of a recovery or a drill as Markdown; 1 where it did not pass.", common, [id],
            (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/recoveries/{parsed.GetRequiredValue(id)}/report"), cancellation),
            static report => Console.Write(RecoveryReportText.Markdown(report.Deserialize<RecoveryReport>(MaintenanceJson.Options)!)),
            static report => report.TryGetProperty("isPassed", out var passed) && !passed.GetBoolean() ? ExitCode.Wrong : ExitCode.Done);
    }

    private static void PrintPoints(JsonElement listing)
    {
        if (!listing.Items("policies").Any())
        {
            Console.WriteLine("This strategy restores nothing.");
            return;
        }

        Output.Table(
            ["AT", "LOSES", "RPO", "RESTORES"],
            listing.Items("points").Select(static point => (IReadOnlyList<string>)
            [
                point.GetProperty("at").GetString()!, Durations.Rough(point.GetProperty("loss").Deserialize<TimeSpan>()), point.GetProperty("isWithinObjective").GetBoolean() ? "kept" : "MISSED",
                string.Join(", ", point.GetProperty("sources").EnumerateObject().Select(static source => $"{source.Name}: {source.Value.Text("snapshot")}")),
            ]));
        if (listing.GetProperty("older").GetInt32() is > 0 and var older)
        {
            Console.WriteLine($"{older} more are older (--before).");
        }

        foreach (var policy in listing.Items("policies").Where(static policy => policy.GetProperty("withheld").GetInt32() > 0))
        {
            Console.WriteLine(
                $"Not offered of {policy.Text("policy")}: {policy.Text("damaged")} damaged, {policy.Text("unproven")} unproven, {policy.Text("undated")} without an instant, {policy.Text("elsewhere")} not in this copy.");
        }
    }
}
