using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Maintenance.Knowledge;

/// <summary>The Markdown of documents: how it is read, and what it says without its marks. Raw HTML is text like any other.</summary>
public static class DocumentMarkdown
{
    /// <summary>Deeper nested lists and quotes are no document; the reader itself would go on until its stack ends.</summary>
    public const int MaxDepth = 24;

    /// <summary>How documents are read: CommonMark with pipe tables.</summary>
    internal static MarkdownPipeline Pipeline { get; } = new MarkdownPipelineBuilder { MaximumNestingDepth = MaxDepth }.UsePipeTables().DisableHtml().Build();

    /// <summary>The text as a tree.</summary>
    /// <exception cref="DocumentDepthException">It is nested too deep.</exception>
    internal static MarkdownDocument Parse(string body)
    {
        try
        {
            return Markdown.Parse(body, Pipeline);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            // The way in which Markdig says that its limit is reached.
            throw new DocumentDepthException(error);
        }
    }

    /// <summary>The words of the first heading, where the text begins with one; else null.</summary>
    public static string? Heading(string body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var line = body.ReplaceLineEndings("\n").Split('\n').FirstOrDefault(static line => line.Trim().Length > 0);
        return line is not null && line.StartsWith("# ", StringComparison.Ordinal) && line[2..].Trim() is { Length: > 0 } words ? words : null;
    }

    /// <summary>What it says: words, code and the texts of links, with blanks between lines and blocks.</summary>
    /// <exception cref="DocumentDepthException">It is nested too deep.</exception>
    public static string Plain(string body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var words = new List<string>();
        foreach (var block in Parse(body).Descendants().OfType<LeafBlock>())
        {
            if (block.Inline is { } inline)
            {
                words.Add(Words(inline));
            }
            else if (block is CodeBlock code)
            {
                words.Add(code.Lines.ToString());
            }
        }

        return string.Join(' ', string.Join(' ', words).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The addresses of its links, each with its line of the body, from 1.</summary>
    /// <exception cref="DocumentDepthException">It is nested too deep.</exception>
    public static IReadOnlyList<(string Url, int Line)> Links(string body) =>
        [.. Parse(body).Descendants<LinkInline>().Where(static link => !link.IsImage && link.Url is { Length: > 0 }).Select(static link => (link.Url!, link.Line + 1))];

    /// <summary>The words of what stands in a line.</summary>
    internal static string Words(ContainerInline inline) => string.Concat(inline.Descendants().Select(static one => one switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        AutolinkInline link => link.Url,
        LineBreakInline => " ",
        _ => "",
    }));
}

/// <summary>A document's lists or quotes are nested too deep to be read.</summary>
public sealed class DocumentDepthException(Exception inner) : Exception($"Its lists, quotes or emphasis are nested deeper than {DocumentMarkdown.MaxDepth} levels.", inner);
