using Maintenance.Backups;
using Maintenance.Plan;
using Maintenance.Status;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>Where to restore to.</summary>
/// <param name="Target">
/// An absolute folder (the operator of the machine only), or a name below the host's folder for restores, where it has one; left out: the snapshot's id.
/// </param>
public sealed record RestoreRequest(string? Target = null);

/// <summary>Backups, restores and verifications.</summary>
public sealed class BackupEndpoints(BackupService backups, StatusService status, ActivePlan plan, BackupFolders folders)
{
    /// <summary>A line for each policy.</summary>
    public async Task<IResult> ListAsync(HttpContext http) => Requests.Ok(await status.BackupsAsync(http.RequestAborted));

    /// <summary>The runs of a policy, newest first.</summary>
    public async Task<IResult> RunsAsync(HttpContext http) =>
        Requests.Ok(await backups.NewestAsync(Policy(http).Id, http.QueryNumber("take", 100, 1000), http.RequestAborted));

    /// <summary>The page of a policy.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller)
    {
        var policy = Policy(http);
        return new PageResult<BackupPage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Policy"] = policy,
            ["Line"] = (await status.BackupsAsync(http.RequestAborted)).First(line => line.Policy == policy.Id),
            ["Runs"] = await backups.NewestAsync(policy.Id, 60, http.RequestAborted),
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

    /// <summary>Restores a snapshot: 202.</summary>
    public async Task<IResult> RestoreAsync(HttpContext http, Caller caller)
    {
        var request = http.Request.ContentLength is 0 ? new RestoreRequest() : await RequestBody.ReadJsonAsync<RestoreRequest>(http);
        var snapshot = http.PathValue("id");
        var target = Target(request.Target ?? snapshot, caller);

        // The same key with another target is another restore: to answer with the first would leave the second folder empty.
        var key = http.IdempotencyKey() is { } sent ? $"{sent}\n{target}" : null;
        return await OperateAsync(http, () => backups.RestoreAsync(snapshot, target, key, http.RequestAborted));
    }

    /// <summary>Reads and checks every byte of a snapshot: 202.</summary>
    public Task<IResult> VerifyAsync(HttpContext http) => OperateAsync(http, () => backups.VerifyAsync(http.PathValue("id"), http.IdempotencyKey(), http.RequestAborted));

    private static async Task<IResult> OperateAsync(HttpContext http, Func<Task<string>> start)
    {
        try
        {
            var id = await start();
            return Requests.Accepted(http, "/api/operations/" + id, new OperationRef(id));
        }
        catch (KeyNotFoundException error)
        {
            throw HttpProblemException.NotFound(error.Message);
        }
    }

    /// <summary>
    /// A restore writes wherever the host may, so only who holds the machine anyway chooses the place freely; everybody else gets a folder of the host's own.
    /// </summary>
    private string Target(string target, Caller caller)
    {
        var isAnywhere = Path.IsPathFullyQualified(target) && !target.Contains('\0', StringComparison.Ordinal);
        if (isAnywhere && caller.Person is null)
        {
            return Path.GetFullPath(target);
        }

        if (folders.Restored is null)
        {
            throw new HttpProblemException(
                StatusCodes.Status409Conflict,
                "Nowhere to restore to",
                "This host has nowhere to restore to that anybody could reach. It can still verify the snapshot.");
        }

        if (isAnywhere)
        {
            throw HttpProblemException.Forbidden("Only the operator, on the machine itself, restores to any folder. Send a plain name: it is made below the host's folder for restores.");
        }

        var root = Path.GetFullPath(folders.Restored);
        return target.Length is > 0 and <= 200 && target.AsSpan().IndexOfAny("/\\\0") < 0 && target.Trim('.').Length > 0
            && Path.GetFullPath(target, root) is var below && Path.GetDirectoryName(below) == root
            ? below
            : throw HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["target"] = ["Send a plain name without slashes, such as restored-register."] });
    }

    private BackupPolicy Policy(HttpContext http)
    {
        var id = http.PathValue("policy");
        return plan.Current.FindBackup(id)
            ?? throw HttpProblemException.NotFound($"The plan has no backup policy '{id}'. {Nearest.Hint(id, plan.Current.Backups.Select(static p => p.Id))}".TrimEnd());
    }

    private sealed record OperationRef(string Operation);
}
