using System.CommandLine;
using System.Text.Json;
using Maintenance.Plan;
using Maintenance.Plan.Document;
using NodaTime;

namespace Maintenance.Local.Cli;

/// <summary><c>plan render|on-duty|calendar</c>: the plan as people read it. The first needs no data folder and no server.</summary>
internal static class PlanReadingCommands
{
    public static Command Render(CommonOptions common)
    {
        var file = new Argument<string?>("file") { Description = "The plan's file; that of --plan where left out.", Arity = ArgumentArity.ZeroOrOne };
        var to = new Option<string?>("--to") { Description = "Write to this file, as its end says: .md or .html; else Markdown to the output." };
        to.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name && !IsHtml(name) && !name.EndsWith(".md", StringComparison.OrdinalIgnoreCase))
            {
                result.AddError($"--to {name}: the file's name ends with neither .md nor .html.");
            }
        });
        var command = new Command("render", "Write the plan as a document for people: 0 done, 1 it has errors, 2 it cannot be read.") { file, to };
        command.SetAction(async (parsed, cancellation) =>
        {
            var name = parsed.GetValue(file) ?? parsed.GetRequiredValue(common.Plan);
            var load = PlanFile.Load(name, await File.ReadAllTextAsync(name, cancellation), Path.GetDirectoryName(Path.GetFullPath(name))!);
            foreach (var problem in load.Problems)
            {
                await Console.Error.WriteLineAsync(problem.ToString());
            }

            if (load.Plan is not { } plan)
            {
                return ExitCode.Wrong;
            }

            var document = PlanDocumentWriter.Of(plan, Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()).InZone(plan.System.TimeZone).Date);
            var target = parsed.GetValue(to);
            var text = target is not null && IsHtml(target) ? HtmlDocument.Write(document) : MarkdownDocument.Write(document);
            if (parsed.GetValue(common.Json))
            {
                Output.Json(JsonSerializer.SerializeToElement(new { document.Title, Sections = document.Sections.Select(static section => section.Title), To = target, Characters = text.Length }, MaintenanceJson.Options));
            }

            if (target is not null)
            {
                await File.WriteAllTextAsync(target, text, cancellation);
            }
            else if (!parsed.GetValue(common.Json))
            {
                await Console.Out.WriteAsync(text);
            }

            return ExitCode.Done;
        });
        return command;
    }

    public static Command OnDuty(CommonOptions common)
    {
        var at = new Option<string?>("--at") { Description = "When, with its offset, such as 2026-11-22T18:30+03:00; now where left out." };
        return ApiCommand.Make(
            "on-duty", "Say who is on duty, and how they are reached; 1 where an urgent notice would find nobody.", common, [at],
            (api, parsed, cancellation) => api.GetAsync(
                "/api/plan/on-duty" + (LongWork.Instant(parsed.GetValue(at), "--at") is { } instant ? "?at=" + Uri.EscapeDataString(instant.ToString("O", System.Globalization.CultureInfo.InvariantCulture)) : ""), cancellation),
            Show,
            static answer => answer.Items("exceptions").Any() ? ExitCode.Wrong : ExitCode.Done);
    }

    public static Command Calendar(CommonOptions common)
    {
        var month = new Option<string?>("--month") { Description = "Such as 2026-11; this month where left out." };
        return ApiCommand.Make(
            "calendar", "List what is planned in a month: windows, freezes, rollouts, drills, reviews, holidays, absences.", common, [month],
            (api, parsed, cancellation) => api.GetAsync("/api/plan/calendar" + (parsed.GetValue(month) is { } text ? "?month=" + Uri.EscapeDataString(text) : ""), cancellation),
            static work =>
            {
                Output.Table(
                    ["FROM", "TO", "UTC", "WHAT", "MORE"],
                    work.Items("entries").Select(static entry => (IReadOnlyList<string>)[entry.Text("from"), entry.Text("to"), entry.Instant("start"), entry.Text("title"), entry.Text("detail")]));
                foreach (var often in work.Items("often"))
                {
                    Console.WriteLine("  too often to be listed: " + often.GetString());
                }

                if (work.GetProperty("left").GetInt32() is > 0 and var left)
                {
                    Console.WriteLine($"  and {left} more");
                }
            });
    }

    private static void Show(JsonElement duty)
    {
        foreach (var exception in duty.Items("exceptions"))
        {
            Console.WriteLine("! " + exception.GetString());
        }

        var people = duty.Items("people").ToDictionary(static person => person.Text("id"), static person => person.Text("name"));
        Output.Table(
            ["ON DUTY", "UNTIL", "TELEPHONE", "MAIL", "ROLES"],
            duty.Items("people").Where(static person => person.GetProperty("isOnDuty").GetBoolean())
                .Select(static person => (IReadOnlyList<string>)[person.Text("name"), person.Instant("until"), person.Text("phone"), person.Text("email"), string.Join(", ", person.Items("roles").Select(static role => role.GetString()))]));
        foreach (var kind in new[] { "teams", "roles" })
        {
            Console.WriteLine();
            Output.Table(
                [kind.ToUpperInvariant(), "NOW", "COVERED UNTIL", "NEXT", "FROM"],
                duty.Items(kind).Select(group => (IReadOnlyList<string>)
                [
                    group.Text("name"), group.Items("now").Select(id => people[id.GetString()!]).ToList() is { Count: > 0 } now ? string.Join(", ", now) : "nobody", group.Instant("uncoveredFrom"),
                    group.TryGetProperty("next", out var next) ? people[next.GetString()!] : "-", group.Instant("nextAt"),
                ]));
        }

        Console.WriteLine();
        Output.Table(
            ["CHANNEL", "NOW", "UNTIL", "ADDRESS"],
            duty.Items("channels").Select(static channel => (IReadOnlyList<string>)[channel.Text("name"), channel.GetProperty("isStaffed").GetBoolean() ? "open" : "closed", channel.Instant("until"), channel.Text("address")]));
    }

    private static bool IsHtml(string name) => name.EndsWith(".html", StringComparison.OrdinalIgnoreCase);
}
