using System.Collections.Concurrent;

namespace Maintenance.Reports;

/// <summary>
/// What was counted of months, kept for a while in this process: with 100,000 tickets counting takes longer than a page may. What changed since is seen when the time is
/// over; months that lie back change rarely and are kept longer.
/// </summary>
public sealed class MonthCache(TimeProvider time)
{
    /// <summary>How long what was counted of this month and the one before it holds.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    /// <summary>How long what was counted of earlier months holds.</summary>
    public static readonly TimeSpan Past = TimeSpan.FromMinutes(10);

    /// <summary>So many counts are kept; then all go, and what is asked for is counted again.</summary>
    private const int Most = 2000;

    private readonly ConcurrentDictionary<string, Counted> _counted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);

    /// <summary>What was counted of a month, or is counted now.</summary>
    /// <param name="key">Names what is counted, with its month and with the plan that it is counted by.</param>
    /// <param name="isPast">True for a month before the one before this one.</param>
    /// <param name="count">Counts.</param>
    public async Task<T> GetAsync<T>(string key, bool isPast, Func<Task<T>> count)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(count);
        var now = time.GetUtcNow();
        if (_counted.TryGetValue(key, out var known) && known.At <= now && now - known.At < (isPast ? Past : Fresh))
        {
            return (T)known.Value;
        }

        // Whoever comes while one counts waits for what it comes to: counting is work.
        var gate = _gates.GetOrAdd(key, static _ => new SemaphoreSlim(1));
        await gate.WaitAsync();
        try
        {
            if (_counted.TryGetValue(key, out known) && known.At >= now)
            {
                return (T)known.Value;
            }

            var counted = await count();
            if (_counted.Count >= Most)
            {
                _counted.Clear();
                _gates.Clear();
            }

            _counted[key] = new Counted(time.GetUtcNow(), counted);
            return counted;
        }
        finally
        {
            _ = gate.Release();
        }
    }

    private sealed record Counted(DateTimeOffset At, object Value);
}
