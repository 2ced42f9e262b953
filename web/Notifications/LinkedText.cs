using System.Text.RegularExpressions;
using Maintenance.Notifications;

namespace Maintenance.Web.Notifications;

/// <summary>Texts with pages in them, whose addresses only the host knows.</summary>
public static partial class LinkedText
{
    /// <summary>True where a page is named.</summary>
    public static bool HasLink(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains(Notification.LinkMark);
    }

    /// <summary>The text with the full address of every page that it names.</summary>
    /// <param name="text">The text.</param>
    /// <param name="home">Any page of the host.</param>
    /// <param name="escape">What becomes of the text between the addresses; null for nothing.</param>
    public static string Render(string text, Uri home, Func<string, string>? escape = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        escape ??= static part => part;
        return string.Concat(Links().Split(text).Select(part => part.StartsWith(Notification.LinkMark) ? new Uri(home, part[1..]).ToString() : escape(part)));
    }

    /// <summary>The longest start of a text that fits, with a sign where it was cut; never in the middle of an address or of a character.</summary>
    public static string Cut(string text, Func<string, bool> fits)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fits);
        if (fits(text))
        {
            return text;
        }

        var (least, most) = (0, text.Length);
        while (most - least > 1)
        {
            var middle = (least + most) / 2;
            (least, most) = fits(Start(text, middle)) ? (middle, most) : (least, middle);
        }

        return Start(text, least);
    }

    private static string Start(string text, int length)
    {
        length -= length > 0 && char.IsHighSurrogate(text[length - 1]) ? 1 : 0;
        var mark = length == 0 ? -1 : text.LastIndexOf(Notification.LinkMark, length - 1);
        var isInside = mark >= 0 && text.AsSpan(mark, length - mark).IndexOfAny(" \n\r\t") < 0;
        return text[..(isInside ? mark : length)].TrimEnd() + "…";
    }

    [GeneratedRegex("(?<link>\uFFFC\\S*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Links();
}
