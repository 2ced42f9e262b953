namespace Maintenance.Monitoring;

/// <summary>What the watchdog looks for.</summary>
public enum WatchKind
{
    /// <summary>A timer is silent, or its last tick failed.</summary>
    Heartbeat,

    /// <summary>A workflow has not moved for longer than it may wait.</summary>
    WorkflowStuck,

    /// <summary>A workflow ended with an error.</summary>
    WorkflowFailed,

    /// <summary>A queue has messages that were given up.</summary>
    DeadLetter,

    /// <summary>A recovery point is older than the objective.</summary>
    RecoveryPoint,

    /// <summary>A probe has not been taken for too long: nobody knows whether its service is there.</summary>
    ProbeSilent,

    /// <summary>A service spends its error budget too fast.</summary>
    BudgetBurning,
}

/// <summary>Something that the watchdog found.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">What it is about: the timer, the workflow's instance, the queue, the situation. The same for as long as it lasts.</param>
/// <param name="Text">One or two sentences: what is wrong, and what to do.</param>
/// <param name="Path">The page that shows more.</param>
public sealed record WatchFinding(WatchKind Kind, string Subject, string Text, string Path);

/// <summary>A finding that lasts, as it is recorded.</summary>
/// <param name="Finding">As it was found last.</param>
/// <param name="SeenAt">When it was first found (UTC). Gone and found again, it is another.</param>
/// <param name="IsTold">True once its owner has been told.</param>
public sealed record WatchedFinding(WatchFinding Finding, DateTimeOffset SeenAt, bool IsTold);
