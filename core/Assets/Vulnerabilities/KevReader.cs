using System.Globalization;
using System.Text.Json;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>What a catalogue of known exploited vulnerabilities held.</summary>
/// <param name="CatalogVersion">As the catalogue says; empty where it does not.</param>
/// <param name="Entries">In the file's order, each CVE once.</param>
/// <param name="Problems">What could not be read.</param>
public sealed record KevReading(string CatalogVersion, IReadOnlyList<KnownExploited> Entries, IReadOnlyList<ReadingProblem> Problems);

/// <summary>Reads CISA's catalogue of known exploited vulnerabilities, as its JSON schema describes it (https://www.cisa.gov/known-exploited-vulnerabilities-catalog).</summary>
public static class KevReader
{
    /// <summary>The largest file, in bytes.</summary>
    public const int LargestFile = 32 * 1024 * 1024;

    /// <summary>The most entries of a catalogue.</summary>
    public const int MostEntries = 50_000;

    /// <summary>The most problems that are told of one file.</summary>
    public const int MostProblems = 100;

    private const int LongestText = 2000;
    private static readonly DateOnly FirstDay = new(2000, 1, 1);
    private static readonly DateOnly LastDay = new(2199, 12, 31);

    /// <summary>Reads a catalogue. What is wrong is told, never thrown: an entry without a CVE id or a due date is left out.</summary>
    /// <param name="file">The file's name, for problems.</param>
    /// <param name="utf8">Its bytes.</param>
    public static KevReading Read(string file, ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > LargestFile)
        {
            return new KevReading("", [], [new ReadingProblem(file, "the file", $"It is {utf8.Length} bytes long; {LargestFile} are the most. It is left out.", IsLeftOut: true)]);
        }

        utf8 = utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 16 });
            return Read(file, document.RootElement);
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json throws this where a member's name is half a pair of surrogates, or bytes that are no UTF-8.
            return new KevReading("", [], [new ReadingProblem(file, "the file", "The name of a member in it is no text. It is left out.", IsLeftOut: true)]);
        }
        catch (JsonException error)
        {
            return new KevReading("", [], [new ReadingProblem(file, $"line {(error.LineNumber ?? 0) + 1}", MaintenanceJson.Describe(error) + " It is left out.", IsLeftOut: true)]);
        }
    }

    private static KevReading Read(string file, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("vulnerabilities", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return new KevReading("", [], [new ReadingProblem(file, "the file", "It has no list 'vulnerabilities'. It is left out.", IsLeftOut: true)]);
        }

        var problems = new List<ReadingProblem>();
        var entries = new Dictionary<string, KnownExploited>(StringComparer.OrdinalIgnoreCase);
        var number = 0;
        foreach (var element in list.EnumerateArray())
        {
            var place = $"vulnerabilities[{number}]";
            if (number++ == MostEntries)
            {
                problems.Add(new ReadingProblem(file, place, $"More than {MostEntries} entries: this one and those behind it are left out.", IsLeftOut: true));
                break;
            }

            var (entry, wrong) = Entry(element);
            if (wrong is not null || !entries.TryAdd(entry!.CveId, entry))
            {
                problems.Add(new ReadingProblem(file, place, (wrong ?? $"{entry!.CveId} stands there twice.") + " The entry is left out.", IsLeftOut: true));
            }
        }

        return new KevReading(root.Text("catalogVersion", 50) ?? "", [.. entries.Values], [.. problems.Take(MostProblems)]);
    }

    private static (KnownExploited? Entry, string? Wrong) Entry(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return (null, "It is no object.");
        }

        if (element.Text("cveID", 40)?.Trim() is not { } id || !id.StartsWith("CVE-", StringComparison.OrdinalIgnoreCase))
        {
            return (null, "'cveID' is missing or no CVE id.");
        }

        if (Day(element, "dueDate") is not { } due)
        {
            return (null, $"'dueDate' of {id} is missing or no day such as 2026-11-22.");
        }

        return Day(element, "dateAdded") is not { } added
            ? (null, $"'dateAdded' of {id} is missing or no day such as 2026-11-22.")
            : (new KnownExploited(
                id.ToUpperInvariant(),
                element.Text("vendorProject", LongestText) ?? "",
                element.Text("product", LongestText) ?? "",
                element.Text("vulnerabilityName", LongestText) ?? "",
                added,
                due,
                element.Text("requiredAction", LongestText) ?? "",
                string.Equals(element.Text("knownRansomwareCampaignUse", 20), "Known", StringComparison.OrdinalIgnoreCase)), null);
    }

    private static DateOnly? Day(JsonElement element, string member) =>
        DateOnly.TryParseExact(element.Text(member, 20), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day >= FirstDay && day <= LastDay ? day : null;
}
