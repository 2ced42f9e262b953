using Maintenance.Tickets;

namespace Maintenance.ServiceLevels;

/// <summary>What a service level promises.</summary>
public enum ServiceTarget
{
    /// <summary>A person has answered.</summary>
    Response,

    /// <summary>It is solved.</summary>
    Resolution,
}

/// <summary>What starts, stops or changes a ticket's clocks. Whatever else happens to a ticket (who has it, what is said) changes no clock.</summary>
public enum ClockEventKind
{
    /// <summary>Support was told: both clocks start.</summary>
    Opened,

    /// <summary>Another priority from now on; what was used is kept.</summary>
    PriorityChanged,

    /// <summary>It waits for somebody; the clocks that the plan names stop.</summary>
    WaitingBegan,

    /// <summary>It waits no longer.</summary>
    WaitingEnded,

    /// <summary>A person has answered. The first one counts, and is never reset.</summary>
    Responded,

    /// <summary>It is solved. That answers it as well, where nobody has.</summary>
    Resolved,

    /// <summary>It was not solved after all: the resolution clock goes on from where it stood.</summary>
    Reopened,
}

/// <summary>Something that a ticket's clocks count from.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Kind">What.</param>
/// <param name="Priority">The priority from then on; with <see cref="ClockEventKind.Opened"/> and <see cref="ClockEventKind.PriorityChanged"/>.</param>
/// <param name="For">For whom it waits; with <see cref="ClockEventKind.WaitingBegan"/>.</param>
/// <param name="Until">Until when (UTC) the clocks stand since it was agreed so; with <see cref="ClockEventKind.Opened"/>.</param>
public sealed record ClockEvent(DateTimeOffset At, ClockEventKind Kind, string? Priority = null, WaitingFor? For = null, DateTimeOffset? Until = null);

/// <summary>What happens at a mark of a clock.</summary>
public enum ClockMarkKind
{
    /// <summary>A part of the target is used up.</summary>
    Warning,

    /// <summary>The target is missed.</summary>
    Breach,

    /// <summary>A level of the chain is reached.</summary>
    Level,

    /// <summary>A level is told again.</summary>
    Repeat,

    /// <summary>The chain has ended.</summary>
    Alarm,
}

/// <summary>A point of service time at which something happens, once.</summary>
/// <param name="Key">Names it: <c>warning-80</c>, <c>breach</c>, <c>level-2</c>, <c>level-2-repeat-3</c>, <c>alarm</c>.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Level">The level of the chain, from 1; the percents of a warning; else 0.</param>
/// <param name="Threshold">So much service time is used then.</param>
/// <param name="At">When (UTC); null while that is not foreseeable, because the clock stands.</param>
public sealed record ClockMark(string Key, ClockMarkKind Kind, int Level, TimeSpan Threshold, DateTimeOffset? At);
