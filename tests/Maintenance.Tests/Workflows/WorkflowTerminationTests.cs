using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

public sealed class WorkflowTerminationTests
{
    private static readonly string Error = WorkflowTermination.Error("ann", "It hung.");
    private static readonly Workflow<TimeSpan, bool> Wait = new("Wait", (context, time) => context.WaitForEventAsync("go", context.Now + time));
    private static readonly Activity<int, int> Hold = new("Hold");
    private static readonly Workflow<int, int> Work = new("Work", async (context, n) => await context.CallAsync(Hold, n, RetryRule.None));

    [Fact]
    public async Task One_that_waits_is_ended_where_it_stands_and_nothing_wakes_it_again()
    {
        await using var bench = NewBench();
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(Wait, "a", TimeSpan.FromHours(1), default);
        await engine.WaitUntilIdleAsync();
        var end = engine.WaitForEndAsync("a", EngineBench.Patience);

        Assert.Equal(TerminationOutcome.Ended, await engine.TerminateAsync("a", Error, default));

        Assert.Equal((WorkflowState.Failed, "Ended by ann: It hung."), ((await end).State, (await end).Error));
        await engine.RaiseAsync("a", "go", default);
        await bench.PassAsync(engine, TimeSpan.FromHours(2));
        Assert.Equal("workflowFailed", (await bench.KindsAsync("a"))[^1]);
        Assert.Empty(bench.Log);
    }

    [Fact]
    public async Task What_a_running_activity_comes_to_is_dropped()
    {
        await using var bench = NewBench();
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        bench.Activities.Add(Hold, async (n, _) =>
        {
            begun.SetResult();
            await go.Task;
            return n;
        });
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(Work, "a", 3, default);
        await begun.Task;

        Assert.Equal(TerminationOutcome.Ended, await engine.TerminateAsync("a", Error, default));
        go.SetResult();
        await engine.WaitUntilIdleAsync();

        Assert.Equal(Error, (await engine.GetAsync("a", default))!.Error);
        Assert.DoesNotContain("activityCompleted", await bench.KindsAsync("a"));
    }

    [Fact]
    public async Task One_that_has_ended_and_one_that_never_was_are_told_apart()
    {
        await using var bench = NewBench();
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(Wait, "a", TimeSpan.FromHours(1), default);
        await engine.RaiseAsync("a", "go", default);
        await engine.WaitForEndAsync("a", EngineBench.Patience);

        Assert.Equal(TerminationOutcome.HadEnded, await engine.TerminateAsync("a", Error, default));
        Assert.Equal(TerminationOutcome.Missing, await engine.TerminateAsync("b", Error, default));
        Assert.Equal("true", (await engine.GetAsync("a", default))!.Output);
    }

    [Fact]
    public async Task One_that_this_program_cannot_run_can_be_ended()
    {
        await using var bench = NewBench();
        await bench.NewEngine().StartAsync(Wait, "a", TimeSpan.FromHours(1), default);
        bench.ForgetTheProgram();
        var engine = await bench.StartEngineAsync();
        await engine.WaitUntilIdleAsync();

        Assert.Equal(TerminationOutcome.Ended, await engine.TerminateAsync("a", Error, default));
        Assert.Equal(WorkflowState.Failed, (await engine.GetAsync("a", default))!.State);
    }

    [Fact]
    public async Task Ended_by_two_at_once_it_is_ended_by_one()
    {
        await using var bench = NewBench();
        var engine = await bench.StartEngineAsync();
        await engine.StartAsync(Wait, "a", TimeSpan.FromHours(1), default);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => engine.TerminateAsync("a", Error, default)));

        Assert.Single(outcomes, TerminationOutcome.Ended);
        Assert.Equal(7, outcomes.Count(static outcome => outcome == TerminationOutcome.HadEnded));
    }

    [Fact]
    public async Task What_runs_and_what_failed_lately_is_listed_with_what_moved_longest_ago_in_front()
    {
        await using var bench = NewBench();
        var engine = await bench.StartEngineAsync();
        var ids = new[] { "failed-early", "failed-late", "done", "running-early", "running-late" };
        foreach (var id in ids)
        {
            await engine.StartAsync(Wait, id, TimeSpan.FromDays(9), default);
            await bench.PassAsync(engine, TimeSpan.FromMinutes(1));
        }

        await engine.TerminateAsync("failed-early", Error, default);
        await bench.PassAsync(engine, TimeSpan.FromMinutes(1));
        await engine.RaiseAsync("done", "go", default);
        await engine.WaitForEndAsync("done", EngineBench.Patience);
        var since = bench.Clock.Now;
        await engine.TerminateAsync("failed-late", Error, default);

        Assert.Equal(["running-early", "running-late", "failed-late"], (await engine.ListAsync(since, 10, default)).Select(static one => one.InstanceId));
        Assert.Equal(["running-early"], (await engine.ListAsync(since, 1, default)).Select(static one => one.InstanceId));
    }

    private static EngineBench NewBench()
    {
        var bench = new EngineBench();
        bench.Workflows.Add(Wait);
        bench.Workflows.Add(Work);
        return bench;
    }
}
