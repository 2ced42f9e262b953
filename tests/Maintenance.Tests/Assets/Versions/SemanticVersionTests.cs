using Maintenance.Assets.Versions;

namespace Maintenance.Tests.Assets.Versions;

/// <summary>
/// Semantic Versioning 2.0: the specification's own examples (https://semver.org, sections 9 to 11) and the cases of node-semver's fixtures
/// (https://github.com/npm/node-semver/tree/main/test/fixtures, comparisons, equality and invalid-versions).
/// </summary>
public sealed class SemanticVersionTests
{
    [Theory]
    [InlineData(Ecosystem.SemVer)]
    [InlineData(Ecosystem.Npm)]
    [InlineData(Ecosystem.NuGet)]
    public void The_specifications_own_examples_stand_in_its_order(Ecosystem ecosystem)
    {
        OrderTable.Holds(ecosystem, "1.0.0 < 2.0.0 < 2.1.0 < 2.1.1");
        OrderTable.Holds(ecosystem, "1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-alpha.beta < 1.0.0-beta < 1.0.0-beta.2 < 1.0.0-beta.11 < 1.0.0-rc.1 < 1.0.0");
        OrderTable.Holds(ecosystem, "1.0.0-alpha+001 = 1.0.0-alpha < 1.0.0-beta+exp.sha.5114f85 = 1.0.0-beta < 1.0.0+20130313144700 = 1.0.0+21AF26D3----117B344092BD = 1.0.0");
        OrderTable.AreRead(ecosystem, "1.0.0-0.3.7", "1.0.0-x.7.z.92", "1.0.0-x-y-z.--");
    }

    [Theory]
    [InlineData(Ecosystem.SemVer)]
    [InlineData(Ecosystem.Npm)]
    public void Node_semvers_comparisons_hold(Ecosystem ecosystem)
    {
        OrderTable.Holds(ecosystem, "0.0.0-foo < 0.0.0 < 0.0.1 < 0.9.0 < 0.9.9 < 0.10.0 < 0.99.0 < 1.0.0 < 1.2.3 < 2.0.0 < 2.7.2+asdf < 3.0.0");
        OrderTable.Holds(ecosystem, "1.2.3-4 < 1.2.3-5 < 1.2.3-4-foo < 1.2.3-5-Foo < 1.2.3-5-foo < 1.2.3-asdf < 1.2.3");
        OrderTable.Holds(ecosystem, "1.2.3-R2 < 1.2.3-a < 1.2.3-a.5 < 1.2.3-a.10 < 1.2.3-a.b < 1.2.3-r100 < 1.2.3-r2");
        OrderTable.Holds(ecosystem, "1.2.3-a.b.c.5.d.100 < 1.2.3-a.b.c.10.d.5");
        OrderTable.Holds(ecosystem, "v1.2.3-beta+build = 1.2.3-beta+otherbuild < v1.2.3 = 1.2.3+build");
    }

    [Fact]
    public void Npm_overlooks_blanks_and_signs_before_a_version_but_no_missing_number()
    {
        Assert.All(["=1.2.3", " v1.2.3", " = v 1.2.3", "v 1.2.3 "], static text => Assert.Equal(0, VersionOrder.Compare(Ecosystem.Npm, text, "1.2.3")));
        OrderTable.AreRefused(Ecosystem.Npm, "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3-a..b", "1.2.3+", "hello, world", "xyz", "1.2.x", "-1.2.3", "1.2.3-ä");
    }

    [Fact]
    public void Go_may_leave_out_the_last_numbers()
    {
        OrderTable.Holds(Ecosystem.SemVer, "v0 < v1 = v1.0 = v1.0.0 < v1.2 = 1.2.0 < v1.2.1");
        OrderTable.Holds(Ecosystem.SemVer, "v0.0.0-20181227161524-e1e3b1ee0b55 < v0.0.0-20210226172049-e18ecbb05110 < v0.0.1");
        OrderTable.AreRefused(Ecosystem.SemVer, "v1-rc.1", "v1.0+x", "1.2.3.4", "1..2", "01", "vv1.0.0", "go1.21", "latest");
    }

    [Fact]
    public void Numbers_of_any_length_count()
    {
        OrderTable.Holds(Ecosystem.SemVer, "9.0.0 < 999999999999999999999999999991.0.0 < 999999999999999999999999999999.0.0 < 1000000000000000000000000000000.0.0");
        OrderTable.Holds(Ecosystem.Npm, "1.0.0-999999999999999999999999999999 < 1.0.0-1000000000000000000000000000000 < 1.0.0-a");
    }

    [Fact]
    public void A_pre_release_says_so_and_the_numbers_are_told()
    {
        Assert.True(VersionOrder.IsPreRelease(Ecosystem.Npm, "1.0.0-rc.1"));
        Assert.False(VersionOrder.IsPreRelease(Ecosystem.Npm, "1.0.0+rc.1"));
        Assert.Null(VersionOrder.IsPreRelease(Ecosystem.Npm, "latest"));
        Assert.Equal(["18", "2", "0"], VersionOrder.Numbers(Ecosystem.Npm, "18.2.0-rc.1"));
        Assert.Equal(["1", "22", "0"], VersionOrder.Numbers(Ecosystem.SemVer, "v1.22"));
        Assert.Null(VersionOrder.Numbers(Ecosystem.Npm, "latest"));
    }
}
