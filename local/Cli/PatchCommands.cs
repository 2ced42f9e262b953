using System.CommandLine;
using System.Text.Json;
using Maintenance.Patches;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>patch list|show|request|vote|revise|withdraw|review|import|explain|rollout|fit</c>.</summary>
internal static class PatchCommands
{
    public static Command Make(CommonOptions common) => ApiCommand.Group(
        "patch", "Request, list, show, vote on, revise, withdraw, review, import and explain patches. Acts need a person's token.",
        List(common), Show(common), Request(common), Vote(common), Revise(common), Withdraw(common), Review(common), PatchImportCommand.Make(common), PatchExplainCommand.Make(common), PatchRolloutCommand.Make(common), WindowCommands.Fit(common));

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
        var id = Id();
        return ApiCommand.Make("show", "Show a request with its votes.", common, [id], (api, parsed, cancellation) => api.GetAsync(Path(parsed, id, ""), cancellation), Print);
    }

    private static Command Request(CommonOptions common)
    {
        var title = new Option<string>("--title") { Description = "One line.", Required = true };
        var description = new Option<string>("--description") { Description = "What it changes, why, and how it is rolled back.", Required = true };
        var type = new Option<PatchType>("--type") { Description = "standard, normal or emergency.", DefaultValueFactory = static _ => PatchType.Normal };
        var severity = new Option<PatchSeverity>("--severity") { Description = "low, medium, high or critical.", Required = true };
        var service = new Option<string>("--service") { Description = "The id of the service that it changes.", Required = true };
        var components = new Option<string[]>("--component") { Description = "An affected component; may be given several times." };
        var changes = new Option<string[]>("--change") { Description = "What goes from which version to which, such as \"openssl 3.5.8 -> 3.5.9\"; may be given several times." };
        var artifact = new Option<string?>("--artifact") { Description = "The hash of what is applied: sha256: and 64 hexadecimal digits. Votes name it." };
        var targets = new Option<string[]>("--target") { Description = "A ring with its targets, such as test:app-1,app-2; may be given several times." };
        var rollback = new Option<string?>("--rollback") { Description = "How it is rolled back." };
        var window = new Option<string?>("--window") { Description = "The id of the window that is asked for." };
        var implementer = new Option<string?>("--implementer") { Description = "The id of the person who will do it." };
        changes.Validators.Add(static result =>
        {
            if (result.Tokens.FirstOrDefault(static token => VersionChange.Parse(token.Value) is null) is { } wrong)
            {
                result.AddError($"'{wrong.Value}' is no change of version: write one such as \"openssl 3.5.8 -> 3.5.9\".");
            }
        });
        targets.Validators.Add(static result =>
        {
            if (result.Tokens.FirstOrDefault(static token => token.Value.IndexOf(':', StringComparison.Ordinal) < 1) is { } wrong)
            {
                result.AddError($"'{wrong.Value}' names no ring: write one such as test:app-1,app-2.");
            }
        });
        return ApiCommand.Make(
            "request", "Ask for a patch to be approved, in your own name (--token).", common,
            [title, description, type, severity, service, components, changes, artifact, targets, rollback, window, implementer],
            (api, parsed, cancellation) => api.PostAsync(
                "/api/patches",
                new NewPatch(
                    parsed.GetRequiredValue(title), parsed.GetRequiredValue(description), parsed.GetRequiredValue(type), parsed.GetRequiredValue(severity), parsed.GetRequiredValue(service))
                {
                    Components = parsed.GetValue(components) ?? [],
                    Versions = [.. (parsed.GetValue(changes) ?? []).Select(static line => VersionChange.Parse(line)!)],
                    Artifact = parsed.GetValue(artifact),
                    Targets = Targets(parsed.GetValue(targets) ?? []),
                    Rollback = parsed.GetValue(rollback),
                    Window = parsed.GetValue(window),
                    Implementer = parsed.GetValue(implementer),
                },
                cancellation),
            Print);
    }

    private static Command Vote(CommonOptions common)
    {
        var id = Id();
        var choice = new Argument<VoteChoice>("choice") { Description = "approve or reject." };
        var comment = new Option<string?>("--comment") { Description = "Why; a rejection needs it." };
        var artifact = new Option<string?>("--artifact") { Description = "The hash of the artifact that you looked at; the current one where left out." };
        return ApiCommand.Make(
            "vote", "Vote in your own name (--token).", common, [id, choice, comment, artifact],
            async (api, parsed, cancellation) =>
            {
                var seen = parsed.GetValue(artifact);
                if (seen is null)
                {
                    var patch = await api.GetAsync(Path(parsed, id, ""), cancellation);
                    seen = patch.TryGetProperty("artifact", out var current) ? current.GetString() : null;
                }

                return await api.PostAsync(Path(parsed, id, "/votes"), new VoteText(parsed.GetRequiredValue(choice), parsed.GetValue(comment), seen), cancellation);
            },
            Print);
    }

    private static Command Revise(CommonOptions common)
    {
        var id = Id();
        var artifact = new Option<string>("--artifact") { Description = "The hash of the new artifact: sha256: and 64 hexadecimal digits.", Required = true };
        var comment = new Option<string?>("--comment") { Description = "What was changed." };
        return ApiCommand.Make(
            "revise", "Put another artifact in the place of the one that is voted on: all votes become void, and the expiry stays.", common, [id, artifact, comment],
            (api, parsed, cancellation) => api.PostAsync(Path(parsed, id, "/revisions"), new RevisionText(parsed.GetRequiredValue(artifact), parsed.GetValue(comment)), cancellation), Print);
    }

    private static Command Withdraw(CommonOptions common)
    {
        var id = Id();
        var comment = new Option<string?>("--comment") { Description = "Why." };
        return ApiCommand.Make(
            "withdraw", "Withdraw a request of your own.", common, [id, comment],
            (api, parsed, cancellation) => api.PostAsync(Path(parsed, id, "/withdrawal"), new WithdrawalText(parsed.GetValue(comment)), cancellation), Print);
    }

    private static Command Review(CommonOptions common)
    {
        var id = Id();
        var text = new Option<string>("--text") { Description = "What you found.", Required = true };
        return ApiCommand.Make(
            "review", "Record the review that an approved change owes.", common, [id, text],
            (api, parsed, cancellation) => api.PostAsync(Path(parsed, id, "/review"), new ReviewText(parsed.GetRequiredValue(text)), cancellation), Print);
    }

    private static Argument<string> Id() => new("id") { Description = "Such as P-1007." };

    private static string Path(ParseResult parsed, Argument<string> id, string act) => ApiCommand.Path($"/api/patches/{parsed.GetRequiredValue(id)}") + act;

    private static Dictionary<string, IReadOnlyList<string>> Targets(IEnumerable<string> given) => given
        .Select(static text => text.Split(':', 2))
        .GroupBy(static parts => parts[0].Trim(), static parts => parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .ToDictionary(static ring => ring.Key, static ring => (IReadOnlyList<string>)[.. ring.SelectMany(static names => names)], StringComparer.Ordinal);

    private static string State(JsonElement patch) => patch.TryGetProperty("decision", out var decision) ? decision.Text("outcome") : "waiting";

    private static void Print(JsonElement patch)
    {
        var request = patch.GetProperty("request");
        Console.WriteLine($"{request.Text("id")}  {request.Text("title")}");
        Console.WriteLine($"  {request.Text("type")}, severity {request.Text("severity")}, service {request.Text("service")}, asked by {request.Text("requestedBy")} at {request.Instant("requestedAt")}");
        Console.WriteLine($"  {State(patch)}; {request.Text("quorum")} of {string.Join(", ", request.Items("approvers"))} must approve before {request.Instant("expiresAt")}");
        if (patch.TryGetProperty("artifact", out var artifact))
        {
            Console.WriteLine($"  artifact {artifact}");
        }

        foreach (var change in request.Items("versions"))
        {
            Console.WriteLine($"  {change.Deserialize<VersionChange>(MaintenanceJson.Options)}");
        }

        if (patch.TryGetProperty("decision", out var decision))
        {
            Console.WriteLine("  " + decision.Text("reason"));
        }

        foreach (var vote in patch.Items("votes"))
        {
            Console.WriteLine($"  {vote.Instant("at")}  {vote.Text("person")}: {vote.Text("choice")} {(vote.TryGetProperty("comment", out var comment) ? comment : "")}");
        }

        if (request.TryGetProperty("review", out var review))
        {
            Console.WriteLine($"  reviewed by {review.Text("person")} at {review.Instant("at")}: {review.Text("text")}");
        }
        else if (request.TryGetProperty("reviewDueAt", out _))
        {
            Console.WriteLine($"  owes a review by {request.Instant("reviewDueAt")}");
        }
    }
}
