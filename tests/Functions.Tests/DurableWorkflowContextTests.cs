using Maintenance.Workflows;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.Fakes;

namespace MaintenanceFunctions.Tests;

public sealed class DurableWorkflowContextTests
{
    private static readonly Activity<string, int> Count = new("Count");
    private readonly FakeOrchestration _orchestration = new();

    private DateTimeOffset Start { get; } = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_activity_is_called_by_its_name_with_its_input()
    {
        _orchestration.Activities["Count"] = (input, _) => ((string)input!).Length;

        var run = Run(context => context.CallAsync(Count, "four", RetryRule.None));

        Assert.Equal(4, await Done(run));
    }

    [Fact]
    public async Task An_activity_is_tried_as_often_and_as_far_apart_as_the_rule_says()
    {
        _orchestration.Activities["Count"] = (_, attempt) => attempt == 3 ? 7 : throw new InvalidOperationException("not yet");

        var run = Run(context => context.CallAsync(Count, "", new RetryRule(3, TimeSpan.FromSeconds(15), 2.5)));

        Assert.Equal(7, await Done(run));
        var policy = Assert.Single(_orchestration.CallOptions)!.Retry!.Policy!;
        Assert.Equal((3, TimeSpan.FromSeconds(15), 2.5, TimeSpan.FromHours(1)),
            (policy.MaxNumberOfAttempts, policy.FirstRetryInterval, policy.BackoffCoefficient, policy.MaxRetryInterval));
    }

    [Fact]
    public async Task An_activity_that_fails_for_good_fails_the_step_with_its_last_message()
    {
        _orchestration.Activities["Count"] = (_, attempt) => throw new InvalidOperationException($"failure {attempt}");

        var run = Run(context => context.CallAsync(Count, "", RetryRule.Quick));

        var failure = await Assert.ThrowsAsync<WorkflowStepFailedException>(() => Done(run));
        Assert.Equal(("Count", "failure 4"), (failure.Activity, failure.Reason));
    }

    [Fact]
    public async Task An_event_before_its_deadline_wins_and_leaves_no_timer_open()
    {
        var run = Run(context => context.WaitForEventAsync("decided", Start.AddHours(1)));
        Assert.False(run.IsCompleted);

        _orchestration.Raise("DECIDED");

        Assert.True(await Done(run));
        Assert.Equal(0, _orchestration.OpenTimers);
    }

    [Fact]
    public async Task A_deadline_before_the_event_wins_and_leaves_the_event_for_the_next_wait()
    {
        var run = Run(async context =>
        {
            var first = await context.WaitForEventAsync("decided", Start.AddHours(1));
            return (first, await context.WaitForEventAsync("decided", Start.AddHours(2)));
        });

        _orchestration.AdvanceTo(Start.AddHours(1).UtcDateTime);
        Assert.Equal(1, _orchestration.OpenTimers);
        _orchestration.Raise("decided");

        Assert.Equal((false, true), await Done(run));
        Assert.Equal(0, _orchestration.OpenTimers);
    }

    [Fact]
    public async Task An_event_raised_before_the_wait_is_taken_even_after_the_deadline()
    {
        _orchestration.Raise("decided");

        var run = Run(context => context.WaitForEventAsync("decided", Start.AddHours(-1)));

        Assert.True(await Done(run));
        Assert.Equal(0, _orchestration.OpenTimers);
    }

    [Fact]
    public async Task An_event_that_is_played_right_after_the_wait_began_is_taken_even_after_the_deadline()
    {
        var run = Run(context => context.WaitForEventAsync("decided", Start.AddHours(-1)));

        _orchestration.Raise("decided");

        Assert.True(await Done(run));
    }

    [Fact]
    public async Task A_deadline_that_has_passed_ends_the_wait_when_no_event_is_there()
    {
        var run = Run(context => context.WaitForEventAsync("decided", Start.AddHours(-1)));

        _orchestration.AdvanceTo(Start.UtcDateTime);

        Assert.False(await Done(run));
    }

    [Fact]
    public async Task A_deadline_in_another_offset_is_the_same_instant()
    {
        var run = Run(context => context.WaitForEventAsync("decided", Start.AddHours(1).ToOffset(TimeSpan.FromHours(9))));

        _orchestration.AdvanceTo(Start.AddMinutes(59).UtcDateTime);
        Assert.False(run.IsCompleted);
        _orchestration.AdvanceTo(Start.AddMinutes(60).UtcDateTime);

        Assert.False(await Done(run));
    }

    [Fact]
    public async Task Each_event_wakes_one_of_several_waits_in_a_row()
    {
        var run = Run(async context =>
        {
            var events = 0;
            while (await context.WaitForEventAsync("vote", Start.AddHours(1)))
            {
                events++;
            }

            return events;
        });

        _orchestration.Raise("vote");
        _orchestration.Raise("vote");
        _orchestration.AdvanceTo(Start.AddHours(1).UtcDateTime);

        Assert.Equal(2, await Done(run));
    }

    [Fact]
    public async Task Steps_side_by_side_stay_on_the_orchestration_s_turn()
    {
        _orchestration.Activities["Count"] = (input, _) => ((string)input!).Length;

        var run = Run(async context =>
        {
            var counts = await Task.WhenAll(new[] { "a", "bb", "ccc" }.Select(text => context.CallAsync(Count, text, RetryRule.None)));
            return counts.Sum() + (await context.WaitForEventAsync("go", Start.AddHours(1)) ? context.NewGuid().ToString().Length : 0);
        });
        _orchestration.Raise("go");

        Assert.Equal(6 + 36, await Done(run));
    }

    [Fact]
    public async Task Time_is_the_orchestration_s_in_UTC_and_so_are_id_and_status()
    {
        var run = Run(context =>
        {
            context.SetStatus("waiting for votes");
            return Task.FromResult((context.Now, context.InstanceId));
        });

        Assert.Equal((Start, "instance-1"), await Done(run));
        Assert.Equal(TimeSpan.Zero, (await run).Now.Offset);
        Assert.Equal("waiting for votes", _orchestration.Status);
    }

    private static async Task<T> Done<T>(Task<T> run)
    {
        Assert.True(run.IsCompleted, "The orchestration did not come to its end on its own turn.");
        return await run;
    }

    private Task<T> Run<T>(Func<IWorkflowContext, Task<T>> workflow) =>
        _orchestration.Start(context => DurableWorkflowContext.RunAsync(context, new Workflow<object?, T>("Test", (own, _) => workflow(own))));
}
