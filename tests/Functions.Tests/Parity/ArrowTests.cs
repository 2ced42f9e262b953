using System.Reflection;
using System.Xml.Linq;
using MaintenanceFunctions.Tests.App;

namespace MaintenanceFunctions.Tests.Parity;

/// <summary>Arrows point one way: functions → web → core, and local → web → core.</summary>
public sealed class ArrowTests
{
    private static readonly Assembly Core = typeof(Maintenance.MaintenanceJson).Assembly;
    private static readonly Assembly Web = typeof(Maintenance.Web.Http.Routes).Assembly;
    private static readonly Assembly Local = typeof(Maintenance.Local.Hosting.LocalHost).Assembly;

    [Fact]
    public void Core_knows_no_host() =>
        AssertKnowsNone(Core, "Microsoft.AspNetCore", "Microsoft.Extensions.Hosting", "Azure", "Microsoft.Azure", "Microsoft.DurableTask", "Microsoft.Data.Sqlite", "SQLitePCL", "Maintenance.Web", "maintenance");

    [Fact]
    public void Web_knows_no_store_and_no_host() =>
        AssertKnowsNone(Web, "Azure", "Microsoft.Azure", "Microsoft.DurableTask", "Microsoft.Data.Sqlite", "SQLitePCL", "maintenance");

    [Fact]
    public void Local_knows_nothing_of_Azure() => AssertKnowsNone(Local, "Azure", "Microsoft.Azure", "Microsoft.DurableTask");

    [Theory]
    [InlineData("core/Maintenance.Core.csproj", "")]
    [InlineData("web/Maintenance.Web.csproj", "core/Maintenance.Core.csproj")]
    [InlineData("local/Maintenance.Local.csproj", "core/Maintenance.Core.csproj web/Maintenance.Web.csproj")]
    [InlineData("functions/MaintenanceFunctions.csproj", "core/Maintenance.Core.csproj web/Maintenance.Web.csproj")]
    public void A_project_refers_to_those_below_it_only(string project, string below) =>
        Assert.Equal(below, string.Join(' ', Includes(project, "ProjectReference").Select(static path => path.Replace("../", "", StringComparison.Ordinal)).Order()));

    [Fact]
    public void The_tests_real_packages_are_those_of_the_app()
    {
        // The generator of the functions' metadata is for the app alone.
        var app = Includes("functions/MaintenanceFunctions.csproj", "PackageReference").Where(static package => package != "Microsoft.Azure.Functions.Worker.Sdk").Order();
        var tests = Includes("tests/Functions.Tests/Functions.Tests.csproj", "PackageReference").Where(static package => package.Contains("Azure", StringComparison.Ordinal) || package.StartsWith("OpenTelemetry.", StringComparison.Ordinal)).Order();

        Assert.Equal(app, tests);
    }

    [Fact]
    public void The_app_knows_nothing_of_the_signatures() =>
        Assert.DoesNotContain("AzureSignatures", Repository.Read("functions/MaintenanceFunctions.csproj"), StringComparison.Ordinal);

    private static void AssertKnowsNone(Assembly assembly, params string[] strangers) => Assert.DoesNotContain(
        assembly.GetReferencedAssemblies().Select(static reference => reference.Name!),
        name => strangers.Any(stranger => name == stranger || name.StartsWith(stranger + ".", StringComparison.Ordinal)));

    private static List<string> Includes(string project, string item) =>
        [.. XDocument.Parse(Repository.Read(project)).Descendants(item).Select(static element => (string?)element.Attribute("Include")).OfType<string>()];
}
