using System.Collections.Concurrent;
using System.Globalization;

namespace Maintenance.Storage;

/// <summary>
/// Running numbers that people can say aloud (<c>T-1042</c>). A number is claimed by what it is for, so asking twice for the same thing gives the same number;
/// a crash may leave a hole, never a double.
/// </summary>
public sealed class NumberSeries(IRecordStore records) : IDisposable
{
    private const int First = 1001;

    /// <summary>A batch holds the counter too.</summary>
    private const int MostAtOnce = IRecordStore.MaxBatch - 1;

    /// <summary>Callers of one process take turns, so that they do not make one another fail; other processes are met by the ETag.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Waiting>> _waiting = new(StringComparer.Ordinal);

    /// <summary>The number of <paramref name="key"/> in the series, given now unless it has one.</summary>
    public async Task<int> ClaimAsync(string series, string key, CancellationToken cancellation)
    {
        var row = "claim_" + RecordKeys.Encode(key);
        if (await FindAsync(series, row, cancellation) is { } earlier)
        {
            return earlier;
        }

        var waiting = new Waiting(row, new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously));
        var queue = _waiting.GetOrAdd(series, static _ => new());
        queue.Enqueue(waiting);
        await _turn.WaitAsync(cancellation);
        try
        {
            // Whoever has the turn claims for everybody who waits: one write for many numbers.
            while (!waiting.Number.Task.IsCompleted)
            {
                // The batch is everybody's: one caller who gives up must not fail the others.
                await ClaimAsync(series, Take(queue), CancellationToken.None);
            }
        }
        finally
        {
            _turn.Release();
        }

        return await waiting.Number.Task;
    }

    /// <summary>The newest number of a series, or null where none was given yet.</summary>
    public async Task<int?> NewestAsync(string series, CancellationToken cancellation) => await FindAsync(series, "next", cancellation) - 1;

    /// <summary>A number as part of a row key whose ordinal order is the order of the numbers.</summary>
    public static string Key(int number) => number.ToString("D10", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private static List<Waiting> Take(ConcurrentQueue<Waiting> queue)
    {
        var taken = new List<Waiting>();
        while (taken.Count < MostAtOnce && queue.TryDequeue(out var next))
        {
            taken.Add(next);
        }

        return taken;
    }

    private async Task ClaimAsync(string series, List<Waiting> waiting, CancellationToken cancellation)
    {
        try
        {
            while (await ClaimNewAsync(series, waiting, cancellation) is false)
            {
                // Another process wrote in between: begin again with what is there now.
            }
        }
        catch (Exception error)
        {
            foreach (var claim in waiting)
            {
                _ = claim.Number.TrySetException(error);
            }
        }
    }

    private async Task<bool> ClaimNewAsync(string series, List<Waiting> waiting, CancellationToken cancellation)
    {
        // Two may wait for one key, or a process that is gone may have claimed it since the first look.
        var keys = new Dictionary<string, int>(StringComparer.Ordinal);
        var next = await records.FindAsync<Claim>(Tables.Numbers, series, "next", cancellation);
        var number = next?.Value.Number ?? First;
        var writes = new List<RecordWrite>();
        foreach (var row in waiting.Select(static claim => claim.Row).Distinct())
        {
            if (await FindAsync(series, row, cancellation) is { } earlier)
            {
                keys[row] = earlier;
                continue;
            }

            keys[row] = number++;
            writes.Add(RecordWrite.Insert(row, MaintenanceJson.Write(new Claim(keys[row]))));
        }

        if (writes.Count > 0)
        {
            // One batch: the numbers are taken and given in the same instant.
            var counter = MaintenanceJson.Write(new Claim(number));
            writes.Add(next is null ? RecordWrite.Insert("next", counter) : RecordWrite.Replace("next", counter, next.ETag));
            try
            {
                await records.WriteAsync(Tables.Numbers, series, writes, cancellation);
            }
            catch (RecordConflictException)
            {
                return false;
            }
        }

        foreach (var claim in waiting)
        {
            _ = claim.Number.TrySetResult(keys[claim.Row]);
        }

        return true;
    }

    private async Task<int?> FindAsync(string series, string row, CancellationToken cancellation) =>
        (await records.FindAsync<Claim>(Tables.Numbers, series, row, cancellation))?.Value.Number;

    private sealed record Claim(int Number);

    private sealed record Waiting(string Row, TaskCompletionSource<int> Number);
}
