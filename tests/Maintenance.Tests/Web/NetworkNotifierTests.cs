using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Tests.EndToEnd;
using Maintenance.Web.Notifications;
using Microsoft.Extensions.DependencyInjection;
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
        var notifier = new NetworkNotifier(
            services.GetRequiredService<IHttpClientFactory>(), new HostSettings(static _ => null), new PublicAddress(new Uri("https://maintenance.registry.example/")), TimeProvider.System, NullLogger<NetworkNotifier>.Instance);
        var mailbox = new Recipient.Mailbox(new MailRelay("127.0.0.1", sink.Port, "plan@registry.example", false, null, null), "ada@registry.example");
        await notifier.SendAsync(new Notification("n", subject, "Text", "/tickets/T-1"), mailbox, default);
        var mail = Assert.Single(sink.Mails);
        Assert.Equal(["ada@registry.example"], mail.Recipients);
        var head = mail.Text.ReplaceLineEndings("\n").Split("\n\n")[0].Split('\n');
        Assert.DoesNotContain(head, static line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        Assert.Matches("^Subject: T-1: first +Bcc: all@evil.example$", Assert.Single(head, static line => line.StartsWith("Subject:", StringComparison.Ordinal)));
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
}
