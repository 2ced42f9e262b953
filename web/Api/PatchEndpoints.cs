using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Rollouts;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>A vote as it is sent.</summary>
/// <param name="Choice">approve or reject.</param>
/// <param name="Comment">Why: a rejection needs it; at most 2,000 characters.</param>
/// <param name="Artifact">The hash of the artifact that the voter saw; needed where the request has one.</param>
public sealed record VoteText(VoteChoice Choice, string? Comment = null, string? Artifact = null);

/// <summary>A revision as it is sent.</summary>
/// <param name="Artifact">The hash of the new artifact.</param>
/// <param name="Comment">What was changed; at most 2,000 characters.</param>
public sealed record RevisionText(string Artifact, string? Comment = null);

/// <summary>A withdrawal as it is sent.</summary>
/// <param name="Comment">Why; at most 2,000 characters.</param>
public sealed record WithdrawalText(string? Comment = null);

/// <summary>A review as it is sent.</summary>
/// <param name="Text">What was found: 1 to 10,000 characters.</param>
public sealed record ReviewText(string Text);

/// <summary>An import as it is sent.</summary>
/// <param name="Service">The id of the service that the packages belong to.</param>
/// <param name="Reports">What dotnet list package wrote, of --outdated, of --vulnerable, or of both.</param>
public sealed record ImportText(string Service, IReadOnlyList<JsonElement> Reports);

/// <summary>Patch requests, and what people do to them: for programs here, for browsers in the other part.</summary>
public sealed partial class PatchEndpoints(PatchService patches, RolloutService rollouts, ActivePlan plan, TimeProvider time)
{
    /// <summary>The most bytes that the reports of an import may have.</summary>
    public const int MaxImportBytes = 1024 * 1024;

    private const int MostComment = 2000;
    private const int MostReview = 10_000;

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
        var request = await RequestAsync(http, caller, patch);
        return Requests.Created(http, "/api/patches/" + request.Id, Answer(new PatchCase(request, [])));
    }

    /// <summary>A request with its votes and events.</summary>
    public async Task<IResult> GetAsync(HttpContext http) => Requests.Ok(Answer(await FindAsync(http)));

    /// <summary>What became of each event of a request, what they come to, who may still vote, its revisions, and when each ring would get it.</summary>
    public async Task<IResult> ExplainAsync(HttpContext http) => Requests.Ok(ApprovalExplanation.Of(await FindAsync(http), plan.Current, time.GetUtcNow()));

    /// <summary>Casts a vote; honours Idempotency-Key, as do the other acts.</summary>
    public async Task<IResult> VoteAsync(HttpContext http, Caller caller)
    {
        var vote = await RequestBody.ReadJsonAsync<VoteText>(http);
        return Requests.Ok(Answer(await VoteAsync(http, caller, await FindAsync(http), vote)));
    }

    /// <summary>Puts another artifact in the place of the one that is voted on.</summary>
    public async Task<IResult> ReviseAsync(HttpContext http, Caller caller)
    {
        var revision = await RequestBody.ReadJsonAsync<RevisionText>(http);
        return Requests.Ok(Answer(await ReviseAsync(http, caller, await FindAsync(http), revision)));
    }

    /// <summary>Withdraws a request.</summary>
    public async Task<IResult> WithdrawAsync(HttpContext http, Caller caller)
    {
        var withdrawal = await RequestBody.ReadJsonAsync<WithdrawalText>(http);
        return Requests.Ok(Answer(await WithdrawAsync(http, caller, await FindAsync(http), withdrawal)));
    }

    /// <summary>Records the review that a change owes.</summary>
    public async Task<IResult> ReviewAsync(HttpContext http, Caller caller)
    {
        var review = await RequestBody.ReadJsonAsync<ReviewText>(http);
        return Requests.Ok(Answer(await ReviewAsync(http, caller, await FindAsync(http), review)));
    }

    /// <summary>Asks for each update that reports of the .NET command line name. Imported again, it makes no second request.</summary>
    public async Task<IResult> ImportAsync(HttpContext http, Caller caller)
    {
        var import = await RequestBody.ReadJsonAsync<ImportText>(http, MaxImportBytes);
        var person = Person(caller, "A request has a requester, who may not vote on it.");
        if (plan.Current.FindService(import.Service) is null)
        {
            throw Invalid("service", $"Choose one of: {string.Join(", ", plan.Current.Services.Select(static service => service.Id))}.");
        }

        var reading = PackageUpdates.Read(import.Reports);
        return reading.Problem is { } problem
            ? throw Invalid("reports", problem)
            : Requests.Ok(await patches.ImportAsync(reading.Updates, import.Service, person.Id, http.RequestAborted));
    }

    private async Task<PatchRequest> RequestAsync(HttpContext http, Caller caller, NewPatch patch)
    {
        var person = Person(caller, "A request has a requester, who may not vote on it.");
        if (PatchRules.Check(plan.Current, patch, person.Id) is { Count: > 0 } errors)
        {
            throw HttpProblemException.Invalid(errors);
        }

        // Hashed, since a record's key is shorter than what 200 characters of any kind become in one.
        var key = Convert.ToHexStringLower(
            http.IdempotencyKey() is { } given ? SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.Id}:{given}")) : RandomNumberGenerator.GetBytes(16));
        return await patches.RequestAsync(patch, person.Id, key, http.RequestAborted);
    }

    private async Task<PatchCase> VoteAsync(HttpContext http, Caller caller, PatchCase found, VoteText vote)
    {
        var person = Person(caller, "A vote is a person's own act.");
        var comment = Comment(vote.Comment);
        if (vote.Choice == VoteChoice.Reject && comment is null)
        {
            throw Invalid("comment", "Say why you reject it: the requester must know what to mend.");
        }

        if (vote.Artifact is null && found.At(time.GetUtcNow()).Artifact is { } current)
        {
            throw Invalid("artifact", $"Name the artifact that you looked at; the current one is {current}.");
        }

        return (await patches.VoteAsync(found.Request.Id, person, vote.Choice, comment, vote.Artifact is null ? null : Artifact(vote.Artifact), http.IdempotencyKey(), http.RequestAborted))!;
    }

    private async Task<PatchCase> ReviseAsync(HttpContext http, Caller caller, PatchCase found, RevisionText revision)
    {
        var person = Person(caller, "A revision is a person's own act.");
        return (await patches.ReviseAsync(found.Request.Id, person, Artifact(revision.Artifact), Comment(revision.Comment), http.IdempotencyKey(), http.RequestAborted))!;
    }

    private async Task<PatchCase> WithdrawAsync(HttpContext http, Caller caller, PatchCase found, WithdrawalText withdrawal)
    {
        var person = Person(caller, "A withdrawal is a person's own act.");
        return (await patches.WithdrawAsync(found.Request.Id, person, Comment(withdrawal.Comment), http.IdempotencyKey(), http.RequestAborted))!;
    }

    private async Task<PatchCase> ReviewAsync(HttpContext http, Caller caller, PatchCase found, ReviewText review)
    {
        var person = Person(caller, "A review is a person's own act.");
        return string.IsNullOrWhiteSpace(review.Text) || review.Text.Length > MostReview
            ? throw Invalid("text", "Say in 1 to 10,000 characters what you found.")
            : (await patches.ReviewAsync(found.Request.Id, person, review.Text.Trim(), http.RequestAborted))!;
    }

    private async Task<PatchCase> FindAsync(HttpContext http)
    {
        var id = http.PathValue("id");
        var found = id.Length <= 20 && id.StartsWith("P-", StringComparison.Ordinal) && id.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0
            ? await patches.FindAsync(id, http.RequestAborted)
            : null;
        return found ?? throw HttpProblemException.NotFound($"There is no patch request '{id}'.");
    }

    private PatchAnswer Answer(PatchCase found)
    {
        var replay = found.At(time.GetUtcNow());
        return new PatchAnswer(found.Request, replay.Votes, found.Request.Decision ?? replay.Decision, replay.Artifact, found.Events);
    }

    private static Person Person(Caller caller, string why) =>
        caller.GuestRefusal is { } refusal ? throw HttpProblemException.Forbidden($"{why} {refusal}")
        : caller.Person ?? throw HttpProblemException.Forbidden($"{why} Send a person's token (maintenance token issue <person>).");

    private static string? Comment(string? text) =>
        text?.Trim() is not { Length: > 0 } comment ? null
            : comment.Length <= MostComment ? comment
            : throw Invalid("comment", "At most 2,000 characters, please.");

    private static string Artifact(string text) => PatchRules.NormaliseArtifact(text) ?? throw Invalid("artifact", "An artifact is sha256: and 64 hexadecimal digits.");

    private static HttpProblemException Invalid(string field, string message) =>
        HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });

    private sealed record PatchAnswer(PatchRequest Request, IReadOnlyList<Vote> Votes, Decision? Decision, string? Artifact, IReadOnlyList<ApprovalEvent> Events);
}
