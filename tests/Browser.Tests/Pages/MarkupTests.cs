using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Maintenance.BrowserTests.Browsing;

namespace Maintenance.BrowserTests.Pages;

/// <summary>The source of every page, as the server sent it.</summary>
[Collection(PagesGroup.Name)]
public sealed class MarkupTests(Browsers browsers, FurnishedRegister here)
{
    private const int LargestPage = 100 * 1024;

    private static readonly HtmlParser Strict = new(new HtmlParserOptions { IsStrictMode = true });

    public static TheoryData<string> Names { get; } = [.. Sight.All.Keys];

    [BrowserTheory]
    [MemberData(nameof(Names))]
    public async Task A_page_is_valid_HTML_and_small(string page)
    {
        var sight = Sight.All[page];
        await using var visit = await here.VisitAsync(browsers, sight.Person, new Look { HasScript = false });
        await sight.GoAsync(visit, here);
        var source = await visit.Shown!.TextAsync().WithinAsync(Patience.Usual, "the source of " + page);
        await visit.EndAsync();
        Assert.True(Encoding.UTF8.GetByteCount(source) < LargestPage, $"{page} has {Encoding.UTF8.GetByteCount(source)} bytes.");
        try
        {
            var faults = Faults(Strict.ParseDocument(source)).ToList();
            Assert.True(faults.Count == 0, $"{page}:\n{string.Join('\n', faults)}");
        }
        catch (HtmlParseException error)
        {
            var at = source.Split('\n')[error.Position.Line - 1];
            Assert.Fail($"{page}, line {error.Position.Line}, column {error.Position.Column}: {error.Message}\n{at[Math.Max(0, Math.Min(at.Length, error.Position.Column) - 200)..Math.Min(at.Length, error.Position.Column + 60)]}");
        }
    }

    private static IEnumerable<string> Faults(IHtmlDocument document)
    {
        var ids = document.All.Select(static element => element.Id).OfType<string>().ToList();
        foreach (var twice in ids.GroupBy(static id => id, StringComparer.Ordinal).Where(static group => group.Count() > 1))
        {
            yield return $"The id {twice.Key} is there {twice.Count()} times.";
        }

        foreach (var element in document.All)
        {
            foreach (var name in new[] { "for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form", "headers" })
            {
                foreach (var id in (element.GetAttribute(name) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(id => !ids.Contains(id)))
                {
                    yield return $"{Start(element)} names the id {id}, which is not there.";
                }
            }

            if (element.GetAttribute("href") is ['#', .. { Length: > 0 } anchor] && !ids.Contains(anchor))
            {
                yield return $"{Start(element)} leads nowhere.";
            }
        }

        // A browser mends these without a word, and they are not valid: no table within a paragraph reaches this place, but a block within an inline element does.
        foreach (var inline in document.QuerySelectorAll("span, strong, em, code, label, button, a, small, summary > *, h1, h2, h3, h4"))
        {
            foreach (var block in inline.QuerySelectorAll("div, p, ul, ol, dl, table, form, section, fieldset, pre, h1, h2, h3, h4").Where(_ => inline.LocalName is not "a"))
            {
                yield return $"{Start(inline)} holds {Start(block)}.";
            }
        }

        foreach (var nested in document.QuerySelectorAll("a a, a button, button a, button button, label label, form form, a input, button input"))
        {
            yield return $"{Start(nested)} lies in another one that is clicked.";
        }

        foreach (var inline in document.QuerySelectorAll("script:not([src]), style, [style], iframe, object, embed"))
        {
            yield return $"{Start(inline)}: the policy allows none.";
        }

        foreach (var field in document.QuerySelectorAll("input:not([type=hidden]):not([type=submit]), select, textarea"))
        {
            var isNamed = field.HasAttribute("aria-label") || field.HasAttribute("aria-labelledby") || field.Closest("label") is not null || document.QuerySelectorAll("label").Any(label => label.GetAttribute("for") == field.Id && field.Id is not null);
            if (!isNamed)
            {
                yield return $"{Start(field)} has no label.";
            }
        }

        var headings = document.QuerySelectorAll("h1, h2, h3, h4, h5, h6").Select(static heading => (Level: heading.LocalName[1] - '0', heading.TextContent)).ToList();
        if (headings.Count(static heading => heading.Level == 1) != 1)
        {
            yield return $"{headings.Count(static heading => heading.Level == 1)} headings are of the first level.";
        }

        foreach (var (before, after) in headings.Zip(headings.Skip(1)).Where(static pair => pair.Second.Level > pair.First.Level + 1))
        {
            yield return $"The heading '{after.TextContent}' skips a level after '{before.TextContent}'.";
        }

        if (string.IsNullOrWhiteSpace(document.Title) || document.DocumentElement.GetAttribute("lang") is not { Length: > 0 } || document.QuerySelectorAll("main").Length != 1)
        {
            yield return "A page has a title, a language and one main part.";
        }
    }

    private static string Start(IElement element) => element.OuterHtml is var html && html.Length > 120 ? html[..120].ReplaceLineEndings(" ") + "…" : element.OuterHtml;
}
