using System.CommandLine;
using Maintenance.Feedback;
using Maintenance.Plan;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>feedback send|track|comment|reopen|rate|answer|satisfaction|export|erase</c>.</summary>
internal static class FeedbackCommands
{
    public static Command Make(CommonOptions common)
    {
        var kind = new Option<string>("--kind") { Description = "One of the form's kinds.", Required = true };
        var message = new Option<string>("--message") { Description = "What it is about.", Required = true };
        var service = new Option<string?>("--service") { Description = "The id of a service." };
        var name = new Option<string?>("--name") { Description = "Who sends it." };
        var contact = new Option<string?>("--contact") { Description = "How to reach them." };
        var language = new Option<Language?>("--language") { Description = "The language in which they are answered: en or fr; the system's first where left out." };
        return ApiCommand.Group(
            "feedback",
            "Send feedback, as the public form does, and follow it up; see how content people are, and what is held on them.",
            ApiCommand.Make(
                "send", "Send feedback.", common, [kind, message, service, name, contact, language],
                (api, parsed, cancellation) => api.PostAsync(
                    "/api/feedback",
                    new FeedbackSubmission(parsed.GetRequiredValue(kind), parsed.GetRequiredValue(message), parsed.GetValue(service), parsed.GetValue(name), parsed.GetValue(contact)) { Language = parsed.GetValue(language) },
                    cancellation),
                static receipt => Console.WriteLine($"Stored as {receipt.Text("reference")}, tracking code {receipt.Text("trackingCode")}.")),
            Track(common),
            Act(common, "comment", "Add something to it.", "comments", new Option<string>("--text") { Description = "What is added.", Required = true }, static text => new FeedbackComment(text)),
            Act(common, "reopen", "Say that it is not solved.", "reopening", new Option<string>("--reason") { Description = "What is still wrong.", Required = true }, static reason => new FeedbackReopening(reason)),
            Act(common, "rate", "Say how content you are with the solution.", "rating", new Option<int>("--score") { Description = "1 (not at all) to 5 (very).", Required = true }, static score => new FeedbackScore(score)),
            Act(common, "answer", "Answer a survey.", "survey", new Option<int>("--score") { Description = "0 (not at all likely) to 10 (very likely).", Required = true }, static score => new FeedbackScore(score)),
            Satisfaction(common),
            FeedbackCareCommands.Export(common),
            FeedbackCareCommands.Erase(common));
    }

    private static (Argument<string> Reference, Option<string> Code) Access() => (
        new Argument<string>("reference") { Description = "Such as F-7K3M-9QXD-2BTV." },
        new Option<string>("--code") { Description = "Its tracking code.", Required = true });

    private static Command Track(CommonOptions common)
    {
        var (reference, code) = Access();
        return ApiCommand.Make(
            "track", "Show what became of it.", common, [reference, code],
            (api, parsed, cancellation) => api.SendAsync(
                HttpMethod.Get, ApiCommand.Path($"/api/feedback/{parsed.GetRequiredValue(reference)}"), null, [("Tracking-Code", parsed.GetRequiredValue(code))], cancellation),
            Show);
    }

    private static Command Act<T>(CommonOptions common, string command, string help, string path, Option<T> said, Func<T, object> body)
    {
        var (reference, code) = Access();
        return ApiCommand.Make(
            command, help, common, [reference, code, said],
            (api, parsed, cancellation) => api.SendAsync(
                HttpMethod.Post, ApiCommand.Path($"/api/feedback/{parsed.GetRequiredValue(reference)}/") + path, MaintenanceJson.Write(body(parsed.GetRequiredValue(said))), [("Tracking-Code", parsed.GetRequiredValue(code))], cancellation),
            Show);
    }

    private static void Show(System.Text.Json.JsonElement progress)
    {
        Console.WriteLine($"{progress.Text("reference")}: {progress.Text("state")}, ticket {progress.Text("ticket")}");
        foreach (var answer in progress.Items("answers"))
        {
            Console.WriteLine($"  {answer.Instant("at")}  {answer.Text("text")}");
        }
    }

    private static Command Satisfaction(CommonOptions common)
    {
        var from = new Option<string?>("--from") { Description = "The first month, such as 2026-01; eleven months before the last one where left out." };
        var to = new Option<string?>("--to") { Description = "The last month; this one where left out." };
        var service = new Option<string?>("--service") { Description = "The id of a service; all where left out." };
        return ApiCommand.Make(
            "satisfaction", "Show how content people are: ratings (CSAT) by month and service, and surveys (NPS).", common, [from, to, service],
            (api, parsed, cancellation) => api.GetAsync(
                "/api/reports/satisfaction?" + string.Join('&', new[] { ("from", parsed.GetValue(from)), ("to", parsed.GetValue(to)), ("service", parsed.GetValue(service)) }
                    .Where(static part => part.Item2 is not null).Select(static part => $"{part.Item1}={Uri.EscapeDataString(part.Item2!)}")),
                cancellation),
            static report =>
            {
                Console.WriteLine(report.Text("csatFormula"));
                Console.WriteLine($"  all            {Figure(report.GetProperty("csat"), "percent", "ratings")}");
                foreach (var month in report.Items("months"))
                {
                    Console.WriteLine($"  {month.Text("month")}  {month.Text("service"),-12}  {Figure(month.GetProperty("csat"), "percent", "ratings")}");
                }

                Console.WriteLine(report.Text("npsFormula"));
                foreach (var survey in report.Items("surveys"))
                {
                    Console.WriteLine($"  {survey.GetProperty("survey").Instant("at")}  {Figure(survey.GetProperty("nps"), "score", "answers")}");
                }
            });
    }

    private static string Figure(System.Text.Json.JsonElement figure, string value, string count)
    {
        if (!figure.TryGetProperty(value, out var number))
        {
            return $"no {count}";
        }

        var interval = figure.GetProperty("interval");
        return $"{number.GetDouble():0.0} of {figure.GetProperty(count).GetInt32()} {count}, 95 % interval {interval.GetProperty("low").GetDouble():0.0} to {interval.GetProperty("high").GetDouble():0.0}"
            + (figure.TryGetProperty("note", out var note) ? $" ({note.GetString()})" : "");
    }
}
