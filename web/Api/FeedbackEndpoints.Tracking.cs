using System.Globalization;
using Maintenance.Feedback;
using Maintenance.Plan;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>Something that a sender adds to what they sent.</summary>
/// <param name="Text">1 to 4,000 characters.</param>
public sealed record FeedbackComment(string Text);

/// <summary>A sender says that it is not solved.</summary>
/// <param name="Reason">What is still wrong: 1 to 4,000 characters.</param>
public sealed record FeedbackReopening(string Reason);

/// <summary>How content a sender is, or how likely they would recommend the service.</summary>
/// <param name="Score">1 to 5 for a rating, 0 to 10 for a survey.</param>
public sealed record FeedbackScore(int Score);

/// <summary>What senders see of what they sent, and how they go on with it. Codes come in bodies and headers: in an address they would stand in histories and logs.</summary>
public sealed partial class FeedbackEndpoints
{
    /// <summary>The form that asks for reference and code.</summary>
    public Task<IResult> TrackingFormAsync(HttpContext http) => Task.FromResult<IResult>(Tracking(Words(http), "", "", null, null));

    /// <summary>Shows what became of a submission.</summary>
    public async Task<IResult> TrackFormAsync(HttpContext http)
    {
        var fields = await RequestBody.ReadFormAsync(http);
        return await TrackAsync(http, Words(http), fields, null, null);
    }

    /// <summary>Adds something, by the page's form.</summary>
    public async Task<IResult> CommentFormAsync(HttpContext http)
    {
        var (words, fields) = (Words(http), await RequestBody.ReadFormAsync(http));
        var text = fields.GetValueOrDefault("text", "");
        return await ActAsync(http, words, fields, FeedbackRules.CheckComment(text, words.Language), words.Added, (reference, key) => feedback.CommentAsync(reference, text, key, http.RequestAborted));
    }

    /// <summary>Says that it is not solved, by the page's form.</summary>
    public async Task<IResult> ReopenFormAsync(HttpContext http)
    {
        var (words, fields) = (Words(http), await RequestBody.ReadFormAsync(http));
        var reason = fields.GetValueOrDefault("reason", "");
        return await ActAsync(http, words, fields, FeedbackRules.CheckComment(reason, words.Language), words.Reopened, (reference, key) => feedback.ReopenAsync(reference, reason, key, http.RequestAborted));
    }

    /// <summary>The form for a rating, to which a mail leads.</summary>
    public Task<IResult> RatingFormAsync(HttpContext http) => Task.FromResult<IResult>(Scored(Words(http), isSurvey: false, "", null, null, null));

    /// <summary>Takes a rating in, and shows what became of the submission.</summary>
    public async Task<IResult> RateFormAsync(HttpContext http)
    {
        var (words, fields) = (Words(http), await RequestBody.ReadFormAsync(http));
        var score = ScoreOf(fields);
        if (score is null or < 1 or > 5 || !feedback.IsValid(fields.GetValueOrDefault("reference", ""), fields.GetValueOrDefault("code", "")))
        {
            var isScored = score is >= 1 and <= 5;
            return Scored(words, isSurvey: false, fields.GetValueOrDefault("reference", ""), score, isScored ? words.NoMatch : FeedbackWords.Of(words.Language).NumberFrom(1, 5), null, isScored);
        }

        return await ActAsync(http, words, fields, null, words.Rated, (reference, _) => feedback.RateAsync(reference, score.Value, http.RequestAborted));
    }

    /// <summary>The form for the answer to a survey, to which a mail leads.</summary>
    public Task<IResult> SurveyFormAsync(HttpContext http) => Task.FromResult<IResult>(Scored(Words(http), isSurvey: true, "", null, null, null));

    /// <summary>Takes the answer to a survey in.</summary>
    public async Task<IResult> AnswerSurveyFormAsync(HttpContext http)
    {
        var (words, fields) = (Words(http), await RequestBody.ReadFormAsync(http));
        var (reference, score) = (fields.GetValueOrDefault("reference", ""), ScoreOf(fields));
        var isScored = score is >= 0 and <= 10;
        if (!isScored || !feedback.IsValid(reference, fields.GetValueOrDefault("code", "")))
        {
            return Scored(words, isSurvey: true, reference, score, isScored ? words.NoMatch : FeedbackWords.Of(words.Language).NumberFrom(0, 10), null, isScored);
        }

        try
        {
            await feedback.AnswerSurveyAsync(reference, score!.Value, http.RequestAborted);
            return Scored(words, isSurvey: true, reference, score, null, words.Answered);
        }
        catch (FeedbackRefusedException refused)
        {
            return Scored(words, isSurvey: true, reference, score, FeedbackWords.Of(words.Language).Refusal(refused.Refusal), null, status: StatusCodes.Status409Conflict);
        }
    }

    /// <summary>What became of a submission; the code comes in the header Tracking-Code.</summary>
    public async Task<IResult> TrackAsync(HttpContext http) => Requests.Ok(await feedback.TrackAsync(ReferenceOf(http), CodeOf(http), http.RequestAborted) ?? throw NoMatch());

    /// <summary>Adds something; honours Idempotency-Key.</summary>
    public async Task<IResult> CommentAsync(HttpContext http)
    {
        var comment = await RequestBody.ReadJsonAsync<FeedbackComment>(http);
        return await ActAsync(http, "text", FeedbackRules.CheckComment(comment.Text), reference => feedback.CommentAsync(reference, comment.Text, http.IdempotencyKey(), http.RequestAborted));
    }

    /// <summary>Says that it is not solved; honours Idempotency-Key.</summary>
    public async Task<IResult> ReopenAsync(HttpContext http)
    {
        var reopening = await RequestBody.ReadJsonAsync<FeedbackReopening>(http);
        return await ActAsync(http, "reason", FeedbackRules.CheckComment(reopening.Reason), reference => feedback.ReopenAsync(reference, reopening.Reason, http.IdempotencyKey(), http.RequestAborted));
    }

    /// <summary>Takes a rating in.</summary>
    public async Task<IResult> RateAsync(HttpContext http)
    {
        var rating = await RequestBody.ReadJsonAsync<FeedbackScore>(http);
        return await ActAsync(http, "score", rating.Score is >= 1 and <= 5 ? null : FeedbackWords.Of(Language.En).NumberFrom(1, 5), reference => feedback.RateAsync(reference, rating.Score, http.RequestAborted));
    }

    /// <summary>Takes the answer to a survey in.</summary>
    public async Task<IResult> AnswerSurveyAsync(HttpContext http)
    {
        var answer = await RequestBody.ReadJsonAsync<FeedbackScore>(http);
        return await ActAsync(http, "score", answer.Score is >= 0 and <= 10 ? null : FeedbackWords.Of(Language.En).NumberFrom(0, 10), reference => feedback.AnswerSurveyAsync(reference, answer.Score, http.RequestAborted));
    }

    /// <summary>Does something for whoever has the code, and answers with what became of the submission.</summary>
    private async Task<IResult> ActAsync(HttpContext http, string field, string? error, Func<string, Task> act)
    {
        if (!feedback.IsValid(ReferenceOf(http), CodeOf(http)))
        {
            throw NoMatch();
        }

        if (error is not null)
        {
            throw HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [error] });
        }

        Refuse(http, await senders.TakeAsync("act", ClientAddress.Of(http), null, http.RequestAborted));
        try
        {
            await act(ReferenceOf(http));
        }
        catch (FeedbackRefusedException refused)
        {
            throw new HttpProblemException(StatusCodes.Status409Conflict, "It cannot be done as things stand", refused.Message);
        }

        return await TrackAsync(http);
    }

    /// <summary>The same for the page.</summary>
    private async Task<IResult> ActAsync(
        HttpContext http, PublicWords words, IReadOnlyDictionary<string, string> fields, string? error, string done, Func<string, string?, Task> act)
    {
        var reference = fields.GetValueOrDefault("reference", "");
        if (error is not null || !feedback.IsValid(reference, fields.GetValueOrDefault("code", "")))
        {
            return await TrackAsync(http, words, fields, error, null);
        }

        if (await senders.TakeAsync("act", ClientAddress.Of(http), null, http.RequestAborted) is { } wait)
        {
            return await TrackAsync(http, words, fields, FeedbackWords.Of(words.Language).TooMany(RetryAfter(http, wait)), null, StatusCodes.Status429TooManyRequests);
        }

        try
        {
            await act(reference, fields.GetValueOrDefault("key", "") is { Length: > 0 and <= 40 } key ? key : null);
        }
        catch (FeedbackRefusedException refused)
        {
            return await TrackAsync(http, words, fields, FeedbackWords.Of(words.Language).Refusal(refused.Refusal), null, StatusCodes.Status409Conflict);
        }

        return await TrackAsync(http, words, fields, null, done);
    }

    private async Task<IResult> TrackAsync(
        HttpContext http, PublicWords words, IReadOnlyDictionary<string, string> fields, string? error, string? notice, int status = StatusCodes.Status422UnprocessableEntity)
    {
        var (reference, code) = (fields.GetValueOrDefault("reference", ""), fields.GetValueOrDefault("code", ""));
        var progress = await feedback.TrackAsync(reference, code, http.RequestAborted);
        return progress is null
            ? Tracking(words, reference.Length <= 40 ? reference : "", "", null, words.NoMatch, null, StatusCodes.Status404NotFound)
            : Tracking(words, progress.Reference, code, progress, error, notice, error is null ? StatusCodes.Status200OK : status);
    }

    private PageResult<TrackPage> Tracking(
        PublicWords words, string reference, string code, FeedbackProgress? progress, string? error, string? notice = null, int status = StatusCodes.Status200OK) => new(
        new(StringComparer.Ordinal)
        {
            ["Plan"] = plan.Current,
            ["Words"] = words,
            ["Reference"] = reference,
            ["Code"] = code,
            ["Key"] = TrackingCodes.NewReference(),
            ["Progress"] = progress,
            ["Error"] = error,
            ["Notice"] = notice,
        },
        status);

    private PageResult<ScorePage> Scored(PublicWords words, bool isSurvey, string reference, int? chosen, string? error, string? notice, bool isUnknown = false, int status = StatusCodes.Status422UnprocessableEntity) => new(
        new(StringComparer.Ordinal)
        {
            ["Plan"] = plan.Current,
            ["Words"] = words,
            ["IsSurvey"] = isSurvey,
            ["Reference"] = reference.Length <= 40 ? reference : "",
            ["Chosen"] = chosen,
            ["Error"] = error,
            ["Notice"] = notice,
        },
        error is null ? StatusCodes.Status200OK : isUnknown ? StatusCodes.Status404NotFound : status);

    private static int? ScoreOf(IReadOnlyDictionary<string, string> fields) =>
        int.TryParse(fields.GetValueOrDefault("score", ""), NumberStyles.None, CultureInfo.InvariantCulture, out var score) ? score : null;

    private static string ReferenceOf(HttpContext http) => http.PathValue("reference");

    private static string CodeOf(HttpContext http) => http.Request.Headers["Tracking-Code"].ToString();

    private static HttpProblemException NoMatch() => HttpProblemException.NotFound("There is no such feedback, or the Tracking-Code header is not its code.");
}
