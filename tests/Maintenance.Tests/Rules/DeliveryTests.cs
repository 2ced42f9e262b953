using FsCheck;
using FsCheck.Fluent;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Tests.Rules.Oracles;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>When somebody may be told, and when they are tried again.</summary>
public sealed class DeliveryTests
{
    private static readonly DateTimeOffset Now = Utc("2026-11-22T12:00Z");
    private static readonly string[] Zones = ["UTC", "Africa/Nairobi", "Europe/Berlin", "Africa/Cairo", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"];

    private static readonly string[] Centres =
        ["2026-03-29T01:00Z", "2026-10-25T01:00Z", "2026-03-08T07:00Z", "2026-11-01T06:00Z", "2026-04-23T22:00Z", "2026-10-29T21:00Z", "2026-04-04T15:00Z", "2026-10-03T15:30Z", "2011-12-30T10:00Z", "2026-06-15T12:00Z"];

    private static readonly Gen<(DateTimeZone Zone, DateTimeOffset At, ClockSpan[] Spans)> Cases =
        from zone in Gen.Elements(Zones)
        from centre in Gen.Elements(Centres)
        from minutes in Gen.Choose(-1500, 1500)
        from spans in (from start in Gen.Choose(0, 95) from length in Gen.Choose(1, 56) select new ClockSpan(start * 15, End((start + length) * 15))).ArrayOf(2)
        select (Zone(zone), Utc(centre).AddMinutes(minutes), spans);

    [Theory]
    [InlineData("Africa/Nairobi", "21:00-06:30", "2026-11-22T17:59:59Z", null)]
    [InlineData("Africa/Nairobi", "21:00-06:30", "2026-11-22T18:00:00Z", "2026-11-23T03:30:00Z")]
    [InlineData("Africa/Nairobi", "21:00-06:30", "2026-11-23T03:29:59Z", "2026-11-23T03:30:00Z")]
    [InlineData("Africa/Nairobi", "21:00-06:30", "2026-11-23T03:30:00Z", null)]
    [InlineData("Africa/Nairobi", "12:00-13:00 13:00-14:00", "2026-11-22T09:10:00Z", "2026-11-22T11:00:00Z")]
    [InlineData("Africa/Nairobi", "13:00-24:00 00:00-05:00", "2026-11-22T18:00:00Z", "2026-11-23T02:00:00Z")]
    [InlineData("Europe/Berlin", "22:00-06:00", "2026-03-28T23:00:00Z", "2026-03-29T04:00:00Z")] // An hour is missing in this night,
    [InlineData("Europe/Berlin", "22:00-06:00", "2026-10-24T23:00:00Z", "2026-10-25T05:00:00Z")] // and one too many is in this one.
    [InlineData("Europe/Berlin", "22:00-02:30", "2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z")] // 02:30 is skipped: the end of the gap.
    [InlineData("Europe/Berlin", "02:00-03:00", "2026-03-29T01:00:00Z", null)] // The whole span is skipped.
    [InlineData("Europe/Berlin", "22:00-02:30", "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z")] // 02:30 comes twice: the first one.
    [InlineData("Asia/Kathmandu", "21:00-06:00", "2026-11-22T15:14:00Z", null)]
    [InlineData("Asia/Kathmandu", "21:00-06:00", "2026-11-22T15:15:00Z", "2026-11-23T00:15:00Z")]
    public void Quiet_hours_end_by_the_readers_own_clock(string zone, string spans, string at, string? end)
    {
        var quiet = spans.Split(' ').Select(Span).ToList();
        Assert.Equal(end is null ? null : Utc(end), Delivery.QuietUntil(quiet, Zone(zone), Utc(at)));
        var terms = new DeliveryTerms(quiet, Zone(zone), DigestPolicy.Usual);
        Assert.Equal(end is null ? Utc(at) : Utc(end), Delivery.When(terms, isUrgent: false, Utc(at)));
        Assert.Equal(Utc(at), Delivery.When(terms, isUrgent: true, Utc(at)));
    }

    [Fact]
    public void Whoever_has_no_quiet_hours_is_told_at_once_and_hours_without_an_end_are_none()
    {
        Assert.Null(Delivery.QuietUntil([], Zone("UTC"), Now));
        Assert.Null(Delivery.QuietUntil([Span("00:00-24:00")], Zone("UTC"), Now));
        Assert.Null(Delivery.QuietUntil([Span("06:00-18:00"), Span("18:00-06:00")], Zone("UTC"), Now));
    }

    [Fact]
    public void The_end_is_the_first_minute_that_a_walk_over_the_clock_finds_not_quiet() => Law.Holds(Cases, 600, static one =>
    {
        var week = Enum.GetValues<IsoDayOfWeek>().Where(static day => day != IsoDayOfWeek.None);
        var walk = new MinuteWalk(one.Zone, [.. from day in week from span in one.Spans select new Hours(day, span.Start, span.End)], []);
        var minutes = 0;
        while (minutes <= 36 * 60 && walk.IsOpen(one.At.AddMinutes(minutes)))
        {
            minutes++;
        }

        DateTimeOffset? expected = minutes is 0 or > 36 * 60 ? null : one.At.AddMinutes(minutes);
        Assert.Equal(expected, Delivery.QuietUntil(one.Spans, one.Zone, one.At));
        Assert.True(expected is null || Delivery.QuietUntil(one.Spans, one.Zone, expected.Value) is null, "It is quiet at its end.");
    });

    [Fact]
    public void After_enough_messages_the_next_waits_until_one_less_of_them_counts()
    {
        var policy = new DigestPolicy(3, TimeSpan.FromMinutes(15));
        DateTimeOffset[] sent = [Now.AddMinutes(-20), Now.AddMinutes(-14), Now.AddMinutes(-2), Now.AddMinutes(-1)];
        Assert.Equal(Now.AddMinutes(1), Delivery.HeldUntil(sent, policy, Now));
        Assert.Null(Delivery.HeldUntil(sent, policy, Now.AddMinutes(1)));
        Assert.Null(Delivery.HeldUntil(sent[..2], policy, Now));
        Assert.Equal(Now.AddMinutes(13), Delivery.HeldUntil([.. sent, Now], policy, Now));
    }

    [Fact]
    public void Pauses_grow_and_what_is_urgent_waits_less()
    {
        Assert.Equal(["1", "5", "15", "60", "240", "240"], Enumerable.Range(1, 6).Select(static failures => $"{Delivery.Pause(failures).TotalMinutes}"));
        Assert.Null(Delivery.RetryAt(new RecipientState(), null));
        var down = new RecipientState { Failures = 4, FailedAt = Now };
        Assert.Equal(Now.AddHours(1), Delivery.RetryAt(down, null));
        Assert.Equal(Now.AddHours(1), Delivery.RetryAt(down, OutboxRulesTests.Entry("a")));
        Assert.Equal(Now.AddMinutes(1), Delivery.RetryAt(down, OutboxRulesTests.Entry("a") with { IsUrgent = true }));
        Assert.Equal(Now.AddMinutes(15), Delivery.RetryAt(down, OutboxRulesTests.Entry("a") with { IsUrgent = true, Attempts = 4, TriedAt = Now }));
        Assert.Equal(Now.AddHours(2), Delivery.RetryAt(down with { BusyUntil = Now.AddHours(2) }, null));
    }

    [Fact]
    public void A_day_after_the_first_try_it_is_given_up_and_not_before()
    {
        var entry = OutboxRulesTests.Entry("a") with { FirstTriedAt = Now };
        Assert.False(Delivery.IsGivenUp(entry, Now.AddHours(24).AddTicks(-1)));
        Assert.True(Delivery.IsGivenUp(entry, Now.AddHours(24)));
        Assert.False(Delivery.IsGivenUp(OutboxRulesTests.Entry("a"), Now.AddDays(30)));
    }

    private static int End(int minute) => minute > 1440 ? minute - 1440 : minute;

    private static ClockSpan Span(string text)
    {
        var parts = text.Split('-', ':').Select(int.Parse).ToArray();
        return new ClockSpan((parts[0] * 60) + parts[1], (parts[2] * 60) + parts[3]);
    }
}
