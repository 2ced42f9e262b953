using System.Text.Json.Serialization;
using NodaTime;

namespace Maintenance.Duties;

/// <summary>A duty that is or was owed once. Instants are UTC.</summary>
/// <param name="Terms">The duty as it was when this was opened: a plan that is edited changes nothing about what is owed already.</param>
/// <param name="Key">Its name among those of the duty: the date of the rhythm.</param>
/// <param name="DueAt">When it is due.</param>
/// <param name="PeriodFrom">When the period began that it is for.</param>
/// <param name="OpenedAt">When it was opened.</param>
public sealed record DutyOccurrence(Duty Terms, string Key, DateTimeOffset DueAt, DateTimeOffset PeriodFrom, DateTimeOffset OpenedAt)
{
    /// <summary>Where it stands.</summary>
    public DutyState State { get; init; }

    /// <summary>When it was done or skipped; null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Who did or skipped it: the id of a person, or <c>operator</c>.</summary>
    public string? ClosedBy { get; init; }

    /// <summary>Why it was skipped.</summary>
    public string? Reason { get; init; }

    /// <summary>What shows that it was done; files may be there before that.</summary>
    public IReadOnlyList<DutyEvidence> Evidence { get; init; } = [];

    /// <summary>What was said and opened about it, each once.</summary>
    public IReadOnlyList<DutyNotice> Notices { get; init; } = [];

    /// <summary>The ticket that was opened when it was overdue; null for none.</summary>
    public string? Ticket { get; init; }

    /// <summary>Acts that were done with a key, so that they are not done again.</summary>
    public IReadOnlyList<string> Acts { get; init; } = [];

    /// <summary>Until then, this instant included, it is in time.</summary>
    [JsonIgnore]
    public DateTimeOffset OverdueAfter => DueAt + Terms.Grace;

    /// <summary>Which one it is, for people, programs and messages.</summary>
    [JsonIgnore]
    public string Id => $"{Terms.Id}/{Key}";

    /// <summary>Where it is done and looked at.</summary>
    [JsonIgnore]
    public string Path => $"/duties/{Terms.Id}/{Key}";

    /// <summary>How it stands, at an instant.</summary>
    public DutyStanding At(DateTimeOffset now) => State switch
    {
        DutyState.Done => ClosedAt <= OverdueAfter ? DutyStanding.InTime : DutyStanding.Late,
        DutyState.Skipped => DutyStanding.Skipped,
        _ => now > OverdueAfter ? DutyStanding.Overdue : now >= DueAt ? DutyStanding.Due : DutyStanding.Coming,
    };

    /// <summary>The local date on which it is due.</summary>
    public LocalDate DueDate(DateTimeZone zone) => DutyDates.Local(DueAt, zone).Date;
}

/// <summary>Whether an occurrence is owed.</summary>
public enum DutyState
{
    /// <summary>It is owed.</summary>
    Open,

    /// <summary>It was done.</summary>
    Done,

    /// <summary>It need not be done, for a reason.</summary>
    Skipped,
}

/// <summary>How an occurrence stands.</summary>
public enum DutyStanding
{
    /// <summary>It can be done, and is not due yet.</summary>
    Coming,

    /// <summary>It is due, and within its grace.</summary>
    Due,

    /// <summary>Its grace has passed.</summary>
    Overdue,

    /// <summary>Done, before its grace had passed.</summary>
    InTime,

    /// <summary>Done after that.</summary>
    Late,

    /// <summary>Skipped for a reason.</summary>
    Skipped,
}

/// <summary>Something that shows that a duty was done.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">The words, the id of the drill or ticket, the report as <c>backups/2026-10</c>, or the name of the file.</param>
/// <param name="By">Who gave it.</param>
/// <param name="At">When (UTC).</param>
public sealed record DutyEvidence(EvidenceKind Kind, string Value, string By, DateTimeOffset At)
{
    /// <summary>Of a file: where it lies, how large it is, what it is, and its SHA-256; null for anything else.</summary>
    public DutyFile? File { get; init; }
}

/// <summary>A file as it is stored.</summary>
/// <param name="StoredAs">Its name in the object store.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="MediaType">What it is, as its ending says.</param>
/// <param name="Sha256">Its hash, in lower case: what shows later that it is still the one that was given.</param>
public sealed record DutyFile(string StoredAs, long Bytes, string MediaType, string Sha256)
{
    /// <summary>The id by which it is asked for.</summary>
    [JsonIgnore]
    public string Id => StoredAs[(StoredAs.LastIndexOf('/') + 1)..];
}

/// <summary>What was said or opened about an occurrence.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When (UTC).</param>
public sealed record DutyNotice(DutyNoticeKind Kind, DateTimeOffset At);

/// <summary>What is said and opened about an occurrence as time passes.</summary>
public enum DutyNoticeKind
{
    /// <summary>Its owner hears that it is to be done.</summary>
    Opened,

    /// <summary>Its owner hears that it is due within a day.</summary>
    Reminder,

    /// <summary>It is overdue: the ticket is opened, and people hear of it.</summary>
    Overdue,

    /// <summary>It stays overdue: others hear of it.</summary>
    Escalated,

    /// <summary>Its ticket says how it ended.</summary>
    Answered,
}
