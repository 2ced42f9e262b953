using System.CommandLine;
using System.Text.Json;
using Maintenance.Plan;
using Maintenance.Time;

namespace Maintenance.Local.Cli;

/// <summary>What commands that start long work have in common.</summary>
internal static class LongWork
{
    /// <summary>A command that starts long work, shows how far it is while it waits on a terminal, and reports what it came to.</summary>
    /// <param name="name">The command's name.</param>
    /// <param name="help">One sentence.</param>
    /// <param name="common">The common options.</param>
    /// <param name="symbols">Its arguments and options.</param>
    /// <param name="start">Starts it; the id of its operation.</param>
    /// <param name="show">Prints its report for people.</param>
    /// <param name="isGood">True for a report with nothing wrong.</param>
    public static Command Make(
        string name,
        string help,
        CommonOptions common,
        IEnumerable<Symbol> symbols,
        Func<ApiSession, ParseResult, CancellationToken, Task<string>> start,
        Action<JsonElement> show,
        Func<JsonElement, bool> isGood) =>
        ApiCommand.Make(
            name,
            help,
            common,
            symbols,
            async (api, parsed, cancellation) =>
            {
                var operation = await start(api, parsed, cancellation);
                using var line = ProgressLine.OnTerminal(parsed.GetValue(common.Json));
                return await api.WaitAsync(operation, line, cancellation);
            },
            operation =>
            {
                if (operation.TryGetProperty("output", out var report))
                {
                    show(report);
                }
                else
                {
                    Console.WriteLine($"{operation.Text("id")}: {operation.Text("error")}");
                }
            },
            operation => operation.TryGetProperty("output", out var report) && isGood(report) ? ExitCode.Done : ExitCode.Wrong);

    /// <summary>Posts a request that starts long work; the id of its operation.</summary>
    public static async Task<string> StartAsync<T>(ApiSession api, string path, T request, CancellationToken cancellation) =>
        (await api.PostAsync(path, request, cancellation)).Text("operation");

    /// <summary>The id of a snapshot; the newest proven one where a policy is named.</summary>
    public static async Task<string> SnapshotAsync(ApiSession api, string name, CancellationToken cancellation)
    {
        if (IsSnapshot(name))
        {
            return name;
        }

        var policies = (await api.GetAsync("/api/backups", cancellation)).EnumerateArray().ToList();
        var policy = policies.Find(line => line.Text("policy") == name);
        return policy.ValueKind != JsonValueKind.Object
            ? throw Usage($"The plan has no backup policy '{name}'. {Nearest.Hint(name, policies.Select(static line => line.Text("policy")))}".TrimEnd())
            : policy.TryGetProperty("provenRun", out var proven) && proven.GetString() is { } id ? id
            : throw Usage($"The policy {name} has no proven snapshot yet.");
    }

    /// <summary>True for the id of a snapshot: no policy has an underscore in its own.</summary>
    public static bool IsSnapshot(string name) => name.Contains('_', StringComparison.Ordinal);

    /// <summary>An instant that somebody wrote; null for none.</summary>
    /// <exception cref="ApiException">It has no offset, or is none.</exception>
    public static DateTimeOffset? Instant(string? text, string option)
    {
        if (text is null)
        {
            return null;
        }

        return InstantText.TryParse(text, out var instant) ? instant : throw Usage($"{option}: '{text}' is not an instant. {InstantText.Hint}");
    }

    /// <summary>What was asked for cannot be done as it was written.</summary>
    public static ApiException Usage(string message) => new(400, message);

    /// <summary>Prints the lines of a list, indented.</summary>
    public static void Lines(JsonElement report, string name, string before = "")
    {
        foreach (var line in report.Items(name))
        {
            Console.WriteLine($"  {before}{line}");
        }
    }

    /// <summary>A member that is a number of bytes, in words.</summary>
    public static string Bytes(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.TryGetInt64(out var bytes) ? Web.Pages.Words.Bytes(bytes) : "-";
}
