namespace Maintenance.Evidence;

/// <summary>What came of an act.</summary>
public enum AuditOutcome
{
    /// <summary>It was begun; the process ended before it could say what came of it.</summary>
    Begun,

    /// <summary>It was done, or taken in.</summary>
    Done,

    /// <summary>It was refused: by who they are, by the state of things, or because it could not be read.</summary>
    Refused,

    /// <summary>It failed here.</summary>
    Failed,
}

/// <summary>An act over HTTP: who did what, when, from where, and what came of it. Never what was sent: tickets, votes and settings keep that themselves.</summary>
/// <param name="Id">Names the entry; ordinal order is newest first.</param>
/// <param name="At">When it was asked for (UTC).</param>
/// <param name="By">The id of the person; <c>operator</c>, <c>directory:…</c> for a guest, or <c>nobody</c>.</param>
/// <param name="Name">How they were called then; null for nobody.</param>
/// <param name="Act">Which act: the name of its route.</param>
/// <param name="Path">On what: the path that was asked for, without its query.</param>
/// <param name="From">The network address that it came from; the network alone for IPv6.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Status">The HTTP status; null while it is begun.</param>
public sealed record AuditEntry(string Id, DateTimeOffset At, string By, string? Name, string Act, string Path, string From, AuditOutcome Outcome, int? Status)
{
    /// <summary>Who has not said who they are.</summary>
    public const string Nobody = "nobody";

    /// <summary>What an HTTP status says of the act.</summary>
    public static AuditOutcome OutcomeOf(int status) => status switch { < 400 => AuditOutcome.Done, < 500 => AuditOutcome.Refused, _ => AuditOutcome.Failed };
}

/// <summary>Which entries are asked for; all of what is said must hold.</summary>
/// <param name="By">Of this person.</param>
/// <param name="Act">Whose act or path has this in it, whatever its case.</param>
/// <param name="Outcome">With this outcome.</param>
/// <param name="From">Not before this instant (UTC).</param>
/// <param name="To">Before this instant (UTC).</param>
/// <param name="After">Older than the entry of this id: to go on where a page ended.</param>
public sealed record AuditQuery(string? By = null, string? Act = null, AuditOutcome? Outcome = null, DateTimeOffset? From = null, DateTimeOffset? To = null, string? After = null)
{
    /// <summary>True where an entry is one of those.</summary>
    public bool Fits(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return (By is null || entry.By == By)
            && (Act is null || entry.Act.Contains(Act, StringComparison.OrdinalIgnoreCase) || entry.Path.Contains(Act, StringComparison.OrdinalIgnoreCase))
            && (Outcome is null || entry.Outcome == Outcome)
            && (From is null || entry.At >= From)
            && (To is null || entry.At < To);
    }
}
