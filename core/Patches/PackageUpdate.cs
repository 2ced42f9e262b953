namespace Maintenance.Patches;

/// <summary>A package that should be brought to another version.</summary>
/// <param name="Package">Its id.</param>
/// <param name="From">The versions that projects have now, the lowest first.</param>
/// <param name="To">The version that they should have; null where a report names a vulnerability and none names a newer version.</param>
/// <param name="Projects">The projects that use it, by name.</param>
/// <param name="Vulnerabilities">What is known against the versions that they have, the worst first.</param>
public sealed record PackageUpdate(
    string Package, IReadOnlyList<PackageVersion> From, PackageVersion? To, IReadOnlyList<string> Projects, IReadOnlyList<PackageVulnerability> Vulnerabilities)
{
    private const int MostProjects = 49;
    private const int MostTitle = 200;
    private const int MostWords = 10_000;

    /// <summary>True where the first number of the version grows.</summary>
    public bool IsMajor => To is { } to && From.Any(from => from.JumpTo(to) == VersionJump.Major);

    /// <summary>The worst vulnerability's severity; medium for a new major version, low for all else.</summary>
    public PatchSeverity Severity => Vulnerabilities.Count > 0 ? Vulnerabilities.Max(static one => one.Severity) : IsMajor ? PatchSeverity.Medium : PatchSeverity.Low;

    /// <summary>A known, small change is standard; a new major version, or one that closes a hole, goes the whole way.</summary>
    public PatchType Type => Vulnerabilities.Count > 0 || IsMajor ? PatchType.Normal : PatchType.Standard;

    /// <summary>What the update is, for a service: imported again, it is the same. Without a version to go to, the versions to leave are what it is.</summary>
    public string Key(string service) =>
        $"package-update\n{service}\n{Package.ToLowerInvariant()}\n{To?.Text.ToLowerInvariant() ?? "away from " + string.Join(' ', From.Select(static from => from.Text.ToLowerInvariant()))}";

    /// <summary>The request for it.</summary>
    public NewPatch ToPatch(string service)
    {
        var from = string.Join(", ", From);
        var advisories = Vulnerabilities.Select(static one => $"- {one.Severity.ToString().ToLowerInvariant()}{(one.Advisory is null ? "" : ": " + one.Advisory)}").ToList();
        List<string> lines =
        [
            To is null ? $"{Package} {from} has a known vulnerability, and the reports name no newer version: look for one, or for another package." : $"The package {Package} goes from {from} to {To}.",
            $"Projects: {string.Join(", ", Projects)}.",
            .. advisories.Count > 0 ? ["Vulnerabilities of what is in use:", .. advisories] : Array.Empty<string>(),
        ];
        return new NewPatch(
            Cut(To is null ? $"Replace {Package} {from}" : $"Update {Package} {from} → {To}", MostTitle), Cut(string.Join('\n', lines), MostWords), Type, Severity, service)
        {
            Components = [Package, .. Projects.Count > MostProjects ? Projects.Take(MostProjects - 1).Append($"and {Projects.Count - MostProjects + 1} more projects") : Projects],
            Versions = [.. From.Take(50).Select(version => new VersionChange(Package, version.Text, To?.Text))],
            Rollback = Cut($"Set {Package} back to {from} and build again.", MostWords),
        };
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";
}

/// <summary>Something that is known against a version of a package.</summary>
/// <param name="Severity">How bad it is; NuGet's "Moderate" is medium, and so is what it does not rate.</param>
/// <param name="Advisory">The address of the advisory, or null.</param>
public sealed record PackageVulnerability(PatchSeverity Severity, string? Advisory);

/// <summary>What reports of the .NET command line say, or why they cannot be used.</summary>
/// <param name="Updates">The updates, by package.</param>
/// <param name="Problem">What is wrong, in a sentence that says where; null where nothing is.</param>
public sealed record PackageReading(IReadOnlyList<PackageUpdate> Updates, string? Problem);
