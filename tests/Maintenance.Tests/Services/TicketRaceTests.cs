using Maintenance.Storage;
using Maintenance.Tickets;

namespace Maintenance.Tests.Services;

/// <summary>Two who change the same ticket, or the same person's book, at the same time.</summary>
public sealed class TicketRaceTests
{
    private static readonly AsyncLocal<string> Who = new();

    /// <summary>Urgent tickets count in the office's hours, and nobody is there: whatever is done, nothing moves.</summary>
    private static readonly string Closed = HelpDesk.Change(HelpDesk.Plan, ("priority: p1, calendar: always", "priority: p1, calendar: office"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_removes_rows_late_removes_none_that_the_next_change_needs(bool resolves)
    {
        await using var desk = await HelpDesk.OpenAsync(Closed);
        var ticket = await desk.OpenTicketAsync();
        var writes = 0;
        desk.Records.Before = async table =>
        {
            // The first one of the index comes before the ticket, the second one after it.
            if (table == Tables.TicketIndex && ++writes == 2)
            {
                desk.Records.Before = null;
                _ = await desk.ActAsync(ticket.Id, resolves ? new TicketAct.Reopen("No.") : new TicketAct.Resume());
            }
        };
        _ = await desk.ActAsync(ticket.Id, resolves ? new TicketAct.Resolve("Done.") : new TicketAct.Wait(WaitingFor.Requester, "Which?"));
        Assert.Null(desk.Records.Before);
        Assert.Equal(ticket.ResolutionDue, (await desk.FindAsync(ticket.Id)).ResolutionDue);
        await desk.AssertWatchedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nor_where_the_next_change_has_written_its_rows_and_is_stored_only_after_that(bool resolves)
    {
        await using var desk = await HelpDesk.OpenAsync(Closed);
        var ticket = await desk.OpenTicketAsync();
        var (mayStore, isThere) = (new TaskCompletionSource(), new TaskCompletionSource());
        Task? other = null;
        var writes = 0;
        desk.Records.Before = async table =>
        {
            if (Who.Value == "other")
            {
                if (table == Tables.Tickets)
                {
                    isThere.SetResult();
                    await mayStore.Task;
                }
            }
            else if (table == Tables.TicketIndex && ++writes == 2)
            {
                other = Task.Run(async () =>
                {
                    Who.Value = "other";
                    _ = await desk.ActAsync(ticket.Id, resolves ? new TicketAct.Reopen("No.") : new TicketAct.Resume());
                });
                await isThere.Task;
            }
        };
        _ = await desk.ActAsync(ticket.Id, resolves ? new TicketAct.Resolve("Done.") : new TicketAct.Wait(WaitingFor.Requester, "Which?"));
        mayStore.SetResult();
        await other!;
        Assert.Equal(ticket.ResolutionDue, (await desk.FindAsync(ticket.Id)).ResolutionDue);
        await desk.AssertWatchedAsync();
    }

    [Fact]
    public async Task Whoever_crosses_a_ticket_out_late_leaves_the_book_right()
    {
        await using var desk = await HelpDesk.OpenAsync();
        var ticket = await desk.OpenTicketAsync();
        _ = await desk.ActAsync(ticket.Id, new TicketAct.Assign("dora"));
        var writes = 0;
        desk.Records.Before = async table =>
        {
            // It was entered with Ben; now it is crossed out with Dora, who has just got it back.
            if (table == Tables.Agents && ++writes == 2)
            {
                desk.Records.Before = null;
                _ = await desk.ActAsync(ticket.Id, new TicketAct.Assign("dora"));
            }
        };
        _ = await desk.ActAsync(ticket.Id, new TicketAct.Assign("ben"));
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(2));
        var pages = await desk.Agents.ReadAsync(["ben", "dora"], async id => (await desk.Tickets.FindAsync(id, default))?.Value, default);
        Assert.Equal((0, 1), (pages["ben"].Load.Open, pages["dora"].Load.Open));
    }

    [Fact]
    public async Task Two_assignments_at_once_never_give_both_tickets_to_one_where_the_other_had_less_to_do()
    {
        await using var desk = await HelpDesk.OpenAsync();
        _ = await desk.OpenTicketAsync("F-1");
        _ = await desk.OpenTicketAsync("F-2");
        desk.Records.Before = async table =>
        {
            if (table == Tables.Agents)
            {
                // Right before the one enters its choice, the other one does.
                desk.Records.Before = null;
                _ = await desk.ActAsync("T-1002", new TicketAct.Assign());
            }
        };
        var first = await desk.ActAsync("T-1001", new TicketAct.Assign());
        Assert.Equal(["ben", "dora"], new[] { first.Assignee!, (await desk.FindAsync("T-1002")).Assignee! }.Order());
    }

    [Fact]
    public async Task Many_assignments_at_once_are_shared_by_load_to_the_last_place_and_the_rest_waits_in_the_queue()
    {
        await using var desk = await HelpDesk.OpenAsync();
        for (var i = 1; i <= 12; i++)
        {
            _ = await desk.OpenTicketAsync($"F-{i}");
        }

        await Task.WhenAll(Enumerable.Range(1001, 12).Select(number => Task.Run(() => desk.ActAsync($"T-{number}", new TicketAct.Assign()))));
        var tickets = await desk.Tickets.ListAsync(0, default).ToListAsync();
        Assert.Equal((5, 5, 2), (tickets.Count(static ticket => ticket.Assignee == "ben"), tickets.Count(static ticket => ticket.Assignee == "dora"), tickets.Count(static ticket => ticket.Assignee is null)));
        var queued = (await desk.Tickets.ReadAsync(tickets.First(static ticket => ticket.Assignee is null).Id, default))!.Value;
        Assert.Contains("Ben has 5 of 5 already; Dora has 5 of 5 already", queued.History![^1].Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_assignment_that_is_refused_or_sent_again_leaves_the_book_as_it_was()
    {
        await using var desk = await HelpDesk.OpenAsync();
        var ticket = await desk.OpenTicketAsync();
        await Assert.ThrowsAsync<TicketRefusedException>(() => desk.Tickets.ActAsync(ticket.Id, new TicketAct.Assign(), new TicketActor("cat", false), null, null, default));
        var given = await desk.ActAsync(ticket.Id, new TicketAct.Assign(), "key");
        _ = await desk.ActAsync(ticket.Id, new TicketAct.Assign("queue"));
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null((await desk.ActAsync(ticket.Id, new TicketAct.Assign(), "key")).Assignee);
        var pages = await desk.Agents.ReadAsync(["ben", "dora"], async id => (await desk.Tickets.FindAsync(id, default))?.Value, default);
        Assert.Equal((1, 0), (pages[given.Assignee!].Count, pages[given.Assignee == "ben" ? "dora" : "ben"].Count));
    }

    [Fact]
    public async Task Everybody_adds_to_the_newest_version_and_nothing_is_lost()
    {
        await using var desk = await HelpDesk.OpenAsync();
        var ticket = await desk.OpenTicketAsync();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => desk.ActAsync(ticket.Id, new TicketAct.Comment($"Note {i}.")))));
        var read = (await desk.Tickets.ReadAsync(ticket.Id, default))!.Value;
        Assert.Equal(13, read.Events);
        Assert.Equal(12, read.History!.Select(static entry => entry.Note).OfType<string>().Distinct().Count());
        await desk.DeliverAsync();
        Assert.Equal(13, desk.Heard.Distinct().Count());
    }
}
