using System.Text.Json.Serialization;
using Maintenance.Plan;
using NodaTime;
using NodaTime.Extensions;

namespace Maintenance.Resources;

/// <summary>Why somebody is away. For themselves and the leads of their teams alone.</summary>
public enum AbsenceKind
{
    /// <summary>Leave.</summary>
    Leave,

    /// <summary>Sickness.</summary>
    Sickness,

    /// <summary>A course.</summary>
    Training,

    /// <summary>Work elsewhere.</summary>
    Elsewhere,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>An absence that somebody recorded while the system ran. It stays: it is withdrawn, or ends before its time. Only why it was is erased, in the end.</summary>
/// <param name="Id">The last date and a hash: <c>2026-12-24-0a1b2c3d4e5f</c>.</param>
/// <param name="Person">The id of who is away.</param>
/// <param name="From">The first local date of the plan's zone.</param>
/// <param name="To">The last one that was planned, included.</param>
/// <param name="Kind">Why.</param>
/// <param name="At">When it was recorded (UTC).</param>
/// <param name="By">Who recorded it.</param>
public sealed record RecordedAbsence(string Id, string Person, DateOnly From, DateOnly To, AbsenceKind Kind, DateTimeOffset At, string By)
{
    /// <summary>Which part of the day; only an absence of one date may take half of it.</summary>
    public DayPart Part { get; init; }

    /// <summary>The id of who stands in, or null.</summary>
    public string? Deputy { get; init; }

    /// <summary>How it ended before it was over, or never was; null while it counts.</summary>
    public Correction? Withdrawn { get; init; }

    /// <summary>The last date that it took, where it ended before the one that was planned; null where it did not.</summary>
    public DateOnly? EndedOn { get; init; }

    /// <summary>Who said that it ended, when, and why; null where it did not.</summary>
    public Correction? Ended { get; init; }

    /// <summary>When why it was, and why it was corrected, was erased (UTC): the plan keeps that for so long. Its kind is then <see cref="AbsenceKind.Other"/>. Null while it is kept.</summary>
    public DateTimeOffset? ReasonsErasedAt { get; init; }

    /// <summary>The last date that it takes, included.</summary>
    [JsonIgnore]
    public DateOnly Last => EndedOn ?? To;

    /// <summary>True while it counts.</summary>
    [JsonIgnore]
    public bool Counts => Withdrawn is null;

    /// <summary>The same without what it says of why: who was away when, and who corrected it when, stays.</summary>
    public RecordedAbsence WithoutReasons(DateTimeOffset now) => this with
    {
        Kind = AbsenceKind.Other,
        Withdrawn = Withdrawn is { } withdrawn ? withdrawn with { Reason = "" } : null,
        Ended = Ended is { } ended ? ended with { Reason = "" } : null,
        ReasonsErasedAt = ReasonsErasedAt ?? now,
    };

    /// <summary>As the plan has absences: without a reason, which is nobody's but the person's and their lead's.</summary>
    public Absence AsPlanned() => new(From.ToLocalDate(), Last.ToLocalDate(), "") { Part = Part, Deputy = Deputy, IsRecorded = true };
}

/// <summary>That something which was recorded does not hold.</summary>
/// <param name="At">When that was said (UTC).</param>
/// <param name="By">Who said it.</param>
/// <param name="Reason">Why.</param>
public sealed record Correction(DateTimeOffset At, string By, string Reason);

/// <summary>What somebody wants to record of an absence.</summary>
/// <param name="Person">The id of who is away.</param>
/// <param name="From">The first local date.</param>
/// <param name="To">The last one, included.</param>
/// <param name="Part">Which part of the day.</param>
/// <param name="Kind">Why.</param>
/// <param name="Deputy">The id of who stands in, or null.</param>
public sealed record NewAbsence(string Person, LocalDate From, LocalDate To, DayPart Part, AbsenceKind Kind, string? Deputy);

/// <summary>Something about hours or absences is wrong.</summary>
/// <param name="field">Which field.</param>
/// <param name="message">What is wrong, and what would be right.</param>
public sealed class ResourceException(string field, string message) : Exception(message)
{
    /// <summary>Which field is wrong.</summary>
    public string Field { get; } = field;
}
