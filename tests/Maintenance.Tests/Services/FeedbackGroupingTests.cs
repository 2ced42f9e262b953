using Maintenance.Feedback;
using Maintenance.Messaging;
using Maintenance.Tickets;

namespace Maintenance.Tests.Services;

/// <summary>Feedback that says the same, delivered more than once, in any order, and cut off anywhere.</summary>
public sealed class FeedbackGroupingTests
{
    private static readonly TicketActor Ben = new("ben", true);

    [Fact]
    public async Task The_same_words_about_the_same_service_are_one_ticket_with_a_count_that_keeps_everybody()
    {
        await using var office = await Office.OpenAsync();
        await office.Feedback.Handler.HandleAsync(Message(office, "F-1", "The printer is broken.", service: "register", contact: "ann@home.example"), default);
        await office.Feedback.Handler.HandleAsync(Message(office, "F-2", "the PRINTER is broken!!", service: "register", contact: "bob@home.example"), default);
        await office.Feedback.Handler.HandleAsync(Message(office, "F-3", "The printer is broken"), default);
        await office.Feedback.Handler.HandleAsync(Message(office, "F-4", "The printer is not broken", service: "register"), default);

        var tickets = await office.Tickets.ListAsync(0, default).ToListAsync();
        Assert.Equal([("F-1", 2), ("F-3", 1), ("F-4", 1)], tickets.Select(static ticket => (ticket.FeedbackReference, ticket.Reports)));
        var reports = await office.Feedback.Book.ListAsync(tickets[0].Id, "F-1", default).ToListAsync();
        Assert.Equal(
            [("F-1", "The printer is broken.", "ann@home.example"), ("F-2", "the PRINTER is broken!!", "bob@home.example")],
            reports.Select(static report => (report.Reference, report.Message, report.Contact)));
    }

    [Fact]
    public async Task What_has_no_words_is_never_grouped()
    {
        await using var office = await Office.OpenAsync();
        await office.Feedback.Handler.HandleAsync(Message(office, "F-1", "?!"), default);
        await office.Feedback.Handler.HandleAsync(Message(office, "F-2", "?!"), default);
        Assert.Equal(2, await office.Tickets.ListAsync(0, default).CountAsync());
    }

    [Fact]
    public async Task After_a_day_or_once_the_ticket_is_no_longer_open_it_is_another_one()
    {
        await using var office = await Office.OpenAsync();
        await HandleAsync("F-1");
        office.Clock.Advance(TimeSpan.FromHours(24));
        await HandleAsync("F-2");
        office.Clock.Advance(TimeSpan.FromSeconds(1));
        await HandleAsync("F-3");
        _ = await office.Tickets.ActAsync("T-1002", new TicketAct.Resolve("Mended."), Ben, null, null, default);
        await HandleAsync("F-4");

        // Delivered again, what joined stays where it is.
        await HandleAsync("F-3");
        Assert.Equal([("F-1", 2), ("F-3", 1), ("F-4", 1)], await office.Tickets.ListAsync(0, default).Select(static ticket => (ticket.FeedbackReference!, ticket.Reports)).ToListAsync());

        // Reopened, it is not joined either: its group was over.
        _ = await office.Tickets.ActAsync("T-1002", new TicketAct.Reopen("Not mended."), Ben, null, null, default);
        await HandleAsync("F-5");
        Assert.Equal(2, (await office.Tickets.FindAsync("T-1003", default))!.Value.Reports);

        Task HandleAsync(string reference) => office.Feedback.Handler.HandleAsync(Message(office, reference, "It is slow"), default);
    }

    [Fact]
    public async Task Three_times_and_in_any_order_it_comes_to_the_same()
    {
        var random = new Random(20261122);
        string? expected = null;
        for (var run = 0; run < 12; run++)
        {
            await using var office = await Office.OpenAsync();
            var start = office.Clock.Now;
            string[] texts = ["It is slow", "it is SLOW.", "Nothing prints", "nothing prints!", "IT IS… slow", "?", "?"];
            var messages = texts.SelectMany((text, i) => Enumerable.Repeat(Message($"F-{i}", text, start.AddHours(-3 * i), $"p{i}@home.example"), 3)).ToArray();
            random.Shuffle(messages);
            foreach (var message in messages)
            {
                await office.Feedback.Handler.HandleAsync(message, default);
            }

            var tickets = await office.Tickets.ListAsync(0, default).ToListAsync();
            var state = new List<string>();
            foreach (var ticket in tickets)
            {
                var reports = await office.Feedback.Book.ListAsync(ticket.Id, null, default).Select(static report => $"{report.Reference} {report.Message} {report.Contact} {report.ReceivedAt:u}").ToListAsync();
                state.Add($"{ticket.Reports} {ticket.CreatedAt:u} {ticket.Clock[0].At:u} {ticket.ResponseDue:u} {ticket.ResolutionDue:u} {string.Join("; ", reports)}");
            }

            var seen = string.Join('\n', state.Order(StringComparer.Ordinal)) + "\n" + string.Join('\n', office.Feedback.Mail.Sent.Select(static mail => mail.Id));
            Assert.Equal(expected ??= seen, seen);
            Assert.Equal(4, tickets.Count);
        }
    }

    [Fact]
    public async Task Many_at_the_same_moment_are_counted_each_once()
    {
        await using var office = await Office.OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => office.Feedback.Handler.HandleAsync(Message(office, $"F-{i % 30}", "Nothing works"), default))));
        var ticket = Assert.Single(await office.Tickets.ListAsync(0, default).ToListAsync());
        Assert.Equal(30, ticket.Reports);
        Assert.Equal(30, await office.Feedback.Book.ListAsync(ticket.Id, null, default).CountAsync());
    }

    [Fact]
    public async Task Cut_off_after_any_write_the_next_delivery_completes_it_and_doubles_nothing()
    {
        for (var writes = 0; writes < 40; writes++)
        {
            await using var office = await Office.OpenAsync();
            var first = Message(office, "F-1", "It is slow", contact: "ann@home.example");
            var second = Message(office, "F-2", "It is slow!", contact: "bob@home.example");
            office.Records.CutAfter(writes);
            var wasCut = false;
            foreach (var message in new[] { first, second })
            {
                try
                {
                    await office.Feedback.Handler.HandleAsync(message, default);
                }
                catch (CutOffException)
                {
                    wasCut = true;
                }
            }

            office.Records.Mend();

            // The one that joins may come again before the one that it joins.
            await office.Feedback.Handler.HandleAsync(second, default);
            await office.Feedback.Handler.HandleAsync(first, default);
            office.Clock.Advance(TimeSpan.FromMinutes(2));
            _ = await office.Tickets.SweepAsync(default);
            var ticket = Assert.Single(await office.Tickets.ListAsync(0, default).ToListAsync());
            Assert.Equal(2, ticket.Reports);
            Assert.Equal(["F-1", "F-2"], await office.Feedback.Book.ListAsync(ticket.Id, null, default).Select(static report => report.Reference).ToListAsync());
            Assert.Equal(1, (await office.Tickets.ReadAsync(ticket.Id, default))!.Value.History!.Count(static entry => entry.Kind == TicketEventKind.Reported));
            if (!wasCut)
            {
                return;
            }
        }

        Assert.Fail("Never done.");
    }

    [Fact]
    public async Task Whoever_names_themselves_like_a_person_of_the_plan_is_not_taken_for_them()
    {
        await using var office = await Office.OpenAsync();
        await office.Feedback.Handler.HandleAsync(Message(office, "F-1", "Give me access", name: "cat"), default);
        var ticket = (await office.Tickets.FindAsync("T-1001", default))!.Value;
        Assert.NotEqual("cat", ticket.Requester);
        Assert.False(TicketPermissions.May(office.Plan.Current, ticket, new TicketAct.Close(), new TicketActor("cat", false)));
    }

    internal static ReceivedMessage Message(Office office, string reference, string text, string? service = null, string? contact = null, string? name = null) =>
        Message(reference, text, office.Clock.Now, contact, service, name);

    internal static ReceivedMessage Message(string reference, string text, DateTimeOffset at, string? contact, string? service = null, string? name = null) =>
        new(Queues.Feedback, reference, MaintenanceJson.Write(new FeedbackMessage(reference, at, new FeedbackSubmission("stopped", text, service, name, contact))), 1);
}
