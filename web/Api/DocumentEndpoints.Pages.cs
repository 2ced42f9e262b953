using Maintenance.Knowledge;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>The pages of documents and knowledge, and their forms.</summary>
public sealed partial class DocumentEndpoints
{
    private const int MostHits = 20;

    /// <summary>The page of all documents, filtered as the list is.</summary>
    public async Task<IResult> ListPageAsync(HttpContext http, Caller caller)
    {
        var lines = await LinesAsync(http, caller);
        return new PageResult<DocumentsPage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Now"] = time.GetUtcNow(),
            ["Lines"] = lines,
            ["Kind"] = http.Request.Query["kind"].ToString().ToLowerInvariant(),
            ["State"] = http.Request.Query["state"].ToString(),
        });
    }

    /// <summary>The page of a document; with <c>?compare=VERSION</c> what changed since.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller)
    {
        var line = await FindAsync(http);
        await knowledge.NoteShownAsync(line.Document.Id, http.RequestAborted);
        return await PageAsync(http, caller, line, null);
    }

    /// <summary>Acknowledges by the page's form.</summary>
    public Task<IResult> AcknowledgeFormAsync(HttpContext http, Caller caller) =>
        FormAsync(http, caller, (line, form) => AcknowledgeAsync(line, caller, form.GetValueOrDefault("version", ""), http.RequestAborted));

    /// <summary>Records a review by the page's form.</summary>
    public Task<IResult> ReviewFormAsync(HttpContext http, Caller caller) => FormAsync(http, caller, (line, form) => ReviewAsync(
        line,
        caller,
        new DocumentReviewText(
            form.GetValueOrDefault("version", ""),
            form.GetValueOrDefault("outcome") switch { "confirmed" => ReviewOutcome.Confirmed, "changeNeeded" => ReviewOutcome.ChangeNeeded, _ => throw Invalid("outcome", "Say whether it is right as it is.") },
            form.GetValueOrDefault("text")),
        http.RequestAborted));

    /// <summary>Records by the page's form whether it helped.</summary>
    public Task<IResult> VoteFormAsync(HttpContext http, Caller caller) => FormAsync(http, caller, (line, form) => VoteAsync(
        line,
        caller,
        new DocumentVoteText(
            form.GetValueOrDefault("version", ""), form.GetValueOrDefault("helpful") switch { "yes" => true, "no" => false, _ => throw Invalid("helpful", "Say yes or no.") }, form.GetValueOrDefault("comment")),
        http.RequestAborted));

    /// <summary>The page where knowledge is looked for (<c>?q=</c>), and what it lacks.</summary>
    public async Task<IResult> KnowledgePageAsync(HttpContext http, Caller caller)
    {
        var question = Question(http);
        return new PageResult<KnowledgePage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Question"] = question,
            ["Hits"] = question.Trim().Length == 0 ? null : knowledge.Search(question, MostHits),
            ["Lines"] = (await knowledge.ListAsync(http.RequestAborted)).Where(static line => line.Document.Kind == DocumentKind.Article).ToList(),
            ["Gaps"] = await knowledge.GapsAsync(http.RequestAborted),
        });
    }

    private async Task<IResult> FormAsync<T>(HttpContext http, Caller caller, Func<DocumentLine, IReadOnlyDictionary<string, string>, Task<T>> act)
    {
        var line = await FindAsync(http);
        var form = await RequestBody.ReadFormAsync(http);
        try
        {
            _ = await act(line, form);
            return TypedResults.Redirect("/documents/" + line.Document.Id);
        }
        catch (HttpProblemException problem)
        {
            return await PageAsync(http, caller, await FindAsync(http), problem);
        }
    }

    private async Task<IResult> PageAsync(HttpContext http, Caller caller, DocumentLine line, HttpProblemException? problem)
    {
        var (current, id) = (plan.Current, line.Document.Id);
        var compare = http.Request.Query["compare"].ToString();
        var votes = await book.VotesAsync(id, http.RequestAborted);
        return new PageResult<DocumentPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = current,
                ["Now"] = time.GetUtcNow(),
                ["Line"] = line,
                ["Html"] = DocumentHtml.Render(line.Document.File, line.Document.Body, file => current.Knowledge.FindFile(file) is { } other ? "/documents/" + other.Id : null),
                ["Differences"] = compare.Length == 0 ? null : await DifferencesAsync(http, line, Version(line, compare)!),
                ["Compared"] = compare,
                ["Votes"] = votes,
                ["Tickets"] = await book.TicketsAsync(id, http.RequestAborted),
                ["MayAcknowledge"] = line.Document.IsAcknowledged && caller is { Person: not null, IsGuest: false },
                ["MayReview"] = MayReview(line.Document, caller),
                ["Problem"] = problem,
            },
            problem?.Status ?? StatusCodes.Status200OK);
    }
}
