using Maintenance.Assets.Versions;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>Whether advisories concern a version of a package, by the OSV schema's evaluation (https://ossf.github.io/osv-schema/#evaluation).</summary>
public static class AdvisoryMatch
{
    /// <summary>The most ways out that are told.</summary>
    public const int MostWaysOut = 20;

    /// <summary>So many named fixes are tried as ways out, the nearest first.</summary>
    private const int MostTried = 200;

    /// <summary>
    /// Decides for one package. Where a release is not told, the advisory's entries for different releases may contradict each other: then it is undecided, as it is wherever
    /// a version or its order is not known and the answer hangs on it.
    /// </summary>
    /// <param name="advisory">The advisory; one that was withdrawn concerns nothing.</param>
    /// <param name="ecosystem">Where the package lives, with its release where that is known.</param>
    /// <param name="name">Its name, as the OSV schema writes names (see <see cref="PackageUrl.OsvName"/>).</param>
    /// <param name="version">Its version; empty or null where unknown.</param>
    public static AdvisoryVerdict Decide(Advisory advisory, PackageEcosystem ecosystem, string name, string? version)
    {
        ArgumentNullException.ThrowIfNull(advisory);
        ArgumentNullException.ThrowIfNull(ecosystem);
        ArgumentNullException.ThrowIfNull(name);
        if (advisory.Withdrawn is { } withdrawn)
        {
            return new AdvisoryVerdict(Affectedness.NotAffected, [], $"{advisory.Id} was withdrawn on {withdrawn.UtcDateTime:yyyy-MM-dd}.");
        }

        var key = PackageNames.Key(ecosystem, name);
        var entries = advisory.Affected
            .Where(entry => entry.Ecosystem?.Covers(ecosystem) == true && string.Equals(PackageNames.Key(entry.Ecosystem, entry.Name), key, StringComparison.Ordinal))
            .ToList();
        if (entries.Count == 0)
        {
            return new AdvisoryVerdict(Affectedness.NotAffected, [], $"{advisory.Id} does not name {name} of {ecosystem}.");
        }

        // Entries for one release are one answer; entries for several releases are an answer each.
        var answers = entries
            .GroupBy(static entry => entry.Ecosystem!.ToString(), StringComparer.OrdinalIgnoreCase)
            .Select(group => (Release: group.Key, Verdict: OfOneRelease(group.ToList(), version)))
            .ToList();
        if (ecosystem.Release is null && answers.Select(static a => a.Verdict.Outcome).Distinct().Count() > 1)
        {
            var told = string.Join(", ", answers.Select(static a => $"{a.Release} {InWords(a.Verdict.Outcome)}"));
            return new AdvisoryVerdict(Affectedness.Undecided, [], $"It depends on the release, which the component does not say: {told}.", answers[0].Verdict.Package);
        }

        return answers.Select(static a => a.Verdict).MaxBy(static verdict => verdict.Outcome)!;
    }

    private static AdvisoryVerdict OfOneRelease(IReadOnlyList<AffectedPackage> entries, string? version)
    {
        var worst = entries.Select(entry => AffectedVersions.Decide(entry, version)).MaxBy(static verdict => verdict.Outcome)!;
        return worst.Outcome == Affectedness.Affected ? worst with { FixedIn = WaysOut(entries, version) } : worst;
    }

    /// <summary>The fixes that are named, later than the version and not affected themselves, in order; of two spellings of one the first.</summary>
    private static IReadOnlyList<string> WaysOut(IReadOnlyList<AffectedPackage> entries, string? version)
    {
        var ranges = entries.SelectMany(static entry => entry.Ranges).Where(static range => range.Type is RangeType.SemVer or RangeType.Ecosystem).ToList();
        var fixes = ranges.SelectMany(static range => range.Events).Where(static e => e.Kind == RangeEventKind.Fixed && e.Version != "0").Select(static e => e.Version).Distinct(StringComparer.Ordinal).ToList();
        var texts = string.IsNullOrWhiteSpace(version) ? fixes : [.. fixes, version];
        var orders = ranges.SelectMany(range => RangeWalk.OrdersFor(entries[0].Ecosystem!.Order, range.Type)).Distinct();
        var order = orders.FirstOrDefault(order => texts.TrueForAll(text => VersionOrder.TryRead(order, text, out _)), Ecosystem.Other);
        var ways = new List<string>();
        var later = fixes.Where(fix => string.IsNullOrWhiteSpace(version) || VersionOrder.Compare(order, fix, version) is null or > 0);
        foreach (var fix in later.Order(Comparer<string>.Create((left, right) => VersionOrder.Compare(order, left, right) ?? 0)).Take(MostTried))
        {
            var isNew = ways.Count == 0 || VersionOrder.Compare(order, ways[^1], fix) != 0;
            if (ways.Count < MostWaysOut && isNew && entries.All(entry => AffectedVersions.Decide(entry, fix).Outcome == Affectedness.NotAffected))
            {
                ways.Add(fix);
            }
        }

        return ways;
    }

    private static string InWords(Affectedness outcome) => outcome switch
    {
        Affectedness.Affected => "is affected",
        Affectedness.NotAffected => "is not",
        _ => "cannot be told",
    };
}
