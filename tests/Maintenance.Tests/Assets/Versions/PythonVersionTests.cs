using Maintenance.Assets.Versions;

namespace Maintenance.Tests.Assets.Versions;

/// <summary>
/// PEP 440: the PyPA's specification (https://packaging.python.org/specifications/version-specifiers) and the cases of its reference implementation's tests
/// (https://github.com/pypa/packaging, tests/test_version.py).
/// </summary>
public sealed class PythonVersionTests
{
    private const string Release =
        "1.0.dev0 < 1.0.dev456 < 1.0.dev456+local < 1.0a0 < 1.0a0.post0.dev0 < 1.0a0.post0 < 1.0a1.dev1 < 1.0a1.dev1+local < 1.0a1 < 1.0a1+local < 1.0b0 < 1.0b1.dev456 < 1.0b2 < 1.0b2.post345.dev456 < 1.0b2.post345 < 1.0b2-346 < 1.0rc0 < 1.0rc1.dev1 < 1.0c1 < 1.0rc2 < 1.0 < 1.0.post0.dev0 < 1.0.post0 < 1.0.post456.dev34 < 1.0.post456 < 1.0.post456+local < 1.0.1.dev1 < 1.0.1a1 < 1.0.1 < 1.0.1+local < 1.0.1.post1 < 1.1.dev1 < 1.2+a < 1.2+abc < 1.2+abcdef < 1.2+def < 1.2+0 < 1.2+1 < 1.2+1.abc < 1.2+1.1 < 1.2+1.1.0 < 1.2+2 < 1.2+123 < 1.2+123456 < 1.2.r32+123456 < 1.2.rev33+123456";

    [Fact]
    public void The_reference_implementations_list_stands_in_its_order() => OrderTable.Holds(Ecosystem.PyPI, Release);

    [Fact]
    public void An_epoch_goes_before_all_else()
    {
        var later = string.Join(" < ", Release.Split(" < ").Select(static version => "1!" + version));
        OrderTable.Holds(Ecosystem.PyPI, $"{Release} < {later}");
        OrderTable.Holds(Ecosystem.PyPI, "2013.10 < 2014.04 < 1!1.0 < 1!1.1 < 1!2.0 < 2!0.1");
    }

    /// <summary>All of the section "Normalization", by generated spellings.</summary>
    [Fact]
    public void Other_spellings_are_the_same_version()
    {
        var spellings = new (string Normal, string[] Words)[]
        {
            ("1.0a", ["a", "alpha"]), ("1.0b", ["b", "beta"]), ("1.0rc", ["rc", "c", "pre", "preview"]), ("1.0.post", ["post", "rev", "r"]), ("1.0.dev", ["dev"]),
        };
        foreach (var (normal, words) in spellings)
        {
            foreach (var word in words.SelectMany(static word => new[] { word, word.ToUpperInvariant() }))
            {
                foreach (var before in new[] { "", ".", "-", "_" })
                {
                    Assert.Equal(0, VersionOrder.Compare(Ecosystem.PyPI, $"1.0{before}{word}", $"{normal}0"));
                    foreach (var behind in new[] { "", ".", "-", "_" })
                    {
                        Assert.Equal(0, VersionOrder.Compare(Ecosystem.PyPI, $"v1.0{before}{word}{behind}07", $"{normal}7"));
                    }
                }
            }
        }

        OrderTable.Holds(Ecosystem.PyPI, "1.0 = 1 = 1.0.0 = 01.00 = v1.0 = V1.0 = 0!1.0 < 1.0.post5 = 1.0-5");
        Assert.Equal(0, VersionOrder.Compare(Ecosystem.PyPI, " 1.0+Ubuntu-1_x\n", "1.0+ubuntu.1.x"));
        Assert.Equal(0, VersionOrder.Compare(Ecosystem.PyPI, "1.0+000001", "1.0+1"));
    }

    [Fact]
    public void The_specifications_own_examples_stand_in_its_order()
    {
        OrderTable.Holds(Ecosystem.PyPI, "0.9 < 0.9.1 < 0.9.2 < 0.9.10 < 0.9.11 < 1.0 < 1.0.1 < 1.1 < 2.0 < 2.0.1");
        OrderTable.Holds(Ecosystem.PyPI, "1.0.dev456 < 1.0a1 < 1.0a2.dev456 < 1.0a12.dev456 < 1.0a12 < 1.0b1.dev456 < 1.0b2 < 1.0b2.post345.dev456 < 1.0b2.post345 < 1.0rc1.dev456 < 1.0rc1 < 1.0 < 1.0+abc.5 < 1.0+abc.7 < 1.0+5 < 1.0.post456.dev34 < 1.0.post456 < 1.0.15 < 1.1.dev1");
        OrderTable.Holds(Ecosystem.PyPI, "2012.4 < 2012.7 < 2012.10 < 2013.1 < 2013.6");
    }

    [Fact]
    public void What_is_no_version_is_refused()
    {
        OrderTable.AreRefused(
            Ecosystem.PyPI, "french toast", "1.0+a+", "1.0++", "1.0+_foobar", "1.0+foo&asd", "1.0+1+1", "1. 0", "1 .0", "1.0 a1", "٠١٢.٣٤٥", ".", "..", "1..0", "1.0.", ".1.0", "1.0+\u0130", "lolwat", "1.0-", "1!", "!1", "1.0.dev.dev",
            "0.1-bulbasaur", "2.0.1a1b1", "1.0-\u212A");
        Assert.False(VersionOrder.TryRead(Ecosystem.PyPI, "1.0.po\u017Ft1", out _));
    }

    [Fact]
    public void Numbers_of_any_length_count()
    {
        OrderTable.Holds(Ecosystem.PyPI, "1.0a2 < 1.0a999999999999999999999999999991 < 1.0a999999999999999999999999999999 < 1.0 < 1.999999999999999999999999999999 < 20261122101500");
        Assert.Equal(["20261122101500", "7"], VersionOrder.Numbers(Ecosystem.PyPI, "20261122101500.07.rc1"));
    }

    [Fact]
    public void Development_releases_and_candidates_are_pre_releases_and_local_builds_are_not()
    {
        Assert.All(["1.0.dev1", "1.0a1", "1.0rc1+x", "1.0.post1.dev1"], static text => Assert.True(VersionOrder.IsPreRelease(Ecosystem.PyPI, text)));
        Assert.All(["1.0", "1.0.post1", "1.0+dev"], static text => Assert.False(VersionOrder.IsPreRelease(Ecosystem.PyPI, text)));
    }
}
