using Maintenance.Assets.Versions;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>Walks the events of a range in the order of their versions, up to the version in question.</summary>
internal static class RangeWalk
{
    /// <summary>Whether a version lies where the range is affected, and why, in words.</summary>
    /// <param name="ecosystem">By whose rules versions are ordered, where the range's type does not say.</param>
    /// <param name="range">One of versions, not of commits.</param>
    /// <param name="version">Null where it is not known.</param>
    public static (Affectedness Outcome, string Reason) Decide(Ecosystem ecosystem, AffectedRange range, string? version)
    {
        if (range.Type is RangeType.Other)
        {
            return (Affectedness.Undecided, "Its range is of a type that is not known here.");
        }

        if (range.Events.Any(static e => e.Kind == RangeEventKind.Introduced && IsBeforeAll(e)) && range.Events.All(static e => e.Kind == RangeEventKind.Introduced || IsEndless(e)))
        {
            return (Affectedness.Affected, "Every version is affected, and no fix is named.");
        }

        if (version is null)
        {
            return (Affectedness.Undecided, "The component's version is not known.");
        }

        string? problem = null;
        foreach (var order in OrdersFor(ecosystem, range.Type))
        {
            if (VersionOrder.Read(order, version, out var error) is not { } place)
            {
                problem ??= $"'{version}' is no version in the order of {order}: {error}";
            }
            else if (Steps(order, range, out var unread) is not { } steps)
            {
                problem ??= unread;
            }
            else
            {
                return Walk(steps, place, version);
            }
        }

        return (Affectedness.Undecided, problem ?? "The order of its ecosystem's versions is not known here.");
    }

    /// <summary>Orders in which the range may be read, the likeliest first: the first that understands all its versions counts.</summary>
    public static IEnumerable<Ecosystem> OrdersFor(Ecosystem ecosystem, RangeType type) => (type, ecosystem) switch
    {
        (_, Ecosystem.NuGet or Ecosystem.SemVer) => [ecosystem],
        (_, Ecosystem.Npm) => [ecosystem, Ecosystem.SemVer],
        (RangeType.SemVer, Ecosystem.Other) => [Ecosystem.SemVer],
        (RangeType.SemVer, _) => [Ecosystem.SemVer, ecosystem],
        (_, Ecosystem.Other) => [],
        _ => [ecosystem],
    };

    /// <summary>
    /// Below zero, zero or above zero, as the version comes before, with or after that of an event. PEP 440 has a local build stand for its release wherever it is compared with a
    /// version that has no local part.
    /// </summary>
    public static int Compare(VersionReading version, VersionReading named) =>
        version is PythonVersion python && named is PythonVersion { Local.Count: 0 } ? python.Public.CompareWith(named) : version.CompareWith(named);

    /// <summary>True for a limit that is none.</summary>
    public static bool IsEndless(RangeEvent e) => e.Kind == RangeEventKind.Limit && e.Version.Contains('*', StringComparison.Ordinal);

    private static bool IsBeforeAll(RangeEvent e) => e.Version == "0";

    private static List<Step>? Steps(Ecosystem order, AffectedRange range, out string? problem)
    {
        var steps = new List<Step>();
        foreach (var e in range.Events.Where(static e => !IsEndless(e)))
        {
            var place = IsBeforeAll(e) && e.Kind != RangeEventKind.LastAffected ? null : VersionOrder.Read(order, e.Version, out _);
            if (place is null && !(IsBeforeAll(e) && e.Kind != RangeEventKind.LastAffected))
            {
                problem = $"The advisory's version '{e.Version}' is none in the order of {order}.";
                return null;
            }

            steps.Add(new Step(place, e));
        }

        problem = null;
        return steps;
    }

    private static (Affectedness Outcome, string Reason) Walk(List<Step> steps, VersionReading place, string version)
    {
        var limits = steps.Where(static step => step.Event.Kind == RangeEventKind.Limit).ToList();
        if (limits.Count > 0 && !limits.Exists(limit => limit.Place is { } end && Compare(place, end) < 0))
        {
            return (Affectedness.NotAffected, $"{version} is not before the range's limit.");
        }

        var changes = steps.Where(static step => step.Event.Kind != RangeEventKind.Limit).Order(Comparer<Step>.Create(CompareSteps)).ToList();
        var (isAffected, begin) = (false, (RangeEvent?)null);
        var next = 0;
        while (next < changes.Count && changes[next].IsReachedBy(place))
        {
            var end = next + 1;
            while (end < changes.Count && CompareSteps(changes[next], changes[end]) == 0)
            {
                end++;
            }

            // Where one stretch ends at the very version at which another begins, nothing changes; so does a stretch of no length.
            var here = changes[next..end];
            var (begins, ends) = (here.Exists(static step => step.Event.Kind == RangeEventKind.Introduced), here.Exists(static step => step.Event.Kind != RangeEventKind.Introduced));
            if (begins != ends)
            {
                (isAffected, begin) = (begins, begins ? here[0].Event : null);
            }

            next = end;
        }

        if (!isAffected)
        {
            return (Affectedness.NotAffected, $"{version} is outside the range.");
        }

        var from = begin!.Version == "0" ? "Every version" : $"Every version from {begin.Version} on";
        return (Affectedness.Affected, changes.Skip(next).FirstOrDefault(static step => step.Event.Kind != RangeEventKind.Introduced)?.Event switch
        {
            { Kind: RangeEventKind.Fixed } fix => $"{from} and before {fix.Version} is affected.",
            { } last => $"{from} up to {last.Version} is affected.",
            null => $"{from} is affected, and no fix is named.",
        });
    }

    /// <summary>By version, what holds from a version on before what holds after it.</summary>
    private static int CompareSteps(Step left, Step right) => (left.Place, right.Place) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        var (mine, others) => mine.CompareWith(others) is not 0 and var order ? order : left.IsAfter.CompareTo(right.IsAfter),
    };

    /// <summary>An event with its version read; null for the place before all.</summary>
    private sealed record Step(VersionReading? Place, RangeEvent Event)
    {
        /// <summary>A last affected version is affected itself: the change comes right after it.</summary>
        public bool IsAfter => Event.Kind == RangeEventKind.LastAffected;

        public bool IsReachedBy(VersionReading version) => Place is null || Compare(version, Place) is var order && (order > 0 || (order == 0 && !IsAfter));
    }
}
