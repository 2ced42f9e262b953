using System.CommandLine;
using System.Text.Json;
using Maintenance.Patches;
using Maintenance.Plan;

namespace Maintenance.Local.Cli;

/// <summary><c>patch explain</c>: of a request that is stored, or of a history in a file, for which it needs no data folder and no server.</summary>
internal static class PatchExplainCommand
{
    /// <summary>A history of ten thousand events has less.</summary>
    private const long MostBytes = 16L * 1024 * 1024;

    public static Command Make(CommonOptions common)
    {
        var id = new Argument<string?>("id") { Description = "A request, such as P-1007.", Arity = ArgumentArity.ZeroOrOne };
        var events = new Option<string?>("--events") { Description = "A file with a history: {\"request\": …, \"events\": […], \"now\": …}; see the operator's guide." };
        var command = new Command("explain", "Say what became of each event, and how it comes to its decision: 0 it could be said, 2 it cannot be read.") { id, events };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is null == result.GetValue(events) is null)
            {
                result.AddError("Name a request, or a file with --events.");
            }
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var explanation = parsed.GetValue(events) is { } file
                ? await ExplainAsync(file, parsed.GetRequiredValue(common.Plan), cancellation)
                : await AskAsync(parsed, common, parsed.GetValue(id)!, cancellation);
            if (parsed.GetValue(common.Json))
            {
                Output.Json(explanation);
            }
            else
            {
                Print(explanation);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<JsonElement> AskAsync(ParseResult parsed, CommonOptions common, string id, CancellationToken cancellation)
    {
        await using var api = await ApiSession.OpenAsync(parsed, common, cancellation);
        return await api.GetAsync(ApiCommand.Path($"/api/patches/{id}/explanation"), cancellation);
    }

    private static async Task<JsonElement> ExplainAsync(string file, string planFile, CancellationToken cancellation)
    {
        var load = PlanFile.Load(planFile, await File.ReadAllTextAsync(planFile, cancellation), Path.GetDirectoryName(Path.GetFullPath(planFile))!);
        var plan = load.Plan ?? throw new InvalidDataException($"{planFile} cannot run, so its rules say nothing: {load.Problems.First(static problem => problem.Severity == PlanProblemSeverity.Error)}");
        if (new FileInfo(file).Length > MostBytes)
        {
            throw new InvalidDataException($"{file} has more than {MostBytes / 1024 / 1024} MiB.");
        }

        try
        {
            return JsonSerializer.SerializeToElement(ApprovalHistory.Explain(await File.ReadAllTextAsync(file, cancellation), plan, TimeProvider.System.GetUtcNow()), MaintenanceJson.Options);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{file}: {error.Message}", error);
        }
    }

    private static void Print(JsonElement explanation)
    {
        Console.WriteLine(explanation.Text("title"));
        Console.WriteLine("  " + explanation.Text("rule"));
        Console.WriteLine();
        Output.Table(
            ["AT", "PERSON", "DID", "EFFECT", "WHY"],
            explanation.Items("events").Select(static entry => entry.GetProperty("event") is var told
                ? (IReadOnlyList<string>)
                [
                    told.Instant("at"), told.Text("person"), told.TryGetProperty("choice", out var choice) ? choice.ToString() : told.Text("kind"), entry.Text("effect"), entry.Text("sentence"),
                ]
                : []));
        Console.WriteLine();
        Console.WriteLine(explanation.TryGetProperty("decision", out var decision)
            ? $"{decision.Text("outcome")} at {decision.Instant("at")}: {decision.Text("reason")}"
            : $"Undecided as of {explanation.Instant("now")}.");
        if (explanation.TryGetProperty("decision", out _) || !explanation.TryGetProperty("standing", out var standing))
        {
            return;
        }

        Console.WriteLine($"{standing.Text("missing")} of {standing.Text("needed")} approvals are missing.{(standing.GetProperty("isReachable").GetBoolean() ? "" : " TOO FEW MAY STILL VOTE.")}");
        Output.Table(
            ["PERSON", "STANDING", "WHY"],
            standing.Items("voters").Where(static voter => voter.Text("standing") != "wrongRole").Select(static voter => (IReadOnlyList<string>)[voter.Text("person"), voter.Text("standing"), voter.TryGetProperty("why", out var why) ? why.ToString() : ""]));
        foreach (var ring in explanation.Items("rings"))
        {
            Console.WriteLine(ring.TryGetProperty("slot", out var slot)
                ? $"{ring.Text("ring")}: {slot.Instant("start")} to {slot.Instant("end")}{(slot.Items("windows").Any() ? $", in {string.Join(" and ", slot.Items("windows"))}" : "")}"
                : $"{ring.Text("ring")}: {ring.Text("whyNone")}");
        }
    }
}
