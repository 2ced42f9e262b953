using System.CommandLine;
using System.Text.Json;

namespace Maintenance.Local.Cli;

/// <summary><c>ticket attach|attachment</c>.</summary>
internal static class TicketFileCommands
{
    public static IEnumerable<Command> Make(CommonOptions common) => [Attach(common), Download(common)];

    private static Command Attach(CommonOptions common)
    {
        var id = TicketCommands.Id();
        var file = new Argument<string>("file") { Description = "The file to add." };
        var name = new Option<string?>("--name") { Description = "What it is called there; its own name where left out." };
        var isPublic = new Option<bool>("--public") { Description = "The requester may see it." };
        var key = new Option<string?>("--key") { Description = "Names this file: sent again with the same key, it is added once." };
        return ApiCommand.Make(
            "attach", "Add a file to a ticket.", common, [id, file, name, isPublic, key],
            async (api, parsed, cancellation) =>
            {
                var path = parsed.GetRequiredValue(file);
                await using var content = File.OpenRead(path);
                var called = parsed.GetValue(name) ?? Path.GetFileName(path);
                return await api.UploadAsync(
                    TicketCommands.Path(parsed, id, "/attachments") + $"?name={Uri.EscapeDataString(called)}&public={(parsed.GetValue(isPublic) ? "true" : "false")}", content, parsed.GetValue(key), cancellation);
            },
            TicketCommands.Print);
    }

    private static Command Download(CommonOptions common)
    {
        var id = TicketCommands.Id();
        var file = new Argument<string>("file") { Description = "The id of the file, or its name, as 'ticket show' prints them." };
        var output = new Option<string?>("--output") { Description = "Where to; the file's name in this folder where left out. What is there is not overwritten." };
        return ApiCommand.Make(
            "attachment", "Save a file of a ticket.", common, [id, file, output],
            async (api, parsed, cancellation) =>
            {
                var (ticket, asked) = (await api.GetAsync(TicketCommands.Path(parsed, id), cancellation), parsed.GetRequiredValue(file));
                var found = ticket.Items("attachments").FirstOrDefault(one => one.Text("storedAs").Split('/')[^1] == asked || one.Text("name") == asked);
                if (found.ValueKind == JsonValueKind.Undefined)
                {
                    throw new ApiException(404, $"{ticket.Text("id")} has no file '{asked}'.");
                }

                var stored = found.Text("storedAs").Split('/')[^1];
                var to = parsed.GetValue(output) ?? Path.GetFileName(found.Text("name"));
                await using (var stream = new FileStream(to, FileMode.CreateNew))
                {
                    try
                    {
                        await api.DownloadAsync(TicketCommands.Path(parsed, id, "/attachments/") + Uri.EscapeDataString(stored), stream, cancellation);
                    }
                    catch
                    {
                        // Half a file would be in the way of the next try.
                        File.Delete(to);
                        throw;
                    }
                }

                return JsonSerializer.SerializeToElement(new { name = found.Text("name"), saved = Path.GetFullPath(to), bytes = found.GetProperty("bytes").GetInt64() });
            },
            static report => Console.WriteLine($"Saved {report.Text("bytes")} bytes as {report.Text("saved")}."));
    }
}
