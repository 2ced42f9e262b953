using System.Security.Cryptography;
using System.Text;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Time;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>A recovery, as it is asked for.</summary>
/// <param name="Strategy">The id of the strategy.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">The state that is wanted; null for the newest that is proven.</param>
/// <param name="DisruptedAt">When the service was lost; null for now.</param>
/// <param name="Copy">The id of the copy to restore from; null for the repository itself.</param>
public sealed record RecoveryRequest(string Strategy, string Reason, DateTimeOffset? At = null, DateTimeOffset? DisruptedAt = null, string? Copy = null);

/// <summary>A drill, as it is asked for.</summary>
/// <param name="Strategy">The id of the strategy.</param>
/// <param name="Reason">Why; left out where there is nothing to say.</param>
/// <param name="At">The state that is wanted; null for the newest that is proven.</param>
/// <param name="Copy">The id of the copy to restore from; null for the repository itself.</param>
/// <param name="Fault">What is broken on purpose; null for nothing.</param>
public sealed record DrillRequest(string Strategy, string? Reason = null, DateTimeOffset? At = null, string? Copy = null, DrillFault? Fault = null);

/// <summary>A decision on a step, as it is sent.</summary>
/// <param name="Decision">confirm, approve, reject, retry or skip.</param>
/// <param name="Comment">Why: a rejection and a skip need it; at most 2,000 characters.</param>
public sealed record StepDecisionText(StepDecision Decision, string? Comment = null);

/// <summary>A decision on a recovery, as it is sent.</summary>
/// <param name="Decision">abort, confirm, revert or resume.</param>
/// <param name="Comment">Why: an abort and a revert need it; at most 2,000 characters.</param>
public sealed record RecoveryDecisionText(RecoveryDecision Decision, string? Comment = null);

/// <summary>A strategy at a glance.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Service">The id of its service.</param>
/// <param name="Description">For which kind of loss it is.</param>
/// <param name="Forecast">How long it would take now.</param>
/// <param name="NextDrill">The next drill of the schedule (UTC), or null.</param>
/// <param name="Drills">What is known of its drills, or null.</param>
/// <param name="IsOverdue">True where the drill is overdue.</param>
public sealed record StrategyLine(string Id, string Service, string Description, RecoveryForecast Forecast, DateTimeOffset? NextDrill, DrillStatus? Drills, bool IsOverdue);

/// <summary>A strategy, explained.</summary>
/// <param name="Strategy">As at a glance.</param>
/// <param name="Steps">Its steps.</param>
/// <param name="Sources">What each restore step would restore; null where no proven snapshot serves the point in time.</param>
/// <param name="Unreachable">Why nothing serves it, with the nearest points; null where something does.</param>
public sealed record StrategyExplanation(StrategyLine Strategy, IReadOnlyList<RecoveryStep> Steps, IReadOnlyDictionary<string, RecoverySource>? Sources, string? Unreachable);

/// <summary>Recovery strategies, recoveries and drills: for programs here, for browsers in the other part.</summary>
public sealed partial class RecoveryEndpoints(RecoveryService recoveries, RecoveryPointService points, DrillService drills, ActivePlan plan, TimeProvider time)
{
    private const int MostText = 2000;
    private const int UsualPoints = 50;
    private const int MostPoints = 500;

    /// <summary>Every strategy at a glance.</summary>
    public async Task<IResult> StrategiesAsync(HttpContext http) => Requests.Ok(await LinesAsync(http.RequestAborted));

    /// <summary>A strategy: waves, critical path, times; what would be restored (<c>?at=INSTANT&amp;copy=ID&amp;workers=2</c>).</summary>
    public async Task<IResult> ExplainAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var workers = query["workers"].ToString() is { Length: > 0 } ? Math.Max(1, http.QueryNumber("workers", 1, 1000)) : (int?)null;
        var strategy = plan.Current.Recovery.Find(http.PathValue("id"))
            ?? throw HttpProblemException.NotFound($"The plan has no recovery strategy '{http.PathValue("id")}'. {Nearest.Hint(http.PathValue("id"), plan.Current.Recovery.Strategies.Select(static one => one.Id))}".TrimEnd());
        var line = await LineAsync(strategy, workers, http.RequestAborted);
        try
        {
            var copy = query["copy"].ToString() is { Length: > 0 } named ? named : null;
            var sources = await recoveries.SourcesAsync(strategy.Id, Instant(query["at"].ToString(), "at"), copy, http.RequestAborted);
            return Requests.Ok(new StrategyExplanation(line, strategy.Steps, sources, null));
        }
        catch (Backups.NoRecoveryPointException error)
        {
            return Requests.Ok(new StrategyExplanation(line, strategy.Steps, null, error.Message));
        }
        catch (KeyNotFoundException error)
        {
            throw HttpProblemException.NotFound(error.Message);
        }
    }

    /// <summary>The points in time that a strategy can bring back (<c>?copy=ID&amp;take=50&amp;before=INSTANT</c>), newest first.</summary>
    public async Task<IResult> PointsAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var (id, copy, before) = (http.PathValue("id"), query["copy"].ToString(), Instant(query["before"].ToString(), "before"));
        var take = Math.Max(1, http.QueryNumber("take", UsualPoints, MostPoints));
        return Requests.Ok(await RepositoryAnswers.AskAsync(() => points.ListAsync(id, copy.Length > 0 ? copy : null, take, before, http.RequestAborted)));
    }

    /// <summary>Recoveries and drills that are not over, or all (<c>?state=all</c>), newest first.</summary>
    public async Task<IResult> ListAsync(HttpContext http)
    {
        var list = http.Request.Query["state"].ToString() switch
        {
            "" or "open" => recoveries.ListOpenAsync(http.RequestAborted),
            "all" => recoveries.ListAsync(http.RequestAborted),
            _ => throw HttpProblemException.BadRequest("The query's state may be open or all."),
        };
        return Requests.Ok((await list.ToListAsync(http.RequestAborted)).OrderByDescending(static run => run.StartedAt).Take(http.QueryNumber("take", 100, 1000)).ToList());
    }

    /// <summary>Starts a recovery: 201. The same Idempotency-Key gives the same recovery.</summary>
    public async Task<IResult> StartAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync<RecoveryRequest>(http);
        return await StartAsync(http, caller, new NewRecovery(RecoveryKind.Recovery, request.Strategy, request.Reason)
        {
            PointInTime = request.At,
            DisruptedAt = request.DisruptedAt,
            Copy = request.Copy,
        });
    }

    /// <summary>Starts a drill: 201.</summary>
    public async Task<IResult> StartDrillAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync<DrillRequest>(http);
        return await StartAsync(http, caller, new NewRecovery(RecoveryKind.Drill, request.Strategy, request.Reason ?? "On request.")
        {
            PointInTime = request.At,
            Copy = request.Copy,
            Fault = request.Fault,
        });
    }

    /// <summary>A recovery with its steps, timeline and measures.</summary>
    public async Task<IResult> GetAsync(HttpContext http) => Requests.Ok(await FindAsync(http));

    /// <summary>The report of a recovery or a drill, as it stands.</summary>
    public async Task<IResult> ReportAsync(HttpContext http) => Requests.Ok(RecoveryReport.Of(await FindAsync(http), plan.Current, time.GetUtcNow()));

    /// <summary>Takes a decision on a step.</summary>
    public async Task<IResult> DecideStepAsync(HttpContext http, Caller caller)
    {
        var decision = await RequestBody.ReadJsonAsync<StepDecisionText>(http);
        return Requests.Ok(await DecideStepAsync(http, caller, decision));
    }

    /// <summary>Takes a decision on a recovery.</summary>
    public async Task<IResult> DecideAsync(HttpContext http, Caller caller)
    {
        var decision = await RequestBody.ReadJsonAsync<RecoveryDecisionText>(http);
        return Requests.Ok(await DecideAsync(http, caller, decision));
    }

    private async Task<IResult> StartAsync(HttpContext http, Caller caller, NewRecovery request)
    {
        var key = Convert.ToHexStringLower(
            http.IdempotencyKey() is { } given ? SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.Id}:{given}\n{MaintenanceJson.Write(request)}")) : RandomNumberGenerator.GetBytes(16));
        var run = await StartAsync(request, caller.Id, key, http.RequestAborted);
        return Requests.Created(http, "/api/recoveries/" + run.Id, run);
    }

    private async Task<RecoveryRun> StartAsync(NewRecovery request, string by, string key, CancellationToken cancellation)
    {
        if (recoveries.Check(request) is { Count: > 0 } errors)
        {
            throw HttpProblemException.Invalid(errors);
        }

        return await RepositoryAnswers.AskAsync(() => recoveries.StartAsync(request, by, key, cancellation));
    }

    private async Task<RecoveryRun> DecideStepAsync(HttpContext http, Caller caller, StepDecisionText decision)
    {
        var run = await FindAsync(http);
        var comment = Comment(decision.Comment, decision.Decision is StepDecision.Reject or StepDecision.Skip);
        if (decision.Decision is StepDecision.Approve or StepDecision.Reject && caller.GuestRefusal is { } refusal)
        {
            throw HttpProblemException.Forbidden($"A vote at a gate is a person's own act. {refusal}");
        }

        try
        {
            return (await recoveries.DecideAsync(run.Id, http.PathValue("step"), decision.Decision, caller.Person, comment, http.RequestAborted))!;
        }
        catch (KeyNotFoundException error)
        {
            throw HttpProblemException.NotFound(error.Message);
        }
    }

    private async Task<RecoveryRun> DecideAsync(HttpContext http, Caller caller, RecoveryDecisionText decision)
    {
        var run = await FindAsync(http);
        var comment = Comment(decision.Comment, decision.Decision is RecoveryDecision.Abort or RecoveryDecision.Revert);
        return (await recoveries.DecideAsync(run.Id, decision.Decision, caller.Id, comment ?? "", http.RequestAborted))!;
    }

    private async Task<List<StrategyLine>> LinesAsync(CancellationToken cancellation)
    {
        var lines = new List<StrategyLine>();
        foreach (var strategy in plan.Current.Recovery.Strategies)
        {
            lines.Add(await LineAsync(strategy, null, cancellation));
        }

        return lines;
    }

    private async Task<StrategyLine> LineAsync(RecoveryStrategy strategy, int? workers, CancellationToken cancellation)
    {
        var (now, status) = (time.GetUtcNow(), await drills.StatusAsync(strategy.Id, cancellation));
        return new StrategyLine(
            strategy.Id,
            strategy.Service,
            strategy.Description,
            await recoveries.ForecastAsync(strategy.Id, workers, cancellation),
            strategy.Drills?.Schedule.Next(now, plan.Current.System.TimeZone),
            status,
            strategy.Drills is { } drill && status is not null && DrillPlanning.OverdueSince(drill, status, now) is not null);
    }

    private async Task<RecoveryRun> FindAsync(HttpContext http)
    {
        var id = http.PathValue("id");
        var found = id.Length <= 20 && id.StartsWith("R-", StringComparison.Ordinal) && id.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0
            ? await recoveries.FindAsync(id, http.RequestAborted)
            : null;
        return found ?? throw HttpProblemException.NotFound($"There is no recovery '{id}'.");
    }

    private static string? Comment(string? text, bool isNeeded)
    {
        var comment = text?.Trim() is { Length: > 0 } some ? some : null;
        return comment?.Length > MostText || (isNeeded && comment is null)
            ? throw HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["comment"] = [comment is null ? "Say why: whoever reads the timeline must know." : "At most 2,000 characters, please."] })
            : comment;
    }

    private static TDecision Choice<TDecision>(IReadOnlyDictionary<string, string> form, string name = "decision")
        where TDecision : struct, Enum =>
        Enum.TryParse<TDecision>(form.GetValueOrDefault(name, ""), ignoreCase: true, out var decision) && Enum.IsDefined(decision)
            ? decision
            : throw HttpProblemException.BadRequest($"Choose one of {string.Join(", ", Enum.GetNames<TDecision>().Select(static name => name.ToLowerInvariant()))}.");

    private static string? Filled(IReadOnlyDictionary<string, string> form, string name) => form.GetValueOrDefault(name)?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A plus sign that nobody escaped arrives as a blank; no instant has a blank of its own.</summary>
    private static DateTimeOffset? Instant(string text, string name) =>
        text.Length == 0 ? null
            : InstantText.TryParse(text.Replace(' ', '+'), out var instant) ? instant
            : throw HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [name] = [InstantText.Hint] });
}
