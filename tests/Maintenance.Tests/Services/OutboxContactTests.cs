using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Tests.Services;

/// <summary>People outside the plan, who left an address: they are told, and they are forgotten.</summary>
public sealed class OutboxContactTests
{
    private const string Address = "Pat.Ouma@Home.example";

    [Fact]
    public async Task Somebody_outside_the_plan_is_told_in_their_language_and_their_address_stands_in_one_row_only()
    {
        await using var bench = await OutboxBench.OpenAsync();
        var resolved = Notification.From("F-1/resolved", NotificationTemplates.TicketResolved, new() { ["title"] = "Nothing prints", ["reference"] = "F-1", ["code"] = "SECRET" }, "/feedback/track");
        Assert.True(await bench.Notifications.NotifyContactAsync(bench.Plan.Current, resolved, " " + Address + " ", Language.Fr, default));
        Assert.True(await bench.Notifications.NotifyContactAsync(bench.Plan.Current, resolved, Address.ToLowerInvariant(), null, default));
        Assert.Equal(1, await bench.DeliverAsync());
        var (to, mail) = Assert.Single(bench.Post.Sent);
        Assert.Equal("mail:" + Address.ToLowerInvariant(), to.ToLowerInvariant());
        Assert.Equal("Office : votre message a été traité (F-1)", mail.Subject);
        Assert.Contains("Votre code de suivi : SECRET", mail.Text, StringComparison.Ordinal);

        var entry = Assert.Single(await bench.Notifications.HeldOnContactAsync(Address, default));
        Assert.Equal((DeliveryState.Sent, ""), (entry.State, entry.Text));
        Assert.Matches("^contact:[0-9a-f]{16}$", entry.Recipient);
        var rows = await RowsAsync(bench, entry.Recipient);
        Assert.Equal(["contact"], rows.Where(static row => row.Json.Contains('@', StringComparison.Ordinal)).Select(static row => row.RowKey));
    }

    [Theory]
    [InlineData("+254 700 000000")]
    [InlineData("")]
    [InlineData("a@b@c")]
    [InlineData("a@b, c@d")]
    [InlineData("a@b\r\nBcc: c@d")]
    [InlineData("Pat <pat@home.example>")]
    public async Task What_is_no_address_is_not_written_down(string address)
    {
        await using var bench = await OutboxBench.OpenAsync();
        Assert.False(await bench.Notifications.NotifyContactAsync(bench.Plan.Current, OutboxBench.News("n-1"), address, null, default));
        Assert.Empty(await bench.IndexAsync("at_"));
        Assert.Equal(0, await bench.Notifications.EraseContactAsync(address, default));
    }

    [Fact]
    public async Task Erased_what_waits_is_not_sent_and_what_was_sent_keeps_neither_address_nor_words()
    {
        await using var bench = await OutboxBench.OpenAsync();
        _ = await bench.Notifications.NotifyContactAsync(bench.Plan.Current, OutboxBench.News("n-1"), Address, null, default);
        _ = await bench.DeliverAsync();
        bench.Post.Closed = static _ => new IOException("no route to " + Address);
        _ = await bench.Notifications.NotifyContactAsync(bench.Plan.Current, OutboxBench.News("n-2"), Address, null, default);
        _ = await bench.DeliverAsync();
        var contact = (await bench.ListAsync())[0].Recipient;

        Assert.Equal(2, await bench.Notifications.EraseContactAsync(Address.ToUpperInvariant(), default));
        bench.Post.Closed = static _ => null;
        _ = await bench.DeliverAsync();
        await bench.PassAsync(TimeSpan.FromHours(2));
        Assert.Single(bench.Post.Sent);
        Assert.Empty(await bench.Notifications.HeldOnContactAsync(Address, default));
        var left = Assert.Single(await bench.ListAsync());
        Assert.Equal(("n-1", "(erased)", "", DeliveryState.Sent), (left.Notification, left.Subject, left.Text, left.State));
        Assert.DoesNotContain(await RowsAsync(bench, contact), static row => row.Json.Contains('@', StringComparison.Ordinal) || row.Json.Contains("About", StringComparison.Ordinal));
        Assert.Empty(await bench.Records.QueryAsync(Tables.NotificationIndex, "contacts", RowRange.All, default).ToListAsync());
        Assert.Empty(await bench.IndexAsync("due_"));
        Assert.Equal(0, await bench.Notifications.EraseContactAsync(Address, default));

        // Whoever leaves their address again is somebody new.
        _ = await bench.Notifications.NotifyContactAsync(bench.Plan.Current, OutboxBench.News("n-3"), Address, null, default);
        _ = await bench.DeliverAsync();
        Assert.NotEqual(contact, Assert.Single(await bench.Notifications.HeldOnContactAsync(Address, default)).Recipient);
    }

    [Fact]
    public async Task An_erasure_that_is_cut_off_before_any_write_is_done_by_the_next_one()
    {
        for (var cuts = 0; ; cuts++)
        {
            await using var bench = await OutboxBench.OpenAsync();
            _ = await bench.Notifications.NotifyContactAsync(bench.Plan.Current, OutboxBench.News("n-1"), Address, null, default);
            _ = await bench.DeliverAsync();
            _ = await bench.Notifications.NotifyContactAsync(bench.Plan.Current, OutboxBench.News("n-2"), Address, null, default);
            var contact = (await bench.ListAsync())[0].Recipient;
            bench.Records.CutAfter(cuts);
            var isCut = false;
            try
            {
                _ = await bench.Notifications.EraseContactAsync(Address, default);
            }
            catch (CutOffException)
            {
                isCut = true;
            }

            bench.Start();
            _ = await bench.DeliverAsync();
            _ = await bench.Notifications.EraseContactAsync(Address, default);
            Assert.DoesNotContain(await RowsAsync(bench, contact), static row => row.Json.Contains('@', StringComparison.Ordinal) || row.Json.Contains("About", StringComparison.Ordinal));
            Assert.Empty(await bench.Records.QueryAsync(Tables.NotificationIndex, "contacts", RowRange.All, default).ToListAsync());
            Assert.True(bench.Post.Sent.Count <= (cuts == 0 ? 2 : 1), "It was sent though the address was erased.");
            if (!isCut)
            {
                Assert.True(cuts >= 4, $"Only {cuts} writes.");
                return;
            }
        }
    }

    [Fact]
    public async Task An_address_that_nobody_used_for_ninety_days_is_forgotten_with_its_last_entry()
    {
        await using var bench = await OutboxBench.OpenAsync();
        _ = await bench.Notifications.NotifyContactAsync(bench.Plan.Current, OutboxBench.News("n-1"), Address, null, default);
        _ = await bench.DeliverAsync();
        var contact = (await bench.ListAsync())[0].Recipient;
        bench.Clock.Advance(TimeSpan.FromDays(60));
        _ = await bench.Notifications.NotifyContactAsync(bench.Plan.Current, OutboxBench.News("n-2"), Address, null, default);
        _ = await bench.DeliverAsync();
        bench.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(1, await bench.Outbox.PurgeAsync(default));
        Assert.Single(await bench.Notifications.HeldOnContactAsync(Address, default));
        bench.Clock.Advance(TimeSpan.FromDays(60));
        Assert.Equal(1, await bench.Outbox.PurgeAsync(default));
        Assert.Empty(await RowsAsync(bench, contact));
        Assert.Empty(await bench.Records.QueryAsync(Tables.NotificationIndex, "contacts", RowRange.All, default).ToListAsync());
    }

    private static ValueTask<List<StoredRecord>> RowsAsync(OutboxBench bench, string recipient) =>
        bench.Records.QueryAsync(Tables.Notifications, recipient, RowRange.All, default).ToListAsync();
}
