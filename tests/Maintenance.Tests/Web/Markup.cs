using System.Text;

namespace Maintenance.Tests.Web;

/// <summary>
/// A page as a browser's tokenizer takes it apart (HTML, section 13.2.5): start tags with their attributes, end tags and text. Comments and raw text do not occur in
/// what this system writes; where they did, that would be found.
/// </summary>
internal sealed record Markup(IReadOnlyList<MarkupTag> Tags, string Text)
{
    private static readonly string[] Void = ["meta", "link", "input", "br", "img", "hr"];

    /// <summary>The elements, in order of their start tags.</summary>
    public IEnumerable<MarkupTag> Elements => Tags.Where(static tag => !tag.IsEnd);

    /// <summary>What only the program decides: elements and the names of their attributes.</summary>
    public string Skeleton => string.Join('\n', Tags.Select(static tag => $"{(tag.IsEnd ? "/" : "")}{tag.Name} {string.Join(' ', tag.Attributes.Keys)}"));

    public static Markup Parse(string html)
    {
        var (tags, text) = (new List<MarkupTag>(), new StringBuilder());
        for (var at = 0; at < html.Length;)
        {
            if (html[at] != '<')
            {
                _ = text.Append(html[at++]);
            }
            else if (at + 1 < html.Length && html[at + 1] is '!' or '?')
            {
                // A browser takes "<!x" and "<?x" for comments: only the page's own first line may begin so.
                Assert.True(html.AsSpan(at).StartsWith("<!DOCTYPE html>", StringComparison.Ordinal), "A comment at: " + html[at..Math.Min(html.Length, at + 60)]);
                at = html.IndexOf('>', at) + 1;
            }
            else if (at + 1 < html.Length && (char.IsAsciiLetter(html[at + 1]) || (html[at + 1] == '/' && at + 2 < html.Length && char.IsAsciiLetter(html[at + 2]))))
            {
                tags.Add(Tag(html, ref at));
            }
            else
            {
                // Anything else after it is text.
                _ = text.Append(html[at++]);
            }
        }

        Close(tags);
        return new Markup(tags, System.Net.WebUtility.HtmlDecode(text.ToString()));
    }

    private static MarkupTag Tag(string html, ref int at)
    {
        at++;
        var isEnd = html[at] == '/';
        at += isEnd ? 1 : 0;
        var start = at;
        while (!IsSpace(html[at]) && html[at] is not ('/' or '>'))
        {
            at++;
        }

        var (name, attributes) = (html[start..at].ToLowerInvariant(), new Dictionary<string, string>(StringComparer.Ordinal));
        while (true)
        {
            while (IsSpace(html[at]) || html[at] == '/')
            {
                at++;
            }

            if (html[at] == '>')
            {
                at++;
                return new MarkupTag(name, isEnd, attributes);
            }

            start = at;
            while (!IsSpace(html[at]) && html[at] is not ('/' or '>' or '='))
            {
                at++;
            }

            var (attribute, value) = (html[start..at].ToLowerInvariant(), "");
            if (html[at] == '=')
            {
                at++;
                if (html[at] is '"' or '\'')
                {
                    var end = html.IndexOf(html[at], at + 1);
                    value = html[(at + 1)..end];
                    at = end + 1;
                }
                else
                {
                    start = at;
                    while (!IsSpace(html[at]) && html[at] != '>')
                    {
                        at++;
                    }

                    value = html[start..at];
                }
            }

            attributes.Add(attribute, System.Net.WebUtility.HtmlDecode(value));
        }
    }

    /// <summary>Every element ends, in the order in which it must.</summary>
    private static void Close(List<MarkupTag> tags)
    {
        var open = new Stack<string>();
        foreach (var tag in tags.Where(static tag => !Void.Contains(tag.Name)))
        {
            if (!tag.IsEnd)
            {
                open.Push(tag.Name);
            }
            else
            {
                Assert.Equal(open.Pop(), tag.Name);
            }
        }

        Assert.Empty(open);
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f';
}

/// <summary>A tag.</summary>
internal sealed record MarkupTag(string Name, bool IsEnd, IReadOnlyDictionary<string, string> Attributes)
{
    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);
}
