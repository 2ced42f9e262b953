using Maintenance.Feedback;
using Maintenance.Knowledge;
using Maintenance.Plan;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>What the public says of an article, as it is sent.</summary>
/// <param name="IsHelpful">Whether it helped.</param>
public sealed record HelpVoteText(bool IsHelpful);

/// <summary>Help for the public: articles whose audience is everybody, and nothing else.</summary>
/// <param name="knowledge">The articles.</param>
/// <param name="senders">Counts what each sender says of them, by the plan's limit of feedback.</param>
/// <param name="plan">The plan.</param>
/// <param name="limit">How often one address may ask this process; null for no limit, as for feedback.</param>
public sealed class HelpEndpoints(KnowledgeService knowledge, FeedbackSenders senders, ActivePlan plan, HelpLimit? limit = null)
{
    private const int MostHits = 10;

    /// <summary>The page of all public articles, or of those that <c>?q=</c> finds.</summary>
    public Task<IResult> PageAsync(HttpContext http)
    {
        var words = PublicLanguage.WordsOf(http, plan.Current);
        var question = DocumentEndpoints.Question(http);
        if (question.Length > 0 && limit?.Take(ClientAddress.Of(http)) is { } wait)
        {
            http.Response.Headers.RetryAfter = Requests.Seconds(wait);
            throw HttpProblemException.TooMany(HelpWords.Of(words.Language).TooMany);
        }

        return Task.FromResult<IResult>(new PageResult<HelpPage>(new(StringComparer.Ordinal)
        {
            ["Plan"] = plan.Current,
            ["Words"] = words,
            ["Question"] = question,
            ["Hits"] = question.Trim().Length == 0 ? null : knowledge.Search(question, MostHits, static document => document.IsPublic),
        }));
    }

    /// <summary>The page of an article.</summary>
    public async Task<IResult> ArticleAsync(HttpContext http)
    {
        var document = Find(http);
        await knowledge.NoteShownAsync(document.Id, http.RequestAborted);
        return Article(http, document, isSaid: http.Request.Query["said"] == "yes");
    }

    /// <summary>Counts by the page's form whether it helped.</summary>
    public async Task<IResult> VoteFormAsync(HttpContext http)
    {
        var document = Find(http);
        var form = await RequestBody.ReadFormAsync(http);
        if (form.GetValueOrDefault("helpful") is not ("yes" or "no"))
        {
            return Article(http, document, isSaid: false, StatusCodes.Status422UnprocessableEntity);
        }

        await VoteAsync(http, document, form["helpful"] == "yes");
        return TypedResults.Redirect($"/help/{document.Id}?lang={PublicLanguage.WordsOf(http, plan.Current).Tag}&said=yes");
    }

    /// <summary>Counts whether it helped.</summary>
    public async Task<IResult> VoteAsync(HttpContext http)
    {
        var document = Find(http);
        await VoteAsync(http, document, (await RequestBody.ReadJsonAsync<HelpVoteText>(http)).IsHelpful);
        return TypedResults.NoContent();
    }

    /// <summary>The public articles that may help with <c>?q=</c>, what somebody writes so far.</summary>
    public Task<IResult> SuggestAsync(HttpContext http)
    {
        if (limit?.Take(ClientAddress.Of(http)) is { } wait)
        {
            http.Response.Headers.RetryAfter = Requests.Seconds(wait);
            throw HttpProblemException.TooMany("Too many questions from your address. Wait a moment.");
        }

        return Task.FromResult(Requests.Ok(knowledge.Suggest(DocumentEndpoints.Question(http), isPublic: true).Select(static hit => DocumentEndpoints.Answer(hit, "/help/"))));
    }

    private async Task VoteAsync(HttpContext http, KnowledgeDocument document, bool isHelpful)
    {
        if (await senders.TakeAsync("help", ClientAddress.Of(http), null, http.RequestAborted) is { } wait)
        {
            http.Response.Headers.RetryAfter = Requests.Seconds(wait);
            throw HttpProblemException.TooMany(HelpWords.Of(PublicLanguage.WordsOf(http, plan.Current).Language).TooMany);
        }

        _ = await knowledge.VotePubliclyAsync(document.Id, isHelpful, http.RequestAborted);
    }

    private KnowledgeDocument Find(HttpContext http) =>
        plan.Current.Knowledge.Find(http.PathValue("id")) is { IsPublic: true } document ? document : throw HttpProblemException.NotFound("There is no such article.");

    private PageResult<HelpArticlePage> Article(HttpContext http, KnowledgeDocument document, bool isSaid, int status = StatusCodes.Status200OK)
    {
        var (current, words) = (plan.Current, PublicLanguage.WordsOf(http, plan.Current));
        var html = DocumentHtml.Render(
            document.File, document.Body, file => current.Knowledge.FindFile(file) is { IsPublic: true } other ? $"/help/{other.Id}?lang={words.Tag}" : null, document.Language == Language.Fr ? "Tableau" : "Table");
        return new(new(StringComparer.Ordinal) { ["Plan"] = current, ["Words"] = words, ["Document"] = document, ["Html"] = html, ["IsSaid"] = isSaid }, status);
    }
}
