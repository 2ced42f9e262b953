using System.CommandLine;
using System.Text.Json;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>patch import</c>: reports of the .NET command line become requests.</summary>
internal static class PatchImportCommand
{
    public static Command Make(CommonOptions common)
    {
        var files = new Argument<string[]>("file")
        {
            Description = "What 'dotnet list package --outdated --format json' or '--vulnerable --format json' wrote; both together say most.",
            Arity = ArgumentArity.OneOrMore,
        };
        var service = new Option<string>("--service") { Description = "The id of the service that the packages belong to.", Required = true };
        return ApiCommand.Make(
            "import", "Ask for each package update that reports name, in your own name (--token). Imported again, it makes no second request.", common, [files, service],
            async (api, parsed, cancellation) =>
            {
                var reports = await Task.WhenAll(parsed.GetRequiredValue(files).Select(file => ReadAsync(file, cancellation)));
                return await api.PostAsync("/api/patches/imports", new ImportText(parsed.GetRequiredValue(service), reports), cancellation);
            },
            Print);
    }

    private static async Task<JsonElement> ReadAsync(string file, CancellationToken cancellation)
    {
        var text = await File.ReadAllTextAsync(file, cancellation);
        if (text.Length > PatchEndpoints.MaxImportBytes)
        {
            throw new InvalidDataException($"{file} is larger than {PatchEndpoints.MaxImportBytes / 1024} KiB: list fewer projects at a time.");
        }

        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file} is not JSON: {MaintenanceJson.Describe(error)}", error);
        }
    }

    private static void Print(JsonElement list)
    {
        if (list.GetArrayLength() == 0)
        {
            Console.WriteLine("Nothing is outdated or vulnerable.");
            return;
        }

        Output.Table(
            ["PATCH", "TYPE", "SEVERITY", "", "TITLE"],
            list.EnumerateArray().Select(static patch => (IReadOnlyList<string>)
                [patch.Text("id"), patch.Text("type"), patch.Text("severity"), patch.GetProperty("isNew").GetBoolean() ? "new" : "asked before", patch.Text("title")]));
    }
}
