using Maintenance.Messaging;
using Maintenance.Notifications;

namespace Maintenance.Tests.Services;

/// <summary>What people are told, and when: over a real store and queue.</summary>
public sealed class OutboxTests
{
    private const string Ann = "mail:ann@registry.example";
    private const string Ben = "mail:ben@registry.example";
    private const string Cat = "mail:cat@registry.example";
    private const string Room = "webhook:room";

    [Fact]
    public async Task A_caller_waits_for_no_relay_and_whoever_is_awake_is_told_from_the_queue()
    {
        await using var bench = await OutboxBench.OpenAsync();
        await bench.TellAsync("n-1", "administrator", "room", "nobody");
        Assert.Equal(["log"], bench.Post.Sent.Select(static sent => sent.To));
        Assert.Equal(2, await bench.DeliverAsync());
        Assert.Equal([Room, Ann], bench.Post.Sent.Skip(1).Select(static sent => sent.To));
        Assert.All(await bench.ListAsync(), entry => Assert.Equal((DeliveryState.Sent, "n-1", bench.Clock.Now, ""), (entry.State, entry.Mail, entry.SentAt, entry.Text)));
        Assert.Empty(await bench.IndexAsync("due_"));
    }

    [Fact]
    public async Task Told_again_it_is_told_once_and_only_those_who_are_new_hear_of_it()
    {
        await using var bench = await OutboxBench.OpenAsync();
        await bench.TellAsync("n-1", "ann");
        await bench.TellAsync("n-1", "ann");
        _ = await bench.DeliverAsync();
        await bench.TellAsync("n-1", "ann", "cat");
        _ = await bench.DeliverAsync();
        await bench.PassAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(["log", Ann, Cat], bench.Post.Sent.Select(static sent => sent.To));
    }

    [Fact]
    public async Task Of_people_who_share_a_mailbox_one_gets_it()
    {
        await using var bench = await OutboxBench.OpenAsync(static plan => plan.Replace("cat@registry", "ANN@registry", StringComparison.Ordinal));
        await bench.TellAsync("n-1", "approver");
        Assert.Equal(["person:ben", "person:ann", "log"], (await bench.ListAsync()).Select(static entry => entry.Recipient).OrderDescending());
    }

    [Fact]
    public async Task Twenty_messages_in_quiet_hours_are_one_mail_at_their_end()
    {
        await using var bench = await OutboxBench.OpenAsync();
        for (var i = 1; i <= 20; i++)
        {
            await bench.TellAsync($"n-{i}", "ben");
            bench.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(0, await bench.DeliverAsync());
        Assert.All(await bench.ListAsync(DeliveryState.Waiting), static entry => Assert.Equal((DeliveryHold.QuietHours, Rules.Instants.Utc("2026-11-22T03:30Z")), (entry.Hold, entry.DueAt)));
        bench.Clock.Advance(Rules.Instants.Utc("2026-11-22T03:30Z") - TimeSpan.FromTicks(1) - bench.Clock.Now);
        _ = await bench.Delivery.SweepAsync(default);
        Assert.Empty(bench.Post.To(Ben));
        bench.Clock.Advance(TimeSpan.FromTicks(1));
        _ = await bench.Delivery.SweepAsync(default);

        var mail = Assert.Single(bench.Post.To(Ben));
        Assert.Equal("Office: 20 notifications", mail.Subject);
        for (var i = 1; i <= 20; i++)
        {
            Assert.Contains($"  About n-{i}\n  This is n-{i}.\n  \uFFFC/tickets/n-{i}", mail.Text, StringComparison.Ordinal);
        }

        Assert.StartsWith("While you were not disturbed, or could not be reached, this happened:\n\n* Sun 22 Nov 2026, 05:00 EAT  About n-1\n", mail.Text, StringComparison.Ordinal);
        Assert.All(await bench.ListAsync(recipient: "ben"), entry => Assert.Equal((DeliveryState.Sent, mail.Id), (entry.State, entry.Mail)));
        Assert.StartsWith("digest/", mail.Id, StringComparison.Ordinal);
        await bench.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Single(bench.Post.To(Ben));
        Assert.Empty(await bench.IndexAsync("due_"));
    }

    [Fact]
    public async Task What_is_urgent_passes_quiet_hours_and_leaves_the_rest_there()
    {
        await using var bench = await OutboxBench.OpenAsync();
        await bench.TellAsync("n-1", "ben");
        await bench.TellAsync(OutboxBench.News("u-1") with { IsUrgent = true }, "ben");
        _ = await bench.DeliverAsync();
        Assert.Equal(["About u-1"], bench.Post.To(Ben).Select(static mail => mail.Subject));
        await bench.PassAsync(TimeSpan.FromMinutes(91));
        Assert.Equal(["About u-1", "About n-1"], bench.Post.To(Ben).Select(static mail => mail.Subject));
    }

    [Fact]
    public async Task An_absence_delays_no_mail()
    {
        await using var bench = await OutboxBench.OpenAsync(static plan => plan.Replace("roles: [administrator, approver] }", "roles: [administrator, approver], absences: [{ from: 2026-11-01, to: 2026-11-30 }] }", StringComparison.Ordinal));
        await bench.TellAsync("n-1", "ann");
        _ = await bench.DeliverAsync();
        Assert.Single(bench.Post.To(Ann));
    }

    [Fact]
    public async Task A_relay_that_is_down_for_an_hour_yields_one_mail_for_each_person_afterwards_and_no_webhook_waits_for_it()
    {
        await using var bench = await OutboxBench.OpenAsync();
        bench.Post.Closed = static key => key.StartsWith("mail:", StringComparison.Ordinal) ? new IOException("no route to ann@registry.example") : null;
        for (var i = 1; i <= 12; i++)
        {
            await bench.TellAsync($"n-{i}", "ann", "cat", "room");
            _ = await bench.DeliverAsync();
            await bench.PassAsync(TimeSpan.FromMinutes(5));
        }

        Assert.Equal(12, bench.Post.To(Room).Count());
        Assert.InRange(bench.Post.Refused, 2, 12);
        var waiting = await bench.ListAsync(DeliveryState.Waiting);
        Assert.Equal(24, waiting.Count);
        Assert.All(waiting.Where(static entry => entry.Error is not null), static entry => Assert.Equal("no route to (address)", entry.Error));
        Assert.Contains("24 notifications cannot be delivered for", Assert.Single(await bench.Outbox.ConcernsAsync(default)).Text.Replace("At least ", "", StringComparison.Ordinal).Replace(NumberOf(waiting), "24", StringComparison.Ordinal), StringComparison.Ordinal);

        bench.Post.Closed = static _ => null;
        await bench.PassAsync(TimeSpan.FromMinutes(61));
        Assert.Equal("Office: 12 notifications", Assert.Single(bench.Post.To(Ann)).Subject);
        Assert.Equal("Office : 12 notifications", Assert.Single(bench.Post.To(Cat)).Subject);
        Assert.Empty(await bench.ListAsync(DeliveryState.Waiting));
        Assert.Empty(await bench.Outbox.ConcernsAsync(default));
    }

    [Fact]
    public async Task A_burst_goes_out_one_by_one_until_it_is_too_much_and_then_in_one()
    {
        await using var bench = await OutboxBench.OpenAsync(static plan => plan + "\n  digest: { after: 3, window: 10m }\n");
        for (var i = 1; i <= 9; i++)
        {
            await bench.TellAsync($"n-{i}", "ann", "room");
            _ = await bench.DeliverAsync();
            await bench.PassAsync(TimeSpan.FromSeconds(20));
        }

        Assert.Equal(["About n-1", "About n-2", "About n-3"], bench.Post.To(Ann).Select(static mail => mail.Subject));
        Assert.Equal(9, bench.Post.To(Room).Count());
        await bench.PassAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(["About n-1", "About n-2", "About n-3", "Office: 6 notifications"], bench.Post.To(Ann).Select(static mail => mail.Subject));
        await bench.PassAsync(TimeSpan.FromMinutes(20));
        await bench.TellAsync("n-10", "ann");
        _ = await bench.DeliverAsync();
        Assert.Equal("About n-10", bench.Post.To(Ann).Last().Subject);
    }

    [Fact]
    public async Task Everybody_reads_it_in_their_language_and_on_their_clock()
    {
        await using var bench = await OutboxBench.OpenAsync();
        var values = new TemplateValues { ["ticket"] = "T-1", ["title"] = "Nothing prints", ["priority"] = "p1", ["target"] = "resolution", ["due"] = bench.Clock.Now, ["level"] = 1 };
        await bench.TellAsync(Notification.From("T-1/x", NotificationTemplates.Escalation, values, "/tickets/T-1") with { IsUrgent = true }, "ann", "ben", "cat", "room");
        _ = await bench.DeliverAsync();
        Assert.Contains("It was due Sun 22 Nov 2026, 02:00 UTC.", bench.Post.To(Ann).Single().Text, StringComparison.Ordinal);
        Assert.Contains("It was due Sun 22 Nov 2026, 05:00 EAT.", bench.Post.To(Ben).Single().Text, StringComparison.Ordinal);
        Assert.Contains("L'échéance était dim. 22 nov. 2026 03:00 CET.", bench.Post.To(Cat).Single().Text, StringComparison.Ordinal);
        Assert.Equal("[p1] T-1 : délai de résolution dépassé, niveau 1", bench.Post.To(Cat).Single().Subject);
        Assert.Equal("[p1] T-1: resolution target missed, level 1", bench.Post.To(Room).Single().Subject);
    }

    [Fact]
    public async Task After_a_day_of_tries_it_is_given_up_seen_by_a_person_and_sent_again()
    {
        await using var bench = await OutboxBench.OpenAsync();
        bench.Post.Closed = static key => key == Ann ? new IOException("no route") : null;
        await bench.TellAsync("n-1", "ann");
        _ = await bench.DeliverAsync();
        for (var hour = 0; hour < 26; hour++)
        {
            bench.Clock.Advance(TimeSpan.FromHours(1));
            _ = await bench.Delivery.SweepAsync(default);
        }

        var failed = Assert.Single(await bench.ListAsync(DeliveryState.Failed));
        Assert.Equal(("n-1", "no route"), (failed.Notification, failed.Error));
        Assert.Contains("1 notification could not be delivered and was given up. no route", (await bench.Outbox.ConcernsAsync(default))[0].Text, StringComparison.Ordinal);
        Assert.Empty(await bench.IndexAsync("due_"));
        var tries = bench.Post.Refused;
        await bench.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(tries, bench.Post.Refused);

        bench.Post.Closed = static _ => null;
        Assert.Equal(DeliveryState.Waiting, (await bench.Outbox.ResendAsync(failed.Id, default))!.State);
        await Assert.ThrowsAsync<NotificationStateException>(() => bench.Outbox.ResendAsync(failed.Id, default));
        await bench.PassAsync(TimeSpan.FromHours(5));
        Assert.Single(bench.Post.To(Ann));
        await Assert.ThrowsAsync<NotificationStateException>(() => bench.Outbox.ResendAsync(failed.Id, default));
        Assert.Null(await bench.Outbox.ResendAsync("none", default));
        Assert.Empty(await bench.Outbox.ConcernsAsync(default));
        Assert.Empty(await bench.IndexAsync("failed_"));
    }

    [Fact]
    public async Task A_webhook_that_says_when_to_come_again_is_left_alone_until_then()
    {
        await using var bench = await OutboxBench.OpenAsync();
        bench.Post.Closed = static key => key == Room ? new DeliveryPostponedException("the webhook answered 429", TimeSpan.FromMinutes(30)) : null;
        await bench.TellAsync(OutboxBench.News("n-1") with { IsUrgent = true }, "room");
        _ = await bench.DeliverAsync();
        bench.Post.Closed = static _ => null;
        await bench.PassAsync(TimeSpan.FromMinutes(29));
        Assert.Empty(bench.Post.To(Room));
        await bench.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Single(bench.Post.To(Room));
    }

    [Fact]
    public async Task A_message_that_a_webhook_never_takes_holds_up_the_others_for_minutes_only()
    {
        await using var bench = await OutboxBench.OpenAsync();
        var poison = false;
        bench.Post.During = key =>
        {
            poison = key == Room && bench.Post.Sent.Count(static sent => sent.To == "log") == 1;
            return Task.CompletedTask;
        };
        bench.Post.Closed = _ => poison ? new IOException("it answered 400") : null;
        await bench.TellAsync("n-1", "room");
        _ = await bench.DeliverAsync();
        await bench.TellAsync("n-2", "room");
        _ = await bench.DeliverAsync();
        await bench.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(["n-1", "n-2"], bench.Post.To(Room).Select(static sent => sent.Id).Order());
    }

    [Fact]
    public async Task Who_has_left_the_plan_meanwhile_is_given_up_and_who_has_moved_gets_it_there()
    {
        await using var bench = await OutboxBench.OpenAsync();
        await bench.TellAsync("n-1", "cat", "ann");
        bench.PlanText = bench.PlanText.Replace("email: cat@registry.example, ", "", StringComparison.Ordinal).Replace("ann@registry.example", "ann@new.example", StringComparison.Ordinal);
        _ = await bench.Plan.RefreshAsync(default);
        _ = await bench.DeliverAsync();
        Assert.Single(bench.Post.To("mail:ann@new.example"));
        Assert.Equal("person:cat", Assert.Single(await bench.ListAsync(DeliveryState.Failed)).Recipient);
    }

    [Fact]
    public async Task A_channel_that_has_quiet_hours_gets_what_is_urgent_alone()
    {
        await using var bench = await OutboxBench.OpenAsync(static plan => plan.Replace("{ id: room, kind: generic,", "{ id: room, kind: slack, quietHours: [\"01:00-03:00\"],", StringComparison.Ordinal));
        await bench.TellAsync("n-1", "room");
        await bench.TellAsync("n-2", "room");
        await bench.TellAsync(OutboxBench.News("u-1") with { IsUrgent = true }, "room");
        _ = await bench.DeliverAsync();
        Assert.Equal(["u-1"], bench.Post.To(Room).Select(static sent => sent.Id));
        await bench.PassAsync(TimeSpan.FromHours(1));
        Assert.Equal("Office: 2 notifications", bench.Post.To(Room).Last().Subject);
    }

    [Fact]
    public async Task The_list_is_newest_first_and_can_be_of_one_state_or_one_recipient()
    {
        await using var bench = await OutboxBench.OpenAsync();
        foreach (var id in new[] { "n-1", "n-2", "n-3" })
        {
            await bench.TellAsync(id, "ann", "ben");
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        _ = await bench.DeliverAsync();
        Assert.Equal(["n-3", "n-2", "n-1"], (await bench.ListAsync()).Select(static entry => entry.Notification).Distinct());
        Assert.Equal(["n-3", "n-2", "n-1"], (await bench.ListAsync(DeliveryState.Waiting)).Select(static entry => entry.Notification));
        Assert.Equal(["n-3", "n-2", "n-1"], (await bench.ListAsync(recipient: "ann")).Select(static entry => entry.Notification));
        Assert.Equal(3, (await bench.ListAsync(recipient: "log")).Count);
        Assert.Equal(6, (await bench.ListAsync(DeliveryState.Sent)).Count);
        Assert.Empty(await bench.ListAsync(DeliveryState.Sent, "person:ben"));
        Assert.Empty(await bench.ListAsync(DeliveryState.Failed));
    }

    [Fact]
    public async Task After_ninety_days_it_is_forgotten_and_not_before()
    {
        await using var bench = await OutboxBench.OpenAsync();
        await bench.TellAsync("n-1", "ann", "room");
        _ = await bench.DeliverAsync();
        bench.Clock.Advance(TimeSpan.FromDays(1));
        await bench.TellAsync("n-2", "ann");
        _ = await bench.DeliverAsync();
        bench.Clock.Advance(TimeSpan.FromDays(89) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await bench.Outbox.PurgeAsync(default));
        bench.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(3, await bench.Outbox.PurgeAsync(default));
        Assert.Equal(["n-2"], (await bench.ListAsync()).Select(static entry => entry.Notification).Distinct());
        bench.Clock.Advance(TimeSpan.FromDays(1));
        _ = await bench.Outbox.PurgeAsync(default);
        Assert.Empty(await bench.IndexAsync("at_"));
        Assert.Empty(await bench.IndexAsync("id_"));
    }

    [Fact]
    public async Task A_test_is_sent_at_once_and_says_what_came_of_it()
    {
        await using var bench = await OutboxBench.OpenAsync();
        Assert.Equal(new NotificationTest("person:ben", true, "The relay took it."), await bench.Outbox.TestPersonAsync("ben", "ann", default));
        Assert.Equal(("Office: a test", "This is a test, sent Sun 22 Nov 2026, 05:00 EAT on behalf of Ann. Nothing needs to be done.\n\n\uFFFC/notifications"), (bench.Post.To(Ben).Single().Subject, bench.Post.To(Ben).Single().Text));
        Assert.Equal(new NotificationTest("webhook:room", true, "The webhook took it."), await bench.Outbox.TestChannelAsync("room", "operator", default));
        bench.Post.Closed = static _ => new IOException("550 no such box: <ann@registry.example>");
        Assert.Equal(new NotificationTest("person:ann", false, "550 no such box: <(address)>"), await bench.Outbox.TestPersonAsync("ann", "operator", default));
        Assert.Null(await bench.Outbox.TestPersonAsync("nobody", "operator", default));
        Assert.Null(await bench.Outbox.TestChannelAsync("nowhere", "operator", default));
        Assert.Empty(await bench.ListAsync());
    }

    [Fact]
    public async Task A_message_that_names_nobody_is_unusable_and_one_that_names_somebody_unknown_does_nothing()
    {
        await using var bench = await OutboxBench.OpenAsync();
        foreach (var body in new[] { "no", "{}", """{"recipient":""}""" })
        {
            await Assert.ThrowsAsync<UnusableMessageException>(() => bench.Handler.HandleAsync(new ReceivedMessage(Queues.Notifications, "x", body, 1), default));
        }

        await bench.Handler.HandleAsync(new ReceivedMessage(Queues.Notifications, "x", """{"recipient":"person:zoe"}""", 1), default);
        Assert.Empty(bench.Post.Sent);
    }

    /// <summary>How many of them have been tried so often that a person is told.</summary>
    private static string NumberOf(List<NotificationEntry> waiting) => $"{waiting.Count(static entry => entry.Attempts >= 3)}";
}
