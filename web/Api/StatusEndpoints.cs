using System.Text.Json;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Plan;
using Maintenance.Status;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Maintenance.Workflows;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>Long work, as it is shown.</summary>
/// <param name="Id">The id of its workflow instance.</param>
/// <param name="Workflow">Its workflow.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">When it was started (UTC).</param>
/// <param name="UpdatedAt">When it last changed (UTC).</param>
/// <param name="Status">What it does now.</param>
/// <param name="Output">What it came to; null until it has ended well.</param>
/// <param name="Error">Why it failed; null where it did not.</param>
public sealed record Operation(
    string Id, string Workflow, WorkflowState State, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string? Status, JsonElement? Output, string? Error)
{
    /// <summary>How far it is; null where it has ended, or another process works on it.</summary>
    public BackupProgress? Progress { get; init; }

    /// <summary>What is known of an instance.</summary>
    public static Operation Of(WorkflowStatus found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return new(
            found.InstanceId, found.Workflow, found.State, found.CreatedAt, found.UpdatedAt, found.Status, found.Output is null ? null : JsonSerializer.Deserialize<JsonElement>(found.Output), found.Error);
    }
}

/// <summary>How things stand, for people and for programs.</summary>
public sealed class StatusEndpoints(StatusService status, TimerService timers, ActivePlan plan, IWorkflows workflows, OperationProgress progress, RestoreTargets targets, TimeProvider time)
{
    /// <summary>The dashboard.</summary>
    public async Task<IResult> HomeAsync(HttpContext http, Caller caller) =>
        new PageResult<HomePage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Report"] = await status.ReadAsync(http.RequestAborted),
            ["Mine"] = caller is { IsGuest: false, Person: { } person } ? await status.ForAsync(person, http.RequestAborted) : [],
        });

    /// <summary>The dashboard as JSON.</summary>
    public async Task<IResult> StatusAsync(HttpContext http) => Requests.Ok(await status.ReadAsync(http.RequestAborted));

    /// <summary>200 while every timer runs, else 503: for a watchdog. Says nothing that is not public.</summary>
    public async Task<IResult> HealthAsync(HttpContext http)
    {
        var now = time.GetUtcNow();
        var beats = await timers.HeartbeatsAsync(http.RequestAborted);

        // A timer that was just put into service may not have run yet; one that never ran while the plan did is as silent as one that stopped.
        var since = plan.StateOrNull?.Since;
        var silent = TimerRhythms.All
            .Where(rhythm => beats.FirstOrDefault(beat => beat.Timer == rhythm.Timer) is { } beat ? now - beat.At > rhythm.Silence || beat.Error is not null : now - since > rhythm.Silence)
            .Select(static rhythm => rhythm.Timer)
            .ToArray();
        return TypedResults.Json(
            new Health(silent.Length == 0 ? "ok" : "degraded", silent), MaintenanceJson.Options, statusCode: silent.Length == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Who the caller is.</summary>
    public Task<IResult> MeAsync(Caller caller) => Task.FromResult(Requests.Ok(new Me(caller.Id, caller.Name, caller.Person?.Roles ?? [Roles.Administrator])));

    /// <summary>Which plan runs, and what is wrong with the current text.</summary>
    public Task<IResult> PlanAsync()
    {
        var state = plan.State;
        return Task.FromResult(Requests.Ok(new PlanAnswer(state.Plan.System.Name, state.Hash, state.Since, state.IsStale, state.Problems)));
    }

    /// <summary>The status of long work.</summary>
    public async Task<IResult> OperationAsync(HttpContext http) => Requests.Ok(await FindAsync(http));

    /// <summary>The page of long work. While it goes on the page asks again by itself.</summary>
    public async Task<IResult> OperationPageAsync(HttpContext http, Caller caller)
    {
        var operation = await FindAsync(http);
        var isEnding = operation.State == WorkflowState.Running && caller.Is(Roles.Administrator) && http.Request.Query.ContainsKey("end");
        return new PageResult<OperationPage>(new(StringComparer.Ordinal) { ["Caller"] = caller, ["Plan"] = plan.Current, ["Operation"] = operation, ["IsEnding"] = isEnding, ["Targets"] = targets });
    }

    /// <summary>The style sheet, the script and the picture of the tab.</summary>
    public Task<IResult> AssetAsync(HttpContext http)
    {
        var file = http.PathValue("file");
        var asset = SiteAssets.Find(file) ?? BrandAssets.Find(plan.StateOrNull?.Plan, file) ?? throw HttpProblemException.NotFound($"There is no asset '{file}'.");

        // Named with its version it never changes; without one it may with the next release.
        http.Response.Headers.CacheControl = http.Request.Query["v"] == asset.Version ? "public, max-age=31536000, immutable" : "public, max-age=300";

        // A drawing that is opened by itself is a page: nothing in it may run.
        if (asset.Type == SiteAssets.Svg)
        {
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        }

        return Task.FromResult<IResult>(TypedResults.Bytes(asset.Content, asset.Type));
    }

    private async Task<Operation> FindAsync(HttpContext http)
    {
        var id = http.PathValue("id");
        var found = id.Length is > 0 and <= 100 ? await workflows.GetAsync(id, http.RequestAborted) : null;
        return found is null
            ? throw HttpProblemException.NotFound($"There is no operation '{id}'.")
            : Operation.Of(found) with { Progress = found.State == WorkflowState.Running ? progress.Find(id) : null };
    }

    private sealed record Health(string Status, IReadOnlyList<string> SilentTimers);

    private sealed record Me(string Id, string Name, IReadOnlyList<string> Roles);

    private sealed record PlanAnswer(string System, string Hash, DateTimeOffset Since, bool IsStale, IReadOnlyList<PlanProblem> Problems);
}
