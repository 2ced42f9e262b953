using System.Buffers;
using System.Globalization;
using System.Text;

namespace Maintenance.Plan.Document;

/// <summary>Writes a document as Markdown (CommonMark with pipe tables). Pure.</summary>
public static class MarkdownDocument
{
    /// <summary>What means something wherever it stands. A plan's words are words: never emphasis, a link or a tag.</summary>
    private static readonly SearchValues<char> Special = SearchValues.Create("\\`*_{}[]<>#|~!&^$");

    private static readonly char[] Blanks = [' ', '\t', '\r', '\n', '\v', '\f', '\u0085', '\u2028', '\u2029'];

    /// <summary>The text, with line feeds between its lines.</summary>
    public static string Write(PlanDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var text = new StringBuilder();
        _ = text.Append("# ").Append(Escape(document.Title)).Append("\n\n").Append(Escape(document.Subtitle)).Append("\n\n## Contents\n\n");
        foreach (var (index, section) in document.Sections.Index())
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"{index + 1}. {Escape(section.Title)}\n");
        }

        foreach (var section in document.Sections)
        {
            _ = text.Append("\n## ").Append(Escape(section.Title)).Append('\n');
            foreach (var block in section.Blocks)
            {
                _ = text.Append('\n');
                Write(text, block);
            }
        }

        return text.ToString();
    }

    /// <summary>Words as Markdown shows them: on one line, with nothing in them that means anything else.</summary>
    public static string Escape(string words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var text = new StringBuilder(words.Length);
        foreach (var word in words.Split(Blanks, StringSplitOptions.RemoveEmptyEntries))
        {
            var mark = text.Length == 0 ? MarkOfLine(word) : -1;
            _ = text.Append(text.Length == 0 ? "" : " ");
            foreach (var (at, letter) in word.Index())
            {
                _ = text.Append(at == mark || Special.Contains(letter) ? "\\" : "").Append(letter);
            }
        }

        return text.ToString();
    }

    /// <summary>Where in its first word a line would begin a list or a rule: <c>-</c>, <c>+</c>, <c>=</c>, <c>1.</c>; -1 for nowhere.</summary>
    private static int MarkOfLine(string word)
    {
        var digits = word.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return word[0] is '-' or '+' or '=' or ':' ? 0 : digits > 0 && word[digits] is ('.' or ')') ? digits : -1;
    }

    private static void Write(StringBuilder text, DocumentBlock block)
    {
        switch (block)
        {
            case DocumentHeading heading:
                _ = text.Append("### ").Append(Escape(heading.Text)).Append('\n');
                break;
            case DocumentText words:
                _ = text.Append(Escape(words.Text)).Append('\n');
                break;
            case DocumentFacts facts:
                foreach (var fact in facts.Items)
                {
                    _ = text.Append("- **").Append(Escape(fact.Name)).Append(":** ").Append(Escape(fact.Value)).Append('\n');
                }

                break;
            case DocumentTable table:
                Row(text, table.Heads.Select(Escape));
                Row(text, table.Heads.Select(static _ => "---"));
                foreach (var row in table.Rows)
                {
                    Row(text, row.Select(Escape));
                }

                break;
            default:
                throw new InvalidOperationException($"A {block.GetType().Name} cannot be written as Markdown.");
        }
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
