using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Maintenance.Feedback;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Notifications of a real process, by a relay that really listens, or does not.</summary>
[Collection("End to end: help desk")]
public sealed class NotificationTests
{
    [Fact]
    public async Task A_process_that_is_killed_while_the_relay_takes_a_mail_sends_it_again_under_the_same_id_and_nothing_is_lost()
    {
        await using var relay = new MailSink { IsHolding = true };
        await using var webhooks = await WebhookSink.StartAsync();
        await using var here = new Installation(new QuickPlan
        {
            Response = "1s",
            Levels = [("0s", "room")],
            Channels = [("room", "generic", webhooks.Of("room"))],
            MailPort = relay.Port,
        }.Yaml);
        var server = await here.ServeAsync();
        (await server.Operator.PostAsync("/api/feedback", new FeedbackSubmission("outage", "Nobody answers this"))).Expect(HttpStatusCode.Accepted);
        await Eventually.HoldsAsync(() => relay.Held.Count == 1 && webhooks.Taken("room").Count == 1);
        await server.KillAsync();
        relay.IsHolding = false;

        await using var again = await here.ServeAsync();
        await Eventually.HoldsAsync(() => relay.Mails.Count > 0);
        var lines = await Eventually.HoldsAsync(async () => (await again.Operator.GetAsync("/api/notifications")).As<List<JsonElement>>(), static lines => lines.TrueForAll(static line => Text(line, "state") == "sent"));
        Assert.Equal(["log", "person:sam", "webhook:room"], lines.Select(static line => Text(line, "recipient")).Order());
        var mail = Assert.Single(relay.Mails);
        Assert.Equal(["sam@registry.example"], mail.Recipients);
        Assert.Equal(relay.Held[0].Header("Message-ID"), mail.Header("Message-ID"));
        Assert.Equal("[p1] T-1001: response target missed, level 1", mail.Subject);
        Assert.Matches("It was due [A-Z][a-z]{2} [0-9]+ [A-Z][a-z]{2} [0-9]{4}, [0-9]{2}:[0-9]{2} UTC\\.", mail.Body);
        Assert.Contains($"{again.Address}tickets/T-1001", mail.Body, StringComparison.Ordinal);
        Assert.Single(webhooks.Taken("room"));
        Assert.Contains("[p1] T-1001: response target missed, level 1 (T-1001/response/level-1)", server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("sam@registry", server.Log + again.Log, StringComparison.Ordinal);
        await here.RunAsync(0, "notification", "list", "--recipient", "sam");
        await here.RunAsync(0, "dead-letters", "list");
    }

    [Fact]
    public async Task What_a_relay_that_is_down_did_not_take_is_one_mail_once_it_is_up_and_a_test_says_which_of_the_two_it_is()
    {
        var port = FreePort();
        await using var webhooks = await WebhookSink.StartAsync();
        await using var here = new Installation(new QuickPlan
        {
            Backups = [("files", "missing", QuickPlan.Yearly), ("other", "absent", QuickPlan.Yearly), ("third", "nowhere", QuickPlan.Yearly)],
            Channels = [("room", "slack", webhooks.Of("room"))],
            MailPort = port,
        }.Yaml);
        await using var server = await here.ServeAsync();
        var waiting = await Eventually.HoldsAsync(() => ListAsync(server, "state=waiting&recipient=ada"), static lines => lines.Count >= 3);
        Assert.DoesNotContain(waiting, static line => line.ToString().Contains('@', StringComparison.Ordinal));
        var down = await here.RunAsync(1, "notification", "test", "--to", "ada");
        Assert.StartsWith("person:ada: ", down.Output, StringComparison.Ordinal);
        await here.RunAsync(2, "notification", "test", "--to", "nobody");
        await here.RunAsync(2, "notification", "test");
        await here.RunAsync(2, "notification", "resend", waiting[0].GetProperty("id").GetString()! + "0");
        await here.RunAsync(1, "notification", "resend", waiting[0].GetProperty("id").GetString()!);

        await using var relay = new MailSink(port);
        var up = await here.RunAsync(0, "notification", "test", "--to", "ada", "--json");
        Assert.True(up.As<JsonElement>().GetProperty("isDelivered").GetBoolean());
        Assert.Equal("Register: a test", Assert.Single(relay.Mails).Subject);
        Assert.Equal("webhook:room: The webhook took it.", (await here.RunAsync(0, "notification", "test", "--channel", "room")).Output.Trim());
        Assert.StartsWith("*Register: a test*\nThis is a test", webhooks.Taken("room").Single().GetProperty("text").GetString(), StringComparison.Ordinal);

        await Eventually.HoldsAsync(() => relay.Mails.Count > 1, 400);
        var sent = await Eventually.HoldsAsync(() => ListAsync(server, "recipient=ada"), lines => waiting.TrueForAll(one => lines.Exists(line => Text(line, "id") == Text(one, "id") && Text(line, "state") == "sent")));
        var digest = Assert.Single(sent.Where(line => waiting.Exists(one => Text(one, "id") == Text(line, "id"))).Select(static line => Text(line, "mail")).Distinct());
        Assert.StartsWith("digest/", digest, StringComparison.Ordinal);
        Assert.Matches("^Register: [0-9]+ notifications$", relay.Mails[1].Subject);
        foreach (var line in waiting)
        {
            Assert.Contains(Text(line, "subject"), relay.Mails[1].Body, StringComparison.Ordinal);
        }
    }

    private static async Task<List<JsonElement>> ListAsync(ServerProcess server, string query) => (await server.Operator.GetAsync("/api/notifications?" + query)).As<List<JsonElement>>();

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
