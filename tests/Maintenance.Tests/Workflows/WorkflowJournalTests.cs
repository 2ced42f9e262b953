using Maintenance.Local.Storage;
using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

public sealed class WorkflowJournalTests
{
    private static readonly DateTimeOffset Now = Story.Start.AddTicks(1234567);
    private static readonly WorkflowStarted Started = new(Now, "Story", "1");

    [Fact]
    public async Task A_second_creation_leaves_the_first_instance_even_when_it_has_ended()
    {
        await using var bench = new EngineBench();
        var journal = bench.Journal;
        Assert.True(await journal.CreateAsync("a", Started, default));
        Assert.False(await journal.CreateAsync("a", Started with { Input = "2" }, default));
        await journal.AppendAsync("a", 1, [new WorkflowCompleted(Now, "7")], null, Now, default);
        Assert.False(await journal.CreateAsync("a", Started, default));

        Assert.Equal(Started, (await journal.LoadAsync("a", default))!.History[0]);
    }

    [Fact]
    public void An_event_is_written_without_what_follows_from_its_kind()
    {
        Assert.Equal("""{"kind":"eventRaised","name":"go","at":"2026-11-22T02:00:00Z"}""", MaintenanceJson.Write<WorkflowEvent>(new EventRaised(Story.Start, "go")));
        Assert.Equal(
            """{"kind":"waitScheduled","event":"go","deadline":"2026-11-22T02:00:00Z","step":1,"at":"2026-11-22T02:00:00Z"}""",
            MaintenanceJson.Write<WorkflowEvent>(new WaitScheduled(Story.Start, 1, "go", Story.Start)));
    }

    [Fact]
    public async Task Every_kind_of_event_comes_back_as_it_was()
    {
        await using var bench = new EngineBench();
        var journal = bench.Journal;
        WorkflowEvent[] all =
        [
            new ActivityScheduled(Now, 1, "Double", """{"n":"ü\"🙂"}""", new RetryRule(3, TimeSpan.FromMilliseconds(1500), 1.5)),
            new AttemptStarted(Now, 1, 1), new AttemptReleased(Now, 1, 1), new AttemptFailed(Now, 1, 1, "no\npaper", Now.AddSeconds(1), Crashed: true),
            new ActivityCompleted(Now, 1, "null"), new ActivityFailed(Now, 1, "no paper"), new WaitScheduled(Now, 2, "Go", DateTimeOffset.MaxValue),
            new DeadlineReached(Now, 2), new EventRaised(Now, "go"), new WorkflowFailed(Now, "no"), new WorkflowCompleted(Now, "{}"),
        ];
        await journal.CreateAsync("a", Started, default);
        await journal.AppendAsync("a", 1, all, null, Now, default);

        var history = (await journal.LoadAsync("a", default))!.History;
        Assert.Equal([Started, .. all], history);
        Assert.Equal(all.Length + 1, history.Select(e => e.GetType()).Distinct().Count());
        Assert.All(history, e => Assert.StartsWith($"{{\"kind\":\"{e.Kind}\"", MaintenanceJson.Write(e), StringComparison.Ordinal));
        Assert.Equal(typeof(WorkflowEvent).Assembly.GetTypes().Count(t => t.IsSubclassOf(typeof(WorkflowEvent)) && !t.IsAbstract), history.Count);
    }

    [Fact]
    public async Task An_append_behind_the_history_writes_nothing()
    {
        await using var bench = new EngineBench();
        var journal = bench.Journal;
        await journal.CreateAsync("a", Started, default);
        Assert.True(await journal.RaiseAsync("a", new EventRaised(Now, "go"), default));

        Assert.Equal(AppendResult.Moved, await journal.AppendAsync("a", 1, [new WorkflowCompleted(Now, "7")], null, Now, default));
        Assert.Equal(AppendResult.Moved, await journal.AppendAsync("a", 3, [new WorkflowCompleted(Now, "7")], null, Now, default));
        Assert.Equal(2, (await journal.LoadAsync("a", default))!.History.Count);
        Assert.Equal(WorkflowState.Running, (await journal.GetAsync("a", default))!.State);
        Assert.Equal([new EventRaised(Now, "go")], await journal.ReadAsync("a", 1, default));
    }

    [Fact]
    public async Task An_instance_that_has_ended_or_is_missing_takes_nothing_more()
    {
        await using var bench = new EngineBench();
        var journal = bench.Journal;
        await journal.CreateAsync("a", Started, default);
        await journal.AppendAsync("a", 1, [new WorkflowFailed(Now, "no")], null, Now, default);

        Assert.Equal(AppendResult.Ended, await journal.AppendAsync("a", 2, [new EventRaised(Now, "go")], null, Now, default));
        Assert.Equal(AppendResult.Ended, await journal.AppendAsync("b", 0, [Started], null, Now, default));
        Assert.False(await journal.RaiseAsync("a", new EventRaised(Now, "go"), default));
        Assert.False(await journal.RaiseAsync("b", new EventRaised(Now, "go"), default));
        Assert.Null(await journal.LoadAsync("b", default));
        Assert.Null(await journal.GetAsync("b", default));
    }

    [Fact]
    public async Task The_status_follows_the_history()
    {
        await using var bench = new EngineBench();
        var journal = bench.Journal;
        await journal.CreateAsync("a", Started, default);
        Assert.Equal(new WorkflowStatus("a", "Story", WorkflowState.Running, Now, Now, null, null, null), await journal.GetAsync("a", default));

        var then = Now.AddHours(1);
        await journal.AppendAsync("a", 1, [new ActivityScheduled(Now, 1, "Double", "1", RetryRule.None)], "copying", then, default);
        Assert.Equal(new WorkflowStatus("a", "Story", WorkflowState.Running, Now, then, "copying", null, null), await journal.GetAsync("a", default));

        await journal.AppendAsync("a", 2, [new WorkflowCompleted(then, "7")], "done", then, default);
        Assert.Equal(new WorkflowStatus("a", "Story", WorkflowState.Completed, Now, then, "done", "7", null), await journal.GetAsync("a", default));
    }

    [Fact]
    public async Task Only_running_instances_are_listed_and_the_oldest_comes_first()
    {
        await using var bench = new EngineBench();
        var journal = bench.Journal;
        await journal.CreateAsync("young", Started with { At = Now.AddTicks(1) }, default);
        await journal.CreateAsync("old", Started, default);
        await journal.CreateAsync("ended", Started, default);
        await journal.AppendAsync("ended", 1, [new WorkflowCompleted(Now, "7")], null, Now, default);

        Assert.Equal(["old", "young"], await journal.RunningAsync(default));
    }

    [Fact]
    public async Task A_purge_deletes_what_ended_before_and_nothing_else()
    {
        await using var bench = new EngineBench();
        var journal = bench.Journal;
        for (var i = 0; i < 230; i++)
        {
            await journal.CreateAsync($"old{i}", Started, default);
            await journal.AppendAsync($"old{i}", 1, [new WorkflowCompleted(Now, "7")], null, Now, default);
        }

        await journal.CreateAsync("running", Started, default);
        await journal.CreateAsync("young", Started, default);
        await journal.AppendAsync("young", 1, [new WorkflowFailed(Now, "no")], null, Now.AddTicks(1), default);

        Assert.Equal(230, await journal.PurgeAsync(Now.AddTicks(1), default));
        Assert.Null(await journal.GetAsync("old0", default));
        Assert.Equal(3L, await bench.Database.ReadAsync(c => c.Scalar<long>("SELECT count(*) FROM workflow_history"), default));
        Assert.Equal(1, await journal.PurgeAsync(DateTimeOffset.MaxValue, default));
        Assert.NotNull(await journal.GetAsync("running", default));
    }
}
