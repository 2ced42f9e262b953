using Maintenance.Messaging;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;

namespace Maintenance.Tests.Services;

/// <summary>A process that ends before any of its writes: in the end nothing is lost, nothing is doubled, and no row points at nothing.</summary>
public sealed class TicketCutTests
{
    [Fact]
    public Task An_opening() => CutEverywhereAsync(4, static _ => Task.CompletedTask, static desk => desk.OpenTicketAsync("F-1", "later"));

    [Fact]
    public Task A_triage_that_raises_the_priority() => CutEverywhereAsync(
        4, static desk => desk.OpenTicketAsync("F-1", "later"), static desk => desk.ActAsync("T-1001", new TicketAct.Triage(Urgency: "now", Reason: "So."), "key"));

    [Fact]
    public Task A_wait() => CutEverywhereAsync(4, static desk => desk.OpenTicketAsync("F-1", "later"), static desk => desk.ActAsync("T-1001", new TicketAct.Wait(WaitingFor.Requester, "Which?"), "key"));

    [Fact]
    public Task A_wait_that_ends() => CutEverywhereAsync(
        4,
        static async desk =>
        {
            _ = await desk.OpenTicketAsync("F-1", "later");
            _ = await desk.ActAsync("T-1001", new TicketAct.Wait(WaitingFor.Requester, "Which?"));
        },
        static desk => desk.ActAsync("T-1001", new TicketAct.Resume(), "key"));

    [Fact]
    public Task An_assignment_from_one_to_another() => CutEverywhereAsync(
        5,
        static async desk =>
        {
            _ = await desk.OpenTicketAsync("F-1", "later");
            _ = await desk.ActAsync("T-1001", new TicketAct.Assign("dora"));
        },
        static desk => desk.ActAsync("T-1001", new TicketAct.Assign("ben"), "key"),
        static async desk => Assert.Equal((1, 0), await LoadsAsync(desk)));

    [Fact]
    public Task A_solution() => CutEverywhereAsync(
        5,
        static async desk =>
        {
            _ = await desk.OpenTicketAsync("F-1", "later");
            _ = await desk.ActAsync("T-1001", new TicketAct.Assign("ben"));
        },
        static desk => desk.ActAsync("T-1001", new TicketAct.Resolve("Done."), "key"),
        static async desk => Assert.Equal((0, 0), await LoadsAsync(desk)));

    [Fact]
    public Task A_reopening() => CutEverywhereAsync(
        4,
        static async desk =>
        {
            _ = await desk.OpenTicketAsync("F-1", "later");
            _ = await desk.ActAsync("T-1001", new TicketAct.Assign("ben"));
            _ = await desk.ActAsync("T-1001", new TicketAct.Resolve("Done."));
            desk.Office.Clock.Advance(TimeSpan.FromHours(1));
        },
        static desk => desk.ActAsync("T-1001", new TicketAct.Reopen("It smokes again."), "key"),
        static async desk => Assert.Equal((1, 0), await LoadsAsync(desk)));

    [Fact]
    public Task A_sweep_after_an_hours_rest() => CutEverywhereAsync(
        16,
        static async desk =>
        {
            _ = await desk.OpenTicketAsync("F-1");
            _ = await desk.OpenTicketAsync("F-2", "later");
            desk.Office.Clock.Advance(TimeSpan.FromMinutes(5));
            _ = await desk.OpenTicketAsync("F-3");
            desk.Office.Clock.Advance(TimeSpan.FromMinutes(60));
        },
        static desk => desk.Tickets.SweepAsync(default));

    [Theory]
    [InlineData("warning-50", 121)]
    [InlineData("breach", 241)]
    [InlineData("level-1", 241)]
    public Task A_mark_that_is_noted(string mark, int minutes) => CutEverywhereAsync(
        3,
        async desk =>
        {
            _ = await desk.OpenTicketAsync("F-1");
            _ = await desk.ActAsync("T-1001", new TicketAct.Respond("On it."));
            await desk.DeliverAsync();
            desk.Office.Clock.Advance(TimeSpan.FromMinutes(minutes));
            _ = await desk.Tickets.SweepAsync(default);
        },
        async desk =>
        {
            var ticket = await desk.FindAsync("T-1001");
            var at = ServiceLevelClock.Read(desk.Office.Plan.Current, ticket.Clock, ServiceTarget.Resolution).Marks.Single(one => one.Key == mark).At!.Value;
            await desk.Marks.HandleAsync(new ReceivedMessage(Queues.SlaBreaches, "x", MaintenanceJson.Write(new DueEntry("T-1001", ServiceTarget.Resolution, mark, at)), 1), default);
        });

    [Fact]
    public Task A_closing_by_itself() => CutEverywhereAsync(
        4,
        static async desk =>
        {
            _ = await desk.OpenTicketAsync("F-1", "later");
            _ = await desk.ActAsync("T-1001", new TicketAct.Resolve("Done."));
            await desk.DeliverAsync();
            desk.Office.Clock.Advance(TimeSpan.FromDays(7));
        },
        static desk => desk.Tickets.SweepAsync(default));

    [Fact]
    public async Task An_assignment_by_the_rules_gives_the_ticket_to_one_person_and_the_book_says_so()
    {
        for (var cut = 0; ; cut++)
        {
            await using var desk = await HelpDesk.OpenAsync();
            _ = await desk.OpenTicketAsync("F-1", "later");
            await desk.DeliverAsync();
            desk.Cut.After(cut);
            await TryAsync(() => desk.ActAsync("T-1001", new TicketAct.Assign(), "key"));
            var isCut = desk.Cut.IsCut;
            desk.Restart();
            await desk.AssertWatchedAsync();
            var ticket = await desk.ActAsync("T-1001", new TicketAct.Assign(), "key");
            await desk.PassAsync(TimeSpan.FromMinutes(6));
            Assert.NotNull(ticket.Assignee);
            Assert.Equal(ticket.Assignee == "ben" ? (1, 0) : (0, 1), await LoadsAsync(desk));
            Assert.Single((await desk.Tickets.ReadAsync("T-1001", default))!.Value.History!, static entry => entry.Kind == TicketEventKind.Assigned);
            if (!isCut)
            {
                Assert.True(cut >= 5);
                break;
            }
        }
    }

    [Fact]
    public async Task A_change_of_the_plan_is_followed_to_the_last_ticket_wherever_it_was_cut()
    {
        var baseline = "";
        for (var cut = 60; cut >= 0; cut--)
        {
            await using var desk = await HelpDesk.OpenAsync();
            desk.MostRetimed = 3;
            desk.Restart();
            for (var i = 1; i <= 7; i++)
            {
                _ = await desk.OpenTicketAsync($"F-{i}", i % 2 == 0 ? "now" : "later");
                desk.Office.Clock.Advance(TimeSpan.FromSeconds(10));
            }

            _ = await desk.ActAsync("T-1004", new TicketAct.Resolve("Done."));
            desk.Office.PlanText = HelpDesk.Change(HelpDesk.Plan, ("response: 15m", "response: 45m"), ("response: 8h, resolution: 40h", "response: 2h, resolution: 20h"));
            _ = await desk.Office.Plan.RefreshAsync(default);
            desk.Cut.After(cut);
            for (var sweep = 0; sweep < 4; sweep++)
            {
                await TryAsync(() => desk.Tickets.SweepAsync(default));
            }

            desk.Restart();
            for (var sweep = 0; sweep < 4; sweep++)
            {
                _ = await desk.Tickets.SweepAsync(default);
            }

            await desk.AssertWatchedAsync();
            var tickets = await desk.Tickets.ListAsync(0, default).ToListAsync();
            var told = string.Join('\n', tickets.Select(static ticket => $"{ticket.Id} {ticket.ResponseDue:O} {ticket.ResolutionDue:O}"));
            Assert.All(tickets.Where(static ticket => ticket.IsOpen), static ticket => Assert.Equal(ticket.CreatedAt.AddHours(ticket.Priority == "p1" ? 0.75 : 2), ticket.ResponseDue));
            Assert.Equal(baseline.Length == 0 ? told : baseline, told);
            baseline = told;
        }
    }

    private static async Task<(int Ben, int Dora)> LoadsAsync(HelpDesk desk)
    {
        var pages = await desk.Agents.ReadAsync(["ben", "dora"], async id => (await desk.Tickets.FindAsync(id, default))?.Value, default);
        return (pages["ben"].Load.Open, pages["dora"].Load.Open);
    }

    /// <summary>
    /// Cuts an act off before each of its writes, starts the process again, does the act again under the same key, and lives on to the end of the ticket: what became of it
    /// is in the end what becomes of it where nothing is cut.
    /// </summary>
    private static async Task CutEverywhereAsync(int least, Func<HelpDesk, Task> prepare, Func<HelpDesk, Task> act, Func<HelpDesk, Task>? check = null)
    {
        var stories = new List<string>();
        for (var cut = 0; ; cut++)
        {
            await using var desk = await HelpDesk.OpenAsync();
            await prepare(desk);
            desk.Cut.After(cut);
            await TryAsync(() => act(desk));
            var isCut = desk.Cut.IsCut;
            desk.Restart();
            await desk.AssertWatchedAsync();
            await act(desk);
            await desk.PassAsync(TimeSpan.FromMinutes(6));
            await desk.AssertWatchedAsync();
            await (check?.Invoke(desk) ?? Task.CompletedTask);
            stories.Add(await StoryAsync(desk));
            await EndAsync(desk);
            if (!isCut)
            {
                Assert.True(cut >= least, $"only {cut} writes");
                break;
            }
        }

        Assert.All(stories, story => Assert.Equal(stories[^1], story));
    }

    private static async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception error) when (error is CutOffException or AggregateException)
        {
            // The process has ended here.
        }
    }

    /// <summary>What has become of the tickets, who has heard of it, and who was told.</summary>
    private static async Task<string> StoryAsync(HelpDesk desk)
    {
        var lines = new List<string>();
        await foreach (var head in desk.Tickets.ListAsync(0, default))
        {
            var ticket = (await desk.Tickets.ReadAsync(head.Id, default))!.Value;
            Assert.Equal(Enumerable.Range(1, ticket.Events), ticket.History!.Select(static entry => entry.Number));
            Assert.Equal(Enumerable.Range(1, ticket.Events).Select(number => $"{ticket.Id} {number}"), desk.Heard.Where(heard => heard.StartsWith(ticket.Id + " ", StringComparison.Ordinal)).Distinct().OrderBy(static heard => int.Parse(heard.Split(' ')[1], null)));
            lines.Add($"{ticket.Id} {ticket.State} {ticket.Priority} {ticket.Assignee} {ticket.ResponseDue:O} {ticket.ResolutionDue:O} {ticket.RespondedAt:O} {ticket.ResolvedAt:O} {ticket.ClosedAt:O}");
            lines.AddRange(ticket.Breaches.Select(static breach => $"{breach.Target} {breach.DueAt:O} {breach.Level}").Order(StringComparer.Ordinal));
            lines.AddRange(ticket.Fired.Order(StringComparer.Ordinal));
            lines.AddRange(ticket.History!.Select(static entry => $"{entry.Kind} {entry.What}").Order(StringComparer.Ordinal));
        }

        Assert.Equal(desk.Office.Notifier.Sent.Distinct(), desk.Office.Notifier.Sent);
        return string.Join('\n', lines.Concat(desk.Office.Notifier.Sent.Select(static sent => sent.Contains("/event-", StringComparison.Ordinal) ? "" : sent)));
    }

    /// <summary>Everything is solved, closed and forgotten: no row is left but those that number the tickets.</summary>
    private static async Task EndAsync(HelpDesk desk)
    {
        foreach (var ticket in await desk.Tickets.ListAsync(0, default).Where(static ticket => ticket.IsOpen).ToListAsync())
        {
            _ = await desk.ActAsync(ticket.Id, new TicketAct.Resolve("Done."));
        }

        await desk.PassAsync(TimeSpan.FromDays(8));
        await desk.PassAsync(TimeSpan.FromHours(2));
        Assert.All(await desk.Tickets.ListAsync(0, default).ToListAsync(), static ticket => Assert.Equal(TicketState.Closed, ticket.State));
        Assert.Empty(await desk.Tickets.ListOpenAsync(default).ToListAsync());
        Assert.Empty(await desk.Tickets.ListBreachedAsync(default).ToListAsync());
        Assert.DoesNotContain(await desk.RowsAsync(), static row => !row.StartsWith("id_", StringComparison.Ordinal));
    }
}
