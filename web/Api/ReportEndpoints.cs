using Maintenance.Plan;
using Maintenance.Reports;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>Reports.</summary>
public sealed partial class ReportEndpoints(TicketReportService reports, OperationsReportService operations, MonthCache cache, ActivePlan plan, TimeProvider time)
{
    /// <summary>What is asked for in more words than a page's form has is read anew each time.</summary>
    private const int MostKept = 200;

    /// <summary>How service levels were kept: <c>?from=2026-01&amp;to=2026-11&amp;by=service&amp;service=&amp;priority=&amp;team=</c>; this month and the two before it, by month, where left out.</summary>
    public async Task<IResult> ServiceLevelsAsync(HttpContext http) => Requests.Ok(await ReadAsync(http));

    /// <summary>The same as CSV.</summary>
    public async Task<IResult> ServiceLevelsCsvAsync(HttpContext http) => new CsvResult("service-levels.csv", ReportCsv.Of(await ReadAsync(http)).ToAsyncEnumerable());

    /// <summary>The page of the same.</summary>
    public async Task<IResult> ServiceLevelsPageAsync(HttpContext http, Caller caller)
    {
        TicketReport? report = null;
        string? problem = null;
        try
        {
            // For people it may be half a minute old, since they turn pages; for programs it is as of now.
            var asked = http.Request.QueryString.Value ?? "";
            report = asked.Length > MostKept ? await ReadAsync(http) : await cache.GetAsync($"service-levels {plan.State.Hash} {asked}", isPast: false, () => ReadAsync(http));
        }
        catch (HttpProblemException wrong)
        {
            problem = wrong.Errors?.Values.FirstOrDefault()?[0] ?? wrong.Message;
        }

        return new PageResult<ServiceLevelsPage>(
            new(StringComparer.Ordinal) { ["Caller"] = caller, ["Plan"] = plan.Current, ["Now"] = time.GetUtcNow(), ["Report"] = report, ["Problem"] = problem, ["Query"] = http.Request.Query },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>A person's work: for that person and the leads of their teams.</summary>
    public async Task<IResult> PersonAsync(HttpContext http, Caller caller) => Requests.Ok(await ReadPersonAsync(http, caller));

    /// <summary>The page of the same.</summary>
    public async Task<IResult> PersonPageAsync(HttpContext http, Caller caller) => new PageResult<PersonReportPage>(new(StringComparer.Ordinal)
    {
        ["Caller"] = caller,
        ["Plan"] = plan.Current,
        ["Report"] = await ReadPersonAsync(http, caller),
    });

    private async Task<PersonReport> ReadPersonAsync(HttpContext http, Caller caller)
    {
        var id = http.PathValue("id");

        if (plan.Current.FindPerson(id) is null)
        {
            throw HttpProblemException.NotFound($"The plan has nobody with the id '{(id.Length > 40 ? id[..40] : id)}'.");
        }

        if (!TicketReportService.MaySee(plan.Current, caller.Id, id))
        {
            throw HttpProblemException.Forbidden("A person's figures are for that person and the lead of their team.");
        }

        var (from, to) = Months(http);
        return await ReadAsync(() => reports.ReadPersonAsync(id, from, to, http.RequestAborted));
    }

    private Task<TicketReport> ReadAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var by = query["by"].ToString() switch
        {
            "" or "month" => ReportGrouping.Month,
            "service" => ReportGrouping.Service,
            "priority" => ReportGrouping.Priority,
            "team" => ReportGrouping.Team,
            _ => throw Wrong("by", "Choose one of: month, service, priority, team."),
        };
        var (from, to) = Months(http);
        var (service, priority, team) = (query["service"].ToString(), query["priority"].ToString(), query["team"].ToString());
        return ReadAsync(() => reports.ReadAsync(
            from, to, by, fact => (service.Length == 0 || fact.Service == service) && (priority.Length == 0 || fact.Priority == priority) && (team.Length == 0 || fact.Team == team), http.RequestAborted));
    }

    private (string From, string To) Months(HttpContext http)
    {
        var now = time.GetUtcNow();
        var (from, to) = (http.Request.Query["from"].ToString(), http.Request.Query["to"].ToString());
        return (from.Length > 0 ? from : TicketFact.MonthOf(plan.Current, now.AddMonths(-2)), to.Length > 0 ? to : TicketFact.MonthOf(plan.Current, now));
    }

    private static async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (FormatException error)
        {
            throw Wrong("from", error.Message);
        }
    }

    private static HttpProblemException Wrong(string field, string message) =>
        HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });
}
