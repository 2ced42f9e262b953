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

/// <summary>Signing in with a link that works once, and out again.</summary>
public sealed class SignInEndpoints(AccessService access, IAuthentication authentication, ActivePlan plan, PublicAddress links)
{
    /// <summary>The name of the session's cookie.</summary>
    public const string Cookie = "maintenance-session";

    /// <summary>Shows who would be signed in. Looking spends nothing, so that a mail program's preview does not use the link up.</summary>
    public async Task<IResult> PageAsync(HttpContext http)
    {
        if (authentication.SignInAddress is { } elsewhere)
        {
            return TypedResults.Redirect(elsewhere);
        }

        var code = http.Request.Query["code"].ToString();
        var person = await access.RecogniseAsync(CredentialKind.SignIn, code, http.RequestAborted);
        return Page(code, person, code.Length > 0 && person is null ? "This link has been used or is older than fifteen minutes. Ask for a new one." : null);
    }

    /// <summary>Signs in.</summary>
    public async Task<IResult> SignInAsync(HttpContext http)
    {
        var form = await RequestBody.ReadFormAsync(http);
        if (await access.RedeemAsync(CredentialKind.SignIn, form.GetValueOrDefault("code", ""), http.RequestAborted) is not { } person)
        {
            return Page("", null, "This link has been used or is older than fifteen minutes. Ask for a new one.");
        }

        var session = await access.IssueAsync(CredentialKind.Session, person, http.RequestAborted);
        http.Response.Cookies.Append(Cookie, session, Options(http, AccessService.Validity(CredentialKind.Session)));
        return TypedResults.Redirect("/");
    }

    /// <summary>Signs out.</summary>
    public async Task<IResult> SignOutAsync(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is { } session)
        {
            await access.RevokeAsync(CredentialKind.Session, session, http.RequestAborted);
        }

        http.Response.Cookies.Delete(Cookie, Options(http, null));
        return TypedResults.Redirect(authentication.SignOutAddress ?? "/sign-in");
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

    private PageResult<SignInPage> Page(string code, string? person, string? error) => new(
        new(StringComparer.Ordinal) { ["Plan"] = plan.Current, ["Code"] = code, ["Person"] = person is null ? null : plan.Current.FindPerson(person), ["Error"] = error },
        error is null ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden);

    private static CookieOptions Options(HttpContext http, TimeSpan? validity) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", MaxAge = validity };
}
