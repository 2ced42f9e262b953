using System.Security.Cryptography;
using Maintenance.Knowledge;
using Maintenance.Recovery;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <content>The pages of recoveries and their forms.</content>
public sealed partial class RecoveryEndpoints
{
    private const int PagePoints = 12;
    private const int PageRuns = 25;

    /// <summary>The page of strategies, recoveries and drills; <c>?before=1042</c> shows older ones.</summary>
    public Task<IResult> ListPageAsync(HttpContext http, Caller caller) => ListPageAsync(http, caller, null);

    /// <summary>The page on which a point in time is chosen (<c>?strategy=ID&amp;copy=ID&amp;before=INSTANT</c>).</summary>
    public async Task<IResult> NewPageAsync(HttpContext http, Caller caller)
    {
        var query = http.Request.Query;
        return await NewPageAsync(http, caller, query["strategy"].ToString(), query["copy"].ToString(), query["before"].ToString(), new Dictionary<string, string>(StringComparer.Ordinal), null);
    }

    /// <summary>Starts a recovery or a drill by the page's form.</summary>
    public async Task<IResult> StartFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        try
        {
            var isDrill = form.GetValueOrDefault("kind") == "drill";
            var run = await StartAsync(
                new NewRecovery(isDrill ? RecoveryKind.Drill : RecoveryKind.Recovery, form.GetValueOrDefault("strategy", ""), Filled(form, "reason") ?? (isDrill ? "On request." : ""))
                {
                    PointInTime = Instant(Filled(form, "at") ?? "", "at"),
                    DisruptedAt = Instant(Filled(form, "disruptedAt") ?? "", "disruptedAt"),
                    Copy = Filled(form, "copy"),
                    Fault = isDrill && Filled(form, "fault") is not null ? Choice<DrillFault>(form, "fault") : null,
                },
                caller.Id,
                Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
                http.RequestAborted);
            return TypedResults.Redirect("/recovery/" + run.Id);
        }
        catch (Exception error) when (error is HttpProblemException or RecoveryStateException)
        {
            // Where it was asked from, with what was typed; what names no strategy has no page of its own.
            return form.GetValueOrDefault("strategy") is { } strategy && plan.Current.Recovery.Find(strategy) is not null && (Filled(form, "copy") is not { } copy || plan.Current.Repository.FindCopy(copy) is not null)
                ? await NewPageAsync(http, caller, strategy, form.GetValueOrDefault("copy", ""), "", form, error.Message)
                : await ListPageAsync(http, caller, error.Message);
        }
    }

    /// <summary>The page of a recovery. While it goes on the browser asks again by itself.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller) => Page(await FindAsync(http), caller, null);

    /// <summary>The report of a recovery or a drill, to be read and printed.</summary>
    public async Task<IResult> ReportPageAsync(HttpContext http, Caller caller) => new PageResult<RecoveryReportPage>(
        new(StringComparer.Ordinal) { ["Caller"] = caller, ["Plan"] = plan.Current, ["Report"] = RecoveryReport.Of(await FindAsync(http), plan.Current, time.GetUtcNow()) });

    /// <summary>Takes a decision on a step by the page's form.</summary>
    public Task<IResult> DecideStepFormAsync(HttpContext http, Caller caller) => FormAsync(http, caller, form =>
        DecideStepAsync(http, caller, new StepDecisionText(Choice<StepDecision>(form), Filled(form, "comment"))));

    /// <summary>Takes a decision on a recovery by the page's form.</summary>
    public Task<IResult> DecideFormAsync(HttpContext http, Caller caller) => FormAsync(http, caller, form =>
        DecideAsync(http, caller, new RecoveryDecisionText(Choice<RecoveryDecision>(form), Filled(form, "comment"))));

    private async Task<IResult> FormAsync(HttpContext http, Caller caller, Func<IReadOnlyDictionary<string, string>, Task<RecoveryRun>> act)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var run = await FindAsync(http);
        try
        {
            _ = await act(form);
            return TypedResults.Redirect("/recovery/" + run.Id);
        }
        catch (Exception error) when (error is HttpProblemException or RecoveryStateException or RecoveryForbiddenException)
        {
            return Page(run, caller, error.Message);
        }
    }

    private async Task<IResult> ListPageAsync(HttpContext http, Caller caller, string? error)
    {
        var before = http.QueryNumber("before", int.MaxValue, int.MaxValue);
        var now = time.GetUtcNow();
        var open = await recoveries.ListOpenAsync(http.RequestAborted).Where(static run => run.IsOpen).ToListAsync(http.RequestAborted);
        var past = await recoveries.ListRecentAsync(PageRuns + open.Count + 1, before, http.RequestAborted).Where(static run => !run.IsOpen).Take(PageRuns + 1).ToListAsync(http.RequestAborted);
        return new PageResult<RecoveriesPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = plan.Current,
                ["Now"] = now,
                ["Strategies"] = await LinesAsync(http.RequestAborted),
                ["Open"] = open.OrderBy(static run => run.Kind).ThenBy(static run => run.StartedAt).Select(run => (run, RecoveryProgress.Of(run, now))).ToList(),
                ["Past"] = past.Take(PageRuns).ToList(),
                ["Older"] = past.Count > PageRuns ? past[PageRuns - 1].Id["R-".Length..] : null,
                ["Error"] = error,
            },
            error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private async Task<IResult> NewPageAsync(HttpContext http, Caller caller, string id, string copy, string before, IReadOnlyDictionary<string, string> fields, string? error)
    {
        var strategies = plan.Current.Recovery.Strategies;
        var strategy = id.Length > 0 ? plan.Current.Recovery.Find(id) ?? throw HttpProblemException.NotFound($"The plan has no recovery strategy '{WindowQuery.Short(id)}'.") : strategies.Count == 1 ? strategies[0] : null;
        PointListing? listing = null;
        if (strategy is not null)
        {
            var earliest = Instant(before, "before");
            try
            {
                listing = await RepositoryAnswers.AskAsync(() => points.ListAsync(strategy.Id, copy.Length > 0 ? copy : null, PagePoints, earliest, http.RequestAborted));
            }
            catch (HttpProblemException problem) when (problem.Status is not StatusCodes.Status404NotFound)
            {
                // A copy that is away: the other sources can still be chosen.
                error ??= problem.Message;
            }
        }

        return new PageResult<RecoveryNewPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = plan.Current,
                ["Strategy"] = strategy,
                ["Line"] = strategy is null ? null : await LineAsync(strategy, null, http.RequestAborted),
                ["Listing"] = listing,
                ["Copy"] = copy,
                ["Copies"] = strategy is null ? [] : RecoveryPointService.CopiesOf(plan.Current, strategy),
                ["IsNewest"] = before.Length == 0,
                ["Fields"] = fields,
                ["Error"] = error,
            },
            error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private PageResult<RecoveryPage> Page(RecoveryRun run, Caller caller, string? error)
    {
        var now = time.GetUtcNow();
        return new(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = plan.Current,
                ["Now"] = now,
                ["Run"] = run,
                ["Progress"] = RecoveryProgress.Of(run, now),
                ["Gates"] = run.Script.Steps.Where(step => step.Gate is not null && run.Step(step.Id).State == RecoveryStepState.Waiting)
                    .ToDictionary(static step => step.Id, step => GateEffect.Of(run, step.Id, plan.Current, now), StringComparer.Ordinal),
                ["Procedures"] = Procedures(run),
                ["Error"] = error,
            },
            error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>The procedures of the steps that wait for a person, as text.</summary>
    private Dictionary<string, string> Procedures(RecoveryRun run)
    {
        var procedures = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var step in run.Script.Steps.Where(step => step.SopFile is not null && run.Step(step.Id).State == RecoveryStepState.Waiting))
        {
            try
            {
                procedures[step.Id] = plan.Current.Knowledge.FindFile(step.Sop!) is { } document ? document.Body.Trim() : FrontMatter.Split(File.ReadAllText(step.SopFile!)).Body.Trim();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                procedures[step.Id] = $"The procedure cannot be read: {error.Message}";
            }
        }

        return procedures;
    }
}
