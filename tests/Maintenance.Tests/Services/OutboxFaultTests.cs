using Maintenance.Messaging;
using Maintenance.Notifications;
using Maintenance.Storage;

namespace Maintenance.Tests.Services;

/// <summary>The outbox when messages come often and in any order, when many deliver at once, and when the process ends between any two writes.</summary>
public sealed class OutboxFaultTests
{
    private static readonly string[] Everybody = ["mail:ann@registry.example", "mail:ben@registry.example", "mail:cat@registry.example", "webhook:room"];

    [Fact]
    public async Task Delivered_three_times_and_in_any_order_each_is_told_once()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            await using var bench = await OutboxBench.OpenAsync(static plan => plan + "\n  digest: { after: 1000 }\n");
            for (var i = 0; i < 5; i++)
            {
                await bench.TellAsync(OutboxBench.News($"n-{i}") with { IsUrgent = i == 4 }, "ann", "ben", "cat", "room");
            }

            var messages = (await bench.Queue.ReceiveAsync(Queues.Notifications, 100, TimeSpan.FromMinutes(5), default)).ToArray();
            Assert.Equal(16, messages.Length);
            var often = Enumerable.Repeat(messages, 3).SelectMany(static all => all).ToArray();
            new Random(seed).Shuffle(often);
            foreach (var message in often)
            {
                await bench.Handler.HandleAsync(message, default);
            }

            await bench.PassAsync(TimeSpan.FromMinutes(95));
            foreach (var key in Everybody)
            {
                var told = bench.Post.To(key).ToList();
                Assert.Equal(key.Contains("ben", StringComparison.Ordinal) ? 2 : 5, told.Count);
                Assert.Equal(told.Count, told.Select(static mail => mail.Id).Distinct().Count());
            }

            await AssertSettledAsync(bench, 25);
        }
    }

    [Fact]
    public async Task Many_who_deliver_to_one_at_the_same_time_tell_them_each_thing_once()
    {
        await using var bench = await OutboxBench.OpenAsync(static plan => plan + "\n  digest: { after: 1000 }\n");
        bench.Post.During = static _ => Task.Delay(5);
        var telling = Enumerable.Range(0, 24).Select(i => Task.Run(async () =>
        {
            await bench.TellAsync($"n-{i}", "ann", "room");
            await bench.Delivery.DeliverAsync("person:ann", default);
            await bench.Delivery.DeliverAsync("webhook:room", default);
        }));
        await Task.WhenAll(telling);
        foreach (var key in new[] { "mail:ann@registry.example", "webhook:room" })
        {
            Assert.Equal(24, bench.Post.To(key).Count());
            Assert.Equal(24, bench.Post.To(key).Select(static mail => mail.Id).Distinct().Count());
        }

        await AssertSettledAsync(bench, 72);
    }

    [Fact]
    public async Task However_long_the_texts_that_wait_are_they_go_on_waiting_and_go_out_together()
    {
        // As many as one batch may mark, each as long as an entry may be: in one batch they would be more than the store takes, and the recipient would never hear of anything again.
        await using var bench = await OutboxBench.OpenAsync(static plan => plan + "\n  digest: { after: 1 }\n");
        bench.Post.Closed = static key => key.StartsWith("mail:", StringComparison.Ordinal) ? new HttpRequestException("no route") : null;
        for (var i = 0; i < 60; i++)
        {
            await bench.TellAsync(OutboxBench.News($"n-{i}") with { Text = new string('ж', NotificationService.MostText) }, "ann");
        }

        _ = await bench.DeliverAsync();
        bench.Post.Closed = static _ => null;
        await bench.PassAsync(TimeSpan.FromHours(3));

        Assert.NotEmpty(bench.Post.To("mail:ann@registry.example"));
        Assert.Empty(await bench.ListAsync(DeliveryState.Waiting));
    }

    [Fact]
    public async Task Whoever_comes_while_another_delivers_leaves_it_to_them_and_nothing_stays_behind()
    {
        await using var bench = await OutboxBench.OpenAsync();
        await bench.TellAsync("n-1", "ann");
        var second = false;
        bench.Post.During = async key =>
        {
            if (key.StartsWith("mail:", StringComparison.Ordinal) && !second)
            {
                second = true;
                await bench.TellAsync("n-2", "ann");
                Assert.Equal(2, await bench.DeliverAsync());
                Assert.Empty(bench.Post.To("mail:ann@registry.example"));
            }
        };
        await bench.Delivery.DeliverAsync("person:ann", default);
        Assert.Equal(["n-1", "n-2"], bench.Post.To("mail:ann@registry.example").Select(static mail => mail.Id));
    }

    [Fact]
    public async Task A_process_that_ends_before_any_of_its_writes_loses_nothing_and_tells_at_most_one_of_them_twice()
    {
        var cuts = 0;
        for (; ; cuts++)
        {
            await using var bench = await OutboxBench.OpenAsync(static plan => plan + "\n  digest: { after: 2, window: 10m }\n");
            bench.Post.Closed = key => key.StartsWith("mail:cat", StringComparison.Ordinal) && bench.Clock.Now < Rules.Instants.Utc("2026-11-22T02:10Z") ? new IOException("no route") : null;
            bench.Records.CutAfter(cuts);
            var isCut = false;
            for (var minute = 0; minute < 120; minute++)
            {
                isCut |= await DoAsync(bench, async () =>
                {
                    // The caller does it again until it has been done; so does the timer.
                    await bench.TellAsync("n-1", "ann", "ben", "cat", "room");
                    if (minute > 0)
                    {
                        await bench.TellAsync("n-2", "ann", "ben", "cat", "room");
                    }
                });
                isCut |= await DoAsync(bench, async () => _ = await bench.DeliverAsync());
                isCut |= await DoAsync(bench, async () => _ = await bench.Delivery.SweepAsync(default));
                bench.Clock.Advance(TimeSpan.FromMinutes(1));
            }

            await AssertSettledAsync(bench, 10);
            var twice = 0;
            foreach (var key in Everybody)
            {
                var told = bench.Post.To(key).SelectMany(static mail => mail.Id.StartsWith("digest/", StringComparison.Ordinal) ? ["n-1", "n-2"] : new[] { mail.Id }).ToList();
                Assert.Equal(["n-1", "n-2"], told.Distinct().Order());
                twice += bench.Post.To(key).Count() > told.Distinct().Count() || told.Count > 2 ? 1 : 0;
            }

            Assert.True(twice <= (isCut ? 1 : 0), $"After {cuts} writes {twice} were told twice.");
            if (!isCut)
            {
                break;
            }
        }

        Assert.True(cuts > 30, $"Only {cuts} writes.");
    }

    [Fact]
    public async Task What_a_recording_that_nobody_repeats_leaves_behind_is_gone_after_an_hour()
    {
        await using var bench = await OutboxBench.OpenAsync();
        bench.Records.CutAfter(3); // The log's two writes and the index are written, no entry is.
        await Assert.ThrowsAsync<CutOffException>(() => bench.TellAsync("n-1", "ann"));
        bench.Start();
        Assert.Single(await bench.IndexAsync("due_"));
        await bench.PassAsync(TimeSpan.FromMinutes(60));
        Assert.Single(await bench.IndexAsync("due_"));
        Assert.Empty(await bench.ListAsync(recipient: "ann"));
        await bench.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Empty(await bench.IndexAsync("due_"));
        Assert.Empty(bench.Post.To("mail:ann@registry.example"));
    }

    [Fact]
    public async Task A_resend_that_is_cut_off_before_any_write_is_done_by_the_next_one()
    {
        for (var cuts = 0; cuts < 3; cuts++)
        {
            await using var bench = await OutboxBench.OpenAsync();
            await bench.TellAsync("n-1", "cat");
            bench.PlanText = bench.PlanText.Replace("email: cat@registry.example, ", "", StringComparison.Ordinal);
            _ = await bench.Plan.RefreshAsync(default);
            _ = await bench.DeliverAsync();
            var failed = Assert.Single(await bench.ListAsync(DeliveryState.Failed));
            bench.PlanText = bench.PlanText.Replace("id: cat, ", "id: cat, email: cat@registry.example, ", StringComparison.Ordinal);
            _ = await bench.Plan.RefreshAsync(default);

            bench.Records.CutAfter(cuts);
            await Assert.ThrowsAsync<CutOffException>(() => bench.Outbox.ResendAsync(failed.Id, default));
            bench.Start();
            try
            {
                _ = await bench.Outbox.ResendAsync(failed.Id, default);
            }
            catch (NotificationStateException)
            {
                // The first one had gone far enough.
            }

            _ = await bench.DeliverAsync();
            await bench.PassAsync(TimeSpan.FromMinutes(2));
            Assert.Single(bench.Post.To("mail:cat@registry.example"));
            Assert.Empty(await bench.ListAsync(DeliveryState.Failed));
            Assert.Empty(await bench.Outbox.ConcernsAsync(default));
        }
    }

    [Fact]
    public async Task A_relay_that_swallows_every_mail_holds_up_no_webhook_and_a_few_mailboxes_are_tried_at_once()
    {
        var people = string.Concat(Enumerable.Range(0, 20).Select(static i => $"  - {{ id: p{i}, name: P{i}, email: p{i}@registry.example, roles: [crowd] }}\n"));
        await using var bench = await OutboxBench.OpenAsync(plan => plan.Replace("calendars:\n", people + "calendars:\n", StringComparison.Ordinal));
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (held, most) = (0, 0);
        bench.Post.During = async key =>
        {
            if (key.StartsWith("mail:", StringComparison.Ordinal))
            {
                most = Math.Max(most, Interlocked.Increment(ref held));
                await gate.Task;
                _ = Interlocked.Decrement(ref held);
            }
        };
        await bench.TellAsync("n-1", "crowd", "room");

        // From the timer: mailboxes and webhooks side by side.
        var sweep = bench.Delivery.SweepAsync(default);
        await EndToEnd.Eventually.HoldsAsync(() => held == NotificationDelivery.AtOnce && bench.Post.To("webhook:room").Count() == 1);
        gate.SetResult();
        Assert.Equal(21, await sweep);
        Assert.Equal(NotificationDelivery.AtOnce, most);
        Assert.Equal(20, bench.Post.Sent.Count(static sent => sent.To.StartsWith("mail:", StringComparison.Ordinal)));

        // From the queue: those beyond a few give way, so that who handles messages has a hand free.
        gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await bench.TellAsync("n-2", "crowd", "room");
        var handlers = Enumerable.Range(0, 8).Select(i => bench.Delivery.DeliverSoonAsync($"person:p{i}", default)).ToList();
        await EndToEnd.Eventually.HoldsAsync(() => handlers.Count(static handler => handler.IsCompleted) == 2);
        await bench.Delivery.DeliverSoonAsync("webhook:room", default);
        Assert.Equal(2, bench.Post.To("webhook:room").Count());
        gate.SetResult();
        await Task.WhenAll(handlers);
        _ = await bench.Delivery.SweepAsync(default);
        await AssertSettledAsync(bench, 44);
    }

    /// <summary>Does it; where the process ends in the middle, another is started.</summary>
    private static async Task<bool> DoAsync(OutboxBench bench, Func<Task> act)
    {
        try
        {
            await act();
            return false;
        }
        catch (Exception error) when (error is CutOffException || error is AggregateException { InnerExceptions: var all } && all.All(static one => one is CutOffException))
        {
            bench.Start();
            return true;
        }
    }

    /// <summary>Everything was sent, and no row waits for anything.</summary>
    private static async Task AssertSettledAsync(OutboxBench bench, int entries)
    {
        var all = await bench.ListAsync();
        Assert.All(all, static entry => Assert.Equal(DeliveryState.Sent, entry.State));
        Assert.Equal(entries, all.Count);
        Assert.Empty(await bench.IndexAsync("due_"));
        Assert.Empty(await bench.IndexAsync("failed_"));
        foreach (var partition in all.Select(static entry => entry.Recipient).Distinct())
        {
            Assert.Empty(await bench.Records.QueryAsync(Tables.Notifications, partition, RowRange.Prefix("wait_"), default).ToListAsync());
        }
    }
}
