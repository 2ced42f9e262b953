using System.Text.Json;
using FsCheck.Fluent;
using Maintenance.Patches;

namespace Maintenance.Tests.Rules;

/// <summary>What reports of the .NET command line become.</summary>
public sealed class PackageUpdatesTests
{
    [Theory]
    [InlineData("1.0.0", "1.0.1", null, PatchType.Standard, PatchSeverity.Low)]
    [InlineData("1.0.0", "1.1.0", null, PatchType.Standard, PatchSeverity.Low)]
    [InlineData("1.9.9", "2.0.0", null, PatchType.Normal, PatchSeverity.Medium)]
    [InlineData("9.0.0", "10.0.0", null, PatchType.Normal, PatchSeverity.Medium)]
    [InlineData("1.0.0", "1.0.1", "Low", PatchType.Normal, PatchSeverity.Low)]
    [InlineData("1.0.0", "1.0.1", "Moderate", PatchType.Normal, PatchSeverity.Medium)]
    [InlineData("1.0.0", "1.0.1", "High", PatchType.Normal, PatchSeverity.High)]
    [InlineData("1.0.0", "2.0.0", "Critical", PatchType.Normal, PatchSeverity.Critical)]
    [InlineData("1.0.0", "2.0.0", "Low", PatchType.Normal, PatchSeverity.Low)]
    [InlineData("1.0.0", "1.0.1", "", PatchType.Normal, PatchSeverity.Medium)]
    public void Type_and_severity_are_those_of_the_table(string from, string to, string? severity, PatchType type, PatchSeverity expected)
    {
        var outdated = Report(Project("a/App.csproj", Top("Newtonsoft.Json", from, to)));
        var reports = severity is null ? new[] { outdated } : [outdated, Report(Project("a/App.csproj", Vulnerable("newtonsoft.json", from, (severity, "https://advisories.example/1"))))];
        var patch = Assert.Single(Read(reports)).ToPatch("register");
        Assert.Equal((type, expected, "register"), (patch.Type, patch.Severity, patch.Service));
        Assert.Equal($"Update Newtonsoft.Json {from} → {to}", patch.Title);
        Assert.Equal(["Newtonsoft.Json", "App"], patch.Components);
        Assert.Contains(from, patch.Rollback!, StringComparison.Ordinal);
        Assert.Equal(severity is not null, patch.Description.Contains("https://advisories.example/1", StringComparison.Ordinal));
    }

    [Fact]
    public void Projects_with_the_same_target_are_one_update_that_names_all_versions_and_those_with_another_are_a_second_one()
    {
        var updates = Read(
            Report(
                Project("C:/src/One.csproj", Top("X", "1.10.0", "2.0.0"), Top("Y", "1.0.0", "1.0.1")),
                Project("C:/src/Two.fsproj", Top("X", "1.9.0", "2.0.0")),
                Project("C:\\src\\Old.csproj", Top("x", "1.9.0", "1.12.0"))));
        Assert.Equal(
            ["Update X 1.9.0 → 1.12.0", "Update X 1.9.0, 1.10.0 → 2.0.0", "Update Y 1.0.0 → 1.0.1"],
            updates.Select(static update => update.ToPatch("s").Title));
        Assert.Equal(["Old"], updates[0].Projects);
        Assert.Equal(["One", "Two"], updates[1].Projects);
    }

    [Fact]
    public void The_worst_vulnerability_of_any_version_in_use_counts_and_all_advisories_are_named_once()
    {
        var update = Assert.Single(Read(
            Report(Project("A.csproj", Top("X", "1.0.0", "1.2.0")), Project("B.csproj", Top("X", "1.1.0", "1.2.0"))),
            Report(
                Project("A.csproj", Vulnerable("X", "1.0.0", ("High", "https://a.example/1"), ("Low", "https://a.example/2"))),
                Project("B.csproj", Vulnerable("X", "1.1.0", ("High", "https://a.example/1"))),
                Project("C.csproj", Vulnerable("X", "0.9.0", ("Critical", "https://a.example/3"))))).Take(1));
        Assert.Equal(PatchSeverity.High, update.Severity);
        Assert.Equal(["https://a.example/1", "https://a.example/2"], update.Vulnerabilities.Select(static one => one.Advisory));
    }

    [Fact]
    public void A_vulnerability_without_a_newer_version_is_a_request_too()
    {
        var update = Assert.Single(Read(Report(Project("A.csproj", Vulnerable("X", "1.0.0", ("Critical", "https://a.example/1"))))));
        var patch = update.ToPatch("s");
        Assert.Equal(("Replace X 1.0.0", PatchType.Normal, PatchSeverity.Critical), (patch.Title, patch.Type, patch.Severity));
        Assert.NotEqual(update.Key("s"), (update with { To = PackageVersion.Parse("1.0.1") }).Key("s"));
    }

    [Theory]
    [InlineData("1.0.0", "1.0.0")]
    [InlineData("2.0.0", "1.0.0")]
    [InlineData("1.0.0", "1.0.0-rc.1")]
    [InlineData("1.0.0", "Not found at the sources")]
    [InlineData("1.0.0", "")]
    public void What_is_not_newer_is_no_update(string from, string to) => Assert.Empty(Read(Report(Project("A.csproj", Top("X", from, to)))));

    [Fact]
    public void Transitive_packages_count_and_projects_without_frameworks_have_nothing_to_update() =>
        Assert.Equal(
            ["Z"],
            Read("""{"version":1,"parameters":"--outdated","problems":[{"level":"warning","text":"(A) : Auto-referenced package."}],"sources":["https://feed.example"],"projects":[{"path":"/a/None.csproj"},{"path":"/a/B.csproj","frameworks":[{"framework":"net10.0","topLevelPackages":[],"transitivePackages":[{"id":"Z","resolvedVersion":"1.0.0","latestVersion":"1.0.5"}]}]}]}""")
                .Select(static update => update.Package));

    [Theory]
    [InlineData("""[]""", "it is not a JSON object.")]
    [InlineData("""1""", "it is not a JSON object.")]
    [InlineData("""{}""", "it is not of version 1 of the format that dotnet list package --format json writes.")]
    [InlineData("""{"version":2,"projects":[]}""", "it is not of version 1 of the format that dotnet list package --format json writes.")]
    [InlineData("""{"version":"1","projects":[]}""", "it is not of version 1 of the format that dotnet list package --format json writes.")]
    [InlineData("""{"version":1}""", "it has no list of projects.")]
    [InlineData("""{"version":1,"projects":{}}""", "it has no list of projects.")]
    [InlineData("""{"version":1,"problems":[{"level":"error","text":"The project has no assets file."}],"projects":[]}""", "it says that it is not complete: The project has no assets file.")]
    [InlineData("""{"version":1,"problems":[{"level":"error"}],"projects":[]}""", "it says that it is not complete: an error without words")]
    [InlineData("""{"version":1,"projects":[{}]}""", "projects[0] has no path.")]
    [InlineData("""{"version":1,"projects":[7]}""", "projects[0] has no path.")]
    [InlineData("""{"version":1,"projects":[{"path":"/a/"}]}""", "projects[0].path has no name of a project at its end.")]
    [InlineData("""{"version":1,"projects":[{"path":"a","frameworks":[{"topLevelPackages":[{"id":"X"}]}]}]}""", "projects[0].frameworks[0].topLevelPackages[0] has no id or no resolvedVersion.")]
    [InlineData("""{"version":1,"projects":[{"path":"a","frameworks":[{},{"transitivePackages":[{"id":"X","resolvedVersion":"1"},null]}]}]}""", "projects[0].frameworks[1].transitivePackages[1] has no id or no resolvedVersion.")]
    [InlineData("""{"version":1,"projects":[{"path":"a","frameworks":[{"topLevelPackages":[{"id":"X","resolvedVersion":"new"}]}]}]}""", "projects[0].frameworks[0].topLevelPackages[0].resolvedVersion is not a version: 'new'.")]
    public void What_is_no_report_is_refused_with_a_reason_that_says_where(string report, string problem)
    {
        var reading = PackageUpdates.Read([JsonSerializer.Deserialize<JsonElement>(report)]);
        Assert.Equal("The report: " + problem, reading.Problem);
        Assert.Empty(reading.Updates);
        Assert.Equal("Report 2: " + problem, PackageUpdates.Read([JsonSerializer.Deserialize<JsonElement>(Report()), JsonSerializer.Deserialize<JsonElement>(report)]).Problem);
    }

    [Fact]
    public void No_reports_and_more_updates_than_people_can_vote_on_are_refused()
    {
        Assert.Equal("There is no report.", PackageUpdates.Read([]).Problem);
        var most = Report(Project("A.csproj", [.. Enumerable.Range(0, PackageUpdates.Most).Select(static i => Top($"P{i}", "1.0.0", "1.0.1"))]));
        Assert.Equal(PackageUpdates.Most, Read(most).Count);
        var more = Report(Project("A.csproj", [.. Enumerable.Range(0, PackageUpdates.Most + 1).Select(static i => Top($"P{i}", "1.0.0", "1.0.1"))]));
        Assert.StartsWith("There are 201 updates", PackageUpdates.Read([JsonSerializer.Deserialize<JsonElement>(more)]).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void However_much_a_report_says_the_request_keeps_the_rules()
    {
        var projects = Enumerable.Range(0, 300).Select(i => Project($"P{i}{new string('x', 150)}.csproj", Top("X" + new string('y', 120), $"1.{i}.0", "2.0.0"))).ToArray();
        var patch = Assert.Single(Read(Report(projects))).ToPatch("records");
        Assert.Empty(PatchRules.Check(SamplePlan.Plan, patch));
        Assert.Equal(50, patch.Components.Count);
        Assert.Equal("and 252 more projects", patch.Components[^1]);
        Assert.Equal(200, patch.Title.Length);
    }

    [Fact]
    public void A_key_names_service_package_and_version_whatever_the_case_and_whatever_else_is_known()
    {
        var update = Assert.Single(Read(Report(Project("A.csproj", Top("X", "1.0.0", "1.0.1")))));
        var again = Assert.Single(Read(Report(Project("B.csproj", Top("x", "1.0.0", "1.0.1"))), Report(Project("B.csproj", Vulnerable("X", "1.0.0", ("High", "u"))))));
        Assert.Equal(update.Key("s"), again.Key("s"));
        Assert.NotEqual(update.Key("s"), update.Key("t"));
        Assert.NotEqual(update.Key("s"), (update with { Package = "Y" }).Key("s"));
        Assert.NotEqual(update.Key("s"), (update with { To = PackageVersion.Parse("1.0.2") }).Key("s"));
    }

    [Fact]
    public void Versions_are_ordered_as_semantic_versioning_says()
    {
        string[] ordered = ["0.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.0.1", "1.2", "1.10", "2", "10.0.0", "99999999999"];
        var versions = ordered.Select(static text => PackageVersion.Parse(text)!).ToList();
        Assert.Equal(ordered, versions.AsEnumerable().Reverse().Order().Select(static version => version.Text));
        Assert.Equal(PackageVersion.Parse("1.0"), PackageVersion.Parse("1.0.0.0+build.7"));
        Assert.All(new[] { "", "a", "1.", "1..2", "1.2.3.4.5", "-1", "1.0.0-", "1.0.0-a..b", "1.0-ä", "1,0", new string('1', 70) }, static text => Assert.Null(PackageVersion.Parse(text)));
    }

    [Fact]
    public void Whatever_text_stands_in_a_report_it_is_read_or_refused() => Law.Holds(
        from text in Gen.Elements("\"\"", "null", "1", "[]", "{}", "\"x\"", "\"1.0.0\"", "[null]", "[{}]", "[1]", "true", "\"\\u0000\"", "1e999", "[[]]", "{\"id\":{}}")
        from place in Gen.Choose(0, 11)
        select (text, place),
        500,
        static given =>
        {
            string[] parts = ["\"version\":1", "\"problems\":[]", "\"projects\":[", "\"path\":\"a/B.csproj\"", "\"frameworks\":[", "\"framework\":\"net10.0\"", "\"id\":\"X\"", "\"resolvedVersion\":\"1.0\"", "\"latestVersion\":\"1.1\"", "\"severity\":\"High\"", "\"advisoryurl\":\"u\"", "\"vulnerabilities\":["];
            if (given.place is not (2 or 4 or 11))
            {
                parts[given.place] = parts[given.place].Split(':')[0] + ":" + given.text;
            }

            var json = $"{{{parts[0]},{parts[1]},{parts[2]}{{{parts[3]},{parts[4]}{{{parts[5]},\"topLevelPackages\":[{{{parts[6]},{parts[7]},{parts[8]},{parts[11]}{{{parts[9]},{parts[10]}}}]}}]}}]}}]}}";
            var reading = PackageUpdates.Read([JsonSerializer.Deserialize<JsonElement>(json)]);
            Assert.True(reading.Problem is { Length: > 0 } || reading.Updates.All(static update => update.ToPatch("s").Title.Length > 0));
        });

    private static IReadOnlyList<PackageUpdate> Read(params string[] reports)
    {
        var reading = PackageUpdates.Read([.. reports.Select(static report => JsonSerializer.Deserialize<JsonElement>(report))]);
        Assert.Null(reading.Problem);
        return reading.Updates;
    }

    private static string Report(params string[] projects) => $"{{\"version\":1,\"parameters\":\"--outdated\",\"projects\":[{string.Join(',', projects)}]}}";

    private static string Project(string path, params string[] packages) =>
        $"{{\"path\":{JsonSerializer.Serialize(path)},\"frameworks\":[{{\"framework\":\"net10.0\",\"topLevelPackages\":[{string.Join(',', packages)}]}}]}}";

    private static string Top(string id, string from, string to) => $"{{\"id\":\"{id}\",\"requestedVersion\":\"{from}\",\"resolvedVersion\":\"{from}\",\"latestVersion\":\"{to}\"}}";

    private static string Vulnerable(string id, string from, params (string Severity, string Advisory)[] known) =>
        $"{{\"id\":\"{id}\",\"requestedVersion\":\"{from}\",\"resolvedVersion\":\"{from}\",\"vulnerabilities\":[{string.Join(',', known.Select(static one => $"{{\"severity\":\"{one.Severity}\",\"advisoryurl\":\"{one.Advisory}\"}}"))}]}}";
}
