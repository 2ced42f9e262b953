using System.CommandLine;
using System.Text.Json;
using Maintenance.Plan;

namespace Maintenance.Local.Cli;

/// <summary><c>plan</c>; <c>check</c> and <c>schema</c> need no data folder and no server.</summary>
internal static class PlanCommands
{
    public static Command Make(CommonOptions common) => ApiCommand.Group(
        "plan", "Check the plan, read it, or write its JSON Schema.",
        Check(common), PlanReadingCommands.Render(common), PlanReadingCommands.OnDuty(common), PlanReadingCommands.Calendar(common), Schema());

    private static Command Check(CommonOptions common)
    {
        var file = new Argument<string?>("file") { Description = "The plan's file; that of --plan where left out.", Arity = ArgumentArity.ZeroOrOne };
        var coverage = new Option<bool>("--coverage") { Description = "Print which questions of the phase the plan answers, where, and what keeps that true, as Markdown; 1 where one has no answer." };
        var command = new Command("check", "Check a plan: 0 it can run, 1 it has errors, 2 it cannot be read.") { file, coverage };
        command.SetAction(async (parsed, cancellation) =>
        {
            var name = parsed.GetValue(file) ?? parsed.GetRequiredValue(common.Plan);
            var load = PlanFile.Load(name, await File.ReadAllTextAsync(name, cancellation), Path.GetDirectoryName(Path.GetFullPath(name))!);
            if (parsed.GetValue(coverage) && load.Plan is { } plan)
            {
                var answers = PlanCoverage.Of(plan);
                if (parsed.GetValue(common.Json))
                {
                    Output.Json(JsonSerializer.SerializeToElement(answers, MaintenanceJson.Options));
                }
                else
                {
                    Console.Out.Write(PlanCoverageText.Markdown(answers));
                }

                return answers.All(static answer => answer.IsAnswered) ? ExitCode.Done : ExitCode.Wrong;
            }

            if (parsed.GetValue(common.Json))
            {
                Output.Json(JsonSerializer.SerializeToElement(new CheckReport(name, load.Plan is not null, load.Problems), MaintenanceJson.Options));
            }
            else
            {
                foreach (var problem in load.Problems)
                {
                    Console.WriteLine(problem);
                }

                Console.WriteLine(Summary(name, load));
            }

            return load.Plan is null ? ExitCode.Wrong : ExitCode.Done;
        });
        return command;
    }

    private static Command Schema()
    {
        var command = new Command("schema", "Write the JSON Schema of plans, for editors.");
        command.SetAction(static _ => Console.Out.Write(PlanSchema.Write()));
        return command;
    }

    private static string Summary(string name, PlanLoad load)
    {
        var errors = load.Problems.Count(static problem => problem.Severity == PlanProblemSeverity.Error);
        var warnings = load.Problems.Count - errors;
        return load.Plan is { } plan
            ? $"{name} can run: {plan.Services.Count} services, {plan.Backups.Count} backups, {plan.People.Count} people; {Count(warnings, "warning")}."
            : $"{name} cannot run: {Count(errors, "error")}, {Count(warnings, "warning")}.";
    }

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private sealed record CheckReport(string File, bool CanRun, IReadOnlyList<PlanProblem> Problems);
}
