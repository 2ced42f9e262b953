using System.CommandLine;
using System.Text;
using System.Text.Json;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>backup keys list|add|remove|rotate</c>.</summary>
internal static class BackupKeyCommands
{
    private static readonly Option<string?> Label = new("--label") { Description = "What the new key is called." };

    public static Command Make(CommonOptions common) => ApiCommand.Group("keys", "The wrapped keys of the repository. No data are rewritten.", List(common), Add(common), Rotate(common), Remove(common));

    private static Command List(CommonOptions common) => ApiCommand.Make(
        "list",
        "List them.",
        common,
        [],
        static (api, _, cancellation) => api.GetAsync("/api/repository/keys", cancellation),
        static keys => Output.Table(
            ["KEY", "CALLED", "KIND", "ADDED", "VAULT KEY"],
            keys.EnumerateArray().Select(static key => (IReadOnlyList<string>)[key.Text("id"), key.Text("label"), key.Text("kind"), key.Instant("createdAt"), key.Text("vaultKey")])));

    private static Command Add(CommonOptions common)
    {
        var file = new Option<string?>("--passphrase-file") { Description = "A file whose first line is the passphrase; else it is read from the standard input." };
        return ApiCommand.Make(
            "add",
            "Let a further passphrase open the repository, and with the next copying every copy.",
            common,
            [Label, file],
            async (api, parsed, cancellation) =>
            {
                var passphrase = parsed.GetValue(file) is { } path ? (await File.ReadAllTextAsync(path, cancellation)).Split('\n')[0].TrimEnd('\r') : Ask();
                return await api.PostAsync("/api/repository/keys", new KeyRequest(parsed.GetValue(Label), passphrase), cancellation);
            },
            Show);
    }

    private static Command Rotate(CommonOptions common) => ApiCommand.Make(
        "rotate",
        "Wrap the repository's key anew with the host's own passphrase or vault, and remove what it wrapped before.",
        common,
        [Label],
        static (api, parsed, cancellation) => api.PostAsync("/api/repository/keys", new KeyRequest(parsed.GetValue(Label), Rotate: true), cancellation),
        Show);

    private static Command Remove(CommonOptions common)
    {
        var key = new Argument<string>("key") { Description = "The key's id." };
        return ApiCommand.Make(
            "remove",
            "Remove one: its passphrase no longer opens the repository.",
            common,
            [key],
            (api, parsed, cancellation) => api.SendAsync(HttpMethod.Delete, ApiCommand.Path($"/api/repository/keys/{parsed.GetRequiredValue(key)}"), null, [], cancellation),
            Show);
    }

    private static void Show(JsonElement change)
    {
        if (change.TryGetProperty("added", out var added))
        {
            Console.WriteLine($"Added {added.Text("id")} ({added.Text("label")}, {added.Text("kind")}).");
        }

        LongWork.Lines(change, "removed", "removed ");
        LongWork.Lines(change, "notes", "note: ");
    }

    /// <summary>From whoever types it, unseen; or from a pipe.</summary>
    private static string Ask()
    {
        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine() ?? "";
        }

        Console.Error.Write("Passphrase (12 characters at least): ");
        var typed = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
