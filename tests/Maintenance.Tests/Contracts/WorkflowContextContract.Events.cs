namespace Maintenance.Tests.Contracts;

/// <summary>Events, deadlines, and which of them wins.</summary>
public abstract partial class WorkflowContextContract
{
    [Fact]
    public Task Event_names_compare_without_case() => On(
        async context => $"{await context.WaitForEventAsync("Decided", context.Now.AddHours(1))}",
        async bench =>
        {
            await bench.RaiseAsync("dECIDED");
            Assert.Equal("True", await bench.OutcomeAsync());
        });

    [Fact]
    public Task An_event_of_another_name_does_not_wake() => On(
        async context => $"{await context.WaitForEventAsync("decided", context.Now.AddMinutes(5))}",
        async bench =>
        {
            await bench.RaiseAsync("approved");
            Assert.Equal("running", await bench.OutcomeAsync());
            await bench.PassAsync(5);
            Assert.Equal("False", await bench.OutcomeAsync());
        });

    [Fact]
    public Task A_wait_ends_at_its_deadline_and_not_before() => On(
        async context => $"{await context.WaitForEventAsync("decided", context.Now.AddMinutes(5))} {context.Now:HH:mm}",
        async bench =>
        {
            var deadline = bench.Now.AddMinutes(5);
            await bench.PassAsync(4);
            Assert.Equal("running", await bench.OutcomeAsync());
            await bench.PassAsync(1);
            Assert.Equal($"False {deadline:HH:mm}", await bench.OutcomeAsync());
        });

    [Fact]
    public Task A_deadline_many_days_away_is_kept() => On(
        async context => $"{await context.WaitForEventAsync("decided", context.Now.AddDays(8))}",
        async bench =>
        {
            await bench.PassAsync((8 * 24 * 60) - 1);
            Assert.Equal("running", await bench.OutcomeAsync());
            await bench.PassAsync(1);
            Assert.Equal("False", await bench.OutcomeAsync());
        });

    [Fact]
    public Task A_deadline_that_has_passed_ends_the_wait_at_once() => On(
        async context => $"{await context.WaitForEventAsync("decided", context.Now.AddMinutes(-5))}",
        async bench =>
        {
            await bench.PassAsync(0);
            Assert.Equal("False", await bench.OutcomeAsync());
        });

    [Fact]
    public Task An_event_raised_before_the_wait_is_kept_for_it_also_when_the_wait_s_deadline_has_passed() => On(
        async context =>
        {
            _ = await context.CallAsync(Copy, "a", Once);
            var kept = await context.WaitForEventAsync("go", context.Now.AddMinutes(-5));
            return $"{kept} {await context.WaitForEventAsync("go", context.Now.AddMinutes(1))}";
        },
        async bench =>
        {
            await bench.RaiseAsync("GO");
            await bench.CompleteAsync("Copy a", "1");
            await bench.PassAsync(1);
            Assert.Equal("True False", await bench.OutcomeAsync());
        });

    [Fact]
    public Task Kept_events_are_taken_one_by_one_each_name_for_itself() => On(
        async context =>
        {
            _ = await context.CallAsync(Copy, "a", Once);
            var taken = new List<string>();
            foreach (var name in new[] { "vote", "veto", "vote", "vote", "veto" })
            {
                taken.Add($"{name} {await context.WaitForEventAsync(name, context.Now.AddMinutes(1))}");
            }

            return string.Join(", ", taken);
        },
        async bench =>
        {
            await bench.RaiseAsync("vote");
            await bench.RaiseAsync("vote");
            await bench.RaiseAsync("veto");
            await bench.CompleteAsync("Copy a", "1");
            await bench.PassAsync(2);
            Assert.Equal("vote True, veto True, vote True, vote False, veto False", await bench.OutcomeAsync());
        });

    [Fact]
    public Task Of_several_waits_for_one_name_the_latest_gets_the_event_first() => On(
        async context =>
        {
            var waits = Enumerable.Range(1, 3).Select(n => NamedAsync($"{n}", context.WaitForEventAsync("go", context.Now.AddMinutes(5)))).ToList();
            var order = new List<string>();
            while (waits.Count > 0)
            {
                var first = await Task.WhenAny(waits);
                waits.Remove(first);
                order.Add(await first);
            }

            return string.Join(", ", order);
        },
        async bench =>
        {
            await bench.RaiseAsync("go");
            await bench.PassAsync(1);
            await bench.RaiseAsync("go");
            await bench.PassAsync(4);
            Assert.Equal("3 True, 2 True, 1 False", await bench.OutcomeAsync());
        });

    [Fact]
    public Task A_wait_that_was_given_up_at_its_deadline_does_not_eat_a_later_event() => On(
        async context =>
        {
            var first = await context.WaitForEventAsync("go", context.Now.AddMinutes(5));
            _ = await context.CallAsync(Copy, "a", Once);
            var second = await context.WaitForEventAsync("go", context.Now.AddMinutes(5));
            return $"{first} {second}";
        },
        async bench =>
        {
            await bench.PassAsync(5);
            await bench.RaiseAsync("go");
            await bench.CompleteAsync("Copy a", "1");
            Assert.Equal("False True", await bench.OutcomeAsync());
        });

    [Fact]
    public Task A_wait_that_was_given_up_between_two_open_ones_does_not_eat_an_event() => On(
        async context =>
        {
            var older = NamedAsync("older", context.WaitForEventAsync("go", context.Now.AddMinutes(20)));
            var brief = NamedAsync("brief", context.WaitForEventAsync("go", context.Now.AddMinutes(5)));
            return $"{await brief}, {await older}";
        },
        async bench =>
        {
            await bench.PassAsync(5);
            await bench.RaiseAsync("go");
            Assert.Equal("brief False, older True", await bench.OutcomeAsync());
        });

    [Fact]
    public Task An_event_before_the_deadline_wins_also_where_both_come_in_one_turn() => On(
        async context => $"{await context.WaitForEventAsync("decided", context.Now.AddMinutes(5))}",
        async bench =>
        {
            await bench.WhileDownAsync(async () =>
            {
                await bench.PassAsync(4);
                await bench.RaiseAsync("decided");
                await bench.PassAsync(10);
            });
            Assert.Equal("True", await bench.OutcomeAsync());
        });

    [Fact]
    public Task An_event_after_the_deadline_is_too_late_for_its_wait_and_kept_for_the_next() => On(
        async context =>
        {
            var first = await context.WaitForEventAsync("decided", context.Now.AddMinutes(5));
            return $"{first} {await context.WaitForEventAsync("decided", context.Now.AddMinutes(5))}";
        },
        async bench =>
        {
            await bench.PassAsync(5);
            await bench.RaiseAsync("decided");
            Assert.Equal("False True", await bench.OutcomeAsync());
        });

    [Fact]
    public Task An_event_at_the_very_start_is_kept() => On(
        async context =>
        {
            _ = await context.CallAsync(Copy, "a", Once);
            return $"{await context.WaitForEventAsync("decided", context.Now)}";
        },
        async bench =>
        {
            await bench.WhileDownAsync(() => bench.RaiseAsync("decided"));
            await bench.CompleteAsync("Copy a", "1");
            Assert.Equal("True", await bench.OutcomeAsync());
        });

    [Fact]
    public Task Of_waits_and_steps_side_by_side_the_one_that_ended_first_wins_also_where_all_have_ended_at_replay() => On(
        async context =>
        {
            var open = new Dictionary<string, Task<string>>
            {
                ["abort"] = NamedAsync("abort", context.WaitForEventAsync("abort", context.Now.AddMinutes(60))),
                ["pause"] = NamedAsync("pause", context.WaitForEventAsync("pause", context.Now.AddMinutes(60))),
                ["late"] = NamedAsync("late", context.WaitForEventAsync("late", context.Now.AddMinutes(5))),
                ["a"] = context.CallAsync(Copy, "a", Once),
                ["b"] = context.CallAsync(Copy, "b", Once),
            };
            var order = new List<string>();
            while (open.Count > 0)
            {
                var first = await Task.WhenAny(open.Values);
                var name = open.First(task => task.Value == first).Key;
                open.Remove(name);
                order.Add(await first);
                _ = await context.CallAsync(Check, $"{order.Count}", Once);
            }

            return string.Join(", ", order);
        },
        async bench =>
        {
            // All of them end while the code waits for something else, and are there when it asks which was the first.
            await bench.CompleteAsync("Copy b", "b");
            await bench.RaiseAsync("pause");
            await bench.PassAsync(5);
            await bench.CompleteAsync("Copy a", "a");
            await bench.RaiseAsync("abort");
            foreach (var round in Enumerable.Range(1, 5))
            {
                await bench.CompleteAsync($"Check {round}", "");
            }

            // Which of those that are over is taken is the order in which they were given to WhenAny, the same each time.
            Assert.Equal("b, abort True, pause True, late False, a", await bench.OutcomeAsync());
        });

    [Fact]
    public Task The_winner_is_the_one_whose_end_came_first() => On(
        async context =>
        {
            var abort = NamedAsync("abort", context.WaitForEventAsync("abort", context.Now.AddMinutes(60)));
            var pause = NamedAsync("pause", context.WaitForEventAsync("pause", context.Now.AddMinutes(60)));
            var winner = await await Task.WhenAny(abort, pause);
            _ = await context.CallAsync(Copy, winner, Once);
            return $"{winner}, {await abort}, {await pause}";
        },
        async bench =>
        {
            await bench.WhileDownAsync(async () =>
            {
                await bench.RaiseAsync("pause");
                await bench.RaiseAsync("abort");
            });
            await bench.CompleteAsync("Copy pause True", "1");
            Assert.Equal("pause True, abort True, pause True", await bench.OutcomeAsync());
        });

    [Fact]
    public Task Waits_for_different_names_each_get_their_own_event() => On(
        async context =>
        {
            var ended = await Task.WhenAll(new[] { "a", "b", "c" }.Select(name => NamedAsync(name, context.WaitForEventAsync(name, context.Now.AddMinutes(5)))));
            return string.Join(", ", ended);
        },
        async bench =>
        {
            await bench.RaiseAsync("C");
            await bench.RaiseAsync("a");
            await bench.PassAsync(5);
            Assert.Equal("a True, b False, c True", await bench.OutcomeAsync());
        });

    [Fact]
    public Task An_event_needs_a_name() => On(
        async context => $"{await context.WaitForEventAsync(" ", context.Now.AddMinutes(1))}",
        async bench => Assert.StartsWith("failed: ", await bench.OutcomeAsync(), StringComparison.Ordinal));

    private static async Task<string> NamedAsync(string name, Task<bool> wait) => $"{name} {await wait}";
}
