using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

public sealed class WorkflowEngineTests
{
    private static readonly Activity<int, int> Double = new("Double");

    private static readonly Workflow<int, int> Twice = new("Twice", async (context, n) =>
        await context.CallAsync(Double, await context.CallAsync(Double, n, RetryRule.Quick), RetryRule.Quick));

    private static readonly Workflow<TimeSpan, bool> Wait = new("Wait", (context, time) => context.WaitForEventAsync("go", context.Now + time));

    [Fact]
    public async Task A_workflow_runs_to_its_result()
    {
        await using var bench = NewBench();
        var engine = await bench.StartEngineAsync();

        Assert.True(await engine.StartAsync(Twice, "a", 3, default));
        var status = await engine.WaitForEndAsync("a", EngineBench.Patience);

        Assert.Equal((WorkflowState.Completed, "12", "Twice"), (status.State, status.Output, status.Workflow));
        Assert.Equal(
            [
                "workflowStarted", "activityScheduled", "attemptStarted", "activityCompleted", "activityScheduled", "attemptStarted", "activityCompleted",
                "workflowCompleted",
            ],
            await bench.KindsAsync("a"));
        Assert.Empty(bench.Log);
    }

    [Fact]
    public async Task An_id_is_started_once_whatever_became_of_it()
    {
        await using var bench = NewBench();
        var engine = await bench.StartEngineAsync();

        var starts = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => engine.StartAsync(Twice, "a", n, default)));
        await engine.WaitForEndAsync("a", EngineBench.Patience);

        Assert.Single(starts, started => started);
        Assert.False(await engine.StartAsync(Twice, "a", 3, default));
        Assert.Equal(8, (await bench.HistoryAsync("a")).Count);
    }

    [Fact]
    public async Task What_is_started_before_the_engine_runs_once_it_does()
    {
        await using var bench = NewBench();
        var engine = bench.NewEngine();
        await engine.StartAsync(Twice, "a", 3, default);
        await engine.StartAsync(Wait, "b", TimeSpan.FromHours(1), default);
        await engine.RaiseAsync("b", "go", default);
        var end = engine.WaitForEndAsync("a", EngineBench.Patience);
        Assert.Single(await bench.HistoryAsync("a"));

        await engine.StartAsync(default);

        Assert.Equal("12", (await end).Output);
        Assert.Equal("true", (await engine.WaitForEndAsync("b", EngineBench.Patience)).Output);
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.StartAsync(default));
    }

    [Fact]
    public async Task Ids_and_workflows_are_checked_before_anything_is_written()
    {
        await using var bench = NewBench();
        var engine = await bench.StartEngineAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => engine.StartAsync(Twice, "a/b", 3, default));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.StartAsync(Twice with { Name = "Thrice" }, "a", 3, default));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.RaiseAsync("a", " ", default));
        Assert.Empty(await bench.Journal.RunningAsync(default));
    }

    [Fact]
    public async Task A_raised_event_wakes_its_instance_and_no_other()
    {
        await using var bench = NewBench();
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(Wait, "a", TimeSpan.FromHours(1), default);
        await engine.StartAsync(Wait, "b", TimeSpan.FromHours(1), default);

        await engine.RaiseAsync("a", "GO", default);
        await engine.RaiseAsync("nobody", "go", default);

        Assert.Equal("true", (await engine.WaitForEndAsync("a", EngineBench.Patience)).Output);
        await engine.RaiseAsync("a", "go", default);
        Assert.Equal(WorkflowState.Running, (await engine.GetAsync("b", default))!.State);
    }

    [Fact]
    public async Task A_deadline_comes_to_the_instant_and_not_before()
    {
        await using var bench = NewBench();
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(Wait, "a", TimeSpan.FromHours(1) + TimeSpan.FromTicks(1), default);

        await bench.PassAsync(engine, TimeSpan.FromHours(1));
        Assert.Equal(WorkflowState.Running, (await engine.GetAsync("a", default))!.State);
        await bench.PassAsync(engine, TimeSpan.FromMilliseconds(1));
        Assert.Equal("false", (await engine.GetAsync("a", default))!.Output);
    }

    [Fact]
    public async Task A_deadline_may_be_farther_away_than_a_timer_reaches()
    {
        await using var bench = NewBench();
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(Wait, "a", TimeSpan.FromDays(120), default);
        await engine.StartAsync(Wait, "never", DateTimeOffset.MaxValue - bench.Clock.GetUtcNow(), default);

        await bench.PassAsync(engine, TimeSpan.FromDays(119));
        Assert.Equal(WorkflowState.Running, (await engine.GetAsync("a", default))!.State);
        await bench.PassAsync(engine, TimeSpan.FromDays(1));
        Assert.Equal("false", (await engine.GetAsync("a", default))!.Output);
        Assert.Equal(WorkflowState.Running, (await engine.GetAsync("never", default))!.State);
    }

    [Fact]
    public async Task The_systems_timers_take_far_deadlines_too()
    {
        await using var bench = NewBench();
        var engine = bench.NewEngine(clock: TimeProvider.System);
        await engine.StartAsync(default);
        await engine.StartAsync(Wait, "a", TimeSpan.FromDays(120), default);
        await engine.StartAsync(Wait, "b", TimeSpan.FromMilliseconds(1), default);

        Assert.Equal("false", (await engine.WaitForEndAsync("b", EngineBench.Patience)).Output);
        await engine.WaitUntilIdleAsync();
        await engine.RaiseAsync("a", "go", default);
        Assert.Equal("true", (await engine.WaitForEndAsync("a", EngineBench.Patience)).Output);
        Assert.Empty(bench.Log);
    }

    [Fact]
    public async Task Events_that_are_raised_while_steps_end_are_all_taken_in()
    {
        await using var bench = NewBench();
        var busy = new Workflow<int, int>("Busy", async (context, n) =>
        {
            var came = 0;
            for (var i = 0; i < n; i++)
            {
                var steps = Task.WhenAll(context.CallAsync(Double, 1, RetryRule.None), context.CallAsync(Double, 2, RetryRule.None));
                came += await context.WaitForEventAsync("go", DateTimeOffset.MaxValue) ? 1 : 0;
                await steps;
            }

            return came;
        });
        bench.Workflows.Add(busy);
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(busy, "a", 30, default);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            for (var i = 0; i < 10; i++)
            {
                await engine.RaiseAsync("a", "go", default);
            }
        }));

        Assert.Equal("30", (await engine.WaitForEndAsync("a", EngineBench.Patience)).Output);
        Assert.Empty(bench.Log);
    }

    [Fact]
    public async Task Deadlines_that_passed_while_nothing_ran_come_at_once_and_in_order()
    {
        await using var bench = NewBench();
        var both = new Workflow<int, List<string>>("Both", async (context, _) =>
        {
            var order = new List<string>();
            await Task.WhenAll(NoteAsync("late", 2), NoteAsync("early", 1));
            return order;

            async Task NoteAsync(string name, int hours)
            {
                await context.WaitForEventAsync(name, context.Now.AddHours(hours));
                order.Add(name);
            }
        });
        bench.Workflows.Add(both);
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(both, "a", 0, default);
        await engine.WaitUntilIdleAsync();
        await engine.StopAsync(default);

        bench.Clock.Advance(TimeSpan.FromDays(3));
        engine = await bench.StartEngineAsync();
        await engine.WaitUntilIdleAsync();

        Assert.Equal("""["early","late"]""", (await engine.GetAsync("a", default))!.Output);
    }

    [Fact]
    public async Task A_failing_workflow_ends_with_its_error_and_others_go_on()
    {
        await using var bench = NewBench();
        var failing = new Workflow<int, int>("Failing", (_, _) => throw new InvalidOperationException("no paper"));
        bench.Workflows.Add(failing);
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(failing, "a", 0, default);
        await engine.StartAsync(Twice, "b", 3, default);

        var status = await engine.WaitForEndAsync("a", EngineBench.Patience);
        Assert.Equal((WorkflowState.Failed, "no paper", null), (status.State, status.Error, status.Output));
        Assert.Equal("12", (await engine.WaitForEndAsync("b", EngineBench.Patience)).Output);
    }

    [Fact]
    public async Task An_unknown_workflow_is_left_as_it_is_and_goes_on_when_it_is_known_again()
    {
        await using var bench = NewBench();
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(Wait, "a", TimeSpan.FromHours(1), default);
        await engine.WaitUntilIdleAsync();
        await engine.StopAsync(default);
        var before = await bench.HistoryAsync("a");

        bench.ForgetTheProgram();
        bench.Workflows.Add(Twice);
        bench.Activities.Add(Double, (n, _) => Task.FromResult(2 * n));
        engine = await bench.StartEngineAsync();
        await engine.StartAsync(Twice, "b", 3, default);
        Assert.Equal("12", (await engine.WaitForEndAsync("b", EngineBench.Patience)).Output);
        bench.Clock.Advance(TimeSpan.FromHours(2));
        await engine.WaitUntilIdleAsync();
        Assert.Equal(before, await bench.HistoryAsync("a"));
        Assert.Contains(bench.Log, line => line.Contains("has no workflow Wait", StringComparison.Ordinal));
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.WaitForEndAsync("a", EngineBench.Patience));
        await engine.RaiseAsync("a", "go", default);
        await engine.StopAsync(default);

        bench.Workflows.Add(Wait);
        engine = await bench.StartEngineAsync();
        Assert.Equal("true", (await engine.WaitForEndAsync("a", EngineBench.Patience)).Output);
    }

    [Fact]
    public async Task Waiting_for_the_end_of_nothing_says_so()
    {
        await using var bench = NewBench();
        var engine = await bench.StartEngineAsync();

        await Assert.ThrowsAsync<KeyNotFoundException>(() => engine.WaitForEndAsync("nobody", EngineBench.Patience));
    }

    [Fact]
    public async Task Waiting_for_an_end_stops_with_the_engine_or_when_it_is_cancelled()
    {
        await using var bench = NewBench();
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(Wait, "a", TimeSpan.FromHours(1), default);
        using var cancellation = new CancellationTokenSource();
        var cancelled = engine.WaitForEndAsync("a", cancellation.Token);
        var stopped = engine.WaitForEndAsync("a", default);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(stopped.IsCompleted);
        await engine.StopAsync(default);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
    }

    [Fact]
    public async Task Ended_instances_are_purged_daily_after_thirty_days()
    {
        await using var bench = NewBench();
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(Twice, "a", 3, default);
        await engine.StartAsync(Wait, "b", TimeSpan.FromDays(400), default);

        await bench.PassAsync(engine, TimeSpan.FromDays(30), TimeSpan.FromDays(1));
        Assert.NotNull(await engine.GetAsync("a", default));
        await bench.PassAsync(engine, TimeSpan.FromDays(1));

        Assert.Null(await engine.GetAsync("a", default));
        Assert.Equal(WorkflowState.Running, (await engine.GetAsync("b", default))!.State);
    }

    [Fact]
    public async Task Another_process_that_writes_the_history_is_left_to_it()
    {
        await using var bench = NewBench();
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(Wait, "a", TimeSpan.FromHours(1), default);
        await engine.WaitUntilIdleAsync();
        var seen = (await bench.HistoryAsync("a")).Count;
        await bench.Journal.AppendAsync("a", seen, [new Maintenance.Local.Workflows.DeadlineReached(bench.Clock.GetUtcNow(), 1)], null, bench.Clock.GetUtcNow(), default);

        await engine.RaiseAsync("a", "go", default);
        await bench.PassAsync(engine, TimeSpan.FromHours(2));

        Assert.Equal(seen + 2, (await bench.HistoryAsync("a")).Count);
        Assert.Contains(bench.Log, line => line.Contains("another process", StringComparison.Ordinal));
    }

    private static EngineBench NewBench()
    {
        var bench = new EngineBench();
        bench.Workflows.Add(Twice).Add(Wait);
        bench.Activities.Add(Double, (n, _) => Task.FromResult(2 * n));
        return bench;
    }
}
