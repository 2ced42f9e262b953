namespace Maintenance.Duties;

/// <summary>What is said when a duty is done.</summary>
/// <param name="Text">What was found.</param>
/// <param name="Drill">The id of a drill, such as <c>R-1003</c>.</param>
/// <param name="Ticket">The id of a ticket, such as <c>T-1042</c>.</param>
/// <param name="Report">A report and its month, such as <c>backups/2026-10</c>.</param>
public sealed record DutyCompletion(string? Text = null, string? Drill = null, string? Ticket = null, string? Report = null);

/// <summary>What was asked for cannot be: fields say something that is not so, or something is missing.</summary>
/// <param name="errors">What is wrong, by field.</param>
public sealed class DutyActException(IReadOnlyDictionary<string, string[]> errors) : Exception(string.Join(' ', errors.Values.SelectMany(static texts => texts)))
{
    /// <summary>Of one field.</summary>
    public DutyActException(string field, string message)
        : this(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] })
    {
    }

    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; } = errors;
}

/// <summary>Whoever asks may not do that.</summary>
public sealed class DutyRefusedException(string message) : Exception(message);

/// <summary>It was done or skipped before.</summary>
public sealed class DutyClosedException(string message) : Exception(message);

/// <summary>The duties as a list: what is owed, what comes, what was done lately.</summary>
/// <param name="At">When it was read (UTC).</param>
/// <param name="Overdue">Past their grace, the longest due first.</param>
/// <param name="Due">Due, or open already, the first due in front.</param>
/// <param name="Coming">What will be opened and is due within <see cref="DutyService.Horizon"/>, in order.</param>
/// <param name="Done">What was done or skipped lately, the newest first.</param>
public sealed record DutyOverview(DateTimeOffset At, IReadOnlyList<DutyFact> Overdue, IReadOnlyList<DutyFact> Due, IReadOnlyList<DutyFact> Coming, IReadOnlyList<DutyFact> Done)
{
    /// <summary>So many more were overdue, due, coming or done than are listed.</summary>
    public int Left { get; init; }
}

/// <summary>A duty with its occurrences.</summary>
/// <param name="Duty">Its terms: those of the plan, or those that ran last.</param>
/// <param name="IsInPlan">False where it was taken out of the plan.</param>
/// <param name="NextAt">When the next one is opened (UTC); null where none is in sight.</param>
/// <param name="Occurrences">The latest first.</param>
/// <param name="Older">The key below which the older ones are; null where there are none.</param>
public sealed record DutyHistory(Duty Duty, bool IsInPlan, DateTimeOffset? NextAt, IReadOnlyList<DutyOccurrence> Occurrences, string? Older);
