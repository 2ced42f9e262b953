using Maintenance.Assets.Versions;

namespace Maintenance.Tests.Assets.Versions;

/// <summary>
/// Debian: deb-version(7), the Debian Policy (https://www.debian.org/doc/debian-policy/ch-controlfields.html#version) and the cases of dpkg's tests (lib/dpkg/t/t-version.c).
/// </summary>
public sealed class DebianVersionTests
{
    [Fact]
    public void A_tilde_comes_before_even_the_end() =>
        // The example of deb-version(7).
        OrderTable.Holds(Ecosystem.Debian, "1~~ < 1~~a < 1~ < 1 < 1a");

    [Fact]
    public void Letters_come_before_all_else() => OrderTable.Holds(Ecosystem.Debian, "1.0~rc1 < 1.0 < 1.0-1.0 < 1.0-1.0+b1 < 1.0Z < 1.0a < 1.0z < 1.0za < 1.0+b < 1.0.1");

    [Fact]
    public void Dpkgs_own_cases_hold()
    {
        OrderTable.Holds(Ecosystem.Debian, "0 = 0:0 = 0:0- = 00:0-0 = 0-00 = 00-0 < 0-a < 0-b < 0.0 < 0.0-0.0 < a-0 < b-0 < 1:0-0 < 1:2-3 < 2:0");
        OrderTable.Holds(Ecosystem.Debian, "1-1 < 1-2 < 2-1");
        OrderTable.AreRead(Ecosystem.Debian, "0:0-0-0", "0:0:0-0", "0:0:0:0-0", "0:0-0:0-0", "0:09azAZ.-+~:-0", "0:0-azAZ09.+~", "  0:0-1 ", "5:1");
        OrderTable.AreRefused(Ecosystem.Debian, "", "  ", "0:", "0:0 0-1", "-1:0-1", "999999999999999999999999:0-1", "a:0-0", "A:0-0", "-0", "0:-0", "0:0-0:0-0_", ":1");
        OrderTable.AreRefused(Ecosystem.Debian, [.. "!#@$%&/|\\<>()[]{};,_=*^'".SelectMany(static c => new[] { $"0:0{c}a-0", $"0:0-{c}0" })]);
    }

    [Fact]
    public void Revisions_of_distributions_stand_in_their_order()
    {
        OrderTable.Holds(Ecosystem.Debian, "1.2.3-1~deb7u1 < 1.2.3-1 < 1.2.3-1+deb12u1 < 1.2.3-1+deb12u10 < 1.2.3-2");
        OrderTable.Holds(Ecosystem.Debian, "2.7.4+reloaded2-13 < 2.7.4+reloaded2-13ubuntu1 < 2.7.4+reloaded2-13+deb9u1");
        OrderTable.Holds(Ecosystem.Debian, "3.0.11-1~deb12u2 < 3.0.13-1~deb12u1 < 3.0.14 < 3.0.15-1~deb12u1 < 1:1.0");
        OrderTable.Holds(Ecosystem.Debian, "0:0.0.0 = 0.0.0-0 = 0.0.0-00 < 0:0.0.0-1 < 0.0.0-10 < 0.0.0-a < 0.0.1 < 0.0.9 < 0.0.10 < 0.10.0 < 9.0.0 < 10.0.0 < 2:0.0.44-1 < 2:0.0.44-nobin");
        OrderTable.Holds(Ecosystem.Debian, "7.6p2-4 < 7.6p10-4");
        OrderTable.Holds(Ecosystem.Debian, "1.0-999999999999999999999999999991 < 1.0-999999999999999999999999999999 < 1.0-1000000000000000000000000000000");
    }

    [Fact]
    public void Only_a_tilde_upstream_makes_a_pre_release()
    {
        Assert.True(VersionOrder.IsPreRelease(Ecosystem.Debian, "2.0~rc1-1"));
        Assert.False(VersionOrder.IsPreRelease(Ecosystem.Debian, "3.0.15-1~deb12u1"));
        Assert.Null(VersionOrder.Numbers(Ecosystem.Debian, "3.0.15-1"));
    }
}
