using Maintenance.Assets.Vulnerabilities;

namespace Maintenance.Tests.Assets.Vulnerabilities;

/// <summary>
/// Whether an advisory concerns a version: the OSV schema's own examples (https://ossf.github.io/osv-schema, sections "affected[].ranges[]", "Examples" and the advisories of its appendix,
/// in our own words), and what follows from them.
/// </summary>
public sealed class AdvisoryMatchTests
{
    [Fact]
    public void Unfixed_is_every_version()
    {
        var advisory = Osv.Ranged("npm", "SEMVER", "introduced 0");
        advisory.Decides("npm", "0.0.1 yes, 99.0.0 yes, 0.0.0-a yes, latest yes");
        Assert.Equal(Affectedness.Affected, advisory.Decide("npm", null).Outcome);
        Assert.Empty(advisory.Decide("npm", "1.0.0").FixedIn);
        Osv.Ranged("RubyGems", "ECOSYSTEM", "introduced 0").Decides("RubyGems", "7.1 yes");
    }

    [Fact]
    public void Fixed_is_everything_before_the_fix()
    {
        var advisory = Osv.Ranged("npm", "SEMVER", "introduced 0, fixed 1.0.2");
        advisory.Decides("npm", "0.0.1 yes, 1.0.1 yes, 1.0.2-rc.1 yes, 1.0.2 no, 1.0.3 no, 2.0.0-a no");
        Assert.Equal(["1.0.2"], advisory.Decide("npm", "1.0.1").FixedIn);
        Assert.Equal(Affectedness.Undecided, advisory.Decide("npm", null).Outcome);
        Assert.Equal(Affectedness.Undecided, advisory.Decide("npm", "latest").Outcome);
    }

    [Theory]
    [InlineData("introduced 1.0.0, fixed 1.0.2, introduced 3.0.0, fixed 3.2.5")]
    [InlineData("fixed 3.2.5, fixed 1.0.2, introduced 3.0.0, introduced 1.0.0")]
    public void Several_stretches_are_affected_whatever_the_order_of_events(string events)
    {
        var advisory = Osv.Ranged("npm", "SEMVER", events);
        advisory.Decides("npm", "0.9.9 no, 1.0.0-rc.1 no, 1.0.0 yes, 1.0.1 yes, 1.0.2 no, 2.9.9 no, 3.0.0 yes, 3.2.4 yes, 3.2.5 no, 4.0.0 no");
        Assert.Equal(["1.0.2", "3.2.5"], advisory.Decide("npm", "1.0.1").FixedIn);
        Assert.Equal(["3.2.5"], advisory.Decide("npm", "3.1.0").FixedIn);
    }

    [Fact]
    public void Last_affected_is_affected_and_what_comes_after_is_not()
    {
        var last = Osv.Ranged("Maven", "ECOSYSTEM", "introduced 0, last_affected 2.1.214", "com.h2database:h2");
        last.Decides("Maven", "1.0 yes, 2.1.214 yes, 2.1.214.0 yes, 2.1.215 no, 2.2 no", "com.h2database:h2");
        Assert.Empty(last.Decide("Maven", "2.1.214", "com.h2database:h2").FixedIn);
        Osv.Ranged("npm", "SEMVER", "introduced 0, fixed 2.1.214").Decides("npm", "2.1.213 yes, 2.1.214 no, 2.1.215 no");
        Osv.Ranged("npm", "SEMVER", "introduced 1.0.0, last_affected 1.0.0").Decides("npm", "0.9.0 no, 1.0.0 yes, 1.0.1 no");
    }

    [Fact]
    public void A_limit_ends_what_the_range_speaks_of_and_the_greatest_of_several_counts()
    {
        Osv.Ranged("npm", "SEMVER", "introduced 0, limit 2.0.0").Decides("npm", "1.9.9 yes, 2.0.0 no");
        Osv.Ranged("npm", "SEMVER", "introduced 0, limit 2.0.0, limit 3.0.0").Decides("npm", "2.5.0 yes, 3.0.0 no");
        Osv.Ranged("npm", "SEMVER", "introduced 1.0.0, limit *").Decides("npm", "0.9.0 no, 99.0.0 yes");
        Osv.Ranged("npm", "SEMVER", "introduced 0, limit *").Decides("npm", "latest yes");
    }

    [Fact]
    public void Where_one_stretch_ends_as_another_begins_nothing_ends_and_a_stretch_of_no_length_is_none()
    {
        foreach (var events in new[] { "introduced 1.0.0, fixed 2.0.0, introduced 2.0.0, fixed 3.0.0", "fixed 3.0.0, introduced 2.0.0, fixed 2.0.0, introduced 1.0.0" })
        {
            var advisory = Osv.Ranged("npm", "SEMVER", events);
            advisory.Decides("npm", "1.5.0 yes, 2.0.0 yes, 2.5.0 yes, 3.0.0 no");
            Assert.Equal(["3.0.0"], advisory.Decide("npm", "1.5.0").FixedIn);
        }

        // Debian writes this where a release never had the vulnerable code.
        Osv.Ranged("Debian:12", "ECOSYSTEM", "introduced 0, fixed 0").Decides("Debian:12", "1.0-1 no, 0~1 no");
    }

    [Fact]
    public void A_fix_that_another_range_takes_back_leads_nowhere()
    {
        var advisory = Osv.Of("npm", "x", "'ranges':[{'type':'SEMVER','events':[{'introduced':'1.0.0'},{'fixed':'1.2.0'}]},{'type':'SEMVER','events':[{'introduced':'1.1.0'},{'fixed':'1.10.0'}]}],'versions':['1.10.0']");
        Assert.Empty(advisory.Decide("npm", "1.1.5").FixedIn);
        advisory = Osv.Of("npm", "x", "'ranges':[{'type':'SEMVER','events':[{'introduced':'1.0.0'},{'fixed':'1.2.0'},{'introduced':'2.0.0'},{'fixed':'2.0.10'},{'fixed':'2.0.9'}]},{'type':'SEMVER','events':[{'introduced':'1.1.0'},{'fixed':'1.10.0'}]}]");
        Assert.Equal(["1.10.0", "2.0.9", "2.0.10"], advisory.Decide("npm", "1.1.5").FixedIn);
    }

    [Fact]
    public void A_list_names_single_versions_in_whatever_spelling()
    {
        var advisory = Osv.Of("PyPI", "Zope.Interface", "'versions':['1.0','2.0rc1']");
        advisory.Decides("PyPI", "1.0 yes, 1.0.0 yes, 1 yes, 1.0+cu118 yes, 2.0.RC1 yes, 2.0 no, 1.0.post1 no", "zope_interface");
        Osv.Of("RubyGems", "x", "'versions':['1.0']").Decides("RubyGems", "1.0 yes, 1.0.0 no");
        Assert.Equal(Affectedness.Undecided, advisory.Decide("PyPI", null, "zope-interface").Outcome);
    }

    [Fact]
    public void A_local_build_is_what_its_release_is()
    {
        var advisory = Osv.Ranged("PyPI", "ECOSYSTEM", "introduced 1.0, last_affected 2.0");
        advisory.Decides("PyPI", "2.0 yes, 2.0+cu118 yes, 2.0.post1 no, 1.0.dev1 no, 1.0+x yes");
    }

    [Fact]
    public void Commits_leave_it_open_unless_a_list_decides()
    {
        const string git = """{"type":"GIT","repo":"https://example.org/x.git","events":[{"introduced":"0"},{"fixed":"8e2be57a8b5aa03ae7b0a4d8bcf4fd7b3a2a9e5b"}]}""";
        Osv.Of("RubyGems", "x", $"\"ranges\":[{git}]").Decides("RubyGems", "1.0 maybe");
        Osv.Of("RubyGems", "x", $"\"ranges\":[{git}],\"versions\":[\"1.0\"]").Decides("RubyGems", "1.0 yes, 1.1 no");
        Osv.Of("npm", "x", $$"""
            "ranges":[{{git}},{"type":"SEMVER","events":[{"introduced":"1.0.0"},{"fixed":"1.4.0"}]}]
            """).Decides("npm", "1.3.0 yes, 1.4.0 no");
        Osv.Of("RubyGems", "x", "'ranges':[{'type':'GIT','repo':'https://example.org/x.git','events':[{'introduced':'0'}]}],'versions':['1.0']").Decides("RubyGems", "1.0 yes, 1.1 maybe");
    }

    [Fact]
    public void Where_the_order_is_unknown_a_list_decides_about_a_range_that_is_closed()
    {
        const string range = "'ranges':[{'type':'ECOSYSTEM','events':[{'introduced':'0'},{'fixed':'5.2.3'}]}]";
        Osv.Of("RubyGems", "rails", range).Decides("RubyGems", "5.2.2 maybe", "rails");
        Osv.Of("RubyGems", "rails", range + ",'versions':['5.2.1','5.2.2']").Decides("RubyGems", "5.2.2 yes, 5.2.3 no", "rails");
        Osv.Of("PyPI", "x", "'ranges':[{'type':'ECOSYSTEM','events':[{'introduced':'0'},{'fixed':'somewhere'}]}]").Decides("PyPI", "1.0 maybe");
        Osv.Of("PyPI", "x", "'ranges':[{'type':'NEWER','events':[]}]").Decides("PyPI", "1.0 maybe");
        Osv.Ranged("Pub", "SEMVER", "introduced 0, fixed 2.0.0").Decides("Pub", "1.0.0 yes, 2.0.0 no");
        Osv.Ranged("RubyGems", "SEMVER", "introduced 0, fixed 2.0.0").Decides("RubyGems", "1.0.0 yes, 2.0.0 no, 1.x maybe");
    }

    [Fact]
    public void A_package_without_versions_leaves_it_open() => Osv.Of("npm", "x", "'ranges':[]").Decides("npm", "1.0.0 maybe");

    [Fact]
    public void A_withdrawn_advisory_concerns_nothing()
    {
        var advisory = Osv.Ranged("npm", "SEMVER", "introduced 0") with { Withdrawn = new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero) };
        Assert.Equal(Affectedness.NotAffected, advisory.Decide("npm", "1.0.0").Outcome);
        Assert.Contains("2026-03-04", advisory.Decide("npm", "1.0.0").Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PyPI", "Flask.Cors", "flask-cors", true)]
    [InlineData("PyPI", "flask_cors", "Flask--Cors", true)]
    [InlineData("PyPI", "flaskcors", "flask-cors", false)]
    [InlineData("NuGet", "Newtonsoft.Json", "newtonsoft.json", true)]
    [InlineData("NuGet", "Newtonsoft.Json", "Newtonsoft_Json", false)]
    [InlineData("npm", "@angular/core", "@angular/core", true)]
    [InlineData("npm", "@angular/core", "core", false)]
    [InlineData("npm", "JSONStream", "jsonstream", false)]
    [InlineData("Maven", "org.apache.logging.log4j:log4j-core", "org.apache.logging.log4j:log4j-core", true)]
    [InlineData("Maven", "org.apache.logging.log4j:log4j-core", "log4j:log4j-core", false)]
    [InlineData("Go", "github.com/BurntSushi/toml", "github.com/burntsushi/toml", true)]
    [InlineData("crates.io", "serde_json", "serde-json", false)]
    [InlineData("Debian:12", "openssl", "openssl", true)]
    [InlineData("Debian:12", "openssl", "OpenSSL", false)]
    public void Names_mean_what_they_mean_in_their_ecosystem(string ecosystem, string advised, string name, bool isSame) =>
        Assert.Equal(isSame ? Affectedness.Affected : Affectedness.NotAffected, Osv.Ranged(ecosystem, "ECOSYSTEM", "introduced 0", advised).Decide(ecosystem, "1.0", name).Outcome);

    [Fact]
    public void The_same_name_elsewhere_is_another_package()
    {
        Assert.Equal(Affectedness.NotAffected, Osv.Ranged("npm", "SEMVER", "introduced 0", "zlib").Decide("PyPI", "1.0", "zlib").Outcome);
        Assert.Equal(Affectedness.NotAffected, Osv.Ranged("crates.io", "SEMVER", "introduced 0", "zlib").Decide("Go", "1.0.0", "zlib").Outcome);
    }

    [Fact]
    public void A_release_has_its_own_fix_and_who_does_not_say_theirs_is_told_so_where_it_matters()
    {
        var advisory = Osv.One("""
            {"id":"DSA-1","modified":"2026-01-01T00:00:00Z","affected":[
              {"package":{"ecosystem":"Debian:11","name":"openssl"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.1.1w-0+deb11u2"}]}]},
              {"package":{"ecosystem":"Debian:12","name":"openssl"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"3.0.15-1~deb12u1"}]}]}]}
            """);
        advisory.Decides("Debian:12", "3.0.14-1~deb12u2 yes, 3.0.15-1~deb12u1 no", "openssl");
        advisory.Decides("Debian:11", "1.1.1w-0+deb11u1 yes, 1.1.1w-0+deb11u2 no, 3.0.14-1 no", "openssl");
        advisory.Decides("Debian:13", "3.0.14-1 no", "openssl");
        advisory.Decides("Debian", "3.0.14-1 maybe, 1.0-1 yes, 3.0.15-1 no", "openssl");
        Assert.Contains("Debian:12 is affected", advisory.Decide("Debian", "3.0.14-1", "openssl").Reason, StringComparison.Ordinal);
        Assert.Equal(["3.0.15-1~deb12u1"], advisory.Decide("Debian:12", "3.0.14-1~deb12u2", "openssl").FixedIn);
    }

    [Fact]
    public void Several_entries_of_one_package_are_one_answer()
    {
        // The shape in which GitHub writes several release lines.
        var advisory = Osv.One("""
            {"id":"GHSA-jfh8-c2jp-5v3q","modified":"2024-01-01T00:00:00Z","aliases":["CVE-2021-44228"],"affected":[
              {"package":{"ecosystem":"Maven","name":"org.apache.logging.log4j:log4j-core"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"2.13.0"},{"fixed":"2.15.0"}]}]},
              {"package":{"ecosystem":"Maven","name":"org.apache.logging.log4j:log4j-core"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"2.0-beta9"},{"fixed":"2.3.1"}]}]},
              {"package":{"ecosystem":"Maven","name":"org.apache.logging.log4j:log4j-core"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"2.4"},{"fixed":"2.12.2"}]}]}]}
            """);
        advisory.Decides("Maven", "1.2.17 no, 2.0-beta8 no, 2.0-beta9 yes, 2.0 yes, 2.3.1 no, 2.4 yes, 2.12.1 yes, 2.12.2 no, 2.13.0 yes, 2.14.1 yes, 2.15.0 no, 2.17.1 no", "org.apache.logging.log4j:log4j-core");
        Assert.Equal(["2.12.2", "2.15.0"], advisory.Decide("Maven", "2.11.0", "org.apache.logging.log4j:log4j-core").FixedIn);
    }

    [Fact]
    public void The_appendixs_kinds_of_advisories_decide_as_they_say()
    {
        // A Go module, a Rust crate (with the pre-release that RustSec writes for "from the beginning"), a Python package with a range and its list.
        Osv.Ranged("Go", "SEMVER", "introduced 0, fixed 1.14.12, introduced 1.15.0, fixed 1.15.5", "stdlib").Decides("Go", "v1.14.11 yes, 1.14.12 no, v1.15.4 yes, 1.15.5 no, 1.15 yes", "stdlib");
        Osv.Ranged("crates.io", "SEMVER", "introduced 0.0.0-0, fixed 0.10.2, introduced 0.11.0, fixed 0.11.2").Decides("crates.io", "0.0.1 yes, 0.10.2 no, 0.11.0-rc.1 no, 0.11.1 yes, 0.11.2 no");
        Osv.Of("PyPI", "urllib3", "'ranges':[{'type':'ECOSYSTEM','events':[{'introduced':'1.26.0'},{'fixed':'1.26.4'}]}],'versions':['1.26.0','1.26.1','1.26.2','1.26.3']")
            .Decides("PyPI", "1.25.11 no, 1.26.0 yes, 1.26.3.post1 yes, 1.26.4 no, 1.26.4rc1 yes", "urllib3");
    }
}
