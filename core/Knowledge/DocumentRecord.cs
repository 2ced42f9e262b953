using Maintenance.Plan;

namespace Maintenance.Knowledge;

/// <summary>What is known of a document beside its file. Instants are UTC.</summary>
/// <param name="Id">The document's id.</param>
/// <param name="Versions">The versions in the order in which they came into force, the one in force last. A version that came back stands there twice.</param>
public sealed record DocumentRecord(string Id, IReadOnlyList<DocumentVersion> Versions)
{
    /// <summary>So many versions and reviews are remembered; older ones are forgotten.</summary>
    public const int MostRemembered = 100;

    /// <summary>So many acknowledgements of one person are remembered here; all of them are kept as records of their own.</summary>
    public const int MostOfPerson = 3;

    /// <summary>The last acknowledgements of each person, the newest last.</summary>
    public IReadOnlyList<DocumentAcknowledgement> Acknowledgements { get; init; } = [];

    /// <summary>The reviews, oldest first.</summary>
    public IReadOnlyList<DocumentReview> Reviews { get; init; } = [];

    /// <summary>When somebody last looked at it, to the day; null where nobody did.</summary>
    public DateTimeOffset? ShownAt { get; init; }

    /// <summary>When a ticket was last linked to it; null where none was.</summary>
    public DateTimeOffset? LinkedAt { get; init; }

    /// <summary>So many tickets are linked to it.</summary>
    public int Linked { get; init; }

    /// <summary>So many of them were solved.</summary>
    public int Solved { get; init; }

    /// <summary>So many people of the plan found it helpful.</summary>
    public int Helpful { get; init; }

    /// <summary>So many did not.</summary>
    public int Unhelpful { get; init; }

    /// <summary>So many of the public found it helpful.</summary>
    public int PublicHelpful { get; init; }

    /// <summary>So many of the public did not.</summary>
    public int PublicUnhelpful { get; init; }

    /// <summary>Who of its audience was asked to acknowledge it, each with their last time. Whoever left the audience is forgotten: they are asked anew where they come back.</summary>
    public IReadOnlyList<DocumentAsking> Asked { get; init; } = [];

    /// <summary>The date of the late review of which the owner was told.</summary>
    public DateTimeOffset? StaleFor { get; init; }

    /// <summary>The date of the late review for which there is a ticket.</summary>
    public DateTimeOffset? TicketFor { get; init; }

    /// <summary>The record with the version in force as its last one. That it is editorial may be said, or taken back, after it was seen.</summary>
    public DocumentRecord Noted(KnowledgeDocument document, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(document);
        var last = Versions.LastOrDefault();
        return last?.Version != document.Version
                ? this with { Versions = [.. Versions.Append(new DocumentVersion(document.Version, now, document.Title, document.IsEditorial)).TakeLast(MostRemembered)] }
            : last.IsEditorial != document.IsEditorial ? this with { Versions = [.. Versions.SkipLast(1), last with { IsEditorial = document.IsEditorial }] }
            : this;
    }

    /// <summary>The record with whoever is missing and was not asked yet as asked at an instant; each has their time from then on.</summary>
    /// <param name="plan">For the audience.</param>
    /// <param name="document">The document, as it is in force.</param>
    /// <param name="now">The instant (UTC).</param>
    public DocumentRecord Asking(OperationsPlan plan, KnowledgeDocument document, DateTimeOffset now)
    {
        var audience = DocumentAudience.People(plan, document).Select(static person => person.Id).ToHashSet(StringComparer.Ordinal);
        var standing = DocumentStanding.Of(plan, document, this, now);
        var next = standing.Missing.Select(static person => person.Id).Where(person => !standing.Deadlines.ContainsKey(person)).ToHashSet(StringComparer.Ordinal);
        return next.Count == 0 && Asked.All(one => audience.Contains(one.Person))
            ? this
            : this with { Asked = [.. Asked.Where(one => audience.Contains(one.Person) && !next.Contains(one.Person)), .. next.Order(StringComparer.Ordinal).Select(person => new DocumentAsking(person, document.Version, now))] };
    }

    /// <summary>The record with one more acknowledgement; the same one again changes nothing.</summary>
    public DocumentRecord With(DocumentAcknowledgement one)
    {
        ArgumentNullException.ThrowIfNull(one);
        if (Acknowledgements.Any(known => known.Person == one.Person && known.Version == one.Version))
        {
            return this;
        }

        var own = Acknowledgements.Where(known => known.Person == one.Person).Append(one).TakeLast(MostOfPerson);
        return this with { Acknowledgements = [.. Acknowledgements.Where(known => known.Person != one.Person), .. own] };
    }
}

/// <summary>A version of a document.</summary>
/// <param name="Version">SHA-256 of what it says, in hex.</param>
/// <param name="SeenAt">When the system first saw it in force (UTC).</param>
/// <param name="Title">Its title.</param>
/// <param name="IsEditorial">True where it changes nothing of what people must know.</param>
public sealed record DocumentVersion(string Version, DateTimeOffset SeenAt, string Title, bool IsEditorial);

/// <summary>Somebody of the audience was asked to acknowledge a version.</summary>
/// <param name="Person">The id of the person.</param>
/// <param name="Version">The version.</param>
/// <param name="At">When (UTC): their time begins then.</param>
/// <param name="IsTold">Whether they were told; written down first, so that cut off in between it is made up for under the same id.</param>
/// <param name="IsReportedLate">Whether the owner was told that they are late.</param>
public sealed record DocumentAsking(string Person, string Version, DateTimeOffset At, bool IsTold = false, bool IsReportedLate = false);

/// <summary>Somebody has read a version and works by it.</summary>
/// <param name="Person">The id of the person.</param>
/// <param name="Version">The version.</param>
/// <param name="At">When (UTC).</param>
public sealed record DocumentAcknowledgement(string Person, string Version, DateTimeOffset At);

/// <summary>Somebody has looked whether a document is still right.</summary>
/// <param name="Version">The version that they looked at.</param>
/// <param name="By">The id of a person, or <c>operator</c>.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Outcome">What they found.</param>
/// <param name="Text">What is to be said of it; empty for nothing.</param>
public sealed record DocumentReview(string Version, string By, DateTimeOffset At, ReviewOutcome Outcome, string Text);

/// <summary>What a review found.</summary>
public enum ReviewOutcome
{
    /// <summary>It is right as it is: the next review is due a period later.</summary>
    Confirmed,

    /// <summary>It must be changed: the review stays due until a later one confirms it, or the file says that it was reviewed.</summary>
    ChangeNeeded,
}

/// <summary>Whether a document helped.</summary>
/// <param name="Person">The id of the person.</param>
/// <param name="Version">The version that they read.</param>
/// <param name="At">When (UTC).</param>
/// <param name="IsHelpful">Whether it did.</param>
/// <param name="Comment">What is missing or wrong, where they say so.</param>
public sealed record DocumentVote(string Person, string Version, DateTimeOffset At, bool IsHelpful, string? Comment);
