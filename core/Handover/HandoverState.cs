namespace Maintenance.Handover;

/// <summary>Something that somebody said.</summary>
/// <param name="By">The id of the person.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Text">What shows it.</param>
public sealed record Confirmation(string By, DateTimeOffset At, string Text);

/// <summary>What is known of something that changes hands.</summary>
/// <param name="Given">That it was given away; null for not yet.</param>
/// <param name="Taken">That it was taken; null for not yet.</param>
public sealed record Transfer(Confirmation? Given, Confirmation? Taken)
{
    /// <summary>True where both have said so.</summary>
    public bool IsDone => Given is not null && Taken is not null;
}

/// <summary>A signature under the document.</summary>
/// <param name="Person">The id of the person.</param>
/// <param name="At">When (UTC).</param>
public sealed record HandoverSignature(string Person, DateTimeOffset At);

/// <summary>A document that is being signed, or is signed.</summary>
/// <param name="Hash">SHA-256 of its Markdown, in lower-case hex: what is signed.</param>
/// <param name="At">When it was written (UTC): its date.</param>
/// <param name="Signatures">Who has signed it.</param>
/// <param name="Section">SHA-256 of the plan's section by which it was written; null where that was not kept.</param>
public sealed record HandoverPaper(string Hash, DateTimeOffset At, IReadOnlyList<HandoverSignature> Signatures, string? Section = null);

/// <summary>How far a handover has come: what people said, and what shows it that could drop out of sight.</summary>
/// <param name="BegunAt">When it began (UTC).</param>
/// <param name="BegunBy">Who began it.</param>
public sealed record HandoverState(DateTimeOffset BegunAt, string BegunBy)
{
    /// <summary>By the id of the line of the checklist.</summary>
    public IReadOnlyDictionary<string, Confirmation> Confirmed { get; init; } = new Dictionary<string, Confirmation>();

    /// <summary>By the id of what changes hands.</summary>
    public IReadOnlyDictionary<string, Transfer> Transfers { get; init; } = new Dictionary<string, Transfer>();

    /// <summary>The tickets of what is outstanding, by its id.</summary>
    public IReadOnlyDictionary<string, string> Tickets { get; init; } = new Dictionary<string, string>();

    /// <summary>The drills that show a line of the checklist, by the strategy: however many others come after them.</summary>
    public IReadOnlyDictionary<string, PassedDrill> Drills { get; init; } = new Dictionary<string, PassedDrill>();

    /// <summary>The document; null until the first signature.</summary>
    public HandoverPaper? Paper { get; init; }

    /// <summary>When the last signature made it accepted (UTC); null for not yet.</summary>
    public DateTimeOffset? AcceptedAt { get; init; }
}

/// <summary>What a checklist is measured against, as the records of this system have it.</summary>
/// <param name="ProvenPoints">The newest proven recovery point (UTC) of each backup policy; null or missing for none.</param>
/// <param name="Drills">Drills that passed.</param>
/// <param name="Untrained">Who is not trained, by the id of the programme: only people of its audience.</param>
/// <param name="Tickets">Whether the ticket of each outstanding issue is still open, by the id of the ticket.</param>
public sealed record HandoverFacts(
    IReadOnlyDictionary<string, DateTimeOffset?> ProvenPoints, IReadOnlyList<PassedDrill> Drills, IReadOnlyDictionary<string, IReadOnlyList<string>> Untrained, IReadOnlyDictionary<string, bool> Tickets);

/// <summary>A drill that passed.</summary>
/// <param name="Id">Such as <c>R-1003</c>.</param>
/// <param name="Strategy">The id of the strategy.</param>
/// <param name="At">When it ended (UTC).</param>
/// <param name="People">Everybody who started it or did something in it.</param>
public sealed record PassedDrill(string Id, string Strategy, DateTimeOffset At, IReadOnlyList<string> People);

/// <summary>It cannot be done as things stand.</summary>
public sealed class HandoverStateException(string message) : Exception(message);

/// <summary>Whoever asks may not do that.</summary>
public sealed class HandoverRefusedException(string message) : Exception(message);

/// <summary>A field says what cannot be.</summary>
/// <param name="field">Which one.</param>
/// <param name="message">What is wrong, and what would be right.</param>
public sealed class HandoverFieldException(string field, string message) : Exception(message)
{
    /// <summary>Which field is wrong.</summary>
    public string Field { get; } = field;
}
