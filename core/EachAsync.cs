namespace Maintenance;

/// <summary>Does something for each of several things, of which one that fails must not hold up the others.</summary>
internal static class EachAsync
{
    /// <summary>Does it for all of them, one after the other.</summary>
    /// <exception cref="AggregateException">It failed for some; it was done for all others.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the rest was not tried.</exception>
    public static async Task RunAsync<T>(IEnumerable<T> items, Func<T, Task> act)
    {
        var failures = new List<Exception>();
        foreach (var item in items)
        {
            await TryAsync(() => act(item), failures);
        }

        Throw(failures);
    }

    /// <inheritdoc cref="RunAsync{T}(IEnumerable{T}, Func{T, Task})"/>
    public static async Task RunAsync<T>(IAsyncEnumerable<T> items, Func<T, Task> act)
    {
        var failures = new List<Exception>();
        await foreach (var item in items)
        {
            await TryAsync(() => act(item), failures);
        }

        Throw(failures);
    }

    private static async Task TryAsync(Func<Task> act, List<Exception> failures)
    {
        try
        {
            await act();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            failures.Add(error);
        }
    }

    private static void Throw(List<Exception> failures)
    {
        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }
}
