namespace Maintenance.Local.Workflows;

/// <summary>What may be set of the engine.</summary>
public sealed record WorkflowEngineSettings
{
    /// <summary>How many activities run at once, over all instances; 8 unless set, at least 1.</summary>
    public int ConcurrentActivities { get; init; } = 8;

    /// <summary>How long running activities have to end once the engine stops; 10 seconds unless set.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long instances that have ended are kept; 30 days unless set.</summary>
    public TimeSpan KeepEnded { get; init; } = TimeSpan.FromDays(30);
}
