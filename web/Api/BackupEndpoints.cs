using Maintenance.Backups;
using Maintenance.Backups.Retention;
using Maintenance.Plan;
using Maintenance.Status;
using Maintenance.Time;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>Backup policies: their runs, their snapshots, what is kept.</summary>
public sealed class BackupEndpoints(
    BackupService backups, RetentionService retention, RepositoryCareService care, RepositoryOverviewService repository, StatusService status, ActivePlan plan, TimeProvider time)
{
    /// <summary>A line for each policy.</summary>
    public async Task<IResult> ListAsync(HttpContext http) => Requests.Ok(await status.BackupsAsync(http.RequestAborted));

    /// <summary>What is wrong with backups now.</summary>
    public async Task<IResult> AlarmsAsync(HttpContext http) => Requests.Ok(await care.AlarmsAsync(http.RequestAborted));

    /// <summary>The runs of a policy, newest first.</summary>
    public async Task<IResult> RunsAsync(HttpContext http) =>
        Requests.Ok(await backups.NewestAsync(Policy(http).Id, http.QueryNumber("take", 100, 1000), http.RequestAborted));

    /// <summary>The snapshots of a policy that are there, newest first, with their health, holds, and why each is kept.</summary>
    public async Task<IResult> SnapshotsAsync(HttpContext http)
    {
        var policy = Policy(http);
        return Requests.Ok(await RepositoryAnswers.AskAsync(() => retention.ListAsync(policy.Id, http.RequestAborted)));
    }

    /// <summary>What the retention rules of a policy would keep and drop now, with the reasons.</summary>
    public async Task<IResult> RetentionAsync(HttpContext http)
    {
        var policy = Policy(http);
        var decision = await RepositoryAnswers.AskAsync(() => retention.DecideAsync(policy.Id, http.RequestAborted));
        return Requests.Ok(new RetentionExplanation(
            time.GetUtcNow(),
            plan.Current.System.TimeZone.Id,
            RetentionRulesText.Of(policy.Retention),
            policy.ImmutableFor == TimeSpan.Zero ? null : Durations.Format(policy.ImmutableFor),
            decision.Kept,
            decision.Dropped));
    }

    /// <summary>Drops what the retention rules let go: 202.</summary>
    public Task<IResult> RetainAsync(HttpContext http)
    {
        var policy = Policy(http);
        return RepositoryAnswers.OperateAsync(http, () => backups.RetainAsync(policy.Id, http.IdempotencyKey(), http.RequestAborted));
    }

    /// <summary>The page of a policy.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller)
    {
        var policy = Policy(http);
        var (snapshots, problem) = await SnapshotsOrWhyNotAsync(policy.Id, http.RequestAborted);
        return new PageResult<BackupPage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Policy"] = policy,
            ["Line"] = (await status.BackupsAsync(http.RequestAborted)).First(line => line.Policy == policy.Id),
            ["Runs"] = await backups.NewestAsync(policy.Id, 60, http.RequestAborted),
            ["Snapshots"] = snapshots,
            ["Problem"] = problem,
            ["Copies"] = problem is null ? await repository.CopiesAsync(policy, http.RequestAborted) : [],
        });
    }

    /// <summary>Takes a backup now: 202, or the run that is under way.</summary>
    public async Task<IResult> RunAsync(HttpContext http)
    {
        var run = await backups.StartAsync(Policy(http).Id, http.RequestAborted);
        return Requests.Accepted(http, "/api/operations/" + run.Workflow, run);
    }

    /// <summary>The same by a button.</summary>
    public async Task<IResult> RunFormAsync(HttpContext http)
    {
        var run = await backups.StartAsync(Policy(http).Id, http.RequestAborted);
        return TypedResults.Redirect("/backups/" + run.Policy);
    }

    private async Task<(IReadOnlyList<SnapshotLine> Snapshots, string? Problem)> SnapshotsOrWhyNotAsync(string policy, CancellationToken cancellation)
    {
        try
        {
            return (await RepositoryAnswers.AskAsync(() => retention.ListAsync(policy, cancellation)), null);
        }
        catch (HttpProblemException problem)
        {
            // The runs are in the records: the page shows them also while the repository cannot be opened.
            return ([], problem.Message);
        }
    }

    private BackupPolicy Policy(HttpContext http)
    {
        var id = http.PathValue("policy");
        return plan.Current.FindBackup(id)
            ?? throw HttpProblemException.NotFound($"The plan has no backup policy '{id}'. {Nearest.Hint(id, plan.Current.Backups.Select(static p => p.Id))}".TrimEnd());
    }
}
