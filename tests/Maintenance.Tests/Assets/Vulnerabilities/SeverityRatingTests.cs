using Maintenance.Assets.Vulnerabilities;

namespace Maintenance.Tests.Assets.Vulnerabilities;

/// <summary>How bad a vulnerability is, and who says so.</summary>
public sealed class SeverityRatingTests
{
    private static readonly AdvisorySeverity Critical31 = new("CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
    private static readonly AdvisorySeverity High40 = new("CVSS_V4", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N");
    private static readonly Advisory Plain = Osv.Ranged("npm", "SEMVER", "introduced 0");

    [Fact]
    public void The_newest_version_of_CVSS_counts_before_older_ones_and_any_score_before_a_word()
    {
        Assert.Equal((Severity.High, 8.7m), Parts(SeverityRating.Of(Plain with { Severities = [Critical31, High40], RatedAs = "LOW" })));
        Assert.Equal((Severity.Critical, 9.8m), Parts(SeverityRating.Of(Plain with { Severities = [Critical31, new("CVSS_V4", "CVSS:4.0/broken")] })));
        Assert.Equal((Severity.Medium, null), Parts(SeverityRating.Of(Plain with { Severities = [new("CVSS_V2", "AV:N/AC:L/Au:N/C:P/I:P/A:P")], RatedAs = "MODERATE" })));
        Assert.Contains("TEST-1", SeverityRating.Of(Plain with { RatedAs = "MODERATE" }).Source, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_said_of_the_package_goes_before_what_is_said_of_all()
    {
        var advisory = Plain with { Severities = [Critical31] };
        Assert.Equal(Severity.High, SeverityRating.Of(advisory, advisory.Affected[0] with { Severities = [High40] }).Level);
        Assert.Equal(Severity.Low, SeverityRating.Of(advisory, advisory.Affected[0] with { RatedAs = "negligible" }).Level);
        Assert.Equal(Severity.Critical, SeverityRating.Of(advisory, advisory.Affected[0]).Level);
        Assert.Equal(Severity.Medium, SeverityRating.Of(Plain with { Severities = [new("Ubuntu", "medium")] }).Level);
    }

    [Fact]
    public void Nobody_says_is_unknown_and_not_none()
    {
        Assert.Null(SeverityRating.Of(Plain).Level);
        Assert.Null(SeverityRating.Of(Plain with { RatedAs = "not yet assigned" }).Level);
        Assert.Null(SeverityRating.Worst([SeverityRating.Unknown]).Level);
        Assert.Equal(Severity.None, SeverityRating.Worst([SeverityRating.Unknown, new(Severity.None, 0.0m, "")]).Level);
        Assert.Equal(9.8m, SeverityRating.Worst([new(Severity.Critical, null, "a"), new(Severity.Critical, 9.8m, "b"), new(Severity.High, 8.9m, "c")]).Score);
    }

    private static (Severity?, decimal?) Parts(SeverityRating rating) => (rating.Level, rating.Score);
}
