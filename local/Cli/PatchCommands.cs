using System.CommandLine;
using System.Text.Json;
using Maintenance.Patches;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>patch list|show|request|vote</c>.</summary>
internal static class PatchCommands
{
    public static Command Make(CommonOptions common) =>
        ApiCommand.Group("patch", "Request, list, show and vote on patches. Requests and votes need a person's token.", List(common), Show(common), Request(common), Vote(common));

    private static Command List(CommonOptions common)
    {
        var all = new Option<bool>("--all") { Description = "Decided ones too." };
        return ApiCommand.Make(
            "list", "List the requests that wait for votes.", common, [all],
            (api, parsed, cancellation) => api.GetAsync(parsed.GetValue(all) ? "/api/patches?state=all&take=1000" : "/api/patches?take=1000", cancellation),
            static list => Output.Table(
                ["PATCH", "TYPE", "SEVERITY", "VOTES", "QUORUM", "EXPIRES", "STATE", "TITLE"],
                list.EnumerateArray().Select(static patch => patch.GetProperty("request") is var request
                    ? (IReadOnlyList<string>)
                    [
                        request.Text("id"), request.Text("type"), request.Text("severity"), patch.Items("votes").Count().ToString(), request.Text("quorum"),
                        request.Instant("expiresAt"), State(patch), request.Text("title"),
                    ]
                    : [])));
    }

    private static Command Show(CommonOptions common)
    {
        var id = new Argument<string>("id") { Description = "Such as P-1007." };
        return ApiCommand.Make("show", "Show a request with its votes.", common, [id], (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/patches/{parsed.GetRequiredValue(id)}"), cancellation), Print);
    }

    private static Command Request(CommonOptions common)
    {
        var title = new Option<string>("--title") { Description = "One line.", Required = true };
        var description = new Option<string>("--description") { Description = "What it changes, why, and how it is rolled back.", Required = true };
        var type = new Option<PatchType>("--type") { Description = "standard, normal or emergency.", DefaultValueFactory = static _ => PatchType.Normal };
        var severity = new Option<PatchSeverity>("--severity") { Description = "low, medium, high or critical.", Required = true };
        var service = new Option<string>("--service") { Description = "The id of the service that it changes.", Required = true };
        return ApiCommand.Make(
            "request", "Ask for a patch to be approved, in your own name (--token).", common, [title, description, type, severity, service],
            (api, parsed, cancellation) => api.PostAsync(
                "/api/patches",
                new NewPatch(
                    parsed.GetRequiredValue(title), parsed.GetRequiredValue(description), parsed.GetRequiredValue(type), parsed.GetRequiredValue(severity), parsed.GetRequiredValue(service)),
                cancellation),
            Print);
    }

    private static Command Vote(CommonOptions common)
    {
        var id = new Argument<string>("id") { Description = "Such as P-1007." };
        var choice = new Argument<VoteChoice>("choice") { Description = "approve or reject." };
        var comment = new Option<string?>("--comment") { Description = "Why; a rejection needs it." };
        return ApiCommand.Make(
            "vote", "Vote in your own name (--token).", common, [id, choice, comment],
            (api, parsed, cancellation) => api.PostAsync(
                ApiCommand.Path($"/api/patches/{parsed.GetRequiredValue(id)}/votes"), new VoteText(parsed.GetRequiredValue(choice), parsed.GetValue(comment)), cancellation),
            Print);
    }

    private static string State(JsonElement patch) => patch.TryGetProperty("decision", out var decision) ? decision.Text("outcome") : "waiting";

    private static void Print(JsonElement patch)
    {
        var request = patch.GetProperty("request");
        Console.WriteLine($"{request.Text("id")}  {request.Text("title")}");
        Console.WriteLine($"  {request.Text("type")}, severity {request.Text("severity")}, service {request.Text("service")}, asked by {request.Text("requestedBy")} at {request.Instant("requestedAt")}");
        Console.WriteLine($"  {State(patch)}; {request.Text("quorum")} of {string.Join(", ", request.Items("approvers"))} must approve before {request.Instant("expiresAt")}");
        if (patch.TryGetProperty("decision", out var decision))
        {
            Console.WriteLine("  " + decision.Text("reason"));
        }

        foreach (var vote in patch.Items("votes"))
        {
            Console.WriteLine($"  {vote.Instant("at")}  {vote.Text("person")}: {vote.Text("choice")} {(vote.TryGetProperty("comment", out var comment) ? comment : "")}");
        }
    }
}
