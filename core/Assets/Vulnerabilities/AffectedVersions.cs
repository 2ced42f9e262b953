using Maintenance.Assets.Versions;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>Whether one entry of an advisory has a version among those that are affected.</summary>
internal static class AffectedVersions
{
    /// <summary>The verdict of one entry, without ways out.</summary>
    /// <param name="entry">An entry that names a package.</param>
    /// <param name="version">Null or empty where it is not known.</param>
    public static AdvisoryVerdict Decide(AffectedPackage entry, string? version)
    {
        var order = entry.Ecosystem!.Order;
        version = string.IsNullOrWhiteSpace(version) ? null : version.Trim();
        if (version is not null && entry.Versions.FirstOrDefault(listed => IsListed(order, listed, version)) is { } same)
        {
            return new AdvisoryVerdict(Affectedness.Affected, [], $"{same} is listed as affected.", entry);
        }

        string? doubt = null;

        // Commits say nothing of a release by themselves; where ranges of versions stand beside them, those tell the same in words that can be read.
        var readable = entry.Ranges.Where(static range => range.Type != RangeType.Git).ToList();
        foreach (var range in readable.Count > 0 ? readable : entry.Ranges)
        {
            var (outcome, reason) = range.Type == RangeType.Git ? (Affectedness.Undecided, "Its range is one of Git commits.") : RangeWalk.Decide(order, range, version);
            if (outcome == Affectedness.Affected)
            {
                return new AdvisoryVerdict(outcome, [], reason, entry);
            }

            // A list of versions decides where a range cannot, unless the range goes on past what the list's author could know.
            var isListDecisive = version is not null && entry.Versions.Count > 0 && IsClosed(range);
            doubt ??= outcome == Affectedness.Undecided && !isListDecisive ? reason : null;
        }

        if (entry.Ranges.Count == 0)
        {
            doubt = entry.Versions.Count == 0 ? "The advisory names the package, but no versions." : version is null ? "The component's version is not known." : null;
        }

        return doubt is not null
            ? new AdvisoryVerdict(Affectedness.Undecided, [], doubt, entry)
            : new AdvisoryVerdict(Affectedness.NotAffected, [], $"{version ?? "Its version"} is in none of the ranges and lists.", entry);
    }

    /// <summary>True where one version is the other. A local build of a Python release (1.0+cu118) is what its release is, unless the list names the build itself.</summary>
    private static bool IsListed(Ecosystem order, string listed, string version) =>
        string.Equals(listed, version, StringComparison.Ordinal)
        || (VersionOrder.Read(order, listed, out _) is { } first && VersionOrder.Read(order, version, out _) is { } second && RangeWalk.Compare(second, first) == 0);

    private static bool IsClosed(AffectedRange range) =>
        range.Events.Count(static e => e.Kind == RangeEventKind.Introduced)
        <= range.Events.Count(static e => e.Kind is RangeEventKind.Fixed or RangeEventKind.LastAffected || (e.Kind == RangeEventKind.Limit && !RangeWalk.IsEndless(e)));
}
