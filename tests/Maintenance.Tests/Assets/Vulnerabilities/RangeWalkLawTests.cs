using FsCheck;
using FsCheck.Fluent;
using Maintenance.Assets.Versions;
using Maintenance.Assets.Vulnerabilities;
using Maintenance.Tests.Rules;

namespace Maintenance.Tests.Assets.Vulnerabilities;

/// <summary>
/// Ranges of random events against an account of its own: the places of a list of versions in order are coloured, stretch by stretch, where the events say so.
/// </summary>
public sealed class RangeWalkLawTests
{
    /// <summary>In each ecosystem twelve versions in order, whose order the tables of the version tests have shown.</summary>
    private static readonly (string Ecosystem, string[] Versions)[] Lists =
    [
        ("npm", ["0.1.0", "0.9.0", "0.10.0", "1.0.0-alpha", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0", "10.0.0"]),
        ("NuGet", ["0.1", "0.9.9.9", "0.10", "1.0-alpha", "1.0-rc.2", "1.0-rc.10", "1.0", "1.0.0.1", "1.2", "1.10", "2.0", "10.0"]),
        ("PyPI", ["0.1", "0.9", "0.10", "1.0.dev1", "1.0a1", "1.0rc2", "1.0", "1.0.post1", "1.2", "1.10", "2.0", "1!0.1"]),
        ("Maven", ["0.1", "0.9", "0.10", "1.0-alpha1", "1.0-rc2", "1.0-SNAPSHOT", "1.0", "1.0-sp1", "1.0.1", "1.10", "2.0", "10.0"]),
        ("Debian", ["0.1-1", "0.9-1", "0.10-1", "1.0~rc1-1", "1.0-1~deb12u1", "1.0-1", "1.0-1+b1", "1.0-10", "1.0.1-1", "1.10-1", "2.0-1", "1:0.1-1"]),
        ("Go", ["v0.1.0", "0.9.0", "v0.10.0", "1.0.0-0.20200101000000-abc", "1.0.0-rc.1", "1.0.0-rc.10", "v1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0", "v10.0.0"]),
    ];

    [Fact]
    public void Each_version_is_decided_as_if_all_were_walked() => Law.Holds(
        from list in Gen.Choose(0, Lists.Length - 1)
        from ranges in Range(12).ListOf()
        from shuffle in Gen.Choose(0, int.MaxValue)
        select (List: Lists[list], Ranges: ranges.Take(3).ToList(), Shuffle: shuffle),
        2000,
        given =>
        {
            var (ecosystem, versions) = given.List;
            var shuffled = new Random(given.Shuffle);
            var written = given.Ranges.ConvertAll(range => new AffectedRange(
                RangeType.Ecosystem,
                [.. range.Select(e => new RangeEvent(e.Kind, e.At < 0 ? "0" : versions[e.At])).OrderBy(_ => shuffled.Next())]));
            var package = new AffectedPackage(PackageEcosystem.FromOsv(ecosystem), "x", written, ["never"], [], null);
            var advisory = new Advisory("T-1", [], [], [], "", "", null, default, null, [], null, [package], []);
            var affected = Coloured(given.Ranges, versions.Length);
            for (var i = 0; i < versions.Length; i++)
            {
                var verdict = AdvisoryMatch.Decide(advisory, package.Ecosystem!, "x", versions[i]);
                Assert.True((verdict.Outcome == Affectedness.Affected) == affected[i], $"{ecosystem} {versions[i]}: {verdict.Reason}");
                var ways = given.Ranges.SelectMany(static range => range).Where(e => e.Kind == RangeEventKind.Fixed && e.At > i && !affected[e.At]).Select(e => versions[e.At]).Distinct().OrderBy(v => Array.IndexOf(versions, v));
                Assert.Equal(affected[i] ? ways : [], verdict.FixedIn);
            }
        });

    /// <summary>
    /// The account: of every range the begins and ends are paired from the left as brackets are, and the places between are coloured. An end belongs to the stretch that is open; where
    /// a begin stands at the very place of an end, the stretch goes on.
    /// </summary>
    private static bool[] Coloured(IEnumerable<IReadOnlyList<(RangeEventKind Kind, int At)>> ranges, int count)
    {
        var affected = new bool[count];
        foreach (var range in ranges)
        {
            // Twice as many places: at a version, and right after it.
            var begins = range.Where(static e => e.Kind == RangeEventKind.Introduced).Select(static e => 2 * e.At).ToHashSet();
            var ends = range.Where(static e => e.Kind is RangeEventKind.Fixed or RangeEventKind.LastAffected).Select(static e => e.Kind == RangeEventKind.Fixed ? 2 * e.At : (2 * e.At) + 1).ToHashSet();
            begins.SymmetricExceptWith(ends.Intersect(begins).ToHashSet());
            ends.ExceptWith(range.Where(static e => e.Kind == RangeEventKind.Introduced).Select(static e => 2 * e.At));
            var limit = range.Where(static e => e.Kind == RangeEventKind.Limit).Select(static e => 2 * e.At).DefaultIfEmpty(int.MaxValue).Max();
            foreach (var begin in begins)
            {
                for (var place = begin; place < 2 * count && place < limit && !ends.Contains(place); place++)
                {
                    if (place >= 0 && place % 2 == 0)
                    {
                        affected[place / 2] = true;
                    }
                }
            }
        }

        return affected;
    }

    private static Gen<IReadOnlyList<(RangeEventKind Kind, int At)>> Range(int count) =>
        from first in Gen.Choose(-1, count - 1)
        from others in (from kind in Gen.Frequency((3, Gen.Constant(RangeEventKind.Introduced)), (3, Gen.Constant(RangeEventKind.Fixed)), (3, Gen.Constant(RangeEventKind.LastAffected)), (1, Gen.Constant(RangeEventKind.Limit)))
                        from at in Gen.Choose(kind == RangeEventKind.Introduced ? -1 : 0, count - 1)
                        select (kind, at)).ListOf()
        select (IReadOnlyList<(RangeEventKind, int)>)[(RangeEventKind.Introduced, first), .. others.Take(5)];
}
