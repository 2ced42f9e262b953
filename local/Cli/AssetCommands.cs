using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>assets list|show|eol|behind|vulnerabilities|finding|waive|sources|import|confirm</c>.</summary>
internal static class AssetCommands
{
    public static Command Make(CommonOptions common) => ApiCommand.Group(
        "assets", "What the services are made of: versions, ends of support, vulnerabilities.", List(common), Show(common), Ending(common), Behind(common), Vulnerabilities(common), Finding(common), WaiveCommand.Make(common), Sources(common), Import(common), Confirm(common));

    private static Command List(CommonOptions common)
    {
        var service = ServiceOption();
        var take = new Option<int>("--take") { Description = "At most so many.", DefaultValueFactory = static _ => 1000 };
        return ApiCommand.Make(
            "list", "List the components, those that need somebody first.", common, [service, take],
            (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/components?service={parsed.GetValue(service)}&take={parsed.GetValue(take)}"), cancellation),
            static list => Components(list.Items("components")));
    }

    private static Command Show(CommonOptions common)
    {
        var id = new Argument<string>("id") { Description = "The id of a component." };
        return ApiCommand.Make(
            "show", "Show a component.", common, [id], (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/components/{parsed.GetRequiredValue(id)}"), cancellation),
            static line =>
            {
                Components([line]);
                foreach (var text in line.Items("problems").Concat(line.Items("undecided")).Concat(line.Items("findings")))
                {
                    Console.WriteLine($"  {text.GetString()}");
                }

                if (line.Items("upgrade").Any())
                {
                    Console.WriteLine($"  {string.Join(" → ", line.Items("upgrade"))}");
                }
            });
    }

    private static Command Ending(CommonOptions common)
    {
        var service = ServiceOption();
        var by = new Option<string?>("--by") { Description = "A date such as 2027-06-30; half a year from now where left out." };
        return ApiCommand.Make(
            "eol", "List the components whose support is over or ends soon; 1 where it is over for one.", common, [service, by],
            (api, parsed, cancellation) => api.GetAsync(
                ApiCommand.Path($"/api/components?take=1000&service={parsed.GetValue(service)}&endsBy={parsed.GetValue(by) ?? TimeProvider.System.GetUtcNow().AddDays(182).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"), cancellation),
            static list => Components(list.Items("components")),
            static list => list.Items("components").Any(static line => line.TryGetProperty("hasEnded", out var ended) && ended.GetBoolean()) ? ExitCode.Wrong : ExitCode.Done);
    }

    private static Command Behind(CommonOptions common)
    {
        var service = ServiceOption();
        return ApiCommand.Make(
            "behind", "List the components that are behind the newest version that is known; 1 where one is further behind than the plan allows.", common, [service],
            (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/components?take=1000&service={parsed.GetValue(service)}"), cancellation),
            static list => Output.Table(
                ["COMPONENT", "SERVICE", "VERSION", "NEWEST", "KNOWN FROM", "BEHIND", "ALLOWED", ""],
                Lagging(list).Select(static line => (line, Lag: line.GetProperty("behind"))).Select(static one => (IReadOnlyList<string>)
                [
                    one.line.Text("name"), one.line.Text("service"), one.Lag.Text("version"), one.Lag.Text("newest"), one.Lag.Text("source"), one.Lag.Text("by"), one.Lag.Text("allowed"),
                    one.Lag.GetProperty("isTooFar").GetBoolean() ? "too far" : "",
                ])),
            static list => Lagging(list).Any(static line => line.GetProperty("behind").GetProperty("isTooFar").GetBoolean()) ? ExitCode.Wrong : ExitCode.Done);
    }

    private static Command Vulnerabilities(CommonOptions common)
    {
        var state = new Option<string>("--state") { Description = "open, overdue, waived, waiting or fixed.", DefaultValueFactory = static _ => "open" };
        state.AcceptOnlyFromAmong("open", "overdue", "waived", "waiting", "fixed");
        return ApiCommand.Make(
            "vulnerabilities", "List vulnerabilities, what is due first in front; 1 where one is overdue.", common, [state],
            (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/vulnerabilities?take=1000&state={parsed.GetValue(state)}"), cancellation),
            static list => Output.Table(
                ["ID", "VULNERABILITY", "SEVERITY", "COMPONENT", "VERSION", "FIXED IN", "BY", "EXPLOITED", "TICKET"],
                list.EnumerateArray().Select(static finding => (finding, Seen: finding.GetProperty("seen"))).Select(static one => (IReadOnlyList<string>)
                [
                    one.finding.Text("id"), one.Seen.Text("title"), one.Seen.Text("severity"), one.Seen.Text("name"), string.Join(", ", one.Seen.Items("versions")), one.Seen.Items("fixedIn").Select(static fix => fix.GetString()!).FirstOrDefault("-"),
                    one.finding.Text("dueOn"), one.Seen.GetProperty("isExploited").GetBoolean() ? "yes" : "", one.finding.Text("ticket"),
                ])),
            static list => list.EnumerateArray().Any(static one => one.Text("state") == "open" && one.TryGetProperty("dueAt", out var due) && due.GetDateTimeOffset() <= TimeProvider.System.GetUtcNow()) ? ExitCode.Wrong : ExitCode.Done);
    }

    private static Command Finding(CommonOptions common)
    {
        var id = new Argument<string>("id") { Description = "Such as V-1001." };
        return ApiCommand.Make(
            "finding", "Show a vulnerability of a component, with its history.", common, [id],
            (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/vulnerabilities/{parsed.GetRequiredValue(id)}"), cancellation), Print);
    }

    private static Command Sources(CommonOptions common) => ApiCommand.Make(
        "sources", "List the files and addresses that components and advisories are read from; 1 where one cannot be used.", common, [],
        static (api, _, cancellation) => api.GetAsync("/api/asset-sources", cancellation), PrintSources, SourceExit);

    private static Command Import(CommonOptions common) => ApiCommand.Make(
        "import", "Read the plan's files and addresses now, and review what has changed; 1 where one cannot be used.", common, [],
        static (api, _, cancellation) => api.PostAsync("/api/asset-sources/runs", new { }, cancellation), PrintSources, SourceExit);

    private static Command Confirm(CommonOptions common)
    {
        var source = new Argument<string>("source") { Description = "The file, as 'assets sources' names it." };
        var hash = new Option<string?>("--hash") { Description = "That of its doubt, as 'assets sources --json' prints it: another file is refused. The one that lies there now where left out." };
        return ApiCommand.Make(
            "confirm", "Say that an inventory which has lost nearly all of its parts is right: it is taken over.", common, [source, hash],
            async (api, parsed, cancellation) => await api.PostAsync(
                "/api/asset-sources/confirmations",
                new AssetConfirmationText(parsed.GetRequiredValue(source), parsed.GetValue(hash) ?? Doubted(await api.GetAsync("/api/asset-sources", cancellation), parsed.GetRequiredValue(source))),
                cancellation),
            PrintSources, SourceExit);
    }

    private static string Doubted(JsonElement sources, string name) =>
        sources.EnumerateArray().Where(source => source.Text("name") == name && source.TryGetProperty("doubt", out _)).Select(static source => source.GetProperty("doubt").Text("hash")).FirstOrDefault("");

    internal static void Print(JsonElement finding)
    {
        var seen = finding.GetProperty("seen");
        Console.WriteLine($"{finding.Text("id")}  {seen.Text("title")} in {seen.Text("name")} {string.Join(", ", seen.Items("versions"))}: {finding.Text("state")}");
        Console.WriteLine($"  severity {seen.Text("severity")}, {seen.Text("ratedBy")}; by {finding.Text("dueOn")}; fixed in {string.Join(", ", seen.Items("fixedIn"))}; ticket {finding.Text("ticket")}");
        if (finding.TryGetProperty("waiver", out var waiver))
        {
            Console.WriteLine($"  waiver {waiver.Text("state")} until {waiver.Instant("until")}, asked by {waiver.Text("askedBy")}: {waiver.Text("reason")}");
        }

        foreach (var entry in finding.Items("history"))
        {
            Console.WriteLine($"  {entry.Instant("at")}  {entry.Text("by")}: {entry.Text("what")}");
        }
    }

    private static void Components(IEnumerable<JsonElement> lines) => Output.Table(
        ["COMPONENT", "NAME", "SERVICE", "VERSION", "SUPPORT ENDS", "BEHIND", "VULNERABILITIES", "NEEDS"],
        lines.Select(static line => (IReadOnlyList<string>)
        [
            line.Text("id"), line.Text("name"), line.Text("service"), string.Join(", ", line.Items("versions").Select(static use => use.Text("version"))), line.Text("supportEnds"),
            line.TryGetProperty("behind", out var behind) ? behind.Text("by") : "-", string.Join(", ", line.Items("findings")), line.Text("concern"),
        ]));

    private static IEnumerable<JsonElement> Lagging(JsonElement list) => list.Items("components").Where(static line => line.TryGetProperty("behind", out _));

    private static void PrintSources(JsonElement list) => Output.Table(
        ["SOURCE", "KIND", "HAS", "READ", "PROBLEM"],
        list.EnumerateArray().Select(static source => (IReadOnlyList<string>)
        [
            source.Text("name"), source.Text("kind"), source.Text("count"), source.Instant("readAt"),
            !source.TryGetProperty("problem", out _) && source.TryGetProperty("unrest", out _) ? "being written: it is read once it has rested for a minute" : source.Text("problem"),
        ]));

    private static int SourceExit(JsonElement list) => list.EnumerateArray().Any(static source => source.TryGetProperty("problem", out _)) ? ExitCode.Wrong : ExitCode.Done;

    private static Option<string?> ServiceOption() => new("--service") { Description = "Of this service alone." };
}

/// <summary><c>assets waive ask|approve|reject|withdraw</c>.</summary>
internal static class WaiveCommand
{
    public static Command Make(CommonOptions common) => ApiCommand.Group(
        "waive", "Accept a vulnerability for a time: somebody asks, two others approve, each in their own name (--token).", Ask(common), Decide(common, "approve"), Decide(common, "reject"), Decide(common, "withdraw"));

    private static Command Ask(CommonOptions common)
    {
        var id = new Argument<string>("id") { Description = "Such as V-1001." };
        var reason = new Option<string>("--reason") { Description = "Why it can be borne, and what is done meanwhile.", Required = true };
        var until = new Option<string>("--until") { Description = "The last day on which it is accepted, such as 2026-12-31.", Required = true };
        return ApiCommand.Make(
            "ask", "Ask for a waiver.", common, [id, reason, until],
            (api, parsed, cancellation) => api.PostAsync(ApiCommand.Path($"/api/vulnerabilities/{parsed.GetRequiredValue(id)}/waiver"), new WaiverText(parsed.GetRequiredValue(reason), parsed.GetRequiredValue(until)), cancellation),
            AssetCommands.Print);
    }

    private static Command Decide(CommonOptions common, string decision)
    {
        var id = new Argument<string>("id") { Description = "Such as V-1001." };
        var comment = new Option<string?>("--comment") { Description = "Why; a rejection needs it." };
        var asked = new Option<DateTimeOffset?>("--asked") { Description = "The askedAt of the request that you saw, as 'assets finding ID --json' prints it: one that took its place is refused. The one that waits now where left out." };
        return ApiCommand.Make(
            decision, decision switch { "approve" => "Approve a waiver.", "reject" => "Reject a waiver.", _ => "Take back a waiver that you asked for." }, common, [id, comment, asked],
            async (api, parsed, cancellation) => await api.PostAsync(
                ApiCommand.Path($"/api/vulnerabilities/{parsed.GetRequiredValue(id)}/votes"),
                new WaiverDecisionText(
                    Enum.Parse<WaiverDecision>(decision, ignoreCase: true), parsed.GetValue(comment),
                    parsed.GetValue(asked) ?? AskedAt(await api.GetAsync(ApiCommand.Path($"/api/vulnerabilities/{parsed.GetRequiredValue(id)}"), cancellation))),
                cancellation),
            AssetCommands.Print);
    }

    private static DateTimeOffset? AskedAt(JsonElement finding) => finding.TryGetProperty("waiver", out var waiver) ? waiver.GetProperty("askedAt").GetDateTimeOffset() : null;
}
