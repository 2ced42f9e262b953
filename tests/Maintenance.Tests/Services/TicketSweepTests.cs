using Maintenance.Messaging;
using Maintenance.ServiceLevels;
using Maintenance.Storage;
using Maintenance.Tickets;

namespace Maintenance.Tests.Services;

/// <summary>What happens to tickets at its time: marks, levels, repeats, alarms, closings, changes of the plan.</summary>
public sealed class TicketSweepTests
{
    [Fact]
    public async Task A_sweep_at_the_due_instant_does_nothing_and_a_tick_later_it_does()
    {
        await using var desk = await HelpDesk.OpenAsync();
        var ticket = await desk.OpenTicketAsync();
        _ = await desk.ActAsync(ticket.Id, new TicketAct.Respond("On it."));
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(120));
        Assert.Equal(0, await desk.Tickets.SweepAsync(default));
        desk.Office.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, await desk.Tickets.SweepAsync(default));
        Assert.Equal(0, await desk.Tickets.SweepAsync(default));
        Assert.Equal("T-1001/resolution/warning-50@20261122T040000.000Z", desk.Sender.Sent[^1]);
    }

    [Fact]
    public async Task A_mark_that_is_handled_before_the_one_before_it_takes_away_nothing_that_the_chain_goes_on_by()
    {
        await using var desk = await HelpDesk.OpenAsync();
        var opened = await desk.OpenTicketAsync();
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(16));
        var (plan, now, before) = (desk.Office.Plan.Current, desk.Office.Clock.GetUtcNow(), await desk.FindAsync(opened.Id));
        var marks = ServiceLevelClock.Read(plan, before.Clock, ServiceTarget.Response).Marks;
        var after = TicketRules.Fire(before, ServiceTarget.Response, marks.First(static mark => mark.Key == "level-1"), "Escalated.", now).Ticket;

        var tidied = TicketIndex.After(plan, before, after, TicketIndex.Before(plan, after, [], now));

        // The clean-up may come after the breach itself was noted and the row of what follows was written: that row must not be among what it deletes.
        string Row(string mark) => TicketIndex.DueKey(new DueEntry(before.Id, ServiceTarget.Response, mark, marks.First(one => one.Key == mark).At!.Value));
        var touched = tidied.Select(static write => write.RowKey).ToList();
        Assert.Contains(Row("level-1"), touched);
        Assert.All(new[] { "breach", "level-1-repeat-1", "level-2", "level-3" }, mark => Assert.DoesNotContain(Row(mark), touched));
    }

    [Fact]
    public async Task After_an_hours_rest_everything_that_was_missed_is_sent_in_order_of_time_over_all_tickets()
    {
        await using var desk = await HelpDesk.OpenAsync();
        _ = await desk.OpenTicketAsync("F-1");
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(4));
        _ = await desk.OpenTicketAsync("F-2");
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(21));
        _ = await desk.OpenTicketAsync("F-3");
        await desk.DeliverAsync();
        desk.Sender.Sent.Clear();
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(39));
        Assert.Equal(17, await desk.Tickets.SweepAsync(default));
        string[] expected =
        [
            "1 warning-50", "2 warning-50", "1 breach", "1 level-1", "2 breach", "2 level-1", "1 level-1-repeat-1", "2 level-1-repeat-1", "3 warning-50", "1 level-1-repeat-2", "2 level-1-repeat-2",
            "3 breach", "3 level-1", "1 level-2", "2 level-2", "3 level-1-repeat-1", "3 level-1-repeat-2",
        ];
        Assert.Equal(expected, desk.Sender.Sent.Select(static id => $"{id[5]} {id[(id.LastIndexOf('/') + 1)..id.IndexOf('@', StringComparison.Ordinal)]}"));
        Assert.Equal(0, await desk.Tickets.SweepAsync(default));
        await desk.DeliverAsync();
        Assert.Equal(2, (await desk.FindAsync("T-1001")).Breaches.Single().Level);
    }

    [Fact]
    public async Task Every_level_is_told_in_its_time_and_again_until_somebody_sees_to_it_and_the_alarm_where_nobody_does()
    {
        await using var desk = await HelpDesk.OpenAsync();
        _ = await desk.OpenTicketAsync("F-1");
        _ = await desk.OpenTicketAsync("F-2");
        var told = new List<string>();
        for (var minute = 1; minute <= 300; minute++)
        {
            if (minute == 30)
            {
                // The first one is seen to after the first repeat.
                _ = await desk.ActAsync("T-1001", new TicketAct.Acknowledge(ServiceTarget.Response));
            }

            await desk.PassAsync(TimeSpan.FromMinutes(1));
            told.AddRange(desk.Office.Notifier.Sent.Where(static sent => sent.Contains("/response/", StringComparison.Ordinal) && !sent.EndsWith("log", StringComparison.Ordinal)).Select(sent => $"{minute} {sent}"));
            desk.Office.Notifier.Sent.Clear();
        }

        string[] Of(string ticket) => [.. told.Where(line => line.Contains(ticket + "/", StringComparison.Ordinal)).Select(line => line.Replace(ticket + "/response/", "", StringComparison.Ordinal).Replace("@registry.example", "", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "8 warning-50 → mail:ben", "8 warning-50 → mail:dora", "16 level-1 → mail:ben", "16 level-1 → mail:dora", "26 level-1-repeat-1 → mail:ben", "26 level-1-repeat-1 → mail:dora",
                "46 level-2 → mail:ann", "46 level-2 → webhook:room", "136 level-3 → mail:cat",
            ],
            Of("T-1001"));
        Assert.Equal(
            [
                "8 warning-50 → mail:ben", "8 warning-50 → mail:dora", "16 level-1 → mail:ben", "16 level-1 → mail:dora", "26 level-1-repeat-1 → mail:ben", "26 level-1-repeat-1 → mail:dora",
                "36 level-1-repeat-2 → mail:ben", "36 level-1-repeat-2 → mail:dora", "46 level-2 → mail:ann", "46 level-2 → webhook:room", "136 level-3 → mail:cat", "196 alarm → mail:ann",
            ],
            Of("T-1002"));
        Assert.Equal([3, 3], new[] { await desk.FindAsync("T-1001"), await desk.FindAsync("T-1002") }.Select(static ticket => ticket.Breaches.Single(static breach => breach.Target == ServiceTarget.Response).Level));
    }

    [Fact]
    public async Task An_answer_ends_the_chain()
    {
        await using var desk = await HelpDesk.OpenAsync();
        _ = await desk.OpenTicketAsync();
        await desk.PassAsync(TimeSpan.FromMinutes(16));
        _ = await desk.ActAsync("T-1001", new TicketAct.Respond("On it."));
        await desk.DeliverAsync();
        desk.Office.Notifier.Sent.Clear();
        await desk.PassAsync(TimeSpan.FromMinutes(100));
        Assert.Empty(desk.Office.Notifier.Sent);
    }

    [Fact]
    public async Task Each_message_three_times_in_any_order_leaves_the_same_state_and_tells_nobody_twice()
    {
        string? expected = null;
        for (var seed = 0; seed < 12; seed++)
        {
            await using var desk = await HelpDesk.OpenAsync();
            _ = await desk.OpenTicketAsync("F-1");
            _ = await desk.OpenTicketAsync("F-2");
            _ = await desk.ActAsync("T-1002", new TicketAct.Assign("ben"), "a");
            _ = await desk.ActAsync("T-1002", new TicketAct.Respond("On it."), "b");
            desk.Office.Clock.Advance(TimeSpan.FromHours(8));
            _ = await desk.Tickets.SweepAsync(default);
            _ = await desk.ActAsync("T-1002", new TicketAct.Resolve("Done."), "c");

            // What the handlers themselves send joins the others.
            var random = new Random(seed);
            var hand = new List<ReceivedMessage>();
            while (true)
            {
                foreach (var queue in new[] { Queues.SlaBreaches, Queues.TicketEvents })
                {
                    while (await desk.Office.Queue.ReceiveAsync(queue, 10, TimeSpan.FromDays(1), default) is { Count: > 0 } received)
                    {
                        hand.AddRange(received.SelectMany(message => Enumerable.Repeat(message, seed == 0 ? 1 : 3)));
                    }
                }

                if (hand.Count == 0)
                {
                    break;
                }

                var at = seed == 0 ? 0 : random.Next(hand.Count);
                var next = hand[at];
                hand.RemoveAt(at);
                await (next.Queue == Queues.SlaBreaches ? desk.Marks.HandleAsync(next, default) : desk.Events.HandleAsync(next, default));
            }

            var lines = new List<string>();
            foreach (var id in new[] { "T-1001", "T-1002" })
            {
                var ticket = (await desk.Tickets.ReadAsync(id, default))!.Value;
                lines.Add($"{id} {ticket.State} {ticket.Events} {string.Join(' ', ticket.Breaches.Select(static breach => breach.ToString()).Order(StringComparer.Ordinal))}");
                lines.AddRange(ticket.Fired.Order(StringComparer.Ordinal));
                lines.AddRange(ticket.History!.Select(static entry => $"{entry.Kind} {entry.What}").Order(StringComparer.Ordinal));
                var fact = await desk.Office.Records.GetAsync(Tables.TicketFacts, "2026-11", id, default);
                lines.Add(fact!.Json);
            }

            var sent = desk.Office.Notifier.Sent;
            Assert.Equal(sent.Distinct(), sent);

            // Which mails are put together into one depends on the order; what somebody is to be told does not.
            lines.AddRange((await desk.Office.Outbox.ListAsync(null, null, default).Select(static entry => $"{entry.Recipient} {entry.Notification}").ToListAsync())
                .Where(static line => !line.Contains("/event-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
            lines.AddRange(await desk.RowsAsync());
            var state = string.Join('\n', lines);
            Assert.Equal(expected ??= state, state);
        }
    }

    [Fact]
    public async Task Answered_exactly_at_the_due_instant_is_met_and_a_tick_later_is_missed_though_nobody_had_swept()
    {
        await using var desk = await HelpDesk.OpenAsync();
        var met = await desk.OpenTicketAsync("F-1");
        var missed = await desk.OpenTicketAsync("F-2");
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(15));
        _ = await desk.ActAsync(met.Id, new TicketAct.Respond("On it."));
        desk.Office.Clock.Advance(TimeSpan.FromTicks(1));
        _ = await desk.ActAsync(missed.Id, new TicketAct.Respond("On it."));
        await desk.DeliverAsync();
        desk.Office.Notifier.Sent.Clear();
        await desk.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Empty((await desk.FindAsync(met.Id)).Breaches);
        Assert.Equal((ServiceTarget.Response, missed.ResponseDue), ((await desk.FindAsync(missed.Id)).Breaches.Single().Target, (await desk.FindAsync(missed.Id)).Breaches.Single().DueAt));

        // It is answered: nobody needs to hear of it.
        Assert.Empty(desk.Office.Notifier.Sent);
        Assert.Empty(await desk.Tickets.ListBreachedAsync(default).ToListAsync());
    }

    [Fact]
    public async Task A_solution_after_the_due_instant_is_noted_as_late_though_nobody_had_swept()
    {
        await using var desk = await HelpDesk.OpenAsync();
        var ticket = await desk.OpenTicketAsync();
        desk.Office.Clock.Advance(TimeSpan.FromHours(5));
        _ = await desk.ActAsync(ticket.Id, new TicketAct.Resolve("Done."));
        await desk.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal([ServiceTarget.Response, ServiceTarget.Resolution], (await desk.FindAsync(ticket.Id)).Breaches.Select(static breach => breach.Target).Order());
        Assert.Equal(["resolution/breach", "response/breach"], (await desk.FindAsync(ticket.Id)).Fired.Order());
        Assert.Empty(await desk.Tickets.ListBreachedAsync(default).ToListAsync());
    }

    [Theory]
    // Minutes at which it begins to wait, goes on, and is due. What was reached before the wait stays reached.
    [InlineData(100, 130, 270)]
    [InlineData(239, 300, 301)]
    [InlineData(240, 300, 240)]
    [InlineData(241, 300, 240)]
    public async Task A_wait_around_the_due_instant_moves_it_only_where_it_was_still_to_come(int begins, int ends, int due)
    {
        await using var desk = await HelpDesk.OpenAsync();
        var ticket = await desk.OpenTicketAsync();
        _ = await desk.ActAsync(ticket.Id, new TicketAct.Respond("On it."));
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(begins));
        _ = await desk.ActAsync(ticket.Id, new TicketAct.Wait(WaitingFor.Requester, "Which?"));
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(ends - begins));
        _ = await desk.ActAsync(ticket.Id, new TicketAct.Resume());
        Assert.Equal(ticket.CreatedAt.AddMinutes(due), (await desk.FindAsync(ticket.Id)).ResolutionDue);
        await desk.PassAsync(TimeSpan.FromMinutes(10));
        var breach = (await desk.FindAsync(ticket.Id)).Breaches.SingleOrDefault();
        Assert.Equal(due < ends + 10 ? ticket.CreatedAt.AddMinutes(due) : null, breach?.DueAt);
        await desk.AssertWatchedAsync();
    }

    [Fact]
    public async Task A_mark_that_another_priority_moves_while_its_message_is_on_its_way_fires_at_its_new_instant()
    {
        await using var desk = await HelpDesk.OpenAsync();
        var ticket = await desk.OpenTicketAsync();
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(16));
        _ = await desk.Tickets.SweepAsync(default);
        _ = await desk.ActAsync(ticket.Id, new TicketAct.Triage(Urgency: "later", Reason: "It can wait."));
        await desk.DeliverAsync();
        Assert.Empty((await desk.FindAsync(ticket.Id)).Breaches);

        // Eight hours after it was opened: the queue still remembers the message of the first instant.
        await desk.PassAsync(TimeSpan.FromHours(8));
        Assert.Equal(ticket.CreatedAt.AddHours(8), (await desk.FindAsync(ticket.Id)).Breaches.Single().DueAt);
    }

    [Fact]
    public async Task A_handler_whose_clock_is_behind_the_sweepers_loses_nothing()
    {
        await using var desk = await HelpDesk.OpenAsync();
        var ticket = await desk.OpenTicketAsync();
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromMilliseconds(5));
        _ = await desk.Tickets.SweepAsync(default);
        var messages = await desk.Office.Queue.ReceiveAsync(Queues.SlaBreaches, 10, TimeSpan.FromDays(1), default);
        desk.Office.Clock.SetBack(TimeSpan.FromSeconds(2));
        foreach (var message in messages)
        {
            await desk.Marks.HandleAsync(message, default);
        }

        Assert.Equal(["response/breach", "response/level-1", "response/warning-50"], (await desk.FindAsync(ticket.Id)).Fired.Order());
        Assert.Contains("T-1001/response/level-1 → mail:ben@registry.example", desk.Office.Notifier.Sent);
    }

    [Fact]
    public async Task Two_hosts_that_sweep_at_once_send_each_mark_once_to_its_handler()
    {
        await using var desk = await HelpDesk.OpenAsync();
        for (var i = 1; i <= 5; i++)
        {
            _ = await desk.OpenTicketAsync($"F-{i}");
        }

        desk.Office.Clock.Advance(TimeSpan.FromHours(2));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => desk.Tickets.SweepAsync(default))));
        await desk.DeliverAsync();
        foreach (var ticket in await desk.Tickets.ListAsync(0, default).ToListAsync())
        {
            Assert.Equal(["response/breach", "response/level-1", "response/level-1-repeat-1", "response/level-1-repeat-2", "response/level-2", "response/warning-50"], (await desk.FindAsync(ticket.Id)).Fired.Order());
        }

        Assert.Equal(desk.Office.Notifier.Sent.Distinct(), desk.Office.Notifier.Sent);
        await desk.AssertWatchedAsync();
    }

    [Fact]
    public async Task A_relay_that_is_down_stops_neither_the_chain_nor_the_others_and_in_the_end_each_is_told_once()
    {
        await using var desk = await HelpDesk.OpenAsync();
        _ = await desk.OpenTicketAsync();
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(16));
        _ = await desk.Tickets.SweepAsync(default);
        desk.Office.Notifier.OutOfReach.Add("mail:ben@registry.example");
        var level = (await desk.Office.Queue.ReceiveAsync(Queues.SlaBreaches, 10, TimeSpan.FromDays(1), default)).Single(static message => message.Id.Contains("level-1", StringComparison.Ordinal));
        await desk.Marks.HandleAsync(level, default);
        Assert.Contains("T-1001/response/level-1 → mail:dora@registry.example", desk.Office.Notifier.Sent);

        // Level 2 comes all the same.
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(30));
        _ = await desk.Tickets.SweepAsync(default);
        await desk.Marks.HandleAsync((await desk.Office.Queue.ReceiveAsync(Queues.SlaBreaches, 10, TimeSpan.FromDays(1), default)).Single(static message => message.Id.Contains("level-2", StringComparison.Ordinal)), default);
        Assert.Contains("T-1001/response/level-2 → webhook:room", desk.Office.Notifier.Sent);
        desk.Office.Notifier.OutOfReach.Clear();
        await desk.Marks.HandleAsync(level with { Delivery = 2 }, default);
        await desk.Marks.HandleAsync(level with { Delivery = 3 }, default);
        Assert.DoesNotContain(desk.Office.Notifier.Sent, static sent => sent.EndsWith("mail:ben@registry.example", StringComparison.Ordinal));
        desk.Office.Clock.Advance(TimeSpan.FromHours(5));
        _ = await desk.Office.Delivery.SweepAsync(default);
        Assert.Contains(desk.Office.Notifier.Sent, static sent => sent.EndsWith("mail:ben@registry.example", StringComparison.Ordinal));
        Assert.Equal(desk.Office.Notifier.Sent.Distinct(), desk.Office.Notifier.Sent);
    }

    [Fact]
    public async Task A_missed_ticket_that_is_opened_again_is_listed_as_missed_again()
    {
        await using var desk = await HelpDesk.OpenAsync();
        var ticket = await desk.OpenTicketAsync();
        await desk.PassAsync(TimeSpan.FromHours(5));
        Assert.Equal(ticket.Id, Assert.Single(await desk.Tickets.ListBreachedAsync(default).ToListAsync()).Id);
        _ = await desk.ActAsync(ticket.Id, new TicketAct.Resolve("Done."));
        Assert.Empty(await desk.Tickets.ListBreachedAsync(default).ToListAsync());
        Assert.Empty(await desk.Tickets.ListOpenAsync(default).ToListAsync());
        _ = await desk.ActAsync(ticket.Id, new TicketAct.Reopen("No."));
        Assert.Equal(ticket.Id, Assert.Single(await desk.Tickets.ListBreachedAsync(default).ToListAsync()).Id);
        Assert.Single(await desk.Tickets.ListOpenAsync(default).ToListAsync());
    }

    [Fact]
    public async Task A_resolved_ticket_closes_by_itself_at_its_instant_and_not_a_tick_before()
    {
        await using var desk = await HelpDesk.OpenAsync();
        var ticket = await desk.OpenTicketAsync();
        desk.Office.Clock.Advance(TimeSpan.FromTicks(7_654_321));
        var at = (await desk.ActAsync(ticket.Id, new TicketAct.Resolve("Done."))).ResolvedAt!.Value;
        foreach (var left in new[] { TimeSpan.FromMilliseconds(1.5), TimeSpan.FromMilliseconds(0.5), TimeSpan.FromTicks(1) })
        {
            desk.Office.Clock.Advance(at.AddDays(7) - left - desk.Office.Clock.Now);
            _ = await desk.Tickets.SweepAsync(default);
            Assert.Equal(TicketState.Resolved, (await desk.FindAsync(ticket.Id)).State);
        }

        desk.Office.Clock.Advance(TimeSpan.FromTicks(1));
        _ = await desk.Tickets.SweepAsync(default);
        Assert.Equal((TicketState.Closed, at.AddDays(7)), ((await desk.FindAsync(ticket.Id)).State, (await desk.FindAsync(ticket.Id)).ClosedAt!.Value));
        Assert.DoesNotContain(await desk.RowsAsync(), static row => row.StartsWith("close_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_ticket_that_is_opened_again_does_not_close_and_one_solved_again_waits_its_whole_time()
    {
        await using var desk = await HelpDesk.OpenAsync();
        var ticket = await desk.OpenTicketAsync();
        _ = await desk.ActAsync(ticket.Id, new TicketAct.Resolve("Done."));
        await desk.PassAsync(TimeSpan.FromDays(5));
        _ = await desk.ActAsync(ticket.Id, new TicketAct.Reopen("No."));
        _ = await desk.ActAsync(ticket.Id, new TicketAct.Resolve("Now."));
        await desk.PassAsync(TimeSpan.FromDays(3));
        Assert.Equal(TicketState.Resolved, (await desk.FindAsync(ticket.Id)).State);
        desk.Office.PlanText = HelpDesk.Plan + "\ntickets: { closesAfter: 9d }\n";
        _ = await desk.Office.Plan.RefreshAsync(default);
        await desk.PassAsync(TimeSpan.FromDays(5));
        Assert.Equal(TicketState.Resolved, (await desk.FindAsync(ticket.Id)).State);
        await desk.PassAsync(TimeSpan.FromDays(1));
        Assert.Equal(TicketState.Closed, (await desk.FindAsync(ticket.Id)).State);
    }

    [Fact]
    public async Task An_entry_whose_ticket_never_came_is_dropped_after_an_hour()
    {
        await using var desk = await HelpDesk.OpenAsync();
        desk.Cut.After(2); // The number and the rows are written, the ticket is not.
        await Assert.ThrowsAsync<CutOffException>(() => desk.OpenTicketAsync());
        desk.Restart();
        await desk.PassAsync(TimeSpan.FromMinutes(59));
        Assert.NotEmpty(await desk.RowsAsync());
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(2));
        await desk.PassAsync(TimeSpan.FromHours(4));
        Assert.DoesNotContain(await desk.RowsAsync(), static row => row.StartsWith("due_", StringComparison.Ordinal) || row.StartsWith("told_", StringComparison.Ordinal));

        // Should it come after all, it is watched as any other.
        _ = await desk.OpenTicketAsync();
        await desk.AssertWatchedAsync();
    }

    [Fact]
    public async Task An_opening_done_again_under_another_plan_goes_by_the_tickets_own_due_instants()
    {
        await using var desk = await HelpDesk.OpenAsync();
        desk.Cut.After(2);
        await Assert.ThrowsAsync<CutOffException>(() => desk.OpenTicketAsync());
        desk.Restart();
        desk.Office.PlanText = HelpDesk.Change(HelpDesk.Plan, ("response: 15m", "response: 1h"), (", warnings: [50%]", ""));
        _ = await desk.Office.Plan.RefreshAsync(default);
        _ = await desk.OpenTicketAsync();
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(0, await desk.Tickets.SweepAsync(default));
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(2, await desk.Tickets.SweepAsync(default));
    }

    [Theory]
    [InlineData("response: 15m", "response: 5m", 5d)]
    [InlineData("response: 15m", "response: 3h", 180d)]
    // The office opens on Monday at 08:00, and it is Sunday, 02:00.
    [InlineData("priority: p1, calendar: always", "priority: p1, calendar: office", (30 * 60d) + 15)]
    public async Task Another_plan_moves_the_due_instants_of_open_tickets_and_what_is_sent_when(string from, string to, double minutes)
    {
        await using var desk = await HelpDesk.OpenAsync();
        var ticket = await desk.OpenTicketAsync();
        var due = ticket.CreatedAt.AddMinutes(minutes);
        desk.Office.PlanText = HelpDesk.Change(HelpDesk.Plan, (from, to));
        _ = await desk.Office.Plan.RefreshAsync(default);
        await desk.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(due, (await desk.FindAsync(ticket.Id)).ResponseDue);
        await desk.AssertWatchedAsync();
        desk.Office.Clock.Advance(due - desk.Office.Clock.Now);
        await desk.PassAsync(TimeSpan.Zero);
        Assert.Empty((await desk.FindAsync(ticket.Id)).Breaches);
        await desk.PassAsync(TimeSpan.FromTicks(1));
        Assert.Equal(due, (await desk.FindAsync(ticket.Id)).Breaches.Single(static breach => breach.Target == ServiceTarget.Response).DueAt);
    }

    [Fact]
    public async Task A_priority_that_another_plan_has_lost_is_never_due_and_due_again_where_it_comes_back()
    {
        await using var desk = await HelpDesk.OpenAsync();
        var ticket = await desk.OpenTicketAsync();
        desk.Office.PlanText = HelpDesk.Change(HelpDesk.Plan, ("{ id: p1, name: P1 }", "{ id: p0, name: P0 }"), ("now: p1", "now: p0"), ("priority: p1", "priority: p0"));
        _ = await desk.Office.Plan.RefreshAsync(default);
        await desk.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((null, null), ((await desk.FindAsync(ticket.Id)).ResponseDue, (await desk.FindAsync(ticket.Id)).ResolutionDue));
        await desk.PassAsync(TimeSpan.FromHours(9));
        Assert.Empty((await desk.FindAsync(ticket.Id)).Fired);
        Assert.Single(await desk.Tickets.ListOpenAsync(default).ToListAsync());
        desk.Office.PlanText = HelpDesk.Plan;
        _ = await desk.Office.Plan.RefreshAsync(default);
        await desk.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(ticket.CreatedAt.AddMinutes(15), (await desk.FindAsync(ticket.Id)).ResponseDue);
        Assert.Equal(2, (await desk.FindAsync(ticket.Id)).Breaches.Count);
    }

    [Fact]
    public async Task A_new_ticket_is_given_to_whom_the_rules_choose_and_waits_in_the_queue_where_nobody_fits()
    {
        await using var desk = await HelpDesk.OpenAsync(assigns: true);
        _ = await desk.OpenTicketAsync("F-1");
        await desk.DeliverAsync();
        Assert.Equal((TicketState.Assigned, "ben"), ((await desk.FindAsync("T-1001")).State, (await desk.FindAsync("T-1001")).Assignee));
        Assert.Contains("T-1001/event-2 → mail:ben@registry.example", desk.Office.Notifier.Sent);
        _ = await desk.Tickets.OpenAsync("F-2", new NewTicket(TicketType.Incident, "Network", "", "register", "all", "now", null, null, desk.Office.Clock.Now) { Skills = ["network"] }, default);
        await desk.DeliverAsync();
        var queued = (await desk.Tickets.ReadAsync("T-1002", default))!.Value;
        Assert.Null(queued.Assignee);
        Assert.Equal("Nobody fits: Ben does not know network; Dora does not know network.", queued.History!.Single(static entry => entry.Kind == TicketEventKind.Assigned).Note);
        Assert.Contains("T-1002/event-2 → mail:ann@registry.example", desk.Office.Notifier.Sent);
    }

    [Fact]
    public async Task An_event_that_one_follower_cannot_take_is_told_to_the_others_and_again_to_all()
    {
        await using var desk = await HelpDesk.OpenAsync();
        _ = await desk.OpenTicketAsync();
        desk.Cut.After(0); // The facts cannot be written.
        var message = new ReceivedMessage(Queues.TicketEvents, "x", MaintenanceJson.Write(new TicketEventMessage("T-1001", 1)), 1);
        await Assert.ThrowsAsync<AggregateException>(() => desk.Events.HandleAsync(message, default));
        Assert.Equal(["T-1001 1"], desk.Heard);
        desk.Restart();
        await desk.Events.HandleAsync(message, default);
        Assert.NotNull(await desk.Office.Records.GetAsync(Tables.TicketFacts, "2026-11", "T-1001", default));
    }

    [Fact]
    public async Task A_mark_of_no_ticket_and_a_body_of_something_else_are_unusable()
    {
        await using var desk = await HelpDesk.OpenAsync();
        var entry = new DueEntry("T-9", ServiceTarget.Response, "breach", desk.Office.Clock.Now);
        await Assert.ThrowsAsync<UnusableMessageException>(() => desk.Marks.HandleAsync(new(Queues.SlaBreaches, "x", MaintenanceJson.Write(entry), 1), default));
        await Assert.ThrowsAsync<UnusableMessageException>(() => desk.Marks.HandleAsync(new(Queues.SlaBreaches, "x", "{}", 1), default));
        await Assert.ThrowsAsync<UnusableMessageException>(() => desk.Events.HandleAsync(new(Queues.TicketEvents, "x", """{"ticket":"T-9","event":1}""", 1), default));
        await Assert.ThrowsAsync<UnusableMessageException>(() => desk.Events.HandleAsync(new(Queues.TicketEvents, "x", "no", 1), default));
    }

    [Fact]
    public async Task A_stale_version_is_refused_and_an_act_sent_again_with_its_key_is_done_once_under_the_version_that_it_changed()
    {
        await using var desk = await HelpDesk.OpenAsync();
        var ticket = await desk.OpenTicketAsync();
        var seen = (await desk.Tickets.FindAsync(ticket.Id, default))!.ETag;
        for (var i = 0; i < 2; i++)
        {
            _ = await desk.Tickets.RespondAsync(ticket.Id, "ben", "On it.", seen, "one", default);
        }

        _ = await desk.Tickets.RespondAsync(ticket.Id, "dora", "Me too.", null, "one", default);
        for (var i = 0; i < 2; i++)
        {
            _ = await desk.Tickets.ResolveAsync(ticket.Id, "ben", "Done.", null, "two", default);
        }

        Assert.Equal(["On it.", "Me too.", "Done."], (await desk.Tickets.ReadAsync(ticket.Id, default))!.Value.History!.Select(static entry => entry.Said).OfType<string>());
        await Assert.ThrowsAsync<RecordConflictException>(() => desk.Tickets.RespondAsync(ticket.Id, "ben", "Late.", seen, null, default));
    }
}
