using System.Net;
using System.Text;

namespace Maintenance.Plan.Document;

/// <summary>Writes a document as one HTML file that needs nothing beside it: to be handed over or printed. Pure.</summary>
public static class HtmlDocument
{
    private const string Style =
        "body{font:15px/1.45 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1d211f}h2{margin-top:2.2rem}table{border-collapse:collapse;width:100%;margin:.8rem 0}"
        + "th,td{border:1px solid #c9c9c2;padding:.35rem .6rem;text-align:left;vertical-align:top}thead th{background:#f1f1ec}dt{font-weight:600}dd{margin:0 0 .4rem}tr{break-inside:avoid}h2,h3{break-after:avoid}";

    /// <summary>The file's text.</summary>
    public static string Write(PlanDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var text = new StringBuilder();
        _ = text.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
            .Append(Of(document.Title)).Append(" · ").Append(Of(document.Subtitle)).Append("</title>\n<style>").Append(Style).Append("</style>\n</head>\n<body>\n<h1>").Append(Of(document.Title))
            .Append("</h1>\n<p>").Append(Of(document.Subtitle)).Append("</p>\n<nav aria-label=\"Contents\"><h2>Contents</h2>\n<ol>\n");
        foreach (var section in document.Sections)
        {
            _ = text.Append("<li><a href=\"#").Append(Of(section.Id)).Append("\">").Append(Of(section.Title)).Append("</a></li>\n");
        }

        _ = text.Append("</ol>\n</nav>\n");
        foreach (var section in document.Sections)
        {
            _ = text.Append("<h2 id=\"").Append(Of(section.Id)).Append("\">").Append(Of(section.Title)).Append("</h2>\n");
            foreach (var block in section.Blocks)
            {
                Write(text, block);
            }
        }

        return text.Append("</body>\n</html>\n").ToString();
    }

    private static void Write(StringBuilder text, DocumentBlock block)
    {
        switch (block)
        {
            case DocumentHeading heading:
                _ = text.Append("<h3>").Append(Of(heading.Text)).Append("</h3>\n");
                break;
            case DocumentText words:
                _ = text.Append("<p>").Append(Of(words.Text)).Append("</p>\n");
                break;
            case DocumentFacts facts:
                _ = text.Append("<dl>\n").AppendJoin("", facts.Items.Select(static fact => $"<dt>{Of(fact.Name)}</dt><dd>{Of(fact.Value)}</dd>\n")).Append("</dl>\n");
                break;
            case DocumentTable table:
                _ = text.Append("<table>\n<thead><tr>").AppendJoin("", table.Heads.Select(static head => $"<th scope=\"col\">{Of(head)}</th>")).Append("</tr></thead>\n<tbody>\n");
                foreach (var row in table.Rows)
                {
                    _ = text.Append("<tr><th scope=\"row\">").Append(Of(row[0])).Append("</th>").AppendJoin("", row.Skip(1).Select(static cell => $"<td>{Of(cell)}</td>")).Append("</tr>\n");
                }

                _ = text.Append("</tbody>\n</table>\n");
                break;
            default:
                throw new InvalidOperationException($"A {block.GetType().Name} cannot be written as HTML.");
        }
    }

    private static string Of(string words) => WebUtility.HtmlEncode(words);
}
