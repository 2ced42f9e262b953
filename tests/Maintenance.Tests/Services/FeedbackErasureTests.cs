using Maintenance.Feedback;
using Maintenance.Messaging;
using Maintenance.Tickets;
using Microsoft.Data.Sqlite;
using static Maintenance.Tests.Services.FeedbackGroupingTests;

namespace Maintenance.Tests.Services;

/// <summary>What is held on people who sent feedback, and how it goes.</summary>
public sealed class FeedbackErasureTests
{
    private const string Contact = "kim.secret@home.example";
    private static readonly TicketActor Ben = new("ben", true);

    [Fact]
    public async Task Erased_by_contact_nothing_says_who_sent_it_and_what_they_sent_stays()
    {
        await using var office = await Office.OpenAsync();
        var (one, two) = (await SendAsync(office, "It is slow", Contact, "Kim Secretly"), await SendAsync(office, "Nothing prints", "Kim Secretly <KIM.secret@home.example>", null));
        await SendAsync(office, "It is SLOW", "other@home.example", "Other");
        await office.Feedback.Service.CommentAsync(one, "Call me: secretly 0712 345 678.", null, default);
        await office.Feedback.Service.CommentAsync(two, "Still nothing.", null, default);
        _ = await office.Tickets.ActAsync("T-1001", new TicketAct.Respond("We look at it."), Ben, null, null, default);
        _ = await office.DeliverAsync(office.Feedback.Events);
        Assert.NotEmpty(await DumpAsync(office, "secret"));

        var report = await office.Feedback.Erasure.EraseContactAsync("Kim.Secret@home.example", default);
        Assert.Equal([one, two], report.References);
        Assert.Equal(["T-1001", "T-1002"], report.Tickets);
        Assert.True(report.Mails > 0);
        Assert.Empty(await DumpAsync(office, "secret"));
        Assert.DoesNotContain(office.Feedback.Mail.Sent, static mail => mail.Address.Contains("secret", StringComparison.OrdinalIgnoreCase));

        var ticket = (await office.Tickets.ReadAsync("T-1001", default))!.Value;
        Assert.Equal(("It is slow", 2, FeedbackRules.Erased), (ticket.Description, ticket.Reports, ticket.Requester));
        Assert.Contains(ticket.History!, static entry => entry.Said == FeedbackRules.Erased);
        Assert.Contains(ticket.History!, static entry => entry.Said == "We look at it.");
        Assert.Equal("It is slow", (await office.Feedback.Book.FindAsync(one, default))!.Value.Message);

        // The other one is still known, and is told.
        _ = await office.Tickets.ActAsync("T-1001", new TicketAct.Resolve("Done."), Ben, null, null, default);
        _ = await office.DeliverAsync(office.Feedback.Events);
        Assert.Equal(["other@home.example"], office.Feedback.Mail.Sent.Where(static mail => mail.Kind == ReporterMailKind.TicketResolved).Select(static mail => mail.Address));
        Assert.Empty((await office.Feedback.Export.ExportAsync(Contact, default)).Feedback);
    }

    [Fact]
    public async Task Erased_by_reference_only_that_sender_is_forgotten()
    {
        await using var office = await Office.OpenAsync();
        var one = await SendAsync(office, "It is slow", Contact, "Kim");
        var two = await SendAsync(office, "Nothing prints", Contact, "Kim");
        _ = await office.Feedback.Erasure.EraseReferenceAsync(one, default);
        Assert.Equal([two], (await office.Feedback.Export.ExportAsync(Contact, default)).Feedback.Select(static feedback => feedback.Reference));
        Assert.Equal((FeedbackRules.Erased, $"Kim, {Contact}"), ((await office.Tickets.FindAsync("T-1001", default))!.Value.Requester, (await office.Tickets.FindAsync("T-1002", default))!.Value.Requester));

        // Whoever has sent something else as well is still to hear of that.
        Assert.Empty(office.Feedback.Mail.Erased);
        _ = await office.Feedback.Erasure.EraseReferenceAsync(two, default);
        Assert.Equal([Contact], office.Feedback.Mail.Erased);
        Assert.Empty(await DumpAsync(office, "secret"));
    }

    [Fact]
    public async Task What_is_in_the_queue_or_was_given_up_there_is_handled_without_its_sender()
    {
        await using var office = await Office.OpenAsync();
        _ = await office.Feedback.Service.ReceiveAsync(new FeedbackSubmission("stopped", "It is slow", null, "Kim", Contact), null, default);
        var named = await office.Feedback.Service.ReceiveAsync(new FeedbackSubmission("stopped", "Nothing prints", null, "Kim", "+999 20 555 0110"), null, default);
        var dead = await office.Feedback.Service.ReceiveAsync(new FeedbackSubmission("stopped", "All gone", null, "Kim", Contact), null, default);
        var messages = await office.Queue.ReceiveAsync(Queues.Feedback, 10, TimeSpan.FromMinutes(5), default);
        Assert.True(await office.Queue.DeadLetterAsync(messages.Single(message => message.Id == dead.Reference), "a fault", default));
        _ = await office.Queue.ReleaseLocksAsync(default);

        _ = await office.Feedback.Erasure.EraseContactAsync(Contact, default);
        _ = await office.Feedback.Erasure.EraseReferenceAsync(named.Reference, default);
        office.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(3, await office.DeliverAsync(office.Feedback.Handler));
        Assert.Empty(await DumpAsync(office, "secret"));
        Assert.Empty(await DumpAsync(office, "555"));
        var tickets = await office.Tickets.ListAsync(0, default).ToListAsync();
        Assert.Equal(3, tickets.Count);
        Assert.All(tickets, static ticket => Assert.Null(ticket.Requester));
        Assert.Empty(office.Feedback.Mail.Sent);

        // What they send later is theirs again.
        office.Clock.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(office, "Once more", Contact, "Kim");
        Assert.Single((await office.Feedback.Export.ExportAsync(Contact, default)).Feedback);
    }

    [Fact]
    public async Task Delivered_again_after_an_erasure_it_brings_nobody_back()
    {
        await using var office = await Office.OpenAsync();
        var message = Message(office, TrackingCodes.NewReference(), "It is slow", contact: Contact, name: "Kim");
        await office.Feedback.Handler.HandleAsync(message, default);
        _ = await office.Feedback.Erasure.EraseReferenceAsync(message.Id, default);
        office.Clock.Advance(TimeSpan.FromMinutes(1));
        await office.Feedback.Handler.HandleAsync(message, default);
        Assert.Empty(await DumpAsync(office, "secret"));
        Assert.Empty((await office.Feedback.Export.ExportAsync(Contact, default)).Feedback);
        Assert.Single(await office.Tickets.ListAsync(0, default).ToListAsync());
    }

    [Fact]
    public async Task Met_by_its_message_at_any_point_the_erasure_holds()
    {
        var met = 0;
        for (var write = 0; write < 30; write++)
        {
            foreach (var isByContact in new[] { true, false })
            {
                await using var office = await Office.OpenAsync();
                var message = Message(office, TrackingCodes.NewReference(), "It is slow", contact: Contact, name: "Kim");
                var left = write;
                office.Records.Before = async (_, _) =>
                {
                    if (left-- == 0)
                    {
                        met++;
                        _ = isByContact
                            ? await office.Feedback.Erasure.EraseContactAsync(Contact, default)
                            : await office.Feedback.Erasure.EraseReferenceAsync(message.Id, default);
                    }
                };
                await office.Feedback.Handler.HandleAsync(message, default);
                if (left >= 0)
                {
                    continue;
                }

                office.Records.Before = null;
                Assert.True((await DumpAsync(office, "secret")).Count == 0, $"Before write {write}, by {(isByContact ? "contact" : "reference")}: {string.Join('\n', await DumpAsync(office, "secret"))}");
                Assert.Single(await office.Tickets.ListAsync(0, default).ToListAsync());
            }
        }

        Assert.True(met > 12, $"{met}");
    }

    [Fact]
    public async Task Cut_off_after_any_write_erasing_again_completes_it()
    {
        for (var writes = 0; writes < 40; writes++)
        {
            await using var office = await Office.OpenAsync();
            var one = await SendAsync(office, "It is slow", Contact, "Kim");
            _ = await SendAsync(office, "Nothing prints", Contact, "Kim");
            await office.Feedback.Service.CommentAsync(one, "A secret.", null, default);
            office.Records.CutAfter(writes);
            var wasCut = false;
            try
            {
                _ = await office.Feedback.Erasure.EraseContactAsync(Contact, default);
            }
            catch (CutOffException)
            {
                wasCut = true;
            }

            office.Records.Mend();
            _ = await office.Feedback.Erasure.EraseContactAsync(Contact, default);
            Assert.Empty(await DumpAsync(office, "secret"));
            Assert.Equal(
                FeedbackRules.Erased, Assert.Single((await office.Tickets.ReadAsync("T-1001", default))!.Value.History!, static entry => entry.Kind == TicketEventKind.Commented).Said);
            if (!wasCut)
            {
                return;
            }
        }

        Assert.Fail("Never done.");
    }

    [Fact]
    public async Task Contact_data_goes_so_long_after_its_ticket_was_closed_as_the_plan_says_then()
    {
        await using var office = await Office.OpenAsync();
        await SendAsync(office, "It is slow", Contact, "Kim");
        await SendAsync(office, "Nothing prints", "other@home.example", null);
        await ActAsync("T-1001", new TicketAct.Resolve("Done."));
        await ActAsync("T-1001", new TicketAct.Close());
        office.Clock.Advance(TimeSpan.FromDays(100));
        await office.Feedback.Upkeep.PurgeExpiredAsync(default);
        Assert.NotEmpty(await DumpAsync(office, "secret"));

        // Reopened and closed again, the time begins anew.
        await ActAsync("T-1001", new TicketAct.Reopen("Again."));
        await ActAsync("T-1001", new TicketAct.Resolve("Done again."));
        await ActAsync("T-1001", new TicketAct.Close());
        office.Clock.Advance(TimeSpan.FromDays(100));
        await office.Feedback.Upkeep.PurgeExpiredAsync(default);
        Assert.NotEmpty(await DumpAsync(office, "secret"));

        // A plan that keeps it for less is followed at once.
        office.PlanText = Office.QuickPlan.Replace("introduction: Tell us.", "introduction: Tell us.\n    retention: 99d", StringComparison.Ordinal);
        _ = await office.Plan.RefreshAsync(default);
        await office.Feedback.Upkeep.PurgeExpiredAsync(default);
        Assert.Empty(await DumpAsync(office, "secret"));
        Assert.Equal("It is slow", (await office.Tickets.FindAsync("T-1001", default))!.Value.Description);
        Assert.Contains("other@home.example", (await office.Tickets.FindAsync("T-1002", default))!.Value.Requester, StringComparison.Ordinal);

        async Task ActAsync(string ticket, TicketAct act)
        {
            _ = await office.Tickets.ActAsync(ticket, act, Ben, null, null, default);
            _ = await office.DeliverAsync(office.Feedback.Events);
        }
    }

    [Fact]
    public async Task What_is_held_on_a_person_is_said_and_nothing_of_others()
    {
        await using var office = await Office.OpenAsync();
        var one = await SendAsync(office, "It is slow", Contact, "Kim");
        await SendAsync(office, "it is slow", "other@home.example", "Other");
        await office.Feedback.Service.CommentAsync(one, "Since Monday.", null, default);
        _ = await office.Tickets.ActAsync("T-1001", new TicketAct.Resolve("Done."), Ben, null, null, default);
        await office.Feedback.Service.RateAsync(one, 5, default);
        var export = await office.Feedback.Export.ExportAsync(" KIM.SECRET@home.example", default);
        var feedback = Assert.Single(export.Feedback);
        Assert.Equal((one, "It is slow", "Kim", Contact, "T-1001", 5), (feedback.Reference, feedback.Message, feedback.Name, feedback.Contact, feedback.Ticket, feedback.Rating));
        Assert.Equal(["Since Monday."], feedback.Added.Select(static added => added.Text));
        Assert.Equal("180d", export.Retention);
        Assert.DoesNotContain("other@", MaintenanceJson.Write(export), StringComparison.Ordinal);
    }

    /// <summary>The rows of every table, and the messages, that hold a text, whatever its case.</summary>
    private static async Task<List<string>> DumpAsync(Office office, string text)
    {
        var found = new List<string>();
        await using var connection = new SqliteConnection($"Data Source={Path.Join(office.Folder, "office.db")};Pooling=False;Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT tbl || '/' || CAST(pk AS TEXT) || '/' || CAST(rk AS TEXT) || ': ' || json FROM records WHERE tbl <> 'plan' UNION ALL SELECT 'message ' || id || ': ' || body FROM messages";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (reader.GetString(0).Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                found.Add(reader.GetString(0));
            }
        }

        return found;
    }

    private static async Task<string> SendAsync(Office office, string text, string? contact, string? name)
    {
        office.Clock.Advance(TimeSpan.FromSeconds(1));
        var receipt = await office.Feedback.Service.ReceiveAsync(new FeedbackSubmission("stopped", text, null, name, contact), null, default);
        _ = await office.DeliverAsync(office.Feedback.Handler);
        return receipt.Reference;
    }
}
