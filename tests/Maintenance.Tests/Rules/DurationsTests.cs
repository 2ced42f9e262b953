using FsCheck.Fluent;
using Maintenance.Time;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Durations as people write and read them.</summary>
public sealed class DurationsTests
{
    [Theory]
    [InlineData("15m", "0:15:00")]
    [InlineData("4h 30m", "4:30:00")]
    [InlineData("1d", "1.00:00:00")]
    [InlineData("1w", "7.00:00:00")]
    [InlineData("2w 3d 4h 5m 6s", "17.04:05:06")]
    [InlineData("1d 12h", "1.12:00:00")]
    [InlineData("36h", "1.12:00:00")]
    [InlineData("90s", "0:01:30")]
    [InlineData("1w 1s", "7.00:00:01")]
    [InlineData("0s", "0:00:00")]
    [InlineData("100m", "1:40:00")]
    [InlineData("36500d", "36500.00:00:00")]
    public void A_duration_is_numbers_with_units_the_largest_first(string text, string expected)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(Span(expected), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("15")]
    [InlineData("m")]
    [InlineData("15 16m")]
    [InlineData("30m 4h")]
    [InlineData("1h 1h")]
    [InlineData("4h 4h 30m")]
    [InlineData("1d 1w")]
    [InlineData("-5m")]
    [InlineData("+5m")]
    [InlineData("1.5h")]
    [InlineData("1,5h")]
    [InlineData("1y")]
    [InlineData("1mo")]
    [InlineData("5min")]
    [InlineData("4h, 30m")]
    [InlineData("4h and 30m")]
    [InlineData("PT4H")]
    [InlineData("04:00:00")]
    [InlineData("\u0661\u0665m")]
    [InlineData("101000d")]
    [InlineData("37000d")]
    [InlineData("5300w")]
    [InlineData("99999999999999999999d")]
    [InlineData("9223372036854775807s")]
    [InlineData("2147483648d")]
    [InlineData("5000w 99999d")]
    public void Anything_else_is_none(string text)
    {
        Assert.False(Durations.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.Zero, duration);
    }

    [Theory]
    [InlineData("0:00:00", "0s")]
    [InlineData("0:00:59", "59s")]
    [InlineData("0:15:00", "15m")]
    [InlineData("1.12:00:00", "1d 12h")]
    [InlineData("7.00:00:00", "7d")]
    [InlineData("17.04:05:06", "17d 4h 5m 6s")]
    [InlineData("7.00:00:01", "7d 1s")]
    [InlineData("-0:05:00", "-5m")]
    [InlineData("-1.12:00:00", "-1d 12h")]
    [InlineData("0:00:01.999", "1s")]
    [InlineData("0:00:00.999", "0s")]
    [InlineData("-0:00:00.999", "0s")]
    public void A_duration_is_written_in_days_and_less(string duration, string expected) => Assert.Equal(expected, Durations.Format(Span(duration)));

    [Theory]
    [InlineData("3.04:05:06", "3d 4h")]
    [InlineData("0:12:05", "12m 5s")]
    [InlineData("0:00:05", "5s")]
    [InlineData("4:00:00", "4h")]
    [InlineData("0:00:00", "0s")]
    [InlineData("10.05:06:07", "10d 5h")]
    public void For_people_two_units_are_enough(string duration, string expected) => Assert.Equal(expected, Durations.Rough(Span(duration)));

    [Fact]
    public void The_ends_of_what_can_be_counted_are_written_too()
    {
        Assert.StartsWith("10675199d ", Durations.Format(TimeSpan.MaxValue), StringComparison.Ordinal);
        Assert.StartsWith("-10675199d ", Durations.Format(TimeSpan.MinValue), StringComparison.Ordinal);
        Assert.StartsWith("10675199d", Durations.Rough(TimeSpan.MaxValue), StringComparison.Ordinal);
        Assert.NotEmpty(Durations.Rough(TimeSpan.MinValue));
    }

    [Fact]
    public void What_is_written_is_read_back_as_it_was() => Law.Holds(
        from days in Gen.OneOf(Gen.Choose(0, 36_000), Gen.Choose(0, 20))
        from seconds in Gen.OneOf(Gen.Choose(0, 86_399), Gen.Elements(0, 59, 60, 3600, 3601, 7200))
        select TimeSpan.FromDays(days) + TimeSpan.FromSeconds(seconds),
        500,
        static duration =>
        {
            var text = Durations.Format(duration);
            Assert.True(Durations.TryParse(text, out var read), text);
            Assert.Equal(duration, read);
        });
}
