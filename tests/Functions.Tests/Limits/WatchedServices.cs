using System.Runtime.CompilerServices;
using Maintenance;
using Maintenance.Messaging;
using Maintenance.Storage;
using Maintenance.Workflows;
using MaintenanceFunctions.Adapters;

namespace MaintenanceFunctions.Tests.Limits;

/// <summary>Records whose every table, key, size and batch is checked against what Azure Tables takes.</summary>
internal sealed class WatchedRecords(IRecordStore inner, ServiceTraffic traffic) : IRecordStore
{
    public Task<StoredRecord?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellation)
    {
        var what = $"get {table}/{partitionKey}/{rowKey}";
        traffic.Check(what, TableLimits.Table(table) ?? TableLimits.Key(partitionKey) ?? TableLimits.Key(rowKey));
        return traffic.AskAsync(what, () => inner.GetAsync(table, partitionKey, rowKey, cancellation));
    }

    public async IAsyncEnumerable<StoredRecord> QueryAsync(string table, string partitionKey, RowRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // The bounds of a range stand in a filter, where any text may; it is the address that may not become too long (32 KiB, "Querying tables and entities").
        var what = $"query {table}/{partitionKey}";
        traffic.Check(what, TableLimits.Table(table) ?? TableLimits.Key(partitionKey));
        traffic.Check(what, Uri.EscapeDataString($"{partitionKey}{range.From}{range.To}").Length > 8 * 1024 ? "the filter is longer than an address may be" : null);
        await using var rows = inner.QueryAsync(table, partitionKey, range, cancellation).GetAsyncEnumerator(cancellation);
        while (await traffic.AskAsync(what, () => rows.MoveNextAsync().AsTask()))
        {
            yield return rows.Current;
        }
    }

    public Task<IReadOnlyList<string>> WriteAsync(string table, string partitionKey, IReadOnlyList<RecordWrite> writes, CancellationToken cancellation)
    {
        var what = $"write {table}/{partitionKey}";
        traffic.Check(what, TableLimits.Table(table) ?? TableLimits.Key(partitionKey));
        foreach (var write in writes)
        {
            traffic.Check(
                $"{what}/{write.RowKey}",
                write.Kind == RecordWriteKind.Delete ? TableLimits.Key(write.RowKey) : TableLimits.Entity(TableDocument.Write(partitionKey, write.RowKey, write.Json)));
            traffic.Wrote(table, partitionKey, write.RowKey);
        }

        return traffic.AskAsync(what, () => inner.WriteAsync(table, partitionKey, writes, cancellation));
    }
}

/// <summary>Objects whose every name is checked against what Azure Blob Storage takes.</summary>
internal sealed class WatchedObjects(IObjectStore inner, ServiceTraffic traffic) : IObjectStore
{
    public Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        traffic.Wrote(name);
        return AskAsync("put", name, () => inner.PutAsync(name, content, cancellation));
    }

    public Task<byte[]?> GetAsync(string name, CancellationToken cancellation) => AskAsync("get", name, () => inner.GetAsync(name, cancellation));

    public Task<byte[]?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellation) =>
        AskAsync("get", name, () => inner.GetRangeAsync(name, offset, length, cancellation));

    public async ValueTask<int?> ReadAsync(string name, long offset, Memory<byte> destination, CancellationToken cancellation) =>
        await AskAsync("get", name, () => inner.ReadAsync(name, offset, destination, cancellation).AsTask());

    public Task<bool> ExistsAsync(string name, CancellationToken cancellation) => AskAsync("head", name, () => inner.ExistsAsync(name, cancellation));

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellation) => inner.ListAsync(prefix, cancellation);

    public async ValueTask<IObjectWriter> CreateAsync(string name, CancellationToken cancellation)
    {
        traffic.Wrote(name);
        return await AskAsync("create", name, () => inner.CreateAsync(name, cancellation).AsTask());
    }

    public Task<bool> DeleteAsync(string name, CancellationToken cancellation) => AskAsync("delete", name, () => inner.DeleteAsync(name, cancellation));

    private Task<T> AskAsync<T>(string verb, string name, Func<Task<T>> ask)
    {
        traffic.Check($"{verb} {name}", BlobLimits.Blob(name));
        return traffic.AskAsync($"{verb} {name}", ask);
    }
}

/// <summary>A sender whose every message is checked against what Service Bus takes.</summary>
internal sealed class WatchedSender(IMessageSender inner, ServiceTraffic traffic) : IMessageSender
{
    public Task SendAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        var what = $"send {message.Queue} {message.Id}";
        traffic.Check(what, QueueLimits.Queue(message.Queue) ?? QueueLimits.Message(new(message.Body) { MessageId = message.Id, ContentType = "application/json" }));
        traffic.Sent(message.Queue, message.Id);
        return traffic.AskAsync(what, async () =>
        {
            await inner.SendAsync(message, cancellation);
            return true;
        });
    }
}

/// <summary>Workflows whose every id, event and input is checked against what Durable Functions takes.</summary>
internal sealed class WatchedWorkflows(IWorkflows inner, ServiceTraffic traffic) : IWorkflows
{
    public Task<bool> StartAsync<TInput, TOutput>(Workflow<TInput, TOutput> workflow, string instanceId, TInput input, CancellationToken cancellation)
    {
        var what = $"start {workflow.Name} {instanceId}";
        traffic.Check(what, DurableLimits.Instance(instanceId) ?? DurableLimits.Payload(MaintenanceJson.Write(input)));
        traffic.Started(workflow.Name, instanceId);
        return traffic.AskAsync(what, () => inner.StartAsync(workflow, instanceId, input, cancellation));
    }

    public Task RaiseAsync(string instanceId, string eventName, CancellationToken cancellation)
    {
        traffic.Check($"raise {instanceId} {eventName}", DurableLimits.Instance(instanceId) ?? DurableLimits.Event(eventName));
        return inner.RaiseAsync(instanceId, eventName, cancellation);
    }

    // Anybody may ask for anything: what cannot be an id is for the adapter to keep from the service (FakeDurableClient sees to that).
    public Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellation) =>
        traffic.AskAsync($"look at {instanceId}", () => inner.GetAsync(instanceId, cancellation));

    public Task<IReadOnlyList<WorkflowStatus>> ListAsync(DateTimeOffset failedSince, int take, CancellationToken cancellation) =>
        traffic.AskAsync("list workflows", () => inner.ListAsync(failedSince, take, cancellation));

    public Task<TerminationOutcome> TerminateAsync(string instanceId, string error, CancellationToken cancellation) =>
        traffic.AskAsync($"end {instanceId}", () => inner.TerminateAsync(instanceId, error, cancellation));
}
