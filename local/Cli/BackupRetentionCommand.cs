using System.CommandLine;
using System.Text.Json;
using Maintenance.Backups.Retention;

namespace Maintenance.Local.Cli;

/// <summary><c>backup retention</c>: what the rules keep and drop, and why; of a policy, or of a timeline in a file, which needs no host.</summary>
internal static class BackupRetentionCommand
{
    public static Command Make(CommonOptions common)
    {
        var policy = new Argument<string?>("policy") { Description = "The policy's id.", Arity = ArgumentArity.ZeroOrOne };
        var apply = new Option<bool>("--apply") { Description = "Drop what the rules let go; 1 where something could not be dropped." };
        var timeline = new Option<string?>("--timeline") { Description = "A JSON file of snapshots and rules to explain instead of a policy's." };
        var now = new Option<string?>("--now") { Description = "Of a timeline: the instant to decide at; the present where left out." };
        var command = new Command("retention", "Explain what the retention rules keep and drop, snapshot by snapshot.") { policy, apply, timeline, now };
        command.SetAction((parsed, cancellation) =>
            parsed.GetValue(timeline) is { } file
                ? parsed.GetValue(policy) is null && !parsed.GetValue(apply)
                    ? ExplainAsync(file, LongWork.Instant(parsed.GetValue(now), "--now"), parsed.GetValue(common.Json), cancellation)
                    : throw LongWork.Usage("A timeline is only explained: leave the policy and --apply out.")
            : parsed.GetValue(now) is not null ? throw LongWork.Usage("--now goes with --timeline: a policy is decided on now.")
            : AskAsync(parsed, common, parsed.GetValue(policy) ?? throw LongWork.Usage("Name a policy, or a file with --timeline."), parsed.GetValue(apply), cancellation));
        return command;
    }

    private static async Task<int> ExplainAsync(string file, DateTimeOffset? now, bool isJson, CancellationToken cancellation)
    {
        RetentionTimeline timeline;
        try
        {
            timeline = RetentionTimeline.Parse(await File.ReadAllTextAsync(file, cancellation));
        }
        catch (FormatException error)
        {
            throw LongWork.Usage($"{file}:\n{error.Message}");
        }

        Show(JsonSerializer.SerializeToElement(timeline.Explain(now ?? TimeProvider.System.GetUtcNow()), MaintenanceJson.Options), isJson);
        return ExitCode.Done;
    }

    private static async Task<int> AskAsync(ParseResult parsed, CommonOptions common, string policy, bool apply, CancellationToken cancellation)
    {
        var isJson = parsed.GetValue(common.Json);
        await using var api = await ApiSession.OpenAsync(parsed, common, cancellation);
        if (!apply)
        {
            Show(await api.GetAsync(ApiCommand.Path($"/api/backups/{policy}/retention"), cancellation), isJson);
            return ExitCode.Done;
        }

        var operation = await LongWork.StartAsync(api, ApiCommand.Path($"/api/backups/{policy}/retention"), new { }, cancellation);
        var ended = await api.WaitAsync(operation, null, cancellation);
        var isDone = ended.TryGetProperty("output", out var report);
        if (isJson)
        {
            Output.Json(ended);
        }
        else if (isDone)
        {
            Console.WriteLine($"{report.Text("policy")}: {report.Text("kept")} kept, {report.Text("droppedCount")} dropped. Their contents go with the prunes.");
            LongWork.Lines(report, "dropped", "dropped ");
            LongWork.Lines(report, "problems");
        }
        else
        {
            Console.WriteLine(ended.Text("error"));
        }

        return isDone && !report.Items("problems").Any() ? ExitCode.Done : ExitCode.Wrong;
    }

    private static void Show(JsonElement explanation, bool isJson)
    {
        if (isJson)
        {
            Output.Json(explanation);
            return;
        }

        foreach (var line in explanation.Deserialize<RetentionExplanation>(MaintenanceJson.Options)!.Lines())
        {
            Console.WriteLine(line);
        }
    }
}
