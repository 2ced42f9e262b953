using Maintenance.Feedback;
using Maintenance.Tests.Contracts;
using Maintenance.Web.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Web;

public sealed class FeedbackLimitTests
{
    private static readonly FeedbackSubmission Submission = new("idea", "Open on Saturdays");

    [Fact]
    public void Half_of_a_minutes_number_may_come_at_once_and_then_one_after_the_other()
    {
        var clock = new FakeClock();
        var limit = new FeedbackLimit(120, clock);
        for (var i = 0; i < 60; i++)
        {
            Assert.Null(limit.Take("a"));
        }

        Assert.Equal(TimeSpan.FromMilliseconds(500), limit.Take("a"));

        // Whoever insists waits no longer for it.
        Assert.Equal(TimeSpan.FromMilliseconds(500), limit.Take("a"));
        Assert.Null(limit.Take("b"));
        clock.Advance(TimeSpan.FromMilliseconds(499));
        Assert.Equal(TimeSpan.FromMilliseconds(1), limit.Take("a"));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(limit.Take("a"));
        Assert.NotNull(limit.Take("a"));
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(60, Enumerable.Range(0, 100).Count(_ => limit.Take("a") is null));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(120)]
    [InlineData(FeedbackLimit.Most)]
    public void No_address_ever_sends_more_in_a_minute_than_the_number_and_what_it_may_send_at_once(int perMinute)
    {
        var clock = new FakeClock();
        var limit = new FeedbackLimit(perMinute, clock);
        var random = new Random(4711);
        for (var minute = 0; minute < 20; minute++)
        {
            var taken = 0;
            for (var left = 60_000; left > 0;)
            {
                var step = Math.Min(left, random.Next(1, 5_000));
                clock.Advance(TimeSpan.FromMilliseconds(step));
                left -= step;
                for (var tries = 0; tries < 40; tries++)
                {
                    taken += limit.Take("a") is null ? 1 : 0;
                }
            }

            Assert.InRange(taken, 1, perMinute + ((perMinute + 1) / 2));
        }
    }

    [Fact]
    public void Addresses_that_rest_are_forgotten_and_never_more_are_remembered_than_the_bound()
    {
        var clock = new FakeClock();
        var limit = new FeedbackLimit(120, clock);
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Null(limit.Take($"a{i}"));
        }

        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Null(limit.Take("b"));
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Null(limit.Take("b"));
        Assert.InRange(limit.Count, 1, 2);

        for (var i = 0; i < 3 * FeedbackLimit.Addresses; i++)
        {
            Assert.Null(limit.Take($"c{i}"));
        }

        Assert.InRange(limit.Count, 1, 2 * FeedbackLimit.Addresses);
    }

    [Fact]
    public void A_clock_that_is_set_back_shuts_nobody_out()
    {
        var clock = new SettableClock { Now = new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero) };
        var limit = new FeedbackLimit(2, clock);
        Assert.Null(limit.Take("a"));
        Assert.NotNull(limit.Take("a"));
        clock.Now -= TimeSpan.FromHours(1);
        Assert.Null(limit.Take("a"));
        Assert.NotNull(limit.Take("a"));
    }

    [Fact]
    public async Task Beyond_the_rate_the_form_and_the_API_answer_429_and_when_to_come_again()
    {
        await using var rig = await WebRig.StartAsync(static (rig, services) => services.AddSingleton(new FeedbackLimit(2, rig.Clock)));
        Assert.Equal(202, await SendAsync(rig, "192.0.2.1"));
        var refused = await rig.SendAsync(Routes.SendFeedback, null, Submission, "192.0.2.1");
        Assert.Equal(429, refused.Status);
        Assert.Equal("30", refused.Headers.RetryAfter);
        Assert.Equal("Too many at once", refused.Json.GetProperty("title").GetString());
        var page = await rig.SendAsync(Routes.SendFeedbackForm, from: "192.0.2.1");
        Assert.Equal(429, page.Status);
        Assert.Equal("30", page.Headers.RetryAfter);
        Assert.Contains("<h1>", page.Body, StringComparison.Ordinal);
        Assert.Equal(202, await SendAsync(rig, "192.0.2.2"));
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(202, await SendAsync(rig, "192.0.2.1"));
    }

    [Fact]
    public async Task Without_a_limit_in_the_composition_there_is_none()
    {
        await using var rig = await WebRig.StartAsync();
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(202, await SendAsync(rig, "192.0.2.1"));
        }
    }

    [Theory]
    [InlineData("127.0.0.1", "198.51.100.1, 192.0.2.1", "127.0.0.1", "192.0.2.1", true)] // A proxy on this machine: the address that it added counts,
    [InlineData("127.0.0.1", "198.51.100.1, 192.0.2.1", "127.0.0.1", "198.51.100.1, 192.0.2.2", false)]
    [InlineData("::1", "192.0.2.1:40001", "::1", "192.0.2.1:40002", true)] // without its port.
    [InlineData("192.0.2.1", "198.51.100.1", "192.0.2.1", "198.51.100.2", true)] // From elsewhere the header proves nothing.
    [InlineData("127.0.0.1", "nonsense", "127.0.0.1", "", true)]
    [InlineData("2001:db8:1:2::1", "", "2001:db8:1:2:ffff::9", "", true)] // One network of IPv6 is one client.
    [InlineData("2001:db8:1:2::1", "", "2001:db8:1:3::1", "", false)]
    [InlineData("192.0.2.1", "", "::ffff:192.0.2.1", "", true)]
    [InlineData("::ffff:192.0.2.1", "", "::ffff:192.0.2.2", "", false)]
    public async Task A_client_is_the_network_address_that_can_be_trusted(string first, string firstForwarded, string second, string secondForwarded, bool isSame)
    {
        await using var rig = await WebRig.StartAsync(static (rig, services) => services.AddSingleton(new FeedbackLimit(2, rig.Clock)));
        Assert.Equal(202, await SendAsync(rig, first, firstForwarded));
        Assert.Equal(isSame ? 429 : 202, await SendAsync(rig, second, secondForwarded));
    }

    private static async Task<int> SendAsync(WebRig rig, string from, string forwarded = "") =>
        (await rig.SendAsync(Routes.SendFeedback, null, Submission, from, [.. forwarded.Length > 0 ? new[] { ("X-Forwarded-For", forwarded) } : []])).Status;

    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
