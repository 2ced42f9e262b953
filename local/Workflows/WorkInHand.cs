namespace Maintenance.Local.Workflows;

/// <summary>The engine's tasks that run just now, so that it can be told when none does.</summary>
internal sealed class WorkInHand(ILogger log, CancellationToken closed)
{
    private readonly Lock _lock = new();
    private int _count;
    private int _outside;
    private TaskCompletionSource? _idle;
    private TaskCompletionSource? _quiet;

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

    /// <summary>Completes when nothing is in hand but the code of activities.</summary>
    public Task QuietAsync()
    {
        lock (_lock)
        {
            return _count == _outside
                ? Task.CompletedTask
                : (_quiet ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Runs the code of an activity, which takes as long as it likes, as part of a piece of work.</summary>
    public async Task<T> OutsideAsync<T>(Func<Task<T>> code)
    {
        // What it does before it first waits is work in hand still: who is told that all is quiet finds it begun.
        var running = code();
        Count(0, +1);
        try
        {
            return await running;
        }
        finally
        {
            Count(0, -1);
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

        Count(-1, 0);
    }

    private void Count(int work, int outside)
    {
        TaskCompletionSource? idle = null, quiet = null;
        lock (_lock)
        {
            _count += work;
            _outside += outside;
            if (_count == 0)
            {
                (idle, _idle) = (_idle, null);
            }

            if (_count == _outside)
            {
                (quiet, _quiet) = (_quiet, null);
            }
        }

        idle?.SetResult();
        quiet?.SetResult();
    }
}
