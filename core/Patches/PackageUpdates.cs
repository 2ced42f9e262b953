using System.Text.Json;

namespace Maintenance.Patches;

/// <summary>
/// Reads what <c>dotnet list package --outdated --format json</c> and <c>--vulnerable --format json</c> write (version 1 of NuGet's format, see its
/// ListPackageJsonRenderer; members that later versions may add are passed over). The two cannot be asked for at once, so several reports are read together: what one
/// knows against a version is joined to the update that the other names. Pure.
/// </summary>
public static class PackageUpdates
{
    /// <summary>So many requests at most come of one import: each asks people for their votes.</summary>
    public const int Most = 200;

    private const int LongestText = 300;

    /// <summary>Reads reports together.</summary>
    public static PackageReading Read(IReadOnlyList<JsonElement> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var uses = new List<Use>();
        for (var i = 0; i < reports.Count; i++)
        {
            var at = reports.Count == 1 ? "The report" : $"Report {i + 1}";
            if (ReadReport(reports[i], uses) is { } problem)
            {
                return new([], $"{at}: {problem}");
            }
        }

        if (reports.Count == 0)
        {
            return new([], "There is no report.");
        }

        var updates = Join(uses);
        return updates.Count > Most ? new([], $"There are {updates.Count} updates; at most {Most} are taken in at once. List fewer projects at a time.") : new(updates, null);
    }

    private static string? ReadReport(JsonElement report, List<Use> uses)
    {
        if (report.ValueKind != JsonValueKind.Object)
        {
            return "it is not a JSON object.";
        }

        if (!report.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number != 1)
        {
            return "it is not of version 1 of the format that dotnet list package --format json writes.";
        }

        // A report with errors leaves projects out: taken in, what is missing would look like what is up to date.
        foreach (var problem in Items(report, "problems"))
        {
            if (Text(problem, "level") == "error")
            {
                return $"it says that it is not complete: {Text(problem, "text") ?? "an error without words"}";
            }
        }

        if (!report.TryGetProperty("projects", out var projects) || projects.ValueKind != JsonValueKind.Array)
        {
            return "it has no list of projects.";
        }

        var index = 0;
        foreach (var project in projects.EnumerateArray())
        {
            if (ReadProject(project, $"projects[{index++}]", uses) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static string? ReadProject(JsonElement project, string at, List<Use> uses)
    {
        if (Text(project, "path") is not { Length: > 0 } path)
        {
            return $"{at} has no path.";
        }

        // The folders of whoever wrote the report are nothing to its reader.
        var file = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        var name = file.LastIndexOf('.') is > 0 and var dot ? file[..dot] : file;
        if (string.IsNullOrWhiteSpace(name) || name.Length > 200)
        {
            return $"{at}.path has no name of a project at its end.";
        }

        var framework = 0;
        foreach (var target in Items(project, "frameworks"))
        {
            foreach (var list in new[] { "topLevelPackages", "transitivePackages" })
            {
                var index = 0;
                foreach (var package in Items(target, list))
                {
                    var place = $"{at}.frameworks[{framework}].{list}[{index++}]";
                    if (Text(package, "id") is not { Length: > 0 and <= 128 } id || Text(package, "resolvedVersion") is not { } resolved)
                    {
                        return $"{place} has no id or no resolvedVersion.";
                    }

                    if (PackageVersion.Parse(resolved) is not { } from)
                    {
                        return $"{place}.resolvedVersion is not a version: '{(resolved.Length > 60 ? resolved[..60] : resolved)}'.";
                    }

                    // "Not found at the sources" and the like: no version to go to.
                    var latest = Text(package, "latestVersion") is { } text ? PackageVersion.Parse(text) : null;
                    uses.Add(new Use(id, from, latest, name, [.. Items(package, "vulnerabilities").Select(Vulnerability)]));
                }
            }

            framework++;
        }

        return null;
    }

    private static List<PackageUpdate> Join(List<Use> uses)
    {
        var updates = new List<PackageUpdate>();
        foreach (var package in uses.GroupBy(static use => use.Package, StringComparer.OrdinalIgnoreCase).OrderBy(static group => group.Key, StringComparer.OrdinalIgnoreCase))
        {
            var known = package.Where(static use => use.Vulnerabilities.Count > 0).ToLookup(static use => use.From);
            var outdated = package.Where(static use => use.Latest is { } latest && use.From < latest).ToList();
            foreach (var target in outdated.GroupBy(static use => use.Latest!).OrderBy(static group => group.Key))
            {
                updates.Add(Update(package.Key, target.Key, [.. target.Concat(target.SelectMany(use => known[use.From]))]));
            }

            var mended = outdated.Select(static use => use.From).ToHashSet();
            var rest = package.Where(use => use.Vulnerabilities.Count > 0 && !mended.Contains(use.From)).ToList();
            if (rest.Count > 0)
            {
                updates.Add(Update(package.Key, null, rest));
            }
        }

        return updates;
    }

    private static PackageUpdate Update(string package, PackageVersion? to, IReadOnlyList<Use> uses) => new(
        package,
        [.. uses.Select(static use => use.From).Distinct().Order()],
        to,
        [.. uses.Select(static use => use.Project).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        [.. uses.SelectMany(static use => use.Vulnerabilities).Distinct().OrderByDescending(static one => one.Severity).ThenBy(static one => one.Advisory, StringComparer.Ordinal)]);

    private static PackageVulnerability Vulnerability(JsonElement element) => new(
        Text(element, "severity")?.ToLowerInvariant() switch
        {
            "low" => PatchSeverity.Low,
            "high" => PatchSeverity.High,
            "critical" => PatchSeverity.Critical,
            _ => PatchSeverity.Medium,
        },
        Text(element, "advisoryurl"));

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!.Trim() is var text && text.Length > LongestText ? text[..LongestText] : text
            : null;

    /// <summary>A package in a project.</summary>
    private sealed record Use(string Package, PackageVersion From, PackageVersion? Latest, string Project, IReadOnlyList<PackageVulnerability> Vulnerabilities);
}
