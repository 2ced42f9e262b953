using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Maintenance.Knowledge;

namespace Maintenance.Tests.Knowledge;

/// <summary>What a version is made of.</summary>
public sealed class DocumentVersionTests
{
    [Fact]
    public void A_version_is_the_hash_of_title_and_text() =>
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("Restart\0Stop it.\n\nStart it."))), KnowledgeDocument.VersionOf("Restart", "Stop it.\n\nStart it."));

    [Theory]
    [InlineData("Stop it.\r\n\r\nStart it.")]
    [InlineData("\n\nStop it.  \n\t\nStart it.\n\n\n")]
    [InlineData("\uFEFFStop it.\n\nStart it.")]
    public void Line_ends_and_blanks_that_nobody_sees_make_no_version(string body) =>
        Assert.Equal(KnowledgeDocument.VersionOf("Restart", "Stop it.\n\nStart it."), KnowledgeDocument.VersionOf(" Restart ", body));

    [Theory]
    [InlineData("Restart", "Stop it.\nStart it.")]
    [InlineData("Restart", "Stop it.\n\nStart it!")]
    [InlineData("Restart", "  Stop it.\n\nStart it.")]
    [InlineData("Start", "Stop it.\n\nStart it.")]
    public void Words_structure_and_title_do(string title, string body) =>
        Assert.NotEqual(KnowledgeDocument.VersionOf("Restart", "Stop it.\n\nStart it."), KnowledgeDocument.VersionOf(title, body));

    [Fact]
    public void Upkeep_changes_no_version()
    {
        var document = new KnowledgeDocument("a", "sops/a.md", DocumentKind.Sop, "A", "Text");
        Assert.Equal(document.Version, (document with { Owner = "ada", Audience = ["dba"], Keywords = ["x"], Review = new ReviewPeriod(6, 0), Supersedes = "b", Editorial = document.Version[..8] }).Version);
    }

    [Fact]
    public void Only_the_version_that_is_named_is_editorial()
    {
        var version = KnowledgeDocument.VersionOf("A", "Text");
        Assert.True(new KnowledgeDocument("a", "a.md", DocumentKind.Sop, "A", "Text") { Editorial = version[..8] }.IsEditorial);
        Assert.False(new KnowledgeDocument("a", "a.md", DocumentKind.Sop, "A", "Another text") { Editorial = version[..8] }.IsEditorial);
        Assert.False(new KnowledgeDocument("a", "a.md", DocumentKind.Sop, "A", "Text").IsEditorial);
    }

    [Theory]
    [InlineData("180d", 0, 180, "180 days")]
    [InlineData("180 days", 0, 180, "180 days")]
    [InlineData("1 day", 0, 1, "1 day")]
    [InlineData("26 weeks", 0, 182, "182 days")]
    [InlineData("2w", 0, 14, "14 days")]
    [InlineData("6 months", 6, 0, "6 months")]
    [InlineData("1 month", 1, 0, "1 month")]
    [InlineData("1 year", 12, 0, "1 year")]
    [InlineData("2 years", 24, 0, "2 years")]
    public void Review_periods_are_read_and_said(string text, int months, int days, string said)
    {
        Assert.Equal(new ReviewPeriod(months, days), ReviewPeriod.Parse(text));
        Assert.Equal(said, ReviewPeriod.Parse(text)!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0d")]
    [InlineData("6m")]
    [InlineData("11 years")]
    [InlineData("99999d")]
    [InlineData("-1 year")]
    [InlineData("half a year")]
    public void What_is_no_review_period_is_refused(string text) => Assert.Null(ReviewPeriod.Parse(text));

    [Fact]
    public void Months_end_where_their_month_does() =>
        Assert.Equal(new NodaTime.LocalDate(2027, 2, 28), ReviewPeriod.Parse("6 months")!.After(new NodaTime.LocalDate(2026, 8, 31)));

    /// <summary>A second reckoning of the longest common subsequence, by trying everything.</summary>
    [Fact]
    public void Differences_are_right_and_as_few_as_can_be()
    {
        var lines = Gen.Elements("a", "b", "c").ListOf().Where(static list => list.Count <= 7).Select(static list => string.Join('\n', list));
        Prop.ForAll(lines.ToArbitrary(), lines.ToArbitrary(), static (before, after) =>
        {
            var differences = TextDifferences.Between(before, after);
            Assert.Equal(before, string.Join('\n', differences.Where(static line => line.Change != LineChange.Added).Select(static line => line.Text)));
            Assert.Equal(after, string.Join('\n', differences.Where(static line => line.Change != LineChange.Removed).Select(static line => line.Text)));
            Assert.Equal(Longest(Lines(before), Lines(after)), differences.Count(static line => line.Change == LineChange.Same));
        }).QuickCheckThrowOnFailure();

        static string[] Lines(string text) => text.Length == 0 ? [] : text.Split('\n');

        static int Longest(string[] one, string[] other) =>
            one.Length == 0 || other.Length == 0 ? 0
                : one[0] == other[0] ? 1 + Longest(one[1..], other[1..])
                : Math.Max(Longest(one[1..], other), Longest(one, other[1..]));
    }
}
