using Maintenance.Web.Http;

namespace Maintenance.Tests.Web;

/// <summary>Names that other systems gave: shown so that nothing hides, saved so that nothing is a path.</summary>
public sealed class ShownNameTests
{
    [Theory]
    [InlineData("births 2025.csv", "births 2025.csv")]
    [InlineData("naïve — 文件 😀.txt", "naïve — 文件 😀.txt")]
    [InlineData("a\nb\r\tc\0", "a\\u{000A}b\\u{000D}\\u{0009}c\\u{0000}")]
    [InlineData("gpj.\u202Eexe", "gpj.\\u{202E}exe")]
    [InlineData("a\u200Bb\uFEFF\u2028\u0085", "a\\u{200B}b\\u{FEFF}\\u{2028}\\u{0085}")]
    [InlineData("", "")]
    [InlineData("<b>&\"'", "<b>&\"'")]
    public void What_cannot_be_seen_or_turns_text_around_is_written_out(string name, string shown) => Assert.Equal(shown, ShownName.Of(name));

    [Fact]
    public void Half_a_surrogate_pair_costs_nothing_of_what_stands_around_it() => Assert.Equal("\uFFFD\\u{000A}", ShownName.Of("\uD800\n"));

    [Theory]
    [InlineData("births/2025.csv", "2025.csv")]
    [InlineData("a\nb\"c;d.txt", "a_b_c_d.txt")]
    [InlineData("x/gpj.\u202Eexe", "gpj._exe")]
    [InlineData("x/..", "file")]
    [InlineData("x/", "file")]
    [InlineData("..\\..\\win.ini", "_.._.._win.ini")]
    [InlineData("con:a*?<>|%", "con_a______")]
    [InlineData(".profile", "_.profile")]
    [InlineData("trailing. . ", "trailing")]
    [InlineData("文件.txt", "文件.txt")]
    public void A_saved_name_is_one_name_and_nothing_else(string path, string name) => Assert.Equal(name, ShownName.ToSave(path));

    [Fact]
    public void A_saved_name_is_no_longer_than_file_systems_take() => Assert.InRange(ShownName.ToSave(new string('x', 5000)).Length, 1, 200);
}
