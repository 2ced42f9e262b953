using Maintenance.Assets.Versions;

namespace Maintenance.Tests.Assets.Versions;

/// <summary>
/// Maven: the version order specification (https://maven.apache.org/pom.html#version-order-specification) and the cases of ComparableVersionTest
/// (https://github.com/apache/maven, compat/maven-artifact).
/// </summary>
public sealed class MavenVersionTests
{
    [Fact]
    public void Qualifiers_stand_in_their_order() => OrderTable.Holds(
        Ecosystem.Maven,
        "1-alpha2snapshot < 1-alpha2 < 1-alpha-123 < 1-beta-2 < 1-beta123 < 1-m2 < 1-m11 < 1-rc < 1-cr2 < 1-rc123 < 1-SNAPSHOT < 1 < 1-sp < 1-sp2 < 1-sp123 < 1-abc < 1-def < 1-pom-1 < 1-1-snapshot < 1-1 < 1-2 < 1-123");

    [Fact]
    public void Numbers_stand_in_their_order()
    {
        OrderTable.Holds(
            Ecosystem.Maven, "2.0 < 2.0.a < 2-1 < 2.0.2 < 2.0.123 < 2.1.0 < 2.1-a < 2.1b < 2.1-c < 2.1-1 < 2.1.0.1 < 2.2 < 2.123 < 11.a2 < 11.a11 < 11.b2 < 11.b11 < 11.m2 < 11.m11 < 11 < 11.a < 11b < 11c < 11m");
        OrderTable.Holds(Ecosystem.Maven, "1.0.0 < 1.0.1 < 1.1 < 1.2.0 < 1.5 < 2 < 2.0-1 < 2.0.1 < 2.0.1-klm < 2.0.1-lmn < 2.0.1-xyz < 2.0.1-123 < 2.5");
        OrderTable.Holds(Ecosystem.Maven, "1.0-alpha-1-SNAPSHOT < 1.0-alpha-1 < 1.0-alpha-2 < 1.0-beta-1 < 1.0-SNAPSHOT < 1.0 < 1.0-1 < 1.0-2");
    }

    [Fact]
    public void What_counts_nothing_at_an_end_does_not_count()
    {
        OrderTable.Holds(Ecosystem.Maven, "1 = 1.0 = 1.0.0 = 1-0 = 1.0-0 = 1. = 1- = 01 = 001 = 1.0.0-0.0.0 = 1ga = 1-ga = 1.ga = 1release = 1FINAL = 1-final < 1.1 = 1.01");
        OrderTable.Holds(Ecosystem.Maven, "0 = 0.0 = 0.0.0 = 0-final-ga = 0.0.0-0.0.0 = 000 < 0.7 < 1.0.7 < 2");
        OrderTable.Holds(Ecosystem.Maven, "1-rc < 1-foo = 1.0.0-foo.0.0");
    }

    [Fact]
    public void Letters_beside_digits_are_as_if_a_hyphen_stood_between_and_case_does_not_count()
    {
        OrderTable.Holds(Ecosystem.Maven, "1rc = 1cr = 1-rc = 1Cr = 1cR < 1 < 1a = 1-a = 1.0-a = 1.0.0-a = 1.0a = 1.0.0a = 1A < 1x = 1-x = 1.0-x = 1.0.0x = 1X");
        OrderTable.Holds(Ecosystem.Maven, "1a1 = 1-alpha-1 = 1ALPHA1 < 1b2 = 1-beta-2 < 1m3 = 1-milestone-3 = 1MileStone3 < 1 < 1-c1 = 1-c-1 < 1-é = 1-É");
    }

    [Fact]
    public void Reported_contradictions_stay_solved()
    {
        // MNG-5568, MNG-6572, MNG-6964, MNG-7644, MNG-7714.
        OrderTable.Holds(Ecosystem.Maven, "6.1.0rc3 < 6.1.0 < 6.1H.5-beta");
        OrderTable.Holds(Ecosystem.Maven, "20190126.230843 < 1234567890.12345 < 123456789012345.1H.5-beta < 12345678901234567890.1H.5-beta");
        OrderTable.Holds(Ecosystem.Maven, "1-0.alpha < 1-0.beta < 1");
        foreach (var word in new[] { "abc", "alpha", "a", "beta", "b", "def", "milestone", "m", "rc" })
        {
            OrderTable.Holds(Ecosystem.Maven, $"1.0.0.{word}1 < 1.0.0-{word}2");
            OrderTable.Holds(Ecosystem.Maven, $"2.0.{word} = 2-{word} = 2-0.{word}");
        }

        OrderTable.Holds(Ecosystem.Maven, "1 = 1-ga < 1-ga1 < 1-ga2 < 1-sp < 1-sp1");
    }

    [Fact]
    public void Digits_come_after_letters_and_only_those_of_ASCII_are_digits() =>
        OrderTable.Holds(Ecosystem.Maven, "c < j = J < zebra < ζέβρα < \u0668 < 1 < 7 < 9");

    [Fact]
    public void Releases_of_well_known_artifacts_stand_in_their_order()
    {
        OrderTable.Holds(Ecosystem.Maven, "2.0-beta9 < 2.0-rc1 < 2.0 < 2.12.4 < 2.13.0 < 2.14.1 < 2.15.0 < 2.16.0 < 2.17.1 < 3.0.0-alpha1 < 3.0.0-beta1 < 3.0.0");
        OrderTable.Holds(Ecosystem.Maven, "30.1-android < 30.1-jre < 30.1.1-android < 31.0-jre < 32.0.0-jre");
        OrderTable.Holds(Ecosystem.Maven, "5.3.0.Beta1 < 5.3.0.CR1 < 5.3.0.Final < 5.3.1.Final");
        Assert.True(VersionOrder.IsPreRelease(Ecosystem.Maven, "3.0.0-beta1"));
        Assert.True(VersionOrder.IsPreRelease(Ecosystem.Maven, "1.0-SNAPSHOT"));
        Assert.False(VersionOrder.IsPreRelease(Ecosystem.Maven, "5.3.0.Final"));
        Assert.False(VersionOrder.IsPreRelease(Ecosystem.Maven, "32.0.0-jre"));
        Assert.Equal(["2", "13", "0"], VersionOrder.Numbers(Ecosystem.Maven, "2.13.0-rc1"));
    }

    [Fact]
    public void Many_hyphens_nest_no_deeper_than_a_version_is_long() =>
        Assert.NotNull(VersionOrder.Compare(Ecosystem.Maven, string.Concat(Enumerable.Repeat("1-", 128)), string.Concat(Enumerable.Repeat("1a", 128))));
}
