using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Maintenance.Assets.Components;

/// <summary>
/// Reads what <c>dotnet list package</c> writes: as JSON (<c>--format json</c>, version 1), or the table that people see. Several projects' packages are one list: a
/// service has what any of its projects has. Pure.
/// </summary>
public static class PackageList
{
    private const int Depth = 32;

    /// <summary>Reads a file.</summary>
    public static InventoryReading Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > InventoryReading.MaxBytes)
        {
            return InventoryReading.Failed($"it has {bytes.Length.ToString(CultureInfo.InvariantCulture)} bytes; at most {InventoryReading.MaxBytes.ToString(CultureInfo.InvariantCulture)} are read.");
        }

        string text;
        try
        {
            text = JsonDocuments.Text(bytes);
        }
        catch (DecoderFallbackException)
        {
            return InventoryReading.Failed("it is not text in UTF-8.");
        }

        return text.TrimStart().StartsWith('{') ? ReadJson(bytes) : ReadTable(text);
    }

    private static InventoryReading ReadJson(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocuments.Open(bytes, InventoryReading.MaxBytes, Depth, out var problem);
        if (document is null)
        {
            return InventoryReading.Failed(problem!);
        }

        var root = document.RootElement;
        if (!root.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number != 1)
        {
            return InventoryReading.Failed("it is not of version 1 of the format that dotnet list package --format json writes.");
        }

        // With an error, projects are missing: what they use would look as if it were gone.
        foreach (var said in JsonDocuments.Items(root, "problems").Where(static said => JsonDocuments.Word(said, "level", 20) == "error"))
        {
            return InventoryReading.Failed($"it says that it is not complete: {JsonDocuments.Word(said, "text", 300) ?? "an error without words"}");
        }

        if (!root.TryGetProperty("projects", out var projects) || projects.ValueKind != JsonValueKind.Array)
        {
            return InventoryReading.Failed("it has no list of projects.");
        }

        var known = new Dictionary<string, InventoryEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var (p, project) in projects.EnumerateArray().Index())
        {
            foreach (var (f, framework) in JsonDocuments.Items(project, "frameworks").Index())
            {
                foreach (var (list, isTransitive) in new[] { ("topLevelPackages", false), ("transitivePackages", true) })
                {
                    foreach (var (i, package) in JsonDocuments.Items(framework, list).Index())
                    {
                        if (JsonDocuments.Word(package, "id", InventoryReading.MostName) is not { } id || JsonDocuments.Word(package, "resolvedVersion", InventoryReading.MostVersion) is not { } resolved)
                        {
                            return InventoryReading.Failed($"projects[{p}].frameworks[{f}].{list}[{i}] has no id or no resolvedVersion.");
                        }

                        Add(known, id, resolved, JsonDocuments.Word(package, "latestVersion", InventoryReading.MostVersion), isTransitive);
                        if (known.Count > InventoryReading.Most)
                        {
                            return InventoryReading.Failed($"it has more than {InventoryReading.Most} packages.");
                        }
                    }
                }
            }
        }

        return new([.. known.Values], null);
    }

    /// <summary>
    /// The table: a line for each package begins with <c>&gt;</c>, and its columns stand below those of the last heading. Words in other languages than English head them
    /// elsewhere: then it says so, rather than to read the wrong column.
    /// </summary>
    private static InventoryReading ReadTable(string text)
    {
        var known = new Dictionary<string, InventoryEntry>(StringComparer.OrdinalIgnoreCase);
        var (resolvedAt, latestAt, isTransitive, isTable) = (-1, -1, false, false);
        foreach (var (index, raw) in text.Split('\n').Index())
        {
            var line = raw.TrimEnd();
            var bare = line.TrimStart();
            if (bare.StartsWith("Top-level Package", StringComparison.Ordinal) || bare.StartsWith("Transitive Package", StringComparison.Ordinal))
            {
                isTransitive = bare[0] == 'T' && bare[1] == 'r';
                resolvedAt = line.IndexOf(" Resolved", StringComparison.Ordinal) + 1;
                latestAt = line.IndexOf(" Latest", StringComparison.Ordinal) + 1;
                isTable = true;
                continue;
            }

            if (!bare.StartsWith("> ", StringComparison.Ordinal))
            {
                continue;
            }

            var id = bare[2..].TrimStart().Split(' ')[0];
            if (!isTable || resolvedAt <= 0 || resolvedAt >= line.Length || At(line, resolvedAt) is not { } resolved || !char.IsAsciiDigit(resolved[0]) || id.Length is 0 or > InventoryReading.MostName)
            {
                return InventoryReading.Failed($"line {index + 1} has no version below a heading 'Resolved'. Write it with --format json, which reads the same everywhere.");
            }

            Add(known, id, resolved, latestAt > 0 && latestAt < line.Length ? At(line, latestAt) : null, isTransitive);
            if (known.Count > InventoryReading.Most)
            {
                return InventoryReading.Failed($"it has more than {InventoryReading.Most} packages.");
            }
        }

        return known.Count == 0 && !text.Contains("No packages were found", StringComparison.Ordinal)
            ? InventoryReading.Failed("it has no package, and is no report of dotnet list package. Write it with --format json.")
            : new([.. known.Values], null);
    }

    private static string? At(string line, int column) => line[column..].Split(' ', 2)[0] is { Length: > 0 and <= InventoryReading.MostVersion } word ? word : null;

    private static void Add(Dictionary<string, InventoryEntry> known, string id, string resolved, string? latest, bool isTransitive)
    {
        // "Not found at the sources" and the like are no versions.
        latest = latest is { Length: > 0 } && char.IsAsciiDigit(latest[0]) ? latest : null;
        var key = $"{id}\n{resolved}";
        known[key] = known.TryGetValue(key, out var before)
            ? before with { IsTransitive = before.IsTransitive && isTransitive, Latest = before.Latest ?? latest }
            : new InventoryEntry(id, resolved, $"pkg:nuget/{Uri.EscapeDataString(id)}@{Uri.EscapeDataString(resolved)}") { Latest = latest, IsTransitive = isTransitive };
    }
}
