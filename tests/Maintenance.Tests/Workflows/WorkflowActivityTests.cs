using System.Collections.Concurrent;
using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

/// <summary>How the engine runs activities: retries, stops, crashes, and how many at once.</summary>
public sealed class WorkflowActivityTests
{
    private static readonly Activity<int, int> Work = new("Work");

    private static readonly Workflow<int, int> None = new("None", (context, n) => context.CallAsync(Work, n, RetryRule.None));

    private static readonly Workflow<int, int> Quick = new("Quick", (context, n) => context.CallAsync(Work, n, RetryRule.Quick));

    private static readonly Workflow<int, int> Fan = new("Fan", async (context, n) =>
        (await Task.WhenAll(Enumerable.Range(1, n).Select(i => context.CallAsync(Work, i, RetryRule.None)))).Sum());

    [Fact]
    public async Task A_failing_activity_is_tried_again_at_the_rules_intervals()
    {
        var tries = new List<DateTimeOffset>();
        await using var bench = new EngineBench();
        var start = bench.Clock.GetUtcNow();
        Register(bench, (n, _) =>
        {
            tries.Add(bench.Clock.GetUtcNow());
            return tries.Count < 4 ? throw new IOException("no paper") : Task.FromResult(n);
        });
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(Quick, "a", 7, default);

        await bench.PassAsync(engine, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(500));

        Assert.Equal([0, 1, 3, 7], tries.Select(t => (t - start).TotalSeconds));
        Assert.Equal("7", (await engine.GetAsync("a", default))!.Output);
    }

    [Fact]
    public async Task The_last_error_is_the_steps_reason()
    {
        var tries = 0;
        await using var bench = new EngineBench();
        Register(bench, (_, _) => throw new IOException($"no paper {++tries}"));
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(Quick, "a", 7, default);

        await bench.PassAsync(engine, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));

        Assert.Equal("The step Work failed: no paper 4", (await engine.GetAsync("a", default))!.Error);
    }

    [Fact]
    public async Task A_wait_for_the_next_try_survives_a_restart()
    {
        var tries = 0;
        await using var bench = new EngineBench();
        Register(bench, (n, _) => ++tries == 1 ? throw new IOException("no paper") : Task.FromResult(n));
        var patient = new Workflow<int, int>("Patient", (context, n) => context.CallAsync(Work, n, RetryRule.Patient));
        bench.Workflows.Add(patient);
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(patient, "a", 7, default);
        await engine.WaitUntilIdleAsync();
        await engine.StopAsync(default);

        bench.Clock.Advance(TimeSpan.FromSeconds(14));
        engine = await bench.StartEngineAsync();
        await engine.WaitUntilIdleAsync();
        Assert.Equal(1, tries);
        await bench.PassAsync(engine, TimeSpan.FromSeconds(1));

        Assert.Equal(2, tries);
        Assert.Equal("7", (await engine.GetAsync("a", default))!.Output);
    }

    [Fact]
    public async Task An_activity_that_is_cancelled_by_its_own_doing_has_failed()
    {
        await using var bench = new EngineBench();
        Register(bench, (_, _) => throw new TaskCanceledException("The request timed out."));
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(None, "a", 7, default);

        Assert.Equal("The step Work failed: The request timed out.", (await engine.WaitForEndAsync("a", EngineBench.Patience)).Error);
    }

    [Fact]
    public async Task An_unknown_activity_fails_its_step()
    {
        await using var bench = new EngineBench();
        bench.Workflows.Add(Quick);
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(Quick, "a", 7, default);

        Assert.Equal("The step Work failed: This program has no activity Work.", (await engine.WaitForEndAsync("a", EngineBench.Patience)).Error);
    }

    [Fact]
    public async Task No_more_activities_run_at_once_than_are_allowed()
    {
        var (running, most) = (0, 0);
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bench = new EngineBench { Settings = new WorkflowEngineSettings { ConcurrentActivities = 3 } };
        Register(bench, async (n, _) =>
        {
            var now = Interlocked.Increment(ref running);
            most = Math.Max(most, now);
            if (now == 3)
            {
                full.TrySetResult();
            }

            await full.Task;
            Interlocked.Decrement(ref running);
            return n;
        });
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(Fan, "a", 20, default);
        await engine.StartAsync(Fan, "b", 20, default);

        Assert.Equal("210", (await engine.WaitForEndAsync("a", EngineBench.Patience)).Output);
        Assert.Equal("210", (await engine.WaitForEndAsync("b", EngineBench.Patience)).Output);
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task A_stop_gives_cancelled_attempts_back_and_the_next_start_makes_them_again()
    {
        var tries = 0;
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bench = new EngineBench();
        Register(bench, async (n, cancellation) =>
        {
            if (++tries == 1)
            {
                began.SetResult();
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            return n;
        });
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(None, "a", 7, default);
        await began.Task;
        await engine.StopAsync(default);
        Assert.Equal(["workflowStarted", "activityScheduled", "attemptStarted", "attemptReleased"], await bench.KindsAsync("a"));

        engine = await bench.StartEngineAsync();
        Assert.Equal("7", (await engine.WaitForEndAsync("a", EngineBench.Patience)).Output);
        Assert.Equal([1, 1], (await bench.HistoryAsync("a")).OfType<AttemptStarted>().Select(e => e.Attempt));
    }

    [Fact]
    public async Task An_activity_that_throws_while_it_is_cancelled_does_not_hold_up_the_stop()
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bench = new EngineBench();
        Register(bench, async (n, cancellation) =>
        {
            await using var registration = cancellation.Register(() => throw new IOException("no paper"));
            began.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return n;
        });
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(None, "a", 7, default);
        await began.Task;
        await engine.StopAsync(default);

        Assert.Equal("attemptReleased", (await bench.KindsAsync("a"))[^1]);
    }

    [Fact]
    public async Task What_ends_while_the_engine_stops_is_kept()
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bench = new EngineBench();
        Register(bench, async (n, cancellation) =>
        {
            began.TrySetResult();
            var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = cancellation.Register(cancelled.SetResult);
            await cancelled.Task;
            return n;
        });
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(None, "a", 7, default);
        await began.Task;
        await engine.StopAsync(default);

        Assert.Equal("7", (await bench.Journal.GetAsync("a", default))!.Output);
    }

    [Fact]
    public async Task A_stop_waits_ten_seconds_for_activities_that_do_not_listen_and_gives_them_back()
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bench = new EngineBench();
        Register(bench, (_, _) =>
        {
            began.TrySetResult();
            return end.Task;
        });
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(None, "a", 7, default);
        await began.Task;

        var stop = engine.StopAsync(default);
        while (!bench.Log.Any(line => line.Contains("did not end when they were cancelled", StringComparison.Ordinal)))
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(stop, Task.Delay(1));
        }

        await stop;
        Assert.True(bench.Clock.GetUtcNow() >= Story.Start.AddSeconds(10));
        end.SetResult(8);
        await engine.WaitUntilIdleAsync();
        Assert.Equal(["workflowStarted", "activityScheduled", "attemptStarted", "attemptReleased"], await bench.KindsAsync("a"));
    }

    [Fact]
    public async Task After_a_stop_nothing_begins()
    {
        var tries = 0;
        await using var bench = new EngineBench();
        Register(bench, (n, _) => Task.FromResult(n + Interlocked.Increment(ref tries)));
        var engine = await bench.StartEngineAsync();
        await engine.StopAsync(default);
        await engine.StopAsync(default);

        Assert.True(await engine.StartAsync(None, "a", 7, default));
        await bench.PassAsync(engine, TimeSpan.FromMinutes(2));
        Assert.Equal(0, tries);
        Assert.Single(await bench.HistoryAsync("a"));
    }

    [Fact]
    public async Task An_activity_that_brings_the_process_down_is_given_up_after_the_third_time()
    {
        var tries = 0;
        await using var bench = new EngineBench();
        var began = new ConcurrentDictionary<int, TaskCompletionSource>();
        Register(bench, async (n, _) =>
        {
            Began(Interlocked.Increment(ref tries)).SetResult();
            await new TaskCompletionSource().Task;
            return n;
        });
        await bench.NewEngine().StartAsync(None, "a", 7, default);

        WorkflowEngine engine;
        for (var life = 1; life <= 3; life++)
        {
            engine = await bench.StartEngineAsync();
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
            while (!Began(life).Task.IsCompleted)
            {
                // The retry is due a second after the start; the engine may set its timer only after the clock moved.
                bench.Clock.Advance(TimeSpan.FromSeconds(1));
                await Task.WhenAny(Began(life).Task, Task.Delay(5));
            }

            await engine.DisposeAsync();
        }

        engine = await bench.StartEngineAsync();
        Assert.Equal("The step Work failed: The process ended while it ran. (3 times)", (await engine.WaitForEndAsync("a", EngineBench.Patience)).Error);
        Assert.Equal(3, tries);

        TaskCompletionSource Began(int life) => began.GetOrAdd(life, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_for_a_while_loses_nothing()
    {
        var tries = 0;
        await using var bench = new EngineBench();
        Register(bench, (n, _) => Task.FromResult(n + Interlocked.Increment(ref tries)));
        var journal = new UnreliableJournal(bench.Journal);
        var engine = await bench.StartEngineAsync(journal);
        await engine.StartAsync(None, "a", 7, default);
        await engine.StartAsync(None, "b", 7, default);

        var patience = EngineBench.Patience;

        // Every other append fails, half of those after having been written all the same: what a disk does that reports errors late.
        var ends = Task.WhenAll(engine.WaitForEndAsync("a", EngineBench.Patience), engine.WaitForEndAsync("b", EngineBench.Patience));
        while (!ends.IsCompleted && !patience.IsCancellationRequested)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(ends, Task.Delay(1));
        }

        await ends;
        Assert.Equal(2, tries);
        Assert.True(journal.Failures > 2);
        string[] whole = ["workflowStarted", "activityScheduled", "attemptStarted", "activityCompleted", "workflowCompleted"];
        Assert.Equal(whole, await bench.KindsAsync("a"));
        Assert.Equal(whole, await bench.KindsAsync("b"));
    }

    private static void Register(EngineBench bench, Func<int, CancellationToken, Task<int>> run)
    {
        bench.Workflows.Add(None).Add(Quick).Add(Fan);
        bench.Activities.Add(Work, run);
    }
}
