using Maintenance.Assets.Lifecycle;
using Maintenance.Assets.Versions;
using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Tests.Assets.Lifecycle;

public sealed class UpdateRulesTests
{
    private static readonly LocalDate Today = new(2026, 11, 22);

    [Theory]
    [InlineData(Ecosystem.NuGet, "8.0.2", "8.0.3", "1 patch")]
    [InlineData(Ecosystem.NuGet, "8.0.2", "8.0.5", "3 patches")]
    [InlineData(Ecosystem.NuGet, "8.0.2", "8.3.0", "3 minor versions")]
    [InlineData(Ecosystem.NuGet, "8.9.9", "10.0.0", "2 major versions")]
    [InlineData(Ecosystem.NuGet, "8.0.2.1", "8.0.2.2", "1 patch")]
    [InlineData(Ecosystem.NuGet, "8.0.2", "8.0.2", null)]
    [InlineData(Ecosystem.NuGet, "8.0.2", "8.0.1", null)]
    [InlineData(Ecosystem.NuGet, "8.0.2", "9.0.0-rc.1", null)]
    [InlineData(Ecosystem.NuGet, "9.0.0-rc.1", "9.0.0-rc.2", "1 patch")]
    [InlineData(Ecosystem.NuGet, "9.0.0-rc.1", "9.0.0", "1 patch")]
    [InlineData(Ecosystem.Debian, "1:15.8-0+deb12u1", "1:15.10-0+deb12u1", "2 minor versions")]
    [InlineData(Ecosystem.Debian, "3.0.14-1~deb12u1", "3.0.14-1~deb12u2", "1 patch")]
    [InlineData(Ecosystem.Other, "17.6", "18.1", "1 major version")]
    [InlineData(Ecosystem.Other, "v17.6", "17.10", "4 minor versions")]
    [InlineData(Ecosystem.Other, "R2", "R3", null)]
    [InlineData(Ecosystem.Other, "17.6", "next", null)]
    [InlineData(Ecosystem.Npm, "99999999999999999999.0.0", "99999999999999999999.0.1", "1 patch")]
    public void Only_the_first_number_that_differs_counts(Ecosystem order, string from, string to, string? lag) => Assert.Equal(lag, UpdateRules.Lag(order, from, [new(to, "x")])?.ToString());

    [Fact]
    public void The_newest_that_is_known_is_taken_with_the_day_on_which_it_came_out()
    {
        var lag = UpdateRules.Lag(Ecosystem.NuGet, "8.0.2", [new("8.0.3", "advisory"), new("10.0.0", "another service"), new("9.0.0", "x"), new("10.0.0", "records", Today)])!;
        Assert.Equal(("10.0.0", "another service", Today), (lag.Newest.Version, lag.Newest.Source, lag.Newest.On));
    }

    [Theory]
    [InlineData(1, null, null, null, "2.0.0", false)]
    [InlineData(1, null, null, null, "3.0.0", true)]
    [InlineData(1, null, null, null, "1.99.0", false)]
    [InlineData(0, 3, null, null, "2.0.0", true)]
    [InlineData(0, 3, null, null, "1.3.0", false)]
    [InlineData(0, 3, null, null, "1.4.0", true)]
    [InlineData(0, 3, null, null, "1.0.99", false)]
    [InlineData(null, 3, null, null, "2.0.0", true)]
    [InlineData(null, null, 2, null, "1.0.2", false)]
    [InlineData(null, null, 2, null, "1.0.3", true)]
    [InlineData(null, null, 2, null, "1.1.0", true)]
    [InlineData(0, null, null, 30, "2.0.0", false)]
    [InlineData(0, null, null, 9, "2.0.0", true)]
    [InlineData(null, null, null, 9, "1.0.1", true)]
    [InlineData(null, null, null, 10, "1.0.1", false)]
    public void How_far_behind_is_allowed_is_counted_and_what_is_fresh_is_let_be(int? majors, int? minors, int? patches, int? days, string newest, bool isTooFar)
    {
        var lag = UpdateRules.Lag(Ecosystem.NuGet, "1.0.0", [new(newest, "x", Today.PlusDays(-10))])!;
        var rule = new UpdateRule(null, null, majors, minors, patches, days is null ? null : TimeSpan.FromDays(days.Value));
        Assert.Equal(isTooFar, UpdateRules.Judge(lag, Ecosystem.NuGet, Criticality.Low, [rule], Today).IsTooFar);
    }

    [Fact]
    public void The_first_rule_that_fits_counts_by_ecosystem_and_criticality()
    {
        UpdateRule[] rules = [new(Ecosystem.Npm, null, 9, null, null, null), new(null, Criticality.High, 0, null, null, null), new(null, null, 2, null, null, null)];
        var lag = UpdateRules.Lag(Ecosystem.NuGet, "1.0.0", [new("2.0.0", "x")])!;
        Assert.Equal(
            ["9 majors False", "0 majors True", "0 majors True", "2 majors False"],
            new[] { (Ecosystem.Npm, Criticality.Critical), (Ecosystem.NuGet, Criticality.Critical), (Ecosystem.NuGet, Criticality.High), (Ecosystem.NuGet, Criticality.Medium) }
                .Select(one => UpdateRules.Judge(lag, one.Item1, one.Item2, rules, Today)).Select(static one => $"{one.Allowed} {one.IsTooFar}"));
        Assert.Equal((false, null), UpdateRules.Judge(lag, Ecosystem.NuGet, Criticality.Low, [], Today) is var none ? (none.IsTooFar, none.Allowed) : default);
    }
}
