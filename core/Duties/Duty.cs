namespace Maintenance.Duties;

/// <summary>Something that is owed again and again: a line of the plan's section <c>duties</c>. Stored as it is with each occurrence, so that its terms stay those under which it was owed.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What people read.</param>
/// <param name="Owner">The id of the person, or the role, that owes it.</param>
/// <param name="Rhythm">When it is due.</param>
public sealed record Duty(string Id, DutyKind Kind, string Name, string Owner, DutyRhythm Rhythm)
{
    /// <summary>The lead where the plan says none.</summary>
    public static readonly TimeSpan UsualLead = TimeSpan.FromDays(7);

    /// <summary>Who does it while the owner is away: a person or a role; null for nobody.</summary>
    public string? Deputy { get; init; }

    /// <summary>The id of the calendar on whose open days it is due; null where every day will do.</summary>
    public string? Calendar { get; init; }

    /// <summary>What happens where the calendar is closed on the date.</summary>
    public BusinessDayRule Adjust { get; init; }

    /// <summary>So long before it is due it is opened, and its owner told.</summary>
    public TimeSpan Lead { get; init; } = UsualLead;

    /// <summary>So long after it was due it is overdue; until then it is in time.</summary>
    public TimeSpan Grace { get; init; }

    /// <summary>The procedure that says how: a file below the plan's folder; null for none.</summary>
    public string? Procedure { get; init; }

    /// <summary>What must be shown before it is done; each kind once.</summary>
    public IReadOnlyList<EvidenceKind> Evidence { get; init; } = [];

    /// <summary>What follows where it is overdue; null where that is only shown.</summary>
    public DutyConsequence? Overdue { get; init; }
}

/// <summary>The plan's kinds of duty.</summary>
public enum DutyKind
{
    /// <summary>An audit of security.</summary>
    SecurityAudit,

    /// <summary>A review of documents.</summary>
    DocumentReview,

    /// <summary>A review of procedures.</summary>
    SopReview,

    /// <summary>A review of knowledge articles.</summary>
    KnowledgeReview,

    /// <summary>Training that is repeated.</summary>
    RefresherTraining,

    /// <summary>An exercise of continuity.</summary>
    ContinuityExercise,

    /// <summary>A check of the data's quality.</summary>
    DataCuration,

    /// <summary>A count of supplies.</summary>
    SuppliesCount,

    /// <summary>A review of technical debt.</summary>
    TechnicalDebtReview,

    /// <summary>A review of who there is, and for what.</summary>
    StaffReview,

    /// <summary>The review of the plan itself.</summary>
    PlanReview,

    /// <summary>A review of who may do what.</summary>
    AccessReview,

    /// <summary>New keys for old ones.</summary>
    KeyRotation,

    /// <summary>A check of what backups lie on.</summary>
    BackupMediaCheck,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>What may show that a duty was done.</summary>
public enum EvidenceKind
{
    /// <summary>What was found, in words.</summary>
    Text,

    /// <summary>A file: a signed sheet, a list.</summary>
    File,

    /// <summary>A drill that passed, ended in the period of the occurrence.</summary>
    Drill,

    /// <summary>A ticket.</summary>
    Ticket,

    /// <summary>A report of some month.</summary>
    Report,
}

/// <summary>Where a due date goes that falls on a closed day (the conventions of business days, as in bond markets).</summary>
public enum BusinessDayRule
{
    /// <summary>It stays.</summary>
    None,

    /// <summary>To the next open day.</summary>
    Following,

    /// <summary>To the last open day before it.</summary>
    Preceding,

    /// <summary>To the next open day; where that is in another month, to the last one before it.</summary>
    ModifiedFollowing,
}

/// <summary>When a duty is due: exactly one of the two.</summary>
/// <param name="Schedule">Six NCRONTAB fields in the system's time zone, or null.</param>
/// <param name="Every">So many months, weeks, days or years from a date, or null.</param>
public sealed record DutyRhythm(string? Schedule, DutyInterval? Every)
{
    /// <summary>In words.</summary>
    public string Text => Every is { } every
        ? $"every {(every.Count == 1 ? every.Unit.ToString().ToLowerInvariant()[..^1] : $"{every.Count} {every.Unit.ToString().ToLowerInvariant()}")} from {every.From:yyyy-MM-dd}, {every.At:HH\\:mm}"
        : Schedule ?? "";
}

/// <summary>The same again after so much time, each counted from the first: what is anchored on day 31 is on the last day of shorter months, and on day 31 again after them.</summary>
/// <param name="Count">How many.</param>
/// <param name="Unit">Of what.</param>
/// <param name="From">The first local date.</param>
/// <param name="At">The wall-clock time by which it is due.</param>
public sealed record DutyInterval(int Count, DutyUnit Unit, DateOnly From, TimeOnly At);

/// <summary>What an interval counts.</summary>
public enum DutyUnit
{
    /// <summary>Days.</summary>
    Days,

    /// <summary>Weeks.</summary>
    Weeks,

    /// <summary>Months.</summary>
    Months,

    /// <summary>Years.</summary>
    Years,
}

/// <summary>What follows where a duty is overdue.</summary>
/// <param name="Ticket">The ticket that is opened, or null.</param>
/// <param name="Notify">Who is told besides the owner: people or roles.</param>
/// <param name="Escalate">Who is told later, or null.</param>
public sealed record DutyConsequence(DutyTicket? Ticket, IReadOnlyList<string> Notify, DutyEscalation? Escalate);

/// <summary>What the ticket of an overdue duty is taken to be.</summary>
/// <param name="Service">The id of a service, or null.</param>
/// <param name="Impact">The id of the impact.</param>
/// <param name="Urgency">The id of the urgency.</param>
public sealed record DutyTicket(string? Service, string Impact, string Urgency);

/// <summary>Who is told where a duty stays overdue.</summary>
/// <param name="After">So long after it became overdue.</param>
/// <param name="Notify">People or roles.</param>
public sealed record DutyEscalation(TimeSpan After, IReadOnlyList<string> Notify);
