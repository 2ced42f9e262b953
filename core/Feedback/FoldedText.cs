using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Maintenance.Feedback;

/// <summary>
/// Text as it is compared: characters that mean the same (NFKC) and cases that differ (full case folding: ß and ss, Σ σ ς, İ and i̇) become one. Like the compatibility
/// caseless match of Unicode (D146), and left taken apart, since nobody reads it. The tables are the system's own: without the libraries of a culture, as it runs
/// everywhere, the runtime leaves text as it is where it is asked to normalise it.
/// </summary>
public static class FoldedText
{
    private const int Ypogegrammeni = 0x345;
    private const int Iota = 0x3B9;
    private const int FirstSyllable = 0xAC00;
    private const int LastSyllable = 0xD7A3;

    private static readonly Lazy<Tables> Data = new(Tables.Read);

    /// <summary>The text, folded.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Write(Fold(text, isWhole: true));
    }

    /// <summary>
    /// Its words, folded and run together: without punctuation, spaces, controls and what is not seen. Symbols stay, so that <c>C</c> and <c>C++</c> are two words.
    /// Empty where there is none.
    /// </summary>
    public static string Words(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Write(Fold(text, isWhole: false));
    }

    private static List<int> Fold(string text, bool isWhole)
    {
        var tables = Data.Value;
        var codes = new List<int>(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is >= FirstSyllable and <= LastSyllable)
            {
                TakeApart(rune.Value - FirstSyllable, codes);
            }
            else if (tables.Mapped.TryGetValue(rune.Value, out var mapped))
            {
                codes.AddRange(mapped);
            }
            else
            {
                codes.Add(rune.Value);
            }
        }

        if (!isWhole)
        {
            // Before the marks are put in order: those of what stood between are then marks of the word before it.
            _ = codes.RemoveAll(static code => IsBetweenWords(new Rune(code)));
        }

        Order(codes, tables.Classes);
        for (var i = 0; i < codes.Count; i++)
        {
            // Not before: as a mark it has its place among the marks, as a letter it would part them.
            codes[i] = codes[i] == Ypogegrammeni ? Iota : codes[i];
        }

        return codes;
    }

    /// <summary>The parts of a Hangul syllable (Unicode, section 3.12).</summary>
    private static void TakeApart(int syllable, List<int> codes)
    {
        codes.Add(0x1100 + (syllable / 588));
        codes.Add(0x1161 + (syllable % 588 / 28));
        if (syllable % 28 > 0)
        {
            codes.Add(0x11A7 + (syllable % 28));
        }
    }

    /// <summary>Marks in canonical order: each run of them by class, those of a class as they came.</summary>
    private static void Order(List<int> codes, FrozenDictionary<int, int> classes)
    {
        for (var start = 0; start < codes.Count; start++)
        {
            var end = start;
            while (end < codes.Count && classes.ContainsKey(codes[end]))
            {
                end++;
            }

            if (end - start > 1)
            {
                var run = codes.GetRange(start, end - start).OrderBy(code => classes[code]).ToList();
                for (var i = 0; i < run.Count; i++)
                {
                    codes[start + i] = run[i];
                }
            }

            start = Math.Max(start, end);
        }
    }

    private static bool IsBetweenWords(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
        or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Control or UnicodeCategory.Format;

    private static string Write(List<int> codes)
    {
        var text = new StringBuilder();
        foreach (var code in codes)
        {
            _ = text.Append(new Rune(code).ToString());
        }

        return text.ToString();
    }

    /// <summary>What <c>folding.txt</c> says; <c>tests/FoldingTable/write_folding.py</c> wrote it and describes it.</summary>
    private sealed record Tables(FrozenDictionary<int, int[]> Mapped, FrozenDictionary<int, int> Classes)
    {
        public static Tables Read()
        {
            var (mapped, classes) = (new Dictionary<int, int[]>(), new Dictionary<int, int>());
            using var reader = new StreamReader(typeof(FoldedText).Assembly.GetManifestResourceStream("folding.txt")!, Encoding.ASCII);
            while (reader.ReadLine() is { } line)
            {
                var fields = line.Split(' ');
                if (line[0] == '#')
                {
                    continue;
                }

                if (line[0] == '=')
                {
                    var (first, last) = Run(fields[1]);
                    for (var code = first; code <= last; code++)
                    {
                        classes[code] = int.Parse(fields[0].AsSpan(1), CultureInfo.InvariantCulture);
                    }

                    continue;
                }

                var (from, to) = Run(fields[0]);
                int[] target = [.. fields.Skip(1).Select(static field => Code(field))];
                for (var code = from; code <= to; code++)
                {
                    mapped[code] = target.Length == 1 ? [target[0] + code - from] : target;
                }
            }

            return new Tables(mapped.ToFrozenDictionary(), classes.ToFrozenDictionary());
        }

        private static (int First, int Last) Run(string text) =>
            text.Split('-') is [var first, var last] ? (Code(first), Code(last)) : (Code(text), Code(text));

        private static int Code(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
