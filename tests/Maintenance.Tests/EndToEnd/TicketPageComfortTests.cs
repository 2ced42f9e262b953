using System.Net;
using Maintenance.Tickets;

namespace Maintenance.Tests.EndToEnd;

/// <summary>What makes the ticket pages quick to work with: views, answers that are given often, the clock on the page; and the public form on somebody else's.</summary>
public sealed class TicketPageComfortTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly Installation _here = new(QuickYaml());
    private ServerProcess _server = null!;

    public async Task InitializeAsync() => _server = await _here.ServeAsync("--feedback-rate", "0");

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync() => await _here.DisposeAsync();

    [Fact]
    public async Task A_list_is_kept_under_a_name_comes_back_with_one_click_and_is_forgotten()
    {
        using var sam = _server.As(await _here.TokenAsync("sam"));
        (await sam.FormAsync("/tickets/views", [("name", "Mine & waiting"), ("query", "q=&state=waiting&assignee=me&tag=")])).Expect(HttpStatusCode.Found);
        var page = (await sam.GetAsync("/tickets")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("""<a class="tag" href="/tickets?state=waiting&amp;assignee=me">Mine &amp; waiting</a>""", page, StringComparison.Ordinal);
        Assert.Contains("""aria-current="page">Mine &amp; waiting</a>""", (await sam.GetAsync("/tickets?state=waiting&assignee=me")).Body, StringComparison.Ordinal);
        Assert.Equal([new SavedView("Mine & waiting", "state=waiting&assignee=me")], (await sam.GetAsync("/api/me/views")).As<List<SavedView>>());

        (await sam.FormAsync("/tickets/views", [("name", ""), ("query", "state=waiting")])).Expect(HttpStatusCode.UnprocessableEntity);
        (await sam.FormAsync("/tickets/views", [("name", "x"), ("query", "next=//evil.example")])).Expect(HttpStatusCode.UnprocessableEntity);
        (await sam.PostAsync("/api/me/views", new { name = "x", query = "" })).Expect(HttpStatusCode.UnprocessableEntity);
        (await sam.FormAsync("/tickets/views", [("name", "Mine & waiting"), ("forget", "yes")])).Expect(HttpStatusCode.Found);
        Assert.Empty((await sam.GetAsync("/api/me/views")).As<List<SavedView>>());
    }

    [Fact]
    public async Task An_answer_that_is_given_often_is_filled_in_for_the_ticket_and_sent_only_by_its_button()
    {
        using var sam = _server.As(await _here.TokenAsync("sam"));
        var id = (await sam.PostAsync("/api/tickets", new { type = "incident", title = "Printer <b>burns</b>", description = "It smokes." })).Expect(HttpStatusCode.Created).As<Ticket>().Id;
        var page = (await sam.GetAsync($"/tickets/{id}?template=looking")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains($">I look at {id}, Printer &lt;b&gt;burns&lt;/b&gt;. Sam Sorell</textarea>", page, StringComparison.Ordinal);
        Assert.Contains("clock-bar", page, StringComparison.Ordinal);
        Assert.Null((await sam.GetAsync($"/api/tickets/{id}")).As<Ticket>().RespondedAt);
        Assert.DoesNotContain("I look at", (await sam.GetAsync($"/tickets/{id}?template=none")).Body.Split("</select>")[^1], StringComparison.Ordinal);

        // For staff alone.
        using var zoe = _server.As(await _here.TokenAsync("zoe"));
        Assert.DoesNotContain("I look at", (await zoe.GetAsync($"/tickets/{id}?template=looking")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_may_stand_on_the_site_that_the_plan_names_and_no_other_page_may()
    {
        using var anybody = _server.As(null);
        foreach (var path in new[] { "/feedback", "/feedback/track" })
        {
            var form = (await anybody.GetAsync(path)).Expect(HttpStatusCode.OK);
            Assert.EndsWith("frame-ancestors 'self' https://www.registry.example", form.Headers["Content-Security-Policy"], StringComparison.Ordinal);
            Assert.False(form.Headers.ContainsKey("X-Frame-Options"));
        }

        foreach (var path in new[] { "/sign-in", "/nonsense", "/assets/site.css" })
        {
            var other = await anybody.GetAsync(path);
            Assert.EndsWith("frame-ancestors 'none'", other.Headers["Content-Security-Policy"], StringComparison.Ordinal);
            Assert.Equal("DENY", other.Headers["X-Frame-Options"]);
        }
    }

    [Fact]
    public async Task The_pages_wear_the_colour_of_the_plan_and_keep_it_until_it_changes()
    {
        using var anybody = _server.As(null);
        var page = (await anybody.GetAsync("/feedback")).Body;
        var style = System.Text.RegularExpressions.Regex.Match(page, "/assets/brand\\.css\\?v=[0-9a-f]{12}").Value;
        var answer = (await anybody.GetAsync(style)).Expect(HttpStatusCode.OK);
        Assert.Equal(("text/css", ":root { --top: #0b4f6c; --accent: #0b4f6c; }\n", "public, max-age=31536000, immutable"), (answer.Type, answer.Body, answer.Headers["Cache-Control"]));
        Assert.Equal("public, max-age=300", (await anybody.GetAsync("/assets/brand.css?v=old")).Headers["Cache-Control"]);
        (await anybody.GetAsync("/assets/logo.svg")).Expect(HttpStatusCode.NotFound);
    }

    private static string QuickYaml() => new QuickPlan().Yaml
        .Replace("timeZone: Etc/UTC", "timeZone: Etc/UTC, brand: { colour: \"#0b4f6c\" }", StringComparison.Ordinal)
        .Replace("    introduction: Tell us.", "    introduction: Tell us.\n    embeddedBy: [https://www.registry.example]", StringComparison.Ordinal)
        .Replace("  feedback:\n", "  templates: [{ id: looking, name: We look, text: \"I look at {ticket}, {title}. {me}\" }]\n  feedback:\n", StringComparison.Ordinal);
}
