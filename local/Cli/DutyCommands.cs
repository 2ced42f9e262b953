using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Maintenance.Duties;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>duties list|show|attach|done|skip|report</c>.</summary>
internal static class DutyCommands
{
    private static readonly string[] Lists = ["overdue", "due", "coming", "done"];
    private static readonly string[] Groups = ["months", "owners", "kinds"];

    public static Command Make(CommonOptions common) =>
        ApiCommand.Group("duties", "What is owed again and again: list it, do it, and report how it was kept.", List(common), Show(common), Attach(common), Done(common), Skip(common), Report(common));

    private static Command List(CommonOptions common)
    {
        var owner = new Option<string?>("--owner") { Description = "Those of this person or role only." };
        var kind = new Option<string?>("--kind") { Description = "Those of this kind only, such as accessReview." };
        return ApiCommand.Make(
            "list", "List what is overdue, due, coming within 90 days, and done lately; 1 where something is overdue.", common, [owner, kind],
            (api, parsed, cancellation) => api.GetAsync($"/api/duties?owner={Uri.EscapeDataString(parsed.GetValue(owner) ?? "")}&kind={Uri.EscapeDataString(parsed.GetValue(kind) ?? "")}", cancellation),
            static list => Output.Table(
                ["", "DUTY", "OCCURRENCE", "KIND", "OWNER", "DUE", "ENDED", "NAME"],
                Lists.SelectMany(name => list.Items(name).Select(fact => (IReadOnlyList<string>)
                    [name == "done" && fact.Text("state") == "skipped" ? "skipped" : name, fact.Text("duty"), fact.Text("key"), fact.Text("kind"), fact.Text("owner"), fact.Instant("dueAt"), fact.Instant("closedAt"), fact.Text("name")]))),
            static list => list.Items("overdue").Any() ? ExitCode.Wrong : ExitCode.Done);
    }

    private static Command Show(CommonOptions common)
    {
        var (duty, occurrence) = (Duty(), new Argument<string?>("occurrence") { Description = "Such as 2026-11-30; the duty with all of them where left out.", Arity = ArgumentArity.ZeroOrOne });
        return ApiCommand.Make(
            "show", "Show a duty with its occurrences, or one of them with its evidence.", common, [duty, occurrence],
            (api, parsed, cancellation) => api.GetAsync(
                parsed.GetValue(occurrence) is { } key ? ApiCommand.Path($"/api/duties/{parsed.GetRequiredValue(duty)}/{key}") : ApiCommand.Path($"/api/duties/{parsed.GetRequiredValue(duty)}"), cancellation),
            static found =>
            {
                if (found.TryGetProperty("occurrence", out _))
                {
                    Print(found);
                }
                else
                {
                    Output.Table(
                        ["OCCURRENCE", "DUE", "STATE", "ENDED", "BY", "EVIDENCE"],
                        found.Items("occurrences").Select(static one => (IReadOnlyList<string>)
                            [one.Text("key"), one.Instant("dueAt"), one.Text("state"), one.Instant("closedAt"), one.Text("closedBy"), string.Join(", ", one.Items("evidence").Select(static evidence => evidence.Text("kind")))]));
                }
            });
    }

    private static Command Attach(CommonOptions common)
    {
        var (duty, occurrence) = (Duty(), Occurrence());
        var file = new Argument<string>("file") { Description = "The file to add." };
        var key = new Option<string?>("--key") { Description = "Names this file: sent again with the same key, it is added once." };
        return ApiCommand.Make(
            "attach", "Add a file that shows that a duty was done.", common, [duty, occurrence, file, key],
            async (api, parsed, cancellation) =>
            {
                var path = parsed.GetRequiredValue(file);
                await using var content = File.OpenRead(path);
                return await api.UploadAsync(ApiCommand.Path($"/api/duties/{parsed.GetRequiredValue(duty)}/{parsed.GetRequiredValue(occurrence)}/attachments") + $"?name={Uri.EscapeDataString(Path.GetFileName(path))}", content, parsed.GetValue(key), cancellation);
            },
            Print);
    }

    private static Command Done(CommonOptions common)
    {
        var (duty, occurrence) = (Duty(), Occurrence());
        var text = new Option<string?>("--text") { Description = "What was found." };
        var file = new Option<string?>("--file") { Description = "A file that shows it; it is added first." };
        var drill = new Option<string?>("--drill") { Description = "A drill that passed, such as R-1003." };
        var ticket = new Option<string?>("--ticket") { Description = "A ticket, such as T-1042." };
        var report = new Option<string?>("--report") { Description = "A report and its month, such as backups/2026-10." };
        return ApiCommand.Make(
            "done", "Say that a duty was done, with what shows it.", common, [duty, occurrence, text, file, drill, ticket, report],
            async (api, parsed, cancellation) =>
            {
                var path = ApiCommand.Path($"/api/duties/{parsed.GetRequiredValue(duty)}/{parsed.GetRequiredValue(occurrence)}");
                if (parsed.GetValue(file) is { } sent)
                {
                    await using var content = File.OpenRead(sent);
                    _ = await api.UploadAsync($"{path}/attachments?name={Uri.EscapeDataString(Path.GetFileName(sent))}", content, null, cancellation);
                }

                return await api.PostAsync(path + "/completion", new DutyCompletion(parsed.GetValue(text), parsed.GetValue(drill), parsed.GetValue(ticket), parsed.GetValue(report)), cancellation);
            },
            Print);
    }

    private static Command Skip(CommonOptions common)
    {
        var (duty, occurrence) = (Duty(), Occurrence());
        var reason = new Option<string>("--reason") { Description = "Why it need not be done.", Required = true };
        return ApiCommand.Make(
            "skip", "Say that a duty need not be done this time, and why.", common, [duty, occurrence, reason],
            (api, parsed, cancellation) => api.PostAsync(ApiCommand.Path($"/api/duties/{parsed.GetRequiredValue(duty)}/{parsed.GetRequiredValue(occurrence)}/skip"), new DutySkip(parsed.GetRequiredValue(reason)), cancellation),
            Print);
    }

    private static Command Report(CommonOptions common)
    {
        var from = new Option<string?>("--from") { Description = "The first month, such as 2026-06; five before the last where left out." };
        var to = new Option<string?>("--to") { Description = "The last month; this one where left out." };
        return ApiCommand.Make(
            "report", "Report how duties were kept, by month, owner and kind; 1 where some were missed.", common, [from, to],
            (api, parsed, cancellation) => api.GetAsync($"/api/reports/duties?from={Uri.EscapeDataString(parsed.GetValue(from) ?? "")}&to={Uri.EscapeDataString(parsed.GetValue(to) ?? "")}", cancellation),
            static report =>
            {
                foreach (var group in Groups)
                {
                    Output.Table(
                        [group[..^1].ToUpperInvariant(), "IN TIME", "LATE", "MISSED", "SKIPPED", "OPEN", "COMPLIANCE"],
                        report.Items(group).Select(static line => (IReadOnlyList<string>)
                        [
                            line.Text("name"), line.Text("inTime"), line.Text("late"), line.Text("missed"), line.Text("skipped"), line.Text("open"),
                            line.TryGetProperty("compliance", out var share) ? (100 * share.GetDouble()).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "-",
                        ]));
                    Console.WriteLine();
                }

                foreach (var formula in report.Items("formulas"))
                {
                    Console.WriteLine("  " + formula);
                }
            },
            static report => report.Items("missed").Any() ? ExitCode.Wrong : ExitCode.Done);
    }

    private static Argument<string> Duty() => new("duty") { Description = "The id of a duty." };

    private static Argument<string> Occurrence() => new("occurrence") { Description = "Such as 2026-11-30, as 'duties list' prints it." };

    private static void Print(JsonElement view)
    {
        var one = view.GetProperty("occurrence");
        Console.WriteLine($"{one.GetProperty("terms").Text("id")}/{one.Text("key")}  {one.GetProperty("terms").Text("name")}: {view.Text("standing")}");
        Console.WriteLine($"  due {one.Instant("dueAt")}, owed by {one.GetProperty("terms").Text("owner")}");
        if (one.TryGetProperty("closedAt", out _))
        {
            Console.WriteLine($"  {one.Text("state")} by {one.Text("closedBy")} at {one.Instant("closedAt")}{(one.TryGetProperty("reason", out var reason) ? ": " + reason.GetString() : "")}");
        }

        if (one.TryGetProperty("ticket", out var ticket))
        {
            Console.WriteLine($"  ticket {ticket.GetString()}");
        }

        foreach (var evidence in one.Items("evidence"))
        {
            Console.WriteLine($"  {evidence.Text("kind")}: {evidence.Text("value")} ({evidence.Text("by")}, {evidence.Instant("at")}){(evidence.TryGetProperty("file", out var file) ? $" {file.Text("bytes")} bytes, SHA-256 {file.Text("sha256")}" : "")}");
        }
    }
}
