using Maintenance.Duties;
using Maintenance.Storage;
using Maintenance.Tickets;
using Maintenance.Tickets.Attachments;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <content>The pages of duties and their forms.</content>
public sealed partial class DutyEndpoints
{
    private const int MostProcedure = 20_000;

    /// <summary>The page of what is overdue, due, coming and done lately.</summary>
    public async Task<IResult> ListPageAsync(HttpContext http, Caller caller) => new PageResult<DutiesPage>(new(StringComparer.Ordinal)
    {
        ["Caller"] = caller,
        ["Plan"] = plan.Current,
        ["Overview"] = await OverviewAsync(http),
        ["Owner"] = http.Request.Query["owner"].ToString(),
        ["Kind"] = http.Request.Query["kind"].ToString(),
    });

    /// <summary>The page of a duty: its terms, its procedure, its occurrences.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller)
    {
        var history = await HistoryAsync(http, UsualOccurrences);
        return new PageResult<DutyPage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["History"] = history,
            ["Procedure"] = Procedure(history.Duty),
            ["Now"] = time.GetUtcNow(),
        });
    }

    /// <summary>The page of an occurrence.</summary>
    public async Task<IResult> OccurrencePageAsync(HttpContext http, Caller caller) => Page(await FindAsync(http), caller, new Dictionary<string, string>(StringComparer.Ordinal), null, null);

    /// <summary>Says that it is done, by the page's form.</summary>
    public async Task<IResult> CompleteFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var completion = new DutyCompletion(form.GetValueOrDefault("text"), form.GetValueOrDefault("drill"), form.GetValueOrDefault("ticket"), form.GetValueOrDefault("report"));
        return await FormAsync(http, caller, await FindAsync(http), form, () =>
            duties.DoAsync(http.PathValue("duty"), http.PathValue("occurrence"), completion, Actor(caller), null, form.GetValueOrDefault("key"), http.RequestAborted));
    }

    /// <summary>Skips it, by the page's form.</summary>
    public async Task<IResult> SkipFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        return await FormAsync(http, caller, await FindAsync(http), form, () =>
            duties.SkipAsync(http.PathValue("duty"), http.PathValue("occurrence"), form.GetValueOrDefault("reason", ""), Actor(caller), null, form.GetValueOrDefault("key"), http.RequestAborted));
    }

    /// <summary>The page of how duties were kept.</summary>
    public async Task<IResult> ReportPageAsync(HttpContext http, Caller caller)
    {
        DutyReport? report = null;
        string? problem = null;
        try
        {
            report = await ReadReportAsync(http);
        }
        catch (HttpProblemException wrong)
        {
            // What is wrong with the question stands beside the question.
            problem = wrong.Errors?.Values.FirstOrDefault()?[0] ?? wrong.Message;
        }

        var (from, to) = Period(http);
        return new PageResult<DutyReportPage>(
            new(StringComparer.Ordinal) { ["Caller"] = caller, ["Plan"] = plan.Current, ["Report"] = report, ["Problem"] = problem, ["From"] = from, ["To"] = to },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private async Task<IResult> FormAsync(HttpContext http, Caller caller, Versioned<DutyOccurrence> found, IReadOnlyDictionary<string, string> form, Func<Task> act)
    {
        try
        {
            await act();
            return TypedResults.Redirect(found.Value.Path);
        }
        catch (Exception error) when (error is DutyActException or DutyRefusedException or DutyClosedException or TicketActException or AttachmentTooLargeException)
        {
            // As it is now: somebody else may have done it meanwhile.
            var errors = (error as DutyActException)?.Errors ?? (error is TicketActException or AttachmentTooLargeException ? new Dictionary<string, string[]>(StringComparer.Ordinal) { ["file"] = [error.Message] } : null);
            return Page(await FindAsync(http), caller, form, errors, errors is null ? error.Message : null);
        }
    }

    private PageResult<DutyOccurrencePage> Page(Versioned<DutyOccurrence> found, Caller caller, IReadOnlyDictionary<string, string> fields, IReadOnlyDictionary<string, string[]>? errors, string? error) => new(
        new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["View"] = View(found.Value, caller),
            ["Procedure"] = Procedure(found.Value.Terms),
            ["Fields"] = fields,
            ["Errors"] = errors,
            ["Error"] = error,
        },
        errors is null && error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    /// <summary>The procedure as it is in the plan that runs; null where it is not part of it any more.</summary>
    private string? Procedure(Duty duty) =>
        duty.Procedure is { } path && (plan.Current.Knowledge.FindFile(path)?.Body.Trim() ?? plan.State.Files.GetValueOrDefault(path)) is { } text ? text.Length <= MostProcedure ? text : text[..MostProcedure] + "…" : null;
}
