using System.Buffers;
using System.IO.Pipelines;
using Azure;
using Azure.Data.Tables;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using MaintenanceFunctions.Adapters;

namespace MaintenanceFunctions.Sources;

/// <summary>
/// Restores one file of rows, as <see cref="TableSource"/> and <see cref="RecordsSource"/> write them, into an Azure table that is there and empty. Rows go in
/// transactions of one partition each; where the file turns out damaged, or a row is refused, all that was written is removed again.
/// </summary>
/// <param name="table">The table; its client is shared.</param>
public sealed class TableTarget(TableClient table) : ISnapshotTarget
{
    private const int MaxActions = 100;
    private const int MaxLineBytes = 16 * 1024 * 1024;

    // The service takes 4 MiB; its own wrapping of a row has some hundred bytes.
    private const int MaxTransactionBytes = 3 * 1024 * 1024;
    private const int WrappingBytes = 1024;

    private string? _restored;

    /// <inheritdoc/>
    public string Description => $"table {table.Uri}";

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        var rows = ServiceFaults.Telling(
            table.QueryAsync<TableEntity>(filter: (string?)null, maxPerPage: 1, select: ["PartitionKey", "RowKey"], cancellation),
            fault => ServiceFaults.Told(fault, $"{Description} must be there and let the app's identity write (the role 'Storage Table Data Contributor')"),
            cancellation);
        await foreach (var _ in rows)
        {
            throw new IOException($"{Description} has rows; a restore never writes over anything. Name a table that is empty.");
        }
    }

    /// <inheritdoc/>
    public async Task WriteAsync(TreeEntry entry, Stream content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(content);
        if (entry.Path.Length == 0)
        {
            // The root is the table itself.
            return;
        }

        if (entry.Kind != TreeEntryKind.File || !entry.Path.EndsWith(".jsonl", StringComparison.Ordinal))
        {
            throw new IOException($"{entry.Path}: it holds no rows of a table.");
        }

        if (_restored is not null)
        {
            throw new IOException($"{entry.Path}: the table was restored from {_restored} already. Choose one file of the snapshot by its path.");
        }

        _restored = entry.Path;
        try
        {
            await WriteRowsAsync(entry, content, cancellation);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            await ClearAsync(error, cancellation);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task CompleteAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task WriteRowsAsync(TreeEntry entry, Stream content, CancellationToken cancellation)
    {
        var lines = PipeReader.Create(content, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        try
        {
            var batch = new List<TableTransactionAction>(MaxActions);
            var bytes = 0L;
            await foreach (var (row, length) in RowsAsync(entry, lines, cancellation))
            {
                if (batch.Count > 0
                    && (batch.Count == MaxActions || bytes + length + WrappingBytes > MaxTransactionBytes || batch[0].Entity.PartitionKey != row.PartitionKey))
                {
                    await SubmitAsync(batch, cancellation);
                    batch.Clear();
                    bytes = 0;
                }

                batch.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, row));
                bytes += length + WrappingBytes;
            }

            if (batch.Count > 0)
            {
                await SubmitAsync(batch, cancellation);
            }
        }
        finally
        {
            await lines.CompleteAsync();
        }
    }

    private static async IAsyncEnumerable<(TableEntity Row, long Bytes)> RowsAsync(
        TreeEntry entry, PipeReader lines, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var read = await lines.ReadAsync(cancellation);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                yield return (TableRow.Read(line), line.Length);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (read.IsCompleted)
            {
                if (!buffer.IsEmpty)
                {
                    yield return (TableRow.Read(buffer), buffer.Length);
                }

                yield break;
            }

            if (buffer.Length > MaxLineBytes)
            {
                throw new IOException($"{entry.Path}: a line has more than {MaxLineBytes} bytes; no row has.");
            }

            lines.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private async Task SubmitAsync(List<TableTransactionAction> batch, CancellationToken cancellation)
    {
        try
        {
            await table.SubmitTransactionAsync(batch, cancellation);
        }
        catch (Exception fault) when (ServiceFaults.Is(fault, cancellation))
        {
            throw ServiceFaults.Told(fault, $"rows of the partition '{batch[0].Entity.PartitionKey}'");
        }
    }

    /// <summary>Removes every row: the table was empty before, and half of a table must not pass for the whole.</summary>
    private async Task ClearAsync(Exception cause, CancellationToken cancellation)
    {
        try
        {
            var batch = new List<TableTransactionAction>(MaxActions);
            await foreach (var row in table.QueryAsync<TableEntity>(filter: (string?)null, maxPerPage: null, select: ["PartitionKey", "RowKey"], cancellation).WithCancellation(cancellation))
            {
                if (batch.Count > 0 && (batch.Count == MaxActions || batch[0].Entity.PartitionKey != row.PartitionKey))
                {
                    await table.SubmitTransactionAsync(batch, cancellation);
                    batch.Clear();
                }

                batch.Add(new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(row.PartitionKey, row.RowKey), ETag.All));
            }

            if (batch.Count > 0)
            {
                await table.SubmitTransactionAsync(batch, cancellation);
            }

            _restored = null;
        }
        catch (Exception fault) when (ServiceFaults.Is(fault, cancellation))
        {
            throw new IOException($"{Description} holds a part of the rows, which could not be removed again: delete the table. {cause.Message}", new AggregateException(cause, fault));
        }
    }
}
