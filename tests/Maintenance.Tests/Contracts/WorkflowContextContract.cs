using Maintenance.Workflows;

namespace Maintenance.Tests.Contracts;

/// <summary>One workflow instance over one adapter, moved by hand. Each call comes to rest before it returns.</summary>
public abstract class WorkflowContextBench : IAsyncDisposable
{
    /// <summary>An activity for tests. A call of it is named by both: <c>Copy a</c>.</summary>
    public static Activity<string, string> Copy { get; } = new("Copy");

    /// <summary>Another one.</summary>
    public static Activity<string, string> Check { get; } = new("Check");

    /// <summary>The bench's time (UTC).</summary>
    public abstract DateTimeOffset Now { get; }

    /// <summary>Starts the instance.</summary>
    public abstract Task StartAsync(Func<IWorkflowContext, Task<string>> workflow);

    /// <summary>Raises an event.</summary>
    public abstract Task RaiseAsync(string name);

    /// <summary>Moves time on by whole minutes; what becomes due in a minute happens in it.</summary>
    public abstract Task PassAsync(int minutes);

    /// <summary>Ends the attempt of a call that runs.</summary>
    public abstract Task CompleteAsync(string call, string output);

    /// <summary>Lets the attempt of a call that runs fail.</summary>
    public abstract Task FailAsync(string call, string reason);

    /// <summary>The calls that run, in the order of their names.</summary>
    public abstract string Running { get; }

    /// <summary>Nothing is taken in while <paramref name="happenings"/> (<see cref="RaiseAsync"/>, <see cref="PassAsync"/>) take place; then all of it at once.</summary>
    public abstract Task WhileDownAsync(Func<Task> happenings);

    /// <summary>Where the instance stands: its output, <c>failed: </c> and its error, or <c>running</c>.</summary>
    public abstract Task<string> OutcomeAsync();

    /// <summary>What it says of itself.</summary>
    public abstract Task<string?> StatusAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>
/// What <see cref="IWorkflowContext"/> guarantees on every adapter. The workflows here are run again from their history after each thing that happens, so that
/// every fact is one of a replay too.
/// </summary>
public abstract partial class WorkflowContextContract
{
    private static readonly RetryRule Once = RetryRule.None;

    private static Activity<string, string> Copy => WorkflowContextBench.Copy;

    private static Activity<string, string> Check => WorkflowContextBench.Check;

    /// <summary>A bench without an instance.</summary>
    protected abstract WorkflowContextBench Open();

    [Fact]
    public Task Steps_in_a_row_run_one_after_the_other_with_the_results_of_those_before() => On(
        async context => await context.CallAsync(Check, await context.CallAsync(Copy, "a", Once), Once),
        async bench =>
        {
            Assert.Equal("Copy a", bench.Running);
            await bench.CompleteAsync("Copy a", "b");
            Assert.Equal("Check b", bench.Running);
            await bench.CompleteAsync("Check b", "good");
            Assert.Equal("good", await bench.OutcomeAsync());
        });

    [Fact]
    public Task A_fan_out_ends_when_its_last_step_does_and_its_results_keep_their_places() => On(
        async context => string.Join('+', await Task.WhenAll(new[] { "a", "b", "c" }.Select(part => context.CallAsync(Copy, part, Once)))),
        async bench =>
        {
            Assert.Equal("Copy a, Copy b, Copy c", bench.Running);
            await bench.CompleteAsync("Copy c", "3");
            await bench.CompleteAsync("Copy a", "1");
            Assert.Equal("running", await bench.OutcomeAsync());
            await bench.CompleteAsync("Copy b", "2");
            Assert.Equal("1+2+3", await bench.OutcomeAsync());
        });

    [Fact]
    public Task The_first_of_several_steps_to_end_goes_on_and_the_rest_are_awaited_later() => On(
        async context =>
        {
            var parts = new[] { "a", "b", "c" }.Select(part => context.CallAsync(Copy, part, Once)).ToList();
            var first = await Task.WhenAny(parts);
            var check = await context.CallAsync(Check, await first, Once);
            return $"first {await first}, {check}, all {string.Join('+', await Task.WhenAll(parts))}";
        },
        async bench =>
        {
            await bench.CompleteAsync("Copy b", "2");
            await bench.CompleteAsync("Copy c", "3");
            Assert.Equal("Check 2, Copy a", bench.Running);
            await bench.CompleteAsync("Check 2", "good");
            await bench.CompleteAsync("Copy a", "1");
            Assert.Equal("first 2, good, all 1+2+3", await bench.OutcomeAsync());
        });

    /// <summary>The shape of the recovery: steps with predecessors, so many at a time, new ones as others end.</summary>
    [Fact]
    public Task A_scheduler_keeps_so_many_steps_running_and_starts_each_when_those_before_it_have_ended() => On(
        context => ScheduleAsync(context, ["a", "b", "c after a", "d after a b", "e"], 2),
        async bench =>
        {
            Assert.Equal("Copy a, Copy b", bench.Running);
            await bench.CompleteAsync("Copy b", "ok");
            Assert.Equal("Copy a, Copy e", bench.Running);
            await bench.CompleteAsync("Copy a", "ok");
            Assert.Equal("Copy c, Copy e", bench.Running);
            await bench.CompleteAsync("Copy c", "ok");
            Assert.Equal("Copy d, Copy e", bench.Running);
            await bench.CompleteAsync("Copy e", "ok");
            await bench.CompleteAsync("Copy d", "ok");
            Assert.Equal("b a c e d", await bench.OutcomeAsync());
        });

    [Fact]
    public Task A_scheduler_survives_a_step_that_fails_and_takes_an_event_between() => On(
        async context =>
        {
            var pause = context.WaitForEventAsync("pause", context.Now.AddDays(30));
            var first = TryAsync(context, "a");
            var ended = new List<string>();
            if (await Task.WhenAny(pause, first) == pause)
            {
                ended.Add("paused");
                ended.Add($"resumed {await context.WaitForEventAsync("resume", context.Now.AddDays(30))}");
            }

            ended.Add(await first);
            ended.Add(await TryAsync(context, "b"));
            return string.Join(", ", ended);
        },
        async bench =>
        {
            await bench.RaiseAsync("pause");
            await bench.FailAsync("Copy a", "no space");
            Assert.Equal("", bench.Running);
            await bench.RaiseAsync("resume");
            await bench.CompleteAsync("Copy b", "ok");
            Assert.Equal("paused, resumed True, no space, ok", await bench.OutcomeAsync());
        });

    [Fact]
    public Task A_step_is_tried_as_often_and_as_far_apart_as_its_rule_says_and_then_fails_with_the_last_reason() => On(
        async context =>
        {
            try
            {
                return await context.CallAsync(Copy, "a", new RetryRule(4, TimeSpan.FromMinutes(2), 3.0));
            }
            catch (WorkflowStepFailedException failure)
            {
                return $"{failure.Activity} | {failure.Reason} | {failure.Message}";
            }
        },
        async bench =>
        {
            foreach (var (attempt, pause) in new[] { (1, 2), (2, 6), (3, 18) })
            {
                await bench.FailAsync("Copy a", $"reason {attempt}");
                await bench.PassAsync(pause - 1);
                Assert.Equal("", bench.Running);
                await bench.PassAsync(1);
                Assert.Equal("Copy a", bench.Running);
            }

            await bench.FailAsync("Copy a", "reason 4");
            Assert.Equal("Copy | reason 4 | The step Copy failed: reason 4", await bench.OutcomeAsync());
        });

    [Fact]
    public Task The_wait_between_two_attempts_is_an_hour_at_most() => On(
        context => context.CallAsync(Copy, "a", new RetryRule(3, TimeSpan.FromMinutes(50), 2.0)),
        async bench =>
        {
            await bench.FailAsync("Copy a", "busy");
            await bench.PassAsync(50);
            await bench.FailAsync("Copy a", "busy");
            await bench.PassAsync(59);
            Assert.Equal("", bench.Running);
            await bench.PassAsync(1);
            await bench.CompleteAsync("Copy a", "third");
            Assert.Equal("third", await bench.OutcomeAsync());
        });

    [Fact]
    public Task A_step_that_fails_at_first_has_the_result_of_the_attempt_that_did_not() => On(
        context => context.CallAsync(Copy, "a", new RetryRule(2, TimeSpan.FromMinutes(1))),
        async bench =>
        {
            await bench.FailAsync("Copy a", "busy");
            await bench.PassAsync(1);
            await bench.CompleteAsync("Copy a", "good");
            Assert.Equal("good", await bench.OutcomeAsync());
        });

    [Fact]
    public Task A_step_that_nobody_catches_fails_the_workflow() => On(
        context => context.CallAsync(Copy, "a", Once),
        async bench =>
        {
            await bench.FailAsync("Copy a", "no space");
            Assert.Equal("failed: The step Copy failed: no space", await bench.OutcomeAsync());
        });

    [Fact]
    public Task An_error_of_the_code_itself_fails_the_workflow_with_its_message() => On(
        async context =>
        {
            _ = await context.CallAsync(Copy, "a", Once);
            throw new InvalidOperationException("Nothing to restore.");
        },
        async bench =>
        {
            await bench.CompleteAsync("Copy a", "1");
            Assert.Equal("failed: Nothing to restore.", await bench.OutcomeAsync());
        });

    [Fact]
    public Task An_instance_whose_code_has_ended_ends_when_its_steps_have() => On(
        async context =>
        {
            var parts = new[] { "a", "b" }.Select(part => context.CallAsync(Copy, part, new RetryRule(2, TimeSpan.FromMinutes(1)))).ToList();
            return await await Task.WhenAny(parts);
        },
        async bench =>
        {
            await bench.CompleteAsync("Copy a", "first");
            Assert.Equal("running", await bench.OutcomeAsync());
            await bench.FailAsync("Copy b", "busy");
            Assert.Equal("running", await bench.OutcomeAsync());
            await bench.PassAsync(1);
            await bench.CompleteAsync("Copy b", "second");
            Assert.Equal("first", await bench.OutcomeAsync());
        });

    [Fact]
    public Task An_instance_whose_code_has_failed_ends_when_its_steps_have_and_nothing_is_waited_for() => On(
        async context =>
        {
            _ = AfterEventAsync(context);
            _ = context.CallAsync(Copy, "b", Once);
            return await context.CallAsync(Copy, "a", Once);

            static async Task AfterEventAsync(IWorkflowContext context) =>
                await context.CallAsync(Check, $"{await context.WaitForEventAsync("go", context.Now.AddMinutes(5))}", Once);
        },
        async bench =>
        {
            await bench.FailAsync("Copy a", "no space");
            await bench.RaiseAsync("go");
            await bench.PassAsync(10);
            Assert.Equal("Copy b", bench.Running);
            await bench.CompleteAsync("Copy b", "2");
            Assert.Equal("failed: The step Copy failed: no space", await bench.OutcomeAsync());
        });

    [Fact]
    public Task A_wait_that_the_code_left_behind_does_not_keep_the_instance_from_ending() => On(
        async context =>
        {
            var abort = context.WaitForEventAsync("abort", DateTimeOffset.MaxValue);
            var step = context.CallAsync(Copy, "a", Once);
            return await Task.WhenAny(abort, step) == step ? await step : "aborted";
        },
        async bench =>
        {
            await bench.CompleteAsync("Copy a", "done");
            Assert.Equal("done", await bench.OutcomeAsync());
        });

    [Fact]
    public Task Ids_are_new_each_time_and_the_same_on_replay() => On(
        async context =>
        {
            var (first, second) = (context.NewGuid(), context.NewGuid());
            var copied = await context.CallAsync(Copy, $"{first}", Once);
            var third = context.NewGuid();
            _ = await context.CallAsync(Check, $"{third}", Once);
            return $"{first} {second} {third} {copied}";
        },
        async bench =>
        {
            var first = bench.Running["Copy ".Length..];
            await bench.CompleteAsync($"Copy {first}", "1");
            await bench.PassAsync(3);
            var third = bench.Running["Check ".Length..];
            await bench.CompleteAsync($"Check {third}", "1");
            var ids = (await bench.OutcomeAsync()).Split(' ');
            Assert.Equal([first, third, "1"], [ids[0], ids[2], ids[3]]);
            Assert.Equal(3, ids.Take(3).Distinct().Count());
            Assert.All(ids.Take(3), id => Assert.NotEqual(Guid.Empty, Guid.Parse(id)));
        });

    [Fact]
    public async Task Time_stands_still_between_steps_and_moves_on_with_them()
    {
        await using var bench = Open();
        var begin = bench.Now;
        await bench.StartAsync(async context =>
        {
            var start = context.Now;
            _ = context.NewGuid();
            var still = context.Now == start;
            _ = await context.CallAsync(Copy, "a", Once);
            var copied = context.Now;
            _ = await context.WaitForEventAsync("go", context.Now.AddMinutes(5));
            return $"{start.Offset} {still} {start:HH:mm} {copied:HH:mm} {context.Now:HH:mm}";
        });
        await bench.PassAsync(7);
        await bench.CompleteAsync("Copy a", "1");
        await bench.PassAsync(5);

        Assert.Equal($"00:00:00 True {begin:HH:mm} {begin.AddMinutes(7):HH:mm} {begin.AddMinutes(12):HH:mm}", await bench.OutcomeAsync());
    }

    [Fact]
    public Task The_status_is_what_the_code_said_last() => On(
        async context =>
        {
            context.SetStatus("starting");
            context.SetStatus("copying");
            _ = await context.CallAsync(Copy, "a", Once);
            context.SetStatus("done");
            return "";
        },
        async bench =>
        {
            Assert.Equal("copying", await bench.StatusAsync());
            await bench.CompleteAsync("Copy a", "1");
            Assert.Equal("done", await bench.StatusAsync());
        });

    /// <summary>Runs a test over a started instance.</summary>
    private async Task On(Func<IWorkflowContext, Task<string>> workflow, Func<WorkflowContextBench, Task> test)
    {
        await using var bench = Open();
        await bench.StartAsync(workflow);
        await test(bench);
    }

    private static async Task<string> TryAsync(IWorkflowContext context, string part)
    {
        try
        {
            return await context.CallAsync(Copy, part, Once);
        }
        catch (WorkflowStepFailedException failure)
        {
            return failure.Reason;
        }
    }

    /// <summary>Runs steps (<c>d after a b</c>), at most so many at a time.</summary>
    /// <returns>Their names in the order in which they ended.</returns>
    private static async Task<string> ScheduleAsync(IWorkflowContext context, string[] steps, int workers)
    {
        var left = steps.Select(step => step.Split(" after ")).ToDictionary(step => step[0], step => step.Length == 1 ? [] : step[1].Split(' '), StringComparer.Ordinal);
        var running = new Dictionary<Task<string>, string>();
        var ended = new List<string>();
        while (left.Count + running.Count > 0)
        {
            foreach (var ready in left.Where(step => step.Value.All(ended.Contains)).Select(step => step.Key).Order(StringComparer.Ordinal).Take(workers - running.Count).ToList())
            {
                left.Remove(ready);
                running.Add(context.CallAsync(Copy, ready, Once), ready);
            }

            var first = await Task.WhenAny(running.Keys);
            _ = await first;
            running.Remove(first, out var name);
            ended.Add(name!);
        }

        return string.Join(' ', ended);
    }
}
