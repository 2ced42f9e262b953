using Maintenance.Knowledge;
using Maintenance.Plan;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>An acknowledgement, as it is sent.</summary>
/// <param name="Version">The version that was read, or its first 8 digits at least.</param>
public sealed record AcknowledgementText(string Version);

/// <summary>A review of a document, as it is sent.</summary>
/// <param name="Version">The version that was looked at, or its first 8 digits at least.</param>
/// <param name="Outcome">confirmed or changeNeeded.</param>
/// <param name="Text">What is to be said of it; needed where it must be changed.</param>
public sealed record DocumentReviewText(string Version, ReviewOutcome Outcome, string? Text = null);

/// <summary>Whether a document helped, as it is sent.</summary>
/// <param name="Version">The version that was read, or its first 8 digits at least.</param>
/// <param name="IsHelpful">Whether it did.</param>
/// <param name="Comment">What is missing or wrong.</param>
public sealed record DocumentVoteText(string Version, bool IsHelpful, string? Comment = null);

/// <summary>A document at a glance.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Title">Its title.</param>
/// <param name="File">Its file, relative to the plan's folder.</param>
/// <param name="Owner">A person or a role; null where nobody was named.</param>
/// <param name="Audience">For whom it is.</param>
/// <param name="Services">The ids of the services that it is about.</param>
/// <param name="Language">In which language it is written.</param>
/// <param name="Version">SHA-256 of what it says.</param>
/// <param name="IsEditorial">True where its last change asked nobody to read it again.</param>
/// <param name="Since">When the system first saw this version (UTC); null before it has.</param>
/// <param name="ReviewDue">When the next review is due (UTC); null for never.</param>
/// <param name="IsStale">True where that is past.</param>
/// <param name="Acknowledged">Who of the audience has acknowledged it.</param>
/// <param name="Missing">The ids of those who have not.</param>
/// <param name="AcknowledgeBy">Until when the first of them should (UTC); null where nobody was asked yet.</param>
/// <param name="IsLate">True where that is past.</param>
/// <param name="Orphaned">Why nobody keeps it up or finds it.</param>
/// <param name="Linked">So many tickets are linked to it.</param>
/// <param name="Solved">So many of them are solved.</param>
/// <param name="Helpful">So many people found it helpful, the public too.</param>
/// <param name="Unhelpful">So many did not.</param>
public sealed record DocumentAnswer(
    string Id,
    DocumentKind Kind,
    string Title,
    string File,
    string? Owner,
    IReadOnlyList<string> Audience,
    IReadOnlyList<string> Services,
    Language Language,
    string Version,
    bool IsEditorial,
    DateTimeOffset? Since,
    DateTimeOffset? ReviewDue,
    bool IsStale,
    IReadOnlyList<DocumentAcknowledgement> Acknowledged,
    IReadOnlyList<string> Missing,
    DateTimeOffset? AcknowledgeBy,
    bool IsLate,
    IReadOnlyList<string> Orphaned,
    int Linked,
    int Solved,
    int Helpful,
    int Unhelpful)
{
    /// <summary>The text; of a single document only.</summary>
    public string? Body { get; init; }

    /// <summary>Its versions, oldest first; of a single document only.</summary>
    public IReadOnlyList<DocumentVersion>? Versions { get; init; }

    /// <summary>Its reviews, oldest first; of a single document only.</summary>
    public IReadOnlyList<DocumentReview>? Reviews { get; init; }

    /// <summary>Of a line.</summary>
    internal static DocumentAnswer Of(DocumentLine line)
    {
        var (document, standing, record) = (line.Document, line.Standing, line.Record);
        return new DocumentAnswer(
            document.Id, document.Kind, document.Title, document.File, document.Owner, document.Audience, document.Services, document.Language, document.Version, document.IsEditorial, standing.Since, standing.ReviewDue,
            standing.IsStale, standing.Acknowledged, [.. standing.Missing.Select(static person => person.Id)], standing.AcknowledgeBy, standing.IsLate, standing.Orphaned, record.Linked, record.Solved,
            record.Helpful + record.PublicHelpful, record.Unhelpful + record.PublicUnhelpful);
    }
}

/// <summary>A document that was found.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Title">Its title.</param>
/// <param name="Path">Its page.</param>
/// <param name="Score">How well it fits, of this search only.</param>
/// <param name="Snippet">The part of its text that fits best.</param>
public sealed record KnowledgeAnswer(string Id, DocumentKind Kind, string Title, string Path, double Score, IReadOnlyList<SnippetPart> Snippet);

/// <summary>SOPs, articles and other documents: for programs here, for browsers in the other parts.</summary>
public sealed partial class DocumentEndpoints(KnowledgeService knowledge, KnowledgeBook book, ActivePlan plan, TimeProvider time)
{
    private const int MostQuestion = 500;

    /// <summary>The states that lists are filtered by.</summary>
    internal static readonly string[] States = ["mine", "stale", "late", "orphaned"];

    /// <summary>The documents of <c>?kind=sop|article|document&amp;state=mine|stale|late|orphaned</c>, in the plan's order.</summary>
    public async Task<IResult> ListAsync(HttpContext http, Caller caller) => Requests.Ok((await LinesAsync(http, caller)).Select(DocumentAnswer.Of));

    /// <summary>A document with its text, versions and reviews.</summary>
    public async Task<IResult> GetAsync(HttpContext http)
    {
        var line = await FindAsync(http);
        return Requests.Ok(DocumentAnswer.Of(line) with { Body = line.Document.Body, Versions = line.Record.Versions, Reviews = line.Record.Reviews });
    }

    /// <summary>What changed since a version (<c>?from=VERSION</c>; the one before where left out), line by line.</summary>
    public async Task<IResult> DifferencesAsync(HttpContext http)
    {
        var (line, from) = (await FindAsync(http), http.Request.Query["from"].ToString());
        return Requests.Ok(Version(line, from) is not { } version ? []
            : await DifferencesAsync(http, line, version) ?? throw HttpProblemException.NotFound($"The text of version {KnowledgeDocument.Shortened(version.Version)} of '{line.Document.Id}' is not there."));
    }

    /// <summary>Acknowledges a version. The same again is the same acknowledgement.</summary>
    public async Task<IResult> AcknowledgeAsync(HttpContext http, Caller caller)
    {
        var line = await FindAsync(http);
        return Requests.Ok(await AcknowledgeAsync(line, caller, (await RequestBody.ReadJsonAsync<AcknowledgementText>(http)).Version, http.RequestAborted));
    }

    /// <summary>Records a review.</summary>
    public async Task<IResult> ReviewAsync(HttpContext http, Caller caller)
    {
        var line = await FindAsync(http);
        return Requests.Ok(await ReviewAsync(line, caller, await RequestBody.ReadJsonAsync<DocumentReviewText>(http), http.RequestAborted));
    }

    /// <summary>Records whether a document helped.</summary>
    public async Task<IResult> VoteAsync(HttpContext http, Caller caller)
    {
        var line = await FindAsync(http);
        await VoteAsync(line, caller, await RequestBody.ReadJsonAsync<DocumentVoteText>(http), http.RequestAborted);
        return Requests.Ok(DocumentAnswer.Of((await knowledge.FindAsync(line.Document.Id, http.RequestAborted))!));
    }

    /// <summary>The documents that <c>?q=</c> finds, the best first; with <c>suggest=true</c> the three that may help with a ticket of these words.</summary>
    public Task<IResult> SearchAsync(HttpContext http)
    {
        var question = Question(http);
        var hits = http.Request.Query["suggest"] == "true" ? knowledge.Suggest(question, isPublic: false) : knowledge.Search(question, http.QueryNumber("take", 20, 100));
        return Task.FromResult(Requests.Ok(hits.Select(static hit => Answer(hit, "/documents/"))));
    }

    /// <summary>What was solved without an article.</summary>
    public async Task<IResult> GapsAsync(HttpContext http) => Requests.Ok(await knowledge.GapsAsync(http.RequestAborted));

    internal static KnowledgeAnswer Answer(KnowledgeHit hit, string path) => new(hit.Document.Id, hit.Document.Kind, hit.Document.Title, path + hit.Document.Id, Math.Round(hit.Score, 4), hit.Snippet);

    /// <summary>What was asked for: a longer text is read from its beginning.</summary>
    internal static string Question(HttpContext http) => http.Request.Query["q"].ToString() is var text && text.Length > MostQuestion ? text[..MostQuestion] : text;

    private async Task<IReadOnlyList<DocumentLine>> LinesAsync(HttpContext http, Caller caller)
    {
        var (kind, state) = (http.Request.Query["kind"].ToString(), http.Request.Query["state"].ToString());
        if (state.Length > 0 && !States.Contains(state))
        {
            throw HttpProblemException.BadRequest($"The query's state may be {string.Join(", ", States)}.");
        }

        if (kind.Length > 0 && !(Enum.TryParse<DocumentKind>(kind, ignoreCase: true, out var named) && Enum.IsDefined(named) && !char.IsAsciiDigit(kind[0])))
        {
            throw HttpProblemException.BadRequest("The query's kind may be sop, article or document.");
        }

        return
        [
            .. (await knowledge.ListAsync(http.RequestAborted)).Where(line => (kind.Length == 0 || string.Equals(line.Document.Kind.ToString(), kind, StringComparison.OrdinalIgnoreCase)) && state switch
            {
                "mine" => line.Standing.Missing.Any(person => person.Id == caller.Person?.Id),
                "stale" => line.Standing.IsStale,
                "late" => line.Standing.IsLate,
                "orphaned" => line.Standing.Orphaned.Count > 0,
                _ => true,
            }),
        ];
    }

    private async Task<DocumentLine> FindAsync(HttpContext http)
    {
        var id = http.PathValue("id");
        return await knowledge.FindAsync(id, http.RequestAborted) ?? throw HttpProblemException.NotFound(
            $"The plan has no document '{(id.Length > 60 ? id[..60] : id)}'. {Nearest.Hint(id, plan.Current.Knowledge.Documents.Select(static one => one.Id))}".TrimEnd());
    }

    /// <summary>The version that somebody names by its beginning; the one before where they name none; null where there is none before.</summary>
    private static DocumentVersion? Version(DocumentLine line, string from) =>
        from.Length == 0 ? line.Record.Versions.LastOrDefault(one => one.Version != line.Document.Version)
            : line.Record.Versions.LastOrDefault(one => from.Length >= 8 && one.Version.StartsWith(from, StringComparison.Ordinal)) ?? throw HttpProblemException.NotFound($"There is no such version of '{line.Document.Id}'.");

    /// <summary>What changed since a version, its title as the first line; null where its text is not there.</summary>
    private async Task<IReadOnlyList<LineDifference>?> DifferencesAsync(HttpContext http, DocumentLine line, DocumentVersion version) =>
        await book.TextAsync(version.Version, http.RequestAborted) is { } text
            ? TextDifferences.Between($"{version.Title.Trim()}\n\n{text}", $"{line.Document.Title.Trim()}\n\n{KnowledgeDocument.Normal(line.Document.Body)}")
            : null;

    private async Task<DocumentAcknowledgement> AcknowledgeAsync(DocumentLine line, Caller caller, string version, CancellationToken cancellation)
    {
        if ((caller.GuestRefusal ?? (caller.Person is null ? "The operator of the machine is nobody of the plan: sign in as yourself." : null)) is { } refusal)
        {
            throw HttpProblemException.Forbidden($"To acknowledge is a person's own act. {refusal}");
        }

        return await CurrentAsync(async () => (await knowledge.AcknowledgeAsync(line.Document.Id, caller.Person!, version, cancellation))!);
    }

    private async Task<DocumentReview> ReviewAsync(DocumentLine line, Caller caller, DocumentReviewText review, CancellationToken cancellation)
    {
        if (!MayReview(line.Document, caller))
        {
            throw HttpProblemException.Forbidden("Its owner and administrators review it.");
        }

        var text = review.Text?.Trim() ?? "";
        if (text.Length > KnowledgeService.MostText || (review.Outcome == ReviewOutcome.ChangeNeeded && text.Length == 0))
        {
            throw Invalid("text", text.Length == 0 ? "Say what must be changed." : "At most 1,000 characters, please.");
        }

        return await CurrentAsync(async () => (await knowledge.ReviewAsync(line.Document.Id, caller.Id, review.Version, review.Outcome, text, cancellation))!);
    }

    private Task<bool> VoteAsync(DocumentLine line, Caller caller, DocumentVoteText vote, CancellationToken cancellation)
    {
        var comment = vote.Comment?.Trim() is { Length: > 0 } some ? some : null;
        return comment?.Length > KnowledgeService.MostText
            ? throw Invalid("comment", "At most 1,000 characters, please.")
            : CurrentAsync(() => knowledge.VoteAsync(line.Document.Id, caller.Id, vote.Version, vote.IsHelpful, comment, cancellation));
    }

    private static bool MayReview(KnowledgeDocument document, Caller caller) => caller.Is(Roles.Administrator) || DocumentAudience.IsOwner(document, caller.Person!);

    private static HttpProblemException Invalid(string field, string message) => HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });

    private static async Task<T> CurrentAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (DocumentChangedException error)
        {
            throw new HttpProblemException(StatusCodes.Status409Conflict, "It has changed since you read it", error.Message);
        }
        catch (DocumentRefusedException error)
        {
            throw new HttpProblemException(StatusCodes.Status409Conflict, "It cannot be done as things stand", error.Message);
        }
    }
}
