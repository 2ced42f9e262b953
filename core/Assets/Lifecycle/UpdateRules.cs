using System.Globalization;
using Maintenance.Assets.Versions;
using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Assets.Lifecycle;

/// <summary>A version that is known to exist.</summary>
/// <param name="Version">The version.</param>
/// <param name="Source">Who knows it: a product's records, an advisory, another service.</param>
/// <param name="On">When it came out (a local date), or null.</param>
public sealed record KnownVersion(string Version, string Source, LocalDate? On = null);

/// <summary>How far a version is behind another. Only the first number that differs counts: two majors behind, minors mean nothing.</summary>
/// <param name="Newest">The newest version that is known.</param>
/// <param name="Majors">So many major versions.</param>
/// <param name="Minors">So many minor versions of the same major.</param>
/// <param name="Patches">So many patches of the same minor.</param>
public sealed record VersionLag(KnownVersion Newest, int Majors, int Minors, int Patches)
{
    /// <summary>True where the plan allows no more than is less than this.</summary>
    public bool IsTooFar { get; init; }

    /// <summary>What the plan allows, in words; null where no rule fits.</summary>
    public string? Allowed { get; init; }

    /// <summary>In words.</summary>
    public override string ToString() =>
        Majors > 0 ? Count(Majors, "major version") : Minors > 0 ? Count(Minors, "minor version") : Count(Patches, "patch", "patches");

    private static string Count(int number, string one, string? many = null) => $"{number.ToString(CultureInfo.InvariantCulture)} {(number == 1 ? one : many ?? one + "s")}";
}

/// <summary>Who is behind by how much, and whether that is allowed. Pure.</summary>
public static class UpdateRules
{
    /// <summary>How far a version is behind the newest that is known; null where it is not, or where nobody can tell.</summary>
    /// <param name="order">By whose rules versions are ordered.</param>
    /// <param name="version">What is in use.</param>
    /// <param name="known">What is known to exist.</param>
    public static VersionLag? Lag(Ecosystem order, string version, IEnumerable<KnownVersion> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        KnownVersion? newest = null;
        foreach (var candidate in known)
        {
            // Who runs releases is not behind because there is a preview.
            if ((PlainVersions.IsPreRelease(order, candidate.Version) && !PlainVersions.IsPreRelease(order, version)) || !(PlainVersions.Compare(order, version, candidate.Version) < 0))
            {
                continue;
            }

            if (newest is null || PlainVersions.Compare(order, newest.Version, candidate.Version) is < 0)
            {
                newest = candidate;
            }
            else if (newest.On is null && candidate.On is not null && PlainVersions.Compare(order, newest.Version, candidate.Version) == 0)
            {
                newest = newest with { On = candidate.On };
            }
        }

        if (newest is null || PlainVersions.Numbers(order, version) is not { } from || PlainVersions.Numbers(order, newest.Version) is not { } to)
        {
            return null;
        }

        var majors = Step(from, to, 0);
        var minors = majors == 0 ? Step(from, to, 1) : 0;

        // What differs further behind (a fourth number, a Debian revision, a pre-release) is a patch all the same.
        var patches = majors + minors == 0 ? Math.Max(1, Step(from, to, 2)) : 0;
        return new VersionLag(newest, majors, minors, patches);
    }

    /// <summary>The lag with what the plan says of it.</summary>
    /// <param name="lag">How far it is behind.</param>
    /// <param name="order">By whose rules its versions are ordered.</param>
    /// <param name="criticality">Of the service.</param>
    /// <param name="rules">The plan's; the first that fits counts.</param>
    /// <param name="today">The local date.</param>
    public static VersionLag Judge(VersionLag lag, Ecosystem order, Criticality criticality, IReadOnlyList<UpdateRule> rules, LocalDate today)
    {
        ArgumentNullException.ThrowIfNull(lag);
        ArgumentNullException.ThrowIfNull(rules);
        if (rules.FirstOrDefault(rule => (rule.Ecosystem is null || rule.Ecosystem == order) && (rule.Criticality is null || criticality >= rule.Criticality)) is not { } rule)
        {
            return lag;
        }

        var isFresh = rule.Within is { } within && lag.Newest.On is { } on && Period.DaysBetween(on, today) <= within.TotalDays;
        return lag with { IsTooFar = !isFresh && Exceeds(lag, rule), Allowed = Words(rule) };
    }

    /// <summary>A rule that allows majors but says nothing of minors allows those too: what is smaller than what is allowed is allowed.</summary>
    private static bool Exceeds(VersionLag lag, UpdateRule rule) =>
        lag.Majors > 0 ? lag.Majors > (rule.Majors ?? (HasNumbers(rule) ? 0 : -1))
        : lag.Minors > 0 ? rule.Minors is { } minors ? lag.Minors > minors : rule.Majors is null && (rule.Patches is not null || !HasNumbers(rule))
        : rule.Patches is { } patches ? lag.Patches > patches : !HasNumbers(rule);

    /// <summary>Without numbers a rule is about time alone: after it, nothing is allowed.</summary>
    private static bool HasNumbers(UpdateRule rule) => rule.Majors is not null || rule.Minors is not null || rule.Patches is not null;

    private static string Words(UpdateRule rule)
    {
        List<string> parts = [];
        Add(rule.Majors, "major");
        Add(rule.Minors, "minor");
        Add(rule.Patches, "patch", "patches");
        if (rule.Within is { } within)
        {
            parts.Add($"anything for {Time.Durations.Format(within)}");
        }

        return string.Join(", ", parts);

        void Add(int? number, string one, string? many = null)
        {
            if (number is { } count)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}"));
            }
        }
    }

    private static int Step(IReadOnlyList<long> from, IReadOnlyList<long> to, int at)
    {
        var (before, after) = (at < from.Count ? from[at] : 0, at < to.Count ? to[at] : 0);
        return (int)Math.Clamp(after - before, 0, int.MaxValue);
    }
}
