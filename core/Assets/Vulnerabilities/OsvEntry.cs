using System.Globalization;
using System.Text.Json;
using Maintenance.Assets.Versions;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>Makes an advisory of a JSON value in the OSV schema 1.x; members that it does not know are ignored, as the schema asks.</summary>
internal static class OsvEntry
{
    private const int LongestId = 128;
    private const int LongestName = 512;
    private const int LongestSummary = 500;
    private const int LongestDetails = 20_000;
    private const int LongestAddress = 2048;
    private const int MostNames = 500;
    private const int MostReferences = 200;
    private const int MostSeverities = 20;
    private const int MostPackages = 5_000;
    private const int MostRanges = 1_000;
    private const int MostEvents = 20_000;
    private const int MostVersions = 100_000;

    /// <summary>Reads one.</summary>
    /// <param name="root">The value.</param>
    /// <param name="tell">Told path and words where a part is left out that changes no verdict.</param>
    /// <exception cref="UnreadableAdvisoryException">It lacks what it cannot be used without.</exception>
    public static Advisory Read(JsonElement root, Action<string, string> tell)
    {
        Demand(root.ValueKind == JsonValueKind.Object, "", "An advisory is an object.");
        var id = root.Text("id", LongestId)?.Trim();
        Demand(IsId(id), "id", "It is missing, or no id such as GHSA-5crp-9r3c-p9vr.");
        try
        {
            Demand(IsSupported(root.Text("schema_version", 40)), "schema_version", "Only versions 1.x of the OSV schema are known here.");
            var budget = new Budget();
            return new Advisory(
                id!,
                Ids(root, "aliases"),
                Ids(root, "related"),
                Ids(root, "upstream"),
                OneLine(root.Text("summary", LongestSummary) ?? ""),
                root.Text("details", LongestDetails) ?? "",
                Instant(root, "published"),
                Instant(root, "modified") ?? throw new UnreadableAdvisoryException("modified", "It is missing: of two of one id nobody could tell the newer one."),
                Instant(root, "withdrawn"),
                Severities(root, "", tell),
                RatedAs(root),
                [.. List(root, "affected", "", MostPackages).Select((element, i) => Package(element, $"affected[{i}]", budget, tell)).OfType<AffectedPackage>()],
                References(root, tell));
        }
        catch (UnreadableAdvisoryException error)
        {
            throw new UnreadableAdvisoryException(error.Path, error.Message) { Id = id };
        }
    }

    private static AffectedPackage? Package(JsonElement element, string path, Budget budget, Action<string, string> tell)
    {
        Demand(element.ValueKind == JsonValueKind.Object, path, "It is no object.");
        var (ecosystem, name) = Identity(element, path);
        var ranges = List(element, "ranges", path, MostRanges).Select((range, i) => Range(range, $"{path}.ranges[{i}]", budget)).ToList();
        var versions = new List<string>();
        foreach (var version in List(element, "versions", path, MostVersions))
        {
            // A version that is too long for any order is still itself; it is compared as text, and a component's that long is as unlikely.
            versions.Add(version.AsText(VersionOrder.Longest) ?? throw new UnreadableAdvisoryException($"{path}.versions[{versions.Count}]", "It is no text."));
        }

        budget.Spend(versions.Count, MostVersions, $"{path}.versions");
        return new AffectedPackage(ecosystem, name, ranges, versions, Severities(element, path + ".", tell), RatedAs(element));
    }

    /// <summary>By ecosystem and name, or by the package URL alone; neither where the entry tells of a repository only.</summary>
    private static (PackageEcosystem? Ecosystem, string Name) Identity(JsonElement element, string path)
    {
        if (!element.TryGetProperty("package", out var package) || package.ValueKind == JsonValueKind.Null)
        {
            return (null, "");
        }

        Demand(package.ValueKind == JsonValueKind.Object, $"{path}.package", "It is no object.");
        if (package.Text("ecosystem", PackageEcosystem.Longest) is { Length: > 0 } ecosystem && package.Text("name", LongestName) is { Length: > 0 } name)
        {
            return (PackageEcosystem.FromOsv(ecosystem), name.Trim());
        }

        return package.Text("purl", PackageUrl.Longest) is { } purl && PackageUrl.TryParse(purl, out var url, out _)
            ? (url.Ecosystem, url.OsvName)
            : throw new UnreadableAdvisoryException($"{path}.package", "It has neither 'ecosystem' and 'name' nor a package URL.");
    }

    private static AffectedRange Range(JsonElement element, string path, Budget budget)
    {
        Demand(element.ValueKind == JsonValueKind.Object, path, "It is no object.");
        var type = element.Text("type", 40)?.ToUpperInvariant() switch
        {
            "SEMVER" => RangeType.SemVer,
            "ECOSYSTEM" => RangeType.Ecosystem,
            "GIT" => RangeType.Git,
            null => throw new UnreadableAdvisoryException($"{path}.type", "It is missing: SEMVER, ECOSYSTEM or GIT."),
            _ => RangeType.Other,
        };
        var events = new List<RangeEvent>();
        foreach (var change in List(element, "events", path, MostEvents))
        {
            events.Add(Event(change, $"{path}.events[{events.Count}]"));
        }

        budget.Spend(events.Count, MostEvents, $"{path}.events");
        Demand(type == RangeType.Other || events.Exists(static e => e.Kind == RangeEventKind.Introduced), $"{path}.events", "None of them introduces; the schema asks for one at least.");
        return new AffectedRange(type, events);
    }

    private static RangeEvent Event(JsonElement element, string path)
    {
        Demand(element.ValueKind == JsonValueKind.Object, path, "It is no object.");
        RangeEvent? found = null;
        foreach (var (member, kind) in EventKinds)
        {
            if (element.TryGetProperty(member, out var value))
            {
                Demand(found is null, path, "It says two things; the schema asks for an event of its own for each.");
                var version = value.AsText(VersionOrder.Longest + 1)?.Trim();
                Demand(version is { Length: > 0 and <= VersionOrder.Longest }, $"{path}.{member}", $"It is no text of 1 to {VersionOrder.Longest} characters.");
                found = new RangeEvent(kind, version!);
            }
        }

        return found ?? throw new UnreadableAdvisoryException(path, "It says none of introduced, fixed, last_affected and limit.");
    }

    private static readonly (string Member, RangeEventKind Kind)[] EventKinds =
    [
        ("introduced", RangeEventKind.Introduced), ("fixed", RangeEventKind.Fixed), ("last_affected", RangeEventKind.LastAffected), ("limit", RangeEventKind.Limit),
    ];

    private static IReadOnlyList<AdvisorySeverity> Severities(JsonElement parent, string path, Action<string, string> tell)
    {
        var severities = new List<AdvisorySeverity>();
        foreach (var element in parent.Elements("severity").Take(MostSeverities))
        {
            if (element.ValueKind == JsonValueKind.Object && element.Text("type", 40) is { } type && element.Text("score", Cvss.Longest) is { } score)
            {
                severities.Add(new AdvisorySeverity(type, score));
            }
            else
            {
                tell($"{path}severity", "One has no type or no score; it is left out.");
            }
        }

        return severities;
    }

    /// <summary>GitHub and others put their word for it into <c>database_specific</c>, distributions theirs into <c>ecosystem_specific</c>.</summary>
    private static string? RatedAs(JsonElement parent)
    {
        foreach (var (block, member) in new[] { ("database_specific", "severity"), ("ecosystem_specific", "severity"), ("ecosystem_specific", "urgency") })
        {
            if (parent.TryGetProperty(block, out var specific) && specific.ValueKind == JsonValueKind.Object && specific.Text(member, 40) is { Length: > 0 } word)
            {
                return word;
            }
        }

        return null;
    }

    private static IReadOnlyList<AdvisoryReference> References(JsonElement root, Action<string, string> tell)
    {
        var references = new List<AdvisoryReference>();
        foreach (var element in root.Elements("references").Take(MostReferences))
        {
            // Only what a browser may open: an address such as javascript: is none.
            if (element.ValueKind == JsonValueKind.Object && element.Text("url", LongestAddress + 1) is { Length: <= LongestAddress } url
                && Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                references.Add(new AdvisoryReference(element.Text("type", 40) ?? "WEB", url));
            }
            else
            {
                tell("references", "One is no http or https address; it is left out.");
            }
        }

        return references;
    }

    private static IReadOnlyList<string> Ids(JsonElement root, string member)
    {
        var ids = new List<string>();
        foreach (var element in List(root, member, "", MostNames))
        {
            var id = element.AsText(LongestId)?.Trim();
            Demand(IsId(id), $"{member}[{ids.Count}]", "It is no id.");
            ids.Add(id!);
        }

        return [.. ids.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>An id is shown, compared and made part of keys: printable, without blanks.</summary>
    private static bool IsId(string? id) => id is { Length: > 0 } && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '+' or '/' or '@');

    private static DateTimeOffset? Instant(JsonElement root, string member)
    {
        if (!root.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return DateTimeOffset.TryParse(value.AsText(60), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : throw new UnreadableAdvisoryException(member, "It is no instant such as 2026-11-22T02:00:00Z.");
    }

    private static JsonElement.ArrayEnumerator List(JsonElement parent, string member, string path, int most)
    {
        if (!parent.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return default;
        }

        var place = path.Length == 0 ? member : $"{path}.{member}";
        Demand(value.ValueKind == JsonValueKind.Array, place, "It is no list.");
        Demand(value.GetArrayLength() <= most, place, $"It has {value.GetArrayLength()} elements; {most} are the most.");
        return value.EnumerateArray();
    }

    private static bool IsSupported(string? schemaVersion) => schemaVersion is null || schemaVersion.StartsWith("1.", StringComparison.Ordinal);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    private static void Demand(bool holds, string path, string what)
    {
        if (!holds)
        {
            throw new UnreadableAdvisoryException(path, what);
        }
    }

    /// <summary>Counts what one advisory has in all its packages together.</summary>
    private sealed class Budget
    {
        private readonly Dictionary<int, int> _spent = [];

        public void Spend(int count, int most, string path)
        {
            _spent[most] = _spent.GetValueOrDefault(most) + count;
            Demand(_spent[most] <= most, path, $"The advisory has more than {most} of these in all.");
        }
    }
}
