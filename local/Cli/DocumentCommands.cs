using System.CommandLine;
using System.Text.Json;
using Maintenance.Knowledge;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>documents list|show|changes|acknowledge|review|stale|search|gaps</c>.</summary>
internal static class DocumentCommands
{
    public static Command Make(CommonOptions common) => ApiCommand.Group(
        "documents", "SOPs, knowledge articles and other documents.", List(common), Show(common), Changes(common), Acknowledge(common), Review(common), Stale(common), Search(common), Gaps(common));

    private static Command List(CommonOptions common)
    {
        var kind = new Option<string?>("--kind") { Description = "sop, article or document." };
        kind.AcceptOnlyFromAmong("sop", "article", "document");
        var state = new Option<string?>("--state") { Description = "mine (to acknowledge), stale, late or orphaned." };
        state.AcceptOnlyFromAmong("mine", "stale", "late", "orphaned");
        return ApiCommand.Make(
            "list", "List the documents: owner, version, next review, who has acknowledged.", common, [kind, state],
            (api, parsed, cancellation) => api.GetAsync($"/api/documents?kind={parsed.GetValue(kind)}&state={parsed.GetValue(state)}", cancellation), Print);
    }

    private static Command Stale(CommonOptions common) => ApiCommand.Make(
        "stale", "List the documents whose review is due; 1 where there are any.", common, [],
        static (api, _, cancellation) => api.GetAsync("/api/documents?state=stale", cancellation),
        Print,
        static list => list.GetArrayLength() > 0 ? ExitCode.Wrong : ExitCode.Done);

    private static Command Show(CommonOptions common)
    {
        var id = Id();
        return ApiCommand.Make(
            "show", "Print a document, with its version and who has not acknowledged it.", common, [id],
            (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/documents/{parsed.GetRequiredValue(id)}"), cancellation),
            static document =>
            {
                Console.WriteLine($"{document.Text("title")} ({document.Text("kind")}, {document.Text("file")})");
                Console.WriteLine($"Version: {document.Text("version")}{(document.GetProperty("isEditorial").GetBoolean() ? ", editorial" : "")}");
                Console.WriteLine($"Owner: {document.Text("owner")}. Review due: {document.Instant("reviewDue")}{(document.GetProperty("isStale").GetBoolean() ? ", overdue" : "")}.");
                Console.WriteLine($"Acknowledged by {document.Items("acknowledged").Count()}; missing: {Missing(document)}.");
                Console.WriteLine();
                Console.WriteLine(document.Text("body").Trim());
            });
    }

    private static Command Changes(CommonOptions common)
    {
        var id = Id();
        var from = new Option<string?>("--from") { Description = "The first 8 digits of the version at least; the one before where left out." };
        return ApiCommand.Make(
            "changes", "Print what changed since a version.", common, [id, from],
            (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/documents/{parsed.GetRequiredValue(id)}/differences") + $"?from={Uri.EscapeDataString(parsed.GetValue(from) ?? "")}", cancellation),
            static lines =>
            {
                foreach (var line in lines.EnumerateArray().Where(static line => line.Text("change") != "same"))
                {
                    Console.WriteLine($"{(line.Text("change") == "added" ? "+" : "-")} {line.GetProperty("text").GetString()}");
                }
            });
    }

    private static Command Acknowledge(CommonOptions common)
    {
        var (id, version) = (Id(), Version());
        return ApiCommand.Make(
            "acknowledge", "Say that you have read an SOP and work by it.", common, [id, version],
            (api, parsed, cancellation) => api.PostAsync(ApiCommand.Path($"/api/documents/{parsed.GetRequiredValue(id)}/acknowledgements"), new AcknowledgementText(parsed.GetRequiredValue(version)), cancellation),
            static one => Console.WriteLine($"Acknowledged by {one.Text("person")} at {one.Instant("at")}."));
    }

    private static Command Review(CommonOptions common)
    {
        var (id, version) = (Id(), Version());
        var outcome = new Option<ReviewOutcome>("--outcome") { Description = "confirmed or changeNeeded.", Required = true };
        var text = new Option<string?>("--text") { Description = "What you found; needed where it must be changed." };
        return ApiCommand.Make(
            "review", "Record that a document was reviewed.", common, [id, version, outcome, text],
            (api, parsed, cancellation) => api.PostAsync(
                ApiCommand.Path($"/api/documents/{parsed.GetRequiredValue(id)}/reviews"), new DocumentReviewText(parsed.GetRequiredValue(version), parsed.GetValue(outcome), parsed.GetValue(text)), cancellation),
            static review => Console.WriteLine($"Reviewed by {review.Text("by")} at {review.Instant("at")}: {review.Text("outcome")}."));
    }

    private static Command Search(CommonOptions common)
    {
        var words = new Argument<string[]>("words") { Description = "What it is about.", Arity = ArgumentArity.OneOrMore };
        return ApiCommand.Make(
            "search", "Find documents, the best first; 1 where there is none.", common, [words],
            (api, parsed, cancellation) => api.GetAsync($"/api/knowledge?q={Uri.EscapeDataString(string.Join(' ', parsed.GetRequiredValue(words)))}", cancellation),
            static hits => Output.Table(
                ["DOCUMENT", "KIND", "TITLE", "TEXT"],
                hits.EnumerateArray().Select(static hit => (IReadOnlyList<string>)[hit.Text("id"), hit.Text("kind"), hit.Text("title"), string.Join(' ', hit.Items("snippet").Select(static part => part.Text("text").Trim()))])),
            static hits => hits.GetArrayLength() > 0 ? ExitCode.Done : ExitCode.Wrong);
    }

    private static Command Gaps(CommonOptions common) => ApiCommand.Make(
        "gaps", "List what was solved without an article in these three months.", common, [],
        static (api, _, cancellation) => api.GetAsync("/api/knowledge/gaps", cancellation),
        static gaps =>
        {
            Console.WriteLine($"{gaps.Text("byArticle")} of {gaps.Text("solved")} solved tickets have an article.");
            Output.Table(["SERVICE", "SOLVED", "WITHOUT"], gaps.Items("services").Select(static gap => (IReadOnlyList<string>)[gap.Text("service"), gap.Text("solved"), gap.Text("without")]));
        });

    private static Argument<string> Id() => new("document") { Description = "The id of a document: its file's name without .md." };

    private static Option<string> Version() => new("--version") { Description = "The version that you read: its first 8 digits at least, as show prints it.", Required = true };

    private static void Print(JsonElement list) => Output.Table(
        ["DOCUMENT", "KIND", "TITLE", "OWNER", "VERSION", "REVIEW DUE", "ACKNOWLEDGED"],
        list.EnumerateArray().Select(static document => (IReadOnlyList<string>)
        [
            document.Text("id"), document.Text("kind"), document.Text("title"), document.Text("owner"), document.Text("version")[..8],
            document.Instant("reviewDue") + (document.GetProperty("isStale").GetBoolean() ? " overdue" : ""),
            document.Text("kind") == "sop" ? $"{document.Items("acknowledged").Count()} of {document.Items("acknowledged").Count() + document.Items("missing").Count()}" : "-",
        ]));

    private static string Missing(JsonElement document) => document.Items("missing").Select(static one => one.GetString()!).ToList() is { Count: > 0 } missing ? string.Join(", ", missing) : "nobody";
}
