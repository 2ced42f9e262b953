using System.Text.RegularExpressions;

namespace Maintenance.Web.Pages;

/// <summary>A piece of a text.</summary>
/// <param name="Text">As it is written.</param>
/// <param name="IsLink">True where it is the address of a web page.</param>
public sealed record TextPiece(string Text, bool IsLink);

/// <summary>Finds the addresses in what people wrote, so that a page can show them as links under their own text: nobody is led elsewhere than the text says. Pure.</summary>
public static partial class TextLinks
{
    /// <summary>The pieces of a text; put together they are the text. Only http and https are links; what closes a sentence or a bracket is none of an address.</summary>
    public static IReadOnlyList<TextPiece> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (pieces, at) = (new List<TextPiece>(), 0);
        foreach (var found in Address().EnumerateMatches(text))
        {
            var address = text.AsSpan(found.Index, found.Length).TrimEnd(".,;:!?)]}'\"").ToString();
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0)
            {
                continue;
            }

            if (found.Index > at)
            {
                pieces.Add(new TextPiece(text[at..found.Index], false));
            }

            pieces.Add(new TextPiece(address, true));
            at = found.Index + address.Length;
        }

        if (at < text.Length)
        {
            pieces.Add(new TextPiece(text[at..], false));
        }

        return pieces;
    }

    [GeneratedRegex(@"https?://[^\s<>""]+", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
