using FsCheck;
using FsCheck.Fluent;
using Maintenance.Plan;
using Maintenance.Tests.Storage;

namespace Maintenance.Tests.Plan;

/// <summary>How the pages look, as the plan says it; and the answers that support gives often.</summary>
public sealed class BrandSectionTests : IDisposable
{
    private const string Zone = "timeZone: Africa/Nairobi";
    private const string Drawing = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>""";

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Colour_and_logo_are_taken_over_and_the_logo_belongs_to_the_plan()
    {
        var load = Load("{ colour: \"#0B4F6C\", logo: logo.svg }", Drawing);
        Assert.Empty(load.Problems);
        Assert.Equal(("#0b4f6c", Drawing), (load.Plan!.System.Brand.Colour, load.Plan.System.Brand.Logo));
        Assert.Equal([KeyValuePair.Create("logo.svg", Drawing)], load.Files);

        // A host that has lost the file runs the plan as it was.
        File.Delete(_folder.PathOf("logo.svg"));
        Assert.Equal(Drawing, PlanFile.Load("plan.yaml", Yaml("{ logo: logo.svg }"), _folder.Root, load.Files).Plan!.System.Brand.Logo);
    }

    [Theory]
    [InlineData("#ffcc00")]
    [InlineData("#ffffff")]
    [InlineData("#3a9d5d")]
    public void A_colour_on_which_white_cannot_be_read_is_refused_with_the_nearest_shade_that_can(string colour)
    {
        var problem = Assert.Single(Load($"{{ colour: \"{colour}\" }}").Problems);
        Assert.Equal((PlanProblemSeverity.Error, "system.brand.colour"), (problem.Severity, problem.Path));
        Assert.Contains(Brand.Readable(colour), problem.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#000000", 21)]
    [InlineData("#ffffff", 1)]
    [InlineData("#767676", 4.54)]
    [InlineData("#777777", 4.48)]
    [InlineData("#ff0000", 4.0)]
    [InlineData("#0000ff", 8.59)]
    public void Contrast_is_that_of_the_guidelines(string colour, double contrast) => Assert.Equal(contrast, Brand.ContrastOfWhite(colour), 0.01);

    [Fact]
    public void Every_shade_that_is_proposed_can_be_read_and_one_that_can_be_read_is_its_own() =>
        Prop.ForAll(Gen.Choose(0, 0xffffff).Select(static rgb => $"#{rgb:x6}").ToArbitrary(), static colour =>
            Brand.ContrastOfWhite(Brand.Readable(colour)) >= Brand.LeastContrast && (Brand.ContrastOfWhite(colour) < Brand.LeastContrast || Brand.Readable(colour) == colour)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("nonsense", "it is not an SVG drawing")]
    [InlineData("<html/>", "its first element is <html>")]
    [InlineData("<svg/>", "its first element is <svg>")]
    [InlineData("""<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>""", "an element <script>")]
    [InlineData("""<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>""", "it is not an SVG drawing")]
    [InlineData("", "it is not an SVG drawing")]
    public void What_is_no_drawing_is_no_logo(string text, string said)
    {
        var problem = Assert.Single(Load("{ logo: logo.svg }", text).Problems);
        Assert.Equal((PlanProblemSeverity.Error, "system.brand.logo"), (problem.Severity, problem.Path));
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_logo_that_is_not_there_or_too_large_is_named()
    {
        Assert.Contains("there is no such file", Assert.Single(Load("{ logo: logo.svg }").Problems).Message, StringComparison.Ordinal);
        Assert.Contains("at most 65536", Assert.Single(Load("{ logo: logo.svg }", Drawing + new string(' ', 70_000)).Problems).Message, StringComparison.Ordinal);
        Assert.Contains("is not a path below", Assert.Single(Load("{ logo: ../logo.svg }").Problems).Message, StringComparison.Ordinal);
        Assert.Contains("is not a colour", Assert.Single(Load("{ colour: green }").Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_is_filled_in_and_one_that_names_what_there_is_not_is_refused()
    {
        const string Feedback = "  feedback:\n";
        var good = SmallPlan.Load(SmallPlan.With(Feedback, "  templates: [{ id: a, name: A, text: \"{requester}, {ticket}: {title}{service} {me}\" }]\n" + Feedback)).Plan!.Support.Templates[0];
        Assert.Equal("Pat, T-1:  Ann", good.Fill(new Dictionary<string, string?> { ["requester"] = "Pat", ["ticket"] = "T-1", ["title"] = null, ["me"] = "Ann" }));
        var problem = Assert.Single(SmallPlan.Load(SmallPlan.With(Feedback, "  templates: [{ id: a, name: A, text: \"Dear {requestor}\" }]\n" + Feedback)).Problems);
        Assert.Equal((PlanProblemSeverity.Error, "support.templates[0].text"), (problem.Severity, problem.Path));
        Assert.Contains("requester", problem.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://www.registry.example", true)]
    [InlineData("http://intranet:8080/", true)]
    [InlineData("https://www.registry.example/form", false)]
    [InlineData("*", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("https://a.example; script-src *", false)]
    public void Only_sites_may_embed_the_form(string site, bool isSite)
    {
        const string Intro = "introduction: Tell us.";
        var load = SmallPlan.Load(SmallPlan.With(Intro, $"{Intro}\n    embeddedBy: [\"{site}\"]"));
        Assert.Equal(isSite, load.Plan is not null);
        Assert.Equal(isSite ? [site.TrimEnd('/')] : [], load.Plan?.Support.Feedback.EmbeddedBy ?? []);
    }

    private PlanLoad Load(string brand, string? logo = null)
    {
        if (logo is not null)
        {
            Directory.CreateDirectory(_folder.Root);
            File.WriteAllText(_folder.PathOf("logo.svg"), logo);
        }

        return PlanFile.Load("plan.yaml", Yaml(brand), _folder.Root);
    }

    private static string Yaml(string brand) => SmallPlan.With(Zone, $"{Zone}\n  brand: {brand}");
}
