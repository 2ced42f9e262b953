using Maintenance.Status;
using Maintenance.Web.Http;

namespace Maintenance.Tests.Web;

public sealed class HealthTests
{
    private static readonly TimeSpan Longest = TimerRhythms.All.Max(static rhythm => rhythm.Silence);

    [Fact]
    public async Task A_timer_that_never_ran_although_the_plan_runs_for_long_is_silent()
    {
        await using var rig = await WebRig.StartAsync();
        rig.Clock.Advance(Attention.Silence);
        Assert.Equal(200, (await rig.SendAsync(Routes.GetHealth)).Status);

        // Those of each minute first; one that ticks slowly has three of its periods.
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimerRhythms.All.Where(static rhythm => rhythm.Period == TimeSpan.FromMinutes(1)).Select(static rhythm => rhythm.Timer), await SilentAsync(rig, 503));
        rig.Clock.Advance(Longest - Attention.Silence);
        Assert.Equal(TimerService.All, await SilentAsync(rig, 503));

        foreach (var timer in TimerService.All.Skip(1))
        {
            await rig.Get<TimerService>().RunAsync(timer, default);
        }

        Assert.Equal([TimerService.All[0]], await SilentAsync(rig, 503));
        await rig.Get<TimerService>().RunAsync(TimerService.All[0], default);
        Assert.Empty(await SilentAsync(rig, 200));

        rig.Clock.Advance(Longest + TimeSpan.FromSeconds(1));
        Assert.Equal(TimerService.All, await SilentAsync(rig, 503));
    }

    private static async Task<IEnumerable<string?>> SilentAsync(WebRig rig, int status)
    {
        var answer = await rig.SendAsync(Routes.GetHealth);
        Assert.Equal(status, answer.Status);
        return [.. answer.Json.GetProperty("silentTimers").EnumerateArray().Select(static timer => timer.GetString())];
    }
}
