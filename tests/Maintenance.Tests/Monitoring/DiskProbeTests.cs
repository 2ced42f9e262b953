using System.Diagnostics;
using Maintenance.Monitoring.Probes;
using Maintenance.Tests.Web;
using Maintenance.Web.Monitoring;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Monitoring;

/// <summary>Disks: those of this machine, and one whose server is gone, so that whoever asks it waits for ever.</summary>
public sealed class DiskProbeTests
{
    [Fact]
    public async Task A_mount_that_hangs_fails_in_time_and_holds_one_thread_however_often_it_is_looked_at()
    {
        using var server = new ManualResetEventSlim();
        var asked = 0;
        await using var rig = await WebRig.StartAsync((_, services) => services.AddSingleton(new DiskLooks(folder =>
        {
            Interlocked.Increment(ref asked);
            if (folder == "/mnt/gone")
            {
                server.Wait();
            }

            return new DiskSpace(30, 100);
        })));
        var began = Stopwatch.GetTimestamp();
        for (var look = 0; look < 5; look++)
        {
            var sample = await LookAsync(rig, "/mnt/gone");
            Assert.Equal((false, "no answer within 1s"), (sample.IsGood, sample.Said));
        }

        Assert.Equal(1, asked);

        // A timer may fire a tick of the clock early.
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(4.5), TimeSpan.FromSeconds(30));

        // Another disk is seen meanwhile; and once the server is back, this one too.
        Assert.True((await LookAsync(rig, "/mnt/there")).IsGood);
        server.Set();
        var back = await LookAsync(rig, "/mnt/gone");
        Assert.Equal((true, "30 % free: 0 of 0 GB"), (back.IsGood, back.Said));
        Assert.InRange(asked, 2, 3); // The answer to the first question may still have counted.
    }

    [Fact]
    public async Task Of_this_machine_it_sees_what_there_is()
    {
        await using var rig = await WebRig.StartAsync();
        var here = await rig.Get<DiskLooks>().LookAsync(rig.PathOf(""), default);

        Assert.InRange(here!.Value.Free, 1, here.Value.All);
        Assert.Null(await rig.Get<DiskLooks>().LookAsync(rig.PathOf("nothing"), default));
        Assert.Contains("there is no folder", (await LookAsync(rig, rig.PathOf("nothing"))).Said, StringComparison.Ordinal);
        Assert.True((await LookAsync(rig, rig.PathOf(""), least: 1)).IsGood);
        Assert.False((await LookAsync(rig, rig.PathOf(""), least: long.MaxValue)).IsGood);
    }

    private static Task<ProbeSample> LookAsync(WebRig rig, string folder, long? least = null) => rig.Get<IProbing>().LookAsync(
        new Probe("disk", "register", "Disk", TimeSpan.FromMinutes(1), new ProbeTarget.Disk(folder, least is null ? 20 : null, least)) { Timeout = TimeSpan.FromSeconds(1) }, default);
}
