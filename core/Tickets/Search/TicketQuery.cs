namespace Maintenance.Tickets.Search;

/// <summary>Which tickets are asked for. What is null is not asked.</summary>
public sealed record TicketQuery
{
    /// <summary>Words that are all in it. Of each at least two characters count, at most forty; case and accents do not.</summary>
    public string? Text { get; init; }

    /// <summary>True for the open ones only.</summary>
    public bool IsOpen { get; init; } = true;

    /// <summary>Where it stands; then <see cref="IsOpen"/> is not asked.</summary>
    public TicketState? State { get; init; }

    /// <summary>What it is.</summary>
    public TicketType? Type { get; init; }

    /// <summary>The id of its priority.</summary>
    public string? Priority { get; init; }

    /// <summary>The id of its service.</summary>
    public string? Service { get; init; }

    /// <summary>The id of its team.</summary>
    public string? Team { get; init; }

    /// <summary>The id of the person who has it; an empty text for nobody.</summary>
    public string? Assignee { get; init; }

    /// <summary>A word that people sort by.</summary>
    public string? Tag { get; init; }

    /// <summary>Who asked.</summary>
    public string? Requester { get; init; }

    /// <summary>The id of a person who wants to hear of it.</summary>
    public string? Watcher { get; init; }

    /// <summary>True for those that have missed a target.</summary>
    public bool IsBreached { get; init; }

    /// <summary>True where nothing is asked but whether it is open.</summary>
    public bool IsPlain => this == new TicketQuery { IsOpen = IsOpen };

    /// <summary>The words that are looked for, each once.</summary>
    /// <exception cref="TicketActException">There is a text without a word that could be looked for.</exception>
    public IReadOnlyList<string> Words()
    {
        if (string.IsNullOrWhiteSpace(Text))
        {
            return [];
        }

        IReadOnlyList<string> words = [.. TicketWords.In(Text).Distinct().Take(MostWords)];
        return words.Count > 0 ? words : throw new TicketActException("q", $"Look for words of at least {TicketWords.Shortest} letters or digits.");
    }

    /// <summary>The terms that a ticket must have, besides its words.</summary>
    internal IReadOnlyList<string> Terms() =>
    [
        .. new[]
        {
            // The rarer ones in front.
            Watcher is null ? null : TicketTerms.Watcher(Watcher),
            Requester is null ? null : TicketTerms.Requester(Requester),
            Assignee is null ? null : Assignee.Length == 0 ? TicketTerms.Unassigned : TicketTerms.Assignee(Assignee),
            Tag is null ? null : TicketTerms.Tag(Tag),
            IsBreached ? TicketTerms.Breached : null,
            Team is null ? null : TicketTerms.Team(Team),
            Service is null ? null : TicketTerms.Service(Service),
            Priority is null ? null : TicketTerms.Priority(Priority),
            Type is null ? null : TicketTerms.Type(Type.Value),
            State is { } state ? TicketTerms.State(state) : IsOpen ? TicketTerms.Open : null,
        }.OfType<string>(),
    ];

    /// <summary>True where a ticket is what is asked for, but for its words: its terms may be those of a moment ago.</summary>
    internal bool Fits(Ticket ticket) =>
        (State is { } state ? ticket.State == state : !IsOpen || ticket.IsOpen)
        && (Type is null || ticket.Type == Type)
        && (Priority is null || ticket.Priority == Priority)
        && (Service is null || ticket.Service == Service)
        && (Team is null || ticket.Team == Team)
        && (Assignee is null || (ticket.Assignee ?? "") == Assignee)
        && (Tag is null || ticket.Tags.Contains(Tag.Trim().ToLowerInvariant()))
        && (Requester is null || ticket.Requester == Requester)
        && (Watcher is null || ticket.Watchers.Contains(Watcher))
        && (!IsBreached || ticket.Breaches.Count > 0);

    /// <summary>More words than this are not looked for: nobody types them.</summary>
    private const int MostWords = 12;
}
