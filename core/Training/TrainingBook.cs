namespace Maintenance.Training;

/// <summary>A session of a programme.</summary>
/// <param name="Id">Such as <c>TS-1001</c>.</param>
/// <param name="Programme">The id of the programme.</param>
/// <param name="At">When it begins (UTC).</param>
/// <param name="Trainer">Who gives it: the id of a person, or a name.</param>
/// <param name="Place">Where.</param>
/// <param name="PlannedBy">Who planned it.</param>
public sealed record TrainingSession(string Id, string Programme, DateTimeOffset At, string Trainer, string Place, string PlannedBy)
{
    /// <summary>When attendance was last recorded (UTC); null where it was not yet.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>Who recorded it; null where nobody did.</summary>
    public string? RecordedBy { get; init; }

    /// <summary>So often it was recorded or cancelled: whoever records it anew says what they saw.</summary>
    public int Version { get; init; }

    /// <summary>Why it does not take place; null where it does.</summary>
    public string? Cancelled { get; init; }

    /// <summary>Who was there, and with what score, in order of their ids.</summary>
    public IReadOnlyList<Attendance> Attendance { get; init; } = [];
}

/// <summary>What was said of a session once. Rows of their own, written with the session and never changed: what was recorded stays evidence, whatever is recorded later.</summary>
/// <param name="Session">The id of the session.</param>
/// <param name="Version">The session's version from then on.</param>
/// <param name="At">When it was said (UTC).</param>
/// <param name="By">Who said it.</param>
/// <param name="Attendance">Who was there.</param>
/// <param name="Cancelled">Why it does not take place; null where it does.</param>
public sealed record TrainingRecording(string Session, int Version, DateTimeOffset At, string By, IReadOnlyList<Attendance> Attendance, string? Cancelled = null);

/// <summary>Somebody at a session.</summary>
/// <param name="Person">Their id.</param>
/// <param name="Score">Their score in the assessment in percent; null where there was none.</param>
public sealed record Attendance(string Person, int? Score = null);

/// <summary>What a person has of a programme.</summary>
/// <param name="Person">Their id.</param>
/// <param name="RequiredSince">Since when the programme is asked of them (UTC): when they were first seen in its audience; null for who only sat in.</param>
public sealed record TrainingRecord(string Person, DateTimeOffset? RequiredSince)
{
    /// <summary>The latest results, at most <see cref="MostResults"/>, in order of their sessions' time.</summary>
    public IReadOnlyList<TrainingResult> Results { get; init; } = [];

    /// <summary>Of what the person was told last: a state and the date it is about; null for nothing.</summary>
    public string? Told { get; init; }

    /// <summary>Older results are left out: they are with their sessions.</summary>
    public const int MostResults = 20;
}

/// <summary>What came of a session for one person.</summary>
/// <param name="Session">The id of the session.</param>
/// <param name="At">When it began (UTC).</param>
/// <param name="Score">The score in percent; null where there was no assessment.</param>
/// <param name="IsPassed">Whether it counts, by the pass mark at the time at which it was recorded.</param>
/// <param name="By">Who recorded it.</param>
public sealed record TrainingResult(string Session, DateTimeOffset At, int? Score, bool IsPassed, string By);

/// <summary>Where a person stands in a programme.</summary>
public enum TrainingState
{
    /// <summary>Trained.</summary>
    Valid,

    /// <summary>Trained, and it runs out soon.</summary>
    Expiring,

    /// <summary>Not trained yet, and there is time.</summary>
    Due,

    /// <summary>It has run out.</summary>
    Expired,

    /// <summary>Never trained, and the time for it is over.</summary>
    Overdue,
}

/// <summary>Where a person stands in a programme, and until when.</summary>
/// <param name="Person">Their id.</param>
/// <param name="State">Where they stand.</param>
/// <param name="Until">Until when they are trained, or by when they must be (UTC).</param>
/// <param name="Latest">The last result; null for none.</param>
public sealed record TrainingStanding(string Person, TrainingState State, DateTimeOffset Until, TrainingResult? Latest)
{
    /// <summary>True for somebody who may do what the programme gates.</summary>
    public bool IsTrained => State is TrainingState.Valid or TrainingState.Expiring;

    /// <summary>True where somebody must see to it.</summary>
    public bool IsOutOfDate => State is TrainingState.Expired or TrainingState.Overdue;
}

/// <summary>A session was recorded or cancelled since somebody read it.</summary>
/// <param name="now">The session, as it is now.</param>
public sealed class TrainingChangedException(TrainingSession now)
    : Exception($"{now.Id} was {(now.Cancelled is null ? "recorded" : "cancelled")} by {now.RecordedBy} since you read it. Look at what they said, and record it again where it is wrong.")
{
    /// <summary>The session, as it is now.</summary>
    public TrainingSession Now { get; } = now;
}

/// <summary>What was asked for cannot be done.</summary>
/// <param name="field">Which field is wrong.</param>
/// <param name="message">What is wrong, and what would be right.</param>
public sealed class TrainingException(string field, string message) : Exception(message)
{
    /// <summary>Which field is wrong.</summary>
    public string Field { get; } = field;
}
