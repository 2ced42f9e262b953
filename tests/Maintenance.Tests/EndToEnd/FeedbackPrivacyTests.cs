using System.Net;
using Maintenance.Feedback;
using Maintenance.Tickets;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Contact data stays where it belongs: in no output of the process and in no notice to staff.</summary>
[Collection("End to end: help desk")]
public sealed class FeedbackPrivacyTests
{
    private const string Secret = "kx7secret";

    [Fact]
    public async Task Contact_data_is_in_no_log_and_no_notice_to_staff_whatever_is_done_with_it()
    {
        await using var room = await WebhookSink.StartAsync();
        await using var mail = new MailSink();
        await using var here = new Installation(new QuickPlan { Response = "1s", Levels = [("0m", "room")], Channels = [("room", "generic", room.Of("room"))], MailPort = mail.Port }.Yaml);
        await using var server = await here.ServeAsync("--feedback-rate", "0");
        using var public_ = server.As(null);
        var submission = new FeedbackSubmission("outage", "Nothing works at all", "register", $"Name {Secret}", $"{Secret}@home.example");
        var receipt = (await public_.PostAsync("/api/feedback", submission)).Expect(HttpStatusCode.Accepted).As<FeedbackReceipt>();

        // Right and wrong, whole and in pieces, by every way in.
        var fields = new[] { ("kind", "outage"), ("message", "Nothing prints"), ("name", Secret), ("contact", $"{Secret}@home.example") };
        (await public_.FormAsync("/feedback", fields)).Expect(HttpStatusCode.OK);
        (await public_.FormAsync("/feedback", [.. fields, ("website", "spam")])).Expect(HttpStatusCode.OK);
        (await public_.FormAsync("/feedback", [("kind", "x"), .. fields[1..]])).Expect(HttpStatusCode.UnprocessableEntity);
        (await public_.PostAsync("/api/feedback", submission with { Contact = Secret + new string('x', 300) })).Expect(HttpStatusCode.UnprocessableEntity);
        (await public_.SendAsync(HttpMethod.Post, "/api/feedback", Api.Json($$"""{"kind":"outage","message":"x","contact":"{{Secret}}" """))).Expect(HttpStatusCode.BadRequest);
        (await public_.SendAsync(HttpMethod.Post, "/api/feedback", Api.Json($$$"""{"kind":"outage","message":"x","contact":{"{{{Secret}}}":1}}"""))).Expect(HttpStatusCode.BadRequest);
        await Eventually.HoldsAsync(async () => (await server.Operator.GetAsync("/api/tickets?state=all")).As<List<Ticket>>(), static tickets => tickets.Count == 2);
        await Eventually.HoldsAsync(() => room.Taken("room").Count >= 2 && mail.Mails.Count >= 2);

        // Which of the two got which number is nobody's promise: both came at once.
        foreach (var id in new[] { "T-1001", "T-1002" })
        {
            (await server.Operator.PostAsync($"/api/tickets/{id}/resolution", new { text = "Mended." })).Expect(HttpStatusCode.OK);
        }

        (await public_.SendAsync(HttpMethod.Post, $"/api/feedback/{receipt.Reference}/rating", Api.Json("""{"score":5}"""), ("Tracking-Code", receipt.TrackingCode))).Expect(HttpStatusCode.OK);
        Assert.Contains(Secret, (await here.RunAsync(0, "feedback", "export", "--contact", $"{Secret}@home.example")).Output, StringComparison.Ordinal);
        Assert.Contains("Erased the sender of 2 feedback", (await here.RunAsync(0, "feedback", "erase", "--contact", $"{Secret}@home.example")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, (await here.RunAsync(0, "feedback", "export", "--contact", "nobody@home.example")).Output, StringComparison.Ordinal);
        Assert.Contains("CSAT =", (await here.RunAsync(0, "feedback", "satisfaction")).Output, StringComparison.Ordinal);
        foreach (var ticket in (await server.Operator.GetAsync("/api/tickets?state=all")).As<List<Ticket>>())
        {
            Assert.DoesNotContain(Secret, (await server.Operator.GetAsync("/api/tickets/" + ticket.Id)).Body, StringComparison.Ordinal);
        }

        _ = await server.StopAsync();
        Assert.DoesNotContain(Secret, server.Output + server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(receipt.TrackingCode, server.Output + server.Log, StringComparison.Ordinal);
        Assert.All(room.Taken("room"), static posted => Assert.DoesNotContain(Secret, posted.GetRawText(), StringComparison.Ordinal));

        // Mail to the sender has their address; to staff, none has.
        var address = $"{Secret}@home.example";
        Assert.All(mail.Mails.Select(static letter => $"{string.Join(' ', letter.Recipients)}\n{letter.Text}").Where(letter => !letter.Contains(address, StringComparison.Ordinal)), static letter => Assert.DoesNotContain(Secret, letter, StringComparison.Ordinal));
        Assert.DoesNotContain(mail.Mails, letter => letter.Recipients.Any(static to => to.EndsWith("@registry.example", StringComparison.Ordinal)) && letter.Text.Contains(Secret, StringComparison.Ordinal));
    }
}
