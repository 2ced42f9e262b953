using Maintenance.Feedback;
using Maintenance.Messaging;
using Maintenance.ServiceLevels;
using Maintenance.Storage;
using Maintenance.Tickets;

namespace Maintenance.Tests.Services;

public sealed class FeedbackToBreachTests
{
    private static readonly FeedbackSubmission Stopped = new("stopped", "Nothing prints.");

    [Fact]
    public async Task A_handler_cut_off_before_any_of_its_writes_makes_one_ticket_in_the_end()
    {
        for (var writes = 0; writes < 4; writes++)
        {
            await using var office = await Office.OpenAsync();
            var message = Message(office, "F-1");
            office.Records.CutAfter(writes);
            await Assert.ThrowsAsync<CutOffException>(() => office.FeedbackHandler.HandleAsync(message, default));
            office.Records.Mend();
            office.Clock.Advance(TimeSpan.FromMinutes(1));
            await office.FeedbackHandler.HandleAsync(message with { Delivery = 2 }, default);
            await office.FeedbackHandler.HandleAsync(message with { Delivery = 3 }, default);

            var ticket = Assert.Single(await office.Tickets.ListAsync(0, default).ToListAsync());
            Assert.Equal("F-1", ticket.FeedbackReference);
            var link = await office.Records.FindAsync<FeedbackLink>(Tables.Feedback, "F-1", "feedback", default);
            Assert.Equal(ticket.Id, link!.Value.Ticket);
            Assert.Single(await office.Tickets.ListOpenAsync(default).ToListAsync());
        }
    }

    [Fact]
    public async Task An_opening_done_again_under_another_plan_breaches_only_by_the_tickets_own_due_time()
    {
        await using var office = await Office.OpenAsync();
        var message = Message(office, "F-1");
        office.Records.CutAfter(2); // The number and the index are written, the ticket is not.
        await Assert.ThrowsAsync<CutOffException>(() => office.FeedbackHandler.HandleAsync(message, default));
        office.Records.Mend();
        office.PlanText = office.PlanText.Replace("response: 15m", "response: 1h", StringComparison.Ordinal);
        _ = await office.Plan.RefreshAsync(default);
        await office.FeedbackHandler.HandleAsync(message, default);

        office.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(0, await office.Tickets.SweepAsync(default));
        office.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(1, await office.Tickets.SweepAsync(default));
    }

    [Fact]
    public async Task An_hour_without_sweeps_is_made_up_in_order_and_each_breach_is_one_message()
    {
        await using var office = await Office.OpenAsync();
        var late = await OpenAsync(office, "F-1");
        office.Clock.Advance(TimeSpan.FromMinutes(10));
        var later = await OpenAsync(office, "F-2");
        office.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(2, await office.Tickets.SweepAsync(default));
        Assert.Equal(0, await office.Tickets.SweepAsync(default));
        var messages = await office.Queue.ReceiveAsync(Queues.SlaBreaches, 10, TimeSpan.FromMinutes(5), default);
        Assert.Equal([$"{late.Id}/response/breach", $"{later.Id}/response/breach"], messages.Select(static m => m.Id));
    }

    [Fact]
    public async Task A_sweep_cut_off_after_sending_sends_the_same_message_again_and_the_queue_drops_it()
    {
        await using var office = await Office.OpenAsync();
        var ticket = await OpenAsync(office, "F-1");
        office.Clock.Advance(TimeSpan.FromMinutes(16));
        office.Records.CutAfter(0);
        await Assert.ThrowsAsync<AggregateException>(() => office.Tickets.SweepAsync(default));
        office.Records.Mend();
        Assert.Equal(1, await office.Tickets.SweepAsync(default));
        Assert.Equal(1, await office.DeliverAsync(office.Breaches));
        Assert.Single((await office.Tickets.FindAsync(ticket.Id, default))!.Value.Breaches);
    }

    [Fact]
    public async Task Answered_exactly_at_the_due_instant_is_met_and_a_tick_later_is_missed()
    {
        await using var office = await Office.OpenAsync();
        var met = await OpenAsync(office, "F-1");
        var missed = await OpenAsync(office, "F-2");
        office.Clock.Advance(TimeSpan.FromMinutes(15));
        _ = await office.Tickets.RespondAsync(met.Id, "ben", "On it.", null, null, default);
        Assert.Equal(0, await office.Tickets.SweepAsync(default));
        office.Clock.Advance(TimeSpan.FromTicks(1));
        _ = await office.Tickets.RespondAsync(missed.Id, "ben", "On it.", null, null, default);
        office.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await office.Tickets.SweepAsync(default));
        _ = await office.DeliverAsync(office.Breaches);
        Assert.Empty((await office.Tickets.FindAsync(met.Id, default))!.Value.Breaches);
        Assert.Equal(ServiceTarget.Response, Assert.Single((await office.Tickets.FindAsync(missed.Id, default))!.Value.Breaches).Target);
    }

    [Fact]
    public async Task Every_level_is_told_once_in_its_time_and_answering_stops_the_rest()
    {
        await using var office = await Office.OpenAsync();
        var ticket = await OpenAsync(office, "F-1");
        await PassAsync(office, TimeSpan.FromMinutes(16));
        Assert.Equal([$"{ticket.Id}/response/level-1 → log", $"{ticket.Id}/response/level-1 → mail:ben@registry.example"], office.Notifier.Sent);

        office.Notifier.Sent.Clear();
        await PassAsync(office, TimeSpan.FromMinutes(28)); // 44 minutes: level 2 is due at 45.
        Assert.Empty(office.Notifier.Sent);
        await PassAsync(office, TimeSpan.FromMinutes(2));
        Assert.Equal(
            [$"{ticket.Id}/response/level-2 → log", $"{ticket.Id}/response/level-2 → mail:ann@registry.example", $"{ticket.Id}/response/level-2 → webhook:room"], office.Notifier.Sent);
        Assert.Equal(2, (await office.Tickets.FindAsync(ticket.Id, default))!.Value.Breaches.Single().Level);

        office.Notifier.Sent.Clear();
        _ = await office.Tickets.RespondAsync(ticket.Id, "ben", "On it.", null, null, default);
        await PassAsync(office, TimeSpan.FromHours(2));
        Assert.Empty(office.Notifier.Sent);
    }

    [Fact]
    public async Task A_relay_that_is_down_stops_neither_the_chain_nor_the_others_and_in_the_end_each_is_told_once()
    {
        await using var office = await Office.OpenAsync();
        var ticket = await OpenAsync(office, "F-1");
        office.Clock.Advance(TimeSpan.FromMinutes(46));
        _ = await office.Tickets.SweepAsync(default);
        office.Notifier.OutOfReach.Add("mail:ben@registry.example");
        var breach = Assert.Single(await office.Queue.ReceiveAsync(Queues.SlaBreaches, 10, TimeSpan.FromMinutes(5), default));
        await office.Breaches.HandleAsync(breach, default);
        Assert.DoesNotContain($"{ticket.Id}/response/level-1 → mail:ben@registry.example", office.Notifier.Sent);

        Assert.Equal(1, await office.Tickets.SweepAsync(default));
        Assert.Equal(1, await office.DeliverAsync(office.Breaches));
        Assert.Contains($"{ticket.Id}/response/level-2 → webhook:room", office.Notifier.Sent);

        office.Notifier.OutOfReach.Clear();
        await office.Breaches.HandleAsync(breach with { Delivery = 2 }, default);
        await office.Breaches.HandleAsync(breach with { Delivery = 3 }, default);
        office.Clock.Advance(TimeSpan.FromMinutes(1));
        _ = await office.Delivery.SweepAsync(default);
        Assert.Equal(office.Notifier.Sent.Count, office.Notifier.Sent.Distinct().Count());
        Assert.Contains($"{ticket.Id}/response/level-1 → mail:ben@registry.example", office.Notifier.Sent);
        Assert.Equal(2, (await office.Tickets.FindAsync(ticket.Id, default))!.Value.Breaches.Single().Level);
    }

    [Fact]
    public async Task A_ticket_that_is_opened_long_after_its_target_still_breaches_though_a_sweep_comes_between_its_writes()
    {
        await using var office = await Office.OpenAsync();
        var message = Message(office, "F-1");
        office.Clock.Advance(TimeSpan.FromDays(2));
        office.Records.CutAfter(2); // The number and the index are written, the ticket is not.
        await Assert.ThrowsAsync<CutOffException>(() => office.FeedbackHandler.HandleAsync(message, default));
        office.Records.Mend();
        Assert.Equal(0, await office.Tickets.SweepAsync(default));
        await office.FeedbackHandler.HandleAsync(message, default);
        Assert.Equal(2, await office.Tickets.SweepAsync(default));
    }

    [Fact]
    public async Task An_entry_whose_ticket_never_came_is_dropped_after_an_hour()
    {
        await using var office = await Office.OpenAsync();
        await office.Tickets.ScheduleAsync(new DueEntry("T-9", ServiceTarget.Response, 0, office.Clock.Now), default);
        office.Clock.Advance(TimeSpan.FromMinutes(59));
        _ = await office.Tickets.SweepAsync(default);
        Assert.Single(await office.Records.QueryAsync(Tables.TicketIndex, "tickets", RowRange.All, default).ToListAsync());
        office.Clock.Advance(TimeSpan.FromMinutes(2));
        _ = await office.Tickets.SweepAsync(default);
        Assert.Empty(await office.Records.QueryAsync(Tables.TicketIndex, "tickets", RowRange.All, default).ToListAsync());
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_holds_up_no_other()
    {
        await using var office = await Office.OpenAsync();
        var ticket = await OpenAsync(office, "F-1");
        _ = await office.Records.WriteAsync(Tables.TicketIndex, "tickets", [RecordWrite.Put("due_20000101T000000.000Z_of_another_version", "{}")], default);
        office.Clock.Advance(TimeSpan.FromMinutes(16));
        await Assert.ThrowsAsync<AggregateException>(() => office.Tickets.SweepAsync(default));
        _ = await office.DeliverAsync(office.Breaches);
        Assert.Single((await office.Tickets.FindAsync(ticket.Id, default))!.Value.Breaches);
    }

    [Fact]
    public async Task A_missed_target_is_listed_until_it_is_reached_however_many_tickets_are_due_before_it()
    {
        await using var office = await Office.OpenAsync();
        var ticket = await OpenAsync(office, "F-1");
        await PassAsync(office, TimeSpan.FromMinutes(16));
        Assert.Equal(ticket.Id, Assert.Single(await office.Tickets.ListBreachedAsync(default).ToListAsync()).Id);
        _ = await office.Tickets.RespondAsync(ticket.Id, "ben", "On it.", null, null, default);
        Assert.Empty(await office.Tickets.ListBreachedAsync(default).ToListAsync());
        await PassAsync(office, TimeSpan.FromHours(5));
        Assert.Single(await office.Tickets.ListBreachedAsync(default).ToListAsync());
        _ = await office.Tickets.ResolveAsync(ticket.Id, "ben", "Done.", null, null, default);
        Assert.Empty(await office.Tickets.ListBreachedAsync(default).ToListAsync());
        Assert.Empty(await office.Tickets.ListOpenAsync(default).ToListAsync());
    }

    [Fact]
    public async Task A_solution_cut_off_before_its_index_is_changed_leaves_nothing_in_the_lists()
    {
        await using var office = await Office.OpenAsync();
        var ticket = await OpenAsync(office, "F-1");
        await PassAsync(office, TimeSpan.FromMinutes(16));
        office.Records.CutAfter(1);
        await Assert.ThrowsAsync<CutOffException>(() => office.Tickets.ResolveAsync(ticket.Id, "ben", "Done.", null, null, default));
        office.Records.Mend();
        for (var i = 0; i < 2; i++)
        {
            Assert.Empty(await office.Tickets.ListBreachedAsync(default).ToListAsync());
            Assert.Empty(await office.Tickets.ListOpenAsync(default).ToListAsync());
        }

        var rows = await office.Records.QueryAsync(Tables.TicketIndex, "tickets", RowRange.All, default).Select(static row => row.RowKey).ToListAsync();
        Assert.DoesNotContain(rows, static row => row.StartsWith("open_", StringComparison.Ordinal) || row.StartsWith("breach_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_breach_of_no_ticket_and_a_body_of_something_else_are_unusable()
    {
        await using var office = await Office.OpenAsync();
        var entry = new DueEntry("T-9", ServiceTarget.Response, 0, office.Clock.Now);
        await Assert.ThrowsAsync<UnusableMessageException>(() => office.Breaches.HandleAsync(new(Queues.SlaBreaches, "x", MaintenanceJson.Write(entry), 1), default));
        await Assert.ThrowsAsync<UnusableMessageException>(() => office.Breaches.HandleAsync(new(Queues.SlaBreaches, "x", "{}", 1), default));
        await Assert.ThrowsAsync<UnusableMessageException>(() => office.FeedbackHandler.HandleAsync(new(Queues.Feedback, "x", "no", 1), default));
    }

    [Fact]
    public async Task A_kind_that_the_plan_has_lost_since_then_still_becomes_a_ticket_that_says_so()
    {
        await using var office = await Office.OpenAsync();
        var message = Message(office, "F-1", new FeedbackSubmission("gone", "Still here."));
        await office.FeedbackHandler.HandleAsync(message, default);
        var ticket = Assert.Single(await office.Tickets.ListAsync(0, default).ToListAsync());
        Assert.Contains("'gone'", ticket.Description, StringComparison.Ordinal);
        Assert.Equal("p1", ticket.Priority);
    }

    [Fact]
    public async Task A_stale_version_is_refused_and_the_newest_one_is_changed_by_whoever_names_none()
    {
        await using var office = await Office.OpenAsync();
        var ticket = await OpenAsync(office, "F-1");
        var seen = (await office.Tickets.FindAsync(ticket.Id, default))!.ETag;
        _ = await office.Tickets.RespondAsync(ticket.Id, "ben", "One.", seen, null, default);
        await Assert.ThrowsAsync<RecordConflictException>(() => office.Tickets.RespondAsync(ticket.Id, "cat", "Two.", seen, null, default));
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => office.Tickets.RespondAsync(ticket.Id, "ben", $"Answer {i}.", null, null, default)));
        var said = (await office.Tickets.FindAsync(ticket.Id, default))!.Value.History.Count(static entry => entry.Said is not null);
        Assert.Equal(13, said);
    }

    [Fact]
    public async Task An_act_sent_again_with_its_key_is_done_once_also_under_the_version_that_it_changed()
    {
        await using var office = await Office.OpenAsync();
        var ticket = await OpenAsync(office, "F-1");
        var seen = (await office.Tickets.FindAsync(ticket.Id, default))!.ETag;
        for (var i = 0; i < 2; i++)
        {
            _ = await office.Tickets.RespondAsync(ticket.Id, "ben", "On it.", seen, "one", default);
        }

        _ = await office.Tickets.RespondAsync(ticket.Id, "cat", "Me too.", null, "one", default);
        for (var i = 0; i < 2; i++)
        {
            _ = await office.Tickets.ResolveAsync(ticket.Id, "ben", "Done.", null, "two", default);
        }

        var said = (await office.Tickets.FindAsync(ticket.Id, default))!.Value.History.Select(static entry => entry.Said).OfType<string>();
        Assert.Equal(["On it.", "Me too.", "Done."], said);
        await Assert.ThrowsAsync<RecordConflictException>(() => office.Tickets.RespondAsync(ticket.Id, "ben", "Late.", seen, null, default));
    }

    private static ReceivedMessage Message(Office office, string reference, FeedbackSubmission? submission = null) =>
        new(Queues.Feedback, reference, MaintenanceJson.Write(new FeedbackMessage(reference, office.Clock.Now, submission ?? Stopped)), 1);

    private static async Task<Ticket> OpenAsync(Office office, string reference)
    {
        await office.FeedbackHandler.HandleAsync(Message(office, reference), default);
        return (await office.Tickets.ListAsync(0, default).ToListAsync())[^1];
    }

    private static async Task PassAsync(Office office, TimeSpan time)
    {
        office.Clock.Advance(time);
        _ = await office.Tickets.SweepAsync(default);
        _ = await office.DeliverAsync(office.Breaches);
    }
}
