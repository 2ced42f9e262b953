using Maintenance.BrowserTests.Browsing;
using Maintenance.Tests.EndToEnd;
using Microsoft.Playwright;

namespace Maintenance.BrowserTests.Journeys;

/// <summary>Signing in by a link that works once, and out again.</summary>
[Collection(JourneysGroup.Name)]
public sealed class SignInJourneyTests(Browsers browsers)
{
    [BrowserTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_signs_in_once_and_after_signing_out_the_session_opens_nothing(bool hasScript)
    {
        var look = new Look { HasScript = hasScript };
        await using var here = new Installation(new QuickPlan().Yaml);
        await using var server = await here.ServeAsync("--feedback-rate", "0", "--sign-in-rate", "0");
        await using var visit = await browsers.OpenAsync(server, look);

        // Whoever is not signed in is asked to.
        await visit.Page.GotoAsync("/tickets");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Sign in");
        var link = await Browsers.LinkAsync(server, "sam");
        await visit.Page.GotoAsync(link);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Sam Sorell");
        await visit.FollowAsync(visit.Button("^sign in$"));
        Assert.Equal("/", new Uri(visit.Page.Url).AbsolutePath);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Banner)).ToContainTextAsync("Sam Sorell");

        // No script of a page reads the cookie, and no other site has the browser send it.
        var cookies = await visit.CookiesAsync();
        Assert.All(cookies, static cookie => Assert.True(cookie is { HttpOnly: true, SameSite: SameSiteAttribute.Strict }));
        Assert.NotEmpty(cookies);

        // The link has been used.
        await using var other = await browsers.OpenAsync(server, look);
        other.Expect(403);
        await other.Page.GotoAsync(link);
        await Assertions.Expect(other.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("has been used");

        await visit.FollowAsync(visit.Button("^sign out"));
        Assert.Equal("/sign-in", new Uri(visit.Page.Url).AbsolutePath);

        // Nor does the cookie open anything where a browser kept it.
        await visit.RestoreCookiesAsync(cookies);
        await visit.Page.GotoAsync("/tickets");
        Assert.Equal("/sign-in", new Uri(visit.Page.Url).AbsolutePath);
        await visit.EndAsync();
        await other.EndAsync();
    }
}
