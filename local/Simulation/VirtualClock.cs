namespace Maintenance.Local.Simulation;

/// <summary>
/// A clock that stands still until it is moved, to any instant at once. Its timers fire at their own instants, in order, on the thread that moves it: whoever moves it
/// can let the work that a timer woke end before the next one fires.
/// </summary>
/// <param name="start">Where it begins.</param>
public sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Setting, (DateTimeOffset At, long Order)> _queue = new();
    private DateTimeOffset _now = start.ToUniversalTime();
    private long _order;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        _ = timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves to the next timer that is due no later than an instant, and fires it.</summary>
    /// <param name="until">The instant (UTC).</param>
    /// <returns>False where there is none: then the clock stands at that instant, or where it stood if it was later.</returns>
    public bool FireNext(DateTimeOffset until)
    {
        Timer? due = null;
        lock (_gate)
        {
            while (due is null && _queue.TryPeek(out var setting, out var at) && (!setting.IsValid || at.At <= until))
            {
                _ = _queue.Dequeue();
                if (setting.IsValid)
                {
                    _now = at.At > _now ? at.At : _now;
                    due = setting.Timer;
                    due.Rearm(at.At);
                }
            }

            if (due is null && until > _now)
            {
                _now = until;
            }
        }

        due?.Fire();
        return due is not null;
    }

    /// <summary>What a timer was set to; no longer valid once it was set anew.</summary>
    private sealed class Setting(Timer timer, int version)
    {
        public Timer Timer => timer;

        public bool IsValid => timer.Version == version;
    }

    private sealed class Timer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public int Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                Version++;
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Enqueue(clock._now + dueTime);
                }
            }

            return true;
        }

        /// <summary>Called under the gate.</summary>
        public void Rearm(DateTimeOffset firedAt)
        {
            Version++;
            if (_period > TimeSpan.Zero)
            {
                Enqueue(firedAt + _period);
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._gate)
            {
                Version++;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Enqueue(DateTimeOffset at) => clock._queue.Enqueue(new Setting(this, Version), (at, clock._order++));
    }
}
