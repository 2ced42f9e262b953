using Maintenance.Access;
using Maintenance.Plan;
using Maintenance.Web.Http;
using Maintenance.Web.Notifications;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>Which credential to issue.</summary>
/// <param name="Kind">token or signIn.</param>
public sealed record CredentialRequest(CredentialKind Kind);

/// <summary>What a person signs out of.</summary>
/// <param name="Credential">The id of one session, link or token; left out for every session and link.</param>
public sealed record SignOutRequest(string? Credential = null);

/// <summary>Signing in with a link that works once, and out again: here, elsewhere, everywhere.</summary>
/// <param name="access">Knows the secrets.</param>
/// <param name="authentication">The host's way of recognising callers.</param>
/// <param name="plan">The plan that runs.</param>
/// <param name="links">Where people reach the pages.</param>
/// <param name="letters">Mails links; null where the host does not.</param>
public sealed class SignInEndpoints(
    AccessService access, IAuthentication authentication, ActivePlan plan, PublicAddress links, SignInLetters? letters = null)
{
    private const string Spent = "This link has been used or is older than fifteen minutes. Ask for a new one.";

    /// <summary>Shows who would be signed in. Looking spends nothing, so that a mail program's preview does not use the link up.</summary>
    public async Task<IResult> PageAsync(HttpContext http)
    {
        var to = ReturnPath.Checked(http.Request.Query["to"]);
        if (authentication.SignInAddress(to) is { } elsewhere)
        {
            return TypedResults.Redirect(elsewhere);
        }

        var code = http.Request.Query["code"].ToString();
        var person = await access.RecogniseAsync(CredentialKind.SignIn, code, http.RequestAborted);
        return Page(code, person, code.Length > 0 && person is null ? Spent : null, to);
    }

    /// <summary>Signs in.</summary>
    public async Task<IResult> SignInAsync(HttpContext http)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var to = ReturnPath.Checked(form.GetValueOrDefault("to"));
        if (await access.RedeemAsync(CredentialKind.SignIn, form.GetValueOrDefault("code", ""), http.RequestAborted) is not { } id || plan.Current.FindPerson(id) is not { } person)
        {
            return Page("", null, Spent, to);
        }

        var session = await access.IssueAsync(CredentialKind.Session, person.Id, http.RequestAborted, BrowserName.Of(http.Request.Headers.UserAgent.ToString()));
        SessionCookie.Set(http, session, AccessService.Validity(CredentialKind.Session));
        http.Features.Set(new Signed(person));
        return TypedResults.Redirect(to);
    }

    /// <summary>Has a link sent to whoever has this mail address in the plan. The answer is the same for everybody.</summary>
    public async Task<IResult> AskLinkAsync(HttpContext http)
    {
        if (letters is not { IsOffered: true })
        {
            throw HttpProblemException.NotFound("Links are not sent by mail here.");
        }

        var form = await RequestBody.ReadFormAsync(http);
        var (address, to) = (form.GetValueOrDefault("email", "").Trim(), ReturnPath.Checked(form.GetValueOrDefault("to")));
        if (address.Length is 0 or > 200 || !address.Contains('@', StringComparison.Ordinal))
        {
            return Page("", null, "Type the mail address that the plan has of you.", to, StatusCodes.Status422UnprocessableEntity);
        }

        letters.Ask(address, to);
        return new PageResult<SignInPage>(Parameters("", null, null, to, isAsked: true));
    }

    /// <summary>Signs out.</summary>
    public async Task<IResult> SignOutAsync(HttpContext http)
    {
        if (SessionCookie.Read(http) is { } session)
        {
            await access.RevokeAsync(CredentialKind.Session, session, http.RequestAborted);
        }

        SessionCookie.Clear(http);
        return TypedResults.Redirect(authentication.SignOutAddress ?? "/sign-in");
    }

    /// <summary>The page of a person: who they are here, and where they are signed in.</summary>
    public async Task<IResult> MePageAsync(HttpContext http, Caller caller) => new PageResult<MePage>(new(StringComparer.Ordinal)
    {
        ["Caller"] = caller,
        ["Plan"] = plan.Current,
        ["Credentials"] = await ListAsync(http, caller),
        ["SignOutAddress"] = authentication.SignOutAddress,
    });

    /// <summary>Where the caller is signed in, and their tokens: newest first, without the secrets.</summary>
    public async Task<IResult> CredentialsAsync(HttpContext http, Caller caller) => Requests.Ok(await ListAsync(http, caller));

    /// <summary>Ends a session, a link or a token of the caller's, or every session and link of theirs.</summary>
    public async Task<IResult> SignOutElsewhereAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync(http, new SignOutRequest());
        return Requests.Ok(new Revoked(caller.Id, await EndAsync(http, caller, request.Credential)));
    }

    /// <summary>The same by a button.</summary>
    public async Task<IResult> SignOutElsewhereFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var one = form.GetValueOrDefault("credential", "") is { Length: > 0 } id ? id : null;
        _ = await EndAsync(http, caller, one);
        if (one is null)
        {
            SessionCookie.Clear(http);
        }

        return TypedResults.Redirect("/me");
    }

    /// <summary>
    /// Issues a token or a sign-in link for a person: 201, shown this once. Only the operator of the machine may, since whoever holds a person's token votes in
    /// that person's name.
    /// </summary>
    public async Task<IResult> IssueAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync<CredentialRequest>(http);
        if (caller.Person is not null)
        {
            throw HttpProblemException.Forbidden("Only the operator, on the machine itself, issues tokens and sign-in links: they stand for the person in every vote.");
        }

        var id = http.PathValue("id");
        var person = plan.Current.FindPerson(id) ?? throw NoPerson(id);
        if (request.Kind == CredentialKind.Session)
        {
            throw HttpProblemException.BadRequest("A session begins by signing in; ask for a token or a signIn link.");
        }

        if (request.Kind == CredentialKind.CalendarFeed)
        {
            throw HttpProblemException.BadRequest("Everybody makes the address of their calendar feed on the calendar's page; ask for a token or a signIn link.");
        }

        var secret = await access.IssueAsync(request.Kind, person.Id, http.RequestAborted);

        // The operator asks on the machine itself; the link is for somebody who may be elsewhere.
        var page = "/sign-in?code=" + secret;
        var link = links.IsGiven ? links.Of(page).ToString() : $"{http.Request.Scheme}://{http.Request.Host}{page}";
        return Requests.Created(http, "/api/people/" + person.Id, new Issued(person.Id, secret, link));
    }

    /// <summary>
    /// Makes every token, session and sign-in link of a person invalid. Administrators may, too: it only takes away. The person need not be in the plan any more.
    /// </summary>
    public async Task<IResult> RevokeAsync(HttpContext http)
    {
        var id = http.PathValue("id");
        var count = await access.RevokeAllAsync(id, http.RequestAborted);
        return count > 0 || plan.Current.FindPerson(id) is not null ? Requests.Ok(new Revoked(id, count)) : throw NoPerson(id);
    }

    private HttpProblemException NoPerson(string id) =>
        HttpProblemException.NotFound($"The plan has no person '{id}'. {Nearest.Hint(id, plan.Current.People.Select(static p => p.Id))}".TrimEnd());

    private sealed record Issued(string Person, string Secret, string Link);

    private sealed record Revoked(string Person, int Count);

    private async Task<IReadOnlyList<CredentialLine>> ListAsync(HttpContext http, Caller caller) =>
        caller.Person is { } person ? await access.ListAsync(person.Id, SecretOf(http), http.RequestAborted) : [];

    private static string? SecretOf(HttpContext http) =>
        http.Request.Headers.Authorization.ToString() is { Length: > 7 } header ? header["Bearer ".Length..].Trim() : SessionCookie.Read(http);

    private async Task<int> EndAsync(HttpContext http, Caller caller, string? credential)
    {
        var person = caller.Person ?? throw HttpProblemException.Forbidden("The operator of the machine has no sessions; a person's are ended with 'token revoke <person>'.");
        return credential is null ? await access.SignOutEverywhereAsync(person.Id, http.RequestAborted)
            : await access.RevokeOneAsync(person.Id, credential, http.RequestAborted) ? 1
            : throw HttpProblemException.NotFound("You have no such session, link or token, or no longer.");
    }

    private PageResult<SignInPage> Page(string code, string? person, string? error, string to, int refused = StatusCodes.Status403Forbidden) =>
        new(Parameters(code, person, error, to, isAsked: false), error is null ? StatusCodes.Status200OK : refused);

    private Dictionary<string, object?> Parameters(string code, string? person, string? error, string to, bool isAsked) => new(StringComparer.Ordinal)
    {
        ["Plan"] = plan.Current,
        ["Code"] = code,
        ["To"] = to,
        ["Person"] = person is null ? null : plan.Current.FindPerson(person),
        ["Error"] = error,
        ["IsMailed"] = letters is { IsOffered: true },
        ["IsAsked"] = isAsked,
    };
}
