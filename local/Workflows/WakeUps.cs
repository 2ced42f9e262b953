namespace Maintenance.Local.Workflows;

/// <summary>
/// When each instance is to be looked at next: one timer, set for the earliest of all. Those that are due, perhaps since a time when the program was not
/// running, are woken at once in the order of their instants.
/// </summary>
internal sealed class WakeUps : IDisposable
{
    /// <summary>
    /// The longest that the timer is set for. Timers end at 49 days, and do not notice when the clock is set or the machine slept; a look every minute does.
    /// </summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly SortedSet<(DateTimeOffset At, string Id)> _order = new(Comparer<(DateTimeOffset At, string Id)>.Create(Compare));
    private readonly Dictionary<string, DateTimeOffset> _instants = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;
    private readonly Action<string> _wake;
    private readonly ITimer _timer;
    private bool _disposed;

    public WakeUps(TimeProvider clock, Action<string> wake)
    {
        _clock = clock;
        _wake = wake;
        _timer = clock.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sets an instance's next wake-up (UTC) in place of the one it has; null for none. One that is due already is woken before this returns.</summary>
    public void Set(string id, DateTimeOffset? at)
    {
        var due = at is { } instant && instant <= _clock.GetUtcNow();
        lock (_lock)
        {
            if (_instants.Remove(id, out var old))
            {
                _order.Remove((old, id));
            }

            if (at is { } later && !due)
            {
                _instants.Add(id, later);
                _order.Add((later, id));
            }

            Rearm();
        }

        if (due)
        {
            _wake(id);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    private void Fire()
    {
        List<string> due = [];
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            while (!_disposed && _order.Count > 0 && _order.Min.At <= now)
            {
                var (at, id) = _order.Min;
                _order.Remove((at, id));
                _instants.Remove(id);
                due.Add(id);
            }

            Rearm();
        }

        foreach (var id in due)
        {
            _wake(id);
        }
    }

    private void Rearm()
    {
        if (_disposed)
        {
            return;
        }

        if (_order.Count == 0)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        // Timers count whole milliseconds and cut the rest; rounded up, the timer does not fire just before its time.
        var left = Math.Ceiling((_order.Min.At - _clock.GetUtcNow()).TotalMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(left, 0, Longest.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private static int Compare((DateTimeOffset At, string Id) x, (DateTimeOffset At, string Id) y)
    {
        var byTime = x.At.CompareTo(y.At);
        return byTime != 0 ? byTime : string.CompareOrdinal(x.Id, y.Id);
    }
}
