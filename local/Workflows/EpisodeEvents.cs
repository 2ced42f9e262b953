namespace Maintenance.Local.Workflows;

/// <summary>
/// The raised events of one episode and who waits for them. An event without a waiter is kept, first in first out; of several that wait for one name the
/// latest gets it first, as on Durable Functions. Names compare without case.
/// </summary>
internal sealed class EpisodeEvents
{
    private readonly Dictionary<string, int> _kept = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Wait> _waits = [];
    private bool _closed;

    /// <summary>The waits that are not over, in order of their steps.</summary>
    public IEnumerable<WaitScheduled> Open => _waits.Select(w => w.Scheduled);

    /// <summary>Takes a kept event, or waits: true when the event came, false when the wait's deadline did.</summary>
    public Task<bool> WaitAsync(WaitScheduled scheduled)
    {
        if (_kept.TryGetValue(scheduled.Event, out var count) && count > 0)
        {
            _kept[scheduled.Event] = count - 1;
            return Task.FromResult(true);
        }

        // Continuations may run inline: they come back to the episode's scheduler, whereas RunContinuationsAsynchronously would send Task.WhenAll elsewhere.
        var wait = new Wait(scheduled, new TaskCompletionSource<bool>());
        if (!_closed)
        {
            _waits.Add(wait);
        }

        return wait.Ended.Task;
    }

    /// <summary>Gives an event to a waiter, or keeps it.</summary>
    public void Raise(string name)
    {
        var latest = _waits.FindLastIndex(w => string.Equals(w.Scheduled.Event, name, StringComparison.OrdinalIgnoreCase));
        if (latest < 0)
        {
            _kept[name] = _kept.GetValueOrDefault(name) + 1;
        }
        else
        {
            End(latest, true);
        }
    }

    /// <summary>Ends a wait without its event; does nothing when it is over already.</summary>
    public void Expire(int step)
    {
        var index = _waits.FindIndex(w => w.Scheduled.Step == step);
        if (index >= 0)
        {
            End(index, false);
        }
    }

    /// <summary>Gives up all waits, and those that are still to come: the workflow has ended, and what it left behind waits for nothing any more.</summary>
    public void Close()
    {
        _closed = true;
        _waits.Clear();
    }

    private void End(int index, bool raised)
    {
        var wait = _waits[index];
        _waits.RemoveAt(index);
        wait.Ended.SetResult(raised);
    }

    private sealed record Wait(WaitScheduled Scheduled, TaskCompletionSource<bool> Ended);
}
