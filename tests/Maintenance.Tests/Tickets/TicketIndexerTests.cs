using Maintenance.Storage;
using Maintenance.Tests.Services;
using Maintenance.Tickets;
using Maintenance.Tickets.Search;

namespace Maintenance.Tests.Tickets;

/// <summary>The index follows the tickets through repeats, disorder, cuts and crowds.</summary>
public sealed class TicketIndexerTests
{
    private static readonly TicketAct[] Story =
    [
        new TicketAct.Triage(Urgency: "now", Reason: "Worse than it looked."),
        new TicketAct.Edit(Title: "Scanner", Tags: ["red", "blue"]),
        new TicketAct.Start(),
        new TicketAct.Wait(WaitingFor.Supplier, "Spare drum."),
        new TicketAct.Watch("ann"),
        new TicketAct.Edit(Description: "Other words now.", Tags: ["blue"]),
        new TicketAct.Resolve("Replaced the drum."),
        new TicketAct.Reopen("Still noisy."),
        new TicketAct.Assign("ann"),
        new TicketAct.Unwatch("ann"),
    ];

    [Fact]
    public async Task Every_event_three_times_and_in_any_order_leaves_the_same_index()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            await using var desk = await Desk.OpenAsync();
            var (versions, ticket) = await LiveAsync(desk, seed % 2 == 0 ? null : HearOftenAsync);
            var random = new Random(seed);
            var entries = Enumerable.Repeat(versions[^1].History!, 3).SelectMany(static entries => entries).OrderBy(_ => random.Next()).ToList();
            foreach (var entry in entries)
            {
                // Each as it was then, or as it is now: a follower may have been told with either.
                await desk.Indexer.HearAsync(random.Next(2) == 0 ? versions[random.Next(versions.Count)] : ticket, entry, default);
            }

            await desk.Indexer.HearAsync(ticket, entries[0], default);
            await AssertExactAsync(desk, ticket, versions);

            async Task HearOftenAsync(Ticket now) => await desk.Indexer.HearAsync(now, now.History![^1], default);
        }
    }

    [Fact]
    public async Task A_process_that_is_killed_between_any_two_writes_loses_nothing_once_the_event_is_told_again()
    {
        for (var writes = 0; ; writes++)
        {
            await using var desk = await Desk.OpenAsync();
            var opened = (await desk.Office.Tickets.ReadAsync((await desk.OpenAsync("Printer", "First words.")).Id, default))!.Value;
            await desk.Indexer.HearAsync(opened, opened.History![0], default);
            var (versions, ticket) = await LiveAsync(desk, null, opened.Id);

            // Of several versions at once: lists are left and entered.
            desk.Office.Records.CutAfter(writes);
            var isCut = await IsCutAsync();
            desk.Office.Records.Mend();
            if (isCut)
            {
                // Whatever is there by now, what it should be found by is found, or will be; nothing else is.
                await desk.Indexer.HearAsync(ticket, ticket.History![^1], default);
            }

            await AssertExactAsync(desk, ticket, [opened, .. versions]);
            if (!isCut)
            {
                Assert.InRange(writes, 15, 200);
                return;
            }

            async Task<bool> IsCutAsync()
            {
                try
                {
                    await desk.Indexer.HearAsync(ticket, ticket.History![^1], default);
                    return false;
                }
                catch (CutOffException)
                {
                    return true;
                }
            }
        }
    }

    [Fact]
    public async Task Several_at_once_while_the_ticket_changes_leave_the_index_of_its_last_state()
    {
        for (var seed = 0; seed < 8; seed++)
        {
            await using var desk = await Desk.OpenAsync();
            var random = new Random(seed);
            desk.Office.Records.Before = async (table, _) =>
            {
                int turns;
                lock (random)
                {
                    turns = table == Tables.TicketTerms ? random.Next(4) : 0;
                }

                for (; turns > 0; turns--)
                {
                    await Task.Yield();
                }
            };
            using var other = new TicketIndexer(desk.Office.Records, desk.Office.Tickets);
            var hearing = new List<Task>();
            var (versions, ticket) = await LiveAsync(desk, now =>
            {
                var stale = now;
                hearing.Add(Task.Run(() => HearAsync(desk.Indexer, stale)));
                hearing.Add(Task.Run(() => HearAsync(other, stale)));
                return Task.CompletedTask;
            });
            await Task.WhenAll(hearing);

            await AssertExactAsync(desk, ticket, versions);

            // As the queue does: what fails is told again.
            static async Task HearAsync(TicketIndexer indexer, Ticket then)
            {
                for (var attempt = 0; ; attempt++)
                {
                    try
                    {
                        await indexer.HearAsync(then, then.History![^1], default);
                        return;
                    }
                    catch (RecordConflictException) when (attempt < 20)
                    {
                        await Task.Yield();
                    }
                }
            }
        }
    }

    [Fact]
    public async Task An_event_that_changes_nothing_of_what_a_ticket_is_found_by_costs_one_write()
    {
        await using var desk = await Desk.OpenAsync();
        var ticket = await desk.OpenAsync("Printer");
        await desk.HearAsync();
        await desk.ActAsync(ticket.Id, new TicketAct.Acknowledge());
        var now = (await desk.Office.Tickets.ReadAsync(ticket.Id, default))!.Value;
        var writes = 0;
        desk.Office.Records.After = _ =>
        {
            writes++;
            return Task.CompletedTask;
        };

        await desk.Indexer.HearAsync(now, now.History![^1], default);
        Assert.Equal(1, writes);
        await desk.Indexer.HearAsync(now, now.History![^1], default);
        Assert.Equal(1, writes);
    }

    /// <summary>The ticket through its story: every version of it, with its history.</summary>
    private static async Task<(List<Ticket> Versions, Ticket Last)> LiveAsync(Desk desk, Func<Ticket, Task>? each, string? id = null)
    {
        id ??= (await desk.OpenAsync("Printer", "First words.")).Id;
        var versions = new List<Ticket>();
        await AddAsync();
        foreach (var act in Story)
        {
            await desk.ActAsync(id, act);
            await AddAsync();
        }

        return (versions, versions[^1]);

        async Task AddAsync()
        {
            versions.Add((await desk.Office.Tickets.ReadAsync(id, default))!.Value);
            await (each?.Invoke(versions[^1]) ?? Task.CompletedTask);
        }
    }

    private static async Task AssertExactAsync(Desk desk, Ticket ticket, IEnumerable<Ticket> versions)
    {
        var ever = versions.SelectMany(TicketTerms.Of).Concat(TicketTerms.Of(ticket)).ToHashSet(StringComparer.Ordinal);
        Assert.True(ever.Count > TicketTerms.Of(ticket).Count + 5);
        Assert.Equal(TicketTerms.Of(ticket).Order(StringComparer.Ordinal), (await desk.ListedAsync(ticket, ever)).Order(StringComparer.Ordinal));
        Assert.Equal(TicketTerms.Of(ticket).Order(StringComparer.Ordinal), (await desk.Indexer.TermsAsync(ticket.Id, default))!.Order(StringComparer.Ordinal));
    }
}
