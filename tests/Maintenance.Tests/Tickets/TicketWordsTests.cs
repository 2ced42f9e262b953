using Maintenance.Tickets.Search;

namespace Maintenance.Tests.Tickets;

/// <summary>What counts as a word, and which words are the same.</summary>
public sealed class TicketWordsTests
{
    [Theory]
    [InlineData("The printer does not print.", "the printer does not print")]
    [InlineData("Form B-1, rev. 2026/11", "form rev 2026 11")]
    [InlineData("T-1042", "1042")]
    [InlineData("F-7K3M-9QXD-2BTV", "7k3m 9qxd 2btv")]
    [InlineData("l'imprimante d\u2019État", "imprimante etat")]
    [InlineData("a b c", "")]
    [InlineData("!? \u200d — …", "")]
    [InlineData("", "")]
    [InlineData(null, "")]
    [InlineData("😀 ok 😀😀", "ok")]
    public void Words_are_letters_and_digits_of_at_least_two(string? text, string words) => Assert.Equal(words, string.Join(' ', TicketWords.In(text)));

    [Theory]
    [InlineData("ÉLÈVE", "élève")]
    [InlineData("e\u0301le\u0300ve", "élève")]
    [InlineData("eleve", "Élève")]
    [InlineData("STRASSE", "Straße")]
    [InlineData("STRAẞE", "strasse")]
    [InlineData("Ａｂｃ１２", "abc12")]
    [InlineData("ﬁnance", "finance")]
    [InlineData("İSTANBUL", "istanbul")]
    [InlineData("ısparta", "Isparta")]
    [InlineData("ΣΊΣΥΦΟΣ", "Σίσυφος")]
    [InlineData("ЁЛКА", "елка")]
    [InlineData("Đặng", "dang")]
    [InlineData("Łódź", "lodz")]
    [InlineData("Ærø", "aero")]
    [InlineData("مُحَمَّد", "محمد")]
    [InlineData("أحمد", "احمد")]
    [InlineData("שָׁלוֹם", "שלום")]
    [InlineData("ｶﾞｲﾄﾞ", "ガイド")]
    [InlineData("soft\u00adhyphen", "softhyphen")]
    public void Case_accents_and_shapes_of_letters_make_no_other_word(string one, string other)
    {
        Assert.Equal(TicketWords.In(one), TicketWords.In(other));
        Assert.NotEmpty(TicketWords.In(one));
    }

    [Theory]
    [InlineData("東京都庁", "東京 京都 都庁")]
    [InlineData("駅", "駅")]
    [InlineData("OSは日本語", "os は日 日本 本語")]
    [InlineData("สวัสดี", "สว วั ัส สด ดี")]
    [InlineData("出生 登記", "出生 登記")]
    public void What_has_no_blanks_is_cut_into_pairs(string text, string words) => Assert.Equal(words, string.Join(' ', TicketWords.In(text)));

    [Theory]
    [InlineData("हिन्दी")]
    [InlineData("কর্মী")]
    [InlineData("한국어")]
    [InlineData("ქართული")]
    [InlineData("አማርኛ")]
    public void Other_scripts_make_one_word(string text) => Assert.Single(TicketWords.In(text));

    [Fact]
    public void Of_a_long_word_the_first_forty_characters_count()
    {
        var word = new string('x', 39) + "y";
        Assert.Equal([word], TicketWords.In(word + "zzz"));

        // Not half of a character either.
        var odd = Assert.Single(TicketWords.In(new string('x', 39) + "𐐨𐐨"));
        Assert.Equal(new string('x', 39), odd);
    }

    [Fact]
    public void A_text_that_is_no_Unicode_is_read_all_the_same() => Assert.Equal(["ab", "cd"], TicketWords.In("ab\ud800cd"));
}
