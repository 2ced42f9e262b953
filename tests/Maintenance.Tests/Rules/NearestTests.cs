using FsCheck.Fluent;
using Maintenance.Plan;
using Maintenance.Tests.Rules.Oracles;

namespace Maintenance.Tests.Rules;

/// <summary>What somebody probably meant.</summary>
public sealed class NearestTests
{
    private static readonly string[] Words = ["schedule", "service", "services", "severity", "folder", "exclude", "notify", "escalation", "resolution", "response", "calendar"];

    [Theory]
    [InlineData("shedule", "schedule")]
    [InlineData("scheduel", "schedule")]
    [InlineData("scheduled", "schedule")]
    [InlineData("schedulw", "schedule")]
    [InlineData("servce", "service")]
    [InlineData("serivce", "service")]
    [InlineData("escallation", "escalation")]
    [InlineData("resolutoin", "resolution")]
    [InlineData("services", "services")]
    [InlineData("banana", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    [InlineData("xxxxxxxx", null)]
    public void A_slip_finds_its_word(string text, string? expected) => Assert.Equal(expected, Nearest.Find(text, Words));

    [Fact]
    public void Among_none_there_is_none() => Assert.Null(Nearest.Find("schedule", []));

    [Fact]
    public void A_word_so_short_that_all_of_it_is_wrong_is_not_near() => Assert.Null(Nearest.Find("ab", ["xy", "cd"]));

    [Fact]
    public void A_hint_asks_and_is_silent_where_nothing_is_near()
    {
        Assert.Equal("Did you mean 'schedule'?", Nearest.Hint("shedule", Words));
        Assert.Null(Nearest.Hint("banana", Words));
    }

    [Fact]
    public void No_candidate_is_nearer_than_the_one_found_and_one_slip_in_a_word_of_five_is_always_found() => Law.Holds(
        from word in Gen.Elements(Words)
        from slips in Gen.Choose(1, 3)
        from places in Gen.ArrayOf(Gen.Choose(0, 1000), slips)
        from kinds in Gen.ArrayOf(Gen.Choose(0, 3), slips)
        from letters in Gen.ArrayOf(Gen.Elements('a', 'e', 's', 'q', 'z'), slips)
        select Enumerable.Range(0, slips).Aggregate(word, (text, slip) => Slip(text, kinds[slip], places[slip], letters[slip])),
        500,
        static text =>
        {
            var least = Words.Min(word => Slips.Between(text, word));
            var found = Nearest.Find(text, Words);
            Assert.True(found is null || Slips.Between(text, found) == least, $"{text}: {found}");
            Assert.True(found is not null || least > 1, $"{text}: none");
        });

    private static string Slip(string text, int kind, int place, char letter)
    {
        var at = place % Math.Max(1, text.Length - 1);
        return kind switch
        {
            0 => text.Insert(at, letter.ToString()),
            1 => text.Remove(at, 1),
            2 => string.Concat(text.AsSpan(0, at), letter.ToString(), text.AsSpan(at + 1)),
            _ => string.Concat(text.AsSpan(0, at), $"{text[at + 1]}{text[at]}", text.AsSpan(at + 2)),
        };
    }
}
