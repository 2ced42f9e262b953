using FsCheck;
using FsCheck.Fluent;
using Maintenance.Time;

namespace Maintenance.Tests.Plan;

public sealed class DurationsTests
{
    [Fact]
    public void What_is_written_is_read_back() =>
        Prop.ForAll(Gen.OneOf(Gen.Choose(0, 100_000), Gen.Choose(0, int.MaxValue)).ToArbitrary(), static seconds =>
                Durations.TryParse(Durations.Format(TimeSpan.FromSeconds(seconds)), out var read) && read == TimeSpan.FromSeconds(seconds))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void What_is_read_is_written_so_that_it_reads_the_same() =>
        Prop.ForAll(Gen.Choose(0, 999).ListOf(5).ToArbitrary(), static counts =>
            {
                var text = string.Join(' ', counts.Zip("wdhms", static (count, unit) => $"{count}{unit}"));
                return Durations.TryParse(text, out var read)
                    && Durations.TryParse(Durations.Format(read), out var again)
                    && again == read
                    && read == TimeSpan.FromDays((counts[0] * 7) + counts[1]) + new TimeSpan(counts[2], counts[3], counts[4]);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Theory]
    [InlineData("15m", 900)]
    [InlineData("4h 30m", 16_200)]
    [InlineData("4h30m", 16_200)]
    [InlineData("1w", 604_800)]
    [InlineData("1d 12h", 129_600)]
    [InlineData("0s", 0)]
    [InlineData("90m", 5_400)]
    [InlineData("5200w", 3_144_960_000)]
    public void A_duration_of_these_units_is_read(string text, long seconds)
    {
        Assert.True(Durations.TryParse(text, out var read));
        Assert.Equal(TimeSpan.FromSeconds(seconds), read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("4")]
    [InlineData("h")]
    [InlineData("4 h")]
    [InlineData("4h ")]
    [InlineData(" 4h")]
    [InlineData("-4h")]
    [InlineData("+4h")]
    [InlineData("1.5h")]
    [InlineData("30m 4h")]
    [InlineData("1h 1h")]
    [InlineData("4H")]
    [InlineData("4hours")]
    [InlineData("٤h")]
    [InlineData("10000000000s")]
    [InlineData("999999999w")]
    [InlineData("5300w")]
    public void Anything_else_is_none(string text)
    {
        Assert.False(Durations.TryParse(text, out var read));
        Assert.Equal(TimeSpan.Zero, read);
    }

    [Theory]
    [InlineData(-5_400, "-1h 30m")]
    [InlineData(-0.4, "0s")]
    [InlineData(59.9, "59s")]
    [InlineData(273_605, "3d 4h 5s")]
    public void The_shortest_text_has_no_empty_units_and_keeps_the_sign(double seconds, string text) =>
        Assert.Equal(text, Durations.Format(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void For_people_the_two_largest_units_do() => Assert.Equal("3d 4h", Durations.Rough(new TimeSpan(3, 4, 5, 6)));
}
