using System.Buffers;
using Azure.Data.Tables;

namespace MaintenanceFunctions.Sources;

/// <summary>Rows as lines, written while they are read: one page of the service's at a time is in memory.</summary>
internal sealed class TableRowStream(IAsyncEnumerable<TableEntity> rows, CancellationToken cancellation) : ForwardStream
{
    private readonly IAsyncEnumerator<TableEntity> _rows = rows.GetAsyncEnumerator(cancellation);
    private readonly ArrayBufferWriter<byte> _lines = new(64 * 1024);
    private int _given;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_given == _lines.WrittenCount)
        {
            _lines.ResetWrittenCount();
            _given = 0;
            while (_lines.WrittenCount < buffer.Length && await _rows.MoveNextAsync())
            {
                TableRow.Write(_lines, _rows.Current);
            }
        }

        var count = Math.Min(buffer.Length, _lines.WrittenCount - _given);
        _lines.WrittenMemory.Slice(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    public override async ValueTask DisposeAsync()
    {
        await _rows.DisposeAsync();
        await base.DisposeAsync();
    }
}
