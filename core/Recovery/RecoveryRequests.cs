namespace Maintenance.Recovery;

/// <summary>A recovery or a drill, as asked for.</summary>
/// <param name="Kind">For real, or a drill.</param>
/// <param name="Strategy">The id of the strategy.</param>
/// <param name="Reason">Why.</param>
public sealed record NewRecovery(RecoveryKind Kind, string Strategy, string Reason)
{
    /// <summary>The state that is wanted (UTC): the newest proven snapshot whose reading began at or before it. Null for the newest of all.</summary>
    public DateTimeOffset? PointInTime { get; init; }

    /// <summary>When the service was lost (UTC); null for now.</summary>
    public DateTimeOffset? DisruptedAt { get; init; }

    /// <summary>The copy to restore from; null for the repository itself.</summary>
    public string? Copy { get; init; }

    /// <summary>What a drill breaks on purpose.</summary>
    public DrillFault? Fault { get; init; }
}

/// <summary>What a person decides on a step.</summary>
public enum StepDecision
{
    /// <summary>A manual step is done.</summary>
    Confirm,

    /// <summary>For the cut-over.</summary>
    Approve,

    /// <summary>Against the cut-over: the recovery ends, with the live side as it was.</summary>
    Reject,

    /// <summary>A step that failed is tried again.</summary>
    Retry,

    /// <summary>A step that failed, or waits for a person, is left out.</summary>
    Skip,
}

/// <summary>What a person decides on a recovery as a whole.</summary>
public enum RecoveryDecision
{
    /// <summary>It ends, with the live side as it was.</summary>
    Abort,

    /// <summary>All is well: the old data may go.</summary>
    Confirm,

    /// <summary>It is not: the old data come back.</summary>
    Revert,

    /// <summary>Its workflow had given up and is started again.</summary>
    Resume,
}

/// <summary>What is known of a strategy's drills.</summary>
/// <param name="Since">Since when the strategy has drills (UTC).</param>
/// <param name="ConsideredUpTo">Occurrences up to here have been decided (UTC).</param>
/// <param name="PassedAt">When a drill without a fault last passed, or a recovery was completed (UTC); null where none did.</param>
/// <param name="Latest">The id of the drill that ended last, or null.</param>
/// <param name="LatestState">How it ended.</param>
/// <param name="OverdueFor">The instant at which the drill fell overdue that a ticket was opened for (UTC); null where none was.</param>
public sealed record DrillStatus(
    DateTimeOffset Since, DateTimeOffset ConsideredUpTo, DateTimeOffset? PassedAt = null, string? Latest = null, RecoveryState? LatestState = null, DateTimeOffset? OverdueFor = null);

/// <summary>When a drill is due, and when it is overdue. Pure.</summary>
public static class DrillPlanning
{
    /// <summary>The occurrence that is due, however many were missed; null where none is.</summary>
    public static DateTimeOffset? Due(DrillPolicy policy, DrillStatus status, NodaTime.DateTimeZone zone, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(status);
        return policy.Schedule.Latest(status.ConsideredUpTo, now, zone);
    }

    /// <summary>Since when the next drill is overdue: the instant at which the last that passed ceased to count. Null while one counts. At that instant it still does.</summary>
    public static DateTimeOffset? OverdueSince(DrillPolicy policy, DrillStatus status, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(status);
        var until = (status.PassedAt ?? status.Since) + policy.Expires;
        return now > until ? until : null;
    }
}
