using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

/// <summary>Code that breaks with its history, or leaves its context, fails its instance with a text that says how.</summary>
public sealed class WorkflowRefusalTests
{
    private static readonly Activity<int, int> Double = new("Double");
    private static readonly Activity<int, int> Halve = new("Halve");

    private static readonly Story Told = Story.Of(async context =>
    {
        var n = await context.CallAsync(Double, 1, RetryRule.None);
        await context.WaitForEventAsync("go", context.Now.AddHours(1));
        return await context.CallAsync(Double, n, RetryRule.None);
    }).Complete(1, 2).Raise("go");

    [Fact]
    public void Another_activity_at_a_recorded_step_is_refused()
    {
        var result = Told.Under(context => context.CallAsync(Halve, 1, RetryRule.None));

        Assert.Equal("History says step 1 was the activity Double, the code now asks for the activity Halve.", Error(result));
        Assert.Equal([result.Outcome!], result.NewEvents);
    }

    [Fact]
    public void Another_kind_of_step_is_refused()
    {
        var result = Told.Under(context => context.WaitForEventAsync("go", context.Now));

        Assert.Equal("History says step 1 was the activity Double, the code now asks for the wait for the event 'go'.", Error(result));
    }

    [Fact]
    public void A_wait_for_another_event_is_refused()
    {
        var result = Told.Under(async context =>
        {
            await context.CallAsync(Double, 1, RetryRule.None);
            return await context.WaitForEventAsync("decided", context.Now);
        });

        Assert.Equal("History says step 2 was the wait for the event 'go', the code now asks for the wait for the event 'decided'.", Error(result));
    }

    [Fact]
    public void Code_that_ends_before_a_recorded_step_is_refused()
    {
        var result = Told.Under(context => context.CallAsync(Double, 1, RetryRule.None));

        Assert.Equal("History says step 2 was the wait for the event 'go', the code now does not ask for it.", Error(result));
    }

    [Fact]
    public void Code_that_has_not_come_to_a_step_when_its_result_is_delivered_is_refused()
    {
        var story = Story.Of(context => Task.WhenAll(context.CallAsync(Double, 1, RetryRule.None), context.CallAsync(Halve, 2, RetryRule.None))).Complete(2, 1);
        var result = story.Under(async context =>
        {
            await context.CallAsync(Double, 1, RetryRule.None);
            return await context.CallAsync(Halve, 2, RetryRule.None);
        });

        Assert.Equal("History says step 2 was the activity Halve, the code now does not ask for it.", Error(result));
    }

    [Fact]
    public void Code_cannot_catch_its_way_out_of_a_refusal()
    {
        var result = Told.Under(async context =>
        {
            try
            {
                return await context.CallAsync(Halve, 1, RetryRule.None);
            }
            catch (Exception)
            {
                return 7;
            }
        });

        Assert.IsType<WorkflowFailed>(result.Outcome);
    }

    [Fact]
    public void Another_input_or_retry_rule_is_not_refused_and_the_recorded_one_stays()
    {
        var story = Story.Of(context => context.CallAsync(Double, 1, RetryRule.None));
        var result = story.Under(context => context.CallAsync(Double, 2, RetryRule.Quick));

        Assert.Null(result.Outcome);
        Assert.Equal(new ActivityScheduled(Story.Start, 1, "Double", "1", RetryRule.None), Assert.Single(result.OpenActivities));
    }

    [Fact]
    public void Awaiting_a_task_that_never_ends_is_refused_instead_of_hanging()
    {
        Assert.StartsWith("The workflow Story awaits something that does not come from its context", Story.Of(_ => new TaskCompletionSource<int>().Task).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Awaiting_a_foreign_task_is_refused()
    {
        var foreign = new TaskCompletionSource<int>();
        var story = Story.Of(async _ => await foreign.Task + 1);
        foreign.SetResult(1);

        Assert.Contains("does not come from its context", story.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Going_on_from_another_thread_is_refused_even_while_a_step_is_open()
    {
        var foreign = new TaskCompletionSource<int>();
        var story = Story.Of(async context =>
        {
            var step = context.CallAsync(Double, 1, RetryRule.None);
            var other = GoOnAsync();

            // Joined, so that the test does not depend on which thread is faster.
            var thread = new Thread(() => foreign.SetResult(1));
            thread.Start();
            thread.Join();
            return await step + await other;
        });

        Assert.Contains("does not come from its context", story.Error, StringComparison.Ordinal);

        async Task<int> GoOnAsync() => await foreign.Task + 1;
    }

    [Fact]
    public void Using_the_context_after_ConfigureAwait_false_is_refused()
    {
        var story = Story.Of(async context =>
        {
            await context.CallAsync(Double, 1, RetryRule.None).ConfigureAwait(false);
            return await context.CallAsync(Double, 2, RetryRule.None);
        }).Complete(1, 2);

        Assert.Contains("does not come from its context", story.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_context_is_of_no_use_outside_its_episode()
    {
        IWorkflowContext? kept = null;
        Story.Of(context =>
        {
            kept = context;
            return Task.FromResult(1);
        });

        Assert.Throws<InvalidOperationException>(() => kept!.NewGuid());
        Assert.Throws<InvalidOperationException>(() => kept!.SetStatus("late"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => kept!.CallAsync(Double, 1, RetryRule.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => kept!.WaitForEventAsync("go", Story.Start));
    }

    private static string? Error(EpisodeResult result) => (result.Outcome as WorkflowFailed)?.Error;
}
