using System.Globalization;
using System.Text;

namespace Maintenance.Tickets.Search;

/// <summary>
/// The words of a text, as they are looked for: letters and digits of any script, without case and accents. What has no blanks between its words (Chinese, Japanese,
/// Thai, …) is cut into pairs of neighbours.
/// </summary>
public static class TicketWords
{
    /// <summary>Shorter words are not looked for.</summary>
    public const int Shortest = 2;

    /// <summary>Of longer words so many characters are looked for.</summary>
    public const int Longest = 40;

    /// <summary>The words of a text in order, some perhaps several times.</summary>
    public static IEnumerable<string> In(string? text)
    {
        var word = new StringBuilder();
        var pairs = new List<string>();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (HasNoBlanks(rune))
            {
                if (Taken(word) is { } before)
                {
                    yield return before;
                }

                pairs.Add(Folded(rune));
                continue;
            }

            var kind = KindOf(rune);
            if (kind == Kind.Accent)
            {
                continue;
            }

            foreach (var pair in Paired(pairs))
            {
                yield return pair;
            }

            if (kind == Kind.Letter)
            {
                _ = word.Append(Folded(rune));
            }
            else if (Taken(word) is { } ended)
            {
                yield return ended;
            }
        }

        foreach (var pair in Paired(pairs))
        {
            yield return pair;
        }

        if (Taken(word) is { } last)
        {
            yield return last;
        }
    }

    private static string? Taken(StringBuilder word)
    {
        if (word.Length == 0)
        {
            return null;
        }

        // Half of a pair of surrogates is no character.
        var length = word.Length <= Longest ? word.Length : char.IsHighSurrogate(word[Longest - 1]) ? Longest - 1 : Longest;
        var taken = word.ToString(0, length);
        _ = word.Clear();
        return taken.Length < Shortest ? null : taken;
    }

    /// <summary>Each with its neighbour; a lone one by itself.</summary>
    private static List<string> Paired(List<string> run)
    {
        if (run.Count == 0)
        {
            return [];
        }

        List<string> pairs = run.Count == 1 ? [run[0]] : [.. run.Zip(run.Skip(1), static (one, next) => one + next)];
        run.Clear();
        return pairs;
    }

    private static string Folded(Rune rune)
    {
        var lower = Rune.ToLowerInvariant(rune);
        return lower.IsBmp && FoldedLetters.Of((char)lower.Value) is { } fold ? fold : lower.ToString();
    }

    private static Kind KindOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        // The voicing of halfwidth kana, which Unicode calls letters.
        UnicodeCategory.ModifierLetter when rune.Value is 0xFF9E or 0xFF9F => Kind.Accent,
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Letter,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => IsAccent(rune.Value) ? Kind.Accent : Kind.Letter,

        // The vowels of Indic scripts are marks, and part of their words.
        UnicodeCategory.SpacingCombiningMark => Kind.Letter,

        // Soft hyphens, joiners and marks of direction stand inside words.
        UnicodeCategory.Format => Kind.Accent,
        _ => Kind.Other,
    };

    /// <summary>Marks that a reader may leave out: accents, points, harakat, nuktas, and the voicing of kana. Dots and strokes that make another letter are folded with it.</summary>
    private static bool IsAccent(int mark) => mark
        is >= 0x0300 and <= 0x036F or >= 0x0483 and <= 0x0487 or >= 0x0591 and <= 0x05C7 or >= 0x0610 and <= 0x061A or >= 0x064B and <= 0x065F or 0x0670 or >= 0x06D6 and <= 0x06ED
        or 0x093C or 0x09BC or 0x0A3C or 0x0ABC or 0x0B3C or >= 0x1AB0 and <= 0x1AFF or >= 0x1DC0 and <= 0x1DFF or >= 0x20D0 and <= 0x20F0 or 0x3099 or 0x309A
        or >= 0xFE00 and <= 0xFE0F or >= 0xFE20 and <= 0xFE2F or >= 0xE0100 and <= 0xE01EF;

    /// <summary>Letters of scripts that write words without blanks between them.</summary>
    private static bool HasNoBlanks(Rune rune) =>
        rune.Value is >= 0x0E00 and <= 0x0EFF or >= 0x1000 and <= 0x109F or >= 0x1780 and <= 0x17FF or >= 0x3005 and <= 0x3007 or >= 0x3041 and <= 0x30FF or >= 0x31F0 and <= 0x31FF
            or >= 0x3400 and <= 0x4DBF or >= 0x4E00 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF or >= 0xFF66 and <= 0xFF9D or >= 0x20000 and <= 0x3FFFF
        && KindOf(rune) == Kind.Letter;

    private enum Kind
    {
        Letter,
        Accent,
        Other,
    }
}
