using System.Collections.Frozen;

namespace Maintenance.Knowledge;

/// <summary>What the plan says of documents, and the documents themselves.</summary>
/// <param name="Folders">Where they lie.</param>
public sealed record KnowledgePolicy(IReadOnlyList<DocumentFolder> Folders)
{
    private readonly Lazy<FrozenDictionary<string, KnowledgeDocument>> _byId = new(static () => FrozenDictionary<string, KnowledgeDocument>.Empty);
    private readonly IReadOnlyList<KnowledgeDocument> _documents = [];

    /// <summary>How long people have to acknowledge an SOP where the plan says nothing.</summary>
    public static readonly TimeSpan UsualAcknowledgement = TimeSpan.FromDays(10);

    /// <summary>How long a review may be late before there is a ticket, where the plan says nothing.</summary>
    public static readonly TimeSpan UsualGrace = TimeSpan.FromDays(14);

    /// <summary>A plan without documents.</summary>
    public static KnowledgePolicy None { get; } = new([]);

    /// <summary>How long people have to acknowledge an SOP after they were asked.</summary>
    public TimeSpan AcknowledgeWithin { get; init; } = UsualAcknowledgement;

    /// <summary>How long a review may be late before there is a ticket.</summary>
    public TimeSpan ReviewGrace { get; init; } = UsualGrace;

    /// <summary>What the ticket of a late review is taken to be; null for no tickets.</summary>
    public DocumentTicket? Ticket { get; init; }

    /// <summary>The documents, in the order of folders and names.</summary>
    public IReadOnlyList<KnowledgeDocument> Documents
    {
        get => _documents;
        init
        {
            _documents = value;
            _byId = new(() => value.DistinctBy(static one => one.Id).ToFrozenDictionary(static one => one.Id, StringComparer.Ordinal));
        }
    }

    /// <summary>The document of an id, or null.</summary>
    public KnowledgeDocument? Find(string id) => _byId.Value.GetValueOrDefault(id);

    /// <summary>The document of a file, as the plan names it, or null.</summary>
    /// <param name="file">Relative to the plan's folder.</param>
    public KnowledgeDocument? FindFile(string file) => Documents.FirstOrDefault(document => document.File == file);
}

/// <summary>A folder of Markdown files, and what counts for those that say nothing themselves.</summary>
/// <param name="Path">Relative to the plan's folder.</param>
/// <param name="Kind">What its files are.</param>
public sealed record DocumentFolder(string Path, DocumentKind Kind)
{
    /// <summary>A person or a role, or null.</summary>
    public string? Owner { get; init; }

    /// <summary>For whom they are: roles, ids of people, <c>everyone</c> or <c>public</c>.</summary>
    public IReadOnlyList<string> Audience { get; init; } = [];

    /// <summary>How often they are reviewed; null for never.</summary>
    public ReviewPeriod? Review { get; init; }
}

/// <summary>What a document is.</summary>
public enum DocumentKind
{
    /// <summary>A procedure that its audience must know: it is acknowledged.</summary>
    Sop,

    /// <summary>What helps with a question or a fault.</summary>
    Article,

    /// <summary>Anything else that is kept up: a manual, a policy, a contract's summary.</summary>
    Document,
}

/// <summary>What the ticket of a late review is taken to be.</summary>
/// <param name="Impact">The id of the impact.</param>
/// <param name="Urgency">The id of the urgency.</param>
public sealed record DocumentTicket(string Impact, string Urgency);
