using FsCheck.Fluent;
using Maintenance.Feedback;

namespace Maintenance.Tests.Rules;

/// <summary>CSAT and NPS.</summary>
public sealed class SatisfactionTests
{
    [Fact]
    public void CSAT_is_the_share_of_fours_and_fives()
    {
        var csat = CustomerSatisfaction.Of([5, 4, 3, 2, 1, 5, 4, 4]);
        Assert.Equal((8, 5, 62.5), (csat.Ratings, csat.Satisfied, csat.Percent));
        Assert.Null(CustomerSatisfaction.Of([]).Percent);
        Assert.Null(CustomerSatisfaction.Of([]).Interval);
    }

    // Wilson's interval from tables: 8 of 10, 0 of 10, 50 of 100.
    [Theory]
    [InlineData(8, 10, 49.0, 94.3)]
    [InlineData(0, 10, 0.0, 27.8)]
    [InlineData(50, 100, 40.4, 59.6)]
    public void Its_interval_is_that_of_Wilson(int satisfied, int ratings, double low, double high) =>
        Assert.Equal(new ConfidenceInterval(low, high), new CustomerSatisfaction(ratings, satisfied).Interval);

    [Fact]
    public void NPS_is_promoters_less_detractors()
    {
        var nps = NetPromoterScore.Of([10, 9, 8, 7, 6, 0, 10, 3]);
        Assert.Equal((8, 3, 2, 3, 0.0), (nps.Answers, nps.Promoters, nps.Passives, nps.Detractors, nps.Score));
        Assert.Equal(100, NetPromoterScore.Of([9, 10]).Score);
        Assert.Equal(-100, NetPromoterScore.Of([0, 6]).Score);
        Assert.Equal(33.3, NetPromoterScore.Of([9, 8, 8]).Score);
        Assert.Null(NetPromoterScore.Of([]).Score);
    }

    [Fact]
    public void Its_interval_has_three_answers_added()
    {
        // 6 promoters, 3 passives, 1 detractor and the three: (6.75 - 1.75) / 13 ± 1.96 √(((8.5 / 13) - 0.3846²) / 13).
        var interval = new NetPromoterScore(10, 6, 3, 1).Interval!;
        Assert.Equal((-0.2, 77.1), (interval.Low, interval.High));
        Assert.True(NetPromoterScore.Of([10, 10, 10]).Interval is { High: <= 100, Low: < 100 });
    }

    [Theory]
    [InlineData(29, true)]
    [InlineData(30, false)]
    public void Too_few_are_said_to_be(int count, bool isNoted)
    {
        Assert.Equal(isNoted, new CustomerSatisfaction(count, 0).Note is not null);
        Assert.Equal(isNoted, new NetPromoterScore(count, 0, count, 0).Note is not null);
    }

    [Fact]
    public void Every_figure_lies_in_its_interval_which_is_narrower_the_more_there_are() => Law.Holds(Gen.Choose(0, 10).NonEmptyListOf(), 2000, static scores =>
    {
        var (csat, nps) = (CustomerSatisfaction.Of(scores.Select(static score => 1 + (score / 3))), NetPromoterScore.Of(scores));
        Assert.InRange(csat.Percent!.Value, csat.Interval!.Low - 0.1, csat.Interval.High + 0.1);
        Assert.InRange(csat.Interval.Low, 0, 100);
        Assert.InRange(nps.Score!.Value, -100, 100);
        Assert.InRange(nps.Interval!.Low, -100, nps.Interval.High);
        Assert.Equal(nps.Answers, nps.Promoters + nps.Passives + nps.Detractors);
        var often = CustomerSatisfaction.Of(Enumerable.Repeat(scores.Select(static score => 1 + (score / 3)), 9).SelectMany(static list => list));
        Assert.True(often.Interval!.High - often.Interval.Low < csat.Interval.High - csat.Interval.Low);
    });
}
