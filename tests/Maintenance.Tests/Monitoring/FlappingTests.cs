using Maintenance.Tests.Services;
using Maintenance.Tickets;

namespace Maintenance.Tests.Monitoring;

/// <summary>A service that goes up and down all night is one ticket, and each of its outages keeps its own span.</summary>
public sealed class FlappingTests
{
    [Fact]
    public async Task A_night_of_flapping_is_one_ticket_and_each_outage_keeps_its_exact_span()
    {
        await using var bench = await MonitoringBench.StartAsync();
        await bench.PassAsync(2, isGood: true);
        var spans = new List<(DateTimeOffset From, DateTimeOffset? To)>();
        for (var flap = 0; flap < 4; flap++)
        {
            await bench.PassAsync(3, isGood: false);
            spans.Add((bench.Now.AddMinutes(-2), bench.Now.AddMinutes(1)));
            Assert.True(Assert.Single(await bench.TicketsAsync()).IsOpen);
            await bench.PassAsync(20, isGood: true);
            Assert.Equal(TicketState.Resolved, Assert.Single(await bench.TicketsAsync()).State);
        }

        var ticket = Assert.Single(await bench.TicketsAsync());
        var incidents = (await bench.IncidentsAsync()).OrderBy(static one => one.From).ToList();
        Assert.Equal(spans, incidents.Select(static one => (one.From, one.To)));
        Assert.All(incidents, one => Assert.Equal(ticket.Id, one.Ticket));
        Assert.Equal(4, (await bench.CommentsAsync(ticket.Id)).Count(static text => text.Contains(": 3m.", StringComparison.Ordinal)));
        Assert.Equal(3, (await KindsAsync(bench, ticket.Id)).Count(static kind => kind == TicketEventKind.Reopened));
    }

    [Theory]
    [InlineData("", 59, 1)]
    [InlineData("", 60, 2)]
    [InlineData("\n  joinsWithin: 10m", 9, 1)]
    [InlineData("\n  joinsWithin: 10m", 10, 2)]
    [InlineData("\n  joinsWithin: 1m", 3, 2)]
    public async Task Less_than_an_hour_or_what_the_plan_says_after_its_last_outage_it_is_the_same_ticket(string setting, int minutes, int tickets)
    {
        await using var bench = await MonitoringBench.StartAsync(MonitoringBench.Usual + setting);
        await bench.PassAsync(1, isGood: true);
        await bench.PassAsync(2, isGood: false);
        await bench.PassAsync(minutes, isGood: true);
        await bench.PassAsync(2, isGood: false);

        Assert.Equal(tickets, (await bench.TicketsAsync()).Count);
        Assert.Equal(minutes, ((await bench.IncidentsAsync())[0].From - (await bench.IncidentsAsync())[1].To)!.Value.TotalMinutes);
    }

    [Fact]
    public async Task A_ticket_that_somebody_has_open_again_hears_of_the_next_outage_and_one_that_is_closed_is_opened_again()
    {
        await using var bench = await MonitoringBench.StartAsync();
        await FlapAsync(bench);
        var ticket = Assert.Single(await bench.TicketsAsync()).Id;
        await ActAsync(bench, ticket, new TicketAct.Reopen("I still look into it."));
        await FlapAsync(bench);
        Assert.Equal(TicketState.Resolved, Assert.Single(await bench.TicketsAsync()).State);
        Assert.Contains(await bench.CommentsAsync(ticket), static text => text.Contains("has failed since", StringComparison.Ordinal));

        await ActAsync(bench, ticket, new TicketAct.Close("It is over."));
        await bench.PassAsync(2, isGood: false);
        Assert.True(Assert.Single(await bench.TicketsAsync()).IsOpen);
    }

    [Fact]
    public async Task Another_probe_of_the_service_has_a_ticket_of_its_own()
    {
        await using var bench = await MonitoringBench.StartAsync(MonitoringBench.Usual + "\n    - { id: api, service: register, name: The API, every: 1m, tcp: { host: 127.0.0.1, port: 81 }, failAfter: 2, recoverAfter: 2 }");
        await FlapAsync(bench);
        await bench.PassAsync(2, isGood: false, "api");

        Assert.Equal(2, (await bench.TicketsAsync()).Count);
    }

    [Fact]
    public async Task Cut_off_after_any_write_two_outages_of_one_night_are_one_ticket_with_two_endings()
    {
        for (var writes = 0; ; writes++)
        {
            await using var bench = await MonitoringBench.StartAsync();
            await FlapAsync(bench);
            bench.Store.CutAfter(writes);
            var cut = 0;
            foreach (var isGood in new[] { false, false, true, true, true })
            {
                try
                {
                    await bench.PassAsync(1, isGood);
                }
                catch (Exception error) when (error is AggregateException or CutOffException)
                {
                    cut++;
                    bench.Store.Mend();
                    await bench.TickAsync();
                }
            }

            await bench.TickAsync();
            var ticket = Assert.Single(await bench.TicketsAsync());
            Assert.Equal(TicketState.Resolved, ticket.State);
            var incidents = await bench.IncidentsAsync();
            Assert.Equal([ticket.Id, ticket.Id], incidents.Select(static one => one.Ticket));
            Assert.All(incidents, static one => Assert.Equal(TimeSpan.FromMinutes(2), one.To - one.From));
            Assert.Equal(2, (await bench.CommentsAsync(ticket.Id)).Count(static text => text.Contains(" was down from ", StringComparison.Ordinal)));
            Assert.Single(await KindsAsync(bench, ticket.Id), static kind => kind == TicketEventKind.Reopened);
            Assert.Empty((await bench.StateAsync()).Unsettled);
            if (cut == 0)
            {
                Assert.True(writes > 10, "The store was hardly cut off anywhere.");
                return;
            }
        }
    }

    /// <summary>Up, down for two minutes, and up again.</summary>
    private static async Task FlapAsync(MonitoringBench bench)
    {
        await bench.PassAsync(1, isGood: true);
        await bench.PassAsync(2, isGood: false);
        await bench.PassAsync(3, isGood: true);
    }

    private static Task ActAsync(MonitoringBench bench, string ticket, TicketAct act) =>
        bench.Rig.Get<TicketService>().ActAsync(ticket, act, TicketActor.System, null, "test/" + act.GetType().Name, default);

    private static async Task<IEnumerable<TicketEventKind>> KindsAsync(MonitoringBench bench, string ticket) =>
        (await bench.Rig.Get<TicketService>().ReadAsync(ticket, default))!.Value.History!.Select(static entry => entry.Kind);
}
