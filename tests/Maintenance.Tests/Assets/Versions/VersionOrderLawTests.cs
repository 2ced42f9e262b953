using FsCheck;
using FsCheck.Fluent;
using Maintenance.Assets.Versions;
using Maintenance.Tests.Rules;

namespace Maintenance.Tests.Assets.Versions;

/// <summary>Whatever versions there are, an order is an order; and what an ecosystem cannot read is never guessed.</summary>
public sealed class VersionOrderLawTests
{
    private static readonly Gen<string> Number = Gen.Elements("0", "1", "2", "9", "10", "00", "07", "99999999999999999999", "100000000000000000000");
    private static readonly Gen<string> Small = Gen.Elements("0", "1", "2", "9", "10", "99999999999999999999", "100000000000000000000");
    private static readonly Gen<string> Word = Gen.Elements("a", "b", "m", "rc", "alpha", "RC", "x", "ga", "final", "sp", "snapshot", "dev", "0", "1", "10", "-1", "a1", "zzz");

    public static TheoryData<Ecosystem> Ordered => [Ecosystem.NuGet, Ecosystem.Npm, Ecosystem.SemVer, Ecosystem.PyPI, Ecosystem.Maven, Ecosystem.Debian];

    [Theory]
    [MemberData(nameof(Ordered))]
    public void Versions_have_one_order(Ecosystem ecosystem) => Law.Holds(Triples(ecosystem), 3000, triple =>
    {
        var (a, b, c) = triple;
        Assert.Equal(0, VersionOrder.Compare(ecosystem, a, a));
        var (ab, bc, ac) = (Order(ecosystem, a, b), Order(ecosystem, b, c), Order(ecosystem, a, c));
        Assert.True(ab == -Order(ecosystem, b, a), $"{a} and {b} both ways round");
        Assert.True(!(ab <= 0 && bc <= 0) || (ab < 0 || bc < 0 ? ac < 0 : ac == 0), $"{a}, {b}, {c}: {ab}, {bc}, {ac}");
        Assert.True(!(ab >= 0 && bc >= 0) || (ab > 0 || bc > 0 ? ac > 0 : ac == 0), $"{a}, {b}, {c}: {ab}, {bc}, {ac}");
    });

    [Theory]
    [MemberData(nameof(Ordered))]
    public void Any_text_at_all_is_read_or_refused_in_words(Ecosystem ecosystem) => Law.Holds(
        Gen.OneOf(Gen.Elements("0123456789.-+~:!abcvVrRpost_* \t\né\0\uD800".ToCharArray()).ArrayOf().Select(static c => new string(c)), ArbMap.Default.GeneratorFor<string>().Select(static t => t ?? "")),
        2000,
        text =>
        {
            var isRead = VersionOrder.TryRead(ecosystem, text, out var error);
            Assert.Equal(!isRead, error is not null);
            Assert.Equal(isRead, VersionOrder.Compare(ecosystem, text, "1.0.0") is not null || text == "1.0.0");
        });

    [Theory]
    [MemberData(nameof(Ordered))]
    public void A_version_that_is_too_long_is_refused(Ecosystem ecosystem)
    {
        Assert.True(VersionOrder.TryRead(ecosystem, "1.2." + new string('9', VersionOrder.Longest - 4), out _));
        Assert.False(VersionOrder.TryRead(ecosystem, "1.2." + new string('9', VersionOrder.Longest - 3), out var error));
        Assert.Contains("257", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_ecosystem_knows_sameness_and_no_order()
    {
        Assert.Equal(0, VersionOrder.Compare(Ecosystem.Other, "1.0", "1.0"));
        Assert.Null(VersionOrder.Compare(Ecosystem.Other, "1.0", "2.0"));
        Assert.Null(VersionOrder.Compare(Ecosystem.Other, "1.0", "1.0.0"));
        Assert.False(VersionOrder.TryRead(Ecosystem.Other, "1.0", out _));
    }

    [Fact]
    public void What_one_of_two_does_not_read_is_not_ordered_but_the_same_text_is_the_same()
    {
        Assert.Null(VersionOrder.Compare(Ecosystem.Npm, "1.0.0", "latest"));
        Assert.Equal(0, VersionOrder.Compare(Ecosystem.Npm, "latest", "latest"));
    }

    private static int Order(Ecosystem ecosystem, string left, string right) =>
        VersionOrder.Compare(ecosystem, left, right) ?? throw new InvalidOperationException($"{left} and {right} are unordered.");

    private static Gen<(string A, string B, string C)> Triples(Ecosystem ecosystem)
    {
        var versions = Versions(ecosystem).Where(text => VersionOrder.TryRead(ecosystem, text, out _));
        return from a in versions from b in versions from c in versions select (a, b, c);
    }

    private static Gen<string> Versions(Ecosystem ecosystem) => ecosystem switch
    {
        Ecosystem.NuGet => from numbers in Listed(Number, ".", 1, 4) from labels in Listed(Word, ".", 0, 3) select labels.Length == 0 ? numbers : $"{numbers}-{labels}",
        Ecosystem.Npm or Ecosystem.SemVer => from numbers in Listed(Small, ".", 3, 3) from labels in Listed(Word, ".", 0, 3) select labels.Length == 0 ? numbers : $"{numbers}-{labels}",
        Ecosystem.PyPI =>
            from epoch in Gen.Elements("", "", "", "0!", "1!")
            from numbers in Listed(Number, ".", 1, 3)
            from pre in Gen.Elements("", "", "a1", "b2", "rc1", "rc", ".alpha10")
            from post in Gen.Elements("", "", ".post1", "-2", ".post10")
            from dev in Gen.Elements("", "", ".dev1", "dev10")
            from local in Gen.Elements("", "", "+1", "+a", "+a.1", "+1.a", "+10")
            select epoch + numbers + pre + post + dev + local,
        Ecosystem.Maven => (from count in Gen.Choose(1, 6) from parts in Gen.OneOf(Number, Word).ListOf(count) from marks in Gen.Elements("", ".", "-").ListOf(count) select string.Concat(parts.Zip(marks, static (part, mark) => part + mark))),
        Ecosystem.Debian =>
            from epoch in Gen.Elements("", "", "0:", "1:")
            from upstream in Listed(Gen.OneOf(Number, Gen.Elements("a", "~", "+", ".", "~rc", "z", "Z", "-", "")), "", 1, 5)
            from revision in Gen.Elements("", "-1", "-0", "-1~deb12u1", "-1+b1", "-a")
            select epoch + upstream + revision,
        _ => throw new ArgumentOutOfRangeException(nameof(ecosystem), ecosystem, null),
    };

    private static Gen<string> Listed(Gen<string> part, string mark, int least, int most) =>
        from count in Gen.Choose(least, most) from parts in part.ListOf(count) select string.Join(mark, parts);
}
