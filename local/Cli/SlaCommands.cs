using System.CommandLine;
using System.Text.Json;
using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Time;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>sla explain</c>: of a ticket, or of events in a file, for which it needs no data folder and no server.</summary>
internal static class SlaCommands
{
    /// <summary>Two thousand events have less.</summary>
    private const long MostBytes = 4L * 1024 * 1024;

    public static Command Make(CommonOptions common)
    {
        var id = new Argument<string?>("id") { Description = "A ticket, such as T-1042.", Arity = ArgumentArity.ZeroOrOne };
        var events = new Option<string?>("--events") { Description = "A file with events: [{\"at\": …, \"kind\": \"opened\", \"priority\": …}, …]; see the operator's guide." };
        var command = new Command("explain", "Account for a ticket's clocks, span by span: 0 every target is kept so far, 1 one is missed, 2 it cannot be read.") { id, events };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is null == result.GetValue(events) is null)
            {
                result.AddError("Name a ticket, or a file with --events.");
            }
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var clocks = parsed.GetValue(events) is { } file
                ? await ExplainAsync(file, parsed.GetRequiredValue(common.Plan), cancellation)
                : await AskAsync(parsed, common, parsed.GetValue(id)!, cancellation);
            if (parsed.GetValue(common.Json))
            {
                Output.Json(clocks);
            }
            else
            {
                Print(clocks);
            }

            return clocks.Items("clocks").Any(static clock => clock.GetProperty("isMissed").GetBoolean()) ? ExitCode.Wrong : ExitCode.Done;
        });
        return ApiCommand.Group("sla", "Account for service-level clocks.", command);
    }

    private static async Task<JsonElement> AskAsync(ParseResult parsed, CommonOptions common, string id, CancellationToken cancellation)
    {
        await using var api = await ApiSession.OpenAsync(parsed, common, cancellation);
        return await api.GetAsync(ApiCommand.Path($"/api/tickets/{id}/clock"), cancellation);
    }

    private static async Task<JsonElement> ExplainAsync(string file, string planFile, CancellationToken cancellation)
    {
        var load = PlanFile.Load(planFile, await File.ReadAllTextAsync(planFile, cancellation), Path.GetDirectoryName(Path.GetFullPath(planFile))!);
        var plan = load.Plan ?? throw new InvalidDataException($"{planFile} cannot run, so its targets say nothing: {load.Problems.First(static problem => problem.Severity == PlanProblemSeverity.Error)}");
        if (new FileInfo(file).Length > MostBytes)
        {
            throw new InvalidDataException($"{file} has more than {MostBytes / 1024 / 1024} MiB.");
        }

        try
        {
            var history = ClockHistory.Read(await File.ReadAllTextAsync(file, cancellation), plan);
            return JsonSerializer.SerializeToElement(TicketClocks.Of(plan, null, history.Events, history.Now ?? history.Until(TimeProvider.System.GetUtcNow())), MaintenanceJson.Options);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{file}: {error.Message}", error);
        }
    }

    private static void Print(JsonElement clocks)
    {
        foreach (var clock in clocks.Items("clocks"))
        {
            Console.WriteLine($"{clock.Text("target").ToUpperInvariant()}: {clock.Text("verdict")}");
            Output.Table(
                [$"FROM ({clock.Text("zone")})", "TO", "UTC", "COUNTS", "USED", "WHY"],
                clock.Items("spans").Select(static span => (IReadOnlyList<string>)
                [
                    span.Text("localFrom"), span.Text("localTo"), span.Instant("from"), span.GetProperty("counts").GetBoolean() ? "+" + Length(span) : "-", Durations.Format(span.GetProperty("used").Deserialize<TimeSpan>()),
                    span.Text("why") + (span.GetProperty("isForecast").GetBoolean() ? " (to come)" : ""),
                ]));
            foreach (var mark in clock.Items("marks").Where(static mark => mark.TryGetProperty("at", out _)))
            {
                Console.WriteLine($"  {mark.Instant("at")}  {mark.Text("key")}, after {Durations.Format(mark.GetProperty("threshold").Deserialize<TimeSpan>())}");
            }

            Console.WriteLine();
        }
    }

    private static string Length(JsonElement span) => Durations.Format(span.GetProperty("to").GetDateTimeOffset() - span.GetProperty("from").GetDateTimeOffset());
}
