using System.Diagnostics;
using System.Text;
using FsCheck.Fluent;
using Maintenance.Feedback;

namespace Maintenance.Tests.Rules;

/// <summary>What counts as the same words.</summary>
public sealed class FoldedTextTests
{
    private static readonly int[] Alphabet =
    [
        'a', 'Z', 'ß', 0x1E9E, 'ﬀ', 'Σ', 'σ', 'ς', 'İ', 'ı', 'I', 'i', 'ŉ', 'ǰ', 'é', 'e', 0x301, 0x323, 0x307, 0x345, 'α', 'Ω', 0x1FB3, 0x1FBC, 'ᾳ', '각', 'ᄀ', 0x1161, 0x11A8, 'ｶ', 0xFF9E, '①', '½',
        'Ａ', 0x1D400, 0x2F81A, 0x1F600, 0x200D, 0xAD, ' ', '\t', '!', '«', '-', '_', '.', '+', 'Ж', 'Ѳ', 0x10400, 'ǅ', 'ſ', 'K', 'Å',
    ];

    [Theory]
    [InlineData("Straße", "STRASSE")]
    [InlineData("straße", "STRAẞE")]
    [InlineData("ΟΔΟΣ", "οδος")]
    [InlineData("ΟΔΟΣ", "οδοσ")]
    [InlineData("İstanbul", "i̇stanbul")]
    [InlineData("KELVIN", "Kelvin")]
    [InlineData("ﬁnance", "FINANCE")]
    [InlineData("é", "e\u0301")]
    [InlineData("Ṩ", "s\u0307\u0323")]
    [InlineData("ＦＵＬＬ　ＷＩＤＴＨ", "full width")]
    [InlineData("ｶﾞ", "ガ")]
    [InlineData("각", "\u1100\u1161\u11a8")]
    [InlineData("①", "1")]
    [InlineData("ᾼ", "αι")]
    [InlineData("ᾴ", "α\u0345\u0301")]
    [InlineData("Ångström", "A\u030angstro\u0308m")]
    [InlineData("𝐀𝐝𝐚", "ada")]
    [InlineData("It does NOT print!", "it does not print")]
    [InlineData("  it's\nbroken…", "Its broken")]
    [InlineData("«Ça ne marche pas !»", "ça ne marche pas")]
    [InlineData("co\u00adop", "coop")]
    [InlineData("zero\u200bwidth", "zerowidth")]
    [InlineData("l’eau", "l'eau")]
    public void These_say_the_same(string one, string other) => Assert.Equal(FoldedText.Words(one), FoldedText.Words(other));

    [Theory]
    [InlineData("C", "C++")]
    [InlineData("Istanbul", "İstanbul")]
    [InlineData("cote", "côte")]
    [InlineData("1", "2")]
    [InlineData("ı", "i")]
    [InlineData("がく", "かく")]
    public void These_do_not(string one, string other) => Assert.NotEqual(FoldedText.Words(one), FoldedText.Words(other));

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    [InlineData("?!… – « »")]
    [InlineData("\u200b\u00ad\ufeff")]
    public void These_have_no_words(string text) => Assert.Empty(FoldedText.Words(text));

    [Fact]
    public void A_contact_keeps_its_punctuation() => Assert.Equal("kim.o'neil@example.org", FoldedText.Of("Kim.O'Neil@EXAMPLE.org"));

    [Fact]
    public void Folded_text_folds_to_itself() => Law.Holds(Texts, 3000, static text =>
    {
        Assert.Equal(FoldedText.Of(text), FoldedText.Of(FoldedText.Of(text)));
        Assert.Equal(FoldedText.Words(text), FoldedText.Words(FoldedText.Words(text)));
    });

    [Fact]
    public void Case_makes_no_difference_nor_does_what_stands_between_words() => Law.Holds(
        from text in Texts
        from gap in Gen.Elements(" ", "! ", ", ", " – ", "\n\n", "\u200b", "")
        select (text, gap),
        3000,
        static given =>
        {
            // Upper case in the runtime's simple way: where that changes a meaning (ı to I, the iota below to one beside), the standard says that they are two.
            var upper = string.Concat(given.text.EnumerateRunes().Select(static rune => rune.Value is 'ı' or 0x345 ? rune.ToString() : Rune.ToUpperInvariant(rune).ToString()));
            Assert.Equal(FoldedText.Words(given.text), FoldedText.Words(upper));
            Assert.Equal(FoldedText.Words(given.text), FoldedText.Words("¡" + given.gap + given.text + given.gap + "!"));
        });

    [Fact]
    public void Every_character_folds_and_long_texts_of_marks_take_no_time()
    {
        for (var code = 0; code <= 0x10FFFF; code++)
        {
            if (code is < 0xD800 or > 0xDFFF)
            {
                var folded = FoldedText.Of(char.ConvertFromUtf32(code));
                Assert.Equal(folded, FoldedText.Of(folded));
            }
        }

        var watch = Stopwatch.StartNew();
        _ = FoldedText.Words(string.Concat(Enumerable.Repeat("\u0301\u0323", 20_000)));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    [Fact]
    public void Halves_of_pairs_do_no_harm() => Assert.Equal("a\uFFFDb", FoldedText.Words("A\ud800B"));

    /// <summary>Only where that Python knows the same version of Unicode: another one knows other characters.</summary>
    [SkippablePythonFact]
    public void The_table_is_what_its_program_writes()
    {
        var (script, table) = (Find("tests/FoldingTable/write_folding.py"), File.ReadAllLines(Find("core/Feedback/folding.txt")));
        var written = SkippablePythonFactAttribute.Run(script).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (written[0] == table[0])
        {
            Assert.Equal(table, written);
        }
    }

    private static string Find(string path)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Join(folder, path)))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new FileNotFoundException(path);
        }

        return Path.Join(folder, path);
    }

    private static FsCheck.Gen<string> Texts => Gen.Elements(Alphabet).ListOf().Select(static codes => string.Concat(codes.Take(40).Select(char.ConvertFromUtf32)));
}

/// <summary>A test that runs Python: skipped, and said so, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SkippablePythonFactAttribute : FactAttribute
{
    public SkippablePythonFactAttribute()
    {
        try
        {
            _ = Start("--version");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Skip = "python3 is missing.";
        }
    }

    /// <summary>What a script writes.</summary>
    public static string Run(string script) => Start(script);

    private static string Start(string argument)
    {
        using var process = Process.Start(new ProcessStartInfo("python3", [argument]) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said;
    }
}
