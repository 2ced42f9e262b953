using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Tests.Contracts;
using Maintenance.Tests.EndToEnd;
using Maintenance.Web.Notifications;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Maintenance.Tests.Web;

public sealed class NetworkNotifierTests
{
    private static readonly Uri Link = new("https://maintenance.registry.example/tickets/T-1");

    [Fact]
    public void Nothing_that_the_public_wrote_is_a_link_a_mention_or_an_entity_in_Slack()
    {
        var body = WebhookBody.Of(new Notification("n", "<!channel>\nR&D", "<https://evil.example|here> & &lt;", "/"), WebhookKind.Slack, Link);
        Assert.Equal("*&lt;!channel&gt; R&amp;D*\n&lt;https://evil.example|here&gt; &amp; &amp;lt;\n" + Link, (string?)body["text"]);
    }

    [Fact]
    public void Nothing_that_the_public_wrote_is_Markdown_in_Teams()
    {
        var body = WebhookBody.Of(
            new Notification("n", "[p1]\r\n**Win**", "# Big\n[here](https://evil.example) _a_ `b` ~c~ <d> &amp; \\e\n- one\n 1. two\n+ three\n===\n2026-11-22, 1.5 + 2 = 3.5", "/"), WebhookKind.Teams, Link);
        var blocks = body["attachments"]![0]!["content"]!["body"]!;
        Assert.Equal(@"\[p1\]  \*\*Win\*\*", (string?)blocks[0]!["text"]);
        Assert.Equal(
            "\\# Big\n\\[here\\]\\(https://evil.example\\) \\_a\\_ \\`b\\` \\~c\\~ \\<d\\> \\&amp; \\\\e\n\\- one\n 1\\. two\n\\+ three\n\\===\n2026-11-22, 1.5 + 2 = 3.5",
            (string?)blocks[1]!["text"]);
        Assert.Equal(Link.ToString(), (string?)body["attachments"]![0]!["content"]!["actions"]![0]!["url"]);
    }

    [Fact]
    public void A_program_gets_the_text_as_it_was_written()
    {
        var body = WebhookBody.Of(new Notification("n", "<a> & *b*", "[c]\n_d_", "/"), WebhookKind.Generic, Link);
        Assert.Equal("<a> & *b*", (string?)body["subject"]);
        Assert.Equal("[c]\n_d_", (string?)body["text"]);
    }

    [Theory]
    [InlineData("T-1: first\r\nBcc: all@evil.example")]
    [InlineData("T-1: first\nBcc: all@evil.example")]
    [InlineData("T-1: first\rBcc: all@evil.example")]
    [InlineData("T-1: first\0\u0085\u2028\u001bBcc: all@evil.example")]
    public async Task A_subject_with_a_line_break_or_a_control_character_arrives_as_one_line(string subject)
    {
        await using var sink = new MailSink();
        await using var services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        await Notifier(services).SendAsync(new Notification("n", subject, "Text", "/tickets/T-1"), Mailbox(sink), default);
        var mail = Assert.Single(sink.Mails);
        Assert.Equal(["ada@registry.example"], mail.Recipients);
        var head = mail.Text.ReplaceLineEndings("\n").Split("\n\n")[0].Split('\n');
        Assert.DoesNotContain(head, static line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        Assert.Matches("^Subject: T-1: first +Bcc: all@evil.example$", Assert.Single(head, static line => line.StartsWith("Subject:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_mail_keeps_its_letters_its_lines_and_its_id_and_says_that_a_machine_wrote_it()
    {
        await using var sink = new MailSink();
        await using var services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        var text = "Délai dépassé — 期限 😀\n\n  indented\n. a dot\n" + new string('x', 2000) + "\nMore: \uFFFC/tickets/T-1?a=1&b=2 there.";
        for (var i = 0; i < 2; i++)
        {
            await Notifier(services).SendAsync(new Notification("T-1/x", "Délai dépassé : l'échéance était à 14:30 — 期限 😀 and some more words, so that it is folded", text, "/tickets/T-1"), Mailbox(sink), default);
        }

        await Notifier(services).SendAsync(new Notification("T-2/x", "Plain", "No link in it.", "/tickets/T-2"), Mailbox(sink), default);
        var mail = sink.Mails[0];
        Assert.Equal("Délai dépassé : l'échéance était à 14:30 — 期限 😀 and some more words, so that it is folded", mail.Subject);
        Assert.Equal(text.Replace("\uFFFC/", "https://maintenance.registry.example/", StringComparison.Ordinal), mail.Body.TrimEnd());
        Assert.Equal("auto-generated", mail.Header("Auto-Submitted"));
        Assert.Matches("^<[0-9a-f]{32}@registry.example>$", mail.Header("Message-ID"));
        Assert.Equal(mail.Header("Message-ID"), sink.Mails[1].Header("Message-ID"));
        Assert.NotEqual(mail.Header("Message-ID"), sink.Mails[2].Header("Message-ID"));
        Assert.All(mail.Text.Split('\n'), static line => Assert.True(line.Length < 998, line));
        Assert.Equal("No link in it.\n\nhttps://maintenance.registry.example/tickets/T-2", sink.Mails[2].Body.TrimEnd());
    }

    [Fact]
    public async Task A_relay_that_refuses_says_why_without_saying_whom()
    {
        await using var sink = new MailSink { Refusal = "550 5.1.1 <ada@registry.example>: no such user" };
        await using var services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Notifier(services).SendAsync(new Notification("n", "Subject", "Text", "/"), Mailbox(sink), default));
        Assert.Contains("5.1.1", DeliveryError.Of(error), StringComparison.Ordinal);
        Assert.DoesNotContain("ada@", DeliveryError.Of(error), StringComparison.Ordinal);
        Assert.Empty(sink.Mails);
    }

    [Fact]
    public async Task The_log_gets_the_subject_and_the_id_and_neither_text_nor_address()
    {
        var lines = new List<string>();
        await using var services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        await Notifier(services, log: new ListLogger(lines)).SendAsync(new Notification("T-1/x", "From pat@home.example\r\nfail: forged", "Call +254 700 000 000", "/"), new Recipient.Log(), default);
        Assert.Equal("From (address)  fail: forged (T-1/x)", Assert.Single(lines));
    }

    [Fact]
    public async Task What_a_program_gets_is_signed_over_its_time_and_body_and_what_people_get_is_not()
    {
        using var far = new FarWebhook(static _ => new HttpResponseMessage(System.Net.HttpStatusCode.OK));
        await using var services = far.Services();
        var time = new FakeClock();
        var notifier = Notifier(services, time);
        await notifier.SendAsync(new Notification("n", "Café & <co>", "Text", "/tickets/T-1"), Room(WebhookKind.Generic) with { Channel = Room(WebhookKind.Generic).Channel with { SecretSetting = "KEY" } }, default);
        await notifier.SendAsync(new Notification("n", "Subject", "Text", "/"), Room(WebhookKind.Slack), default);
        var (signed, body) = far.Requests[0];
        var timestamp = Assert.Single(signed.Headers.GetValues("X-Maintenance-Timestamp"));
        Assert.Equal($"{time.Now.ToUnixTimeSeconds()}", timestamp);
        var expected = System.Security.Cryptography.HMACSHA256.HashData("the key"u8, System.Text.Encoding.UTF8.GetBytes(timestamp + "." + body));
        Assert.Equal("sha256=" + Convert.ToHexStringLower(expected), Assert.Single(signed.Headers.GetValues("X-Maintenance-Signature")));
        Assert.Contains("Café & <co>", body, StringComparison.Ordinal);
        Assert.Equal("application/json", signed.Content!.Headers.ContentType!.MediaType);
        Assert.False(far.Requests[1].Request.Headers.Contains("X-Maintenance-Signature"));
    }

    [Theory]
    [InlineData(429, "120", 120)]
    [InlineData(503, "Sun, 22 Nov 2026 02:10:00 GMT", 600)]
    [InlineData(429, null, null)]
    [InlineData(500, "120", null)]
    public async Task A_webhook_that_is_too_busy_says_for_how_long(int status, string? after, int? seconds)
    {
        using var far = new FarWebhook(request =>
        {
            var answer = new HttpResponseMessage((System.Net.HttpStatusCode)status);
            _ = after is not null && answer.Headers.TryAddWithoutValidation("Retry-After", after);
            return answer;
        });
        await using var services = far.Services();
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Notifier(services, new FakeClock()).SendAsync(new Notification("n", "s", "t", "/"), Room(WebhookKind.Slack), default));
        Assert.Equal($"the webhook answered {status}", error.Message);
        Assert.Equal(seconds, (error as DeliveryPostponedException)?.After.TotalSeconds);
    }

    [Fact]
    public void Slack_takes_forty_thousand_characters_and_the_link_is_among_them()
    {
        var body = WebhookBody.Of(new Notification("n", "Subject", string.Concat(Enumerable.Repeat("<&>😀", 20_000)), "/"), WebhookKind.Slack, Link);
        var text = (string)body["text"]!;
        Assert.InRange(text.Length, 39_900, 40_000);
        Assert.EndsWith("…\n" + Link, text, StringComparison.Ordinal);
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)));
        var exact = WebhookBody.Of(new Notification("n", "Subject", new string('x', 1000), "/"), WebhookKind.Slack, Link);
        Assert.DoesNotContain("…", (string)exact["text"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Teams_takes_twenty_eight_kilobytes_and_the_button_leads_to_the_rest()
    {
        var body = WebhookBody.Of(new Notification("n", "Subject", string.Concat(Enumerable.Repeat("[期限]*😀\n", 20_000)), "/"), WebhookKind.Teams, Link);
        var bytes = System.Text.Encoding.UTF8.GetByteCount(WebhookBody.Write(body));
        Assert.InRange(bytes, 27_900, 28_000);
        Assert.EndsWith("…", (string)body["attachments"]![0]!["content"]!["body"]![1]!["text"]!, StringComparison.Ordinal);
        Assert.Equal(Link.ToString(), (string?)body["attachments"]![0]!["content"]!["actions"]![0]!["url"]);
    }

    [Fact]
    public void Pages_that_a_text_names_are_addresses_in_every_shape_and_are_never_cut_in_two()
    {
        var two = new Notification("n", "s", "a_b \uFFFC/tickets/T_1 & \uFFFC/patches/P-1\nend", "/");
        Assert.Equal("*s*\na_b https://maintenance.registry.example/tickets/T_1 &amp; https://maintenance.registry.example/patches/P-1\nend", (string?)WebhookBody.Of(two, WebhookKind.Slack, Link)["text"]);
        Assert.Equal(
            "a\\_b https://maintenance.registry.example/tickets/T_1 \\& https://maintenance.registry.example/patches/P-1\nend", (string?)WebhookBody.Of(two, WebhookKind.Teams, Link)["attachments"]![0]!["content"]!["body"]![1]!["text"]);
        Assert.Equal("a_b https://maintenance.registry.example/tickets/T_1 & https://maintenance.registry.example/patches/P-1\nend", (string?)WebhookBody.Of(two, WebhookKind.Generic, Link)["text"]);
        for (var most = 1; most < two.Text.Length - 1; most++)
        {
            var cut = LinkedText.Cut(two.Text, text => text.Length <= most + 1);
            Assert.True(cut.EndsWith('…') && two.Text.StartsWith(cut[..^1], StringComparison.Ordinal), cut);
            Assert.All(cut[..^1].Split(' ', '\n').Where(static word => word.Contains('\uFFFC', StringComparison.Ordinal)), static word => Assert.Contains(word, new[] { "\uFFFC/tickets/T_1", "\uFFFC/patches/P-1" }));
        }
    }

    [Fact]
    public async Task A_link_waits_until_it_is_known_where_the_host_serves()
    {
        var address = new PublicAddress();
        Assert.False(address.IsGiven);
        Assert.Throws<InvalidOperationException>(() => address.Of("/tickets"));
        var link = address.OfAsync("/tickets", default);
        Assert.False(link.IsCompleted);
        address.Serves(new Uri("http://127.0.0.1:40123/"));
        Assert.Equal(new Uri("http://127.0.0.1:40123/tickets"), await link);
        Assert.Equal(new Uri("http://127.0.0.1:40123/"), address.Of("/"));

        var given = new PublicAddress(new Uri("https://maintenance.registry.example/"));
        given.Serves(new Uri("http://127.0.0.1:40123/"));
        Assert.True(given.IsGiven);
        Assert.Equal(new Uri("https://maintenance.registry.example/tickets"), given.Of("/tickets"));
    }

    private static NetworkNotifier Notifier(IServiceProvider services, TimeProvider? time = null, ILogger<NetworkNotifier>? log = null) => new(
        services.GetRequiredService<IHttpClientFactory>(),
        new HostSettings(static name => name == "KEY" ? "the key" : null),
        new PublicAddress(new Uri("https://maintenance.registry.example/")),
        time ?? TimeProvider.System,
        log ?? NullLogger<NetworkNotifier>.Instance);

    private static Recipient.Mailbox Mailbox(MailSink sink) => new(new MailRelay("127.0.0.1", sink.Port, "plan@registry.example", false, null, null), "ada@registry.example");

    private static Recipient.Webhook Room(WebhookKind kind) => new(new WebhookChannel("room", kind, new Uri("https://hooks.example/room"), null));

    /// <summary>The far end of webhooks, within this process.</summary>
    private sealed class FarWebhook(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public List<(HttpRequestMessage Request, string Body)> Requests { get; } = [];

        public ServiceProvider Services()
        {
            var services = new ServiceCollection();
            services.AddHttpClient(NetworkNotifier.ClientName).ConfigurePrimaryHttpMessageHandler(() => this);
            return services.BuildServiceProvider();
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add((request, await request.Content!.ReadAsStringAsync(cancellationToken)));
            return answer(request);
        }
    }

    private sealed class ListLogger(List<string> lines) : ILogger<NetworkNotifier>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Add(formatter(state, exception));
    }
}
