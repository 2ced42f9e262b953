using System.Net;
using Maintenance.Feedback;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Missed targets on the real clock, and who hears of them.</summary>
[Collection("End to end: help desk")]
public sealed class EscalationTests
{
    [Fact]
    public async Task A_missed_response_is_told_level_by_level_once_each_also_over_a_kill_and_an_answer_ends_it()
    {
        await using var webhooks = await WebhookSink.StartAsync();
        await using var mails = new MailSink();
        await using var here = new Installation(new QuickPlan
        {
            Response = "2s",
            Levels = [("0s", "room, card"), ("8s", "room, chat"), ("10s", "room")],
            Channels = [("room", "generic", webhooks.Of("room")), ("card", "teams", webhooks.Of("card")), ("chat", "slack", webhooks.Of("chat"))],
            MailPort = mails.Port,
        }.Yaml);
        var server = await here.ServeAsync("--public-url", "https://maintenance.registry.example/");
        var token = await here.TokenAsync("sam");
        await SendAsync(server, "Nobody answers this");
        await SendAsync(server, "This is answered");
        await Eventually.HoldsAsync(() => webhooks.Taken("room").Count == 2 && Handled(here, "T-1001/response/breach") && Handled(here, "T-1002/response/breach"));
        var answered = (await server.Operator.GetAsync("/api/tickets")).As<List<Ticket>>().Single(static ticket => ticket.Title == "This is answered").Id;
        var other = answered == "T-1001" ? "T-1002" : "T-1001";
        using (var support = server.As(token))
        {
            (await support.PostAsync($"/api/tickets/{answered}/responses", new { text = "We are on it." })).Expect(HttpStatusCode.OK);
        }

        // What was sent is noted too: a kill in between would tell somebody twice.
        await Eventually.HoldsAsync(async () => (await server.Operator.GetAsync("/api/notifications?state=waiting")).Json.GetArrayLength(), static waiting => waiting == 0);
        await server.KillAsync();
        server = await here.ServeAsync("--public-url", "https://maintenance.registry.example/");
        try
        {
            await Eventually.HoldsAsync(() => Handled(here, $"{other}/response/level-3") && webhooks.Taken("room").Count >= 4 && webhooks.Taken("chat").Count >= 1 && mails.Mails.Count >= 4);
        }
        catch (Exception error)
        {
            var told = (await server.Operator.GetAsync("/api/notifications")).Body;
            throw new InvalidOperationException(
                $"{error.Message}\nhandled: {Handled(here, $"{other}/response/level-3")}, room {webhooks.Taken("room").Count}, chat {webhooks.Taken("chat").Count}, mails {mails.Mails.Count}\n{told}\n{server.Log}", error);
        }


        Assert.Equal(
            ["T-1001/response/level-1", "T-1002/response/level-1"], webhooks.Taken("room").Take(2).Select(static body => body.GetProperty("id").GetString()).Order());
        Assert.Equal(
            [$"{other}/response/level-2", $"{other}/response/level-3"], webhooks.Taken("room").Skip(2).Select(static body => body.GetProperty("id").GetString()));
        Assert.All(webhooks.Taken("room"), static body => Assert.StartsWith("https://maintenance.registry.example/tickets/T-", body.GetProperty("link").GetString(), StringComparison.Ordinal));
        CheckBodies(webhooks, other);
        Assert.Equal(
            [1, 1, 2, 3],
            mails.Mails.Where(static mail => mail.Recipients is ["sam@registry.example"]).Select(static mail => Level(mail.Text)).Order());

        var ticket = (await server.Operator.GetAsync("/api/tickets/" + other)).As<Ticket>();
        var breach = Assert.Single(ticket.Breaches);
        Assert.Equal((ServiceTarget.Response, 3, ticket.ResponseDue), (breach.Target, breach.Level, breach.DueAt));
        Assert.Single(ticket.History!, static entry => entry.What.StartsWith("The response target was missed", StringComparison.Ordinal));
        Assert.Equal(1, (await server.Operator.GetAsync("/api/tickets/" + answered)).As<Ticket>().Breaches.Single().Level);
        Assert.Equal(
            new[] { $"{answered}/response/breach", $"{answered}/response/level-1", $"{other}/response/breach", $"{other}/response/level-1", $"{other}/response/level-2", $"{other}/response/level-3" }.Order(StringComparer.Ordinal),
            Messages(here, "sla-breaches").Order(StringComparer.Ordinal));
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_webhook_that_fails_at_first_holds_up_nobody_is_seen_and_is_told_once_in_the_end()
    {
        await using var webhooks = await WebhookSink.StartAsync();
        await using var here = new Installation(new QuickPlan
        {
            Response = "1s",
            Levels = [("0s", "room, flaky")],
            Channels = [("room", "generic", webhooks.Of("room")), ("flaky", "generic", webhooks.Of("flaky"))],
        }.Yaml);
        webhooks.Fail("flaky", 1);
        await using var server = await here.ServeAsync();
        await SendAsync(server, "Nobody answers this");
        await Eventually.HoldsAsync(() => Handled(here, "T-1001/response/breach") && webhooks.Refused("flaky") == 1 && webhooks.Taken("room").Count == 1, 60);
        var waiting = await Eventually.HoldsAsync(() => here.RunAsync(0, "notification", "list", "--state", "waiting", "--json"), static list => list.Output.Contains("answered 500", StringComparison.Ordinal), 20);
        Assert.Contains("webhook:flaky", waiting.Output, StringComparison.Ordinal);

        // The first pause is a minute.
        await Eventually.HoldsAsync(() => webhooks.Taken("flaky").Count == 1, 120);
        Assert.Equal("T-1001/response/level-1", webhooks.Taken("flaky").Single().GetProperty("id").GetString());
        Assert.Equal("T-1001/response/level-1", Assert.Single(webhooks.Taken("room")).GetProperty("id").GetString());
        Assert.Equal(1, webhooks.Refused("flaky"));
        await here.RunAsync(0, "dead-letters", "list");
    }

    [Fact]
    public async Task A_message_that_no_handler_can_use_goes_to_the_dead_letter_at_once_and_holds_up_no_other()
    {
        await using var here = new Installation(new QuickPlan().Yaml);
        var server = await here.ServeAsync();
        Assert.Equal(0, await server.StopAsync());
        var none = "{\"ticket\":\"T-4711\",\"target\":\"response\",\"mark\":\"breach\",\"at\":\"2026-01-01T00:00:00Z\"}";
        foreach (var (queue, id, body) in new[] { ("feedback", "F-BAD", "no JSON"), ("feedback", "F-EMPTY", "{}"), ("sla-breaches", "T-4711/response/breach", none) })
        {
            Assert.Equal(1, here.Execute($"INSERT INTO messages (queue, id, body, visible_at, enqueued_at) VALUES ('{queue}', '{id}', '{body}', 0, 0)"));
        }

        await using var again = await here.ServeAsync();
        await SendAsync(again, "A good one");
        await Eventually.HoldsAsync(async () => (await again.Operator.GetAsync("/api/tickets")).As<List<Ticket>>(), static tickets => tickets.Count == 1);
        var letters = await Eventually.HoldsAsync(async () => (await again.Operator.GetAsync("/api/dead-letters")).As<List<Messaging.DeadLetter>>(), static letters => letters.Count == 3);
        Assert.All(letters, static letter => Assert.Equal(1, letter.Deliveries));
        Assert.Contains("There is no ticket 'T-4711'", letters.Single(static letter => letter.Queue == "sla-breaches").Reason, StringComparison.Ordinal);

        // Sent again unmended, it comes back.
        await here.RunAsync(0, "dead-letters", "resend", "feedback", "F-BAD");
        await Eventually.HoldsAsync(async () => (await again.Operator.GetAsync("/api/dead-letters")).As<List<Messaging.DeadLetter>>(), static letters => letters.Count == 3);
    }

    private static void CheckBodies(WebhookSink webhooks, string other)
    {
        Assert.Equal(2, webhooks.Taken("card").Count);
        Assert.All(webhooks.Taken("card"), static body =>
        {
            var card = Assert.Single(body.GetProperty("attachments").EnumerateArray());
            Assert.Equal("application/vnd.microsoft.card.adaptive", card.GetProperty("contentType").GetString());
            Assert.Contains("response target missed, level 1", card.GetProperty("content").GetProperty("body")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        });
        var chat = Assert.Single(webhooks.Taken("chat"));
        Assert.StartsWith($"*[p1] {other}: response target missed, level 2*", chat.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    /// <summary>The level that a mail's subject names.</summary>
    private static int Level(string mail) => mail.Split('\n').First(static line => line.StartsWith("Subject:", StringComparison.Ordinal)).Trim()[^1] - '0';

    private static async Task SendAsync(ServerProcess server, string message) =>
        (await server.Operator.PostAsync("/api/feedback", new FeedbackSubmission("outage", message))).Expect(HttpStatusCode.Accepted);

    private static bool Handled(Installation here, string mark) => here.Scalar($"SELECT count(*) FROM messages WHERE state = 2 AND id LIKE '{mark}@%'") == 1;

    private static IEnumerable<string> Messages(Installation here, string queue) => here.Text($"SELECT group_concat(id) FROM messages WHERE queue = '{queue}'").Split(',').Select(Mark);

    /// <summary>What a message is about, without its instant.</summary>
    private static string Mark(string id) => id.Split('@')[0];
}
