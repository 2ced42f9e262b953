using System.Collections.Concurrent;
using Maintenance.Storage;

namespace Maintenance.Local.Simulation;

/// <summary>
/// Counts what is changed in the records, so that whoever found nothing to do knows whether that may be otherwise by now. Signs of life change nothing that anybody
/// else goes by, and neither does a sample of a probe while every service is there: those are not counted. Signs of life are kept in memory: each tick leaves one, and
/// nobody asks for them when the simulation is over.
/// </summary>
/// <param name="records">The records.</param>
/// <param name="isCalm">True while samples of probes are all alike.</param>
internal sealed class CountedRecords(IRecordStore records, Func<bool> isCalm) : IRecordStore
{
    private readonly ConcurrentDictionary<string, StoredRecord> _signsOfLife = new(StringComparer.Ordinal);
    private long _changes;

    /// <summary>How many writes there were that count.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <inheritdoc/>
    public Task<StoredRecord?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellation) =>
        table == Tables.Heartbeats ? Task.FromResult(_signsOfLife.GetValueOrDefault(rowKey)) : records.GetAsync(table, partitionKey, rowKey, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredRecord> QueryAsync(string table, string partitionKey, RowRange range, CancellationToken cancellation) => records.QueryAsync(table, partitionKey, range, cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> WriteAsync(string table, string partitionKey, IReadOnlyList<RecordWrite> writes, CancellationToken cancellation)
    {
        if (table == Tables.Heartbeats)
        {
            foreach (var write in writes)
            {
                _signsOfLife[write.RowKey] = new StoredRecord(partitionKey, write.RowKey, write.Json, "1");
            }

            return [.. writes.Select(static _ => "1")];
        }

        var written = await records.WriteAsync(table, partitionKey, writes, cancellation);
        if (!((table == Tables.Security && partitionKey == "watch") || (table == Tables.Probes && isCalm())))
        {
            _ = Interlocked.Increment(ref _changes);
        }

        return written;
    }
}

/// <summary>Notes that something was sent, so that empty queues are not asked for nothing.</summary>
/// <param name="sender">Who sends.</param>
internal sealed class NotedSender(Messaging.IMessageSender sender) : Messaging.IMessageSender
{
    private int _hasSent = 1;

    /// <summary>True where something was sent since the last time that this was asked.</summary>
    public bool TakeNote() => Interlocked.Exchange(ref _hasSent, 0) == 1;

    /// <inheritdoc/>
    public async Task SendAsync(Messaging.OutgoingMessage message, CancellationToken cancellation)
    {
        await sender.SendAsync(message, cancellation);
        _ = Interlocked.Exchange(ref _hasSent, 1);
    }
}
