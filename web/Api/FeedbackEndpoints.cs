using Maintenance.Feedback;
using Maintenance.Knowledge;
using Maintenance.Plan;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>What the public sends, and what they see of it.</summary>
/// <param name="feedback">Takes it in.</param>
/// <param name="senders">Counts what each sender sends, by the plan's limit, for all processes that serve.</param>
/// <param name="satisfaction">How content they are.</param>
/// <param name="erasure">Erases who they are.</param>
/// <param name="export">Says what is held on them.</param>
/// <param name="knowledge">What may help them already.</param>
/// <param name="plan">The plan.</param>
/// <param name="limit">
/// How much one address may send to this process, counted before anything is read; null for no limit. On Azure there is none: its instances share no memory, and a
/// limit of this kind there is the platform's (a web application firewall before the app).
/// </param>
public sealed partial class FeedbackEndpoints(
    FeedbackService feedback, FeedbackSenders senders, SatisfactionService satisfaction, FeedbackErasure erasure, FeedbackExport export, KnowledgeService knowledge, ActivePlan plan, FeedbackLimit? limit = null)
{
    /// <summary>A field that people do not see and programs fill in.</summary>
    private const string Trap = "website";

    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>The form.</summary>
    public Task<IResult> FormAsync(HttpContext http) => Task.FromResult<IResult>(Form(Words(http), Nothing));

    /// <summary>
    /// Takes the form in; shows reference and code once the submission is durable. A program that fills in what people do not see is answered as people are, and what it
    /// sent counts and is dropped.
    /// </summary>
    public async Task<IResult> SendFormAsync(HttpContext http)
    {
        var words = Words(http);
        if (limit?.Take(ClientAddress.Of(http)) is { } early)
        {
            return TooMany(http, words, Nothing, early);
        }

        var fields = await RequestBody.ReadFormAsync(http);
        var submission = FeedbackRules.Clean(new FeedbackSubmission(
            fields.GetValueOrDefault("kind", ""), fields.GetValueOrDefault("message", ""), Text(fields, "service"), Text(fields, "name"), Text(fields, "contact"))
        {
            Language = words.Language,
        });
        if (FeedbackRules.Check(plan.Current, submission, words.Language) is { Count: > 0 } errors)
        {
            return Form(words, fields, errors);
        }

        if (await senders.TakeAsync("feedback", ClientAddress.Of(http), null, http.RequestAborted) is { } wait)
        {
            return TooMany(http, words, fields, wait);
        }

        var isTrapped = fields.GetValueOrDefault(Trap, "").Length > 0;
        var receipt = isTrapped ? feedback.Pretend() : await feedback.ReceiveAsync(submission, null, http.RequestAborted);
        return new PageResult<ThanksPage>(new(StringComparer.Ordinal) { ["Plan"] = plan.Current, ["Words"] = words, ["Receipt"] = receipt, ["Suggested"] = knowledge.Suggest(submission.Message, isPublic: true) });
    }

    /// <summary>Takes a submission in as JSON: 202 with reference and code, once it is durable.</summary>
    public async Task<IResult> SendAsync(HttpContext http)
    {
        // Before the body is read, so that refusing costs next to nothing.
        Refuse(http, limit?.Take(ClientAddress.Of(http)));
        var sent = await RequestBody.ReadJsonAsync<FeedbackSubmission>(http);
        if (FeedbackRules.Check(plan.Current, sent) is { Count: > 0 } errors)
        {
            throw HttpProblemException.Invalid(errors);
        }

        var key = http.IdempotencyKey();
        Refuse(http, await senders.TakeAsync("feedback", ClientAddress.Of(http), key is null ? null : feedback.ReferenceOf(sent, key), http.RequestAborted));
        var receipt = await feedback.ReceiveAsync(sent, key, http.RequestAborted);
        return Requests.Accepted(http, "/api/feedback/" + receipt.Reference, receipt);
    }

    private PublicWords Words(HttpContext http) => PublicLanguage.WordsOf(http, plan.Current);

    private static void Refuse(HttpContext http, TimeSpan? wait)
    {
        if (wait is { } left)
        {
            throw HttpProblemException.TooMany(FeedbackWords.Of(Language.En).TooMany(RetryAfter(http, left)));
        }
    }

    private PageResult<FeedbackPage> TooMany(HttpContext http, PublicWords words, IReadOnlyDictionary<string, string> fields, TimeSpan wait) =>
        Form(words, fields, null, FeedbackWords.Of(words.Language).TooMany(RetryAfter(http, wait)), StatusCodes.Status429TooManyRequests);

    private static int RetryAfter(HttpContext http, TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        http.Response.Headers.RetryAfter = seconds.ToString();
        return seconds;
    }

    private PageResult<FeedbackPage> Form(
        PublicWords words, IReadOnlyDictionary<string, string> fields, IReadOnlyDictionary<string, string[]>? errors = null, string? problem = null, int? status = null) => new(
        new(StringComparer.Ordinal) { ["Plan"] = plan.Current, ["Words"] = words, ["Fields"] = fields, ["Errors"] = errors, ["Problem"] = problem },
        status ?? (errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity));

    private static string? Text(IReadOnlyDictionary<string, string> fields, string name) => fields.GetValueOrDefault(name, "").Trim() is { Length: > 0 } text ? text : null;
}
