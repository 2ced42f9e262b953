using System.CommandLine;
using System.Text.Json;

namespace Maintenance.Local.Cli;

/// <summary><c>recovery book</c>.</summary>
internal static class RecoveryBookCommand
{
    public static Command Make(CommonOptions common)
    {
        var file = new Option<string?>("--out") { Description = "The file to write it to; it is shown where left out." };
        return ApiCommand.Make(
            "book",
            "Show the newest break-glass book, as it lies beside the backups: print it, and keep it where the passphrase is kept.",
            common,
            [file],
            async (api, parsed, cancellation) =>
            {
                var text = await api.GetTextAsync("/api/recovery/book", cancellation);
                if (parsed.GetValue(file) is { } path)
                {
                    await File.WriteAllTextAsync(path, text, cancellation);
                }

                return JsonSerializer.SerializeToElement(new BookReport(parsed.GetValue(file), text), MaintenanceJson.Options);
            },
            static report =>
            {
                if (report.TryGetProperty("file", out var written) && written.ValueKind == JsonValueKind.String)
                {
                    Console.WriteLine($"Written to {written}. It has people's phone numbers.");
                }
                else
                {
                    Console.Write(report.Text("text"));
                }
            });
    }

    private sealed record BookReport(string? File, string Text);
}
