namespace Maintenance.Local.Workflows;

/// <summary>The engine's tasks that run just now, so that it can be told when none does.</summary>
internal sealed class WorkInHand(ILogger log, CancellationToken closed)
{
    private readonly Lock _lock = new();
    private int _count;
    private TaskCompletionSource? _idle;

    /// <summary>Starts a piece of work on the thread pool.</summary>
    /// <param name="what">In words, for the log.</param>
    /// <param name="work">What is done.</param>
    public void Start(string what, Func<Task> work)
    {
        lock (_lock)
        {
            _count++;
        }

        _ = Task.Run(() => RunAsync(what, work), CancellationToken.None);
    }

    /// <summary>Completes when nothing is in hand.</summary>
    public Task IdleAsync()
    {
        lock (_lock)
        {
            return _count == 0
                ? Task.CompletedTask
                : (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private async Task RunAsync(string what, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception) when (closed.IsCancellationRequested)
        {
            // The engine is closed: what was under way is in the journal or begins again from there.
        }
        catch (Exception error)
        {
            // Nobody awaits this work; one instance's trouble is logged and leaves the others alone.
            log.LogError(error, "{Work} failed", what);
        }

        TaskCompletionSource? idle = null;
        lock (_lock)
        {
            if (--_count == 0)
            {
                (idle, _idle) = (_idle, null);
            }
        }

        idle?.SetResult();
    }
}
