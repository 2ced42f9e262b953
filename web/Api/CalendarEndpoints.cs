using Maintenance.Access;
using Maintenance.Calendars;
using Maintenance.Plan;
using Maintenance.Web.Http;
using Maintenance.Web.Notifications;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Maintenance.Web.Api;

/// <summary>The maintenance calendar, and its feed for calendar programs.</summary>
public sealed class CalendarEndpoints(CalendarService calendar, AccessService access, ActivePlan plan, PublicAddress links, TimeProvider time)
{
    private const string FeedPath = "/plan/calendar.ics";

    /// <summary>What is planned in the month of <c>?month=2026-11</c>; this one where left out.</summary>
    public async Task<IResult> GetAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var month = Month(http) ?? throw WindowQuery.Wrong("month", "Write a month from 2000 to 2199, such as 2026-11.");
        return Requests.Ok(await calendar.ReadAsync(month, month.AddMonths(1).AddDays(-1), http.RequestAborted));
    }

    /// <summary>The page of a month.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(http);
        var month = Month(http);
        return await PageAsync(http, caller, month ?? Today(), feed: null, month is null ? "That is no month; write one from 2000 to 2199, such as 2026-11." : null);
    }

    /// <summary>
    /// Makes an address of the feed for the caller, in place of the one that they had. It is shown this once, since only its hash is stored: on the answer itself, so that
    /// it stands in no browser's history.
    /// </summary>
    public async Task<IResult> RenewFeedFormAsync(HttpContext http, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(caller);
        if (caller.GuestRefusal is { } refusal)
        {
            throw HttpProblemException.Forbidden(refusal);
        }

        var person = caller.Person ?? throw HttpProblemException.Forbidden("A feed is a person's: sign in as yourself. Programs read /api/plan/calendar.ics with their token.");
        var key = await access.RenewAsync(CredentialKind.CalendarFeed, person.Id, http.RequestAborted);
        return await PageAsync(http, caller, Today(), Address(http, $"{FeedPath}?key={key}"), null);
    }

    /// <summary>The feed, for whoever has a key of somebody in the plan: calendar programs cannot sign in.</summary>
    public async Task<IResult> FeedOfKeyAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var person = await access.RecogniseAsync(CredentialKind.CalendarFeed, http.Request.Query["key"].ToString(), http.RequestAborted);
        return person is not null && plan.Current.FindPerson(person) is not null
            ? await FeedAsync(http)
            : throw HttpProblemException.Forbidden("This address of the feed is not valid any more. Make a new one on the calendar's page.");
    }

    /// <summary>The feed, for programs with a token.</summary>
    public async Task<IResult> FeedAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Headers.ContentDisposition = "inline; filename=\"maintenance.ics\"";
        return TypedResults.Text(await calendar.FeedAsync(path => new Uri(Address(http, path)), http.RequestAborted), "text/calendar; charset=utf-8");
    }

    private async Task<IResult> PageAsync(HttpContext http, Caller caller, DateOnly month, string? feed, string? problem)
    {
        var grid = MonthGrid.Of(month, await calendar.ReadAsync(MonthGrid.First(month), MonthGrid.Last(month), http.RequestAborted));
        var work = await calendar.ReadAsync(grid.Month, grid.Month.AddMonths(1).AddDays(-1), http.RequestAborted);
        return new PageResult<CalendarPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = plan.Current,
                ["Today"] = Today(),
                ["Grid"] = grid,
                ["Work"] = work,
                ["Feed"] = feed,
                ["FeedExpiresAt"] = caller.Person is { } person && !caller.IsGuest ? await access.ExpiryAsync(CredentialKind.CalendarFeed, person.Id, http.RequestAborted) : null,
                ["Problem"] = problem,
            },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>A whole address: as the host was told, or as the caller found it.</summary>
    private string Address(HttpContext http, string path) => links.IsGiven ? links.Of(path).ToString() : $"{(ClientAddress.CameByTls(http) ? "https" : http.Request.Scheme)}://{http.Request.Host}{path}";

    private DateOnly? Month(HttpContext http) => http.Request.Query["month"].ToString() is { Length: > 0 } text ? MonthGrid.Parse(text) : MonthGrid.Parse(Today().ToString("yyyy-MM", null));

    private DateOnly Today() => Instant.FromDateTimeOffset(time.GetUtcNow()).InZone(plan.Current.System.TimeZone).Date.ToDateOnly();
}
