using System.Collections.Concurrent;
using System.Net;
using Maintenance.Feedback;
using Maintenance.Tickets;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Feedback that says the same, while its process is killed.</summary>
[Collection("End to end: help desk")]
public sealed class FeedbackGroupCrashTests
{
    private const int Clients = 4;

    [Fact]
    public async Task However_often_the_process_is_killed_the_same_words_are_one_ticket_that_counts_everybody_once()
    {
        var random = new Random(Thoroughness.Seed);
        var acknowledged = new ConcurrentDictionary<string, FeedbackReceipt>();
        await using var here = new Installation(new QuickPlan().Yaml);
        var server = await here.ServeAsync("--feedback-rate", "0");
        var address = server.Address;
        using var enough = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(client => SendAsync(client, () => address, acknowledged, enough.Token)).ToList();
        try
        {
            for (var round = 0; round < (Thoroughness.IsFull ? 100 : 5); round++)
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
            using var public_ = server.As(null);
            foreach (var receipt in acknowledged.Values)
            {
                var progress = await Eventually.HoldsAsync(
                    async () => (await public_.GetAsync("/api/feedback/" + receipt.Reference, ("Tracking-Code", receipt.TrackingCode))).As<FeedbackProgress>(), static progress => progress.Ticket is not null, 120);
                Assert.Equal("T-1001", progress.Ticket);
            }

            // Whoever was stored and not answered is counted too, and each once.
            var kept = await Eventually.HoldsAsync(
                () => Task.FromResult((here.Scalar("SELECT COUNT(*) FROM records WHERE tbl = 'feedback'"), here.Scalar("SELECT COUNT(*) FROM messages WHERE queue = 'feedback'"))), static counts => counts.Item1 == counts.Item2, 120);
            var ticket = await Eventually.HoldsAsync(
                async () => Assert.Single((await server.Operator.GetAsync("/api/tickets?state=all")).As<List<Ticket>>()), ticket => ticket.Reports == kept.Item1, 60);
            Assert.InRange(kept.Item1, acknowledged.Count, long.MaxValue);
            Assert.Equal("Nothing works any more", FoldedForm(ticket.Description));
            Assert.Empty((await server.Operator.GetAsync("/api/dead-letters")).As<List<object>>());
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"With MAINTENANCE_SEED={Thoroughness.Seed}: {error.Message}\n{server.Log}", error);
        }
        finally
        {
            await enough.CancelAsync();
            await server.DisposeAsync();
        }
    }

    private static string FoldedForm(string text) => text.ToUpperInvariant().Replace("!", "", StringComparison.Ordinal) == "NOTHING WORKS ANY MORE" ? "Nothing works any more" : text;

    private static async Task SendAsync(int client, Func<Uri> address, ConcurrentDictionary<string, FeedbackReceipt> acknowledged, CancellationToken enough)
    {
        string[] texts = ["Nothing works any more", "NOTHING works any more!", "nothing works any more", "Nothing works any more!!!"];
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            try
            {
                using var api = new Api(address(), null);
                var answer = await api.PostAsync("/api/feedback", new FeedbackSubmission("question", texts[client], null, null, $"c{client}n{number}@home.example"));
                if (answer.Status == HttpStatusCode.Accepted)
                {
                    acknowledged[$"{client}/{number}"] = answer.As<FeedbackReceipt>();
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
