using System.Net;
using System.Text.RegularExpressions;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Where people are signed in: links by mail, coming back to the page that was asked for, signing out elsewhere, and what other sites cannot make a browser do.</summary>
[Collection("End to end: surface")]
public sealed partial class SignedInTests(RunningRegister register) : IClassFixture<RunningRegister>
{
    [Fact]
    public async Task Somebody_asks_for_a_link_by_mail_gets_it_alone_and_comes_to_the_page_they_wanted()
    {
        await using var mails = new MailSink();
        await using var here = new Installation(new QuickPlan { MailPort = mails.Port }.Yaml);
        await using var server = await here.ServeAsync();
        using var browser = server.As(null);
        var there = (await browser.GetAsync("/tickets?state=all")).Expect(HttpStatusCode.Found).Headers["Location"];
        Assert.Equal("/sign-in?to=%2Ftickets%3Fstate%3Dall", there);
        Assert.Contains("""name="email""", (await browser.GetAsync(there)).Body, StringComparison.Ordinal);

        var known = (await browser.FormAsync("/sign-in/links", [("email", " ADA@registry.example "), ("to", "/tickets?state=all")])).Expect(HttpStatusCode.OK);
        var unknown = (await browser.FormAsync("/sign-in/links", [("email", "nobody@registry.example"), ("to", "/tickets?state=all")])).Expect(HttpStatusCode.OK);
        Assert.Equal(known.Body, unknown.Body);
        await Eventually.HoldsAsync(() => mails.Mails.Count == 1);
        var link = LinkRegex().Match(mails.Mails[0].Body).Value;
        Assert.Contains("ada@registry.example", mails.Mails[0].Recipients.Single(), StringComparison.Ordinal);
        var path = link[link.IndexOf("/sign-in", StringComparison.Ordinal)..];
        Assert.Contains("Ada Adler", (await browser.GetAsync(path)).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);

        // No record holds it, so that whoever may read what was sent cannot sign in with it.
        var code = CodeRegex().Match(link).Value;
        Assert.Equal(0, here.Scalar($"SELECT count(*) FROM records WHERE json LIKE '%{code}%'"));
        Assert.DoesNotContain(code, server.Log, StringComparison.Ordinal);
        Assert.Equal("/tickets?state=all", (await browser.FormAsync("/sign-in", [("code", code), ("to", "/tickets?state=all")])).Expect(HttpStatusCode.Found).Headers["Location"]);
    }

    [Fact]
    public async Task A_mailbox_is_not_filled_by_others_and_a_bad_address_is_said_to_be_one()
    {
        await using var mails = new MailSink();
        await using var here = new Installation(new QuickPlan { MailPort = mails.Port }.Yaml);
        await using var server = await here.ServeAsync("--sign-in-rate", "0");
        using var browser = server.As(null);
        for (var ask = 0; ask < 5; ask++)
        {
            (await browser.FormAsync("/sign-in/links", [("email", "sam@registry.example")])).Expect(HttpStatusCode.OK);
        }

        (await browser.FormAsync("/sign-in/links", [("email", "ada@registry.example")])).Expect(HttpStatusCode.OK);
        await Eventually.HoldsAsync(() => mails.Mails.Any(static mail => mail.Recipients.Any(static one => one.Contains("ada@", StringComparison.Ordinal))));
        Assert.Equal(3, mails.Mails.Count(static mail => mail.Recipients.Any(static one => one.Contains("sam@", StringComparison.Ordinal))));
        foreach (var bad in new[] { "", "ada", new string('a', 300) + "@b" })
        {
            Assert.Contains("Type the mail address", (await browser.FormAsync("/sign-in/links", [("email", bad)])).Expect(HttpStatusCode.UnprocessableEntity).Body, StringComparison.Ordinal);
        }

        // Without a relay there is no such thing.
        using var other = register.Server.As(null);
        (await other.FormAsync("/sign-in/links", [("email", "ada@registry.example")])).Expect(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("tickets")]
    [InlineData("/a\r\nSet-Cookie: x=y")]
    [InlineData("")]
    public async Task Nobody_is_led_to_another_site_by_signing_in(string to)
    {
        using var browser = register.Server.As(null);
        var code = (await register.Server.Operator.PostAsync("/api/people/sam/credentials", new { kind = "signIn" })).Json.GetProperty("secret").GetString()!;
        Assert.Equal("/", (await browser.FormAsync("/sign-in", [("code", code), ("to", to)])).Expect(HttpStatusCode.Found).Headers["Location"]);
    }

    [Fact]
    public async Task Who_signs_out_everywhere_is_out_everywhere_and_keeps_the_tokens_of_programs()
    {
        using var browser = register.Server.As(null);
        var sessions = new List<(string, string)>();
        for (var one = 0; one < 3; one++)
        {
            sessions.Add(("Cookie", await register.SessionAsync("lee")));
        }

        var token = (await register.Server.Operator.PostAsync("/api/people/lee/credentials", new { kind = "token" })).Json.GetProperty("secret").GetString()!;
        using var program = register.Server.As(token);
        var page = (await browser.GetAsync("/me", sessions[0])).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("this one", page, StringComparison.Ordinal);
        var listed = (await program.GetAsync("/api/me/credentials")).Json.EnumerateArray().ToList();
        Assert.Equal(4, listed.Count);
        Assert.Single(listed, static one => one.GetProperty("isThis").GetBoolean() && one.GetProperty("kind").GetString() == "token");

        // One of them alone first: the oldest session.
        var oldest = listed.Last(static one => one.GetProperty("kind").GetString() == "session").GetProperty("id").GetString()!;
        (await browser.FormAsync("/me/sign-outs", [("credential", oldest)], sessions[1])).Expect(HttpStatusCode.Found);
        (await browser.GetAsync("/me", sessions[0])).Expect(HttpStatusCode.Found);
        (await browser.GetAsync("/me", sessions[2])).Expect(HttpStatusCode.OK);

        // Nobody ends what is somebody else's.
        using var kim = register.Server.As(register.TokenOf("kim"));
        (await kim.PostAsync("/api/me/sign-outs", new { credential = listed[0].GetProperty("id").GetString() })).Expect(HttpStatusCode.NotFound);
        (await register.Server.Operator.PostAsync("/api/me/sign-outs", new { })).Expect(HttpStatusCode.Forbidden);

        (await browser.FormAsync("/me/sign-outs", [], sessions[1])).Expect(HttpStatusCode.Found);
        foreach (var session in sessions)
        {
            (await browser.GetAsync("/me", session)).Expect(HttpStatusCode.Found);
        }

        (await program.GetAsync("/api/me")).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task Another_site_makes_a_browser_do_nothing_not_even_sign_in_or_out(string header, string value)
    {
        using var browser = register.Server.As(null);
        var session = ("Cookie", await register.SessionAsync("sam"));
        var code = (await register.Server.Operator.PostAsync("/api/people/sam/credentials", new { kind = "signIn" })).Json.GetProperty("secret").GetString()!;
        foreach (var (path, field) in new[] { ("/sign-in", ("code", code)), ("/sign-out", ("a", "b")), ("/me/sign-outs", ("a", "b")), ("/tickets", ("title", "Theirs")) })
        {
            (await browser.FormAsync(path, [field], session, (header, value))).Expect(HttpStatusCode.Forbidden);
        }

        (await browser.GetAsync("/me", session)).Expect(HttpStatusCode.OK);
        (await browser.FormAsync("/sign-in", [("code", code)], ("Sec-Fetch-Site", "same-origin"))).Expect(HttpStatusCode.Found);

        // The public's form may stand on the organisation's own site.
        (await browser.FormAsync("/feedback", [("kind", "question"), ("message", "From elsewhere")], (header, value))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_link_in_a_mail_that_is_read_on_the_web_finds_the_session_although_its_cookie_is_kept_back_at_first()
    {
        using var browser = register.Server.As(null);
        var first = (await browser.GetAsync("/tickets/T-1001", ("Sec-Fetch-Site", "cross-site"))).Expect(HttpStatusCode.OK);
        Assert.Equal("0", first.Headers["Refresh"]);
        Assert.DoesNotContain("T-1001", first.Body, StringComparison.Ordinal);
        Assert.Equal("/sign-in?to=%2Ftickets%2FT-1001", (await browser.GetAsync("/tickets/T-1001", ("Sec-Fetch-Site", "same-origin"))).Expect(HttpStatusCode.Found).Headers["Location"]);
    }

    [Fact]
    public async Task Who_guesses_tokens_has_to_wait_and_who_has_one_does_not()
    {
        await using var here = new Installation(new QuickPlan().Yaml);
        await using var server = await here.ServeAsync("--sign-in-rate", "10");
        using var guesser = server.As("mf_0123456789");
        var answers = new List<Answer>();
        for (var guess = 0; guess < 12; guess++)
        {
            answers.Add(await guesser.GetAsync("/api/me"));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, answers[0].Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1].Status);
        Assert.InRange(int.Parse(answers[^1].Headers["Retry-After"]), 1, 60);
        (await server.Operator.GetAsync("/api/me")).Expect(HttpStatusCode.OK);
        using var browser = server.As(null);
        (await browser.FormAsync("/sign-in", [("code", "mi_00")])).Expect(HttpStatusCode.TooManyRequests);
        (await browser.GetAsync("/feedback")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Behind_a_proxy_with_TLS_the_cookie_is_bound_to_this_host_and_the_browser_stays_with_TLS()
    {
        using var browser = register.Server.As(null);
        var tls = ("X-Forwarded-Proto", "https");
        var code = (await register.Server.Operator.PostAsync("/api/people/sam/credentials", new { kind = "signIn" })).Json.GetProperty("secret").GetString()!;
        var answer = (await browser.FormAsync("/sign-in", [("code", code)], tls)).Expect(HttpStatusCode.Found);
        Assert.Matches("^__Host-maintenance-session=ms_[0-9a-f]+; max-age=\\d+; path=/; secure; samesite=strict; httponly$", answer.Headers["Set-Cookie"]);
        Assert.Equal("max-age=31536000", answer.Headers["Strict-Transport-Security"]);
        var session = ("Cookie", answer.Headers["Set-Cookie"].Split(';')[0]);
        (await browser.GetAsync("/me", session, tls)).Expect(HttpStatusCode.OK);

        // Without TLS that name is anybody's.
        (await browser.GetAsync("/me", session)).Expect(HttpStatusCode.Found);
    }

    [GeneratedRegex("http://\\S+")]
    private static partial Regex LinkRegex();

    [GeneratedRegex("mi_[0-9a-f]+")]
    private static partial Regex CodeRegex();
}
