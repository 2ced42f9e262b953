using System.Globalization;
using Maintenance.Patches;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <content>The pages of patches and their forms.</content>
public sealed partial class PatchEndpoints
{
    private const int MostOpen = 500;
    private const int PageOpen = 40;
    private const int PageDecided = 20;
    private const int MostLooked = 200;
    private const int MostOwed = 20;

    /// <summary>The page of open and recent requests.</summary>
    public Task<IResult> ListPageAsync(HttpContext http, Caller caller) => ListPageAsync(http, caller, new Dictionary<string, string>(StringComparer.Ordinal), null, null);

    /// <summary>Asks for a patch by the page's form.</summary>
    public async Task<IResult> RequestFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        try
        {
            var request = await RequestAsync(http, caller, Read(form));
            return TypedResults.Redirect("/patches/" + request.Id);
        }
        catch (HttpProblemException problem)
        {
            return await ListPageAsync(http, caller, form, problem.Errors, problem.Errors is null ? problem.Message : null);
        }
    }

    /// <summary>The page of a request.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller) => await PageAsync(await FindAsync(http), caller, null, http.RequestAborted);

    /// <summary>Casts a vote by the page's form.</summary>
    public Task<IResult> VoteFormAsync(HttpContext http, Caller caller) => FormAsync(http, caller, (found, form) =>
    {
        var choice = form.GetValueOrDefault("choice", "") switch { "approve" => VoteChoice.Approve, "reject" => VoteChoice.Reject, _ => throw HttpProblemException.BadRequest("Choose approve or reject.") };
        return VoteAsync(http, caller, found, new VoteText(choice, form.GetValueOrDefault("comment"), Field(form, "artifact")));
    });

    /// <summary>Revises a request by the page's form.</summary>
    public Task<IResult> ReviseFormAsync(HttpContext http, Caller caller) =>
        FormAsync(http, caller, (found, form) => ReviseAsync(http, caller, found, new RevisionText(form.GetValueOrDefault("artifact", ""), form.GetValueOrDefault("comment"))));

    /// <summary>Withdraws a request by the page's form.</summary>
    public Task<IResult> WithdrawFormAsync(HttpContext http, Caller caller) =>
        FormAsync(http, caller, (found, form) => WithdrawAsync(http, caller, found, new WithdrawalText(form.GetValueOrDefault("comment"))));

    /// <summary>Records a review by the page's form.</summary>
    public Task<IResult> ReviewFormAsync(HttpContext http, Caller caller) =>
        FormAsync(http, caller, (found, form) => ReviewAsync(http, caller, found, new ReviewText(form.GetValueOrDefault("text", ""))));

    private async Task<IResult> FormAsync(HttpContext http, Caller caller, Func<PatchCase, IReadOnlyDictionary<string, string>, Task<PatchCase>> act)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var found = await FindAsync(http);
        try
        {
            _ = await act(found, form);
            return TypedResults.Redirect("/patches/" + found.Request.Id);
        }
        catch (Exception error) when (error is HttpProblemException or VoteRefusedException)
        {
            // As it is now: somebody else may have been quicker.
            return await PageAsync(await FindAsync(http), caller, error.Message, http.RequestAborted);
        }
    }

    private async Task<IResult> PageAsync(PatchCase found, Caller caller, string? error, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var person = caller.Person;
        return new PageResult<PatchPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = plan.Current,
                ["Case"] = found,
                ["Explanation"] = ApprovalExplanation.Of(found, plan.Current, now),
                ["Now"] = now,
                ["VoteRefusal"] = caller.GuestRefusal is { } refusal ? refusal : person is null ? "The operator of the machine has no vote." : Approval.MayVote(found, person.Id, person.Roles, now)?.Reason,
                ["MayReview"] = person is not null && !caller.IsGuest && Approval.MayReview(found.Request, person.Id, person.Roles) is null,
                ["Rollout"] = await rollouts.FindAsync(found.Request.Id, cancellation),
                ["Error"] = error,
            },
            error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private async Task<IResult> ListPageAsync(
        HttpContext http, Caller caller, IReadOnlyDictionary<string, string> fields, IReadOnlyDictionary<string, string[]>? errors, string? error)
    {
        var now = time.GetUtcNow();
        var page = Math.Clamp(http.QueryNumber("waiting", 1, MostOpen), 1, MostOpen);

        // What may wait least stands first; what waits for the reader before all else.
        var open = (await patches.ListOpenAsync(http.RequestAborted).Take(MostOpen).ToListAsync(http.RequestAborted))
            .Where(found => found.DecisionAt(now) is null)
            .Select(found => (Found: found, IsMine: IsAwaited(found, caller, now)))
            .OrderByDescending(static one => one.IsMine).ThenByDescending(static one => one.Found.Request.Type == PatchType.Emergency).ThenBy(static one => one.Found.Request.ExpiresAt)
            .ToList();
        var looked = 0;
        var (decided, last) = (new List<PatchCase>(), (string?)null);
        await foreach (var found in patches.ListRecentAsync(MostLooked, http.QueryNumber("before", int.MaxValue, int.MaxValue), http.RequestAborted))
        {
            looked++;
            if (decided.Count == PageDecided)
            {
                break;
            }

            last = found.Request.Id["P-".Length..];
            if (found.DecisionAt(now) is not null)
            {
                decided.Add(found);
            }
        }

        return new PageResult<PatchesPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = plan.Current,
                ["Now"] = now,
                ["Open"] = open.Skip((page - 1) * PageOpen).Take(PageOpen).ToList(),
                ["Waiting"] = page,
                ["HasMore"] = open.Count > page * PageOpen,
                ["Owed"] = await patches.ListOwedReviewsAsync(http.RequestAborted).Take(MostOwed).ToListAsync(http.RequestAborted),
                ["Decided"] = decided,
                ["Older"] = decided.Count == PageDecided || looked == MostLooked ? last : null,
                ["Fields"] = fields,
                ["Errors"] = errors,
                ["Error"] = error,
            },
            errors is null && error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>True where the caller may vote, and has not.</summary>
    private static bool IsAwaited(PatchCase found, Caller caller, DateTimeOffset now) =>
        caller is { IsGuest: false, Person: { } person } && Approval.MayVote(found, person.Id, person.Roles, now) is null && found.At(now).Votes.All(vote => vote.Person != person.Id);

    private static NewPatch Read(IReadOnlyDictionary<string, string> form) => new(
        form.GetValueOrDefault("title", ""), form.GetValueOrDefault("description", ""), Choice<PatchType>(form, "type"), Choice<PatchSeverity>(form, "severity"), form.GetValueOrDefault("service", ""))
    {
        Components = [.. form.GetValueOrDefault("components", "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
        Versions = Versions(form.GetValueOrDefault("versions", "")),
        Artifact = Field(form, "artifact"),
        Targets = Targets(form.GetValueOrDefault("targets", "")),
        Rollback = Field(form, "rollback"),
        Window = Field(form, "window"),
        Implementer = Field(form, "implementer"),
    };

    /// <summary>Lines such as <c>openssl 3.5.8 -> 3.5.9</c>.</summary>
    private static List<VersionChange> Versions(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(static line => VersionChange.Parse(line) ?? throw Invalid("versions", "Write a line for each, such as openssl 3.5.8 -> 3.5.9."))];

    /// <summary>Lines such as <c>test: app-1, app-2</c>.</summary>
    private static Dictionary<string, IReadOnlyList<string>> Targets(string text)
    {
        const StringSplitOptions Tidy = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        var targets = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', Tidy))
        {
            if (line.Split(':', 2, StringSplitOptions.TrimEntries) is not [var ring, var names] || !targets.TryAdd(ring, names.Split(',', Tidy)))
            {
                throw Invalid("targets", "Write a line for each ring, such as test: app-1, app-2.");
            }
        }

        return targets;
    }

    private static string? Field(IReadOnlyDictionary<string, string> form, string name) => form.GetValueOrDefault(name)?.Trim() is { Length: > 0 } text ? text : null;

    private static TChoice Choice<TChoice>(IReadOnlyDictionary<string, string> form, string name)
        where TChoice : struct, Enum =>
        Enum.GetValues<TChoice>().Where(value => string.Equals(value.ToString(), form.GetValueOrDefault(name), StringComparison.OrdinalIgnoreCase)).Select(static value => (TChoice?)value).FirstOrDefault()
            ?? throw Invalid(name, string.Create(CultureInfo.InvariantCulture, $"Choose one of: {string.Join(", ", Enum.GetNames<TChoice>()).ToLowerInvariant()}."));
}
