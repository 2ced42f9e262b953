namespace Maintenance.ServiceLevels;

/// <summary>One clock of a ticket, as its events and the plan make it. All instants are UTC.</summary>
/// <param name="Target">Which.</param>
/// <param name="State">Whether it runs after the last event.</param>
/// <param name="Allowed">The service time of the target; null where the plan no longer has its priority.</param>
/// <param name="Due">
/// When the target is, or would have been, used up; null while that is not foreseeable (the clock stands with time left), or where the plan no longer has the priority.
/// </param>
/// <param name="ReachedAt">When it was reached; null where it has not been.</param>
/// <param name="Marks">What happens when, in order; what cannot happen any more, the target being reached, is left out.</param>
/// <param name="Stretches">What it is counted from.</param>
public sealed record ClockReading(
    ServiceTarget Target, ClockState State, TimeSpan? Allowed, DateTimeOffset? Due, DateTimeOffset? ReachedAt, IReadOnlyList<ClockMark> Marks, IReadOnlyList<ClockStretch> Stretches)
{
    /// <summary>True where the target was reached after it was due. Exactly at the due instant is in time.</summary>
    public bool IsReachedLate => ReachedAt > Due;

    /// <summary>True where it is missed at an instant, reached late or not reached at all.</summary>
    public bool IsMissed(DateTimeOffset now) => (ReachedAt ?? now) > Due;
}
