namespace Maintenance.Backups.Repository;

/// <summary>
/// How long a piece of long work may go on before it puts down where it is and lets the next piece begin. Hosts end their workers now and then (an update, a scale-in):
/// what a worker did since the last piece is all that such an end costs.
/// </summary>
public sealed class WorkBudget
{
    private readonly TimeProvider? _time;
    private readonly long _startedAt;
    private readonly TimeSpan _length;

    private WorkBudget(TimeProvider? time, TimeSpan length) => (_time, _length, _startedAt) = (time, length, time?.GetTimestamp() ?? 0);

    /// <summary>For work that cannot be put down, or need not be.</summary>
    public static WorkBudget Unlimited { get; } = new(null, Timeout.InfiniteTimeSpan);

    /// <summary>True once the piece should end.</summary>
    public bool IsSpent => _time is not null && _time.GetElapsedTime(_startedAt) >= _length;

    /// <summary>
    /// The same length, from now on. What a piece has to do before it comes to where the last one ended (to list, to load the index) grows with the whole: were it
    /// counted, a piece of something large would be over before it has done anything.
    /// </summary>
    public WorkBudget Again() => _time is null ? this : new WorkBudget(_time, _length);

    /// <summary>Begins a piece of this length.</summary>
    public static WorkBudget Begin(TimeProvider time, TimeSpan length) => new(time ?? throw new ArgumentNullException(nameof(time)), length);
}
