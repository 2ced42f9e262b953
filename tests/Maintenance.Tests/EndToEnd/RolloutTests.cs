using System.Net;
using Maintenance.Rollouts;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Approved changes go from ring to ring, in real processes.</summary>
[Collection("End to end: help desk")]
public sealed class RolloutTests
{
    [Fact]
    public async Task A_change_that_is_approved_on_the_command_line_goes_through_every_ring_and_the_next_one_that_breaks_its_probe_goes_back()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var register = await RolloutRegister.StartAsync();
        var here = register.Here;
        var patch = await register.RequestAsync("Good", "good");
        await here.RunAsync(2, "patch", "rollout", patch);
        await here.RunAsync(0, "patch", "vote", patch, "approve", "--token", register.Tokens[1]);
        await here.RunAsync(0, "patch", "vote", patch, "approve", "--token", register.Tokens[2]);
        var run = await register.UntilAsync(patch, static run => !run.IsOpen);
        Assert.Equal(RolloutState.Completed, run.State);
        Assert.Equal(["t1", "t2"], Applied(register, patch, "test"));
        Assert.Equal(["a", "b", "c"], Applied(register, patch, "production"));
        Assert.Equal(3, register.Site.Asked);
        Assert.Equal(patch + "\n", register.Tree()["version-c"]);
        var shown = (await here.RunAsync(0, "patch", "rollout", patch)).Output;
        Assert.Contains("completed", shown, StringComparison.Ordinal);
        Assert.Contains("Production: done.", shown, StringComparison.Ordinal);

        // The next one is paused and resumed by its implementer on the command line, and breaks its probe.
        var before = register.Tree();
        var bad = await register.RequestAsync("Bad", "bad");
        await Task.WhenAll(register.Tokens.Skip(1).Take(2).Select(token => here.RunAsync(0, "patch", "vote", bad, "approve", "--token", token)));
        _ = await register.UntilAsync(bad, static run => run.Ring("production").State >= RingState.Soaking);
        await here.RunAsync(2, "patch", "rollout", bad, "pause", "--token", register.Tokens[1]);
        await here.RunAsync(0, "patch", "rollout", bad, "pause", "--token", register.Tokens[3]);
        register.Site.Status = 503;
        Assert.Contains($"The rollout of {bad} is paused", (await register.Server.Operator.GetAsync("/api/status")).Body, StringComparison.Ordinal);
        Assert.Contains("Paused: nothing new begins.", (await register.Server.Operator.GetAsync("/patches/" + bad)).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        await here.RunAsync(0, "patch", "rollout", bad, "resume", "--token", register.Tokens[3]);
        run = await register.UntilAsync(bad, static run => !run.IsOpen);
        Assert.Equal(RolloutState.RolledBack, run.State);
        Assert.Contains("503", run.Problem, StringComparison.Ordinal);
        Assert.Equal(before, register.Tree());
        Assert.Equal(bad + "\n", await File.ReadAllTextAsync(Path.Join($"{register.Live}.patched-{bad}-production", "version-c")));
        Assert.Equal(["c", "b", "a"], register.Acts().Where(act => act.StartsWith($"begin {bad}/production/undo/", StringComparison.Ordinal)).Select(static act => act.Split('/')[3].Split(' ')[0]));
        Assert.Contains("rolledBack", (await here.RunAsync(1, "patch", "rollout", bad)).Output, StringComparison.Ordinal);
        await here.RunAsync(1, "patch", "rollout", bad, "abort", "--comment", "Too late", "--token", register.Tokens[3]);
    }

    private static IEnumerable<string> Applied(RolloutRegister register, string patch, string ring) =>
        register.Acts().Where(act => act.StartsWith($"end {patch}/{ring}/apply/", StringComparison.Ordinal)).Select(static act => act.Split('/')[3].Split(' ')[0]);
}
