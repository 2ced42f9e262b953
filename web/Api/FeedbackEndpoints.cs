using Maintenance.Feedback;
using Maintenance.Plan;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>What the public sends, and what they see of it.</summary>
/// <param name="feedback">Takes it in.</param>
/// <param name="plan">The plan.</param>
/// <param name="limit">
/// How much one address may send; null for no limit. On Azure there is none: its instances share no memory, and a limit there is the platform's (a web application
/// firewall before the app).
/// </param>
public sealed class FeedbackEndpoints(FeedbackService feedback, ActivePlan plan, FeedbackLimit? limit = null)
{
    /// <summary>A field that people do not see and programs fill in.</summary>
    private const string Trap = "website";

    /// <summary>The form.</summary>
    public Task<IResult> FormAsync() => Task.FromResult<IResult>(Form(new Dictionary<string, string>(StringComparer.Ordinal), null));

    /// <summary>Takes the form in; shows reference and code once the submission is durable.</summary>
    public async Task<IResult> SendFormAsync(HttpContext http)
    {
        CheckLimit(http);
        var fields = await RequestBody.ReadFormAsync(http);
        if (fields.GetValueOrDefault(Trap, "").Length > 0)
        {
            throw HttpProblemException.BadRequest("The form was filled in by a program.");
        }

        var submission = new FeedbackSubmission(
            fields.GetValueOrDefault("kind", ""), fields.GetValueOrDefault("message", ""), Text(fields, "service"), Text(fields, "name"), Text(fields, "contact"));
        if (FeedbackRules.Check(plan.Current, submission) is { Count: > 0 } errors)
        {
            return Form(fields, errors);
        }

        var receipt = await feedback.ReceiveAsync(submission, null, http.RequestAborted);
        return new PageResult<ThanksPage>(new(StringComparer.Ordinal) { ["Plan"] = plan.Current, ["Receipt"] = receipt });
    }

    /// <summary>The form that asks for reference and code.</summary>
    public Task<IResult> TrackingFormAsync() => Task.FromResult<IResult>(Tracking("", null, null));

    /// <summary>
    /// Shows what became of a submission. Posted, so that the code stands in no address, no history and no log.
    /// </summary>
    public async Task<IResult> TrackFormAsync(HttpContext http)
    {
        var fields = await RequestBody.ReadFormAsync(http);
        var reference = fields.GetValueOrDefault("reference", "");
        var progress = reference.Length <= 40 ? await feedback.TrackAsync(reference, fields.GetValueOrDefault("code", ""), http.RequestAborted) : null;
        return Tracking(reference, progress, progress is null ? "This reference and this code do not belong together. Look at both again." : null);
    }

    /// <summary>Takes a submission in as JSON: 202 with reference and code, once it is durable.</summary>
    public async Task<IResult> SendAsync(HttpContext http)
    {
        CheckLimit(http);
        var submission = await RequestBody.ReadJsonAsync<FeedbackSubmission>(http);
        if (FeedbackRules.Check(plan.Current, submission) is { Count: > 0 } errors)
        {
            throw HttpProblemException.Invalid(errors);
        }

        var receipt = await feedback.ReceiveAsync(submission, http.IdempotencyKey(), http.RequestAborted);
        return Requests.Accepted(http, "/api/feedback/" + receipt.Reference, receipt);
    }

    /// <summary>What became of a submission; the code comes in the header Tracking-Code.</summary>
    public async Task<IResult> TrackAsync(HttpContext http)
    {
        var reference = http.PathValue("reference");
        var progress = reference.Length <= 40 ? await feedback.TrackAsync(reference, http.Request.Headers["Tracking-Code"].ToString(), http.RequestAborted) : null;
        return progress is null
            ? throw HttpProblemException.NotFound("There is no such feedback, or the Tracking-Code header is not its code.")
            : Requests.Ok(progress);
    }

    /// <summary>Before the body is read, so that refusing costs next to nothing.</summary>
    private void CheckLimit(HttpContext http)
    {
        if (limit?.Take(ClientAddress.Of(http)) is { } wait)
        {
            var seconds = (int)Math.Ceiling(wait.TotalSeconds);
            http.Response.Headers.RetryAfter = seconds.ToString();
            throw HttpProblemException.TooMany($"More feedback came from your network than we take at once. Please send it again in {seconds} s.");
        }
    }

    private PageResult<FeedbackPage> Form(IReadOnlyDictionary<string, string> fields, IReadOnlyDictionary<string, string[]>? errors) => new(
        new(StringComparer.Ordinal) { ["Plan"] = plan.Current, ["Fields"] = fields, ["Errors"] = errors },
        errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private PageResult<TrackPage> Tracking(string reference, FeedbackProgress? progress, string? error) => new(
        new(StringComparer.Ordinal) { ["Plan"] = plan.Current, ["Reference"] = reference, ["Progress"] = progress, ["Error"] = error },
        error is null ? StatusCodes.Status200OK : StatusCodes.Status404NotFound);

    private static string? Text(IReadOnlyDictionary<string, string> fields, string name) => fields.GetValueOrDefault(name, "").Trim() is { Length: > 0 } text ? text : null;
}
