using FsCheck.Fluent;
using Maintenance.Monitoring.Probes;
using Maintenance.Tests.Rules;

namespace Maintenance.Tests.Monitoring;

public sealed class LatencyHistogramTests
{
    private static readonly FsCheck.Gen<List<int>> Micros = from spread in Gen.Choose(1, 30) from values in Gen.ListOf(Gen.Choose(0, (1 << spread) - 1)) select values.ToList();

    [Fact]
    public void Every_percentile_is_within_the_stated_error_of_the_sorted_list() => Law.Holds(Micros, 300, values =>
    {
        var histogram = values.Aggregate(LatencyHistogram.Empty, static (sum, one) => sum.Add(TimeSpan.FromMicroseconds(one)));
        Assert.Equal(values.Count, histogram.Total);
        var sorted = values.Order().ToList();
        foreach (var share in new[] { 0.01, 0.5, 0.95, 0.99, 1.0 })
        {
            if (values.Count == 0)
            {
                Assert.Null(histogram.Percentile(share));
                continue;
            }

            var exact = sorted[Math.Max(1, (int)Math.Ceiling(share * values.Count)) - 1];
            Assert.InRange(histogram.Percentile(share)!.Value.TotalMicroseconds, (exact * (1 - LatencyHistogram.RelativeError)) - 0.2, (exact * (1 + LatencyHistogram.RelativeError)) + 0.2);
        }
    });

    [Fact]
    public void Parts_add_up_to_the_whole_in_any_order() => Law.Holds(from one in Micros from other in Micros select (one, other), 200, pair =>
    {
        var (a, b, both) = (Of(pair.one), Of(pair.other), Of(pair.one.Concat(pair.other)));
        Assert.Equal(both.Counts, a.Add(b).Counts);
        Assert.Equal(both.Counts, b.Add(a).Counts);
        Assert.Equal(a.Counts, a.Add(LatencyHistogram.Empty).Counts);
    });

    [Fact]
    public void Buckets_follow_one_another_without_a_hole()
    {
        var last = -1L;
        for (var micros = 0; micros < 100_000; micros++)
        {
            var bucket = LatencyHistogram.BucketOf(TimeSpan.FromMicroseconds(micros));
            Assert.InRange(bucket, last, last + 1);
            last = bucket;
        }
    }

    [Fact]
    public void A_week_of_answers_stays_small_and_what_lies_out_of_bounds_is_taken_at_them()
    {
        var histogram = Of(Enumerable.Range(0, 10_080).Select(static minute => 2000 + (minute * 7919 % 400_000)));
        Assert.True(MaintenanceJson.Write(histogram).Length < 8000);
        Assert.Equal(LatencyHistogram.BucketOf(TimeSpan.FromHours(1)), LatencyHistogram.BucketOf(TimeSpan.FromDays(9)));
        Assert.Equal(0, LatencyHistogram.BucketOf(TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Percentile(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Percentile(1.1));
    }

    private static LatencyHistogram Of(IEnumerable<int> micros) => micros.Aggregate(LatencyHistogram.Empty, static (sum, one) => sum.Add(TimeSpan.FromMicroseconds(one)));
}
