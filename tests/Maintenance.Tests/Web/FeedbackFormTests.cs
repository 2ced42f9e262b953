using Maintenance.Feedback;
using Maintenance.Messaging;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Tests.Services;
using Maintenance.Tickets;
using Maintenance.Web.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Web;

/// <summary>The public form and what follows it, as a client without a browser sees them.</summary>
public sealed class FeedbackFormTests
{
    private static readonly string Plan = Office.QuickPlan
        .Replace("timeZone: UTC", "timeZone: Africa/Nairobi, languages: [en, fr]", StringComparison.Ordinal)
        .Replace("introduction: Tell us.", "introduction: Tell us.\n    translations: { fr: { introduction: Dites-le-nous. } }", StringComparison.Ordinal)
        .Replace("label: Stopped,", "label: Stopped, translations: { fr: Tout est arrêté },", StringComparison.Ordinal);

    private static readonly string Limited = Plan.Replace("introduction: Tell us.", "introduction: Tell us.\n    limit: { submissions: 2, window: 10m }", StringComparison.Ordinal);

    [Theory]
    [InlineData("", null, "en")]
    [InlineData("?lang=fr", null, "fr")]
    [InlineData("?lang=FR", "en", "fr")]
    [InlineData("?lang=de", "fr", "fr")]
    [InlineData("?lang=de", null, "en")]
    [InlineData("", "fr-CA,fr;q=0.9,en;q=0.8", "fr")]
    [InlineData("", "de, en;q=0.3, fr;q=0.7", "fr")]
    [InlineData("", "fr;q=0, en;q=0.1", "en")]
    [InlineData("", "*", "en")]
    [InlineData("", "fr;q=nonsense", "en")]
    [InlineData("", ",,,;;;=,fr", "fr")]
    public async Task The_page_is_in_the_language_that_its_reader_asks_for(string query, string? accept, string expected)
    {
        await using var rig = await StartAsync(Plan);
        rig.Query = query;
        var page = await rig.SendAsync(Routes.FeedbackForm, headers: accept is null ? [] : [("Accept-Language", accept)]);
        var markup = Markup.Parse(page.Body);
        Assert.Equal(expected, markup.Elements.Single(static tag => tag.Name == "html")["lang"]);
        Assert.Equal(expected, page.Headers.ContentLanguage);
        Assert.Contains(expected == "fr" ? "Dites-le-nous." : "Tell us.", markup.Text, StringComparison.Ordinal);
        Assert.Contains(expected == "fr" ? "Tout est arrêté" : "Stopped", markup.Text, StringComparison.Ordinal);

        // The other one is a link away.
        Assert.Contains(markup.Elements, tag => tag.Name == "a" && tag["hreflang"] == (expected == "fr" ? "en" : "fr") && tag["href"] == $"/feedback?lang={tag["lang"]}");
    }

    [Fact]
    public async Task In_French_from_the_form_to_the_rating()
    {
        await using var rig = await StartAsync(Plan);
        var form = Markup.Parse((await GetAsync(rig, Routes.FeedbackForm, "?lang=fr")).Body);
        var action = form.Elements.Single(static tag => tag.Name == "form")["action"]!;
        Assert.Equal("/feedback?lang=fr", action);
        rig.Query = action[action.IndexOf('?')..];
        var refused = await rig.SendAsync(Routes.SendFeedbackForm, body: "kind=stopped&message=+&contact=" + Uri.EscapeDataString("rené@maison.example"));
        Assert.Equal(422, refused.Status);
        var again = Markup.Parse(refused.Body);
        Assert.Contains("Dites-nous de quoi il s’agit.", again.Text, StringComparison.Ordinal);
        Assert.Equal("rené@maison.example", again.Elements.Single(static tag => tag["id"] == "contact")["value"]);
        Assert.Equal("true", again.Elements.Single(static tag => tag["id"] == "message")["aria-invalid"]);

        var thanks = await rig.SendAsync(Routes.SendFeedbackForm, body: "kind=stopped&message=" + Uri.EscapeDataString("L’imprimante ne marche pas : rien ne sort") + "&contact=" + Uri.EscapeDataString("rené@maison.example"));
        Assert.Equal(200, thanks.Status);
        var (reference, code) = Codes(thanks.Body);
        Assert.Contains("Merci", Markup.Parse(thanks.Body).Text, StringComparison.Ordinal);
        Assert.Contains("reçu, pas encore examiné", (await TrackAsync()).Text, StringComparison.Ordinal);

        await DeliverAsync(rig);
        Assert.Contains("en cours de traitement (T-1001)", (await TrackAsync()).Text, StringComparison.Ordinal);
        var added = Markup.Parse((await rig.SendAsync(Routes.CommentFeedbackForm, body: Access("text=" + Uri.EscapeDataString("Depuis lundi.")))).Body);
        Assert.Contains("C’est ajouté.", added.Text, StringComparison.Ordinal);
        Assert.Contains("Depuis lundi.", added.Text, StringComparison.Ordinal);
        await ActAsync(rig, new TicketAct.Resolve("Nouveau câble."));
        var solved = await TrackAsync();
        Assert.Contains("résolu (T-1001)", solved.Text, StringComparison.Ordinal);
        Assert.Contains("Nouveau câble.", solved.Text, StringComparison.Ordinal);

        // 02:00 UTC of November 22nd in Nairobi.
        Assert.Contains("22 novembre 2026 à 05 h 00", solved.Text.Replace('\u00a0', ' '), StringComparison.Ordinal);
        Assert.Contains("de nouveau en cours", Markup.Parse((await rig.SendAsync(Routes.ReopenFeedbackForm, body: Access("reason=Non"))).Body).Text, StringComparison.Ordinal);
        await ActAsync(rig, new TicketAct.Resolve("Nouvelle imprimante."));
        Assert.Equal("/feedback/rating?lang=fr", (await TrackAsync()).Elements.First(static tag => tag.Name == "form" && tag["class"] == "card narrow")["action"]);
        var rated = await rig.SendAsync(Routes.RateFeedbackForm, body: Access("score=5"));
        Assert.Contains("Merci pour votre avis.", Markup.Parse(rated.Body).Text, StringComparison.Ordinal);
        Assert.Contains(Markup.Parse(rated.Body).Elements, static tag => tag["name"] == "score" && tag["value"] == "5" && tag.Attributes.ContainsKey("checked"));
        Assert.Equal(100, (await rig.Get<SatisfactionService>().ReportAsync(new(2026, 11), new(2026, 11), null, default)).Csat.Percent);

        var mails = await rig.Get<NotificationService>().HeldOnContactAsync("rené@maison.example", default);
        Assert.All(mails, static mail => Assert.Equal(Language.Fr, mail.Language));
        Assert.Equal([NotificationTemplates.FeedbackReceived, NotificationTemplates.RatingRequest, NotificationTemplates.TicketResolved], mails.Select(static mail => mail.Category).Distinct().Order());

        async Task<Markup> TrackAsync() => Markup.Parse((await rig.SendAsync(Routes.TrackFeedbackForm, body: Access(""))).Body);

        string Access(string more) => $"reference={reference.ToLowerInvariant()}&code={code}&{more}";
    }

    [Fact]
    public async Task A_program_that_fills_in_what_people_do_not_see_is_answered_as_people_are_and_counts()
    {
        await using var rig = await StartAsync(Limited);
        var person = await rig.SendAsync(Routes.SendFeedbackForm, body: "kind=idea&message=One", from: "192.0.2.1");
        var bot = await rig.SendAsync(Routes.SendFeedbackForm, body: "kind=idea&message=Two&website=spam", from: "192.0.2.1");
        Assert.Equal((200, 200), (person.Status, bot.Status));
        Assert.Equal(Masked(person), Masked(bot));
        Assert.Equal(person.Headers.Where(static header => header.Key != "Content-Length").Select(static header => $"{header.Key}: {header.Value}"), bot.Headers.Where(static header => header.Key != "Content-Length").Select(static header => $"{header.Key}: {header.Value}"));

        // Both may be followed up, and look alike as long as nobody has looked at the one that is real.
        Assert.Equal(Masked(await TrackAsync(person)), Masked(await TrackAsync(bot)));
        Assert.Equal(1, await DeliverAsync(rig));
        Assert.Contains("nobody has looked", (await TrackAsync(bot)).Body, StringComparison.Ordinal);

        // Its submission has used up the quota.
        Assert.Equal(429, (await rig.SendAsync(Routes.SendFeedbackForm, body: "kind=idea&message=Three", from: "192.0.2.1")).Status);

        // What is wrong with it is said to a program too.
        Assert.Equal(422, (await rig.SendAsync(Routes.SendFeedbackForm, body: "kind=idea&message=&website=spam", from: "192.0.2.2")).Status);

        async Task<RigAnswer> TrackAsync(RigAnswer thanks)
        {
            var (reference, code) = Codes(thanks.Body);
            return await rig.SendAsync(Routes.TrackFeedbackForm, body: $"reference={reference}&code={code}");
        }
    }

    [Fact]
    public async Task What_is_refused_does_not_use_up_the_quota_of_a_sender()
    {
        await using var rig = await StartAsync(Limited);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(422, (await rig.SendAsync(Routes.SendFeedbackForm, body: "kind=idea&message=", from: "192.0.2.1")).Status);
            Assert.Equal(422, (await rig.SendAsync(Routes.SendFeedback, body: new FeedbackSubmission("nonsense", "x"), from: "192.0.2.1")).Status);
        }

        Assert.Equal(202, (await rig.SendAsync(Routes.SendFeedback, body: new FeedbackSubmission("idea", "x"), from: "192.0.2.1", headers: ("Idempotency-Key", "k"))).Status);
        rig.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(200, (await rig.SendAsync(Routes.SendFeedbackForm, body: "kind=idea&message=y", from: "192.0.2.1")).Status);
        for (var i = 0; i < 5; i++)
        {
            var refused = await rig.SendAsync(Routes.SendFeedback, body: new FeedbackSubmission("idea", "z"), from: "192.0.2.1");
            Assert.Equal((429, "360"), (refused.Status, refused.Headers.RetryAfter.ToString()));
        }

        // The same one, sent again, was counted; and elsewhere there is room.
        Assert.Equal(202, (await rig.SendAsync(Routes.SendFeedback, body: new FeedbackSubmission("idea", "x"), from: "192.0.2.1", headers: ("Idempotency-Key", "k"))).Status);
        Assert.Equal(202, (await rig.SendAsync(Routes.SendFeedback, body: new FeedbackSubmission("idea", "x"), from: "192.0.2.2")).Status);
        rig.Query = "?lang=fr";
        var page = await rig.SendAsync(Routes.SendFeedbackForm, body: "kind=idea&message=" + Uri.EscapeDataString("tapé en vain"), from: "192.0.2.1");
        Assert.Equal((429, "360"), (page.Status, page.Headers.RetryAfter.ToString()));
        Assert.Contains("dans 6 minutes", Markup.Parse(page.Body).Text, StringComparison.Ordinal);
        Assert.Contains("tapé en vain", Markup.Parse(page.Body).Text, StringComparison.Ordinal);
        rig.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(202, (await rig.SendAsync(Routes.SendFeedback, body: new FeedbackSubmission("idea", "z"), from: "192.0.2.1")).Status);
    }

    [Fact]
    public async Task Behind_the_platform_the_address_that_it_added_counts_and_what_a_client_writes_there_does_not()
    {
        // The functions worker puts the last of X-Forwarded-For, which the platform added, in place of its own host's address; without that it is read here.
        await using var rig = await StartAsync(Limited);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(202, (await SendAsync($"198.51.100.{i}, 192.0.2.1:4000{i}")).Status);
        }

        Assert.Equal(429, (await SendAsync("203.0.113.9, 192.0.2.1:50000")).Status);
        Assert.Equal(202, (await SendAsync("192.0.2.1, 203.0.113.9:50000")).Status);
        Task<RigAnswer> SendAsync(string forwarded) => rig.SendAsync(Routes.SendFeedback, body: new FeedbackSubmission("idea", "x"), from: "127.0.0.1", headers: ("X-Forwarded-For", forwarded));
    }

    [Fact]
    public async Task The_same_by_JSON_with_the_code_in_a_header()
    {
        await using var rig = await StartAsync(Plan);
        var receipt = (await rig.SendAsync(Routes.SendFeedback, body: new { kind = "idea", message = "Dark mode", language = "fr" })).Json;
        var (reference, code) = (receipt.GetProperty("reference").GetString()!, receipt.GetProperty("trackingCode").GetString()!);
        (string, string)[] headers = [("Tracking-Code", code)];
        Assert.Equal(409, (await rig.SendAsync(Routes.CommentFeedback, reference, new { text = "x" }, null, headers)).Status);
        await DeliverAsync(rig);
        Assert.Equal(404, (await rig.SendAsync(Routes.CommentFeedback, reference, new { text = "x" }, null, ("Tracking-Code", "0000-0000-0000"))).Status);
        Assert.Equal(422, (await rig.SendAsync(Routes.CommentFeedback, reference, new { text = " " }, null, headers)).Status);
        var commented = await rig.SendAsync(Routes.CommentFeedback, reference, new { text = "Soon?" }, null, headers);
        Assert.Equal((200, "Soon?"), (commented.Status, commented.Json.GetProperty("answers")[0].GetProperty("text").GetString()));
        Assert.Equal(409, (await rig.SendAsync(Routes.RateFeedback, reference, new { score = 5 }, null, headers)).Status);
        await ActAsync(rig, new TicketAct.Resolve("Done."));
        Assert.Equal(422, (await rig.SendAsync(Routes.RateFeedback, reference, new { score = 6 }, null, headers)).Status);
        Assert.Equal(5, (await rig.SendAsync(Routes.RateFeedback, reference, new { score = 5 }, null, headers)).Json.GetProperty("rating").GetInt32());
        Assert.Equal("inProgress", (await rig.SendAsync(Routes.ReopenFeedback, reference, new { reason = "No." }, null, headers)).Json.GetProperty("state").GetString());
        Assert.Equal(409, (await rig.SendAsync(Routes.AnswerSurvey, reference, new { score = 9 }, null, headers)).Status);

        rig.Caller = rig.Person("ann");
        rig.Query = "?from=2026-11&to=2026-11";
        var report = (await rig.SendAsync(Routes.GetSatisfaction)).Json;
        Assert.Equal((1, 100.0), (report.GetProperty("csat").GetProperty("ratings").GetInt32(), report.GetProperty("csat").GetProperty("percent").GetDouble()));
        Assert.Contains("CSAT =", report.GetProperty("csatFormula").GetString(), StringComparison.Ordinal);
        var page = await rig.SendAsync(Routes.SatisfactionPage);
        Assert.Contains("100.0 % of 1 ratings", Markup.Parse(page.Body).Text, StringComparison.Ordinal);
        Assert.Contains("too few", Markup.Parse(page.Body).Text, StringComparison.Ordinal);
        foreach (var wrong in new[] { "?from=2026-13", "?from=x", "?from=2026-11&to=2026-10", "?from=2001-01" })
        {
            rig.Query = wrong;
            Assert.Equal(422, (await rig.SendAsync(Routes.GetSatisfaction)).Status);
            Assert.Equal(422, (await rig.SendAsync(Routes.SatisfactionPage)).Status);
        }
    }

    [Fact]
    public async Task An_administrator_says_what_is_held_on_somebody_and_erases_it()
    {
        await using var rig = await StartAsync(Plan);
        var receipt = (await rig.SendAsync(Routes.SendFeedback, body: new FeedbackSubmission("idea", "Dark mode", null, "Kim", "kim@home.example"))).Json;
        await DeliverAsync(rig);
        Assert.Equal(401, (await rig.SendAsync(Routes.ExportFeedback, body: new { contact = "kim@home.example" })).Status);
        rig.Caller = rig.Person("ben");
        Assert.Equal(403, (await rig.SendAsync(Routes.EraseFeedback, body: new { contact = "kim@home.example" })).Status);
        rig.Caller = rig.Person("ann");
        Assert.Equal("Kim", (await rig.SendAsync(Routes.ExportFeedback, body: new { contact = "KIM@home.example" })).Json.GetProperty("feedback")[0].GetProperty("name").GetString());
        var reference = receipt.GetProperty("reference").GetString();
        foreach (var wrong in new object[] { new { }, new { contact = "" }, new { contact = "!" }, new { contact = "a@b", reference }, new { reference, code = "0000-0000-0000" }, new { reference } })
        {
            Assert.Equal(422, (await rig.SendAsync(Routes.EraseFeedback, body: wrong)).Status);
        }

        var erased = await rig.SendAsync(Routes.EraseFeedback, body: new { reference, code = receipt.GetProperty("trackingCode").GetString() });
        Assert.Equal((200, reference), (erased.Status, erased.Json.GetProperty("references")[0].GetString()));
        Assert.Equal(0, (await rig.SendAsync(Routes.ExportFeedback, body: new { contact = "kim@home.example" })).Json.GetProperty("feedback").GetArrayLength());
        Assert.DoesNotContain("kim@home", (await rig.SendAsync(Routes.GetTicket, "T-1001")).Body, StringComparison.Ordinal);
    }

    internal static Task<WebRig> StartAsync(string plan) =>
        WebRig.StartAsync((rig, services) => services.AddSingleton<IPlanSource>(new WebRig.FixedPlan(rig.PathOf(""), plan)));

    internal static async Task<RigAnswer> GetAsync(WebRig rig, Route route, string query)
    {
        rig.Query = query;
        return await rig.SendAsync(route);
    }

    /// <summary>Reference and code of a page that thanks.</summary>
    internal static (string Reference, string Code) Codes(string html)
    {
        var codes = html.Split("<code>").Skip(1).Select(static part => part[..part.IndexOf('<', StringComparison.Ordinal)]).ToList();
        return (codes[0], codes[1]);
    }

    internal static async Task<int> DeliverAsync(WebRig rig)
    {
        var (count, queue) = (0, rig.Get<Local.Storage.SqliteMessageQueue>());
        foreach (var handler in rig.Get<IEnumerable<IMessageHandler>>().OrderBy(static handler => handler.Queue == Queues.TicketEvents))
        {
            while (await queue.ReceiveAsync(handler.Queue, 10, TimeSpan.FromMinutes(5), default) is { Count: > 0 } messages)
            {
                foreach (var message in messages)
                {
                    await handler.HandleAsync(message, default);
                    Assert.True(await queue.CompleteAsync(message, default));
                    count += handler.Queue == Queues.Feedback ? 1 : 0;
                }
            }
        }

        return count;
    }

    private static async Task ActAsync(WebRig rig, TicketAct act)
    {
        _ = await rig.Get<TicketService>().ActAsync("T-1001", act, new TicketActor("ben", true), null, null, default);
        await DeliverAsync(rig);
    }

    private static string Masked(RigAnswer answer)
    {
        var text = answer.Body;
        foreach (var secret in System.Text.RegularExpressions.Regex.Matches(text, "(F-)?([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}").Select(static match => match.Value).Distinct())
        {
            text = text.Replace(secret, secret.StartsWith("F-", StringComparison.Ordinal) ? "F-…" : "…", StringComparison.Ordinal);
        }

        return text;
    }
}
