using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Maintenance.Assets.Lifecycle;
using NodaTime;

namespace Maintenance.Tests.Assets.Lifecycle;

/// <summary>Ends of support, by dates and by records in the shapes of endoflife.date.</summary>
public sealed class EndOfLifeTests
{
    private static readonly LocalDate Today = new(2026, 11, 22);

    [Theory]
    [InlineData("15", "15.8", true)]
    [InlineData("15", "15", true)]
    [InlineData("15", "150.1", false)]
    [InlineData("1.2", "1.20", false)]
    [InlineData("1.2", "1.2.0", true)]
    [InlineData("3.1", "3.10.2", false)]
    [InlineData("3.1", "3.1-rc1", true)]
    [InlineData("15", "1:15.8-0+deb12u1", true)]
    [InlineData("v20", "20.11.1", true)]
    [InlineData("20", "v20.11.1", true)]
    [InlineData("2019", "2019sp1", true)]
    [InlineData("sp", "spx", false)]
    [InlineData("15.8.1", "15.8", false)]
    [InlineData("", "1", false)]
    public void A_version_is_in_a_cycle_whose_name_it_begins_with_part_by_part(string prefix, string version, bool matches) => Assert.Equal(matches, VersionPrefix.Matches(prefix, version));

    [Fact]
    public void The_longest_name_wins()
    {
        ProductCycle[] cycles = [new("3"), new("3.1"), new("3.1.2"), new("2")];
        Assert.Equal(["3.1.2", "3.1", "3", null], new[] { "3.1.2.9", "3.1.3", "3.2", "4" }.Select(version => EndOfLife.CycleOf(cycles, version)?.Name));
    }

    [Fact]
    public void The_older_and_the_newer_form_are_read_alike()
    {
        var old = EndOfLifeRecords.Read("""[{"cycle":"17","releaseDate":"2024-09-26","eol":"2029-11-08","latest":"17.7","latestReleaseDate":"2025-11-13","lts":false},{"cycle":8.0,"eol":false},{"cycle":"7","eol":true}]"""u8.ToArray());
        Assert.Null(old.Problem);
        Assert.Equal(new ProductCycle("17") { Eol = new(2029, 11, 8), Latest = "17.7", LatestOn = new(2025, 11, 13), ReleasedOn = new(2024, 9, 26) }, old.Cycles[0]);
        Assert.Equal([new ProductCycle("8.0") { EolFlag = false }, new ProductCycle("7") { EolFlag = true }], old.Cycles.Skip(1));
        foreach (var text in new[] { """{"schema_version":"1.2.0","result":{"name":"x","releases":[R]}}""", """{"name":"x","releases":[R]}""", """[R]""" })
        {
            var read = EndOfLifeRecords.Read(Encoding.UTF8.GetBytes(text.Replace("R", """{"name":"17","releaseDate":"2024-09-26","isEol":false,"eolFrom":"2029-11-08","latest":{"name":"17.7","date":"2025-11-13","link":null}}""", StringComparison.Ordinal)));
            Assert.Equal(new ProductCycle("17") { IsEol = false, EolFrom = new(2029, 11, 8), Latest = "17.7", LatestOn = new(2025, 11, 13), ReleasedOn = new(2024, 9, 26) }, Assert.Single(read.Cycles));
        }
    }

    [Theory]
    [InlineData("{}", "it has neither a list of cycles nor a product with releases.")]
    [InlineData("3", "it has neither a list of cycles nor a product with releases.")]
    [InlineData("""{"result":{"releases":3}}""", "it has neither a list of cycles nor a product with releases.")]
    [InlineData("[1]", "[0] names no cycle.")]
    [InlineData("[{}]", "[0] names no cycle.")]
    [InlineData("""[{"cycle":"1","eol":"soon"}]""", "[0].eol is neither true, false nor a date such as 2026-11-30.")]
    [InlineData("""[{"cycle":"1","eol":1}]""", "[0].eol is neither true, false nor a date such as 2026-11-30.")]
    [InlineData("""[{"cycle":"1","isEol":"no"}]""", "[0].isEol is neither true nor false.")]
    [InlineData("""{"releases":[{"name":"1"},{"name":"2","eolFrom":"2026-02-30"}]}""", "releases[1].eolFrom is not a date such as 2026-11-30.")]
    [InlineData("""[{"cycle":"1"},{"cycle":"1"}]""", "[1]: the cycle '1' is there twice.")]
    [InlineData("[", "it is not JSON: ")]
    public void What_is_broken_is_told_with_its_place(string text, string problem) => Assert.StartsWith(problem, EndOfLifeRecords.Read(Encoding.UTF8.GetBytes(text)).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData(null, null, null, null, null, null, 0)]
    [InlineData("2026-11-21", null, null, null, "2026-11-21", true, 0)]
    [InlineData("2026-11-22", null, null, null, "2026-11-22", false, 0)]
    [InlineData("2030-01-01", null, null, null, "2030-01-01", false, 0)]
    [InlineData(null, true, null, null, null, true, 0)]
    [InlineData(null, false, null, null, null, false, 0)]
    [InlineData(null, null, true, "2026-11-01", "2026-11-01", true, 0)]
    [InlineData(null, null, false, "2030-01-01", "2030-01-01", false, 0)]
    [InlineData(null, null, true, "2026-11-22", "2026-11-22", true, 0)]
    [InlineData(null, null, false, "2026-11-22", "2026-11-22", false, 0)]
    [InlineData(null, null, true, "2030-01-01", "2030-01-01", true, 1)]
    [InlineData(null, null, false, "2026-11-01", "2026-11-01", true, 1)]
    [InlineData(null, false, true, null, null, true, 1)]
    [InlineData(null, true, false, null, null, true, 1)]
    [InlineData("2030-01-01", null, null, "2029-01-01", "2029-01-01", false, 1)]
    [InlineData("2030-01-01", null, true, "2029-01-01", "2029-01-01", true, 2)]
    public void Of_words_that_contradict_one_another_the_worse_is_taken_and_it_is_told(string? eol, bool? flag, bool? isEol, string? from, string? date, bool? ended, int problems)
    {
        var judged = EndOfLife.Judge("x", new ProductCycle("1") { Eol = Date(eol), EolFlag = flag, IsEol = isEol, EolFrom = Date(from) }, Today);
        Assert.Equal((Date(date), ended, problems), (judged.Date, judged.HasEnded, judged.Problems.Count));
    }

    [Fact]
    public void Each_warning_is_due_once_and_who_hears_late_is_not_told_of_the_earlier_ones_again()
    {
        LocalDate end = new(2027, 5, 21);
        var given = new List<int>();
        var told = new List<(int Left, int Days)>();
        for (var day = end.PlusDays(-200); day <= end.PlusDays(5); day = day.PlusDays(1))
        {
            if (EndWarnings.Due(end, false, day, [180, 90, 30], given) is { Count: > 0 } due)
            {
                told.Add((Period.DaysBetween(day, end), due[^1]));
                given.AddRange(due);
            }
        }

        Assert.Equal([(180, 180), (90, 90), (30, 30)], told);
        Assert.Equal([180, 90], EndWarnings.Due(end, false, end.PlusDays(-60), [180, 90, 30], []));
        Assert.Equal([30], EndWarnings.Due(end, false, end.PlusDays(1), [180, 90, 30], [180, 90]));

        // What is said to be over is over, with a date that is to come or with none.
        Assert.Equal([180, 90, 30], EndWarnings.Due(null, true, end, [180, 90, 30], []));
        Assert.Equal([180, 30], EndWarnings.Due(end, true, end.PlusDays(-300), [180, 90, 30], [90]));
        Assert.Empty(EndWarnings.Due(null, false, end, [180, 90, 30], []));
    }

    [Fact]
    public void However_often_and_seldom_anybody_looks_no_warning_is_given_twice_and_none_whose_day_has_come_is_left_out() =>
        Prop.ForAll(Gen.Choose(-400, 100).ListOf().ToArbitrary(), looks =>
        {
            var end = new LocalDate(2027, 5, 21);
            var given = new List<int>();
            foreach (var offset in looks.Order())
            {
                var due = EndWarnings.Due(end, false, end.PlusDays(offset), [180, 90, 30], given);
                Assert.Empty(due.Intersect(given));
                given.AddRange(due);
            }

            var latest = looks.Count == 0 ? -1000 : looks.Max();
            Assert.Equal(new[] { 180, 90, 30 }.Where(days => -latest <= days), given.OrderDescending());
        }).QuickCheckThrowOnFailure();

    private static LocalDate? Date(string? text) => text is null ? null : NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;
}
