using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

public sealed class WorkflowEpisodeTests
{
    private static readonly Activity<int, int> Double = new("Double");
    private static readonly DateTimeOffset Later = Story.Start.AddHours(1);

    [Fact]
    public void A_first_episode_asks_for_the_first_step_only()
    {
        var story = Story.Of(3, async (context, n) => await context.CallAsync(Double, await context.CallAsync(Double, n, RetryRule.None), RetryRule.Quick));

        Assert.Equal([new ActivityScheduled(Story.Start, 1, "Double", "3", RetryRule.None)], story.Result.NewEvents);
        Assert.Equal([1], story.Result.OpenActivities.Select(a => a.Step));
    }

    [Fact]
    public void Each_result_leads_to_the_next_step_and_the_last_to_the_end()
    {
        var story = Story.Of(3, async (context, n) => await context.CallAsync(Double, await context.CallAsync(Double, n, RetryRule.None), RetryRule.Quick));

        story.Complete(1, 6);
        Assert.Equal([new ActivityScheduled(Story.Start.AddMinutes(1), 2, "Double", "6", RetryRule.Quick)], story.Result.NewEvents);
        story.Complete(2, 12);
        Assert.Equal([new WorkflowCompleted(Story.Start.AddMinutes(2), "12")], story.Result.NewEvents);
        Assert.Empty(story.Result.OpenActivities);
    }

    [Fact]
    public void Steps_fan_out_together_and_their_results_keep_their_places()
    {
        var story = Story.Of(context => Task.WhenAll(Enumerable.Range(1, 3).Select(n => context.CallAsync(Double, n, RetryRule.None))));
        Assert.Equal(["1", "2", "3"], story.Result.OpenActivities.Select(a => a.Input));

        story.Complete(3, 6).Complete(1, 2);
        Assert.Equal([2], story.Result.OpenActivities.Select(a => a.Step));
        Assert.Equal("[2,4,6]", story.Complete(2, 4).Output);
    }

    [Fact]
    public void The_first_of_two_steps_goes_on_and_the_other_is_left_open()
    {
        var story = Story.Of(async context =>
        {
            var slow = context.CallAsync(Double, 1, RetryRule.None);
            var fast = context.CallAsync(Double, 2, RetryRule.None);
            var first = await Task.WhenAny(slow, fast);
            var then = await context.CallAsync(Double, await first, RetryRule.None);
            return $"{then} {await slow}";
        });

        story.Complete(2, 4);
        Assert.Equal([1, 3], story.Result.OpenActivities.Select(a => a.Step));
        Assert.Equal("\"8 2\"", story.Complete(3, 8).Complete(1, 2).Output);
    }

    [Fact]
    public void Results_are_seen_one_at_a_time_in_recorded_order()
    {
        static async Task<string> Run(IWorkflowContext context)
        {
            var seen = new List<string>();
            await Task.WhenAll(Enumerable.Range(1, 3).Select(async n =>
            {
                seen.Add($"{await context.CallAsync(Double, n, RetryRule.None)}@{context.Now:mm}");
                await Task.Yield();
                seen.Add("after " + n);
            }));
            return string.Join(", ", seen);
        }

        Assert.Equal("\"2@01, after 1, 6@02, after 3, 4@03, after 2\"", Story.Of(Run).Complete(1, 2).Complete(3, 6).Complete(2, 4).Output);
    }

    [Fact]
    public void A_failed_step_surfaces_where_it_is_awaited()
    {
        var story = Story.Of(async context =>
        {
            try
            {
                return $"{await context.CallAsync(Double, 1, RetryRule.None)}";
            }
            catch (WorkflowStepFailedException failure)
            {
                return $"{failure.Activity}: {failure.Reason}";
            }
        });

        Assert.Equal("\"Double: no paper\"", story.Fail(1, "no paper").Output);
    }

    [Fact]
    public void A_failed_step_that_nobody_catches_fails_the_workflow()
    {
        var story = Story.Of(context => context.CallAsync(Double, 1, RetryRule.None)).Fail(1, "no paper");

        Assert.Equal([new WorkflowFailed(Story.Start.AddMinutes(1), "The step Double failed: no paper")], story.Result.NewEvents);
    }

    [Fact]
    public void A_null_result_is_a_result()
    {
        var note = new Activity<int, string?>("Note");

        Assert.Equal("\"nothing\"", Story.Of(async context => await context.CallAsync(note, 1, RetryRule.None) ?? "nothing").Complete<string?>(1, null).Output);
    }

    [Fact]
    public void An_input_that_does_not_fit_fails_the_workflow()
    {
        var code = WorkflowCode.Of(new Workflow<int, int>("Story", (_, n) => Task.FromResult(n)));
        var result = WorkflowEpisode.Run(code, "x", [new WorkflowStarted(Story.Start, "Story", "\"three\"")]);

        Assert.IsType<WorkflowFailed>(result.Outcome);
    }

    [Fact]
    public void Long_errors_are_cut_and_no_character_is_halved()
    {
        var text = new string('x', 1999) + "🙂 and so on";
        var story = Story.Of<int>(_ => throw new InvalidOperationException(text));

        Assert.Equal(new string('x', 1999), story.Error);
    }

    [Fact]
    public void The_status_is_what_the_code_said_last()
    {
        var story = Story.Of(async context =>
        {
            context.SetStatus("copying");
            await context.CallAsync(Double, 1, RetryRule.None);
            context.SetStatus("checking");
            return await context.CallAsync(Double, 2, RetryRule.None);
        });

        Assert.Equal("copying", story.Result.Status);
        Assert.Equal("checking", story.Complete(1, 2).Result.Status);
        Assert.Equal("checking", story.Complete(2, 4).Result.Status);
    }

    [Fact]
    public void Now_is_the_time_of_the_last_delivered_event_and_never_goes_back()
    {
        var story = Story.Of(async context =>
        {
            var times = new List<DateTimeOffset> { context.Now };
            await context.CallAsync(Double, 1, RetryRule.None);
            times.Add(context.Now);
            await context.CallAsync(Double, 1, RetryRule.None);
            times.Add(context.Now);
            return times;
        });
        story.Complete(1, 2).Happen(_ => new ActivityCompleted(Story.Start, 2, "2"));

        Assert.Equal("""["2026-11-22T02:00:00Z","2026-11-22T02:01:00Z","2026-11-22T02:01:00Z"]""", story.Output);
    }

    [Fact]
    public void Ids_are_those_that_Durable_Functions_would_make()
    {
        var story = Story.Of(async context =>
        {
            List<Guid> ids = [context.NewGuid(), context.NewGuid()];
            await context.CallAsync(Double, 1, RetryRule.None);
            ids.Add(context.NewGuid());
            return ids;
        });

        // Worked out with Python's uuid.uuid5.
        Assert.Equal(
            """["bb181e2e-4d60-5367-b4a7-62f8c263fb82","0c0a2d53-109c-5624-995e-36546cc40734","af010496-7c81-5f26-868e-1e29e0903899"]""",
            story.Complete(1, 2).Output);
    }

    [Fact]
    public void The_same_history_gives_the_same_events_again()
    {
        static async Task<string> Run(IWorkflowContext context)
        {
            var id = context.NewGuid();
            var came = await context.WaitForEventAsync("go", context.Now.AddHours(1));
            return $"{id} {came} {context.NewGuid()} {await context.CallAsync(Double, context.Now.Minute, RetryRule.None)}";
        }

        var story = Story.Of(Run).Raise("go").Complete(2, 4);
        var again = Story.Of(Run).Raise("go").Complete(2, 4);

        Assert.NotNull(story.Output);
        Assert.Equal(story.History, again.History);
    }

    [Fact]
    public void A_step_that_was_started_and_never_awaited_is_over_before_the_end_as_on_Durable_Functions()
    {
        var story = Story.Of(context =>
        {
            _ = context.CallAsync(Double, 1, RetryRule.None);
            return Task.FromResult(7);
        });
        Assert.Null(story.Result.Outcome);
        Assert.Single(story.Result.OpenActivities);

        story.Complete(1, 2);
        Assert.Equal("7", story.Output);
        Assert.Empty(story.Result.OpenActivities);
    }

    [Fact]
    public void An_episode_leaves_its_callers_context_as_it_was()
    {
        var outer = SynchronizationContext.Current;
        var mine = new SynchronizationContext();
        SynchronizationContext.SetSynchronizationContext(mine);
        try
        {
            Story.Of(async context => await context.CallAsync(Double, 1, RetryRule.None)).Complete(1, 2);
            Assert.Same(mine, SynchronizationContext.Current);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    [Fact]
    public void A_history_begins_with_its_start()
    {
        var code = WorkflowCode.Of(new Workflow<int, int>("Story", (_, n) => Task.FromResult(n)));

        Assert.Throws<ArgumentException>(() => WorkflowEpisode.Run(code, "x", []));
        Assert.Throws<ArgumentException>(() => WorkflowEpisode.Run(code, "x", [new EventRaised(Later, "go")]));
    }
}
