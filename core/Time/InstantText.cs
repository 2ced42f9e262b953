using System.Globalization;

namespace Maintenance.Time;

/// <summary>Instants as people write them, on a command line or into an address: ISO 8601 with an offset.</summary>
public static class InstantText
{
    /// <summary>What is said of a text that is none.</summary>
    public const string Hint = "Write an instant with its offset, such as 2026-11-22T02:00:00Z or 2026-11-22T05:00+03:00.";

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads an instant.</summary>
    /// <param name="text">Such as <c>2026-11-22T02:00:00Z</c>; seconds may be left out.</param>
    /// <param name="instant">The instant (UTC).</param>
    /// <returns>False where it is none, or has no offset: it would be another instant on another machine.</returns>
    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        var isRead = DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) && hasOffset;
        instant = isRead ? read.ToUniversalTime() : default;
        return isRead;
    }
}
