using System.Net;
using Maintenance.Rollouts;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Rollouts whose process is killed at random instants.</summary>
[Collection("End to end: help desk")]
public sealed class RolloutCrashTests
{
    /// <summary>
    /// Every rollout ends; what the record says has the change is not changed again; the live folder is whole at each kill; each vote that was acknowledged is there.
    /// Three kills in one attempt are a failure of it, so a rollout may come to a rollback, or wait for somebody who has it tried again; never to nothing.
    /// </summary>
    [Fact]
    public async Task A_rollout_comes_to_its_end_however_often_the_process_is_killed()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var random = new Random(Thoroughness.Seed);
        await using var register = await RolloutRegister.StartAsync();
        var ends = new List<RolloutState>();
        var kills = 0;
        try
        {
            for (var number = 0; kills < (Thoroughness.IsFull ? 100 : 8) || ends.Count == 0; number++)
            {
                register.Site.Status = 200;
                var isGood = number % 2 == 0;
                var before = register.Tree();
                var patch = await ApproveAsync(register, random, $"Change {number}", () => kills++);
                var done = new Dictionary<string, int>(StringComparer.Ordinal);
                for (var waited = 0; await RunAsync(register, patch) is not { IsOpen: false }; waited++)
                {
                    Assert.True(waited < 400, "It does not end.");
                    if (!isGood && await RunAsync(register, patch) is { } ring && ring.Ring("production").Applied.Count > 0)
                    {
                        register.Site.Status = 503;
                    }

                    if (kills >= (Thoroughness.IsFull ? 100 : 8))
                    {
                        await Task.Delay(500);
                    }
                    else
                    {
                        await MomentAsync(register, patch, random);
                        await register.KillAsync();
                        kills++;
                        Look(register, patch, done);
                        await register.RestartAsync();
                    }

                    if (await RunAsync(register, patch) is { State: RolloutState.Stuck })
                    {
                        (await register.Server.Operator.PostAsync($"/api/patches/{patch}/rollout", new { decision = "retry" })).Expect(HttpStatusCode.OK);
                    }
                }

                var run = (await RunAsync(register, patch))!;
                ends.Add(run.State);
                Check(register, run, isGood, before, done);
            }

        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"With MAINTENANCE_SEED={Thoroughness.Seed}, after {kills} kills: {error.Message}\n{string.Join('\n', register.Acts().TakeLast(30))}\n{register.Server.Log}", error);
        }
    }

    private static void Check(RolloutRegister register, RolloutRun run, bool isGood, IReadOnlyDictionary<string, string> before, Dictionary<string, int> done)
    {
        register.CheckLive();
        Assert.True(run.State is RolloutState.Completed or RolloutState.RolledBack, MaintenanceJson.Write(run));
        Assert.False(run.State == RolloutState.Completed && !isGood && run.Problem is not null);
        var acts = register.Acts();
        foreach (var (key, after) in done)
        {
            // What was recorded as done at a kill was not begun again after it.
            Assert.DoesNotContain(acts.Skip(after), act => act.StartsWith($"begin {key} ", StringComparison.Ordinal));
        }

        var tree = register.Tree();
        if (run.State == RolloutState.Completed)
        {
            Assert.All(new[] { "a", "b", "c" }, target => Assert.Equal(run.Patch + "\n", tree["version-" + target]));
            Assert.All(new[] { "test/apply/t1", "test/apply/t2", "production/apply/a", "production/apply/b", "production/apply/c" }, key => Assert.Contains(acts, act => act.StartsWith($"end {run.Patch}/{key} ", StringComparison.Ordinal)));
        }
        else
        {
            Assert.Equal(before, tree);
        }

        // Attempts are stored before the work: no two starts of one act have one number.
        var begun = acts.Where(act => act.StartsWith($"begin {run.Patch}/", StringComparison.Ordinal)).ToList();
        Assert.Equal(begun.Distinct(), begun);
    }

    /// <summary>As a kill left it: the live folder is whole, and what has the change is noted with how much was asked of the script by then.</summary>
    private static void Look(RolloutRegister register, string patch, Dictionary<string, int> done)
    {
        register.CheckLive();
        foreach (var ring in register.Stored(patch)?.Rings ?? [])
        {
            foreach (var target in ring.Applied)
            {
                _ = done.TryAdd($"{patch}/{ring.Id}/apply/{target}", register.Acts().Length);
            }
        }
    }

    /// <summary>Some time; or the middle of something in particular.</summary>
    private static async Task MomentAsync(RolloutRegister register, string patch, Random random)
    {
        RingState? wanted = random.Next(4) switch { 0 => RingState.Applying, 1 => RingState.Undoing, 2 => RingState.BackingUp, _ => null };
        for (var looks = 0; wanted is not null && looks < 150; looks++)
        {
            if (await RunAsync(register, patch) is { } run && (!run.IsOpen || run.Current?.State == wanted))
            {
                break;
            }

            await Task.Delay(20);
        }

        await Task.Delay(random.Next(wanted is null ? 3000 : 400));
    }

    /// <summary>Two votes, before, between or after which the process may be killed. What was acknowledged stays.</summary>
    private static async Task<string> ApproveAsync(RolloutRegister register, Random random, string title, Action killed)
    {
        var patch = await register.RequestAsync(title, title);
        for (var voter = 1; voter <= 2; voter++)
        {
            using (var api = register.Server.As(register.Tokens[voter]))
            {
                (await api.PostAsync($"/api/patches/{patch}/votes", new { choice = "approve" }, ("Idempotency-Key", $"{title} {voter}"))).Expect(HttpStatusCode.OK);
            }

            if (random.Next(3) == 0)
            {
                await Task.Delay(random.Next(100));
                await register.RestartAsync();
                killed();
            }

            var votes = (await register.Server.Operator.GetAsync("/api/patches/" + patch)).Json.GetProperty("votes").GetArrayLength();
            Assert.Equal(voter, votes);
        }

        var request = await Eventually.HoldsAsync(
            async () => (await register.Server.Operator.GetAsync("/api/patches/" + patch)).Json.GetProperty("request"), static request => request.TryGetProperty("decision", out _), 60);
        Assert.Equal("approved", request.GetProperty("decision").GetProperty("outcome").GetString());
        return patch;
    }

    private static async Task<RolloutRun?> RunAsync(RolloutRegister register, string patch)
    {
        try
        {
            return await register.FindAsync(patch);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
