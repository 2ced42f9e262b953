using NodaTime;

namespace Maintenance.Resources;

/// <summary>The plan's section <c>resources</c>: whose hours belong to what, and what must never hang on one person.</summary>
/// <param name="Allocations">Whose hours belong to what.</param>
public sealed record ResourcePolicy(IReadOnlyList<Allocation> Allocations)
{
    /// <summary>A plan that allocates nothing.</summary>
    public static ResourcePolicy None { get; } = new([]);

    /// <summary>How long reasons are kept where the plan does not say.</summary>
    public static TimeSpan UsualRetention => TimeSpan.FromDays(730);

    /// <summary>Why somebody was away is erased so long after the absence was to end.</summary>
    public TimeSpan Retention { get; init; } = UsualRetention;

    /// <summary>So long after its end a month can still be written to; null where it always can.</summary>
    public TimeSpan? ClosesAfter { get; init; }

    /// <summary>Who works fewer hours than their calendar has: a duty phone that is answered around the clock is not a working week of 168 hours.</summary>
    public IReadOnlyList<WorkingWeek> Weeks { get; init; } = [];

    /// <summary>What must never hang on one person: the check warns where it does.</summary>
    public NeverAlone NeverAlone { get; init; } = NeverAlone.Nothing;
}

/// <summary>Hours of a person, or of each person of a team, that belong to something.</summary>
/// <param name="Hours">How many, above 0.</param>
/// <param name="Per">Of a week or of a month.</param>
public sealed record Allocation(decimal Hours, AllocationPeriod Per)
{
    /// <summary>The id of the person; null where it is a team's.</summary>
    public string? Person { get; init; }

    /// <summary>The id of the team, each member of which has these hours; null where it is a person's.</summary>
    public string? Team { get; init; }

    /// <summary>The id of the service that they belong to; null for any.</summary>
    public string? Service { get; init; }

    /// <summary>The kind of work that they belong to; null for any.</summary>
    public WorkKind? Kind { get; init; }

    /// <summary>The first local date; null where it always was so.</summary>
    public LocalDate? From { get; init; }

    /// <summary>The last local date, included; null where it stays so.</summary>
    public LocalDate? To { get; init; }

    /// <summary>True on the dates on which it holds.</summary>
    /// <param name="date">A local date of the plan's zone.</param>
    public bool IsOn(LocalDate date) => !(date < From) && !(date > To);
}

/// <summary>Of what the hours of an allocation are.</summary>
public enum AllocationPeriod
{
    /// <summary>Of seven days.</summary>
    Week,

    /// <summary>Of a calendar month.</summary>
    Month,
}

/// <summary>The hours that somebody works in a week, where their calendar has others.</summary>
/// <param name="Person">The id of the person, who has a calendar.</param>
/// <param name="Hours">How many, above 0 and at most 168.</param>
public sealed record WorkingWeek(string Person, decimal Hours);

/// <summary>What at least two people must be able to do.</summary>
/// <param name="Skills">Skills.</param>
/// <param name="Roles">Roles.</param>
public sealed record NeverAlone(IReadOnlyList<string> Skills, IReadOnlyList<string> Roles)
{
    /// <summary>Nothing is asked for.</summary>
    public static NeverAlone Nothing { get; } = new([], []);
}

/// <summary>What hours are for. The first four are the kinds of maintenance of ISO/IEC/IEEE 14764, by the names that tickets have for them.</summary>
public enum WorkKind
{
    /// <summary>Mending a fault that was found.</summary>
    Corrective,

    /// <summary>Keeping the system usable where its surroundings change.</summary>
    Adaptive,

    /// <summary>Making it better.</summary>
    Perfective,

    /// <summary>Mending what has not failed yet.</summary>
    Preventive,

    /// <summary>Running it: duties, backups, watching.</summary>
    Operations,

    /// <summary>Helping the people who use it.</summary>
    Support,

    /// <summary>Learning and teaching.</summary>
    Training,

    /// <summary>Paying technical debt back. Booked on the pieces of its register and nowhere else, so that no hour counts twice.</summary>
    Debt,

    /// <summary>A project.</summary>
    Project,

    /// <summary>Anything else.</summary>
    Other,
}
