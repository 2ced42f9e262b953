using System.Text;
using Maintenance.Assets.Components;

namespace Maintenance.Tests.Assets.Components;

/// <summary>What <c>dotnet list package</c> writes, as JSON and as people see it.</summary>
public sealed class PackageListTests
{
    private const string Json = """
        {
          "version": 1, "parameters": "--include-transitive --outdated",
          "projects": [
            { "path": "C:/src/Portal/Portal.csproj", "frameworks": [ { "framework": "net10.0",
              "topLevelPackages": [ { "id": "Npgsql", "requestedVersion": "8.0.2", "resolvedVersion": "8.0.2", "latestVersion": "10.0.0" } ],
              "transitivePackages": [ { "id": "System.Text.Json", "resolvedVersion": "8.0.5" } ] } ] },
            { "path": "C:/src/Worker/Worker.csproj", "frameworks": [ { "framework": "net10.0",
              "topLevelPackages": [ { "id": "system.text.json", "requestedVersion": "8.0.5", "resolvedVersion": "8.0.5", "latestVersion": "Not found at the sources" }, { "id": "Npgsql", "requestedVersion": "7.0.0", "resolvedVersion": "7.0.7" } ] } ] },
            { "path": "C:/src/Empty/Empty.csproj" }
          ]
        }
        """;

    private const string Table = """
        Project 'Portal' has the following package references
           [net10.0]:
           Top-level Package      Requested         Resolved
           > Npgsql               8.0.2             8.0.2
           > NodaTime       (A)   [3.2.0, 4.0.0)    3.2.2

           Transitive Package                  Resolved
           > System.Text.Json                  8.0.5

        The given project `Empty` has no updates given the current sources.
        """;

    private const string Outdated = """
        Project `Portal` has the following updates to its packages
           [net10.0]:
           Top-level Package      Requested   Resolved   Latest
           > Npgsql               8.0.2       8.0.2      10.0.0
           > Private.Thing        1.0.0       1.0.0      Not found at the sources
        """;

    [Fact]
    public void As_json_several_projects_are_one_list_and_what_one_asks_for_itself_is_not_transitive()
    {
        var read = PackageList.Read(Encoding.UTF8.GetBytes(Json));
        Assert.Null(read.Problem);
        Assert.Equal(
            ["Npgsql 8.0.2 10.0.0 False pkg:nuget/Npgsql@8.0.2", "System.Text.Json 8.0.5  False pkg:nuget/System.Text.Json@8.0.5", "Npgsql 7.0.7  False pkg:nuget/Npgsql@7.0.7"],
            read.Entries.Select(static one => $"{one.Name} {one.Version} {one.Latest} {one.IsTransitive} {one.Package}"));
    }

    [Fact]
    public void As_a_table_the_column_below_the_heading_counts_whatever_stands_beside()
    {
        Assert.Equal(["Npgsql 8.0.2 False", "NodaTime 3.2.2 False", "System.Text.Json 8.0.5 True"], PackageList.Read(Encoding.UTF8.GetBytes(Table)).Entries.Select(static one => $"{one.Name} {one.Version} {one.IsTransitive}"));
        Assert.Equal(["Npgsql 8.0.2 10.0.0", "Private.Thing 1.0.0 "], PackageList.Read((byte[])[0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Outdated.ReplaceLineEndings("\r\n"))]).Entries.Select(static one => $"{one.Name} {one.Version} {one.Latest}"));
    }

    [Theory]
    [InlineData("", "it has no package, and is no report of dotnet list package. Write it with --format json.")]
    [InlineData("> Npgsql 8.0.2", "line 1 has no version below a heading 'Resolved'. Write it with --format json, which reads the same everywhere.")]
    [InlineData("   Paquet de niveau supérieur   Demandé   Résolu\n   > Npgsql   8.0.2   8.0.2", "line 2 has no version below a heading 'Resolved'. Write it with --format json, which reads the same everywhere.")]
    [InlineData("   Top-level Package   Requested   Resolved\n   > Npgsql   8.0.2", "line 2 has no version below a heading 'Resolved'. Write it with --format json, which reads the same everywhere.")]
    [InlineData("""{"version":2}""", "it is not of version 1 of the format that dotnet list package --format json writes.")]
    [InlineData("""{"version":1}""", "it has no list of projects.")]
    [InlineData("""{"version":1,"problems":[{"level":"error","text":"No assets file"}],"projects":[]}""", "it says that it is not complete: No assets file")]
    [InlineData("""{"version":1,"projects":[{"frameworks":[{"topLevelPackages":[{"id":"A","resolvedVersion":"1"},{"id":"B"}]}]}]}""", "projects[0].frameworks[0].topLevelPackages[1] has no id or no resolvedVersion.")]
    [InlineData("""{"version":1,""", "it is not JSON: ")]
    public void What_is_broken_is_told_with_its_place(string text, string problem) =>
        Assert.StartsWith(problem, PackageList.Read(Encoding.UTF8.GetBytes(text)).Problem, StringComparison.Ordinal);

    [Fact]
    public void Projects_without_packages_are_no_fault() => Assert.Equal((null, 0), (PackageList.Read("No packages were found for this framework."u8.ToArray()) is var read ? (read.Problem, read.Entries.Count) : default));
}
