namespace Maintenance.Web.Http;

/// <summary>
/// How often one address may do something: half of a minute's number at once, and then as many as come back in time (a token bucket, kept as the instant at which
/// it is full again: GCRA, ITU-T I.371). In memory, for one process; a restart forgives.
/// </summary>
/// <param name="perMinute">How many in a minute: 1 to <see cref="Most"/>.</param>
/// <param name="time">The clock.</param>
public abstract class AddressLimit(int perMinute, TimeProvider time)
{
    /// <summary>The highest number that can be set.</summary>
    public const int Most = 1_000_000;

    /// <summary>How many addresses are remembered, twice over. With more of them at the same time than this, those that came first are forgiven.</summary>
    public const int Addresses = 50_000;

    private readonly Lock _gate = new();
    private readonly TimeSpan _interval = TimeSpan.FromMinutes(1) / perMinute;
    private readonly TimeSpan _depth = TimeSpan.FromMinutes(1) / perMinute * Math.Max(1, (perMinute + 1) / 2);

    // Two generations: what the older one holds when the next begins is full again, and is dropped with it. So nothing has to be searched for idle addresses.
    private Dictionary<string, DateTimeOffset> _young = new(StringComparer.Ordinal);
    private Dictionary<string, DateTimeOffset> _old = new(StringComparer.Ordinal);
    private DateTimeOffset _since = time.GetUtcNow();

    /// <summary>How many addresses are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _young.Count + _old.Count;
            }
        }
    }

    /// <summary>Counts one use by an address.</summary>
    /// <returns>Null where it may be done; else how long they have to wait.</returns>
    public TimeSpan? Take(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        lock (_gate)
        {
            var now = time.GetUtcNow();
            Age(now);
            var next = Next(address, now);
            if (WaitFor(next, now) is { } wait)
            {
                return wait;
            }

            _young[address] = next;
            return null;
        }
    }

    private DateTimeOffset Next(string address, DateTimeOffset now)
    {
        var full = _young.TryGetValue(address, out var known) || _old.TryGetValue(address, out known) ? known : now;
        return (full > now ? full : now) + _interval;
    }

    private TimeSpan? WaitFor(DateTimeOffset next, DateTimeOffset now) => next - now - _depth is var wait && wait > TimeSpan.Zero ? wait : null;

    private void Age(DateTimeOffset now)
    {
        // A clock that was set back starts afresh: instants far ahead would shut addresses out.
        if (now < _since)
        {
            _old.Clear();
            _young.Clear();
            _since = now;
        }
        else if (now - _since >= _depth || _young.Count >= Addresses)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
            _since = now;
        }
    }
}

/// <summary>How much feedback one address may send.</summary>
/// <param name="perMinute">How many in a minute.</param>
/// <param name="time">The clock.</param>
public sealed class FeedbackLimit(int perMinute, TimeProvider time) : AddressLimit(perMinute, time);

/// <summary>How often one address may ask for help: a page asks while somebody types.</summary>
/// <param name="perMinute">How many in a minute.</param>
/// <param name="time">The clock.</param>
public sealed class HelpLimit(int perMinute, TimeProvider time) : AddressLimit(perMinute, time);

/// <summary>How often one address may fail to prove who it is, sign in, or ask for a link to. Whoever has signed in is not counted.</summary>
/// <param name="perMinute">How many in a minute.</param>
/// <param name="time">The clock.</param>
public sealed class SignInLimit(int perMinute, TimeProvider time) : AddressLimit(perMinute, time);
