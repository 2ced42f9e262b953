using System.Diagnostics;
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
using Microsoft.Extensions.Logging;

namespace Maintenance.Web.Http;

/// <summary>What happens to every request on both hosts: headers, identity, rights, the route's handler, and one answer for each kind of failure.</summary>
public sealed class MaintenanceHttp(Endpoints endpoints, IAuthentication authentication, ActivePlan plan, ILogger<MaintenanceHttp> log)
{
    /// <summary>Answers a request to a route.</summary>
    public async Task<IResult> RunAsync(Route route, HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(http);
        SetHeaders(http.Response.Headers);
        if (!HasHost(http))
        {
            return Answer(route, http, HttpProblemException.BadRequest("The Host header names no host."));
        }

        try
        {
            var caller = await authentication.AuthenticateAsync(http);
            if (Refuse(route, http, caller) is { } refused)
            {
                return refused;
            }

            return await route.Handler(endpoints, http, caller);
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

    /// <summary>The answer to a request that no route takes: 405 where there is one for another method, else 404.</summary>
    public IResult NotFound(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        SetHeaders(http.Response.Headers);
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
        if (caller is { IsAmbient: true } && !HttpMethods.IsGet(route.Method) && IsCrossSite(http.Request))
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
                return TypedResults.Redirect(authentication.SignInAddress ?? "/sign-in");
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

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
