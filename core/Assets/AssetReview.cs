using System.Globalization;
using Maintenance.Assets.Components;
using Maintenance.Assets.Lifecycle;
using Maintenance.Assets.Versions;
using Maintenance.Assets.Vulnerabilities;
using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Assets;

/// <summary>What a review found.</summary>
/// <param name="Lines">Every component; findings are not in it yet.</param>
/// <param name="Sightings">Every vulnerability of every component.</param>
/// <param name="Problems">What contradicts itself or cannot be used, of the inputs as a whole.</param>
public sealed record AssetReviewResult(IReadOnlyList<AssetLine> Lines, IReadOnlyList<Sighting> Sightings, IReadOnlyList<string> Problems)
{
    /// <summary>Components and groups of which nobody can say whether the one affects the other: all of them, however few a line shows.</summary>
    public IReadOnlySet<(string Component, string Group)> Undecided { get; init; } = new HashSet<(string, string)>();
}

/// <summary>Looks at everything that is known of the components. Pure: the plan, what was read and a date in; lines and sightings out.</summary>
public static class AssetReview
{
    private const int MostUndecided = 20;
    private const int MostReferences = 10;
    private const int MostDetails = 4000;
    private const int MostSummary = 300;
    private const int MostFixes = 10;

    /// <summary>Reviews.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="contents">What its inputs say.</param>
    /// <param name="known">The ids under which vulnerabilities are followed, the oldest first.</param>
    /// <param name="today">The local date of the plan's zone.</param>
    public static AssetReviewResult Of(OperationsPlan plan, IReadOnlyList<AssetSourceContent> contents, IReadOnlyList<string> known, LocalDate today)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(contents);
        var inventory = Inventory.Of(
            plan.Assets,
            contents.Where(static one => one.Input.Kind is AssetInputKind.Bom or AssetInputKind.Packages && one.Content is not null).Select(static one => (one.Input.Subject, one.State.Name, one.Content!.Entries)));
        var products = contents.Where(static one => one.Input.Kind == AssetInputKind.EndOfLife && one.Content is not null)
            .GroupBy(static one => one.Input.Subject, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.First().Content!.Cycles, StringComparer.Ordinal);
        var groups = AdvisoryGroups.Group(contents.SelectMany(static one => one.Content?.Advisories ?? []), known);
        var exploited = contents.SelectMany(static one => one.Content?.Exploited ?? []).GroupBy(static one => one.CveId, StringComparer.OrdinalIgnoreCase).ToDictionary(static group => group.Key, static group => group.First(), StringComparer.OrdinalIgnoreCase);
        var concerned = Concerned(groups);
        var newest = NewestKnown(inventory, groups);
        var lines = new List<AssetLine>();
        var sightings = new List<Sighting>();
        var open = new HashSet<(string, string)>();
        foreach (var component in inventory)
        {
            var undecided = new List<string>();
            if (component.Package is { } package)
            {
                foreach (var group in concerned.GetValueOrDefault(package.Key, []))
                {
                    var said = undecided.Count;
                    if (See(component, package, group, exploited, undecided) is { } sighting)
                    {
                        sightings.Add(sighting);
                    }
                    else if (undecided.Count > said)
                    {
                        _ = open.Add((component.Id, group.Id));
                    }
                }
            }

            lines.Add(Line(plan, component, products, newest, today) with { Undecided = undecided.Count <= MostUndecided ? undecided : [.. undecided.Take(MostUndecided - 1), $"and {undecided.Count - MostUndecided + 1} more"] });
        }

        return new AssetReviewResult(lines, sightings, [.. plan.Lifecycle.Deprecated.Where(one => today >= one.From).Select(static one => $"{one.Component} was to be gone by {Text(one.From)}.")]) { Undecided = open };
    }

    /// <summary>The line with its open findings.</summary>
    /// <param name="line">The line.</param>
    /// <param name="findings">The open findings of its component.</param>
    /// <param name="warn">The plan's days before an end of support, the longest first.</param>
    /// <param name="today">The local date.</param>
    /// <param name="now">The instant (UTC).</param>
    public static AssetLine With(AssetLine line, IReadOnlyList<Finding> findings, IReadOnlyList<int> warn, LocalDate today, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(warn);
        var left = line.EndDate is { } end ? Period.DaysBetween(today, end) : (int?)null;
        var isDeprecated = line.DeprecatedFrom is { } from && string.CompareOrdinal(from, Text(today)) <= 0;
        var concern = line.HasEnded == true || isDeprecated || findings.Any(finding => finding.IsOverdue(now)) ? AssetConcern.Over
            : findings.Any(finding => finding.IsOwed(now)) || left <= warn[^1] ? AssetConcern.Urgent
            : left <= warn[0] || line.Behind?.IsTooFar == true || line.DeprecatedFrom is not null ? AssetConcern.Soon
            : findings.Count > 0 || line.Behind is not null || line.Undecided.Count > 0 || line.Problems.Count > 0 ? AssetConcern.Note
            : AssetConcern.None;
        return line with { Findings = [.. findings.OrderBy(static finding => finding.Number).Select(static finding => finding.Id)], Concern = concern };
    }

    /// <summary>Groups by the packages that their advisories name, so that not every component is compared with every advisory.</summary>
    private static Dictionary<string, List<AdvisoryGroup>> Concerned(IReadOnlyList<AdvisoryGroup> groups)
    {
        var concerned = new Dictionary<string, List<AdvisoryGroup>>(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            var keys = group.Advisories.SelectMany(static advisory => advisory.Affected).Where(static entry => entry.Ecosystem is not null).Select(static entry => PackageIdentity.KeyOf(entry.Ecosystem!, entry.Name));
            foreach (var key in keys.Distinct(StringComparer.Ordinal))
            {
                (concerned.TryGetValue(key, out var list) ? list : concerned[key] = []).Add(group);
            }
        }

        return concerned;
    }

    private static Sighting? See(InventoryComponent component, PackageIdentity package, AdvisoryGroup group, Dictionary<string, KnownExploited> exploited, List<string> undecided)
    {
        var affected = new List<string>();
        var fixes = new List<string>();
        var ratings = new List<SeverityRating>();
        var why = new List<string>();
        var versions = component.Versions.Count > 0 ? component.Versions.Select(static use => (string?)use.Version) : [null];
        foreach (var version in versions)
        {
            var verdicts = group.Advisories.Select(advisory => (Advisory: advisory, Verdict: AdvisoryMatch.Decide(advisory, package.Ecosystem, package.Name, version))).ToList();
            var hits = verdicts.Where(static one => one.Verdict.Outcome == Affectedness.Affected).ToList();
            if (hits.Count > 0)
            {
                affected.Add(version ?? "unknown");
                fixes.AddRange(hits.SelectMany(static one => one.Verdict.FixedIn).Where(fix => !fixes.Contains(fix)));
                ratings.AddRange(hits.Select(static one => SeverityRating.Of(one.Advisory, one.Verdict.Package)));
            }
            else if (verdicts.FirstOrDefault(static one => one.Verdict.Outcome == Affectedness.Undecided) is { Verdict: { } verdict })
            {
                why.Add($"{group.Title}{(version is null ? "" : $" for {version}")}: {verdict.Reason}");
            }
        }

        if (affected.Count == 0)
        {
            undecided.AddRange(why);
            return null;
        }

        var rating = SeverityRating.Worst(ratings);
        var live = group.Advisories.Where(static advisory => advisory.Withdrawn is null).ToList();
        var catalogue = group.Names.Select(exploited.GetValueOrDefault).OfType<KnownExploited>().OrderBy(static one => one.DueDate).ToList();
        return new Sighting(component.Id, group.Id)
        {
            Name = component.Name,
            Service = component.Service,
            Title = group.Title,
            Names = group.Names,
            Summary = JsonDocuments.Cut(live.Select(static advisory => advisory.Summary).FirstOrDefault(static text => text.Length > 0) ?? catalogue.Select(static one => one.Name).FirstOrDefault() ?? "", MostSummary),
            Details = JsonDocuments.Cut(live.Select(static advisory => advisory.Details).FirstOrDefault(static text => text.Length > 0) ?? "", MostDetails),
            Severity = rating.Level,
            Score = rating.Score,
            RatedBy = rating.Source,
            Versions = affected,
            FixedIn = [.. fixes.Take(MostFixes)],
            References = [.. live.SelectMany(static advisory => advisory.References).Select(static one => one.Url).Where(IsAddress).Distinct(StringComparer.Ordinal).Take(MostReferences)],
            IsExploited = catalogue.Count > 0,
            IsUsedByRansomware = catalogue.Exists(static one => one.UsedByRansomware),
            ExploitedDue = catalogue.Count > 0 ? catalogue[0].DueDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
            RequiredAction = catalogue.Count > 0 ? JsonDocuments.Cut(catalogue[0].RequiredAction, MostDetails) : "",
        };
    }

    private static AssetLine Line(OperationsPlan plan, InventoryComponent component, Dictionary<string, IReadOnlyList<ProductCycle>> products, Dictionary<string, List<KnownVersion>> newest, LocalDate today)
    {
        var planned = component.Planned;
        var order = component.Package?.Ecosystem.Order ?? Ecosystem.Other;
        var cycles = planned?.Product is { } product ? products.GetValueOrDefault(product) : null;
        var problems = new List<string>();
        if (planned?.Version is not null && component.Versions.Count > 1)
        {
            problems.Add($"The plan says {planned.Version}; {string.Join("; ", component.Versions.Skip(1).Take(5).Select(static use => $"{string.Join(", ", use.Sources)} says {use.Version}"))}.");
        }

        if (component.HasMoreVersions)
        {
            problems.Add($"It has more than {Inventory.MostVersions} versions, and the others are not looked at.");
        }

        var support = Support(planned, component, cycles, today, problems);
        IEnumerable<KnownVersion> known =
        [
            .. component.Package is { } package ? newest.GetValueOrDefault(package.Key, []) : [],
            .. component.Latest is { } latest ? [new KnownVersion(latest, "dotnet list package")] : Array.Empty<KnownVersion>(),
            .. (cycles ?? []).Where(static cycle => cycle.Latest is not null).Select(cycle => new KnownVersion(cycle.Latest!, $"records of {planned!.Product}", cycle.LatestOn)),
        ];
        var criticality = plan.FindService(component.Service)?.Criticality ?? Criticality.Low;
        var lags = component.Versions.Select(use => (use.Version, Lag: UpdateRules.Lag(order, use.Version, known))).Where(static one => one.Lag is not null)
            .Select(one => (one.Version, Lag: UpdateRules.Judge(one.Lag!, order, criticality, plan.Lifecycle.Updates, today)))
            .OrderByDescending(static one => one.Lag.IsTooFar).ThenByDescending(static one => one.Lag.Majors).ThenByDescending(static one => one.Lag.Minors).ThenByDescending(static one => one.Lag.Patches).ToList();
        var deprecation = plan.Lifecycle.DeprecationOf(component.Id);
        return new AssetLine(component.Id, component.Name, component.Service)
        {
            Versions = component.Versions,
            Ecosystem = component.Package?.Ecosystem.ToString(),
            Package = component.Package?.Name,
            IsPlanned = planned is not null,
            IsTransitive = component.IsTransitive,
            SupportEnds = support?.Date is { } end ? Text(end) : null,
            HasEnded = support?.HasEnded,
            SupportSource = support?.Source,
            Behind = lags.Count == 0 ? null : new LagLine(lags[0].Version, lags[0].Lag.Newest.Version, lags[0].Lag.Newest.Source, lags[0].Lag.ToString(), lags[0].Lag.IsTooFar, lags[0].Lag.Allowed),
            DeprecatedFrom = deprecation is null ? null : Text(deprecation.From),
            Replacement = deprecation?.Replacement,
            Upgrade = component.Versions.Select(use => plan.Lifecycle.UpgradeOf(component.Id, use.Version)).FirstOrDefault(static path => path is not null)?.Steps ?? [],
            Problems = problems,
        };
    }

    /// <summary>Of several versions in use the one whose support ends first counts.</summary>
    private static SupportEnd? Support(PlannedComponent? planned, InventoryComponent component, IReadOnlyList<ProductCycle>? cycles, LocalDate today, List<string> problems)
    {
        if (planned is null)
        {
            return null;
        }

        var ends = planned.EndOfLife is { } date ? [EndOfLife.Judge(date, today)] : new List<SupportEnd>();
        if (cycles is not null)
        {
            IEnumerable<string> names = planned.Cycle is { } fixedCycle ? [fixedCycle] : component.Versions.Select(static use => use.Version);
            foreach (var name in names)
            {
                if (EndOfLife.CycleOf(cycles, name) is { } cycle)
                {
                    var judged = EndOfLife.Judge(planned.Product!, cycle, today);
                    problems.AddRange(judged.Problems.Where(one => !problems.Contains(one)));
                    ends.Add(judged);
                }
                else
                {
                    problems.Add($"The records of {planned.Product} have no cycle for {name}.");
                }
            }

            // The plan's own word goes before a record's, but not unseen.
            if (planned.EndOfLife is { } own && ends.Skip(1).FirstOrDefault(end => end.Date is { } other && other != own) is { } differs)
            {
                problems.Add($"The plan says that its support ends on {Text(own)}; {differs.Source} says {Text(differs.Date!.Value)}.");
            }
        }

        return planned.EndOfLife is not null ? ends[0] : ends.OrderByDescending(static end => end.HasEnded == true).ThenBy(static end => end.Date ?? LocalDate.MaxIsoValue).FirstOrDefault();
    }

    /// <summary>Versions that must exist, by package: what other services use, and what advisories call fixed.</summary>
    private static Dictionary<string, List<KnownVersion>> NewestKnown(IReadOnlyList<InventoryComponent> inventory, IReadOnlyList<AdvisoryGroup> groups)
    {
        var packages = inventory.Where(static one => one.Package is not null).ToLookup(static one => one.Package!.Key, StringComparer.Ordinal);
        var known = new Dictionary<string, List<KnownVersion>>(StringComparer.Ordinal);
        foreach (var package in packages)
        {
            known[package.Key] = [.. package.SelectMany(static one => one.Versions.Select(use => new KnownVersion(use.Version, $"in use for {one.Service}")))];
        }

        foreach (var advisory in groups.SelectMany(static group => group.Advisories).Where(static advisory => advisory.Withdrawn is null))
        {
            foreach (var entry in advisory.Affected.Where(static entry => entry.Ecosystem is not null))
            {
                // What is fixed in another release of a distribution is no version that this one can get.
                if (known.TryGetValue(PackageIdentity.KeyOf(entry.Ecosystem!, entry.Name), out var list) && packages[PackageIdentity.KeyOf(entry.Ecosystem!, entry.Name)].All(one => one.Package!.Ecosystem.Covers(entry.Ecosystem!)))
                {
                    list.AddRange(
                        entry.Ranges.Where(static range => range.Type is RangeType.Ecosystem or RangeType.SemVer).SelectMany(static range => range.Events)
                            .Where(static one => one.Kind == RangeEventKind.Fixed && one.Version != "0").Select(one => new KnownVersion(one.Version, advisory.Id)));
                }
            }
        }

        return known;
    }

    private static bool IsAddress(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" && url.Length <= 500;

    private static string Text(LocalDate date) => date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
