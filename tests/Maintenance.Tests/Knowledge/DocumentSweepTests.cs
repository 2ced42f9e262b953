using Maintenance.Knowledge;
using Maintenance.Tickets;

namespace Maintenance.Tests.Knowledge;

/// <summary>Documents over real stores: versions, acknowledgements, what people are told, and tickets.</summary>
public sealed class DocumentSweepTests
{
    [Fact]
    public async Task A_procedure_is_acknowledged_changed_and_acknowledged_again()
    {
        await using var desk = await DocumentDesk.OpenAsync();
        await desk.Sweep.SweepAsync(default);
        var first = desk.Current.Version;
        Assert.Equal(["ask kim", "ask lee", "ask max"], desk.Told("restart"));
        _ = await desk.Knowledge.AcknowledgeAsync("restart", desk.Person("kim"), first[..8], default);
        Assert.Equal(["lee", "max"], await desk.MissingAsync());

        // Swept again, nobody hears of it twice.
        await desk.Sweep.SweepAsync(default);
        Assert.Equal(3, desk.Told("restart").Count);

        await desk.ChangeAsync("Stop it. Wait. Start it.");
        _ = await Assert.ThrowsAsync<DocumentChangedException>(() => desk.Knowledge.AcknowledgeAsync("restart", desk.Person("lee"), first, default));
        await desk.Sweep.SweepAsync(default);
        Assert.Equal(["kim", "lee", "max"], await desk.MissingAsync());
        Assert.Equal(6, desk.Told("restart").Count);
        var again = (await desk.Knowledge.AcknowledgeAsync("restart", desk.Person("kim"), desk.Current.Version, default))!;
        desk.Office.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(again, await desk.Knowledge.AcknowledgeAsync("restart", desk.Person("kim"), desk.Current.Version, default));
        Assert.Equal(["lee", "max"], await desk.MissingAsync());
        Assert.Equal("# Restart\n\nStop it. Start it.", await desk.Book.TextAsync(first, default));
        Assert.Equal([first, desk.Current.Version], (await desk.Book.FindAsync("restart", default))!.Versions.Select(static one => one.Version));
    }

    [Fact]
    public async Task An_editorial_change_is_told_to_nobody()
    {
        await using var desk = await DocumentDesk.OpenAsync();
        await desk.Sweep.SweepAsync(default);
        _ = await desk.Knowledge.AcknowledgeAsync("restart", desk.Person("kim"), desk.Current.Version, default);
        const string Body = "Stop it! Start it!";
        await desk.ChangeAsync(Body, "editorial: " + KnowledgeDocument.VersionOf("Restart the register", Body)[..10]);
        await desk.Sweep.SweepAsync(default);
        Assert.Equal(3, desk.Told("restart").Count);
        Assert.Equal(["lee", "max"], await desk.MissingAsync());

        // The mark was of that version: the next change asks everybody.
        await desk.ChangeAsync("Never stop it.", "editorial: " + KnowledgeDocument.VersionOf("Restart the register", Body)[..10]);
        await desk.Sweep.SweepAsync(default);
        Assert.Equal(["kim", "lee", "max"], await desk.MissingAsync());
        Assert.Equal(6, desk.Told("restart").Count);
    }

    [Fact]
    public async Task The_owner_hears_once_who_is_late_and_once_of_each_review_and_then_there_is_a_ticket()
    {
        await using var desk = await DocumentDesk.OpenAsync();
        await desk.Sweep.SweepAsync(default);
        _ = await desk.Knowledge.AcknowledgeAsync("restart", desk.Person("kim"), desk.Current.Version, default);
        for (var day = 0; day < 12; day++)
        {
            desk.Office.Clock.Advance(TimeSpan.FromDays(1));
            await desk.Sweep.SweepAsync(default);
        }

        Assert.Equal(["late ada"], desk.Told("restart").Where(static one => one.StartsWith("late", StringComparison.Ordinal)));
        var due = (await desk.Knowledge.FindAsync("restart", default))!.Standing.ReviewDue!.Value;
        desk.Office.Clock.Advance(due - desk.Office.Clock.GetUtcNow());
        await desk.Sweep.SweepAsync(default);
        await desk.Sweep.SweepAsync(default);
        Assert.Equal(["review ada"], desk.Told("restart").Where(static one => one.StartsWith("review", StringComparison.Ordinal)));
        Assert.Empty(await desk.TicketsAsync());
        desk.Office.Clock.Advance(TimeSpan.FromDays(5));
        await desk.Sweep.SweepAsync(default);
        await desk.Sweep.SweepAsync(default);
        Assert.Equal("The review of 'Restart the register' is overdue", Assert.Single(await desk.TicketsAsync()).Title);

        // That it must be changed leaves it due; that it is right begins a new period.
        _ = await desk.Knowledge.ReviewAsync("restart", "ada", desk.Current.Version, ReviewOutcome.ChangeNeeded, "Wrong.", default);
        Assert.True((await desk.Knowledge.FindAsync("restart", default))!.Standing.IsStale);
        var review = await desk.Knowledge.ReviewAsync("restart", "ada", desk.Current.Version, ReviewOutcome.Confirmed, "", default);
        Assert.Equal(review, await desk.Knowledge.ReviewAsync("restart", "ada", desk.Current.Version, ReviewOutcome.Confirmed, "", default));
        var after = (await desk.Knowledge.FindAsync("restart", default))!;
        Assert.False(after.Standing.IsStale);
        Assert.Equal(2, after.Record.Reviews.Count);
        desk.Office.Clock.Advance(TimeSpan.FromDays(40));
        await desk.Sweep.SweepAsync(default);
        Assert.Equal(2, (await desk.TicketsAsync()).Count);
    }

    /// <summary>Cut off after each number of writes and swept again, it ends the same: nobody is told twice, and nothing is forgotten.</summary>

    [Fact]
    public async Task Cut_off_anywhere_a_sweep_is_made_up_for()
    {
        for (var writes = 0; writes < 45; writes++)
        {
            await using var desk = await DocumentDesk.OpenAsync();
            desk.Office.Clock.Advance(TimeSpan.FromDays(60));
            desk.Office.Records.CutAfter(writes);
            try
            {
                await desk.Sweep.SweepAsync(default);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // The cut: this is what a crash looks like from inside.
            }

            desk.Office.Records.Mend();
            await desk.Sweep.SweepAsync(default);

            // What was recorded and not sent is sent by the timer of the outbox.
            desk.Office.Clock.Advance(TimeSpan.FromMinutes(30));
            await desk.Office.Delivery.SweepAsync(default);
            Assert.Equal(["ask kim", "ask lee", "ask max", "review ada"], desk.Told("restart"));
            _ = Assert.Single(await desk.TicketsAsync(), static ticket => ticket.Title.Contains("Restart", StringComparison.Ordinal));
            Assert.Equal(["kim True", "lee True", "max True"], (await desk.Book.FindAsync("restart", default))!.Asked.Select(static one => $"{one.Person} {one.IsTold}"));
        }
    }

    /// <summary>Before a plan is the active one its documents are noted: whenever the process ends, the next one finds nothing missing.</summary>

    [Fact]
    public async Task That_it_must_be_changed_is_told_at_once_and_becomes_a_ticket()
    {
        await using var desk = await DocumentDesk.OpenAsync();
        await desk.Sweep.SweepAsync(default);
        _ = await desk.Knowledge.ReviewAsync("restart", "ada", desk.Current.Version, ReviewOutcome.ChangeNeeded, "Wrong.", default);
        await desk.Sweep.SweepAsync(default);
        Assert.Contains("review ada", desk.Told("restart"));
        desk.Office.Clock.Advance(TimeSpan.FromDays(5));
        await desk.Sweep.SweepAsync(default);
        Assert.Equal("The review of 'Restart the register' is overdue", Assert.Single(await desk.TicketsAsync()).Title);
        _ = await desk.Knowledge.ReviewAsync("restart", "ada", desk.Current.Version, ReviewOutcome.Confirmed, "", default);
        Assert.False((await desk.Knowledge.FindAsync("restart", default))!.Standing.IsStale);
    }

    [Fact]
    public async Task An_older_hearing_of_a_ticket_never_replaces_a_newer_one()
    {
        await using var desk = await DocumentDesk.OpenAsync();
        var at = desk.Office.Clock.Now;
        await desk.Book.NoteTicketAsync(Ticket(4, ["printer"], null), default);
        await desk.Book.NoteTicketAsync(Ticket(7, [], at.AddDays(2)), default);
        await desk.Book.NoteTicketAsync(Ticket(5, ["printer"], at.AddDays(-30)), default);
        await AssertNewestAsync();

        // And where both come at once: the newer one is noted right before the older one ends.
        await desk.Book.NoteTicketAsync(Ticket(8, ["printer"], null), default);
        desk.Office.Records.Before = async (_, partition) =>
        {
            if (partition == "tickets")
            {
                desk.Office.Records.Before = null;
                await desk.Book.NoteTicketAsync(Ticket(10, [], at.AddDays(2)), default);
            }
        };
        await desk.Book.NoteTicketAsync(Ticket(9, ["printer"], at.AddDays(-30)), default);
        await AssertNewestAsync();

        TicketArticles Ticket(int number, IReadOnlyList<string> articles, DateTimeOffset? solved) => new("T-1001", "Smears", "register", articles, solved, at.AddMinutes(number)) { Number = number };

        async Task AssertNewestAsync()
        {
            Assert.Empty(await desk.Book.TicketsAsync("printer", default));
            Assert.Equal((0, 0), (await desk.Book.FindAsync("printer", default))! is var record ? (record.Linked, record.Solved) : default);
            Assert.Empty(await desk.Book.SolvedAsync(at.AddDays(-30), 10, default));
            Assert.Empty(Assert.Single(await desk.Book.SolvedAsync(at.AddDays(2), 10, default)).Articles);
        }
    }

    [Fact]
    public async Task An_article_counts_the_tickets_that_it_solved()
    {
        await using var desk = await DocumentDesk.OpenAsync();
        await desk.Sweep.SweepAsync(default);
        var delivery = new TicketEventDelivery(desk.Office.Tickets, [new KnowledgeFollower(desk.Book)]);
        var sam = new TicketActor("sam", true);
        foreach (var title in new[] { "Printer smears", "Printer jams" })
        {
            _ = await desk.Office.Tickets.OpenAsync(title, new NewTicket(TicketType.Incident, title, "It does.", "register", "all", "later", null, null, desk.Office.Clock.GetUtcNow()), default);
        }

        _ = await Assert.ThrowsAsync<TicketActException>(() => desk.Office.Tickets.ActAsync("T-1001", new TicketAct.LinkArticle("nonsense"), sam, null, null, default));
        await ActAsync(new TicketAct.LinkArticle("printer"));
        Assert.Equal((1, 0), await CountsAsync());
        await ActAsync(new TicketAct.Resolve("Cleaned."));
        Assert.Equal((1, 1), await CountsAsync());
        _ = await desk.Office.Tickets.ActAsync("T-1002", new TicketAct.Resolve("Pulled it out."), sam, null, null, default);
        _ = await desk.Office.DeliverAsync(delivery);
        var gaps = await desk.Knowledge.GapsAsync(default);
        Assert.Equal((2, 1), (gaps.Solved, gaps.ByArticle));
        Assert.Equal("T-1001", Assert.Single(await desk.Book.TicketsAsync("printer", default)).Ticket);
        await ActAsync(new TicketAct.Reopen("It smears again."));
        Assert.Equal((1, 0), await CountsAsync());
        Assert.Equal(1, (await desk.Knowledge.GapsAsync(default)).Solved);
        await ActAsync(new TicketAct.UnlinkArticle("printer"));
        Assert.Equal((0, 0), await CountsAsync());

        async Task ActAsync(TicketAct act)
        {
            _ = await desk.Office.Tickets.ActAsync("T-1001", act, sam, null, null, default);
            _ = await desk.Office.DeliverAsync(delivery);
        }

        async Task<(int, int)> CountsAsync() => (await desk.Book.FindAsync("printer", default))! is var record ? (record.Linked, record.Solved) : default;
    }

    [Fact]
    public async Task A_person_has_one_vote_on_a_version_and_the_public_is_counted()
    {
        await using var desk = await DocumentDesk.OpenAsync();
        await desk.Sweep.SweepAsync(default);
        var version = desk.Office.Plan.Current.Knowledge.Find("printer")!.Version;
        Assert.True(await desk.Knowledge.VoteAsync("printer", "kim", version, true, null, default));
        Assert.True(await desk.Knowledge.VoteAsync("printer", "kim", version, false, "Which ribbon?", default));
        Assert.True(await desk.Knowledge.VoteAsync("printer", "lee", version, true, null, default));
        Assert.False(await desk.Knowledge.VotePubliclyAsync("printer", true, default));
        var record = (await desk.Book.FindAsync("printer", default))!;
        Assert.Equal((1, 1, 0), (record.Helpful, record.Unhelpful, record.PublicHelpful));
        Assert.Equal("Which ribbon?", (await desk.Book.VotesAsync("printer", default)).Single(static vote => vote.Person == "kim").Comment);
    }
}
