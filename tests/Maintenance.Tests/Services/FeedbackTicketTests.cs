using Maintenance.Feedback;
using Maintenance.Messaging;
using Maintenance.Storage;

namespace Maintenance.Tests.Services;

/// <summary>Feedback on its way to becoming a ticket.</summary>
public sealed class FeedbackTicketTests
{
    private static readonly FeedbackSubmission Stopped = new("stopped", "Nothing prints.");

    [Fact]
    public async Task A_handler_cut_off_before_any_of_its_writes_makes_one_ticket_in_the_end()
    {
        for (var writes = 0; writes < 4; writes++)
        {
            await using var office = await Office.OpenAsync();
            var message = Message(office, "F-1", Stopped);
            office.Records.CutAfter(writes);
            await Assert.ThrowsAsync<CutOffException>(() => office.FeedbackHandler.HandleAsync(message, default));
            office.Records.Mend();
            office.Clock.Advance(TimeSpan.FromMinutes(1));
            await office.FeedbackHandler.HandleAsync(message with { Delivery = 2 }, default);
            await office.FeedbackHandler.HandleAsync(message with { Delivery = 3 }, default);

            var ticket = Assert.Single(await office.Tickets.ListAsync(0, default).ToListAsync());
            Assert.Equal("F-1", ticket.FeedbackReference);
            var link = await office.Records.FindAsync<FeedbackReport>(Tables.Feedback, "F-1", "feedback", default);
            Assert.Equal(ticket.Id, link!.Value.Ticket);
            Assert.Single(await office.Tickets.ListOpenAsync(default).ToListAsync());
        }
    }

    [Fact]
    public async Task A_kind_that_the_plan_has_lost_since_then_still_becomes_a_ticket_that_says_so()
    {
        await using var office = await Office.OpenAsync();
        await office.FeedbackHandler.HandleAsync(Message(office, "F-1", new FeedbackSubmission("gone", "Still here.")), default);
        var ticket = Assert.Single(await office.Tickets.ListAsync(0, default).ToListAsync());
        Assert.Contains("'gone'", ticket.Description, StringComparison.Ordinal);
        Assert.Equal("p1", ticket.Priority);
    }

    [Fact]
    public async Task A_ticket_that_is_opened_long_after_its_target_still_breaches_though_a_sweep_comes_between_its_writes()
    {
        await using var office = await Office.OpenAsync();
        var message = Message(office, "F-1", Stopped);
        office.Clock.Advance(TimeSpan.FromDays(2));
        office.Records.CutAfter(2); // The number and the index are written, the ticket is not.
        await Assert.ThrowsAsync<CutOffException>(() => office.FeedbackHandler.HandleAsync(message, default));
        office.Records.Mend();
        Assert.Equal(0, await office.Tickets.SweepAsync(default));
        await office.FeedbackHandler.HandleAsync(message, default);

        // Of both targets the breach, three levels and the alarm.
        Assert.Equal(10, await office.Tickets.SweepAsync(default));
    }

    [Fact]
    public async Task A_body_of_something_else_is_unusable()
    {
        await using var office = await Office.OpenAsync();
        await Assert.ThrowsAsync<UnusableMessageException>(() => office.FeedbackHandler.HandleAsync(new(Queues.Feedback, "x", "no", 1), default));
    }

    private static ReceivedMessage Message(Office office, string reference, FeedbackSubmission submission) =>
        new(Queues.Feedback, reference, MaintenanceJson.Write(new FeedbackMessage(reference, office.Clock.Now, submission)), 1);
}
