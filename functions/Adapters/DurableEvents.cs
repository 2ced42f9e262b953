using Microsoft.DurableTask;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// The raised events of one orchestration and who waits for them. The engine gives an event to the latest wait even where that was cancelled, and the event is
/// lost; so nothing here is ever cancelled: for each name one wait listens to the engine for good, and its events are kept, or given to the latest wait, here.
/// </summary>
/// <param name="context">The orchestration. All of this runs on its turn.</param>
internal sealed class DurableEvents(TaskOrchestrationContext context)
{
    private readonly HashSet<string> _heard = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _kept = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Wait> _waits = [];
    private bool _closed;

    /// <summary>Takes a kept event, or waits: true when the event came, false when the deadline did.</summary>
    public Task<bool> WaitAsync(string name, DateTimeOffset deadline)
    {
        if (_heard.Add(name))
        {
            _ = ListenAsync(name);
        }

        if (_kept.TryGetValue(name, out var count) && count > 0)
        {
            _kept[name] = count - 1;
            return Task.FromResult(true);
        }

        var wait = new Wait(name);
        if (!_closed)
        {
            _waits.Add(wait);

            // A timer even for a deadline that has passed: an event that was raised before may still lie in the history that is about to be played, and comes first.
            _ = ExpireAsync(wait, deadline.UtcDateTime);
        }

        return wait.Ended.Task;
    }

    /// <summary>Gives up all waits: an open timer would keep the orchestration from ending.</summary>
    public void Close()
    {
        _closed = true;
        foreach (var wait in _waits.ToList())
        {
            Leave(wait);
        }
    }

    private async Task ListenAsync(string name)
    {
        while (true)
        {
            await context.WaitForExternalEvent<string>(name);
            if (_waits.FindLast(wait => string.Equals(wait.Name, name, StringComparison.OrdinalIgnoreCase)) is { } latest)
            {
                Leave(latest);
                latest.Ended.SetResult(true);
            }
            else
            {
                _kept[name] = _kept.GetValueOrDefault(name) + 1;
            }
        }
    }

    private async Task ExpireAsync(Wait wait, DateTime deadline)
    {
        try
        {
            await context.CreateTimer(deadline, wait.Timer.Token);
        }
        catch (OperationCanceledException)
        {
            // The event came first, or the workflow ended.
            return;
        }

        _waits.Remove(wait);
        wait.Timer.Dispose();
        wait.Ended.SetResult(false);
    }

    private void Leave(Wait wait)
    {
        _waits.Remove(wait);
        wait.Timer.Cancel();
        wait.Timer.Dispose();
    }

    /// <summary>A wait that is not over. Its task's continuations run inline: they belong to the orchestration's turn.</summary>
    private sealed record Wait(string Name)
    {
        public TaskCompletionSource<bool> Ended { get; } = new();

        public CancellationTokenSource Timer { get; } = new();
    }
}
