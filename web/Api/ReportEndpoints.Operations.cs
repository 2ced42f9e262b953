using Maintenance.Reports;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>Availability, backups, drills and workload: <c>?from=2026-06&amp;to=2026-11</c>; this month and the five before it where left out. Each as JSON, CSV and a page.</summary>
public sealed partial class ReportEndpoints
{
    /// <summary>Everything at a glance.</summary>
    public Task<IResult> OverviewAsync(HttpContext http) => JsonAsync(http, operations.OverviewAsync);

    /// <summary>The same as CSV.</summary>
    public Task<IResult> OverviewCsvAsync(HttpContext http) => CsvAsync(http, "overview.csv", operations.OverviewAsync, ReportCsv.Of);

    /// <summary>The page of the same.</summary>
    public Task<IResult> PageAsync(HttpContext http, Caller caller) => PageAsync<ReportsPage, OperationsReport>(http, caller, operations.OverviewAsync);

    /// <summary>How available services were.</summary>
    public Task<IResult> AvailabilityAsync(HttpContext http) => JsonAsync(http, operations.AvailabilityAsync);

    /// <summary>The same as CSV.</summary>
    public Task<IResult> AvailabilityCsvAsync(HttpContext http) => CsvAsync(http, "availability.csv", operations.AvailabilityAsync, ReportCsv.Of);

    /// <summary>The page of the same.</summary>
    public Task<IResult> AvailabilityPageAsync(HttpContext http, Caller caller) => PageAsync<AvailabilityPage, AvailabilityReport>(http, caller, operations.AvailabilityAsync);

    /// <summary>How backups went.</summary>
    public Task<IResult> BackupsAsync(HttpContext http) => JsonAsync(http, operations.BackupsAsync);

    /// <summary>The same as CSV.</summary>
    public Task<IResult> BackupsCsvAsync(HttpContext http) => CsvAsync(http, "backups.csv", operations.BackupsAsync, ReportCsv.Of);

    /// <summary>The page of the same.</summary>
    public Task<IResult> BackupsPageAsync(HttpContext http, Caller caller) => PageAsync<BackupReportPage, BackupReport>(http, caller, operations.BackupsAsync);

    /// <summary>How drills and recoveries went.</summary>
    public Task<IResult> DrillsAsync(HttpContext http) => JsonAsync(http, operations.DrillsAsync);

    /// <summary>The same as CSV.</summary>
    public Task<IResult> DrillsCsvAsync(HttpContext http) => CsvAsync(http, "drills.csv", operations.DrillsAsync, ReportCsv.Of);

    /// <summary>The page of the same.</summary>
    public Task<IResult> DrillsPageAsync(HttpContext http, Caller caller) => PageAsync<DrillReportPage, DrillReport>(http, caller, operations.DrillsAsync);

    /// <summary>Who had how much to do: people's figures for themselves and their leads.</summary>
    public Task<IResult> WorkloadAsync(HttpContext http, Caller caller) => JsonAsync(http, Workload(caller));

    /// <summary>The same as CSV.</summary>
    public Task<IResult> WorkloadCsvAsync(HttpContext http, Caller caller) => CsvAsync(http, "workload.csv", Workload(caller), ReportCsv.Of);

    /// <summary>The page of the same.</summary>
    public Task<IResult> WorkloadPageAsync(HttpContext http, Caller caller) => PageAsync<WorkloadPage, WorkloadReport>(http, caller, Workload(caller));

    private Func<string, string, CancellationToken, Task<WorkloadReport>> Workload(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return (from, to, cancellation) => operations.WorkloadAsync(from, to, caller.Id, cancellation);
    }

    private async Task<IResult> JsonAsync<T>(HttpContext http, Func<string, string, CancellationToken, Task<T>> read) => Requests.Ok(await ReadAsync(http, read));

    private async Task<IResult> CsvAsync<T>(HttpContext http, string name, Func<string, string, CancellationToken, Task<T>> read, Func<T, IEnumerable<string>> lines) =>
        new CsvResult(name, lines(await ReadAsync(http, read)).ToAsyncEnumerable());

    private async Task<IResult> PageAsync<TPage, T>(HttpContext http, Caller caller, Func<string, string, CancellationToken, Task<T>> read)
        where TPage : IComponent
        where T : class
    {
        T? report = null;
        string? problem = null;
        try
        {
            report = await ReadAsync(http, read);
        }
        catch (HttpProblemException wrong)
        {
            // What is wrong with the question stands beside the question.
            problem = wrong.Errors?.Values.FirstOrDefault()?[0] ?? wrong.Message;
        }

        var (from, to) = Period(http);
        return new PageResult<TPage>(
            new(StringComparer.Ordinal) { ["Caller"] = caller, ["Plan"] = plan.Current, ["Report"] = report, ["Problem"] = problem, ["From"] = from, ["To"] = to },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private Task<T> ReadAsync<T>(HttpContext http, Func<string, string, CancellationToken, Task<T>> read)
    {
        var (from, to) = Period(http);
        return ReadAsync(() => read(from, to, http.RequestAborted));
    }

    private (string From, string To) Period(HttpContext http)
    {
        var (from, to) = (http.Request.Query["from"].ToString(), http.Request.Query["to"].ToString());
        var last = to.Length > 0 ? to : TicketFact.MonthOf(plan.Current, time.GetUtcNow());

        // Five months before the last, whichever was chosen; where that is no month, what is wrong with it is said when it is read.
        return (from.Length > 0 ? from : Calendars.MonthGrid.Parse(last) is null ? last : ReportMonths.Later(last, -5), last);
    }
}
