using System.Collections.Concurrent;
using System.Net;
using Maintenance.Feedback;
using Maintenance.Local.Hosting;
using Maintenance.Local.Storage;
using Maintenance.Messaging;
using Maintenance.Tests.Web;
using Maintenance.Tickets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Alone in its process, since it measures the heap.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HostilePostsAlone
{
    public const string Name = "End to end: hostile posts";
}

/// <summary>20,000 hostile posts against a real host: its own server, database, queues and pages, in this process, so that its memory can be measured.</summary>
[Collection(HostilePostsAlone.Name)]
public sealed class HostileFeedbackTests
{
    private const int Posts = 20_000;
    private const int Senders = 8;

    /// <summary>What the heap may have grown by once all are handled: far below what was sent, which is some 60 MB.</summary>
    private const long MostGrowth = 32L * 1024 * 1024;

    private static readonly int[] Allowed = [200, 202, 400, 404, 405, 408, 409, 411, 413, 414, 415, 417, 422, 431];

    [Fact]
    public async Task No_post_is_answered_with_a_fault_nothing_stored_becomes_markup_and_memory_stays_bounded()
    {
        await using var here = new Installation(new QuickPlan { Languages = "en, fr" }.Yaml);
        await using var host = await LocalHost.StartAsync(
            new LocalHostOptions(here.PathOf("plan.yaml"), here.Data, "http://127.0.0.1:0", null, null, LogLevel.None), default);
        using var api = new Api(host.Address, host.OperatorToken);
        var vocabulary = await VocabularyAsync(host, api);

        var posts = new HostilePosts(Thoroughness.IsFull ? Thoroughness.Seed : 20261122);
        var receipts = new ConcurrentBag<FeedbackReceipt>();
        var (faults, statuses) = (new ConcurrentBag<string>(), new ConcurrentDictionary<(string Kind, int Status), int>());
        await SendAsync(host, posts, 0, 1000, receipts, faults, statuses);
        await DrainAsync(host);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await SendAsync(host, posts, 1000, Posts, receipts, faults, statuses);
        await DrainAsync(host);
        var after = GC.GetTotalMemory(forceFullCollection: true);

        Assert.True(faults.IsEmpty, string.Join('\n', faults.Take(20)));
        Assert.Equal(Posts, statuses.Values.Sum());

        // The posts did reach what they were meant for.
        Assert.All(new[] { ("form", 200), ("form", 422), ("JSON", 202), ("broken form", 400), ("broken form", 413), ("broken JSON", 400), ("broken JSON", 413), ("encoding", 415), ("headers", 400), ("headers", 431), ("elsewhere", 404) }, pair =>
            Assert.True(statuses.GetValueOrDefault(pair) > 20, $"{pair}: {string.Join(", ", statuses.OrderBy(static one => one.Key))}"));
        Assert.True(after - before < MostGrowth, $"The heap grew by {(after - before) / 1024 / 1024} MiB.");

        // What was acknowledged and not dropped as a program's is a report of a ticket, and nothing else is.
        var tickets = await host.Services.GetRequiredService<TicketService>().ListAsync(0, default).ToListAsync();
        Assert.InRange(tickets.Sum(static ticket => ticket.Reports), 5000, receipts.Count + 3);
        Assert.Empty(await host.Services.GetRequiredService<IDeadLetters>().ListAsync(Queues.Feedback, 10, default));
        Assert.DoesNotContain(tickets, static ticket => (ticket.Title + ticket.Description + ticket.Requester).Any(static c => char.IsControl(c) && c is not ('\n' or '\t')));
        await LookAsync(api, vocabulary, tickets, [.. receipts]);
    }

    private static async Task SendAsync(
        LocalHost host, HostilePosts posts, int from, int to, ConcurrentBag<FeedbackReceipt> receipts, ConcurrentBag<string> faults, ConcurrentDictionary<(string Kind, int Status), int> statuses)
    {
        var next = from;
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            using var connection = new KeptConnection(host.Address);
            while (true)
            {
                HostilePost post;
                lock (gate)
                {
                    if (next == to)
                    {
                        return;
                    }

                    post = posts.Next(next++);
                }

                var (status, body) = await connection.SendAsync(post.Bytes, post.IsLast);
                _ = statuses.AddOrUpdate((post.Kind, status), 1, static (_, count) => count + 1);
                if (!Allowed.Contains(status) && !(status == 0 && post.IsLast))
                {
                    faults.Add($"{status} for {post.Kind}: {System.Text.Encoding.Latin1.GetString(post.Bytes, 0, Math.Min(post.Bytes.Length, 300))} → {body[..Math.Min(body.Length, 300)]}");
                }

                if (status == 202)
                {
                    receipts.Add(MaintenanceJson.Read<FeedbackReceipt>(body));
                }
                else if (status == 200 && body.Contains("<code>F-", StringComparison.Ordinal) && body.Contains("dl class=\"facts big\"", StringComparison.Ordinal))
                {
                    var (reference, code) = FeedbackFormTests.Codes(body);
                    receipts.Add(new FeedbackReceipt(reference, code));
                }
            }
        })));
    }

    /// <summary>Waits until everything that was acknowledged is handled, and everybody has heard of it.</summary>
    private static async Task DrainAsync(LocalHost host)
    {
        var queue = host.Services.GetRequiredService<SqliteMessageQueue>();
        foreach (var name in new[] { Queues.Feedback, Queues.TicketEvents, Queues.Feedback, Queues.TicketEvents })
        {
            await Eventually.HoldsAsync(async () => (await queue.CountAsync(name, default)).Ready, static ready => ready == 0, 300);
        }
    }

    /// <summary>The tags, with the names of their attributes, that the pages have where what was sent is harmless.</summary>
    private static async Task<HashSet<string>> VocabularyAsync(LocalHost host, Api api)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var receipts = new List<FeedbackReceipt>();
        foreach (var submission in new[] { new FeedbackSubmission("question", "Harmless"), new("question", "Harmless too", "register", "Kim", "kim@home.example"), new("outage", "Harmless and long " + new string('x', 200), null, "Kim") })
        {
            receipts.Add((await api.PostAsync("/api/feedback", submission)).Expect(HttpStatusCode.Accepted).As<FeedbackReceipt>());
        }

        (await api.FormAsync("/feedback?lang=fr", [("kind", "x"), ("message", ""), ("service", "x"), ("name", new string('x', 201)), ("contact", new string('x', 201))])).Expect(HttpStatusCode.UnprocessableEntity);
        await DrainAsync(host);
        foreach (var ticket in await host.Services.GetRequiredService<TicketService>().ListAsync(0, default).ToListAsync())
        {
            Add((await api.GetAsync("/tickets/" + ticket.Id)).Expect(HttpStatusCode.OK).Body);
        }

        Add((await api.GetAsync("/tickets")).Expect(HttpStatusCode.OK).Body);
        Add((await api.GetAsync("/")).Expect(HttpStatusCode.OK).Body);
        foreach (var receipt in receipts)
        {
            (await api.SendAsync(HttpMethod.Post, $"/api/feedback/{receipt.Reference}/comments", Api.Json("""{"text":"Harmless"}"""), ("Tracking-Code", receipt.TrackingCode))).Expect(HttpStatusCode.OK);
            Add((await api.FormAsync("/feedback/track?lang=fr", [("reference", receipt.Reference), ("code", receipt.TrackingCode)])).Expect(HttpStatusCode.OK).Body);
        }

        Add((await api.FormAsync("/feedback/track", [("reference", "F-1"), ("code", "x")])).Expect(HttpStatusCode.NotFound).Body);
        return seen;

        void Add(string html)
        {
            foreach (var tag in Markup.Parse(html).Tags)
            {
                seen.Add(Word(tag));
            }
        }
    }

    private static async Task LookAsync(Api api, HashSet<string> vocabulary, List<Ticket> tickets, IReadOnlyList<FeedbackReceipt> receipts)
    {
        var hostile = tickets.Where(static ticket => ticket.Description.Contains('<', StringComparison.Ordinal)).ToList();
        Assert.True(hostile.Count > 1000, $"{hostile.Count}");
        for (var i = 0; i < hostile.Count; i += hostile.Count / 400)
        {
            var page = Check((await api.GetAsync("/tickets/" + hostile[i].Id)).Expect(HttpStatusCode.OK).Body);
            Assert.Contains(Plain(hostile[i].Description), Plain(page.Text), StringComparison.Ordinal);
        }

        _ = Check((await api.GetAsync("/tickets")).Expect(HttpStatusCode.OK).Body);
        _ = Check((await api.GetAsync("/")).Expect(HttpStatusCode.OK).Body);
        for (var i = 0; i < receipts.Count; i += receipts.Count / 200)
        {
            (await api.SendAsync(HttpMethod.Post, $"/api/feedback/{receipts[i].Reference}/comments", Api.Json("""{"text":"</div><script>alert(1)</script>\" onload=x"}"""), ("Tracking-Code", receipts[i].TrackingCode))).Status.ToString();
            var page = Check((await api.FormAsync("/feedback/track?lang=fr", [("reference", receipts[i].Reference), ("code", receipts[i].TrackingCode)])).Expect(HttpStatusCode.OK).Body);

            // One that a program got leads nowhere.
            Assert.True(page.Text.Contains("<script>alert(1)</script>", StringComparison.Ordinal) || page.Text.Contains("pas encore examiné", StringComparison.Ordinal));
        }

        Markup Check(string html)
        {
            var markup = Markup.Parse(html);
            Assert.All(markup.Tags, tag => Assert.Contains(Word(tag), vocabulary));
            Assert.All(markup.Elements.SelectMany(static tag => new[] { tag["href"], tag["src"], tag["action"] }).OfType<string>(), static address => Assert.Matches("^[/#?]", address));
            return markup;
        }
    }

    private static string Word(MarkupTag tag) => $"{(tag.IsEnd ? "/" : "")}{tag.Name} {string.Join(' ', tag.Attributes.Keys.Order(StringComparer.Ordinal))}";

    /// <summary>Without what a page's author may lay out as he likes.</summary>
    private static string Plain(string text) => string.Concat(text.Where(static c => !char.IsWhiteSpace(c)));
}
