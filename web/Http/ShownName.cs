using System.Globalization;
using System.Text;

namespace Maintenance.Web.Http;

/// <summary>
/// Names of files as other systems gave them: any characters at all. Shown, none may reorder, hide or break what stands around it; saved, none may be a path or
/// something that a file system takes for another thing.
/// </summary>
public static class ShownName
{
    private const int MostSavedCharacters = 180;

    /// <summary>For people: characters that one cannot see, or that turn others around, as <c>\u{202E}</c>.</summary>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!name.EnumerateRunes().Any(IsHidden))
        {
            return name;
        }

        var shown = new StringBuilder(name.Length + 16);
        foreach (var rune in name.EnumerateRunes())
        {
            _ = IsHidden(rune) ? shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X4}}}") : shown.Append(rune.ToString());
        }

        return shown.ToString();
    }

    /// <summary>The name under which a browser saves what lies at a path: its last part, without anything that is special in a name anywhere.</summary>
    public static string ToSave(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var name = new StringBuilder();
        foreach (var rune in path[(path.LastIndexOf('/') + 1)..].EnumerateRunes())
        {
            if (name.Length >= MostSavedCharacters)
            {
                break;
            }

            _ = name.Append(IsHidden(rune) || rune == Rune.ReplacementChar || "\\/:*?\"<>|;%".Contains((char)Math.Min(rune.Value, char.MaxValue), StringComparison.Ordinal) ? "_" : rune.ToString());
        }

        // Hidden on Unix, and cut off on Windows.
        var text = name.ToString().Trim(' ').TrimEnd('.', ' ');
        return text.Trim('.', '_', ' ').Length == 0 ? "file" : text.StartsWith('.') ? "_" + text : text;
    }

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
