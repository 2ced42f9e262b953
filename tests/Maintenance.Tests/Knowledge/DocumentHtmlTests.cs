using System.Diagnostics;
using System.Xml.Linq;
using Maintenance.Knowledge;

namespace Maintenance.Tests.Knowledge;

/// <summary>What becomes of Markdown, and of what somebody hides in it.</summary>
public sealed class DocumentHtmlTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("a <img src=x onerror=alert(1)> b")]
    [InlineData("<style>body{display:none}</style>")]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](JaVaScRiPt:alert(1))")]
    [InlineData("[x](java\nscript:alert(1))")]
    [InlineData("[x](&#106;avascript:alert(1))")]
    [InlineData("[x](data:text/html;base64,PHNjcmlwdD4=)")]
    [InlineData("[x](vbscript:msgbox)")]
    [InlineData("[x](//evil.example/a)")]
    [InlineData("[x](/sign-out)")]
    [InlineData("[x](\\\\evil.example\\a)")]
    [InlineData("[x](https:evil)")]
    [InlineData("[x](file:///etc/passwd)")]
    [InlineData("[x](../../../etc/passwd)")]
    [InlineData("[x][r]\n\n[r]: javascript:alert(1)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("![x](https://evil.example/track.png)")]
    [InlineData("![x](javascript:alert(1) \"t\")")]
    [InlineData("[x](https://a.example/\" onmouseover=alert(1) \")")]
    [InlineData("```html onload=alert(1)\n<script>\n```")]
    [InlineData("| a |\n| :-: |\n| <b onclick=x> |")]
    [InlineData("a{onclick=alert(1)}")]
    public void Nothing_of_its_author_runs_or_leads_where_it_must_not(string markdown)
    {
        foreach (var element in Page(markdown).Descendants())
        {
            Assert.Contains(element.Name.LocalName, new[] { "p", "a", "pre", "code", "div", "table", "thead", "tbody", "tr", "th", "td", "em", "strong", "ul", "ol", "li" });
            foreach (var attribute in element.Attributes())
            {
                Assert.Contains(attribute.Name.LocalName, new[] { "href", "tabindex", "role", "aria-label", "class" });
                Assert.True(attribute.Name.LocalName != "href" || attribute.Value.StartsWith("https://a.example/", StringComparison.Ordinal), attribute.Value);
            }
        }
    }

    [Theory]
    [InlineData("[x](https://a.example/b?c=d&e#f)", "https://a.example/b?c=d&e#f")]
    [InlineData("<https://a.example/>", "https://a.example/")]
    [InlineData("<kim@a.example>", "mailto:kim@a.example")]
    [InlineData("[x](mailto:kim@a.example)", "mailto:kim@a.example")]
    [InlineData("[x](other.md)", "/documents/other")]
    [InlineData("[x](./other.md#part)", "/documents/other")]
    [InlineData("[x](../articles/printer.md)", "/documents/printer")]
    [InlineData("[x](missing.md)", null)]
    [InlineData("[x](#part)", null)]
    public void Links_lead_to_the_web_mail_and_other_documents(string markdown, string? address) =>
        Assert.Equal(address, Page(markdown).Descendants("a").FirstOrDefault()?.Attribute("href")?.Value);

    [Fact]
    public void A_link_that_leads_nowhere_is_its_words() => Assert.Equal("<p>See <em>it</em> here.</p>\n", Html("See [*it*](javascript:x) here."));

    [Theory]
    [InlineData("# T\n\n## A\n\n### B", "h2 h3")]
    [InlineData("# T\n\n# A\n\n## B", "h2 h2")]
    [InlineData("## A\n\n##### B\n\n## C\n\n# D", "h2 h3 h2 h2")]
    [InlineData("###### A", "h2")]
    [InlineData("> # A\n\nText", "h2")]
    public void Headings_are_below_the_pages_own_and_none_is_left_out(string markdown, string levels) =>
        Assert.Equal(levels, string.Join(' ', Page(markdown).Descendants().Select(static one => one.Name.LocalName).Where(static name => name.Length == 2 && name[0] == 'h')));

    [Fact]
    public void Wide_things_can_be_scrolled_with_the_keyboard_and_have_names()
    {
        var page = Page("| a | b |\n| --- | --: |\n| 1 | 2 |\n\n    code <b>\n\n| c | d |\n| --- | --- |\n| 3 | 4 |");
        Assert.Equal(["Table 1 scroll 0 region", "Table 2 scroll 0 region"], page.Descendants("div").Select(static frame => $"{frame.Attribute("aria-label")?.Value} {frame.Attribute("class")?.Value} {frame.Attribute("tabindex")?.Value} {frame.Attribute("role")?.Value}"));
        Assert.Equal("code <b>", Assert.Single(page.Descendants("pre"), static one => one.Attribute("tabindex")?.Value == "0").Value.TrimEnd());
        Assert.DoesNotContain(page.Descendants().Attributes(), static attribute => attribute.Name.LocalName == "style");
    }

    [Theory]
    [InlineData(">", 30_000)]
    [InlineData("> ", 30_000)]
    [InlineData("[", 30_000)]
    [InlineData("![", 30_000)]
    [InlineData("*a _b ", 10_000)]
    [InlineData("**a__b", 10_000)]
    [InlineData("`", 60_000)]
    [InlineData("&", 60_000)]
    [InlineData("<", 60_000)]
    [InlineData("[a](", 15_000)]
    [InlineData("- ", 30_000)]
    [InlineData("|", 60_000)]
    [InlineData("a|b\n-|-\n", 8_000)]
    [InlineData("[a]: b\n", 9_000)]
    [InlineData("\\", 60_000)]
    public void What_is_made_to_choke_a_reader_is_read_or_refused_soon(string piece, int times)
    {
        var text = string.Concat(Enumerable.Repeat(piece, times));
        var clock = Stopwatch.StartNew();
        try
        {
            _ = Html(text);
            _ = DocumentMarkdown.Plain(text);
        }
        catch (DocumentDepthException error)
        {
            Assert.Contains("nested deeper", error.Message, StringComparison.Ordinal);
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"It took {clock.Elapsed}.");
    }

    [Fact]
    public void Nesting_beyond_any_document_is_refused()
    {
        _ = Assert.Throws<DocumentDepthException>(static () => Html(new string('>', 500) + " x"));
        _ = Html(string.Concat(Enumerable.Repeat("> ", 10)) + "x");
    }

    [Fact]
    public void The_words_of_a_document_are_without_its_marks() =>
        Assert.Equal("Title Stop it at once. a 1 run it & <b>", DocumentMarkdown.Plain("# Title\n\n**Stop** [it](x.md) at\nonce.\n\n| a |\n| - |\n| 1 |\n\n```\nrun it\n```\n\n&amp; <b>"));

    /// <summary>Read as XML, which forgives no tag that is left open.</summary>
    private static XElement Page(string markdown) => XElement.Parse($"<body>{Html(markdown)}</body>");

    private static string Html(string markdown) =>
        DocumentHtml.Render("sops/restart.md", markdown, static file => file is "sops/other.md" or "articles/printer.md" ? "/documents/" + Path.GetFileNameWithoutExtension(file) : null);
}
