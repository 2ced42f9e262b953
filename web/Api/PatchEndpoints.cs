using System.Security.Cryptography;
using System.Text;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>A vote as it is sent.</summary>
/// <param name="Choice">approve or reject.</param>
/// <param name="Comment">Why: a rejection needs it; at most 2,000 characters.</param>
public sealed record VoteText(VoteChoice Choice, string? Comment = null);

/// <summary>Patch requests and their votes.</summary>
public sealed class PatchEndpoints(PatchService patches, ActivePlan plan, TimeProvider time)
{
    /// <summary>The requests that wait, or all (<c>?state=all</c>).</summary>
    public async Task<IResult> ListAsync(HttpContext http)
    {
        var list = http.Request.Query["state"].ToString() switch
        {
            "" or "open" => patches.ListOpenAsync(http.RequestAborted),
            "all" => patches.ListAsync(http.RequestAborted),
            _ => throw HttpProblemException.BadRequest("The query's state may be open or all."),
        };
        return Requests.Ok(await list.Take(http.QueryNumber("take", 100, 1000)).Select(Answer).ToListAsync(http.RequestAborted));
    }

    /// <summary>Asks for a patch to be approved: 201. The same Idempotency-Key gives the same request.</summary>
    public async Task<IResult> RequestAsync(HttpContext http, Caller caller)
    {
        var patch = await RequestBody.ReadJsonAsync<NewPatch>(http);
        if (caller.Person is null)
        {
            throw HttpProblemException.Forbidden("A request has a requester, who may not vote on it. Send a person's token (maintenance token issue <person>).");
        }

        if (PatchService.Check(plan.Current, patch) is { Count: > 0 } errors)
        {
            throw HttpProblemException.Invalid(errors);
        }

        // Hashed, since a record's key is shorter than what 200 characters of any kind become in one.
        var key = Convert.ToHexStringLower(
            http.IdempotencyKey() is { } given ? SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.Id}:{given}")) : RandomNumberGenerator.GetBytes(16));
        var request = await patches.RequestAsync(patch, caller.Id, key, http.RequestAborted);
        return Requests.Created(http, "/api/patches/" + request.Id, Answer(new PatchCase(request, [])));
    }

    /// <summary>A request with its votes.</summary>
    public async Task<IResult> GetAsync(HttpContext http) => Requests.Ok(Answer(await FindAsync(http)));

    /// <summary>The page of a request.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller) => Page(await FindAsync(http), caller, null);

    /// <summary>Casts a vote.</summary>
    public async Task<IResult> VoteAsync(HttpContext http, Caller caller)
    {
        var vote = await RequestBody.ReadJsonAsync<VoteText>(http);
        _ = await FindAsync(http);
        return Requests.Ok(Answer(await VoteAsync(http, caller, vote)));
    }

    /// <summary>Casts a vote by the page's form.</summary>
    public async Task<IResult> VoteFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var found = await FindAsync(http);
        var choice = form.GetValueOrDefault("choice", "") switch { "approve" => VoteChoice.Approve, "reject" => VoteChoice.Reject, _ => (VoteChoice?)null };
        try
        {
            if (choice is null)
            {
                throw HttpProblemException.BadRequest("Choose approve or reject.");
            }

            _ = await VoteAsync(http, caller, new VoteText(choice.Value, form.GetValueOrDefault("comment")));
            return TypedResults.Redirect("/patches/" + found.Request.Id);
        }
        catch (Exception error) when (error is HttpProblemException or VoteRefusedException)
        {
            return Page(found, caller, error.Message);
        }
    }

    private async Task<PatchCase> VoteAsync(HttpContext http, Caller caller, VoteText vote)
    {
        if (caller.Person is not { } person)
        {
            throw HttpProblemException.Forbidden("A vote is a person's own act. Send that person's token (maintenance token issue <person>).");
        }

        var comment = vote.Comment?.Trim() is { Length: > 0 } text ? text : null;
        if (comment?.Length > 2000 || (vote.Choice == VoteChoice.Reject && comment is null))
        {
            throw HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["comment"] = [comment is null ? "Say why you reject it: the requester must know what to mend." : "At most 2,000 characters, please."],
            });
        }

        return (await patches.VoteAsync(http.PathValue("id"), person, vote.Choice, comment, http.IdempotencyKey(), http.RequestAborted))!;
    }

    private async Task<PatchCase> FindAsync(HttpContext http)
    {
        var id = http.PathValue("id");
        var found = id.Length <= 20 && id.StartsWith("P-", StringComparison.Ordinal) && id.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0
            ? await patches.FindAsync(id, http.RequestAborted)
            : null;
        return found ?? throw HttpProblemException.NotFound($"There is no patch request '{id}'.");
    }

    private PageResult<PatchPage> Page(PatchCase found, Caller caller, string? error) => new(
        new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Now"] = time.GetUtcNow(),
            ["Case"] = found,
            ["Refusal"] = caller.Person is { } person ? Approval.MayVote(found.Request, found.Votes, person.Id, person.Roles, time.GetUtcNow())?.Reason : "The operator of the machine has no vote.",
            ["Error"] = error,
        },
        error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private PatchAnswer Answer(PatchCase found) => new(found.Request, found.Votes, found.Request.Decision ?? Approval.Decide(found.Request, found.Votes, time.GetUtcNow()));

    private sealed record PatchAnswer(PatchRequest Request, IReadOnlyList<Vote> Votes, Decision? Decision);
}
