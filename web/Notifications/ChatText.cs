using System.Text.RegularExpressions;

namespace Maintenance.Web.Notifications;

/// <summary>Text that the public may have written, made such that mail and chats show it as it is: no link, no mention and no heading comes of it.</summary>
public static partial class ChatText
{
    /// <summary>One line: every line break and control character becomes a space.</summary>
    public static string Line(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Create(text.Length, text, static (line, source) =>
        {
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? ' ' : source[i];
            }
        });
    }

    /// <summary>For Slack, which has three characters to escape: with them go links and mentions ("Formatting text for app surfaces" in Slack's documentation).</summary>
    public static string ForSlack(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
    }

    /// <summary>For a TextBlock of an adaptive card, which reads Markdown: a backslash before every mark (CommonMark 0.31, section 2.4).</summary>
    public static string ForTeams(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return MarkdownMark().Replace(text, @"\$0");
    }

    /// <summary>What is a mark anywhere; and what is one only at the start of a line (lists, rules and underlines), so that dates and sums stay readable.</summary>
    [GeneratedRegex(@"[\\`*_{}\[\]()<>#!|~&]|(?<=^[ \t]*)[-+=]|(?<=^[ \t]*[0-9]+)[.]", RegexOptions.Multiline)]
    private static partial Regex MarkdownMark();
}
