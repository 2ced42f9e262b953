using System.Globalization;
using System.Text;

namespace Maintenance.Tickets.Attachments;

/// <summary>Names of files, as people send them, made harmless: what is stored, shown and offered for saving.</summary>
public static class AttachmentName
{
    /// <summary>The most characters of a name.</summary>
    public const int Longest = 120;

    private const string Forbidden = "<>:\"|?*";

    /// <summary>
    /// The name without folders, control characters and marks of direction (with which <c>txt.exe</c> reads as <c>exe.txt</c>), and without what file systems forbid.
    /// </summary>
    /// <exception cref="TicketActException">Nothing is left of it.</exception>
    public static string Clean(string? name)
    {
        var last = (name ?? "").Split('/', '\\')[^1];
        var kept = new StringBuilder();
        foreach (var rune in last.EnumerateRunes())
        {
            var isHarmless = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
            if (isHarmless)
            {
                _ = rune.IsAscii && Forbidden.Contains((char)rune.Value, StringComparison.Ordinal) ? kept.Append('_') : kept.Append(rune.ToString());
            }
        }

        var clean = kept.ToString().Trim().Trim('.', ' ');
        if (clean.Length == 0)
        {
            throw new TicketActException("name", "Name the file, with its ending: screen.png, say.");
        }

        if (clean.Length <= Longest)
        {
            return clean;
        }

        // The ending says what it is, so it stays.
        var ending = EndingOf(clean) is { Length: > 0 and < 10 } end ? "." + end : "";
        var cut = Longest - ending.Length;
        return clean[..(char.IsHighSurrogate(clean[cut - 1]) ? cut - 1 : cut)] + ending;
    }

    /// <summary>What stands behind the last dot, in lower case; empty where there is none.</summary>
    public static string EndingOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var dot = name.LastIndexOf('.');
        return dot < 1 ? "" : name[(dot + 1)..].ToLowerInvariant();
    }
}
