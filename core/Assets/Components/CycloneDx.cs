using System.Globalization;
using System.Text.Json;

namespace Maintenance.Assets.Components;

/// <summary>
/// Reads a software bill of materials: CycloneDX 1.4 to 1.7 as JSON (ECMA-424), as cdxgen, syft, trivy and the .NET tool write it. Only <c>components</c> are parts,
/// those within them too; what describes the file (<c>metadata</c>, its tools) and what a part came from (<c>pedigree</c>) are none. Pure.
/// </summary>
public static class CycloneDx
{
    private const int Depth = 64;

    /// <summary>The versions of the specification that are read.</summary>
    public static IReadOnlyList<string> Versions { get; } = ["1.4", "1.5", "1.6", "1.7"];

    /// <summary>Kinds of part that have no version that anybody mends: files that a scanner saw, keys, models, data.</summary>
    private static readonly HashSet<string> Passed = new(StringComparer.Ordinal) { "file", "cryptographic-asset", "data", "machine-learning-model" };

    /// <summary>Reads a file.</summary>
    public static InventoryReading Read(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocuments.Open(bytes, InventoryReading.MaxBytes, Depth, out var problem);
        if (document is null)
        {
            return InventoryReading.Failed(problem!);
        }

        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || JsonDocuments.Word(root, "bomFormat", 40) != "CycloneDX")
        {
            return InventoryReading.Failed(JsonDocuments.Word(root, "spdxVersion", 40) is null ? "it is not CycloneDX: it has no bomFormat that says so." : "it is SPDX; CycloneDX as JSON is read.");
        }

        if (JsonDocuments.Word(root, "specVersion", 40) is not { } version || !Versions.Contains(version))
        {
            return InventoryReading.Failed($"its specVersion is {(JsonDocuments.Word(root, "specVersion", 40) is { } other ? $"'{other}'" : "missing")}; {string.Join(", ", Versions)} are read.");
        }

        if (root.TryGetProperty("components", out var list) && list.ValueKind != JsonValueKind.Array)
        {
            return InventoryReading.Failed("components is not a list.");
        }

        var found = new Dictionary<InventoryEntry, bool>();
        var entries = new List<InventoryEntry>();
        return Add(JsonDocuments.Items(root, "components"), "components", entries, found) is { } wrong ? InventoryReading.Failed(wrong) : new(entries, null);
    }

    private static string? Add(IEnumerable<JsonElement> components, string at, List<InventoryEntry> entries, Dictionary<InventoryEntry, bool> found)
    {
        var index = 0;
        foreach (var component in components)
        {
            var place = $"{at}[{(index++).ToString(CultureInfo.InvariantCulture)}]";
            if (component.ValueKind != JsonValueKind.Object)
            {
                return $"{place} is not an object.";
            }

            if (component.TryGetProperty("version", out var version) && version.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            {
                return $"{place}.version is not text.";
            }

            // "excluded" says that the part is not in what runs: a test's, say.
            if (JsonDocuments.Word(component, "scope", 20) != "excluded" && JsonDocuments.Word(component, "type", 40) is var type && (type is null || !Passed.Contains(type)))
            {
                if (JsonDocuments.Word(component, "name", InventoryReading.MostName) is not { } name)
                {
                    return $"{place} has no name.";
                }

                var whole = JsonDocuments.Word(component, "group", InventoryReading.MostName) is { } group ? $"{group}{(group.StartsWith('@') ? "/" : ":")}{name}" : name;
                var entry = new InventoryEntry(
                    JsonDocuments.Cut(whole, InventoryReading.MostName), JsonDocuments.Word(component, "version", InventoryReading.MostVersion), JsonDocuments.Word(component, "purl", InventoryReading.MostPackage));
                if (found.TryAdd(entry, true))
                {
                    entries.Add(entry);
                }

                if (entries.Count > InventoryReading.Most)
                {
                    return $"it has more than {InventoryReading.Most} parts.";
                }
            }

            if (Add(JsonDocuments.Items(component, "components"), place + ".components", entries, found) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }
}
