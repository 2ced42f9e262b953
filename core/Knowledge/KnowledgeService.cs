using Maintenance.Plan;

namespace Maintenance.Knowledge;

/// <summary>Documents as people use them: read, acknowledged, reviewed, searched, and judged.</summary>
public sealed class KnowledgeService(KnowledgeBook book, ActivePlan plan, TimeProvider time)
{
    /// <summary>The longest comment or review.</summary>
    public const int MostText = 1000;

    /// <summary>So many articles are suggested.</summary>
    public const int Suggested = 3;

    private const int MostGapTickets = 2000;
    private const int GapMonths = 3;

    private volatile IndexOfPolicy? _index;

    /// <summary>Every document as it stands now, in the plan's order.</summary>
    public async Task<IReadOnlyList<DocumentLine>> ListAsync(CancellationToken cancellation)
    {
        var (current, now) = (plan.Current, time.GetUtcNow());
        if (current.Knowledge.Documents.Count == 0)
        {
            return [];
        }

        var known = await book.AllAsync(cancellation);
        return [.. current.Knowledge.Documents.Select(document => Line(DocumentStanding.Of(current, document, known.GetValueOrDefault(document.Id), now), known.GetValueOrDefault(document.Id)))];
    }

    /// <summary>A document as it stands now; null where the plan has none of this id.</summary>
    public async Task<DocumentLine?> FindAsync(string id, CancellationToken cancellation)
    {
        if (plan.Current.Knowledge.Find(id) is not { } document)
        {
            return null;
        }

        var record = await book.FindAsync(id, cancellation);
        return Line(DocumentStanding.Of(plan.Current, document, record, time.GetUtcNow()), record);
    }

    /// <summary>Notes that somebody looks at it: to the day, so that reading seldom writes.</summary>
    public async Task NoteShownAsync(string id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (await book.FindAsync(id, cancellation) is not { } record || !(now - record.ShownAt < TimeSpan.FromDays(1)))
        {
            _ = await book.ChangeAsync(id, record => now - record.ShownAt < TimeSpan.FromDays(1) ? record : record with { ShownAt = now }, cancellation);
        }
    }

    /// <summary>Somebody has read a document and works by it.</summary>
    /// <param name="id">The document.</param>
    /// <param name="person">Who.</param>
    /// <param name="version">The version that they read, or its beginning; it must be the one in force.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The acknowledgement that counts: the first of this person and version. Null where the plan has no such document.</returns>
    /// <exception cref="DocumentChangedException">It has changed since they read it.</exception>
    /// <exception cref="DocumentRefusedException">Nobody must acknowledge it.</exception>
    public async Task<DocumentAcknowledgement?> AcknowledgeAsync(string id, Person person, string version, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(person);
        if (plan.Current.Knowledge.Find(id) is not { } document)
        {
            return null;
        }

        Check(document, version);
        return document.IsAcknowledged
            ? await book.AcknowledgeAsync(id, new DocumentAcknowledgement(person.Id, document.Version, time.GetUtcNow()), cancellation)
            : throw new DocumentRefusedException($"'{id}' is no SOP: nobody has to acknowledge it.");
    }

    /// <summary>Somebody has looked whether a document is still right.</summary>
    /// <param name="id">The document.</param>
    /// <param name="by">Who: the id of a person, or <c>operator</c>.</param>
    /// <param name="version">The version that they looked at, or its beginning; it must be the one in force.</param>
    /// <param name="outcome">What they found.</param>
    /// <param name="text">What is to be said of it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The review; null where the plan has no such document. Sent again on the same day with the same words, it is the one that is there.</returns>
    /// <exception cref="DocumentChangedException">It has changed since they looked.</exception>
    public async Task<DocumentReview?> ReviewAsync(string id, string by, string version, ReviewOutcome outcome, string text, CancellationToken cancellation)
    {
        if (plan.Current.Knowledge.Find(id) is not { } document)
        {
            return null;
        }

        Check(document, version);
        var now = time.GetUtcNow();
        var review = new DocumentReview(document.Version, by, now, outcome, text);
        _ = await book.ChangeAsync(
            id,
            record =>
            {
                var same = record.Reviews.LastOrDefault();
                if (same is not null && same with { At = now } == review && now - same.At < TimeSpan.FromDays(1))
                {
                    review = same;
                    return record;
                }

                return record with { Reviews = [.. record.Reviews.Append(review).TakeLast(DocumentRecord.MostRemembered)] };
            },
            cancellation);
        return review;
    }

    /// <summary>Somebody of the plan says whether a document helped.</summary>
    /// <returns>False where the plan has no such document.</returns>
    /// <exception cref="DocumentChangedException">It has changed since they read it.</exception>
    public async Task<bool> VoteAsync(string id, string person, string version, bool isHelpful, string? comment, CancellationToken cancellation)
    {
        if (plan.Current.Knowledge.Find(id) is not { } document)
        {
            return false;
        }

        Check(document, version);
        await book.VoteAsync(id, new DocumentVote(person, document.Version, time.GetUtcNow(), isHelpful, comment), cancellation);
        return true;
    }

    /// <summary>Somebody whom nobody knows says whether a public article helped. It is counted, and nothing else is kept.</summary>
    /// <returns>False where there is no such public article.</returns>
    public async Task<bool> VotePubliclyAsync(string id, bool isHelpful, CancellationToken cancellation)
    {
        if (plan.Current.Knowledge.Find(id) is not { IsPublic: true })
        {
            return false;
        }

        _ = await book.ChangeAsync(
            id, record => isHelpful ? record with { PublicHelpful = record.PublicHelpful + 1 } : record with { PublicUnhelpful = record.PublicUnhelpful + 1 }, cancellation);
        return true;
    }

    /// <summary>The documents that a question finds, the best first.</summary>
    public IReadOnlyList<KnowledgeHit> Search(string question, int most, Func<KnowledgeDocument, bool>? filter = null) => Index().Find(question, most, filter);

    /// <summary>The articles and procedures that may help with what somebody writes; for the public only what is theirs.</summary>
    public IReadOnlyList<KnowledgeHit> Suggest(string text, bool isPublic) =>
        Index().Suggest(text, Suggested, document => isPublic ? document.IsPublic : document.Kind != DocumentKind.Document);

    /// <summary>What was solved without an article in this month and the two before.</summary>
    public async Task<KnowledgeGaps> GapsAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var first = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var solved = new List<TicketArticles>();
        for (var back = 0; back < GapMonths; back++)
        {
            solved.AddRange(await book.SolvedAsync(first.AddMonths(-back), MostGapTickets, cancellation));
        }

        return KnowledgeGaps.Of(solved);
    }

    private static void Check(KnowledgeDocument document, string version)
    {
        ArgumentNullException.ThrowIfNull(version);
        if (version.Length < 8 || !document.Version.StartsWith(version, StringComparison.Ordinal))
        {
            throw new DocumentChangedException($"'{document.Id}' is at version {KnowledgeDocument.Shortened(document.Version)} now: read it again.");
        }
    }

    private static DocumentLine Line(DocumentStanding standing, DocumentRecord? record) => new(standing, record ?? new DocumentRecord(standing.Document.Id, []));

    private KnowledgeIndex Index()
    {
        var policy = plan.Current.Knowledge;
        if (_index is { } known && ReferenceEquals(known.Policy, policy))
        {
            return known.Index;
        }

        var made = new KnowledgeIndex(policy.Documents);
        _index = new IndexOfPolicy(policy, made);
        return made;
    }

    private sealed record IndexOfPolicy(KnowledgePolicy Policy, KnowledgeIndex Index);
}

/// <summary>A document: how it stands, and what is known of it.</summary>
public sealed record DocumentLine(DocumentStanding Standing, DocumentRecord Record)
{
    /// <summary>The document.</summary>
    public KnowledgeDocument Document => Standing.Document;
}

/// <summary>The document has changed since somebody read it.</summary>
public sealed class DocumentChangedException(string message) : Exception(message);

/// <summary>That cannot be done to the document.</summary>
public sealed class DocumentRefusedException(string message) : Exception(message);
