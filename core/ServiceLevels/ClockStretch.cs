using Maintenance.Tickets;

namespace Maintenance.ServiceLevels;

/// <summary>Whether a clock runs.</summary>
public enum ClockState
{
    /// <summary>It counts the service time of its calendar.</summary>
    Running,

    /// <summary>The ticket waits for somebody, and the plan says that this stops the clock; or its agreed date is still to come.</summary>
    Waiting,

    /// <summary>The target is reached.</summary>
    Ended,
}

/// <summary>A stretch of a clock's life in which nothing about it changed: half-open, <c>[From, To)</c>.</summary>
/// <param name="From">Its begin (UTC).</param>
/// <param name="To">Its end (UTC); null for one that goes on.</param>
/// <param name="Priority">The priority in it.</param>
/// <param name="State">Whether the clock runs in it.</param>
/// <param name="For">For whom the ticket waits, where that stops the clock; null where it stands until the agreed date.</param>
public sealed record ClockStretch(DateTimeOffset From, DateTimeOffset? To, string Priority, ClockState State, WaitingFor? For);
