using System.Text;

namespace Maintenance.Recovery;

/// <summary>Writes text that is read in any editor: Markdown whose lines are broken, since whoever reads it may have nothing that renders or wraps it.</summary>
internal sealed class BreakGlassText
{
    private const int Width = 110;

    private readonly StringBuilder _text = new();

    /// <summary>A heading, with an empty line around it.</summary>
    public void Heading(int level, string title) => _text.Append(_text.Length == 0 || EndsEmpty ? "" : "\n").Append('#', level).Append(' ').Append(OneLine(title)).Append("\n\n");

    /// <summary>A paragraph, with an empty line after it.</summary>
    public void Paragraph(string text)
    {
        Wrap("", "", text);
        _text.Append('\n');
    }

    /// <summary>An item of a list.</summary>
    /// <param name="text">What it says.</param>
    /// <param name="level">How deep it is, from 0.</param>
    /// <param name="mark">What it begins with.</param>
    public void Item(string text, int level = 0, string mark = "-")
    {
        var first = new string(' ', 2 * level) + mark + " ";
        Wrap(first, new string(' ', first.Length), text);
    }

    /// <summary>Ends a list.</summary>
    public void End() => _text.Append('\n');

    /// <summary>Text as it is, between fences.</summary>
    public void Fenced(string fence, string kind, IEnumerable<string> lines)
    {
        _text.Append(fence).Append(kind.Length > 0 && fence[0] == '~' ? " " : "").Append(kind).Append('\n');
        foreach (var line in lines)
        {
            _text.Append(line).Append('\n');
        }

        _text.Append(fence).Append("\n\n");
    }

    /// <summary>Commands that are pasted into a shell.</summary>
    public void Commands(params IEnumerable<string> lines) => Fenced("```", "sh", lines);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString().TrimEnd('\n') + "\n";

    private bool EndsEmpty => _text.Length > 1 && _text[^1] == '\n' && _text[^2] == '\n';

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private void Wrap(string first, string next, string text)
    {
        var line = new StringBuilder(first);
        var isEmpty = true;
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isEmpty && line.Length + 1 + word.Length > Width)
            {
                _text.Append(line).Append('\n');
                line.Clear().Append(next);
                isEmpty = true;
            }

            line.Append(isEmpty ? "" : " ").Append(word);
            isEmpty = false;
        }

        _text.Append(line).Append('\n');
    }
}
