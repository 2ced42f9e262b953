using System.Net;
using System.Text.RegularExpressions;
using Maintenance.Web.Http;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Signing in with a link that works once, and the pages behind it.</summary>
[Collection("End to end: surface")]
public sealed partial class SignInTests(RunningRegister register) : IClassFixture<RunningRegister>
{
    [Fact]
    public async Task The_link_of_the_first_start_signs_an_administrator_in_once_and_looking_at_it_spends_nothing()
    {
        using var browser = register.Server.As(null);
        for (var look = 0; look < 2; look++)
        {
            var page = (await browser.GetAsync("/sign-in?code=" + register.FirstCode)).Expect(HttpStatusCode.OK);
            Assert.Contains("Ada Adler", page.Body, StringComparison.Ordinal);
            Assert.False(page.Headers.ContainsKey("Set-Cookie"));
        }

        var signedIn = (await browser.FormAsync("/sign-in", [("code", register.FirstCode)])).Expect(HttpStatusCode.Found);
        Assert.Equal("/", signedIn.Headers["Location"]);
        var cookie = signedIn.Headers["Set-Cookie"].ToLowerInvariant();
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.Contains("path=/", cookie, StringComparison.Ordinal);
        var session = signedIn.Headers["Set-Cookie"].Split(';')[0];
        Assert.Contains("Ada Adler", (await browser.GetAsync("/", ("Cookie", session))).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);

        // Once.
        Assert.DoesNotContain("Ada Adler", (await browser.GetAsync("/sign-in?code=" + register.FirstCode)).Expect(HttpStatusCode.Forbidden).Body, StringComparison.Ordinal);
        Assert.False((await browser.FormAsync("/sign-in", [("code", register.FirstCode)])).Expect(HttpStatusCode.Forbidden).Headers.ContainsKey("Set-Cookie"));

        // Signing out ends the session itself, not only the browser's memory of it.
        (await browser.FormAsync("/sign-out", [], ("Cookie", session))).Expect(HttpStatusCode.Found);
        Assert.Equal("/sign-in", (await browser.GetAsync("/", ("Cookie", session))).Expect(HttpStatusCode.Found).Headers["Location"]);
        (await browser.GetAsync("/api/me", ("Cookie", session))).Expect(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Of_two_who_use_a_link_at_the_same_time_one_is_signed_in()
    {
        using var browser = register.Server.As(null);
        for (var round = 0; round < 5; round++)
        {
            var code = (await register.Server.Operator.PostAsync("/api/people/sam/credentials", new { kind = "signIn" })).Json.GetProperty("secret").GetString()!;
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => browser.FormAsync("/sign-in", [("code", code)])));
            Assert.Single(answers, static answer => answer.Headers.ContainsKey("Set-Cookie"));
        }
    }

    [Fact]
    public async Task One_kind_of_secret_is_never_taken_for_another()
    {
        using var browser = register.Server.As(null);
        var session = (await register.SessionAsync("ada")).Split('=')[1];
        (await browser.GetAsync("/api/me", ("Authorization", "Bearer " + session))).Expect(HttpStatusCode.Unauthorized);
        foreach (var other in new[] { register.TokenOf("ada"), register.Here.OperatorToken, "", "ms_" })
        {
            (await browser.GetAsync("/api/me", ("Cookie", "maintenance-session=" + other))).Expect(HttpStatusCode.Unauthorized);
            (await browser.FormAsync("/sign-in", [("code", other)])).Expect(HttpStatusCode.Forbidden);
        }

        // A request that names an identity is not taken for another one, even where a cookie would do.
        (await browser.GetAsync("/api/me", ("Authorization", "Bearer nonsense"), ("Cookie", "maintenance-session=" + session))).Expect(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_secret_that_has_expired_opens_nothing()
    {
        var secrets = new Dictionary<string, string>();
        foreach (var kind in new[] { "token", "signIn" })
        {
            secrets[kind] = (await register.Server.Operator.PostAsync("/api/people/max/credentials", new { kind })).Json.GetProperty("secret").GetString()!;
        }

        using var max = register.Server.As(secrets["token"]);
        using var browser = register.Server.As(null);
        var session = await register.SessionAsync("max");
        (await max.GetAsync("/api/me")).Expect(HttpStatusCode.OK);
        (await browser.GetAsync("/", ("Cookie", session))).Expect(HttpStatusCode.OK);
        Assert.Equal(3, register.Here.Execute("UPDATE records SET json = json_set(json, '$.expiresAt', '2020-01-01T00:00:00Z') WHERE tbl = 'access' AND json_extract(json, '$.person') = 'max'"));
        (await max.GetAsync("/api/me")).Expect(HttpStatusCode.Unauthorized);
        (await browser.GetAsync("/", ("Cookie", session))).Expect(HttpStatusCode.Found);
        (await browser.FormAsync("/sign-in", [("code", secrets["signIn"])])).Expect(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Who_leaves_the_plan_is_signed_out_and_their_token_opens_nothing()
    {
        await using var here = new Installation(new QuickPlan().Yaml);
        await using var server = await here.ServeAsync();
        using var zoe = server.As(await here.TokenAsync("zoe"));
        using var browser = server.As(null);
        var code = (await here.RunAsync(0, "token", "sign-in", "zoe")).Output.Trim().Split("code=")[1];
        var session = (await browser.FormAsync("/sign-in", [("code", code)])).Headers["Set-Cookie"].Split(';')[0];
        Assert.Equal("zoe", (await zoe.GetAsync("/api/me")).Json.GetProperty("id").GetString());
        (await browser.GetAsync("/", ("Cookie", session))).Expect(HttpStatusCode.OK);

        here.WritePlan(new QuickPlan { MorePeople = [] }.Yaml);
        await Eventually.HoldsAsync(() => browser.GetAsync("/", ("Cookie", session)), static answer => answer.Status == HttpStatusCode.Found);
        (await zoe.GetAsync("/api/me")).Expect(HttpStatusCode.Unauthorized);

        // Back in the plan with another role, the same person has that role and no more.
        here.WritePlan(new QuickPlan { MorePeople = ["  - { id: zoe, name: Zoe Zimmer, roles: [support] }"] }.Yaml);
        await Eventually.HoldsAsync(() => zoe.GetAsync("/api/me"), static answer => answer.Body.Contains("support", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_page_is_whole_HTML_with_the_headers_that_protect_it_and_without_inline_script_or_style()
    {
        using var browser = register.Server.As(null);
        var session = await register.SessionAsync("ada");

        // The content of a snapshot is a file that its page names.
        foreach (var route in Routes.All.Where(static route => route is { IsApi: false, Method: "GET" } && route != Routes.SnapshotContent))
        {
            // Without its key the feed is no feed, whoever is signed in, but a page that says so.
            var answer = (await browser.GetAsync(register.Fill(route.Pattern), ("Cookie", session))).Expect(route.Name == nameof(Routes.CalendarFeed) ? HttpStatusCode.Forbidden : HttpStatusCode.OK);
            CheckHeaders(route.Name, answer);
            if (route.Name == nameof(Routes.Asset))
            {
                Assert.Equal("text/css", answer.Type);
                continue;
            }

            CheckPage(route.Name, answer);
        }

        foreach (var path in new[] { "/nonsense", "/tickets/T-9", "/tickets" })
        {
            var answer = await browser.GetAsync(path, ("Cookie", session));
            CheckHeaders(path, answer);
            CheckPage(path, answer);
        }

        // What people wrote is shown as text.
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", (await browser.GetAsync("/tickets", ("Cookie", session))).Body, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", (await browser.GetAsync("/", ("Cookie", session))).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_form_does_what_it_says_and_shows_what_is_wrong_where_it_is()
    {
        using var browser = register.Server.As(null);
        (string, string) session = ("Cookie", await register.SessionAsync("ada"));
        (await browser.FormAsync("/backups/files/runs", [], session)).Expect(HttpStatusCode.Found);
        (await browser.FormAsync("/tickets/T-1002/responses", [("text", "")], session)).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("/tickets/T-1002", (await browser.FormAsync("/tickets/T-1002/responses", [("text", "By the page\r\nin two lines")], session)).Expect(HttpStatusCode.Found).Headers["Location"]);
        (await browser.FormAsync("/tickets/T-1002/resolution", [("text", "Solved")], session)).Expect(HttpStatusCode.Found);
        (await browser.FormAsync("/tickets/T-1002/resolution", [("text", "Again")], session)).Expect(HttpStatusCode.Conflict);
        Assert.Contains("in two lines", (await browser.GetAsync("/tickets/T-1002", session)).Body, StringComparison.Ordinal);
        (await browser.FormAsync($"/patches/{register.Patch}/votes", [("choice", "approve")], session)).Expect(HttpStatusCode.UnprocessableEntity);
        (await browser.FormAsync("/dead-letters", [("queue", "feedback"), ("id", "none")], session)).Expect(HttpStatusCode.NotFound);
        (await browser.FormAsync("/feedback", [("kind", "question")])).Expect(HttpStatusCode.UnprocessableEntity);
        (await browser.FormAsync("/feedback", [("kind", "question"), ("message", "x"), ("website", "spam")])).Expect(HttpStatusCode.OK);
        var thanks = (await browser.FormAsync("/feedback", [("kind", "question"), ("message", "By the form")])).Expect(HttpStatusCode.OK);
        var codes = CodeRegex().Matches(thanks.Body).Select(static match => match.Groups[1].Value).ToList();
        Assert.Equal(2, codes.Count);
        (await browser.FormAsync("/feedback/track", [("reference", codes[0]), ("code", codes[1])])).Expect(HttpStatusCode.OK);
        (await browser.FormAsync("/feedback/track", [("reference", codes[0]), ("code", "0000-0000-0000")])).Expect(HttpStatusCode.NotFound);
        Assert.DoesNotContain("fail:", register.Server.Log, StringComparison.Ordinal);
    }

    private static void CheckHeaders(string page, Answer answer)
    {
        Assert.True(answer.Headers.GetValueOrDefault("Content-Security-Policy", "").StartsWith("default-src 'none'", StringComparison.Ordinal), page);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal("same-origin", answer.Headers["Referrer-Policy"]);
        Assert.True(answer.Headers.ContainsKey("Cache-Control"), page);
        Assert.False(answer.Headers.ContainsKey("Server"), page);
    }

    private static void CheckPage(string page, Answer answer)
    {
        Assert.True(answer.Type == "text/html" && answer.Body.TrimStart().StartsWith("<!DOCTYPE html>", StringComparison.Ordinal) && answer.Body.TrimEnd().EndsWith("</html>", StringComparison.Ordinal), page);
        Assert.DoesNotMatch("""(?i)<script(?! src="/assets/site\.js\?v=[0-9a-f]+" type="module"></script>)|<style|<iframe|<object| on[a-z]+ *=|javascript:| style *=""", answer.Body);
        Assert.Matches("<html lang=\"[a-z]+\">", answer.Body);
        Assert.Single(Regex.Matches(answer.Body, "<h1"));
    }

    [GeneratedRegex("<code>([^<]+)</code>")]
    private static partial Regex CodeRegex();
}
