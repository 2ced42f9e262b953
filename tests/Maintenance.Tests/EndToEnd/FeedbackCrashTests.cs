using System.Collections.Concurrent;
using System.Net;
using Maintenance.Feedback;
using Maintenance.Tickets;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Feedback whose process is killed while it is taken in and handled.</summary>
[Collection("End to end: help desk")]
public sealed class FeedbackCrashTests
{
    private const int Clients = 4;

    /// <summary>
    /// Half of the clients send each message once; the others send it with a key until it is acknowledged. Whatever was acknowledged becomes one ticket,
    /// whatever was not at most one.
    /// </summary>
    [Fact]
    public async Task Acknowledged_feedback_becomes_exactly_one_ticket_however_often_the_process_is_killed()
    {
        var random = new Random(Thoroughness.Seed);
        var acknowledged = new ConcurrentDictionary<string, FeedbackReceipt>();
        var attempted = new ConcurrentDictionary<string, bool>();
        await using var here = new Installation(new QuickPlan().Yaml);
        var server = await here.ServeAsync("--feedback-rate", "0");
        var address = server.Address;
        using var enough = new CancellationTokenSource();
        using var over = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(client => SendAsync(client, () => address, attempted, acknowledged, enough.Token, over.Token)).ToList();
        try
        {
            for (var round = 0; round < (Thoroughness.IsFull ? 200 : 8); round++)
            {
                var received = acknowledged.Count;
                await Eventually.HoldsAsync(() => acknowledged.Count > received + random.Next(1, 20));
                await Task.Delay(random.Next(150));
                await server.KillAsync();
                await server.DisposeAsync();
                server = await here.ServeAsync("--feedback-rate", "0");
                address = server.Address;
            }

            await enough.CancelAsync();
            await Task.WhenAll(clients).WaitAsync(TimeSpan.FromMinutes(3));
            var tickets = await Eventually.HoldsAsync(() => TicketsAsync(server), tickets => acknowledged.Values.All(receipt => tickets.Exists(ticket => ticket.FeedbackReference == receipt.Reference)), 120);
            Check(tickets, attempted, acknowledged);
            await TrackAsync(server, tickets, acknowledged);
            Assert.Empty((await server.Operator.GetAsync("/api/dead-letters")).As<List<object>>());
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"With MAINTENANCE_SEED={Thoroughness.Seed}: {error.Message}\n{server.Log}", error);
        }
        finally
        {
            // Who insists would ask a server that is gone for as long as the other tests run.
            await enough.CancelAsync();
            await over.CancelAsync();
            await server.DisposeAsync();
        }
    }

    private static void Check(List<Ticket> tickets, ConcurrentDictionary<string, bool> attempted, ConcurrentDictionary<string, FeedbackReceipt> acknowledged)
    {
        Assert.Equal(tickets.Count, tickets.DistinctBy(static ticket => ticket.Id).Count());
        Assert.Equal(tickets.Count, tickets.DistinctBy(static ticket => ticket.FeedbackReference).Count());
        Assert.Equal(tickets.Count, tickets.DistinctBy(static ticket => ticket.Description).Count());
        Assert.All(tickets, ticket => Assert.True(attempted.ContainsKey(ticket.Description)));
        foreach (var (message, receipt) in acknowledged)
        {
            Assert.Equal(message, Assert.Single(tickets, ticket => ticket.FeedbackReference == receipt.Reference).Description);
        }
    }

    private static async Task TrackAsync(ServerProcess server, List<Ticket> tickets, ConcurrentDictionary<string, FeedbackReceipt> acknowledged)
    {
        using var public_ = server.As(null);
        foreach (var receipt in acknowledged.Values)
        {
            // The ticket is there a moment before its reference leads to it.
            var progress = await Eventually.HoldsAsync(
                async () => (await public_.GetAsync("/api/feedback/" + receipt.Reference, ("Tracking-Code", receipt.TrackingCode))).As<FeedbackProgress>(), static progress => progress.Ticket is not null);
            Assert.Equal(tickets.Single(ticket => ticket.FeedbackReference == receipt.Reference).Id, progress.Ticket);
        }

        var last = acknowledged.Values.Last();
        var page = await public_.FormAsync("/feedback/track", [("reference", last.Reference.ToLowerInvariant()), ("code", last.TrackingCode)]);
        Assert.Contains(tickets.Single(ticket => ticket.FeedbackReference == last.Reference).Id, page.Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
    }

    private static async Task<List<Ticket>> TicketsAsync(ServerProcess server)
    {
        var tickets = new List<Ticket>();
        while (true)
        {
            var after = tickets.Count == 0 ? 0 : int.Parse(tickets[^1].Id.AsSpan(2));
            var page = (await server.Operator.GetAsync($"/api/tickets?state=all&take=1000&after={after}")).As<List<Ticket>>();
            tickets.AddRange(page);
            if (page.Count < 1000)
            {
                return tickets;
            }
        }
    }

    private static async Task SendAsync(
        int client, Func<Uri> address, ConcurrentDictionary<string, bool> attempted, ConcurrentDictionary<string, FeedbackReceipt> acknowledged, CancellationToken enough, CancellationToken over)
    {
        var number = 0;
        var message = "";
        var insists = client % 2 == 0;
        while (!enough.IsCancellationRequested || (insists && !acknowledged.ContainsKey(message) && !over.IsCancellationRequested))
        {
            if (!insists || message.Length == 0 || acknowledged.ContainsKey(message))
            {
                message = $"client {client}, message {++number}";
            }

            attempted[message] = true;
            try
            {
                using var api = new Api(address(), null);
                (string, string)[] headers = insists ? [("Idempotency-Key", message)] : [];
                var answer = await api.PostAsync("/api/feedback", new FeedbackSubmission("question", message), headers);
                if (answer.Status == HttpStatusCode.Accepted)
                {
                    acknowledged[message] = answer.As<FeedbackReceipt>();
                }
            }
            catch (HttpRequestException)
            {
                // The process is down, or was killed before it answered: not acknowledged.
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }
}
