using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>What to restore of a snapshot, and where to.</summary>
/// <param name="Target">
/// An absolute folder (the operator of the machine only), a name below the host's folder for restores, where it has one, or a place:
/// <c>container:https://…</c>, <c>table:https://…</c>, <c>postgres:SETTING</c>; left out: a folder of the snapshot's id.
/// </param>
/// <param name="Paths">Paths or globs, each with all that is in it; left out for everything.</param>
/// <param name="Existing">What becomes of files that are in the target already.</param>
/// <param name="DryRun">True to say what would be done, and write nothing.</param>
/// <param name="Copy">The copy to restore from; left out for the repository itself.</param>
public sealed record RestoreRequest(
    string? Target = null, IReadOnlyList<string>? Paths = null, ExistingFiles Existing = ExistingFiles.Refuse, bool DryRun = false, string? Copy = null);

/// <summary>The same of a policy, as it was at a point in time.</summary>
/// <param name="At">The instant: the newest proven snapshot whose recovery point is at or before it. Left out: the newest proven one.</param>
/// <param name="Target">As of <see cref="RestoreRequest"/>.</param>
/// <param name="Paths">As of <see cref="RestoreRequest"/>.</param>
/// <param name="Existing">As of <see cref="RestoreRequest"/>.</param>
/// <param name="DryRun">As of <see cref="RestoreRequest"/>.</param>
/// <param name="Copy">As of <see cref="RestoreRequest"/>.</param>
public sealed record PointRestoreRequest(
    DateTimeOffset? At = null, string? Target = null, IReadOnlyList<string>? Paths = null, ExistingFiles Existing = ExistingFiles.Refuse, bool DryRun = false, string? Copy = null);

/// <summary>A hold, as asked for.</summary>
/// <param name="Reason">Why: 1 to 500 characters.</param>
/// <param name="Until">Until when; left out: until it is released.</param>
public sealed record HoldRequest(string Reason, DateTimeOffset? Until = null);

/// <summary>A restore that was started.</summary>
/// <param name="Operation">Its id, for <c>GET /api/operations/{id}</c>.</param>
/// <param name="Snapshot">Which snapshot is restored.</param>
public sealed record RestoreRef(string Operation, string Snapshot);

/// <summary>Snapshots: what is in them, restores, verifications, proofs, holds.</summary>
public sealed class SnapshotEndpoints(BackupService backups, SnapshotService snapshots, RetentionService retention, RestoreTargets targets, TimeProvider time)
{
    private const int MostReason = 500;

    /// <summary>A snapshot's manifest, its run and its hold.</summary>
    public async Task<IResult> GetAsync(HttpContext http) => Requests.Ok(await RepositoryAnswers.AskAsync(() => snapshots.ShowAsync(Id(http), http.RequestAborted)));

    /// <summary>A page of what is in a snapshot: <c>?path=births&amp;take=1000&amp;after=births/2025.csv</c>.</summary>
    public async Task<IResult> EntriesAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var after = query["after"].ToString() is { Length: > 0 } text ? text : null;
        var take = Math.Max(1, http.QueryNumber("take", 1000, 10_000));
        return Requests.Ok(await RepositoryAnswers.AskAsync(() => snapshots.EntriesAsync(Id(http), query["path"].ToString(), take, after, http.RequestAborted)));
    }

    /// <summary>What differs from an older snapshot: <c>?from=OLDER&amp;take=1000</c>.</summary>
    public async Task<IResult> DifferencesAsync(HttpContext http)
    {
        var from = http.Request.Query["from"].ToString() is { Length: > 0 } text ? text : throw HttpProblemException.BadRequest("Name the older snapshot: ?from=….");
        return Requests.Ok(await RepositoryAnswers.AskAsync(() => snapshots.CompareAsync(from, Id(http), http.QueryNumber("take", 1000, 10_000), http.RequestAborted)));
    }

    /// <summary>Restores a snapshot: 202.</summary>
    public async Task<IResult> RestoreAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync(http, new RestoreRequest());
        return await RestoreAsync(http, caller, Id(http), request);
    }

    /// <summary>Restores a policy as it was at a point in time: 202; 404 where no proven snapshot serves it.</summary>
    public async Task<IResult> RestorePointAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync(http, new PointRestoreRequest());
        var id = await RepositoryAnswers.AskAsync(() => snapshots.ChooseAsync(http.PathValue("policy"), request.At, request.Copy, http.RequestAborted));
        return await RestoreAsync(http, caller, id, new RestoreRequest(request.Target, request.Paths, request.Existing, request.DryRun, request.Copy));
    }

    /// <summary>Reads and checks every byte of a snapshot: 202.</summary>
    public Task<IResult> VerifyAsync(HttpContext http) => RepositoryAnswers.OperateAsync(http, () => VerifyAsync(http, http.IdempotencyKey()));

    /// <summary>The same by a button.</summary>
    public Task<IResult> VerifyFormAsync(HttpContext http) => RepositoryAnswers.ShowAsync(() => VerifyAsync(http, null));

    /// <summary>Proves a snapshot again: 202.</summary>
    public Task<IResult> ProveAsync(HttpContext http) => RepositoryAnswers.OperateAsync(http, () => ProveAsync(http, http.IdempotencyKey()));

    /// <summary>The same by a button.</summary>
    public Task<IResult> ProveFormAsync(HttpContext http) => RepositoryAnswers.ShowAsync(() => ProveAsync(http, null));

    /// <summary>Holds a snapshot, so that nobody drops it: 201; 409 where it is held already.</summary>
    public async Task<IResult> HoldAsync(HttpContext http, Caller caller)
    {
        var hold = await PlaceHoldAsync(http, caller, await RequestBody.ReadJsonAsync<HoldRequest>(http));
        return Requests.Created(http, "/api/snapshots/" + hold.Snapshot, hold);
    }

    /// <summary>The same by the page's form, until it is released.</summary>
    public async Task<IResult> HoldFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var hold = await PlaceHoldAsync(http, caller, new HoldRequest(form.GetValueOrDefault("reason", "")));
        return ToPolicy(http, hold.Snapshot);
    }

    /// <summary>Releases a snapshot: 204; 404 where it was not held.</summary>
    public async Task<IResult> ReleaseAsync(HttpContext http) =>
        await retention.ReleaseAsync(Id(http), http.RequestAborted) ? TypedResults.NoContent() : throw HttpProblemException.NotFound($"The snapshot '{Id(http)}' is not held.");

    /// <summary>The same by a button.</summary>
    public async Task<IResult> ReleaseFormAsync(HttpContext http)
    {
        _ = await RepositoryAnswers.AskAsync(() => retention.RequireAsync(Id(http), http.RequestAborted));

        // Somebody else may have been quicker: released it is.
        _ = await retention.ReleaseAsync(Id(http), http.RequestAborted);
        return ToPolicy(http, Id(http));
    }

    /// <summary>Starts a restore, wherever it was asked for; the id of its operation.</summary>
    /// <exception cref="HttpProblemException">There is no such snapshot or copy, or the target is refused.</exception>
    internal async Task<string> StartRestoreAsync(HttpContext http, Caller caller, string snapshot, RestoreRequest request)
    {
        var order = new RestoreSnapshotRequest("", snapshot, await targets.ResolveAsync(request.Target ?? snapshot, caller, http.RequestAborted))
        {
            Paths = request.Paths ?? [],
            Existing = request.Existing,
            IsDryRun = request.DryRun,
            Copy = request.Copy,
        };

        // The same key with anything else asked for is another restore: to answer with the first would leave the second undone.
        var key = http.IdempotencyKey() is { } sent ? $"{sent}\n{MaintenanceJson.Write(order)}" : null;
        return await RepositoryAnswers.AskAsync(() => backups.RestoreAsync(order, key, http.RequestAborted));
    }

    private async Task<IResult> RestoreAsync(HttpContext http, Caller caller, string snapshot, RestoreRequest request)
    {
        var id = await StartRestoreAsync(http, caller, snapshot, request);
        return Requests.Accepted(http, "/api/operations/" + id, new RestoreRef(id, snapshot));
    }

    private Task<string> VerifyAsync(HttpContext http, string? key) => backups.VerifyAsync(new VerifyRepositoryRequest("", 100, Snapshot: Id(http)), key, http.RequestAborted);

    private Task<string> ProveAsync(HttpContext http, string? key) => backups.ProveAsync(Id(http), key, http.RequestAborted);

    private async Task<SnapshotHold> PlaceHoldAsync(HttpContext http, Caller caller, HoldRequest request)
    {
        _ = await RepositoryAnswers.AskAsync(() => retention.RequireAsync(Id(http), http.RequestAborted));
        var now = time.GetUtcNow();
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > MostReason)
        {
            errors["reason"] = [$"Say why, in 1 to {MostReason} characters."];
        }

        if (request.Until <= now)
        {
            errors["until"] = ["This instant has passed."];
        }

        if (errors.Count > 0)
        {
            throw HttpProblemException.Invalid(errors);
        }

        var hold = new SnapshotHold(Id(http), request.Reason.Trim(), caller.Id, now, request.Until);
        return await RepositoryAnswers.AskAsync(() => retention.HoldAsync(hold, http.RequestAborted))
            ? hold
            : throw new HttpProblemException(StatusCodes.Status409Conflict, "It is held already", $"The snapshot '{hold.Snapshot}' is held already. Release it first to hold it otherwise.");
    }

    /// <summary>Back to the page of the snapshot, or to that of its policy: wherever the button was.</summary>
    private static IResult ToPolicy(HttpContext http, string snapshot) =>
        TypedResults.Redirect(http.Request.Query["back"] == "snapshot" ? "/snapshots/" + Uri.EscapeDataString(snapshot) : Snapshot.PolicyOf(snapshot) is { } policy ? "/backups/" + policy : "/backups");

    private static string Id(HttpContext http) => http.PathValue("id");
}
