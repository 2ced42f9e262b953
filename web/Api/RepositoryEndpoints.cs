using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>How much to verify.</summary>
/// <param name="Percent">How many of a hundred packs are read whole: 0 to 100.</param>
/// <param name="Copy">The copy; left out for the repository itself.</param>
public sealed record VerificationRequest(int Percent = 100, string? Copy = null);

/// <summary>What to prune.</summary>
/// <param name="DryRun">True to say what would be done, and do nothing.</param>
/// <param name="Copy">The copy; left out for the repository itself.</param>
public sealed record PruneRequest(bool DryRun = false, string? Copy = null);

/// <summary>Where to copy to.</summary>
/// <param name="Copy">The id of the copy in the plan.</param>
public sealed record CopyRequest(string Copy);

/// <summary>How the keys are to change: a further passphrase, or a rotation of the host's own.</summary>
/// <param name="Label">What the new key is called: 1 to 100 characters.</param>
/// <param name="Passphrase">The further passphrase.</param>
/// <param name="Rotate">True to wrap anew with the host's own protector, in place of what it wrapped before.</param>
public sealed record KeyRequest(string? Label = null, string? Passphrase = null, bool Rotate = false)
{
    /// <summary>Without the passphrase: nobody may log it by mistake.</summary>
    public override string ToString() => $"{(Rotate ? "rotation" : "further passphrase")} '{Label}'";
}

/// <summary>The repository as a whole: what it holds, verifications, prunes, copies, keys.</summary>
public sealed class RepositoryEndpoints(
    BackupService backups, RepositoryOverviewService overview, RepositoryKeyService keys, RepositoryKeyPlace place, RepositoryCareService care, BackupCalendarService calendars, BreakGlassService book,
    ActivePlan plan, TimeProvider time)
{
    /// <summary>What it holds, how it was looked after, its copies and what they lack.</summary>
    public async Task<IResult> GetAsync(HttpContext http) => Requests.Ok(await RepositoryAnswers.AskAsync(() => overview.ReadAsync(http.RequestAborted)));

    /// <summary>The page of the repository.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller)
    {
        var shown = await RepositoryAnswers.AskAsync(() => overview.ReadAsync(http.RequestAborted));
        return new PageResult<RepositoryPage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Overview"] = shown,
            ["Keys"] = await RepositoryAnswers.AskAsync(() => keys.ListAsync(http.RequestAborted)),
            ["Alarms"] = await care.AlarmsAsync(http.RequestAborted),
            ["Book"] = await book.FindAsync(http.RequestAborted),
            ["Days"] = await StoredAsync(http.RequestAborted),
        });
    }

    /// <summary>What the runs of all policies stored, day by day. Of very many policies the newest runs of each count.</summary>
    private async Task<IReadOnlyList<(DateOnly Date, long Stored)>> StoredAsync(CancellationToken cancellation)
    {
        var days = new SortedDictionary<DateOnly, long>();
        var policies = plan.Current.Backups;
        foreach (var policy in policies)
        {
            foreach (var day in (await calendars.ReadAsync(policy, BackupEndpoints.ShownDays, Math.Min(BackupEndpoints.MostRuns, BackupEndpoints.MostRunsOfPage / policies.Count), cancellation)).Days)
            {
                days[day.Date] = days.GetValueOrDefault(day.Date) + day.StoredBytes;
            }
        }

        return [.. days.Select(static day => (day.Key, day.Value))];
    }

    /// <summary>Verifies it or a copy: 202.</summary>
    public async Task<IResult> VerifyAsync(HttpContext http)
    {
        var request = await RequestBody.ReadJsonAsync(http, new VerificationRequest());
        return await RepositoryAnswers.OperateAsync(http, () => VerifyAsync(request, Key(http, request), http));
    }

    /// <summary>The same by a button.</summary>
    public async Task<IResult> VerifyFormAsync(HttpContext http)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var percent = int.TryParse(form.GetValueOrDefault("percent", "100"), System.Globalization.NumberStyles.None, null, out var number) ? number : -1;
        return await RepositoryAnswers.ShowAsync(() => VerifyAsync(new VerificationRequest(percent, Copy(form)), null, http));
    }

    /// <summary>Prunes it or a copy: 202.</summary>
    public async Task<IResult> PruneAsync(HttpContext http)
    {
        var request = await RequestBody.ReadJsonAsync(http, new PruneRequest());
        return await RepositoryAnswers.OperateAsync(http, () => PruneAsync(request, Key(http, request), http));
    }

    /// <summary>The same by a button: a dry run first, whose page has the button for the real one.</summary>
    public async Task<IResult> PruneFormAsync(HttpContext http)
    {
        var form = await RequestBody.ReadFormAsync(http);
        return await RepositoryAnswers.ShowAsync(() => PruneAsync(new PruneRequest(form.GetValueOrDefault("sure", "") != "yes", Copy(form)), null, http));
    }

    /// <summary>Takes what is new to a copy: 202.</summary>
    public async Task<IResult> CopyAsync(HttpContext http)
    {
        var request = await RequestBody.ReadJsonAsync<CopyRequest>(http);
        return await RepositoryAnswers.OperateAsync(http, () => CopyAsync(request.Copy, Key(http, request), http));
    }

    /// <summary>The same by a button.</summary>
    public async Task<IResult> CopyFormAsync(HttpContext http)
    {
        var form = await RequestBody.ReadFormAsync(http);
        return await RepositoryAnswers.ShowAsync(() => CopyAsync(form.GetValueOrDefault("copy", ""), null, http));
    }

    /// <summary>The wrapped keys; nothing of them is secret.</summary>
    public async Task<IResult> KeysAsync(HttpContext http) => Requests.Ok(await RepositoryAnswers.AskAsync(() => keys.ListAsync(http.RequestAborted)));

    /// <summary>
    /// Adds a further passphrase, or rotates the host's own key. Whoever adds a passphrase can read every backup from a copy ever after, so only the operator of the
    /// machine may.
    /// </summary>
    public async Task<IResult> ChangeKeysAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync<KeyRequest>(http);
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (request.Rotate == request.Passphrase is not null)
        {
            errors["rotate"] = ["Send either a passphrase or rotate, not both."];
        }

        if (request.Label is { } given && (string.IsNullOrWhiteSpace(given) || given.Length > RepositoryKeyService.MostLabel))
        {
            errors["label"] = [$"A label has 1 to {RepositoryKeyService.MostLabel} characters."];
        }

        if (request.Passphrase is { Length: < PassphraseProtector.LeastLength })
        {
            errors["passphrase"] = [$"A passphrase has {PassphraseProtector.LeastLength} characters at least."];
        }

        if (errors.Count > 0)
        {
            throw HttpProblemException.Invalid(errors);
        }

        if (request.Passphrase is not { } passphrase)
        {
            return Requests.Ok(await RepositoryAnswers.AskAsync(() => keys.RotateAsync(request.Label ?? $"rotated {time.GetUtcNow():yyyy-MM-dd}", http.RequestAborted)));
        }

        return caller.Person is null || place.MayAdministratorsAdd
            ? Requests.Created(http, "/api/repository/keys", await RepositoryAnswers.AskAsync(() => keys.AddPassphraseAsync(passphrase, request.Label ?? "further passphrase", http.RequestAborted)))
            : throw HttpProblemException.Forbidden("Only the operator, on the machine itself, adds a passphrase: whoever knows it reads every backup from a copy.");
    }

    /// <summary>Removes a wrapped key; 409 where the host could not do without it.</summary>
    public async Task<IResult> RemoveKeyAsync(HttpContext http)
    {
        try
        {
            return Requests.Ok(await RepositoryAnswers.AskAsync(() => keys.RemoveAsync(http.PathValue("key"), http.RequestAborted)));
        }
        catch (InvalidOperationException error)
        {
            throw new HttpProblemException(StatusCodes.Status409Conflict, "The key is needed", error.Message);
        }
    }

    private Task<string> VerifyAsync(VerificationRequest request, string? key, HttpContext http) =>
        request.Percent is < 0 or > 100
            ? throw HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["percent"] = ["Send a whole number from 0 to 100."] })
            : backups.VerifyAsync(new VerifyRepositoryRequest("", request.Percent, Turn: Turn(), Copy: request.Copy), key, http.RequestAborted);

    private Task<string> PruneAsync(PruneRequest request, string? key, HttpContext http) =>
        backups.PruneAsync(new PruneRepositoryRequest("", request.DryRun, request.Copy), key, http.RequestAborted);

    private Task<string> CopyAsync(string copy, string? key, HttpContext http) => backups.CopyAsync(new CopyRepositoryRequest("", copy), key, http.RequestAborted);

    /// <summary>Which packs it is the turn of: asked for again an hour later, others are read.</summary>
    private long Turn() => time.GetUtcNow().ToUnixTimeSeconds() / 3600;

    private static string? Key<T>(HttpContext http, T request) => http.IdempotencyKey() is { } sent ? $"{sent}\n{MaintenanceJson.Write(request)}" : null;

    private static string? Copy(IReadOnlyDictionary<string, string> form) => form.GetValueOrDefault("copy", "") is { Length: > 0 } copy ? copy : null;
}
