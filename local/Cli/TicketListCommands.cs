using System.CommandLine;
using System.Text.Json;

namespace Maintenance.Local.Cli;

/// <summary><c>ticket list|search</c>.</summary>
internal static class TicketListCommands
{
    public static IEnumerable<Command> Make(CommonOptions common)
    {
        var filters = new Filters();
        var all = new Option<bool>("--all") { Description = "Resolved and closed ones too." };
        yield return Make("list", "List the open tickets, due first in front; or those that fit the filters, the newest in front.", common, filters, [all], parsed => parsed.GetValue(all) ? "all" : null, static _ => null);

        var words = new Argument<string[]>("words") { Description = "Words that are all in it: in its title, description, answers and notes.", Arity = ArgumentArity.OneOrMore };
        var more = new Filters();
        yield return Make(
            "search", "Look for tickets, open or not, the newest in front. What has changed in the last moments may not be found yet.", common, more, [words], static _ => "all", parsed => string.Join(' ', parsed.GetRequiredValue(words)));
    }

    private static Command Make(
        string name, string help, CommonOptions common, Filters filters, IEnumerable<Symbol> symbols, Func<ParseResult, string?> absentState, Func<ParseResult, string?> words)
    {
        var take = new Option<int>("--take") { Description = "How many at most.", DefaultValueFactory = static _ => 200 };
        var csv = new Option<string?>("--csv") { Description = "Write all of them to this file as CSV; - for the output." };
        var command = new Command(name, help);
        foreach (var symbol in symbols.Concat(filters.All).Append(take).Append(csv))
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.SetAction(async (parsed, cancellation) =>
        {
            await using var api = await ApiSession.OpenAsync(parsed, common, cancellation);
            var query = filters.Query(parsed, absentState(parsed), words(parsed));
            if (parsed.GetValue(csv) is { } file)
            {
                await ExportAsync(api, "/api/tickets.csv" + query, file, cancellation);
                return ExitCode.Done;
            }

            var found = await FindAsync(api, "/api/tickets" + query, parsed.GetValue(take), cancellation);
            if (parsed.GetValue(common.Json))
            {
                Output.Json(JsonSerializer.SerializeToElement(found));
            }
            else
            {
                Print(found);
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Follows the pages of an answer until there are enough.</summary>
    private static async Task<List<JsonElement>> FindAsync(ApiSession api, string path, int take, CancellationToken cancellation)
    {
        var found = new List<JsonElement>();
        for (var next = $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}take={Math.Clamp(take, 0, 1000)}"; next is not null && found.Count < take;)
        {
            (var page, next) = await api.GetPageAsync(next, cancellation);
            found.AddRange(page.EnumerateArray().Take(take - found.Count));
        }

        return found;
    }

    private static async Task ExportAsync(ApiSession api, string path, string file, CancellationToken cancellation)
    {
        if (file == "-")
        {
            await using var output = Console.OpenStandardOutput();
            await api.DownloadAsync(path, output, cancellation);
            return;
        }

        await using var stream = new FileStream(file, FileMode.Create);
        await api.DownloadAsync(path, stream, cancellation);
    }

    private static void Print(IEnumerable<JsonElement> tickets) => Output.Table(
        ["TICKET", "PRIORITY", "STATE", "ASSIGNED TO", "RESPONSE DUE", "RESOLUTION DUE", "BREACHES", "TITLE"],
        tickets.Select(static ticket => (IReadOnlyList<string>)
        [
            ticket.Text("id"), ticket.Text("priority"), ticket.Text("state"), ticket.Text("assignee"), ticket.Instant("responseDue"), ticket.Instant("resolutionDue"),
            string.Join(' ', ticket.Items("breaches").Select(static breach => $"{breach.Text("target")}:{breach.Text("level")}")), ticket.Text("title"),
        ]));

    private sealed class Filters
    {
        private readonly List<(string Name, Option<string?> Option)> _options =
        [
            Filter("state", "open, all, new, triaged, assigned, inProgress, waiting, resolved or closed."),
            Filter("type", "incident, serviceRequest, changeRequest, featureRequest, problem or debtItem."),
            Filter("priority", "The id of a priority."),
            Filter("service", "The id of a service."),
            Filter("team", "The id of a team."),
            Filter("assignee", "The id of a person, me or none."),
            Filter("tag", "A tag."),
            Filter("requester", "Who asked; me for yourself."),
            Filter("watcher", "Who watches; me for yourself."),
        ];

        private readonly Option<bool> _breached = new("--breached") { Description = "Those that have missed a target." };

        public IEnumerable<Symbol> All => [.. _options.Select(static one => one.Option), _breached];

        public string Query(ParseResult parsed, string? absentState, string? words)
        {
            var parts = _options.Select(one => (one.Name, Value: parsed.GetValue(one.Option) ?? (one.Name == "state" ? absentState : null)))
                .Append(("q", words))
                .Append(("breached", parsed.GetValue(_breached) ? "true" : null))
                .Where(static part => !string.IsNullOrEmpty(part.Item2))
                .Select(static part => $"{part.Item1}={Uri.EscapeDataString(part.Item2!)}");
            var query = string.Join('&', parts);
            return query.Length == 0 ? "" : "?" + query;
        }

        private static (string Name, Option<string?> Option) Filter(string name, string help) => (name, new Option<string?>("--" + name) { Description = help });
    }
}
