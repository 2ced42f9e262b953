using System.Globalization;
using Maintenance.Monitoring.Probes;
using Maintenance.Web.Http;

namespace Maintenance.Tests.Monitoring;

/// <summary>While the host itself was away no job could call: that is no failure of the job's.</summary>
public sealed class AwayTests
{
    [Theory]
    [InlineData("1h", 30, 120)]
    [InlineData("10m", 5, 8)] // Away for less than the job may be silent, and with what was before for longer.
    [InlineData("2m", 1, 2)] // Shorter than the silence of a probe.
    public async Task After_the_hosts_own_absence_a_job_has_as_much_time_as_after_a_call(string within, int before, int minutes)
    {
        await using var bench = await MonitoringBench.StartAsync(Section(within));
        await bench.TickAsync();
        await BeatAsync(bench);
        await bench.PassAsync(before, isGood: true);

        bench.Rig.Clock.Advance(TimeSpan.FromMinutes(minutes)); // Nobody is there.
        await bench.PassAsync(1, isGood: true);
        Assert.True(Maintenance.Time.Durations.TryParse(within, out var patience));
        Assert.Equal(ProbePhase.Up, (await bench.StateAsync("batch")).Phase);
        await bench.PassAsync((int)patience.TotalMinutes, isGood: true);
        Assert.Equal(ProbePhase.Up, (await bench.StateAsync("batch")).Phase);
        await bench.PassAsync(1, isGood: true);
        Assert.Equal(ProbePhase.Down, (await bench.StateAsync("batch")).Phase);
        Assert.Equal(bench.Now, (await bench.IncidentsAsync())[0].From);
    }

    [Fact]
    public async Task A_job_that_was_late_before_the_host_went_away_stays_so()
    {
        await using var bench = await MonitoringBench.StartAsync(Section("10m"));
        await bench.TickAsync();
        await BeatAsync(bench);
        await bench.PassAsync(11, isGood: true);
        var began = bench.Now;
        Assert.Equal(ProbePhase.Down, (await bench.StateAsync("batch")).Phase);

        bench.Rig.Clock.Advance(TimeSpan.FromHours(2));
        await bench.TickAsync();

        // Back again it has time to call; that it does is another matter, and its outage is not over before.
        Assert.Equal(began, Assert.Single(await bench.IncidentsAsync()).From);
        await bench.PassAsync(12, isGood: true);
        Assert.NotEqual(ProbePhase.Up, (await bench.StateAsync("batch")).Phase);
    }

    [Fact]
    public async Task Ticks_that_come_a_little_late_are_no_absence()
    {
        await using var bench = await MonitoringBench.StartAsync(Section("1m"));
        await bench.TickAsync();
        await BeatAsync(bench);
        foreach (var seconds in new[] { 61, 62, 63 })
        {
            bench.Rig.Clock.Advance(TimeSpan.FromSeconds(seconds));
            await bench.TickAsync();
        }

        Assert.Equal(ProbePhase.Down, (await bench.StateAsync("batch")).Phase);
    }

    private static string Section(string within) => string.Create(CultureInfo.InvariantCulture, $$"""

        monitoring:
          tickets: { impact: all, urgency: now }
          probes:
            - { id: batch, service: register, name: The batch, every: 1m, heartbeat: { within: {{within}} }, failAfter: 1, recoverAfter: 1 }
        """);

    private static async Task BeatAsync(MonitoringBench bench)
    {
        bench.Rig.Caller = bench.Rig.Person("ben");
        Assert.Equal(200, (await bench.Rig.SendAsync(Routes.NoteHeartbeat, "batch")).Status);
    }
}
