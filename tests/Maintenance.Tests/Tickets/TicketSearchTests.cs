using FsCheck.Fluent;
using Maintenance.Tests.Rules;
using Maintenance.Tickets;
using Maintenance.Tickets.Search;

namespace Maintenance.Tests.Tickets;

/// <summary>What is found, over a real SQLite file.</summary>
public sealed class TicketSearchTests
{
    /// <summary>Words in several shapes, each row one word for who searches.</summary>
    private static readonly string[][] Vocabulary =
    [
        ["printer", "Printer", "PRINTER"], ["Café", "cafe", "CAFÉ"], ["Straße", "strasse", "STRASSE"], ["2026", "２０２６"], ["naïve", "naive"], ["東京", "東京"], ["offline", "Offline"], ["Ναός", "ναος", "ΝΑΟΣ"],
    ];

    [Fact]
    public async Task Random_questions_over_random_tickets_are_answered_as_by_looking_at_every_one()
    {
        await Task.Run(static () => Law.Holds(Gen.Choose(0, int.MaxValue), 8, static seed => HoldsAsync(new Random(seed)).GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task Words_are_found_wherever_they_were_said_and_internal_ones_by_staff_only()
    {
        await using var desk = await Desk.OpenAsync();
        var ticket = await desk.OpenAsync("Printer is dead", "It smokes.");
        _ = await desk.OpenAsync("Another one");
        await desk.ActAsync(ticket.Id, new TicketAct.Respond("We send Grünwald."));
        await desk.ActAsync(ticket.Id, new TicketAct.Comment("Budget is gone."));
        await desk.ActAsync(ticket.Id, new TicketAct.Wait(WaitingFor.Supplier, "Spare roller ordered."));
        await desk.ActAsync(ticket.Id, new TicketAct.Edit(Tags: ["hardware"]));
        await desk.HearAsync();

        foreach (var words in new[] { "PRINTER", "smokes", "dead smokes", "grunwald", "hardware", ticket.Id, "is dead it" })
        {
            Assert.Equal([ticket.Id], await desk.FindAsync(new() { Text = words }));
            Assert.Equal([ticket.Id], await desk.FindAsync(new() { Text = words }, isStaff: false));
        }

        foreach (var words in new[] { "budget", "roller", "printer budget" })
        {
            Assert.Equal([ticket.Id], await desk.FindAsync(new() { Text = words }));
            Assert.Empty(await desk.FindAsync(new() { Text = words }, isStaff: false));
        }

        Assert.Empty(await desk.FindAsync(new() { Text = "print" }));
        await Assert.ThrowsAsync<TicketActException>(() => desk.FindAsync(new() { Text = "? !" }));
    }

    [Fact]
    public async Task What_was_overwritten_is_found_by_staff_only_and_what_was_taken_back_by_nobody()
    {
        await using var desk = await Desk.OpenAsync();
        var ticket = await desk.OpenAsync("One", "Original words.", request => request with { Tags = ["urgentissimo"] });
        await desk.HearAsync();
        Assert.Equal([ticket.Id], await desk.FindAsync(new() { Text = "original" }, isStaff: false));

        await desk.ActAsync(ticket.Id, new TicketAct.Edit(Description: "Corrected.", Tags: []));
        await desk.HearAsync();

        Assert.Empty(await desk.FindAsync(new() { Text = "original" }, isStaff: false));
        Assert.Equal([ticket.Id], await desk.FindAsync(new() { Text = "original" }));
        Assert.Equal([ticket.Id], await desk.FindAsync(new() { Text = "corrected" }, isStaff: false));
        Assert.Empty(await desk.FindAsync(new() { Text = "urgentissimo" }));
        Assert.Empty(await desk.FindAsync(new() { Tag = "urgentissimo" }));
    }

    [Fact]
    public async Task A_ticket_that_has_changed_since_it_was_indexed_is_left_out_at_once()
    {
        await using var desk = await Desk.OpenAsync();
        var ticket = await desk.OpenAsync("Printer");
        await desk.HearAsync();
        Assert.Equal([ticket.Id], await desk.FindAsync(new() { Assignee = "" }));

        await desk.ActAsync(ticket.Id, new TicketAct.Start());

        Assert.Empty(await desk.FindAsync(new() { Assignee = "" }));
        Assert.Empty(await desk.FindAsync(new() { State = TicketState.New }));
        await desk.HearAsync();
        Assert.Equal([ticket.Id], await desk.FindAsync(new() { Assignee = "ben", State = TicketState.InProgress }));
    }

    [Fact]
    public async Task A_search_that_would_read_too_much_stops_and_says_where_to_go_on()
    {
        await using var desk = await Desk.OpenAsync();

        // Two words that alternate and never meet: every row of both lists has to be looked at.
        for (var i = 0; i < 90; i++)
        {
            _ = await desk.OpenAsync(i % 2 == 0 ? "even" : "odd");
        }

        var both = await desk.OpenAsync("even and odd", how: request => request with { Tags = ["both"] });
        for (var i = 0; i < 40; i++)
        {
            _ = await desk.OpenAsync(i % 2 == 0 ? "even" : "odd");
        }

        await desk.HearAsync();
        var search = new TicketSearch(desk.Office.Records, desk.Office.Tickets, desk.Indexer, desk.Office.Numbers) { MostRows = 400 };
        var (found, after, turns) = (new List<string>(), (int?)null, 0);
        do
        {
            var finds = await search.FindAsync(new() { Text = "even odd" }, isStaff: true, after, 10, default);
            found.AddRange(finds.Tickets.Select(static ticket => ticket.Id));
            Assert.True(finds.After is null || after is null || finds.After < after);
            after = finds.After;
        }
        while (after is not null && turns++ < 100);

        Assert.Equal([both.Id], found);
        Assert.InRange(turns, 1, 20);
        Assert.Equal([both.Id], await desk.FindAsync(new() { Tag = "both", Text = "even odd" }));
    }

    [Fact]
    public async Task All_tickets_newest_first_need_no_index()
    {
        await using var desk = await Desk.OpenAsync();
        var first = await desk.OpenAsync("One");
        var second = await desk.OpenAsync("Two");
        await desk.ActAsync(first.Id, new TicketAct.Resolve("Done."));

        Assert.Equal([second.Id, first.Id], await desk.FindAsync(new() { IsOpen = false }));
    }

    [Fact]
    public async Task Indexing_anew_goes_on_from_where_it_stopped_and_finds_what_was_lost()
    {
        await using var desk = await Desk.OpenAsync();
        for (var i = 0; i < 7; i++)
        {
            _ = await desk.OpenAsync("Printer " + i);
        }

        // Nobody has heard of any of them.
        Assert.Empty(await desk.FindAsync(new() { Text = "printer" }));
        var first = await desk.Indexer.ReindexAsync(0, 4, default);
        Assert.Equal((4, 1004), (first.Tickets, first.After));
        Assert.Equal(4, (await desk.FindAsync(new() { Text = "printer" })).Count);
        var second = await desk.Indexer.ReindexAsync(first.After!.Value, 4, default);
        Assert.Equal((3, null), (second.Tickets, second.After));
        Assert.Equal(7, (await desk.FindAsync(new() { Text = "printer" })).Count);

        // A list that has lost its entry gets it back, though the ticket's own row says that it is there.
        await desk.Office.Records.WriteAsync("ticketTerms", TicketTerms.ListOf("w:printer"), [Maintenance.Storage.RecordWrite.Delete(TicketTerms.RowOf(1003))], default);
        Assert.Equal(6, (await desk.FindAsync(new() { Text = "printer" })).Count);
        _ = await desk.Indexer.ReindexAsync(0, 100, default);
        Assert.Equal(7, (await desk.FindAsync(new() { Text = "printer" })).Count);
    }

    [Fact]
    public void A_ticket_has_at_most_two_thousand_words_and_what_was_said_last_is_among_them()
    {
        static string Many(string prefix) => string.Join(' ', Enumerable.Range(0, 1500).Select(i => prefix + i));
        var ticket = new Ticket("T-1", TicketType.Incident, TicketState.New, "Title", "Description", null, "all", "now", "p1", null, default, [])
        {
            History =
            [
                new(1, default, "ben", TicketEventKind.Commented, "", Many("first")),
                new(2, default, "ben", TicketEventKind.Commented, "", Many("last")),
                new(3, default, "ben", TicketEventKind.Commented, "", null, Many("note")),
            ],
        };

        var terms = TicketTerms.Of(ticket);

        Assert.Equal(TicketTerms.MostWords, terms.Count(static term => term.StartsWith("w:", StringComparison.Ordinal) || term.StartsWith("i:", StringComparison.Ordinal)));
        Assert.Contains("w:title", terms);
        Assert.Contains("w:last1499", terms);
        Assert.DoesNotContain("w:first1499", terms);
    }

    private static async Task HoldsAsync(Random random)
    {
        await using var desk = await Desk.OpenAsync();
        var (said, noted) = (new Dictionary<string, HashSet<int>>(), new Dictionary<string, HashSet<int>>());
        for (var i = 0; i < 25; i++)
        {
            var (title, description) = (Some(random, 3), Some(random, 2));
            var ticket = await desk.OpenAsync(Write(random, title) + " x", Write(random, description) + ".", request => request with
            {
                Type = random.Next(2) == 0 ? TicketType.Incident : TicketType.Problem,
                Service = random.Next(2) == 0 ? "register" : null,
                Urgency = random.Next(2) == 0 ? "now" : "later",
                Requester = random.Next(3) switch { 0 => "cat", 1 => "Somebody outside, a@b.example", _ => null },
                Tags = random.Next(2) == 0 ? ["Red"] : ["red", "blue tag"],
            });
            (said[ticket.Id], noted[ticket.Id]) = ([.. title, .. description], []);
            for (var n = random.Next(4); n > 0; n--)
            {
                var words = Some(random, 2);
                var text = Write(random, words) + "!";
                switch (random.Next(6))
                {
                    case 0: await TryAsync(new TicketAct.Comment(text)); noted[ticket.Id].UnionWith(words); break;
                    case 1: await TryAsync(new TicketAct.Comment(text, IsPublic: true)); said[ticket.Id].UnionWith(words); break;
                    case 2: await TryAsync(new TicketAct.Start()); break;
                    case 3 when (await desk.Office.Tickets.FindAsync(ticket.Id, default))!.Value.IsOpen: await TryAsync(new TicketAct.Resolve(text)); said[ticket.Id].UnionWith(words); break;
                    case 4: await TryAsync(new TicketAct.Watch(random.Next(2) == 0 ? "ann" : "cat")); break;
                    default: await TryAsync(new TicketAct.Assign(random.Next(2) == 0 ? "ann" : "queue")); break;
                }
            }

            async Task TryAsync(TicketAct act)
            {
                try
                {
                    await desk.ActAsync(ticket.Id, act);
                }
                catch (TicketStateException)
                {
                    // Not as it stands.
                }
            }
        }

        await desk.HearAsync();
        var all = await desk.Office.Tickets.ListAsync(0, default).ToListAsync();
        for (var q = 0; q < 40; q++)
        {
            var words = random.Next(2) == 0 ? [] : Some(random, 2);
            var isStaff = random.Next(2) == 0;
            var query = new TicketQuery
            {
                Text = words.Count == 0 ? null : Write(random, words),
                IsOpen = random.Next(2) == 0,
                State = Maybe(() => (TicketState?)random.Next(7)),
                Type = Maybe(() => (TicketType?)(random.Next(2) == 0 ? TicketType.Incident : TicketType.Problem)),
                Priority = Maybe(() => random.Next(2) == 0 ? "p1" : "p2"),
                Service = Maybe(() => "register"),
                Assignee = Maybe(() => new[] { "", "ann", "ben" }[random.Next(3)]),
                Tag = Maybe(() => new[] { "RED", "blue tag", "green" }[random.Next(3)]),
                Requester = Maybe(() => new[] { "cat", "Somebody outside, a@b.example" }[random.Next(2)]),
                Watcher = Maybe(() => "ann"),
            };
            var expected = all
                .Where(ticket => query.State is { } state ? ticket.State == state : !query.IsOpen || ticket.State is not (TicketState.Resolved or TicketState.Closed))
                .Where(ticket => query.Type is null || ticket.Type == query.Type)
                .Where(ticket => query.Priority is null || ticket.Priority == query.Priority)
                .Where(ticket => query.Service is null || ticket.Service == query.Service)
                .Where(ticket => query.Assignee is null || (query.Assignee.Length == 0 ? ticket.Assignee is null : ticket.Assignee == query.Assignee))
                .Where(ticket => query.Tag is null || ticket.Tags.Contains(query.Tag, StringComparer.OrdinalIgnoreCase))
                .Where(ticket => query.Requester is null || ticket.Requester == query.Requester)
                .Where(ticket => query.Watcher is null || ticket.Watchers.Contains(query.Watcher))
                .Where(ticket => words.All(word => said[ticket.Id].Contains(word) || (isStaff && noted[ticket.Id].Contains(word))))
                .Select(static ticket => ticket.Id)
                .Reverse()
                .ToList();

            // In pages of any size they come to the same.
            var (found, after, take) = (new List<string>(), (int?)null, random.Next(1, 6));
            do
            {
                var finds = await desk.Search.FindAsync(query, isStaff, after, take, default);
                Assert.InRange(finds.Tickets.Count, 0, take);
                found.AddRange(finds.Tickets.Select(static ticket => ticket.Id));
                after = finds.After;
            }
            while (after is not null);

            if (isStaff)
            {
                Assert.Equal(expected.Count, await desk.Search.CountAsync(query, 1000, default));
                Assert.Equal(Math.Min(3, expected.Count), await desk.Search.CountAsync(query, 3, default));
            }

            Assert.True(expected.SequenceEqual(found), $"{query} as {(isStaff ? "staff" : "somebody")}: expected {string.Join(' ', expected)}, found {string.Join(' ', found)}");
        }

        T? Maybe<T>(Func<T?> value) => random.Next(4) == 0 ? value() : default;
    }

    private static HashSet<int> Some(Random random, int most) => [.. Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => random.Next(Vocabulary.Length))];

    private static string Write(Random random, IEnumerable<int> words) => string.Join(random.Next(2) == 0 ? " " : ", ", words.Select(word => Vocabulary[word][random.Next(Vocabulary[word].Length)]));
}
