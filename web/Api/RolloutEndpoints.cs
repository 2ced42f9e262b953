using Maintenance.Rollouts;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>A decision on a rollout, as it is sent.</summary>
/// <param name="Decision">pause, resume, abort or retry.</param>
/// <param name="Comment">Why: an abort needs it; at most 2,000 characters.</param>
public sealed record RolloutDecisionText(RolloutDecision Decision, string? Comment = null);

/// <summary>How approved changes go from ring to ring.</summary>
public sealed class RolloutEndpoints(RolloutService rollouts)
{
    private const int MostText = 2000;

    /// <summary>The rollout of a request.</summary>
    public async Task<IResult> GetAsync(HttpContext http) => Requests.Ok(await FindAsync(http));

    /// <summary>Takes a decision.</summary>
    public async Task<IResult> DecideAsync(HttpContext http, Caller caller)
    {
        var text = await RequestBody.ReadJsonAsync<RolloutDecisionText>(http);
        return Requests.Ok(await DecideAsync(http, caller, text));
    }

    /// <summary>Takes a decision by the page's form.</summary>
    public async Task<IResult> DecideFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);

        // By its name alone: neither a number nor several names with commas are a decision.
        var name = form.GetValueOrDefault("decision", "");
        var decision = Array.FindIndex(Enum.GetNames<RolloutDecision>(), known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at
            ? Enum.GetValues<RolloutDecision>()[at]
            : throw HttpProblemException.BadRequest("Choose one of pause, resume, abort, retry.");
        var run = await DecideAsync(http, caller, new RolloutDecisionText(decision, form.GetValueOrDefault("comment")));
        return TypedResults.Redirect("/patches/" + run.Patch);
    }

    private async Task<RolloutRun> DecideAsync(HttpContext http, Caller caller, RolloutDecisionText text)
    {
        var run = await FindAsync(http);
        var comment = text.Comment?.Trim() ?? "";
        if (comment.Length > MostText || (text.Decision == RolloutDecision.Abort && comment.Length == 0))
        {
            throw HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["comment"] = [comment.Length == 0 ? "Say why: whoever reads the timeline must know." : "At most 2,000 characters, please."],
            });
        }

        return (await rollouts.DecideAsync(run.Patch, text.Decision, caller.Person, comment, http.RequestAborted))!;
    }

    private async Task<RolloutRun> FindAsync(HttpContext http)
    {
        var id = http.PathValue("id");
        var found = id.Length <= 20 && id.StartsWith("P-", StringComparison.Ordinal) && id.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0
            ? await rollouts.FindAsync(id, http.RequestAborted)
            : null;
        return found ?? throw HttpProblemException.NotFound($"There is no rollout of '{id}'.");
    }
}
