using System.Text.RegularExpressions;
using Maintenance.Tests.Plan;

namespace Maintenance.Tests.Web;

/// <summary>The parts of the site's style sheet, which is served as one.</summary>
public sealed partial class StyleSheetTests
{
    /// <summary>Parts before this number are for every page; each after it is for the pages of an area.</summary>
    private const string FirstArea = "40";

    [Fact]
    public void No_area_dresses_what_another_one_has_named()
    {
        var files = Directory.GetFiles(Path.Join(Path.GetDirectoryName(SamplePlan.Folder), "web", "Assets", "styles"), "*.css");
        Assert.True(files.Length > 5);
        var named = (
            from file in files
            let name = Path.GetFileName(file)
            from Match rule in Rule().Matches(Comment().Replace(File.ReadAllText(file), ""))
            from selector in rule.Groups[1].Value.Split(',')
            let first = First().Match(selector.Trim())
            where first.Success
            select (Class: first.Groups[1].Value, Part: name)).Distinct().ToLookup(static one => one.Class, static one => one.Part, StringComparer.Ordinal);

        // What the first parts name is everybody's, and an area may add to it.
        var twice = named.Where(static one => one.Count() > 1 && one.All(static part => string.CompareOrdinal(part, FirstArea) >= 0)).Select(static one => $"{one.Key}: {string.Join(", ", one)}").ToList();

        // A class that two areas use for two things makes one of them look like the other. What they share belongs into one of the first parts.
        Assert.Empty(twice);
    }

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"([^{}]+)\{")]
    private static partial Regex Rule();

    /// <summary>The class with which a selector begins.</summary>
    [GeneratedRegex(@"^[a-z]*(\.[a-z0-9-]+)")]
    private static partial Regex First();
}
