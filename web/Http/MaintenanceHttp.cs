using System.Diagnostics;
using Maintenance.Evidence;
using Maintenance.Notifications;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Rollouts;
using Maintenance.Storage;
using Maintenance.Tickets;
using Maintenance.Tickets.Attachments;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;

namespace Maintenance.Web.Http;

/// <summary>What happens to every request on both hosts: headers, identity, rights, the route's handler, and one answer for each kind of failure.</summary>
/// <param name="endpoints">The handlers.</param>
/// <param name="authentication">Recognises callers.</param>
/// <param name="audit">Where acts are written down.</param>
/// <param name="plan">The plan that runs.</param>
/// <param name="log">The host's log.</param>
/// <param name="failures">How often an address may fail to prove who it is; null for no limit.</param>
public sealed class MaintenanceHttp(Endpoints endpoints, IAuthentication authentication, AuditLog audit, ActivePlan plan, ILogger<MaintenanceHttp> log, SignInLimit? failures = null)
{
    /// <summary>Answers a request to a route.</summary>
    public async Task<IResult> RunAsync(Route route, HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(http);
        SetHeaders(http, route.IsEmbeddable ? plan.StateOrNull?.Plan.Support.Feedback.EmbeddedBy ?? [] : []);
        if (!HasHost(http))
        {
            return Answer(route, http, HttpProblemException.BadRequest("The Host header names no host."));
        }

        try
        {
            var caller = await authentication.AuthenticateAsync(http);
            if (caller is null && SessionCookie.Read(http) is not null)
            {
                // What opens nothing any more is forgotten, so that a page that asks again and again does not count as somebody who guesses.
                SessionCookie.Clear(http);
            }

            return caller is null && IsTooOften(http) is { } wait ? Answer(route, http, TooOften(http, wait))
                : LeavesTrace(route, caller) ? await RunAuditedAsync(route, http, caller)
                : Refuse(route, http, caller) ?? await route.Handler(endpoints, http, caller);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
            return TypedResults.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
        catch (Exception error)
        {
            return Answer(route, http, Classify(error, http));
        }
    }

    /// <summary>Of who proves no identity and is turned away at the door nothing is kept, nor of signing out what is not signed in.</summary>
    private static bool LeavesTrace(Route route, Caller? caller) => route.IsAudited && (caller is not null || (route.Access == RouteAccess.Public && route != Routes.SignOut));

    /// <summary>An act is written down before it is done, also one that is refused.</summary>
    private async Task<IResult> RunAuditedAsync(Route route, HttpContext http, Caller? caller)
    {
        // Counted before anything is read or written, whatever becomes of it: nobody is to fill the log.
        if (caller is null && failures?.Take(ClientAddress.Of(http)) is { } wait)
        {
            return Answer(route, http, TooOften(http, wait));
        }

        var entry = await audit.BeginAsync(caller?.Id ?? AuditEntry.Nobody, caller?.Name, route.Name, Subject(route, http), ClientAddress.Of(http), http.RequestAborted);
        IResult result;
        try
        {
            result = Refuse(route, http, caller) ?? await route.Handler(endpoints, http, caller);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            result = Answer(route, http, Classify(error, http));
        }

        // Signing in says only at its end who it was.
        entry = http.Features.Get<Signed>() is { } signed ? entry with { By = signed.Person.Id, Name = signed.Person.Name } : entry;
        try
        {
            await audit.EndAsync(entry, StatusOf(result));
        }
        catch (Exception error)
        {
            // It is done, and the log has it as begun: to say now that it failed would have it done twice.
            log.LogError(error, "What {Act} came to could not be written into the audit log ({Entry}).", route.Name, entry.Id);
        }

        return result;
    }

    /// <summary>What an act is done to: the path that was asked for, and of the content of a backup which file. Nothing else of a query, which may hold a secret.</summary>
    private static string Subject(Route route, HttpContext http) =>
        route == Routes.SnapshotContent || route == Routes.GetSnapshotContent ? $"{http.Request.Path}?path={http.Request.Query["path"]}" : http.Request.Path.ToString();

    private static int StatusOf(IResult result) => result switch
    {
        IStatusCodeHttpResult { StatusCode: { } status } => status,
        RedirectHttpResult => StatusCodes.Status302Found,
        _ => StatusCodes.Status200OK,
    };

    /// <summary>What claims to prove an identity and does not is counted; a request that claims nothing is not.</summary>
    private TimeSpan? IsTooOften(HttpContext http) =>
        failures is not null && (http.Request.Headers.Authorization.Count > 0 || SessionCookie.Read(http) is not null) ? failures.Take(ClientAddress.Of(http)) : null;

    private static HttpProblemException TooOften(HttpContext http, TimeSpan wait)
    {
        http.Response.Headers.RetryAfter = Requests.Seconds(wait);
        return HttpProblemException.TooMany("Too many tokens or sessions that prove nothing came from your address. Wait a moment.");
    }

    /// <summary>The answer to a request that no route takes: 405 where there is one for another method, else 404.</summary>
    public IResult NotFound(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        SetHeaders(http, []);
        _ = HasHost(http);
        var problem = HttpProblemException.NotFound($"There is nothing at {http.Request.Path}.");
        if (Routes.MethodsOf(http.Request.Path) is { Count: > 0 } methods)
        {
            http.Response.Headers.Allow = string.Join(", ", methods);
            problem = new(StatusCodes.Status405MethodNotAllowed, "The method is not allowed", $"{http.Request.Path} takes {string.Join(" and ", methods)}, not {http.Request.Method}.");
        }

        return http.Request.Path.StartsWithSegments("/api") ? Json(problem) : Page(problem);
    }

    /// <summary>
    /// False where the Host header is none: a port past 65535, say, which the server lets through. Whatever draws a page makes an address of it and would fail, the page that
    /// says so too; so another host stands there then.
    /// </summary>
    private static bool HasHost(HttpContext http)
    {
        if (!http.Request.Host.HasValue || Uri.TryCreate($"{http.Request.Scheme}://{http.Request.Host.Value}/", UriKind.Absolute, out _))
        {
            return true;
        }

        http.Request.Host = new HostString("localhost");
        return false;
    }

    private IResult? Refuse(Route route, HttpContext http, Caller? caller)
    {
        // Also where nobody is signed in: another site could sign its visitors in here as somebody of its choice.
        if ((caller is { IsAmbient: true } || route.IsOwnForm) && !HttpMethods.IsGet(route.Method) && IsCrossSite(http.Request))
        {
            return Answer(route, http, HttpProblemException.Forbidden("The request was sent by another site. Open the page here and try again."));
        }

        if (route.Access == RouteAccess.Public)
        {
            return null;
        }

        if (caller is null)
        {
            if (!route.IsApi)
            {
                // A browser that comes from elsewhere (a link in a mail that is read on the web) keeps its cookie back; asked from here it sends it.
                if (IsCrossSite(http.Request) && HttpMethods.IsGet(route.Method))
                {
                    http.Response.Headers["Refresh"] = "0";
                    return Page(new HttpProblemException(StatusCodes.Status200OK, "One moment", "The page is asked for again, as one of this site's own."));
                }

                var to = ReturnPath.QueryOf(http.Request);
                return TypedResults.Redirect(authentication.SignInAddress(HttpMethods.IsGet(route.Method) ? http.Request.Path + http.Request.QueryString : "/") ?? "/sign-in" + to);
            }

            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Json(new HttpProblemException(StatusCodes.Status401Unauthorized, "Who are you?", "Send a token: Authorization: Bearer mf_… (an administrator issues one with 'maintenance token issue <person>')."));
        }

        var role = route.Access switch { RouteAccess.Support => Roles.Support, RouteAccess.Administrator => Roles.Administrator, _ => null };
        return role is null || caller.Is(role) ? null : Answer(route, http, HttpProblemException.Forbidden($"This needs the role '{role}', which {caller.Name} does not have in the plan."));
    }

    /// <summary>
    /// A browser says where a request comes from, in Sec-Fetch-Site or at least in Origin; a page cannot forge either. Neither means that no browser sent it,
    /// so that there is no cookie of somebody else's in it.
    /// </summary>
    private static bool IsCrossSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
            ? site is not ("same-origin" or "none")
            : request.Headers.Origin.ToString() is { Length: > 0 } origin
                && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));

    private HttpProblemException Classify(Exception error, HttpContext http)
    {
        switch (error)
        {
            case HttpProblemException problem:
                return problem;
            case RecordConflictException:
                return http.Request.Headers.IfMatch.Count > 0
                    ? new(StatusCodes.Status412PreconditionFailed, "Changed meanwhile", "Somebody changed it after you read it. Read it again and repeat your change on the new version.")
                    : new(StatusCodes.Status409Conflict, "Changed meanwhile", "Somebody changed it in the same moment. Try again.");
            case NotificationStateException:
                return new(StatusCodes.Status409Conflict, "The notification was not given up", error.Message);
            case TicketStateException:
                return new(StatusCodes.Status409Conflict, "The ticket's state does not allow it", error.Message);
            case TicketRefusedException:
                return HttpProblemException.Forbidden(error.Message);
            case TicketActException wrong:
                return HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [wrong.Field] = [wrong.Message] });
            case AttachmentTooLargeException:
                return new(StatusCodes.Status413PayloadTooLarge, "The file is too large", error.Message);
            case VoteRefusedException { Refusal: var refusal }:
                return refusal.Kind switch
                {
                    VoteRefusalKind.Closed => new(StatusCodes.Status409Conflict, "It is decided already", refusal.Reason),
                    VoteRefusalKind.Stale => new(StatusCodes.Status409Conflict, "It is another artifact", refusal.Reason),
                    _ => HttpProblemException.Forbidden(refusal.Reason),
                };
            case RolloutStateException:
                return new(StatusCodes.Status409Conflict, "The rollout's state does not allow it", error.Message);
            case RolloutForbiddenException or RecoveryForbiddenException:
                return HttpProblemException.Forbidden(error.Message);
            case RecoveryStateException:
                return new(StatusCodes.Status409Conflict, "The recovery's state does not allow it", error.Message);
            case PlanUnavailableException:
                return new(StatusCodes.Status503ServiceUnavailable, "There is no plan", error.Message);
            default:
                var id = Activity.Current?.Id ?? http.TraceIdentifier;
                log.LogError(error, "{Method} {Path} failed ({TraceId})", http.Request.Method, http.Request.Path, id);
                return new(StatusCodes.Status500InternalServerError, "Something went wrong here", $"The fault is ours, and it is in the log as {id}. Trying again may help.");
        }
    }

    private IResult Answer(Route route, HttpContext http, HttpProblemException problem) => route.IsApi ? Json(problem) : Page(problem);

    private static IResult Json(HttpProblemException problem) =>
        problem.Errors is { } errors
            ? TypedResults.Problem(problem.Message, null, problem.Status, problem.Title, null, new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = errors })
            : TypedResults.Problem(problem.Message, null, problem.Status, problem.Title);

    private IResult Page(HttpProblemException problem)
    {
        var name = plan.StateOrNull?.Plan.System.Name ?? "Maintenance";
        return new PageResult<ErrorPage>(new(StringComparer.Ordinal) { ["System"] = name, ["Title"] = problem.Title, ["Detail"] = problem.Message }, problem.Status);
    }

    /// <param name="http">The request.</param>
    /// <param name="embeddedBy">The sites that may show the page inside their own; none for no site.</param>
    private static void SetHeaders(HttpContext http, IReadOnlyList<string> embeddedBy)
    {
        var headers = http.Response.Headers;
        var ancestors = embeddedBy.Count == 0 ? "'none'" : "'self' " + string.Join(' ', embeddedBy);
        headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}";
        headers.XContentTypeOptions = "nosniff";
        if (embeddedBy.Count == 0)
        {
            headers.XFrameOptions = "DENY";
        }

        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        if (http.Request.IsHttps || ClientAddress.CameByTls(http))
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
    }
}

/// <summary>Who a request turned out to be from, for the audit log.</summary>
/// <param name="Person">The person who has signed in.</param>
internal sealed record Signed(Person Person);
