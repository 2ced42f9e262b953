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
    BackupService backups, BackupCalendarService calendars, RetentionService retention, RepositoryCareService care, RepositoryOverviewService repository, StatusService status, ActivePlan plan,
    TimeProvider time)
{
    /// <summary>How many days the pages show: eight weeks.</summary>
    internal const int ShownDays = 56;

    /// <summary>So many policies are on a page.</summary>
    private const int ShownPolicies = 12;

    /// <summary>So many runs are read for one calendar, and for all those of a page together.</summary>
    internal const int MostRuns = 3000;
    internal const int MostRunsOfPage = 12_000;

    /// <summary>A program may ask for a year of them.</summary>
    private const int MostRunsOfAnswer = 20_000;

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

    /// <summary>What became of a policy's backups day by day: <c>?days=56</c>, at most 366, today among them.</summary>
    public async Task<IResult> CalendarAsync(HttpContext http)
    {
        var policy = Policy(http);
        var days = Math.Max(1, http.QueryNumber("days", ShownDays, BackupCalendarService.MostDays));
        return Requests.Ok(await calendars.ReadAsync(policy, days, MostRunsOfAnswer, http.RequestAborted));
    }

    /// <summary>The page of all policies, those with something wrong in front: <c>?page=2</c>.</summary>
    public async Task<IResult> ListPageAsync(HttpContext http, Caller caller)
    {
        var cancellation = http.RequestAborted;
        var lines = (await status.BackupsAsync(cancellation)).OrderBy(static line => IsQuiet(line)).ToList();
        var pages = Math.Max(1, (lines.Count + ShownPolicies - 1) / ShownPolicies);
        var page = Math.Clamp(http.QueryNumber("page", 1, pages), 1, pages);
        var shown = lines.Skip((page - 1) * ShownPolicies).Take(ShownPolicies).ToList();
        var strips = new Dictionary<string, BackupCalendar>(StringComparer.Ordinal);
        foreach (var line in shown)
        {
            strips[line.Policy] = await calendars.ReadAsync(plan.Current.FindBackup(line.Policy)!, ShownDays, Math.Min(MostRuns, MostRunsOfPage / shown.Count), cancellation);
        }

        return new PageResult<BackupsPage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Lines"] = shown,
            ["Calendars"] = strips,
            ["Alarms"] = await care.AlarmsAsync(cancellation),
            ["Page"] = page,
            ["Pages"] = pages,
            ["Quiet"] = lines.Count(IsQuiet),
            ["Count"] = lines.Count,
        });
    }

    /// <summary>The page of a policy: <c>?after=SNAPSHOT</c> for older snapshots, <c>?runs=200</c> for more runs.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller)
    {
        var policy = Policy(http);
        var (review, prune, problem) = await ReviewOrWhyNotAsync(policy.Id, http.RequestAborted);
        return new PageResult<BackupPage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Policy"] = policy,
            ["Line"] = (await status.BackupsAsync(http.RequestAborted)).First(line => line.Policy == policy.Id),
            ["Alarms"] = (await care.AlarmsAsync(http.RequestAborted)).Where(alarm => alarm.Policy == policy.Id).ToList(),
            ["Calendar"] = await calendars.ReadAsync(policy, ShownDays, MostRuns, http.RequestAborted),
            ["Runs"] = await backups.NewestAsync(policy.Id, http.QueryNumber("runs", 10, 200), http.RequestAborted),
            ["Review"] = review,
            ["After"] = http.Request.Query["after"].ToString(),
            ["UnneededPacks"] = prune.Packs,
            ["NextPrune"] = prune.Next,
            ["At"] = time.GetUtcNow(),
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

    private async Task<(RetentionReview Review, (int Packs, DateTimeOffset? Next) Prune, string? Problem)> ReviewOrWhyNotAsync(string policy, CancellationToken cancellation)
    {
        try
        {
            return (
                await RepositoryAnswers.AskAsync(() => retention.ReviewAsync(policy, cancellation)),
                await RepositoryAnswers.AskAsync(() => repository.NextPruneAsync(cancellation)),
                null);
        }
        catch (HttpProblemException problem)
        {
            // The runs are in the records: the page shows them also while the repository cannot be opened.
            return (new RetentionReview([], new RetentionDecision([], [])), default, problem.Message);
        }
    }

    /// <summary>True where nobody need look.</summary>
    private static bool IsQuiet(BackupLine line) => line is { IsWithinObjective: true, Latest.State: BackupRunState.Proven };

    private BackupPolicy Policy(HttpContext http)
    {
        var id = http.PathValue("policy");
        return plan.Current.FindBackup(id)
            ?? throw HttpProblemException.NotFound($"The plan has no backup policy '{id}'. {Nearest.Hint(id, plan.Current.Backups.Select(static p => p.Id))}".TrimEnd());
    }
}
