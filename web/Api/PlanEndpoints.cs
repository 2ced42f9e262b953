using Maintenance.Calendars;
using Maintenance.Plan;
using Maintenance.Plan.Document;
using Maintenance.Resources;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Maintenance.Web.Api;

/// <summary>The plan as people read it, and who is on duty.</summary>
public sealed class PlanEndpoints(ActivePlan plan, AbsenceService absences, TimeProvider time)
{
    /// <summary>The plan as Markdown.</summary>
    public Task<IResult> DocumentAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Headers.ContentDisposition = "inline; filename=\"plan.md\"";
        return Task.FromResult<IResult>(TypedResults.Text(MarkdownDocument.Write(Document()), "text/markdown; charset=utf-8"));
    }

    /// <summary>The page of the plan: all of it, or one section of <c>?section=</c>.</summary>
    public Task<IResult> PageAsync(HttpContext http, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(http);
        var document = Document();
        var section = http.Request.Query["section"].ToString();
        return section.Length > 0 && document.Find(section) is null
            ? throw HttpProblemException.NotFound($"The plan has no section '{WindowQuery.Short(section)}'. There are: {string.Join(", ", document.Sections.Select(static one => one.Id))}.")
            : Task.FromResult<IResult>(new PageResult<PlanPage>(new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["State"] = plan.State,
                ["Document"] = document,
                ["Section"] = section.Length > 0 ? section : null,
            }));
    }

    /// <summary>Which questions of the phase the plan answers, and what keeps the answers true.</summary>
    public Task<IResult> CoverageAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return Task.FromResult(Requests.Ok(PlanCoverage.Of(plan.Current)));
    }

    /// <summary>The page of the same.</summary>
    public Task<IResult> CoveragePageAsync(HttpContext http, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(http);
        return Task.FromResult<IResult>(new PageResult<CoveragePage>(new(StringComparer.Ordinal) { ["Caller"] = caller, ["Plan"] = plan.Current, ["Answers"] = PlanCoverage.Of(plan.Current) }));
    }

    /// <summary>Who is on duty at <c>?at=</c>; now where left out.</summary>
    public async Task<IResult> OnDutyAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return Requests.Ok(await OnDutyAsync(http.QueryInstant("at") ?? time.GetUtcNow(), http.RequestAborted));
    }

    /// <summary>The page of the same, with the local time of <c>?date=&amp;time=</c> in the plan's zone; now where left out.</summary>
    public async Task<IResult> OnDutyPageAsync(HttpContext http, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(http);
        var (now, zone) = (time.GetUtcNow(), plan.Current.System.TimeZone);
        var (date, clock) = (http.Request.Query["date"].ToString(), http.Request.Query["time"].ToString());
        var (at, problem) = (now, (string?)null);
        if (date.Length > 0 || clock.Length > 0)
        {
            var day = NodaTime.Text.LocalDatePattern.Iso.Parse(date);
            var minute = NodaTime.Text.LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(clock.Length == 0 ? "00:00" : clock);
            if (day.Success && minute.Success && day.Value.Year is >= 2000 and < 2200)
            {
                at = Time.WallClock.ToInstant(day.Value + minute.Value, zone).ToDateTimeOffset();
            }
            else
            {
                problem = "Choose a date from 2000 to 2199 and a time, such as 2026-11-22 and 18:30.";
            }
        }

        return new PageResult<OnDutyPage>(
            new(StringComparer.Ordinal) { ["Caller"] = caller, ["Plan"] = plan.Current, ["Now"] = now, ["Duty"] = await OnDutyAsync(at, http.RequestAborted), ["Problem"] = problem },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>Who was, is or will be on duty, with the absences that the running plan has forgotten.</summary>
    private async Task<OnDuty> OnDutyAsync(DateTimeOffset at, CancellationToken cancellation) =>
        DutyRoster.At(await absences.PlanOnAsync(BookingRules.Today(plan.Current, at), cancellation), at);

    private PlanDocument Document() => PlanDocumentWriter.Of(plan.Current, Instant.FromDateTimeOffset(time.GetUtcNow()).InZone(plan.Current.System.TimeZone).Date);
}
