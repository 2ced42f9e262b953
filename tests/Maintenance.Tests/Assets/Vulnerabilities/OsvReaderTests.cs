using System.Diagnostics;
using System.Text;
using FsCheck.Fluent;
using Maintenance.Assets.Versions;
using Maintenance.Assets.Vulnerabilities;
using Maintenance.Tests.Rules;

namespace Maintenance.Tests.Assets.Vulnerabilities;

/// <summary>Files of advisories: as databases write them, and as nobody should.</summary>
public sealed class OsvReaderTests
{
    /// <summary>All fields of the schema, in the shape that GitHub's database writes.</summary>
    private const string Whole = """
        {
          "schema_version": "1.4.0",
          "id": "GHSA-5crp-9r3c-p9vr",
          "modified": "2024-06-21T21:33:12Z",
          "published": "2022-06-22T15:08:47.5+02:00",
          "aliases": ["CVE-2024-21907", "cve-2024-21907"],
          "related": ["GHSA-zzzz"],
          "upstream": [],
          "summary": "Improper handling of\nexceptional conditions",
          "details": "Deeply nested `JSON` exhausts the stack.",
          "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}],
          "affected": [{
            "package": {"ecosystem": "NuGet", "name": "Newtonsoft.Json", "purl": "pkg:nuget/Newtonsoft.Json"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "13.0.1"}], "database_specific": {"x": [1, {"y": null}]}}],
            "versions": ["12.0.3"],
            "ecosystem_specific": {"severity": "High"},
            "database_specific": {"last_known_affected_version_range": "<= 13.0.0"}
          }, {"ranges": [{"type": "GIT", "repo": "https://example.org/x", "events": [{"introduced": "0"}]}]}],
          "references": [{"type": "WEB", "url": "https://example.org/advisory"}],
          "credits": [{"name": "Somebody", "contact": ["mailto:somebody@example.org"]}],
          "database_specific": {"severity": "HIGH", "cwe_ids": ["CWE-755"], "github_reviewed": true},
          "something_new": {"deep": [[[[]]]]}
        }
        """;

    [Fact]
    public void Every_field_is_read_and_what_is_not_known_is_ignored()
    {
        var advisory = Osv.One(Whole);
        Assert.Equal("GHSA-5crp-9r3c-p9vr", advisory.Id);
        Assert.Equal(["CVE-2024-21907"], advisory.Aliases);
        Assert.Equal(["GHSA-zzzz"], advisory.Related);
        Assert.Equal("Improper handling of exceptional conditions", advisory.Summary);
        Assert.Equal("Deeply nested `JSON` exhausts the stack.", advisory.Details);
        Assert.Equal(Instants.Utc("2022-06-22T13:08:47.5Z"), advisory.Published);
        Assert.Equal(TimeSpan.Zero, advisory.Published!.Value.Offset);
        Assert.Equal(Instants.Utc("2024-06-21T21:33:12Z"), advisory.Modified);
        Assert.Null(advisory.Withdrawn);
        Assert.Equal("HIGH", advisory.RatedAs);
        Assert.Equal("https://example.org/advisory", Assert.Single(advisory.References).Url);
        Assert.Equal(2, advisory.Affected.Count);
        Assert.Equal(new PackageEcosystem(Ecosystem.NuGet, "NuGet"), advisory.Affected[0].Ecosystem);
        Assert.Equal("High", advisory.Affected[0].RatedAs);
        Assert.Equal([new RangeEvent(RangeEventKind.Introduced, "0"), new RangeEvent(RangeEventKind.Fixed, "13.0.1")], Assert.Single(advisory.Affected[0].Ranges).Events);
        Assert.Null(advisory.Affected[1].Ecosystem);
        Assert.Equal(7.5m, SeverityRating.Of(advisory).Score);
        advisory.Decides("NuGet", "12.0.3 yes, 13.0.0 yes, 13.0.1 no", "newtonsoft.json");
    }

    [Fact]
    public void What_is_stored_of_an_advisory_is_read_back_the_same()
    {
        var advisory = Osv.One(Whole);
        Assert.Equal(MaintenanceJson.Write(advisory), MaintenanceJson.Write(MaintenanceJson.Read<Advisory>(MaintenanceJson.Write(advisory))));
    }

    [Fact]
    public void One_an_array_lines_and_the_APIs_answer_are_read_alike()
    {
        var one = Whole.ReplaceLineEndings(" ");
        var two = """{"id":"OSV-2","modified":"2026-01-01T00:00:00Z"}""";
        Assert.All(
            [$"[{one},{two}]", $"\uFEFF \n[\n{Whole},\r\n{two}]\n", $"{one}\n{two}", $"{one}\r\n\r\n{two}\r\n", $$"""{"vulns":[{{one}},{{two}}]}""", $$"""{"vulns":[{{one}},{{two}}],"next_page_token":"x"}"""],
            text =>
            {
                var reading = Read(text);
                Assert.Empty(reading.Problems);
                Assert.Equal(["GHSA-5crp-9r3c-p9vr", "OSV-2"], reading.Advisories.Select(static a => a.Id));
            });
        Assert.Empty(Read("[]").Advisories);
        Assert.Empty(Read("[]").Problems);
    }

    [Fact]
    public void A_broken_one_among_others_is_told_by_its_place_and_the_others_are_read()
    {
        const string good = """{"id":"OSV-1","modified":"2026-01-01T00:00:00Z"}""";
        var lines = Read($"{good}\n{{\"id\":\n{good.Replace("OSV-1", "OSV-3", StringComparison.Ordinal)}\nnonsense\n[1]\n");
        Assert.Equal(["OSV-1", "OSV-3"], lines.Advisories.Select(static a => a.Id));
        Assert.Equal(["line 2", "line 4", "line 5"], lines.Problems.Select(static p => p.Place));
        Assert.All(lines.Problems, static p => Assert.True(p.IsLeftOut && p.File == "a.json"));

        var array = Read($"[{good},{{\"id\":\"OSV-2\",\"modified\":\"yesterday\"}},7,{good.Replace("OSV-1", "OSV-4", StringComparison.Ordinal)}]");
        Assert.Equal(["OSV-1", "OSV-4"], array.Advisories.Select(static a => a.Id));
        Assert.Equal(["[1] (OSV-2), modified", "[2]"], array.Problems.Select(static p => p.Place));

        var cut = Read($"[{good},{{\"id\":");
        Assert.Equal(["OSV-1"], cut.Advisories.Select(static a => a.Id));
        Assert.Contains("[1]", Assert.Single(cut.Problems).Place, StringComparison.Ordinal);
        Assert.Single(Read($"[{good}] trailing").Problems);
    }

    [Theory]
    [InlineData("{}", "id")]
    [InlineData("""{"id":"a b","modified":"2026-01-01T00:00:00Z"}""", "id")]
    [InlineData("""{"id":"<script>","modified":"2026-01-01T00:00:00Z"}""", "id")]
    [InlineData("""{"id":7,"modified":"2026-01-01T00:00:00Z"}""", "id")]
    [InlineData("""{"id":"A-1"}""", "modified")]
    [InlineData("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","schema_version":"2.0.0"}""", "schema_version")]
    [InlineData("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","aliases":"CVE-1"}""", "aliases")]
    [InlineData("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","aliases":["CVE-1",null]}""", "aliases[1]")]
    [InlineData("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","withdrawn":"once"}""", "withdrawn")]
    [InlineData("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","withdrawn":true}""", "withdrawn")]
    [InlineData("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","affected":{}}""", "affected")]
    [InlineData("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","affected":[1]}""", "affected[0]")]
    [InlineData("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"name":"x"}}]}""", "affected[0].package")]
    [InlineData("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"x"},"versions":[1]}]}""", "affected[0].versions[0]")]
    [InlineData("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"x"},"ranges":[{"events":[]}]}]}""", "affected[0].ranges[0].type")]
    [InlineData("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"x"},"ranges":[{"type":"SEMVER","events":[{"fixed":"1.0.0"}]}]}]}""", "affected[0].ranges[0].events")]
    [InlineData("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"x"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0","fixed":"1.0.0"}]}]}]}""", "affected[0].ranges[0].events[0]")]
    [InlineData("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"x"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"broken":"1.0.0"}]}]}]}""", "affected[0].ranges[0].events[1]")]
    [InlineData("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"x"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":2}]}]}]}""", "affected[0].ranges[0].events[1].fixed")]
    public void What_would_make_an_advisory_say_something_else_leaves_it_out(string json, string path)
    {
        var reading = Read(json);
        Assert.Empty(reading.Advisories);
        var problem = Assert.Single(reading.Problems);
        Assert.True(problem.IsLeftOut);
        Assert.EndsWith(", " + path, problem.Place, StringComparison.Ordinal);
        Assert.EndsWith(".", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void What_changes_no_verdict_is_left_out_and_told()
    {
        var reading = Read("""
            {"id":"A-1","modified":"2026-01-01T00:00:00Z","summary":7,"details":"\ud800","severity":[{"type":"CVSS_V3"},{"type":"CVSS_V3","score":"x"}],
             "references":[{"url":"javascript:alert(1)"},{"url":"https://example.org/a b"},{"url":"file:///etc/passwd"},5]}
            """);
        var advisory = Assert.Single(reading.Advisories);
        Assert.Equal(("", ""), (advisory.Summary, advisory.Details));
        Assert.Single(advisory.Severities);
        Assert.DoesNotContain(advisory.References, static r => !r.Url.StartsWith("https://", StringComparison.Ordinal));
        Assert.All(reading.Problems, static p => Assert.False(p.IsLeftOut));
        Assert.Contains(reading.Problems, static p => p.Place.EndsWith(", severity", StringComparison.Ordinal));
        Assert.Contains(reading.Problems, static p => p.Place.EndsWith(", references", StringComparison.Ordinal));
    }

    [Fact]
    public void A_package_may_be_named_by_its_package_url_alone()
    {
        var advisory = Osv.One("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"purl":"pkg:npm/%40angular/core"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}]}""");
        Assert.Equal(("npm", "@angular/core"), (advisory.Affected[0].Ecosystem!.Name, advisory.Affected[0].Name));
    }

    [Fact]
    public void Long_texts_are_cut()
    {
        var advisory = Osv.One($$"""{"id":"A-1","modified":"2026-01-01T00:00:00Z","summary":"{{new string('s', 5000)}}","details":"{{string.Concat(Enumerable.Repeat("😀", 20_000))}}"}""");
        Assert.Equal(500, advisory.Summary.Length);
        Assert.EndsWith("…", advisory.Summary);
        Assert.InRange(advisory.Details.Length, 19_998, 20_000);
        Assert.Equal(advisory.Details, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(advisory.Details)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    [InlineData("\0")]
    [InlineData("nonsense")]
    [InlineData("\"text\"")]
    [InlineData("{\"id\":\"A-1\",\"id\":\"A-2\",\"modified\":\"2026-01-01T00:00:00Z\"}")]
    [InlineData("{\"id\":\"\\ud800\",\"modified\":\"2026-01-01T00:00:00Z\"}")]
    [InlineData("{\"\\ud800\":1,\"id\":\"A-1\",\"modified\":\"2026-01-01T00:00:00Z\"}")]
    [InlineData("{\"vulns\":7}")]
    [InlineData("<html></html>")]
    public void Nonsense_is_told_and_not_thrown(string text)
    {
        var reading = Read(text);
        Assert.Empty(reading.Advisories);
        Assert.NotEmpty(reading.Problems);
    }

    [Fact]
    public void Depth_bytes_that_are_no_text_and_too_much_of_anything_are_refused()
    {
        Assert.Single(Read(new string('[', 100_000)).Problems);
        Assert.Single(Read("""{"id":"A-1","modified":"2026-01-01T00:00:00Z","x":""" + new string('[', 40) + new string(']', 40) + "}").Problems);
        Assert.NotEmpty(OsvReader.Read("a.json", new byte[] { (byte)'{', (byte)'"', 0xFF, 0xFE, (byte)'"', (byte)':', (byte)'1', (byte)'}' }).Problems);
        Assert.Contains("bytes", Assert.Single(OsvReader.Read("a.json", new byte[OsvReader.LargestFile + 1]).Problems).What, StringComparison.Ordinal);

        var events = string.Join(',', Enumerable.Repeat("""{"introduced":"1"}""", 20_001));
        var many = Read($$"""{"id":"A-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"x"},"ranges":[{"type":"SEMVER","events":[{{events}}]}]}]}""");
        Assert.Empty(many.Advisories);
        Assert.Single(many.Problems);

        var problems = Read(string.Join('\n', Enumerable.Repeat("{}", 1000))).Problems;
        Assert.Equal(OsvReader.MostProblems + 1, problems.Count);
        Assert.Contains("900", problems[^1].What, StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_range_that_is_taken_in_is_decided_without_delay()
    {
        var events = string.Join(',', Enumerable.Range(0, 9_990).Select(static i => $$"""{"introduced":"{{i}}.0.0"},{"fixed":"{{i}}.5.0"}"""));
        var advisory = Osv.Of("npm", "x", $$"""'ranges':[{'type':'SEMVER','events':[{{events}}]}]""");
        var watch = Stopwatch.StartNew();
        var verdict = advisory.Decide("npm", "4000.4.9");
        Assert.Equal(Affectedness.Affected, verdict.Outcome);
        Assert.Equal("4000.5.0", verdict.FixedIn[0]);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
    }

    [Fact]
    public void Whatever_is_cut_out_of_a_file_or_put_into_it_nothing_is_thrown() => Law.Holds(
        from at in Gen.Choose(0, Encoding.UTF8.GetByteCount(Whole) - 1)
        from length in Gen.Choose(0, 40)
        from with in Gen.Elements("", "\"", "}", "]", "[", "{", "null", "7", ",", "\\", "\\ud800", "\u00ff", "\n")
        select (at, length, with),
        600,
        static given =>
        {
            var bytes = Encoding.UTF8.GetBytes(Whole).ToList();
            bytes.RemoveRange(given.at, Math.Min(given.length, bytes.Count - given.at));
            bytes.InsertRange(given.at, Encoding.Latin1.GetBytes(given.with));
            var reading = OsvReader.Read("a.json", bytes.ToArray());
            Assert.True(reading.Advisories.Count + reading.Problems.Count > 0);
        });

    private static OsvReading Read(string text) => OsvReader.Read("a.json", Encoding.UTF8.GetBytes(text));
}
