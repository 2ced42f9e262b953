namespace Maintenance.Assets.Lifecycle;

/// <summary>Whether a version begins with another one, part by part: 3.1 begins 3.1.4, and does not begin 3.10.</summary>
public static class VersionPrefix
{
    /// <summary>True where it does. A letter v in front and an epoch of Debian (<c>1:</c>) are no part of a version's begin.</summary>
    public static bool Matches(string prefix, string version)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(version);
        var (front, whole) = (Bare(prefix), Bare(version));
        return front.Length > 0 && whole.StartsWith(front, StringComparison.OrdinalIgnoreCase) && (whole.Length == front.Length || !IsSamePart(front[^1], whole[front.Length]));
    }

    /// <summary>Digits go on with digits, letters with letters.</summary>
    private static bool IsSamePart(char last, char next) =>
        (char.IsAsciiDigit(last) && char.IsAsciiDigit(next)) || (char.IsAsciiLetter(last) && char.IsAsciiLetter(next));

    private static string Bare(string version)
    {
        var text = version.Trim();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        text = colon > 0 && text.AsSpan(0, colon).IndexOfAnyExceptInRange('0', '9') < 0 ? text[(colon + 1)..] : text;
        return text.Length > 1 && text[0] is 'v' or 'V' && char.IsAsciiDigit(text[1]) ? text[1..] : text;
    }
}
