using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

public sealed class WorkflowWaitTests
{
    private static readonly Activity<int, int> Double = new("Double");

    [Fact]
    public void The_event_before_the_deadline_ends_the_wait_with_true()
    {
        var story = Story.Of(context => context.WaitForEventAsync("decided", context.Now.AddHours(1)));
        Assert.Equal([new WaitScheduled(Story.Start, 1, "decided", Story.Start.AddHours(1))], story.Result.OpenWaits);

        Assert.Equal("true", story.Raise("decided").Output);
    }

    [Fact]
    public void The_deadline_before_the_event_ends_the_wait_with_false()
    {
        Assert.Equal("false", Story.Of(context => context.WaitForEventAsync("decided", context.Now.AddHours(1))).Reach(1).Output);
    }

    [Fact]
    public void Event_names_compare_without_case()
    {
        Assert.Equal("true", Story.Of(context => context.WaitForEventAsync("Decided", context.Now.AddHours(1))).Raise("dECIDED").Output);
    }

    [Fact]
    public void An_event_of_another_name_does_not_end_the_wait()
    {
        var story = Story.Of(context => context.WaitForEventAsync("decided", context.Now.AddHours(1))).Raise("approved");

        Assert.Null(story.Result.Outcome);
        Assert.Single(story.Result.OpenWaits);
    }

    [Fact]
    public void Events_raised_before_the_wait_are_kept_one_by_one()
    {
        var story = Story.Of(async context =>
        {
            await context.CallAsync(Double, 1, RetryRule.None);
            var first = await context.WaitForEventAsync("go", context.Now.AddHours(1));
            var second = await context.WaitForEventAsync("go", context.Now.AddHours(1));
            var third = await context.WaitForEventAsync("go", context.Now.AddHours(1));
            return $"{first} {second} {third}";
        });
        story.Raise("go").Raise("GO").Complete(1, 2);

        Assert.Equal([4], story.Result.OpenWaits.Select(w => w.Step));
        Assert.Equal("\"True True False\"", story.Reach(4).Output);
    }

    [Fact]
    public void A_deadline_that_has_passed_still_takes_a_kept_event()
    {
        var story = Story.Of(async context =>
        {
            await context.CallAsync(Double, 1, RetryRule.None);
            return await context.WaitForEventAsync("go", context.Now.AddDays(-1));
        });

        Assert.Equal("true", story.Raise("go").Complete(1, 2).Output);
    }

    [Fact]
    public void A_deadline_that_has_passed_is_waited_for_like_any_other()
    {
        var story = Story.Of(context => context.WaitForEventAsync("go", context.Now.AddDays(-1)));

        Assert.Single(story.Result.OpenWaits);
        Assert.Equal("false", story.Reach(1).Output);
    }

    [Fact]
    public void A_late_deadline_is_ignored()
    {
        var story = Story.Of(async context =>
        {
            var first = await context.WaitForEventAsync("go", context.Now.AddHours(1));
            var second = await context.WaitForEventAsync("go", context.Now.AddHours(1));
            return $"{first} {second}";
        });
        story.Raise("go").Reach(1);

        Assert.Equal([2], story.Result.OpenWaits.Select(w => w.Step));
        Assert.Equal("\"True True\"", story.Raise("go").Output);
    }

    [Fact]
    public void An_event_after_its_waits_deadline_is_kept_for_the_next_wait()
    {
        var story = Story.Of(async context =>
        {
            var first = await context.WaitForEventAsync("go", context.Now.AddHours(1));
            await context.CallAsync(Double, 1, RetryRule.None);
            var second = await context.WaitForEventAsync("go", context.Now.AddHours(1));
            return $"{first} {second}";
        });

        Assert.Equal("\"False True\"", story.Reach(1).Raise("go").Complete(2, 2).Output);
    }

    [Fact]
    public void Of_two_waits_for_one_name_the_latest_gets_the_event_as_on_Durable_Functions()
    {
        var story = Story.Of(async context =>
        {
            var older = context.WaitForEventAsync("go", context.Now.AddHours(1));
            var newer = context.WaitForEventAsync("go", context.Now.AddHours(1));
            return await Task.WhenAny(older, newer) == newer;
        });

        Assert.Equal("true", story.Raise("go").Output);
    }

    [Fact]
    public void An_event_or_a_step_whichever_comes_first()
    {
        static async Task<string> Run(IWorkflowContext context)
        {
            var step = context.CallAsync(Double, 1, RetryRule.None);
            var cancel = context.WaitForEventAsync("cancel", DateTimeOffset.MaxValue);
            return await Task.WhenAny(step, cancel) == cancel ? "cancelled" : $"{await step}";
        }

        Assert.Equal("\"cancelled\"", Story.Of(Run).Raise("cancel").Complete(1, 2).Output);
        Assert.Equal("\"2\"", Story.Of(Run).Complete(1, 2).Output);
    }

    [Fact]
    public void An_event_needs_a_name()
    {
        Assert.NotNull(Story.Of(context => context.WaitForEventAsync(" ", context.Now)).Error);
    }

    [Fact]
    public void A_deadline_in_another_zone_is_the_same_instant_in_UTC()
    {
        var story = Story.Of(context => context.WaitForEventAsync("go", context.Now.AddHours(1).ToOffset(TimeSpan.FromHours(2))));

        Assert.Equal(TimeSpan.Zero, story.Result.OpenWaits[0].Deadline.Offset);
        Assert.Equal(Story.Start.AddHours(1), story.Result.OpenWaits[0].Deadline);
    }
}
