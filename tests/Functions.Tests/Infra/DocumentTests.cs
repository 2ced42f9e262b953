using System.Text.RegularExpressions;
using MaintenanceFunctions.Tests.App;

namespace MaintenanceFunctions.Tests.Infra;

/// <summary>The documents of the Azure side say what is there.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Documents = ["docs/azure.md", "docs/deployment.md", "docs/restore-from-nothing.md"];

    public static TheoryData<string> Names => [.. Documents];

    [Fact]
    public void Every_pitfall_has_a_line_and_every_file_in_it_exists()
    {
        var lines = Pitfall().Matches(Section("docs/azure.md", "What bites others, and where it is handled")).ToList();

        Assert.Equal(Enumerable.Range(1, 35), lines.Select(static line => int.Parse(line.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(lines, static line =>
        {
            var files = Quoted().Matches(line.Groups["where"].Value).Select(static match => match.Groups["text"].Value).ToList();
            Assert.NotEmpty(files);
            Assert.All(files, static file => Assert.True(File.Exists(Repository.Locate(file)), $"{file} is named, and is not there."));
        });
    }

    [Fact]
    public void What_would_lose_data_or_run_twice_has_a_test_and_not_just_a_file()
    {
        int[] first = [1, 2, 3, 5, 6, 7, 8, 11, 13, 14, 15, 16, 18, 21, 23, 24, 26, 27];
        var lines = Pitfall().Matches(Repository.Read("docs/azure.md")).ToDictionary(static line => int.Parse(line.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture), static line => line.Value);

        Assert.All(first, number => Assert.Contains("`tests/", lines[number], StringComparison.Ordinal));
    }

    [Fact]
    public void An_idle_month_costs_what_its_parts_cost_and_the_readme_says_the_same()
    {
        var table = Section("docs/azure.md", "An idle month");
        var prices = Price().Matches(table).ToDictionary(static line => line.Groups["what"].Value, static line => decimal.Parse(line.Groups["price"].Value, System.Globalization.CultureInfo.InvariantCulture));
        var parts = prices.Where(static line => line.Key is not ("the same with 512 MB" or "**together**" or "without alerts" or "with `INSTANCE_MEMORY_MB=512`")).ToList();
        Assert.True(parts.Count > 5);
        var (all, quiet) = (Math.Round(parts.Sum(static line => line.Value)), Math.Round(parts.Where(static line => !line.Key.StartsWith("alerts", StringComparison.Ordinal)).Sum(static line => line.Value)));
        Assert.Equal((prices["**together**"], prices["without alerts"]), (all, quiet));
        Assert.Contains($"about {all:0} dollars in an idle month with alerts, {quiet:0} without", Repository.Read("README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void No_address_with_the_hosts_key_is_ever_made()
    {
        // What the durable client offers for that, all of which hand out the system key.
        string[] members = ["CreateCheckStatusResponse", "CreateHttpManagementPayload", "WaitForCompletionOrCreateCheckStatusResponse"];

        Assert.All(
            Directory.EnumerateFiles(Repository.Locate("functions"), "*.cs", SearchOption.AllDirectories),
            path => Assert.DoesNotContain(members, member => File.ReadAllText(path).Contains(member, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_link_leads_to_a_file_and_a_heading(string document)
    {
        foreach (Match link in Link().Matches(Repository.Read(document)))
        {
            var target = link.Groups["file"].Value is { Length: > 0 } file ? Path.GetFullPath(file, Path.GetDirectoryName(Repository.Locate(document))!) : Repository.Locate(document);
            Assert.True(File.Exists(target), $"{link.Value} leads to no file.");
            if (link.Groups["heading"].Value is { Length: > 0 } heading)
            {
                Assert.Contains(heading, Heading().Matches(File.ReadAllText(target)).Select(static match => Anchor(match.Groups["text"].Value)));
            }
        }
    }

    [Fact]
    public void Every_setting_of_an_environment_that_is_named_is_one_and_every_one_is_named()
    {
        var parameters = Variable().Matches(Repository.Read("infra/main.parameters.json")).Select(static match => match.Groups["name"].Value).ToHashSet();
        var named = Set().Matches(string.Concat(Documents.Select(Repository.Read))).Select(static match => match.Groups["name"].Value).ToHashSet();

        // What a hook asks for, and azd itself.
        Assert.Empty(named.Except(parameters).Except(["SIGN_IN"]));
        Assert.All(
            parameters.Where(static name => !name.StartsWith("AZURE_", StringComparison.Ordinal)),
            name => Assert.Contains(name.StartsWith("TAKE_OVER_", StringComparison.Ordinal) ? "TAKE_OVER_…" : name, Repository.Read("docs/deployment.md"), StringComparison.Ordinal));
        Assert.Empty(Output().Matches(string.Concat(Documents.Select(Repository.Read))).Select(static match => match.Groups["name"].Value)
            .Except(Template.File("main.bicep").Of(BicepKind.Output).Select(static output => output.Name)));
    }

    private static string Section(string document, string heading)
    {
        var text = Repository.Read(document);
        var from = text.IndexOf($"## {heading}\n", StringComparison.Ordinal);
        Assert.True(from >= 0, $"{document} has no section '{heading}'.");
        return text.IndexOf("\n## ", from + 1, StringComparison.Ordinal) is var to and > 0 ? text[from..to] : text[from..];
    }

    /// <summary>As GitHub makes it of a heading.</summary>
    private static string Anchor(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(static c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"^\| (?<number>[0-9]+) \|[^|]+\|[^|]+\| (?<where>[^|]+) \|$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Pitfall();

    [GeneratedRegex(@"^\| (?<what>[^|]+?) \|[^|]*\| (\*\*)?(about )?(?<price>[0-9.]+)(\*\*)? \|$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Price();

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\]\((?!https?:)(?<file>[^)#]*)(#(?<heading>[^)]+))?\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();

    [GeneratedRegex(@"azd env set (?<name>[A-Z_]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Set();

    [GeneratedRegex(@"azd env get-value (?<name>[A-Z_]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Output();
}
