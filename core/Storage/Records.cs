using System.Runtime.CompilerServices;

namespace Maintenance.Storage;

/// <summary>A typed document with the ETag it was read with.</summary>
public sealed record Versioned<T>(T Value, string ETag);

/// <summary>Typed reading and writing over <see cref="IRecordStore"/>.</summary>
public static class Records
{
    /// <summary>The record as <typeparamref name="T"/>, or null when there is none.</summary>
    public static async Task<Versioned<T>?> FindAsync<T>(this IRecordStore store, string table, string partitionKey, string rowKey, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        var record = await store.GetAsync(table, partitionKey, rowKey, cancellation);
        return record is null ? null : new(MaintenanceJson.Read<T>(record.Json), record.ETag);
    }

    /// <summary>The rows of a range as <typeparamref name="T"/>, in order of their keys.</summary>
    public static async IAsyncEnumerable<Versioned<T>> ListAsync<T>(
        this IRecordStore store, string table, string partitionKey, RowRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        await foreach (var record in store.QueryAsync(table, partitionKey, range, cancellation))
        {
            yield return new(MaintenanceJson.Read<T>(record.Json), record.ETag);
        }
    }

    /// <summary>One write on its own.</summary>
    /// <returns>The new ETag.</returns>
    /// <exception cref="RecordConflictException">The condition did not hold.</exception>
    public static async Task<string> WriteAsync(this IRecordStore store, string table, string partitionKey, RecordWrite write, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        return (await store.WriteAsync(table, partitionKey, [write], cancellation))[0];
    }

    /// <summary>Inserts unless the row exists.</summary>
    /// <returns>True when this call inserted it.</returns>
    public static async Task<bool> TryInsertAsync<T>(this IRecordStore store, string table, string partitionKey, string rowKey, T value, CancellationToken cancellation)
    {
        try
        {
            await store.WriteAsync(table, partitionKey, RecordWrite.Insert(rowKey, MaintenanceJson.Write(value)), cancellation);
            return true;
        }
        catch (RecordConflictException)
        {
            return false;
        }
    }

    /// <summary>
    /// Reads, changes and writes back under the ETag, again as long as others write in between. <paramref name="change"/> gets null where there is no
    /// record; returning null leaves everything as it is.
    /// </summary>
    /// <returns>The record as it is afterwards.</returns>
    /// <exception cref="RecordConflictException">Fifty others came first, one after the other.</exception>
    public static async Task<T?> ChangeAsync<T>(
        this IRecordStore store, string table, string partitionKey, string rowKey, Func<T?, T?> change, CancellationToken cancellation)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(change);
        for (var attempt = 1; ; attempt++)
        {
            var current = await store.FindAsync<T>(table, partitionKey, rowKey, cancellation);
            var next = change(current?.Value);
            if (next is null)
            {
                return current?.Value;
            }

            var json = MaintenanceJson.Write(next);
            try
            {
                await store.WriteAsync(
                    table, partitionKey, current is null ? RecordWrite.Insert(rowKey, json) : RecordWrite.Replace(rowKey, json, current.ETag), cancellation);
                return next;
            }
            catch (RecordConflictException) when (attempt < 50)
            {
            }
        }
    }
}
