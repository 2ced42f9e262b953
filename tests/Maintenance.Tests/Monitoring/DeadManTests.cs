using Maintenance.Monitoring;
using Maintenance.Tests.Actions;

namespace Maintenance.Tests.Monitoring;

/// <summary>The call to the watcher outside, over a real socket.</summary>
public sealed class DeadManTests
{
    [Fact]
    public async Task The_watchdog_calls_as_often_as_the_plan_says_and_no_more()
    {
        await using var watcher = await FarEnd.StartAsync(200);
        await using var bench = await MonitoringBench.StartAsync(Section(watcher));
        await bench.Rig.Get<WatchService>().WatchAsync(default);
        await bench.Rig.Get<WatchService>().WatchAsync(default);
        Assert.Equal("POST /alive", Assert.Single(watcher.Asked).Request);

        bench.Rig.Clock.Advance(TimeSpan.FromSeconds(569));
        await CallAsync(bench);
        Assert.Single(watcher.Asked);
        bench.Rig.Clock.Advance(TimeSpan.FromSeconds(1)); // Half a minute early: as ticks come.
        await CallAsync(bench);
        Assert.Equal(2, watcher.Asked.Count);
        Assert.Equal(2, watcher.Asked.Select(static call => call.Key).Distinct().Count());
    }

    [Fact]
    public async Task A_call_that_was_not_taken_is_an_error_and_made_again_with_the_next_look()
    {
        var status = 500;
        await using var watcher = await FarEnd.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var bench = await MonitoringBench.StartAsync(Section(watcher));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => CallAsync(bench));
        Assert.Contains("it answered 500", error.Message, StringComparison.Ordinal);

        status = 204;
        await CallAsync(bench);
        await CallAsync(bench);
        Assert.Equal(2, watcher.Asked.Count);
    }

    [Fact]
    public async Task An_address_that_is_a_secret_comes_from_its_setting_and_is_told_to_nobody()
    {
        // The setting of the bench holds no address: what it holds must not be in the words.
        await using var bench = await MonitoringBench.StartAsync("\nmonitoring: { deadMan: { urlSetting: BATCH_KEY, every: 10m } }\n");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => CallAsync(bench));
        Assert.DoesNotContain("correct horse", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_clock_was_set_right_the_watcher_hears_of_us_again()
    {
        await using var watcher = await FarEnd.StartAsync(200);
        await using var bench = await MonitoringBench.StartAsync(Section(watcher));
        bench.Rig.Clock.Advance(TimeSpan.FromDays(30));
        await CallAsync(bench);
        bench.Rig.Clock.SetBack(TimeSpan.FromDays(30));
        await CallAsync(bench);
        Assert.Equal(2, watcher.Asked.Count);
    }

    private static string Section(FarEnd watcher) => $"\nmonitoring: {{ deadMan: {{ url: \"{watcher.Of("alive")}\", every: 10m }} }}\n";

    private static Task CallAsync(MonitoringBench bench) => bench.Rig.Get<DeadManCall>().CallAsync(default);
}
