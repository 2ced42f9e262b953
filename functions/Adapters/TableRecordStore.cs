using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Maintenance.Storage;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// Records in Azure Tables: a table per table, an entity per record (see <see cref="TableDocument"/>, which also keeps a batch below the 4 MiB of a transaction), every
/// write an entity group transaction. A table is made when this process first uses it.
/// <para>
/// Every entity carries the mark of the call that wrote it. The client sends a transaction again whose answer was lost; had it been committed, the service
/// refuses the second as a conflict, and the mark then tells a conflict with oneself from one with somebody else who wrote the very same document.
/// A batch of conditional deletes alone leaves no mark: there a lost answer shows as a conflict.
/// </para>
/// </summary>
/// <remarks>
/// <para>
/// Guarantees: what <see cref="IRecordStore"/> says. A read after a write sees it; a batch of 100 writes at most is applied whole or not at all, inside one partition; a
/// condition is the service's own ETag; a range query asks the service for the rows between two keys and reads on from page to page, a thousand rows at a time.
/// </para>
/// <para>
/// Limits: an entity has 1 MiB, 255 properties of at most 64 KiB, keys of 1 KiB each (512 characters of two bytes: <see cref="RecordKeys.Check"/>); a transaction has
/// 100 entities and less than 4 MiB; a partition takes up to 2,000 entities of 1 KiB a second (count on 500, the figure of larger ones), an account 20,000. Where we spread: each ticket, request, recovery, policy, reference and
/// recipient is a partition of its own, and so is each term that tickets are found by. What is not spread are the lists of what is open or due, a partition for each kind:
/// a ticket writes a handful of rows there, so that about a hundred new tickets a second are the first limit. Beyond it the service answers 503, and the client waits and tries again.
/// Source: "Scalability and performance targets for Table storage", "Understanding the Table service data model" in Microsoft's documentation.
/// </para>
/// </remarks>
/// <param name="service">The storage account's tables; the client is shared and thread-safe.</param>
public sealed class TableRecordStore(TableServiceClient service) : IRecordStore
{
    // The service returns at most so many entities at a time, and takes no larger page.
    private const int MaxPage = 1000;

    // The property with the mark; beside it an entity has those of TableDocument.
    private const string Writer = "Writer";

    private readonly ConcurrentDictionary<string, TableClient> _tables = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<StoredRecord?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellation)
    {
        RecordKeys.Check(partitionKey);
        RecordKeys.Check(rowKey);
        var client = await TableAsync(table, cancellation);
        var found = await client.GetEntityIfExistsAsync<TableEntity>(partitionKey, rowKey, select: null, cancellation);
        return found.HasValue ? Record(found.Value!) : null;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredRecord> QueryAsync(
        string table, string partitionKey, RowRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(range);
        RecordKeys.Check(partitionKey);
        var left = range.Take ?? int.MaxValue;
        if (left <= 0)
        {
            yield break;
        }

        var client = await TableAsync(table, cancellation);
        var page = range.Take is { } take ? Math.Min(take, MaxPage) : (int?)null;

        // The service keeps and returns the rows of a partition in ordinal order of their keys.
        await foreach (var entity in client.QueryAsync<TableEntity>(Filter(partitionKey, range), page, select: null, cancellation).WithCancellation(cancellation))
        {
            yield return Record(entity);
            if (--left == 0)
            {
                yield break;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> WriteAsync(
        string table, string partitionKey, IReadOnlyList<RecordWrite> writes, CancellationToken cancellation)
    {
        RecordKeys.CheckBatch(table, partitionKey, writes);

        // The service takes "*" for "any ETag" and answers 400 to what cannot be one. Neither is an ETag of ours, so the condition does not hold.
        if (writes.FirstOrDefault(write => write.ETag is { } eTag && !IsServiceETag(eTag)) is { } foreign)
        {
            throw new RecordConflictException(table, partitionKey, foreign.RowKey);
        }

        var client = await TableAsync(table, cancellation);
        var writer = Guid.NewGuid().ToString("N");
        var eTags = new string[writes.Count];
        Array.Fill(eTags, "");
        var pending = Enumerable.Range(0, writes.Count).ToList();
        var mostText = TableDocument.MostText(writes.Select(static write => write.Json));
        while (pending.Count > 0)
        {
            try
            {
                var actions = pending.ConvertAll(index => ActionFor(partitionKey, writes[index], writer, mostText));
                var answers = await client.SubmitTransactionAsync(actions, cancellation);
                for (var i = 0; i < pending.Count; i++)
                {
                    if (writes[pending[i]].Kind != RecordWriteKind.Delete)
                    {
                        eTags[pending[i]] = answers.Value[i].Headers.ETag?.ToString()
                            ?? throw new InvalidDataException($"The service gave no ETag for {table}/{partitionKey}/{writes[pending[i]].RowKey}.");
                    }
                }

                break;
            }
            catch (TableTransactionFailedException failure) when (FailedWrite(failure, pending) is { } failed && IsGone(failure, writes[pending[failed]]))
            {
                // Deleting what is not there is no failure, but fails the transaction: leave it out and go on with the rest.
                pending.RemoveAt(failed);
            }
            catch (RequestFailedException failure) when (IsConflict(failure))
            {
                if (await CommittedAsync(client, partitionKey, writes, writer, cancellation) is { } committed)
                {
                    return committed;
                }

                throw new RecordConflictException(table, partitionKey, ConflictingRow(failure, pending, writes), failure);
            }
            catch (RequestFailedException failure) when (failure.Status == 413)
            {
                throw new ArgumentException($"The batch for {table}/{partitionKey} is larger than Azure Tables takes (4 MiB).", nameof(writes), failure);
            }
        }

        return eTags;
    }

    private static StoredRecord Record(TableEntity entity) =>
        new(entity.PartitionKey, entity.RowKey, TableDocument.Read(entity), entity.ETag.ToString());

    private static string Filter(string partitionKey, RowRange range)
    {
        var filter = $"PartitionKey eq {Quoted(partitionKey)}";
        filter += range.From is null ? "" : $" and RowKey ge {Quoted(range.From)}";
        return filter + (range.To is null ? "" : $" and RowKey lt {Quoted(range.To)}");
    }

    private static string Quoted(string key) => $"'{key.Replace("'", "''", StringComparison.Ordinal)}'";

    private static TableTransactionAction ActionFor(string partitionKey, RecordWrite write, string writer, int mostText) => write.Kind switch
    {
        RecordWriteKind.Insert => new(TableTransactionActionType.Add, EntityFor(partitionKey, write, writer, mostText), default),
        RecordWriteKind.Replace => new(TableTransactionActionType.UpdateReplace, EntityFor(partitionKey, write, writer, mostText), new ETag(write.ETag!)),
        RecordWriteKind.Put => new(TableTransactionActionType.UpsertReplace, EntityFor(partitionKey, write, writer, mostText), default),
        RecordWriteKind.Delete => new(
            TableTransactionActionType.Delete, new TableEntity(partitionKey, write.RowKey), write.ETag is null ? ETag.All : new ETag(write.ETag)),
        _ => throw new ArgumentOutOfRangeException(nameof(write), write.Kind, "Unknown kind of write."),
    };

    private static TableEntity EntityFor(string partitionKey, RecordWrite write, string writer, int mostText)
    {
        var entity = TableDocument.Write(partitionKey, write.RowKey, write.Json, mostText);
        entity[Writer] = writer;
        return entity;
    }

    /// <summary>
    /// The ETags of a batch that this call has committed already, or null where the conflict is with somebody else. A batch is atomic, so that one row with this
    /// call's mark proves all of it. A row that somebody has changed since has no ETag of ours any more: empty text, which no later condition will match.
    /// </summary>
    private static async Task<string[]?> CommittedAsync(
        TableClient client, string partitionKey, IReadOnlyList<RecordWrite> writes, string writer, CancellationToken cancellation)
    {
        var eTags = new string[writes.Count];
        Array.Fill(eTags, "");
        var isOurs = false;
        for (var i = 0; i < writes.Count; i++)
        {
            if (writes[i].Kind == RecordWriteKind.Delete)
            {
                continue;
            }

            var found = await client.GetEntityIfExistsAsync<TableEntity>(partitionKey, writes[i].RowKey, select: null, cancellation);
            if (found.HasValue && found.Value!.GetString(Writer) == writer)
            {
                isOurs = true;
                eTags[i] = found.Value.ETag.ToString();
            }
        }

        return isOurs ? eTags : null;
    }

    private static bool IsServiceETag(string eTag) =>
        eTag.StartsWith("W/\"", StringComparison.Ordinal) && eTag.EndsWith('"') && eTag.IndexOf('"', 3) == eTag.Length - 1;

    private static int? FailedWrite(RequestFailedException failure, List<int> pending) =>
        failure is TableTransactionFailedException { FailedTransactionActionIndex: { } index } && index >= 0 && index < pending.Count
            ? index
            : pending.Count == 1 ? 0 : null;

    private static bool IsGone(RequestFailedException failure, RecordWrite write) =>
        write is { Kind: RecordWriteKind.Delete, ETag: null } && failure is { Status: 404, ErrorCode: "ResourceNotFound" or "EntityNotFound" };

    private static bool IsConflict(RequestFailedException failure) =>
        failure is { Status: 412 } or { Status: 409, ErrorCode: "EntityAlreadyExists" } or { Status: 404, ErrorCode: "ResourceNotFound" or "EntityNotFound" };

    private static string ConflictingRow(RequestFailedException failure, List<int> pending, IReadOnlyList<RecordWrite> writes) =>
        FailedWrite(failure, pending) is { } index ? writes[pending[index]].RowKey : string.Join(", ", pending.Select(i => writes[i].RowKey));

    private async Task<TableClient> TableAsync(string table, CancellationToken cancellation)
    {
        RecordKeys.CheckTable(table);
        if (_tables.TryGetValue(table, out var known))
        {
            return known;
        }

        // Remembered only once it has worked; two callers at the same time both ask, which does no harm.
        await service.CreateTableIfNotExistsAsync(table, cancellation);
        return _tables.GetOrAdd(table, service.GetTableClient);
    }
}
