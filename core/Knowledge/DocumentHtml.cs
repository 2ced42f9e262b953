using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Maintenance.Knowledge;

/// <summary>
/// A document's text as HTML that a page may hold: no markup of its author's own, links that lead only where <see cref="DocumentLinks"/> lets them, no pictures (their words
/// stand there), no styles, headings below the page's own and none left out, and wide things in frames that can be scrolled with the keyboard.
/// </summary>
public static class DocumentHtml
{
    /// <summary>The HTML.</summary>
    /// <param name="file">The file, relative to the plan's folder: links are relative to it.</param>
    /// <param name="body">Its Markdown.</param>
    /// <param name="pageOf">The page of a file of the plan's folder; null where it has none.</param>
    /// <param name="table">What a table is called in the page's language.</param>
    /// <exception cref="DocumentDepthException">It is nested too deep.</exception>
    public static string Render(string file, string body, Func<string, string?> pageOf, string table = "Table")
    {
        var tree = DocumentMarkdown.Parse(body);
        Shift(tree);
        using var text = new StringWriter { NewLine = "\n" };
        var renderer = new HtmlRenderer(text);
        DocumentMarkdown.Pipeline.Setup(renderer);
        renderer.ObjectRenderers.ReplaceOrAdd<Markdig.Renderers.Html.Inlines.LinkInlineRenderer>(new Links(url => DocumentLinks.Target(file, url, pageOf)));
        renderer.ObjectRenderers.ReplaceOrAdd<Markdig.Renderers.Html.Inlines.AutolinkInlineRenderer>(new Autolinks(url => DocumentLinks.Target(file, url, static _ => null)));
        renderer.ObjectRenderers.ReplaceOrAdd<CodeBlockRenderer>(new Code());
        renderer.ObjectRenderers.ReplaceOrAdd<HtmlTableRenderer>(new Tables(table));
        _ = renderer.Render(tree);
        return text.ToString();
    }

    /// <summary>The page's title is its one first heading: the text's own, where it begins with one, is left out, and no other is above the second level or skips one.</summary>
    private static void Shift(MarkdownDocument tree)
    {
        if (tree.Count > 0 && tree[0] is HeadingBlock { Level: 1 })
        {
            tree.RemoveAt(0);
        }

        var before = 1;
        foreach (var heading in tree.Descendants<HeadingBlock>())
        {
            before = heading.Level = Math.Min(Math.Max(2, heading.Level), before + 1);
        }
    }

    private sealed class Links(Func<string, string?> target) : HtmlObjectRenderer<LinkInline>
    {
        protected override void Write(HtmlRenderer renderer, LinkInline obj)
        {
            if (obj.IsImage || target(obj.GetDynamicUrl?.Invoke() ?? obj.Url ?? "") is not { } address)
            {
                renderer.WriteChildren(obj);
                return;
            }

            _ = renderer.Write("<a href=\"").WriteEscapeUrl(address).Write("\">");
            renderer.WriteChildren(obj);
            _ = renderer.Write("</a>");
        }
    }

    private sealed class Autolinks(Func<string, string?> target) : HtmlObjectRenderer<AutolinkInline>
    {
        protected override void Write(HtmlRenderer renderer, AutolinkInline obj)
        {
            if (target(obj.IsEmail ? "mailto:" + obj.Url : obj.Url) is not { } address)
            {
                _ = renderer.WriteEscape(obj.Url);
                return;
            }

            _ = renderer.Write("<a href=\"").WriteEscapeUrl(address).Write("\">").WriteEscape(obj.Url).Write("</a>");
        }
    }

    private sealed class Code : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock obj)
        {
            _ = renderer.EnsureLine().Write("<pre tabindex=\"0\"><code>");
            _ = renderer.WriteLeafRawLines(obj, writeEndOfLines: true, escape: true);
            _ = renderer.WriteLine("</code></pre>");
        }
    }

    private sealed class Tables(string name) : HtmlTableRenderer
    {
        private int _count;

        protected override void Write(HtmlRenderer renderer, Table table)
        {
            // Alignment would be written as styles, which no page allows.
            foreach (var column in table.ColumnDefinitions)
            {
                column.Alignment = null;
            }

            _ = renderer.EnsureLine().Write($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"").WriteEscape($"{name} {++_count}").Write("\">");
            base.Write(renderer, table);
            _ = renderer.WriteLine("</div>");
        }
    }
}
